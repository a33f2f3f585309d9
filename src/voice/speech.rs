//! Speech as it comes from a synthesiser, before it is mixed.

use zeroize::Zeroizing;

use crate::dialogue::agent::{Agent, Manner};
use crate::dialogue::mouth::{MouthAt, Viseme};
use crate::dialogue::strength::Strength;

/// Samples a second of everything that is mixed and played.
pub const RATE: u32 = 48_000;
/// How long a line without a word takes, in milliseconds.
const WORDLESS_MS: u32 = 600;

/// What is to be spoken: one sentence, or a few.
#[derive(Clone, Copy, Debug)]
pub struct Sentence<'a> {
    /// The words.
    pub text: &'a str,
    /// Who speaks.
    pub agent: Agent,
    /// How.
    pub manner: Manner,
    /// BCP 47 language.
    pub lang: &'a str,
    /// How strong the Devil is: its own voice follows it.
    pub strength: Strength,
}

/// A sentence as sound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Speech {
    /// One channel, [`RATE`] samples a second, from -1 to 1. It is overwritten when it is dropped, for it may be the person's own.
    pub samples: Zeroizing<Vec<f32>>,
    /// How the mouth moves, in order of time; the last one is closed.
    pub mouth: Vec<MouthAt>,
    /// Where its words end, in order.
    pub words: Vec<WordEnd>,
}

/// The end of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordEnd {
    /// Since the beginning of the speech, in milliseconds.
    pub at_ms: u32,
    /// How many characters of the text are spoken by then.
    pub chars: usize,
}

impl Speech {
    /// What a line without a word is, such as "…": a moment of silence. A line without anything is nothing.
    #[must_use]
    pub fn wordless(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self::default();
        }
        Self {
            samples: vec![0.0; (RATE * WORDLESS_MS / 1_000) as usize].into(),
            mouth: vec![MouthAt { at_ms: 0, viseme: Viseme::Closed, opening: 0.0 }],
            words: vec![WordEnd { at_ms: WORDLESS_MS, chars: text.chars().count() }],
        }
    }

    /// How long it lasts, in milliseconds.
    #[must_use]
    pub fn lasts_ms(&self) -> u32 {
        (self.samples.len() as u64 * 1_000 / u64::from(RATE)) as u32
    }

    /// How many characters of the text were heard so many milliseconds in: whole words only.
    #[must_use]
    pub fn heard_by(&self, at_ms: u32) -> usize {
        self.words.iter().take_while(|word| word.at_ms <= at_ms).last().map_or(0, |word| word.chars)
    }
}

/// Why a sentence cannot be spoken. The line is shown instead.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// The program that speaks is not there, or ended with an error.
    #[error("{program} cannot speak: {why}")]
    Program {
        /// Its name.
        program: String,
        /// Why.
        why: String,
    },
    /// The server that speaks did not.
    #[error("the voice server {address} cannot speak: {why}")]
    Server {
        /// Its address.
        address: String,
        /// Why.
        why: String,
    },
    /// What came is no sound that can be played.
    #[error("what {from} gave is no sound: {why}")]
    Form {
        /// Who gave it.
        from: String,
        /// What is wrong.
        why: String,
    },
    /// It took too long.
    #[error("{0} took too long to speak")]
    Late(String),
}

/// What makes sound of words.
pub trait Synthesizer: Send {
    /// Speaks a sentence. It is raw: neither level nor figure is settled yet.
    ///
    /// # Errors
    /// [`VoiceError`]; the next sentence may work.
    fn speak(&mut self, sentence: &Sentence<'_>) -> Result<Speech, VoiceError>;

    /// What speaks, in plain words: `espeak-ng 1.51`, `the voices of http://127.0.0.1:8880/v1`.
    fn name(&self) -> String;

    /// Whether its voices are those of people: they are only coloured a little, and never shifted.
    fn is_natural(&self) -> bool {
        false
    }
}
