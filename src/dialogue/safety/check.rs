//! The check of one text: what is harmless is set aside, rules name what is plain, and a classifier weighs the rest.
//!
//! Deterministic, without a network, a model file or a clock; well under a millisecond a line.

use std::sync::LazyLock;

use super::finding::{Category, Finding, Tier};
use super::model::{MODEL, Sign};
use super::pattern::{Pattern, Table};
use super::words::words;

/// Plain signs: `red` or `amber`, category, pattern. Where one stands, the room stops.
static RULES_FILE: &str = include_str!("../../../assets/safety/rules.tsv");
/// Likely signs, in the same form: evidence that the classifier weighs.
static SIGNS_FILE: &str = include_str!("../../../assets/safety/signs.tsv");
/// Harmless phrases, in the same form: `mask`.
static MASKS_FILE: &str = include_str!("../../../assets/safety/masks.tsv");

/// What stands in the place of words that were found harmless.
const ASIDE: &str = "·";
/// The most words that are read at once; a longer text is read in overlapping pieces of it.
const WINDOW: usize = 48;
/// The most words of a text that are read at all: half an hour of speech.
const MOST_WORDS: usize = 6_000;

/// Pieces of this many words are read by themselves, too.
const PIECE: usize = 20;

/// From here on the classifier holds the room, where a likely sign stands.
const HOLDS: f32 = 0.5;
/// The same where none stands.
const HOLDS_ALONE: f32 = 0.7;
/// The same for a piece of a text.
const PIECE_HOLDS: f32 = 0.9;
/// From here on what it holds is red.
const IS_RED: f32 = 0.5;

/// What the check makes of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reading {
    /// What was found.
    pub finding: Option<Finding>,
    /// How heavy the text is, 0 to 1, also where nothing was found.
    pub weight: f32,
}

struct Rules {
    masks: Table<()>,
    plain: Table<Finding>,
    likely: Table<Sign>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let masks = rows(MASKS_FILE).filter_map(|(_, _, pattern)| Some(((), Pattern::read(pattern)?)));
    let plain = rows(RULES_FILE)
        .filter_map(|(kind, category, pattern)| Some((finding(kind, category)?, Pattern::read(pattern)?)));
    let likely = rows(SIGNS_FILE).enumerate().filter_map(|(number, (kind, category, pattern))| {
        Some((Sign { number, finding: finding(kind, category)? }, Pattern::read(pattern)?))
    });
    Rules {
        masks: Table::new(masks.collect()),
        plain: Table::new(plain.collect()),
        likely: Table::new(likely.collect()),
    }
});

fn rows(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    file.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).filter_map(|line| {
        let mut columns = line.splitn(3, '\t');
        Some((columns.next()?, columns.next()?, columns.next()?))
    })
}

fn finding(kind: &str, category: &str) -> Option<Finding> {
    let name = serde_json::Value::String(category.to_owned());
    let category: Category = serde_json::from_value(name).ok()?;
    match kind {
        "red" => Some(Finding::new(Tier::Red, category)),
        "amber" => Some(Finding::new(Tier::Amber, category)),
        _ => None,
    }
}

/// Reads a text.
#[must_use]
pub fn read(text: &str) -> Reading {
    let words = without_harmless(&words(text));
    let words = &words[..words.len().min(MOST_WORDS)];
    let mut reading = judge(words.get(..WINDOW).unwrap_or(words), HOLDS);
    // What is heavy may be buried in a long text: it is read in pieces, too.
    let (piece, step) = if words.len() > WINDOW { (WINDOW, WINDOW / 2) } else { (PIECE, PIECE / 2) };
    let mut from = 0;
    while words.len() > piece && from + step < words.len() {
        let found = judge(&words[from..(from + piece).min(words.len())], PIECE_HOLDS);
        reading.weight = reading.weight.max(found.weight.min(HOLDS - 0.01));
        reading.finding = stronger(reading.finding, found.finding);
        from += step;
    }
    reading
}

/// What stands in a text once its harmless phrases are set aside; what the classifier sees.
#[must_use]
pub fn without_harmless(words: &[String]) -> Vec<String> {
    let mut aside = vec![false; words.len()];
    for (_, from, to) in RULES.masks.find_all(words) {
        aside[from..to].fill(true);
    }
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for (word, aside) in words.iter().zip(aside) {
        if !aside {
            out.push(word.clone());
        } else if out.last().is_none_or(|last| last != ASIDE) {
            out.push(ASIDE.to_owned());
        }
    }
    out
}

/// The likely signs in words whose harmless phrases were set aside.
#[must_use]
pub fn signs(words: &[String]) -> Vec<Sign> {
    let mut signs: Vec<Sign> = RULES
        .likely
        .find_all(words)
        .filter(|(_, from, _)| !is_denied(words, *from))
        .map(|(sign, _, _)| *sign)
        .collect();
    signs.sort_unstable();
    signs.dedup();
    signs
}

fn judge(words: &[String], holds: f32) -> Reading {
    if words.iter().all(|word| word == ASIDE) {
        return Reading::default();
    }
    let plain = RULES
        .plain
        .find_all(words)
        .filter(|(_, from, _)| !is_denied(words, *from))
        .fold(None, |best, (finding, _, _)| stronger(best, Some(*finding)));
    let signs = signs(words);
    let score = MODEL.score(words, &signs);
    let holds = if signs.is_empty() { holds.max(HOLDS_ALONE) } else { holds };
    let weighed = (score.hold >= holds).then(|| {
        let tier = if score.red >= IS_RED { Tier::Red } else { Tier::Amber };
        Finding::new(tier, category_of(&signs, tier))
    });
    Reading { finding: stronger(plain, weighed), weight: score.hold }
}

/// Whether a plain sign stands in a text.
pub(super) fn is_plain(text: &str) -> bool {
    let words = without_harmless(&words(text));
    RULES.plain.find_all(&words).any(|(_, from, _)| !is_denied(&words, from))
}

/// What kind of sign it was, as far as a pattern names it.
fn category_of(signs: &[Sign], tier: Tier) -> Category {
    let named = |sign: &&Sign| sign.finding.category != Category::Other;
    let same = signs.iter().filter(named).find(|sign| sign.finding.tier == tier);
    same.or_else(|| signs.iter().find(named)).map_or(Category::Other, |sign| sign.finding.category)
}

/// The more urgent of two; where they are equal, the one that has a name.
fn stronger(one: Option<Finding>, other: Option<Finding>) -> Option<Finding> {
    match (one, other) {
        (Some(one), Some(other)) if other.tier > one.tier => {
            let category = if one.category == Category::Other { other.category } else { one.category };
            let category = if other.category == Category::Other { category } else { other.category };
            Some(Finding::new(other.tier, category))
        }
        (Some(one), Some(other)) if one.tier == other.tier && one.category == Category::Other => Some(other),
        (None, other) => other,
        (one, _) => one,
    }
}

/// Whether a denial shortly before reaches the phrase that begins at `at`: "I would never", "I am not going to".
/// "But", "just" and the like end its reach.
fn is_denied(words: &[String], at: usize) -> bool {
    const DENIALS: [&str; 10] =
        ["not", "never", "no", "without", "neither", "nor", "nobody", "stop", "stopped", "against"];
    const ENDS: [&str; 12] =
        ["but", "because", "and", "so", "just", "only", "then", "if", "cause", ASIDE, "that", "why"];
    words[at.saturating_sub(4)..at]
        .iter()
        .rev()
        .take_while(|word| !ENDS.contains(&word.as_str()))
        .any(|word| DENIALS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_in_its_form() {
        for (file, is_mask) in [(RULES_FILE, false), (SIGNS_FILE, false), (MASKS_FILE, true)] {
            for (kind, category, pattern) in rows(file) {
                assert!(
                    if is_mask { kind == "mask" } else { finding(kind, category).is_some() },
                    "{kind} {category}"
                );
                assert!(Pattern::read(pattern).is_some(), "{pattern}");
            }
            let lines = file.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
            assert_eq!(lines, rows(file).count(), "a rule has three columns");
        }
    }
}
