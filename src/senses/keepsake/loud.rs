//! How loud somebody is, and by how much that is changed when they hear themselves.

/// How loud the person is when they hear themselves, in decibels of the mean power of their voice below the loudest there is:
/// as loud as the Patient.
const LOUD: f32 = -19.3;
/// No peak of their voice, but for the rarest, is higher, in decibels below the loudest there is, and nothing is lifted by more.
const PEAK: f32 = -3.0;
const MOST_LIFT: f32 = 24.0;
/// Loudness is taken over so many milliseconds. Of those steps so many in a hundred are no louder than one; what is more than
/// this below it, in decibels, is a pause, and what is so much above it a knock.
const STEP_MS: u32 = 20;
const LOUD_STEP: usize = 95;
const VOICED: f64 = -25.0;
const KNOCK: f64 = 10.0;
/// Samples are told apart by whole decibels, down to this; one in so many is looked at, and one in so many of those may be
/// louder than what counts as the peak.
const LEVELS: usize = 96;
const LOOKED_AT: usize = 4;
const RARE: u64 = 200;

/// How loud the voice in an utterance is.
pub(super) struct Loudness {
    /// Its mean power, over so many samples.
    power: (f64, usize),
    /// How many of those that were looked at are so many decibels below the loudest there is.
    levels: [u32; LEVELS],
}

impl Loudness {
    /// Of a sound of so many samples a second.
    pub(super) fn of(sound: &[f32], rate: u32) -> Self {
        let step = (rate * STEP_MS / 1_000).max(1) as usize;
        let power =
            |step: &[f32]| step.iter().map(|it| f64::from(*it).powi(2)).sum::<f64>() / step.len() as f64;
        let steps: Vec<(f64, &[f32])> = sound.chunks_exact(step).map(|step| (power(step), step)).collect();
        let mut sorted: Vec<f64> = steps.iter().map(|(power, _)| *power).collect();
        sorted.sort_by(f64::total_cmp);
        let loud = sorted.get(sorted.len() * LOUD_STEP / 100).copied().unwrap_or_default();
        let (least, most) = (loud * 10_f64.powf(VOICED / 10.0), loud * 10_f64.powf(KNOCK / 10.0));
        let is_voice = |power: f64| power > 0.0 && power >= least && power <= most;
        let (mut sum, mut voiced, mut levels) = (0.0, 0_usize, [0; LEVELS]);
        for (power, samples) in steps.into_iter().filter(|(power, _)| is_voice(*power)) {
            sum += power;
            voiced += 1;
            for sample in samples.iter().step_by(LOOKED_AT) {
                let below = (-20.0 * sample.abs().max(f32::MIN_POSITIVE).log10()).max(0.0) as usize;
                levels[below.min(LEVELS - 1)] += 1;
            }
        }
        Self { power: (sum / voiced.max(1) as f64, voiced * step), levels }
    }
}

/// The same for all that they hear of themselves: by it their voice, over the whole evening, is as loud as the Patient's; but
/// what is loud in it does not clip, and what was whispered stays quieter than what was not. A knock decides nothing.
pub(super) fn gain<'a>(said: impl Iterator<Item = &'a Loudness>) -> f32 {
    let (mut sum, mut samples, mut levels) = (0.0, 0, [0_u64; LEVELS]);
    for said in said {
        sum += said.power.0 * said.power.1 as f64;
        samples += said.power.1;
        for (all, of_it) in levels.iter_mut().zip(said.levels) {
            *all += u64::from(of_it);
        }
    }
    let (rare, mut louder) = (levels.iter().sum::<u64>() / RARE, 0_u64);
    let below = levels.iter().position(|samples| {
        louder += samples;
        louder > rare
    });
    let Some(below) = below else { return 1.0 };
    let loud = 10.0 * (sum / samples as f64).log10() as f32;
    let lift = (LOUD - loud).min(PEAK + below as f32).min(MOST_LIFT);
    10_f32.powf(lift / 20.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 48_000;

    /// A second of a tone.
    fn tone(loud: f32) -> Vec<f32> {
        (0..RATE).map(|at| loud * (at as f32 * 0.03).sin()).collect()
    }

    fn gain_of(said: &[Vec<f32>]) -> f32 {
        let said: Vec<Loudness> = said.iter().map(|sound| Loudness::of(sound, RATE)).collect();
        gain(said.iter())
    }

    #[test]
    fn all_is_made_louder_by_the_same_and_a_call_does_not_clip() {
        let one = |loud| gain_of(&[tone(loud)]);
        assert!((one(0.0153) - 10.0).abs() < 0.3, "{}", one(0.0153));
        assert!((one(0.00001) - 15.85).abs() < 0.1, "silence is not lifted out of all bounds");
        assert!((one(0.9) - 0.17).abs() < 0.02, "{}", one(0.9));
        assert!((gain_of(&[]) - 1.0).abs() < 0.01);
        // A whisper, and a call that is as loud as can be: the call decides.
        let mut said = vec![tone(0.005); 7];
        said.push(tone(1.0));
        assert!(gain_of(&said) <= 0.71, "{}", gain_of(&said));
    }

    #[test]
    fn a_knock_makes_nobody_quieter() {
        let mut knocked = tone(0.0153);
        knocked[24_000..24_200].fill(1.0);
        let gain = gain_of(&[tone(0.0153), knocked]);
        assert!((gain - gain_of(&[tone(0.0153)])).abs() < 0.3, "{gain}");
    }
}
