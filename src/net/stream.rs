//! An answer while it comes: a stream of events, or one that comes whole in spite of what was asked.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use tokio::time::{Instant, timeout_at};

use super::chat::{Finish, read_delta, shortened};
use super::client::Limits;
use super::error::{NetError, Stage};
use super::sse::{Decoder, LONGEST_STREAM};
use super::think::Splitter;

/// How long a connection is left open after the end of an answer.
const LINGER: Duration = Duration::from_millis(300);
/// A piece of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words of it.
    Words(&'a str),
    /// What was given so far was reasoning, and is nobody's words.
    TakeBack,
}

impl Piece<'_> {
    /// What it makes of the answer so far.
    pub fn add_to(self, text: &mut String) {
        match self {
            Self::Words(words) => text.push_str(words),
            Self::TakeBack => text.clear(),
        }
    }
}

/// A request that is being answered.
pub(super) struct Asked {
    response: Response,
    /// When it was sent.
    begun: Instant,
    answer: Answer,
}

impl Asked {
    pub(super) fn new(response: Response, begun: Instant, begins_inside: bool) -> Self {
        let splitter = if begins_inside { Splitter::inside() } else { Splitter::default() };
        Self { response, begun, answer: Answer { splitter, ..Answer::default() } }
    }

    /// Whether it began inside of reasoning whose opening tag nobody saw.
    pub(super) fn began_inside(&self) -> bool {
        self.answer.began_inside
    }

    /// Whether its words were spent before any of them was one of the answer.
    pub(super) fn only_reasoned(&self) -> bool {
        !self.answer.spoke && self.answer.end == Some(Finish::Length)
    }

    /// Reads an answer to its end. Also a server that answers whole, in spite of what was asked, is understood.
    pub(super) async fn read(
        &mut self,
        turn: Instant,
        limits: Limits,
        heard: &mut impl FnMut(Piece<'_>) -> bool,
    ) -> Result<Finish, NetError> {
        let kind = content_type(self.response.headers());
        if kind.contains("html") {
            return Err(NetError::NoChatServer(kind));
        }
        if kind.contains("application/json") {
            return self.read_whole(turn, heard).await;
        }
        let answer = &mut self.answer;
        let mut decoder = Decoder::default();
        let mut sign_of_life = self.begun;
        loop {
            let (until, stage) = if answer.lives {
                (sign_of_life + limits.idle, Stage::Idle)
            } else {
                (self.begun + limits.first_token, Stage::FirstToken)
            };
            // After its end a server may still say what it counted, and then close or not.
            let until = if answer.end.is_some() { sign_of_life + LINGER } else { until };
            let (until, stage) = if until > turn { (turn, Stage::Turn) } else { (until, stage) };
            let piece = match timeout_at(until, self.response.chunk()).await {
                // A connection that is left open after the end is closed here.
                Err(_late) => return answer.end(heard).ok_or(NetError::TimedOut(stage)),
                Ok(Err(_broken)) => return answer.end(heard).ok_or(NetError::CutOff),
                Ok(Ok(None)) => break,
                Ok(Ok(Some(piece))) => piece,
            };
            sign_of_life = Instant::now();
            let events = decoder.push(&piece).map_err(|error| NetError::TooMuch(error.to_string()))?;
            for data in events {
                answer.take(&data, heard)?;
                if answer.done || answer.enough {
                    return answer.end(heard).ok_or(NetError::CutOff);
                }
            }
        }
        if let Some(data) = decoder.finish().map_err(|error| NetError::TooMuch(error.to_string()))? {
            // What was begun when the connection broke is no error of the server's.
            answer.take(&data, heard).or_else(|error| if answer.lives { Ok(()) } else { Err(error) })?;
        }
        answer.end(heard).ok_or(NetError::CutOff)
    }

    async fn read_whole(
        &mut self,
        turn: Instant,
        heard: &mut impl FnMut(Piece<'_>) -> bool,
    ) -> Result<Finish, NetError> {
        let text = capped_text(&mut self.response, turn, LONGEST_STREAM).await;
        // Some servers keep the line alive with blank lines before it.
        self.answer.take(text.trim(), heard)?;
        if !self.answer.lives {
            return Err(NetError::Malformed(shortened(&text)));
        }
        self.answer.end(heard).ok_or(NetError::CutOff)
    }
}

/// An answer while it comes.
#[derive(Default)]
struct Answer {
    splitter: Splitter,
    end: Option<Finish>,
    /// The stream is over.
    done: bool,
    /// Nothing more of it is wanted.
    enough: bool,
    lives: bool,
    spoke: bool,
    began_inside: bool,
}

impl Answer {
    /// Takes the data of an event.
    fn take(&mut self, data: &str, heard: &mut impl FnMut(Piece<'_>) -> bool) -> Result<(), NetError> {
        let Some(delta) = read_delta(data)? else {
            self.done = true;
            return Ok(());
        };
        self.lives |= delta.reasons || !delta.text.is_empty();
        self.end = self.end.or(delta.finish);
        let given = self.splitter.push(&delta.text);
        if given.all_before_was_reasoning {
            (self.began_inside, self.spoke) = (true, false);
            self.enough |= !heard(Piece::TakeBack);
        }
        self.give(&given.text, heard);
        Ok(())
    }

    fn give(&mut self, text: &str, heard: &mut impl FnMut(Piece<'_>) -> bool) {
        if !text.is_empty() && !self.enough {
            self.spoke = true;
            self.enough |= !heard(Piece::Words(text));
        }
    }

    /// Why it ended; none where it was cut off.
    fn end(&mut self, heard: &mut impl FnMut(Piece<'_>) -> bool) -> Option<Finish> {
        let splitter = std::mem::take(&mut self.splitter);
        // What was held back of an answer that was cut is a fragment, or reasoning that never came to its end.
        if self.end == Some(Finish::Stop) || (self.end.is_none() && self.done) {
            self.give(&splitter.finish(), heard);
        }
        self.end.or((self.done || self.enough).then_some(Finish::Stop))
    }
}

pub(super) fn content_type(headers: &HeaderMap) -> String {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or("nothing that says what it is");
    shortened(kind)
}

pub(super) async fn capped_text(response: &mut Response, until: Instant, most: usize) -> String {
    let mut bytes = Vec::new();
    while let Ok(Ok(Some(piece))) = timeout_at(until, response.chunk()).await {
        bytes.extend(&piece[..piece.len().min(most - bytes.len())]);
        if bytes.len() >= most {
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
