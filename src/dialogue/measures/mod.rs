//! Measures: questions with numbers for answers, offered before and after an evening, never pushed.
//!
//! An instrument is data (`assets/measures`): its items, its answers, which of them make a scale, which are reversed,
//! where it comes from and under which terms. What a person answered is what is kept; sums and means are computed from
//! it whenever somebody looks. No instrument's authors say what to do about a missing answer, so a scale has a sum and
//! a mean when it is whole, and otherwise neither.
//!
//! Deliberately absent: bands, norms, a verdict, and any word about better or worse.

mod answers;
mod asking;
mod instrument;
mod over_time;
mod words;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use answers::{AnswerError, Answers, Score, Taken};
pub use asking::{Asked, Asking};
pub use instrument::{FormError, Measure, Scale};
pub use over_time::{Row, rows, standing};
pub use words::Wording;

/// The instruments that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Instrument {
    /// How far one believes the critic's sentence, 0 to 10.
    Belief,
    /// Ten words of the PANAS (Thompson 2007).
    IPanasSf,
    /// The Positive and Negative Affect Schedule, at this moment (Watson, Clark and Tellegen 1988).
    Panas,
    /// The Self-Compassion Scale, short form (Raes et al. 2011).
    ScsSf,
    /// What was asked in IMBUE's trial.
    Imbue,
    /// MIND's six dimensions of an evening.
    Mind,
}

impl Instrument {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::Belief, Self::IPanasSf, Self::Panas, Self::ScsSf, Self::Imbue, Self::Mind];

    /// Its name in files and settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Belief => "belief",
            Self::IPanasSf => "i_panas_sf",
            Self::Panas => "panas",
            Self::ScsSf => "scs_sf",
            Self::Imbue => "imbue",
            Self::Mind => "mind",
        }
    }

    /// The file that is part of the program.
    fn file(self) -> &'static str {
        match self {
            Self::Belief => include_str!("../../../assets/measures/belief.toml"),
            Self::IPanasSf => include_str!("../../../assets/measures/i_panas_sf.toml"),
            Self::Panas => include_str!("../../../assets/measures/panas.toml"),
            Self::ScsSf => include_str!("../../../assets/measures/scs_sf.toml"),
            Self::Imbue => include_str!("../../../assets/measures/imbue.toml"),
            Self::Mind => include_str!("../../../assets/measures/mind.toml"),
        }
    }
}

/// The instruments that can be offered on a side of an evening, with words that were brought along where there are some.
#[must_use]
pub fn offered(own: &BTreeMap<Instrument, Wording>, when: When) -> Vec<Measure> {
    let worded = |measure: &Measure| {
        let own = own.get(&measure.instrument).and_then(|words| measure.worded(words.clone()).ok());
        own.unwrap_or_else(|| measure.clone())
    };
    Measure::all().iter().map(worded).filter(|measure| measure.is_offered(when)).collect()
}

/// On which side of an evening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Before the person's first comfort.
    Before,
    /// From when the evening closes until the person leaves.
    After,
}

impl When {
    /// Its name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}
