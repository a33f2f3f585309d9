//! What a stage is told of the exhibition that it stands in.

use serde::{Deserialize, Serialize};

use crate::dialogue::safety::Card;

/// What a stage needs to know of the exhibition that it stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exhibition {
    /// How long a visit takes, in minutes.
    pub minutes: u32,
    /// The languages that are offered, of [`crate::words::LANGUAGES`].
    pub languages: Vec<String>,
    /// The person on duty.
    pub staff: Option<String>,
    /// From which age it is for.
    pub age: Option<u8>,
    /// Whether it is an hour without the Devil and without the camera.
    pub family: bool,
    /// Whether visitors may be offered the camera.
    pub camera: bool,
    /// How long nothing may happen in a visitor's turn before they are asked whether they are there, in seconds.
    pub idle_s: u16,
    /// How long that question stands, in seconds.
    pub leaves_s: u16,
    /// The server that the sound of a visitor's voice goes to, as it is shown; none where this machine itself writes down
    /// what is said.
    #[serde(default)]
    pub heard_at: Option<String>,
    /// The server that gives the figures their voices, as it is shown; none where this machine does.
    #[serde(default)]
    pub spoken_at: Option<String>,
    /// The help card, for whoever asks where help is after the visit, or while nothing else goes.
    #[serde(default)]
    pub card: Option<Card>,
    /// Why nobody can come in; none where somebody can.
    #[serde(default)]
    pub shut: Option<Shut>,
    /// Whether a camera counts the faces before it until somebody comes in.
    #[serde(default)]
    pub counts: bool,
    /// Whether the hall was too loud for free speech when it opened.
    #[serde(default)]
    pub loud: bool,
    /// The languages in which something can be read aloud: those of its own for which there is a voice, where there is a
    /// loudspeaker.
    #[serde(default)]
    pub reads: Vec<String>,
}

/// Why nobody can come in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shut {
    /// It is closed.
    Closed {
        /// When it opens, by the clock: `10:00`.
        at: Option<String>,
        /// On which day, by its date, where that is another one: `2026-11-30`.
        day: Option<String>,
    },
    /// Too much fell within too short a time, and nothing is tried for a while.
    Rest,
}

/// What is to be read aloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aloud {
    /// By which number it is known.
    pub number: u32,
    /// BCP 47 language.
    pub lang: String,
    /// The words, one paragraph after the other.
    pub paragraphs: Vec<String>,
}
