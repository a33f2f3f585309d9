//! After the evening, for as long as somebody is still there: the card, and the questions once more.

use std::path::PathBuf;

use super::card as help_card;
use super::is_command;
use super::questions::{Line, Questions};
use super::show::unknown_command;
use crate::cli::keepsake;
use crate::dialogue::measures::When;
use crate::dialogue::safety::{Card, CardKind, Choice, Help, Watch};
use crate::host::script::Deed;
use crate::words::Words;

/// What can be done after an evening.
pub(super) struct After {
    kept: Option<String>,
    /// Whether the card was offered in a line, so that a plain yes is an answer to it.
    offered: bool,
    /// Who can help, if they ask for it now.
    help: Help,
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
    /// With the words that were kept, if there are any, and who can help.
    pub(super) fn new(kept: Option<String>, help: Help) -> Self {
        Self { kept, offered: false, help }
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
        let line = line.trim();
        if let Some(about) = needs_help(line) {
            // A yes after it is no answer to the other card.
            self.offered = false;
            return Next::Goes(self.help(words, about));
        }
        let plain = matches!(line.to_lowercase().as_str(), "y" | "yes" | "是" | "好" | "好的");
        let Some(into) = card(line).or_else(|| (plain && self.offered).then_some(None)) else {
            return self.take_other(words, questions, line);
        };
        let Some(kept) = &self.kept else { return Next::Goes(vec![words.get("keepsake-nothing")]) };
        Next::Goes(match keepsake::save(words, kept, into.as_deref()) {
            Ok(lies) => vec![lies],
            Err(why) => vec![why, words.get("keepsake-elsewhere")],
        })
    }

    /// A line that is for nothing here: only a plain no leaves, so that a slip of the keys throws nothing away.
    fn take_other(&mut self, words: &Words, questions: &Questions, line: &str) -> Next {
        // Ctrl-C comes as `!stop`.
        if matches!(line.to_lowercase().as_str(), "" | "n" | "no" | "不" | "不用" | "!stop") {
            return Next::Leaves;
        }
        Next::Goes(match Deed::read(line) {
            Deed::Say(text) if is_command(&text) => vec![unknown_command(words, &text)],
            _ => self.offer(words, questions),
        })
    }

    /// The help card. The evening's figures have gone, and the Guide breathes with nobody any more.
    fn help(&self, words: &Words, about: CardKind) -> Vec<String> {
        let mut card = Card::new(about, &self.help);
        card.choices.retain(|choice| !matches!(choice, Choice::Breath));
        help_card::lines(words, &card)
    }
}

/// Which help a line asks for, or is a sign of.
fn needs_help(line: &str) -> Option<CardKind> {
    let asks = line.eq_ignore_ascii_case("!sos").then_some(CardKind::Crisis);
    asks.or_else(|| Watch::default().read_draft(line).map(|finding| CardKind::of(finding.category)))
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
    fn a_card_is_asked_for_with_or_without_a_folder() {
        assert_eq!(card(" !card "), Some(None));
        assert_eq!(card("!Card  my cards"), Some(Some(PathBuf::from("my cards"))));
        assert_eq!(card("!cards"), None);
        let words = Words::load("en").expect("the words are there");
        let mut questions = Questions::new(None, false, false);
        let folder = tempfile::tempdir().expect("a folder");
        let mut after = After::new(Some("Enough.".to_owned()), Help::default());
        assert_eq!(after.offer(&words, &questions).len(), 2);
        let into = format!("!card {}", folder.path().display());
        let Next::Goes(said) = after.take(&words, &mut questions, &into) else { panic!("they stay") };
        assert!(said.len() == 1 && said[0].contains(&folder.path().display().to_string()), "{said:?}");
        let Next::Goes(said) = after.take(&words, &mut questions, "!card /nowhere/at/all") else {
            panic!("they stay")
        };
        assert!(said.len() == 2 && said[0].contains("there is no such folder"), "{said:?}");
        let mut nothing = After::new(None, Help::default());
        assert!(nothing.offer(&words, &questions).is_empty());
        assert_eq!(nothing.take(&words, &mut questions, "yes"), Next::Goes(Vec::new()));
    }

    #[test]
    fn a_plain_no_leaves_and_whoever_may_need_help_is_shown_who_gives_it() {
        let words = Words::load("en").expect("the words are there");
        let mut questions = Questions::new(None, false, false);
        let mut after = After::new(Some("Enough.".to_owned()), Help::default());
        let offer = after.offer(&words, &questions);
        for leaves in ["", " \n", "No", "!stop"] {
            assert_eq!(after.take(&words, &mut questions, leaves), Next::Leaves, "{leaves}");
        }
        for stays in ["well", "!hint"] {
            assert_eq!(after.take(&words, &mut questions, stays), Next::Goes(offer.clone()), "{stays}");
        }
        let Next::Goes(said) = after.take(&words, &mut questions, "!crad") else { panic!("they stay") };
        assert!(said.len() == 1 && said[0].contains("There is no !crad here."), "{said:?}");
        for in_need in ["!SOS", "I want to kill myself", "!I want to kill myself"] {
            let Next::Goes(said) = after.take(&words, &mut questions, in_need) else { panic!("they stay") };
            assert!(said.contains(&words.get("card-title")), "{in_need}: {said:?}");
            assert!(!said.concat().contains("!3"), "nobody breathes with them: {said:?}");
        }
    }
}
