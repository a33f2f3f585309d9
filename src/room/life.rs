//! What makes a figure live: breath, blinks, sway, and values that glide instead of jumping. All of it is a function of time,
//! so that the same evening looks the same twice.

use super::palette::Triple;

/// A value that follows another like a weight on a damped spring: it neither jumps nor swings past (critical damping).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Glide {
    /// Where it is.
    pub value: f32,
    speed: f32,
}

impl Glide {
    /// At rest.
    #[must_use]
    pub fn at(value: f32) -> Self {
        Self { value, speed: 0.0 }
    }

    /// Goes on towards `goal` for `dt` seconds; after `settles` seconds it is there but for two parts in a hundred.
    pub fn towards(&mut self, goal: f32, settles: f32, dt: f32) {
        // x(t) = goal + (a + b t) e^{-w t}: exact, so that it does not depend on the frame rate.
        let w = 5.83 / settles.max(1e-3);
        let a = self.value - goal;
        let b = self.speed + w * a;
        let fade = (-w * dt).exp();
        self.value = goal + (a + b * dt) * fade;
        self.speed = (b - w * (a + b * dt)) * fade;
    }
}

/// Breaths a minute of the Patient, by strength.
const BREATHS: Triple<f32> = Triple(18.0, 14.0, 11.0);
/// How often it blinks, at the least and at the most, and for how long, in seconds.
const BLINKS: (f32, f32) = (3.0, 6.0);
const BLINK: f32 = 0.14;

/// How deep a breath is drawn at a phase of it (in turns): 0 out, 1 in; in is quicker than out, and there is a rest between.
#[must_use]
pub fn breath(phase: f32) -> f32 {
    let phase = phase.rem_euclid(1.0);
    let smooth = |t: f32| t * t * (3.0 - 2.0 * t);
    match phase {
        ..0.38 => smooth(phase / 0.38),
        0.38..0.46 => 1.0,
        0.46..0.90 => 1.0 - smooth((phase - 0.46) / 0.44),
        _ => 0.0,
    }
}

/// How many turns of breath pass in `dt` seconds.
#[must_use]
pub fn breaths_in(strength: f32, dt: f32) -> f32 {
    BREATHS.at(strength) / 60.0 * dt
}

/// How far the eyes are shut at a moment, 0 to 1. `who` gives each figure blinks of its own; `slow` stretches them.
#[must_use]
pub fn blink(seconds: f32, who: u32, slow: f32) -> f32 {
    // One blink in each stretch of the longest pause, somewhere in its middle half: never two at once, never none.
    let stretch = (BLINKS.0 + BLINKS.1) / 2.0 * slow;
    let number = (seconds / stretch).floor();
    let at = (number + 0.25 + 0.5 * chance(number as u32, who)) * stretch;
    let from = (seconds - at) / (BLINK * slow);
    if (0.0..1.0).contains(&from) { (from * std::f32::consts::PI).sin() } else { 0.0 }
}

/// A number from 0 to 1 that is the same for the same two (Wang, 2007).
fn chance(number: u32, who: u32) -> f32 {
    let mut hash = number.wrapping_mul(0x9e37_79b9) ^ who.wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ 61) ^ (hash >> 16);
    hash = hash.wrapping_mul(9);
    hash ^= hash >> 4;
    hash = hash.wrapping_mul(0x27d4_eb2d);
    hash ^= hash >> 15;
    (hash >> 8) as f32 / (1u32 << 24) as f32
}

/// How far a body sways, in radians: a degree at the most, ten seconds there and back.
#[must_use]
pub fn sway(seconds: f32, who: u32) -> f32 {
    let turn = seconds * 0.1 * std::f32::consts::TAU;
    1.2_f32.to_radians() * (0.7 * (turn + who as f32).sin() + 0.3 * (turn * 1.7 + who as f32 * 2.0).sin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glide_arrives_in_its_time_without_passing_its_goal_at_any_frame_rate() {
        let after = |frames: u32| {
            let mut glide = Glide::at(1.0);
            for _ in 0..frames {
                let before = glide.value;
                glide.towards(0.0, 3.0, 3.0 / frames as f32);
                assert!(glide.value <= before && glide.value >= 0.0);
            }
            glide.value
        };
        let (slow, fast) = (after(30), after(3_000));
        assert!(slow < 0.021 && (slow - fast).abs() < 1e-4, "{slow} {fast}");
    }

    #[test]
    fn a_breath_is_whole_and_has_no_jump() {
        let mut last = breath(0.0);
        let mut most = 0.0_f32;
        for step in 0..=1_000 {
            let now = breath(step as f32 / 1_000.0);
            assert!((now - last).abs() < 0.01 && (0.0..=1.0).contains(&now));
            (last, most) = (now, most.max(now));
        }
        assert_eq!(most, 1.0);
    }

    #[test]
    fn blinks_come_every_few_seconds_and_are_short() {
        let shut: Vec<bool> = (0..60_000).map(|ms| blink(ms as f32 / 1_000.0, 1, 1.0) > 0.0).collect();
        let begins = shut.windows(2).filter(|pair| !pair[0] && pair[1]).count();
        assert!((10..=18).contains(&begins), "{begins} in a minute");
        let share = shut.iter().filter(|shut| **shut).count() as f32 / shut.len() as f32;
        assert!(share < 0.06, "{share}");
    }
}
