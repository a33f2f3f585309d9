//! `inner-room exhibit check`: each reason for which the doors would stay closed.

use std::io::Write as _;
use std::path::Path;

use crate::cli::{CliError, complain, data_folder, helplines, variables};
use crate::config::Settings;
use crate::config::exhibit::Exhibit;
use crate::dialogue::safety::Freshness;
use crate::exhibit::call::{self, Reason};
use crate::exhibit::check::{
    CallFact, DiskFact, Facts, ModelFact, ROOM, Refusal, Severity, TokenFact, check, may_open,
};

/// Says everything that stands against opening, and what only needs to be known.
pub(super) fn run(settings: &Settings, file: Option<&Path>) -> Result<(), CliError> {
    let refusals = Looks::default().look(settings, file)?;
    let mut out = std::io::stdout();
    for refusal in &refusals {
        let how = if refusal.severity() == Severity::Refuses { "closed" } else { "note" };
        writeln!(out, "{how}: {refusal}")?;
    }
    if !may_open(&refusals) {
        return Err(CliError::StaysClosed);
    }
    Ok(writeln!(out, "open: nothing stands against it")?)
}

/// The same for whoever opens the doors: what keeps them closed is said where it went wrong.
pub(super) fn refuse(settings: &Settings, file: Option<&Path>, looks: &mut Looks) -> Result<(), CliError> {
    let refusals = looks.look(settings, file)?;
    for refusal in &refusals {
        complain(&refusal.to_string());
    }
    if may_open(&refusals) { Ok(()) } else { Err(CliError::StaysClosed) }
}

/// What is remembered from one look to the next.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// The call that worked: nobody is called each minute for as long as something else stands against opening.
    called: Option<Vec<String>>,
    /// Whether what is odd in the settings was said.
    warned: bool,
    /// Whether the hall was too loud for free speech at the last look.
    pub(super) loud: bool,
    /// Whether it is rehearsed.
    rehearsed: bool,
}

impl Looks {
    /// Before the first look. `rehearsed`: nobody comes who would have to hear anything.
    pub(super) fn of(rehearsed: bool) -> Self {
        Self { rehearsed, ..Self::default() }
    }

    /// Looks for whoever waits for the doors to open: reads the settings anew, too.
    pub(super) fn look_again(&mut self, file: Option<&Path>) -> Result<Settings, Vec<String>> {
        let line = |error: &dyn std::fmt::Display| vec![error.to_string()];
        let (settings, warnings) = Settings::load(file, &variables()).map_err(|error| line(&error))?;
        if !std::mem::replace(&mut self.warned, true) {
            warnings.iter().for_each(|warning| complain(warning));
        }
        let refusals = self.look(&settings, file).map_err(|error| line(&error))?;
        let said = refusals.iter().map(ToString::to_string);
        if may_open(&refusals) {
            said.for_each(|note| complain(&note));
            return Ok(settings);
        }
        Err(said.collect())
    }

    fn look(&mut self, settings: &Settings, file: Option<&Path>) -> Result<Vec<Refusal>, CliError> {
        let mut facts = facts(settings, file, self)?;
        facts.loudspeaker |= self.rehearsed;
        let refusals = check(&facts);
        self.loud = refusals.iter().any(|refusal| matches!(refusal, Refusal::TooLoud(..)));
        Ok(refusals)
    }

    /// Runs the operator's command: that it is there says little.
    fn test_call(&mut self, exhibit: &Exhibit) -> CallFact {
        if exhibit.call.is_empty() {
            return CallFact::Missing;
        }
        if self.called.as_ref() == Some(&exhibit.call) {
            return CallFact::Worked;
        }
        let called = call::run(&exhibit.call, exhibit.station.name(), Reason::Test);
        if !called.worked() {
            return CallFact::Failed(called.to_string());
        }
        self.called = Some(exhibit.call.clone());
        CallFact::Worked
    }
}

fn facts(settings: &Settings, file: Option<&Path>, looks: &mut Looks) -> Result<Facts, CliError> {
    let exhibit = settings.exhibit.clone().unwrap_or_default();
    let country = settings.country.clone();
    let lines = helplines(file)?;
    // Each language that is offered may have a line of its own, and the card shows it: the least that can be relied on counts.
    let shown = |lang: &String| lines.help(country.as_deref(), lang).crisis.map(|line| line.freshness);
    let worst = exhibit.languages.iter().map(shown).max_by_key(|freshness| match freshness {
        Some(Freshness::Verified) => 0,
        Some(Freshness::Ageing) => 1,
        Some(Freshness::Expired) => 2,
        Some(Freshness::Unverified) => 3,
        None => 4,
    });
    let (loudspeaker, microphone) = devices();
    let (hall_db, hall_fault) = if microphone { hall(settings) } else { (None, None) };
    Ok(Facts {
        helpline: worst.flatten(),
        country,
        staff: settings.staff.clone(),
        call: looks.test_call(&exhibit),
        venue: settings.venue,
        camera: exhibit.camera || exhibit.count_faces,
        disk: disk(&data_folder(settings)?),
        loudspeaker,
        microphone,
        sight_fault: if exhibit.count_faces { cannot_count(settings)? } else { None },
        model: model(settings, &exhibit),
        hall_db,
        hall_fault,
        loudest_db: exhibit.loudest_db,
        pin: exhibit.pin.is_some(),
        listen: exhibit.listen,
        token: token(&exhibit),
    })
}

fn disk(folder: &Path) -> DiskFact {
    let shown = folder.display();
    if let Err(error) = std::fs::create_dir_all(folder) {
        return DiskFact::NotWritable(format!("{shown}: {error}"));
    }
    if let Err(error) = tempfile_in(folder) {
        return DiskFact::NotWritable(format!("{shown}: {error}"));
    }
    match rustix::fs::statvfs(folder) {
        Ok(disk) => DiskFact::Free(disk.f_bavail.saturating_mul(disk.f_frsize)),
        Err(error) => DiskFact::NotWritable(format!("{shown}: {error}")),
    }
}

/// Whether the program can write there, and enough is free.
pub(super) fn has_room(folder: &Path) -> bool {
    matches!(disk(folder), DiskFact::Free(free) if free >= ROOM)
}

/// Writes there, and takes it away again.
fn tempfile_in(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!("exhibit-check-{}", std::process::id()));
    std::fs::write(&probe, b"ok")?;
    std::fs::remove_file(probe)
}

#[cfg(feature = "speech")]
fn devices() -> (bool, bool) {
    use crate::sound::device::{Direction, list};
    let there = |direction| !list(direction).is_empty();
    (there(Direction::Out), there(Direction::In))
}

/// Nothing is heard, and nobody.
#[cfg(not(feature = "speech"))]
fn devices() -> (bool, bool) {
    (false, false)
}

/// Why faces cannot be counted.
#[cfg(feature = "face")]
fn cannot_count(settings: &Settings) -> Result<Option<String>, CliError> {
    crate::cli::sight::cannot_count(settings)
}

/// Nothing sees anybody.
#[cfg(not(feature = "face"))]
fn cannot_count(_settings: &Settings) -> Result<Option<String>, CliError> {
    Ok(Some("this build has no part that sees. Set count_faces = false in [exhibit]".to_owned()))
}

/// For how long the hall is listened to, in seconds.
#[cfg(feature = "speech")]
const LISTENS: u32 = 5;

/// How loud the hall is, in dBFS, as far as that could be measured; and what was wrong with it.
#[cfg(feature = "speech")]
fn hall(settings: &Settings) -> (Option<f32>, Option<String>) {
    match crate::sound::measure(settings.microphone.as_deref(), LISTENS) {
        Ok(hall) => {
            let overdriven =
                "the microphone is overdriven. Turn it down in the sound settings of the machine";
            (Some(hall.level_db), hall.overdriven.then(|| overdriven.to_owned()))
        }
        Err(error) => (None, Some(error.to_string())),
    }
}

/// Nobody can listen.
#[cfg(not(feature = "speech"))]
fn hall(_settings: &Settings) -> (Option<f32>, Option<String>) {
    (None, None)
}

fn model(settings: &Settings, exhibit: &Exhibit) -> ModelFact {
    if !exhibit.model_needed {
        return ModelFact::NotNeeded;
    }
    match crate::cli::cast::set_server(settings) {
        Ok(Some(_server)) => {
            let asked = crate::cli::room::preferences_of(settings).play;
            let answers =
                matches!(crate::cli::room::try_out(settings.clone(), &asked), Ok(trial) if trial.answered());
            if answers { ModelFact::Answers } else { ModelFact::Silent }
        }
        Ok(None) | Err(_) => ModelFact::Missing,
    }
}

fn token(exhibit: &Exhibit) -> TokenFact {
    match super::token_file(exhibit).map(|file| file.read()) {
        None => TokenFact::Missing,
        Some(Ok(_token)) => TokenFact::Fine,
        Some(Err(error)) => error.fact(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn nobody_is_called_a_second_time_where_the_call_worked_and_again_where_it_did_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let rung = folder.path().join("rung");
        let rings = |code: &str| {
            let text = format!("echo >> '{}'; exit {code}", rung.display());
            ["/bin/sh", "-c", &text].map(ToOwned::to_owned).to_vec()
        };
        let times = || std::fs::read_to_string(&rung).unwrap_or_default().lines().count();
        let mut looks = Looks::default();
        let fails = Exhibit { call: rings("3"), ..Exhibit::default() };
        let works = Exhibit { call: rings("0"), ..Exhibit::default() };
        for expected in [1, 2] {
            assert!(matches!(looks.test_call(&fails), CallFact::Failed(_)));
            assert_eq!(times(), expected);
        }
        for _ in 0..3 {
            assert_eq!(looks.test_call(&works), CallFact::Worked);
        }
        assert_eq!(times(), 3);
        assert!(matches!(looks.test_call(&fails), CallFact::Failed(_)), "another command is tried");
    }

    #[test]
    fn whoever_waits_reads_the_settings_anew_each_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("config.toml");
        let mut looks = Looks::default();
        let mut look = |text: &str| {
            std::fs::write(&file, text).expect("written");
            looks.look_again(Some(&file)).expect_err("it stays closed")
        };
        let staff = "nobody is named who is on duty";
        let broken = look("rounds = \n");
        assert!(broken.len() == 1 && broken[0].contains("config.toml, line 1"), "{broken:?}");
        let closed = look("");
        assert!(closed.iter().any(|line| line.starts_with(staff)), "{closed:?}");
        let mended = look("staff = \"Ana\"");
        assert!(!mended.is_empty() && !mended.iter().any(|line| line.starts_with(staff)), "{mended:?}");
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let found = disk(Path::new("/proc/nothing/here"));
        assert!(
            matches!(&found, DiskFact::NotWritable(line) if line.contains("/proc/nothing/here")),
            "{found:?}"
        );
        let folder = tempfile::tempdir().expect("a folder");
        assert!(matches!(disk(&folder.path().join("new")), DiskFact::Free(free) if free > 0));
        assert_eq!(std::fs::read_dir(folder.path().join("new")).expect("it is there").count(), 0);
    }
}
