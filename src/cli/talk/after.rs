//! After the evening, for as long as somebody is still there: the card, and the questions once more.

use std::path::PathBuf;

use super::questions::{Line, Questions};
use crate::cli::keepsake;
use crate::dialogue::measures::When;
use crate::words::Words;

/// What can be done after an evening.
pub(super) struct After {
    kept: Option<String>,
    /// Whether the card was offered in a line, so that a plain yes is an answer to it.
    offered: bool,
}

/// What comes after a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Another line is waited for; what there is to read.
    Goes(Vec<String>),
    /// They have gone.
    Leaves,
}

impl After {
    /// With the words that were kept, if there are any.
    pub(super) fn new(kept: Option<String>) -> Self {
        Self { kept, offered: false }
    }

    /// What is offered, in a line each; nothing where there is nothing to do.
    pub(super) fn offer(&mut self, words: &Words, questions: &Questions) -> Vec<String> {
        self.offered = self.kept.is_some();
        let card = self.kept.as_ref().map(|_| words.get("keepsake-offer"));
        let mut lines: Vec<String> = card.into_iter().chain(questions.offer_again(words)).collect();
        if !lines.is_empty() {
            lines.push(words.get("after-leave"));
        }
        lines
    }

    /// Whether a line is one for after the evening.
    pub(super) fn is_for(line: &str) -> bool {
        card(line).is_some()
    }

    /// What they type.
    pub(super) fn take(&mut self, words: &Words, questions: &mut Questions, line: &str) -> Next {
        if let Line::Taken(lines) = questions.take(words, line, Some(When::After)) {
            return Next::Goes(lines);
        }
        let plain = matches!(line.trim().to_lowercase().as_str(), "y" | "yes" | "是" | "好" | "好的");
        let into = card(line).or_else(|| (plain && self.offered).then_some(None));
        match (into, &self.kept) {
            (None, _) => Next::Leaves,
            (Some(_), None) => Next::Goes(vec![words.get("keepsake-nothing")]),
            (Some(into), Some(kept)) => {
                let (said, lies) = keepsake::save(words, kept, into.as_deref());
                let elsewhere = (!lies).then(|| words.get("keepsake-elsewhere"));
                Next::Goes([said].into_iter().chain(elsewhere).collect())
            }
        }
    }
}

/// Whether a line asks for the card, and into which folder.
fn card(line: &str) -> Option<Option<PathBuf>> {
    let mut words = line.trim().splitn(2, char::is_whitespace);
    let asks = words.next().is_some_and(|word| word.eq_ignore_ascii_case("!card"));
    let folder = words.next().map(str::trim).filter(|folder| !folder.is_empty());
    asks.then(|| folder.map(PathBuf::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_asked_for_with_or_without_a_folder_and_anything_else_leaves() {
        assert_eq!(card(" !card "), Some(None));
        assert_eq!(card("!Card  my cards"), Some(Some(PathBuf::from("my cards"))));
        assert_eq!(card("!cards"), None);
        let words = Words::load("en").expect("the words are there");
        let mut questions = Questions::new(None, false, false);
        let folder = tempfile::tempdir().expect("a folder");
        let mut after = After::new(Some("Enough.".to_owned()));
        assert_eq!(after.offer(&words, &questions).len(), 2);
        assert_eq!(after.take(&words, &mut questions, ""), Next::Leaves);
        let into = format!("!card {}", folder.path().display());
        let Next::Goes(said) = after.take(&words, &mut questions, &into) else { panic!("they stay") };
        assert!(said.len() == 1 && said[0].contains(&folder.path().display().to_string()), "{said:?}");
        let Next::Goes(said) = after.take(&words, &mut questions, "!card /nowhere/at/all") else {
            panic!("they stay")
        };
        assert!(said.len() == 2 && said[0].contains("there is no such folder"), "{said:?}");
        let mut nothing = After::new(None);
        assert!(nothing.offer(&words, &questions).is_empty());
        assert_eq!(nothing.take(&words, &mut questions, "yes"), Next::Leaves);
    }
}
