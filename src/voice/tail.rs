//! The sound that a room gives back: a feedback delay network of four lines (Jot and Chaigne 1991), whose highs die first.

use super::dsp::{OnePole, gain, nothing};
use super::speech::RATE;

const LINES: usize = 4;

/// A room that rings on.
#[derive(Clone, Debug)]
pub(super) struct Tail {
    lines: [Line; LINES],
}

#[derive(Clone, Debug)]
struct Line {
    samples: Box<[f32]>,
    at: usize,
    /// What is left of it after one turn.
    left: f32,
    dull: OnePole,
}

impl Tail {
    /// A room of lines so many samples long, in which a sound needs so many seconds to fall by 60 dB, and what is above a pitch
    /// falls sooner.
    pub(super) fn new(lengths: [usize; LINES], seconds: f32, bright_hz: f32) -> Self {
        let line = |length: usize| Line {
            samples: vec![0.0; length].into_boxed_slice(),
            at: 0,
            left: gain(-60.0 * length as f32 / (seconds * RATE as f32)),
            dull: OnePole::new(bright_hz),
        };
        Self { lines: lengths.map(line) }
    }

    /// The next sample, left and right.
    pub(super) fn next(&mut self, sample: f32) -> [f32; 2] {
        let mut out = [0.0; LINES];
        for (out, line) in out.iter_mut().zip(&mut self.lines) {
            *out = line.dull.next(line.samples[line.at]) * line.left;
        }
        // Householder's matrix: each line feeds all of them, and nothing is lost or won.
        let half = out.iter().sum::<f32>() * 0.5;
        for (out, line) in out.iter().zip(&mut self.lines) {
            line.samples[line.at] = nothing(sample + out - half);
            line.at += 1;
            if line.at == line.samples.len() {
                line.at = 0;
            }
        }
        [out[0] + out[2], out[1] - out[3]]
    }
}

#[cfg(test)]
mod tests {
    use super::super::dsp::measure::rms;
    use super::*;

    #[test]
    fn a_room_rings_for_as_long_as_it_should() {
        for seconds in [0.35, 1.8] {
            let mut tail = Tail::new([479, 641, 797, 1_009], seconds, 12_000.0);
            let rung: Vec<f32> =
                (0..RATE as usize * 2).map(|at| tail.next(if at == 0 { 1.0 } else { 0.0 })[0]).collect();
            let around = |share: f32| {
                let at = (seconds * share * RATE as f32) as usize;
                20.0 * rms(&rung[at..at + 2_400]).log10()
            };
            let fell = around(0.2) - around(0.6);
            assert!((20.0..32.0).contains(&fell), "{seconds}: {fell} dB in two fifths of it");
        }
    }
}
