//! From where files may come: the public Web, so that a document cannot make its verifier ask machines that only the verifier reaches.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::task::spawn_blocking;
use url::{Host, Url};

/// What is wrong with an address; none: it may be asked. With loopback, this computer may be asked too, and without encryption.
pub(super) fn fault(url: &Url, allow_loopback: bool) -> Option<&'static str> {
    if !url.username().is_empty() || url.password().is_some() {
        return Some("it has a user name or password");
    }
    let is_loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => return Some("it names no host"),
    };
    if is_loopback && allow_loopback && matches!(url.scheme(), "http" | "https") {
        return None;
    }
    if url.scheme() != "https" {
        return Some("it is not https");
    }
    match url.host() {
        Some(Host::Ipv4(address)) if !is_public(address.into()) => Some("it is an address inside of a network"),
        Some(Host::Ipv6(address)) if !is_public(address.into()) => Some("it is an address inside of a network"),
        _ if is_loopback => Some("it is this computer"),
        _ => None,
    }
}

/// Names lead to public addresses only.
pub(super) struct PublicNames {
    pub(super) allow_loopback: bool,
}

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_loopback = self.allow_loopback;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = spawn_blocking(move || (host.as_str(), 0).to_socket_addrs()).await??;
            let may_be_asked =
                |place: &SocketAddr| is_public(place.ip()) || (allow_loopback && place.ip().is_loopback());
            let places: Vec<_> = found.filter(may_be_asked).collect();
            if places.is_empty() {
                return Err(io::Error::other("the name leads nowhere, or into a network that is not public").into());
            }
            Ok(Box::new(places.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the public Internet (IANA, special-purpose address registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || first == 0
        || first >= 240
        || (first == 100 && second & 0xc0 == 64)
        || (first == 192 && second == 0 && third == 0)
        || (first == 198 && second & 0xfe == 18))
}

/// Global unicast only, and of what wraps an address of IPv4, that address must be public.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let wrapped = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => wrapped(high, low),
        [0x2002, high, low, ..] => wrapped(high, low),
        [0x2001, 0xdb8, ..] | [0x2001, 0..=0x1ff, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_web_is_asked() {
        for (url, allowed, with_loopback) in [
            ("https://university.example/status/0", true, true),
            ("https://1.1.1.1/", true, true),
            ("https://[2606:4700::1111]/", true, true),
            ("http://university.example/", false, false),
            ("ftp://university.example/", false, false),
            ("file:///etc/passwd", false, false),
            ("https://user@university.example/", false, false),
            ("https://localhost/", false, true),
            ("http://localhost:8080/", false, true),
            ("http://127.0.0.1:8080/", false, true),
            ("http://[::1]/", false, true),
            ("https://2130706433/", false, true),
            ("https://10.0.0.1/", false, false),
            ("https://192.168.1.1/", false, false),
            ("https://172.16.0.1/", false, false),
            ("https://169.254.169.254/latest/meta-data", false, false),
            ("https://100.64.0.1/", false, false),
            ("https://0.0.0.0/", false, false),
            ("https://255.255.255.255/", false, false),
            ("https://[fe80::1]/", false, false),
            ("https://[fd00::1]/", false, false),
            ("https://[::]/", false, false),
            ("https://[::ffff:10.0.0.1]/", false, false),
            ("https://[64:ff9b::a00:1]/", false, false),
            ("https://[2002:a00:1::]/", false, false),
            ("https://[::ffff:1.1.1.1]/", true, true),
        ] {
            let parsed = Url::parse(url).unwrap();
            assert_eq!(fault(&parsed, false).is_none(), allowed, "{url}");
            assert_eq!(fault(&parsed, true).is_none(), with_loopback, "{url}");
        }
    }
}
