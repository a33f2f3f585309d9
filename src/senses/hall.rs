//! Whether the place is too loud for free speech, while somebody is heard there.
//!
//! It is weighed on what the microphone gives, before the echo and the hum are taken out of it, so that it is the same
//! measure as the one at opening ([`Background`]). While a figure speaks nothing is weighed: that is our own voice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::sound::Background;

/// For how long the place is remembered, in seconds.
const REMEMBERS: u32 = 10;
/// So much of it has to be known before anything is said, in seconds: in less there may be no pause between words.
const KNOWN: f32 = 3.0;
/// It is quiet again only once it is so many decibels below what is too loud, so that nothing flickers.
const QUIETER: f32 = 3.0;

/// Listens to the place.
#[derive(Debug)]
pub struct Hall {
    background: Background,
    loudest_db: f32,
    loud: Arc<AtomicBool>,
}

impl Hall {
    /// A place that may have so many dBFS of the microphone at the most.
    #[must_use]
    pub fn new(loudest_db: f32) -> Self {
        Self { background: Background::over(REMEMBERS), loudest_db, loud: Arc::default() }
    }

    /// Hears what the microphone gave.
    pub fn hear(&mut self, microphone: &[f32], figure_speaks: bool) {
        if figure_speaks {
            return;
        }
        self.background.hear(microphone);
        let known = self.background.level().filter(|_| self.background.known_s() >= KNOWN);
        let Some(level) = known else { return };
        let was = self.loud.load(Ordering::Relaxed);
        let most = if was { self.loudest_db - QUIETER } else { self.loudest_db };
        self.loud.store(level > most, Ordering::Relaxed);
    }

    /// Nobody listens any more: what is not known is not too loud.
    pub fn forget(&mut self) {
        self.background = Background::over(REMEMBERS);
        self.loud.store(false, Ordering::Relaxed);
    }

    /// Whether it is too loud, for whoever asks at any time.
    #[must_use]
    pub fn is_loud(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.loud)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::RATE;

    struct Place(Hall, Arc<AtomicBool>);

    impl Place {
        fn new() -> Self {
            let hall = Hall::new(-35.0);
            let loud = hall.is_loud();
            Self(hall, loud)
        }

        /// So many seconds of this level in dBFS; whether it is too loud then.
        fn after(&mut self, level: f32, seconds: usize, figure_speaks: bool) -> bool {
            let most = 10_f32.powf(level / 20.0);
            for _ in 0..seconds * 10 {
                let piece: Vec<f32> =
                    (0..RATE / 10).map(|at| if at % 40 < 20 { most } else { -most }).collect();
                self.0.hear(&piece, figure_speaks);
            }
            self.1.load(Ordering::Relaxed)
        }
    }

    #[test]
    fn a_hall_that_grows_loud_is_too_loud_after_a_while_and_not_for_a_moment() {
        let mut place = Place::new();
        assert!(!place.after(-50.0, 12, false));
        assert!(!place.after(-20.0, 5, false), "somebody speaks");
        assert!(!place.after(-50.0, 2, false));
        assert!(place.after(-30.0, 10, false));
    }

    #[test]
    fn what_is_near_the_limit_does_not_flicker() {
        let mut place = Place::new();
        assert!(place.after(-34.0, 11, false));
        assert!(place.after(-36.5, 11, false), "it is not quiet yet");
        assert!(!place.after(-38.5, 11, false));
        assert!(!place.after(-36.5, 11, false), "it is not loud yet");
    }

    #[test]
    fn our_own_voice_and_what_is_not_known_are_not_too_loud() {
        let mut place = Place::new();
        assert!(!place.after(-10.0, 20, true));
        assert!(!place.after(-20.0, 2, false), "so little says nothing");
        assert!(place.after(-20.0, 2, false));
        place.0.forget();
        assert!(!place.1.load(Ordering::Relaxed));
    }
}
