//! The detector that is built in (the crate `earshot`, with its network inside).

use earshot::Detector;

use super::{Limits, VoiceActivity};
use crate::models::onnx::OnnxError;

/// Samples in a frame: 16 ms.
const FRAME: usize = 256;

/// Hears speech with a network of a few kilobytes, half a millisecond of work for a second of sound. Plucked music and
/// drones are speech to it.
pub struct Earshot(Box<Detector>);

impl Default for Earshot {
    fn default() -> Self {
        Self(Detector::default_boxed())
    }
}

impl VoiceActivity for Earshot {
    fn name(&self) -> &'static str {
        "earshot"
    }

    fn frame(&self) -> usize {
        FRAME
    }

    fn limits(&self) -> Limits {
        Limits { silence_ms: 200, ..Limits::default() }
    }

    fn hear(&mut self, frame: &[f32]) -> Result<f32, OnnxError> {
        Ok(self.0.predict_f32(frame).clamp(0.0, 1.0))
    }

    fn reset(&mut self) {
        self.0.reset();
    }
}
