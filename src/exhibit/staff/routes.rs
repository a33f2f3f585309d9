//! What can be asked of the server, and what it answers. An answer never repeats anything of a request.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Extension, FromRequestParts, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY,
    RETRY_AFTER, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use crossbeam_channel::Sender;
use serde_json::json;
use tokio::time::timeout;

use super::board::{Board, Count, Part};
use super::guard::{self, Wrongs};
use super::order::Order;
use super::token::Token;
use super::{BODY, Config, REQUEST, metrics};

const PAGE: &str = include_str!("../../../assets/staff/index.html");
const SCRIPT: &str = include_str!("../../../assets/staff/staff.js");
const STYLE: &str = include_str!("../../../assets/staff/staff.css");

/// Nothing but the page's own script and style, and nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Who connected, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer {
    /// From where.
    pub(super) from: IpAddr,
    /// The address and port that were reached.
    pub(super) reached: SocketAddr,
}

/// What every answer is made from.
pub(super) struct Desk {
    board: Arc<Board>,
    orders: Sender<Order>,
    token: Option<Token>,
    station: String,
    languages: Vec<String>,
    wrongs: Mutex<Wrongs>,
    since: Instant,
}

impl Desk {
    pub(super) fn new(config: Config, board: Arc<Board>, orders: Sender<Order>) -> Self {
        let Config { token, station, languages, .. } = config;
        Self { board, orders, token, station, languages, wrongs: Mutex::default(), since: Instant::now() }
    }

    /// Whether a request carries the token.
    fn admits(&self, headers: &HeaderMap, from: IpAddr) -> Result<(), Denied> {
        let token = self.token.as_ref().ok_or(Denied::NotSet)?;
        let mut wrongs = self.wrongs.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.since.elapsed();
        if let Some(wait) = wrongs.waits(from, now) {
            return Err(Denied::Waits(wait));
        }
        let entered = guard::token(headers).ok_or(Denied::NoToken)?;
        if token.is(entered) {
            return Ok(());
        }
        wrongs.note(from, now);
        self.board.count(Count::Refused);
        Err(Denied::Wrong)
    }
}

/// Why somebody is not let in.
enum Denied {
    /// There is no token that would let anybody in.
    NotSet,
    /// The request carries none.
    NoToken,
    /// It carries another one.
    Wrong,
    /// Too many wrong ones came from there.
    Waits(Duration),
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        match self {
            Self::NotSet => {
                say(StatusCode::FORBIDDEN, "No token is set here. Set token_file in [exhibit].\n")
            }
            Self::NoToken => {
                who(say(StatusCode::UNAUTHORIZED, "This needs the token of the staff's page.\n"))
            }
            Self::Wrong => who(say(StatusCode::UNAUTHORIZED, "That is not the token of the staff's page.\n")),
            Self::Waits(wait) => {
                let too_many = "Too many wrong tokens came from there. Wait a minute.\n";
                later(say(StatusCode::TOO_MANY_REQUESTS, too_many), wait)
            }
        }
    }
}

/// A request that carries the token.
struct Admitted;

impl FromRequestParts<Arc<Desk>> for Admitted {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Denied> {
        // The accept loop says of every connection whose it is.
        let peer = parts.extensions.get::<Peer>().ok_or(Denied::NoToken)?;
        desk.admits(&parts.headers, peer.from).map(|()| Self)
    }
}

/// Every route.
pub(super) fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/", get(|| async { with_type("text/html; charset=utf-8", PAGE) }))
        .route("/staff.js", get(|| async { with_type("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/staff.css", get(|| async { with_type("text/css; charset=utf-8", STYLE) }))
        .route("/healthz", get(health))
        .route("/metrics", get(numbers))
        .route("/status", get(status))
        .route("/orders", post(orders))
        .fallback(|| async { say(StatusCode::NOT_FOUND, "There is nothing here.\n") })
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn_with_state(Arc::clone(&desk), door))
        .with_state(desk)
}

/// Before and after everything else: the name under which it was reached, how large and how long, and what every answer
/// says of itself.
async fn door(Extension(peer): Extension<Peer>, request: Request, next: Next) -> Response {
    let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let answer = if !guard::is_ours(request.headers(), request.uri(), peer.reached) {
        say(StatusCode::MISDIRECTED_REQUEST, "This server is not reached under that name.\n")
    } else if length.is_some_and(|length: u64| length > BODY as u64) {
        too_large()
    } else {
        timeout(REQUEST, next.run(request))
            .await
            .unwrap_or_else(|_late| say(StatusCode::REQUEST_TIMEOUT, "That took too long.\n"))
    };
    sealed(answer)
}

async fn health(State(desk): State<Arc<Desk>>) -> Response {
    let unwell = desk.board.unwell();
    if unwell.is_empty() {
        return say(StatusCode::OK, "ok\n");
    }
    (StatusCode::SERVICE_UNAVAILABLE, unwell.join("\n") + "\n").into_response()
}

async fn numbers(_: Admitted, State(desk): State<Arc<Desk>>) -> Response {
    with_type(metrics::FORMAT, metrics::text(&desk.board, &desk.station))
}

async fn status(_: Admitted, State(desk): State<Arc<Desk>>) -> Response {
    let board = &desk.board;
    let shown = board.shown();
    let count = |what| board.counted(what);
    let faults: u64 = Part::ALL.into_iter().map(|part| board.faults(part)).sum();
    let text = json!({
        "station": desk.station,
        "languages": desk.languages,
        "state": board.state().name(),
        "unwell": board.unwell(),
        "lang": shown.lang,
        "volume": shown.volume,
        "family": shown.family,
        "next": shown.next,
        "beat_age_s": board.beat_age().as_secs(),
        "visits": {
            "begun": count(Count::Begun),
            "finished": count(Count::Finished),
            "left_early": count(Count::LeftEarly),
            "wiped": count(Count::Wiped),
        },
        "calls": count(Count::Calls),
        "calls_failed": count(Count::CallsFailed),
        "sos": count(Count::Sos),
        "fell": count(Count::StagesFell) + count(Count::HostsFell),
        "faults": faults,
    });
    with_type("application/json", text.to_string())
}

async fn orders(
    _: Admitted,
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if !is_json(&headers) {
        return say(StatusCode::UNSUPPORTED_MEDIA_TYPE, "An order is application/json.\n");
    }
    let body = match body {
        Ok(body) => body,
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => return too_large(),
        Err(_broken) => return say(StatusCode::BAD_REQUEST, "The order broke off.\n"),
    };
    let Some(order) = Order::read(&body, &desk.languages) else {
        let form = "An order is JSON with order, volume (0 to 100) or lang (one that is offered).\n";
        return say(StatusCode::BAD_REQUEST, form);
    };
    match desk.orders.try_send(order) {
        Ok(()) => say(StatusCode::ACCEPTED, "taken\n"),
        Err(_full) => {
            let busy = "Too many orders wait already. Try again in a moment.\n";
            later(say(StatusCode::SERVICE_UNAVAILABLE, busy), Duration::from_secs(1))
        }
    }
}

/// A form of somebody else's page can send no such type without being asked for leave, which nobody gets here.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn say(status: StatusCode, words: &'static str) -> Response {
    (status, words).into_response()
}

fn too_large() -> Response {
    say(StatusCode::PAYLOAD_TOO_LARGE, "That is too large.\n")
}

fn with_type(kind: &'static str, text: impl IntoResponse) -> Response {
    ([(CONTENT_TYPE, kind)], text).into_response()
}

fn who(mut answer: Response) -> Response {
    answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    answer
}

/// Seconds, rounded up: whoever comes back then is not a moment too early.
fn later(mut answer: Response, wait: Duration) -> Response {
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    if let Ok(seconds) = HeaderValue::from_str(&seconds.to_string()) {
        answer.headers_mut().insert(RETRY_AFTER, seconds);
    }
    answer
}

fn sealed(mut answer: Response) -> Response {
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}
