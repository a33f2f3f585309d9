//! What no answer may give back: the prompts themselves; and which words are words.

use std::collections::HashSet;

use super::prompts::FOLDER;
use super::stray::plain_words;
use crate::cast::story::material::texts;
use crate::dialogue::request::Context;

/// So many words in a row of a prompt are no coincidence; a whole sentence of so many is none either.
const LEAK: usize = 8;
const LEAKED_SENTENCE: usize = 3;

/// The words of this program.
#[derive(Debug)]
pub(super) struct OwnWords {
    /// A mark that stands in every prompt and in no line.
    canary: String,
    /// Runs of words that stand in the prompts.
    runs: HashSet<Vec<String>>,
    /// Sentences that stand there.
    sentences: HashSet<Vec<String>>,
    /// The words of everything that was written for this room.
    vocabulary: HashSet<String>,
}

impl OwnWords {
    pub(super) fn new(seed: u64) -> Self {
        let mark = (seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32;
        let skills = FOLDER.get_file("skills.tsv").and_then(|file| file.contents_utf8());
        let vocabulary = texts("").into_iter().chain(skills).flat_map(plain_words).collect();
        Self {
            canary: format!("mark-{mark:08x}"),
            runs: HashSet::new(),
            sentences: HashSet::new(),
            vocabulary,
        }
    }

    pub(super) fn canary(&self) -> &str {
        &self.canary
    }

    /// Takes in a line of a prompt.
    pub(super) fn learn(&mut self, line: &str) {
        self.runs.extend(plain_words(line).windows(LEAK).map(<[String]>::to_vec));
        self.sentences.extend(sentences_in(line));
    }

    /// Whether a text is letters rather than words: more than half of its longer words, and at least two, are none that
    /// stand in our own material or in what this person said.
    pub(super) fn is_gibberish(&self, text: &str, told: &Context) -> bool {
        let longer = |text: &str| plain_words(text).into_iter().filter(|word| word.chars().count() >= 4);
        let theirs: HashSet<String> = told
            .said
            .iter()
            .map(|turn| turn.text.as_str())
            .chain([told.concern.as_str()])
            .flat_map(longer)
            .collect();
        let is_known = |word: &String| {
            let stem = word.trim_end_matches("'s").trim_end_matches('s');
            [word.as_str(), stem].iter().any(|word| self.vocabulary.contains(*word) || theirs.contains(*word))
        };
        let words: Vec<String> = longer(text).collect();
        let unknown = words.iter().filter(|word| !is_known(word)).count();
        unknown >= 2 && unknown * 2 > words.len()
    }

    /// Whether a text gives away what the model was told.
    pub(super) fn is_leaked_by(&self, text: &str) -> bool {
        text.contains(&self.canary)
            || plain_words(text).windows(LEAK).any(|run| self.runs.contains(run))
            || sentences_in(text).any(|sentence| self.sentences.contains(&sentence))
    }
}

/// The sentences of a text that are long enough to be nobody else's.
fn sentences_in(text: &str) -> impl Iterator<Item = Vec<String>> {
    let sentences = text.split(['.', '?', '"', '—', '>', '<']).map(plain_words).collect::<Vec<_>>();
    sentences.into_iter().filter(|words| words.len() >= LEAKED_SENTENCE)
}
