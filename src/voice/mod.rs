//! The figures heard. A line is spoken where there is a voice and a loudspeaker, and else takes the time that it takes to be
//! read; whoever speaks, what was heard of it is told to the session.

#[cfg(feature = "speech")]
mod align;
#[cfg(feature = "speech")]
pub mod aloud;
#[cfg(feature = "speech")]
pub mod ambience;
#[cfg(feature = "speech")]
pub mod character;
#[cfg(feature = "speech")]
pub mod cut;
#[cfg(feature = "speech")]
mod dsp;
#[cfg(feature = "speech")]
pub mod espeak;
#[cfg(feature = "speech")]
mod ipa;
#[cfg(feature = "speech")]
mod letters;
#[cfg(feature = "speech")]
pub mod level;
#[cfg(feature = "speech")]
pub mod mixer;
#[cfg(feature = "speech")]
mod mouth;
mod own;
#[cfg(feature = "speech")]
mod pairing;
#[cfg(feature = "speech")]
mod pieces;
mod place;
#[cfg(feature = "speech")]
pub mod player;
#[cfg(feature = "speech")]
pub mod replay;
#[cfg(feature = "speech")]
pub mod server;
mod silent;
#[cfg(feature = "speech")]
pub mod space;
#[cfg(feature = "speech")]
pub mod speech;
#[cfg(feature = "speech")]
mod spoken;
#[cfg(feature = "speech")]
pub mod studio;
#[cfg(feature = "speech")]
mod tail;
#[cfg(feature = "speech")]
mod text;
#[cfg(feature = "speech")]
mod wav;

pub use own::OwnVoice;
pub use place::{Outlet, Place, Volume};
pub use silent::SilentVoice;
#[cfg(feature = "speech")]
pub use spoken::Spoken;

use crate::dialogue::agent::Agent;
use crate::dialogue::effect::{Hush, Line};
use crate::dialogue::event::Kind;
use crate::dialogue::ids::Millis;
use crate::dialogue::{Input, mouth::MouthAt};

/// What lets lines be heard, one at a time. Nothing of it waits.
pub trait Voice: Send {
    /// Begins a line; one that is still being heard stops at once.
    fn speak(&mut self, line: &Line, now: Millis, inputs: &mut Vec<Input>);

    /// Begins a line that is the person's own, in their voice; a voice that cannot play it lets it be read.
    fn replay(&mut self, line: &Line, _own: OwnVoice, now: Millis, inputs: &mut Vec<Input>) {
        self.speak(line, now, inputs);
    }

    /// Stops the line that is being heard.
    fn hush(&mut self, hush: Hush, now: Millis, inputs: &mut Vec<Input>);

    /// What has become of the line since.
    fn poll(&mut self, now: Millis, inputs: &mut Vec<Input>);

    /// When it wants to be polled next.
    fn next_deadline(&self) -> Option<Millis>;

    /// Whether nobody speaks.
    fn is_quiet(&self) -> bool;

    /// Something happened in the evening that a voice may take account of: the Devil's strength, another scene.
    fn notice(&mut self, _event: &Kind) {}

    /// Where a figure is, seen from the person.
    fn place(&mut self, _agent: Agent, _place: Place) {}

    /// How loud everything is from now on.
    fn volume(&mut self, _volume: Volume) {}

    /// Where the figures are heard from now on.
    fn outlet(&mut self, _outlet: &Outlet) {}

    /// How the mouth of whoever speaks moves from now on, where that is known and was not asked for yet.
    fn mouth(&mut self) -> Option<Vec<MouthAt>> {
        None
    }
}
