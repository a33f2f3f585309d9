//! What stands between a cast and the person: no sentence of an agent is shown that has not passed the gate.

mod gate;

pub use gate::{Blocked, Gate, Gated};
