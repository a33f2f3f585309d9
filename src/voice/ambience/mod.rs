//! What is heard of the world behind the window: eight scenes, one for each theme, made by code, endless, and hardly there.
//!
//! Each is chance from a seed, shaped: no piece of it comes again. None holds a word, a melody or anything sudden. They are about
//! -46 LUFS loud, and a scene gives way to the next over three seconds.

mod parts;
mod scenes;

use scenes::Scene;

use super::dsp::gain;
use super::speech::RATE;
use crate::dialogue::theme::Theme;

/// How long a scene takes to give way, in samples.
const FADE: f32 = 3.0 * RATE as f32;
/// By how many decibels each scene is turned up or down so that all of them are about -46 LUFS, in the order of [`Theme::ALL`]:
/// measured over two minutes.
const TRIMS: [f32; 8] = [1.7, 5.3, 2.4, 3.9, 6.1, 5.0, 4.2, 5.4];

/// The sound behind the window. It allocates nothing once it is made.
pub struct Ambience {
    scenes: [Heard; 8],
    shown: Option<Theme>,
}

/// A scene, and how far it is faded in.
struct Heard {
    scene: Box<dyn Scene>,
    theme: Theme,
    gain: f32,
    /// 0 to 1.
    share: f32,
}

impl std::fmt::Debug for Ambience {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ambience").field("shown", &self.shown).finish_non_exhaustive()
    }
}

impl Ambience {
    /// Silence, from which any scene may come. The same seed makes the same sound.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut trims = TRIMS.into_iter();
        let scenes = Theme::ALL.map(|theme| Heard {
            scene: scenes::of(theme, seed),
            theme,
            gain: gain(trims.next().unwrap_or_default()),
            share: 0.0,
        });
        Self { scenes, shown: None }
    }

    /// Goes over to the scene of a theme, or to silence.
    pub fn show(&mut self, theme: Option<Theme>) {
        self.shown = theme;
    }

    /// What is shown, or comes.
    #[must_use]
    pub fn shown(&self) -> Option<Theme> {
        self.shown
    }

    /// The next sample, left and right.
    pub fn frame(&mut self) -> [f32; 2] {
        let mut out = [0.0; 2];
        for heard in &mut self.scenes {
            let to: f32 = if self.shown == Some(heard.theme) { 1.0 } else { 0.0 };
            heard.share += (to - heard.share).clamp(-1.0 / FADE, 1.0 / FADE);
            // A scene that nobody hears stands still.
            if heard.share > 0.0 {
                // The roots of two shares are together always as loud as one.
                let loud = heard.share.sqrt() * heard.gain;
                let [left, right] = heard.scene.next();
                out[0] += left * loud;
                out[1] += right * loud;
            }
        }
        out
    }

    /// Adds the next piece to interleaved stereo.
    pub fn add(&mut self, stereo: &mut [f32]) {
        for out in stereo.chunks_exact_mut(2) {
            let [left, right] = self.frame();
            out[0] += left;
            out[1] += right;
        }
    }
}

#[cfg(test)]
mod tests {
    use ebur128::{EbuR128, Mode};

    use super::*;

    /// So many seconds of a scene, when it has come.
    fn heard(theme: Theme, seed: u64, seconds: usize) -> Vec<[f32; 2]> {
        let mut ambience = Ambience::new(seed);
        ambience.show(Some(theme));
        (0..3 * RATE).for_each(|_| {
            ambience.frame();
        });
        (0..seconds * RATE as usize).map(|_| ambience.frame()).collect()
    }

    fn loudness(sound: &[[f32; 2]]) -> f64 {
        let mut meter = EbuR128::new(2, RATE, Mode::I).expect("a meter");
        meter.add_frames_f32(sound.as_flattened()).expect("measured");
        meter.loudness_global().expect("loud enough")
    }

    #[test]
    fn every_scene_is_equally_quiet() {
        let found = Theme::ALL.map(|theme| (theme, loudness(&heard(theme, 7, 60))));
        for (theme, loud) in found {
            assert!((loud + 46.0).abs() < 2.0, "{theme:?}: {loud} LUFS of {found:.1?}");
        }
    }

    #[test]
    fn nothing_in_a_scene_is_sudden() {
        for theme in Theme::ALL {
            let sound = heard(theme, 3, 60);
            let peak = sound.as_flattened().iter().fold(0.0_f32, |most, it| most.max(it.abs()));
            assert!(peak < 0.06, "{theme:?}: {peak}");
            assert!(sound.as_flattened().iter().all(|it| it.is_finite() && !it.is_subnormal()));
        }
    }

    #[test]
    fn no_scene_leans_to_a_side_and_none_is_in_the_middle_of_the_head() {
        for theme in Theme::ALL {
            let sound = heard(theme, 3, 30);
            let sum = |of: fn(&[f32; 2]) -> f32| sound.iter().map(of).sum::<f32>();
            let (left, right) = (sum(|it| it[0] * it[0]), sum(|it| it[1] * it[1]));
            let lean = 10.0 * (left / right).log10();
            assert!(lean.abs() < 4.0, "{theme:?} leans by {lean} dB");
            let alike = sum(|it| it[0] * it[1]) / (left * right).sqrt();
            assert!(alike < 0.9, "{theme:?}: {alike}");
        }
    }

    #[test]
    fn a_scene_does_not_come_again_and_is_the_same_from_the_same_seed() {
        for theme in Theme::ALL {
            let (one, same, other) = (heard(theme, 1, 2), heard(theme, 1, 2), heard(theme, 2, 2));
            assert!(one == same && one != other, "{theme:?}");
            assert!(one[..RATE as usize] != one[RATE as usize..], "{theme:?}");
        }
    }

    #[test]
    fn scenes_give_way_without_a_gap_or_a_jump() {
        let mut ambience = Ambience::new(5);
        assert!((0..1_000).all(|_| ambience.frame() == [0.0; 2]));
        let mut last = [0.0_f32; 2];
        let mut second = |ambience: &mut Ambience| {
            let mut power = 0.0;
            for _ in 0..RATE {
                let out = ambience.frame();
                assert!((out[0] - last[0]).abs() < 0.03 && (out[1] - last[1]).abs() < 0.03);
                power += out[0] * out[0] + out[1] * out[1];
                last = out;
            }
            10.0 * (power / RATE as f32).log10()
        };
        ambience.show(Some(Theme::Work));
        let coming: Vec<f32> = (0..4).map(|_| second(&mut ambience)).collect();
        assert!(coming[0] < coming[2] - 3.0, "{coming:?}");
        ambience.show(Some(Theme::Ideal));
        // Before it has come, it is another one.
        second(&mut ambience);
        ambience.show(Some(Theme::Body));
        for _ in 0..4 {
            assert!(second(&mut ambience) > coming[3] - 12.0);
        }
        ambience.show(None);
        (0..4).for_each(|_| {
            second(&mut ambience);
        });
        assert_eq!(ambience.frame(), [0.0; 2]);
        assert_eq!(ambience.shown(), None);
    }

    #[test]
    fn a_piece_is_added_to_what_is_there() {
        let (mut one, mut other) = (Ambience::new(2), Ambience::new(2));
        one.show(Some(Theme::Money));
        other.show(Some(Theme::Money));
        let mut stereo = [0.5; 2_000];
        one.add(&mut stereo);
        for pair in stereo.chunks(2) {
            let [left, right] = other.frame();
            assert!((pair[0] - 0.5 - left).abs() < 1e-6 && (pair[1] - 0.5 - right).abs() < 1e-6);
        }
    }
}
