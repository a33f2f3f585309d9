//! A session as the journal holds it.

use serde::{Deserialize, Serialize};

use crate::dialogue::event::{EndReason, Event, Kind, SaidPart};
use crate::dialogue::strength::Ending;

/// A session at rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its number. None is given twice.
    pub number: i64,
    /// When it began, in milliseconds since 1970.
    pub begun_ms: i64,
    /// Version of the program that held it.
    pub program: String,
    /// Its language.
    pub lang: String,
    /// What the Devil was called, if the person had a name of their own for it.
    pub devil: Option<String>,
    /// How it stands.
    pub state: State,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// How many events after those could not be read any more.
    pub unreadable: usize,
}

/// How a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// It came to its end.
    Ended {
        /// When, in milliseconds since 1970.
        at_ms: i64,
    },
    /// It was closed before its end.
    Closed {
        /// When, in milliseconds since 1970.
        at_ms: i64,
        /// Why.
        why: ClosedWhy,
    },
    /// It is being held right now.
    Running,
    /// It broke off, and nobody has closed it yet.
    CutOff,
}

/// Why a session was closed before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedWhy {
    /// The program or the machine was cut off.
    CutOff,
    /// It could not be written any more.
    Unwritable,
}

impl ClosedWhy {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::CutOff => "cut off",
            Self::Unwritable => "not writable",
        }
    }

    pub(super) fn from_name(name: &str) -> Self {
        if name == Self::Unwritable.name() { Self::Unwritable } else { Self::CutOff }
    }
}

impl Stored {
    /// How it ended, and why, if it came to its end.
    #[must_use]
    pub fn ending(&self) -> Option<(Ending, EndReason)> {
        self.events.iter().rev().find_map(|event| match event.kind {
            Kind::End { ending, because, .. } => Some((ending, because)),
            _ => None,
        })
    }

    /// How many rounds were held, or begun where it broke off.
    #[must_use]
    pub fn rounds(&self) -> u32 {
        let of = |event: &Event| match event.kind {
            Kind::End { rounds, .. } => Some(rounds),
            Kind::Phase { round, .. } => Some(round),
            _ => None,
        };
        self.events.iter().rev().find_map(of).unwrap_or_default()
    }

    /// What it was about, in the person's words.
    #[must_use]
    pub fn concern(&self) -> Option<&str> {
        self.events.iter().find_map(|event| match &event.kind {
            Kind::Said { text, part: SaidPart::Concern, .. } => Some(text.as_str()),
            _ => None,
        })
    }
}
