//! Who speaks in the room, and how.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The agents that have a voice. The Strategist has none: it only weighs.
///
/// Roles after MIND (Chen, Li et al., EMNLP Findings 2025).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Agent {
    /// Sets each scene; what the window shows.
    Trigger,
    /// Says aloud what the person's inner critic says.
    Devil,
    /// The virtual self that is comforted.
    Patient,
    /// A lantern: offers a technique before, and one remark after.
    Guide,
}

impl Agent {
    /// Every agent with a voice, in the order in which they first speak.
    pub const ALL: [Self; 4] = [Self::Trigger, Self::Devil, Self::Patient, Self::Guide];
}

/// How a line is given. The voice and the figures read it; the words are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// As the figure speaks when nothing special happens.
    #[default]
    Plain,
    /// Lower and slower than usual.
    Soft,
    /// Breaks off before its end.
    BrokenOff,
    /// Shown, not said: the Trigger's scene.
    Shown,
}

/// How much of the Devil the person wants to meet, least first. They may change it at any time.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Intensity {
    /// It stands there and says nothing.
    Off,
    /// It speaks as it would once it doubts itself.
    Gentle,
    /// It speaks as strong as it is.
    #[default]
    Full,
}
