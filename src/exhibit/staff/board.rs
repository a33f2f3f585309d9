//! What the supervisor puts down, and the staff's page and a monitor read: a state, settings, and counts. No words of
//! anybody have a place in it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::Serialize;

/// A beat that is older than this is missed: by then the watchdog has ended what hangs (D9 of `safety.md`).
pub const BEAT: Duration = Duration::from_secs(30);

/// Makes an enum without fields with a list of all and a name for each, as it stands in metrics and answers.
macro_rules! named {
    ($(#[$about:meta])* $kind:ident { $($(#[$doc:meta])* $one:ident = $name:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $kind { $($(#[$doc])* $one,)+ }

        impl $kind {
            /// All of them, in their order.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$one),+];

            /// Its name, in small letters.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$one => $name,)+ }
            }
        }
    };
}

named! {
    /// What the exhibition does.
    State {
        /// It comes up.
        Starting = "starting",
        /// It is closed.
        Closed = "closed",
        /// The room lives by itself and waits for somebody.
        Attract = "attract",
        /// A visitor is here.
        Visit = "visit",
        /// A visitor is seen off, and what was of theirs is wiped.
        Farewell = "farewell",
        /// The staff have stopped it for a while.
        Paused = "paused",
        /// Something fell, and comes up again.
        Recovering = "recovering",
        /// Too much fell: a still picture and the help card.
        Still = "still",
    }
}

named! {
    /// A part that can be well or not.
    Part {
        /// The process that owns the session.
        Host = "host",
        /// What is shown.
        Stage = "stage",
        /// The language model.
        Model = "model",
        /// What hears.
        Microphone = "microphone",
        /// What is heard.
        Loudspeaker = "loudspeaker",
        /// What sees.
        Camera = "camera",
        /// What is written to.
        Disk = "disk",
        /// The records of helplines.
        Helplines = "helplines",
        /// The command that calls a person.
        Call = "call",
    }
}

named! {
    /// What is counted, since the program was started.
    Count {
        /// Visits that began.
        Begun = "begun",
        /// Visits that came to their own end.
        Finished = "finished",
        /// Visits whose visitor left before.
        LeftEarly = "left_early",
        /// Visits of which nothing is left.
        Wiped = "wiped",
        /// Stages that fell.
        StagesFell = "stages_fell",
        /// Hosts that fell.
        HostsFell = "hosts_fell",
        /// Calls for a person.
        Calls = "calls",
        /// Calls for a person that did not work.
        CallsFailed = "calls_failed",
        /// Help cards that a visitor asked for.
        Sos = "sos",
        /// Wrong tokens at the staff's page.
        Refused = "refused",
    }
}

/// What is set at the moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The language of the first screen.
    pub lang: String,
    /// How loud the figures are, in percent: 0 to 100.
    pub volume: u8,
    /// Whether it is an hour without the Devil and without the camera.
    pub family: bool,
    /// When that, or being open, changes next, as it stands on a clock.
    pub next: Option<String>,
}

/// The board. The supervisor writes on it; nothing waits for anything but a glance.
#[derive(Debug)]
pub struct Board {
    since: Instant,
    started_s: u64,
    beat_ms: AtomicU64,
    counts: [AtomicU64; Count::ALL.len()],
    faults: [AtomicU64; Part::ALL.len()],
    unwell: [AtomicBool; Part::ALL.len()],
    now: Mutex<(State, Shown)>,
}

impl Default for Board {
    fn default() -> Self {
        Self::new()
    }
}

impl Board {
    /// A board on which everything is well and nothing was counted.
    #[must_use]
    pub fn new() -> Self {
        let started = SystemTime::now().duration_since(UNIX_EPOCH);
        let shown = Shown { lang: "en".to_owned(), volume: 100, family: false, next: None };
        Self {
            since: Instant::now(),
            started_s: started.map_or(0, |since| since.as_secs()),
            beat_ms: AtomicU64::new(0),
            counts: Default::default(),
            faults: Default::default(),
            unwell: Default::default(),
            now: Mutex::new((State::Starting, shown)),
        }
    }

    /// Counts one more.
    pub fn count(&self, what: Count) {
        self.counts[what as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// How many there were.
    #[must_use]
    pub fn counted(&self, what: Count) -> u64 {
        self.counts[what as usize].load(Ordering::Relaxed)
    }

    /// Counts a fault of a part, and says that it is not well.
    pub fn fault(&self, part: Part) {
        self.faults[part as usize].fetch_add(1, Ordering::Relaxed);
        self.set_well(part, false);
    }

    /// How many faults a part had.
    #[must_use]
    pub fn faults(&self, part: Part) -> u64 {
        self.faults[part as usize].load(Ordering::Relaxed)
    }

    /// Says whether a part is well.
    pub fn set_well(&self, part: Part, well: bool) {
        self.unwell[part as usize].store(!well, Ordering::Relaxed);
    }

    /// Whether a part is well.
    #[must_use]
    pub fn is_well(&self, part: Part) -> bool {
        !self.unwell[part as usize].load(Ordering::Relaxed)
    }

    /// A sign of life of whatever is watched.
    pub fn beat(&self) {
        let at = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.beat_ms.store(at, Ordering::Relaxed);
    }

    /// How long ago the last sign of life was; before the first, how long the board stands.
    #[must_use]
    pub fn beat_age(&self) -> Duration {
        self.since.elapsed().saturating_sub(Duration::from_millis(self.beat_ms.load(Ordering::Relaxed)))
    }

    /// What is not well, by name: parts, and `beat` where no sign of life came for longer than [`BEAT`].
    #[must_use]
    pub fn unwell(&self) -> Vec<&'static str> {
        let parts = Part::ALL.into_iter().filter(|part| !self.is_well(*part)).map(Part::name);
        parts.chain((self.beat_age() > BEAT).then_some("beat")).collect()
    }

    /// Says what the exhibition does.
    pub fn set_state(&self, state: State) {
        self.now().0 = state;
    }

    /// What it does.
    #[must_use]
    pub fn state(&self) -> State {
        self.now().0
    }

    /// Changes what is set at the moment.
    pub fn show(&self, change: impl FnOnce(&mut Shown)) {
        change(&mut self.now().1);
    }

    /// What is set at the moment.
    #[must_use]
    pub fn shown(&self) -> Shown {
        self.now().1.clone()
    }

    /// When the board was made, in seconds since 1970 by the machine's clock.
    #[must_use]
    pub fn started_s(&self) -> u64 {
        self.started_s
    }

    /// A writer that broke off leaves a state that is whole all the same.
    fn now(&self) -> MutexGuard<'_, (State, Shown)> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_down_is_read() {
        let board = Board::new();
        assert_eq!(board.state(), State::Starting);
        board.set_state(State::Visit);
        board.show(|shown| shown.volume = 40);
        for _ in 0..3 {
            board.count(Count::Begun);
        }
        board.count(Count::Refused);
        assert_eq!((board.state(), board.shown().volume), (State::Visit, 40));
        let counts: Vec<u64> = Count::ALL.into_iter().map(|what| board.counted(what)).collect();
        assert_eq!(counts, [3, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn a_fault_makes_its_part_unwell_until_somebody_says_otherwise() {
        let board = Board::new();
        assert!(board.unwell().is_empty());
        board.fault(Part::Stage);
        board.fault(Part::Call);
        assert_eq!(board.unwell(), ["stage", "call"]);
        board.set_well(Part::Stage, true);
        assert_eq!((board.unwell(), board.faults(Part::Stage)), (vec!["call"], 1));
    }

    #[test]
    fn a_beat_that_stays_away_is_not_well() {
        let mut board = Board::new();
        let Some(before) = Instant::now().checked_sub(BEAT + Duration::from_secs(1)) else {
            return println!("skipped: this machine runs for less than a minute");
        };
        board.since = before;
        assert_eq!(board.unwell(), ["beat"]);
        board.beat();
        assert!(board.unwell().is_empty() && board.beat_age() < BEAT);
    }
}
