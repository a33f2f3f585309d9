//! Small filters, one sample at a time: what colours a voice, places it in the room, and makes the sounds behind the window.

use std::f32::consts::TAU;

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg32;

use super::speech::RATE;

/// How slow a filter may get before numbers too small for it cost time.
const NOTHING: f32 = 1e-15;

/// Decibels as a factor.
pub(super) fn gain(decibels: f32) -> f32 {
    10_f32.powf(decibels / 20.0)
}

/// What takes this long, in seconds, to go most of the way: the share that is kept of it each sample.
pub(super) fn keep(seconds: f32) -> f32 {
    (-1.0 / (seconds * RATE as f32)).exp()
}

/// A filter of second order, as Robert Bristow-Johnson's cookbook gives them, in its transposed second form.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Biquad {
    b: [f32; 3],
    a: [f32; 2],
    state: [f32; 2],
}

impl Biquad {
    /// Leaves out what is above a pitch, 12 dB an octave.
    pub(super) fn low_pass(hz: f32) -> Self {
        let (cos, alpha) = turn(hz, std::f32::consts::FRAC_1_SQRT_2);
        let side = (1.0 - cos) / 2.0;
        Self::of([side, 1.0 - cos, side], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
    }

    /// Leaves out what is below a pitch, 12 dB an octave.
    pub(super) fn high_pass(hz: f32) -> Self {
        let (cos, alpha) = turn(hz, std::f32::consts::FRAC_1_SQRT_2);
        let side = f32::midpoint(1.0, cos);
        Self::of([side, -1.0 - cos, side], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
    }

    /// Leaves what is about a pitch; the higher `q`, the narrower.
    pub(super) fn band_pass(hz: f32, q: f32) -> Self {
        let (cos, alpha) = turn(hz, q);
        Self::of([alpha, 0.0, -alpha], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
    }

    /// Lifts what is below a pitch by so many decibels, or lowers it.
    pub(super) fn low_shelf(hz: f32, decibels: f32) -> Self {
        Self::shelf(hz, decibels, 1.0)
    }

    /// Lifts what is above a pitch by so many decibels, or lowers it.
    pub(super) fn high_shelf(hz: f32, decibels: f32) -> Self {
        Self::shelf(hz, decibels, -1.0)
    }

    fn shelf(hz: f32, decibels: f32, side: f32) -> Self {
        let (cos, alpha) = turn(hz, std::f32::consts::FRAC_1_SQRT_2);
        let (up, cos) = (10_f32.powf(decibels / 40.0), side * cos);
        let slope = 2.0 * up.sqrt() * alpha;
        let (more, less) = (up + 1.0, up - 1.0);
        Self::of(
            [
                up * (more - less * cos + slope),
                side * 2.0 * up * (less - more * cos),
                up * (more - less * cos - slope),
            ],
            [more + less * cos + slope, side * -2.0 * (less + more * cos), more + less * cos - slope],
        )
    }

    fn of(b: [f32; 3], [a0, a1, a2]: [f32; 3]) -> Self {
        Self { b: b.map(|it| it / a0), a: [a1 / a0, a2 / a0], state: [0.0; 2] }
    }

    /// The next sample.
    pub(super) fn next(&mut self, sample: f32) -> f32 {
        let out = self.b[0] * sample + self.state[0];
        self.state[0] = nothing(self.b[1] * sample - self.a[0] * out + self.state[1]);
        self.state[1] = nothing(self.b[2] * sample - self.a[1] * out);
        out
    }
}

fn turn(hz: f32, q: f32) -> (f32, f32) {
    let turn = TAU * hz.clamp(5.0, RATE as f32 * 0.45) / RATE as f32;
    (turn.cos(), turn.sin() / (2.0 * q))
}

/// What is too small to be heard is nothing: numbers that small cost a hundred times the time.
pub(super) fn nothing(value: f32) -> f32 {
    if value.abs() < NOTHING { 0.0 } else { value }
}

/// A filter of first order: leaves out what is above a pitch, 6 dB an octave.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OnePole {
    keep: f32,
    state: f32,
}

impl OnePole {
    pub(super) fn new(hz: f32) -> Self {
        Self { keep: Self::keep(hz), state: 0.0 }
    }

    /// The share that is kept each sample, for a pitch.
    pub(super) fn keep(hz: f32) -> f32 {
        (-TAU * hz / RATE as f32).exp()
    }

    /// The next sample.
    pub(super) fn next(&mut self, sample: f32) -> f32 {
        self.next_with(sample, self.keep)
    }

    /// The next sample, with a pitch that changes.
    pub(super) fn next_with(&mut self, sample: f32, keep: f32) -> f32 {
        self.state = nothing(sample + (self.state - sample) * keep);
        self.state
    }
}

/// How loud a sound is, followed: it rises fast and falls slowly.
#[derive(Clone, Copy, Debug)]
pub(super) struct Follower {
    rise: f32,
    fall: f32,
    level: f32,
}

impl Follower {
    /// With the seconds that it takes to rise and to fall.
    pub(super) fn new(rise: f32, fall: f32) -> Self {
        Self { rise: keep(rise), fall: keep(fall), level: 0.0 }
    }

    /// The loudness after another sample.
    pub(super) fn next(&mut self, sample: f32) -> f32 {
        let now = sample.abs();
        let keep = if now > self.level { self.rise } else { self.fall };
        self.level = nothing(now + (self.level - now) * keep);
        self.level
    }
}

/// Chance, and noise of it, from a seed.
#[derive(Clone, Debug)]
pub(super) struct Noise(Pcg32);

impl Noise {
    pub(super) fn new(seed: u64) -> Self {
        Self(Pcg32::seed_from_u64(seed))
    }

    /// White noise, from -1 to 1.
    pub(super) fn next(&mut self) -> f32 {
        self.0.random::<u32>() as f32 * (2.0 / u32::MAX as f32) - 1.0
    }

    /// Something between two values.
    pub(super) fn between(&mut self, least: f32, most: f32) -> f32 {
        least + (most - least) * f32::midpoint(self.next(), 1.0)
    }

    /// So many samples as there are in something between these seconds.
    pub(super) fn samples_between(&mut self, least: f32, most: f32) -> u32 {
        (self.between(least, most) * RATE as f32) as u32
    }
}

#[cfg(test)]
pub(super) mod measure {
    //! What tests measure sound by.

    use super::*;

    /// Root of the mean square.
    pub(in super::super) fn rms(samples: &[f32]) -> f32 {
        (samples.iter().map(|it| it * it).sum::<f32>() / samples.len().max(1) as f32).sqrt()
    }

    /// The power at a pitch, of a sound of any length (Goertzel).
    pub(in super::super) fn power_at(samples: &[f32], hz: f32) -> f32 {
        let turn = f64::from(TAU * hz / RATE as f32);
        let (mut one, mut two) = (0.0_f64, 0.0_f64);
        for &sample in samples {
            (two, one) = (one, f64::from(sample) + 2.0 * turn.cos() * one - two);
        }
        ((one * one + two * two - 2.0 * turn.cos() * one * two) / (samples.len() as f64).powi(2)) as f32
    }

    /// How much a filter lets through at a pitch, in decibels.
    pub(in super::super) fn response(mut filter: impl FnMut(f32) -> f32, hz: f32) -> f32 {
        let tone = |at: usize| (TAU * hz * at as f32 / RATE as f32).sin();
        let out: Vec<f32> = (0..48_000).map(|at| filter(tone(at))).collect();
        20.0 * (rms(&out[24_000..]) * std::f32::consts::SQRT_2).log10()
    }
}

#[cfg(test)]
mod tests {
    use super::measure::{response, rms};
    use super::*;

    #[test]
    fn filters_let_through_what_they_say() {
        let close = |mut filter: Biquad, hz: f32, decibels: f32| {
            let found = response(|sample| filter.next(sample), hz);
            assert!((found - decibels).abs() < 0.6, "{hz} Hz: {found} dB for {decibels}");
        };
        close(Biquad::low_pass(1_000.0), 100.0, 0.0);
        close(Biquad::low_pass(1_000.0), 1_000.0, -3.0);
        close(Biquad::low_pass(1_000.0), 4_000.0, -24.5);
        close(Biquad::high_pass(200.0), 2_000.0, 0.0);
        close(Biquad::high_pass(200.0), 50.0, -24.0);
        close(Biquad::band_pass(800.0, 2.0), 800.0, 0.0);
        close(Biquad::low_shelf(200.0, 6.0), 30.0, 6.0);
        close(Biquad::low_shelf(200.0, 6.0), 4_000.0, 0.0);
        close(Biquad::high_shelf(3_000.0, -9.0), 200.0, 0.0);
        close(Biquad::high_shelf(3_000.0, -9.0), 15_000.0, -9.0);
    }

    #[test]
    fn noise_is_the_same_from_one_seed_and_even() {
        let drawn =
            |seed| (0..48_000).scan(Noise::new(seed), |noise, _| Some(noise.next())).collect::<Vec<_>>();
        let noise = drawn(3);
        assert_eq!(noise, drawn(3));
        assert!(noise != drawn(4));
        assert!((rms(&noise) - 0.577).abs() < 0.01, "{}", rms(&noise));
    }

    #[test]
    fn nothing_becomes_too_small_to_be_worked_with() {
        let (mut filter, mut pole) = (Biquad::low_pass(200.0), OnePole::new(10.0));
        let (mut follower, mut last) = (Follower::new(0.001, 0.2), [0.5_f32; 3]);
        for at in 0..2_000_000 {
            let sample = if at < 10 { 0.5 } else { 0.0 };
            last = [filter.next(sample), pole.next(sample), follower.next(sample)];
            assert!(last.iter().all(|it| !it.is_subnormal()));
        }
        assert!(last.iter().all(|it| it.abs() <= 1e-14), "{last:?}");
    }
}
