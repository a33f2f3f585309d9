//! What a stage shows. It is enough to begin in the middle of an evening.

use serde::{Deserialize, Serialize};

use super::agent::{Agent, Intensity};
use super::change::ChangeStep;
use super::event::{EndReason, Phase, Question};
use super::face::Level;
use super::ids::{LineId, Millis, UtteranceId};
use super::safety::{Card, CardKind};
use super::strength::{Ending, Stage, Strength};
use super::theme::{Theme, Window};

/// Everything a stage has to show, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Number of the next event: what a stage has seen up to here needs no replay.
    pub seq: u64,
    /// The phase.
    pub phase: Phase,
    /// When it began, in session time.
    pub phase_since: Millis,
    /// The round, 0 before the first.
    pub round: u32,
    /// The person's turn.
    pub turn: u32,
    /// The question that stands.
    pub question: Option<Question>,
    /// The theme, once settled.
    pub theme: Option<Theme>,
    /// The Trigger's words for the scene in the window.
    pub scene: String,
    /// What the window shows.
    pub window: Window,
    /// The Devil's strength, as far as the room shows it.
    pub strength: Strength,
    /// How far the Patient has come up, as far as the room shows it.
    pub stage: Stage,
    /// The last line of each agent.
    pub captions: Vec<Caption>,
    /// Whether the person is typing or speaking.
    pub composing: bool,
    /// Whether the last words reached the Patient; none while they have not been weighed.
    #[serde(default)]
    pub reached: Option<bool>,
    /// What was heard of the person and does not count yet.
    #[serde(default)]
    pub heard: Option<HeardWords>,
    /// Whether they allow to be heard.
    #[serde(default)]
    pub hears: bool,
    /// Whether they allow their voice to be kept until the evening ends.
    #[serde(default)]
    pub records: bool,
    /// Whether a hint is ready.
    pub hint_ready: bool,
    /// How much of the Devil there is.
    pub intensity: Intensity,
    /// What the person allows of their face.
    pub face: Level,
    /// The change of places, while it goes on.
    #[serde(default)]
    pub change: Option<ChangeView>,
    /// The words that they keep, to be taken away on a card: none where none were kept, or the evening was stopped for
    /// their sake.
    #[serde(default)]
    pub kept: Option<String>,
    /// Whether the evening is kept in the journal, and what is answered to measures with it.
    #[serde(default)]
    pub keeps: bool,
    /// Whether a measure was taken before it.
    #[serde(default)]
    pub measured: bool,
    /// Whether the evening is held.
    pub paused: bool,
    /// Whether it is held by whoever looks after the room.
    #[serde(default)]
    pub held: bool,
    /// What stands in the foreground for the person's safety.
    pub shelter: Shelter,
    /// Whether it was stopped for the person's sake: no Devil any more.
    pub safe: bool,
    /// How much of the visit is left, in whole minutes that have begun; none without a time plan. It is for those who look after
    /// the room: a visitor sees no clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes_left: Option<u64>,
    /// How it ended.
    pub ended: Option<(Ending, EndReason)>,
}

/// What stands in the foreground for the person's safety. SOS can be reached in every one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "shelter", rename_all = "snake_case")]
pub enum Shelter {
    /// Nothing: the room.
    #[default]
    Open,
    /// One plain question with four answers; the room is silent.
    Asked {
        /// What it is about.
        about: CardKind,
    },
    /// The help card. It stays after the end.
    Card {
        /// What is on it.
        card: Card,
    },
    /// The room without the Devil. SOS stands large.
    WithoutDevil,
}

/// The change of places, as a stage shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeView {
    /// How far it has come.
    pub step: ChangeStep,
    /// Of their own words, those that are heard now.
    pub words: Option<String>,
    /// All that are heard in it, in order.
    pub clauses: Vec<String>,
}

/// Words that were heard. They can be corrected until they count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardWords {
    /// The utterance; a correction carries its number.
    pub utterance: UtteranceId,
    /// The words.
    pub text: String,
    /// Whether these are all of them.
    pub whole: bool,
}

/// A line as a caption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caption {
    /// Who.
    pub agent: Agent,
    /// Which line.
    pub line: LineId,
    /// The words.
    pub text: String,
    /// Whether it is being spoken now.
    pub speaking: bool,
}
