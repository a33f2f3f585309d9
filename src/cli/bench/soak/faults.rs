//! What goes wrong on purpose, and when.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use super::model::Mood;

/// How long it takes until visitors are received again, at most, in real time: D8 and D9 of `safety.md`.
const COMES_BACK: Duration = Duration::from_secs(20);
const HANGS: Duration = Duration::from_secs(30);
/// How far two faults are apart, in seconds of the exhibition (4.1 of `safety.md`).
const APART: std::ops::Range<f64> = 180.0..600.0;
/// A station that fell five times within three minutes of real time rests for one, which is as it should be. Here it falls
/// seldomer.
const MOST_FALLS: usize = 4;
const WITHIN: Duration = Duration::from_secs(185);

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// The process that holds the visit is killed.
    StationKilled,
    /// What is shown is killed.
    StageKilled,
    /// The process that holds the visit hangs.
    StationHeld,
    /// What is shown hangs.
    StageHeld,
    /// Somebody storms the staff's page.
    PageStormed,
    /// The staff hold it for a moment.
    Paused,
    /// The staff close a visit.
    Skipped,
    /// The staff begin anew.
    Restarted,
    /// The language model's server is gone.
    ModelGone,
    /// It hangs.
    ModelHangs,
    /// It says that something is wrong.
    ModelFails,
    /// It breaks off in the middle.
    ModelCuts,
}

impl Fault {
    pub(super) const ALL: [Self; 12] = [
        Self::StationKilled,
        Self::StageKilled,
        Self::StationHeld,
        Self::StageHeld,
        Self::PageStormed,
        Self::Paused,
        Self::Skipped,
        Self::Restarted,
        Self::ModelGone,
        Self::ModelHangs,
        Self::ModelFails,
        Self::ModelCuts,
    ];

    /// As it stands in the table.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::StationKilled => "station killed",
            Self::StageKilled => "stage killed",
            Self::StationHeld => "station hangs",
            Self::StageHeld => "stage hangs",
            Self::PageStormed => "staff's page stormed",
            Self::Paused => "held by the staff, and on",
            Self::Skipped => "visit closed by the staff",
            Self::Restarted => "begun anew by the staff",
            Self::ModelGone => "language model gone",
            Self::ModelHangs => "language model hangs",
            Self::ModelFails => "language model fails",
            Self::ModelCuts => "language model breaks off",
        }
    }

    /// How long it may take until everything is well again.
    pub(super) fn limit(self) -> Duration {
        if matches!(self, Self::StationHeld | Self::StageHeld) { HANGS } else { COMES_BACK }
    }

    /// Whether something falls with it, and is counted as fallen.
    pub(super) fn falls(self) -> bool {
        matches!(self, Self::StationKilled | Self::StageKilled | Self::StationHeld | Self::StageHeld)
    }

    /// How the language model's server is with it, where it is about that: then a visit goes on as if nothing were.
    pub(super) fn mood(self) -> Option<Mood> {
        match self {
            Self::ModelGone => Some(Mood::Gone),
            Self::ModelHangs => Some(Mood::Hangs),
            Self::ModelFails => Some(Mood::Fails),
            Self::ModelCuts => Some(Mood::Cuts),
            _ => None,
        }
    }

    /// Whether everything has to be silent at once with it.
    pub(super) fn mutes(self) -> bool {
        matches!(self, Self::StationKilled | Self::StageKilled)
    }
}

/// When something fell.
#[derive(Debug, Default)]
pub(super) struct Falls(VecDeque<Instant>);

impl Falls {
    pub(super) fn note(&mut self, now: Instant) {
        self.0.push_back(now);
    }

    /// Whether one more is no reason to rest.
    pub(super) fn has_room(&mut self, now: Instant) -> bool {
        self.0.retain(|fall| now.duration_since(*fall) < WITHIN);
        self.0.len() < MOST_FALLS
    }
}

/// The draw: what goes wrong next, and when.
pub(super) struct Draw {
    rng: Pcg64Mcg,
    /// When the next one is due, in seconds of the exhibition.
    due: f64,
}

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = Pcg64Mcg::seed_from_u64(seed);
        // The first one comes sooner, so that a short soak has one.
        let due = rng.random_range(APART) / 2.0;
        Self { rng, due }
    }

    /// What goes wrong now, if anything does. `may_fall`: whether something may fall again.
    pub(super) fn next(&mut self, now: f64, may_fall: bool) -> Option<Fault> {
        if now < self.due {
            return None;
        }
        let fits: Vec<Fault> = Fault::ALL.into_iter().filter(|fault| may_fall || !fault.falls()).collect();
        Some(fits[self.rng.random_range(0..fits.len())])
    }

    /// Everything is well again: some time passes until the next one.
    pub(super) fn over(&mut self, now: f64) {
        self.due = now + self.rng.random_range(APART);
    }

    /// A moment for a kill: one of these, and so long after it has come, up to `most` seconds.
    pub(super) fn moment<'a>(&mut self, states: &[&'a str], most: f64) -> (&'a str, Duration) {
        let state = states[self.rng.random_range(0..states.len())];
        (state, Duration::from_secs_f64(self.rng.random_range(0.0..most)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(seed: u64) -> Vec<(u64, Fault)> {
        let (mut draw, mut now, mut all) = (Draw::new(seed), 0.0, Vec::new());
        while all.len() < 400 {
            now += 1.0;
            if let Some(fault) = draw.next(now, true) {
                all.push((now as u64, fault));
                draw.over(now);
            }
        }
        all
    }

    #[test]
    fn faults_are_three_to_ten_minutes_apart_and_each_kind_comes() {
        let all = drawn(4);
        for pair in all.windows(2) {
            let apart = pair[1].0 - pair[0].0;
            assert!((180..=601).contains(&apart), "{pair:?}");
        }
        for fault in Fault::ALL {
            assert!(all.iter().any(|(_, drawn)| *drawn == fault), "{fault:?}");
        }
    }

    #[test]
    fn the_same_seed_draws_the_same_and_another_one_something_else() {
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
    }

    #[test]
    fn nothing_falls_so_often_that_it_would_rest() {
        let Some(since) = Instant::now().checked_sub(WITHIN) else {
            return println!("skipped: this machine runs for less than three minutes");
        };
        let mut falls = Falls::default();
        for _ in 0..MOST_FALLS {
            assert!(falls.has_room(since));
            falls.note(since);
        }
        assert!(!falls.has_room(since));
        assert!(falls.has_room(since + WITHIN));
        let mut draw = Draw::new(1);
        assert!((0..200).all(|_| draw.next(1e9, false).is_some_and(|fault| !fault.falls())));
    }
}
