//! The check of one text: what is harmless is set aside, rules name what is plain, and a classifier weighs the rest.
//!
//! Deterministic, without a network, a model file or a clock; well under a millisecond a line.

use std::sync::LazyLock;

use super::finding::{Category, Finding, Tier};
use super::model::{MODEL, Score, Sign, fingerprint};
use super::table::{Table, pattern as read_pattern, rows};
use super::words::{is_han, words};

/// Plain signs: `red` or `amber`, category, pattern. Where one stands, the room stops. `bare` is red and `hidden` amber
/// that no harmless phrase covers.
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

/// How many characters on either side of a seam are looked at first.
const SEAM: usize = 80;

// The thresholds were chosen on three lists of lines that others had written (docs/safety.md), where what must hold was
// held in 98 of 100 and what must pass was stopped in fewer than 3; lower ones hold hardly more and stop far more.

/// From here on the classifier holds the room, where a likely sign stands.
const THRESHOLD: f32 = 0.7;
/// The same where none stands.
const THRESHOLD_UNSIGNED: f32 = 0.75;
/// The same in Chinese, where fewer lines were learnt from.
const THRESHOLD_UNSIGNED_HAN: f32 = 0.85;
/// A text lighter than this and without a sign is not read in pieces.
const WORTH: f32 = 0.02;
/// The same for a piece of a text.
const PIECE_THRESHOLD: f32 = 0.93;
/// The same for a piece in which no sign stands.
const PIECE_THRESHOLD_UNSIGNED: f32 = 0.98;
/// From here on what it holds is red.
const RED_THRESHOLD: f32 = 0.2;
/// The same where no red sign stands.
const RED_THRESHOLD_UNSIGNED: f32 = 0.45;

/// What the check makes of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reading {
    /// What was found.
    pub finding: Option<Finding>,
    /// How heavy the text is, 0 to 1, also where nothing was found.
    pub weight: f32,
    /// Whether a likely sign stands in it.
    pub has_sign: bool,
}

struct Rules {
    masks: Table<()>,
    plain: Table<Finding>,
    /// Those that no harmless phrase hides.
    bare: Table<Finding>,
    /// Questions that are a sign after distress, and none by themselves.
    means: Table<()>,
    likely: Table<Sign>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let masks = rows(MASKS_FILE).filter_map(|(_, _, pattern)| Some(((), read_pattern(pattern)?)));
    let plain = rows(RULES_FILE)
        .filter_map(|(kind, category, pattern)| Some((finding(kind, category)?, read_pattern(pattern)?)));
    let bare = rows(RULES_FILE).filter_map(|(kind, category, pattern)| {
        let tier = uncovered(kind)?;
        Some((finding(tier, category)?, read_pattern(pattern)?))
    });
    let means = rows(RULES_FILE)
        .filter(|(kind, ..)| *kind == "means")
        .filter_map(|(_, _, pattern)| Some(((), read_pattern(pattern)?)));
    let likely = rows(SIGNS_FILE).filter_map(|(kind, category, pattern)| {
        let sign = Sign { pattern: fingerprint(0, pattern.as_bytes()), finding: finding(kind, category)? };
        Some((sign, read_pattern(pattern)?))
    });
    Rules {
        masks: Table::new(masks),
        plain: Table::new(plain),
        bare: Table::new(bare),
        means: Table::new(means),
        likely: Table::new(likely),
    }
});

fn finding(kind: &str, category: &str) -> Option<Finding> {
    let name = serde_json::Value::String(category.to_owned());
    let category: Category = serde_json::from_value(name).ok()?;
    match kind {
        "red" => Some(Finding::new(Tier::Red, category)),
        "amber" => Some(Finding::new(Tier::Amber, category)),
        _ => None,
    }
}

/// The tier of a kind of rule that is read before harmless phrases are set aside.
fn uncovered(kind: &str) -> Option<&'static str> {
    match kind {
        "bare" => Some("red"),
        "hidden" => Some("amber"),
        _ => None,
    }
}

/// What the patterns find in words, and where.
struct Found {
    plain: Option<Finding>,
    signs: Vec<(Sign, usize, usize)>,
}

impl Found {
    fn of(words: &[String]) -> Self {
        let plain = RULES.plain.find_all(words).into_iter();
        let plain = plain
            .filter(|(_, from, _)| !is_denied(words, *from))
            .fold(None, |best, (finding, _, _)| stronger(best, Some(*finding)));
        let signs = RULES.likely.find_all(words).into_iter();
        let signs = signs
            .filter(|(_, from, _)| !is_denied(words, *from))
            .map(|(sign, from, to)| (*sign, from, to))
            .collect();
        Self { plain, signs }
    }

    /// The signs that stand wholly between two words, each once.
    fn signs(&self, from: usize, to: usize) -> Vec<Sign> {
        let within = self.signs.iter().filter(|(_, first, end)| *first >= from && *end <= to);
        let mut signs: Vec<Sign> = within.map(|(sign, _, _)| *sign).collect();
        signs.sort_unstable();
        signs.dedup();
        signs
    }
}

/// Reads a text.
#[must_use]
pub fn read(text: &str) -> Reading {
    let all = words(text);
    let words = without_harmless(&all);
    let words = &words[..words.len().min(MOST_WORDS)];
    let bare =
        RULES.bare.find_all(&all).into_iter().fold(None, |best, (found, _, _)| stronger(best, Some(*found)));
    if bare.is_none() && words.iter().all(|word| word == ASIDE) {
        return Reading::default();
    }
    let mut found = Found::of(words);
    found.plain = stronger(bare, found.plain);
    if found.plain.is_some_and(|plain| plain.tier == Tier::Red) && !is_joking(text, words.len()) {
        // Nothing can be weightier.
        return Reading { finding: found.plain, weight: 1.0, has_sign: true };
    }
    let whole = words.len().min(WINDOW);
    let mut reading = weigh(&words[..whole], &found.signs(0, whole), THRESHOLD);
    // What is heavy may be buried in a long text: it is read in pieces, too.
    let piece = if words.len() > WINDOW { WINDOW } else { PIECE };
    let is_red_already = reading.finding.is_some_and(|finding| finding.tier == Tier::Red);
    let worth =
        words.len() > piece && !is_red_already && (reading.weight >= WORTH || !found.signs.is_empty());
    let mut from = 0;
    while worth && from + piece / 2 < words.len() {
        let to = (from + piece).min(words.len());
        let signs = found.signs(from, to);
        let part = weigh(
            &words[from..to],
            &signs,
            if signs.is_empty() { PIECE_THRESHOLD_UNSIGNED } else { PIECE_THRESHOLD },
        );
        reading.finding = stronger(reading.finding, part.finding);
        from += piece / 2;
    }
    reading.finding = stronger(found.plain, reading.finding);
    let only_red = found.signs.iter().all(|(sign, _, _)| sign.finding.tier == Tier::Red);
    let red = reading.finding.is_some_and(|finding| finding.tier == Tier::Red);
    if red && only_red && is_joking(text, words.len()) {
        // A joke is asked about; it is not nothing.
        reading.finding = reading.finding.map(|finding| Finding::new(Tier::Amber, finding.category));
    }
    reading
}

/// A plain sign that stands across the seam of two texts, each of which passed by itself: "I want to", and then "be
/// dead".
#[must_use]
pub fn across(before: &str, after: &str) -> Option<Finding> {
    let start = before.char_indices().rev().nth(SEAM).map_or(0, |(at, _)| at);
    let end = after.char_indices().nth(SEAM).map_or(after.len(), |(at, _)| at);
    let mut near = words(&before[start..]);
    let seam = near.len();
    near.extend(words(&after[..end]));
    let straddles = |(_, from, to): &(&Finding, usize, usize)| *from < seam && *to > seam;
    if !RULES.plain.find_all(&near).iter().any(straddles) {
        return None;
    }
    let whole = words(&format!("{before} {after}"));
    Found::of(&without_harmless(&whole)).plain
}

/// Whether a short text carries the marks of a joke.
fn is_joking(text: &str, words: usize) -> bool {
    const MARKS: [&str; 8] = ["lol", "lmao", "haha", "hahaha", "hehe", "jk", "rofl", "lolz"];
    let lower = text.to_lowercase();
    words <= 16
        && !lower.contains("nobody")
        && (lower.contains("哈哈")
            || lower.split(|c: char| !c.is_alphanumeric()).any(|word| MARKS.contains(&word)))
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
    // A friendly tail is no news.
    while out.len() > 1 && out.last().is_some_and(|last| last == ASIDE) {
        out.pop();
    }
    out
}

/// The likely signs in words whose harmless phrases were set aside.
#[must_use]
pub fn signs(words: &[String]) -> Vec<Sign> {
    Found::of(words).signs(0, words.len())
}

/// What the classifier makes of words with these signs in them.
fn weigh(words: &[String], signs: &[Sign], holds: f32) -> Reading {
    let score = MODEL.score(words, signs);
    let han = words.iter().any(|word| word.chars().next().is_some_and(is_han));
    let alone = if han { THRESHOLD_UNSIGNED_HAN } else { THRESHOLD_UNSIGNED };
    let holds = if signs.is_empty() { holds.max(alone) } else { holds };
    let finding = (score.hold >= holds).then(|| {
        let tier = if is_red(score, signs) { Tier::Red } else { Tier::Amber };
        Finding::new(tier, category_of(signs, tier))
    });
    Reading { finding, weight: score.hold, has_sign: !signs.is_empty() }
}

/// Whether a text asks for means: heights, doses, ways up. A sign only after distress.
pub(super) fn asks_for_means(text: &str) -> bool {
    !RULES.means.find_all(&without_harmless(&words(text))).is_empty()
}

/// Whether a plain sign stands in a text.
pub(super) fn is_plain(text: &str) -> bool {
    let words = without_harmless(&words(text));
    RULES.plain.find_all(&words).into_iter().any(|(_, from, _)| !is_denied(&words, from))
}

/// Whether what holds the room is red. Where no red sign stands the classifier has to be quite sure.
fn is_red(score: Score, signs: &[Sign]) -> bool {
    let named = signs.iter().any(|sign| sign.finding.tier == Tier::Red);
    score.red >= if named { RED_THRESHOLD } else { RED_THRESHOLD_UNSIGNED }
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
    const ASKED: [&str; 8] = ["it", "you", "i", "we", "he", "she", "they", "that"];
    const DENIALS: [&str; 10] =
        ["not", "never", "no", "without", "neither", "nor", "nobody", "stop", "stopped", "against"];
    const ENDS: [&str; 12] =
        ["but", "because", "and", "so", "just", "only", "then", "if", "cause", ASIDE, "that", "why"];
    let from = at.saturating_sub(4);
    (from..at).rev().take_while(|place| !ENDS.contains(&words[*place].as_str())).any(|place| {
        let word = words[place].as_str();
        // "Isn't it", "don't you" ask for a yes.
        let asks = word == "not" && words.get(place + 1).is_some_and(|next| ASKED.contains(&next.as_str()));
        DENIALS.contains(&word) && !asks
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_in_its_form() {
        for (file, is_mask) in [(RULES_FILE, false), (SIGNS_FILE, false), (MASKS_FILE, true)] {
            for (kind, category, pattern) in rows(file) {
                let kind = uncovered(kind).unwrap_or(if kind == "means" { "red" } else { kind });
                assert!(
                    if is_mask { kind == "mask" } else { finding(kind, category).is_some() },
                    "{kind} {category}"
                );
                assert!(read_pattern(pattern).is_some(), "{pattern}");
            }
            let lines = file.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
            assert_eq!(lines, rows(file).count(), "a rule has three columns");
        }
    }
}
