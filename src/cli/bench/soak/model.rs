//! A language model's server on this machine, as far as an exhibition can tell: it streams lines, and answers in whatever form
//! is asked for. And it can be as such servers are at times.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::cli::bench::server::{read_request, spawn};

/// How long one that hangs holds whoever asked.
const HOLDS: Duration = Duration::from_secs(60);
/// What it says: of a line there is always as much as fits everywhere.
const LINE: &str = "I hear you. It has been a long day, and I am still here.";
/// How many letters come at once, and how far apart.
const PIECE: usize = 8;
const APART: Duration = Duration::from_millis(10);

/// How the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Mood {
    Well,
    /// It hangs up on everybody.
    Gone,
    /// It takes a request, and says nothing.
    Hangs,
    /// It says that something is wrong with it.
    Fails,
    /// It breaks off in mid-sentence.
    Cuts,
}

/// The server. It ends with the process.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) address: String,
    mood: Arc<AtomicU8>,
}

impl Model {
    pub(super) fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}/v1", listener.local_addr()?);
        let model = Self { address, mood: Arc::new(AtomicU8::new(Mood::Well as u8)) };
        let serving = model.clone();
        spawn("soak model", move || {
            for stream in listener.incoming().flatten() {
                let model = serving.clone();
                // A connection that gets no thread is closed, and the client sees that; and so does it what breaks off.
                spawn("soak answer", move || model.serve(stream).unwrap_or_default()).ok();
            }
        })?;
        Ok(model)
    }

    /// How it is from now on.
    pub(super) fn is(&self, mood: Mood) {
        self.mood.store(mood as u8, Ordering::Relaxed);
    }

    fn is_in(&self, mood: Mood) -> bool {
        self.mood.load(Ordering::Relaxed) == mood as u8
    }

    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        if self.is_in(Mood::Gone) {
            return Ok(());
        }
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(HOLDS))?;
        let (head, body) = read_request(&mut stream)?;
        if self.is_in(Mood::Hangs) {
            // Whoever has waited long enough hangs up.
            while std::io::Read::read(&mut stream, &mut [0])? > 0 {}
            return Ok(());
        }
        if self.is_in(Mood::Fails) {
            return plain(
                &mut stream,
                "500 Internal Server Error",
                r#"{"error":{"message":"out of memory"}}"#,
            );
        }
        if head.starts_with("GET ") {
            return plain(
                &mut stream,
                "200 OK",
                r#"{"object":"list","data":[{"id":"soak","object":"model"}]}"#,
            );
        }
        let asked: Value = serde_json::from_str(&body).unwrap_or_default();
        self.stream(&mut stream, &answer(&asked))
    }

    fn stream(&self, stream: &mut TcpStream, text: &str) -> std::io::Result<()> {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")?;
        let letters: Vec<char> = text.chars().collect();
        let mut tell = |delta: Value, ends: Option<&str>| {
            let event = json!({ "choices": [{ "index": 0, "delta": delta, "finish_reason": ends }] });
            stream.write_all(format!("data: {event}\n\n").as_bytes())
        };
        for (at, piece) in letters.chunks(PIECE).enumerate() {
            if at * PIECE * 2 > letters.len() && self.is_in(Mood::Cuts) {
                return Ok(());
            }
            tell(json!({ "content": piece.iter().collect::<String>() }), None)?;
            std::thread::sleep(APART);
        }
        tell(json!({}), Some("stop"))?;
        stream.write_all(b"data: [DONE]\n\n")
    }
}

fn plain(stream: &mut TcpStream, status: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n");
    stream.write_all(format!("{head}Connection: close\r\n\r\n{body}").as_bytes())
}

/// A line, or something in the form that was asked for.
fn answer(asked: &Value) -> String {
    match &asked["response_format"]["json_schema"]["schema"] {
        Value::Null => LINE.to_owned(),
        schema => fill(schema).to_string(),
    }
}

/// The plainest value of a form (JSON Schema, as far as this program asks for it).
fn fill(schema: &Value) -> Value {
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    match schema["type"].as_str() {
        Some("object") => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            Value::Object(fields.map(|(name, form)| (name.clone(), fill(form))).collect::<Map<_, _>>())
        }
        Some("array") => json!([fill(&schema["items"])]),
        Some("string") => LINE.into(),
        Some("boolean") => false.into(),
        Some("integer" | "number") => 0.into(),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn ask(model: &Model, body: &str) -> String {
        let address = model.address.trim_start_matches("http://").trim_end_matches("/v1");
        let mut stream = TcpStream::connect(address).expect("it listens");
        let length = body.len();
        let head = format!("POST /v1/chat/completions HTTP/1.1\r\nContent-Length: {length}\r\n\r\n");
        let mut text = String::new();
        // One that hangs up may do so before all was said.
        let asked = stream.write_all(format!("{head}{body}").as_bytes());
        asked.and_then(|()| stream.read_to_string(&mut text)).ok();
        text
    }

    #[test]
    fn a_form_is_filled_with_what_it_allows() {
        let reading = json!({ "type": "object", "properties": { "move": { "enum": ["stay", "go"] } } });
        let form = json!({ "type": "object", "properties": {
            "scene": { "type": "string" }, "end": { "type": "boolean" },
            "moves": { "type": "array", "items": reading }, "resistance": { "anyOf": [{ "type": "null" }] },
        } });
        let asked = json!({ "response_format": { "json_schema": { "schema": form } } });
        let expected =
            json!({ "scene": LINE, "end": false, "moves": [{ "move": "stay" }], "resistance": null });
        assert_eq!(serde_json::from_str::<Value>(&answer(&asked)).expect("JSON"), expected);
        assert_eq!(answer(&json!({})), LINE);
    }

    #[test]
    fn it_answers_and_breaks_off_fails_and_hangs_up_as_it_is_told() {
        let model = Model::start().expect("a port");
        let whole = ask(&model, "{}");
        assert!(whole.contains("data: [DONE]") && whole.starts_with("HTTP/1.1 200"), "{whole}");
        model.is(Mood::Cuts);
        let cut = ask(&model, "{}");
        assert!(cut.contains("delta") && !cut.contains("[DONE]"), "{cut}");
        model.is(Mood::Fails);
        assert!(ask(&model, "{}").starts_with("HTTP/1.1 500"));
        model.is(Mood::Gone);
        assert_eq!(ask(&model, "{}"), "");
        model.is(Mood::Well);
        assert!(ask(&model, "{}").contains("[DONE]"));
    }
}
