//! Finds sounds of speech in what is heard of them: when each of them ends.
//!
//! A search for the cheapest way through the sound (Viterbi, over states that last: Rabiner 1989, IV-D), where a way costs
//! what its sounds differ in loudness and brightness from those of their class, and in length from what they usually take.

use super::ipa::Class;
use super::speech::RATE;

/// Milliseconds of a step.
pub(super) const STEP_MS: u32 = 10;
const STEP: usize = (RATE * STEP_MS / 1_000) as usize;
/// What counts as nothing, in decibels below the loud parts.
const QUIET: f32 = -45.0;
/// A sound whose loud parts are not louder than this, in dBFS, is none.
const SILENCE: f32 = -75.0;
/// What counts as a voice at all.
const SOUNDING: f32 = -35.0;
/// What is above this pitch is bright.
const BRIGHT_HZ: f32 = 3_000.0;
/// How far from where it would lie by its length alone a sound is looked for, in steps.
const LEAST_SLACK: usize = 60;
const MOST_SLACK: usize = 300;
/// The most that one step can cost, so that one odd moment does not decide.
const MOST_A_STEP: f32 = 6.0;
/// What how it sounds weighs, beside how long it lasts.
const SOUND_WEIGHT: f32 = 0.35;

/// A step of sound.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// Decibels below the loud parts.
    loud: f32,
    /// Decibels of what is bright in it, below all of it.
    bright: f32,
}

/// Something that is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sought {
    pub(super) class: Class,
    /// How long it usually lasts. What is not a pause is compared with the others, and not taken in itself.
    pub(super) ms: f32,
}

/// How loud and how bright a class usually is, and by how much that differs: medians over 120 sentences of `espeak-ng`.
fn usual(class: Class) -> [(f32, f32); 2] {
    match class {
        Class::Pause => [(QUIET, 7.5), (-20.0, 4.0)],
        Class::Vowel => [(-5.0, 9.5), (-15.0, 4.0)],
        Class::Glide => [(-9.0, 7.0), (-19.0, 4.0)],
        Class::Nasal => [(-11.0, 7.5), (-20.0, 4.0)],
        Class::Stop => [(-20.0, 7.5), (-8.0, 4.4)],
        Class::VoicedStop => [(-18.0, 7.8), (-17.0, 4.0)],
        Class::Hiss => [(-15.0, 6.0), (-5.4, 4.0)],
        Class::VoicedHiss => [(-18.0, 7.0), (-11.0, 4.0)],
        Class::Breath => [(-25.0, 6.0), (-9.0, 4.0)],
        Class::VoicedBreath => [(-18.6, 6.2), (-18.8, 4.0)],
    }
}

const CLASSES: [Class; 10] = [
    Class::Pause,
    Class::Vowel,
    Class::Glide,
    Class::Nasal,
    Class::Stop,
    Class::VoicedStop,
    Class::Hiss,
    Class::VoicedHiss,
    Class::Breath,
    Class::VoicedBreath,
];

/// Cuts a sound into steps of [`STEP_MS`].
pub(super) fn steps(samples: &[f32]) -> Vec<Step> {
    let keep = (-std::f32::consts::TAU * BRIGHT_HZ / RATE as f32).exp();
    let mut dull = 0.0;
    let bright: Vec<f32> = samples
        .iter()
        .map(|&sample| {
            dull = sample + (dull - sample) * keep;
            sample - dull
        })
        .collect();
    // Each step is heard with half of its neighbours.
    let power = |of: &[f32], at: usize| {
        let from = (at * STEP).saturating_sub(STEP / 2);
        let window = &of[from..(at * STEP + STEP * 3 / 2).min(of.len())];
        window.iter().map(|it| it * it).sum::<f32>() / window.len().max(1) as f32 + 1e-10
    };
    let count = samples.len().div_ceil(STEP);
    let all: Vec<f32> = (0..count).map(|at| decibels(power(samples, at))).collect();
    let top = near_top(&all);
    if top < SILENCE {
        return vec![Step { loud: QUIET, bright: -20.0 }; count];
    }
    (0..count)
        .map(|at| {
            let loud = (all[at] - top).max(QUIET);
            let bright = decibels(power(&bright, at)) - all[at];
            Step { loud, bright: if loud <= QUIET { -20.0 } else { bright.clamp(-20.0, 0.0) } }
        })
        .collect()
}

fn decibels(power: f32) -> f32 {
    10.0 * power.log10()
}

/// The 95th percentile; 0 of nothing.
pub(super) fn near_top(values: &[f32]) -> f32 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    sorted.get(sorted.len() * 95 / 100).copied().unwrap_or_default()
}

/// When each of what is sought ends, in milliseconds, in order. The first and the last should be pauses, which may last no time.
/// None where it cannot all be there.
pub(super) fn find(steps: &[Step], sought: &[Sought]) -> Option<Vec<u32>> {
    let costs = Costs::new(steps);
    let lengths = lengths(steps, sought)?;
    let slack = (steps.len() / 4).clamp(LEAST_SLACK, MOST_SLACK);
    let mut expected = 0.0;
    let mut rows: Vec<Row> = Vec::with_capacity(sought.len());
    let mut before = Row { from: 0, cost: vec![0.0], took: vec![0] };
    for (sought, &length) in sought.iter().zip(&lengths) {
        expected += length;
        let middle = expected.round() as usize;
        let from = middle.saturating_sub(slack);
        let row = next_row(&before, (from, (middle + slack).min(steps.len())), sought.class, length, &costs);
        rows.push(std::mem::replace(&mut before, row));
    }
    rows.push(before);
    back(&rows, steps.len())
}

/// What it costs to have reached each step when a sound ends there, and how many steps that sound took.
struct Row {
    from: usize,
    cost: Vec<f32>,
    took: Vec<u16>,
}

/// What a class costs up to each step.
struct Costs(Vec<Vec<f32>>);

impl Costs {
    fn new(steps: &[Step]) -> Self {
        Self(
            CLASSES
                .map(|class| {
                    let [(loud, loud_by), (bright, bright_by)] = usual(class);
                    let mut sum = 0.0;
                    let up_to = steps.iter().map(|step| {
                        let far = ((step.loud - loud) / loud_by).powi(2)
                            + ((step.bright - bright) / bright_by).powi(2);
                        sum += (far / 2.0).min(MOST_A_STEP) * SOUND_WEIGHT;
                        sum
                    });
                    std::iter::once(0.0).chain(up_to).collect()
                })
                .to_vec(),
        )
    }

    fn up_to(&self, class: Class) -> &[f32] {
        &self.0[class as usize]
    }
}

/// How many steps each of what is sought usually takes at the pace of this voice; none where nothing is heard.
fn lengths(steps: &[Step], sought: &[Sought]) -> Option<Vec<f32>> {
    let sounding = steps.iter().filter(|step| step.loud > SOUNDING).count() as f32;
    let (mut sounds, mut pauses) = (0.0, 0.0);
    for it in sought {
        *(if it.class == Class::Pause { &mut pauses } else { &mut sounds }) += it.ms;
    }
    if sounding < 1.0 || sounds <= 0.0 {
        return None;
    }
    let silent = steps.len() as f32 - sounding;
    Some(
        sought
            .iter()
            .map(|it| {
                let (all, share) =
                    if it.class == Class::Pause { (silent, pauses) } else { (sounding, sounds) };
                it.ms * all / f32::max(share, 1.0)
            })
            .collect(),
    )
}

fn next_row(before: &Row, (from, to): (usize, usize), class: Class, length: f32, costs: &Costs) -> Row {
    let up_to = costs.up_to(class);
    let (least, most, by) = if class == Class::Pause {
        (0, (length * 3.0) as usize + 40, (0.7 * length).max(12.0))
    } else {
        (1, (length * 3.0) as usize + 2, (0.35 * length).max(1.0))
    };
    let mut row = Row { from, cost: vec![f32::INFINITY; (to + 1).saturating_sub(from)], took: Vec::new() };
    row.took = vec![0; row.cost.len()];
    let ends = before.from + before.cost.len();
    for took in least..=most {
        let odd = ((took as f32 - length) / by).powi(2) / 2.0;
        // Where the sound before may have ended.
        for began in from.saturating_sub(took).max(before.from)..ends.min((to + 1).saturating_sub(took)) {
            let ended = began + took;
            let cost = before.cost[began - before.from] + odd + up_to[ended] - up_to[began];
            let so_far = &mut row.cost[ended - from];
            if cost < *so_far {
                *so_far = cost;
                row.took[ended - from] = took as u16;
            }
        }
    }
    row
}

/// Follows the cheapest way back from the end.
fn back(rows: &[Row], end: usize) -> Option<Vec<u32>> {
    let mut at = end;
    let mut ends = Vec::with_capacity(rows.len());
    for row in rows.iter().skip(1).rev() {
        let here = at.checked_sub(row.from)?;
        if !row.cost.get(here)?.is_finite() {
            return None;
        }
        ends.push(at as u32 * STEP_MS);
        at -= usize::from(row.took[here]);
    }
    ends.reverse();
    Some(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many milliseconds of a tone, of hiss, or of nothing.
    fn sound(parts: &[(Class, u32)]) -> Vec<f32> {
        let mut made = Vec::new();
        let mut hiss = 1_u32;
        for &(class, ms) in parts {
            for at in 0..RATE / 1_000 * ms {
                hiss = hiss.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                made.push(match class {
                    Class::Vowel => (at as f32 * 0.05).sin() * 0.5,
                    Class::Hiss => ((hiss >> 16) as f32 / 32_768.0 - 1.0) * 0.15,
                    _ => 0.0,
                });
            }
        }
        made
    }

    fn found(heard: &[(Class, u32)], sought: &[(Class, f32)]) -> Option<Vec<u32>> {
        let sought: Vec<Sought> = sought.iter().map(|&(class, ms)| Sought { class, ms }).collect();
        find(&steps(&sound(heard)), &sought)
    }

    #[test]
    fn sounds_are_found_where_they_are_and_not_where_their_length_would_put_them() {
        use Class::{Hiss, Pause, Vowel};
        let heard =
            [(Pause, 120), (Vowel, 200), (Hiss, 90), (Vowel, 100), (Pause, 300), (Hiss, 150), (Vowel, 250)];
        let sought = [
            (Pause, 20.0),
            (Vowel, 100.0),
            (Hiss, 80.0),
            (Vowel, 100.0),
            (Pause, 180.0),
            (Hiss, 80.0),
            (Vowel, 100.0),
            (Pause, 40.0),
        ];
        let ends = found(&heard, &sought).expect("it is all there");
        for (found, true_end) in ends.iter().zip([120, 320, 410, 510, 810, 960, 1_210, 1_210]) {
            assert!(found.abs_diff(true_end) <= 20, "{ends:?}");
        }
    }

    #[test]
    fn what_cannot_be_there_is_not_found() {
        assert!(found(&[(Class::Pause, 500)], &[(Class::Vowel, 100.0)]).is_none());
        assert!(found(&[(Class::Vowel, 30)], &[(Class::Vowel, 100.0); 9]).is_none());
        assert!(found(&[], &[(Class::Vowel, 100.0)]).is_none());
        assert!(find(&steps(&[0.5; 4_800]), &[]).is_none());
    }

    #[test]
    fn a_minute_is_searched_in_passable_time() {
        let begun = std::time::Instant::now();
        let heard: Vec<_> = (0..300).flat_map(|_| [(Class::Vowel, 120), (Class::Hiss, 80)]).collect();
        let sought: Vec<_> = (0..300).flat_map(|_| [(Class::Vowel, 100.0), (Class::Hiss, 80.0)]).collect();
        let ends = found(&heard, &sought).expect("it is all there");
        assert!(ends[301].abs_diff(151 * 200) <= 20, "{}", ends[301]);
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}
