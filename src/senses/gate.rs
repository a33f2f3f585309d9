//! What of the sound is the person's voice: somebody speaks, and louder than the room does anyway. Voices in the background
//! are speech to every detector; they are no louder than the background.

use std::collections::VecDeque;

use super::voice_activity::VoiceActivity;
use crate::models::onnx::OnnxError;
use crate::sound::RATE;

/// For how long the room's own loudness is remembered, in seconds.
const REMEMBERS: f32 = 8.0;
/// It is how loud the quietest tenth of that time was.
const QUIETEST: f32 = 0.1;
/// A voice that is so many decibels louder than that is not heard yet, and one that is so much louder is.
const ABOVE: (f32, f32) = (6.0, 10.0);
/// Anything quieter than this is silence, whatever it is, in decibels below the loudest there is.
const SILENCE: f32 = -60.0;
/// Over so many frames loudness is taken: a syllable.
const FRAMES: usize = 3;
/// So much has to be known of the room before anything is held against a voice, in seconds.
const KNOWN: f32 = 0.3;

/// Lets the person's voice through.
pub struct Gate {
    detector: Box<dyn VoiceActivity>,
    /// Loudness of each frame, in decibels; the last is the latest.
    room: VecDeque<f32>,
    /// Power of the last few frames.
    latest: VecDeque<f32>,
    sorted: Vec<f32>,
    /// How far the last frame was above the room, 0 to 1.
    above: f32,
}

impl Gate {
    /// With this detector.
    #[must_use]
    pub fn new(detector: Box<dyn VoiceActivity>) -> Self {
        Self { detector, room: VecDeque::new(), latest: VecDeque::new(), sorted: Vec::new(), above: 0.0 }
    }

    /// Samples in a frame.
    #[must_use]
    pub fn frame(&self) -> usize {
        self.detector.frame()
    }

    /// From which likelihood on a frame has a voice in it, and below which it has none.
    #[must_use]
    pub fn limits(&self) -> (f32, f32) {
        let limits = self.detector.limits();
        (limits.on, limits.off)
    }

    /// How likely it is that the person speaks, 0 to 1.
    ///
    /// # Errors
    /// When the network behind the detector fails.
    pub fn hear(&mut self, frame: &[f32]) -> Result<f32, OnnxError> {
        let speech = self.detector.hear(frame)?;
        let loud = self.loudness(frame);
        let floor = self.floor();
        let seconds = frame.len() as f32 / RATE as f32;
        if self.room.len() as f32 * seconds >= REMEMBERS {
            self.room.pop_front();
        }
        self.room.push_back(loud);
        let known = self.room.len() as f32 * seconds >= KNOWN;
        let above = if known { (loud - floor - ABOVE.0) / (ABOVE.1 - ABOVE.0) } else { 1.0 };
        self.above = if loud < SILENCE { 0.0 } else { above.clamp(0.0, 1.0) };
        Ok(speech * self.above)
    }

    /// Whether what was heard last is louder than the room by itself.
    #[must_use]
    pub fn is_above(&self) -> bool {
        self.above > 0.5
    }

    /// Another sound begins.
    pub fn reset(&mut self) {
        self.detector.reset();
        self.room.clear();
        self.latest.clear();
    }

    /// Of this frame and those just before it, in decibels.
    fn loudness(&mut self, frame: &[f32]) -> f32 {
        let power = frame.iter().map(|it| it * it).sum::<f32>() / frame.len().max(1) as f32;
        if self.latest.len() == FRAMES {
            self.latest.pop_front();
        }
        self.latest.push_back(power);
        let mean = self.latest.iter().sum::<f32>() / self.latest.len() as f32;
        10.0 * mean.max(1e-10).log10()
    }

    /// How loud the room is by itself, in decibels.
    fn floor(&mut self) -> f32 {
        self.sorted.clear();
        self.sorted.extend(&self.room);
        if self.sorted.is_empty() {
            return SILENCE;
        }
        let at = (self.sorted.len() as f32 * QUIETEST) as usize;
        *self.sorted.select_nth_unstable_by(at, f32::total_cmp).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::senses::voice_activity::Limits;

    /// A detector to which everything is speech.
    struct Gullible;

    impl VoiceActivity for Gullible {
        fn name(&self) -> &'static str {
            "gullible"
        }

        fn frame(&self) -> usize {
            512
        }

        fn limits(&self) -> Limits {
            Limits::default()
        }

        fn hear(&mut self, _frame: &[f32]) -> Result<f32, OnnxError> {
            Ok(1.0)
        }

        fn reset(&mut self) {}
    }

    /// How likely it is held to be after so many frames of this loudness each.
    fn likely(loud: &[(usize, f32)]) -> Vec<f32> {
        let mut gate = Gate::new(Box::new(Gullible));
        loud.iter()
            .map(|&(frames, loud)| {
                let frame = vec![10_f32.powf(loud / 20.0); gate.frame()];
                (0..frames).map(|_| gate.hear(&frame).expect("it hears")).fold(0.0, |_, last| last)
            })
            .collect()
    }

    #[test]
    fn a_voice_above_the_room_is_heard_and_the_room_is_not() {
        let [room, voice, after] = likely(&[(60, -40.0), (20, -25.0), (60, -40.0)])[..] else {
            panic!("three")
        };
        assert!(room < 0.1 && voice > 0.9 && after < 0.1, "{room}, {voice}, {after}");
    }

    #[test]
    fn a_room_that_grows_louder_is_the_room_after_a_while() {
        let likely = likely(&[(300, -60.0), (5, -30.0), (300, -30.0)]);
        assert!(likely[1] > 0.9 && likely[2] < 0.1, "{likely:?}");
    }

    #[test]
    fn nothing_is_held_against_the_first_word_of_all() {
        assert_eq!(likely(&[(5, -20.0)]), [1.0]);
    }

    #[test]
    fn silence_is_no_voice_whatever_is_heard_in_it() {
        assert_eq!(likely(&[(5, -70.0), (5, -90.0)]), [0.0, 0.0]);
    }
}
