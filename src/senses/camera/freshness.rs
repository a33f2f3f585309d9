//! Whether a camera still sees: a driver that has died gives nothing, or the same picture again and again, and says no word.

use std::hash::{DefaultHasher, Hasher as _};
use std::time::Duration;

use super::Lost;

/// For so long nothing new may come.
pub const STALE: Duration = Duration::from_secs(2);
/// For so long the first picture may be awaited: a camera measures the light before it gives one.
const BEGINS: Duration = Duration::from_secs(5);

/// Tells on the times of pictures and a checksum of each whether new ones come. It has no clock.
#[derive(Clone, Debug)]
pub struct Freshness {
    opened: Duration,
    /// When one came last that could be read.
    came: Option<Duration>,
    /// When one came last that was another than the one before, and its checksum.
    new: Option<(Duration, u64)>,
}

impl Freshness {
    /// Of a camera that was opened at this time.
    #[must_use]
    pub fn new(opened: Duration) -> Self {
        Self { opened, came: None, new: None }
    }

    /// A picture came that could be read. True where it is another one than the one before.
    pub fn came(&mut self, at: Duration, sum: u64) -> bool {
        self.came = Some(at);
        if self.new.is_some_and(|(_, before)| before == sum) {
            return false;
        }
        self.new = Some((at, sum));
        true
    }

    /// Whether nothing new has come for too long.
    ///
    /// # Errors
    /// [`Lost::Silent`], [`Lost::Frozen`].
    pub fn look(&self, now: Duration) -> Result<(), Lost> {
        let (Some(came), Some((new, _))) = (self.came, self.new) else {
            let late = now.saturating_sub(self.opened) >= BEGINS;
            return if late { Err(Lost::Silent) } else { Ok(()) };
        };
        if now.saturating_sub(came) >= STALE {
            return Err(Lost::Silent);
        }
        if now.saturating_sub(new) >= STALE {
            return Err(Lost::Frozen);
        }
        Ok(())
    }

    /// A checksum of a picture as it came. It tells pictures apart, and is no protection against anybody.
    #[must_use]
    pub fn sum(bytes: &[u8]) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write(bytes);
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(of: u64) -> Duration {
        Duration::from_millis(of)
    }

    #[test]
    fn a_camera_that_gives_new_pictures_is_well_however_slowly_it_gives_them() {
        let mut fresh = Freshness::new(ms(100));
        for (sum, at) in (0..60).map(|it| (it, 100 + it * 1_999)) {
            assert!(fresh.look(ms(at)).is_ok(), "{at}");
            assert!(fresh.came(ms(at), sum));
        }
    }

    #[test]
    fn nothing_for_two_seconds_is_silence_and_the_first_picture_may_take_five() {
        let mut fresh = Freshness::new(ms(100));
        assert!(fresh.look(ms(5_099)).is_ok());
        assert_eq!(fresh.look(ms(5_100)), Err(Lost::Silent));
        fresh.came(ms(5_200), 1);
        assert!(fresh.look(ms(7_199)).is_ok());
        assert_eq!(fresh.look(ms(7_200)), Err(Lost::Silent));
    }

    #[test]
    fn the_same_picture_for_two_seconds_is_frozen_and_another_one_ends_that() {
        let mut fresh = Freshness::new(ms(0));
        for at in (0..2_000).step_by(50) {
            assert_eq!(fresh.came(ms(at), 7), at == 0);
            assert!(fresh.look(ms(at)).is_ok(), "{at}");
        }
        fresh.came(ms(2_000), 7);
        assert_eq!(fresh.look(ms(2_000)), Err(Lost::Frozen));
        assert!(fresh.came(ms(2_050), 8) && fresh.look(ms(2_050)).is_ok());
        // One that has seen before comes anew: what counts is the one before.
        assert!(fresh.came(ms(2_100), 7));
    }

    #[test]
    fn one_changed_byte_is_another_picture_and_a_clock_that_stands_still_is_no_fault() {
        let mut bytes = vec![128_u8; 640 * 480 * 2];
        let before = Freshness::sum(&bytes);
        bytes[400_000] ^= 1;
        assert_ne!(Freshness::sum(&bytes), before);
        let mut fresh = Freshness::new(ms(900));
        fresh.came(ms(900), before);
        assert!(fresh.look(ms(0)).is_ok());
    }
}
