//! When a server is left in peace: a circuit breaker (Nygard, *Release It!*, 2007) without a clock of its own.

use std::time::Duration;

use super::error::{NetError, Severity};

/// After so many failures in a row nobody asks for a while.
const PATIENCE: u32 = 2;
/// The first wait; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// The longest wait, whatever the server says.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// After so many refused requests in a row a server is left alone, as after failures.
const REFUSALS: u32 = 4;
/// How long a single trial after a rest may take before another one goes out.
const TRIAL: Duration = Duration::from_secs(6);

/// Counts failures and says whether a request may go out. Times are since any fixed moment.
#[derive(Clone, Debug, Default)]
pub struct Breaker {
    failures: u32,
    refusals: u32,
    waits: u32,
    /// When the last failure that counted was.
    failed_at: Option<Duration>,
    rests_until: Option<Duration>,
    trial: Option<Duration>,
    for_good: bool,
    /// Whether anything was ever answered: what worked once is not taken for wrong because the network is gone.
    worked: bool,
}

impl Breaker {
    /// Whether a request may go out now. After a rest a single one may, until it is known what becomes of it.
    pub fn admits(&mut self, now: Duration) -> bool {
        if self.for_good {
            return false;
        }
        let Some(until) = self.rests_until else { return true };
        if now < until || self.trial.is_some_and(|since| now < since + TRIAL) {
            return false;
        }
        self.trial = Some(now);
        true
    }

    /// Whether the server is left in peace just now.
    #[must_use]
    pub fn rests(&self, now: Duration) -> bool {
        self.for_good || self.rests_until.is_some_and(|until| now < until)
    }

    /// Whether nobody asks any more, whatever the time.
    #[must_use]
    pub fn is_open_for_good(&self) -> bool {
        self.for_good
    }

    /// A request that was begun then came to a good end. One that was begun before the last failure says nothing.
    pub fn succeeded(&mut self, begun: Duration) {
        self.worked = true;
        if self.failed_at.is_none_or(|failed| begun > failed) {
            *self = Self { for_good: self.for_good, worked: true, ..Self::default() };
        }
    }

    /// A request that was begun then failed. `chance`, 0 to 1, spreads the waits, so that many rooms do not come back at
    /// once. Of several that were out together, one counts.
    pub fn failed(&mut self, error: &NetError, begun: Duration, now: Duration, chance: f32) {
        let asked = match error {
            NetError::Status { retry_after, .. } => *retry_after,
            _ => None,
        };
        let lasting = matches!(error, NetError::Status { .. });
        match error.severity() {
            Severity::Permanent if lasting || !self.worked => {
                self.for_good = true;
                return;
            }
            Severity::Degraded => {
                self.refusals += u32::from(lasting);
                if self.refusals < REFUSALS {
                    return;
                }
                self.failures = self.failures.max(PATIENCE);
            }
            Severity::Transient | Severity::Permanent => {}
        }
        if self.failed_at.is_some_and(|failed| begun <= failed) {
            if let (Some(asked), Some(until)) = (asked, self.rests_until) {
                self.rests_until = Some(until.max(now + asked.min(LONGEST_WAIT)));
            }
            return;
        }
        self.failures += 1;
        self.failed_at = Some(now);
        self.trial = None;
        let rests = asked.is_some_and(|asked| !asked.is_zero()) || self.failures >= PATIENCE;
        if rests {
            let doubled = FIRST_WAIT * 2u32.saturating_pow(self.waits.min(8));
            let spread = doubled.mul_f32(0.75 + chance.clamp(0.0, 1.0) / 2.0);
            self.waits += 1;
            let wait = spread.max(asked.unwrap_or_default()).min(LONGEST_WAIT);
            self.rests_until = Some(self.rests_until.unwrap_or_default().max(now + wait));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, retry_after: Option<u64>) -> NetError {
        let retry_after = retry_after.map(Duration::from_secs);
        NetError::Status { status, message: String::new(), retry_after }
    }

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// The first moment from `now` on, in tenths of a second, at which a request is let out.
    fn next_trial(breaker: &Breaker, now: Duration) -> Duration {
        let moments = (0..1_000).map(|tenth| now + Duration::from_millis(tenth * 100));
        moments.into_iter().find(|moment| breaker.clone().admits(*moment)).expect("it opens again")
    }

    #[test]
    fn a_burst_of_failures_makes_it_rest_longer_each_time_and_never_for_more_than_half_a_minute() {
        let mut breaker = Breaker::default();
        let mut now = at(1);
        breaker.failed(&status(503, None), at(0), now, 0.5);
        assert!(breaker.admits(now), "once is nothing");
        let mut last = Duration::ZERO;
        for _ in 0..8 {
            breaker.failed(&status(503, None), now + at(1), now + at(2), 0.5);
            now += at(2);
            let wait = next_trial(&breaker, now) - now;
            assert!(wait >= last && !wait.is_zero() && wait <= LONGEST_WAIT, "{wait:?}");
            (last, now) = (wait, now + wait);
        }
        assert!(breaker.admits(now) && !breaker.admits(now), "a single one is tried");
        breaker.succeeded(now);
        breaker.failed(&status(500, None), now + at(1), now + at(2), 0.5);
        assert!(breaker.admits(now + at(2)));
    }

    #[test]
    fn of_failures_that_were_out_together_one_counts() {
        let mut breaker = Breaker::default();
        for late in 0..4 {
            breaker.failed(&NetError::CutOff, at(1), at(2 + late), 0.5);
        }
        assert!(breaker.admits(at(6)), "one blip is no reason to rest");
    }

    #[test]
    fn an_answer_that_was_begun_before_the_failure_does_not_end_the_rest() {
        let mut breaker = Breaker::default();
        breaker.failed(&status(429, Some(20)), at(1), at(2), 0.0);
        breaker.succeeded(at(1));
        assert!(!breaker.admits(at(10)) && breaker.admits(at(22)));
    }

    #[test]
    fn what_the_server_asks_for_is_kept_to_up_to_half_a_minute() {
        let mut breaker = Breaker::default();
        breaker.failed(&status(429, Some(7)), at(0), at(0), 0.0);
        assert!(!breaker.clone().admits(at(6)) && breaker.admits(at(7)));
        breaker.failed(&status(429, Some(86_400)), at(8), at(8), 0.0);
        assert!(breaker.admits(at(8) + LONGEST_WAIT));
        let mut breaker = Breaker::default();
        breaker.failed(&status(503, Some(0)), at(0), at(1), 0.0);
        breaker.failed(&status(503, Some(0)), at(2), at(3), 0.0);
        assert!(!breaker.admits(at(4)), "nought seconds is not asked for");
    }

    #[test]
    fn a_refused_key_is_for_good_and_one_bad_answer_is_nothing() {
        let mut breaker = Breaker::default();
        breaker.failed(&NetError::TooLong, at(0), at(0), 0.0);
        breaker.failed(&status(400, None), at(0), at(1), 0.0);
        assert!(breaker.admits(at(1)));
        for second in 2..6 {
            breaker.failed(&status(400, None), at(second), at(second), 0.0);
        }
        assert!(
            !breaker.clone().admits(at(6)) && breaker.admits(at(40)),
            "four in a row are a reason to rest"
        );
        breaker.failed(&status(401, None), at(41), at(41), 0.0);
        breaker.succeeded(at(42));
        assert!(!breaker.admits(at(100_000)) && breaker.is_open_for_good());
    }

    #[test]
    fn a_host_that_was_there_once_is_looked_for_again() {
        let mut breaker = Breaker::default();
        breaker.succeeded(at(0));
        breaker.failed(&NetError::NoHost("x".to_owned()), at(1), at(1), 0.0);
        breaker.failed(&NetError::NoHost("x".to_owned()), at(2), at(2), 0.0);
        assert!(breaker.admits(at(40)) && !breaker.is_open_for_good());
        let mut breaker = Breaker::default();
        breaker.failed(&NetError::NoHost("x".to_owned()), at(1), at(1), 0.0);
        assert!(breaker.is_open_for_good());
    }
}
