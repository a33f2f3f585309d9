//! A chat server of bytes: each connection is answered by a script, also by ones that no HTTP library would write.

#![allow(dead_code, clippy::allow_attributes, reason = "each test takes what it needs")]

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a server does with one request.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Writes these bytes.
    Send(Vec<u8>),
    /// Does nothing for so many milliseconds.
    Wait(u64),
    /// Sends the same bytes until the other side closes.
    Forever(Vec<u8>),
    /// Leaves the connection open until the other side closes.
    Hold,
    /// Breaks it off with a reset.
    Reset,
    /// Closes its own half only.
    HalfClose,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// How a server answers, by what it is asked.
pub(crate) type Answer = dyn Fn(&Seen) -> Vec<Step> + Send + Sync;

/// A server on this machine. It ends with the test's process.
pub(crate) struct WireServer {
    pub(crate) address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    closed: Mutex<Receiver<()>>,
}

impl WireServer {
    pub(crate) fn new(answer: impl Fn(&Seen) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").expect("a port"), answer)
    }

    /// A server at a port; none where somebody has it.
    pub(crate) fn at(port: u16, answer: impl Fn(&Seen) -> Vec<Step> + Send + Sync + 'static) -> Option<Self> {
        Some(Self::on(TcpListener::bind(("127.0.0.1", port)).ok()?, answer))
    }

    fn on(listener: TcpListener, answer: impl Fn(&Seen) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let address = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (tell, closed) = sync_channel(64);
        let answer: Arc<Answer> = Arc::new(answer);
        let kept = Arc::clone(&seen);
        named(move || {
            for stream in listener.incoming().flatten() {
                let (answer, seen, tell) = (Arc::clone(&answer), Arc::clone(&kept), tell.clone());
                named(move || serve(stream, &*answer, &seen, &tell));
            }
        });
        Self { address, seen, closed: Mutex::new(closed) }
    }

    /// Every chat request so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no thread broke off").clone()
    }

    /// Waits until a connection that was held is closed by the other side; none when it is not.
    pub(crate) fn closed(&self) -> Option<()> {
        self.closed.lock().expect("no thread broke off").recv_timeout(Duration::from_secs(10)).ok()
    }
}

fn named(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().name("wire".to_owned()).spawn(work).expect("a thread");
}

fn serve(mut stream: TcpStream, answer: &Answer, seen: &Mutex<Vec<Seen>>, closed: &SyncSender<()>) {
    stream.set_nodelay(true).expect("a socket");
    let Some(request) = read_request(&mut stream) else { return };
    if request.head.starts_with("POST") {
        seen.lock().expect("no thread broke off").push(request.clone());
    }
    for step in answer(&request) {
        let done = match step {
            Step::Send(bytes) => stream.write_all(&bytes).is_ok(),
            Step::Wait(ms) => {
                std::thread::sleep(Duration::from_millis(ms));
                true
            }
            Step::Forever(bytes) => {
                while stream.write_all(&bytes).is_ok() {}
                closed.send(()).ok();
                false
            }
            Step::Hold => {
                let mut rest = [0; 256];
                while stream.read(&mut rest).is_ok_and(|read| read > 0) {}
                closed.send(()).ok();
                false
            }
            Step::Reset => {
                reset(&stream);
                false
            }
            Step::HalfClose => stream.shutdown(Shutdown::Write).is_ok(),
        };
        if !done {
            return;
        }
    }
}

/// Closing with unread data in the buffer sends a reset; so does a linger of nothing.
fn reset(stream: &TcpStream) {
    let socket = socket2::SockRef::from(stream);
    socket.set_linger(Some(Duration::ZERO)).expect("a socket");
}

fn read_request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    let head_end = loop {
        let read = stream.read(&mut piece).ok().filter(|read| *read > 0)?;
        bytes.extend(&piece[..read]);
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let length: usize = head
        .lines()
        .find_map(|line| line.to_lowercase().strip_prefix("content-length:").map(|it| it.trim().parse().ok()))
        .flatten()
        .unwrap_or(0);
    while bytes.len() < head_end + length {
        let read = stream.read(&mut piece).ok().filter(|read| *read > 0)?;
        bytes.extend(&piece[..read]);
    }
    Some(Seen { head, body: String::from_utf8_lossy(&bytes[head_end..]).into_owned() })
}

/// The head of a stream.
pub(crate) fn stream_head() -> Step {
    Step::Send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n".to_vec())
}

/// One delta of a stream.
pub(crate) fn delta(text: &str) -> Step {
    let data = serde_json::json!({ "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }] });
    Step::Send(format!("data: {data}\n\n").into_bytes())
}

/// The end of a stream as it should be.
pub(crate) fn finished() -> Vec<Step> {
    let data = serde_json::json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] });
    vec![Step::Send(format!("data: {data}\n\ndata: [DONE]\n\n").into_bytes())]
}

/// A whole answer, word by word.
pub(crate) fn stream(text: &str) -> Vec<Step> {
    let mut steps = vec![stream_head()];
    steps.extend(text.split_inclusive(' ').map(delta));
    steps.extend(finished());
    steps
}

/// An answer with a status and a JSON body.
pub(crate) fn status(status: &str, headers: &str, body: &str) -> Vec<Step> {
    let kind = if body.starts_with('<') { "text/html" } else { "application/json" };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
        body.len()
    );
    vec![Step::Send(format!("{head}{body}").into_bytes())]
}
