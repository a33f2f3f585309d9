//! From whatever a microphone or a recording gives to the rate at which it is worked on, and from there to what a
//! loudspeaker takes.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Async, Fft, FixedAsync, FixedSync, Indexing, SincInterpolationParameters, WindowFunction};

use super::recording::RATE;

/// The rates that a device or a recording can have, in samples a second.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=384_000;
/// About how long a piece is that is worked on at once, in milliseconds: what somebody says waits no longer for it.
const PIECE_MS: u32 = 10;
/// More pieces of silence than any filter takes to give out what it holds.
const MOST_PIECES: usize = 1_000;
/// How many times longer it may get so that two rates have a common measure in it.
const LONGEST_STEP: usize = 5;

/// Why nothing can be made of a rate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResampleError {
    /// No device works at this rate.
    #[error("{0} samples a second is no rate of sound; it goes from 4,000 to 384,000")]
    Rate(u32),
    /// The resampler cannot be made.
    #[error("{rate} samples a second cannot be brought to {to}: {why}")]
    Make {
        /// The rate.
        rate: u32,
        /// What was asked for.
        to: u32,
        /// Why.
        why: String,
    },
}

/// Brings one channel to another rate, piece by piece. The first samples that come out belong to the first that went in: what
/// the filter takes to get going is left out.
pub struct Resampler {
    with: Option<Box<dyn rubato::Resampler<f32> + Send>>,
    ratio: f64,
    waiting: Vec<f32>,
    made: Vec<f32>,
    /// How many samples that come out next belong to no sound.
    early: usize,
    taken: u64,
    given: u64,
}

impl Resampler {
    /// From so many samples a second to [`RATE`].
    ///
    /// # Errors
    /// [`ResampleError`] for a rate that no device has.
    pub fn new(rate: u32) -> Result<Self, ResampleError> {
        Self::between(rate, RATE)
    }

    /// From so many samples a second to so many.
    ///
    /// # Errors
    /// [`ResampleError`] for a rate that no device has.
    pub fn between(rate: u32, to: u32) -> Result<Self, ResampleError> {
        if let Some(&none) = [rate, to].iter().find(|rate| !RATES.contains(rate)) {
            return Err(ResampleError::Rate(none));
        }
        let with = if rate == to { None } else { Some(resampler(rate, to)?) };
        let early = with.as_ref().map_or(0, |with| with.output_delay());
        let most = with.as_ref().map_or(0, |with| with.output_frames_max());
        Ok(Self {
            ratio: f64::from(to) / f64::from(rate),
            with,
            waiting: Vec::new(),
            made: vec![0.0; most],
            early,
            taken: 0,
            given: 0,
        })
    }

    /// Takes samples in and adds what has become of them to `out`. What is no number, or out of all bounds, is made silence.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.taken += samples.len() as u64;
        let sound =
            samples.iter().map(|&sample| if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 });
        if self.with.is_none() {
            out.extend(sound);
            return;
        }
        self.waiting.extend(sound);
        self.work(out);
    }

    /// Gives out what still waits. Afterwards there are as many samples as belong to what went in.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        if self.with.is_none() {
            return;
        }
        let owed = (self.taken as f64 * self.ratio).round() as u64;
        for _ in 0..MOST_PIECES {
            if self.given >= owed {
                break;
            }
            let next = self.with.as_ref().map_or(0, |with| with.input_frames_next());
            self.waiting.resize(next.max(self.waiting.len()), 0.0);
            self.work(out);
        }
        // Some silence came out behind it.
        let beyond = self.given.saturating_sub(owed) as usize;
        out.truncate(out.len().saturating_sub(beyond));
        self.waiting.clear();
    }

    fn work(&mut self, out: &mut Vec<f32>) {
        let Some(with) = &mut self.with else { return };
        let mut used = 0;
        while self.waiting.len() - used >= with.input_frames_next() {
            let piece = &self.waiting[used..];
            let length = self.made.len();
            let (Ok(from), Ok(mut to)) = (
                InterleavedSlice::new(piece, 1, piece.len()),
                InterleavedSlice::new_mut(&mut self.made, 1, length),
            ) else {
                break;
            };
            let Ok((read, written)) = with.process_into_buffer(&from, &mut to, None::<&Indexing>) else {
                break;
            };
            used += read;
            let skipped = self.early.min(written);
            self.early -= skipped;
            out.extend_from_slice(&self.made[skipped..written]);
            self.given += (written - skipped) as u64;
            if read == 0 {
                break;
            }
        }
        self.waiting.drain(..used);
    }
}

/// By Fourier transform where the rates have a common measure, and else by a windowed sinc, which needs none.
fn resampler(rate: u32, to: u32) -> Result<Box<dyn rubato::Resampler<f32> + Send>, ResampleError> {
    let fails =
        |error: rubato::ResamplerConstructionError| ResampleError::Make { rate, to, why: error.to_string() };
    let piece = (rate * PIECE_MS / 1_000) as usize;
    let step = (rate / num_integer::gcd(rate, to)) as usize;
    if step <= LONGEST_STEP * piece {
        let pieces = piece.next_multiple_of(step);
        let fft = Fft::new(rate as usize, to as usize, pieces, 1, FixedSync::Both).map_err(fails)?;
        return Ok(Box::new(fft));
    }
    let ratio = f64::from(to) / f64::from(rate);
    let sinc = SincInterpolationParameters::new(128, WindowFunction::BlackmanHarris2);
    let sinc = Async::new_sinc(ratio, 1.0, &sinc, piece, 1, FixedAsync::Input).map_err(fails)?;
    Ok(Box::new(sinc))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tone of this pitch, a second of it.
    fn tone(pitch: f32, rate: u32) -> Vec<f32> {
        let turn = std::f32::consts::TAU * pitch / rate as f32;
        (0..rate).map(|at| 0.5 * (turn * at as f32).sin()).collect()
    }

    fn resampled(rate: u32, piece: usize, samples: &[f32]) -> Vec<f32> {
        let (mut resampler, mut out) = (Resampler::new(rate).expect("a rate"), Vec::new());
        for samples in samples.chunks(piece) {
            resampler.push(samples, &mut out);
        }
        resampler.finish(&mut out);
        out
    }

    /// How much of a sound is not a tone of this pitch, in decibels; by how many samples the tone is late.
    fn other_than(pitch: f32, samples: &[f32], from: usize) -> (f32, f32) {
        let turn = std::f64::consts::TAU * f64::from(pitch) / f64::from(RATE);
        let (mut sine, mut cosine, mut power) = (0.0, 0.0, 0.0);
        for (at, &sample) in samples.iter().enumerate() {
            let (sin, cos) = (turn * (at + from) as f64).sin_cos();
            (sine, cosine) = (sine + sin * f64::from(sample), cosine + cos * f64::from(sample));
            power += f64::from(sample) * f64::from(sample);
        }
        let in_tone = 2.0 * (sine * sine + cosine * cosine) / samples.len() as f64;
        let late = -cosine.atan2(sine) / turn;
        ((10.0 * ((power - in_tone).abs() / power).log10()) as f32, late as f32)
    }

    /// A5: every rate that a device may have, from 8,000 on.
    #[test]
    fn a_tone_of_any_rate_comes_out_as_itself_and_in_time() {
        for rate in [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 44_117, 48_000, 96_000, 192_000] {
            let made = resampled(rate, rate as usize / 97, &tone(440.0, rate));
            assert_eq!(made.len(), RATE as usize, "{rate}");
            // The ends are cut off sharply, which no filter gives back. 400 whole turns are looked at.
            let within = &made[800..800 + 14_400];
            let (other, late) = other_than(440.0, within, 800);
            let power = within.iter().map(|it| it * it).sum::<f32>() / within.len() as f32;
            assert!(other < -40.0, "{rate}: {other} dB of something else");
            assert!(late.abs() < 1.0, "{rate}: {late} samples late");
            assert!((power.sqrt() - 0.3536).abs() < 0.002, "{rate}: {} loud", power.sqrt());
        }
    }

    #[test]
    fn what_is_too_high_to_be_heard_here_does_not_come_back_as_something_else() {
        for rate in [44_100, 44_117, 48_000] {
            let made = resampled(rate, 480, &tone(11_000.0, rate));
            let loudest = made[400..made.len() - 400].iter().fold(0.0_f32, |most, it| most.max(it.abs()));
            assert!(loudest < 0.005, "{rate}: {loudest}");
        }
    }

    #[test]
    fn a_whole_sound_comes_out_whole_however_short_and_however_it_is_cut() {
        for rate in [8_000, 44_100, 44_117, 48_000] {
            for length in [0, 1, 37, 500, 4_801] {
                let sound = vec![0.25; length];
                let owed = (length as f64 * f64::from(RATE) / f64::from(rate)).round() as usize;
                for piece in [1, 160, 5_000] {
                    assert_eq!(resampled(rate, piece, &sound).len(), owed, "{length} at {rate} by {piece}");
                }
            }
        }
    }

    #[test]
    fn numbers_that_are_none_are_silence() {
        for rate in [16_000, 48_000] {
            let made = resampled(rate, 480, &[f32::NAN, f32::INFINITY, -f32::INFINITY, 1e30].repeat(600));
            assert!(made.iter().all(|it| it.is_finite() && it.abs() <= 1.5));
        }
    }

    #[test]
    fn a_rate_that_no_device_has_is_refused() {
        for rate in [0, 1, 3_999, 400_000, u32::MAX] {
            assert_eq!(Resampler::new(rate).err(), Some(ResampleError::Rate(rate)));
        }
    }
}
