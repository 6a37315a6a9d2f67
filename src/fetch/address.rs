//! Which addresses may be reached. Only the public internet, unless the operator
//! allows a network by name: a feed must not be a way into the house.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Why an address is not reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// This machine.
    Loopback,
    /// A network inside the house (RFC 1918, unique local, shared space of carriers).
    Private,
    /// The local wire, where cloud machines keep their metadata.
    LinkLocal,
    /// Many receivers.
    Multicast,
    /// An IPv4 address wrapped into IPv6: NAT64, 6to4, Teredo, compatible.
    Wrapped,
    /// Set aside: documentation, benchmarks, the unspecified, the future.
    Reserved,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Loopback => "a loopback",
            Kind::Private => "a private",
            Kind::LinkLocal => "a link-local",
            Kind::Multicast => "a multicast",
            Kind::Wrapped => "a wrapped IPv4",
            Kind::Reserved => "a reserved",
        })
    }
}

/// Whether an address may be reached, given the networks that the operator
/// allows; the reason when not.
pub fn check(address: IpAddr, allowed: &[IpNet]) -> Result<(), Kind> {
    // `::ffff:127.0.0.1` is 127.0.0.1 to the system that dials it.
    let address = address.to_canonical();
    if allowed.iter().any(|network| network.contains(&address)) {
        return Ok(());
    }
    let kind = match address {
        IpAddr::V4(address) => kind_of_v4(address),
        IpAddr::V6(address) => kind_of_v6(address),
    };
    kind.map_or(Ok(()), Err)
}

fn kind_of_v4(address: Ipv4Addr) -> Option<Kind> {
    match address.octets() {
        [127, ..] => Some(Kind::Loopback),
        [10, ..] | [192, 168, ..] | [172, 16..=31, ..] | [100, 64..=127, ..] => Some(Kind::Private),
        [169, 254, ..] => Some(Kind::LinkLocal),
        [224..=239, ..] => Some(Kind::Multicast),
        [0, ..] | [240..=255, ..] | [192, 0, 0 | 2, _] | [198, 18..=19, ..] => Some(Kind::Reserved),
        [198, 51, 100, _] | [203, 0, 113, _] => Some(Kind::Reserved),
        [192, 88, 99, _] => Some(Kind::Wrapped),
        _ => None,
    }
}

fn kind_of_v6(address: Ipv6Addr) -> Option<Kind> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Some(Kind::Loopback),
        [0, 0, 0, 0, 0, 0, 0, 0] => Some(Kind::Reserved),
        [0, 0, 0, 0, 0, 0, ..] | [0x64, 0xff9b, ..] | [0x2002, ..] | [0x2001, 0, ..] => {
            Some(Kind::Wrapped)
        }
        [0xfe80..=0xfebf, ..] => Some(Kind::LinkLocal),
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Some(Kind::Private),
        [0xff00..=0xffff, ..] => Some(Kind::Multicast),
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => {
            Some(Kind::Reserved)
        }
        // Of all the rest only 2000::/3 has been given out.
        [0x2000..=0x3fff, ..] => None,
        _ => Some(Kind::Reserved),
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, check};

    #[test]
    fn only_the_public_internet_is_reached() {
        for (address, wanted) in [
            ("1.1.1.1", None),
            ("100.63.0.1", None),
            ("172.32.0.1", None),
            ("2606:4700::1111", None),
            ("2a00:1450:4001::1", None),
            ("127.0.0.1", Some(Kind::Loopback)),
            ("127.255.0.9", Some(Kind::Loopback)),
            ("0.0.0.0", Some(Kind::Reserved)),
            ("10.0.0.1", Some(Kind::Private)),
            ("172.16.0.1", Some(Kind::Private)),
            ("192.168.1.1", Some(Kind::Private)),
            ("100.64.0.1", Some(Kind::Private)),
            ("169.254.169.254", Some(Kind::LinkLocal)),
            ("224.0.0.1", Some(Kind::Multicast)),
            ("255.255.255.255", Some(Kind::Reserved)),
            ("192.0.2.1", Some(Kind::Reserved)),
            ("198.18.0.1", Some(Kind::Reserved)),
            ("198.51.100.1", Some(Kind::Reserved)),
            ("203.0.113.1", Some(Kind::Reserved)),
            ("192.88.99.1", Some(Kind::Wrapped)),
            ("::1", Some(Kind::Loopback)),
            ("::", Some(Kind::Reserved)),
            ("::ffff:127.0.0.1", Some(Kind::Loopback)),
            ("::ffff:8.8.8.8", None),
            ("::7f00:1", Some(Kind::Wrapped)),
            ("64:ff9b::7f00:1", Some(Kind::Wrapped)),
            ("64:ff9b:1::1", Some(Kind::Wrapped)),
            ("2002:7f00:1::", Some(Kind::Wrapped)),
            ("2001:0:1::1", Some(Kind::Wrapped)),
            ("2001:db8::1", Some(Kind::Reserved)),
            ("2001:20::1", Some(Kind::Reserved)),
            ("3fff::1", Some(Kind::Reserved)),
            ("fe80::1", Some(Kind::LinkLocal)),
            ("fd00:ec2::254", Some(Kind::Private)),
            ("fec0::1", Some(Kind::Private)),
            ("ff02::1", Some(Kind::Multicast)),
            ("100::1", Some(Kind::Reserved)),
            ("5f00::1", Some(Kind::Reserved)),
        ] {
            assert_eq!(check(address.parse().unwrap(), &[]).err(), wanted, "{address}");
        }
    }

    #[test]
    fn an_operator_allows_a_network_by_name() {
        let allowed = ["127.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        for (address, fine) in [
            ("127.0.0.1", true),
            ("::ffff:127.0.0.1", true),
            ("fd00::1", true),
            ("::1", false),
            ("10.0.0.1", false),
        ] {
            assert_eq!(check(address.parse().unwrap(), &allowed).is_ok(), fine, "{address}");
        }
    }
}
