//! One answer of a server, under limits. Dropping the future closes the connection, which frees the server's slot.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::chat::{ChatRequest, Finish, FormatSupport, error_message, read_delta, shortened};
use super::endpoint::Endpoint;
use super::error::{NetError, Stage};
use super::sse::Decoder;
use super::think::Splitter;

/// How long what may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the first word.
    pub first_token: Duration,
    /// Between two signs of life.
    pub idle: Duration,
    /// The whole answer.
    pub turn: Duration,
}

impl Limits {
    /// Those of a turn: somebody waits.
    pub const TURN: Self = Self {
        connect: Duration::from_secs(2),
        first_token: Duration::from_secs(4),
        idle: Duration::from_secs(5),
        turn: Duration::from_secs(20),
    };
    /// Those of the first request of an evening: a local model may have to be loaded.
    pub const WARM_UP: Self = Self {
        connect: Duration::from_secs(2),
        first_token: Duration::from_secs(150),
        idle: Duration::from_secs(60),
        turn: Duration::from_secs(240),
    };
}

/// How long a connection is left open after the end of an answer.
const LINGER: Duration = Duration::from_millis(300);
/// The most of an error body that is read.
const LONGEST_ERROR: usize = 16 * 1024;

/// A server with the model that is asked for.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    endpoint: Endpoint,
    /// How much of a form this server takes, as far as it is known.
    support: Arc<AtomicU8>,
}

impl Client {
    /// A client of one server.
    ///
    /// # Errors
    /// [`NetError::Unreachable`], when this machine has no way to speak TLS.
    pub fn new(endpoint: Endpoint) -> Result<Self, NetError> {
        // The second time there is one already.
        rustls::crypto::ring::default_provider().install_default().ok();
        let mut http = reqwest::Client::builder()
            .connect_timeout(Limits::TURN.connect)
            // A key must not follow a redirect, and a chat server has none to give.
            .redirect(reqwest::redirect::Policy::none())
            .pool_idle_timeout(Duration::from_secs(30))
            .tcp_nodelay(true)
            .user_agent(concat!("inner-room/", env!("CARGO_PKG_VERSION")));
        if endpoint.is_here() {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| NetError::Unreachable(error.to_string()))?;
        Ok(Self { http, endpoint, support: Arc::default() })
    }

    /// The server.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    fn support(&self) -> FormatSupport {
        match self.support.load(Ordering::Relaxed) {
            0 => FormatSupport::Schema,
            1 => FormatSupport::Object,
            _ => FormatSupport::Prompt,
        }
    }

    /// Asks, and hands every piece of the answer to `heard` as it comes, until that returns false: nothing more of it is
    /// wanted, and the connection is closed. Returns why it ended.
    ///
    /// # Errors
    /// [`NetError`]; what was heard before it was heard.
    pub async fn chat(
        &self,
        request: &ChatRequest,
        model: &str,
        limits: Limits,
        mut heard: impl FnMut(&str) -> bool,
    ) -> Result<Finish, NetError> {
        let begun = Instant::now();
        loop {
            let support = self.support();
            let answer = self.ask(request, model, support, begun, limits).await;
            match (answer, support.less()) {
                (Err(NetError::NoSuchFormat), Some(less)) if request.schema.is_some() => {
                    self.support.store(less as u8, Ordering::Relaxed);
                }
                (answer, _) => return read_stream(answer?, begun, limits, &mut heard).await,
            }
        }
    }

    async fn ask(
        &self,
        request: &ChatRequest,
        model: &str,
        support: FormatSupport,
        begun: Instant,
        limits: Limits,
    ) -> Result<Response, NetError> {
        let mut post = self
            .http
            .post(self.endpoint.route("chat/completions"))
            .header(ACCEPT, "text/event-stream, application/json")
            .json(&request.body(model, support));
        if let Some(key) = self.endpoint.key() {
            post = post.bearer_auth(key.expose());
        }
        let until = begun + limits.first_token.min(limits.turn);
        let response = timeout_at(until, post.send())
            .await
            .map_err(|_late| NetError::TimedOut(Stage::FirstToken))?
            .map_err(|error| why(&error))?;
        if response.status() == StatusCode::OK {
            return Ok(response);
        }
        Err(refusal(response, until).await)
    }

    /// Gets a JSON document of the server's, such as its list of models.
    ///
    /// # Errors
    /// [`NetError`].
    pub async fn get(&self, route: &str, limit: Duration) -> Result<Value, NetError> {
        let mut get = self.http.get(self.endpoint.route(route)).timeout(limit);
        if let Some(key) = self.endpoint.key() {
            get = get.bearer_auth(key.expose());
        }
        let response = get.send().await.map_err(|error| why(&error))?;
        if response.status() != StatusCode::OK {
            return Err(refusal(response, Instant::now() + limit).await);
        }
        let kind = content_type(response.headers());
        let text = capped_text(response, Instant::now() + limit, super::sse::LONGEST_STREAM).await;
        serde_json::from_str(&text).map_err(|_form| NetError::NoChatServer(kind))
    }
}

/// Why a request could not be sent, in plain words.
fn why(error: &reqwest::Error) -> NetError {
    let mut chain = Vec::new();
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(cause) = source {
        chain.push(cause.to_string());
        source = cause.source();
    }
    let all = chain.join(": ").to_lowercase();
    let last = shortened(chain.last().map_or("", String::as_str));
    if error.is_timeout() && error.is_connect() {
        NetError::TimedOut(Stage::Connect)
    } else if error.is_timeout() {
        NetError::TimedOut(Stage::FirstToken)
    } else if all.contains("dns error") || all.contains("lookup address") {
        NetError::NoHost(last)
    } else if all.contains("certificate") || all.contains("invalid peer") || all.contains("tls") {
        NetError::Certificate(last)
    } else {
        NetError::Unreachable(last)
    }
}

fn content_type(headers: &HeaderMap) -> String {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or("nothing that says what it is");
    shortened(kind)
}

/// How long the server wants to be left alone: seconds, or a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    Some(at.duration_since(std::time::SystemTime::now()).unwrap_or_default())
}

async fn capped_text(mut response: Response, until: Instant, most: usize) -> String {
    let mut bytes = Vec::new();
    while let Ok(Ok(Some(piece))) = timeout_at(until, response.chunk()).await {
        bytes.extend(&piece[..piece.len().min(most - bytes.len())]);
        if bytes.len() >= most {
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What a status other than 200 means: by its number first, by its words second.
async fn refusal(response: Response, until: Instant) -> NetError {
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    let kind = content_type(response.headers());
    let text =
        capped_text(response, until.max(Instant::now() + Duration::from_millis(200)), LONGEST_ERROR).await;
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    let message = error_message(&value).unwrap_or_else(|| {
        if kind.contains("html") { "a page for a browser".to_owned() } else { shortened(&text) }
    });
    let lower = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    match status {
        300..=399 => NetError::NoChatServer("a redirect".to_owned()),
        503 if says(&["loading model", "model is loading"]) => NetError::Loading,
        400 | 413 | 422 | 500
            if says(&["context size", "context length", "context_length", "maximum context", "too long"]) =>
        {
            NetError::TooLong
        }
        400 | 404 | 415 | 422 | 500 | 501
            if says(&["response_format", "json_schema", "json schema", "structured output", "grammar"]) =>
        {
            NetError::NoSuchFormat
        }
        _ => NetError::Status { status, message, retry_after },
    }
}

/// Reads a stream to its end. Also a server that answers whole, in spite of what was asked, is understood.
async fn read_stream(
    mut response: Response,
    begun: Instant,
    limits: Limits,
    heard: &mut impl FnMut(&str) -> bool,
) -> Result<Finish, NetError> {
    let kind = content_type(response.headers());
    if kind.contains("html") {
        return Err(NetError::NoChatServer(kind));
    }
    if kind.contains("application/json") {
        let text = capped_text(response, begun + limits.turn, super::sse::LONGEST_STREAM).await;
        return read_whole(&text, heard);
    }
    let (mut decoder, mut answer) = (Decoder::default(), Answer::default());
    let mut sign_of_life = begun;
    loop {
        let (until, stage) = if answer.lives {
            (sign_of_life + limits.idle, Stage::Idle)
        } else {
            (begun + limits.first_token, Stage::FirstToken)
        };
        // After its end a server may still say what it counted, and then close or not.
        let until = if answer.end.is_some() { sign_of_life + LINGER } else { until };
        let (until, stage) =
            if until > begun + limits.turn { (begun + limits.turn, Stage::Turn) } else { (until, stage) };
        let piece = match timeout_at(until, response.chunk()).await {
            // A connection that is left open after the end is closed here.
            Err(_late) => return answer.end(heard).ok_or(NetError::TimedOut(stage)),
            Ok(Err(_broken)) => return answer.end(heard).ok_or(NetError::CutOff),
            Ok(Ok(None)) => break,
            Ok(Ok(Some(piece))) => piece,
        };
        sign_of_life = Instant::now();
        let events = decoder.push(&piece).map_err(|error| NetError::TooMuch(error.to_string()))?;
        for data in events {
            if answer.take(&data, heard)? {
                return answer.end(heard).ok_or(NetError::CutOff);
            }
        }
    }
    if let Some(data) = decoder.finish().map_err(|error| NetError::TooMuch(error.to_string()))? {
        // What was begun when the connection broke is no error of the server's.
        answer.take(&data, heard).or_else(|error| if answer.lives { Ok(false) } else { Err(error) })?;
    }
    answer.end(heard).ok_or(NetError::CutOff)
}

/// An answer while it comes.
#[derive(Default)]
struct Answer {
    splitter: Splitter,
    end: Option<Finish>,
    done: bool,
    lives: bool,
}

impl Answer {
    /// Takes the data of an event; true at the end of the stream, or when no more of it is wanted.
    fn take(&mut self, data: &str, heard: &mut impl FnMut(&str) -> bool) -> Result<bool, NetError> {
        let Some(delta) = read_delta(data)? else {
            self.done = true;
            return Ok(true);
        };
        self.lives |= delta.reasons || !delta.text.is_empty();
        let text = self.splitter.push(&delta.text);
        self.end = self.end.or(delta.finish);
        if !text.is_empty() && !heard(&text) {
            self.done = true;
        }
        Ok(self.done)
    }

    /// Why it ended; none where it was cut off.
    fn end(&mut self, heard: &mut impl FnMut(&str) -> bool) -> Option<Finish> {
        let rest = std::mem::take(&mut self.splitter).finish();
        if !rest.is_empty() {
            heard(&rest);
        }
        self.end.or(self.done.then_some(Finish::Stop))
    }
}

fn read_whole(text: &str, heard: &mut impl FnMut(&str) -> bool) -> Result<Finish, NetError> {
    // Some servers keep the line alive with blank lines before it.
    let mut answer = Answer::default();
    if answer.take(text.trim(), heard)? || !answer.lives {
        return Err(NetError::Malformed(shortened(text)));
    }
    answer.end(heard).ok_or(NetError::CutOff)
}
