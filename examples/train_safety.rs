//! Learns the weights of the crisis check's classifier from the project's own lines.
//!
//! ```sh
//! cargo run --example train_safety
//! ```
//!
//! Reads `assets/safety/lines/*.tsv` (`label<TAB>text`; red, amber, amber-danger, amber-health, none) and writes
//! `assets/safety/model.bin`. The same lines give the same bytes: no chance, no clock. The lines of `tests/safety/` are
//! never read here.

#![expect(clippy::print_stdout, reason = "it is a program for the terminal")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use inner_room::dialogue::safety::{Model, features, signs, without_harmless, words};

/// How often each line is learnt.
const ROUNDS: usize = 24;
const RATE: f32 = 0.25;
/// Draws every weight towards nothing, so that no single line is learnt by heart.
const DECAY: f32 = 2e-5;
/// Weights nearer to nothing than this are not stored.
const LEAST: f32 = 0.02;

struct Line {
    features: Vec<usize>,
    /// Whether it must hold the room, and whether it is red.
    is: [bool; 2],
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/safety");
    let texts = inner_room_lines(&folder.join("lines"))?;
    let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
    let mut counts: Vec<u32> = Vec::new();
    let mut lines = Vec::new();
    let mut fingerprint = 0x811c_9dc5u32;
    for (label, text) in &texts {
        let words = without_harmless(&words(text));
        let row = features(&words, &signs(&words));
        let row = row.into_iter().map(|feature| {
            let next = numbers.len();
            let number = *numbers.entry(feature).or_insert(next);
            if number == counts.len() {
                counts.push(0);
            }
            counts[number] += 1;
            number
        });
        lines.push(Line { features: row.collect(), is: [label != "none", label == "red"] });
        fingerprint = label
            .bytes()
            .chain(text.bytes())
            .fold(fingerprint, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    }
    // What was seen once says nothing about the next person.
    for line in &mut lines {
        line.features.retain(|&number| counts[number] > 1);
    }
    let (bias, weights) = learn(&lines, numbers.len());
    let learnt: BTreeMap<u32, [f32; 2]> = numbers
        .iter()
        .map(|(feature, &number)| (*feature, weights[number]))
        .filter(|(_, pair)| pair.iter().any(|weight| weight.abs() >= LEAST))
        .collect();
    let model = Model::new(bias, &learnt, fingerprint);
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

/// Every line once; a line that two writers have labelled differently is left out.
fn inner_room_lines(folder: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut files: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    files.sort_by_key(std::fs::DirEntry::file_name);
    let mut labels: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut order = Vec::new();
    for file in files {
        for line in std::fs::read_to_string(file.path())?.lines().filter(|line| !line.starts_with('#')) {
            let Some((label, text)) = line.split_once('\t') else { continue };
            let label = label.split('-').next().unwrap_or(label);
            let key = words(text).join(" ");
            match labels.get(&key) {
                None => {
                    labels.insert(key.clone(), Some(label.to_owned()));
                    order.push((key, text.to_owned()));
                }
                Some(Some(before)) if before != label => {
                    labels.insert(key, None);
                }
                Some(_) => {}
            }
        }
    }
    let lines = order.into_iter().filter_map(|(key, text)| Some((labels.get(&key)?.clone()?, text)));
    Ok(lines.collect())
}

/// Logistic regression by AdaGrad (Duchi, Hazan and Singer, JMLR 2011), both outputs at once. Rare labels count more.
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
    for _ in 0..ROUNDS {
        for turn in 0..count {
            let line = &lines[turn * step % count];
            for output in 0..2 {
                let sum: f32 =
                    bias[output] + line.features.iter().map(|&feature| weights[feature][output]).sum::<f32>();
                let sure = 1.0 / (1.0 + (-sum).exp());
                let weight = if line.is[output] { 0.5 / share[output] } else { 0.5 / (1.0 - share[output]) };
                let error = (sure - f32::from(u8::from(line.is[output]))) * weight;
                if error.abs() < 1e-4 {
                    continue;
                }
                bias_seen[output] += error * error;
                bias[output] -= RATE * 0.2 * error / bias_seen[output].sqrt();
                let scale = 1.0 / (line.features.len() as f32).sqrt().max(1.0);
                for &feature in &line.features {
                    let gradient = error * scale + DECAY * weights[feature][output];
                    seen[feature][output] += gradient * gradient;
                    weights[feature][output] -= RATE * scale * gradient / seen[feature][output].sqrt();
                }
            }
        }
    }
    (bias, weights)
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}
