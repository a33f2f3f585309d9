//! Asking a server to speak: `POST …/audio/speech`, as OpenAI, Kokoro-FastAPI, Piper behind HTTP and others answer it.

use std::time::Duration;

use reqwest::header::ACCEPT;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::time::{Instant, timeout_at};

use super::chat::{error_message, shortened};
use super::client::{http, refusal, why};
use super::endpoint::Endpoint;
use super::error::{NetError, Stage};
use super::stream::content_type;

/// How long what may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpeechLimits {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the first of the sound.
    pub first_byte: Duration,
    /// Until the last of it.
    pub whole: Duration,
}

impl Default for SpeechLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            first_byte: Duration::from_secs(6),
            whole: Duration::from_secs(20),
        }
    }
}

/// The most that is read of a sound: a minute in the widest form that is sent.
pub const LONGEST: usize = 20 * 1024 * 1024;
/// What bare samples are where nothing else is said.
const BARE_RATE: u32 = 24_000;

/// What is to be spoken.
#[derive(Clone, Debug, PartialEq)]
pub struct SpeechRequest<'a> {
    /// The model, as the server names it.
    pub model: &'a str,
    /// The words.
    pub input: &'a str,
    /// The voice, as the server names it.
    pub voice: &'a str,
    /// How fast: 1 is its usual pace; 0.25 to 4.
    pub speed: f32,
}

impl SpeechRequest<'_> {
    fn body(&self) -> Value {
        json!({
            "model": self.model,
            "input": self.input,
            "voice": self.voice,
            "response_format": "wav",
            // As it is written, and not as the nearest number of half the length is.
            "speed": (f64::from(self.speed.clamp(0.25, 4.0)) * 100.0).round() / 100.0,
        })
    }
}

/// Sound as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpokenBytes {
    /// A WAV file. Its header may give lengths that were not yet known.
    Wav(Vec<u8>),
    /// Samples of 16 bits of one channel, the low byte first, without a header.
    Bare {
        /// The samples.
        bytes: Vec<u8>,
        /// Samples a second.
        rate: u32,
    },
}

/// Why a server did not speak.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpeechError {
    /// It was not reached, or said no.
    #[error(transparent)]
    Net(#[from] NetError),
    /// It answered with something that is no sound, or of a kind that is not read.
    #[error("the server answered with {0}, where a WAV was asked for")]
    NoSound(String),
    /// This machine gives no sockets.
    #[error("this machine gives no way to the network: {0}")]
    NoNetwork(String),
}

impl SpeechError {
    /// In words for a person in the room: without a word of the server's own.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Net(NetError::Status { status: 404, .. }) => {
                "the server does not have this model or this voice".to_owned()
            }
            Self::Net(NetError::NoChatServer(_)) | Self::NoSound(_) => {
                "what answered there is no voice server".to_owned()
            }
            Self::Net(error) => error.told(),
            Self::NoNetwork(_) => self.to_string(),
        }
    }
}

/// A server that speaks, asked from a thread that has nothing else to do: it waits.
#[derive(Debug)]
pub struct SpeechClient {
    http: reqwest::Client,
    endpoint: Endpoint,
    limits: SpeechLimits,
    /// Always there until it is dropped.
    runtime: Option<Runtime>,
}

impl SpeechClient {
    /// A client of one server.
    ///
    /// # Errors
    /// [`SpeechError`], when this machine gives no sockets or has no way to speak TLS.
    pub fn new(endpoint: Endpoint, limits: SpeechLimits) -> Result<Self, SpeechError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| SpeechError::NoNetwork(error.to_string()))?;
        let http = http(&endpoint).connect_timeout(limits.connect);
        let http = http.build().map_err(|error| NetError::Unreachable(error.to_string()))?;
        Ok(Self { http, endpoint, limits, runtime: Some(runtime) })
    }

    /// The server.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Asks, and waits for all of the sound. A connection that had been left open and was closed meanwhile is made anew, once.
    ///
    /// # Errors
    /// [`SpeechError`].
    pub fn speak(&self, request: &SpeechRequest<'_>) -> Result<SpokenBytes, SpeechError> {
        let Some(runtime) = &self.runtime else {
            return Err(SpeechError::NoNetwork("it is closed".to_owned()));
        };
        let until = std::time::Instant::now() + self.limits.whole;
        let spoken = runtime.block_on(async {
            match self.ask(request, until.into()).await {
                Err(SpeechError::Net(NetError::Unreachable(_))) => self.ask(request, until.into()).await,
                spoken => spoken,
            }
        });
        // A server may send the key back in its message.
        spoken.map_err(|error| match (error, self.endpoint.key()) {
            (SpeechError::Net(error), Some(key)) => error.without(key.expose()).into(),
            (error, _) => error,
        })
    }

    async fn ask(&self, request: &SpeechRequest<'_>, until: Instant) -> Result<SpokenBytes, SpeechError> {
        let first = until.min(Instant::now() + self.limits.first_byte);
        let mut post = self
            .http
            .post(self.endpoint.route("audio/speech"))
            .header(ACCEPT, "audio/wav, audio/x-wav, audio/pcm")
            .json(&request.body());
        if let Some(key) = self.endpoint.key() {
            post = post.bearer_auth(key.expose());
        }
        let response = timeout_at(first, post.send())
            .await
            .map_err(|_late| NetError::TimedOut(Stage::FirstToken))?
            .map_err(|error| why(&error))?;
        if response.status() != StatusCode::OK {
            return Err(refusal(response, first).await.into());
        }
        let kind = content_type(response.headers()).to_lowercase();
        let bytes = whole(response, first, until).await?;
        read(&kind, bytes)
    }
}

impl Drop for SpeechClient {
    fn drop(&mut self) {
        // A name that is still being looked up is not waited for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Reads a body to its end.
async fn whole(mut response: Response, first: Instant, until: Instant) -> Result<Vec<u8>, NetError> {
    let mut bytes = Vec::new();
    loop {
        let (limit, stage) = if bytes.is_empty() { (first, Stage::FirstToken) } else { (until, Stage::Turn) };
        let piece = timeout_at(limit, response.chunk()).await.map_err(|_late| NetError::TimedOut(stage))?;
        match piece {
            Err(_broken) => return Err(NetError::CutOff),
            Ok(None) => return Ok(bytes),
            Ok(Some(piece)) if bytes.len() + piece.len() > LONGEST => {
                return Err(NetError::TooMuch(format!("over {} MB of sound", LONGEST >> 20)));
            }
            Ok(Some(piece)) => bytes.extend(&piece),
        }
    }
}

/// Tells sound from what is none, first by what it is and then by what it is said to be.
fn read(kind: &str, bytes: Vec<u8>) -> Result<SpokenBytes, SpeechError> {
    if bytes.starts_with(b"RIFF") || bytes.starts_with(b"RF64") {
        return Ok(SpokenBytes::Wav(bytes));
    }
    if kind.starts_with("audio/pcm") || kind.starts_with("audio/l16") {
        return Ok(SpokenBytes::Bare { bytes, rate: rate_of(kind) });
    }
    if let Some(message) = serde_json::from_slice(&bytes).ok().and_then(|value: Value| error_message(&value))
    {
        return Err(NetError::InStream(message).into());
    }
    let is = if bytes.is_empty() { "nothing" } else { kind };
    Err(SpeechError::NoSound(shortened(is)))
}

/// "audio/pcm;rate=16000".
fn rate_of(kind: &str) -> u32 {
    let after = kind.split_once("rate=").map_or("", |(_, after)| after);
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(BARE_RATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_is_told_from_what_is_none() {
        let wav = || b"RIFF....WAVE".to_vec();
        for kind in ["audio/wav", "audio/x-wav", "application/octet-stream", "audio/pcm"] {
            assert_eq!(read(kind, wav()), Ok(SpokenBytes::Wav(wav())), "{kind}");
        }
        assert_eq!(read("audio/pcm", vec![1, 2]), Ok(SpokenBytes::Bare { bytes: vec![1, 2], rate: 24_000 }));
        assert_eq!(
            read("audio/pcm; rate=16000; channels=1", vec![]),
            Ok(SpokenBytes::Bare { bytes: vec![], rate: 16_000 })
        );
        let error = read("application/json", br#"{"error":{"message":"no such voice"}}"#.to_vec());
        assert_eq!(error, Err(NetError::InStream("no such voice".to_owned()).into()));
        for (kind, bytes) in [("audio/mpeg", &b"ID3"[..]), ("text/html", b"<html>"), ("audio/wav", b"")] {
            assert!(matches!(read(kind, bytes.to_vec()), Err(SpeechError::NoSound(_))), "{kind}");
        }
    }

    #[test]
    fn a_request_has_what_every_such_server_takes() {
        let request = SpeechRequest { model: "kokoro", input: "I am here.", voice: "bf_emma", speed: 0.9 };
        assert_eq!(
            request.body().to_string(),
            r#"{"model":"kokoro","input":"I am here.","voice":"bf_emma","response_format":"wav","speed":0.9}"#
        );
    }
}
