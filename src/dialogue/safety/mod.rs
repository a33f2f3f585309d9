//! What stands between the room and a person in danger, and between a cast and the person.
//!
//! - [`Watch`] and [`check`] read every word of the person: rules over plain words, and a small classifier behind them.
//! - [`Gate`] reads every sentence of an agent before it is shown.
//! - [`Card`], [`Help`] and [`CheckIn`] are help by people.
//!
//! It needs no model, no network, no clock and no thread: it is called in the step that takes the words in, so no word
//! can pass it by, and an agent cannot speak while it hangs. `docs/safety.md` says what it catches and what it misses.

mod age;
mod check;
mod classes;
mod finding;
mod gate;
mod help;
mod model;
mod table;
mod watch;
mod words;

pub use age::is_childs;
pub use check::{Reading, across as check_across, read as check, signs, without_harmless};
pub use finding::{Category, Finding, Tier};
pub use gate::{Blocked, Gate, Gated, Never};
pub use help::{Card, CardKind, CheckIn, Choice, Freshness, Help, HelpLine};
pub use model::{LEARNT_FROM, Model, Score, Sign, features, fingerprint};
pub use watch::Watch;
pub use words::words;

/// Version of the check. It goes up with its rules or weights.
pub const VERSION: u32 = 1;

/// Whether the check has a list of its own for a language (BCP 47). Where it has none, the evening is held without the
/// Devil.
#[must_use]
pub fn covers(lang: &str) -> bool {
    matches!(lang.split('-').next(), Some("en" | "zh"))
}
