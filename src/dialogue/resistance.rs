//! Resistance, and how it is met: never by arguing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of resistance it is (MIRROR, Kim et al., EMNLP 2025).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResistanceKind {
    /// Avoids feeling; acts indifferent.
    Emotional,
    /// Denies, rejects, keeps to the thought.
    Cognitive,
    /// Doubts the whole thing; leaves it undone.
    Behavioral,
}

/// By what it was noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResistanceSignal {
    /// Open disagreement or scorn.
    DirectDisagreement,
    /// "Fine", "I guess".
    PartialAgreement,
    /// Too much at once.
    Distress,
    /// Another subject.
    Avoidance,
    /// One word, or none.
    Withdrawal,
    /// Shorter and flatter than before.
    SubtleDisengagement,
}

/// What was noticed in one utterance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Resistance {
    /// The kind.
    pub kind: ResistanceKind,
    /// The signal.
    pub signal: ResistanceSignal,
}

/// The moves of motivational interviewing with which resistance is rolled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RollingMove {
    /// Say it back, neutrally.
    SimpleReflection,
    /// Say it back a little stronger, never mocking.
    AmplifiedReflection,
    /// Both sides, joined with "and".
    DoubleSidedReflection,
    /// Step off the stuck point.
    ShiftingFocus,
    /// The same facts in another light.
    Reframing,
    /// A reflection, and then another light on it.
    AgreeingWithATwist,
    /// The choice is theirs.
    EmphasisingAutonomy,
    /// Side with not changing. The last resort.
    ComingAlongside,
}

impl RollingMove {
    /// All eight.
    pub const ALL: [Self; 8] = [
        Self::SimpleReflection,
        Self::AmplifiedReflection,
        Self::DoubleSidedReflection,
        Self::ShiftingFocus,
        Self::Reframing,
        Self::AgreeingWithATwist,
        Self::EmphasisingAutonomy,
        Self::ComingAlongside,
    ];

    /// Which move answers the `nth` (from 0) resistance of a session. A simple reflection comes first, siding with
    /// the no-change side last; between them the signal decides.
    #[must_use]
    pub fn answering(resistance: Resistance, nth: u32) -> Self {
        use ResistanceSignal as S;
        if nth >= 4 {
            return Self::ComingAlongside;
        }
        let ladder = match resistance.signal {
            S::DirectDisagreement if resistance.kind == ResistanceKind::Cognitive => [
                Self::SimpleReflection,
                Self::DoubleSidedReflection,
                Self::AgreeingWithATwist,
                Self::ShiftingFocus,
            ],
            S::DirectDisagreement => [
                Self::SimpleReflection,
                Self::EmphasisingAutonomy,
                Self::AgreeingWithATwist,
                Self::AmplifiedReflection,
            ],
            S::PartialAgreement => [
                Self::DoubleSidedReflection,
                Self::SimpleReflection,
                Self::Reframing,
                Self::EmphasisingAutonomy,
            ],
            S::Distress => [
                Self::SimpleReflection,
                Self::EmphasisingAutonomy,
                Self::ShiftingFocus,
                Self::SimpleReflection,
            ],
            S::Avoidance => {
                [Self::ShiftingFocus, Self::SimpleReflection, Self::EmphasisingAutonomy, Self::Reframing]
            }
            S::Withdrawal | S::SubtleDisengagement => {
                [Self::EmphasisingAutonomy, Self::SimpleReflection, Self::ShiftingFocus, Self::Reframing]
            }
        };
        ladder[nth as usize]
    }
}
