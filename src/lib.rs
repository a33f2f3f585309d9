//! Inner Room.
pub mod dialogue;
