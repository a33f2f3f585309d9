//! The host's time: that of the machine, without what it has slept through.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::dialogue::ids::Millis;

/// Whoever looks at the clock every second and finds that more has passed was asleep meanwhile, or was stopped.
pub(super) const ASLEEP: Duration = Duration::from_secs(5);

/// Two clocks of the machine, since any fixed moment each. The steady one stands still on some systems while they sleep; the
/// other one goes on, and can be set.
#[derive(Clone, Copy, Debug)]
struct Reading {
    steady: Duration,
    wall: Duration,
}

/// Host time, for whoever looks at it once a second or oftener.
#[derive(Debug)]
pub(super) struct Clock {
    begun: Instant,
    time: Time,
    slept: bool,
}

impl Clock {
    /// Goes on from there, so many times as fast as the machine's own time.
    pub(super) fn begin(from: Millis, speed: u32) -> Self {
        let begun = Instant::now();
        let time = Time { from, last: read(begun), slept: Duration::ZERO, speed: speed.max(1) };
        Self { begun, time, slept: false }
    }

    /// What time it is.
    pub(super) fn now(&mut self) -> Millis {
        self.slept |= self.time.pass(read(self.begun));
        self.time.now()
    }

    /// How long so much host time takes.
    pub(super) fn lasts(&self, host: Millis) -> Duration {
        Duration::from_millis(host.0) / self.time.speed
    }

    /// Whether the machine has slept since this was asked last.
    pub(super) fn has_slept(&mut self) -> bool {
        std::mem::take(&mut self.slept)
    }

    /// Whoever was waited for had all the time in the world, and nobody slept.
    pub(super) fn waited(&mut self) {
        self.time.last = read(self.begun);
    }
}

fn read(begun: Instant) -> Reading {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Reading { steady: begun.elapsed(), wall }
}

#[derive(Debug)]
struct Time {
    from: Millis,
    last: Reading,
    slept: Duration,
    speed: u32,
}

impl Time {
    /// Time has passed up to there. Whether it was a sleep, in which none has.
    fn pass(&mut self, now: Reading) -> bool {
        let steady = now.steady.saturating_sub(self.last.steady);
        let wall = now.wall.saturating_sub(self.last.wall);
        self.last = now;
        if steady > ASLEEP {
            self.slept += steady;
        }
        steady.max(wall) > ASLEEP
    }

    fn now(&self) -> Millis {
        let awake = self.last.steady.saturating_sub(self.slept) * self.speed;
        self.from + Millis(u64::try_from(awake.as_millis()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(steady: u64, wall: u64) -> Reading {
        Reading { steady: Duration::from_secs(steady), wall: Duration::from_secs(wall) }
    }

    /// A13: a machine that sleeps for an hour. No time passes in the evening, whichever of its clocks went on.
    #[test]
    fn what_the_machine_sleeps_through_is_no_time() {
        let mut time = Time { from: Millis(500), last: at(0, 1_000), slept: Duration::ZERO, speed: 1 };
        assert!(!time.pass(at(1, 1_001)));
        assert_eq!(time.now(), Millis(1_500));
        assert!(time.pass(at(3_601, 4_601)), "both clocks went on");
        assert_eq!(time.now(), Millis(1_500));
        assert!(!time.pass(at(3_602, 4_602)));
        assert!(time.pass(at(3_602, 8_202)), "the steady one stood still");
        assert_eq!(time.now(), Millis(2_500));
        assert!(!time.pass(at(3_603, 4_000)), "somebody has set the other one back");
        assert_eq!(time.now(), Millis(3_500));
    }
    #[test]
    fn a_rehearsal_passes_faster_and_sleep_is_still_no_time_in_it() {
        let mut time = Time { from: Millis(500), last: at(0, 1_000), slept: Duration::ZERO, speed: 20 };
        assert!(
            !time.pass(at(3, 1_003)),
            "three seconds of the machine are no sleep, whatever they are a minute of"
        );
        assert_eq!(time.now(), Millis(60_500));
        assert!(time.pass(at(603, 1_603)));
        assert_eq!(time.now(), Millis(60_500));
        let clock = Clock::begin(Millis(0), 20);
        assert_eq!(clock.lasts(Millis(10_000)), Duration::from_millis(500));
        assert_eq!(Clock::begin(Millis(0), 1).lasts(Millis(10_000)), Duration::from_secs(10));
    }
}
