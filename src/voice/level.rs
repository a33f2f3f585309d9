//! How loud each figure is: the same for every sentence, never startling, and the Devil never louder than the person.
//!
//! Loudness is that of EBU R 128 (ITU-R BS.1770-4), in LUFS; peaks are true peaks, found between the samples as well.

use std::collections::VecDeque;

use ebur128::{EbuR128, Mode};

use super::dsp::gain;
use super::speech::{RATE, Sentence, Speech};
use crate::dialogue::agent::{Agent, Manner};

/// No peak is higher, in dBFS: what is mixed to it still has room.
const PEAK: f32 = -3.0;
/// How far the limiter aims below that: what it does moves the peaks between the samples a little.
const PEAK_MARGIN: f32 = 0.2;
/// How far ahead and back a peak is felt, in samples: longer than one beat of the lowest voice.
const AHEAD: usize = RATE as usize * 14 / 1_000;
/// Nothing is lifted by more, in decibels: what is that quiet is no voice.
const MOST_LIFT: f32 = 40.0;
/// Below this, in LUFS, the Devil is not sent: it is still to be understood.
const QUIETEST: f32 = -34.0;
/// How much quieter what is said softly is, in decibels.
const SOFTER: f32 = 2.0;
/// What is smaller is nothing, and slow to work with.
const NOTHING: f32 = 1e-9;
/// A sound of constant loudness measures so much less in LUFS than its mean square in dBFS.
const LUFS_OF_RMS: f32 = -0.7;

/// How loud each figure speaks, in LUFS.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// The Patient.
    pub patient: f32,
    /// The Guide, and whoever else speaks.
    pub guide: f32,
    /// The Devil: a ceiling.
    pub devil: f32,
}

impl Default for Levels {
    fn default() -> Self {
        Self { patient: -20.0, guide: -20.0, devil: -22.0 }
    }
}

impl Levels {
    /// The same with the Devil no louder than the person is, in LUFS as their microphone hears them. What is no number is not
    /// known.
    #[must_use]
    pub fn below_person(self, person: Option<f32>) -> Self {
        let known = person.filter(|it| it.is_finite());
        let devil = known.map_or(self.devil, |person| self.devil.min(person.max(QUIETEST)));
        Self { devil, ..self }
    }

    /// How loud a sentence is to be.
    #[must_use]
    pub fn of(&self, sentence: &Sentence<'_>) -> f32 {
        let plain = match sentence.agent {
            Agent::Patient => self.patient,
            Agent::Devil => self.devil,
            Agent::Guide | Agent::Trigger => self.guide,
        };
        if sentence.manner == Manner::Soft { plain - SOFTER } else { plain }
    }
}

/// Brings a speech to a loudness in LUFS, with no peak above -3 dBFS. What is no number becomes silence, and silence stays.
pub fn level(speech: &mut Speech, target: f32) {
    clean(&mut speech.samples);
    let Some(loud) = loudness(&speech.samples) else { return };
    let lift = gain((target - loud).min(MOST_LIFT));
    for sample in speech.samples.iter_mut() {
        *sample *= lift;
    }
    limit(&mut speech.samples, gain(PEAK - PEAK_MARGIN));
}

/// Makes silence of what is no number, or too small to be one that matters.
pub fn clean(samples: &mut [f32]) {
    for sample in samples {
        if !sample.is_finite() || sample.abs() < NOTHING {
            *sample = 0.0;
        }
    }
}

/// How loud a sound of one channel at [`RATE`] is, in LUFS: gated, as EBU R 128 measures it; a sound too short for that by its
/// mean square. None of silence.
#[must_use]
pub fn loudness(samples: &[f32]) -> Option<f32> {
    let gated = EbuR128::new(1, RATE, Mode::I).and_then(|mut meter| {
        meter.add_frames_f32(samples)?;
        meter.loudness_global()
    });
    if let Ok(gated) = gated
        && gated.is_finite()
    {
        return Some(gated as f32);
    }
    let power = samples.iter().map(|it| it * it).sum::<f32>() / samples.len().max(1) as f32;
    (power > NOTHING * NOTHING).then(|| 10.0 * power.log10() + LUFS_OF_RMS)
}

/// Holds a sound below a peak: it is turned down around each peak, and slowly enough that nobody hears it.
fn limit(samples: &mut [f32], ceiling: f32) {
    let wanted: Vec<f32> = true_peaks(samples, ceiling)
        .into_iter()
        .map(|peak| if peak > ceiling { ceiling / peak } else { 1.0 })
        .collect();
    if wanted.iter().all(|&gain| gain >= 1.0) {
        return;
    }
    let held = least_around(&wanted, AHEAD);
    // The mean of what is nowhere above what is wanted is not above it either.
    let mut sum: f64 = held.iter().take(AHEAD).map(|&it| f64::from(it)).sum();
    let mut count = AHEAD.min(held.len());
    for (at, sample) in samples.iter_mut().enumerate() {
        if let Some(&coming) = held.get(at + AHEAD) {
            sum += f64::from(coming);
            count += 1;
        }
        if let Some(&gone) = at.checked_sub(AHEAD + 1).and_then(|at| held.get(at)) {
            sum -= f64::from(gone);
            count -= 1;
        }
        *sample *= (sum / count as f64) as f32;
    }
}

/// The least of the values up to so many before and after each.
fn least_around(values: &[f32], around: usize) -> Vec<f32> {
    // Where those stand that may still become the least, the least first.
    let mut candidates: VecDeque<usize> = VecDeque::new();
    let mut next = 0;
    (0..values.len())
        .map(|at| {
            while next < values.len().min(at + around + 1) {
                while candidates.back().is_some_and(|&last| values[last] >= values[next]) {
                    candidates.pop_back();
                }
                candidates.push_back(next);
                next += 1;
            }
            while candidates.front().is_some_and(|&first| first + around < at) {
                candidates.pop_front();
            }
            candidates.front().map_or(1.0, |&first| values[first])
        })
        .collect()
}

/// How many samples a value between two of them is made of.
const TAPS: usize = 12;
/// How many values are looked at between two samples, the first of which is the sample itself.
const BETWEEN: usize = 4;

/// So many samples are looked at together.
const TOGETHER: usize = 64;

/// The height of a sound at each sample and up to the next one, four times as finely as the samples lie (BS.1770-4, annex 2).
/// Where it comes nowhere near the ceiling, which is nearly everywhere, the samples themselves do.
fn true_peaks(samples: &[f32], ceiling: f32) -> Vec<f32> {
    let filters = filters();
    let highest = highest_between(&filters);
    let mut peaks = Vec::with_capacity(samples.len());
    for from in (0..samples.len()).step_by(TOGETHER) {
        let to = (from + TOGETHER).min(samples.len());
        let around = &samples[from.saturating_sub(TAPS)..(to + TAPS).min(samples.len())];
        let loudest = around.iter().fold(0.0_f32, |most, it| most.max(it.abs()));
        if loudest * highest <= ceiling {
            peaks.extend(samples[from..to].iter().map(|it| it.abs()));
        } else {
            peaks.extend((from..to).map(|at| true_peak(samples, at, &filters)));
        }
    }
    peaks
}

fn true_peak(samples: &[f32], at: usize, filters: &[[f32; TAPS]; BETWEEN - 1]) -> f32 {
    let between = |filter: &[f32; TAPS]| -> f32 {
        let weighed = filter.iter().enumerate().filter_map(|(tap, weight)| {
            let from = (at + tap).checked_sub(TAPS / 2 - 1)?;
            Some(weight * samples.get(from)?)
        });
        weighed.sum()
    };
    filters.iter().map(between).fold(samples[at].abs(), |most, it| most.max(it.abs()))
}

/// How many times higher than any sample a sound can be between them.
fn highest_between(filters: &[[f32; TAPS]; BETWEEN - 1]) -> f32 {
    let sums = filters.iter().map(|filter| filter.iter().map(|weight| weight.abs()).sum::<f32>());
    sums.fold(1.0, f32::max)
}

/// Windowed sincs (Hann) for a quarter, a half and three quarters of the way to the next sample.
fn filters() -> [[f32; TAPS]; BETWEEN - 1] {
    std::array::from_fn(|quarter| {
        let share = (quarter + 1) as f32 / BETWEEN as f32;
        std::array::from_fn(|tap| {
            let far = (tap as f32 - (TAPS / 2 - 1) as f32 - share) * std::f32::consts::PI;
            let window = (far / (TAPS as f32 + 1.0)).cos().powi(2);
            window * far.sin() / far
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::strength::Strength;

    fn tone(hz: f32, height: f32, ms: u32) -> Vec<f32> {
        let turn = std::f32::consts::TAU * hz / RATE as f32;
        (0..RATE / 1_000 * ms).map(|at| height * (turn * at as f32).sin()).collect()
    }

    fn levelled(samples: Vec<f32>, target: f32) -> Vec<f32> {
        let mut speech = Speech { samples: samples.into(), ..Speech::default() };
        level(&mut speech, target);
        speech.samples.to_vec()
    }

    fn measured_peak(samples: &[f32]) -> f32 {
        let mut meter = EbuR128::new(1, RATE, Mode::TRUE_PEAK).expect("a meter");
        meter.add_frames_f32(samples).expect("measured");
        20.0 * (meter.true_peak(0).expect("a peak") as f32).log10()
    }

    /// Pulses a hundred times a second: as peaky as a voice, and more.
    fn peaky(height: f32) -> Vec<f32> {
        (0..RATE as usize * 3)
            .map(|at| height * (-((at % 480) as f32) / 12.0).exp() * (at as f32 * 0.9).cos())
            .collect()
    }

    #[test]
    fn every_speech_is_as_loud_as_it_is_to_be() {
        for (height, target) in [(0.9, -20.0), (0.01, -20.0), (0.2, -22.0), (0.001, -33.0)] {
            let found = loudness(&levelled(tone(300.0, height, 2_000), target)).expect("a sound");
            assert!((found - target).abs() < 0.1, "{height}: {found} for {target}");
        }
    }

    #[test]
    fn no_peak_is_higher_than_three_decibels_below_the_top() {
        for samples in [peaky(1.0), peaky(0.05), tone(11_990.0, 1.0, 900), vec![1.0; 4_800]] {
            let samples = levelled(samples, -12.0);
            assert!(measured_peak(&samples) <= PEAK + 0.05, "{}", measured_peak(&samples));
        }
        let soft = levelled(peaky(1.0), -35.0);
        assert!((loudness(&soft).expect("a sound") + 35.0).abs() < 0.1, "what has no peak is not limited");
    }

    #[test]
    fn what_is_no_number_is_silence_and_silence_stays() {
        let mut samples = tone(300.0, 0.3, 500);
        samples[100] = f32::NAN;
        samples[200] = f32::INFINITY;
        samples[300] = 1e-40;
        let samples = levelled(samples, -20.0);
        assert!(samples.iter().all(|it| it.is_finite() && !it.is_subnormal() && it.abs() < 0.8));
        for silence in [vec![], vec![0.0; 48_000], vec![f32::NAN; 4_000], vec![1e-12; 48_000]] {
            assert!(levelled(silence, -20.0).iter().all(|it| it.abs() <= 0.0));
        }
    }

    #[test]
    fn a_word_too_short_to_be_measured_is_levelled_by_its_power() {
        for ms in [5, 60, 250] {
            let samples = levelled(tone(1_000.0, 0.01, ms), -20.0);
            let rms = (samples.iter().map(|it| it * it).sum::<f32>() / samples.len() as f32).sqrt();
            assert!((20.0 * rms.log10() + 19.3).abs() < 0.5, "{ms}: {}", 20.0 * rms.log10());
        }
    }

    #[test]
    fn what_is_hardly_there_is_not_lifted_to_a_voice() {
        let found = loudness(&levelled(tone(300.0, 1e-4, 2_000), -20.0)).expect("a sound");
        assert!(found < -40.0, "{found}");
    }

    #[test]
    fn the_devil_is_never_louder_than_the_person() {
        let of = |levels: Levels, agent, manner| {
            levels.of(&Sentence { text: "", agent, manner, lang: "en", strength: Strength::from_belief(9) })
        };
        let devil = |person| of(Levels::default().below_person(person), Agent::Devil, Manner::Plain);
        let close = |found: f32, wanted: f32| assert!((found - wanted).abs() < 1e-4, "{found} for {wanted}");
        close(devil(None), -22.0);
        close(devil(Some(-12.0)), -22.0);
        close(devil(Some(-27.0)), -27.0);
        close(devil(Some(-90.0)), QUIETEST);
        close(devil(Some(f32::NAN)), -22.0);
        close(of(Levels::default().below_person(Some(-30.0)), Agent::Patient, Manner::Plain), -20.0);
        close(of(Levels::default(), Agent::Guide, Manner::Soft), -22.0);
    }
}
