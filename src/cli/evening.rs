//! What an evening is held with, wherever it is shown.

use std::path::Path;

use super::args::TalkArgs;
use super::{CliError, complain};
use crate::cast::story::fixed_lines;
use crate::config::Settings;
use crate::config::helplines::EXPIRED_AFTER;
use crate::dialogue::Setup;
use crate::dialogue::agent::Intensity;
use crate::dialogue::face::Venue;
use crate::dialogue::safety::{Freshness, Help};
use crate::host::script::RecordedFace;
use crate::host::{EventLog, Latch, Look};
use crate::words::{self, Words};

/// The language that the figures speak. What the program itself says comes in more of them.
pub(super) const SPOKEN: &str = "en";

/// An evening that can begin.
pub(super) struct Evening {
    pub(super) settings: Settings,
    pub(super) words: Words,
    pub(super) setup: Setup,
    pub(super) faces: Vec<RecordedFace>,
    pub(super) log: Option<EventLog>,
    pub(super) latch: Option<Latch>,
    /// How many times as fast as that of the machine its time passes: 1, but where an exhibition is rehearsed.
    pub(super) speed: u32,
}

impl Evening {
    /// Reads everything that was set and named. `scripted`: nobody is there to be asked.
    pub(super) fn prepare(args: &TalkArgs, scripted: bool) -> Result<Self, CliError> {
        let mut evening = Self::read(args, scripted)?;
        if evening.setup.venue == Venue::Exhibition {
            can_open_to_strangers(&evening.setup)?;
            evening.with_somebody_on_duty();
        }
        Ok(evening)
    }

    /// The same for a room whose doors stand open. What has expired since is said elsewhere, and closes none in the middle of
    /// a day.
    #[cfg(feature = "exhibit")]
    pub(super) fn in_open_house(args: &TalkArgs) -> Result<Self, CliError> {
        let mut evening = Self::read(args, false)?;
        evening.with_somebody_on_duty();
        Ok(evening)
    }

    fn read(args: &TalkArgs, scripted: bool) -> Result<Self, CliError> {
        let settings = settings(args)?;
        let lang = settings.lang.clone().unwrap_or_else(|| SPOKEN.to_owned());
        if !words::is_there(&lang) {
            let there = words::LANGUAGES.map(|(lang, name)| format!("{lang} ({name})")).join(", ");
            return Err(CliError::Call(format!("lang = {lang} is not there; there are {there}")));
        }
        let faces = args.face.as_deref().map(read_faces).transpose()?.unwrap_or_default();
        let log = args.events.as_deref().map(EventLog::create).transpose()?;
        let latch = super::data_folder(&settings).ok().map(|folder| Latch::look(&folder));
        let after_stop = latch.as_ref().is_some_and(Latch::was_cut_off);
        let setup = Setup { after_stop, ..setup(&settings, args.config.as_deref(), scripted)? };
        Ok(Self { settings, words: Words::load(&lang)?, setup, faces, log, latch, speed: 1 })
    }

    /// Where strangers come in and nobody is on duty, the Devil stays silent (C-12 of `safety.md`).
    fn with_somebody_on_duty(&mut self) {
        if self.setup.help.staff.is_none() && self.setup.intensity != Intensity::Off {
            complain(
                "nobody on duty is named for this exhibition, so the Devil stays silent; name somebody with staff in config.toml",
            );
            self.setup.intensity = Intensity::Off;
        }
    }
}
fn settings(args: &TalkArgs) -> Result<Settings, CliError> {
    let mut settings = super::load_settings(args.config.as_deref())?;
    settings.take(Settings {
        cast: args.cast.clone(),
        model: args.model.clone(),
        lang: args.lang.clone(),
        theme: args.theme,
        rounds: args.rounds,
        seed: args.seed,
        intensity: args.intensity,
        country: args.country.clone(),
        journal: args.journal,
        ..Settings::default()
    });
    if args.journal == Some(true) && settings.venue == Some(Venue::Exhibition) {
        return Err(CliError::Call("in an exhibition nothing is kept; leave out --journal".to_owned()));
    }
    if let Some(size) = settings.text_size.filter(|size| !(100..=Look::LARGEST).contains(size)) {
        return Err(CliError::Call(format!(
            "text_size = {size} cannot be used; it is 100 to 200, in percent"
        )));
    }
    if let Some(rounds) = settings.rounds.filter(|rounds| !(1..=12).contains(rounds)) {
        return Err(CliError::Call(format!("rounds = {rounds} cannot be used; an evening has 1 to 12")));
    }
    Ok(settings)
}
fn setup(settings: &Settings, file: Option<&Path>, scripted: bool) -> Result<Setup, CliError> {
    let seed = settings.seed.unwrap_or_else(seed_of_the_moment);
    let default = Setup::default();
    Ok(Setup {
        change: true,
        visit: None,
        seed,
        lang: SPOKEN.to_owned(),
        theme: settings.theme,
        intensity: settings.intensity.unwrap_or_default(),
        rounds: settings.rounds.unwrap_or(default.rounds),
        venue: settings.venue.unwrap_or_default(),
        // A script has a line for the concern and one for belief, none for this.
        ask_when: !scripted,
        cast: default.cast,
        after_stop: false,
        help: help(settings, file)?,
        fixed: fixed_lines(seed)?,
    })
}
/// A room that strangers walk into needs help that can be relied on (`safety.md` C-7 of the design's reference).
fn can_open_to_strangers(setup: &Setup) -> Result<(), CliError> {
    match setup.help.crisis.as_ref().filter(|line| line.freshness == Freshness::Expired) {
        None => Ok(()),
        Some(line) => Err(CliError::Call(format!(
            "an exhibition does not open: the record of {} was last verified more than {EXPIRED_AFTER} days ago. Verify it, and write the day into helplines.toml",
            line.name
        ))),
    }
}

/// Whom one can reach where the room stands.
fn help(settings: &Settings, file: Option<&Path>) -> Result<Help, CliError> {
    let lines = super::helplines(file)?;
    let country = settings.country.as_deref();
    if let Some(unknown) = country.filter(|code| lines.help(Some(code), "en").crisis.is_none()) {
        complain(&format!(
            "no helpline is known for the country {unknown}; there are {}. The help card names the directory instead",
            lines.countries().join(", ")
        ));
    }
    let lang = settings.lang.as_deref().unwrap_or("en");
    Ok(Help { staff: settings.staff.clone(), ..lines.help(country, lang) })
}

/// Another seed each time, where none was asked for.
fn seed_of_the_moment() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(1, |since| since.subsec_nanos().into())
}

/// Recorded face summaries: a JSON object a line, with `utterance` (from 1) or `at_ms`.
fn read_faces(path: &Path) -> Result<Vec<RecordedFace>, CliError> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        CliError::Call(format!("{shown} cannot be read: {error}. Name a file of face summaries"))
    })?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| {
            let wrong = |why: &str| CliError::Call(format!("{shown}, line {}: {why}", at + 1));
            let face: RecordedFace = serde_json::from_str(line).map_err(|error| wrong(&error.to_string()))?;
            match (face.utterance, face.at_ms) {
                (None, None) => Err(wrong("say to which utterance (from 1) or at_ms it belongs")),
                _ => Ok(face),
            }
        })
        .collect()
}
