//! The help card as plain lines.

use crate::dialogue::safety::Card;
use crate::words::{Words, card};

/// The card, a line a choice.
pub(super) fn lines(words: &Words, shown: &Card) -> Vec<String> {
    let mut lines = vec![String::new(), words.get("card-title")];
    for (at, choice) in shown.choices.iter().enumerate() {
        let number = (at + 1).to_string();
        let mut said = card::choice(words, choice).into_iter();
        let text = said.next().unwrap_or_default();
        lines.push(words.with("card-choice", &[("number", &number), ("text", &text)]));
        lines.extend(said);
    }
    lines.push(words.get("card-leave"));
    lines.push(String::new());
    lines
}
