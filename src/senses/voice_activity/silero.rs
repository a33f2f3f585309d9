//! Silero's detector (Silero VAD v5, MIT; github.com/snakers4/silero-vad), where the person has its file.

use std::path::Path;

use super::{Limits, VoiceActivity};
use crate::models::onnx::{Input, Network, OnnxError, Tensor};
use crate::sound::RATE;

/// Samples in a frame: 32 ms. With each the network hears the end of the one before.
const FRAME: usize = 512;
const BEFORE: usize = 64;
/// What it carries on from frame to frame.
const STATE: [usize; 3] = [2, 1, 128];

/// Hears speech with Silero's network.
#[derive(Debug)]
pub struct Silero {
    network: Network,
    before: [f32; BEFORE],
    state: Vec<f32>,
}

impl Silero {
    /// Reads the network, and tries it on silence.
    ///
    /// # Errors
    /// [`OnnxError`] when the file cannot be read, or holds another network.
    pub fn load(path: &Path) -> Result<Self, OnnxError> {
        let network = Network::load(path, &["input", "state", "sr"], &["output", "stateN"])?;
        let state = vec![0.0; STATE.iter().product()];
        let mut silero = Self { network, before: [0.0; BEFORE], state };
        silero.hear(&[0.0; FRAME])?;
        silero.reset();
        Ok(silero)
    }
}

impl VoiceActivity for Silero {
    fn name(&self) -> &'static str {
        "Silero"
    }

    fn frame(&self) -> usize {
        FRAME
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }

    fn hear(&mut self, frame: &[f32]) -> Result<f32, OnnxError> {
        let heard = [&self.before[..], frame].concat();
        if let Some(end) = frame.last_chunk() {
            self.before = *end;
        }
        let sound = Tensor { shape: vec![1, heard.len()], of: heard };
        let state = Tensor { shape: STATE.to_vec(), of: self.state.clone() };
        let inputs = vec![Input::Tensor(sound), Input::Tensor(state), Input::Scalar(RATE as i32)];
        let mut made = self.network.run(inputs)?.into_iter();
        let (Some(speech), Some(state)) = (made.next(), made.next()) else {
            return Err(OnnxError::Run("it gave no answer".to_owned()));
        };
        self.state = state.of;
        let speech = speech.of.first().copied().filter(|it| it.is_finite());
        Ok(speech.unwrap_or_default().clamp(0.0, 1.0))
    }

    fn reset(&mut self) {
        self.before = [0.0; BEFORE];
        self.state = vec![0.0; STATE.iter().product()];
    }
}
