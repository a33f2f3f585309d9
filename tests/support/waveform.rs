//! Compares sounds sample by sample.

use std::ops::Range;
use std::path::Path;

/// The samples of a recording that parec made, its channels in turn.
pub(crate) fn samples(file: &Path) -> Vec<i16> {
    let bytes = std::fs::read(file).expect("recorded");
    // Its lengths are right only where the recorder came to its end in peace.
    bytes[44..].chunks_exact(2).map(|two| i16::from_le_bytes([two[0], two[1]])).collect()
}

/// Runs of sound in it, at 48,000 samples a second: what is quieter than a share of the loudest for longer than this is silence.
pub(crate) fn runs(sound: &[f32], silence: usize) -> Vec<Range<usize>> {
    const STEP: usize = 480;
    let loud: Vec<f32> =
        sound.chunks(STEP).map(|it| it.iter().fold(0.0_f32, |most, it| most.max(it.abs()))).collect();
    let least = loud.iter().fold(0.0_f32, |most, it| most.max(*it)) * 0.02;
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in loud.iter().enumerate().filter(|(_, loud)| **loud > least) {
        match runs.last_mut().filter(|run| at * STEP - run.end < silence) {
            Some(run) => run.end = (at + 1) * STEP,
            None => runs.push(at * STEP..(at + 1) * STEP),
        }
    }
    runs
}

/// The normalised cross-correlation of two sounds: 1 where one is the other, louder or quieter.
pub(crate) fn alike(one: &[f32], other: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
    (dot(one, other) / (dot(one, one) * dot(other, other)).sqrt().max(1e-12)) as f32
}

/// Where in a sound a part of it is best found: how far from its beginning, and how much alike they are.
pub(crate) fn find(part: &[f32], within: &[f32]) -> (usize, f32) {
    const COARSE: usize = 16;
    let dull =
        |sound: &[f32]| -> Vec<f32> { sound.chunks(COARSE).map(|it| it.iter().sum::<f32>()).collect() };
    let (small, large) = (dull(part), dull(within));
    let lags = 0..large.len().saturating_sub(small.len()).max(1);
    let best = |lags: Range<usize>, part: &[f32], within: &[f32]| {
        lags.filter_map(|lag| within.get(lag..lag + part.len()).map(|here| (lag, alike(part, here))))
            .fold((0, -1.0), |best, it| if it.1 > best.1 { it } else { best })
    };
    let (near, _) = best(lags, &small, &large);
    let near = near * COARSE;
    best(near.saturating_sub(2 * COARSE)..near + 2 * COARSE, part, within)
}
