//! What the host asks of the senses.

use crossbeam_channel::Receiver;

use super::door::Preferences;
#[cfg(feature = "speech")]
use crate::config::Hear;
use crate::dialogue::Input;
use crate::dialogue::ids::UtteranceId;
use crate::dialogue::input::Sense;
#[cfg(feature = "speech")]
use crate::senses::ear::Mode;
#[cfg(feature = "speech")]
use crate::senses::hearing::{Hearing, Wishes};
use crate::voice::OwnVoice;

/// Takes the person in. Nothing of it waits.
pub trait Senses: Send {
    /// What happened, as it comes.
    fn inputs(&self) -> Receiver<Input>;

    /// Opens the device of a sense, or closes it.
    fn switch(&mut self, sense: Sense, on: bool);

    /// The key to talk is held down, or let go.
    fn hold(&mut self, held: bool);

    /// The person wants to be heard in this way from now on.
    fn wish(&mut self, wanted: &Preferences);

    /// The person's own voice in these words, where it was kept.
    fn own_voice(&mut self, utterance: UtteranceId, words: &str) -> Option<OwnVoice>;

    /// Overwrites what was kept of their voice. How many bytes that were.
    fn wipe(&mut self) -> u64;

    /// How loud the person is, 0 to 1; none while nobody hears them.
    fn level(&self) -> Option<f32>;

    /// Whether the place is too loud for free speech, as far as that is known.
    fn is_loud(&self) -> bool {
        false
    }
}

#[cfg(feature = "speech")]
fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(feature = "speech")]
impl Senses for Hearing {
    fn inputs(&self) -> Receiver<Input> {
        self.told().clone()
    }

    fn switch(&mut self, sense: Sense, on: bool) {
        match sense {
            Sense::Microphone => Self::switch(self, on),
            Sense::Recording if on => self.keepsake().begin(),
            Sense::Recording | Sense::Face => {}
        }
    }

    fn hold(&mut self, held: bool) {
        Self::hold(self, held);
    }

    fn wish(&mut self, wanted: &Preferences) {
        let sound = &wanted.sound;
        let wishes = Wishes { device: filled(&sound.microphone), echo: sound.echo, ..self.wishes().clone() };
        let wishes = match sound.hear {
            Hear::Off => wishes,
            Hear::Key => Wishes { mode: Mode::PushToTalk, ..wishes },
            Hear::Open => Wishes { mode: Mode::Open, ..wishes },
        };
        self.change(wishes);
    }

    fn own_voice(&mut self, utterance: UtteranceId, words: &str) -> Option<OwnVoice> {
        self.keepsake().with(utterance, words)
    }

    fn wipe(&mut self) -> u64 {
        self.keepsake().wipe()
    }

    fn level(&self) -> Option<f32> {
        self.is_on().then(|| Self::level(self))
    }

    fn is_loud(&self) -> bool {
        self.is_on() && Self::is_loud(self)
    }
}
