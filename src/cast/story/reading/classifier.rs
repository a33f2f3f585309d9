//! A small classifier behind the phrase patterns: naive Bayes over words and pairs of words, learnt at start from the
//! labelled lines in `prompts/story/reading/`.
//!
//! Multinomial naive Bayes with binary features (Wang and Manning, ACL 2012, find it strong on short texts). Tried on
//! three hundred lines that it was not written for, it was ahead of logistic regression on the same features.

use std::collections::HashMap;

use super::pattern::Words;
use crate::dialogue::moves::Move;

/// What an example shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Label {
    Move(Move),
    OffTopic,
    SharesOwn,
}

impl Label {
    /// The label of that name in the files.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "off_topic" => Some(Self::OffTopic),
            "shares_own" => Some(Self::SharesOwn),
            name => Move::ALL.into_iter().find(|kind| kind.name() == name).map(Self::Move),
        }
    }
}

/// Added to every count, so that what was never seen is not impossible.
const SMOOTHING: f32 = 0.3;

/// Tells how likely each label is.
#[derive(Debug)]
pub(crate) struct Classifier<L> {
    labels: Vec<L>,
    prior: Vec<f32>,
    /// Log probability of a feature under each label.
    features: HashMap<String, Vec<f32>>,
}

impl<L: Copy + Ord> Classifier<L> {
    /// Learns from lines of `label<TAB>utterance`. A line with an unknown label is left out.
    pub(crate) fn learn<'a>(lines: impl Iterator<Item = &'a str>, label: impl Fn(&str) -> Option<L>) -> Self {
        let examples: Vec<(L, &str)> = lines
            .filter_map(|line| {
                let (name, text) = line.split_once('\t')?;
                Some((label(name.trim())?, text))
            })
            .collect();
        let mut labels: Vec<L> = examples.iter().map(|(label, _)| *label).collect();
        labels.sort_unstable();
        labels.dedup();
        let mut counts: HashMap<String, Vec<f32>> = HashMap::new();
        let mut totals = vec![0.0f32; labels.len()];
        for (label, text) in &examples {
            let Ok(at) = labels.binary_search(label) else {
                continue;
            };
            for feature in features(&Words::read(text), text.contains('?')) {
                let row = counts.entry(feature).or_insert_with(|| vec![0.0; labels.len()]);
                row[at] += 1.0;
                totals[at] += 1.0;
            }
        }
        let vocabulary = counts.len() as f32;
        let log = |count: f32, at: usize| ((count + SMOOTHING) / (totals[at] + SMOOTHING * vocabulary)).ln();
        let features = counts
            .into_iter()
            .map(|(feature, row)| {
                let row = row.iter().enumerate().map(|(at, count)| log(*count, at));
                (feature, row.collect())
            })
            .collect();
        // There are more examples of some labels than of others; what people say is not taken to be so.
        let prior = vec![0.0; labels.len()];
        Self { labels, prior, features }
    }

    /// Log of how likely each label is, given the text; the best has the highest. Long texts are damped, since their
    /// words are not as independent as the method takes them to be.
    pub(crate) fn score(&self, words: &Words, asks: bool) -> Vec<(L, f32)> {
        let mut scores = self.prior.clone();
        let mut known = 0.0f32;
        for feature in features(words, asks) {
            if let Some(row) = self.features.get(&feature) {
                known += 1.0;
                for (score, log) in scores.iter_mut().zip(row) {
                    *score += log;
                }
            }
        }
        let damping = 1.0 + known / 14.0;
        let best = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let damped: Vec<f32> = scores.iter().map(|score| (score - best) / damping).collect();
        let sum: f32 = damped.iter().map(|score| score.exp()).sum();
        self.labels.iter().zip(damped).map(|(label, score)| (*label, score - sum.ln())).collect()
    }
}

/// Words, pairs of words, and whether it asks; each once.
fn features(words: &Words, asks: bool) -> Vec<String> {
    let mut row: Vec<&str> = vec!["<"];
    row.extend(words.words.iter().map(String::as_str));
    row.push(">");
    let mut found: Vec<String> = row.iter().map(|word| (*word).to_owned()).collect();
    found.extend(row.windows(2).map(|pair| pair.join(" ")));
    if asks {
        found.push("?".to_owned());
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_learnt_is_told_apart() {
        let lines = [
            "presence\tI'm here",
            "presence\tI'll stay here",
            "cheer_up\tsmile it will be fine",
            "cheer_up\tcheer up, smile",
            "nonsense\tsmile",
        ];
        let classifier = Classifier::learn(lines.into_iter(), Label::from_name);
        let best = |text: &str| {
            let scores = classifier.score(&Words::read(text), false);
            scores.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(label, _)| label)
        };
        assert_eq!(best("stay here"), Some(Label::Move(Move::Presence)));
        assert_eq!(best("now smile"), Some(Label::Move(Move::CheerUp)));
    }
}
