//! Lets things go wrong, and waits until each is got over.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::Watch;
use crate::cli::bench::soak::faults::Fault;
use crate::cli::bench::soak::model::Mood;
use crate::cli::bench::soak::processes;
use crate::cli::bench::soak::table::Over;

/// How soon everything has to be silent that was killed.
const SILENT: Duration = Duration::from_secs(1);
/// How long the staff hold it, in real time.
const HOLDS: Duration = Duration::from_secs(2);
/// How long the language model is as it should not be, in real time.
const AILS: Duration = Duration::from_secs(8);
/// How long after its limit a fault is given up.
const GIVES_UP: Duration = Duration::from_secs(40);
/// When something is killed, where kills are all there is.
pub(super) const MOMENTS: [&str; 3] = ["attract", "visit", "farewell"];

/// A fault that is not over.
pub(super) struct Ongoing {
    fault: Fault,
    state: String,
    station: u32,
    begun: Instant,
    /// How many had fallen before.
    fell: u64,
    muted: Option<bool>,
    /// When the staff let it go on.
    resumed: Option<Instant>,
}

/// Where nothing but kills comes.
pub(super) struct Kills {
    pub(super) left: u32,
    /// In which state the next one comes, and how long after that has come.
    pub(super) moment: (&'static str, Duration),
    pub(super) since: Option<Instant>,
}

impl Watch {
    pub(super) fn may_go_wrong(&mut self, now: Instant) {
        if !self.status.is_well() {
            return;
        }
        let may_fall = self.falls.has_room(now);
        let fault = match &mut self.kills {
            Some(kills) => {
                let (state, after) = kills.moment;
                if self.status.state != state {
                    kills.since = None;
                    return;
                }
                let since = *kills.since.get_or_insert(now);
                let due = kills.left > 0 && may_fall && now.duration_since(since) >= after;
                let next = if kills.left % 2 == 0 { Fault::StationKilled } else { Fault::StageKilled };
                due.then_some(next)
            }
            None => self.draw.next(self.exhibition_s(now), may_fall),
        };
        if let Some(fault) = fault {
            self.ongoing = self.inflict(fault);
        }
    }

    /// Lets it go wrong. None where there is nothing that could just now.
    fn inflict(&mut self, fault: Fault) -> Option<Ongoing> {
        let station = self.stations.first()?.clone();
        let (page, stage) = (self.house.page.clone(), station.stage?);
        match fault {
            Fault::StationKilled => processes::signal(station.pid, Signal::KILL),
            Fault::StageKilled => processes::signal(stage, Signal::KILL),
            Fault::StationHeld => processes::signal(station.pid, Signal::STOP),
            Fault::StageHeld => processes::signal(stage, Signal::STOP),
            Fault::PageStormed => match page.storm() {
                Ok(0) => {}
                Ok(let_in) => self.breaks(format!("{let_in} bad requests were answered as good ones")),
                Err(error) => self.breaks(format!("the staff's page could not be stormed: {error}")),
            },
            Fault::Paused => self.order("pause"),
            Fault::Skipped => self.order("skip"),
            Fault::Restarted => self.order("restart"),
            Fault::ModelGone | Fault::ModelHangs | Fault::ModelFails | Fault::ModelCuts => {
                self.house.model.is(fault.mood().unwrap_or(Mood::Well));
            }
        }
        if fault.falls() {
            self.falls.note(Instant::now());
        }
        if fault != Fault::PageStormed && fault.mood().is_none() {
            self.disturbed.insert(station.guest);
        }
        let (state, fell, station) = (self.status.state.clone(), self.status.fell, station.pid);
        Some(Ongoing { fault, state, station, begun: Instant::now(), fell, muted: None, resumed: None })
    }

    fn order(&mut self, order: &str) {
        if !self.house.page.order(order) {
            self.breaks(format!("the staff's page did not take the order {order}"));
        }
    }

    /// Waits for the end of a fault; what is still to be waited for.
    pub(super) fn follow(&mut self, mut ongoing: Ongoing, now: Instant) -> Option<Ongoing> {
        let passed = now.duration_since(ongoing.begun);
        if ongoing.fault.mutes() && ongoing.muted.is_none() {
            if !processes::group_runs(ongoing.station) {
                ongoing.muted = Some(passed <= SILENT);
            } else if passed > 5 * SILENT {
                ongoing.muted = Some(false);
            }
        }
        let is_another = self.stations.iter().any(|station| station.pid != ongoing.station);
        let well = self.status.is_well();
        let took = match ongoing.fault {
            Fault::PageStormed | Fault::Skipped => well.then_some(passed),
            Fault::Paused => self.goes_on_after_a_hold(&mut ongoing, now),
            fault if fault.mood().is_some() => {
                // Nobody has to come back from it: nothing may fall over it.
                let held = well && self.status.fell == ongoing.fell;
                (passed >= AILS && held).then_some(Duration::ZERO)
            }
            _ => (well && is_another && !processes::runs(ongoing.station)).then_some(passed),
        };
        let waits_for_silence = ongoing.fault.mutes() && ongoing.muted.is_none();
        let gives_up = passed > ongoing.fault.limit() + GIVES_UP;
        if (took.is_none() || waits_for_silence) && !gives_up {
            return Some(ongoing);
        }
        self.is_over(ongoing, took);
        None
    }

    /// How long it took from the staff's word until it went on, once it has.
    fn goes_on_after_a_hold(&mut self, ongoing: &mut Ongoing, now: Instant) -> Option<Duration> {
        let held = self.status.state == "paused";
        match ongoing.resumed {
            None if held && now.duration_since(ongoing.begun) >= HOLDS => {
                self.order("resume");
                ongoing.resumed = Some(Instant::now());
                None
            }
            None => None,
            Some(since) => (!held && self.status.is_well()).then(|| now.saturating_duration_since(since)),
        }
    }

    fn is_over(&mut self, ongoing: Ongoing, took: Option<Duration>) {
        let Ongoing { fault, state, station, muted, .. } = ongoing;
        let how = took.map_or_else(
            || "given up".to_owned(),
            |took| format!("well again after {:.1} s", took.as_secs_f64()),
        );
        self.say(&format!("{} in {state}: {how}", fault.name()));
        self.house.model.is(Mood::Well);
        if took.is_none() {
            // The rest of the soak is to find something, too.
            processes::kill_group(station);
        }
        self.table.overs.push(Over { fault, state, took, muted });
        let now = self.exhibition_s(Instant::now());
        self.draw.over(now);
        if let Some(kills) = &mut self.kills {
            kills.left = kills.left.saturating_sub(1);
            (kills.moment, kills.since) = (self.draw.moment(&MOMENTS, 3.0), None);
        }
    }
}
