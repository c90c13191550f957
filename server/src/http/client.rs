//! Where a request comes from.

use super::Settings;
use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap};
use std::net::{IpAddr, SocketAddr};

/// The client's address. `X-Forwarded-For` counts only as far as trusted proxies wrote it: read
/// from its end, the first address that is not a trusted proxy's.
pub fn address(headers: &HeaderMap, extensions: &Extensions, settings: &Settings) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    let is_trusted = |address: &IpAddr| settings.trusted_proxies.contains(address);
    if !is_trusted(&peer) {
        return Some(peer);
    }
    let relayed: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut client = peer;
    for hop in relayed.iter().rev() {
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        client = address.to_canonical();
        if !is_trusted(&client) {
            break;
        }
    }
    Some(client)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let settings = Settings {
            site: "site".into(),
            secure_cookies: false,
            trusted_proxies: trusted.iter().map(|address| address.parse().expect("an address")).collect(),
            public_url: "http://localhost".parse().expect("a URL"),
            metrics_token: None,
            sends_mail: false,
            loopback: domain::receiver::Loopback::Refused,
        };
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().expect("a header"));
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().expect("an address"), 1)));
        address(&headers, &extensions, &settings).expect("an address").to_string()
    }

    #[test]
    fn a_stranger_cannot_say_where_it_comes_from() {
        assert_eq!(seen("192.0.2.1", "10.0.0.1", &[]), "192.0.2.1");
        assert_eq!(seen("192.0.2.1", "10.0.0.1", &["192.0.2.9"]), "192.0.2.1");
    }

    #[test]
    fn what_a_client_wrote_before_the_proxy_does_not_count() {
        assert_eq!(seen("10.0.0.1", "6.6.6.6, 192.0.2.7", &["10.0.0.1"]), "192.0.2.7");
        assert_eq!(seen("10.0.0.1", "192.0.2.7, 10.0.0.2", &["10.0.0.1", "10.0.0.2"]), "192.0.2.7");
        assert_eq!(seen("10.0.0.1", "nonsense", &["10.0.0.1"]), "10.0.0.1");
    }
}
