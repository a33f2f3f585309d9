//! Tables of phrase patterns, made ready to be found quickly: words are numbers, alternatives are sets, and a pattern is
//! looked at only where the rarest word that it cannot do without stands in the text.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::classes::CLASSES;
use crate::dialogue::phrase::{self, Element};

/// The longest gap that `*` stands for, in words. `^` and `$` are the beginning and the end of the text.
const LONGEST_GAP: usize = 3;
/// The number of a word that stands in no pattern.
const UNKNOWN: u32 = 0;

/// Reads a pattern; none when it is none, or names a class that there is not.
pub(super) fn pattern(text: &str) -> Option<Vec<Element>> {
    fn is_known(element: &Element) -> bool {
        match element {
            Element::Class(class) => CLASSES.number(class).is_some(),
            Element::Choice(branches) => branches.iter().flatten().all(is_known),
            _ => true,
        }
    }
    phrase::read(text).filter(|elements| elements.iter().all(is_known))
}

/// The rows of a file of three columns, without its remarks.
pub(super) fn rows(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    file.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).filter_map(|line| {
        let mut columns = line.splitn(3, '\t');
        Some((columns.next()?, columns.next()?, columns.next()?))
    })
}

fn words_of_class(name: &str) -> impl Iterator<Item = &'static str> {
    CLASSES.number(name).into_iter().flat_map(|class| CLASSES.words_of(class))
}

/// How often a set of words is met with, roughly.
fn cost(words: &[String]) -> usize {
    words.iter().map(|word| if COMMON_SET.contains(word.as_str()) { 200 } else { 1 }).sum()
}

/// The rarest element that a sequence cannot do without, as the words of which one must be there; none when it can do
/// without any.
fn key_of(elements: &[Element]) -> Option<Vec<String>> {
    elements.iter().filter_map(words_of).min_by_key(|words| cost(words))
}

/// The same, and the next one if it is rare, too: at most two keys.
fn keys_of(elements: &[Element]) -> Vec<Vec<String>> {
    let mut keys: Vec<Vec<String>> = elements.iter().filter_map(words_of).collect();
    keys.sort_by_cached_key(|words| cost(words));
    keys.truncate(2);
    if keys.get(1).is_some_and(|second| cost(second) >= 200) {
        keys.pop();
    }
    keys
}

fn words_of(element: &Element) -> Option<Vec<String>> {
    match element {
        Element::Word(word) => Some(vec![word.clone()]),
        Element::Class(class) => Some(words_of_class(class).map(str::to_owned).collect()),
        Element::Choice(branches) => {
            let keys = branches.iter().map(|branch| key_of(branch)).collect::<Option<Vec<_>>>()?;
            Some(keys.concat())
        }
        Element::Beginning(_) | Element::One | Element::Gap | Element::Start | Element::End => None,
    }
}

static COMMON_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON.into_iter().collect());

/// Words that stand in nearly every line: a poor key to a pattern.
const COMMON: [&str; 60] = [
    "i", "you", "me", "my", "your", "it", "the", "a", "an", "to", "of", "in", "on", "at", "for", "and",
    "but", "or", "is", "am", "are", "was", "were", "be", "been", "have", "has", "had", "do", "does", "did",
    "not", "no", "that", "this", "will", "would", "can", "could", "should", "just", "so", "if", "when",
    "what", "with", "from", "as", "he", "she", "they", "we", "him", "her", "them", "all", "there", "going",
    "want", "like",
];

/// An element as it is run.
enum Step {
    /// One of these words.
    Words(Set),
    Beginning(String),
    One,
    Gap,
    Choice(Choice),
    Start,
    End,
}

struct Choice {
    /// Branches of one word.
    words: Set,
    /// Branches that begin with a certain word, by that word.
    by_first: HashMap<u32, Vec<Vec<Step>>>,
    /// Branches that can begin with anything.
    open: Vec<Vec<Step>>,
    /// Whether there may be nothing at all.
    empty: bool,
}

/// A set of words, with a sieve before it: most words that are not in it are told by one bit.
#[derive(Default)]
struct Set {
    sieve: u64,
    /// Sorted.
    numbers: Box<[u32]>,
}

impl Set {
    fn new(mut numbers: Vec<u32>) -> Self {
        numbers.sort_unstable();
        numbers.dedup();
        let sieve = numbers.iter().fold(0, |sieve, number| sieve | 1 << (number % 64));
        Self { sieve, numbers: numbers.into() }
    }

    fn has(&self, number: u32) -> bool {
        self.sieve >> (number % 64) & 1 == 1 && self.numbers.binary_search(&number).is_ok()
    }
}

#[derive(Default)]
struct Numbers(HashMap<String, u32>);

impl Numbers {
    fn of(&mut self, word: &str) -> u32 {
        if let Some(number) = self.0.get(word) {
            return *number;
        }
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX - 1) + 1;
        self.0.insert(word.to_owned(), number);
        number
    }

    fn all<'a>(&mut self, words: impl Iterator<Item = &'a str>) -> Vec<u32> {
        words.map(|word| self.of(word)).collect()
    }

    fn steps(&mut self, elements: &[Element]) -> Vec<Step> {
        elements.iter().map(|element| self.step(element)).collect()
    }

    fn step(&mut self, element: &Element) -> Step {
        match element {
            Element::Word(word) => Step::Words(Set::new(vec![self.of(word)])),
            Element::Class(class) => Step::Words(Set::new(self.all(words_of_class(class)))),
            Element::Beginning(beginning) => Step::Beginning(beginning.clone()),
            Element::One => Step::One,
            Element::Gap => Step::Gap,
            Element::Start => Step::Start,
            Element::End => Step::End,
            Element::Choice(branches) => self.choice(branches),
        }
    }

    fn choice(&mut self, branches: &[Vec<Element>]) -> Step {
        let mut choice =
            Choice { words: Set::default(), by_first: HashMap::new(), open: Vec::new(), empty: false };
        let mut words = Vec::new();
        for branch in branches {
            match branch.as_slice() {
                [] => choice.empty = true,
                [Element::Word(word)] => words.push(self.of(word)),
                [Element::Class(class)] => words.extend(self.all(words_of_class(class))),
                [Element::Word(first), rest @ ..] => {
                    let (first, rest) = (self.of(first), self.steps(rest));
                    choice.by_first.entry(first).or_default().push(rest);
                }
                _ => choice.open.push(self.steps(branch)),
            }
        }
        choice.words = Set::new(words);
        if choice.by_first.is_empty() && choice.open.is_empty() && !choice.empty {
            return Step::Words(choice.words);
        }
        Step::Choice(choice)
    }
}

/// A text with its words as numbers.
struct Text<'a> {
    words: &'a [String],
    numbers: Vec<u32>,
}

/// Runs the steps from word `at`; `then` goes on after them.
fn run(steps: &[Step], text: &Text<'_>, at: usize, then: &dyn Fn(usize) -> Option<usize>) -> Option<usize> {
    let Some((first, rest)) = steps.split_first() else {
        return then(at);
    };
    let number = text.numbers.get(at).copied();
    let stands = match first {
        Step::Words(set) => set.has(number?),
        Step::Beginning(beginning) => text.words.get(at)?.starts_with(beginning.as_str()),
        Step::One => number.is_some(),
        Step::Start => return if at == 0 { run(rest, text, at, then) } else { None },
        Step::End => return if at == text.numbers.len() { run(rest, text, at, then) } else { None },
        Step::Gap => {
            let most = LONGEST_GAP.min(text.numbers.len().saturating_sub(at));
            return (0..=most).rev().find_map(|skip| run(rest, text, at + skip, then));
        }
        Step::Choice(choice) => return run_choice(choice, rest, text, at, then),
    };
    if stands { run(rest, text, at + 1, then) } else { None }
}

fn run_choice(
    choice: &Choice,
    rest: &[Step],
    text: &Text<'_>,
    at: usize,
    then: &dyn Fn(usize) -> Option<usize>,
) -> Option<usize> {
    let after = |end: usize| run(rest, text, end, then);
    if let Some(number) = text.numbers.get(at) {
        let known = choice.by_first.get(number).map(Vec::as_slice).unwrap_or_default();
        let longer = known
            .iter()
            .find_map(|branch| run(branch, text, at + 1, &after))
            .or_else(|| choice.open.iter().find_map(|branch| run(branch, text, at, &after)));
        if longer.is_some() {
            return longer;
        }
        if choice.words.has(*number)
            && let Some(end) = after(at + 1)
        {
            return Some(end);
        }
    }
    if choice.empty { after(at) } else { None }
}

/// The words that steps can begin with, added to `words`; false when that is open.
fn firsts(steps: &[Step], words: &mut Vec<u32>) -> bool {
    let Some((first, rest)) = steps.split_first() else { return false };
    match first {
        Step::Words(set) => {
            words.extend(set.numbers.iter());
            true
        }
        Step::Choice(choice) => {
            words.extend(choice.words.numbers.iter());
            words.extend(choice.by_first.keys());
            choice.open.iter().all(|branch| firsts(branch, words)) && (!choice.empty || firsts(rest, words))
        }
        Step::Start => firsts(rest, words),
        Step::Beginning(_) | Step::One | Step::Gap | Step::End => false,
    }
}

/// Patterns with what each stands for.
pub(super) struct Table<T> {
    rows: Vec<(T, Vec<Step>)>,
    numbers: HashMap<String, u32>,
    /// The patterns that cannot do without a word, by the word's number, each with which of its keys that word is.
    by_key: Vec<Vec<(u32, u8)>>,
    /// The keys that a pattern needs, as bits.
    needs: Vec<u8>,
    /// Those that can do without any.
    always: Vec<u32>,
    /// The patterns that begin with a word, by the word's number.
    by_first: Vec<Vec<u32>>,
    /// Those that can begin with anything.
    begins_open: Vec<bool>,
}

impl<T> Table<T> {
    /// A table of these patterns.
    pub(super) fn new(patterns: impl Iterator<Item = (T, Vec<Element>)>) -> Self {
        let mut numbers = Numbers::default();
        let (mut rows, mut always, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        let mut needs = Vec::new();
        for (row, (stands_for, pattern)) in (0u32..).zip(patterns) {
            let mut need = 0;
            for (bit, words) in [1, 2].into_iter().zip(keys_of(&pattern)) {
                need |= bit;
                keys.extend(words.iter().map(|word| (numbers.of(word), row, bit)));
            }
            if need == 0 {
                always.push(row);
            }
            needs.push(need);
            let steps = numbers.steps(&pattern);
            rows.push((stands_for, steps));
        }
        let mut by_key = vec![Vec::new(); numbers.0.len() + 1];
        for (number, row, bit) in keys {
            by_key[number as usize].push((row, bit));
        }
        let mut by_first = vec![Vec::new(); numbers.0.len() + 1];
        let mut begins_open = Vec::with_capacity(rows.len());
        for (row, (_, steps)) in (0u32..).zip(&rows) {
            let mut words = Vec::new();
            let known = firsts(steps, &mut words);
            begins_open.push(!known);
            words.sort_unstable();
            words.dedup();
            for word in words.into_iter().filter(|_| known) {
                by_first[word as usize].push(row);
            }
        }
        Self { rows, numbers: numbers.0, by_key, needs, always, by_first, begins_open }
    }

    /// Every place where a pattern stands: what it stands for, the first word, one past the last.
    pub(super) fn find_all(&self, words: &[String]) -> Vec<(&T, usize, usize)> {
        let number = |word: &String| self.numbers.get(word).copied().unwrap_or(UNKNOWN);
        let text = Text { words, numbers: words.iter().map(number).collect() };
        let mut seen = vec![0u8; self.rows.len()];
        let mut open: Vec<u32> =
            self.always.iter().copied().filter(|row| self.begins_open[*row as usize]).collect();
        for &(row, bit) in text.numbers.iter().flat_map(|number| &self.by_key[*number as usize]) {
            let at = row as usize;
            let before = seen[at];
            seen[at] |= bit;
            if before != self.needs[at] && seen[at] == self.needs[at] && self.begins_open[at] {
                open.push(row);
            }
        }
        let is_candidate = |row: &&u32| seen[**row as usize] == self.needs[**row as usize];
        let mut found = Vec::new();
        for (at, number) in text.numbers.iter().enumerate() {
            let here = self.by_first[*number as usize].iter().filter(is_candidate);
            for &row in here.chain(&open) {
                let (stands_for, steps) = &self.rows[row as usize];
                if let Some(end) = run(steps, &text, at, &|end| Some(end)) {
                    found.push((stands_for, at, end));
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::safety::words;

    fn finds(pattern: &str, text: &str) -> bool {
        let table = Table::new([((), super::pattern(pattern).expect("the pattern reads"))].into_iter());
        !table.find_all(&words(text)).is_empty()
    }

    #[test]
    fn a_class_that_there_is_not_makes_no_pattern() {
        assert_eq!(pattern("(<NOTHING>|a) to say"), None);
    }

    #[test]
    fn patterns_find_what_they_describe() {
        let cases = [
            ("kill myself", "honestly I'd kill myself.", true),
            ("<WANT> to * die", "I just want to, you know, die", true),
            ("<WANT> to * die", "I want to see my dog before I die", false),
            ("(no|any) (point|sense) (in|of) (living|)", "there's no point in it", true),
            ("(do not|never) (want|wish) (to|) be", "I don't want to be here", true),
            ("(do not|never) (want|wish) (to|) be", "I do want to be here", false),
            ("(a b|a) c", "a c", true),
            ("(* b|a) c", "x y b c", true),
            ("^ no", "there is no way", false),
            ("done $", "I am done.", true),
            ("done $", "I am done here", false),
            ("disappear~", "you were disappearing", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(finds(pattern, text), expected, "{pattern} in {text}");
        }
    }
}
