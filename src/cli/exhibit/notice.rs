//! `inner-room exhibit notice`: the sheet for the entrance, from the settings and the helplines.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::args::NoticeArgs;
use crate::cli::{CliError, complain, helplines, load_settings};
use crate::config::save::{SaveError, with_ending};
use crate::config::{CastChoice, Engine, Settings};
use crate::dialogue::safety::Help;
use crate::exhibit::notice::{Notice, Player, Voice};
use crate::net::discover;
use crate::net::endpoint::Endpoint;
use crate::words::Words;

/// Fills it in, and writes it.
pub(super) fn run(config: Option<&Path>, asked: &NoticeArgs) -> Result<(), CliError> {
    let settings = load_settings(config)?;
    let offered = settings.exhibit.clone().unwrap_or_default().languages;
    let lang = asked.lang.as_deref().or(offered.first().map(String::as_str)).unwrap_or("en");
    let lines = helplines(config)?;
    let help = Help { staff: settings.staff.clone(), ..lines.help(settings.country.as_deref(), lang) };
    let notice = notice(&settings, help)?;
    if let Some(note) = notice.note() {
        complain(&note.to_string());
    }
    let sheet = notice.fill(&Words::load(lang)?).map_err(|missing| {
        missing.iter().for_each(|line| complain(&line.to_string()));
        CliError::NoNotice
    })?;
    write(&asked.file, sheet.as_bytes(), asked.force)?;
    let file = asked.file.display();
    Ok(writeln!(
        std::io::stdout(),
        "the notice is written: {file}. Read it, print it, and fill in the lines at its foot by hand"
    )?)
}

/// What the settings say.
fn notice(settings: &Settings, help: Help) -> Result<Notice, CliError> {
    let exhibit = settings.exhibit.clone().unwrap_or_default();
    let midnight = jiff::civil::Time::midnight();
    let has_hours = exhibit.opens.is_some() || exhibit.closes.is_some();
    Ok(Notice {
        station: exhibit.station.name().to_owned(),
        minutes: exhibit.visit_s.div_ceil(60),
        age: exhibit.age,
        country: settings.country.clone(),
        help,
        player: player(settings)?,
        voice: voice(settings)?,
        speaks_at: speaks_at(settings)?,
        camera: exhibit.camera,
        counts: exhibit.count_faces,
        hours: has_hours.then(|| (exhibit.opens.unwrap_or(midnight), exhibit.closes.unwrap_or(midnight))),
        closed_on: exhibit.closed_on,
        family: exhibit.family,
    })
}

fn player(settings: &Settings) -> Result<Player, CliError> {
    let address = match (settings.cast.clone().unwrap_or_default(), &settings.local_server) {
        (CastChoice::Server(address), _) => address,
        (CastChoice::Auto, Some(crate::config::LocalServer::At(address))) => address.clone(),
        (CastChoice::Auto | CastChoice::Story, _) => return Ok(Player::Story),
    };
    let model = models(settings);
    Ok(match elsewhere(&address)? {
        Some(server) => Player::Server { server, model },
        None => Player::Here { model },
    })
}

/// The models that answer, as they are shown; none where the one that plays all others is not named.
fn models(settings: &Settings) -> Option<String> {
    let mut names = vec![settings.model.clone()?];
    for name in settings.model_for.iter().flat_map(|of| of.values()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let shown: Vec<&str> = names.iter().map(|name| discover::shown(name)).collect();
    Some(shown.join(", "))
}

/// The server that gives the figures their voices, as it is shown; none where that is on this machine.
pub(super) fn speaks_at(settings: &Settings) -> Result<Option<String>, CliError> {
    match &settings.voices {
        Some(Engine::Server(address)) => elsewhere(address),
        Some(Engine::Auto | Engine::None) | None => Ok(None),
    }
}

/// Where what somebody says is written down.
pub(super) fn voice(settings: &Settings) -> Result<Voice, CliError> {
    if !cfg!(feature = "speech") {
        return Ok(Voice::Unheard);
    }
    Ok(match &settings.transcript {
        Some(Engine::None) => Voice::Unheard,
        Some(Engine::Auto) | None => Voice::Here,
        Some(Engine::Server(address)) => elsewhere(address)?.map_or(Voice::Program, Voice::Server),
    })
}

/// A server as it is shown; none where it is on this machine.
fn elsewhere(address: &str) -> Result<Option<String>, CliError> {
    let endpoint = Endpoint::new(address, None).map_err(|error| CliError::Call(error.to_string()))?;
    Ok((!endpoint.is_here()).then(|| endpoint.shown()))
}

/// Writes it whole or not at all. What is there already stays, unless it is written over on purpose.
fn write(path: &Path, sheet: &[u8], force: bool) -> Result<(), CliError> {
    let failed = |error| SaveError { path: path.to_owned(), error };
    if force {
        let fresh = with_ending(path, &format!(".new-{}", std::process::id()));
        let renamed = fill(&fresh, sheet).and_then(|()| std::fs::rename(&fresh, path));
        return Ok(renamed.inspect_err(|_| forget(&fresh)).map_err(failed)?);
    }
    match fill(path, sheet) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(CliError::Call(format!(
            "{} is there already. Name another file, or write over it with --force",
            path.display()
        ))),
        done => Ok(done.map_err(failed)?),
    }
}

/// A file that was not there before, which whoever prints it may read.
fn fill(path: &Path, sheet: &[u8]) -> std::io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(sheet).and_then(|()| file.sync_all()).inspect_err(|_| forget(path))
}

fn forget(path: &Path) {
    // A disk that cannot even be cleared has said why already.
    std::fs::remove_file(path).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Notice {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("config.toml");
        std::fs::write(&file, text).expect("written");
        let (settings, _) = Settings::load(Some(&file), &[]).expect("it loads");
        notice(&settings, Help::default()).expect("every address is one")
    }

    #[test]
    fn it_knows_where_words_and_voices_go() {
        assert_eq!((of("").player, of("cast = \"story\"").player), (Player::Story, Player::Story));
        let server =
            of("cast = \"http://192.168.30.10:8000/v1\"\nmodel = \"room\"\n[model_for]\ndevil = \"ember\"");
        let expected = Player::Server {
            server: "http://192.168.30.10:8000/v1".to_owned(),
            model: Some("room, ember".to_owned()),
        };
        assert_eq!(server.player, expected);
        let here = of("cast = \"http://127.0.0.1:8000/v1\"");
        assert_eq!(here.player, Player::Here { model: None });
        let ears = of("transcript = \"https://ears.example/v1\"\nvoices = \"https://mouth.example/v1\"");
        assert_eq!(ears.speaks_at.as_deref(), Some("https://mouth.example/v1"));
        #[cfg(feature = "speech")]
        {
            assert_eq!(ears.voice, Voice::Server("https://ears.example/v1".to_owned()));
            assert_eq!(of("transcript = \"http://localhost:9000/v1\"").voice, Voice::Program);
            assert_eq!((of("").voice, of("transcript = \"none\"").voice), (Voice::Here, Voice::Unheard));
        }
    }

    #[test]
    fn it_knows_the_hours_the_age_and_the_camera() {
        let all =
            of("[exhibit]\nopens = \"10:00\"\nage = 16\nvisit_s = 490\ncamera = true\nclosed_on = [\"mon\"]");
        let (opens, closes) = all.hours.expect("there are hours");
        assert_eq!((opens.hour(), closes.hour(), all.minutes, all.age), (10, 0, 9, Some(16)));
        assert!(all.camera && !all.counts && all.closed_on.len() == 1);
        assert!(of("").hours.is_none());
    }

    #[test]
    fn a_file_that_is_there_is_written_over_only_on_purpose_and_never_half() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notice.html");
        write(&path, b"one", false).expect("it is new");
        let error = write(&path, b"two", false).expect_err("it is there").to_string();
        assert!(error.contains("notice.html is there already") && error.contains("--force"), "{error}");
        assert_eq!(std::fs::read(&path).expect("it is there"), b"one");
        write(&path, b"two", true).expect("on purpose");
        assert_eq!(std::fs::read(&path).expect("it is there"), b"two");
        let nowhere = folder.path().join("no/such/folder/notice.html");
        for force in [false, true] {
            let error = write(&nowhere, b"one", force).expect_err("there is no folder").to_string();
            assert!(error.contains("could not be saved") && !error.contains(".new-"), "{error}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("read").count(), 1);
    }
}
