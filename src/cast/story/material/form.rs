//! The forms of the files in `prompts/story/`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Lines;
use crate::dialogue::distortion::Distortion;
use crate::dialogue::face::FaceCue;
use crate::dialogue::moves::Move;
use crate::dialogue::resistance::RollingMove;
use crate::dialogue::skills::Skill;
use crate::dialogue::strength::{Band, Stage};
use crate::dialogue::theme::{Hour, Theme, Weather, Window};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct IntakeFile {
    pub(in crate::cast::story) welcome: Lines,
    pub(in crate::cast::story) concern: Lines,
    pub(in crate::cast::story) when: Lines,
    pub(in crate::cast::story) belief: Lines,
    pub(in crate::cast::story) ready: Lines,
    pub(in crate::cast::story) patient_spare: Lines,
    pub(in crate::cast::story) patient_farewell: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct ChangeFile {
    pub(in crate::cast::story) offer: Lines,
    pub(in crate::cast::story) offer_silence: Lines,
    pub(in crate::cast::story) plainly: String,
    pub(in crate::cast::story) aloud: Lines,
    pub(in crate::cast::story) stayed: String,
    pub(in crate::cast::story) keep: Lines,
    pub(in crate::cast::story) keep_one: String,
    pub(in crate::cast::story) kept: String,
    pub(in crate::cast::story) kept_nothing: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct ThemeFile {
    #[serde(rename = "theme")]
    _theme: Theme,
    pub(in crate::cast::story) words: Lines,
    pub(in crate::cast::story) opening: Vec<Opening>,
    pub(in crate::cast::story) scenes: Scenes,
    pub(in crate::cast::story) concern: ConcernLines,
    pub(in crate::cast::story) needs: StagedLines,
    pub(in crate::cast::story) silence: SilenceLines,
    pub(in crate::cast::story) devil: DevilLines,
    pub(in crate::cast::story) answers: AnswerLines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct Opening {
    #[serde(rename = "id")]
    _id: String,
    pub(in crate::cast::story) distortion: Distortion,
    pub(in crate::cast::story) about: Lines,
    hour: Hour,
    weather: Weather,
    peopled: bool,
    pub(in crate::cast::story) scene: String,
    pub(in crate::cast::story) devil: String,
    pub(in crate::cast::story) patient: String,
}

impl Opening {
    pub(in crate::cast::story) fn window(&self) -> Window {
        Window { hour: self.hour, weather: self.weather, peopled: self.peopled }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct Scenes {
    pub(in crate::cast::story) heavy: Lines,
    pub(in crate::cast::story) open: Lines,
    pub(in crate::cast::story) slots: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct ConcernLines {
    pub(in crate::cast::story) scene: Lines,
    pub(in crate::cast::story) devil: Lines,
    pub(in crate::cast::story) patient: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct StagedLines {
    pub(in crate::cast::story) shut: Lines,
    pub(in crate::cast::story) heard: Lines,
    pub(in crate::cast::story) open: Lines,
}

impl StagedLines {
    pub(in crate::cast::story) fn at(&self, stage: Stage) -> &Lines {
        match stage {
            Stage::Shut => &self.shut,
            Stage::Heard => &self.heard,
            Stage::LookingUp | Stage::Thinking | Stage::Resting => &self.open,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct SilenceLines {
    pub(in crate::cast::story) goes_on: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct DevilLines {
    pub(in crate::cast::story) high: Lines,
    pub(in crate::cast::story) middle: Lines,
    pub(in crate::cast::story) low: Lines,
    #[serde(default)]
    pub(in crate::cast::story) reply: Lines,
}

impl DevilLines {
    pub(in crate::cast::story) fn at(&self, band: Band) -> &Lines {
        match band {
            Band::High => &self.high,
            Band::Middle => &self.middle,
            Band::Low => &self.low,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct AnswerLines {
    pub(in crate::cast::story) warm: Lines,
    pub(in crate::cast::story) thinking: Lines,
    pub(in crate::cast::story) critic: Lines,
    pub(in crate::cast::story) miss: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct MoveFile {
    #[serde(rename = "move")]
    _kind: Move,
    pub(in crate::cast::story) patient: MovePatient,
    pub(in crate::cast::story) devil: DevilLines,
    pub(in crate::cast::story) guide: MoveGuide,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct MovePatient {
    pub(in crate::cast::story) shut: Lines,
    pub(in crate::cast::story) heard: Lines,
    pub(in crate::cast::story) open: Lines,
    pub(in crate::cast::story) any: Lines,
    pub(in crate::cast::story) short: Lines,
    #[serde(default)]
    pub(in crate::cast::story) ask: BTreeMap<String, Lines>,
}

impl MovePatient {
    pub(in crate::cast::story) fn at(&self, stage: Stage) -> &Lines {
        match stage {
            Stage::Shut => &self.shut,
            Stage::Heard => &self.heard,
            Stage::LookingUp | Stage::Thinking | Stage::Resting => &self.open,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct MoveGuide {
    pub(in crate::cast::story) feedback: Lines,
    pub(in crate::cast::story) more: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct TurnLines {
    pub(in crate::cast::story) patient: Lines,
    devil_high: Lines,
    devil_middle: Lines,
    devil_low: Lines,
    pub(in crate::cast::story) feedback: Lines,
}

impl TurnLines {
    pub(in crate::cast::story) fn devil(&self, band: Band) -> &Lines {
        match band {
            Band::High => &self.devil_high,
            Band::Middle => &self.devil_middle,
            Band::Low => &self.devil_low,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct DistortionLines {
    pub(in crate::cast::story) words: Lines,
    high: Lines,
    middle: Lines,
    low: Lines,
}

impl DistortionLines {
    pub(in crate::cast::story) fn at(&self, band: Band) -> &Lines {
        match band {
            Band::High => &self.high,
            Band::Middle => &self.middle,
            Band::Low => &self.low,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct GuideFile {
    pub(in crate::cast::story) hints: BTreeMap<String, JustLines>,
    pub(in crate::cast::story) stay: JustLines,
    pub(in crate::cast::story) dear_man: BTreeMap<Skill, SkillLines>,
    pub(in crate::cast::story) resistance: BTreeMap<RollingMove, ResistanceLines>,
    pub(in crate::cast::story) face: BTreeMap<FaceCue, FaceLines>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct JustLines {
    pub(in crate::cast::story) lines: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct SkillLines {
    pub(in crate::cast::story) present: Lines,
    pub(in crate::cast::story) add: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct ResistanceLines {
    pub(in crate::cast::story) guide: Lines,
    pub(in crate::cast::story) cognitive: Lines,
    pub(in crate::cast::story) quarrel: Lines,
    pub(in crate::cast::story) patient: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct FaceLines {
    #[serde(default)]
    pub(in crate::cast::story) guide: Lines,
    #[serde(default)]
    pub(in crate::cast::story) patient: Lines,
    #[serde(default)]
    pub(in crate::cast::story) devil: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct EndingsFile {
    a: EndingLines,
    b: EndingLines,
    c: EndingLines,
    pub(in crate::cast::story) stopped: EndingLines,
    pub(in crate::cast::story) callback: CallbackLines,
}

impl EndingsFile {
    pub(in crate::cast::story) fn of(&self, ending: crate::dialogue::strength::Ending) -> &EndingLines {
        use crate::dialogue::strength::Ending;
        match ending {
            Ending::Sits => &self.a,
            Ending::StepsBack => &self.b,
            Ending::Tires => &self.c,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct EndingLines {
    #[serde(default)]
    pub(in crate::cast::story) devil: Lines,
    pub(in crate::cast::story) guide: Lines,
    pub(in crate::cast::story) patient: Lines,
    pub(in crate::cast::story) trigger: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct CallbackLines {
    pub(in crate::cast::story) devil: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct CuesFile {
    pub(in crate::cast::story) cue: Vec<CueLines>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct CueLines {
    #[serde(rename = "id")]
    _id: String,
    pub(in crate::cast::story) words: Lines,
    pub(in crate::cast::story) warm: Lines,
    pub(in crate::cast::story) thinking: Lines,
}

/// Phrase patterns by which a move is known, or words by which something else is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct PatternFile {
    #[serde(default)]
    pub(in crate::cast::story) strong: Lines,
    #[serde(default)]
    pub(in crate::cast::story) weak: Lines,
    #[serde(default)]
    pub(in crate::cast::story) not: Lines,
    #[serde(default)]
    pub(in crate::cast::story) words: Lines,
}

/// Kinds of nouns by which a phrase of the person's is given its slot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct WordsFile {
    pub(in crate::cast::story) roles: Lines,
    pub(in crate::cast::story) places: Lines,
    pub(in crate::cast::story) times: Lines,
    pub(in crate::cast::story) time_phrases: Lines,
    pub(in crate::cast::story) empty: Lines,
    pub(in crate::cast::story) function: Lines,
}

/// How a word of the person's comes back a round later.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct EchoesFile {
    pub(in crate::cast::story) need: Lines,
}

/// The sentences of the memory.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cast::story) struct MemoryFile {
    pub(in crate::cast::story) start: String,
    pub(in crate::cast::story) round: String,
    pub(in crate::cast::story) silent: String,
    pub(in crate::cast::story) reached: String,
    pub(in crate::cast::story) missed: String,
    pub(in crate::cast::story) most_sentences: usize,
}
