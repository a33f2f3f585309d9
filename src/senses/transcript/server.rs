//! Words from any server with `/v1/audio/transcriptions`.

use std::io::Cursor;
use std::time::Duration;

use hound::{SampleFormat, WavSpec, WavWriter};

use super::{Cancel, Recogniser, Transcript, TranscriptError, language, padded};
use crate::net::NetError;
use crate::net::endpoint::Endpoint;
use crate::net::transcriptions::Transcriptions;
use crate::sound::RATE;

/// The model that a server is asked for where none is named: what the first of them called theirs, and most take for their own.
const MODEL: &str = "whisper-1";

/// Asks a server for the words.
#[derive(Debug)]
pub struct Server {
    transcriptions: Transcriptions,
    model: String,
}

impl Server {
    /// The server at an address, and the model that it is asked for; without one `whisper-1`.
    ///
    /// # Errors
    /// [`TranscriptError::Server`], when this machine has no way to speak TLS.
    pub fn new(endpoint: Endpoint, model: Option<&str>) -> Result<Self, TranscriptError> {
        let address = endpoint.shown();
        let transcriptions =
            Transcriptions::new(endpoint).map_err(|why| TranscriptError::Server { address, why })?;
        Ok(Self { transcriptions, model: model.unwrap_or(MODEL).to_owned() })
    }

    /// The same, given up after so long.
    #[must_use]
    pub fn within(mut self, whole: Duration) -> Self {
        self.transcriptions = self.transcriptions.within(whole);
        self
    }

    fn fails(&self, why: NetError) -> TranscriptError {
        TranscriptError::Server { address: self.transcriptions.endpoint().shown(), why }
    }
}

impl Recogniser for Server {
    fn transcribe(
        &mut self,
        sound: &[f32],
        lang: &str,
        cancel: &Cancel,
    ) -> Result<Transcript, TranscriptError> {
        let wav = wav(&padded(sound)).map_err(|error| TranscriptError::Sound(error.to_string()))?;
        let lang = language(lang);
        let words = self.transcriptions.ask(&wav, &self.model, lang.as_deref(), || cancel.is_cancelled());
        let words = words.map_err(|why| self.fails(why))?.ok_or(TranscriptError::Cancelled)?;
        Ok(Transcript {
            text: words.text,
            // Nothing is held against words of a server that does not say.
            no_speech: words.no_speech.unwrap_or(0.0),
            confidence: words.confidence,
            lang: words.lang,
        })
    }

    fn name(&self) -> String {
        format!("the server {}", self.transcriptions.endpoint().shown())
    }

    /// Over a network the same sound would travel again and again for them.
    fn gives_partials(&self) -> bool {
        self.transcriptions.endpoint().is_here()
    }
}

/// A WAV file of 16-bit numbers.
fn wav(sound: &[f32]) -> Result<Vec<u8>, hound::Error> {
    let spec =
        WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut file = Cursor::new(Vec::with_capacity(44 + 2 * sound.len()));
    let mut writer = WavWriter::new(&mut file, spec)?;
    for sample in sound {
        writer.write_sample((sample * f32::from(i16::MAX)).round() as i16)?;
    }
    writer.finalize()?;
    Ok(file.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_becomes_a_wav_file_of_its_own_samples() {
        let bytes = wav(&[0.0, 0.5, -1.0, 1.0]).expect("a file");
        let mut reader = hound::WavReader::new(Cursor::new(bytes)).expect("a WAV file");
        assert_eq!((reader.spec().channels, reader.spec().sample_rate), (1, 16_000));
        let samples: Vec<i16> = reader.samples().map(|it| it.expect("a sample")).collect();
        assert_eq!(samples, [0, 16_384, -32_767, 32_767]);
    }

    #[test]
    fn only_a_server_on_this_machine_is_asked_in_mid_sentence() {
        let partials = |address: &str| {
            let endpoint = Endpoint::new(address, None).expect("an address");
            Server::new(endpoint, None).expect("a client").gives_partials()
        };
        assert!(partials("http://127.0.0.1:8000/v1") && !partials("https://example.org/v1"));
    }
}
