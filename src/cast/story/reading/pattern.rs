//! Phrase patterns ([`crate::dialogue::phrase`]) over lower-case words: `*` is up to four words, `^` and `$` are the start
//! and the end of a clause.

use crate::dialogue::phrase::{self, Element};
use crate::dialogue::text::undrawn;

/// A phrase that can be found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Element>);

/// The longest gap that `*` stands for, in words.
const LONGEST_GAP: usize = 4;

/// A text as patterns see it: lower-case words without apostrophes, and where clauses begin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) words: Vec<String>,
    /// Whether a clause begins at the word of the same index; one more than there are words.
    pub(crate) starts: Vec<bool>,
}

impl Words {
    /// Reads a text. Runs of three or more equal letters are taken as one: "sooo" is "so".
    pub(crate) fn read(text: &str) -> Self {
        let mut read = Self::default();
        let mut current = String::new();
        let mut start = true;
        for c in text.chars().flat_map(char::to_lowercase).chain(std::iter::once(' ')) {
            match c {
                '\'' | '’' | '‘' | '`' if !current.is_empty() => {}
                c if c.is_alphanumeric() => current.push(c),
                c => {
                    if !current.is_empty() {
                        read.words.push(undrawn(&std::mem::take(&mut current)));
                        read.starts.push(std::mem::take(&mut start));
                    }
                    start |=
                        matches!(c, '.' | '!' | '?' | ';' | ',' | ':' | '…' | '\n' | '(' | ')' | '–' | '—');
                }
            }
        }
        read.starts.push(true);
        read
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }
}

impl Pattern {
    /// Reads a pattern; none when brackets do not close or it is empty.
    pub(crate) fn read(text: &str) -> Option<Self> {
        phrase::read(&text.replace(['\'', '’'], "").to_lowercase()).map(Self)
    }

    /// Where the pattern is first found: the first word and one past the last.
    pub(crate) fn find(&self, words: &Words) -> Option<(usize, usize)> {
        (0..words.len()).find_map(|at| run(&self.0, words, at, &|end| Some(end)).map(|end| (at, end)))
    }
}

/// Runs the elements from word `at`; `then` goes on after them.
fn run(
    elements: &[Element],
    words: &Words,
    at: usize,
    then: &dyn Fn(usize) -> Option<usize>,
) -> Option<usize> {
    let Some((first, rest)) = elements.split_first() else {
        return then(at);
    };
    let word = words.words.get(at);
    match first {
        Element::Word(expected) => (word? == expected).then(|| run(rest, words, at + 1, then))?,
        Element::Beginning(expected) => {
            word?.starts_with(expected.as_str()).then(|| run(rest, words, at + 1, then))?
        }
        // The material names no classes.
        Element::Class(_) => None,
        Element::One => word.and_then(|_| run(rest, words, at + 1, then)),
        Element::Gap => (0..=LONGEST_GAP)
            .take_while(|skip| at + skip <= words.len())
            .find_map(|skip| run(rest, words, at + skip, then)),
        Element::Choice(branches) => {
            branches.iter().find_map(|branch| run(branch, words, at, &|end| run(rest, words, end, then)))
        }
        Element::Start => words.starts[at].then(|| run(rest, words, at, then))?,
        Element::End => words.starts[at].then(|| run(rest, words, at, then))?,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(pattern: &str, text: &str) -> bool {
        Pattern::read(pattern).expect("the pattern reads").find(&Words::read(text)).is_some()
    }

    #[test]
    fn patterns_find_what_they_describe() {
        let cases = [
            ("no wonder", "God, that silence. No wonder you keep going back", true),
            ("(youre|you are) (so|really|) tired", "You're tired", true),
            ("(youre|you are) (so|really|) tired", "you are sooo tired", true),
            ("what * say", "What did your boss actually say?", true),
            ("what * say", "what did your very old and tired boss say", false),
            ("^ no", "there is no way", false),
            ("^ no", "Well, no", true),
            ("stop $", "stop it", false),
            ("stop $", "please stop.", true),
            ("afraid~", "are you afraid", true),
            ("you _ it", "you did it", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(finds(pattern, text), expected, "{pattern} in {text}");
        }
    }

    #[test]
    fn an_unclosed_bracket_is_no_pattern() {
        assert_eq!(Pattern::read("(a|b"), None);
        assert_eq!(Pattern::read("a)"), None);
        assert_eq!(Pattern::read(""), None);
    }
}
