//! One GET, bounded in time and size, only to addresses that may be reached, and
//! one poll made of such requests. What to ask, and what an answer means, is
//! decided by `source` and `feed`.

pub mod address;
pub mod body;
mod error;
pub mod headers;
mod poll;
mod resolve;

use std::error::Error as _;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use jiff::Timestamp;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION,
};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, StatusCode};
use url::{Host, Url};

use crate::source::state::Validators;
use crate::text::html;

pub use error::{FetchError, NoClient};
pub use headers::retry_after;
pub use poll::{Attempt, Fetched, Outcome, Polled, poll};

/// How requests are made.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Networks that may be reached besides the public internet.
    pub allow_networks: Vec<IpNet>,
    /// Sent with every request.
    pub user_agent: String,
    /// For the connection, TLS included.
    pub connect_timeout: Duration,
    /// Until the first byte of the answer's headers.
    pub first_byte_timeout: Duration,
    /// Between two pieces of a body.
    pub idle_timeout: Duration,
    /// For a whole request, redirects included.
    pub total_timeout: Duration,
    /// Bytes of a body over the wire.
    pub wire_limit: u64,
    /// Bytes of a body once decoded.
    pub decoded_limit: u64,
}

impl Default for Settings {
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Settings {
            allow_networks: Vec::new(),
            user_agent: concat!("watchfire/", env!("CARGO_PKG_VERSION"), " (news feed reader)")
                .to_owned(),
            connect_timeout: Duration::from_secs(10),
            first_byte_timeout: Duration::from_secs(20),
            idle_timeout: Duration::from_secs(15),
            total_timeout: Duration::from_secs(60),
            wire_limit: 8 * MIB,
            decoded_limit: 16 * MIB,
        }
    }
}

/// What to ask for.
#[derive(Debug, Clone)]
pub struct Request {
    /// http or https.
    pub url: Url,
    /// Sent only to the URL that gave them.
    pub validators: Option<Validators>,
    /// The `Accept` header.
    pub accept: &'static str,
}

impl Request {
    /// The kinds of document that a feed may come as.
    pub const FEED: &'static str = "application/rss+xml, application/atom+xml, application/feed+json, \
        application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1";
    /// The kinds of document that an article may come as.
    pub const PAGE: &'static str = "text/html, application/xhtml+xml, */*;q=0.1";

    /// An unconditional request for a page.
    pub fn page(url: Url) -> Request {
        Request { url, validators: None, accept: Self::PAGE }
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
    /// The address that answered.
    pub remote: Option<SocketAddr>,
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

/// Makes requests. Built once, at the start; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    inner: reqwest::Client,
    settings: Arc<Settings>,
}

impl Client {
    /// A client, or the reason why this machine can have none.
    pub fn new(settings: Settings) -> Result<Client, NoClient> {
        let inner = reqwest::Client::builder()
            .user_agent(&settings.user_agent)
            .connect_timeout(settings.connect_timeout)
            // Each hop is checked here before it is asked.
            .redirect(Policy::none())
            .referer(false)
            // A proxy would dial for us, past every check of the address.
            .no_proxy()
            .dns_resolver(Arc::new(resolve::Resolver {
                allowed: settings.allow_networks.clone().into(),
            }))
            .pool_idle_timeout(Duration::from_secs(90))
            .pool_max_idle_per_host(1)
            .build()
            .map_err(NoClient)?;
        Ok(Client { inner, settings: Arc::new(settings) })
    }

    /// One GET, redirects followed. `now` dates the validators and the waits.
    pub async fn get(&self, request: &Request, now: Timestamp) -> Result<Response, FetchError> {
        let limit = self.settings.total_timeout;
        let whole = tokio::time::timeout(limit, self.follow(request, now)).await;
        whole.unwrap_or_else(|_| {
            Err(FetchError::Timeout {
                host: host_of(&request.url),
                stage: "the whole request",
                limit,
            })
        })
    }

    async fn follow(&self, request: &Request, now: Timestamp) -> Result<Response, FetchError> {
        const MOST_REDIRECTS: usize = 5;
        let mut url = request.url.clone();
        let mut seen = vec![url.clone()];
        let mut all_permanent = true;
        loop {
            let answer = self.ask(request, &url).await?;
            let Some(to) = redirect(&answer, &url)? else {
                let moved = (all_permanent && seen.len() > 1).then(|| url.clone());
                return self.receive(request, answer, url, moved, now).await;
            };
            let refused = |reason| Err(FetchError::Redirect { to: shown(&to), reason });
            if seen.contains(&to) {
                return refused("it leads in a circle");
            }
            if seen.len() > MOST_REDIRECTS {
                return refused("there were five before it");
            }
            all_permanent &= matches!(answer.status().as_u16(), 301 | 308);
            seen.push(to.clone());
            url = to;
        }
    }

    /// Asks one hop, and returns with its headers.
    async fn ask(&self, request: &Request, url: &Url) -> Result<reqwest::Response, FetchError> {
        self.check_url(url)?;
        let asked = self
            .inner
            .get(url.clone())
            .header(ACCEPT, request.accept)
            .header(ACCEPT_ENCODING, body::ACCEPT_ENCODING);
        let asked = conditional(asked, request.validators.as_ref().filter(|v| v.url == *url));
        let limit = self.settings.first_byte_timeout;
        let answer = tokio::time::timeout(limit, asked.send()).await;
        let answer = answer
            .map_err(|_| FetchError::Timeout {
                host: host_of(url),
                stage: "the first byte",
                limit,
            })?
            .map_err(|fault| self.classify(&fault, url))?;
        if let Some(remote) = answer.remote_addr() {
            self.check_address(url, remote.ip())?;
        }
        Ok(answer)
    }

    async fn receive(
        &self,
        request: &Request,
        answer: reqwest::Response,
        url: Url,
        moved: Option<Url>,
        now: Timestamp,
    ) -> Result<Response, FetchError> {
        let sent = request.validators.clone().filter(|validators| validators.url == url);
        let fresh_for = headers::fresh_for(answer.headers(), now);
        let remote = answer.remote_addr();
        let (payload, validators) = match (answer.status(), sent) {
            (StatusCode::NOT_MODIFIED, Some(sent)) => {
                (Payload::NotModified, Some(headers::renewed(sent, answer.headers(), now)))
            }
            (StatusCode::OK | StatusCode::NON_AUTHORITATIVE_INFORMATION, _) => {
                let validators = headers::validators(answer.headers(), &url, now);
                (self.whole(answer, &url).await?, validators)
            }
            (status, _) => {
                let retry_after = headers::retry_after(answer.headers(), now);
                return Err(FetchError::Status {
                    host: host_of(&url),
                    status: status.as_u16(),
                    retry_after,
                });
            }
        };
        Ok(Response { url, moved, payload, validators, fresh_for, remote })
    }

    async fn whole(&self, answer: reqwest::Response, url: &Url) -> Result<Payload, FetchError> {
        let content_type = answer.headers().get(CONTENT_TYPE);
        let content_type =
            content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let limits = body::Limits {
            wire: self.settings.wire_limit,
            decoded: self.settings.decoded_limit,
            idle: self.settings.idle_timeout,
        };
        let body = body::read(answer, &host_of(url), limits).await?;
        Ok(Payload::Whole { bytes: body.bytes, content_type, wire: body.wire })
    }

    /// Refuses what is never asked for. An address written as a host is checked
    /// here, since no resolver is called for it.
    fn check_url(&self, url: &Url) -> Result<(), FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::Url { url: shown(url), reason: "only http and https are" });
        }
        match url.host() {
            Some(Host::Ipv4(address)) => self.check_address(url, address.into()),
            Some(Host::Ipv6(address)) => self.check_address(url, address.into()),
            Some(Host::Domain(_)) => Ok(()),
            None => Err(FetchError::Url { url: shown(url), reason: "it names no host" }),
        }
    }

    fn check_address(&self, url: &Url, address: IpAddr) -> Result<(), FetchError> {
        address::check(address, &self.settings.allow_networks).map_err(|kind| FetchError::Refused {
            host: host_of(url),
            address,
            kind,
        })
    }

    /// What the client's error means for the caller.
    fn classify(&self, fault: &reqwest::Error, url: &Url) -> FetchError {
        let host = host_of(url);
        let mut cause = fault.source();
        while let Some(inner) = cause {
            match inner.downcast_ref::<resolve::NoAddress>() {
                Some(resolve::NoAddress::Refused(address, kind)) => {
                    return FetchError::Refused { host, address: *address, kind: *kind };
                }
                Some(resolve::NoAddress::Unknown(fault)) => {
                    let cause = io::Error::new(fault.kind(), fault.to_string());
                    return FetchError::Dns { host, cause };
                }
                None => cause = inner.source(),
            }
        }
        let reason = root_cause(fault);
        match () {
            () if fault.is_timeout() => FetchError::Timeout {
                host,
                stage: "the connection",
                limit: self.settings.connect_timeout,
            },
            () if fault.is_connect() && is_of_tls(fault, url) => FetchError::Tls { host, reason },
            () if fault.is_connect() => FetchError::Connect { host, reason },
            () => FetchError::Body { host, reason },
        }
    }
}

/// Whether a connection failed in its handshake. The TLS library reports its own
/// errors as invalid data, and a peer that hung up midway as an early end.
fn is_of_tls(fault: &reqwest::Error, url: &Url) -> bool {
    let chain = std::iter::successors(fault.source(), |cause| (*cause).source());
    let faults = chain.filter_map(|cause| cause.downcast_ref::<io::Error>());
    // An I/O error that wraps another is not in the chain of sources.
    let mut all = faults.flat_map(|fault| {
        std::iter::successors(Some(fault), |outer| outer.get_ref()?.downcast_ref::<io::Error>())
    });
    let of_tls = |fault: &io::Error| {
        matches!(fault.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
    };
    url.scheme() == "https" && all.any(of_tls)
}

fn conditional(request: RequestBuilder, validators: Option<&Validators>) -> RequestBuilder {
    let Some(validators) = validators else { return request };
    let value = |stored: &Option<String>| -> Option<HeaderValue> {
        headers::header_value(stored.as_deref()?)
    };
    let mut request = request;
    if let Some(etag) = value(&validators.etag) {
        request = request.header(IF_NONE_MATCH, etag);
    }
    if let Some(date) = value(&validators.last_modified) {
        request = request.header(IF_MODIFIED_SINCE, date);
    }
    request
}

/// Where an answer redirects to, when it does and may.
fn redirect(answer: &reqwest::Response, from: &Url) -> Result<Option<Url>, FetchError> {
    if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = answer
        .headers()
        .get(LOCATION)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let location = location.unwrap_or_default();
    let refused = |reason| {
        let to = html::clean(&location).chars().take(200).collect();
        Err(FetchError::Redirect { to, reason })
    };
    let Ok(mut to) = from.join(&location) else { return refused("it is no URL") };
    to.set_fragment(None);
    match () {
        () if location.is_empty() => refused("it leads nowhere"),
        () if !matches!(to.scheme(), "http" | "https") => {
            refused("only http and https are followed")
        }
        // What a secure page says may not be replaced by what anyone on the way says.
        () if from.scheme() == "https" && to.scheme() == "http" => {
            refused("it gives up encryption")
        }
        () if !to.username().is_empty() || to.password().is_some() => {
            Err(FetchError::Redirect { to: shown(&to), reason: "it carries a login" })
        }
        () => Ok(Some(to)),
    }
}

/// The host of a URL, with its port where that is not the usual one.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A URL for a message: shortened, without a login.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    _ = url.set_password(None);
    _ = url.set_username("");
    url.as_str().chars().take(200).collect()
}

/// The innermost words of a chain of errors: "connection refused" and not
/// "error sending request".
fn root_cause(fault: &dyn std::error::Error) -> String {
    let mut innermost = fault;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}
