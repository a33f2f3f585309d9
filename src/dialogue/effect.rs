//! What a session wants done.

use serde::{Deserialize, Serialize};

use super::agent::{Agent, Manner};
use super::event::Event;
use super::ids::{AskId, LineId, Millis, UtteranceId};
use super::input::Sense;
use super::request::AgentRequest;
use super::safety::Gated;

/// Everything that a session can want. The host carries it out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Effect {
    /// Ask the cast.
    Ask {
        /// What.
        request: AgentRequest,
        /// Whether somebody is waiting for it.
        priority: Priority,
        /// When the session stops waiting for it, in session time.
        deadline: Millis,
    },
    /// The answer is no longer wanted.
    Cancel(AskId),
    /// Let a line be heard.
    Speak(Line),
    /// Stop the line that is being heard.
    Hush(Hush),
    /// Open or close a device. Of a person who is no longer recorded, what was kept is wiped.
    Device {
        /// Which.
        sense: Sense,
        /// Whether it is to be open.
        on: bool,
    },
    /// Write this down, then show it.
    Record(Event),
}

impl Effect {
    /// Whether something is heard, asked or opened with it; everything else ends something or writes it down.
    #[must_use]
    pub fn begins_something(&self) -> bool {
        matches!(self, Self::Ask { .. } | Self::Speak(_) | Self::Device { on: true, .. })
    }
}

/// Whether somebody is waiting for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// The person is.
    Now,
    /// It is prepared, or happens beside.
    Ahead,
}

/// A line as it goes to the voice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its number.
    pub id: LineId,
    /// Who speaks.
    pub agent: Agent,
    /// The words; they have passed the gate.
    pub text: Gated,
    /// How.
    pub manner: Manner,
    /// The person's own utterance of which these are words, where no figure speaks: they are heard in the person's own voice,
    /// where it was kept, and no other is lent to them.
    pub own: Option<UtteranceId>,
    /// From which character on: more than 0 when an interrupted line goes on.
    pub from: usize,
}

/// How soon a line stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hush {
    /// After the word that is being spoken.
    AfterWord,
    /// At once.
    Now,
}
