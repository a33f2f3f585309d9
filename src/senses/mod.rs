//! What the room takes in of the person: one worker for each sense, and a recorded twin of each.

#[cfg(feature = "speech")]
pub mod assent;
#[cfg(feature = "face")]
pub mod camera;
#[cfg(feature = "speech")]
pub mod ear;
#[cfg(feature = "speech")]
pub mod echo;
#[cfg(feature = "face")]
pub mod face;
#[cfg(feature = "speech")]
pub mod gate;
#[cfg(feature = "speech")]
pub mod hall;
#[cfg(feature = "speech")]
pub mod hearing;
#[cfg(feature = "speech")]
pub mod keepsake;
#[cfg(feature = "speech")]
pub mod patience;
#[cfg(feature = "speech")]
mod presence;
#[cfg(feature = "speech")]
pub mod scribe;
#[cfg(feature = "speech")]
pub mod transcript;
#[cfg(feature = "speech")]
pub mod turn;
#[cfg(feature = "speech")]
pub mod voice_activity;
