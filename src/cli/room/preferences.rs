//! What a person wants of the desk: taken from the settings, and remembered there.

use std::path::{Path, PathBuf};

use crate::cast::model::probe;
use crate::cli::{CliError, cast, complain, keepsake, measures};
use crate::config::{CastChoice, RememberError, Settings, Tier, forget, remember};
use crate::dialogue::face::{Level, Venue};
use crate::host::Device;
use crate::host::{
    Attend, Devices, Figures, HeadsetNews, Look, Past, Play, Preferences, Seeing, Sound, Trial,
};
use crate::net::discover;
#[cfg(feature = "speech")]
use crate::sound::device::{Direction, Named, list};
use crate::words::{self, Words};

/// What is set.
pub(in crate::cli) fn of(settings: &Settings) -> Preferences {
    let default = Look::default();
    Preferences {
        look: Look {
            lang: settings.lang.clone().filter(|lang| words::is_there(lang)).unwrap_or(default.lang),
            text_size: settings.text_size.unwrap_or(default.text_size),
            captions: settings.captions.unwrap_or(default.captions),
            contrast: settings.contrast.unwrap_or(default.contrast),
            reduced_motion: settings.reduced_motion.unwrap_or(default.reduced_motion),
            tier: settings.tier,
        },
        devil: settings.devil_name.clone().unwrap_or_default(),
        keep: settings.journal,
        play: Play {
            cast: settings.cast.clone().unwrap_or_default().to_string(),
            model: settings.model.clone().unwrap_or_default(),
        },
        figures: Figures {
            patient: shown(settings.patient.as_deref()),
            devil: shown(settings.devil.as_deref()),
        },
        sound: sound_of(settings),
        sight: sight_of(settings),
        questions: settings.questions.unwrap_or(false),
    }
}

fn sound_of(settings: &Settings) -> Sound {
    let default = Sound::default();
    Sound {
        voices: settings.voices.as_ref().map_or(default.voices, ToString::to_string),
        hear: settings.hear.unwrap_or(default.hear),
        // Each visitor of an exhibition is asked, and says it for themself.
        recording: !is_exhibition(settings) && settings.recording.unwrap_or(default.recording),
        echo: settings.echo.unwrap_or(default.echo),
        microphone: settings.microphone.clone().unwrap_or_default(),
        loudspeaker: settings.loudspeaker.clone().unwrap_or_default(),
        voices_volume: settings.volume.unwrap_or(default.voices_volume),
        scene_volume: settings.scene_volume.unwrap_or(default.scene_volume),
    }
}

/// Each visitor of an exhibition says it for themself, and no place allows more than it may.
fn sight_of(settings: &Settings) -> Seeing {
    let most =
        if is_exhibition(settings) { Level::Off } else { settings.venue.unwrap_or_default().highest_level() };
    let level = settings.face.unwrap_or_default().min(most);
    Seeing {
        level,
        camera: settings.camera.clone().unwrap_or_default(),
        portrait: level == Level::Aware && settings.portrait.unwrap_or_default(),
    }
}

fn is_exhibition(settings: &Settings) -> bool {
    settings.venue == Some(Venue::Exhibition)
}

fn shown(file: Option<&Path>) -> String {
    file.map(|file| file.display().to_string()).unwrap_or_default()
}

/// Remembers in `config.toml`, and tries models out.
pub(in crate::cli) struct Memory {
    /// The file that was named.
    pub(in crate::cli) file: Option<PathBuf>,
    /// What is set, with a key for a server.
    pub(in crate::cli) settings: Settings,
}

impl Attend for Memory {
    /// What cannot be remembered holds for this evening all the same.
    fn remember(&mut self, now: &Preferences, before: &Preferences) {
        if let Err(error) = self.write(now, before) {
            complain(&error.to_string());
        }
    }

    fn try_out(&self, play: Play) -> Box<dyn FnOnce() -> Trial + Send> {
        let settings = self.settings.clone();
        Box::new(move || try_out(settings, &play).unwrap_or_else(|error| Trial::Failed(error.to_string())))
    }

    fn devices(&self) -> Box<dyn FnOnce() -> Devices + Send> {
        Box::new(devices)
    }

    fn past(&self) -> Box<dyn FnOnce() -> Past + Send> {
        let settings = self.settings.clone();
        Box::new(move || {
            measures::kept(&settings).map_or_else(|error| Past::Unreadable(error.to_string()), Past::Rows)
        })
    }

    fn tell(&self, news: HeadsetNews) {
        if let Ok(words) = Words::load(self.settings.lang.as_deref().unwrap_or("en")) {
            complain(&news.in_words(|name| words.get(name)));
        }
    }

    /// Not in an exhibition, where nothing of a visitor's is written down.
    fn take_away(&self, kept: String, lang: String) -> Box<dyn FnOnce() -> Result<String, String> + Send> {
        let is_open = is_exhibition(&self.settings);
        Box::new(move || match Words::load(&lang) {
            Ok(words) if is_open => Err(words.get("keepsake-nothing")),
            Ok(words) => keepsake::save(&words, &kept, None),
            Err(error) => Err(error.to_string()),
        })
    }
}

impl Memory {
    fn write(&self, now: &Preferences, before: &Preferences) -> Result<(), RememberError> {
        let file = self.file.as_deref();
        let (look, was) = (&now.look, &before.look);
        let (sound, was_sound) = (&now.sound, &before.sound);
        let one_person = !is_exhibition(&self.settings);
        let words = [
            ("lang", &look.lang, &was.lang),
            ("devil_name", &now.devil, &before.devil),
            ("cast", &now.play.cast, &before.play.cast),
            ("model", &now.play.model, &before.play.model),
            ("patient", &now.figures.patient, &before.figures.patient),
            ("devil", &now.figures.devil, &before.figures.devil),
            ("voices", &sound.voices, &was_sound.voices),
            ("microphone", &sound.microphone, &was_sound.microphone),
            ("loudspeaker", &sound.loudspeaker, &was_sound.loudspeaker),
            ("camera", &now.sight.camera, &before.sight.camera),
        ];
        for (key, now, _) in words.into_iter().filter(|(_, now, before)| now != before) {
            if now.trim().is_empty() {
                forget(file, key)?
            } else {
                remember(file, key, now.trim())?
            };
        }
        let switches = [
            ("captions", look.captions, was.captions),
            ("contrast", look.contrast, was.contrast),
            ("reduced_motion", look.reduced_motion, was.reduced_motion),
            ("questions", now.questions, before.questions),
            ("recording", one_person && sound.recording, one_person && was_sound.recording),
            ("portrait", one_person && now.sight.portrait, one_person && before.sight.portrait),
        ];
        for (key, now, _) in switches.into_iter().filter(|(_, now, before)| now != before) {
            remember(file, key, now)?;
        }
        let names = [
            ("hear", sound.hear.name(), was_sound.hear.name()),
            ("echo", sound.echo.name(), was_sound.echo.name()),
            ("face", now.sight.level.name(), before.sight.level.name()),
        ];
        for (key, now, _) in names.into_iter().filter(|(_, now, before)| now != before) {
            if one_person || key != "face" {
                remember(file, key, now)?;
            }
        }
        let sizes = [
            ("text_size", look.text_size, was.text_size),
            ("volume", sound.voices_volume, was_sound.voices_volume),
            ("scene_volume", sound.scene_volume, was_sound.scene_volume),
        ];
        for (key, now, _) in sizes.into_iter().filter(|(_, now, before)| now != before) {
            remember(file, key, i64::from(now))?;
        }
        if look.tier != was.tier {
            remember_tier(file, look.tier)?;
        }
        if let Some(keep) = now.keep.filter(|_| now.keep != before.keep) {
            remember(file, "journal", keep)?;
        }
        Ok(())
    }
}

/// How much of the room is drawn; none where the machine decides again.
fn remember_tier(file: Option<&Path>, tier: Option<Tier>) -> Result<PathBuf, RememberError> {
    match tier {
        Some(tier) => remember(file, "tier", tier.name()),
        None => forget(file, "tier"),
    }
}

/// What this machine has to speak into, and to be heard from.
#[cfg(feature = "speech")]
fn devices() -> Devices {
    let of =
        |direction| list(direction).into_iter().map(|Named { id, title, .. }| Device { id, title }).collect();
    Devices { microphones: of(Direction::In), loudspeakers: of(Direction::Out), cameras: cameras() }
}

#[cfg(not(feature = "speech"))]
fn devices() -> Devices {
    Devices { cameras: cameras(), ..Devices::default() }
}

/// And to be seen by.
#[cfg(feature = "face")]
fn cameras() -> Vec<Device> {
    crate::cli::sight::cameras()
}

#[cfg(not(feature = "face"))]
fn cameras() -> Vec<Device> {
    Vec::new()
}

/// Asks a model for a few answers, as `inner-room doctor --cast` does. Nothing of the person's is sent.
pub(in crate::cli) fn try_out(mut settings: Settings, play: &Play) -> Result<Trial, CliError> {
    settings.cast = Some(play.cast.parse().map_err(CliError::Call)?);
    settings.model = Some(play.model.trim().to_owned()).filter(|model| !model.is_empty());
    let client = match (cast::server(&settings)?, &settings.cast) {
        (Some(client), _) => client,
        (None, Some(CastChoice::Auto)) => match cast::found(&settings)? {
            Some(found) => cast::client(&found.address, None)?,
            None => return Ok(Trial::Failed("no language model was found on this machine".to_owned())),
        },
        (None, _) => return Ok(Trial::Failed("no language model is asked".to_owned())),
    };
    let model = cast::model(&settings, &client)?;
    let tried = discover::wait_for(probe(&client, &model))?;
    let tried = tried.map_err(|error| CliError::Call(error.to_string()))?;
    Ok(Trial::Answered {
        model: discover::shown(&model).to_owned(),
        usable: tried.usable(),
        asked: tried.asked,
        first_word_ms: u64::try_from(tried.first_word.as_millis()).unwrap_or(u64::MAX),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Hear;

    #[test]
    fn what_a_person_changes_is_there_the_next_time_and_the_rest_of_the_file_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "# mine\nrounds = 4\nmodel = \"small\"\n").expect("written");
        let load = || Settings::load(Some(&path), &[]).expect("it loads").0;
        let before = of(&load());
        let mut memory = Memory { file: Some(path.clone()), settings: Settings::default() };
        let now = Preferences {
            look: Look { lang: "zh".to_owned(), text_size: 150, tier: Some(Tier::Low), ..Look::default() },
            devil: "Kritiker".to_owned(),
            keep: Some(true),
            play: Play { cast: "story".to_owned(), model: String::new() },
            figures: Figures { patient: "me.vrm".to_owned(), devil: String::new() },
            sound: Sound {
                hear: Hear::Open,
                recording: true,
                scene_volume: 40,
                voices: "none".to_owned(),
                ..Sound::default()
            },
            sight: Seeing { level: Level::Aware, camera: "usb-3".to_owned(), portrait: true },
            questions: true,
        };
        memory.remember(&now, &before);
        assert_eq!(of(&load()), now);
        memory.remember(&before, &now);
        assert_eq!(of(&load()).look, before.look);
        let text = std::fs::read_to_string(&path).expect("read");
        assert!(text.starts_with("# mine\nrounds = 4\n"), "{text}");
    }

    #[test]
    fn a_yes_to_be_recorded_or_seen_is_neither_remembered_nor_preset_in_an_exhibition() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        let settings = Settings { venue: Some(Venue::Exhibition), ..Settings::default() };
        let preset = of(&Settings { recording: Some(true), ..settings.clone() });
        assert!(!preset.sound.recording);
        let seen = |venue| {
            let set = Settings { face: Some(Level::Aware), portrait: Some(true), ..Settings::default() };
            let sight = of(&Settings { venue, ..set }).sight;
            (sight.level, sight.portrait)
        };
        assert_eq!((seen(Some(Venue::Exhibition)), seen(None)), ((Level::Off, false), (Level::Aware, true)));
        assert_eq!(seen(Some(Venue::Workplace)), (Level::Mirror, false));
        let sound = Sound { hear: Hear::Open, recording: true, ..Sound::default() };
        let mut memory = Memory { file: Some(path.clone()), settings };
        let sight = Seeing { level: Level::Aware, camera: String::new(), portrait: true };
        memory.remember(&Preferences { sound, sight, ..Preferences::default() }, &Preferences::default());
        let text = std::fs::read_to_string(&path).expect("how they are heard is remembered");
        for key in ["recording", "face", "portrait"] {
            assert!(!text.contains(key), "{text}");
        }
    }

    #[test]
    fn a_trial_without_a_server_says_so_and_asks_nobody() {
        let memory = Memory { file: None, settings: Settings::default() };
        let play = Play { cast: "story".to_owned(), model: String::new() };
        assert_eq!(memory.try_out(play)(), Trial::Failed("no language model is asked".to_owned()));
        let play = Play { cast: "ftp://nowhere".to_owned(), model: String::new() };
        assert!(matches!(memory.try_out(play)(), Trial::Failed(why) if why.contains("there are story")));
    }
}
