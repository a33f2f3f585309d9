//! Learns the weights of the crisis check's classifier from the project's own lines.
//!
//! ```sh
//! cargo run --example train_safety
//! ```
//!
//! Reads the folders of [`LEARNT_FROM`] (`label<TAB>text`; red, amber, amber-danger, amber-health, none) and writes
//! `assets/safety/model.bin`. The same lines give the same bytes: no chance, no clock. The lines of `tests/safety/` are
//! never read here.

#![allow(
    clippy::print_stdout,
    clippy::too_many_lines,
    clippy::cognitive_complexity,
    clippy::allow_attributes,
    reason = "it is a program for the terminal"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use inner_room::dialogue::safety::{
    LEARNT_FROM, Model, features, fingerprint, signs, without_harmless, words,
};

/// How often each line is learnt.
const ROUNDS: usize = 24;
const RATE: f32 = 0.25;
/// Draws every weight towards nothing, so that no single line is learnt by heart.
const DECAY: f32 = 2e-5;
/// Weights nearer to nothing than this are not stored.
const LEAST: f32 = 0.02;

/// How many of a line's features are left out each time it is learnt, so that none is relied on alone (dropout in
/// logistic regression: Wager, Wang and Liang, NIPS 2013).
const LEFT_OUT: f32 = 0.25;
/// How often the signs of a line are left out: the patterns were written with these lines in view, and will be found
/// less often in new ones.
const WITHOUT_SIGNS: f32 = 0.4;

struct Line {
    features: Vec<usize>,
    /// From here on they are those of signs.
    signs_from: usize,
    /// Whether it must hold the room, and whether it is red.
    is: [bool; 2],
    /// How often it counts.
    counts: f32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/safety");
    let (texts, hash) = lines_to_learn_from()?;
    let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
    let mut counts: Vec<u32> = Vec::new();
    let mut lines = Vec::new();
    for Text { label, text, counts: repeated } in &texts {
        let words = without_harmless(&words(text));
        let plain = features(&words, &[]);
        let mut row = plain.clone();
        row.extend(
            features(&words, &signs(&words))
                .into_iter()
                .filter(|feature| plain.binary_search(feature).is_err()),
        );
        let row = row.into_iter().map(|feature| {
            let next = numbers.len();
            let number = *numbers.entry(feature).or_insert(next);
            if number == counts.len() {
                counts.push(0);
            }
            counts[number] += 1;
            number
        });
        lines.push(Line {
            features: row.collect(),
            signs_from: plain.len(),
            is: [*label != "none", *label == "red"],
            counts: *repeated as f32,
        });
    }
    // What was seen once says nothing about the next person.
    for line in &mut lines {
        let common =
            |from: &[usize]| from.iter().copied().filter(|&number| counts[number] > 1).collect::<Vec<_>>();
        let signs = common(&line.features[line.signs_from..]);
        line.features = common(&line.features[..line.signs_from]);
        line.signs_from = line.features.len();
        line.features.extend(signs);
    }
    let (bias, weights) = learn(&lines, numbers.len());
    let learnt: BTreeMap<u32, [f32; 2]> = numbers
        .iter()
        .map(|(feature, &number)| (*feature, weights[number]))
        .filter(|(_, pair)| pair.iter().any(|weight| weight.abs() >= LEAST))
        .collect();
    let model = Model::new(bias, &learnt, hash);
    let bytes = model.to_bytes();
    std::fs::write(folder.join("model.bin"), &bytes)?;
    println!(
        "{} lines, {} features, {} kept, {} bytes",
        lines.len(),
        numbers.len(),
        model.len(),
        bytes.len()
    );
    Ok(())
}

/// The files of a folder, by name; a file is itself.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    if folder.is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    files.sort();
    Ok(files)
}

/// What a label of a file stands for. The story cast's example comforts and concerns have labels of their own: they are
/// ordinary, those apart in which somebody turns on themself.
fn tier_of(label: &str) -> Option<&'static str> {
    match label.split('-').next()? {
        "red" => Some("red"),
        "amber" => Some("amber"),
        "self_attack" | "agreeing" => None,
        _ => Some("none"),
    }
}

/// A line to learn from.
struct Text {
    label: &'static str,
    text: String,
    counts: u32,
}

/// Every line once; a line that two writers have labelled differently is left out. Also the hash of all files.
fn lines_to_learn_from() -> Result<(Vec<Text>, u32), Box<dyn Error>> {
    let mut labels: BTreeMap<String, Option<&'static str>> = BTreeMap::new();
    let mut order = Vec::new();
    let mut hash = 0;
    for (folder, counts) in LEARNT_FROM {
        for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))? {
            let whole = std::fs::read_to_string(file)?;
            hash = fingerprint(hash, whole.as_bytes());
            for line in whole.lines().filter(|line| counts > 0 && !line.starts_with('#')) {
                let Some((label, text)) = line.split_once('\t') else { continue };
                let Some(label) = tier_of(label) else { continue };
                let key = words(text).join(" ");
                match labels.get(&key) {
                    None => {
                        labels.insert(key.clone(), Some(label));
                        order.push((key, text.to_owned(), counts));
                    }
                    Some(Some(before)) if *before != label => {
                        labels.insert(key, None);
                    }
                    Some(_) => {}
                }
            }
        }
    }
    let lines = order
        .into_iter()
        .filter_map(|(key, text, counts)| Some(Text { label: (*labels.get(&key)?)?, text, counts }));
    Ok((lines.collect(), hash))
}

/// Logistic regression by `AdaGrad` (Duchi, Hazan and Singer, JMLR 2011), both outputs at once. Rare labels count more.
fn learn(lines: &[Line], features: usize) -> ([f32; 2], Vec<[f32; 2]>) {
    let mut weights = vec![[0.0f32; 2]; features];
    let mut seen = vec![[1e-4f32; 2]; features];
    let mut bias = [0.0f32; 2];
    let mut bias_seen = [1e-4f32; 2];
    let share = [0, 1]
        .map(|output| lines.iter().filter(|line| line.is[output]).count() as f32 / lines.len().max(1) as f32);
    let count = lines.len();
    // A step that shares no divisor with the count visits every line once, in an order that mixes the files.
    let step = (count as f64 * 0.618) as usize | 1;
    let step = (step..).find(|step| gcd(*step, count) == 1).unwrap_or(1);
    let mut chance = 0x9e37_79b9_7f4a_7c15u64;
    for _ in 0..ROUNDS {
        for turn in 0..count {
            let line = &lines[turn * step % count];
            let end = if draw(&mut chance) < WITHOUT_SIGNS { line.signs_from } else { line.features.len() };
            let kept: Vec<usize> =
                line.features[..end].iter().copied().filter(|_| draw(&mut chance) >= LEFT_OUT).collect();
            for output in 0..2 {
                let sum: f32 = bias[output]
                    + kept.iter().map(|&feature| weights[feature][output]).sum::<f32>() / (1.0 - LEFT_OUT);
                let sure = 1.0 / (1.0 + (-sum).exp());
                let weight = if line.is[output] { 0.5 / share[output] } else { 0.5 / (1.0 - share[output]) };
                let error = (sure - f32::from(u8::from(line.is[output]))) * weight * line.counts;
                if error.abs() < 1e-4 {
                    continue;
                }
                bias_seen[output] += error * error;
                bias[output] -= RATE * 0.2 * error / bias_seen[output].sqrt();
                let scale = 1.0 / (kept.len() as f32).sqrt().max(1.0);
                for &feature in &kept {
                    let gradient = error * scale + DECAY * weights[feature][output];
                    seen[feature][output] += gradient * gradient;
                    weights[feature][output] -= RATE * scale * gradient / seen[feature][output].sqrt();
                }
            }
        }
    }
    (bias, weights)
}

/// The next number of a fixed sequence, 0 to 1 (xorshift64*): the same lines give the same weights.
fn draw(state: &mut u64) -> f32 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40) as f32 / (1u64 << 24) as f32
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}
