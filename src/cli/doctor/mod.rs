//! `inner-room doctor`: what works on this machine, and what to do about what does not.

#[cfg(feature = "face")]
mod camera;
mod cast;
#[cfg(feature = "face")]
mod face;
#[cfg(feature = "room")]
mod room;
#[cfg(feature = "speech")]
mod sound;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::CliError;
use super::args::DoctorArgs;
use crate::config::helplines::{EXPIRED_AFTER, Helplines};
use crate::config::{Settings, default_file};
use crate::dialogue::face::Venue;
use crate::dialogue::safety::{Freshness, check};
use crate::host::Latch;
use crate::journal::Journal;

/// One thing that was looked at.
#[derive(Serialize)]
struct Finding {
    part: &'static str,
    state: State,
    /// What was found.
    what: String,
    /// What to do about it; empty where nothing has to be done.
    #[serde(skip_serializing_if = "String::is_empty")]
    todo: String,
    /// What was measured, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    figures: Option<serde_json::Value>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Well,
    Look,
    Fault,
}

impl Finding {
    fn well(part: &'static str, what: String) -> Self {
        Self { part, state: State::Well, what, todo: String::new(), figures: None }
    }

    fn look(part: &'static str, what: String, todo: impl Into<String>) -> Self {
        Self { part, state: State::Look, what, todo: todo.into(), figures: None }
    }

    fn fault(part: &'static str, what: String, todo: impl Into<String>) -> Self {
        Self { part, state: State::Fault, what, todo: todo.into(), figures: None }
    }
}

/// Looks at everything there is so far and prints it.
pub(super) fn run(args: &DoctorArgs) -> Result<(), CliError> {
    let mut found = Vec::new();
    let settings = settings(args, &mut found);
    #[cfg(feature = "room")]
    found.extend(room::look(&settings));
    #[cfg(feature = "speech")]
    found.extend(sound::look(&settings));
    #[cfg(feature = "face")]
    found.extend([camera::look(), face::look(&settings)]);
    found.extend(cast::look(&settings));
    found.push(safety());
    helplines(&settings, args.config.as_deref(), &mut found);
    found.extend(journal(&settings));
    let mut out = std::io::stdout();
    if args.json {
        let all = serde_json::json!({ "version": env!("CARGO_PKG_VERSION"), "found": found });
        let text = serde_json::to_string_pretty(&all).map_err(std::io::Error::other)?;
        writeln!(out, "{text}")?;
    } else {
        for finding in &found {
            let mark = match finding.state {
                State::Well => "well ",
                State::Look => "look ",
                State::Fault => "fault",
            };
            writeln!(out, "{mark}  {}: {}", finding.part, finding.what)?;
            if !finding.todo.is_empty() {
                writeln!(out, "       {}", finding.todo)?;
            }
        }
    }
    if found.iter().any(|finding| finding.state == State::Fault) {
        return Err(CliError::Faults);
    }
    Ok(())
}

fn settings(args: &DoctorArgs, found: &mut Vec<Finding>) -> Settings {
    let path: Option<PathBuf> = args.config.clone().or_else(default_file);
    let shown = path
        .as_deref()
        .map_or_else(|| "no folder for settings".to_owned(), |path| path.display().to_string());
    match Settings::load(args.config.as_deref(), &super::variables()) {
        Ok((mut settings, warnings)) => {
            let there = path.as_deref().is_some_and(Path::is_file);
            let what = if there { shown } else { format!("defaults; there is no {shown}") };
            found.push(Finding::well("settings", what));
            for warning in warnings {
                found.push(Finding::look("settings", warning, "Unset it, or correct its name."));
            }
            settings.take(Settings {
                cast: args.cast.clone(),
                model: args.model.clone(),
                ..Settings::default()
            });
            settings
        }
        Err(error) => {
            found.push(Finding::fault(
                "settings",
                error.to_string(),
                "The evening does not begin until then.",
            ));
            Settings::default()
        }
    }
}

/// Whether the crisis check does what it must, here and now.
fn safety() -> Finding {
    let holds = |text: &str| check(text).finding.is_some();
    if holds("I want to kill myself") && !holds("The meeting was on Thursday") {
        Finding::well("crisis check", "reads, in English and Simplified Chinese".to_owned())
    } else {
        Finding::fault(
            "crisis check",
            "does not read as it must".to_owned(),
            "The program is damaged; build it anew. Do not let strangers in until then.",
        )
    }
}

fn helplines(settings: &Settings, file: Option<&Path>, found: &mut Vec<Finding>) {
    let lines = match super::helplines(file) {
        Ok(lines) => lines,
        Err(error) => {
            let todo = "The help card cannot be made until then.";
            found.push(Finding::fault("helplines", error.to_string(), todo));
            return;
        }
    };
    let Some(country) = settings.country.as_deref() else {
        let what = "no country is set, so the help card names only a directory".to_owned();
        let todo = format!("Set country in config.toml to one of {}.", lines.countries().join(", "));
        found.push(Finding::look("helplines", what, todo));
        return;
    };
    country_lines(&lines, &country.to_uppercase(), found);
}

fn country_lines(lines: &Helplines, country: &str, found: &mut Vec<Finding>) {
    let records: Vec<_> = lines.records().iter().filter(|record| record.country == country).collect();
    if records.is_empty() {
        let what = format!("no line is known for the country {country}");
        let todo =
            "Add one to helplines.toml beside config.toml; the help card names a directory until then.";
        found.push(Finding::look("helplines", what, todo));
    }
    for record in records {
        let verified = record.last_verified.as_deref().unwrap_or("never");
        let by = record.verified_by.as_deref().unwrap_or("nobody");
        let way = if record.no_writing { "; one cannot write to it" } else { "" };
        let what = format!(
            "{} {} ({}), last verified {verified} by {by}{way}",
            record.name, record.phone, record.id
        );
        let ring = format!(
            "Check it at {}, then put it into helplines.toml with last_verified and verified_by.",
            record.source
        );
        found.push(match lines.freshness(record) {
            Freshness::Verified => Finding::well("helplines", what),
            Freshness::Ageing => Finding::look("helplines", what, ring),
            Freshness::Unverified => Finding::look("helplines", format!("{what}; the card says so"), ring),
            Freshness::Expired => {
                let todo = format!("More than {EXPIRED_AFTER} days: no exhibition opens on it. {ring}");
                Finding::look("helplines", format!("{what}; expired"), todo)
            }
        });
    }
}

/// The folder for data and the journal in it. Looking makes nothing new; what others could read is closed to them.
fn journal(settings: &Settings) -> Vec<Finding> {
    if settings.venue == Some(Venue::Exhibition) {
        return vec![Finding::well("journal", "there is none in an exhibition".to_owned())];
    }
    let Ok(folder) = super::data_folder(settings) else {
        let todo = "Name one with data_dir in config.toml, or set HOME.";
        return vec![Finding::look("journal", "this machine has no folder for data".to_owned(), todo)];
    };
    let shown = folder.display();
    let mut found = vec![match settings.journal {
        Some(true) => Finding::well("journal", format!("evenings are kept in {shown}")),
        Some(false) => Finding::well("journal", "evenings are not kept".to_owned()),
        None => {
            Finding::well("journal", "nobody has said that evenings are to be kept, so none is".to_owned())
        }
    }];
    match Journal::open_existing(&folder)
        .and_then(|journal| journal.map(|journal| journal.sessions()).transpose())
    {
        Ok(None) => {}
        Ok(Some(sessions)) => {
            found.push(Finding::well("journal", format!("{} sessions in {shown}", sessions.len())));
        }
        Err(error) => {
            let todo = "The next evening that is kept sets the file aside, names it, and begins a new one.";
            found.push(Finding::fault("journal", error.to_string(), todo));
        }
    }
    if Latch::look(&folder).was_cut_off() {
        let what = "an evening was stopped for somebody's safety and then cut off".to_owned();
        found.push(Finding::look(
            "journal",
            what,
            "The next evening is held without the Devil, with the help card first.",
        ));
    }
    found
}
