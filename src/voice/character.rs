//! The three voices. What a figure is like is settled twice: in how the program is asked to speak ([`Ask`]), and in what is
//! done to the sound afterwards ([`dress`]). A voice of a server gets the second alone, and gently.
//!
//! The Devil's follows its strength without a step: low, close and rough when it is strong, and nearly plain, higher and small
//! when it has given ground.

use super::dsp::{Biquad, Follower, Noise, OnePole, gain};
use super::mouth;
use super::speech::{RATE, Sentence, Speech};
use crate::dialogue::agent::{Agent, Manner};
use crate::dialogue::strength::{FLOOR, Strength};

/// How strong it is at the most.
const STRONGEST: f32 = 0.95;
/// How long before its end a sentence is cut that breaks off, and how long that takes, in samples.
const CUT: usize = RATE as usize * 70 / 1_000;
const CUT_FADE: usize = RATE as usize * 12 / 1_000;
/// Where the sound of a sentence ends: what is quieter than this share of its loudest moment is its end.
const OVER: f32 = 0.03;

/// How the program `espeak-ng` is asked to speak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ask {
    /// Its variant of a voice.
    pub(super) variant: &'static str,
    /// 0 to 99.
    pub(super) pitch: f32,
    /// How far the pitch moves, in per cent of what it usually does.
    pub(super) range: f32,
    /// Words a minute, as the program counts them; it speaks about a fifth more.
    pub(super) pace: f32,
    /// Silence between words, in hundredths of a second.
    pub(super) gap: u32,
    /// How much smaller than usual the body is: above 1 for a small one.
    pub(super) size: f32,
}

/// What is done to the sound of a voice.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Colour {
    /// What is below this pitch is left out.
    thin_hz: f32,
    /// Decibels below 220 Hz: closeness.
    body: f32,
    /// Decibels at 1.1 kHz and above, and at 3.2 kHz and above: darkness.
    middle: f32,
    bright: f32,
    /// How much breath goes with the voice, in decibels below it.
    breath: f32,
    /// How far every other beat of the voice is held back, 0 to 1: roughness, an octave below.
    rough: f32,
    /// How hard it is driven, 0 to 1.
    drive: f32,
}

const PLAIN: Colour =
    Colour { thin_hz: 60.0, body: 0.0, middle: 0.0, bright: -2.0, breath: -90.0, rough: 0.0, drive: 0.0 };
const PATIENT: Colour = Colour { thin_hz: 110.0, body: -2.0, bright: -5.0, breath: -29.0, ..PLAIN };
const GUIDE: Colour = Colour { body: 2.5, middle: -1.0, bright: -2.5, breath: -40.0, ..PLAIN };
const DEVIL_STRONG: Colour =
    Colour { thin_hz: 45.0, body: 4.0, middle: -5.5, bright: -7.0, breath: -33.0, rough: 0.28, drive: 0.5 };
const DEVIL_WEAK: Colour = Colour { thin_hz: 170.0, body: -3.0, middle: 0.0, bright: -2.0, ..PLAIN };

/// How far towards its strongest the Devil is, 0 to 1.
fn power(strength: Strength) -> f32 {
    ((strength.value() - FLOOR) / (STRONGEST - FLOOR)).clamp(0.0, 1.0)
}

fn between(weak: f32, strong: f32, power: f32) -> f32 {
    weak + (strong - weak) * power
}

/// How the program is asked to speak a sentence.
pub(super) fn ask(sentence: &Sentence<'_>) -> Ask {
    let power = power(sentence.strength);
    let plain = match sentence.agent {
        Agent::Patient => Ask { variant: "f5", pitch: 42.0, range: 80.0, pace: 119.0, gap: 1, size: 1.06 },
        Agent::Devil => Ask {
            variant: "m1",
            pitch: between(84.0, 42.0, power),
            range: between(90.0, 65.0, power),
            pace: between(130.0, 116.0, power),
            gap: 0,
            size: between(1.1, 0.93, power),
        },
        Agent::Guide | Agent::Trigger => {
            Ask { variant: "m7", pitch: 78.0, range: 75.0, pace: 118.0, gap: 0, size: 0.99 }
        }
    };
    match sentence.manner {
        Manner::Soft => {
            Ask { pitch: plain.pitch - 7.0, range: plain.range * 0.85, pace: plain.pace * 0.88, ..plain }
        }
        Manner::Plain | Manner::BrokenOff | Manner::Shown => plain,
    }
}

fn colour(sentence: &Sentence<'_>) -> Colour {
    let plain = match sentence.agent {
        Agent::Patient => PATIENT,
        Agent::Guide | Agent::Trigger => GUIDE,
        Agent::Devil => DEVIL_WEAK.towards(DEVIL_STRONG, power(sentence.strength)),
    };
    match sentence.manner {
        Manner::Soft => Colour { bright: plain.bright - 2.5, breath: plain.breath + 2.0, ..plain },
        Manner::Plain | Manner::BrokenOff | Manner::Shown => plain,
    }
}

impl Colour {
    fn towards(self, strong: Self, power: f32) -> Self {
        let each = |weak, strong| between(weak, strong, power);
        Self {
            // Pitches and decibels of noise are heard by their ratios.
            thin_hz: self.thin_hz * (strong.thin_hz / self.thin_hz).powf(power),
            body: each(self.body, strong.body),
            middle: each(self.middle, strong.middle),
            bright: each(self.bright, strong.bright),
            breath: each(self.breath.max(-50.0), strong.breath),
            // What is rough is soon heard as rough: it goes first.
            rough: strong.rough * power * power,
            drive: strong.drive * power * power,
        }
    }

    /// Half of it, without what changes the voice itself: for a voice that is somebody's own.
    fn gently(self) -> Self {
        Self {
            thin_hz: self.thin_hz.min(90.0),
            body: self.body * 0.5,
            middle: self.middle * 0.5,
            bright: self.bright * 0.5,
            breath: -90.0,
            rough: 0.0,
            drive: 0.0,
        }
    }
}

/// Makes the sound of a sentence that of the figure: what is dark becomes dark, what breaks off breaks off. Mouth and words are
/// kept in step with it. `natural` says that the voice is one of a server, which is only coloured a little.
pub fn dress(speech: &mut Speech, sentence: &Sentence<'_>, natural: bool) {
    let colour = if natural { colour(sentence).gently() } else { colour(sentence) };
    if colour.rough > 0.0 {
        roughen(&mut speech.samples, colour.rough);
    }
    breathe_and_colour(&mut speech.samples, colour);
    if sentence.manner == Manner::BrokenOff {
        break_off(speech);
    }
    mouth::follow(speech);
}

fn breathe_and_colour(samples: &mut [f32], colour: Colour) {
    let mut thin = Biquad::high_pass(colour.thin_hz);
    let mut body = Biquad::low_shelf(220.0, colour.body);
    let mut middle = Biquad::high_shelf(1_100.0, colour.middle);
    let mut bright = Biquad::high_shelf(3_200.0, colour.bright);
    let mut air = [Biquad::high_pass(1_200.0), Biquad::low_pass(5_500.0)];
    let mut loud = Follower::new(0.008, 0.05);
    let mut noise = Noise::new(11);
    // The follower gives about what the loud moments are; the noise that is left between the two filters is about 0.3.
    let breath = gain(colour.breath) / 0.3;
    let drive = 1.0 + 3.0 * colour.drive;
    for sample in samples {
        let [high, low] = &mut air;
        let air = low.next(high.next(noise.next())) * loud.next(*sample) * breath;
        let voice = middle.next(body.next(thin.next(*sample)));
        // Driven around where it mostly is, and back, so that it gets no louder.
        let driven = if colour.drive > 0.0 { (voice * drive).tanh() / drive } else { voice };
        *sample = bright.next(between(voice, driven, colour.drive) + air);
    }
}

/// Holds every other beat of a voice back, as a voice does by itself when it is pressed. Nothing is shifted in pitch: the octave
/// below is what two unequal beats make.
fn roughen(samples: &mut [f32], depth: f32) {
    // The beat shows where all but the lowest is left out.
    let (mut low, mut lower) = (Biquad::low_pass(160.0), Biquad::low_pass(160.0));
    let mut ease = OnePole::new(250.0);
    let shortest = RATE as usize / 190;
    let (mut before, mut since, mut held) = (0.0_f32, 0_usize, false);
    for sample in samples {
        let beat = lower.next(low.next(*sample));
        since += 1;
        if before <= 0.0 && beat > 0.0 && since >= shortest {
            (held, since) = (!held, 0);
        }
        before = beat;
        let back = ease.next(if held { depth } else { 0.0 });
        *sample *= 1.0 - back;
    }
}

/// Cuts a sentence off in its last vowel.
fn break_off(speech: &mut Speech) {
    let loudest = speech.samples.iter().fold(0.0_f32, |most, it| most.max(it.abs()));
    let Some(last) = speech.samples.iter().rposition(|it| it.abs() > OVER * loudest) else { return };
    // What is hardly longer than the cut stays.
    let end = if last > 4 * CUT { last - CUT } else { last };
    let from = end.saturating_sub(CUT_FADE);
    for (at, sample) in speech.samples[from..end].iter_mut().enumerate() {
        *sample *= 1.0 - at as f32 / CUT_FADE as f32;
    }
    // A breath of nothing, so that it does not stop like a machine.
    let rest = RATE as usize / 20;
    speech.samples.truncate(end);
    speech.samples.resize(end + rest, 0.0);
    let lasts = speech.lasts_ms();
    for word in &mut speech.words {
        word.at_ms = word.at_ms.min(lasts);
    }
    let ended = (end as u64 * 1_000 / u64::from(RATE)) as u32;
    speech.mouth.retain(|mouth| mouth.at_ms < ended);
}

#[cfg(test)]
mod tests {
    use super::super::dsp::measure::{power_at, rms};
    use super::super::speech::WordEnd;
    use super::*;

    fn devil(value: f32) -> Sentence<'static> {
        Sentence {
            text: "I",
            agent: Agent::Devil,
            manner: Manner::Plain,
            lang: "en",
            strength: Strength::from_belief(10).at_most(value),
        }
    }

    /// Half a second that beats 90 times a second, as a voice does.
    fn beats() -> Vec<f32> {
        (0..RATE as usize / 2)
            .map(|at| {
                let turn = at as f32 * 90.0 * std::f32::consts::TAU / RATE as f32;
                0.3 * turn.sin() + 0.15 * (2.0 * turn).sin() + 0.2 * (7.0 * turn).sin()
            })
            .collect()
    }

    fn dressed(sentence: &Sentence<'_>, natural: bool) -> Speech {
        let words = vec![WordEnd { at_ms: 495, chars: 1 }];
        let mut speech = Speech { samples: beats().into(), words, ..Speech::default() };
        dress(&mut speech, sentence, natural);
        speech
    }

    #[test]
    fn the_devil_changes_with_every_bit_of_its_strength_and_never_by_much() {
        let at = |step: u16| devil(0.12 + 0.001 * f32::from(step));
        let all = |sentence: &Sentence<'_>| {
            let (ask, colour) = (ask(sentence), colour(sentence));
            [
                ask.pitch,
                ask.range,
                ask.pace,
                50.0 * ask.size,
                colour.thin_hz / 2.0,
                colour.body,
                colour.bright,
            ]
        };
        for step in 0..830 {
            for (one, next) in all(&at(step)).into_iter().zip(all(&at(step + 1))) {
                assert!((one - next).abs() < 0.2, "{step}: {one} and {next}");
            }
        }
        let (strong, weak) = (all(&devil(0.95)), all(&devil(0.12)));
        assert!(strong[0] < weak[0] && strong[3] < weak[3] && strong[4] < weak[4] && strong[5] > weak[5]);
    }

    #[test]
    fn a_strong_devil_is_rough_by_an_octave_below_and_a_weak_one_is_not() {
        let below =
            |value| 10.0 * (power_at(&dressed(&devil(value), false).samples, 45.0 * 3.0) + 1e-12).log10();
        assert!(below(0.95) > below(0.12) + 12.0, "{} and {}", below(0.95), below(0.12));
    }

    #[test]
    fn a_voice_that_is_somebodys_own_is_hardly_changed() {
        for value in [0.95, 0.12] {
            let speech = dressed(&devil(value), true);
            let change = 20.0 * (rms(&speech.samples) / rms(&beats())).log10();
            assert!(change.abs() < 2.5, "{value}: {change} dB");
            assert!(speech.samples.len() == beats().len());
            let below = 10.0 * (power_at(&speech.samples, 135.0) / power_at(&speech.samples, 90.0)).log10();
            assert!(below < -30.0, "{below}");
        }
    }

    #[test]
    fn what_breaks_off_keeps_its_words_within_it() {
        let broken = dressed(&Sentence { manner: Manner::BrokenOff, ..devil(0.5) }, false);
        let lasts = broken.lasts_ms();
        assert!((470..=485).contains(&lasts), "{lasts}");
        assert_eq!(broken.words, [WordEnd { at_ms: lasts, chars: 1 }]);
        assert!(broken.mouth.iter().all(|mouth| mouth.at_ms <= lasts));
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        for natural in [true, false] {
            for manner in [Manner::Plain, Manner::BrokenOff] {
                let mut silence = Speech { samples: vec![0.0; 9_000].into(), ..Speech::default() };
                dress(&mut silence, &Sentence { manner, ..devil(0.95) }, natural);
                assert!(silence.samples.iter().all(|it| it.abs() <= 0.0));
            }
        }
        let mut none = Speech::default();
        dress(&mut none, &devil(0.95), false);
        assert!(none.samples.is_empty());
    }
}
