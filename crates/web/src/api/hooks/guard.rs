//! Where nothing is sent to: machines that the server can reach and the hook's owner perhaps cannot. An address is looked at after its
//! name was resolved, and the connection is made to exactly the addresses that were looked at.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base::Names;
use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use url::Url;

/// Resolves names, and refuses those that lead into private networks.
#[derive(Debug)]
pub(super) struct Guarded {
    pub(super) private_too: bool,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        match found.iter().find(|found| !self.private_too && !is_public(found.ip())) {
            None => Ok(found),
            // Which address it was is not told: hooks are no way to look into a network.
            Some(_) => Err(Error::Other("the name leads to an address that is not public".into())),
        }
    }
}

/// An address a hook may have.
pub(super) fn address(text: &str, private_too: bool) -> Result<Url, Names> {
    let url = Url::parse(text).map_err(|_| Names::of("URLとして読めません", "it is not a URL"))?;
    match url.scheme() {
        "https" => {}
        "http" if private_too => {}
        _ => return Err(Names::of("https:// で始まるURLです", "begin with https://")),
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(Names::of(
            "利用者名・パスワード・#は含められません",
            "it can hold no user name, password or fragment",
        ));
    }
    let literal = match url.host() {
        Some(url::Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(url::Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        Some(url::Host::Domain(_)) => None,
        None => return Err(Names::of("ホスト名がありません", "it names no host")),
    };
    if literal.is_some_and(|ip| !private_too && !is_public(ip)) {
        return Err(Names::of("公開のアドレスだけに送ります", "only public addresses are sent to"));
    }
    Ok(url)
}

/// Whether an address is one of the public internet (IANA's special-purpose registries).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast();
    let shared = a == 100 && (64..128).contains(&b);
    let benchmarks = a == 198 && (18..20).contains(&b);
    let protocols = (a, b, c) == (192, 0, 0) || (a, b, c) == (192, 88, 99);
    !(special || shared || benchmarks || protocols || ip.is_documentation() || a == 0 || a >= 240)
}

/// Of IPv6 only what is given out to networks (2000::/3), without what is for documents or hides an IPv4 address.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inside) = ip.to_ipv4_mapped() {
        return is_public_v4(inside);
    }
    let [a, b, ..] = ip.segments();
    let given_out = a & 0xe000 == 0x2000;
    let special = a == 0x2001 && b < 0x0200 || (a, b) == (0x2001, 0x0db8) || a == 0x2002 || a == 0x3fff;
    given_out && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_sent_to() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2001:db8::1",
            "2002:7f00:1::",
            "ff02::1",
            "::127.0.0.1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["8.8.8.8", "203.104.0.1", "2400:4000::1", "2606:4700::1111"] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn an_address_that_cannot_be_a_receiver_is_refused_when_it_is_registered() {
        for url in [
            "http://example.jp/",
            "ftp://example.jp/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://a:b@example.jp/",
            "https://example.jp/#a",
            "example.jp",
            "https://",
        ] {
            assert!(address(url, false).is_err(), "{url}");
        }
        assert!(address("https://example.jp/hook?a=1", false).is_ok());
        assert!(address("http://127.0.0.1:9/", true).is_ok());
    }
}
