//! The words of an utterance. A [`Recogniser`] makes them of sound: [`Whisper`] on this machine, [`Server`] anywhere else.
//! A [`Transcriber`] owns one on a thread of its own and notices when it hangs, and [`credible`] holds back what was never
//! said.

mod ggml;
mod invented;
mod server;
mod thread;
mod whisper;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use invented::{Why, credible};
pub use server::Server;
pub use thread::{About, Factory};
pub use whisper::{Whisper, whisper_model};
pub use worker::{Heard, Job, Kind, Life, Limits, Transcriber};

use crate::net::NetError;
use crate::sound::{RATE, samples};

/// Makes words of sound. One at a time: whoever has several at once waits, which a [`Transcriber`] does for them.
pub trait Recogniser: Send {
    /// The words of a whole utterance: `sound` is one channel at 16,000 samples a second, from -1 to 1, and `lang` the
    /// BCP 47 language that is expected in it. Comes back within 100 ms once `cancel` is set.
    ///
    /// # Errors
    /// [`TranscriptError`]; the next utterance may work. [`TranscriptError::Cancelled`] when it was cancelled.
    fn transcribe(
        &mut self,
        sound: &[f32],
        lang: &str,
        cancel: &Cancel,
    ) -> Result<Transcript, TranscriptError>;

    /// The words so far of an utterance that goes on: sooner, and less exact, where there is a way to that.
    ///
    /// # Errors
    /// As [`Recogniser::transcribe`].
    fn partial(&mut self, sound: &[f32], lang: &str, cancel: &Cancel) -> Result<Transcript, TranscriptError> {
        self.transcribe(sound, lang, cancel)
    }

    /// What makes the words, in plain words: "whisper base.en", "the server `http://127.0.0.1:8000/v1`".
    fn name(&self) -> String;

    /// Whether it is quick enough for words before an utterance is over.
    fn gives_partials(&self) -> bool;

    /// How long even a short sound takes on this machine, where that was measured: so slow it may be without being taken to
    /// hang.
    fn takes(&self) -> Duration {
        Duration::ZERO
    }
}

/// What was made of a sound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transcript {
    /// The words as they came; what is invented among them is still in it.
    pub text: String,
    /// How likely there is no speech in it, 0 to 1; 0 where nothing is known of that.
    pub no_speech: f32,
    /// How sure the words are, 0 to 1, where that is known.
    pub confidence: Option<f32>,
    /// The language that was heard, where that is known, as the recogniser calls it.
    pub lang: Option<String>,
}

/// Says from any thread that something is not wanted any more. Clones are the same flag, and it is never taken back.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// It is not wanted any more.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it is not wanted any more.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Why there are no words. Each message is one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TranscriptError {
    /// Nobody wanted it any more.
    #[error("it was not wanted any more")]
    Cancelled,
    /// The file of a model is missing, damaged, or of another kind.
    #[error("{path} cannot be used to make words of speech: {why}. Get it anew, or take it away")]
    Model {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Whisper came to no end.
    #[error("whisper could not make words of it: {0}")]
    Whisper(String),
    /// The server that makes words did not.
    #[error("no words come from {address}: {why}")]
    Server {
        /// Its address.
        address: String,
        /// Why.
        why: NetError,
    },
    /// The sound cannot be put into a form in which it can be sent.
    #[error("the sound cannot be sent: {0}")]
    Sound(String),
    /// It took longer than it may.
    #[error("no words came in time; what makes them was begun anew")]
    Late,
    /// What makes the words broke off.
    #[error("what makes the words broke off, and was begun anew")]
    Broke,
    /// More waits than anybody could say.
    #[error("too much waits for its words already")]
    Busy,
    /// Words before the end of an utterance were asked for, and are not to be had.
    #[error("there are no words before the end of what is said")]
    NoPartials,
    /// It failed too often in a row.
    #[error("nothing makes words any more: it failed too often in a row")]
    Gone,
    /// The system gives no thread.
    #[error("words cannot be made: the system gives no thread: {0}")]
    Thread(String),
}

/// What is shorter is lengthened by silence, in milliseconds: whisper makes nothing of less than a second.
const SHORTEST_MS: u32 = 1_100;

/// A sound as recognisers take it: long enough, and of numbers only.
fn padded(sound: &[f32]) -> Vec<f32> {
    let length = sound.len().max(samples(SHORTEST_MS) as usize);
    let mut whole = Vec::with_capacity(length);
    whole.extend(sound.iter().map(|&it| if it.is_finite() { it.clamp(-1.0, 1.0) } else { 0.0 }));
    whole.resize(length, 0.0);
    whole
}

/// The language of a BCP 47 tag by itself, in small letters: "en" of "en-GB". None where there is none.
fn language(tag: &str) -> Option<String> {
    let first = tag.split(['-', '_']).next().unwrap_or_default();
    let is_one = (2..=3).contains(&first.len()) && first.bytes().all(|it| it.is_ascii_alphabetic());
    (is_one && !first.eq_ignore_ascii_case("und")).then(|| first.to_ascii_lowercase())
}

/// How long a sound lasts, in seconds.
fn seconds(sound: &[f32]) -> f32 {
    sound.len() as f32 / RATE as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_a_tag_is_its_first_part() {
        for (tag, expected) in
            [("en", "en"), ("en-GB", "en"), ("zh_Hant", "zh"), ("DE", "de"), ("yue-HK", "yue")]
        {
            assert_eq!(language(tag).as_deref(), Some(expected), "{tag}");
        }
        for tag in ["", "und", "e", "english", "e\0", "\u{1f600}"] {
            assert_eq!(language(tag), None, "{tag:?}");
        }
    }

    #[test]
    fn a_short_sound_is_lengthened_and_what_is_no_number_is_silence() {
        assert_eq!(padded(&[]).len(), 17_600);
        assert_eq!(padded(&[0.1; 20_000]).len(), 20_000);
        assert_eq!(padded(&[f32::NAN, f32::INFINITY, 3.0, -0.5])[..5], [0.0, 0.0, 1.0, -0.5, 0.0]);
    }
}
