//! The staff's page, as a monitor and the staff use it, and as somebody does who means no good.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take. The page holds whoever comes while others are slow.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes.
const LONGEST: u64 = 256 * 1024;
/// An address of this machine from which nobody comes who is welcome.
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 66);

/// What the exhibition says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) state: String,
    pub(super) begun: u64,
    pub(super) finished: u64,
    pub(super) left_early: u64,
    pub(super) wiped: u64,
    pub(super) sos: u64,
    pub(super) fell: u64,
}

impl Status {
    fn read(body: &str) -> Option<Self> {
        let all: Value = serde_json::from_str(body).ok()?;
        let (count, visits) = (|value: &Value| value.as_u64(), &all["visits"]);
        Some(Self {
            state: all["state"].as_str()?.to_owned(),
            begun: count(&visits["begun"])?,
            finished: count(&visits["finished"])?,
            left_early: count(&visits["left_early"])?,
            wiped: count(&visits["wiped"])?,
            sos: count(&all["sos"])?,
            fell: count(&all["fell"])?,
        })
    }

    /// Whether visitors are received or looked after.
    pub(super) fn is_well(&self) -> bool {
        matches!(self.state.as_str(), "attract" | "visit" | "farewell")
    }
}

/// Where the page is.
#[derive(Clone, Debug)]
pub(super) struct Page {
    address: SocketAddr,
    token: String,
}

impl Page {
    /// One that nobody has opened yet.
    pub(super) fn none() -> Self {
        Self::new(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), String::new())
    }

    pub(super) fn new(address: SocketAddr, token: String) -> Self {
        Self { address, token }
    }

    /// What the exhibition says of itself; none where it does not answer in time.
    pub(super) fn status(&self) -> Option<Status> {
        Status::read(&self.ask("GET /status", "")?)
    }

    /// Orders something, as the staff do; whether it was taken.
    pub(super) fn order(&self, order: &str) -> bool {
        self.ask("POST /orders", &format!("{{\"order\":\"{order}\"}}")).is_some()
    }

    /// The answer to a request, where it is a good one.
    fn ask(&self, what: &str, body: &str) -> Option<String> {
        let request = format!(
            "{what} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.token,
            body.len()
        );
        let mut stream = TcpStream::connect_timeout(&self.address, PATIENCE).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        stream.set_write_timeout(Some(PATIENCE)).ok()?;
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = Vec::new();
        stream.take(LONGEST).read_to_end(&mut answer).ok()?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?;
        status.starts_with('2').then(|| body.to_owned())
    }

    /// A storm of requests that are none, from another address of this machine, so that only that one is shut out. How many
    /// were answered as if they were good.
    pub(super) fn storm(&self) -> std::io::Result<usize> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut let_in = 0;
            // So many are open at once, and send nothing for as long as the others come.
            let mut slow = Vec::new();
            for _ in 0..12 {
                slow.push(self.come_from_elsewhere(b"GET / HT").await);
            }
            for bad in bad_requests(self.address) {
                let mut stream = self.come_from_elsewhere(&bad).await?;
                let mut answer = [0; 64];
                let read = tokio::time::timeout(PATIENCE, read_some(&mut stream, &mut answer)).await;
                let read = read.map_or(0, |read| read.unwrap_or(0));
                let_in += usize::from(answer[..read].starts_with(b"HTTP/1.1 2"));
            }
            drop(slow);
            Ok(let_in)
        })
    }

    async fn come_from_elsewhere(&self, request: &[u8]) -> std::io::Result<tokio::net::TcpStream> {
        let socket = tokio::net::TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((ELSEWHERE, 0)))?;
        let stream = socket.connect(self.address).await?;
        let mut sent = 0;
        while sent < request.len() {
            stream.writable().await?;
            match stream.try_write(&request[sent..]) {
                Ok(more) => sent += more,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                // Whoever has heard enough hangs up, and may have answered before.
                Err(_hung_up) => break,
            }
        }
        Ok(stream)
    }
}

async fn read_some(stream: &mut tokio::net::TcpStream, into: &mut [u8]) -> std::io::Result<usize> {
    loop {
        stream.readable().await?;
        match stream.try_read(into) {
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            read => return read,
        }
    }
}

/// Nothing in here is to be answered with anything but no.
fn bad_requests(address: SocketAddr) -> Vec<Vec<u8>> {
    let with = |line: &str, head: &str, body: &str| {
        format!("{line} HTTP/1.1\r\nHost: {address}\r\n{head}\r\n{body}").into_bytes()
    };
    let wrong = "Authorization: Bearer 0000000000000000000000\r\n";
    let json = "Content-Type: application/json\r\n";
    let mut all = Vec::new();
    for round in 0..12 {
        all.push(with("GET /status", wrong, ""));
        all.push(with("GET /../../../../etc/passwd", "", ""));
        all.push(with("GET /%2e%2e/%2e%2e/config.toml", "", ""));
        all.push(with("GET /status", "", ""));
        let long = 5_000 + 100 * round;
        let large = format!("{json}Content-Length: {long}\r\n");
        all.push(with("POST /orders", &large, &"x".repeat(long)));
        all.push(with("POST /orders", &format!("{json}Content-Length: 20\r\n"), "{\"order\":\"restart\"}."));
        all.push(with("GET /metrics", &"X-Long: 0123456789\r\n".repeat(100), ""));
        all.push(with("GET /status", &format!("Host: evil.example\r\n{wrong}"), ""));
        all.push(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec());
        all.push(vec![0; 4_096]);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_says_is_read() {
        let body = r#"{"station":"1","state":"visit","visits":{"begun":4,"finished":2,"left_early":1,"wiped":3},
            "sos":1,"fell":5,"calls":0}"#;
        let status = Status::read(body).expect("a status");
        assert_eq!((status.begun, status.wiped, status.sos, status.fell), (4, 3, 1, 5));
        assert!(status.is_well());
        assert_eq!(Status::read("ok"), None);
        assert!(!Status { state: "still".to_owned(), ..status }.is_well());
    }
}
