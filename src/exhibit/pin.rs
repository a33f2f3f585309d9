//! Who may open the staff's panel: a PIN, and waits that grow for whoever guesses.
//!
//! Ten thousand numbers of four digits take four months at the longest wait (OWASP's Authentication Cheat Sheet calls it
//! exponential lockout). There is no clock in here: times are since any fixed moment.

use std::time::Duration;

use super::proof::Proof;
use crate::config::exhibit::Pin;

/// After so many wrong ones there is a wait.
pub const PATIENCE: u32 = 3;
/// The first wait; each further one is twice as long.
pub const FIRST_WAIT: Duration = Duration::from_secs(5);
/// The longest wait.
pub const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// What becomes of a PIN that was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Entered {
    /// It is the right one.
    Right,
    /// It is not, and another may be entered at once.
    Wrong,
    /// Nothing is looked at before so much time has passed, not even the right one.
    Wait(Duration),
}

/// Counts wrong PINs.
#[derive(Clone, Debug)]
pub struct Limiter {
    proof: Proof,
    wrong: u32,
    waits_until: Duration,
}

impl Limiter {
    /// For a PIN. It keeps no copy of the digits.
    #[must_use]
    pub fn new(pin: &Pin) -> Self {
        Self { proof: Proof::of(pin.digits()), wrong: 0, waits_until: Duration::ZERO }
    }

    /// Looks at a PIN that was entered now. What is entered during a wait is not looked at, and makes the wait no longer.
    pub fn enter(&mut self, entered: &str, now: Duration) -> Entered {
        let left = self.waits(now);
        if left > Duration::ZERO {
            return Entered::Wait(left);
        }
        if self.proof.is(entered) {
            (self.wrong, self.waits_until) = (0, Duration::ZERO);
            return Entered::Right;
        }
        self.wrong = self.wrong.saturating_add(1);
        let Some(times) = self.wrong.checked_sub(PATIENCE) else { return Entered::Wrong };
        let wait = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(times)).min(LONGEST_WAIT);
        self.waits_until = now.saturating_add(wait);
        Entered::Wait(wait)
    }

    /// How long nothing is looked at from now on; zero where a PIN may be entered.
    #[must_use]
    pub fn waits(&self, now: Duration) -> Duration {
        self.waits_until.saturating_sub(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter() -> Limiter {
        Limiter::new(&Pin::new("0417").expect("a PIN"))
    }

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_right_one_opens_and_forgives_the_wrong_ones_before() {
        let mut limiter = limiter();
        for round in 0..5 {
            assert_eq!(limiter.enter("0000", s(round)), Entered::Wrong);
            assert_eq!(limiter.enter("9999", s(round)), Entered::Wrong);
            assert_eq!(limiter.enter("0417", s(round)), Entered::Right);
        }
    }

    #[test]
    fn ten_wrong_ones_wait_longer_each_time_up_to_a_quarter_of_an_hour() {
        let (mut limiter, mut now, mut waits) = (limiter(), s(100), Vec::new());
        for number in 0..12 {
            match limiter.enter(&format!("{number:04}"), now) {
                Entered::Wait(wait) => {
                    waits.push(wait.as_secs());
                    now += wait;
                }
                other => assert_eq!((other, number < 2), (Entered::Wrong, true), "number {number}"),
            }
        }
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(limiter.enter("0417", now), Entered::Right, "whoever waits may try");
    }

    #[test]
    fn during_a_wait_the_right_one_is_refused_too_and_nothing_is_counted() {
        let mut limiter = limiter();
        for _ in 0..2 {
            assert_eq!(limiter.enter("1", s(10)), Entered::Wrong);
        }
        assert_eq!(limiter.enter("1", s(10)), Entered::Wait(s(5)));
        for _ in 0..50 {
            assert_eq!(limiter.enter("0417", s(12)), Entered::Wait(s(3)));
            assert_eq!(limiter.enter("1", s(12)), Entered::Wait(s(3)));
        }
        assert_eq!(limiter.waits(s(14)), s(1));
        assert_eq!(limiter.enter("1", s(15)), Entered::Wait(s(10)), "the fourth wrong one");
        assert_eq!(limiter.enter("0417", s(25)), Entered::Right);
        assert_eq!(limiter.enter("1", s(25)), Entered::Wrong, "it begins anew");
    }

    #[test]
    fn a_time_that_runs_out_of_numbers_is_no_fall() {
        let mut limiter = limiter();
        limiter.wrong = u32::MAX;
        assert_eq!(limiter.enter("1", Duration::MAX), Entered::Wait(LONGEST_WAIT));
        assert!(!format!("{limiter:?}").contains("0417"));
    }
}
