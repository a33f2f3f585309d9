//! Choosing one line of many: what fits best, was not said before, and does not begin as the last ones did.

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use super::Scribe;
use super::slots::Filling;
use crate::dialogue::agent::Agent;

/// Lines that may be said, each with how well it fits.
pub(crate) struct Pool<'a> {
    agent: Agent,
    most_words: usize,
    candidates: Vec<Candidate>,
    scribe: &'a Scribe<'a>,
}

struct Candidate {
    template: String,
    text: String,
    fit: f32,
}

/// How many equal words in a row make a repetition.
const RUN: usize = 6;
/// How much a filled slot adds to the fit of a line.
const SLOT: f32 = 0.6;
/// How much a line loses for each time, after the first, that its words of the person's were named before.
const NAMED: f32 = 0.5;
/// How far chance can lift a line over another.
const CHANCE: f32 = 1.3;

impl<'a> Pool<'a> {
    pub(crate) fn new(scribe: &'a Scribe<'a>, agent: Agent, most_words: usize) -> Self {
        Self { agent, most_words, candidates: Vec::new(), scribe }
    }

    /// Adds lines that fit this well. Those whose words were not said are left out.
    pub(crate) fn add(&mut self, lines: &[String], fit: f32, filling: &Filling<'_>) -> &mut Self {
        for template in lines {
            if let Some(filled) = self.scribe.fill(template, self.agent, filling) {
                let fit = fit + SLOT * filled.words.len().min(1) as f32 - self.weariness(&filled.words);
                self.candidates.push(Candidate { template: template.clone(), text: filled.text, fit });
            }
        }
        self
    }

    /// A quotation tires when it was heard already, or when the speaker's last line was one.
    fn quote_weariness(&self, text: &str) -> f32 {
        let context = self.scribe.context;
        let quoted = text.split('\'').nth(1).unwrap_or_default();
        let heard = context.lines.iter().any(|line| quoted.len() > 8 && line.text.contains(quoted));
        // Two in a row, and a speaker sounds like one who writes captions.
        let again = context.lines_of(self.agent).rev().take(2).any(|line| line.text.starts_with('\''));
        f32::from(u8::from(heard)) * 2.5 + f32::from(u8::from(again)) * 2.0
    }

    /// A line that repeats on purpose, and is marked so: only the very same one is left out.
    pub(crate) fn choose_marked(self, salt: &str) -> Option<String> {
        let mut rng = self.scribe.rng(salt);
        let said = |text: &str| self.scribe.context.lines_of(self.agent).any(|line| line.text == text);
        let fresh: Vec<Candidate> =
            self.candidates.into_iter().filter(|candidate| !said(&candidate.text)).collect();
        let at = rng.random_range(0..fresh.len().max(1));
        fresh.into_iter().nth(at).map(|candidate| candidate.text)
    }

    /// How tired one is of these words: each line of the evening that has already named them counts.
    fn weariness(&self, words: &[String]) -> f32 {
        let lines = &self.scribe.context.lines;
        let named = words.iter().map(|word| {
            let core = core_of(word);
            lines.iter().filter(|line| line.text.to_lowercase().contains(&core)).count()
        });
        NAMED * named.sum::<usize>().saturating_sub(1) as f32
    }

    /// The line to be said; none only when there is not one line that was not said before.
    pub(crate) fn choose(mut self, salt: &str) -> Option<String> {
        let used: Vec<Vec<String>> =
            self.scribe.context.lines_of(self.agent).map(|line| lower_words(&line.text)).collect();
        self.candidates.retain(|candidate| {
            let words = lower_words(&candidate.text);
            words.len() <= self.most_words
                && !used.iter().any(|line| repeats(line, &words) || is_made_from(&candidate.template, line))
        });
        let last: Vec<&Vec<String>> = used.iter().rev().take(4).collect();
        let asked =
            self.scribe.context.lines_of(self.agent).next_back().is_some_and(|line| line.text.ends_with('?'));
        let mut rng = self.scribe.rng(salt);
        let mut best: Option<(f32, String)> = None;
        for candidate in std::mem::take(&mut self.candidates) {
            let words = lower_words(&candidate.text);
            let mut fit = candidate.fit + rng.random_range(0.0..CHANCE);
            if last.iter().any(|line| begins_alike(line, &words)) {
                fit -= 3.0;
            }
            if candidate.text.contains(" '") || candidate.text.starts_with('\'') {
                fit -= self.quote_weariness(&candidate.text);
            }
            if asked && candidate.text.ends_with('?') {
                fit -= 1.5;
            }
            if best.as_ref().is_none_or(|(before, _)| fit > *before) {
                best = Some((fit, candidate.text));
            }
        }
        best.map(|(_, text)| text)
    }
}

impl Scribe<'_> {
    /// Chance of this request: the same evening, turn and purpose give the same.
    pub(crate) fn rng(&self, salt: &str) -> Pcg64Mcg {
        let mut hash = 0xcbf2_9ce4_8422_2325u64 ^ self.context.seed;
        let numbers = [self.context.round, self.request.turn];
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).chain(salt.bytes());
        for byte in bytes {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Pcg64Mcg::seed_from_u64(hash)
    }
}

/// A phrase without its determiner, which turns with the speaker.
pub(crate) fn core_of(phrase: &str) -> String {
    let lower = phrase.to_lowercase();
    match lower.split_once(' ') {
        Some(("my" | "your" | "the" | "a" | "an" | "their" | "that" | "this", rest)) => rest.to_owned(),
        _ => lower,
    }
}

/// The words of a line in lower case, without marks.
pub(crate) fn lower_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.trim_matches('\'').to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Whether two lines are the same, or share six words in a row.
fn repeats(line: &[String], words: &[String]) -> bool {
    line == words || words.windows(RUN).any(|run| line.windows(RUN).any(|other| other == run))
}

fn begins_alike(line: &[String], words: &[String]) -> bool {
    line.len() > 1 && words.len() > 1 && line[..2] == words[..2]
}

/// Whether a line was made from this template, with other words in its slots.
fn is_made_from(template: &str, line: &[String]) -> bool {
    if !template.contains('{') {
        return false;
    }
    let mut at = 0;
    let mut literal = 0;
    for piece in template.split(['{', '}']).step_by(2) {
        let words = lower_words(piece);
        if words.is_empty() {
            continue;
        }
        literal += words.len();
        match (at..line.len()).find(|&start| line[start..].starts_with(&words)) {
            Some(found) => at = found + words.len(),
            None => return false,
        }
    }
    literal >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_knows_the_line_that_was_made_from_it() {
        let line = lower_words("'No wonder'. I'd put the whole thing down as fuss.");
        assert!(is_made_from("'{said}'. I'd put the whole thing down as fuss.", &line));
        assert!(!is_made_from("'{said}'. So it does show.", &line));
    }

    #[test]
    fn six_words_in_a_row_are_a_repetition_and_five_are_none() {
        let line = lower_words("I left the envelope by the bread.");
        assert!(repeats(&line, &lower_words("Then I left the envelope by the door")));
        assert!(!repeats(&line, &lower_words("Then left the envelope by the door")));
    }
}
