//! What a person can do with words in this room, and what each kind of it weighs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::distortion::Distortion;

/// A kind of comfort, or of what passes the Patient by. One utterance may hold several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// "I'm here."
    Presence,
    /// "No wonder you're tired."
    Validation,
    /// "I do it too."
    CommonHumanity,
    /// "You're allowed to rest."
    SelfKindness,
    /// "Sorry I talked to you like that."
    Repair,
    /// "That's a thought."
    Defusion,
    /// "You finished it on Tuesday."
    Evidence,
    /// "What did she say then?"
    OpenQuestion,
    /// "Maybe she was in a hurry."
    Perspective,
    /// "And then?"
    Decatastrophising,
    /// "Five minutes, together."
    SmallAct,
    /// A no to the Devil, without insult.
    Boundary,
    /// "What are you afraid of?", to the Devil.
    QuestionToCritic,
    /// "Cheer up."
    CheerUp,
    /// A solution before the hurt was heard.
    AdviceEarly,
    /// A quarrel with the Devil.
    Arguing,
    /// "No you're not", and nothing after it.
    BareDenial,
    /// Cruelty to oneself or to the Patient.
    SelfAttack,
    /// "It's right."
    Agreeing,
    /// "This is silly."
    Dismissal,
}

/// What sort of thing a move is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MoveClass {
    /// Raises the Patient.
    Warm,
    /// Works on the thought.
    Thinking,
    /// Is said to the Devil.
    ToDevil,
    /// Passes the Patient by. The Devil never rises on it.
    Anti,
}

impl Move {
    /// All twenty: warm, thinking, to the Devil, anti.
    pub const ALL: [Self; 20] = [
        Self::Presence,
        Self::Validation,
        Self::CommonHumanity,
        Self::SelfKindness,
        Self::Repair,
        Self::Defusion,
        Self::Evidence,
        Self::OpenQuestion,
        Self::Perspective,
        Self::Decatastrophising,
        Self::SmallAct,
        Self::Boundary,
        Self::QuestionToCritic,
        Self::CheerUp,
        Self::AdviceEarly,
        Self::Arguing,
        Self::BareDenial,
        Self::SelfAttack,
        Self::Agreeing,
        Self::Dismissal,
    ];

    /// The name used in files and in the event log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Presence => "presence",
            Self::Validation => "validation",
            Self::CommonHumanity => "common_humanity",
            Self::SelfKindness => "self_kindness",
            Self::Repair => "repair",
            Self::Defusion => "defusion",
            Self::Evidence => "evidence",
            Self::OpenQuestion => "open_question",
            Self::Perspective => "perspective",
            Self::Decatastrophising => "decatastrophising",
            Self::SmallAct => "small_act",
            Self::Boundary => "boundary",
            Self::QuestionToCritic => "question_to_critic",
            Self::CheerUp => "cheer_up",
            Self::AdviceEarly => "advice_early",
            Self::Arguing => "arguing",
            Self::BareDenial => "bare_denial",
            Self::SelfAttack => "self_attack",
            Self::Agreeing => "agreeing",
            Self::Dismissal => "dismissal",
        }
    }

    /// Which sort of move this is.
    #[must_use]
    pub fn class(self) -> MoveClass {
        match self {
            Self::Presence | Self::Validation | Self::CommonHumanity | Self::SelfKindness | Self::Repair => {
                MoveClass::Warm
            }
            Self::Defusion
            | Self::Evidence
            | Self::OpenQuestion
            | Self::Perspective
            | Self::Decatastrophising
            | Self::SmallAct => MoveClass::Thinking,
            Self::Boundary | Self::QuestionToCritic => MoveClass::ToDevil,
            _ => MoveClass::Anti,
        }
    }

    /// How far the move can lower the Devil by itself, in units of strength.
    #[must_use]
    pub fn weight(self) -> f32 {
        match self {
            Self::Repair => 0.14,
            Self::Evidence | Self::Boundary | Self::QuestionToCritic => 0.12,
            Self::Defusion | Self::Decatastrophising => 0.11,
            Self::Validation | Self::OpenQuestion | Self::Perspective => 0.10,
            Self::CommonHumanity | Self::SelfKindness => 0.09,
            Self::SmallAct => 0.08,
            Self::Presence => 0.07,
            Self::BareDenial => 0.02,
            Self::CheerUp => 0.01,
            Self::AdviceEarly | Self::Arguing | Self::SelfAttack | Self::Agreeing | Self::Dismissal => 0.0,
        }
    }

    /// How well the move fits the thought at hand, 0.7 to 1.3. Moves without a special bearing on it are at 1.
    #[must_use]
    pub fn fit(self, distortion: Distortion) -> f32 {
        use Distortion as D;
        let (best, poor): (&[Self], &[Self]) = match distortion {
            D::BlackAndWhite => (&[Self::Evidence, Self::Perspective], &[Self::Presence]),
            D::EmotionalReasoning => (&[Self::Validation, Self::Defusion, Self::Evidence], &[Self::SmallAct]),
            D::FortuneTelling => (&[Self::Decatastrophising, Self::OpenQuestion], &[Self::SmallAct]),
            D::Labeling => (&[Self::Evidence, Self::Defusion, Self::SelfKindness], &[Self::Presence]),
            D::MindReading => (&[Self::Perspective, Self::OpenQuestion], &[Self::SmallAct]),
            D::Overgeneralization => (&[Self::Evidence, Self::OpenQuestion], &[Self::Decatastrophising]),
            D::Personalization => (&[Self::Perspective, Self::CommonHumanity], &[Self::SmallAct]),
            D::Catastrophising => (&[Self::Decatastrophising, Self::SmallAct], &[Self::CommonHumanity]),
            D::Magnification => (&[Self::Evidence, Self::Decatastrophising], &[Self::Presence]),
            D::MentalFilter => (&[Self::Evidence, Self::OpenQuestion], &[Self::SmallAct]),
            D::DisqualifyingPositive => (&[Self::Evidence, Self::SelfKindness], &[Self::SmallAct]),
            D::ShouldStatements => (&[Self::SelfKindness, Self::Boundary], &[Self::SmallAct]),
            D::Blaming => (&[Self::Validation, Self::Perspective], &[Self::SmallAct]),
            D::Comparing => (&[Self::CommonHumanity, Self::Perspective], &[Self::SmallAct]),
        };
        if best.contains(&self) {
            1.3
        } else if poor.contains(&self) {
            0.7
        } else {
            1.0
        }
    }
}

/// How firmly a move stands on something concrete.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// On nothing that was said or happened.
    #[default]
    None,
    /// On a word of the Patient's or of the person's own concern.
    TheirWord,
    /// On a new time, place or fact.
    NewFact,
}

impl Anchor {
    /// The factor of this anchor for a move of that class.
    #[must_use]
    pub fn factor(self, class: MoveClass) -> f32 {
        match (self, class) {
            (Self::None, MoveClass::Thinking) => 0.5,
            (Self::None, MoveClass::Warm) => 0.75,
            (Self::None | Self::TheirWord, _) => 1.0,
            (Self::NewFact, _) => 1.3,
        }
    }
}

/// One move found in an utterance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MoveReading {
    /// What was done.
    #[serde(rename = "move")]
    pub kind: Move,
    /// What it stands on.
    pub anchor: Anchor,
}

/// To whom an utterance, or a clause of it, is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Addressee {
    /// The Patient, who is the person's own other self.
    #[default]
    Patient,
    /// The Devil.
    Devil,
    /// The person themself, aloud.
    Oneself,
    /// The program.
    Machine,
}
