//! The event log: the truth about an evening, in plain flat objects.
//!
//! One JSON object a line, with `v`, `seq`, `at_ms`, `turn`, `kind` and the fields of its kind. An agent's sentence
//! stands in exactly one event, `line`; hint, feedback and scene refer to it by its number. The person's words are
//! `said` events. `inner-room events --schema` prints the JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::course::{EndReason, HintReason, Outcome, Phase, Question, SaidPart};

use super::agent::{Agent, Manner};
use super::change::ChangeStep;
use super::distortion::Distortion;
use super::effect::Priority;
use super::face::{FaceCue, Level};
use super::ids::{AskId, LineId, Revision, UtteranceId};
use super::input::{Health, Sense, Via};
use super::moves::{Addressee, MoveReading};
use super::request::{Direction, TaskKind};
use super::resistance::{Resistance, RollingMove};
use super::safety::{Card, CardKind, Category, Tier};
use super::skills::SkillRatings;
use super::strength::{Ending, Stage, Strength};
use super::technique::Aim;
use super::theme::{Theme, Window};

/// Version of the log's form. It changes when a reader of the old form could misread the new one.
pub const VERSION: u32 = 1;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Version of the form, [`VERSION`].
    pub v: u32,
    /// Number in the session, from 0, without a gap.
    pub seq: u64,
    /// Session time in milliseconds.
    pub at_ms: u64,
    /// The person's turn: 0 before the first comfort.
    pub turn: u32,
    /// What happened.
    #[serde(flatten)]
    pub kind: Kind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// The evening began.
    Begin {
        /// Version of the program.
        program: String,
        /// Seed.
        seed: u64,
        /// Language.
        lang: String,
        /// Rounds at most.
        rounds: u32,
    },
    /// The session is in another phase.
    Phase {
        /// Which.
        phase: Phase,
        /// The round, 0 before the first.
        round: u32,
    },
    /// The question that stands.
    Question {
        /// Which.
        question: Question,
    },
    /// The theme is settled.
    Theme {
        /// Which.
        theme: Theme,
    },
    /// The window shows another scene.
    Scene {
        /// The Trigger's line.
        line: LineId,
        /// What the window shows.
        window: Window,
    },
    /// An agent speaks.
    Line {
        /// Who.
        agent: Agent,
        /// The line's number.
        line: LineId,
        /// The sentence or sentences.
        text: String,
        /// How.
        manner: Manner,
        /// Whether it repeats on purpose.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        callback: bool,
        /// The distortion of the thought, on the Devil's thoughts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        distortion: Option<Distortion>,
    },
    /// A line is over.
    Heard {
        /// Which.
        line: LineId,
        /// How many characters of it were heard.
        chars: usize,
    },
    /// The person said something.
    Said {
        /// The utterance.
        utterance: UtteranceId,
        /// The words.
        text: String,
        /// By voice or by keys.
        via: Via,
        /// What it was said for.
        part: SaidPart,
    },
    /// The person said nothing, and the round went on.
    Silence,
    /// The person is speaking or typing; the Patient stirs.
    Stir,
    /// The Devil's strength changed.
    Strength {
        /// 0.12 to 0.95, falling.
        value: Strength,
    },
    /// The Patient's stage changed.
    Stage {
        /// How far it has come up.
        stage: Stage,
    },
    /// The Guide gave its hint.
    Hint {
        /// Its line.
        line: LineId,
        /// What it was for.
        #[serde(flatten)]
        aim: Aim,
        /// Why it came.
        because: HintReason,
    },
    /// The Guide's remark, and the skill ratings.
    Feedback {
        /// Its line; none when the Guide was silent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<LineId>,
        /// DEAR MAN. They stay in the log.
        skills: SkillRatings,
    },
    /// The Strategist's reading.
    Verdict {
        /// To whom it was said.
        addressee: Addressee,
        /// What was done.
        moves: Vec<MoveReading>,
        /// What it took from the Devil's strength.
        drop: f32,
        /// Where the next thought should go.
        direction: Direction,
        /// Whether the words went past the Patient.
        miss: bool,
        /// Whether they were raw.
        raw: bool,
        /// Why, in a few words.
        reason: String,
    },
    /// How resistance was met.
    Move {
        /// The move.
        technique: RollingMove,
        /// What was noticed.
        resistance: Resistance,
    },
    /// What the round is for, and the plan behind it.
    Plan {
        /// What.
        #[serde(flatten)]
        aim: Aim,
        /// How often the plan was revised.
        revision: usize,
        /// The plan in a sentence, where somebody wrote one.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },
    /// The memory after a round.
    Memory {
        /// The whole of it.
        text: String,
    },
    /// The room was stopped for a person's safety. The words are written nowhere.
    Safety {
        /// How urgent.
        tier: Tier,
        /// Which category.
        category: Category,
        /// Version of the check that found it, [`crate::dialogue::safety::VERSION`].
        detector: u32,
    },
    /// One plain question stands, with four answers.
    CheckIn {
        /// What it is about.
        about: CardKind,
    },
    /// The help card stands.
    Card {
        /// What is on it.
        card: Card,
    },
    /// Another cast plays.
    Cast {
        /// Who now.
        now: String,
        /// Why.
        why: String,
    },
    /// A request went out.
    Ask {
        /// Its number.
        ask: AskId,
        /// What for.
        task: TaskKind,
        /// Whether somebody is waiting.
        priority: Priority,
        /// On which basis.
        basis: Revision,
    },
    /// A request ended.
    Answered {
        /// Its number.
        ask: AskId,
        /// What for.
        task: TaskKind,
        /// Session time it took, in milliseconds.
        took_ms: u64,
        /// What became of it.
        outcome: Outcome,
    },
    /// Something failed, and the evening goes on.
    Fault {
        /// Which part.
        part: String,
        /// What it means for the person.
        what: String,
    },
    /// A part of the program changed its state.
    Health {
        /// Which part.
        part: String,
        /// How it is now.
        #[serde(flatten)]
        state: Health,
    },
    /// A sense was switched.
    Sense {
        /// Which.
        sense: Sense,
        /// How far.
        level: Level,
    },
    /// The sound of the person's voice that was kept is gone, with nothing of what it was.
    Wiped {
        /// So many bytes of it were overwritten.
        bytes: u64,
    },
    /// A face summary changed something, in the person's favour.
    Face {
        /// What it asked for.
        cue: FaceCue,
    },
    /// The change of places has come to another step.
    Change {
        /// Which.
        step: ChangeStep,
    },
    /// The person hears what they said, from the Patient's place.
    Replay {
        /// Its number, which no figure's line has.
        line: LineId,
        /// The utterance that it is a part of.
        utterance: UtteranceId,
        /// The clause, word for word.
        text: String,
    },
    /// The words that the person would keep.
    Kept {
        /// They.
        text: String,
    },
    /// The person answered a measure.
    Measured(super::measures::Taken),
    /// The evening was held, or goes on.
    Paused {
        /// Whether it is held.
        paused: bool,
    },
    /// The evening is over.
    End {
        /// Which ending.
        ending: Ending,
        /// Why now.
        because: EndReason,
        /// Rounds held.
        rounds: u32,
    },
}

impl Event {
    /// The JSON Schema of one line of the log (draft 2020-12).
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}
