//! The written material in `prompts/story/`, parsed once.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;

use crate::dialogue::distortion::Distortion;
use crate::dialogue::moves::Move;
use crate::dialogue::theme::Theme;

mod form;
mod theme_words;

pub(super) use form::*;
use theme_words::ThemeWords;

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
    pub(super) theme_words: ThemeWords,
    /// Labelled lines, `label<TAB>utterance`.
    pub(super) examples: Vec<String>,
    /// Concerns, `theme<TAB>concern`.
    pub(super) concerns: Vec<String>,
    pub(super) words: WordsFile,
    pub(super) echoes: EchoesFile,
    pub(super) memory: MemoryFile,
}

/// Every file of the written material in a folder, as text; all of it for an empty name.
pub(crate) fn texts(name: &str) -> Vec<&'static str> {
    fn all(folder: &'static Dir<'static>, texts: &mut Vec<&'static str>) {
        texts.extend(folder.files().filter_map(|file| file.contents_utf8()));
        folder.dirs().for_each(|folder| all(folder, texts));
    }
    let mut texts = Vec::new();
    let folder = if name.is_empty() { Some(&STORY) } else { STORY.get_dir(name) };
    folder.into_iter().for_each(|folder| all(folder, &mut texts));
    texts
}

impl Material {
    /// Parses what is built in.
    pub(super) fn load() -> Result<Self, MaterialError> {
        let mut themes = BTreeMap::new();
        for theme in Theme::ALL {
            themes.insert(theme, parse(&format!("themes/{}.toml", theme.name()))?);
        }
        let mut theme_words = ThemeWords::default();
        for theme in Theme::ALL {
            theme_words.learn(theme, read(&format!("themes/{}.toml", theme.name()))?);
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
            theme_words,
            examples: labelled("reading/examples"),
            concerns: labelled("reading/concerns"),
            words: parse("words.toml")?,
            echoes: parse("echoes.toml")?,
            memory: parse("memory.toml")?,
        })
    }
}

/// A list of words of the reading, by its name.
pub(super) fn listed(name: &str) -> Result<Lines, MaterialError> {
    let mut files: BTreeMap<String, PatternFile> = parse("reading/others.toml")?;
    Ok(files.remove(name).map(|file| file.words).unwrap_or_default())
}

/// Every labelled line of the files in a folder.
fn labelled(folder: &str) -> Vec<String> {
    let files = STORY.get_dir(folder).map(Dir::files).into_iter().flatten();
    files.filter_map(include_dir::File::contents_utf8).flat_map(str::lines).map(str::to_owned).collect()
}

fn read(file: &str) -> Result<&'static str, MaterialError> {
    STORY
        .get_file(file)
        .and_then(include_dir::File::contents_utf8)
        .ok_or_else(|| MaterialError::Missing(file.to_owned()))
}

fn parse<T: DeserializeOwned>(file: &str) -> Result<T, MaterialError> {
    toml::from_str(read(file)?).map_err(|error| MaterialError::Form { file: file.to_owned(), error })
}

/// The same lines, beginning with another one.
fn rotated(lines: &Lines, seed: u64) -> Lines {
    let mut lines = lines.clone();
    let by = usize::try_from(seed % 7919).unwrap_or(0) % lines.len().max(1);
    lines.rotate_left(by);
    lines
}

fn change_lines(
    pick: impl Fn(&Lines) -> String,
) -> Result<crate::dialogue::input::ChangeLines, MaterialError> {
    let file: ChangeFile = parse("change.toml")?;
    Ok(crate::dialogue::input::ChangeLines {
        offer: pick(&file.offer),
        offer_silence: pick(&file.offer_silence),
        plainly: file.plainly,
        aloud: pick(&file.aloud),
        stayed: file.stayed,
        keep: pick(&file.keep),
        keep_one: file.keep_one,
        kept: file.kept,
        kept_nothing: file.kept_nothing,
    })
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
        stay: rotated(&guide.stay.lines, seed),
        patient_spare: intake.patient_spare.clone(),
        patient_farewell: intake.patient_farewell.clone(),
        change: change_lines(pick)?,
        safety: parse("safety.toml")?,
    })
}
