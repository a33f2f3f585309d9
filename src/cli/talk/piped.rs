//! An evening from a script or a pipe: on a virtual clock, so that nobody waits.

use std::io::{BufRead as _, Read as _, Write as _};

use super::after::{After, Next};
use super::is_command;
use super::questions::{Line, MEASURES, Questions};
use super::show::Show;
use crate::cli::CliError;
use crate::cli::script::Script;
use crate::dialogue::change::ChangeStep;
use crate::dialogue::event::{Event, Question};
use crate::dialogue::measures::{Taken, When};
use crate::dialogue::safety::Help;
use crate::dialogue::{Setup, View};
use crate::host::Parts;
use crate::host::script::{self, Deed, Person, RecordedFace};

/// The longest line that is read, in bytes; what is longer is cut there.
const LONGEST_LINE: u64 = 64 * 1024;

/// Somebody whose lines come from a script.
struct Scripted {
    script: Script,
    show: Show,
    questions: Questions,
    /// Who can help.
    help: Help,
    /// Whether they have said something in the room.
    comforted: bool,
    after: Option<After>,
    /// Whether something was offered to them after the evening.
    is_asked: bool,
    out: std::io::Stdout,
    error: Option<std::io::Error>,
}

/// Holds the evening.
pub(super) fn hold(
    parts: Parts,
    setup: Setup,
    faces: &[RecordedFace],
    script: Script,
    (show, questions): (Show, Questions),
) -> Result<(), CliError> {
    let out = std::io::stdout();
    let mut person = Scripted {
        script,
        show,
        questions,
        help: setup.help.clone(),
        comforted: false,
        after: None,
        is_asked: false,
        out,
        error: None,
    };
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
            if let Some(taken) = self.questions.next_answered() {
                return Some(Deed::Measured(taken));
            }
            if self.is_done() {
                return None;
            }
            let line = self.next_line()?;
            let when = (!self.comforted).then_some(When::Before);
            if let Line::Taken(lines) = self.questions.take(self.show.words(), &line, when) {
                self.print(&lines);
                continue;
            }
            if After::is_for(&line) {
                let later = self.show.word("keepsake-later");
                self.print(&[later]);
                continue;
            }
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

impl Scripted {
    /// Whether the next line of a script is for after the evening.
    fn is_done(&self) -> bool {
        match &self.script {
            Script::Whole { turns, .. } => turns.as_slice().first().is_some_and(|line| After::is_for(line)),
            Script::Lines(_) => false,
        }
    }

    /// What is still said once the evening is over: by a script what stands next and is for then, by a pipe where something
    /// was offered.
    fn after_the_evening(&mut self) -> Option<Taken> {
        loop {
            if let Some(taken) = self.questions.next_answered() {
                return Some(taken);
            }
            let is_next = match &self.script {
                Script::Whole { turns, .. } => {
                    turns.as_slice().first().is_some_and(|line| self.questions.stand() || is_for_after(line))
                }
                Script::Lines(_) => self.is_asked,
            };
            let line = if is_next { self.next_line()? } else { return None };
            let after = self.after.as_mut()?;
            match after.take(self.show.words(), &mut self.questions, &line) {
                Next::Goes(lines) => self.print(&lines),
                Next::Leaves => return None,
            }
        }
    }
}

fn is_for_after(line: &str) -> bool {
    After::is_for(line) || line.trim().eq_ignore_ascii_case(MEASURES)
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
        match self.script {
            Script::Whole { .. } => self.script.answer(question),
            Script::Lines(_) => self.deed(),
        }
    }

    fn change(&mut self, step: ChangeStep) -> Option<Deed> {
        match self.script {
            Script::Whole { .. } => self.script.change(step),
            Script::Lines(_) => self.deed(),
        }
    }

    fn turn(&mut self, _view: &View) -> Option<Deed> {
        self.deed()
    }

    fn afterwards(&mut self, view: &View) -> Option<Taken> {
        if self.after.is_none() {
            let kept = view.kept.clone().filter(|_| self.questions.may_ask());
            let mut after = After::new(kept, self.help.clone());
            // A script has said beforehand what it wants; whoever is at the other end of a pipe is asked.
            if matches!(self.script, Script::Lines(_)) && !view.safe {
                let offer = after.offer(self.show.words(), &self.questions);
                self.print(&offer);
                self.is_asked = !offer.is_empty();
            }
            self.after = Some(after);
        }
        self.after_the_evening()
    }

    fn see(&mut self, event: &Event) -> bool {
        self.comforted |= event.turn > 0;
        let lines = self.show.event(event, true);
        self.print(&lines);
        self.error.is_none()
    }
}
