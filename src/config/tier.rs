//! How much of the room is drawn.

use serde::{Deserialize, Serialize};

/// How much of the room is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Without a graphics card: smaller, edges smoothed afterwards, less smoke.
    Low,
    /// A graphics card that shares the machine's memory.
    Middle,
    /// Everything.
    #[default]
    High,
}

impl Tier {
    /// All of them, from the least on.
    pub const ALL: [Self; 3] = [Self::Low, Self::Middle, Self::High];

    /// The tier of that name, or none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.name() == name)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Middle => "middle",
            Self::High => "high",
        }
    }
}
