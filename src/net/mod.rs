//! Speaking to chat servers: the `OpenAI`-compatible wire as real servers put it there.
//!
//! [`sse`] cuts bytes into events, [`chat`] reads requests and deltas, [`client`] holds a conversation under limits,
//! [`dialect`] remembers what a server does not take, [`breaker`] says when it is left in peace, and [`discover`] looks
//! for one on this machine. Nothing here knows of agents or prompts.

pub mod breaker;
pub mod chat;
pub mod client;
pub mod dialect;
pub mod discover;
pub mod endpoint;
mod error;
pub mod sse;
mod stream;
pub mod think;

pub use error::{NetError, Severity, Stage};
