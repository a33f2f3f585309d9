//! The host: one process, one thread for the session. It owns session, cast and voice, drives deadlines, writes the
//! log, and speaks the [`Link`] with a stage. The stage may die; the session may not.

mod clock;
mod core;
mod door;
mod errands;
mod exhibition;
mod headset;
mod keeper;
mod latch;
mod link;
mod live;
mod log;
mod process;
pub mod script;
mod senses;
mod sight;
mod staff;
mod stages;
mod watch;

pub use self::core::{Host, Parts};
pub use door::{
    CanHear, CanSee, Choices, Device, Devices, Figures, FoundServer, Headset, HeadsetNews, Look, NoHeadset,
    Past, Play, Preferences, Seeing, Shown, Sound, Trial, VisionServer, Welcome,
};
pub use exhibition::{Aloud, Exhibition, Shut};
pub use latch::Latch;
pub use link::{FromStage, HostLink, Link, LinkClosed, ToStage, link};
pub use live::{HostError, RunningHost, spawn, spawn_resumed};
pub use log::{EventLog, LogError};
pub use process::{Piped, link_to_parent, pipes, refuse_headset, refuse_to_show, says_ready};
pub use senses::Senses;
pub use sight::Sight;
pub use staff::{Call, CallTrial, Care, Digits, Duty, Panel, StaffWish};
pub use stages::{Attend, Followed, Left, Opened, Ordered, StageError, keep};
