//! What is asked of a cast, and what it answers.
//!
//! A cast is stateless: all it needs stands in the request, lines already used included, so that one cast can take
//! over from another in mid-session.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::agent::{Agent, Intensity};
use super::distortion::Distortion;
use super::face::FaceCue;
use super::ids::{AskId, Revision};
use super::moves::{Addressee, MoveReading};
use super::resistance::{Resistance, RollingMove};
use super::skills::SkillRatings;
use super::strength::{Band, Ending, Stage};
use super::technique::{Aim, CbtTechnique};
use super::theme::{Theme, Window};

/// One request to one agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgentRequest {
    /// The number that the answer must carry.
    pub ask: AskId,
    /// The person's turn it belongs to.
    pub turn: u32,
    /// What the session knew when it asked.
    pub basis: Revision,
    /// BCP 47 language of the evening.
    pub lang: String,
    /// Everything said and settled so far.
    pub context: Arc<Context>,
    /// What is wanted.
    pub task: Task,
}

/// Everything a cast may know about the evening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Context {
    /// Seed of the evening: the same seed and words give the same lines.
    pub seed: u64,
    /// What the concern is about; none until the first scene has settled it.
    pub theme: Option<Theme>,
    /// What the critic has been saying, in the person's words.
    pub concern: String,
    /// When it finds them, in their words; empty if they did not say.
    pub when: String,
    /// How much of it they believe, 0 to 10.
    pub belief: u8,
    /// How the Devil may speak.
    pub intensity: Intensity,
    /// The band of the Devil's strength.
    pub band: Band,
    /// How far the Patient has come up.
    pub stage: Stage,
    /// The round, from 1.
    pub round: u32,
    /// The distortion of the evening, once the first thought has settled it.
    pub distortion: Option<Distortion>,
    /// The scene in the window.
    pub scene: String,
    /// What the round is for.
    pub aim: Aim,
    /// Every line of the evening, as far as it was heard.
    pub lines: Vec<SpokenLine>,
    /// Every comfort of the evening.
    pub said: Vec<SaidTurn>,
    /// The memory of all rounds but this one.
    pub memory: String,
    /// How the last utterance was read, once it was.
    pub verdict: Option<Verdict>,
    /// What the face did beside the last words, in careful words; empty unless the person is aware of it and it matters.
    #[serde(default)]
    pub caption: String,
    /// What it did beside the utterances up to that one, likewise, the oldest first.
    #[serde(default)]
    pub faces: Vec<String>,
    /// Where the Devil's last thought went.
    #[serde(default)]
    pub direction: Direction,
    /// The Guide's plan so far.
    #[serde(default)]
    pub plan: Plan,
    /// How often the plan was revised because the words went past the Patient.
    #[serde(default)]
    pub revision: usize,
}

impl Context {
    /// What the person said last; empty after a silence.
    #[must_use]
    pub fn last_said(&self) -> &str {
        self.said.last().map_or("", |said| said.text.as_str())
    }

    /// What `agent` said this evening, oldest first.
    pub fn lines_of(&self, agent: Agent) -> impl DoubleEndedIterator<Item = &SpokenLine> {
        self.lines.iter().filter(move |line| line.agent == agent)
    }
}

/// A line that was spoken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpokenLine {
    /// Who spoke.
    pub agent: Agent,
    /// The part of it that was heard.
    pub text: String,
    /// The round in which it was spoken.
    pub round: u32,
    /// Whether it repeats on purpose.
    pub callback: bool,
}

/// A turn of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidTurn {
    /// The round in which it was said.
    pub round: u32,
    /// The words; empty for a turn of silence.
    pub text: String,
    /// What was found in them, once it was.
    pub moves: Vec<MoveReading>,
    /// How many lines of the evening were heard before them.
    #[serde(default)]
    pub after: usize,
}

/// The Guide's plan: what the person could be offered next, and after that. It is kept from turn to turn and revised, as
/// in MIRROR, where a technique and a plan stand before each answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// The technique that was chosen last; none while there is none to choose.
    pub technique: Option<CbtTechnique>,
    /// In one sentence; empty where nobody has written one.
    pub text: String,
}

/// What is wanted of an agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// The next scene, at most twelve words; or the last one.
    Trigger {
        /// Set when the evening closes.
        closing: Option<Farewell>,
    },
    /// A line of the Devil, at most fourteen words.
    Devil(DevilBeat),
    /// Something the person could do, at most sixteen words.
    Hint {
        /// What the round is for.
        aim: Aim,
        /// Whether the last words went past the Patient.
        after_miss: bool,
        /// What the face asks for, if the person agreed to it.
        #[serde(default)]
        face: Option<FaceCue>,
    },
    /// A line of the Patient.
    Patient(PatientBeat),
    /// How far the comfort reached: the Strategist.
    Verdict,
    /// One remark of the Guide on what was said, and the skill ratings.
    Feedback {
        /// How the Strategist read it.
        verdict: Verdict,
        /// How resistance is to be met, if there was any.
        rolling: Option<RollingMove>,
        /// What the face asks for, if the person agreed to it.
        face: Option<FaceCue>,
        /// Whether the Guide may speak; ratings are wanted in any case.
        aloud: bool,
    },
    /// The memory of the old memory and this round.
    Memory,
    /// The Guide's last line.
    Farewell(Farewell),
}

impl Task {
    /// Which task it is, without its fields.
    #[must_use]
    pub fn kind(&self) -> TaskKind {
        match self {
            Self::Trigger { .. } => TaskKind::Trigger,
            Self::Devil(_) => TaskKind::Devil,
            Self::Hint { .. } => TaskKind::Hint,
            Self::Patient(_) => TaskKind::Patient,
            Self::Verdict => TaskKind::Verdict,
            Self::Feedback { .. } => TaskKind::Feedback,
            Self::Memory => TaskKind::Memory,
            Self::Farewell(_) => TaskKind::Farewell,
        }
    }
}

/// A task without its fields, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the task of the same name")]
pub enum TaskKind {
    Trigger,
    Devil,
    Hint,
    Patient,
    Verdict,
    Feedback,
    Memory,
    Farewell,
}

/// What the Devil speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DevilBeat {
    /// The thought that opens a round; from round two on, its reaction to the last words.
    Thought {
        /// What the face asks for.
        face: Option<FaceCue>,
    },
    /// An answer at once, because it was spoken to.
    Reply,
    /// Its last words.
    Closing(Farewell),
}

/// What the Patient speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PatientBeat {
    /// One concrete thing, hurt by the thought, at most twelve words.
    Need,
    /// The answer to the person's words, at most twenty-eight words.
    Answer {
        /// Every fourth time at most four words.
        short: bool,
        /// What the face asks for.
        face: Option<FaceCue>,
    },
    /// After a long silence it goes on by itself.
    GoOn,
    /// The last words of the evening.
    Closing(Farewell),
}

/// How the evening ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Farewell {
    /// Which of the three endings.
    pub ending: Ending,
    /// Whether the person stopped it early.
    pub stopped: bool,
}

/// A whole answer of a cast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentAnswer {
    /// To [`Task::Trigger`].
    Scene {
        /// The Trigger's words.
        text: String,
        /// What the window shows.
        window: Window,
        /// What the concern is about; the first scene settles it.
        theme: Theme,
    },
    /// To [`Task::Hint`].
    Hint {
        /// What the person could do, if they ask for it.
        text: String,
        /// The plan behind it, kept or revised.
        plan: Plan,
    },
    /// To [`Task::Devil`], [`Task::Patient`] and [`Task::Farewell`].
    Spoken {
        /// The words.
        text: String,
        /// Whether it repeats on purpose.
        callback: bool,
        /// The distortion of the thought; the first one settles the evening's.
        distortion: Option<Distortion>,
    },
    /// To [`Task::Verdict`].
    Verdict(Verdict),
    /// To [`Task::Feedback`].
    Feedback {
        /// The remark; none when the Guide is silent.
        text: Option<String>,
        /// DEAR MAN.
        skills: SkillRatings,
    },
    /// To [`Task::Memory`].
    Memory {
        /// The new memory, whole.
        text: String,
    },
}

impl AgentAnswer {
    /// A spoken line and nothing else.
    #[must_use]
    pub fn spoken(text: impl Into<String>) -> Self {
        Self::Spoken { text: text.into(), callback: false, distortion: None }
    }
}

/// The Strategist's reading of one utterance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// To whom it was said.
    pub addressee: Addressee,
    /// What was done in it, the weightiest first.
    pub moves: Vec<MoveReading>,
    /// Whether nothing was said at all.
    pub silence: bool,
    /// Whether the words were raw: the room then waits longer, and the Guide is silent.
    pub raw: bool,
    /// Resistance, if there was any.
    pub resistance: Option<Resistance>,
    /// Where the next thought should go.
    pub direction: Direction,
    /// Whether the distortion is mostly gone and the comfort shows a stable state. Code has the last word.
    pub end: bool,
    /// The clause of theirs that did the most, word for word; none where nothing in them did. It is found by rule, whoever
    /// plays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Why, in a few words.
    pub reason: String,
}

impl Verdict {
    /// Whether the words went past the Patient: there were moves, and none of them reached.
    #[must_use]
    pub fn is_miss(&self) -> bool {
        use super::moves::MoveClass;
        !self.moves.is_empty() && self.moves.iter().all(|reading| reading.kind.class() == MoveClass::Anti)
    }
}

/// The Strategist's plan for the next thought, as in MIND: change is slow and earned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Keep the distortion.
    #[default]
    Keep,
    /// Begin to reflect.
    Reflect,
    /// Voice confusion.
    Doubt,
    /// Agree a little.
    Agree,
}

impl Direction {
    /// This direction, or as far on the way to it as is earned in one turn: change is slow. Back goes at once.
    #[must_use]
    pub fn in_one_step_from(self, last: Self) -> Self {
        let steps = [Self::Keep, Self::Reflect, Self::Doubt, Self::Agree];
        let at = |direction| steps.iter().position(|step| *step == direction).unwrap_or(0);
        steps[at(self).min(at(last) + 1)]
    }
}

/// Why a cast could not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AskError {
    /// It may work the next time.
    #[error("the cast did not answer this time")]
    Transient,
    /// It will not work until somebody changes something.
    #[error("the cast cannot answer")]
    Permanent,
    /// It took too long.
    #[error("the cast took too long")]
    TimedOut,
    /// It did not keep to its form.
    #[error("the cast's answer could not be used")]
    Unusable,
}
