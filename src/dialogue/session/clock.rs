//! Session time, which stands still while the evening is held.

use serde::{Deserialize, Serialize};

use crate::dialogue::ids::Millis;

/// Turns the host's time into session time, and gathers when the session wants to be woken.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Clock {
    host: Millis,
    held: Millis,
    held_since: Option<Millis>,
    /// Until when it is held at the most.
    #[serde(default)]
    held_until: Option<Millis>,
    wake: Option<Millis>,
}

impl Clock {
    /// Takes the host's time. It never runs backwards.
    pub(super) fn set(&mut self, host: Millis) {
        self.host = self.host.max(host);
    }

    /// The host's time, as it was last told.
    pub(super) fn host_time(&self) -> Millis {
        self.host
    }

    /// Session time: the host's without what was held.
    pub(super) fn now(&self) -> Millis {
        self.held_since.unwrap_or(self.host).since(self.held)
    }

    pub(super) fn is_held(&self) -> bool {
        self.held_since.is_some()
    }

    /// Holds it, from now on for so long at the most.
    pub(super) fn hold(&mut self, most: Option<Millis>) {
        self.held_since.get_or_insert(self.host);
        self.held_until = most.map(|most| self.host + most);
    }

    /// Whether it was held for as long as it may be.
    pub(super) fn is_held_too_long(&self) -> bool {
        self.is_held() && self.held_until.is_some_and(|until| self.host >= until)
    }

    pub(super) fn release(&mut self) {
        self.held_until = None;
        if let Some(since) = self.held_since.take() {
            self.held = self.held + self.host.since(since);
        }
    }

    /// Whether `at` has come; else the session is woken then.
    pub(super) fn due(&mut self, at: Millis) -> bool {
        if self.now() >= at {
            return true;
        }
        self.wake = Some(self.wake.map_or(at, |wake| wake.min(at)));
        false
    }

    /// What was waited for is told anew.
    pub(super) fn forget_wake(&mut self) {
        self.wake = None;
    }

    /// When the session wants to be called again, in the host's time.
    pub(super) fn next_wake(&self) -> Option<Millis> {
        if self.is_held() { self.held_until } else { self.wake.map(|wake| wake + self.held) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_that_is_held_does_not_pass() {
        let mut clock = Clock::default();
        clock.set(Millis(1_000));
        clock.hold(None);
        clock.set(Millis(9_000));
        assert_eq!((clock.now(), clock.next_wake()), (Millis(1_000), None));
        clock.release();
        assert!(!clock.due(Millis(1_500)));
        assert_eq!(clock.next_wake(), Some(Millis(9_500)));
    }

    #[test]
    fn what_is_held_for_so_long_at_the_most_is_looked_at_then() {
        let mut clock = Clock::default();
        clock.set(Millis(1_000));
        clock.hold(Some(Millis(5_000)));
        clock.set(Millis(4_000));
        clock.hold(Some(Millis(9_000)));
        assert_eq!((clock.next_wake(), clock.is_held_too_long()), (Some(Millis(13_000)), false));
        clock.set(Millis(13_000));
        assert!(clock.is_held_too_long());
        clock.release();
        assert_eq!((clock.is_held_too_long(), clock.now()), (false, Millis(1_000)));
    }
}
