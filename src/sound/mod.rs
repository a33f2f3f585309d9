//! Sound itself: recordings, the rates at which it is worked on, and the devices that it comes from and goes to.

mod background;
pub mod device;
mod loudspeaker;
mod microphone;
mod opener;
mod recording;
mod resample;
mod stream;

pub use background::{Background, BackgroundError, Loudness, measure};
pub(crate) use loudspeaker::Lowering;
pub(crate) use loudspeaker::{AHEAD_MS, PERIOD_MS};
pub use loudspeaker::{Lost, Loudspeaker, Sink, Stereo};
pub use microphone::{Microphone, Source};
pub(crate) use opener::{Opener, STUMBLES};
pub use recording::{RATE, Recording, SoundError, samples};
pub use resample::{ResampleError, Resampler};
