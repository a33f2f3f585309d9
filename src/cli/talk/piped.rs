//! An evening from a script or a pipe: on a virtual clock, so that nobody waits.

use std::io::{BufRead as _, Read as _, Write as _};
use std::path::Path;

use super::is_command;
use super::show::Show;
use crate::cli::CliError;
use crate::dialogue::event::{Event, Question};
use crate::dialogue::{Setup, View, read_belief};
use crate::host::Parts;
use crate::host::script::{self, Deed, Person, RecordedFace};

/// The longest line that is read, in bytes; what is longer is cut there.
const LONGEST_LINE: u64 = 64 * 1024;
/// The largest script.
const LARGEST_SCRIPT: u64 = 4 * 1024 * 1024;

/// A person's lines.
pub(super) enum Script {
    /// From a file or a pipe, whole.
    Whole { concern: String, belief: String, turns: std::vec::IntoIter<String> },
    /// From a pipe, line by line, when it is their turn.
    Lines(std::io::Stdin),
}

impl Script {
    /// Reads and checks a script.
    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let shown = if path.as_os_str() == "-" {
            "the script on standard input".to_owned()
        } else {
            path.display().to_string()
        };
        let cannot = |error: std::io::Error| CliError::Call(format!("{shown} cannot be read: {error}"));
        let mut bytes = Vec::new();
        if path.as_os_str() == "-" {
            std::io::stdin().lock().take(LARGEST_SCRIPT + 1).read_to_end(&mut bytes).map_err(cannot)?;
        } else {
            let file = std::fs::File::open(path).map_err(cannot)?;
            file.take(LARGEST_SCRIPT + 1).read_to_end(&mut bytes).map_err(cannot)?;
        }
        if bytes.len() as u64 > LARGEST_SCRIPT {
            return Err(CliError::Call(format!(
                "{shown} is larger than 4 MiB; an evening has a few dozen lines"
            )));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let line =
                error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|&&b| b == b'\n').count()
                    + 1;
            CliError::Call(format!("{shown}, line {line} is not UTF-8 text; save it as UTF-8 and try again"))
        })?;
        Self::check(text.trim_start_matches('\u{feff}'), &shown)
    }

    fn check(text: &str, shown: &str) -> Result<Self, CliError> {
        let mut lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
        let wrong = |why: &str| Err(CliError::Call(format!("{shown}: {why}")));
        let Some(concern) = lines.next() else {
            return wrong(
                "it is empty; line 1 is the concern, line 2 belief from 0 to 10, then one comfort a line",
            );
        };
        if !concern.chars().any(char::is_alphanumeric) {
            return wrong("line 1 is the concern, in words");
        }
        let Some(belief) = lines.next() else {
            return wrong("line 2 is missing: how much of it is believed, from 0 to 10");
        };
        if read_belief(belief).is_none() {
            return wrong("line 2 says how much of it is believed, from 0 to 10");
        }
        let mut turns: Vec<String> = lines.map(str::to_owned).collect();
        while turns.last().is_some_and(String::is_empty) {
            turns.pop();
        }
        Ok(Self::Whole { concern: concern.to_owned(), belief: belief.to_owned(), turns: turns.into_iter() })
    }

    pub(super) fn from_stdin() -> Self {
        Self::Lines(std::io::stdin())
    }
}

/// Somebody whose lines come from a script.
struct Scripted {
    script: Script,
    show: Show,
    out: std::io::Stdout,
    error: Option<std::io::Error>,
}

/// Holds the evening.
pub(super) fn hold(
    parts: Parts,
    setup: Setup,
    faces: &[RecordedFace],
    script: Script,
    show: Show,
) -> Result<(), CliError> {
    let mut person = Scripted { script, show, out: std::io::stdout(), error: None };
    let opening = person.show.opening();
    person.print(&opening);
    script::hold(parts, setup, faces, &mut person);
    if let Script::Whole { turns, .. } = &person.script {
        let left = turns.len();
        if left > 0 && person.error.is_none() {
            let note = person.show.word_with("end-unused-lines", &[("count", &left.to_string())]);
            crate::cli::complain(&note);
        }
    }
    match person.error {
        Some(error) => Err(CliError::Output(error)),
        None => Ok(()),
    }
}

impl Scripted {
    fn print(&mut self, lines: &[String]) {
        for line in lines {
            if self.error.is_none()
                && let Err(error) = writeln!(self.out, "{line}")
            {
                self.error = Some(error);
            }
        }
    }

    /// The next line of the pipe; none at its end.
    fn next_line(&mut self) -> Option<String> {
        match &mut self.script {
            Script::Whole { turns, .. } => turns.next(),
            Script::Lines(stdin) => {
                let mut bytes = Vec::new();
                let mut stdin = stdin.lock();
                let read = stdin.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes).ok()?;
                if read == 0 {
                    return None;
                }
                if read as u64 == LONGEST_LINE && !bytes.ends_with(b"\n") && skip_line(&mut stdin).is_err() {
                    return None;
                }
                let text = String::from_utf8_lossy(&bytes);
                if text.contains('\u{fffd}') {
                    crate::cli::complain(&self.show.word("fault-not-utf8"));
                }
                Some(text.replace('\u{fffd}', ""))
            }
        }
    }

    fn deed(&mut self) -> Option<Deed> {
        loop {
            let line = self.next_line()?;
            let deed = Deed::read(&line);
            match deed {
                Deed::Say(text) if is_command(&text) => {
                    let note = self.show.unknown_command(&text);
                    self.print(&[note]);
                }
                deed => return Some(deed),
            }
        }
    }
}

/// Reads past the rest of a line.
fn skip_line(from: &mut impl std::io::BufRead) -> std::io::Result<()> {
    loop {
        let buffer = from.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let used = end.map_or(buffer.len(), |at| at + 1);
        from.consume(used);
        if end.is_some() {
            return Ok(());
        }
    }
}

impl Person for Scripted {
    fn answer(&mut self, question: Question) -> Option<Deed> {
        match (&mut self.script, question) {
            (Script::Whole { concern, .. }, Question::Concern) => Some(Deed::Say(std::mem::take(concern))),
            (Script::Whole { belief, .. }, Question::Belief) => Some(Deed::Say(std::mem::take(belief))),
            (Script::Whole { .. }, Question::When) => Some(Deed::StaySilent),
            (Script::Lines(_), _) => self.deed(),
        }
    }

    fn turn(&mut self, _view: &View) -> Option<Deed> {
        self.deed()
    }

    fn see(&mut self, event: &Event) -> bool {
        let lines = self.show.event(event, true);
        self.print(&lines);
        self.error.is_none()
    }
}
