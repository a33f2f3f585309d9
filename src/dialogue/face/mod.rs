//! What a face adds to an utterance. It acts only in the person's favour: on timing, manner and hints; never on the
//! Devil's strength or the ending, and it is never named aloud.

mod mien;

pub use mien::{Mien, Seen, Sight};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resistance::{Resistance, ResistanceKind, ResistanceSignal};

/// Shortest observation that counts, in milliseconds.
pub const SHORTEST_MS: u64 = 1_200;
/// Least confidence that counts.
pub const LEAST_CONFIDENCE: f32 = 0.6;
/// Turned away for this long counts as turned away, in milliseconds.
pub const TURNED_AWAY_MS: u64 = 4_000;

/// How much of the face the person agreed to.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing. The default.
    #[default]
    Off,
    /// The Patient's face follows theirs, nothing else.
    Mirror,
    /// The summary reaches Guide and Devil, never the verdict.
    Aware,
}

impl Level {
    /// As it is written in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Mirror => "mirror",
            Self::Aware => "aware",
        }
    }
}

/// Where the room stands. In some places the law forbids inferring emotions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Venue {
    /// At home.
    #[default]
    Home,
    /// A museum, a festival.
    Exhibition,
    /// A place of work: never aware.
    Workplace,
    /// A school or university: never aware.
    Education,
}

impl Venue {
    /// The highest level that may be switched on here (EU AI Act, article 5(1)(f)).
    #[must_use]
    pub fn highest_level(self) -> Level {
        match self {
            Self::Home | Self::Exhibition => Level::Aware,
            Self::Workplace | Self::Education => Level::Mirror,
        }
    }
}

/// The leading expression, in the categories of common classifiers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names of the expressions say what they are")]
pub enum Expression {
    #[default]
    Neutral,
    Happy,
    Sad,
    Angry,
    Fearful,
    Disgusted,
    Surprised,
    Contempt,
}

/// What a face did over one utterance, measured against the person's own neutral.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FaceSummary {
    /// In careful words: "a smile that comes and goes".
    #[serde(default)]
    pub caption: String,
    /// Unpleasant to pleasant, -1 to 1.
    pub valence: f32,
    /// Calm to stirred, -1 to 1.
    pub arousal: f32,
    /// How sure the model is, 0 to 1.
    pub confidence: f32,
    /// How long the face was observed, in milliseconds.
    pub observed_ms: u64,
    /// Change of valence since the last utterance, -2 to 2.
    #[serde(default)]
    pub valence_change: f32,
    /// The leading expression.
    #[serde(default)]
    pub expression: Expression,
    /// The one that showed beside it, if any did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<Expression>,
    /// How long it was turned away, in milliseconds.
    #[serde(default)]
    pub away_ms: u64,
    /// Whether face and words disagree: valence or arousal at least 0.5 apart.
    #[serde(default)]
    pub disagrees: bool,
    /// How pleasant the words are by themselves, -1 to 1, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<f32>,
}

/// What a summary asks of Guide and Devil.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaceCue {
    /// Bright words, heavy face: the Guide lets half sure be enough, the Devil skips its turn.
    BrightWordsHeavy,
    /// "Fine", doubtful.
    DoubtfulFine,
    /// Distress: the Devil stops in mid-word and steps back.
    Distress,
    /// It softens: the Devil breaks off, the Guide is silent.
    Softening,
    /// Scorn: the Guide says so first.
    Scorn,
    /// Turned away: the lamp dims, the hint comes later.
    TurnedAway,
}

impl FaceCue {
    /// Reads a summary beside the words it came with. Weak, short or unreal observations say nothing.
    #[must_use]
    pub fn read(summary: &FaceSummary, words: &str) -> Option<Self> {
        let real = [summary.valence, summary.arousal, summary.confidence, summary.valence_change]
            .iter()
            .all(|value| value.is_finite());
        if !real || summary.confidence < LEAST_CONFIDENCE || summary.observed_ms < SHORTEST_MS {
            return None;
        }
        if summary.away_ms >= TURNED_AWAY_MS {
            return Some(Self::TurnedAway);
        }
        if matches!(summary.expression, Expression::Contempt | Expression::Disgusted) {
            return Some(Self::Scorn);
        }
        let is_heavier = summary.words.is_none_or(|words| words > summary.valence);
        if summary.disagrees && is_heavier && summary.valence < 0.0 {
            return Some(if says_fine(words) { Self::DoubtfulFine } else { Self::BrightWordsHeavy });
        }
        if summary.valence <= -0.5 && summary.arousal >= 0.3 {
            return Some(Self::Distress);
        }
        (summary.valence_change >= 0.35 && summary.valence >= 0.0).then_some(Self::Softening)
    }
}

impl FaceCue {
    /// The resistance that it may be, where the words alone say nothing of one (MIRROR's kinds, Kim et al., EMNLP 2025).
    #[must_use]
    pub fn resistance(self) -> Option<Resistance> {
        let (kind, signal) = match self {
            Self::DoubtfulFine => (ResistanceKind::Emotional, ResistanceSignal::PartialAgreement),
            Self::Scorn => (ResistanceKind::Behavioral, ResistanceSignal::DirectDisagreement),
            Self::BrightWordsHeavy | Self::Distress | Self::Softening | Self::TurnedAway => return None,
        };
        Some(Resistance { kind, signal })
    }
}

fn says_fine(words: &str) -> bool {
    words
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| ["fine", "ok", "okay", "alright"].contains(&word.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary() -> FaceSummary {
        FaceSummary { confidence: 0.8, observed_ms: 3_000, ..FaceSummary::default() }
    }

    #[test]
    fn a_short_unsure_or_unreal_observation_says_nothing() {
        let heavy = FaceSummary { valence: -0.9, arousal: 0.9, ..summary() };
        assert_eq!(FaceCue::read(&heavy, "I am here"), Some(FaceCue::Distress));
        assert_eq!(FaceCue::read(&FaceSummary { confidence: 0.59, ..heavy.clone() }, ""), None);
        assert_eq!(FaceCue::read(&FaceSummary { observed_ms: 1_199, ..heavy.clone() }, ""), None);
        assert_eq!(FaceCue::read(&FaceSummary { arousal: f32::NAN, ..heavy }, ""), None);
    }

    #[test]
    fn fine_with_a_heavy_face_is_doubted_and_bright_words_are_not_believed_whole() {
        let heavy = FaceSummary { valence: -0.4, disagrees: true, ..summary() };
        assert_eq!(FaceCue::read(&heavy, "It's fine."), Some(FaceCue::DoubtfulFine));
        assert_eq!(FaceCue::read(&heavy, "You did it!"), Some(FaceCue::BrightWordsHeavy));
        let words_heavier = FaceSummary { words: Some(-0.95), ..heavy };
        assert_eq!(FaceCue::read(&words_heavier, "It was horrible."), None);
    }

    #[test]
    fn places_of_work_and_learning_never_become_aware() {
        assert_eq!(Venue::Workplace.highest_level(), Level::Mirror);
        assert_eq!(Venue::Education.highest_level(), Level::Mirror);
    }
}
