//! A person's lines from a file: the concern, belief from 0 to 10, then one comfort a line.

use std::io::Read as _;
use std::path::Path;

use super::CliError;
use crate::dialogue::change::ChangeStep;
use crate::dialogue::event::Question;
use crate::dialogue::read_belief;
use crate::host::script::Deed;

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

    /// The one that the program brings along.
    #[cfg(feature = "room")]
    pub(super) fn built_in(text: &str) -> Result<Self, CliError> {
        Self::check(text, "the built-in evening")
    }

    pub(super) fn from_stdin() -> Self {
        Self::Lines(std::io::stdin())
    }

    /// What a script says to a question before the room; none where it has a line for each turn.
    pub(super) fn answer(&mut self, question: Question) -> Option<Deed> {
        match (self, question) {
            (Self::Whole { concern, .. }, Question::Concern) => Some(Deed::Say(std::mem::take(concern))),
            (Self::Whole { belief, .. }, Question::Belief) => Some(Deed::Say(std::mem::take(belief))),
            (Self::Whole { .. }, Question::When) => Some(Deed::StaySilent),
            (Self::Lines(_), _) => None,
        }
    }

    /// What a script says in the change of places: it goes along, and keeps what it heard first.
    pub(super) fn change(&mut self, step: ChangeStep) -> Option<Deed> {
        match self {
            Self::Whole { .. } if step == ChangeStep::Asked => Some(Deed::Say("Yes".to_owned())),
            Self::Whole { .. } => Some(Deed::Say("The first".to_owned())),
            Self::Lines(_) => None,
        }
    }

    /// The next line of a whole script.
    #[cfg(feature = "room")]
    pub(super) fn next_turn(&mut self) -> Option<String> {
        match self {
            Self::Whole { turns, .. } => turns.next(),
            Self::Lines(_) => None,
        }
    }
}
