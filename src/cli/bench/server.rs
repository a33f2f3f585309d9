//! A chat server of set speed on the loopback device. What it says is handed to it beforehand, by the model's name.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Characters of a token: what English has on average with today's vocabularies.
const TOKEN: usize = 4;

/// When a request was served.
#[derive(Clone, Debug)]
pub(super) struct Served {
    /// The model that was asked for: the part that is played.
    pub(super) model: String,
    /// When the whole request was there.
    pub(super) received: Instant,
    /// When the last byte of the first sentence was written, if it was.
    pub(super) sentence: Option<Instant>,
    /// How many tokens were written.
    pub(super) tokens: usize,
}

#[derive(Debug, Default)]
struct Shared {
    /// What is still to be said, by model.
    answers: BTreeMap<String, VecDeque<String>>,
    /// What was said to a request, so that the same request has the same answer.
    said: HashMap<String, String>,
    served: Vec<Served>,
}

/// The server. It ends with the process.
#[derive(Clone, Debug)]
pub(super) struct PacedServer {
    pub(super) address: String,
    shared: Arc<Mutex<Shared>>,
}

impl PacedServer {
    pub(super) fn start(first_token: Duration, tokens_a_second: u32) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}/v1", listener.local_addr()?);
        let server = Self { address, shared: Arc::default() };
        let pace = Pace { first_token, token: Duration::from_secs(1) / tokens_a_second };
        let serving = server.clone();
        spawn("paced server", move || {
            for stream in listener.incoming().flatten() {
                let server = serving.clone();
                // A connection that gets no thread is closed, and the client sees that.
                spawn("paced answer", move || server.serve(stream, pace).unwrap_or_default()).ok();
            }
        })?;
        Ok(server)
    }

    /// What is said to the next new request for this model.
    pub(super) fn will_say(&self, model: &str, answer: String) {
        self.lock().answers.entry(model.to_owned()).or_default().push_back(answer);
    }

    /// Every request that was served so far.
    pub(super) fn served(&self) -> Vec<Served> {
        self.lock().served.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer_to(&self, body: &str, model: &str) -> String {
        let mut shared = self.lock();
        if let Some(answer) = shared.said.get(body) {
            return answer.clone();
        }
        let answer = shared.answers.get_mut(model).and_then(VecDeque::pop_front).unwrap_or_default();
        shared.said.insert(body.to_owned(), answer.clone());
        answer
    }

    fn serve(&self, mut stream: TcpStream, pace: Pace) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let (_head, body) = read_request(&mut stream)?;
        let received = Instant::now();
        let model = serde_json::from_str::<Value>(&body).unwrap_or_default()["model"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let answer = self.answer_to(&body, &model);
        let written = write_answer(&mut stream, &answer, received, pace);
        let (sentence, tokens) = written.as_ref().copied().unwrap_or_default();
        self.lock().served.push(Served { model, received, sentence, tokens });
        written.map(|_written| ())
    }
}

#[derive(Clone, Copy, Debug)]
struct Pace {
    first_token: Duration,
    token: Duration,
}

/// A thread of its own.
pub(super) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    crate::thread::spawn(name, work).map(|_thread| ())
}

/// A request: its head, and its body.
pub(super) fn read_request(stream: &mut TcpStream) -> std::io::Result<(String, String)> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let read = stream.read(&mut piece)?;
        bytes.extend(&piece[..read]);
        let text = String::from_utf8_lossy(&bytes);
        let whole = text.split_once("\r\n\r\n").filter(|(head, body)| {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            body.len() >= length.unwrap_or(0)
        });
        match whole {
            Some((head, body)) => return Ok((head.to_owned(), body.to_owned())),
            None if read == 0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            None => {}
        }
    }
}

/// Writes an answer token by token, each at its time, and says when its first sentence was out, and how many there were.
fn write_answer(
    stream: &mut TcpStream,
    answer: &str,
    received: Instant,
    pace: Pace,
) -> std::io::Result<(Option<Instant>, usize)> {
    let chars: Vec<char> = answer.chars().collect();
    let (mut sentence, mut tokens) = (None, 0);
    for token in chars.chunks(TOKEN) {
        let due = received + pace.first_token + pace.token * u32::try_from(tokens).unwrap_or(u32::MAX);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        if tokens == 0 {
            stream.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n",
            )?;
        }
        let text: String = token.iter().collect();
        let delta =
            json!({ "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }] });
        stream.write_all(format!("data: {delta}\n\n").as_bytes())?;
        if sentence.is_none() && text.contains(['.', '?']) {
            sentence = Some(Instant::now());
        }
        tokens += 1;
    }
    let end = json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] });
    stream.write_all(format!("data: {end}\n\ndata: [DONE]\n\n").as_bytes())?;
    Ok((sentence, tokens))
}
