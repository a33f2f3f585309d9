//! A voice placed in the room, for headphones and loudspeakers alike.
//!
//! The ear that is turned away hears later (Woodworth's formula for a round head) and duller (Brown and Duda 1998, simplified
//! to a filter of first order). That filter is itself late at low pitches, and that is counted: what is left is a delay. So the
//! two ears together, as one loudspeaker gives them, do not cancel each other. A few reflections and a short tail are those of a
//! small round room with soft walls.

use std::f32::consts::FRAC_PI_2;

use super::Place;
use super::dsp::{Biquad, OnePole, keep};
use super::speech::RATE;
use super::tail::Tail;

/// From the middle of the head to an ear, in metres, and how far sound goes in a second.
const HEAD: f32 = 0.0875;
const SOUND: f32 = 343.0;
/// The most that the filter of the far ear is late at low pitches, in samples.
const MOST_BY_FILTER: f32 = 0.000_27 * RATE as f32;
/// What reaches the far ear in spite of the head, at any pitch.
const AROUND: f32 = 0.12;
/// How much brighter the near ear hears: the head is a wall for it.
const NEAR_BRIGHT: f32 = 0.35;
const NEAR_BRIGHT_HZ: f32 = 900.0;
/// How much of the brightness is lost behind the ears.
const BEHIND: f32 = 0.3;
const BEHIND_HZ: f32 = 3_000.0;
/// Where a voice is at its own loudness, how near it may seem, and how far, in metres.
const NEAREST: f32 = 0.6;
const FARTHEST: f32 = 12.0;
/// What both ears together make as loud as one channel was.
const BOTH: f32 = std::f32::consts::FRAC_1_SQRT_2;
/// How long a change of place takes to be most of the way, in seconds.
const MOVING: f32 = 0.03;
/// Samples that are remembered: more than the latest reflection.
const MEMORY: usize = 1_024;
/// A sample more than is needed to look between samples.
const BASE: f32 = 2.0;
/// Reflections of a round room of 2.5 m: how late in samples, and how loud left and right.
const REFLECTIONS: [(usize, [f32; 2]); 5] =
    [(253, [0.05, 0.10]), (379, [0.10, 0.05]), (517, [0.05, 0.08]), (659, [0.07, 0.05]), (823, [0.05, 0.06])];
const REFLECTIONS_HZ: f32 = 3_500.0;
/// The tail: the lengths of its lines, how long it takes to fall by 60 dB, and above what it is damped.
const LINES: [usize; 4] = [479, 641, 797, 1_009];
const RINGS_S: f32 = 0.35;
const TAIL_HZ: f32 = 4_000.0;
const TAIL: f32 = 0.14;
/// How late the tail begins, in samples.
const TAIL_AFTER: usize = 500;

/// How the ears hear a place. All of it changes smoothly.
#[derive(Clone, Copy, Debug, Default)]
struct Hearing {
    ears: [Ear; 2],
    /// How loud the voice itself is, and its reflections.
    direct: f32,
    reflected: f32,
    behind: f32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Ear {
    /// Samples that it is late, besides its filter.
    late: f32,
    /// What its filter keeps each sample.
    dull: f32,
    /// What does not go through the filter.
    around: f32,
    bright: f32,
}

impl Hearing {
    fn of(place: Place) -> Self {
        let azimuth = if place.azimuth.is_finite() { place.azimuth } else { 0.0 };
        let distance = if place.distance.is_finite() { place.distance } else { 1.0 };
        let distance = distance.clamp(NEAREST, FARTHEST);
        // How far to the side, however far behind.
        let side = azimuth.sin().clamp(-1.0, 1.0);
        let lateral = side.abs().asin().min(FRAC_PI_2);
        let late = HEAD / SOUND * (lateral + lateral.sin()) * RATE as f32;
        let by_filter = late.min(MOST_BY_FILTER);
        let far = Ear {
            // The filter passes this much of what it has been given a while ago: late by as many samples at low pitches.
            dull: by_filter / (1.0 + by_filter),
            late: late - by_filter * (1.0 - AROUND),
            around: AROUND,
            bright: 0.0,
        };
        let near = Ear { bright: NEAR_BRIGHT * side.abs(), ..Ear::default() };
        Self {
            ears: if side > 0.0 { [far, near] } else { [near, far] },
            direct: BOTH / distance,
            // They have a longer way already, so that they fall more slowly.
            reflected: BOTH * 2.5 / (distance + 1.5),
            behind: BEHIND * (-azimuth.cos()).max(0.0),
        }
    }

    /// Goes a sample's way towards another.
    fn go(&mut self, to: &Self, keep: f32) {
        let step = |here: &mut f32, to: f32| *here = to + (*here - to) * keep;
        for (here, to) in self.ears.iter_mut().zip(&to.ears) {
            step(&mut here.late, to.late);
            step(&mut here.dull, to.dull);
            step(&mut here.around, to.around);
            step(&mut here.bright, to.bright);
        }
        step(&mut self.direct, to.direct);
        step(&mut self.reflected, to.reflected);
        step(&mut self.behind, to.behind);
    }
}

/// Places one voice in the room, sample by sample. It allocates nothing once it is made.
#[derive(Clone, Debug)]
pub struct Space {
    here: Hearing,
    to: Hearing,
    keep: f32,
    memory: Box<[f32; MEMORY]>,
    at: usize,
    filters: [EarFilters; 2],
    reflection: [OnePole; 2],
    before_tail: Biquad,
    tail: Tail,
}

#[derive(Clone, Copy, Debug)]
struct EarFilters {
    shadow: OnePole,
    bright: OnePole,
    behind: OnePole,
}

impl Space {
    /// A voice at a place.
    #[must_use]
    pub fn new(place: Place) -> Self {
        let here = Hearing::of(place);
        let ear = EarFilters {
            shadow: OnePole::default(),
            bright: OnePole::new(NEAR_BRIGHT_HZ),
            behind: OnePole::new(BEHIND_HZ),
        };
        Self {
            here,
            to: here,
            keep: keep(MOVING),
            memory: Box::new([0.0; MEMORY]),
            at: 0,
            filters: [ear; 2],
            reflection: [OnePole::new(REFLECTIONS_HZ); 2],
            before_tail: Biquad::high_pass(110.0),
            tail: Tail::new(LINES, RINGS_S, TAIL_HZ),
        }
    }

    /// Moves it, without a click. What is no number is in front, and a metre away.
    pub fn go(&mut self, place: Place) {
        self.to = Hearing::of(place);
    }

    /// The next sample of it, left and right.
    pub fn next(&mut self, sample: f32) -> [f32; 2] {
        let sample = if sample.is_finite() { sample } else { 0.0 };
        self.here.go(&self.to, self.keep);
        self.at = (self.at + 1) % MEMORY;
        self.memory[self.at] = sample;
        let mut out = self.tail();
        for (side, out) in out.iter_mut().enumerate() {
            *out += self.ear(side);
        }
        out
    }

    /// Adds a piece of it to interleaved stereo; what does not fit is left out.
    pub fn add(&mut self, mono: &[f32], stereo: &mut [f32]) {
        for (&sample, out) in mono.iter().zip(stereo.chunks_exact_mut(2)) {
            let [left, right] = self.next(sample);
            out[0] += left;
            out[1] += right;
        }
    }

    fn ear(&mut self, side: usize) -> f32 {
        let ear = self.here.ears[side];
        let sample = self.between(BASE + ear.late);
        let mut reflected = 0.0;
        for (late, loud) in REFLECTIONS {
            reflected += self.before(late) * loud[side];
        }
        let filters = &mut self.filters[side];
        let shaded = filters.shadow.next_with(sample, ear.dull);
        let heard = shaded + ear.around * (sample - shaded);
        let heard = heard + ear.bright * (heard - filters.bright.next(heard));
        let heard = heard - self.here.behind * (heard - filters.behind.next(heard));
        heard * self.here.direct + self.reflection[side].next(reflected) * self.here.reflected
    }

    fn tail(&mut self) -> [f32; 2] {
        let sample = self.before_tail.next(self.before(TAIL_AFTER));
        // The tail does not grow weaker with distance: the voice itself does.
        self.tail.next(sample * TAIL * BOTH)
    }

    fn before(&self, samples: usize) -> f32 {
        self.memory[(self.at + MEMORY - samples) % MEMORY]
    }

    /// A moment between samples, by the cubic through the four around it (Lagrange).
    fn between(&self, samples: f32) -> f32 {
        let (whole, share) = (samples as usize, samples.fract());
        let [newer, one, two, older] =
            [whole - 1, whole, whole + 1, whole + 2].map(|samples| self.before(samples));
        let (up, down) = (share + 1.0, share - 1.0);
        let far = share - 2.0;
        -newer * share * down * far / 6.0 + one * up * down * far / 2.0 - two * up * share * far / 2.0
            + older * up * share * down / 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::dsp::Noise;
    use super::super::dsp::measure::{power_at, rms};
    use super::*;

    const THIRD_OCTAVES: [f32; 14] = [
        200.0, 250.0, 315.0, 400.0, 500.0, 630.0, 800.0, 1_000.0, 1_250.0, 1_600.0, 2_000.0, 2_500.0,
        3_150.0, 4_000.0,
    ];

    fn at(degrees: f32, distance: f32) -> Space {
        Space::new(Place { azimuth: degrees.to_radians(), distance })
    }

    /// What the ears hear of a click.
    fn response(mut space: Space) -> (Vec<f32>, Vec<f32>) {
        (0..48_000).map(|at| space.next(if at == 0 { 1.0 } else { 0.0 })).map(|[l, r]| (l, r)).unzip()
    }

    /// The power in a third of an octave, in decibels.
    fn band(click: &[f32], hz: f32) -> f32 {
        let pitches = (0..24).map(|at| hz * 2_f32.powf((at as f32 - 11.5) / 72.0));
        let power = pitches.map(|hz| power_at(click, hz) * (click.len() as f32).powi(2)).sum::<f32>() / 24.0;
        10.0 * power.log10()
    }

    #[test]
    fn both_ears_together_have_the_spectrum_of_the_voice() {
        for degrees in [0.0, 30.0, -30.0] {
            let (left, right) = response(at(degrees, 1.0));
            let both: Vec<f32> = left.iter().zip(&right).map(|(l, r)| (l + r) / 2.0).collect();
            let bands = THIRD_OCTAVES.map(|hz| band(&both, hz));
            let mean = bands.iter().sum::<f32>() / bands.len() as f32;
            for (band, hz) in bands.iter().zip(THIRD_OCTAVES) {
                assert!((band - mean).abs() < 3.0, "{degrees}°, {hz} Hz: {} dB of {bands:.1?}", band - mean);
            }
        }
    }

    #[test]
    fn the_ear_that_is_turned_away_hears_later_and_duller() {
        for (degrees, late) in [(30.0, 12.5), (90.0, 31.5)] {
            // What is low enough to be told apart by its time.
            let (mut low, mut lower) = (Biquad::low_pass(400.0), Biquad::low_pass(400.0));
            let (mut noise, mut space) = (Noise::new(5), at(degrees, 1.0));
            let heard: Vec<[f32; 2]> =
                (0..48_000).map(|_| space.next(lower.next(low.next(noise.next())))).collect();
            let alike = |lag: usize| -> f32 {
                heard[lag..].iter().zip(&heard).map(|(later, sooner)| later[0] * sooner[1]).sum()
            };
            let lag = (0..60).max_by(|&one, &other| alike(one).total_cmp(&alike(other))).expect("one");
            assert!((lag as f32 - late).abs() < 5.0, "{degrees}°: {lag} samples late");
            let (left, right) = response(at(degrees, 1.0));
            let louder = |hz| band(&right[..240], hz) - band(&left[..240], hz);
            assert!(
                louder(4_000.0) > 8.0 && louder(200.0) < 2.0,
                "{} and {}",
                louder(4_000.0),
                louder(200.0)
            );
        }
        let (left, right) = response(at(0.0, 1.0));
        assert_eq!(left[..200], right[..200]);
    }

    #[test]
    fn left_and_right_are_each_others_mirror() {
        let (right, left) = (response(at(40.0, 1.0)), response(at(-40.0, 1.0)));
        assert_eq!(right.0[..250], left.1[..250]);
        assert_eq!(right.1[..250], left.0[..250]);
    }

    #[test]
    fn what_is_farther_is_quieter_within_bounds() {
        let loud = |distance| rms(&response(at(0.0, distance)).0[..100]);
        assert!(loud(1.0) > 1.9 * loud(2.0) && loud(2.0) > 1.9 * loud(4.0));
        assert!((loud(0.0) - loud(NEAREST)).abs() < 1e-6 && loud(0.0) < 1.7 * loud(1.0));
        assert!((loud(f32::NAN) - loud(1.0)).abs() < 1e-6);
        assert!(loud(1e9) > 0.0);
    }

    #[test]
    fn the_room_is_small_and_quiet_and_dies_away() {
        let (left, right) = response(at(0.0, 1.0));
        let power = |of: &[f32]| of.iter().map(|it| it * it).sum::<f32>();
        let (direct, room) = (power(&left[..200]), power(&left[200..]));
        let below = 10.0 * (direct / room).log10();
        assert!((9.0..20.0).contains(&below), "{below} dB");
        let late = 10.0 * (power(&right[..200]) / power(&right[20_000..])).log10();
        assert!(late > 60.0, "{late} dB after four tenths of a second");
        assert!(right[40_000..].iter().all(|it| !it.is_subnormal()));
    }

    #[test]
    fn a_voice_that_moves_does_not_click() {
        let turn = std::f32::consts::TAU * 220.0 / RATE as f32;
        let mut space = at(-80.0, 0.6);
        let mut last = [0.0_f32; 2];
        let mut steepest = 0.0_f32;
        for at in 0..RATE {
            if at % 9_600 == 4_800 {
                let side = if at % 19_200 == 4_800 { 1.4 } else { -1.4 };
                space.go(Place { azimuth: side, distance: 1.0 + (at / 9_600) as f32 });
            }
            let out = space.next(0.5 * (turn * at as f32).sin());
            steepest = steepest.max((out[0] - last[0]).abs()).max((out[1] - last[1]).abs());
            last = out;
        }
        // A tone of this height at its steepest, with what the room adds.
        assert!(steepest < 0.5 * turn * BOTH / NEAREST * 1.4, "{steepest}");
    }

    #[test]
    fn noise_stays_in_bounds_whatever_the_place_and_nothing_is_no_number() {
        let (mut noise, mut space) = (Noise::new(1), at(0.0, 1.0));
        for number in 0..200_000 {
            if number % 1_000 == 0 {
                space.go(Place { azimuth: noise.between(-9.0, 9.0), distance: noise.between(-1.0, 20.0) });
            }
            let sample = if number % 777 == 0 { f32::NAN } else { noise.next() };
            assert!(space.next(sample).iter().all(|it| it.is_finite() && it.abs() < 4.0));
        }
    }

    #[test]
    fn a_piece_is_added_to_what_is_there() {
        let (mut one, mut other) = (at(20.0, 1.0), at(20.0, 1.0));
        let mut stereo = [1.0; 8];
        one.add(&[0.5, 0.25, 0.0, 0.0, 9.0], &mut stereo);
        for (pair, sample) in stereo.chunks(2).zip([0.5, 0.25, 0.0, 0.0]) {
            let [left, right] = other.next(sample);
            assert!((pair[0] - 1.0 - left).abs() < 1e-6 && (pair[1] - 1.0 - right).abs() < 1e-6);
        }
    }
}
