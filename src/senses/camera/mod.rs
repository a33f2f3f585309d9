//! Where pictures of the person come from: a camera of this machine, or a recording in its place.
//!
//! Whoever looks takes the newest picture and no other: nothing is queued, and what was not looked at in time is gone. A camera
//! is opened only by whoever has the person's consent, is found again by an id that stays, and is closed when it is let go.
//! No picture is kept, and what was held is overwritten with zeros.

mod coding;
mod footage;
mod freshness;
mod keeper;
mod listing;
#[cfg(target_os = "linux")]
mod v4l;
mod webcam;

use std::time::Duration;

use super::face::Picture;

pub use coding::{Coding, MOST_CAMERA_PIXELS};
pub use footage::{Footage, FootageError, MOST_SHOTS, Pace, pictures};
pub use freshness::{Freshness, STALE};
pub use keeper::{Keeper, Seen};
pub use listing::{Camera, cameras};
pub use webcam::Webcam;

/// A picture, and when it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What is seen.
    pub picture: Picture,
    /// How long after its source was opened. It never goes back.
    pub at: Duration,
}

/// Where pictures come from.
pub trait Source: Send {
    /// The newest picture that has come since the last call; none where nothing new has. Waits for nothing.
    ///
    /// # Errors
    /// [`Lost`], when nothing comes any more.
    fn latest(&mut self) -> Result<Option<Frame>, Lost>;
}

/// Why nothing comes any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// The camera is not connected any more.
    #[error("the camera was unplugged; it is used again once it is connected")]
    Unplugged,
    /// No picture that can be read has come for long.
    #[error("the camera gives no pictures any more; connect it again if it stays so")]
    Silent,
    /// The same picture comes again and again: a driver that has died without a word, or a lid over the lens.
    #[error("the camera gives the same picture again and again; open its lid, or connect it again")]
    Frozen,
    /// It says what is wrong by itself.
    #[error("the camera fails: {0}; connect it again")]
    Fails(String),
    /// A recording is over.
    #[error("the recording is over")]
    Over,
    /// A recording could be played so far and no further.
    #[error("the recording ends early: {0}")]
    Broken(String),
}

/// Why a camera cannot be opened. Each message says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CameraError {
    /// There is none at all.
    #[error("there is no camera; connect one, or go on without")]
    None,
    /// The one that was chosen is not there. No other one is opened in its place.
    #[error(
        "the camera {0} is not there; connect it, or choose one of those that inner-room face --cameras lists"
    )]
    Missing(String),
    /// Another program has it.
    #[error("the camera {0} is in use by another program; close that one, and it is taken")]
    Busy(String),
    /// The system does not let this program have it.
    #[error(
        "this system does not let you use the camera {0}; on most systems it does once you are in the group video and have logged in anew"
    )]
    Refused(String),
    /// Nothing that it gives can be read here.
    #[error("the camera {0} gives neither MJPEG nor YUYV, which are what is read; choose another one")]
    Coding(String),
    /// It does not answer.
    #[error("the camera {0} does not answer; connect it again")]
    Deaf(String),
    /// It is there and cannot be used.
    #[error("the camera {title} cannot be used: {why}; connect it again, or choose another one")]
    Unusable {
        /// Which.
        title: String,
        /// Why.
        why: String,
    },
    /// Cameras are not read on this system.
    #[error("cameras are read on Linux only so far; a recording can be looked at instead")]
    Elsewhere,
}
