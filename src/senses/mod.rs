//! What the room takes in of the person: one worker for each sense, and a recorded twin of each.

pub mod assent;
pub mod ear;
pub mod echo;
pub mod gate;
pub mod hearing;
pub mod keepsake;
pub mod patience;
mod presence;
pub mod scribe;
pub mod transcript;
pub mod turn;
pub mod voice_activity;
