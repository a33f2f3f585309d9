//! How strong the Devil is, and how far an utterance lowers it. Code decides this, within bounds; nothing that a
//! person says makes it grow.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::distortion::Distortion;
use super::moves::{Move, MoveClass, MoveReading};

/// The most that one utterance can take away.
pub const LARGEST_DROP: f32 = 0.22;
/// What the Devil keeps: it goes home with the person.
pub const FLOOR: f32 = 0.12;
/// At or below this the distortion has given way, and the Devil sits down.
pub const GIVEN_WAY: f32 = 0.30;
/// At or below this, and above [`GIVEN_WAY`], it steps back.
pub const STEPPED_BACK: f32 = 0.50;
/// Where it is set when it tires.
pub const TIRED: f32 = 0.45;
/// What any utterance gives that is no anti-move, and what the first silence gives.
const ANY_WORD: f32 = 0.03;

/// The Devil's strength: [`FLOOR`] to 0.95, and only ever falling.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Strength(f32);

impl Strength {
    /// Where a belief of 0 to 10 in the critic's sentence puts it: 0.55 to 0.95.
    #[must_use]
    pub fn from_belief(belief: u8) -> Self {
        Self(0.55 + 0.04 * f32::from(belief.min(10)))
    }

    /// The value, [`FLOOR`] to 0.95.
    #[must_use]
    pub fn value(self) -> f32 {
        self.0
    }

    /// The strength after a drop. Negative and unreal drops count as none.
    #[must_use]
    pub fn lowered_by(self, drop: f32) -> Self {
        let drop = if drop.is_finite() { drop.clamp(0.0, LARGEST_DROP) } else { 0.0 };
        Self((self.0 - drop).max(FLOOR).min(self.0))
    }

    /// The strength set to `value` if that is lower.
    #[must_use]
    pub fn at_most(self, value: f32) -> Self {
        Self(self.0.min(value.max(FLOOR)))
    }

    /// The band that decides how the Devil speaks.
    #[must_use]
    pub fn band(self) -> Band {
        if self.0 > 0.66 {
            Band::High
        } else if self.0 >= 0.33 {
            Band::Middle
        } else {
            Band::Low
        }
    }
}

/// The Devil's pronoun arc: *I* as the Patient, *you* to the Patient, *I* as itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Below 0.33.
    Low,
    /// 0.33 to 0.66.
    Middle,
    /// Above 0.66.
    High,
}

/// How far the Patient has come up. Warmth raises it by one; it drives the Patient as strength drives the Devil.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Curled up.
    #[default]
    Shut,
    /// Somebody has noticed.
    Heard,
    /// The head is up.
    LookingUp,
    /// There is room for a thought.
    Thinking,
    /// At rest.
    Resting,
}

impl Stage {
    /// One further up, or the same at the top.
    #[must_use]
    pub fn raised(self) -> Self {
        match self {
            Self::Shut => Self::Heard,
            Self::Heard => Self::LookingUp,
            Self::LookingUp => Self::Thinking,
            Self::Thinking | Self::Resting => Self::Resting,
        }
    }
}

/// How often each move was made in a session: the second time it gives 0.7 of its weight, then 0.4.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveCounts(BTreeMap<Move, u32>);

impl MoveCounts {
    /// Counts the moves of one utterance.
    pub fn add(&mut self, moves: &[MoveReading]) {
        for reading in moves {
            *self.0.entry(reading.kind).or_default() += 1;
        }
    }

    fn freshness(&self, kind: Move) -> f32 {
        match self.0.get(&kind) {
            None | Some(0) => 1.0,
            Some(1) => 0.7,
            Some(_) => 0.4,
        }
    }
}

/// How far an utterance with these moves lowers the Devil, 0 to [`LARGEST_DROP`].
///
/// The best move and half the second count, each by its anchor, its order (thinking comes late while the Patient is
/// shut), its freshness and its fit; anything that is no anti-move gives a little besides.
#[must_use]
pub fn drop_of(moves: &[MoveReading], before: &MoveCounts, stage: Stage, distortion: Distortion) -> f32 {
    let mut effects: Vec<f32> = moves
        .iter()
        .map(|reading| {
            let class = reading.kind.class();
            let order = if class == MoveClass::Thinking && stage == Stage::Shut { 0.5 } else { 1.0 };
            reading.kind.weight()
                * reading.anchor.factor(class)
                * order
                * before.freshness(reading.kind)
                * reading.kind.fit(distortion)
        })
        .collect();
    effects.sort_by(|a, b| b.total_cmp(a));
    let best = effects.first().copied().unwrap_or(0.0);
    let second = effects.get(1).copied().unwrap_or(0.0);
    let anti = moves.iter().any(|reading| reading.kind.class() == MoveClass::Anti);
    let any_word = if anti { 0.0 } else { ANY_WORD };
    (best + second / 2.0 + any_word).min(LARGEST_DROP)
}

/// What staying silent gives: the first silence of a session a little, later ones nothing.
#[must_use]
pub fn drop_of_silence(silences_before: u32) -> f32 {
    if silences_before == 0 { ANY_WORD } else { 0.0 }
}

/// The three endings. Equal light, music and length; the Patient speaks last in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The Devil sits down, small, beside the Patient.
    Sits,
    /// It steps back.
    StepsBack,
    /// It tires and stops talking.
    Tires,
}

impl Ending {
    /// The ending that a strength leads to.
    #[must_use]
    pub fn of(strength: Strength) -> Self {
        if strength.value() <= GIVEN_WAY {
            Self::Sits
        } else if strength.value() <= STEPPED_BACK {
            Self::StepsBack
        } else {
            Self::Tires
        }
    }
}
