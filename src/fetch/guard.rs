//! What is never asked for: other schemes, addresses and names inside the house.

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

use crate::fetch::{FetchError, address};
use crate::source::{Access, host_of};

/// Refuses what is never asked for. An address written as a host is checked
/// here, since no resolver is called for it. A proxy resolves names where it
/// stands; there the names that only mean something inside a house are refused.
pub(super) fn check_url(url: &Url, access: &Access, allowed: &[IpNet]) -> Result<(), FetchError> {
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
        Some(Host::Ipv4(address)) => check_address(url, address.into(), allowed),
        Some(Host::Ipv6(address)) => check_address(url, address.into(), allowed),
        Some(Host::Domain(_)) => Ok(()),
        None => refused("it names no host"),
    }
}

/// Refuses an address that may not be reached.
pub(super) fn check_address(
    url: &Url,
    address: IpAddr,
    allowed: &[IpNet],
) -> Result<(), FetchError> {
    let refused = |kind| FetchError::Refused { host: host_of(url), address, kind };
    address::check(address, allowed).map_err(refused)
}

/// Names that no public resolver knows.
fn is_of_a_house(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    const INNER: [&str; 7] =
        [".localhost", ".local", ".internal", ".lan", ".home", ".home.arpa", ".intranet"];
    !name.contains('.') || INNER.iter().any(|end| name.ends_with(end))
}

/// A URL for a message: shortened, without a login.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    _ = url.set_password(None);
    _ = url.set_username("");
    url.as_str().chars().take(200).collect()
}
