//! Whether somebody speaks: how likely that is, frame by frame, and the stretches of speech that follow from it.
//!
//! Two detectors are known. [`Earshot`] is built in; music and drones deceive it. [`Silero`] needs its file and is deceived
//! by neither: only with it an open microphone is safe.

mod earshot;
mod segments;
mod silero;

pub use earshot::Earshot;
pub use segments::{Limits, Segment, Segmenter};
pub use silero::Silero;

use crate::models::onnx::OnnxError;
use crate::models::{Folders, SILERO};

/// Hears whether somebody speaks.
pub trait VoiceActivity: Send {
    /// What it is called.
    fn name(&self) -> &'static str;

    /// How many samples it hears at once, at 16,000 a second.
    fn frame(&self) -> usize;

    /// When speech begins and ends for it.
    fn limits(&self) -> Limits;

    /// How likely it is that somebody speaks, 0 to 1, in a frame of [`VoiceActivity::frame`] samples.
    ///
    /// # Errors
    /// When the network behind it fails.
    fn hear(&mut self, frame: &[f32]) -> Result<f32, OnnxError>;

    /// Forgets what it heard: another sound begins.
    fn reset(&mut self);
}

/// Why the detector that is built in has to do.
#[derive(Debug, thiserror::Error)]
pub enum BuiltIn {
    /// No folder of models has the file.
    #[error("there is no {SILERO} among the models")]
    NoFile,
    /// The file is there and cannot be used.
    #[error("{0}")]
    Unusable(#[from] OnnxError),
}

/// The best detector there is: Silero where its file is, else the one that is built in, and why.
#[must_use]
pub fn best(models: &Folders) -> (Box<dyn VoiceActivity>, Option<BuiltIn>) {
    let silero = match models.find(SILERO) {
        Some(path) => Silero::load(&path).map_err(BuiltIn::from),
        None => Err(BuiltIn::NoFile),
    };
    match silero {
        Ok(silero) => (Box::new(silero), None),
        Err(why) => (Box::<Earshot>::default(), Some(why)),
    }
}

/// Finds the stretches of speech in a sound that comes piece by piece.
pub struct Listener {
    detector: Box<dyn VoiceActivity>,
    segmenter: Segmenter,
    waiting: Vec<f32>,
}

impl Listener {
    /// With this detector.
    #[must_use]
    pub fn new(detector: Box<dyn VoiceActivity>) -> Self {
        let segmenter = Segmenter::new(detector.limits(), detector.frame());
        Self { detector, segmenter, waiting: Vec::new() }
    }

    /// Hears samples at 16,000 a second. Gives out each stretch of speech that has ended with them.
    ///
    /// # Errors
    /// When the network behind the detector fails.
    pub fn push(&mut self, samples: &[f32]) -> Result<Vec<Segment>, OnnxError> {
        self.waiting.extend_from_slice(samples);
        let (frame, mut used, mut ended) = (self.detector.frame(), 0, Vec::new());
        while self.waiting.len() - used >= frame {
            let speech = self.detector.hear(&self.waiting[used..used + frame])?;
            ended.extend(self.segmenter.push(speech));
            used += frame;
        }
        self.waiting.drain(..used);
        Ok(ended)
    }

    /// Where the stretch of speech begins that has not ended yet, in samples; none while nobody speaks.
    #[must_use]
    pub fn begun(&self) -> Option<u64> {
        self.segmenter.begun()
    }

    /// The stretch in which the sound ended, if it did not end in silence.
    pub fn finish(&mut self) -> Option<Segment> {
        let rest = self.waiting.len();
        self.waiting.clear();
        self.segmenter.finish(rest)
    }
}
