//! The eight worlds that the window can show.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the concern is about. Seven follow the scene categories of C2D2 (EMNLP Findings 2023); love and
/// friends divide its "interpersonal".
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// A job, a boss, a meeting.
    Work,
    /// School, exams, a thesis.
    Study,
    /// Parents, children, sisters, brothers.
    Family,
    /// A partner, or the want of one.
    Love,
    /// Friends and company.
    Friends,
    /// Bills, debts, rent.
    Money,
    /// Tiredness, illness, sleep.
    Body,
    /// The gap between the life planned and the life there is.
    #[default]
    Ideal,
}

impl Theme {
    /// All eight, in the order in which a list shows them.
    pub const ALL: [Self; 8] = [
        Self::Work,
        Self::Study,
        Self::Family,
        Self::Love,
        Self::Friends,
        Self::Money,
        Self::Body,
        Self::Ideal,
    ];

    /// The name used on the command line, in files and in the event log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Study => "study",
            Self::Family => "family",
            Self::Love => "love",
            Self::Friends => "friends",
            Self::Money => "money",
            Self::Body => "body",
            Self::Ideal => "ideal",
        }
    }

    /// The theme of that name, or none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// When a scene takes place; the window's light follows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names of the hours say what they are")]
pub enum Hour {
    Dawn,
    Morning,
    Noon,
    Afternoon,
    #[default]
    Dusk,
    Evening,
    Night,
}

/// What the sky does in a scene.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names of the weathers say what they are")]
pub enum Weather {
    #[default]
    Clear,
    Cloud,
    Rain,
    Snow,
    Fog,
    Wind,
}

/// What the window shows beside the Trigger's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// Time of day.
    pub hour: Hour,
    /// Weather.
    pub weather: Weather,
    /// Whether other people are in view.
    pub peopled: bool,
}
