//! A recogniser that hears what it was told: a server of words, so that a test knows what was said.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// It ends with the test's process.
pub(crate) struct KnownWords {
    pub(crate) address: String,
    words: Arc<Mutex<String>>,
}

impl KnownWords {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let words = Arc::new(Mutex::new(String::new()));
        let known = Arc::clone(&words);
        let hears = std::thread::Builder::new().name("known words".to_owned());
        let work = move || {
            for stream in listener.incoming().flatten() {
                let words = known.lock().expect("no panic").clone();
                answer(stream, &words);
            }
        };
        hears.spawn(work).expect("a thread");
        Self { address, words }
    }

    /// What it hears in everything from now on.
    pub(crate) fn hear(&self, words: &str) {
        words.clone_into(&mut self.words.lock().expect("no panic"));
    }
}

/// Answers one request; a caller that breaks off is left alone.
fn answer(mut stream: TcpStream, words: &str) {
    let (mut asked, mut piece) = (Vec::new(), [0; 65_536]);
    let whole = loop {
        let Ok(read @ 1..) = stream.read(&mut piece) else { return };
        asked.extend_from_slice(&piece[..read]);
        let Some(head) = asked.windows(4).position(|it| it == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&asked[..head]).to_lowercase();
        let length =
            text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        break head + 4 + length.unwrap_or(0);
    };
    while asked.len() < whole {
        let Ok(read @ 1..) = stream.read(&mut piece) else { return };
        asked.extend_from_slice(&piece[..read]);
    }
    let body = serde_json::json!({ "text": words }).to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _sent = stream.write_all((head + &body).as_bytes());
}
