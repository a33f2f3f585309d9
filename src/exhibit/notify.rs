//! What a service manager is told: that the exhibition is up, and that it is alive (`sd_notify(3)`). Where nobody asked, nothing
//! is said.

use std::ffi::OsStr;
#[cfg(target_os = "linux")]
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};

/// Whoever is told.
#[derive(Debug)]
pub struct Notify(Option<UnixDatagram>);

impl Notify {
    /// Whoever `NOTIFY_SOCKET` names; nobody where it names none.
    #[must_use]
    pub fn from_env() -> Self {
        Self(std::env::var_os("NOTIFY_SOCKET").and_then(|name| connect(&name)))
    }

    /// Whoever listens there.
    #[cfg(test)]
    pub(super) fn at(name: &OsStr) -> Self {
        Self(connect(name))
    }

    /// Says it. Nobody waits for an answer, and one who does not listen is no reason to stop.
    pub fn say(&self, what: &str) {
        if self.0.as_ref().is_some_and(|socket| socket.send(what.as_bytes()).is_err()) {}
    }
}

fn connect(name: &OsStr) -> Option<UnixDatagram> {
    let socket = UnixDatagram::unbound().ok()?;
    socket.set_nonblocking(true).ok()?;
    let address = match name.as_bytes() {
        #[cfg(target_os = "linux")]
        [b'@', name @ ..] => SocketAddr::from_abstract_name(name).ok()?,
        _ => SocketAddr::from_pathname(name).ok()?,
    };
    socket.connect_addr(&address).ok().map(|()| socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_listens_hears_it_under_a_path_and_under_a_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notify");
        let heard = UnixDatagram::bind(&path).expect("a socket");
        Notify(connect(path.as_os_str())).say("READY=1");
        let mut said = [0; 32];
        let length = heard.recv(&mut said).expect("it was said");
        assert_eq!(&said[..length], b"READY=1");
        drop(heard);
        assert!(connect(path.as_os_str()).is_none(), "nobody is there");
    }
}
