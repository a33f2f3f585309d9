//! What scenes are made of: air, drops, hums, clocks, crickets, voices far away. All of it is chance, shaped.

use std::f32::consts::TAU;

use super::super::dsp::{Biquad, Noise, keep};
use super::super::speech::RATE;

/// Something that wanders between two values, and never twice the same way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drift {
    now: f32,
    to: f32,
    range: (f32, f32),
    /// Seconds from one turn to the next.
    every: (f32, f32),
    keep: f32,
    left: u32,
}

impl Drift {
    pub(super) fn new(range: (f32, f32), every: (f32, f32)) -> Self {
        let middle = f32::midpoint(range.0, range.1);
        // It is on its way for most of the time.
        Self { now: middle, to: middle, range, every, keep: keep(every.0 * 0.4), left: 0 }
    }

    pub(super) fn next(&mut self, noise: &mut Noise) -> f32 {
        if self.left == 0 {
            self.to = noise.between(self.range.0, self.range.1);
            self.left = noise.samples_between(self.every.0, self.every.1);
        }
        self.left = self.left.saturating_sub(1);
        self.now = self.to + (self.now - self.to) * self.keep;
        self.now
    }
}

/// Air that moves, between two pitches: rain from afar, wind, the hush of snow, a room.
#[derive(Clone, Copy, Debug)]
pub(super) struct Air {
    filters: [[Biquad; 2]; 2],
    drift: Drift,
}

impl Air {
    pub(super) fn new(hz: (f32, f32), drift: Drift) -> Self {
        let ear = [Biquad::high_pass(hz.0), Biquad::low_pass(hz.1)];
        Self { filters: [ear; 2], drift }
    }

    pub(super) fn next(&mut self, noise: &mut Noise) -> [f32; 2] {
        let loud = self.drift.next(noise);
        // A third of it is the same for both ears: it is out there, and not in the head.
        let both = noise.next() * 0.5;
        self.filters.each_mut().map(|[high, low]| low.next(high.next(both + noise.next())) * loud)
    }
}

/// Drops that fall on something, so many a second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drops {
    chance: f32,
    ring: [Biquad; 2],
}

impl Drops {
    pub(super) fn new(a_second: f32, hz: f32, q: f32) -> Self {
        Self {
            chance: a_second / RATE as f32,
            ring: [Biquad::band_pass(hz, q), Biquad::band_pass(hz * 1.07, q)],
        }
    }

    pub(super) fn next(&mut self, noise: &mut Noise) -> [f32; 2] {
        let mut hit = [0.0; 2];
        if noise.between(0.0, 1.0) < self.chance {
            // Most are small.
            let (hard, side) = (noise.between(0.1, 1.0).powi(2), noise.between(0.1, 0.9));
            hit = [hard * (1.0 - side), hard * side];
        }
        let [left, right] = &mut self.ring;
        [left.next(hit[0]), right.next(hit[1])]
    }
}

/// A tone that goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tone {
    turn: f32,
    step: f32,
}

impl Tone {
    pub(super) fn new(hz: f32) -> Self {
        Self { turn: 0.0, step: hz / RATE as f32 }
    }

    pub(super) fn next(&mut self) -> f32 {
        self.turn += self.step;
        if self.turn >= 1.0 {
            self.turn -= 1.0;
        }
        (self.turn * TAU).sin()
    }
}

/// A machine on the mains, that grows louder and quieter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hum {
    tones: [Tone; 4],
    parts: [f32; 4],
    drift: Drift,
}

impl Hum {
    pub(super) fn new(hz: f32, parts: [f32; 4], drift: Drift) -> Self {
        // Not quite its overtones, so that it beats slowly.
        let tones = [1.0, 2.003, 3.001, 4.004].map(|times| Tone::new(hz * times));
        Self { tones, parts, drift }
    }

    pub(super) fn next(&mut self, noise: &mut Noise) -> f32 {
        let sum: f32 = self.tones.iter_mut().zip(self.parts).map(|(tone, part)| tone.next() * part).sum();
        sum * self.drift.next(noise)
    }
}

/// Something that happens now and then, and takes a while.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rare {
    every: (f32, f32),
    lasts: (f32, f32),
    left: u32,
    at: u32,
    long: u32,
    /// -1 left to 1 right.
    pub(super) side: f32,
}

impl Rare {
    /// With the seconds between two of them, and the seconds that one takes.
    pub(super) fn new(every: (f32, f32), lasts: (f32, f32)) -> Self {
        Self { every, lasts, left: (every.0 * 0.5 * RATE as f32) as u32, at: 0, long: 0, side: 0.0 }
    }

    /// How far the one that happens now is, 0 to 1; none while nothing does.
    pub(super) fn next(&mut self, noise: &mut Noise) -> Option<f32> {
        if self.at < self.long {
            self.at += 1;
            return Some(self.at as f32 / self.long as f32);
        }
        if self.left > 0 {
            self.left -= 1;
            return None;
        }
        self.left = noise.samples_between(self.every.0, self.every.1);
        self.long = noise.samples_between(self.lasts.0, self.lasts.1).max(1);
        (self.at, self.side) = (0, noise.next());
        None
    }
}

/// A swell and its end: 0, 1, 0, round.
pub(super) fn swell(far: f32) -> f32 {
    (far * std::f32::consts::PI).sin().powi(2)
}

/// Left and right of something at a side, -1 to 1, always as loud.
pub(super) fn at_side(sample: f32, side: f32) -> [f32; 2] {
    let right = f32::midpoint(side, 1.0);
    [sample * (1.0 - right).sqrt(), sample * right.sqrt()]
}

/// A clock in another room.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    left: u32,
    tock: bool,
    wood: [Biquad; 2],
    soft: Biquad,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self {
            left: RATE,
            tock: false,
            wood: [Biquad::band_pass(1_450.0, 9.0), Biquad::band_pass(1_120.0, 9.0)],
            soft: Biquad::low_pass(2_600.0),
        }
    }

    pub(super) fn next(&mut self, noise: &mut Noise) -> f32 {
        let mut hit = [0.0; 2];
        self.left -= 1;
        if self.left == 0 {
            // A clock keeps time, and its hand does not.
            self.left = RATE + noise.samples_between(0.0, 0.004) - RATE / 500;
            let hard = noise.between(0.8, 1.0);
            hit = if self.tock { [0.0, hard * 0.8] } else { [hard, 0.0] };
            self.tock = !self.tock;
        }
        let [tick, tock] = &mut self.wood;
        self.soft.next(tick.next(hit[0]) + tock.next(hit[1]))
    }
}

/// A cricket: three or four beats of its wings, again and again, and then a rest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cricket {
    tone: Tone,
    /// Samples of a beat, and of a whole chirp.
    beat: u32,
    chirp: u32,
    beats: u32,
    at: u32,
    /// How many chirps are left, or how many rests.
    sings: bool,
    left: u32,
    pub(super) side: f32,
    loud: f32,
}

impl Cricket {
    pub(super) fn new(hz: f32, beats: u32, side: f32, loud: f32) -> Self {
        let beat = RATE / 26 + hz as u32 % 97;
        Self {
            tone: Tone::new(hz),
            beat,
            chirp: beat * (beats + 9),
            beats,
            at: 0,
            sings: beats.is_multiple_of(2),
            left: 5 + beats,
            side,
            loud,
        }
    }

    pub(super) fn next(&mut self, noise: &mut Noise) -> f32 {
        self.at += 1;
        if self.at >= self.chirp {
            self.at = 0;
            self.chirp = self.beat * (self.beats + 8) + noise.samples_between(0.0, 0.12);
            self.left = self.left.saturating_sub(1);
            if self.left == 0 {
                self.sings = !self.sings;
                let most = if self.sings { 24.0 } else { 9.0 };
                self.left = noise.between(3.0, most) as u32;
            }
        }
        let tone = self.tone.next();
        if !self.sings || self.at >= self.beat * self.beats {
            return 0.0;
        }
        // A beat is two thirds sound.
        let far = (self.at % self.beat) as f32 / self.beat as f32 * 1.5;
        if far < 1.0 { tone * swell(far) * self.loud } else { 0.0 }
    }
}

/// Somebody who talks far away: syllables and pauses, and no word, for there is no voice in it, only breath.
#[derive(Clone, Copy, Debug)]
pub(super) struct Murmur {
    mouth: [Biquad; 2],
    syllable: Drift,
    phrase: Drift,
    side: f32,
}

impl Murmur {
    pub(super) fn new(hz: f32, side: f32) -> Self {
        Self {
            mouth: [Biquad::band_pass(hz, 2.5), Biquad::band_pass(hz * 2.3, 3.0)],
            syllable: Drift::new((-0.5, 1.0), (0.12, 0.26)),
            phrase: Drift::new((-0.6, 1.0), (1.4, 4.0)),
            side,
        }
    }

    pub(super) fn next(&mut self, noise: &mut Noise) -> [f32; 2] {
        let loud = self.syllable.next(noise).max(0.0) * self.phrase.next(noise).max(0.0);
        let breath = noise.next();
        let [low, high] = &mut self.mouth;
        at_side((low.next(breath) + 0.35 * high.next(breath)) * loud, self.side)
    }
}
