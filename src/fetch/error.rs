//! What can go wrong with one request, by what the caller may do about it.

use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use url::Url;

use crate::fetch::{address, resolve};
use crate::source::host_of;
use crate::source::state::Cause;

/// A request that brought no answer to use.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The name did not resolve.
    #[error("the name `{host}` does not resolve")]
    Dns {
        /// The host asked for.
        host: String,
        /// What the resolver said.
        #[source]
        cause: io::Error,
    },
    /// No connection was made.
    #[error("no connection to `{host}`: {reason}")]
    Connect {
        /// The host asked for.
        host: String,
        /// The system's words.
        reason: String,
    },
    /// The certificate or the handshake failed.
    #[error("`{host}` cannot be trusted: {reason}")]
    Tls {
        /// The host asked for.
        host: String,
        /// What was wrong.
        reason: String,
    },
    /// Too slow.
    #[error("`{host}` was too slow: {stage} took more than {limit:?}")]
    Timeout {
        /// The host asked for.
        host: String,
        /// Which part of the exchange.
        stage: &'static str,
        /// What it was given.
        limit: Duration,
    },
    /// The address may not be reached.
    #[error(
        "`{host}` is {kind} address, {address}: allow its network under `allow_networks` to reach it"
    )]
    Refused {
        /// The host asked for.
        host: String,
        /// The address that it stands for.
        address: IpAddr,
        /// Why it is not reached.
        kind: address::Kind,
    },
    /// A scheme or a form of URL that is never asked for.
    #[error("`{url}` is not asked for: {reason}")]
    Url {
        /// As given.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// It cannot be reached in the way that is configured.
    #[error("`{host}` cannot be reached as configured: {reason}")]
    Access {
        /// The host asked for.
        host: String,
        /// What is wrong with the proxy or the certificates.
        reason: String,
    },
    /// It asked to be left alone; nothing was sent.
    #[error("`{host}` asked to be left alone for another {} s", left.as_secs())]
    Closed {
        /// The host that is not asked.
        host: String,
        /// What is left of the wait.
        left: Duration,
    },
    /// Redirected where it is not followed.
    #[error("the redirect to `{to}` is not followed: {reason}")]
    Redirect {
        /// Where it led.
        to: String,
        /// Why not.
        reason: &'static str,
    },
    /// A status that is no success.
    #[error("`{host}` answered {status}")]
    Status {
        /// The host that answered.
        host: String,
        /// The status code.
        status: u16,
        /// How long it asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// Larger than is read.
    #[error("the answer of `{host}` is larger than {what}")]
    TooLarge {
        /// The host that answered.
        host: String,
        /// The limit that it crossed.
        what: String,
    },
    /// The body broke off, stalled or cannot be decoded.
    #[error("the answer of `{host}` broke off: {reason}")]
    Body {
        /// The host that answered.
        host: String,
        /// What happened.
        reason: String,
    },
}

impl FetchError {
    /// What an error of the client means for the caller; `connect` is the time that a
    /// connection was given.
    pub(super) fn of(fault: &reqwest::Error, url: &Url, connect: Duration) -> FetchError {
        let host = host_of(url);
        if let Some(refused) = unresolved(fault, &host) {
            return refused;
        }
        let reason = root_cause(fault);
        match () {
            () if fault.is_timeout() => {
                FetchError::Timeout { host, stage: "the connection", limit: connect }
            }
            () if fault.is_connect() && is_of_tls(fault, url) => {
                FetchError::Tls { host, reason: of_tls(reason) }
            }
            () if fault.is_connect() => FetchError::Connect { host, reason },
            () => FetchError::Body { host, reason },
        }
    }

    /// The kind that the schedule goes by.
    pub fn cause(&self) -> Cause {
        match self {
            FetchError::Dns { .. } => Cause::Dns,
            FetchError::Connect { .. } => Cause::Connect,
            FetchError::Tls { .. } => Cause::Tls,
            FetchError::Access { .. } => Cause::Access,
            FetchError::Closed { .. } => Cause::Busy,
            FetchError::Timeout { .. } => Cause::Timeout,
            FetchError::Refused { .. } | FetchError::Url { .. } => Cause::Refused,
            FetchError::Redirect { .. } => Cause::Redirect,
            FetchError::Status { status: 410, .. } => Cause::Gone,
            FetchError::Status { status: 429, .. } => Cause::Busy,
            FetchError::Status { status: 503, retry_after: Some(_), .. } => Cause::Busy,
            FetchError::Status { .. } => Cause::Status,
            FetchError::TooLarge { .. } => Cause::TooLarge,
            FetchError::Body { .. } => Cause::Body,
        }
    }

    /// How long the host asks to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            FetchError::Status { retry_after, .. } => *retry_after,
            FetchError::Closed { left, .. } => Some(*left),
            _ => None,
        }
    }
}

/// No client could be made; nothing can be fetched at all.
#[derive(Debug, thiserror::Error)]
#[error(
    "no HTTPS client can be made: the system's certificate store is missing or unreadable \
     (on Debian and Ubuntu install the package `ca-certificates`)"
)]
pub struct NoClient(#[from] reqwest::Error);

/// What an operator can make use of, where the TLS library's words are for its makers.
fn of_tls(reason: String) -> String {
    let is_plain = reason.contains("InvalidContentType");
    if is_plain { "it does not speak TLS; is it an http address?".to_owned() } else { reason }
}

/// The resolver's own words, where it gave no address.
fn unresolved(fault: &reqwest::Error, host: &str) -> Option<FetchError> {
    let mut causes = std::iter::successors(fault.source(), |cause| (*cause).source());
    let host = host.to_owned();
    Some(match causes.find_map(|cause| cause.downcast_ref::<resolve::NoAddress>())? {
        resolve::NoAddress::Refused(address, kind) => {
            FetchError::Refused { host, address: *address, kind: *kind }
        }
        resolve::NoAddress::Unknown(fault) => {
            let cause = io::Error::new(fault.kind(), fault.to_string());
            FetchError::Dns { host, cause }
        }
    })
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

/// The innermost words of a chain of errors: "connection refused" and not
/// "error sending request".
pub(super) fn root_cause(fault: &dyn Error) -> String {
    let mut innermost = fault;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}
