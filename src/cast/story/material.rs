//! The written material in `prompts/story/`, parsed once.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::dialogue::distortion::Distortion;
use crate::dialogue::face::FaceCue;
use crate::dialogue::moves::Move;
use crate::dialogue::resistance::RollingMove;
use crate::dialogue::skills::Skill;
use crate::dialogue::strength::{Band, Stage};
use crate::dialogue::theme::{Hour, Theme, Weather, Window};

static STORY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/prompts/story");

/// Why the material cannot be used. It is built in, so a test finds this before a person does.
#[derive(Debug, thiserror::Error)]
pub enum MaterialError {
    /// A file is not there.
    #[error("prompts/story/{0} is missing")]
    Missing(String),
    /// A file is not in its form.
    #[error("prompts/story/{file}: {error}")]
    Form {
        /// Which file.
        file: String,
        /// What is wrong with it.
        error: toml::de::Error,
    },
}

/// Lines of a play, one an element.
pub(super) type Lines = Vec<String>;

/// Everything that the story cast can say, and by what it knows what was said to it.
#[derive(Debug)]
pub(super) struct Material {
    pub(super) themes: BTreeMap<Theme, ThemeFile>,
    pub(super) moves: BTreeMap<Move, MoveFile>,
    pub(super) turns: BTreeMap<String, TurnLines>,
    pub(super) distortions: BTreeMap<Distortion, DistortionLines>,
    pub(super) guide: GuideFile,
    pub(super) endings: EndingsFile,
    pub(super) cues: Vec<CueLines>,
    pub(super) reading: BTreeMap<String, PatternFile>,
    pub(super) words: WordsFile,
    pub(super) echoes: EchoesFile,
    pub(super) memory: MemoryFile,
}

impl Material {
    /// Parses what is built in.
    pub(super) fn load() -> Result<Self, MaterialError> {
        let mut themes = BTreeMap::new();
        for theme in Theme::ALL {
            themes.insert(theme, parse(&format!("themes/{}.toml", theme.name()))?);
        }
        let mut moves = BTreeMap::new();
        for kind in Move::ALL {
            moves.insert(kind, parse(&format!("moves/{}.toml", kind.name()))?);
        }
        let cues: CuesFile = parse("cues.toml")?;
        let mut reading: BTreeMap<String, PatternFile> = BTreeMap::new();
        for file in ["comforts", "misses", "others", "words"] {
            reading.extend(parse::<BTreeMap<String, PatternFile>>(&format!("reading/{file}.toml"))?);
        }
        Ok(Self {
            themes,
            moves,
            turns: parse("turns.toml")?,
            distortions: parse("distortions.toml")?,
            guide: parse("guide.toml")?,
            endings: parse("endings.toml")?,
            cues: cues.cue,
            reading,
            words: parse("words.toml")?,
            echoes: parse("echoes.toml")?,
            memory: parse("memory.toml")?,
        })
    }
}

fn parse<T: DeserializeOwned>(file: &str) -> Result<T, MaterialError> {
    let text = STORY
        .get_file(file)
        .and_then(include_dir::File::contents_utf8)
        .ok_or_else(|| MaterialError::Missing(file.to_owned()))?;
    toml::from_str(text).map_err(|error| MaterialError::Form { file: file.to_owned(), error })
}

/// The fixed lines of the Guide around the intake, chosen by the seed.
pub fn fixed_lines(seed: u64) -> Result<crate::dialogue::input::FixedLines, MaterialError> {
    let intake: IntakeFile = parse("intake.toml")?;
    let guide: GuideFile = parse("guide.toml")?;
    let pick = |lines: &Lines| {
        let index = usize::try_from(seed % 7919).unwrap_or(0) % lines.len().max(1);
        lines.get(index).cloned().unwrap_or_default()
    };
    Ok(crate::dialogue::input::FixedLines {
        welcome: pick(&intake.welcome),
        concern: pick(&intake.concern),
        when: pick(&intake.when),
        belief: pick(&intake.belief),
        ready: pick(&intake.ready),
        stay: pick(&guide.stay.lines),
        patient_spare: intake.patient_spare.clone(),
        patient_farewell: intake.patient_farewell.clone(),
        sos: intake.sos,
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IntakeFile {
    welcome: Lines,
    concern: Lines,
    when: Lines,
    belief: Lines,
    ready: Lines,
    patient_spare: Lines,
    patient_farewell: String,
    sos: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ThemeFile {
    #[serde(rename = "theme")]
    _theme: Theme,
    pub(super) words: Lines,
    pub(super) opening: Vec<Opening>,
    pub(super) scenes: Scenes,
    pub(super) concern: ConcernLines,
    pub(super) needs: StagedLines,
    pub(super) silence: SilenceLines,
    pub(super) devil: DevilLines,
    pub(super) answers: AnswerLines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Opening {
    #[serde(rename = "id")]
    _id: String,
    pub(super) distortion: Distortion,
    pub(super) about: Lines,
    hour: Hour,
    weather: Weather,
    peopled: bool,
    pub(super) scene: String,
    pub(super) devil: String,
    pub(super) patient: String,
}

impl Opening {
    pub(super) fn window(&self) -> Window {
        Window { hour: self.hour, weather: self.weather, peopled: self.peopled }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenes {
    pub(super) heavy: Lines,
    pub(super) open: Lines,
    pub(super) slots: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConcernLines {
    pub(super) scene: Lines,
    pub(super) devil: Lines,
    pub(super) patient: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StagedLines {
    pub(super) shut: Lines,
    pub(super) heard: Lines,
    pub(super) open: Lines,
}

impl StagedLines {
    pub(super) fn at(&self, stage: Stage) -> &Lines {
        match stage {
            Stage::Shut => &self.shut,
            Stage::Heard => &self.heard,
            Stage::LookingUp | Stage::Thinking | Stage::Resting => &self.open,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SilenceLines {
    pub(super) goes_on: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DevilLines {
    pub(super) high: Lines,
    pub(super) middle: Lines,
    pub(super) low: Lines,
    #[serde(default)]
    pub(super) reply: Lines,
}

impl DevilLines {
    pub(super) fn at(&self, band: Band) -> &Lines {
        match band {
            Band::High => &self.high,
            Band::Middle => &self.middle,
            Band::Low => &self.low,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerLines {
    pub(super) warm: Lines,
    pub(super) thinking: Lines,
    pub(super) critic: Lines,
    pub(super) miss: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveFile {
    #[serde(rename = "move")]
    _kind: Move,
    pub(super) patient: MovePatient,
    pub(super) devil: DevilLines,
    pub(super) guide: MoveGuide,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MovePatient {
    pub(super) shut: Lines,
    pub(super) heard: Lines,
    pub(super) open: Lines,
    pub(super) any: Lines,
    pub(super) short: Lines,
    #[serde(default)]
    pub(super) ask: BTreeMap<String, Lines>,
}

impl MovePatient {
    pub(super) fn at(&self, stage: Stage) -> &Lines {
        match stage {
            Stage::Shut => &self.shut,
            Stage::Heard => &self.heard,
            Stage::LookingUp | Stage::Thinking | Stage::Resting => &self.open,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveGuide {
    pub(super) feedback: Lines,
    pub(super) more: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TurnLines {
    pub(super) patient: Lines,
    devil_high: Lines,
    devil_middle: Lines,
    devil_low: Lines,
    pub(super) feedback: Lines,
}

impl TurnLines {
    pub(super) fn devil(&self, band: Band) -> &Lines {
        match band {
            Band::High => &self.devil_high,
            Band::Middle => &self.devil_middle,
            Band::Low => &self.devil_low,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DistortionLines {
    pub(super) words: Lines,
    high: Lines,
    middle: Lines,
    low: Lines,
}

impl DistortionLines {
    pub(super) fn at(&self, band: Band) -> &Lines {
        match band {
            Band::High => &self.high,
            Band::Middle => &self.middle,
            Band::Low => &self.low,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GuideFile {
    pub(super) hints: BTreeMap<String, JustLines>,
    pub(super) stay: JustLines,
    pub(super) dear_man: BTreeMap<Skill, SkillLines>,
    pub(super) resistance: BTreeMap<RollingMove, ResistanceLines>,
    pub(super) face: BTreeMap<FaceCue, FaceLines>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JustLines {
    pub(super) lines: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SkillLines {
    pub(super) present: Lines,
    pub(super) add: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResistanceLines {
    pub(super) guide: Lines,
    pub(super) patient: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaceLines {
    #[serde(default)]
    pub(super) guide: Lines,
    #[serde(default)]
    pub(super) patient: Lines,
    #[serde(default)]
    pub(super) devil: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndingsFile {
    a: EndingLines,
    b: EndingLines,
    c: EndingLines,
    pub(super) stopped: EndingLines,
    pub(super) callback: CallbackLines,
}

impl EndingsFile {
    pub(super) fn of(&self, ending: crate::dialogue::strength::Ending) -> &EndingLines {
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
pub(super) struct EndingLines {
    #[serde(default)]
    pub(super) devil: Lines,
    pub(super) guide: Lines,
    pub(super) patient: Lines,
    pub(super) trigger: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallbackLines {
    pub(super) devil: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CuesFile {
    cue: Vec<CueLines>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CueLines {
    #[serde(rename = "id")]
    _id: String,
    pub(super) words: Lines,
    pub(super) warm: Lines,
    pub(super) thinking: Lines,
}

/// Phrase patterns by which a move is known, or words by which something else is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatternFile {
    #[serde(default)]
    pub(super) strong: Lines,
    #[serde(default)]
    pub(super) weak: Lines,
    #[serde(default)]
    pub(super) not: Lines,
    #[serde(default)]
    pub(super) words: Lines,
}

/// Kinds of nouns by which a phrase of the person's is given its slot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordsFile {
    pub(super) roles: Lines,
    pub(super) places: Lines,
    pub(super) times: Lines,
    pub(super) time_phrases: Lines,
    pub(super) empty: Lines,
    pub(super) function: Lines,
}

/// How a word of the person's comes back a round later.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EchoesFile {
    pub(super) need: Lines,
}

/// The sentences of the memory.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MemoryFile {
    pub(super) start: String,
    pub(super) round: String,
    pub(super) silent: String,
    pub(super) reached: String,
    pub(super) missed: String,
    pub(super) most_sentences: usize,
}
