//! Whether an evening is kept: asked once, remembered, and said when it cannot be done.

use std::io::Write as _;
use std::path::Path;

use super::evening::SPOKEN;
use super::{CliError, complain, data_folder, says_yes};
use crate::config::{Settings, remember};
use crate::dialogue::Session;
use crate::dialogue::face::Venue;
use crate::journal::{About, CutOff, Journal, JournalError, Recorder, SetAside, Unfit, export};
use crate::words::Words;

/// What an evening is kept with, and what it goes on from.
#[derive(Default)]
pub(super) struct Kept {
    /// What writes it, if it is to be kept.
    pub(super) recorder: Option<Recorder>,
    /// The evening that was cut off, if the person wants to go on with it.
    pub(super) session: Option<Session>,
}

/// What is decided about keeping an evening, before it begins.
pub(super) enum Keeping {
    /// It is not kept; and why not, where that is news.
    No(Option<String>),
    /// Nobody has said so far.
    Undecided,
    /// It is kept.
    Yes(Book),
}

/// The journal, open, with the newest evening that was cut off.
pub(super) struct Book {
    journal: Journal,
    newest: Option<CutOff>,
}

impl Keeping {
    /// What was decided. A journal that cannot be opened keeps nothing, and nobody from their evening.
    pub(super) fn look(settings: &Settings, words: &Words) -> Self {
        if settings.venue == Some(Venue::Exhibition) {
            // Nothing of the journal exists there: no folder, no question.
            return Self::No((settings.journal == Some(true)).then(|| words.get("keep-exhibition")));
        }
        match settings.journal {
            Some(true) => Self::open(settings, words),
            Some(false) => Self::No(None),
            None => Self::Undecided,
        }
    }

    /// The journal, open.
    pub(super) fn open(settings: &Settings, words: &Words) -> Self {
        let open = data_folder(settings).and_then(|folder| Book::open(&folder, words));
        match open {
            Ok(book) => Self::Yes(book),
            Err(error) => Self::No(Some(words.with("keep-unwritable", &[("why", &error.to_string())]))),
        }
    }

    /// Whether evenings can be kept here, if the person wants it.
    #[cfg(feature = "room")]
    pub(super) fn is_possible(&self, settings: &Settings) -> bool {
        settings.venue != Some(Venue::Exhibition) && !matches!(self, Self::No(Some(_)))
    }

    /// Whether answers to measures are kept of evenings before.
    #[cfg(feature = "room")]
    pub(super) fn has_measures(&self) -> bool {
        match self {
            Self::Yes(book) => book.journal.has_measures().unwrap_or(false),
            Self::No(_) | Self::Undecided => false,
        }
    }

    /// When the evening that was cut off had begun, if there is one.
    pub(super) fn cut_off(&self) -> Option<String> {
        match self {
            Self::Yes(book) => book.newest.as_ref().map(|newest| export::moment(newest.begun_ms)),
            Self::No(_) | Self::Undecided => None,
        }
    }

    /// Begins to keep an evening, or goes on with the one that was cut off.
    pub(super) fn begin(self, settings: &Settings, words: &Words, go_on: bool) -> Kept {
        match self {
            Self::Undecided | Self::No(None) => Kept::default(),
            Self::No(Some(why)) => {
                complain(&why);
                Kept::default()
            }
            Self::Yes(book) => book.begin(settings, words, go_on).unwrap_or_else(|error| {
                complain(&words.with("keep-unwritable", &[("why", &error.to_string())]));
                Kept::default()
            }),
        }
    }
}

impl Book {
    /// Opens the journal. Of the evenings that were cut off all but the newest are closed.
    fn open(folder: &Path, words: &Words) -> Result<Self, CliError> {
        let (mut journal, set_aside) = Journal::open(folder)?;
        if let Some(aside) = set_aside {
            say_set_aside(&aside, words);
        }
        let mut cut_off = journal.cut_off()?;
        let newest = cut_off.pop();
        for older in cut_off {
            close(&mut journal, &older, words)?;
        }
        Ok(Self { journal, newest })
    }

    fn begin(self, settings: &Settings, words: &Words, go_on: bool) -> Result<Kept, CliError> {
        let Self { mut journal, newest } = self;
        match newest {
            Some(newest) if go_on => match journal.take_up(newest) {
                Ok((recorder, session)) => {
                    return Ok(Kept { recorder: Some(recorder), session: Some(session) });
                }
                Err(error) => {
                    complain(&words.with("keep-not-resumed", &[("why", &error.to_string())]));
                    // What cannot be gone on with is closed the next time.
                    (journal, _) = Journal::open(&data_folder(settings)?)?;
                }
            },
            Some(newest) => close(&mut journal, &newest, words)?,
            None => {}
        }
        let recorder =
            journal.record(&About { lang: SPOKEN.to_owned(), devil: settings.devil_name.clone() })?;
        Ok(Kept { recorder: Some(recorder), session: None })
    }
}

/// What an evening in the terminal is kept with. Where somebody is there who can be asked, they are.
pub(super) fn in_terminal(
    file: Option<&Path>,
    settings: &Settings,
    words: &Words,
    live: bool,
) -> Result<Kept, CliError> {
    let mut keeping = Keeping::look(settings, words);
    if live && matches!(keeping, Keeping::Undecided) && ask(file, words)? {
        keeping = Keeping::open(settings, words);
    }
    let go_on = match keeping.cut_off() {
        Some(when) if live => says_yes(&words.with("keep-go-on", &[("when", &when)]))?.unwrap_or(false),
        _ => false,
    };
    Ok(keeping.begin(settings, words, go_on))
}

/// Asks once, in a live terminal. No answer at all is no answer: it is asked again another time.
fn ask(file: Option<&Path>, words: &Words) -> Result<bool, CliError> {
    let mut out = std::io::stdout();
    writeln!(out, "{}", words.get("keep-question"))?;
    let Some(yes) = says_yes(&words.get("keep-prompt"))? else { return Ok(false) };
    writeln!(out, "{}\n", remember_answer(file, words, yes))?;
    Ok(yes)
}

/// Remembers what was answered, and says so in a sentence.
pub(super) fn remember_answer(file: Option<&Path>, words: &Words, yes: bool) -> String {
    match remember(file, "journal", yes) {
        Ok(file) => {
            let name = if yes { "keep-yes" } else { "keep-no" };
            words.with(name, &[("file", &file.display().to_string())])
        }
        Err(error) => words.with("keep-not-remembered", &[("why", &error.to_string())]),
    }
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

fn close(journal: &mut Journal, cut_off: &CutOff, words: &Words) -> Result<(), JournalError> {
    if journal.close(cut_off)? {
        let (number, when) = (cut_off.number.to_string(), export::moment(cut_off.begun_ms));
        complain(&words.with("keep-closed", &[("number", &number), ("when", &when)]));
    }
    Ok(())
}
