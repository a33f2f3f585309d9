//! Settings: defaults, then `config.toml` in the platform's folder, then `INNER_ROOM_*`, then flags.

pub mod exhibit;
pub mod helplines;
pub mod measures;
pub mod save;

mod cast;
mod remember;
mod sound;
mod tier;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use cast::{CastChoice, CastPart, LocalServer};
pub use remember::{RememberError, forget, remember};
use serde::Deserialize;
pub use sound::{Echo, Engine, Hear};
pub use tier::Tier;

use crate::dialogue::agent::Intensity;
use crate::dialogue::face::{Level, Venue};
use crate::dialogue::measures::Instrument;
use crate::dialogue::theme::Theme;

/// Why settings cannot be used. Each message says where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named is not there, or cannot be read.
    #[error("{path} cannot be read: {error}. Name another file with --config, or leave the flag out")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// An unknown key, a wrong type, or no TOML.
    #[error("{path}, line {line}: {message}. Correct the line, or remove it")]
    Form {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong, with the key.
        message: String,
    },
    /// A variable of the environment has a value that cannot be used.
    #[error("{name}={value} cannot be used: {message}. Correct the variable, or unset it")]
    Variable {
        /// Which variable.
        name: String,
        /// Its value.
        value: String,
        /// What it takes.
        message: String,
    },
}

/// What can be set. Every key is optional, in the file and in the environment.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Who plays the agents: `story`, `auto`, or the address of a server.
    pub cast: Option<CastChoice>,
    /// The model that a server is asked for; else its first.
    pub model: Option<String>,
    /// Other models for some of the agents, on the same server: `[model_for]` with `devil = "NAME"`.
    pub model_for: Option<BTreeMap<CastPart, String>>,
    /// The server on this machine that may be asked, or `no`. Where nobody has said so, a live terminal asks.
    pub local_server: Option<LocalServer>,
    /// A file that holds the server's key and that only its owner can read; `INNER_ROOM_API_KEY` goes before it.
    pub key_file: Option<PathBuf>,
    /// Language of what the program says: `en` or `zh`.
    pub lang: Option<String>,
    /// The theme, if it is not to be read from the concern.
    pub theme: Option<Theme>,
    /// After how many rounds the evening closes, 1 to 12.
    pub rounds: Option<u32>,
    /// Seed of what is chosen by chance.
    pub seed: Option<u64>,
    /// How much of the Devil there is: `off`, `gentle` or `full`.
    pub intensity: Option<Intensity>,
    /// What the Devil is called on the screen.
    pub devil_name: Option<String>,
    /// Country of the helplines on the help card, as a code of two letters; never guessed.
    pub country: Option<String>,
    /// A person on duty, named on the help card.
    pub staff: Option<String>,
    /// Where the room stands: `home`, `exhibition`, `workplace` or `education`.
    pub venue: Option<Venue>,
    /// How large words are in the window, in percent: 100 to 200.
    pub text_size: Option<u16>,
    /// Whether the figures' lines stand below as captions.
    pub captions: Option<bool>,
    /// Whether what is to be read stands on solid ground, in the strongest contrast.
    pub contrast: Option<bool>,
    /// Whether as little as can be moves in the room.
    pub reduced_motion: Option<bool>,
    /// How much of the room is drawn; else the machine decides.
    pub tier: Option<Tier>,
    /// A figure of one's own for the Patient: a VRM or GLB file.
    pub patient: Option<PathBuf>,
    /// A figure of one's own for the Devil: a VRM or GLB file.
    pub devil: Option<PathBuf>,
    /// What the figures speak with: `auto` (espeak-ng, where it is installed), `none`, or the address of a speech server.
    pub voices: Option<Engine>,
    /// The model that a speech server is asked for.
    pub voice_model: Option<String>,
    /// The voice of each figure on a speech server: `[voice_for]` with `devil = "NAME"`.
    pub voice_for: Option<BTreeMap<CastPart, String>>,
    /// Who writes down what the person says: `auto` (a whisper model, where there is one), `none`, or the address of a server.
    pub transcript: Option<Engine>,
    /// The model that such a server is asked for.
    pub transcript_model: Option<String>,
    /// When the person is heard: `off`, `key` or `open`.
    pub hear: Option<Hear>,
    /// Whether what the person says is kept in memory until the evening ends, so that they can hear it again.
    pub recording: Option<bool>,
    /// How the figures' voices come back to the microphone: `loudspeaker`, `headphones` or `half_duplex`.
    pub echo: Option<Echo>,
    /// The microphone, by its id or a part of its name; else the system's own.
    pub microphone: Option<String>,
    /// The loudspeaker, likewise.
    pub loudspeaker: Option<String>,
    /// What the person allows of their face: `off`, `mirror` or `aware`.
    pub face: Option<Level>,
    /// The camera, by its id or a part of its name, or a file that takes its place; else the first there is.
    pub camera: Option<String>,
    /// An OpenAI-compatible server of the person's own, on this machine or their own network, that may see one small picture
    /// of their face for each thing they say, where they allow that, too. Never in an exhibition.
    pub vision: Option<String>,
    /// The model with eyes that it is asked for; else its first.
    pub vision_model: Option<String>,
    /// Whether the person allows such pictures. It holds only where `face` is `aware`.
    pub portrait: Option<bool>,
    /// How loud the figures are, in percent: 0 to 100.
    pub volume: Option<u16>,
    /// How loud the scene around them is, in percent: 0 to 100.
    pub scene_volume: Option<u16>,
    /// ONNX Runtime's library, where it is not looked for by itself: a file.
    pub onnxruntime: Option<PathBuf>,
    /// Words for measures that the program may not have itself: `[measures]` with `panas = "FILE"`.
    pub measures: Option<BTreeMap<Instrument, PathBuf>>,
    /// Whether evenings are kept in the journal. Where nobody has said so, a live terminal asks.
    pub journal: Option<bool>,
    /// Whether measures are offered after an evening, too, where none was answered before it.
    pub questions: Option<bool>,
    /// The folder in which evenings are kept; else the platform's folder for data.
    pub data_dir: Option<PathBuf>,
    /// How the room is run by itself in an exhibition: `[exhibit]` with `station = "2"`, `opens = "10:00"` and more.
    pub exhibit: Option<exhibit::Exhibit>,
}

/// Variables with the program's prefix that are no settings.
const OTHER_VARIABLES: [&str; 4] =
    ["INNER_ROOM_REQUIRE", "INNER_ROOM_MODELS", "INNER_ROOM_XR_ROOT", "INNER_ROOM_API_KEY"];
const PREFIX: &str = "INNER_ROOM_";

impl Settings {
    /// Reads the file and then the environment over it. Returns warnings, too: a variable that nobody knows.
    ///
    /// # Errors
    /// [`ConfigError`], with file, line and key.
    pub fn load(
        file: Option<&Path>,
        variables: &[(String, String)],
    ) -> Result<(Self, Vec<String>), ConfigError> {
        let mut warnings = Vec::new();
        let mut settings = match (file, default_file()) {
            (Some(path), _) => Self::from_file(path)?,
            (None, Some(path)) if path.is_file() => Self::from_file_or_last_copy(&path, &mut warnings)?,
            (None, _) => Self::default(),
        };
        for (name, value) in variables {
            let Some(key) = name.strip_prefix(PREFIX).filter(|_| !OTHER_VARIABLES.contains(&name.as_str()))
            else {
                continue;
            };
            match settings.set(&key.to_lowercase(), value) {
                Some(Ok(())) => {}
                Some(Err(message)) => {
                    return Err(ConfigError::Variable { name: name.clone(), value: value.clone(), message });
                }
                None => warnings.push(format!("{name} is no setting of this program; it is left aside")),
            }
        }
        Ok((settings, warnings))
    }

    /// A file that cannot be read, or is not in its form, is said and its last good copy is used, if there is one.
    fn from_file_or_last_copy(path: &Path, warnings: &mut Vec<String>) -> Result<Self, ConfigError> {
        Self::from_file(path).or_else(|error| {
            let last = save::last_copy(path);
            let Ok(settings) = Self::from_file(&last) else { return Err(error) };
            warnings.push(format!("{error}. Until then the last good copy is used, {}", last.display()));
            Ok(settings)
        })
    }

    /// Of a file of the platform's own and its last good copy, the one that [`Settings::load`] reads.
    #[must_use]
    pub fn read_from(path: PathBuf) -> PathBuf {
        match Self::from_file(&path) {
            Ok(_) => path,
            Err(_unread) => save::last_copy(&path),
        }
    }

    fn from_text(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let read = |error| ConfigError::Read { path: path.to_owned(), error };
        let text = std::fs::read_to_string(path).map_err(read)?;
        Self::from_text(&text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = text.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
            let key =
                text.lines().nth(line - 1).and_then(|line| line.split('=').next()).map_or("", str::trim);
            let mut message = error.message().replace('\n', " ");
            if !message.contains(key) {
                message = format!("{key}: {message}");
            }
            ConfigError::Form { path: path.to_owned(), line, message }
        })
    }

    /// Sets one key from text; none when there is no such key.
    fn set(&mut self, key: &str, value: &str) -> Option<Result<(), String>> {
        let quoted = toml::Value::String(value.to_owned()).to_string();
        let as_number = value.trim().parse::<u64>().map(|number| number.to_string());
        let right = match key {
            "cast" | "lang" | "theme" | "intensity" | "devil_name" | "venue" | "country" | "staff"
            | "data_dir" | "model" | "key_file" | "local_server" | "tier" | "patient" | "devil"
            | "voices" | "voice_model" | "transcript" | "transcript_model" | "hear" | "echo"
            | "microphone" | "loudspeaker" | "face" | "camera" | "vision" | "vision_model"
            | "onnxruntime" => quoted,
            "journal" | "questions" | "captions" | "contrast" | "reduced_motion" | "recording"
            | "portrait" => {
                Some(value.trim()).filter(|it| ["true", "false"].contains(it)).map_or(quoted, str::to_owned)
            }
            "rounds" | "seed" | "text_size" | "volume" | "scene_volume" => as_number.unwrap_or(quoted),
            _ => return None,
        };
        let parsed: Result<Self, _> = toml::from_str(&format!("{key} = {right}"));
        Some(parsed.map(|one| self.take(one)).map_err(|error| error.message().replace('\n', " ")))
    }

    /// Takes over what the other sets.
    pub fn take(&mut self, other: Self) {
        fn over<T>(mine: &mut Option<T>, other: Option<T>) {
            if other.is_some() {
                *mine = other;
            }
        }
        over(&mut self.cast, other.cast);
        over(&mut self.model, other.model);
        over(&mut self.model_for, other.model_for);
        over(&mut self.local_server, other.local_server);
        over(&mut self.key_file, other.key_file);
        over(&mut self.lang, other.lang);
        over(&mut self.theme, other.theme);
        over(&mut self.rounds, other.rounds);
        over(&mut self.seed, other.seed);
        over(&mut self.intensity, other.intensity);
        over(&mut self.devil_name, other.devil_name);
        over(&mut self.country, other.country);
        over(&mut self.staff, other.staff);
        over(&mut self.venue, other.venue);
        over(&mut self.text_size, other.text_size);
        over(&mut self.captions, other.captions);
        over(&mut self.contrast, other.contrast);
        over(&mut self.reduced_motion, other.reduced_motion);
        over(&mut self.tier, other.tier);
        over(&mut self.patient, other.patient);
        over(&mut self.devil, other.devil);
        over(&mut self.voices, other.voices);
        over(&mut self.voice_model, other.voice_model);
        over(&mut self.voice_for, other.voice_for);
        over(&mut self.transcript, other.transcript);
        over(&mut self.transcript_model, other.transcript_model);
        over(&mut self.hear, other.hear);
        over(&mut self.recording, other.recording);
        over(&mut self.echo, other.echo);
        over(&mut self.microphone, other.microphone);
        over(&mut self.loudspeaker, other.loudspeaker);
        over(&mut self.face, other.face);
        over(&mut self.camera, other.camera);
        over(&mut self.vision, other.vision);
        over(&mut self.vision_model, other.vision_model);
        over(&mut self.portrait, other.portrait);
        over(&mut self.volume, other.volume);
        over(&mut self.scene_volume, other.scene_volume);
        over(&mut self.onnxruntime, other.onnxruntime);
        over(&mut self.measures, other.measures);
        over(&mut self.journal, other.journal);
        over(&mut self.questions, other.questions);
        over(&mut self.data_dir, other.data_dir);
        over(&mut self.exhibit, other.exhibit);
    }
}

/// What the name of a latch begins with, in the folder for data: the mark of an evening that was stopped.
pub const LATCH: &str = "stopped-";

/// The folder in which evenings are kept, if the settings name no other.
#[must_use]
pub fn default_data_dir() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "inner-room").map(|dirs| dirs.data_dir().to_owned())
}

/// `config.toml` in the platform's folder.
#[must_use]
pub fn default_file() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "inner-room").map(|dirs| dirs.config_dir().join("config.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_text(text: &str) -> Result<(Settings, Vec<String>), ConfigError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).expect("written");
        Settings::load(Some(&path), &[])
    }

    fn variable(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn an_unknown_key_is_named_with_file_and_line() {
        let error = from_text("rounds = 4\nthme = \"work\"\n").expect_err("an unknown key").to_string();
        assert!(error.contains("config.toml, line 2:") && error.contains("thme"), "{error}");
    }

    #[test]
    fn a_wrong_type_is_named_with_file_line_and_key() {
        let error = from_text("\nrounds = \"four\"\n").expect_err("a wrong type").to_string();
        assert!(error.contains("line 2: rounds:"), "{error}");
        assert!(!error.contains('\n'));
    }

    #[test]
    fn the_environment_goes_over_the_file_and_an_unknown_variable_only_warns() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "rounds = 4\ntheme = \"work\"\n").expect("written");
        let variables = [
            variable("INNER_ROOM_THEME", "money"),
            variable("INNER_ROOM_REQUIRE", "models"),
            variable("INNER_ROOM_COLOUR", "blue"),
            variable("HOME", "/"),
        ];
        let (settings, warnings) = Settings::load(Some(&path), &variables).expect("it loads");
        assert_eq!((settings.rounds, settings.theme), (Some(4), Some(Theme::Money)));
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].contains("INNER_ROOM_COLOUR"));
    }

    #[test]
    fn a_damaged_file_is_said_and_its_last_good_copy_is_used() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "rounds = 4\njournal = \"perhaps\"\n").expect("written");
        let mut warnings = Vec::new();
        assert!(Settings::from_file_or_last_copy(&path, &mut warnings).is_err(), "there is no copy");
        std::fs::write(save::last_copy(&path), "rounds = 3\n").expect("written");
        let settings = Settings::from_file_or_last_copy(&path, &mut warnings).expect("the copy is good");
        assert_eq!(settings.rounds, Some(3));
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].contains("config.toml, line 2: journal:"), "{warnings:?}");
        assert!(!warnings[0].contains('\n'));
        std::fs::write(save::last_copy(&path), "rounds = \n").expect("written");
        assert!(Settings::from_file_or_last_copy(&path, &mut warnings).is_err(), "neither is good");
    }

    #[test]
    fn the_journal_is_switched_by_true_or_false_and_nothing_else() {
        let load =
            |value| Settings::load(Some(Path::new("/dev/null")), &[variable("INNER_ROOM_JOURNAL", value)]);
        assert_eq!(load("true").expect("it loads").0.journal, Some(true));
        assert_eq!(load("false").expect("it loads").0.journal, Some(false));
        let error = load("maybe").expect_err("neither").to_string();
        assert!(error.starts_with("INNER_ROOM_JOURNAL=maybe cannot be used"), "{error}");
    }

    #[test]
    fn a_server_with_eyes_is_named_in_the_file_or_the_environment() {
        let (settings, _) =
            from_text("vision = \"http://127.0.0.1:8081/v1\"\nportrait = true\n").expect("it loads");
        assert_eq!(settings.vision.as_deref(), Some("http://127.0.0.1:8081/v1"));
        assert_eq!((settings.portrait, settings.vision_model), (Some(true), None));
        let variables = [
            variable("INNER_ROOM_VISION", "http://192.168.1.20/v1"),
            variable("INNER_ROOM_VISION_MODEL", "moondream"),
            variable("INNER_ROOM_PORTRAIT", "false"),
        ];
        let (settings, warnings) =
            Settings::load(Some(Path::new("/dev/null")), &variables).expect("it loads");
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(settings.vision.as_deref(), Some("http://192.168.1.20/v1"));
        assert_eq!((settings.portrait, settings.vision_model.as_deref()), (Some(false), Some("moondream")));
        let error = from_text("portrait = \"aye\"\n").expect_err("neither").to_string();
        assert!(error.contains("line 1: portrait:"), "{error}");
    }

    #[test]
    fn each_agent_can_have_a_model_of_its_own_and_an_agent_that_there_is_not_is_named() {
        let (settings, _) = from_text("model = \"a\"\n[model_for]\ndevil = \"b\"\n").expect("it loads");
        assert_eq!(
            settings.model_for.unwrap_or_default().get(&CastPart::Devil).map(String::as_str),
            Some("b")
        );
        let error = from_text("[model_for]\nangel = \"b\"\n").expect_err("there is none").to_string();
        assert!(error.contains("line 2:") && error.contains("angel"), "{error}");
    }

    #[test]
    fn a_variable_that_cannot_be_used_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "").expect("written");
        let error =
            Settings::load(Some(&path), &[variable("INNER_ROOM_ROUNDS", "many")]).expect_err("no number");
        assert!(error.to_string().starts_with("INNER_ROOM_ROUNDS=many cannot be used"), "{error}");
    }
}
