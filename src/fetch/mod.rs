//! One GET, bounded in time and size, only to addresses that may be reached, and
//! one poll made of such requests. What to ask, and what an answer means, is
//! decided by `source` and `feed`.

pub mod address;
pub mod body;
mod error;
pub mod gate;
pub mod headers;
mod line;
mod poll;
mod resolve;

use std::error::Error as _;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ipnet::IpNet;
use jiff::Timestamp;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION,
    USER_AGENT,
};
use reqwest::{RequestBuilder, StatusCode};
use url::{Host, Url};

use crate::fetch::gate::{Closed, HostGate, Pass};
use crate::source::state::Validators;
use crate::source::{Access, host_of};
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
    /// Between the end of a request to a host and the next one to it.
    pub host_spacing: Duration,
    /// Polls under way at once.
    pub at_once: usize,
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
            host_spacing: Duration::from_secs(1),
            at_once: 16,
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

/// Makes requests. Built once, at the start; cheap to clone, and clones share the
/// doors of the hosts.
#[derive(Debug, Clone)]
pub struct Client {
    lines: line::Lines,
    gate: HostGate,
    settings: Arc<Settings>,
}

/// An answer whose headers came, and the right to read on.
struct Heard {
    answer: reqwest::Response,
    url: Url,
    waited: Duration,
    _pass: Pass,
}

impl Client {
    /// A client, or the reason why this machine can have none.
    pub fn new(settings: Settings) -> Result<Client, NoClient> {
        let gate = HostGate::new(settings.host_spacing);
        Ok(Client { lines: line::Lines::new(&settings)?, gate, settings: Arc::new(settings) })
    }

    /// The doors of the hosts: every request goes through them by itself.
    pub fn gate(&self) -> &HostGate {
        &self.gate
    }

    /// One GET, redirects followed. `now` dates the validators and the waits. Each hop
    /// waits for its host's turn; that wait is not counted as slowness of the host.
    pub async fn get(&self, request: &Request, now: Timestamp) -> Result<Response, FetchError> {
        self.get_beside(request, now, &Progress::default()).await
    }

    /// As `get`, for somebody who wants to know how far it has come.
    pub async fn get_beside(
        &self,
        request: &Request,
        now: Timestamp,
        progress: &Progress,
    ) -> Result<Response, FetchError> {
        const MOST_REDIRECTS: usize = 5;
        let mut left = self.settings.total_timeout;
        let mut url = request.url.clone();
        let mut seen = vec![url.clone()];
        let mut all_permanent = true;
        loop {
            self.check_url(&url, &request.access)?;
            let pass = self.turn(&url, now).await?;
            progress.was_sent.store(true, Ordering::Relaxed);
            let begun = Instant::now();
            let heard = self.within(left, request, self.ask(request, &url, pass)).await?;
            left = left.saturating_sub(begun.elapsed());
            let Some(to) = redirect(&heard.answer, &url)? else {
                progress.was_heard.store(true, Ordering::Relaxed);
                let moved = (all_permanent && seen.len() > 1).then(|| url.clone());
                return self.within(left, request, self.receive(request, heard, moved, now)).await;
            };
            let refused = |reason| Err(FetchError::Redirect { to: shown(&to), reason });
            if seen.contains(&to) {
                return refused("it leads in a circle");
            }
            if seen.len() > MOST_REDIRECTS {
                return refused("there were five before it");
            }
            all_permanent &= matches!(heard.answer.status().as_u16(), 301 | 308);
            seen.push(to.clone());
            url = to;
        }
    }

    /// Waits for the turn to ask a host.
    async fn turn(&self, url: &Url, now: Timestamp) -> Result<Pass, FetchError> {
        let host = host_of(url);
        let pass = self.gate.enter(&host, now).await;
        pass.map_err(|Closed(left)| FetchError::Closed { host, left })
    }

    async fn within<T>(
        &self,
        left: Duration,
        request: &Request,
        part: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<T, FetchError> {
        let late = |_| FetchError::Timeout {
            host: host_of(&request.url),
            stage: "the whole request",
            limit: self.settings.total_timeout,
        };
        tokio::time::timeout(left, part).await.map_err(late)?
    }

    /// Asks one hop, and returns with its headers.
    async fn ask(&self, request: &Request, url: &Url, pass: Pass) -> Result<Heard, FetchError> {
        let (access, begun) = (&request.access, Instant::now());
        let client = self.lines.of(access, &self.settings);
        let client = client.map_err(|reason| FetchError::Access { host: host_of(url), reason })?;
        let mut asked = client
            .get(url.clone())
            .header(ACCEPT, request.accept)
            .header(ACCEPT_ENCODING, body::ACCEPT_ENCODING);
        if let Some(agent) = &access.user_agent {
            asked = asked.header(USER_AGENT, agent);
        }
        // A key is for the publisher, and not for whomever he redirects to.
        if url.origin() == request.url.origin() {
            asked =
                access.headers.iter().fold(asked, |asked, (name, value)| asked.header(name, value));
        }
        let asked = conditional(asked, request.validators.as_ref().filter(|v| v.url == *url));
        let limit = self.settings.first_byte_timeout;
        let late = |_| FetchError::Timeout { host: host_of(url), stage: "the first byte", limit };
        let answer = tokio::time::timeout(limit, asked.send()).await.map_err(late)?;
        let answer = answer.map_err(|fault| self.classify(&fault, url))?;
        // With a proxy this is the proxy, which the operator has named.
        if let Some(remote) = answer.remote_addr().filter(|_| access.proxy.is_none()) {
            self.check_address(url, remote.ip())?;
        }
        Ok(Heard { answer, url: url.clone(), waited: begun.elapsed(), _pass: pass })
    }

    async fn receive(
        &self,
        request: &Request,
        heard: Heard,
        moved: Option<Url>,
        now: Timestamp,
    ) -> Result<Response, FetchError> {
        let Heard { answer, url, waited, _pass } = heard;
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
                let (host, status) = (host_of(&url), status.as_u16());
                let retry_after = headers::retry_after(answer.headers(), now);
                let until = retry_after.and_then(|wait| now.checked_add(wait).ok());
                if let Some(until) = until.filter(|_| matches!(status, 429 | 503)) {
                    self.gate.close(&host, until);
                }
                return Err(FetchError::Status { host, status, retry_after });
            }
        };
        Ok(Response { url, moved, payload, validators, fresh_for, remote, waited })
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
    /// here, since no resolver is called for it. A proxy resolves names where it
    /// stands; there the names that only mean something inside a house are refused.
    fn check_url(&self, url: &Url, access: &Access) -> Result<(), FetchError> {
        let refused = |reason| Err(FetchError::Url { url: shown(url), reason });
        if !matches!(url.scheme(), "http" | "https") {
            return refused("only http and https are");
        }
        match url.host() {
            Some(Host::Domain(name)) if access.proxy.is_some() && is_of_a_house(name) => {
                refused("the name means something only inside a network")
            }
            Some(Host::Domain(name)) if access.proxy.is_none() && name.ends_with(".onion") => {
                refused("an onion service is reached through a `proxy` alone, such as socks5h")
            }
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

/// Names that no public resolver knows.
fn is_of_a_house(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    const INNER: [&str; 7] =
        [".localhost", ".local", ".internal", ".lan", ".home", ".home.arpa", ".intranet"];
    !name.contains('.') || INNER.iter().any(|end| name.ends_with(end))
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
