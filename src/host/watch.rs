//! A stage that is watched by its signs of life: whether it is lit, how long it has been silent, and what that means.

use std::time::{Duration, Instant};

use super::clock::ASLEEP;
use super::door::Shown;

/// How long a stage may take to light the room for the first time, and how long it may be silent after that.
const FIRST: Duration = Duration::from_secs(120);
pub(super) const SILENT: Duration = Duration::from_secs(20);
/// In a headset somebody sees nothing meanwhile, or worse.
const SILENT_IN_HEADSET: Duration = Duration::from_secs(8);
/// How long a headset that is being left may take.
const LEAVES: Duration = Duration::from_secs(4);

/// What is known of a stage by its signs of life.
pub(super) struct Watch {
    pub(super) lit: bool,
    heard: Instant,
    turned: Instant,
    /// Since when the headset is being left.
    pub(super) leaves: Option<Instant>,
    patience: Duration,
}

/// What the silence of a stage means.
pub(super) enum Silence {
    /// Nothing.
    None,
    /// It leaves the headset, and takes too long.
    Leaves,
    /// It hangs.
    Falls,
}

impl Watch {
    pub(super) fn new(shown: Shown) -> Self {
        let patience = if shown == Shown::Headset { SILENT_IN_HEADSET } else { SILENT };
        let now = Instant::now();
        Self { lit: false, heard: now, turned: now, leaves: None, patience }
    }

    pub(super) fn hear(&mut self, lit: bool) {
        (self.lit, self.heard) = (self.lit || lit, Instant::now());
    }

    /// How long it may take to listen.
    pub(super) fn until(&self) -> Instant {
        self.heard + self.patience
    }

    pub(super) fn look(&mut self, now: Instant) -> Silence {
        if self.leaves.is_some_and(|since| now.duration_since(since) > LEAVES) {
            return Silence::Leaves;
        }
        // A stage is not to blame for the time that the whole machine was asleep.
        if self.turned.elapsed() > ASLEEP {
            self.heard = now;
        }
        self.turned = now;
        let silent = if self.lit { self.patience } else { FIRST };
        if self.heard.elapsed() > silent { Silence::Falls } else { Silence::None }
    }
}
