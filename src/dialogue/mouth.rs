//! Mouths: the shapes they take while a line is heard, named as in VRM.

use serde::{Deserialize, Serialize};

/// The shapes a mouth takes; the names are VRM's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Viseme {
    /// m, b, p, and silence.
    #[default]
    Closed,
    /// a as in father.
    Aa,
    /// i as in sit, and most consonants.
    Ih,
    /// ou as in you; w.
    Ou,
    /// ee as in see; s, z, t.
    Ee,
    /// oh as in go; r.
    Oh,
}

impl Viseme {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Closed, Self::Aa, Self::Ih, Self::Ou, Self::Ee, Self::Oh];
}

/// A mouth at one moment of what is heard. It stays so until the next one, and goes there smoothly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MouthAt {
    /// Since what is heard began, in milliseconds.
    pub at_ms: u32,
    /// The shape.
    pub viseme: Viseme,
    /// How far that shape is taken, 0 to 1: it follows the loudness.
    pub opening: f32,
}
