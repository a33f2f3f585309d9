//! Keeps a station going, all day. A visit is held by a process of its own, which ends with it: what it knew of the visitor
//! goes back to the kernel, and the next one begins knowing nothing. A process that falls is silent at once; another takes its
//! place.

use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, never, select};
use rustix::process::Signal;

use super::hours::Moment;
use super::notify::Notify;
use super::staff::{Board, Count, Order, Part, State, What};
use super::station::{Asked, FromStation, ToStation};
use crate::host::Piped;

/// How long a station may take to light its room, and how long it may be silent after that (D9 of `safety.md`: 30 s in all).
const LIGHTS: Duration = Duration::from_secs(60);
const SILENT: Duration = Duration::from_secs(15);
/// How long the room that a visit was held in stands beside the next one, which is not lit yet.
const OVERLAPS: Duration = Duration::from_secs(15);
/// So many falls within so long are too many: it rests then, for as long as that (D10).
const MANY: usize = 5;
const WITHIN: Duration = Duration::from_secs(180);
const RESTS: Duration = Duration::from_secs(60);
/// How often everything is looked at.
const GLANCE: Duration = Duration::from_millis(200);

/// Where a station is with its visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Attract,
    Visit,
    Farewell,
    Gone,
}

type Process = Piped<FromStation, ToStation>;

/// All of it ends with it: its stage, and whatever that has started. It leads a group of processes of its own.
impl Drop for Station {
    fn drop(&mut self) {
        let group = i32::try_from(self.process.id()).ok().and_then(rustix::process::Pid::from_raw);
        if group.is_some_and(|group| rustix::process::kill_process_group(group, Signal::KILL).is_err()) {}
    }
}

struct Station {
    process: Process,
    begun: Instant,
    beat: Instant,
    lit: bool,
    at: At,
    since: Instant,
}

impl Station {
    fn hangs(&self, now: Instant) -> bool {
        let silent = if self.lit { SILENT } else { LIGHTS };
        now.duration_since(self.beat.max(self.begun)) > silent
    }

    /// Whether it ended by itself and said by its exit code that its stage fell.
    fn says_stage_fell(&mut self) -> bool {
        self.process.ended().ok().and_then(|status| status.code()) == Some(1)
    }

    fn tell(&self, what: ToStation) {
        // One that does not listen any more is about to be missed.
        if self.process.is_told(what, Instant::now() + GLANCE) {}
    }
}

/// What it is kept with.
pub struct Supervised<'a> {
    /// What the staff and a monitor read.
    pub board: Arc<Board>,
    /// What the staff want.
    pub orders: Receiver<Order>,
    /// Starts a station.
    pub start: &'a dyn Fn(&Asked) -> Command,
    /// Whether it is open, and for whom.
    pub clock: &'a dyn Fn() -> Moment,
    /// Calls a person, for this reason, without waiting for them.
    pub call: &'a dyn Fn(super::call::Reason),
    /// Whether the next room may be lit while the last one still stands: not in a headset, which shows one at a time.
    pub overlaps: bool,
    /// How it begins.
    pub first: Asked,
}

/// Keeps a station going until `over` says that it is enough.
pub fn supervise(with: &Supervised<'_>, over: &dyn Fn() -> bool) {
    let mut keeper = Keeper::new(with);
    while !over() {
        keeper.turn();
    }
    keeper.notify.say("STOPPING=1");
}

struct Keeper<'a> {
    with: &'a Supervised<'a>,
    asked: Asked,
    now: Option<Station>,
    next: Option<Station>,
    falls: Vec<Instant>,
    rests_until: Option<Instant>,
    /// What the staff said last about being open; else the hours do.
    opened: Option<bool>,
    paused: bool,
    ready: bool,
    notify: Notify,
}

impl<'a> Keeper<'a> {
    fn new(with: &'a Supervised<'a>) -> Self {
        let (asked, notify) = (with.first.clone(), Notify::from_env());
        let (falls, rests_until, opened) = (Vec::new(), None, None);
        Self {
            with,
            asked,
            now: None,
            next: None,
            falls,
            rests_until,
            opened,
            paused: false,
            ready: false,
            notify,
        }
    }

    /// Waits for something to happen, and takes it up.
    fn turn(&mut self) {
        let said = |station: &Option<Station>| match station {
            Some(station) => station.process.said.clone(),
            None => never(),
        };
        let (now, next) = (said(&self.now), said(&self.next));
        select! {
            recv(self.with.orders) -> order => if let Ok(order) = order { self.obey(&order) },
            recv(now) -> said => match said {
                Ok(said) => self.hear(said),
                Err(_gone) => self.fell(),
            },
            recv(next) -> said => match said {
                Ok(said) => self.hear_next(said),
                Err(_gone) => {
                    self.next = None;
                    self.note_fall(Count::HostsFell);
                }
            },
            default(GLANCE) => {}
        }
        self.look(Instant::now());
    }

    /// It is up as soon as a picture stands.
    fn is_ready(&mut self) {
        if !std::mem::replace(&mut self.ready, true) {
            self.notify.say("READY=1");
        }
    }

    fn hear(&mut self, said: FromStation) {
        let board = &self.with.board;
        let Some(station) = &mut self.now else { return };
        match said {
            FromStation::Beat { lit } => {
                station.beat = Instant::now();
                station.lit |= lit;
                board.beat();
                self.notify.say("WATCHDOG=1");
                if lit {
                    self.is_ready();
                    let board = &self.with.board;
                    board.set_well(Part::Host, true);
                    board.set_well(Part::Stage, true);
                }
            }
            FromStation::Begun => {
                (station.at, station.since) = (At::Visit, Instant::now());
                board.count(Count::Begun);
            }
            FromStation::Sos => board.count(Count::Sos),
            FromStation::Over => {
                self.paused = false;
                (station.at, station.since) = (At::Farewell, Instant::now());
                board.count(Count::Finished);
            }
            FromStation::Done => {
                // A pause ends with the visit that it held.
                self.paused = false;
                if station.at == At::Visit {
                    board.count(Count::LeftEarly);
                }
                (station.at, station.since) = (At::Gone, Instant::now());
                if !self.with.overlaps {
                    self.wipe();
                }
            }
        }
    }

    /// The room beside the last one is lit: it takes its place, and all that the last one knew is gone.
    fn hear_next(&mut self, said: FromStation) {
        let Some(station) = &mut self.next else { return };
        if let FromStation::Beat { lit } = said {
            station.beat = Instant::now();
            station.lit |= lit;
            if lit {
                self.wipe();
                self.now = self.next.take();
            }
        }
    }

    /// Ends the process that knew a visitor.
    fn wipe(&mut self) {
        if self.now.take().is_some() {
            self.with.board.count(Count::Wiped);
        }
    }

    fn look(&mut self, now: Instant) {
        if self.now.as_ref().is_some_and(|station| station.hangs(now)) {
            self.fell();
        }
        if self.next.as_ref().is_some_and(|station| station.hangs(now)) {
            self.next = None;
            self.note_fall(Count::HostsFell);
        }
        let moment = (self.with.clock)();
        let open = self.opened.unwrap_or(moment.open);
        if moment.family != self.asked.family {
            self.asked.family = moment.family;
            self.begin_anew_if_nobody_is_here();
        }
        let gone = self.now.as_ref().is_some_and(|station| station.at == At::Gone);
        let idle = self.now.as_ref().is_none_or(|station| matches!(station.at, At::Attract | At::Gone));
        if !open && idle {
            self.next = None;
            self.wipe_if(gone);
            self.now = None;
        } else if open && self.rests_until.is_none_or(|until| now >= until) {
            self.rests_until = None;
            self.bring_up(gone, now);
        }
        self.show(open);
    }

    fn wipe_if(&mut self, gone: bool) {
        if gone {
            self.wipe();
        }
    }

    /// Starts what is not there.
    fn bring_up(&mut self, gone: bool, now: Instant) {
        let late = self.now.as_ref().is_some_and(|it| gone && now.duration_since(it.since) > OVERLAPS);
        if late {
            // Whoever has gone is not remembered for as long as a machine is slow.
            self.wipe();
        }
        if self.now.is_none() {
            self.now = self.next.take().or_else(|| self.start());
        } else if gone && self.next.is_none() {
            self.next = self.start();
        }
    }

    fn start(&mut self) -> Option<Station> {
        let begun = Instant::now();
        let mut command = (self.with.start)(&self.asked);
        match Process::start(std::mem::replace(command.process_group(0), Command::new(""))) {
            Ok(process) => {
                Some(Station { process, begun, beat: begun, lit: false, at: At::Attract, since: begun })
            }
            Err(_error) => {
                self.note_fall(Count::HostsFell);
                None
            }
        }
    }

    /// The station fell. It is silent with that; what it knew is gone with it.
    fn fell(&mut self) {
        let Some(mut station) = self.now.take() else { return };
        self.paused = false;
        if station.at == At::Gone {
            // It was to go.
            self.with.board.count(Count::Wiped);
            return;
        }
        if station.at == At::Visit {
            self.with.board.count(Count::LeftEarly);
        }
        if station.at != At::Attract {
            self.with.board.count(Count::Wiped);
        }
        // It says itself when it was its stage; whoever is killed says nothing.
        let what = if station.says_stage_fell() { Count::StagesFell } else { Count::HostsFell };
        self.note_fall(what);
    }

    fn note_fall(&mut self, what: Count) {
        self.with.board.count(what);
        self.with.board.fault(if what == Count::StagesFell { Part::Stage } else { Part::Host });
        let now = Instant::now();
        self.falls.retain(|fall| now.duration_since(*fall) < WITHIN);
        self.falls.push(now);
        if self.falls.len() >= MANY {
            self.falls.clear();
            self.rests_until = Some(now + RESTS);
        }
    }

    fn begin_anew_if_nobody_is_here(&mut self) {
        if self.now.as_ref().is_some_and(|station| station.at == At::Attract) {
            self.now = None;
        }
        self.next = None;
    }

    fn obey(&mut self, order: &Order) {
        if let Some(volume) = order.volume {
            self.asked.volume = volume;
            self.tell(ToStation::Volume(volume));
        }
        if let Some(lang) = order.lang.as_ref().filter(|lang| **lang != self.asked.lang) {
            self.asked.lang.clone_from(lang);
            self.begin_anew_if_nobody_is_here();
        }
        match order.order {
            Some(What::Pause) => {
                self.paused = true;
                self.tell(ToStation::Pause);
            }
            Some(What::Resume) => {
                self.paused = false;
                self.tell(ToStation::Resume);
            }
            Some(What::Skip) => self.tell(ToStation::End),
            Some(What::Restart) => {
                let knew = self.now.as_ref().is_some_and(|station| station.at != At::Attract);
                self.wipe_if(knew);
                (self.now, self.next, self.rests_until, self.paused) = (None, None, None, false);
                self.falls.clear();
            }
            Some(What::Close) => self.opened = Some(false),
            Some(What::Open) => (self.opened, self.rests_until) = (Some(true), None),
            Some(What::TestCall) => (self.with.call)(super::call::Reason::Test),
            Some(What::Call) => (self.with.call)(super::call::Reason::Staff),
            None => {}
        }
    }

    fn tell(&self, what: ToStation) {
        if let Some(station) = &self.now {
            station.tell(what);
        }
    }

    fn show(&self, open: bool) {
        if self.now.is_none() {
            // Nothing hangs where nothing runs.
            self.notify.say(if open { "WATCHDOG=1" } else { "READY=1\nWATCHDOG=1" });
            self.with.board.beat();
        } else if self.now.as_ref().is_some_and(|station| !station.lit) {
            // It may take longer for its first picture than a watchdog waits. Here it is waited for, and not for ever.
            self.notify.say("WATCHDOG=1");
        }
        let state = match &self.now {
            _ if self.rests_until.is_some() => State::Still,
            None if !open => State::Closed,
            None => State::Recovering,
            Some(_) if self.paused => State::Paused,
            Some(station) if station.at == At::Visit => State::Visit,
            Some(station) if station.at != At::Attract => State::Farewell,
            Some(station) if !station.lit => State::Starting,
            Some(_) => State::Attract,
        };
        self.with.board.set_state(state);
        self.with.board.show(|shown| {
            shown.volume = self.asked.volume;
            shown.family = self.asked.family;
            if shown.lang != self.asked.lang {
                shown.lang.clone_from(&self.asked.lang);
            }
        });
    }
}
