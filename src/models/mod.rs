//! Model files: where they are looked for, and running those that are in ONNX's format. None of them is part of this
//! program; it does its main job without any.

mod folder;
#[cfg(feature = "speech")]
pub mod onnx;

pub use folder::{Folders, SILERO};
