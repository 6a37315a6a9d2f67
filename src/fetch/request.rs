//! What is asked for, and what comes back: plain values.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use url::Url;

use crate::source::Access;
use crate::source::state::Validators;

/// What to ask for.
#[derive(Debug, Clone)]
pub struct Request {
    /// http or https.
    pub url: Url,
    /// Sent only to the URL that gave them.
    pub validators: Option<Validators>,
    /// The `Accept` header.
    pub accept: &'static str,
    /// How the host is reached.
    pub access: Access,
}

impl Request {
    /// The kinds of document that a feed may come as.
    pub const FEED: &'static str = "application/rss+xml, application/atom+xml, application/feed+json, \
        application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1";
    /// The kinds of document that an article may come as.
    pub const PAGE: &'static str = "text/html, application/xhtml+xml, */*;q=0.1";

    /// An unconditional request for a page.
    pub fn page(url: Url) -> Request {
        Request { url, validators: None, accept: Self::PAGE, access: Access::default() }
    }
}

/// How far a request has come, for somebody who waits beside it.
#[derive(Debug, Default)]
pub struct Progress {
    was_sent: AtomicBool,
    was_heard: AtomicBool,
}

impl Progress {
    /// Whether the host's turn had come, and the request was sent.
    pub fn was_sent(&self) -> bool {
        self.was_sent.load(Ordering::Relaxed)
    }

    /// Whether the headers of an answer came.
    pub fn was_heard(&self) -> bool {
        self.was_heard.load(Ordering::Relaxed)
    }

    pub(super) fn sent(&self) {
        self.was_sent.store(true, Ordering::Relaxed);
    }

    pub(super) fn heard(&self) {
        self.was_heard.store(true, Ordering::Relaxed);
    }
}

/// An answer that can be used.
#[derive(Debug)]
pub struct Response {
    /// Where it came from in the end.
    pub url: Url,
    /// Where every redirect was permanent, its end: the feed has moved there.
    pub moved: Option<Url>,
    /// What it carries.
    pub payload: Payload,
    /// To be sent back next time.
    pub validators: Option<Validators>,
    /// For how long it asks to be thought fresh.
    pub fresh_for: Option<Duration>,
    /// The address that answered; the proxy's where there is one.
    pub remote: Option<SocketAddr>,
    /// From the question to the headers of the answer, without the wait for the turn.
    pub waited: Duration,
}

/// What a usable answer carries.
#[derive(Debug)]
pub enum Payload {
    /// A whole document.
    Whole {
        /// Decoded bytes.
        bytes: Vec<u8>,
        /// The `Content-Type` header.
        content_type: Option<String>,
        /// Bytes over the wire.
        wire: u64,
    },
    /// Nothing changed since the validators that were sent.
    NotModified,
}
