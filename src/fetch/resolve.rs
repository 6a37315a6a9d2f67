//! Names to addresses that may be reached. The addresses handed on are the ones
//! dialled, so a name that changes its mind between check and use gains nothing.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::fetch::address::{self, Kind};

/// How names become addresses. Clones share it.
#[derive(Clone)]
pub struct Names(Arc<dyn Fn(String) -> Resolved + Send + Sync>);

type Resolved = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

impl Names {
    /// As the system has it.
    pub fn system() -> Names {
        Names(Arc::new(|name| {
            Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
        }))
    }

    /// As `of` has it, each time that it is asked.
    pub fn of(of: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static) -> Names {
        Names(Arc::new(move |name| {
            let found = of(&name);
            let sockets = |all: Vec<IpAddr>| all.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Box::pin(std::future::ready(found.map(|all| sockets(all).collect())))
        }))
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names")
    }
}

/// A resolver behind the check of addresses.
pub struct Resolver {
    pub names: Names,
    /// Networks that the operator allows besides the public internet.
    pub allowed: Arc<[IpNet]>,
}

/// Why a name gave no address.
#[derive(Debug, thiserror::Error)]
pub enum NoAddress {
    /// The resolver's own failure, or an empty answer.
    #[error("the name does not resolve")]
    Unknown(#[source] io::Error),
    /// Every address is one that may not be reached.
    #[error("{1} address, {0}")]
    Refused(IpAddr, Kind),
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.allowed);
        let found = (self.names.0)(name.as_str().to_owned());
        Box::pin(async move {
            let found = found.await.map_err(NoAddress::Unknown)?;
            let fine = reachable(found.into_iter(), &allowed)?;
            Ok(Box::new(fine.into_iter()) as Addrs)
        })
    }
}

/// The addresses of a mixed answer that may be reached; an error when none may.
fn reachable(
    found: impl Iterator<Item = SocketAddr>,
    allowed: &[IpNet],
) -> Result<Vec<SocketAddr>, NoAddress> {
    let mut fine = Vec::new();
    let mut refused = None;
    for socket in found {
        match address::check(socket.ip(), allowed) {
            Ok(()) => fine.push(socket),
            Err(kind) => refused = Some(NoAddress::Refused(socket.ip(), kind)),
        }
    }
    match refused {
        _ if !fine.is_empty() => Ok(fine),
        Some(refused) => Err(refused),
        None => Err(NoAddress::Unknown(io::Error::new(io::ErrorKind::NotFound, "no address"))),
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::{NoAddress, reachable};

    #[test]
    fn a_mixed_answer_keeps_its_public_addresses_only() {
        let sockets = |texts: &[&str]| -> Vec<SocketAddr> {
            texts.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 0)).collect()
        };
        let mixed = reachable(sockets(&["10.0.0.1", "1.1.1.1", "::1"]).into_iter(), &[]).unwrap();
        assert_eq!(mixed, sockets(&["1.1.1.1"]));
        let inside = reachable(sockets(&["127.0.0.1"]).into_iter(), &[]);
        assert!(matches!(inside, Err(NoAddress::Refused(..))));
        assert!(matches!(reachable(sockets(&[]).into_iter(), &[]), Err(NoAddress::Unknown(_))));
    }
}
