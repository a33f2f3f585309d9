//! Speaking to chat servers: the `OpenAI`-compatible wire as real servers put it there. And getting files.
//!
//! [`sse`] cuts bytes into events, [`chat`] reads requests and deltas, [`client`] holds a conversation under limits,
//! [`dialect`] remembers what a server does not take, [`breaker`] says when it is left in peace, and [`discover`] looks
//! for one on this machine. [`transcriptions`] asks for the words of a sound, [`speech`] for the sound of words, and
//! [`download`] gets a large file. Nothing here knows of agents or prompts.

pub mod breaker;
pub mod chat;
pub mod client;
pub mod dialect;
pub mod discover;
pub mod download;
pub mod endpoint;
mod error;
pub mod speech;
pub mod sse;
mod stream;
pub mod think;
pub mod transcriptions;

pub use error::{NetError, Severity, Stage};
