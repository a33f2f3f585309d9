//! The small classifier behind the rules: logistic regression over words, word classes and pieces of words.
//!
//! Two outputs: whether a line must hold the room at all, and whether it is red. `examples/train_safety.rs` learns the
//! weights from the project's own lines in `assets/safety/lines/`. A keyword stage with logistic regression behind it
//! is what was found to work on real messages (Swaminathan et al., npj Digital Medicine 2023).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::classes::{CLASSES, TOPICS};
use super::finding::Finding;

/// The weights that are built in.
pub(super) static MODEL: LazyLock<Model> =
    LazyLock::new(|| Model::from_bytes(include_bytes!("../../../assets/safety/model.bin")));

const MAGIC: &[u8; 8] = b"IRSAFE01";

/// What the weights are learnt from: folders of lines, each with how often a line of it counts (what people say to a
/// Patient is what the check hears most), and the files that shape their features.
pub const LEARNT_FROM: [(&str, u32); 6] = [
    ("assets/safety/lines", 1),
    ("prompts/story/reading/concerns", 3),
    ("prompts/story/reading/examples", 3),
    ("assets/safety/classes.tsv", 0),
    ("assets/safety/topics.tsv", 0),
    ("assets/safety/signs.tsv", 0),
];

/// 32-bit FNV-1a over bytes, going on from a hash before; the first goes on from 0.
#[must_use]
pub fn fingerprint(before: u32, bytes: &[u8]) -> u32 {
    fnv1a(before ^ FNV_OFFSET, bytes.iter().copied())
}

const FNV_OFFSET: u32 = 0x811c_9dc5;

fn fnv1a(state: u32, bytes: impl IntoIterator<Item = u8>) -> u32 {
    bytes.into_iter().fold(state, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Weights by feature, in the order of the features' numbers. Both outputs share them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    bias: [f32; 2],
    /// What one unit of a quantised weight is worth.
    scale: [f32; 2],
    features: Vec<u32>,
    weights: Vec<[i8; 2]>,
    /// Where the bucket of each upper half of a feature begins, so that one is found in one place of memory.
    buckets: Vec<u32>,
    /// Of the lines that it was learnt from.
    fingerprint: u32,
}

/// How sure the classifier is, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// That the line must hold the room.
    pub hold: f32,
    /// That it is red.
    pub red: f32,
}

impl Model {
    /// Stores learnt weights in small steps; what is nearly nothing is left out.
    #[must_use]
    pub fn new(bias: [f32; 2], learnt: &BTreeMap<u32, [f32; 2]>, fingerprint: u32) -> Self {
        let largest = |output: usize| learnt.values().map(|pair| pair[output].abs()).fold(0.01f32, f32::max);
        let scale = [largest(0) / 127.0, largest(1) / 127.0];
        let mut model = Self { bias, scale, fingerprint, ..Self::default() };
        for (feature, pair) in learnt {
            let stored = [0, 1].map(|output| (pair[output] / scale[output]).round() as i8);
            if stored != [0, 0] {
                model.features.push(*feature);
                model.weights.push(stored);
            }
        }
        model.buckets = buckets(&model.features);
        model
    }

    /// Reads a model; one that is not in its form knows nothing and holds everything, so that a broken build is noticed
    /// at once and fails on the safe side.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self::read(bytes).unwrap_or(Self { bias: [f32::INFINITY, 0.0], ..Self::default() })
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let mut word = || -> Option<[u8; 4]> {
            let (head, tail) = rest.split_first_chunk::<4>()?;
            rest = tail;
            Some(*head)
        };
        let fingerprint = u32::from_le_bytes(word()?);
        let bias = [f32::from_le_bytes(word()?), f32::from_le_bytes(word()?)];
        let scale = [f32::from_le_bytes(word()?), f32::from_le_bytes(word()?)];
        let count = u32::from_le_bytes(word()?) as usize;
        let (features, weights) = rest.split_at_checked(count.checked_mul(4)?)?;
        let features: Vec<u32> = features
            .chunks_exact(4)
            .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
            .collect();
        let weights: Vec<[i8; 2]> = weights
            .chunks_exact(2)
            .map(|two| [i8::from_le_bytes([two[0]]), i8::from_le_bytes([two[1]])])
            .collect();
        let buckets = buckets(&features);
        (weights.len() == count).then_some(Self { bias, scale, features, weights, buckets, fingerprint })
    }

    /// The model as it is stored.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.fingerprint.to_le_bytes());
        bytes.extend(self.bias.iter().chain(&self.scale).flat_map(|number| number.to_le_bytes()));
        bytes.extend((self.features.len() as u32).to_le_bytes());
        bytes.extend(self.features.iter().flat_map(|feature| feature.to_le_bytes()));
        bytes.extend(self.weights.iter().flatten().flat_map(|weight| weight.to_le_bytes()));
        bytes
    }

    /// Of the lines that it was learnt from.
    #[must_use]
    pub fn fingerprint(&self) -> u32 {
        self.fingerprint
    }

    /// How many features it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether it knows nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    fn place_of(&self, feature: u32) -> Option<usize> {
        let half = (feature >> 16) as usize;
        let (from, to) = (*self.buckets.get(half)? as usize, *self.buckets.get(half + 1)? as usize);
        self.features.get(from..to)?.iter().position(|known| *known == feature).map(|at| from + at)
    }

    /// How sure it is of words as [`super::check`] sees them.
    #[must_use]
    pub fn score(&self, words: &[String], signs: &[Sign]) -> Score {
        let mut sums = self.bias;
        for feature in features(words, signs) {
            if let Some(at) = self.place_of(feature) {
                for (output, sum) in sums.iter_mut().enumerate() {
                    *sum += f32::from(self.weights[at][output]) * self.scale[output];
                }
            }
        }
        let sigmoid = |sum: f32| 1.0 / (1.0 + (-sum).exp());
        Score { hold: sigmoid(sums[0]), red: sigmoid(sums[1]) }
    }
}

/// Where the bucket of each upper half of a feature begins in a sorted row, and one past the last.
fn buckets(features: &[u32]) -> Vec<u32> {
    let mut buckets = vec![0u32; (1 << 16) + 1];
    for feature in features {
        buckets[(feature >> 16) as usize + 1] += 1;
    }
    for at in 1..buckets.len() {
        buckets[at] += buckets[at - 1];
    }
    buckets
}

/// FNV-1a over the parts of a feature.
#[derive(Clone, Copy)]
struct Hash(u32);

impl Hash {
    /// One more letter of a part.
    fn and(self, letter: char) -> Self {
        let mut bytes = [0; 4];
        Self(fnv1a(self.0, letter.encode_utf8(&mut bytes).bytes()))
    }

    fn of(kind: &str) -> Self {
        Self(FNV_OFFSET).with(kind)
    }

    fn with(self, part: &str) -> Self {
        // What separates parts, so that "ab" "c" is not "a" "bc".
        Self(fnv1a(self.0, part.bytes().chain([0x1f])))
    }
}

/// A phrase pattern that was found, as evidence: which, and what it speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sign {
    /// Fingerprint of the pattern's text.
    pub pattern: u32,
    /// What it speaks for.
    pub finding: Finding,
}

/// The features of words and signs, each once: runs of one to four words and pairs with a gap, the same over word classes, pairs
/// of classes that are both there, and character n-grams of longer words for the sake of misspellings.
#[must_use]
pub fn features(words: &[String], signs: &[Sign]) -> Vec<u32> {
    let mut row: Vec<&str> = vec!["<"];
    row.extend(words.iter().map(String::as_str));
    row.push(">");
    let classed: Vec<&str> =
        row.iter().map(|word| CLASSES.of(word).first().map_or(*word, |class| CLASSES.name(*class))).collect();
    let mut found = Vec::with_capacity(row.len() * 24);
    ngrams(&row, ["1", "2", "3", "4"], "s", "t", &mut found);
    ngrams(&classed, ["", "c2", "c3", "c4"], "cs", "", &mut found);
    class_pairs(&row, &mut found);
    for word in &row {
        character_ngrams(word, &mut found);
    }
    for sign in signs {
        let finding = sign.finding;
        found.push(Hash::of("sign").with(&sign.pattern.to_string()).0);
        found.push(Hash::of("category").with(&format!("{:?}", finding.category)).0);
        found.push(Hash::of("tier").with(&format!("{:?}", finding.tier)).0);
        found.push(Hash::of("any sign").0);
    }
    if signs.len() > 1 {
        found.push(Hash::of("many signs").with(&signs.len().min(4).to_string()).0);
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn ngrams(row: &[&str], kinds: [&str; 4], one_between: &str, two_between: &str, found: &mut Vec<u32>) {
    for at in 0..row.len() {
        for (longer, kind) in kinds.iter().enumerate() {
            if kind.is_empty() || at + longer >= row.len() {
                continue;
            }
            let hash = row[at..=at + longer].iter().fold(Hash::of(kind), |hash, word| hash.with(word));
            found.push(hash.0);
        }
        for (kind, apart) in [(one_between, 2), (two_between, 3)] {
            if let (false, Some(other)) = (kind.is_empty(), row.get(at + apart)) {
                found.push(Hash::of(kind).with(row[at]).with(other).0);
            }
        }
    }
}

fn class_pairs(row: &[&str], found: &mut Vec<u32>) {
    let mut present: Vec<&str> = row
        .iter()
        .flat_map(|word| {
            let classes = CLASSES.of(word).iter().map(|class| CLASSES.name(*class));
            classes.chain(TOPICS.of(word).iter().map(|topic| TOPICS.name(*topic)))
        })
        .collect();
    present.sort_unstable();
    present.dedup();
    for (at, class) in present.iter().enumerate() {
        found.push(Hash::of("p").with(class).0);
        for other in &present[at + 1..] {
            found.push(Hash::of("pp").with(class).with(other).0);
        }
    }
}

fn character_ngrams(word: &str, found: &mut Vec<u32>) {
    let letters: Vec<char> = std::iter::once('^').chain(word.chars()).chain(std::iter::once('$')).collect();
    if letters.len() <= 6 {
        return;
    }
    for length in [4, 5] {
        for piece in letters.windows(length) {
            let letters = piece.iter().fold(Hash::of("h"), |hash, letter| hash.and(*letter));
            found.push(letters.with("").0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_read_as_it_was_written_and_a_broken_one_holds_everything() {
        let learnt = BTreeMap::from([(7, [1.0, -2.0]), (9, [0.5, 0.0]), (11, [0.000_1, 0.0])]);
        let model = Model::new([0.1, -0.2], &learnt, 5);
        assert_eq!(model.len(), 2, "what is nearly nothing is left out");
        assert_eq!(Model::from_bytes(&model.to_bytes()), model);
        let broken = Model::from_bytes(&model.to_bytes()[..20]);
        assert!(broken.score(&["hello".to_owned()], &[]).hold > 0.99);
    }
}
