//! Whether an evening is kept: asked once, remembered, and said when it cannot be done.

use std::io::Write as _;
use std::path::Path;

use crate::cli::args::TalkArgs;
use crate::cli::words::Words;
use crate::cli::{CliError, complain, data_folder, says_yes};
use crate::config::{Settings, remember};
use crate::dialogue::Session;
use crate::dialogue::face::Venue;
use crate::journal::{About, CutOff, Journal, JournalError, Recorder, SetAside, Unfit, export};

/// What an evening is kept with, and what it goes on from.
#[derive(Default)]
pub(super) struct Kept {
    /// What writes it, if it is to be kept.
    pub(super) recorder: Option<Recorder>,
    /// The evening that was cut off, if the person wants to go on with it.
    pub(super) session: Option<Session>,
}

/// What the evening is kept with. A journal that cannot be opened is said, and nothing is kept.
pub(super) fn kept(
    args: &TalkArgs,
    settings: &Settings,
    words: &Words,
    live: bool,
) -> Result<Kept, CliError> {
    if settings.venue == Some(Venue::Exhibition) {
        // Nothing of the journal exists there: no folder, no question.
        if settings.journal == Some(true) {
            complain(&words.get("keep-exhibition"));
        }
        return Ok(Kept::default());
    }
    let wanted = match settings.journal {
        Some(wanted) => wanted,
        None if live => ask(args, words)?,
        None => false,
    };
    if !wanted {
        return Ok(Kept::default());
    }
    let kept = data_folder(settings).and_then(|folder| begin(&folder, settings, words, live));
    Ok(kept.unwrap_or_else(|error| {
        complain(&words.with("keep-unwritable", &[("why", &error.to_string())]));
        Kept::default()
    }))
}

/// Asks once, in a live terminal. No answer at all is no answer: it is asked again another time.
fn ask(args: &TalkArgs, words: &Words) -> Result<bool, CliError> {
    let mut out = std::io::stdout();
    writeln!(out, "{}", words.get("keep-question"))?;
    let Some(yes) = says_yes(&words.get("keep-prompt"))? else { return Ok(false) };
    let said = match remember(args.config.as_deref(), "journal", yes) {
        Ok(file) => {
            let name = if yes { "keep-yes" } else { "keep-no" };
            words.with(name, &[("file", &file.display().to_string())])
        }
        Err(error) => words.with("keep-not-remembered", &[("why", &error.to_string())]),
    };
    writeln!(out, "{said}\n")?;
    Ok(yes)
}

/// Opens the journal, and begins a session or goes on with one that was cut off; a script closes what was cut off.
fn begin(folder: &Path, settings: &Settings, words: &Words, live: bool) -> Result<Kept, CliError> {
    let (mut journal, set_aside) = Journal::open(folder)?;
    if let Some(aside) = set_aside {
        say_set_aside(&aside, words);
    }
    let mut cut_off = journal.cut_off()?;
    let newest = cut_off.pop();
    for older in cut_off {
        close(&mut journal, &older, words)?;
    }
    if let Some(newest) = newest {
        if live && wants_to_go_on(&newest, words)? {
            match journal.take_up(newest) {
                Ok((recorder, session)) => {
                    return Ok(Kept { recorder: Some(recorder), session: Some(session) });
                }
                Err(error) => {
                    complain(&words.with("keep-not-resumed", &[("why", &error.to_string())]));
                    // What cannot be gone on with is closed the next time.
                    (journal, _) = Journal::open(folder)?;
                }
            }
        } else {
            close(&mut journal, &newest, words)?;
        }
    }
    let lang = settings.lang.clone().unwrap_or_else(|| "en".to_owned());
    let recorder = journal.record(&About { lang, devil: settings.devil_name.clone() })?;
    Ok(Kept { recorder: Some(recorder), session: None })
}

fn say_set_aside(aside: &SetAside, words: &Words) {
    let why = match aside.why {
        Unfit::Damaged => "keep-damaged",
        Unfit::Foreign => "keep-foreign",
        Unfit::Newer => "keep-newer",
    };
    let (why, file) = (words.get(why), aside.path.display().to_string());
    complain(&words.with("keep-set-aside", &[("why", &why), ("file", &file)]));
}

fn wants_to_go_on(cut_off: &CutOff, words: &Words) -> Result<bool, CliError> {
    let when = export::moment(cut_off.begun_ms);
    Ok(says_yes(&words.with("keep-go-on", &[("when", &when)]))?.unwrap_or(false))
}

fn close(journal: &mut Journal, cut_off: &CutOff, words: &Words) -> Result<(), JournalError> {
    if journal.close(cut_off)? {
        let (number, when) = (cut_off.number.to_string(), export::moment(cut_off.begun_ms));
        complain(&words.with("keep-closed", &[("number", &number), ("when", &when)]));
    }
    Ok(())
}
