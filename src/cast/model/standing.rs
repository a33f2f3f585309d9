//! How the server stands: what of it works, what the session was told, and how much of it an evening has used.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use super::Speak;
use super::answer::Unusable;
use crate::dialogue::input::{Health, Input};
use crate::net::NetError;
use crate::net::breaker::Breaker;

/// How long a model that the server does not have, or that only reasons, is not asked for.
const MODEL_RESTS: Duration = Duration::from_secs(60);
/// The most requests of one evening. Twelve rounds with every retry need two thirds of it.
const MOST_REQUESTS: u32 = 900;
/// The most characters of one evening, prompts and answers together: half a million tokens.
const MOST_CHARS: usize = 2_000_000;

/// Kept by the network's thread.
pub(super) struct Standing {
    speak: Speak,
    begun: Instant,
    breaker: RefCell<Breaker>,
    /// Models that are left alone, until when.
    resting: RefCell<BTreeMap<String, Duration>>,
    /// What the session was last told.
    told: RefCell<Health>,
    requests: Cell<u32>,
    chars: Cell<usize>,
    chance: RefCell<Pcg64Mcg>,
}

impl Standing {
    pub(super) fn new(speak: Speak, seed: u64) -> Self {
        Self {
            speak,
            begun: Instant::now(),
            breaker: RefCell::default(),
            resting: RefCell::default(),
            told: RefCell::new(Health::Well),
            requests: Cell::new(0),
            chars: Cell::new(0),
            chance: RefCell::new(Pcg64Mcg::seed_from_u64(seed)),
        }
    }

    /// Time since the cast began.
    pub(super) fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Whether this model may be asked now.
    pub(super) fn admits(&self, model: &str) -> bool {
        let rests = self.resting.borrow().get(model).is_some_and(|until| self.now() < *until);
        !rests && !self.is_spent() && self.breaker.borrow_mut().admits(self.now())
    }

    /// Whether the server is left in peace just now, or has had enough for one evening.
    pub(super) fn rests(&self) -> bool {
        self.is_spent() || self.breaker.borrow().rests(self.now())
    }

    fn is_spent(&self) -> bool {
        self.requests.get() >= MOST_REQUESTS || self.chars.get() >= MOST_CHARS
    }

    /// Counts a request of so many characters.
    pub(super) fn count_request(&self, chars: usize) {
        self.requests.set(self.requests.get() + 1);
        self.count_chars(chars);
        if self.is_spent() {
            self.tell(Health::Gone("it was asked as much as one evening may ask".to_owned()));
        }
    }

    /// Counts what was answered.
    pub(super) fn count_chars(&self, chars: usize) {
        self.chars.set(self.chars.get() + chars);
    }

    /// A request that was begun then was answered, and not with what was asked for.
    pub(super) fn strayed(&self, why: &Unusable, begun: Duration) {
        self.breaker.borrow_mut().succeeded(begun);
        self.tell(Health::Degraded(why.to_string()));
    }

    /// The server is awake. That says nothing about whether it is fast enough: failures before it still count.
    pub(super) fn woke(&self) {
        if *self.told.borrow() == Health::Waking {
            self.tell(Health::Well);
        }
    }

    /// A request that was begun then was answered.
    pub(super) fn succeeded(&self, begun: Duration) {
        self.breaker.borrow_mut().succeeded(begun);
        self.tell(Health::Well);
    }

    /// A request to this model that was begun then failed.
    pub(super) fn failed(&self, error: &NetError, model: &str, begun: Duration) {
        let of_model = matches!(error, NetError::Status { status: 404, .. } | NetError::OnlyReasoned);
        if of_model {
            self.resting.borrow_mut().insert(model.to_owned(), self.now() + MODEL_RESTS);
        } else {
            self.breaker.borrow_mut().failed(error, begun, self.now(), self.chance.borrow_mut().random());
        }
        // One answer that did not come is a written line in its place. Two in a row are a server that has dropped out.
        let why = error.told();
        let is_out = of_model || self.breaker.borrow().rests(self.now());
        self.tell(if is_out { Health::Gone(why) } else { Health::Degraded(why) });
    }

    /// Tells the session how the server is, when that changes.
    pub(super) fn tell(&self, health: Health) {
        let mut told = self.told.borrow_mut();
        if std::mem::discriminant(&*told) != std::mem::discriminant(&health) {
            // Nobody listens any more where it is full or closed.
            self.speak.try_send(Input::Health { part: "cast".to_owned(), state: health.clone() }).ok();
            *told = health;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_evening_asks_so_much_and_no_more() {
        let (speak, heard) = crossbeam_channel::bounded(8);
        let standing = Standing::new(speak, 1);
        for _ in 1..MOST_REQUESTS {
            standing.count_request(10);
        }
        assert!(standing.admits("m") && heard.is_empty());
        standing.count_request(10);
        assert!(!standing.admits("m") && standing.rests());
        assert!(matches!(heard.try_recv(), Ok(Input::Health { state: Health::Gone(_), .. })));
        let (speak, _heard) = crossbeam_channel::bounded(8);
        let standing = Standing::new(speak, 1);
        standing.count_request(MOST_CHARS);
        assert!(!standing.admits("m"));
    }
}
