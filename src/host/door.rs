//! What there is to decide before an evening begins, and what was decided.

use serde::{Deserialize, Serialize};

use crate::dialogue::agent::Intensity;

/// How the room is shown to this person, so that they can read it and bear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// How large words are, in percent: 100 to [`Look::LARGEST`].
    pub text_size: u16,
    /// Whether only breath and blinks move, and what figures do on purpose.
    pub reduced_motion: bool,
}

impl Look {
    /// The largest that words can be, in percent.
    pub const LARGEST: u16 = 200;
}

impl Default for Look {
    fn default() -> Self {
        Self { text_size: 100, reduced_motion: false }
    }
}

/// What a stage shows to somebody who has just come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// Language of the evening.
    pub lang: String,
    /// What the person calls the Devil; empty for its own name.
    pub devil: String,
    /// The model that plays the figures, as it may be shown; none where written material does.
    pub played_by: Option<String>,
    /// How much of the Devil there is, if nothing else is chosen.
    pub intensity: Intensity,
    /// Whether the person has still to be asked whether evenings are kept.
    pub ask_keep: bool,
    /// Whether this evening is kept, as it was decided before.
    pub keeps: bool,
    /// A server on this machine that could play, if nobody has decided about one.
    pub server: Option<FoundServer>,
    /// When the evening that was cut off had begun, if there is one to go on with.
    pub cut_off: Option<String>,
    /// How it is shown to them.
    pub look: Look,
    /// What the person should know before they begin, a sentence each.
    pub notes: Vec<String>,
}

/// A chat server that was found on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundServer {
    /// The program, "Ollama".
    pub name: String,
    /// The model it would play with.
    pub model: String,
    /// Its address.
    pub address: String,
}

/// What the person decided. None: they did not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// Whether evenings are kept.
    pub keep: Option<bool>,
    /// Whether the server that was found may play.
    pub server: Option<bool>,
    /// How much of the Devil there is.
    pub intensity: Option<Intensity>,
    /// Whether the evening that was cut off goes on.
    pub go_on: bool,
}
