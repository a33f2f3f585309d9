//! Model files: which are known, where they are looked for, getting them, and running those that are in ONNX's format.
//! None of them is part of this program; it does its main job without any.

pub mod catalogue;
pub mod checksum;
mod folder;
#[cfg(any(feature = "face", feature = "speech"))]
pub mod onnx;
mod part;
pub mod recipe;
pub mod store;

pub use folder::{Folders, SILERO};
pub use part::Progress;
