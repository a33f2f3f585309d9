//! Who is let in: only whoever reached this server under its own name, and holds the token.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri};

/// So many wrong tokens may come from one address within [`WINDOW`].
pub const PATIENCE: usize = 10;
/// How long a wrong token is remembered.
pub const WINDOW: Duration = Duration::from_secs(60);
/// The most addresses that are remembered; beyond, the one that was quiet longest is forgotten.
const ADDRESSES: usize = 256;

/// Whether a request was meant for this server. A page of somebody else's whose name was bent to this address (DNS
/// rebinding) still says its own name: only `localhost` and the very address that was reached are ours.
pub(super) fn is_ours(headers: &HeaderMap, uri: &Uri, reached: SocketAddr) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let named = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
    named.is_some_and(|named| names(&named, reached))
        && uri.authority().is_none_or(|named| names(named, reached))
}

fn names(authority: &Authority, reached: SocketAddr) -> bool {
    let port = authority.as_str().rsplit_once(':').filter(|(_, port)| !port.ends_with(']'));
    let port = port.is_none_or(|(_, port)| port.parse() == Ok(reached.port()));
    let host = authority.host();
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let here = |ip: IpAddr| ip.to_canonical() == reached.ip().to_canonical();
    let host = host.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(here);
    port && host && !authority.as_str().contains('@')
}

/// The token of a request; none where it carries none, or more than one.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(one), None) = (all.next(), all.next()) else { return None };
    let (scheme, token) = one.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Remembers wrong tokens. Times are since any fixed moment.
#[derive(Debug, Default)]
pub(super) struct Wrongs(BTreeMap<IpAddr, VecDeque<Duration>>);

impl Wrongs {
    /// How long nothing is looked at from this address; none where a token may be tried.
    pub(super) fn waits(&mut self, from: IpAddr, now: Duration) -> Option<Duration> {
        let times = self.0.get_mut(&network(from))?;
        times.retain(|time| now.saturating_sub(*time) < WINDOW);
        let first = times.front().copied().filter(|_| times.len() >= PATIENCE);
        if times.is_empty() {
            self.0.remove(&network(from));
        }
        first.map(|first| (first + WINDOW).saturating_sub(now))
    }

    /// One more from this address.
    pub(super) fn note(&mut self, from: IpAddr, now: Duration) {
        let from = network(from);
        if !self.0.contains_key(&from) && self.0.len() >= ADDRESSES {
            let quiet = self.0.iter().min_by_key(|(_, times)| times.back().copied());
            if let Some(quiet) = quiet.map(|(address, _)| *address) {
                self.0.remove(&quiet);
            }
        }
        let times = self.0.entry(from).or_default();
        times.push_back(now);
        while times.len() > PATIENCE {
            times.pop_front();
        }
    }
}

/// Whoever has one IPv6 address has the other 2^64 of its network, too.
fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(it) => IpAddr::V6(Ipv6Addr::from_bits(it.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn ours(hosts: &[&str], uri: &str, reached: &str) -> bool {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(HOST, HeaderValue::from_str(host).expect("a header"));
        }
        is_ours(&headers, &uri.parse().expect("an address"), reached.parse().expect("a socket"))
    }

    #[test]
    fn only_our_own_names_are_ours() {
        let here = "127.0.0.1:8414";
        for host in ["127.0.0.1:8414", "localhost:8414", "LOCALHOST", "127.0.0.1"] {
            assert!(ours(&[host], "/", here), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:8414",
            "localhost.evil.example:8414",
            "127.0.0.1.evil.example:8414",
            "127.0.0.2:8414",
            "127.0.0.1:80",
            "127.0.0.1:",
            "127.0.0.1:84140",
            "localhost@evil.example",
            "evil.example@127.0.0.1:8414",
            "2130706433:8414",
            "0x7f.1:8414",
            "localhost.:8414",
            "127.0.0.1:8414, evil.example",
        ] {
            assert!(!ours(&[host], "/", here), "{host}");
        }
        assert!(!ours(&[], "/", here), "none");
        assert!(!ours(&["localhost:8414", "localhost:8414"], "/", here), "two");
    }

    #[test]
    fn on_the_network_the_address_that_was_reached_is_ours() {
        assert!(ours(&["192.168.1.4:8414"], "/", "192.168.1.4:8414"));
        assert!(!ours(&["192.168.1.5:8414"], "/", "192.168.1.4:8414"));
        assert!(ours(&["[::1]:8414"], "/", "[::1]:8414") && ours(&["[::1]"], "/", "[::1]:8414"));
        assert!(!ours(&["[::1]:80"], "/", "[::1]:8414"));
        assert!(ours(&["127.0.0.1:8414"], "/", "[::ffff:127.0.0.1]:8414"));
    }

    #[test]
    fn a_whole_address_in_the_first_line_must_be_ours_too() {
        let here = "127.0.0.1:8414";
        assert!(ours(&["localhost:8414"], "http://localhost:8414/metrics", here));
        assert!(!ours(&["localhost:8414"], "http://evil.example/metrics", here));
    }

    #[test]
    fn a_token_comes_once_and_as_a_bearer() {
        let with = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, HeaderValue::from_str(value).expect("a header"));
            }
            token(&headers).map(str::to_owned)
        };
        assert_eq!(with(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(with(&["bearer  abc "]).as_deref(), Some("abc"));
        for values in [&[][..], &["abc"], &["Basic abc"], &["Bearer abc", "Bearer abc"], &["Bearer"]] {
            assert_eq!(with(values), None, "{values:?}");
        }
    }

    #[test]
    fn ten_wrong_ones_within_a_minute_close_the_door_to_their_address_alone() {
        let (mut wrongs, one, other) =
            (Wrongs::default(), IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for second in 0..10 {
            assert_eq!(wrongs.waits(one, s(second)), None, "second {second}");
            wrongs.note(one, s(second));
        }
        assert_eq!(wrongs.waits(one, s(10)), Some(s(50)));
        assert_eq!(wrongs.waits(one, s(59)), Some(s(1)));
        assert_eq!(wrongs.waits(other, s(10)), None);
        assert_eq!(wrongs.waits(one, s(60)), None, "the first one is forgotten");
        wrongs.note(one, s(60));
        assert_eq!(wrongs.waits(one, s(60)), Some(s(1)));
        assert_eq!(wrongs.waits(one, s(200)), None);
        assert!(wrongs.0.is_empty());
    }

    #[test]
    fn many_addresses_fill_no_memory_and_a_network_counts_as_one() {
        let mut wrongs = Wrongs::default();
        for number in 0..10_000_u32 {
            wrongs.note(IpAddr::from(number.to_be_bytes()), s(1));
        }
        assert_eq!(wrongs.0.len(), ADDRESSES);
        let mut wrongs = Wrongs::default();
        for number in 0..10_u16 {
            wrongs.note(IpAddr::from([0x2001, 0xdb8, 0, 7, 0, 0, 0, number]), s(1));
        }
        assert!(wrongs.waits(IpAddr::from([0x2001, 0xdb8, 0, 7, 9, 9, 9, 9]), s(2)).is_some());
        assert!(wrongs.waits(IpAddr::from([0x2001, 0xdb8, 0, 8, 0, 0, 0, 1]), s(2)).is_none());
    }
}
