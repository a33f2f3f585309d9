//! Whether an evening is kept: asked once, remembered, and said when it cannot be done.

use std::io::Write as _;

use crate::cli::args::TalkArgs;
use crate::cli::words::Words;
use crate::cli::{CliError, complain, data_folder, says_yes};
use crate::config::{Settings, remember};
use crate::dialogue::face::Venue;
use crate::journal::{About, Journal, JournalError, Recorder, Unfit, export};

/// What writes the evening, if it is to be kept. A journal that cannot be opened is said, and nothing is kept.
pub(super) fn recorder(
    args: &TalkArgs,
    settings: &Settings,
    words: &Words,
    live: bool,
) -> Result<Option<Recorder>, CliError> {
    if settings.venue == Some(Venue::Exhibition) {
        // Nothing of the journal exists there: no folder, no question.
        if settings.journal == Some(true) {
            complain(&words.get("keep-exhibition"));
        }
        return Ok(None);
    }
    let wanted = match settings.journal {
        Some(wanted) => wanted,
        None if live => ask(args, words)?,
        None => false,
    };
    if !wanted {
        return Ok(None);
    }
    let recorder = data_folder(settings).and_then(|folder| Ok(begin(&folder, settings, words)?));
    Ok(recorder
        .inspect_err(|error| complain(&words.with("keep-unwritable", &[("why", &error.to_string())])))
        .ok())
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

/// Opens the journal, closes what was cut off, and begins the session.
fn begin(folder: &std::path::Path, settings: &Settings, words: &Words) -> Result<Recorder, JournalError> {
    let (mut journal, set_aside) = Journal::open(folder)?;
    if let Some(aside) = set_aside {
        let why = match aside.why {
            Unfit::Damaged => "keep-damaged",
            Unfit::Foreign => "keep-foreign",
            Unfit::Newer => "keep-newer",
        };
        let (why, file) = (words.get(why), aside.path.display().to_string());
        complain(&words.with("keep-set-aside", &[("why", &why), ("file", &file)]));
    }
    for cut_off in journal.cut_off()? {
        if journal.close(&cut_off)? {
            let (number, when) = (cut_off.number.to_string(), export::moment(cut_off.begun_ms));
            complain(&words.with("keep-closed", &[("number", &number), ("when", &when)]));
        }
    }
    let lang = settings.lang.clone().unwrap_or_else(|| "en".to_owned());
    journal.record(&About { lang, devil: settings.devil_name.clone() })
}
