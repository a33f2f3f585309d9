//! Looks at the exhibition all the while, lets things go wrong in it, and puts down what it finds.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::faults::{Draw, Falls};
use super::house::{House, IDLE_S, LEAVES_S, VISIT_S};
use super::page::Status;
use super::processes::{self, Station};
use super::said;
use super::table::Table;
use super::traces::Word;
use crate::cli::bench::args::SoakArgs;
use crate::desk;

mod wrong;

use wrong::{Kills, MOMENTS, Ongoing};

/// How often the page is asked while nothing goes wrong, and how often the supervisor's memory is looked at.
const ASKS: Duration = Duration::from_millis(250);
const SAMPLES: Duration = Duration::from_secs(10);
/// How long nobody has to be there before anything is counted.
const SETTLES: Duration = Duration::from_millis(500);
/// How many more files or threads the supervisor may have than after its first visitor: somebody may just ask it something.
const SPARE: usize = 2;
/// The longest that a visit takes beside its own time, in seconds of the exhibition: the help card, the farewell, and some
/// more; and how long a machine may take for processes on top of that.
const BESIDE: u32 = 240 + 30 + 60;
const MACHINE: Duration = Duration::from_secs(75);
/// The longest that nobody comes in, in seconds of the exhibition.
const NOBODY: u32 = 400;
/// So many things that are not as they should be are said in full.
const MOST_SAID: usize = 20;

/// A visitor, as long as their station stands.
#[derive(Clone, Copy, Debug)]
struct Visitor {
    station: u32,
    /// The most memory that their station and its stage had, in MB.
    most_mb: f64,
}

pub(super) struct Watch {
    house: House,
    begun: Instant,
    speed: u32,
    draw: Draw,
    falls: Falls,
    kills: Option<Kills>,
    ongoing: Option<Ongoing>,
    stations: Vec<Station>,
    status: Status,
    asked: Instant,
    sampled: Option<Instant>,
    visitors: BTreeMap<u64, Visitor>,
    /// Those who have gone, and of whom nothing may be left.
    gone: Vec<u64>,
    /// Those whose visit something went wrong in.
    disturbed: BTreeSet<u64>,
    /// Since when nobody has been there, and the least that was counted since.
    quiet: Option<(Instant, (usize, usize), bool)>,
    usual: Option<(usize, usize)>,
    /// Whether it was seen that a word is found while its visitor is here.
    tried: bool,
    /// When something went on last.
    went_on: Instant,
    lines: Vec<String>,
    over: bool,
    table: Table,
}

impl Watch {
    pub(super) fn new(house: House, args: &SoakArgs) -> Self {
        let mut draw = Draw::new(args.seed);
        let now = Instant::now();
        let kills =
            args.kills.map(|each| Kills { left: 2 * each, moment: draw.moment(&MOMENTS, 3.0), since: None });
        let table = Table { by_state: kills.is_some(), speed: args.speed, ..Table::default() };
        Self {
            house,
            begun: now,
            speed: args.speed,
            draw,
            falls: Falls::default(),
            kills,
            ongoing: None,
            stations: Vec::new(),
            status: Status::default(),
            asked: now,
            sampled: None,
            visitors: BTreeMap::new(),
            gone: Vec::new(),
            disturbed: BTreeSet::new(),
            quiet: None,
            usual: None,
            tried: false,
            went_on: now,
            lines: Vec::new(),
            over: false,
            table,
        }
    }

    /// Whether there is nothing more to look at.
    pub(super) fn has_had_enough(&self) -> bool {
        self.over || self.kills.as_ref().is_some_and(|kills| kills.left == 0 && self.ongoing.is_none())
    }

    /// What was found since that was asked last.
    pub(super) fn news(&self, said: &mut usize) -> Vec<String> {
        let news = self.lines[*said..].to_vec();
        *said = self.lines.len();
        news
    }

    /// One look.
    pub(super) fn look(&mut self, now: Instant) {
        if !self.house.stands() {
            self.breaks("the exhibition ended by itself".to_owned());
            self.over = true;
            return;
        }
        self.stations = processes::stations(self.house.supervisor());
        self.note_visitors(now);
        if self.ongoing.is_some() || now.duration_since(self.asked) >= ASKS {
            self.ask(now);
        }
        self.sample(now);
        match self.ongoing.take() {
            Some(ongoing) => self.ongoing = self.follow(ongoing, now),
            None if self.gone.is_empty() && !self.tried && self.status.state == "visit" => self.try_to_find(),
            None if self.gone.is_empty() => self.may_go_wrong(now),
            None => self.look_for_traces(),
        }
        self.count(now);
        self.look_whether_it_goes_on(now);
    }

    /// What was found in all.
    pub(super) fn finish(mut self) -> Table {
        self.ask(Instant::now());
        while !self.gone.is_empty() {
            self.look_for_traces();
        }
        self.table.hours = self.begun.elapsed().as_secs_f64() / 3_600.0;
        self.table.status = self.status.clone();
        let heard = said::read(&self.house.said());
        self.table.panics = heard.panics;
        self.table.unhelped = heard.in_vain(&self.disturbed, self.visitors.keys());
        self.table.helped = heard.helped;
        // Whoever pressed keys before a station that hung could not come in.
        for guest in heard.outside.difference(&self.disturbed) {
            self.table.broken.push(format!("visitor {guest} did not find the way in"));
        }
        self.table
    }

    fn breaks(&mut self, what: String) {
        if self.table.broken.len() < MOST_SAID {
            self.say(&what);
            self.table.broken.push(what);
        }
    }

    fn say(&mut self, what: &str) {
        let at = self.exhibition_s(Instant::now()) as u64;
        self.lines.push(format!("{}:{:02}:{:02}  {what}", at / 3_600, at / 60 % 60, at % 60));
    }

    /// How long it is open, in seconds of its own time.
    fn exhibition_s(&self, now: Instant) -> f64 {
        now.duration_since(self.begun).as_secs_f64() * f64::from(self.speed)
    }

    fn hours(&self, now: Instant) -> f64 {
        now.duration_since(self.begun).as_secs_f64() / 3_600.0
    }

    fn ask(&mut self, now: Instant) {
        self.asked = now;
        match self.house.page.status() {
            Some(status) => {
                let counts = |it: &Status| (it.begun, it.wiped, it.fell);
                if counts(&status) != counts(&self.status) || status.state == "closed" {
                    self.went_on = now;
                }
                self.status = status;
            }
            None => self.breaks("the staff's page did not answer within ten seconds".to_owned()),
        }
    }

    fn note_visitors(&mut self, now: Instant) {
        for station in &self.stations {
            let mb =
                [Some(station.pid), station.stage].into_iter().flatten().filter_map(processes::memory_mb);
            let mb: f64 = mb.sum();
            let new = Visitor { station: station.pid, most_mb: 0.0 };
            let visitor = self.visitors.entry(station.guest).or_insert(new);
            visitor.most_mb = visitor.most_mb.max(mb);
        }
        let stands = |visitor: &Visitor| self.stations.iter().any(|station| station.pid == visitor.station);
        let left: Vec<u64> =
            self.visitors.iter().filter(|(_, it)| !stands(it)).map(|(guest, _)| *guest).collect();
        for guest in left {
            if let Some(visitor) = self.visitors.remove(&guest) {
                let at = self.hours(now);
                // One that was cut short had no time to become as large as the others.
                if !self.disturbed.contains(&guest) {
                    self.table.visits.push((at, visitor.most_mb));
                }
                self.gone.push(guest);
            }
        }
    }

    fn sample(&mut self, now: Instant) {
        if self.sampled.is_none_or(|last| now.duration_since(last) >= SAMPLES) {
            self.sampled = Some(now);
            let at = self.hours(now);
            self.table.supervisor.extend(processes::memory_mb(self.house.supervisor()).map(|mb| (at, mb)));
        }
    }

    /// A search that finds nothing of somebody who is here would say nothing of those who have gone.
    fn try_to_find(&mut self) {
        self.tried = true;
        let Some((guest, stage)) = self.stations.first().and_then(|it| Some((it.guest, it.stage?))) else {
            return;
        };
        let found = Word::new(&desk::canary(guest)).and_then(|word| word.in_memory_of(stage));
        // Who goes at this very moment is somebody else's business.
        if found == Some(0) {
            self.breaks("a word is not found in memory even while its visitor is here".to_owned());
        }
    }

    /// Whether anything is left of somebody who has gone.
    fn look_for_traces(&mut self) {
        let Some(guest) = self.gone.pop() else { return };
        let Some(word) = Word::new(&desk::canary(guest)) else { return };
        let supervisor = self.house.supervisor();
        let mut processes = processes::descendants(supervisor);
        processes.push(supervisor);
        let in_memory: usize = processes.into_iter().filter_map(|pid| word.in_memory_of(pid)).sum();
        let in_files = word.in_files_of(self.house.folder());
        self.table.searched += 1;
        self.table.traces += in_memory + in_files;
        if in_memory + in_files > 0 {
            let manner = desk::Manner::of(guest);
            self.breaks(format!(
                "the word of visitor {guest} ({manner:?}) is left: {in_memory} times in memory, {in_files} in files"
            ));
        }
    }

    /// While nobody is there: whether as much is there as always.
    fn count(&mut self, now: Instant) {
        let supervisor = self.house.supervisor();
        if self.status.state != "attract" || self.ongoing.is_some() || self.stations.len() != 1 {
            if let Some((_, least, true)) = self.quiet.take() {
                self.compare(least);
            }
            return;
        }
        let (since, mut least, mut counted) = self.quiet.unwrap_or((now, (usize::MAX, usize::MAX), false));
        if now.duration_since(since) >= SETTLES {
            let (files, threads) = processes::handles(supervisor);
            least = (least.0.min(files), least.1.min(threads));
            let size = self.stations.first().map_or(0, |station| station.size);
            let all = processes::descendants(supervisor).len();
            let settled = now.duration_since(since) > 10 * SETTLES;
            if settled && !counted && (size, all) != (2, 2) {
                self.breaks(format!("{all} processes are there where 2 should be"));
                counted = true;
            }
            counted |= (size, all) == (2, 2);
        }
        self.quiet = Some((since, least, counted));
    }

    /// Files and threads of the supervisor, beside those of the first quiet moment.
    fn compare(&mut self, least: (usize, usize)) {
        self.table.counted += 1;
        let usual = *self.usual.get_or_insert(least);
        if least.0 > usual.0 + SPARE || least.1 > usual.1 + SPARE {
            self.breaks(format!(
                "the supervisor has {} files and {} threads, where it had {} and {}",
                least.0, least.1, usual.0, usual.1
            ));
        }
    }

    /// No state lasts for ever.
    fn look_whether_it_goes_on(&mut self, now: Instant) {
        let most = if self.status.state == "attract" { NOBODY } else { VISIT_S + IDLE_S + LEAVES_S + BESIDE };
        let most = Duration::from_secs(most.into()) / self.speed + MACHINE;
        if now.duration_since(self.went_on) > most {
            self.went_on = now;
            let state = self.status.state.clone();
            self.breaks(format!("it is stuck in the state {state}"));
        }
    }
}
