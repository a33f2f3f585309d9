//! When a server is left in peace: a circuit breaker (Nygard, *Release It!*, 2007) without a clock of its own.

use std::time::Duration;

use super::error::{NetError, Severity};

/// After so many failures in a row nobody asks for a while.
const PATIENCE: u32 = 2;
/// The first wait; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// The longest wait, whatever the server says.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Counts failures and says whether a request may go out. Times are since any fixed moment.
#[derive(Clone, Debug, Default)]
pub struct Breaker {
    failures: u32,
    waits: u32,
    closed_until: Option<Duration>,
    for_good: bool,
}

impl Breaker {
    /// Whether a request may go out now.
    #[must_use]
    pub fn allows(&self, now: Duration) -> bool {
        !self.for_good && self.closed_until.is_none_or(|until| now >= until)
    }

    /// Whether nobody asks any more, whatever the time.
    #[must_use]
    pub fn is_open_for_good(&self) -> bool {
        self.for_good
    }

    /// A request came to a good end.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// A request failed. `chance`, 0 to 1, spreads the waits, so that many rooms do not come back at once.
    pub fn failed(&mut self, error: &NetError, now: Duration, chance: f32) {
        match error.severity() {
            Severity::Degraded => return,
            Severity::Permanent => {
                self.for_good = true;
                return;
            }
            Severity::Transient => self.failures += 1,
        }
        let asked = match error {
            NetError::Status { retry_after, .. } => *retry_after,
            _ => None,
        };
        if asked.is_some() || self.failures >= PATIENCE {
            let doubled = FIRST_WAIT * 2u32.saturating_pow(self.waits.min(8));
            let wait = asked.unwrap_or_else(|| doubled.mul_f32(0.75 + chance.clamp(0.0, 1.0) / 2.0));
            self.waits += 1;
            self.closed_until = Some(now + wait.min(LONGEST_WAIT));
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

    #[test]
    fn a_burst_of_failures_closes_it_longer_each_time_and_never_for_more_than_half_a_minute() {
        let mut breaker = Breaker::default();
        let mut now = Duration::ZERO;
        breaker.failed(&status(503, None), now, 0.5);
        assert!(breaker.allows(now), "once is nothing");
        let mut last = Duration::ZERO;
        for _ in 0..8 {
            breaker.failed(&status(503, None), now, 0.5);
            assert!(!breaker.allows(now));
            let wait = (0..400)
                .map(|tenth| Duration::from_millis(tenth * 100))
                .find(|wait| breaker.allows(now + *wait));
            let wait = wait.expect("it opens again");
            assert!(wait >= last && wait <= LONGEST_WAIT, "{wait:?}");
            (last, now) = (wait, now + wait);
        }
        breaker.succeeded();
        breaker.failed(&status(500, None), now, 0.5);
        assert!(breaker.allows(now));
    }

    #[test]
    fn what_the_server_asks_for_is_kept_to_up_to_half_a_minute() {
        let mut breaker = Breaker::default();
        breaker.failed(&status(429, Some(7)), Duration::ZERO, 0.0);
        assert!(!breaker.allows(Duration::from_secs(6)) && breaker.allows(Duration::from_secs(7)));
        breaker.failed(&status(429, Some(86_400)), Duration::ZERO, 0.0);
        assert!(breaker.allows(LONGEST_WAIT));
    }

    #[test]
    fn a_refusal_is_for_good_and_a_bad_answer_is_nothing() {
        let mut breaker = Breaker::default();
        breaker.failed(&NetError::TooLong, Duration::ZERO, 0.0);
        assert!(breaker.allows(Duration::ZERO));
        breaker.failed(&status(401, None), Duration::ZERO, 0.0);
        assert!(!breaker.allows(Duration::from_secs(100_000)) && breaker.is_open_for_good());
    }
}
