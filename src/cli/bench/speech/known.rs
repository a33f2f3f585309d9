//! Those whose time is known: a recogniser and a synthesiser that take as long as they are told to, and a voice that is looked
//! over the shoulder.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::twins::Twins;
use crate::dialogue::Input;
use crate::dialogue::agent::Agent;
use crate::dialogue::effect::{Hush, Line};
use crate::dialogue::event::Kind;
use crate::dialogue::ids::{LineId, Millis};
use crate::dialogue::mouth::{MouthAt, Viseme};
use crate::senses::transcript::{Cancel, Recogniser, Transcript, TranscriptError};
use crate::voice::speech::{RATE, Sentence, Speech, Synthesizer, VoiceError, WordEnd};
use crate::voice::{Place, Spoken, Voice, Volume};

/// An utterance at the recogniser.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recognised {
    /// When the last of its sound had been listened to: its end was known then.
    pub(super) over: Instant,
    pub(super) entered: Instant,
    pub(super) left: Instant,
}

/// A piece of a line at the synthesiser.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) entered: Instant,
    pub(super) left: Instant,
    pub(super) lasts_ms: u32,
    /// Where its words end, in milliseconds.
    pub(super) words: Vec<u32>,
}

/// A line that the session has begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decided {
    pub(super) line: LineId,
    pub(super) agent: Agent,
    pub(super) at: Instant,
}

/// What was noted, in order.
#[derive(Default)]
pub(super) struct Noted {
    pub(super) recognised: Vec<Recognised>,
    pub(super) made: Vec<Made>,
    pub(super) lines: Vec<Decided>,
    /// When whoever spoke was told to stop after their word.
    pub(super) hushed: Vec<Instant>,
}

/// The notes, for all who write into them.
#[derive(Clone, Default)]
pub(super) struct Notes(Arc<Mutex<Noted>>);

impl Notes {
    pub(super) fn lock(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sleeps until a moment, to the millisecond.
fn sleep_until(moment: Instant) {
    std::thread::sleep(moment.saturating_duration_since(Instant::now()));
}

/// Hears what the person is known to say.
pub(super) struct Knows {
    pub(super) takes: Duration,
    pub(super) words: Arc<Mutex<String>>,
    pub(super) twins: Twins,
    pub(super) notes: Notes,
}

impl Recogniser for Knows {
    fn transcribe(&mut self, _: &[f32], _: &str, _: &Cancel) -> Result<Transcript, TranscriptError> {
        let entered = Instant::now();
        let over = self.twins.listened().unwrap_or(entered);
        let text = self.words.lock().unwrap_or_else(PoisonError::into_inner).clone();
        sleep_until(entered + self.takes);
        let left = Instant::now();
        self.notes.lock().recognised.push(Recognised { over, entered, left });
        Ok(Transcript { text, ..Transcript::default() })
    }

    fn name(&self) -> String {
        "the bench".to_owned()
    }

    fn gives_partials(&self) -> bool {
        false
    }
}

/// How long a word of its takes, in milliseconds: as somebody speaks who takes their time.
const WORD_MS: u32 = 400;

/// Speaks one long vowel, in which every word is as long as any other.
pub(super) struct Sings {
    pub(super) takes: Duration,
    pub(super) notes: Notes,
}

impl Synthesizer for Sings {
    fn speak(&mut self, sentence: &Sentence<'_>) -> Result<Speech, VoiceError> {
        let entered = Instant::now();
        let speech = sung(sentence.text);
        sleep_until(entered + self.takes);
        let left = Instant::now();
        let words = speech.words.iter().map(|word| word.at_ms).collect();
        self.notes.lock().made.push(Made { entered, left, lasts_ms: speech.lasts_ms(), words });
        Ok(speech)
    }

    fn name(&self) -> String {
        "the bench".to_owned()
    }
}

fn sung(text: &str) -> Speech {
    let mut words = Vec::new();
    let mut chars = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        chars += word.chars().count();
        if word.chars().any(char::is_alphanumeric) {
            words.push(WordEnd { at_ms: WORD_MS * (words.len() as u32 + 1), chars });
        }
    }
    if words.is_empty() {
        return Speech::wordless(text);
    }
    let turn = std::f32::consts::TAU * 240.0 / RATE as f32;
    let length = WORD_MS * words.len() as u32 * (RATE / 1_000);
    let vowel = |at: u32| {
        let phase = turn * at as f32;
        0.2 * phase.sin() + 0.1 * (2.0 * phase).sin() + 0.05 * (3.0 * phase).sin()
    };
    let mouth = vec![
        MouthAt { at_ms: 0, viseme: Viseme::Aa, opening: 0.6 },
        MouthAt { at_ms: length / (RATE / 1_000), viseme: Viseme::Closed, opening: 0.0 },
    ];
    Speech { samples: (0..length).map(vowel).collect::<Vec<f32>>().into(), mouth, words }
}

/// The voice of the program, and when it was told what.
pub(super) struct Watched {
    pub(super) spoken: Spoken,
    pub(super) notes: Notes,
}

impl Voice for Watched {
    fn speak(&mut self, line: &Line, now: Millis, inputs: &mut Vec<Input>) {
        self.notes.lock().lines.push(Decided { line: line.id, agent: line.agent, at: Instant::now() });
        self.spoken.speak(line, now, inputs);
    }

    fn hush(&mut self, hush: Hush, now: Millis, inputs: &mut Vec<Input>) {
        if hush == Hush::AfterWord {
            self.notes.lock().hushed.push(Instant::now());
        }
        self.spoken.hush(hush, now, inputs);
    }

    fn poll(&mut self, now: Millis, inputs: &mut Vec<Input>) {
        self.spoken.poll(now, inputs);
    }

    fn next_deadline(&self) -> Option<Millis> {
        self.spoken.next_deadline()
    }

    fn is_quiet(&self) -> bool {
        self.spoken.is_quiet()
    }

    fn notice(&mut self, event: &Kind) {
        self.spoken.notice(event);
    }

    fn place(&mut self, agent: Agent, place: Place) {
        self.spoken.place(agent, place);
    }

    fn volume(&mut self, volume: Volume) {
        self.spoken.volume(volume);
    }

    fn mouth(&mut self) -> Option<Vec<MouthAt>> {
        self.spoken.mouth()
    }
}
