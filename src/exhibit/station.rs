//! What a station and whoever keeps it tell each other, a JSON object a line. A station is the process that knows a visitor;
//! nothing in here has room for a word of theirs.

use serde::{Deserialize, Serialize};

use crate::host::{Care, Shut, StaffWish};

/// What a station says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromStation {
    /// It is alive, stage and all; and whether the room is lit.
    Beat {
        /// Whether there is something to see.
        lit: bool,
    },
    /// Somebody sits down.
    Begun,
    /// The help card came up, asked for or not.
    Sos,
    /// The evening is over, and they are seen off.
    Over,
    /// They have gone. The process is to end, and all that it knew with it.
    Done,
    /// This is wished for at the staff's panel, or by a visitor who wants a person.
    Staff(StaffWish),
    /// A part of it is well, or is not.
    Part {
        /// Which, by its name in the metrics.
        part: String,
        /// Whether it is.
        well: bool,
    },
}

/// What a station is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToStation {
    /// Everything is held, silent at once.
    Pause,
    /// It goes on.
    Resume,
    /// The visit is closed kindly.
    End,
    /// How loud the figures are, in percent.
    Volume(u8),
    /// How the exhibition stands, beside the visit.
    Care(Box<Care>),
}

/// How a station is to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The language of the first screen.
    pub lang: String,
    /// How loud the figures are, in percent.
    pub volume: u8,
    /// Whether it is an hour without the Devil and without the camera.
    pub family: bool,
    /// Why nobody can come in; none where somebody can.
    pub shut: Option<Shut>,
}
