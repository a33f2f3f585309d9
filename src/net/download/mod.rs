//! Getting one large file, from its beginning or from where it broke off, under limits. What comes is handed on as it
//! comes; whether it is the right file is for whoever takes it to say.

mod error;

use std::time::Duration;

pub use error::DownloadError;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, ETAG, IF_RANGE, LOCATION, RANGE};
use reqwest::{Client, Response, StatusCode, Url};
use tokio::time::timeout;

use super::client::{builder, why};
use super::discover::wait_for;
use super::endpoint::is_here;
use super::error::{NetError, Stage};
use super::stream::content_type;

/// How often a server may send on to another address for one file.
const MOST_HOPS: usize = 8;

/// What a download may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// Between two signs of life.
    pub idle: Duration,
    /// The size of the whole file in bytes, where it is known beforehand: no other is taken.
    pub size: Option<u64>,
    /// The most bytes that the whole file may have.
    pub most: u64,
}

impl Limits {
    /// Those of a file that may have so many bytes, and must have `size` where that is known.
    #[must_use]
    pub fn of(size: Option<u64>, most: u64) -> Self {
        Self { connect: Duration::from_secs(10), idle: Duration::from_secs(30), size, most }
    }
}

/// What has come of a file before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// How many bytes, from the first.
    pub bytes: u64,
    /// The mark by which the server knew the file then, where it gave a strong one: its `ETag`.
    pub tag: Option<String>,
}

/// How an answer begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// At which byte: that which was held, or 0, and then what was held is no part of the file.
    pub from: u64,
    /// How many bytes the whole file has, where the server says so.
    pub total: Option<u64>,
    /// The mark by which the server knows the file.
    pub tag: Option<String>,
}

/// Where a file goes.
pub trait Target {
    /// What of it is here already.
    ///
    /// # Errors
    /// When that cannot be told.
    fn held(&self) -> std::io::Result<Held>;

    /// An answer begins. It is called before any byte, and not for an answer that is refused.
    ///
    /// # Errors
    /// When it cannot be written there.
    fn start(&mut self, start: &Start) -> std::io::Result<()>;

    /// The next bytes.
    ///
    /// # Errors
    /// When they cannot be written; the download ends with that.
    fn take(&mut self, bytes: &[u8]) -> std::io::Result<()>;
}

/// Gets the file at an address, and waits until it is there. It comes over https alone, but for an address on this machine.
///
/// # Errors
/// [`DownloadError`]. A server that cannot go on from where it broke off begins anew; that is no error.
pub fn fetch(address: &str, limits: Limits, target: &mut dyn Target) -> Result<(), DownloadError> {
    let url = Url::parse(address).ok().filter(|url| url.has_host());
    let url = url.ok_or_else(|| DownloadError::Address(address.to_owned()))?;
    wait_for(get(may_go(None, url)?, limits, target)).map_err(DownloadError::System)?
}

async fn get(url: Url, limits: Limits, target: &mut dyn Target) -> Result<(), DownloadError> {
    let http = builder(is_here(&url))
        .connect_timeout(limits.connect)
        .build()
        .map_err(|error| DownloadError::Unreachable { host: host(&url), why: error.to_string() })?;
    let held = target.held().map_err(DownloadError::Write)?;
    let mut answer = follow(&http, &url, &held, limits).await?;
    if !goes_on(&answer, &held) {
        answer = follow(&http, &url, &Held::default(), limits).await?;
    }
    if answer.status() == StatusCode::RANGE_NOT_SATISFIABLE && goes_on(&answer, &held) {
        // Every byte of it is here.
        return check_size(Some(held.bytes), limits, &host(answer.url()));
    }
    receive(answer, &held, limits, target).await
}

/// Whether an answer is the whole file, or all of it that is not held.
fn goes_on(answer: &Response, held: &Held) -> bool {
    let (from, total) = content_range(answer);
    match answer.status() {
        StatusCode::PARTIAL_CONTENT => from == Some(held.bytes),
        StatusCode::RANGE_NOT_SATISFIABLE => total == Some(held.bytes),
        _ => true,
    }
}

/// Asks, and goes wherever the server sends on to, as far as that is safe.
async fn follow(http: &Client, url: &Url, held: &Held, limits: Limits) -> Result<Response, DownloadError> {
    let mut url = url.clone();
    for _ in 0..=MOST_HOPS {
        let answer = ask(http, &url, held, limits).await?;
        if !answer.status().is_redirection() {
            return Ok(answer);
        }
        let to = answer.headers().get(LOCATION).and_then(|to| url.join(to.to_str().ok()?).ok());
        let nowhere = || DownloadError::Status { host: host(&url), status: answer.status().as_u16() };
        url = may_go(Some(&url), to.ok_or_else(nowhere)?)?;
    }
    Err(DownloadError::Redirects(host(&url)))
}

async fn ask(http: &Client, url: &Url, held: &Held, limits: Limits) -> Result<Response, DownloadError> {
    // Sizes and ranges are those of the file itself.
    let mut request = http.get(url.clone()).header(ACCEPT_ENCODING, "identity");
    if held.bytes > 0 {
        request = request.header(RANGE, format!("bytes={}-", held.bytes));
        if let Some(tag) = &held.tag {
            request = request.header(IF_RANGE, tag);
        }
    }
    match timeout(limits.connect + limits.idle, request.send()).await {
        Err(_late) => Err(DownloadError::Late(host(url))),
        Ok(Err(error)) => Err(unsent(&error, host(url))),
        Ok(Ok(answer)) => Ok(answer),
    }
}

/// Reads an answer to its end, and hands on what comes.
async fn receive(
    mut answer: Response,
    held: &Held,
    limits: Limits,
    target: &mut dyn Target,
) -> Result<(), DownloadError> {
    let host = host(answer.url());
    let start = start(&answer, held, &host)?;
    check_size(start.total, limits, &host)?;
    let (mut came, mut begun) = (start.from, false);
    loop {
        let piece = match timeout(limits.idle, answer.chunk()).await {
            Err(_late) => return Err(DownloadError::Late(host)),
            Ok(Err(_broken)) => return Err(DownloadError::CutOff(host)),
            Ok(Ok(piece)) => piece.unwrap_or_default(),
        };
        if !begun {
            if start.from == 0 && is_page(&piece) {
                return Err(DownloadError::Page(host));
            }
            target.start(&start).map_err(DownloadError::Write)?;
            begun = true;
        }
        if piece.is_empty() {
            break;
        }
        came += piece.len() as u64;
        if came > limits.size.unwrap_or(limits.most) {
            return Err(DownloadError::TooLarge { host, most: limits.size.unwrap_or(limits.most) });
        }
        target.take(&piece).map_err(DownloadError::Write)?;
    }
    let whole = start.total.or(limits.size).is_none_or(|total| came >= total);
    if whole { Ok(()) } else { Err(DownloadError::CutOff(host)) }
}

/// How an answer begins, if it is one with a file in it.
fn start(answer: &Response, held: &Held, host: &str) -> Result<Start, DownloadError> {
    let (from, total) = content_range(answer);
    let (from, total) = match answer.status() {
        StatusCode::OK => (0, answer.content_length()),
        StatusCode::PARTIAL_CONTENT if from.is_some_and(|from| from == 0 || from == held.bytes) => {
            let from = from.unwrap_or_default();
            (from, total.or_else(|| Some(from + answer.content_length()?)))
        }
        status => return Err(DownloadError::Status { host: host.to_owned(), status: status.as_u16() }),
    };
    if content_type(answer.headers()).contains("html") {
        return Err(DownloadError::Page(host.to_owned()));
    }
    // A weak mark says that two files mean the same, not that they are the same.
    let tag = answer.headers().get(ETAG).and_then(|tag| tag.to_str().ok());
    let tag = tag.filter(|tag| tag.starts_with('"')).map(str::to_owned);
    Ok(Start { from, total, tag })
}

fn check_size(total: Option<u64>, limits: Limits, host: &str) -> Result<(), DownloadError> {
    let host = || host.to_owned();
    match (total, limits.size) {
        (Some(said), Some(size)) if said != size => Err(DownloadError::Size { host: host(), said, size }),
        (Some(said), None) if said > limits.most => {
            Err(DownloadError::TooLarge { host: host(), most: limits.most })
        }
        _ => Ok(()),
    }
}

/// At which byte an answer begins, and how many the whole file has: `bytes 100-199/200`, or `bytes */200` where nothing is
/// left.
fn content_range(answer: &Response) -> (Option<u64>, Option<u64>) {
    let range = answer.headers().get(CONTENT_RANGE).and_then(|range| range.to_str().ok());
    let Some((bytes, total)) = range.and_then(|it| it.trim().strip_prefix("bytes ")?.split_once('/')) else {
        return (None, None);
    };
    (bytes.split_once('-').and_then(|(from, _)| from.trim().parse().ok()), total.trim().parse().ok())
}

/// Whether something begins as a page for a browser does.
fn is_page(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    [b"<!doctype html".as_slice(), b"<html"]
        .iter()
        .any(|head| text.get(..head.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(head)))
}

/// Lets an address through that is https, or that is on this machine, where nobody stands in between.
fn may_go(from: Option<&Url>, to: Url) -> Result<Url, DownloadError> {
    let down = from.is_some_and(|from| from.scheme() == "https");
    match to.scheme() {
        "https" => Ok(to),
        "http" if is_here(&to) && !down => Ok(to),
        "http" => Err(DownloadError::InTheClear(host(&to))),
        _ => Err(DownloadError::Address(to.to_string())),
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

fn unsent(error: &reqwest::Error, host: String) -> DownloadError {
    match why(error) {
        NetError::Certificate(why) => DownloadError::Certificate { host, why },
        NetError::TimedOut(Stage::Connect) => {
            DownloadError::Unreachable { host, why: "it does not answer".to_owned() }
        }
        NetError::TimedOut(_) => DownloadError::Late(host),
        NetError::NoHost(why) | NetError::Unreachable(why) => DownloadError::Unreachable { host, why },
        other => DownloadError::Unreachable { host, why: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn the_way_never_leads_from_https_to_http() {
        let from = url("https://example.org/a");
        assert!(may_go(Some(&from), url("https://cdn.example.org/b")).is_ok());
        for to in ["http://cdn.example.org/b", "http://127.0.0.1/b", "http://localhost/b"] {
            let error = may_go(Some(&from), url(to)).expect_err("in the clear").to_string();
            assert!(error.contains("not https") && error.contains("sign in"), "{error}");
        }
        assert!(may_go(Some(&from), url("file:///etc/passwd")).is_err());
    }

    #[test]
    fn in_the_clear_a_file_comes_from_this_machine_alone() {
        assert!(may_go(None, url("http://example.org/a")).is_err());
        let here = url("http://127.0.0.1:8000/a");
        assert!(may_go(None, here.clone()).is_ok() && may_go(Some(&here), url("http://[::1]/b")).is_ok());
        assert!(may_go(Some(&here), url("http://example.org/a")).is_err());
    }

    #[test]
    fn a_page_is_known_by_how_it_begins() {
        for page in ["<!DOCTYPE html><p>", "\r\n <html lang=en>", "<HTML>"] {
            assert!(is_page(page.as_bytes()), "{page}");
        }
        for other in ["", "<", "<!doctype xml>", "lmgg", "html"] {
            assert!(!is_page(other.as_bytes()), "{other}");
        }
    }
}
