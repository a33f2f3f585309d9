//! The gate: the only place where [`Gated`] text is made.

use serde::Serialize;

use crate::dialogue::agent::Agent;
use crate::dialogue::text;

/// Text of an agent that may be shown and spoken. Only [`Gate::pass`] makes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Gated(String);

impl Gated {
    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text may not be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Blocked {
    /// Nothing is left of it.
    #[error("there is nothing to say in it")]
    Empty,
    /// It is longer than the agent may speak.
    #[error("it is too long")]
    TooLong,
    /// It is not plain text.
    #[error("it is not plain text")]
    Markup,
}

/// Checks every sentence of an agent before it is shown. What it blocks is not shown, and not mended.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gate;

impl Gate {
    /// The most characters of one line: half a minute of speech.
    pub const LONGEST: usize = 400;

    /// Lets a text through, without control and direction characters, or says why not.
    ///
    /// # Errors
    /// [`Blocked`], when the text is empty, too long, or no plain text.
    pub fn pass(self, _agent: Agent, text: &str) -> Result<Gated, Blocked> {
        let clean = text::clean(text);
        if !clean.chars().any(char::is_alphabetic) {
            return Err(Blocked::Empty);
        }
        if clean.chars().count() > Self::LONGEST {
            return Err(Blocked::TooLong);
        }
        if ["```", "<|", "|>", "**", "http://", "https://", "</"].iter().any(|mark| clean.contains(mark)) {
            return Err(Blocked::Markup);
        }
        Ok(Gated(clean))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_do_not_pass() {
        let gated = Gate.pass(Agent::Patient, "You\u{202e} too?\u{7}\n Yes.").expect("plain text passes");
        assert_eq!(gated.as_str(), "You too? Yes.");
    }

    #[test]
    fn emptiness_length_and_markup_are_blocked() {
        assert_eq!(Gate.pass(Agent::Guide, " \u{200b}… "), Err(Blocked::Empty));
        assert_eq!(Gate.pass(Agent::Guide, &"word ".repeat(100)), Err(Blocked::TooLong));
        assert_eq!(Gate.pass(Agent::Devil, "**I** knew."), Err(Blocked::Markup));
    }
}
