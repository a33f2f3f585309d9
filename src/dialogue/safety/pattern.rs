//! Phrase patterns over the words that the check reads, as they are written.
//!
//! A word stands for itself, `<DIE>` for every word of that class (`assets/safety/classes.tsv`), `kill~` for every word
//! with that beginning, `_` for one word, `*` for up to three, `(a b|c|)` for alternatives, `^` for the beginning of the
//! text and `$` for its end.

use std::collections::HashMap;
use std::sync::LazyLock;

static CLASS_FILE: &str = include_str!("../../../assets/safety/classes.tsv");
static TOPIC_FILE: &str = include_str!("../../../assets/safety/topics.tsv");

/// Classes of words, in the order of the file.
pub(super) struct Classes {
    names: Vec<&'static str>,
    of: HashMap<&'static str, Vec<u8>>,
}

/// The classes that patterns name.
pub(super) static CLASSES: LazyLock<Classes> = LazyLock::new(|| Classes::read(CLASS_FILE));
/// What words are about, for the classifier alone.
pub(super) static TOPICS: LazyLock<Classes> = LazyLock::new(|| Classes::read(TOPIC_FILE));

impl Classes {
    fn read(file: &'static str) -> Self {
        let mut classes = Self { names: Vec::new(), of: HashMap::new() };
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, words)) = line.split_once('\t') else { continue };
            let Ok(index) = u8::try_from(classes.names.len()) else { break };
            classes.names.push(name);
            for word in words.split_whitespace() {
                classes.of.entry(word).or_default().push(index);
            }
        }
        classes
    }

    /// The classes of a word, by number, in the order of the file.
    pub(super) fn of(&self, word: &str) -> &[u8] {
        self.of.get(word).map_or(&[], Vec::as_slice)
    }

    /// The name of a class.
    pub(super) fn name(&self, class: u8) -> &'static str {
        self.names.get(usize::from(class)).copied().unwrap_or_default()
    }

    fn number(&self, name: &str) -> Option<u8> {
        self.names.iter().position(|of| *of == name).and_then(|at| u8::try_from(at).ok())
    }

    pub(super) fn words_of(&self, class: u8) -> impl Iterator<Item = &'static str> {
        self.of.iter().filter(move |(_, classes)| classes.contains(&class)).map(|(word, _)| *word)
    }
}

/// A phrase that can be found among words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pattern(pub(super) Vec<Element>);

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Element {
    Word(String),
    Class(u8),
    Beginning(String),
    One,
    Gap,
    Choice(Vec<Vec<Self>>),
    Start,
    End,
}

impl Pattern {
    /// Reads a pattern; none when a bracket does not close, a class is unknown, or it is empty.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut spaced = text.to_owned();
        for mark in ["(", ")", "|", "^", "$"] {
            spaced = spaced.replace(mark, &format!(" {mark} "));
        }
        let tokens: Vec<&str> = spaced.split_whitespace().collect();
        let mut at = 0;
        let elements = sequence(&tokens, &mut at)?;
        (at == tokens.len() && !elements.is_empty()).then_some(Self(elements))
    }

    /// Words of which one must be there for the pattern to stand; none when anything can do.
    pub(super) fn key(&self) -> Option<Vec<String>> {
        key_of(&self.0)
    }
}

/// The rarest element that a sequence cannot do without.
fn key_of(elements: &[Element]) -> Option<Vec<String>> {
    let cost = |words: &Vec<String>| -> usize {
        words.iter().map(|word| if COMMON.contains(&word.as_str()) { 200 } else { 1 }).sum()
    };
    elements.iter().filter_map(words_of).min_by_key(cost)
}

fn words_of(element: &Element) -> Option<Vec<String>> {
    match element {
        Element::Word(word) => Some(vec![word.clone()]),
        Element::Class(class) => Some(CLASSES.words_of(*class).map(str::to_owned).collect()),
        Element::Choice(branches) => {
            let keys = branches.iter().map(|branch| key_of(branch)).collect::<Option<Vec<_>>>()?;
            Some(keys.concat())
        }
        Element::Beginning(_) | Element::One | Element::Gap | Element::Start | Element::End => None,
    }
}

/// Words that stand in nearly every line: a poor key to a pattern.
const COMMON: [&str; 60] = [
    "i", "you", "me", "my", "your", "it", "the", "a", "an", "to", "of", "in", "on", "at", "for", "and",
    "but", "or", "is", "am", "are", "was", "were", "be", "been", "have", "has", "had", "do", "does", "did",
    "not", "no", "that", "this", "will", "would", "can", "could", "should", "just", "so", "if", "when",
    "what", "with", "from", "as", "he", "she", "they", "we", "him", "her", "them", "all", "there", "going",
    "want", "like",
];

fn sequence(tokens: &[&str], at: &mut usize) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    while let Some(&token) = tokens.get(*at) {
        match token {
            ")" | "|" => break,
            "(" => {
                *at += 1;
                elements.push(choice(tokens, at)?);
                continue;
            }
            "*" => elements.push(Element::Gap),
            "_" => elements.push(Element::One),
            "^" => elements.push(Element::Start),
            "$" => elements.push(Element::End),
            word => elements.push(single(word)?),
        }
        *at += 1;
    }
    Some(elements)
}

fn single(word: &str) -> Option<Element> {
    if let Some(class) = word.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        return CLASSES.number(class).map(Element::Class);
    }
    Some(match word.strip_suffix('~') {
        Some(beginning) => Element::Beginning(beginning.to_owned()),
        None => Element::Word(word.to_owned()),
    })
}

fn choice(tokens: &[&str], at: &mut usize) -> Option<Element> {
    let mut branches = vec![sequence(tokens, at)?];
    loop {
        let token = *tokens.get(*at)?;
        *at += 1;
        match token {
            "|" => branches.push(sequence(tokens, at)?),
            _ => return Some(Element::Choice(branches)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in ["(a|b", "a)", "", "<NOTHING> to say"] {
            assert_eq!(Pattern::read(text), None, "{text}");
        }
    }
}
