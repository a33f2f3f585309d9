//! One answer of a server, under limits. Dropping the future closes the connection, which frees the server's slot.

use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::chat::{ChatRequest, Finish, error_message, shortened};
use super::dialect::{Dialect, Dialects, Unsupported};
use super::endpoint::Endpoint;
use super::error::{NetError, Stage};
pub use super::stream::Piece;
use super::stream::{Asked, capped_text, content_type};

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
    /// Those of what is prepared while somebody speaks: a server with one slot may keep it in its queue for a while.
    pub const AHEAD: Self = Self { first_token: Duration::from_secs(12), ..Self::TURN };
    /// Those of the first request of an evening: a local model may have to be loaded.
    pub const WARM_UP: Self = Self {
        connect: Duration::from_secs(2),
        first_token: Duration::from_secs(240),
        idle: Duration::from_secs(60),
        turn: Duration::from_secs(300),
    };
}

/// What a message says instead of a page of HTML.
pub(super) const PAGE: &str = "a page for a browser";
/// The most of an error body that is read.
const LONGEST_ERROR: usize = 16 * 1024;

/// A server, and what it was found to take.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    endpoint: Endpoint,
    dialects: Dialects,
}

/// How often a request is sent again in another form.
const MOST_FORMS: u32 = 6;

impl Client {
    /// A client of one server.
    ///
    /// # Errors
    /// [`NetError::Unreachable`], when this machine has no way to speak TLS.
    pub fn new(endpoint: Endpoint) -> Result<Self, NetError> {
        let http = http(&endpoint).build().map_err(|error| NetError::Unreachable(error.to_string()))?;
        Ok(Self { http, endpoint, dialects: Dialects::default() })
    }

    /// The same for what must reach this server by no detour: no proxy is asked, whatever the environment says. No connection
    /// is kept for the next request, so that each may have a runtime of its own and end with it.
    ///
    /// # Errors
    /// [`NetError::Unreachable`].
    pub fn direct(endpoint: Endpoint) -> Result<Self, NetError> {
        let http = http(&endpoint).no_proxy().pool_max_idle_per_host(0).build();
        let http = http.map_err(|error| NetError::Unreachable(error.to_string()))?;
        Ok(Self { http, endpoint, dialects: Dialects::default() })
    }

    /// The server.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
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
        mut heard: impl FnMut(Piece<'_>) -> bool,
    ) -> Result<Finish, NetError> {
        let until = Instant::now() + limits.turn;
        let mut asked = self.ask_in_any_form(request, model, until, limits).await?;
        let ended = asked.read(until, limits, &mut heard).await;
        let (began_inside, only_reasoned) = (asked.began_inside(), asked.only_reasoned());
        if began_inside || only_reasoned {
            self.dialects.learn(model, |dialect| {
                dialect.begins_inside |= began_inside;
                dialect.reasons |= only_reasoned || began_inside;
            });
        }
        match ended {
            Ok(_) if only_reasoned => Err(NetError::OnlyReasoned),
            ended => ended.map_err(|error| self.without_key(error)),
        }
    }

    /// Sends a request; what the server does not take is left out, and remembered for this model.
    async fn ask_in_any_form(
        &self,
        request: &ChatRequest,
        model: &str,
        until: Instant,
        limits: Limits,
    ) -> Result<Asked, NetError> {
        let mut forms = 0;
        loop {
            let dialect = self.dialects.of(model);
            let begun = Instant::now();
            match self.ask(request, model, dialect, until.min(begun + limits.first_token)).await {
                Ok(response) => return Ok(Asked::new(response, begun, dialect.begins_inside)),
                // Where another request has learnt it meanwhile, this one only goes out again.
                Err(NetError::Unsupported(what))
                    if forms < MOST_FORMS
                        && self.dialects.learn(model, |known| *known != dialect || known.leave_out(what)) =>
                {
                    forms += 1;
                }
                Err(error) => return Err(self.without_key(error)),
            }
        }
    }

    async fn ask(
        &self,
        request: &ChatRequest,
        model: &str,
        dialect: Dialect,
        until: Instant,
    ) -> Result<Response, NetError> {
        let mut post = self
            .http
            .post(self.endpoint.route("chat/completions"))
            .header(ACCEPT, "text/event-stream, application/json")
            .json(&request.body(model, dialect));
        if let Some(key) = self.endpoint.key() {
            post = post.bearer_auth(key.expose());
        }
        let response = timeout_at(until, post.send())
            .await
            .map_err(|_late| NetError::TimedOut(Stage::FirstToken))?
            .map_err(|error| why(&error))?;
        if response.status() == StatusCode::OK {
            return Ok(response);
        }
        Err(refusal(response, until).await)
    }

    /// A server may send the key back in its message.
    fn without_key(&self, error: NetError) -> NetError {
        match self.endpoint.key() {
            Some(key) => error.without(key.expose()),
            None => error,
        }
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
        let mut response = get.send().await.map_err(|error| why(&error))?;
        if response.status() != StatusCode::OK {
            return Err(self.without_key(refusal(response, Instant::now() + limit).await));
        }
        let kind = content_type(response.headers());
        let text = capped_text(&mut response, Instant::now() + limit, super::sse::LONGEST_STREAM).await;
        serde_json::from_str(&text).map_err(|_form| NetError::NoChatServer(kind))
    }
}

/// How every server of words or voices is spoken to.
pub(super) fn http(endpoint: &Endpoint) -> reqwest::ClientBuilder {
    builder(endpoint.is_here())
        .connect_timeout(Limits::TURN.connect)
        .pool_idle_timeout(Duration::from_secs(30))
        .tcp_nodelay(true)
}

/// What every client of this program has in common: it follows no redirect by itself, because a key must not, and asks no
/// proxy for what is on this machine.
pub(super) fn builder(is_here: bool) -> reqwest::ClientBuilder {
    // The second time there is one already.
    rustls::crypto::ring::default_provider().install_default().ok();
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("inner-room/", env!("CARGO_PKG_VERSION")));
    if is_here { http.no_proxy() } else { http }
}

/// Why a request could not be sent, in plain words.
pub(super) fn why(error: &reqwest::Error) -> NetError {
    let mut causes: Vec<&(dyn std::error::Error + 'static)> = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        causes.push(cause);
        source = cause.source();
    }
    let last = shortened(&causes.last().map_or_else(|| error.to_string(), ToString::to_string));
    let said = causes.iter().map(|cause| cause.to_string().to_lowercase()).collect::<Vec<_>>().join(": ");
    let certificate = causes.iter().find_map(|cause| certificate(*cause));
    let looked_up = said.contains("dns error") || said.contains("lookup address");
    // The resolver is out of reach for the moment: the Wi-Fi is gone, and comes back.
    let for_now = said.contains("temporary failure") || said.contains("try again");
    if error.is_timeout() {
        NetError::TimedOut(if error.is_connect() { Stage::Connect } else { Stage::FirstToken })
    } else if looked_up && !for_now {
        NetError::NoHost(last)
    } else if let Some(why) = certificate {
        NetError::Certificate(why)
    } else {
        NetError::Unreachable(last)
    }
}

/// Why a certificate was refused; none where something else went wrong. It lies in as many errors as there are layers.
fn certificate(cause: &(dyn std::error::Error + 'static)) -> Option<String> {
    if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
        return Some(shortened(&tls.to_string()));
    }
    let inner: &(dyn std::error::Error + 'static) = cause.downcast_ref::<std::io::Error>()?.get_ref()?;
    certificate(inner)
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

/// What a status other than 200 means: by its number first, by its words second.
pub(super) async fn refusal(mut response: Response, until: Instant) -> NetError {
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    let kind = content_type(response.headers());
    let text =
        capped_text(&mut response, until.max(Instant::now() + Duration::from_millis(200)), LONGEST_ERROR)
            .await;
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    let message = error_message(&value)
        .unwrap_or_else(|| if kind.contains("html") { PAGE.to_owned() } else { shortened(&text) });
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
        400 | 404 | 415 | 422 | 500 | 501 => match unsupported(&lower) {
            Some(what) => NetError::Unsupported(what),
            None => NetError::Status { status, message, retry_after },
        },
        _ => NetError::Status { status, message, retry_after },
    }
}

/// What of a request a server does not take, by the words in which it says so.
fn unsupported(says: &str) -> Option<Unsupported> {
    let has = |words: &[&str]| words.iter().any(|word| says.contains(word));
    if has(&["max_completion_tokens"]) {
        Some(Unsupported::MaxTokens)
    } else if has(&["reasoning_effort", "chat_template_kwargs", "enable_thinking"]) {
        Some(Unsupported::Wishes)
    } else if has(&["maxlength", "maxitems"]) {
        Some(Unsupported::Bounds)
    } else if has(&["temperature"]) && has(&["unsupported", "not support", "default"]) {
        Some(Unsupported::Temperature)
    } else if has(&["response_format", "json_schema", "json schema", "structured output", "grammar"]) {
        Some(Unsupported::Format)
    } else {
        None
    }
}
