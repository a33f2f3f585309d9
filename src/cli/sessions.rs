//! `inner-room sessions`: what is kept, as the person wants to see it, take it, or be rid of it.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use super::args::{Format, SessionsArgs, SessionsCommand, WhichArgs};
use super::talk::show::Show;
use super::{CliError, data_folder, load_settings, says_yes};
use crate::config::Settings;
use crate::config::save::save;
use crate::dialogue::event::EndReason;
use crate::dialogue::face::Venue;
use crate::dialogue::strength::Ending;
use crate::dialogue::text::clean;
use crate::journal::export::{self, Wording};
use crate::journal::{ClosedWhy, Journal, JournalError, State, Stored, Which};
use crate::words::{self, Words};

/// How much of a concern a list shows, in characters.
const FIRST_WORDS: usize = 60;

/// Runs one of the commands.
pub(super) fn run(args: &SessionsArgs) -> Result<(), CliError> {
    let settings = load_settings(args.config.as_deref())?;
    // What was kept before the room was put there can still be erased.
    if !matches!(args.what, SessionsCommand::Delete { .. }) {
        not_in_an_exhibition(&settings)?;
    }
    let sessions = Sessions {
        words: Words::load(settings.lang.as_deref().filter(|lang| words::is_there(lang)).unwrap_or("en"))?,
        settings,
    };
    match &args.what {
        SessionsCommand::List { json } => sessions.list(*json),
        SessionsCommand::Show { number } => sessions.show(*number),
        SessionsCommand::Export { which, format, out } => sessions.export(which, *format, out.as_deref()),
        SessionsCommand::Import { file } => sessions.import(file),
        SessionsCommand::Delete { which, yes } => sessions.delete(which, *yes),
    }
}

/// What strangers left in a room of strangers is nobody's to look at: there is nothing.
pub(super) fn not_in_an_exhibition(settings: &Settings) -> Result<(), CliError> {
    if settings.venue == Some(Venue::Exhibition) {
        let message = "in an exhibition nothing is kept; there are no sessions";
        return Err(CliError::Call(message.to_owned()));
    }
    Ok(())
}

struct Sessions {
    words: Words,
    settings: Settings,
}

impl Sessions {
    fn journal(&self) -> Result<Option<Journal>, CliError> {
        Ok(Journal::open_existing(&data_folder(&self.settings)?)?)
    }

    /// Says a line, without anything that could move the screen.
    fn say(&self, name: &str, words: &[(&str, &str)]) -> Result<(), CliError> {
        Ok(writeln!(std::io::stdout(), "{}", clean(&self.words.with(name, words)))?)
    }

    fn list(&self, json: bool) -> Result<(), CliError> {
        let journal = self.journal()?;
        let sessions = journal.as_ref().map(Journal::sessions).transpose()?;
        if json {
            let rows: Vec<_> = sessions.iter().flatten().map(export::fields).collect();
            return print_json(&rows.into());
        }
        match (&journal, &sessions) {
            (Some(_), Some(sessions)) if sessions.is_empty() => self.say("list-empty", &[])?,
            (Some(_), Some(sessions)) => {
                for session in sessions {
                    self.say_row(session)?;
                }
            }
            _ => self.say("list-none", &[])?,
        }
        for path in journal.map(|journal| journal.files_set_aside()).transpose()?.into_iter().flatten() {
            self.say("list-set-aside", &[("file", &path.display().to_string())])?;
        }
        Ok(())
    }

    fn say_row(&self, session: &Stored) -> Result<(), CliError> {
        let concern = session.concern().map(|text| {
            let mut words = first_words(text);
            if words.len() < text.len() {
                words.push('…');
            }
            self.words.with("list-concern", &[("words", &words)])
        });
        self.say(
            "list-row",
            &[
                ("number", &session.number.to_string()),
                ("when", &export::moment(session.begun_ms)),
                ("rounds", &session.rounds().to_string()),
                ("how", &self.how(session)),
                ("concern", &concern.unwrap_or_default()),
            ],
        )
    }

    /// How it ended, in a few words.
    fn how(&self, session: &Stored) -> String {
        let name = match (session.state, session.ending()) {
            (State::Closed { why: ClosedWhy::CutOff, .. } | State::CutOff, _)
            | (State::Ended { .. }, Some((_, EndReason::CutOff))) => "how-cut-off",
            (State::Closed { why: ClosedWhy::Unwritable, .. }, _) => "how-unwritable",
            (State::Running, _) => "how-running",
            (State::Ended { .. }, Some((_, EndReason::Sos | EndReason::Safety))) => "how-sos",
            (State::Ended { .. }, None | Some((_, EndReason::Stopped | EndReason::Declined))) => "how-early",
            (State::Ended { .. }, Some((Ending::Sits, _))) => "how-sits",
            (State::Ended { .. }, Some((Ending::StepsBack, _))) => "how-steps-back",
            (State::Ended { .. }, Some((Ending::Tires, _))) => "how-tires",
        };
        self.words.get(name)
    }

    fn show(&self, number: i64) -> Result<(), CliError> {
        let journal = self.journal()?.ok_or(JournalError::NoSession(number))?;
        let session = journal.session(number)?;
        let mut out = std::io::stdout();
        let about = self.about(&session);
        writeln!(out, "{}", clean(&about))?;
        let mut show = Show::new(Words::load("en")?, self.devil(&session), None);
        for line in session.events.iter().flat_map(|event| show.event(event, true)) {
            writeln!(out, "{}", clean(&line))?;
        }
        if session.unreadable > 0 {
            self.say("page-cut", &[])?;
        }
        Ok(())
    }

    fn devil(&self, session: &Stored) -> Option<String> {
        session.devil.clone().or_else(|| self.settings.devil_name.clone())
    }

    fn about(&self, session: &Stored) -> String {
        self.words.with(
            "page-about",
            &[
                ("when", &export::moment(session.begun_ms)),
                ("rounds", &session.rounds().to_string()),
                ("how", &self.how(session)),
            ],
        )
    }

    fn note(&self) -> String {
        self.words.with("page-note", &[("you", &self.words.get("speaker-you"))])
    }

    fn wording(&self, session: &Stored) -> Wording {
        let word = |name| self.words.get(name);
        Wording {
            title: word("page-title"),
            about: self.about(session),
            note: self.note(),
            you: word("speaker-you"),
            devil: self.devil(session).unwrap_or_else(|| word("speaker-devil")),
            patient: word("speaker-patient"),
            guide: word("speaker-guide"),
            silence: word("direction-silence"),
            cut: (session.unreadable > 0).then(|| word("page-cut")),
        }
    }

    fn export(&self, which: &WhichArgs, format: Format, out: Option<&Path>) -> Result<(), CliError> {
        let journal = self.journal()?;
        let sessions = match (&journal, which.number) {
            (Some(journal), Some(number)) => vec![journal.session(number)?],
            (None, Some(number)) => return Err(JournalError::NoSession(number).into()),
            (Some(journal), None) => journal.sessions()?,
            (None, None) => Vec::new(),
        };
        if sessions.is_empty() {
            return Err(CliError::Call(self.words.get("export-empty")));
        }
        let text = match format {
            Format::Json => self.as_json(&sessions, which.all)?,
            Format::Md => sessions
                .iter()
                .map(|session| export::to_page(session, &self.wording(session)))
                .collect::<Vec<_>>()
                .join("\n"),
        };
        match out {
            Some(path) => {
                save(path, text.as_bytes())?;
                self.say("export-written", &[("file", &path.display().to_string())])
            }
            None => Ok(std::io::stdout().write_all(text.as_bytes())?),
        }
    }

    /// One session is an object, all of them are an array.
    fn as_json(&self, sessions: &[Stored], all: bool) -> Result<String, CliError> {
        let note = self.note();
        let mut values = sessions.iter().map(|session| export::to_json(session, &note));
        let whole = if all { values.collect() } else { values.next().unwrap_or_default() };
        pretty(&whole)
    }

    /// Whoever brings evenings in wants them kept: where there is no journal yet, one is begun.
    fn import(&self, file: &Path) -> Result<(), CliError> {
        let text = std::fs::read_to_string(file).map_err(|error| {
            let file = file.display();
            CliError::Call(format!("{file} cannot be read: {error}. Name a file that was exported as JSON"))
        })?;
        let (mut journal, _) = Journal::open(&data_folder(&self.settings)?)?;
        let imported =
            journal.import(&text).map_err(|error| CliError::Import { file: file.to_owned(), error })?;
        for number in &imported.sessions {
            self.say("import-done", &[("number", &number.to_string())])?;
        }
        if imported.known > 0 || imported.sessions.is_empty() {
            self.say("import-known", &[("count", &imported.known.to_string())])?;
        }
        Ok(())
    }

    fn delete(&self, which: &WhichArgs, yes: bool) -> Result<(), CliError> {
        let folder = data_folder(&self.settings)?;
        let which = which.number.map_or(Which::All, Which::One);
        let opened = Journal::open_existing(&folder);
        let only_set_aside = matches!(opened, Ok(None)) && Journal::has_set_aside(&folder);
        let journal = match (which, opened) {
            // Whoever wants all of it gone wants what is no journal gone, too.
            (Which::All, opened) if only_set_aside || matches!(opened, Err(JournalError::Unfit { .. })) => {
                if !self.may_erase(which, yes, None)? {
                    return self.say("erase-not", &[]);
                }
                return self.erase(Journal::open(&folder)?.0, which);
            }
            (_, opened) => opened?,
        };
        match (journal, which) {
            (None, Which::One(number)) => Err(JournalError::NoSession(number).into()),
            (None, Which::All) => self.say("erase-nothing", &[]),
            (Some(journal), _) if self.may_erase(which, yes, Some(&journal))? => self.erase(journal, which),
            (Some(_), _) => self.say("erase-not", &[]),
        }
    }

    /// Asks, where somebody can be asked.
    fn may_erase(&self, which: Which, yes: bool, journal: Option<&Journal>) -> Result<bool, CliError> {
        if yes {
            return Ok(true);
        }
        if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
            return Err(CliError::Call(
                "nobody can be asked here; say --yes to erase all the same".to_owned(),
            ));
        }
        let question = match (which, journal) {
            (Which::One(number), Some(journal)) => {
                self.say_row(&journal.session(number)?)?;
                self.words.with("erase-question-one", &[("number", &number.to_string())])
            }
            _ => {
                let count = journal.map(Journal::sessions).transpose()?.unwrap_or_default().len().to_string();
                // A file that is no journal is set aside before it is erased.
                let aside = journal.map_or(Ok(1), |it| it.files_set_aside().map(|files| files.len()))?;
                let words = [("count", count.as_str()), ("aside", &aside.to_string())];
                self.words.with("erase-question-all", &words)
            }
        };
        Ok(says_yes(&question)?.unwrap_or(false))
    }

    fn erase(&self, mut journal: Journal, which: Which) -> Result<(), CliError> {
        let erased = match (journal.erase(which), which) {
            (Err(JournalError::NoRoom), Which::All) => journal.remove_files()?,
            (erased, _) => erased?,
        };
        for number in &erased.sessions {
            self.say("erase-done", &[("number", &number.to_string())])?;
        }
        for number in &erased.running {
            self.say("erase-running", &[("number", &number.to_string())])?;
        }
        for file in &erased.set_aside {
            self.say("erase-done-file", &[("file", &file.display().to_string())])?;
        }
        if erased.sessions.is_empty() && erased.set_aside.is_empty() {
            self.say("erase-nothing", &[])?;
        }
        Ok(())
    }
}

/// The first words of a text, whole ones.
fn first_words(text: &str) -> String {
    let Some((cut, _)) = text.char_indices().nth(FIRST_WORDS) else { return text.to_owned() };
    let end = text[..cut].rfind(' ').unwrap_or(cut);
    text[..end].to_owned()
}

pub(super) fn pretty(value: &serde_json::Value) -> Result<String, CliError> {
    let mut text = serde_json::to_string_pretty(value).map_err(std::io::Error::other)?;
    text.push('\n');
    Ok(text)
}

pub(super) fn print_json(value: &serde_json::Value) -> Result<(), CliError> {
    Ok(std::io::stdout().write_all(pretty(value)?.as_bytes())?)
}
