//! A visit: an evening with a time plan, because somebody else waits for the room. It still ends kindly.

use serde::{Deserialize, Serialize};

use super::ids::Millis;

/// How long a visit takes, and how its time is divided (`voice.md` 1 of the design's reference): of 480 seconds 40 for the
/// questions, 225 for the rounds, 25 of quiet, 90 for the change of places and 40 for the close. The other 60 are for what takes
/// longer. Another whole is divided in the same proportions.
///
/// ```
/// use inner_room::dialogue::Millis;
/// use inner_room::dialogue::visit::Visit;
///
/// assert_eq!(Visit::default().close(), Millis(40_000));
/// assert_eq!(Visit { whole: Millis(600_000) }.close(), Millis(50_000));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Visit {
    /// The whole time from the beginning to the last word, in milliseconds. A session takes less than [`Visit::SHORTEST`] as
    /// that.
    pub whole: Millis,
}

impl Default for Visit {
    fn default() -> Self {
        Self { whole: Millis(Self::USUAL * 1_000) }
    }
}

impl Visit {
    /// The usual visit, in seconds: what the shares are written for.
    const USUAL: u64 = 480;
    /// The shortest visit: questions, one round and a goodbye need it.
    pub const SHORTEST: Millis = Millis(180_000);
    /// How long a round takes, whatever the whole: another is begun only where there is so much time for it.
    pub const ROUND: Millis = Millis(75_000);
    /// How long the change of places takes at the least, whatever the whole: hearing oneself cannot be hurried.
    const CHANGE_AT_LEAST: u64 = 75_000;
    /// The same for the last lines.
    const CLOSE_AT_LEAST: u64 = 30_000;

    fn share(self, seconds: u64) -> Millis {
        Millis(self.whole.0.saturating_mul(seconds) / Self::USUAL)
    }

    /// For the questions before the room.
    #[must_use]
    pub fn intake(self) -> Millis {
        self.share(40)
    }

    /// For the rounds.
    #[must_use]
    pub fn rounds(self) -> Millis {
        self.share(225)
    }

    /// For being quiet.
    #[must_use]
    pub fn quiet(self) -> Millis {
        self.share(25)
    }

    /// For the change of places.
    #[must_use]
    pub fn change(self) -> Millis {
        Millis(self.share(90).0.max(Self::CHANGE_AT_LEAST))
    }

    /// For the last lines.
    #[must_use]
    pub fn close(self) -> Millis {
        Millis(self.share(40).0.max(Self::CLOSE_AT_LEAST))
    }

    /// When the last lines begin at the latest, counted from the beginning.
    #[must_use]
    pub fn closes_at(self) -> Millis {
        self.whole.since(self.close())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_planned_leaves_an_eighth_of_a_visit_to_what_takes_longer() {
        for whole in [480_000, 600_000, 960_000] {
            let visit = Visit { whole: Millis(whole) };
            let planned = visit.intake() + visit.rounds() + visit.quiet() + visit.change() + visit.close();
            assert_eq!(planned, Millis(whole / 8 * 7), "{whole}");
        }
    }

    #[test]
    fn a_short_visit_hurries_neither_what_they_hear_of_themselves_nor_the_goodbye() {
        let short = Visit { whole: Visit::SHORTEST };
        assert_eq!((short.change(), short.close()), (Millis(75_000), Millis(30_000)));
        assert!(short.closes_at() > short.intake() + Visit::ROUND);
    }
}
