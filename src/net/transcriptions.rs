//! Asking a server for the words of a sound: `POST {base}/audio/transcriptions`, as `OpenAI` has it and many after them.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::multipart::{Form, Part};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout_at};

use super::chat::{error_message, shortened};
use super::client::{PAGE, http, refusal, why};
use super::endpoint::Endpoint;
use super::error::{NetError, Stage};

/// How long the whole of it may take: a recogniser on a slow machine takes as long as what it hears.
const WHOLE: Duration = Duration::from_secs(25);
/// How often it is looked whether the words are still wanted.
const LOOK: Duration = Duration::from_millis(20);
/// The most bytes of an answer.
const LARGEST: usize = 1024 * 1024;

/// Words that a server made of a sound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    /// The words.
    pub text: String,
    /// The language, as the server calls it, where it says so.
    pub lang: Option<String>,
    /// How likely there is no speech in the sound, 0 to 1, where it says so.
    pub no_speech: Option<f32>,
    /// How sure it is of its words, 0 to 1, where it says so.
    pub confidence: Option<f32>,
}

/// A server that makes words of speech, and what it was found to take.
#[derive(Debug)]
pub struct Transcriptions {
    http: reqwest::Client,
    endpoint: Endpoint,
    whole: Duration,
    /// It has refused to say more than the words.
    only_words: bool,
}

impl Transcriptions {
    /// A client of one server.
    ///
    /// # Errors
    /// [`NetError::Unreachable`], when this machine has no way to speak TLS.
    pub fn new(endpoint: Endpoint) -> Result<Self, NetError> {
        // Every sound has a runtime of its own, with which its connection ends.
        let http = http(&endpoint).pool_max_idle_per_host(0);
        let http = http.build().map_err(|error| NetError::Unreachable(error.to_string()))?;
        Ok(Self { http, endpoint, whole: WHOLE, only_words: false })
    }

    /// The same, given up after so long.
    #[must_use]
    pub fn within(self, whole: Duration) -> Self {
        Self { whole, ..self }
    }

    /// The server.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The words of a WAV file, in a language (ISO 639) that is expected in it. Waits for them, on a thread that has nothing
    /// else to do, until `unwanted` says so; there are none then, and the connection is closed within 50 ms.
    ///
    /// # Errors
    /// [`NetError`].
    pub fn ask(
        &mut self,
        wav: &[u8],
        model: &str,
        lang: Option<&str>,
        unwanted: impl Fn() -> bool,
    ) -> Result<Option<Words>, NetError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| NetError::Unreachable(error.to_string()))?;
        let asked = runtime.block_on(async {
            tokio::select! {
                words = self.ask_in_any_form(wav, model, lang) => words.map(Some),
                () = until(&unwanted) => Ok(None),
            }
        });
        // A name that is still being looked up is not waited for.
        runtime.shutdown_background();
        // A server may send the key back in its message.
        asked.map_err(|error| match self.endpoint.key() {
            Some(key) => error.without(key.expose()),
            None => error,
        })
    }

    /// Asks for all that a server can say, and then, where it does not take that, for the words alone.
    async fn ask_in_any_form(
        &mut self,
        wav: &[u8],
        model: &str,
        lang: Option<&str>,
    ) -> Result<Words, NetError> {
        let until = Instant::now() + self.whole;
        if !self.only_words {
            match self.post(wav, model, lang, "verbose_json", until).await {
                Err(error) if may_be_about_the_form(&error) => {}
                asked => return asked,
            }
        }
        let words = self.post(wav, model, lang, "json", until).await?;
        self.only_words = true;
        Ok(words)
    }

    async fn post(
        &self,
        wav: &[u8],
        model: &str,
        lang: Option<&str>,
        format: &'static str,
        until: Instant,
    ) -> Result<Words, NetError> {
        let file = Part::bytes(wav.to_vec()).file_name("utterance.wav");
        let file = file.mime_str("audio/wav").map_err(|error| why(&error))?;
        let mut form =
            Form::new().part("file", file).text("model", model.to_owned()).text("response_format", format);
        if let Some(lang) = lang {
            form = form.text("language", lang.to_owned());
        }
        let mut post = self
            .http
            .post(self.endpoint.route("audio/transcriptions"))
            .header(ACCEPT, "application/json, text/plain")
            .multipart(form);
        if let Some(key) = self.endpoint.key() {
            post = post.bearer_auth(key.expose());
        }
        let mut response = timeout_at(until, post.send())
            .await
            .map_err(|_late| NetError::TimedOut(Stage::FirstToken))?
            .map_err(|error| why(&error))?;
        if response.status() != StatusCode::OK {
            return Err(match refusal(response, until).await {
                NetError::NoChatServer(what) => NetError::NoTranscriptions(what),
                error => error,
            });
        }
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().to_lowercase();
        words(&kind, &body(&mut response, until).await?)
    }
}

/// Comes back once this is so.
async fn until(unwanted: &impl Fn() -> bool) {
    while !unwanted() {
        sleep(LOOK).await;
    }
}

/// Whether a refusal may be one of the form that was asked for. Many servers do not say what they do not take.
fn may_be_about_the_form(error: &NetError) -> bool {
    matches!(error, NetError::Unsupported(_) | NetError::Status { status: 400 | 415 | 422 | 501, .. })
}

async fn body(response: &mut Response, until: Instant) -> Result<String, NetError> {
    let mut bytes = Vec::new();
    loop {
        let piece = timeout_at(until, response.chunk()).await;
        match piece.map_err(|_late| NetError::TimedOut(Stage::Turn))?.map_err(|_broken| NetError::CutOff)? {
            None => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Some(piece) if bytes.len() + piece.len() > LARGEST => {
                return Err(NetError::TooMuch("over a megabyte of words".to_owned()));
            }
            Some(piece) => bytes.extend(&piece),
        }
    }
}

/// Reads an answer: an object with words in it, or nothing but the words.
fn words(kind: &str, body: &str) -> Result<Words, NetError> {
    let body = body.trim();
    if kind.contains("html") {
        return Err(NetError::NoTranscriptions(PAGE.to_owned()));
    }
    let text = match serde_json::from_str(body) {
        Ok(Value::Object(fields)) => return read(&Value::Object(fields)),
        Ok(Value::String(text)) => text,
        _ if kind.contains("json") || body.starts_with(['{', '[', '<']) => {
            return Err(NetError::Malformed(shortened(body)));
        }
        _ => body.to_owned(),
    };
    Ok(Words { text, ..Words::default() })
}

fn read(answer: &Value) -> Result<Words, NetError> {
    let Some(text) = answer["text"].as_str() else {
        return Err(match error_message(answer) {
            Some(message) => NetError::InStream(message),
            None => NetError::Malformed(shortened(&answer.to_string())),
        });
    };
    Ok(Words {
        text: text.to_owned(),
        lang: answer["language"].as_str().map(str::to_owned),
        no_speech: over_segments(answer, "no_speech_prob"),
        confidence: over_segments(answer, "avg_logprob").map(f32::exp),
    }
    .within_bounds())
}

/// The mean of a number over all segments, each by how much is said in it; none where it stands in none of them.
fn over_segments(answer: &Value, name: &str) -> Option<f32> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for segment in answer["segments"].as_array()? {
        let weight = segment["text"].as_str().map_or(1, |text| text.trim().len().max(1)) as f64;
        if let Some(number) = segment[name].as_f64() {
            sum += weight * number;
            weights += weight;
        }
    }
    (weights > 0.0).then(|| (sum / weights) as f32)
}

impl Words {
    fn within_bounds(self) -> Self {
        let share = |number: Option<f32>| number.map(|it| it.clamp(0.0, 1.0)).filter(|it| !it.is_nan());
        Self { no_speech: share(self.no_speech), confidence: share(self.confidence), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(kind: &str, body: &str) -> Result<String, NetError> {
        words(kind, body).map(|words| words.text)
    }

    #[test]
    fn answers_of_real_servers_are_read() {
        for (kind, body) in [
            ("application/json", r#"{"text":"You were tired."}"#),
            (
                "application/json; charset=utf-8",
                r#" {"text":"You were tired.","usage":{"type":"duration","seconds":2}}"#,
            ),
            ("text/plain; charset=utf-8", "You were tired.\n"),
            ("", "You were tired."),
            ("application/json", r#""You were tired.""#),
        ] {
            assert_eq!(text(kind, body).as_deref(), Ok("You were tired."), "{body}");
        }
        assert_eq!(text("application/json", r#"{"text":""}"#).as_deref(), Ok(""));
        assert_eq!(text("text/plain", "").as_deref(), Ok(""));
    }

    #[test]
    fn what_a_server_says_of_its_words_is_the_mean_by_how_much_is_said() {
        let answer = r#"{"task":"transcribe","language":"english","duration":3.0,"text":"abc d","segments":[
            {"text":" abc","avg_logprob":0.0,"no_speech_prob":0.1},{"text":" d","avg_logprob":-4.0,"no_speech_prob":0.9}]}"#;
        let words = words("application/json", answer).expect("words");
        assert_eq!(words.lang.as_deref(), Some("english"));
        assert!(words.no_speech.is_some_and(|it| (it - 0.3).abs() < 1e-6), "{words:?}");
        assert!(words.confidence.is_some_and(|it| (it - (-1.0_f32).exp()).abs() < 1e-6), "{words:?}");
        let odd = r#"{"text":"a","segments":[{"no_speech_prob":7.0},{"no_speech_prob":null},5]}"#;
        let odd = super::words("application/json", odd).expect("words");
        assert_eq!((odd.no_speech, odd.confidence), (Some(1.0), None));
    }

    #[test]
    fn what_is_no_answer_is_told_apart() {
        assert!(matches!(text("text/html", "<html>"), Err(NetError::NoTranscriptions(_))));
        for body in ["{\"text\":", "{\"words\":\"a\"}", "{\"text\":null}", "<html>", "[1]"] {
            assert!(matches!(text("", body), Err(NetError::Malformed(_))), "{body}");
        }
        assert!(matches!(text("application/json", "You were"), Err(NetError::Malformed(_))));
        let error = text("application/json", r#"{"error":{"message":"no such model"}}"#);
        assert_eq!(error, Err(NetError::InStream("no such model".to_owned())));
    }
}
