//! The voices of a server that speaks: Kokoro-FastAPI, Piper behind HTTP, a hosted one. They are somebody's voices, and are only
//! coloured a little.
//!
//! Such servers give no times. Words and mouth are guessed from how the words are written, and looked for in what is heard.

use super::level;
use super::mouth;
use super::speech::{RATE, Sentence, Speech, Synthesizer, VoiceError};
use super::text::Text;
use super::wav;
use crate::dialogue::agent::{Agent, Manner};
use crate::net::endpoint::Endpoint;
use crate::net::speech::{SpeechClient, SpeechError, SpeechLimits, SpeechRequest, SpokenBytes};
use crate::net::{NetError, Stage};

/// How fast what is said softly is.
const SOFT_SPEED: f32 = 0.9;
/// What is quieter than this share of the loudest moment is the silence around a sentence, and how much of that is kept.
const SILENT: f32 = 0.01;
const KEPT_BEFORE: usize = RATE as usize * 60 / 1_000;
const KEPT_AFTER: usize = RATE as usize * 120 / 1_000;
/// What is quieter is silence, in LUFS: a server that gives it did not speak.
const FAINTEST: f32 = -65.0;

/// Which voice of the server each figure has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voices {
    /// The Patient's.
    pub patient: String,
    /// The Guide's, and of whoever else speaks.
    pub guide: String,
    /// The Devil's.
    pub devil: String,
}

impl Voices {
    fn of(&self, agent: Agent) -> &str {
        match agent {
            Agent::Patient => &self.patient,
            Agent::Devil => &self.devil,
            Agent::Guide | Agent::Trigger => &self.guide,
        }
    }
}

/// A server that speaks.
#[derive(Debug)]
pub struct SpeechServer {
    client: SpeechClient,
    model: String,
    voices: Voices,
}

impl SpeechServer {
    /// The server at an address, with a model and voices as it names them.
    ///
    /// # Errors
    /// [`VoiceError::Server`], when this machine has no way to speak with any.
    pub fn new(endpoint: Endpoint, model: String, voices: Voices) -> Result<Self, VoiceError> {
        Self::within(endpoint, model, voices, SpeechLimits::default())
    }

    /// The same with other limits.
    ///
    /// # Errors
    /// [`VoiceError::Server`], when this machine has no way to speak with any.
    pub fn within(
        endpoint: Endpoint,
        model: String,
        voices: Voices,
        limits: SpeechLimits,
    ) -> Result<Self, VoiceError> {
        let address = endpoint.shown();
        let client = SpeechClient::new(endpoint, limits)
            .map_err(|error| VoiceError::Server { address, why: error.told() })?;
        Ok(Self { client, model, voices })
    }

    fn fault(&self, error: &SpeechError) -> VoiceError {
        let address = self.client.endpoint().shown();
        match error {
            SpeechError::Net(NetError::TimedOut(Stage::FirstToken | Stage::Idle | Stage::Turn)) => {
                VoiceError::Late(address)
            }
            error => VoiceError::Server { address, why: error.told() },
        }
    }
}

impl Synthesizer for SpeechServer {
    fn speak(&mut self, sentence: &Sentence<'_>) -> Result<Speech, VoiceError> {
        let text = Text::of(sentence.text);
        if text.words.is_empty() {
            return Ok(Speech::wordless(sentence.text));
        }
        let (input, speed) = match sentence.manner {
            Manner::Soft => (text.said.clone(), SOFT_SPEED),
            Manner::BrokenOff => (text.said_without_an_end(), 1.0),
            Manner::Plain | Manner::Shown => (text.said.clone(), 1.0),
        };
        let request = SpeechRequest {
            model: &self.model,
            input: input.trim(),
            voice: self.voices.of(sentence.agent),
            speed,
        };
        let spoken = self.client.speak(&request).map_err(|error| self.fault(&error))?;
        let sound = match spoken {
            SpokenBytes::Wav(bytes) => wav::read(&bytes),
            SpokenBytes::Bare { bytes, rate } => Ok(wav::read_bare(&bytes, rate)),
        };
        let form = |why| VoiceError::Form { from: self.client.endpoint().shown(), why };
        let mut samples = sound.and_then(|sound| sound.at_rate(1.0)).map_err(form)?;
        if level::loudness(&samples).is_none_or(|loud| loud < FAINTEST) {
            return Err(form("nothing is heard in it".to_owned()));
        }
        trim(&mut samples);
        Ok(mouth::estimate(samples, &text))
    }

    fn name(&self) -> String {
        format!("the voices of {}", self.client.endpoint().shown())
    }

    fn is_natural(&self) -> bool {
        true
    }
}

/// Leaves out what silence there is around a sentence, but for a moment.
fn trim(samples: &mut Vec<f32>) {
    let loudest = samples.iter().fold(0.0_f32, |most, it| most.max(it.abs()));
    let sounds = |it: &f32| it.abs() > SILENT * loudest;
    let (Some(first), Some(last)) = (samples.iter().position(sounds), samples.iter().rposition(sounds))
    else {
        return;
    };
    samples.truncate(last + KEPT_AFTER);
    samples.drain(..first.saturating_sub(KEPT_BEFORE));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_around_a_sentence_is_left_out() {
        for (before, after) in [(100, 200), (20_000, 50_000), (0, 0)] {
            let mut samples = [vec![0.001; before], vec![0.5; 4_000], vec![-0.001; after]].concat();
            trim(&mut samples);
            assert_eq!(samples.len(), before.min(KEPT_BEFORE) + 4_000 + after.min(KEPT_AFTER - 1));
        }
        let mut silence = vec![0.0; 500];
        trim(&mut silence);
        assert_eq!(silence.len(), 500);
    }
}
