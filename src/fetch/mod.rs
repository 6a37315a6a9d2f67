//! One GET, bounded in time and size, only to addresses that may be reached, and
//! one poll made of such requests. What to ask, and what an answer means, is
//! decided by `source` and `feed`.

pub mod address;
pub mod body;
mod client;
mod error;
pub mod gate;
mod guard;
pub mod headers;
mod line;
mod mirror;
mod poll;
mod race;
mod request;
mod resolve;
pub mod trail;

use std::time::Duration;

use ipnet::IpNet;

pub use client::{Client, Hop};
pub use error::{FetchError, NoClient};
pub use headers::retry_after;
pub use poll::{Attempt, Fetched, Outcome, Polled, poll};
pub use request::{Payload, Progress, Request, Response};
pub use resolve::Names;
pub use trail::Trail;

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
