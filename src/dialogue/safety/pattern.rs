//! Phrase patterns over the words that the check reads, and tables of them.
//!
//! A word stands for itself, `<DIE>` for every word of that class (`assets/safety/classes.tsv`), `kill~` for every word
//! with that beginning, `_` for one word, `*` for up to three, `(a b|c|)` for alternatives, `^` for the beginning of the
//! text and `$` for its end.

use std::collections::HashMap;
use std::sync::LazyLock;

static CLASS_FILE: &str = include_str!("../../../assets/safety/classes.tsv");

/// Classes of words, in the order of the file.
pub(super) struct Classes {
    names: Vec<&'static str>,
    of: HashMap<&'static str, Vec<u8>>,
}

/// The classes that are built in.
pub(super) static CLASSES: LazyLock<Classes> = LazyLock::new(|| {
    let mut classes = Classes { names: Vec::new(), of: HashMap::new() };
    for line in CLASS_FILE.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, words)) = line.split_once('\t') else { continue };
        let Ok(index) = u8::try_from(classes.names.len()) else { break };
        classes.names.push(name);
        for word in words.split_whitespace() {
            classes.of.entry(word).or_default().push(index);
        }
    }
    classes
});

impl Classes {
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

    fn words_of(&self, class: u8) -> impl Iterator<Item = &'static str> {
        self.of.iter().filter(move |(_, classes)| classes.contains(&class)).map(|(word, _)| *word)
    }
}

/// A phrase that can be found among words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Element>);

#[derive(Debug, PartialEq, Eq)]
enum Element {
    Word(String),
    Class(u8),
    Beginning(String),
    One,
    Gap,
    Choice(Vec<Vec<Self>>),
    Start,
    End,
}

/// The longest gap that `*` stands for, in words.
const LONGEST_GAP: usize = 3;

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

    /// Whether it stands at word `at`; and where it ends.
    pub(super) fn stands_at(&self, words: &[String], at: usize) -> Option<usize> {
        run(&self.0, words, at, &|end| Some(end))
    }

    /// The words it can begin with; none when it can begin with anything.
    fn first_words(&self) -> Option<Vec<String>> {
        let mut words = Vec::new();
        firsts(&self.0, &mut words).then_some(words)
    }
}

/// Collects what a sequence can begin with; false when that is open.
fn firsts(elements: &[Element], words: &mut Vec<String>) -> bool {
    match elements.first() {
        Some(Element::Word(word)) => {
            words.push(word.clone());
            true
        }
        Some(Element::Class(class)) => {
            words.extend(CLASSES.words_of(*class).map(str::to_owned));
            true
        }
        Some(Element::Choice(branches)) => branches.iter().all(|branch| {
            if branch.is_empty() { firsts(&elements[1..], words) } else { firsts(branch, words) }
        }),
        Some(Element::Start) => firsts(&elements[1..], words),
        _ => false,
    }
}

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

/// Runs the elements from word `at`; `then` goes on after them.
fn run(
    elements: &[Element],
    words: &[String],
    at: usize,
    then: &dyn Fn(usize) -> Option<usize>,
) -> Option<usize> {
    let Some((first, rest)) = elements.split_first() else {
        return then(at);
    };
    let word = words.get(at);
    let stands = match first {
        Element::Word(expected) => word? == expected,
        Element::Class(class) => CLASSES.of(word?).contains(class),
        Element::Beginning(expected) => word?.starts_with(expected.as_str()),
        Element::One => word.is_some(),
        Element::Start => return if at == 0 { run(rest, words, at, then) } else { None },
        Element::End => return if at == words.len() { run(rest, words, at, then) } else { None },
        Element::Gap => {
            return (0..=LONGEST_GAP)
                .take_while(|skip| at + skip <= words.len())
                .find_map(|skip| run(rest, words, at + skip, then));
        }
        Element::Choice(branches) => {
            return branches
                .iter()
                .find_map(|branch| run(branch, words, at, &|end| run(rest, words, end, then)));
        }
    };
    if stands { run(rest, words, at + 1, then) } else { None }
}

/// Patterns with what each stands for, found by the words they begin with.
pub(super) struct Table<T> {
    rows: Vec<(T, Pattern)>,
    by_first: HashMap<String, Vec<usize>>,
    anywhere: Vec<usize>,
}

impl<T> Table<T> {
    /// A table of these patterns.
    pub(super) fn new(rows: Vec<(T, Pattern)>) -> Self {
        let mut table = Self { rows: Vec::new(), by_first: HashMap::new(), anywhere: Vec::new() };
        for (at, (_, pattern)) in rows.iter().enumerate() {
            match pattern.first_words() {
                Some(mut words) => {
                    words.sort_unstable();
                    words.dedup();
                    for word in words {
                        table.by_first.entry(word).or_default().push(at);
                    }
                }
                None => table.anywhere.push(at),
            }
        }
        table.rows = rows;
        table
    }

    /// Every place where a pattern stands: what it stands for, the first word, one past the last.
    pub(super) fn find_all<'a>(&'a self, words: &'a [String]) -> impl Iterator<Item = (&'a T, usize, usize)> {
        (0..words.len()).flat_map(move |at| {
            let first = self.by_first.get(&words[at]).map(Vec::as_slice).unwrap_or_default();
            first.iter().chain(&self.anywhere).filter_map(move |&row| {
                let (stands_for, pattern) = &self.rows[row];
                pattern.stands_at(words, at).map(|end| (stands_for, at, end))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::safety::words;

    fn finds(pattern: &str, text: &str) -> bool {
        let table = Table::new(vec![((), Pattern::read(pattern).expect("the pattern reads"))]);
        table.find_all(&words(text)).next().is_some()
    }

    #[test]
    fn patterns_find_what_they_describe() {
        let cases = [
            ("kill myself", "honestly I'd kill myself.", true),
            ("<WANT> to * die", "I just want to, you know, die", true),
            ("<WANT> to * die", "I want to see my dog before I die", false),
            ("(no|any) (point|sense) (in|of) (living|)", "there's no point in it", true),
            ("^ no", "there is no way", false),
            ("done $", "I am done.", true),
            ("done $", "I am done here", false),
            ("disappear~", "you were disappearing", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(finds(pattern, text), expected, "{pattern} in {text}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in ["(a|b", "a)", "", "<NOTHING> to say"] {
            assert_eq!(Pattern::read(text), None, "{text}");
        }
    }
}
