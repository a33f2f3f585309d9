//! Where a server is, and what may be sent to it.

use std::net::IpAddr;
use std::path::Path;

use reqwest::Url;

/// A key, which no message and no debug output shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a key. White space around it is none of it.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self(key.trim().to_owned())
    }

    /// The key itself, for the one header that carries it.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a server cannot be spoken to as it was named. Each message is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The address is none.
    #[error("{0} is no address of a server; it looks like http://127.0.0.1:11434/v1")]
    Address(String),
    /// A key must not travel in the clear.
    #[error("{0} is not on this machine and not https: the key would travel in the clear. Use https")]
    InTheClear(String),
    /// The file with the key can be read by others.
    #[error("{0} holds a key and can be read by others; chmod 600 it")]
    OpenFile(String),
    /// The file with the key cannot be read.
    #[error("the key in {path} cannot be read: {error}")]
    NoFile {
        /// Which file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
}

/// A server and how it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    base: Url,
    key: Option<Secret>,
}

impl Endpoint {
    /// A server at an address: its base, with or without `/v1`.
    ///
    /// # Errors
    /// [`EndpointError::Address`]; [`EndpointError::InTheClear`] for a key over plain http to anywhere but this machine.
    pub fn new(address: &str, key: Option<Secret>) -> Result<Self, EndpointError> {
        // What stands before an @ is a secret, and is not shown.
        let shown = if address.contains('@') { "an address with a name or password in it" } else { address };
        let wrong = || EndpointError::Address(shown.to_owned());
        let mut base = Url::parse(address.trim()).map_err(|_form| wrong())?;
        if !matches!(base.scheme(), "http" | "https")
            || base.host_str().is_none()
            || !base.username().is_empty()
            || base.password().is_some()
        {
            return Err(wrong());
        }
        base.set_query(None);
        base.set_fragment(None);
        let path = base.path().trim_end_matches('/');
        let path =
            path.trim_end_matches("/chat/completions").trim_end_matches("/audio/transcriptions").to_owned();
        base.set_path(if path.is_empty() { "/v1" } else { &path });
        let endpoint = Self { base, key: key.filter(|key| !key.0.is_empty()) };
        if endpoint.key.is_some() && endpoint.base.scheme() == "http" && !endpoint.is_here() {
            return Err(EndpointError::InTheClear(endpoint.shown()));
        }
        Ok(endpoint)
    }

    /// Whether it is on this machine. What it does with the words there is its own affair: it may pass them on.
    #[must_use]
    pub fn is_here(&self) -> bool {
        is_here(&self.base)
    }

    /// Whether it is on this machine or on a network of the person's own: `localhost`, or the number of a loopback, private
    /// or link-local address (RFC 1918, 3927, 4193 and 4291). A name may stand for any machine, and for another one tomorrow,
    /// so no other name is.
    #[must_use]
    pub fn is_own(&self) -> bool {
        let host = self.base.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        self.is_here() || bare.parse::<IpAddr>().is_ok_and(|address| is_private(address.to_canonical()))
    }

    /// The address, without a key.
    #[must_use]
    pub fn shown(&self) -> String {
        self.base.as_str().trim_end_matches('/').to_owned()
    }

    /// The address of one of its routes.
    #[must_use]
    pub fn route(&self, name: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}/{name}", self.base.path().trim_end_matches('/')));
        url
    }

    pub(super) fn key(&self) -> Option<&Secret> {
        self.key.as_ref()
    }
}

/// Whether an address is on this machine.
pub(super) fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => it.is_loopback() || it.is_private() || it.is_link_local(),
        IpAddr::V6(it) => it.is_loopback() || it.is_unique_local() || it.is_unicast_link_local(),
    }
}

/// Reads a key from a file that only its owner can read.
///
/// # Errors
/// [`EndpointError::OpenFile`], [`EndpointError::NoFile`].
pub fn key_from_file(path: &Path) -> Result<Secret, EndpointError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| EndpointError::NoFile { path: shown.clone(), error })?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path).map_or(0o777, |found| found.permissions().mode());
        if mode & 0o077 != 0 {
            return Err(EndpointError::OpenFile(shown));
        }
    }
    Ok(Secret::new(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_people_write_them() {
        let route =
            |address| Endpoint::new(address, None).map(|it| it.route("chat/completions").to_string()).ok();
        let local = Some("http://127.0.0.1:8080/v1/chat/completions".to_owned());
        for address in [
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8080/",
            "http://127.0.0.1:8080/v1",
            "http://127.0.0.1:8080/v1/",
            "http://127.0.0.1:8080/v1/chat/completions",
            "http://127.0.0.1:8080/v1/audio/transcriptions",
        ] {
            assert_eq!(route(address), local, "{address}");
        }
        assert_eq!(
            route("https://generativelanguage.googleapis.com/v1beta/openai/").as_deref(),
            Some("https://generativelanguage.googleapis.com/v1beta/openai/chat/completions")
        );
        for address in
            ["", "localhost:8080", "ftp://x", "http://", "https://me:pass@x/v1", "https://:pass@x/v1"]
        {
            assert!(route(address).is_none(), "{address}");
            let error = Endpoint::new(address, None).expect_err("it is none").to_string();
            assert!(!error.contains("pass@"), "{error}");
        }
    }

    #[test]
    fn a_key_is_never_shown_and_never_travels_in_the_clear() {
        let key = || Some(Secret::new("sk-canary\n"));
        let here = Endpoint::new("http://localhost:1234/v1", key()).expect("on this machine");
        assert!(!format!("{here:?} {}", here.shown()).contains("canary"));
        assert!(Endpoint::new("http://[::1]:1234/v1", key()).is_ok());
        assert!(Endpoint::new("https://example.org/v1", key()).is_ok());
        let error = Endpoint::new("http://example.org/v1", key()).expect_err("in the clear");
        assert!(error.to_string().contains("Use https") && !error.to_string().contains("canary"));
        assert!(
            Endpoint::new("http://example.org/v1", None).is_ok(),
            "without a key there is nothing to lose"
        );
    }

    #[test]
    fn ones_own_network_is_told_by_numbers_and_no_name_but_this_machines_is_on_it() {
        let is_own = |host: &str| {
            Endpoint::new(&format!("http://{host}:8080/v1"), None).is_ok_and(|endpoint| endpoint.is_own())
        };
        for host in [
            "localhost",
            "127.0.0.1",
            "[::1]",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.20",
            "169.254.3.4",
            "[fd12::1]",
            "[fe80::1]",
            "[::ffff:192.168.1.20]",
        ] {
            assert!(is_own(host), "{host}");
        }
        for host in [
            "example.org",
            "nas.local",
            "localhost.example.org",
            "127.0.0.1.example.org",
            "8.8.8.8",
            "172.32.0.1",
            "192.169.1.1",
            "0.0.0.0",
            "[2001:db8::1]",
            "[::ffff:8.8.8.8]",
        ] {
            assert!(!is_own(host), "{host}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_with_a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        std::fs::write(&path, "sk-canary\n").expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("set");
        assert!(key_from_file(&path).expect_err("open").to_string().contains("chmod 600"));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("set");
        assert_eq!(key_from_file(&path).expect("read"), Secret::new("sk-canary"));
    }
}
