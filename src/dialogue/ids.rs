//! Names and numbers that tie inputs, effects and events together.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl $name {
            /// Returns the current value and moves on to the next one.
            pub fn take_next(&mut self) -> Self {
                let current = *self;
                self.0 += 1;
                current
            }
        }
    };
}

number!(
    /// One request to a cast. A late answer dies by its id.
    AskId(u64)
);
number!(
    /// One line of an agent, as it is spoken.
    LineId(u64)
);
number!(
    /// One utterance of the person. A correction carries the id of what it corrects.
    UtteranceId(u64)
);
number!(
    /// What the session knew when something was asked. An answer made on an older basis is not used.
    Revision(u64)
);

/// A moment or a span of session time, in milliseconds. The host decides what drives it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Millis {
    /// The span from `earlier` to this moment; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }
}

impl std::ops::Add for Millis {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}
