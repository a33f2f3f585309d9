//! The host: one process, one thread for the session. It owns session, cast and voice, drives deadlines, writes the
//! log, and speaks the [`Link`] with a stage. The stage may die; the session may not.

mod core;
mod latch;
mod link;
mod live;
mod log;
pub mod script;
mod silent_voice;

pub use self::core::{Host, Parts};
pub use latch::Latch;
pub use link::{HostLink, Link, LinkClosed, ToStage, link};
pub use live::{HostError, RunningHost, spawn, spawn_resumed};
pub use log::{EventLog, LogError};
