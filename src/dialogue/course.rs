//! The course of an evening: its phases and questions, and why what happened in it did.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::request::AskError;

/// The phases of a session. It alone decides them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nothing has begun.
    #[default]
    Waiting,
    /// The questions before the room.
    Intake,
    /// The window shows a scene.
    Scene,
    /// The Devil's thought.
    Thought,
    /// The Patient, hurt by it, says one concrete thing.
    Need,
    /// It is the person's turn.
    Open,
    /// A breath, while the Patient takes it in.
    Breath,
    /// The Patient answers.
    Answer,
    /// What the words did: the room settles, the Devil may reply, the Guide remarks.
    Echo,
    /// Quiet between two rounds.
    Quiet,
    /// The last lines.
    Closing,
    /// The person hears what they said, from the Patient's place.
    Change,
    /// Stopped for the person's sake.
    Safe,
    /// Over.
    Ended,
}

/// The questions before the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// "What has it been saying?"
    Concern,
    /// "When does it find you?"
    When,
    /// "How much of you believes it?"
    Belief,
}

/// What words were said for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SaidPart {
    /// The concern.
    Concern,
    /// When it finds them.
    When,
    /// How much they believe it.
    Belief,
    /// A comfort.
    Comfort,
    /// An answer in the change of places.
    Change,
    /// After the last line.
    Afterwards,
}

/// Why a hint came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HintReason {
    /// The person asked.
    Asked,
    /// It had been quiet.
    Silence,
    /// The words had gone past the Patient.
    Miss,
    /// It had been quiet for long: one can also just stay.
    Stay,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was used, or is ready.
    Ready,
    /// It was made on an older basis, or is no longer wanted.
    Dropped,
    /// The gate let nothing of it through.
    Blocked,
    /// The cast failed.
    Failed(AskError),
}

/// Why an evening ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The distortion gave way.
    GivenWay,
    /// The set number of rounds.
    Rounds,
    /// The person stopped.
    Stopped,
    /// The person had been silent for long.
    Silence,
    /// The person turned it down three times.
    Declined,
    /// SOS.
    Sos,
    /// It was stopped for the person's safety.
    Safety,
    /// The program was cut off, and the evening was closed afterwards.
    CutOff,
}
