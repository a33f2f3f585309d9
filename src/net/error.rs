//! What can go wrong with a server, and what it means for the next request.

use std::time::Duration;

use super::dialect::Unsupported;

/// How long a failure is likely to last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It may work the next time.
    Transient,
    /// It will not work until somebody changes something.
    Permanent,
    /// The server works; this answer did not.
    Degraded,
}

/// Which limit passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Until the connection stood.
    Connect,
    /// Until the first word came.
    FirstToken,
    /// Between two words.
    Idle,
    /// For the whole answer.
    Turn,
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "could not be reached in time",
            Self::FirstToken => "did not begin to answer in time",
            Self::Idle => "stopped in mid-answer",
            Self::Turn => "took too long for one answer",
        })
    }
}

/// What the system says, without its number.
fn plain(why: &str) -> &str {
    why.split(" (os error").next().unwrap_or(why)
}

/// Why a request came to nothing. No message holds a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// Nobody listens there, or the connection broke before an answer.
    #[error("the server cannot be reached: {}. Is it started, and is the port right?", plain(.0))]
    Unreachable(String),
    /// There is no such host.
    #[error("there is no such host: {0}. Correct the address")]
    NoHost(String),
    /// The certificate is not good, or this machine's clock is wrong.
    #[error("the server's certificate was refused: {0}. Check the address, and this machine's clock")]
    Certificate(String),
    /// A limit passed.
    #[error("the server {0}")]
    TimedOut(Stage),
    /// The server says no.
    #[error("the server answered {status}: {message}")]
    Status {
        /// HTTP status.
        status: u16,
        /// What it says, shortened.
        message: String,
        /// How long it wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// It loads its model.
    #[error("the server is still loading its model")]
    Loading,
    /// What was asked is longer than the model can read.
    #[error("the request is longer than the model can read")]
    TooLong,
    /// Something of the request is not known there, and was not left out in time.
    #[error("the server does not take the request in any form")]
    Unsupported(Unsupported),
    /// It spent all its words on reasoning.
    #[error("the model reasoned, and did not come to an answer")]
    OnlyReasoned,
    /// Something else than a chat server answered.
    #[error("this is no chat server: it answered with {0}. Correct the address, or sign in to the network")]
    NoChatServer(String),
    /// Something else than a server that makes words of speech answered.
    #[error(
        "nothing there makes words of speech: it answered with {0}. Correct the address, or sign in to the network"
    )]
    NoTranscriptions(String),
    /// An error inside the stream.
    #[error("the server broke off: {0}")]
    InStream(String),
    /// The stream ended before the answer did.
    #[error("the connection broke off in mid-answer")]
    CutOff,
    /// What came is no chat stream.
    #[error("the server's answer could not be read: {0}")]
    Malformed(String),
    /// More came than any answer has.
    #[error("the server sent more than any answer has: {0}")]
    TooMuch(String),
}

impl NetError {
    /// What it means for the next request.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::NoHost(_) | Self::Certificate(_) | Self::NoChatServer(_) | Self::NoTranscriptions(_) => {
                Severity::Permanent
            }
            Self::Status { status, .. } => match status {
                408 | 425 | 429 | 500..=599 => Severity::Transient,
                // About this one request: a filter, one bad generation, a form. The next may be another matter.
                400 | 409 | 413 | 422 => Severity::Degraded,
                _ => Severity::Permanent,
            },
            Self::TooLong
            | Self::Unsupported(_)
            | Self::OnlyReasoned
            | Self::TooMuch(_)
            | Self::Malformed(_) => Severity::Degraded,
            Self::Unreachable(_) | Self::TimedOut(_) | Self::Loading | Self::InStream(_) | Self::CutOff => {
                Severity::Transient
            }
        }
    }

    /// Whether the same request may be sent once more at once: the connection broke before anything was said.
    #[must_use]
    pub fn may_be_repeated(&self) -> bool {
        matches!(self, Self::CutOff | Self::Unreachable(_) | Self::Malformed(_))
    }

    /// In words for a person in the room: without a word of the server's own.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Status { status: 401 | 403, .. } => "the server refuses the key".to_owned(),
            Self::Status { status: 404, .. } => "the server does not have this model".to_owned(),
            Self::Status { status: 429, .. } => "the server is asked too often".to_owned(),
            Self::Status { status, .. } => format!("the server answered {status}"),
            Self::InStream(_) => "the server broke off".to_owned(),
            Self::Malformed(_) => "the server's answer could not be read".to_owned(),
            Self::NoChatServer(_) => "what answered there is no chat server".to_owned(),
            Self::NoTranscriptions(_) => "what answered there makes no words of speech".to_owned(),
            Self::Unreachable(_) => "the server cannot be reached".to_owned(),
            other => other.to_string(),
        }
    }

    /// The same without a key that the server sent back.
    #[must_use]
    pub(super) fn without(mut self, key: &str) -> Self {
        match &mut self {
            Self::Unreachable(text)
            | Self::NoHost(text)
            | Self::Certificate(text)
            | Self::Status { message: text, .. }
            | Self::NoChatServer(text)
            | Self::NoTranscriptions(text)
            | Self::InStream(text)
            | Self::Malformed(text)
            | Self::TooMuch(text) => *text = text.replace(key, "…"),
            Self::TimedOut(_)
            | Self::Loading
            | Self::TooLong
            | Self::Unsupported(_)
            | Self::OnlyReasoned
            | Self::CutOff => {}
        }
        self
    }
}
