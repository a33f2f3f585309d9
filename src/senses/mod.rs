//! What the room takes in of the person: one worker for each sense, and a recorded twin of each.

pub mod gate;
pub mod patience;
pub mod resample;
pub mod sound;
pub mod turn;
pub mod voice_activity;
