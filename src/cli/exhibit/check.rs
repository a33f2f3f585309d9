//! `inner-room exhibit check`: each reason for which the doors would stay closed.

use std::io::Write as _;
use std::path::Path;

use crate::cli::{CliError, complain, data_folder, helplines};
use crate::config::Settings;
use crate::config::exhibit::Exhibit;
use crate::exhibit::call::{self, Reason};
use crate::exhibit::check::{CallFact, DiskFact, Facts, ModelFact, Severity, TokenFact, check, may_open};
use crate::exhibit::staff::Token;

/// Says everything that stands against opening, and what only needs to be known.
pub(super) fn run(settings: &Settings) -> Result<(), CliError> {
    let refusals = check(&facts(settings)?);
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

/// The same for whoever opens the doors: what keeps them closed is said where it went wrong. `rehearsed`: nobody comes who
/// would have to hear anything.
pub(super) fn refuse(settings: &Settings, rehearsed: bool) -> Result<(), CliError> {
    let mut facts = facts(settings)?;
    facts.loudspeaker |= rehearsed;
    let refusals = check(&facts);
    for refusal in &refusals {
        complain(&refusal.to_string());
    }
    if may_open(&refusals) { Ok(()) } else { Err(CliError::StaysClosed) }
}

fn facts(settings: &Settings) -> Result<Facts, CliError> {
    let exhibit = settings.exhibit.clone().unwrap_or_default();
    let country = settings.country.clone();
    let lines = helplines()?;
    let lang = settings.lang.as_deref().unwrap_or("en");
    let helpline = country.as_deref().and_then(|code| lines.help(Some(code), lang).crisis);
    let (loudspeaker, microphone) = devices();
    Ok(Facts {
        helpline: helpline.map(|line| line.freshness),
        country,
        staff: settings.staff.clone(),
        call: test_call(&exhibit),
        venue: settings.venue,
        camera: exhibit.camera || exhibit.count_faces,
        disk: disk(&data_folder(settings)?),
        loudspeaker,
        microphone,
        model: model(settings, &exhibit),
        // Nobody has listened to the hall.
        hall_db: None,
        loudest_db: exhibit.loudest_db,
        pin: exhibit.pin.is_some(),
        listen: exhibit.listen,
        token: token(&exhibit),
    })
}

/// Runs the operator's command: that it is there says little.
fn test_call(exhibit: &Exhibit) -> CallFact {
    if exhibit.call.is_empty() {
        return CallFact::Missing;
    }
    let called = call::run(&exhibit.call, exhibit.station.name(), Reason::Test);
    if called.worked() { CallFact::Worked } else { CallFact::Failed(called.to_string()) }
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
    match exhibit.token_file.as_deref().map(Token::read) {
        None => TokenFact::Missing,
        Some(Ok(_token)) => TokenFact::Fine,
        Some(Err(error)) => error.fact(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
