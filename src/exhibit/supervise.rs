//! Keeps a station going, all day. A visit is held by a process of its own, which ends with it: what it knew of the visitor
//! goes back to the kernel, and the next one begins knowing nothing. A process that falls is silent at once; another takes its
//! place.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, never, select};

use super::call::Reason;
use super::hours::Moment;
use super::notify::Notify;
use super::panel::{Follows, Rang, StaffPanel, Staffed};
use super::staff::{Board, Count, Order, Part, State, What};
use super::station::{Asked, FromStation, ToStation};
use super::watched::{At, Station};
use crate::host::{Shut, StaffWish};

/// So many falls within so long are too many: it rests then, for as long as that (D10 of `safety.md`).
const MANY: usize = 5;
const WITHIN: Duration = Duration::from_secs(180);
const RESTS: Duration = Duration::from_secs(60);
/// How long the staff hold a room that nobody is in.
const HELD: Duration = Duration::from_secs(600);
/// How often everything is looked at.
const GLANCE: Duration = Duration::from_millis(200);

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
    /// When that changes next, as it stands on a clock; none where it never does.
    pub changes: &'a dyn Fn() -> Option<String>,
    /// What is shown while it is closed.
    pub closed: &'a dyn Fn() -> Shut,
    /// Calls a person, for this reason, without waiting for them.
    pub call: &'a dyn Fn(Reason),
    /// What became of each call.
    pub rang: Receiver<Rang>,
    /// The staff's panel on the screen.
    pub staffed: Staffed,
    /// Whether the next room may be lit while the last one still stands: not in a headset, which shows one at a time.
    pub overlaps: bool,
    /// How it begins.
    pub first: Asked,
}

/// Keeps a station going until `over` says that it is enough.
pub fn supervise(with: &Supervised<'_>, over: &dyn Fn() -> bool) {
    let mut keeper = Keeper::new(with);
    keeper.say_next_change();
    while !over() {
        keeper.turn();
    }
    keeper.notify.say("STOPPING=1");
}

struct Keeper<'a> {
    with: &'a Supervised<'a>,
    asked: Asked,
    panel: StaffPanel,
    now: Option<Station>,
    next: Option<Station>,
    falls: Vec<Instant>,
    rests_until: Option<Instant>,
    /// Whether what is shown meanwhile has fallen, too: then nothing is.
    fell_at_rest: bool,
    /// What the staff said last about being open, until the hours say something else than they do now.
    opened: Option<bool>,
    hours_say: Moment,
    /// Since when the staff hold it, and whether it is a visit that they hold.
    held: Option<(Instant, bool)>,
    ready: bool,
    notify: Notify,
}

impl<'a> Keeper<'a> {
    fn new(with: &'a Supervised<'a>) -> Self {
        Self {
            with,
            asked: with.first.clone(),
            panel: StaffPanel::new(with.staffed.clone()),
            now: None,
            next: None,
            falls: Vec::new(),
            rests_until: None,
            fell_at_rest: false,
            opened: None,
            hours_say: (with.clock)(),
            held: None,
            ready: false,
            notify: Notify::from_env(),
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
            recv(self.with.rang) -> rang => match rang {
                Ok(rang) => self.panel.rang(rang, jiff::ZonedDateTime::now().strftime("%Y-%m-%d %H:%M").to_string()),
                Err(_closed) => std::thread::sleep(GLANCE),
            },
            recv(now) -> said => match said {
                Ok(said) => self.hear(said),
                Err(_gone) => self.fell(),
            },
            recv(next) -> said => match said {
                Ok(said) => self.hear_next(said),
                Err(_gone) => self.next_fell(),
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
                station.beats(lit);
                board.beat();
                self.notify.say("WATCHDOG=1");
                if lit {
                    board.set_well(Part::Host, true);
                    board.set_well(Part::Stage, true);
                    self.is_ready();
                }
            }
            FromStation::Begun => {
                station.is(At::Visit);
                board.count(Count::Begun);
                if let Some((_, visit)) = &mut self.held {
                    // The staff's word and theirs crossed.
                    *visit = true;
                    station.tell(ToStation::Pause);
                }
            }
            FromStation::Sos => {
                self.panel.sos();
                board.count(Count::Sos);
            }
            // Whoever leaves by the help card has gone before the session says that it is over.
            FromStation::Over if station.at == At::Gone => {}
            FromStation::Over => {
                let_go_of_visit(&mut self.held);
                station.is(At::Farewell);
                board.count(Count::Finished);
            }
            FromStation::Done => {
                // A pause ends with the visit that it held.
                let_go_of_visit(&mut self.held);
                if station.at == At::Visit {
                    board.count(Count::LeftEarly);
                }
                station.is(At::Gone);
                if !self.with.overlaps {
                    self.wipe();
                }
            }
            FromStation::Staff(wish) => self.wish(wish),
            FromStation::Part { part, well } => self.note_part(&part, well),
        }
    }

    /// A part that a station uses is well, or is not.
    fn note_part(&self, part: &str, well: bool) {
        let Some(part) = Part::ALL.into_iter().find(|known| known.name() == part) else { return };
        if well {
            self.with.board.set_well(part, true);
        } else {
            self.with.board.fault(part);
        }
    }

    fn wish(&mut self, wish: StaffWish) {
        match self.panel.hear(wish, Instant::now()) {
            Follows::Nothing => {}
            Follows::Order(order) => self.obey(&order),
            Follows::Rings => self.ring(Reason::Visitor),
        }
    }

    fn ring(&mut self, reason: Reason) {
        self.panel.rings(reason);
        (self.with.call)(reason);
    }

    /// The room beside the last one is lit: it takes its place, and all that the last one knew is gone.
    fn hear_next(&mut self, said: FromStation) {
        let Some(station) = &mut self.next else { return };
        if let FromStation::Beat { lit } = said {
            station.beats(lit);
            let free = self.now.as_ref().is_none_or(|now| matches!(now.at, At::Attract | At::Gone));
            if lit && free {
                self.wipe();
                self.now = self.next.take();
            }
        }
    }

    fn next_fell(&mut self) {
        let Some(mut station) = self.next.take() else { return };
        self.note_fall(station.what_fell());
    }

    /// Ends the process, and with it all that it knew of a visitor.
    fn wipe(&mut self) {
        if let Some(station) = self.now.take()
            && station.at != At::Attract
        {
            self.with.board.count(Count::Wiped);
            self.panel.visitor_left();
        }
    }

    fn look(&mut self, now: Instant) {
        if self.now.as_ref().is_some_and(|station| station.hangs(now)) {
            self.fell();
        }
        if self.next.as_ref().is_some_and(|station| station.hangs(now)) {
            self.next_fell();
        }
        let moment = (self.with.clock)();
        let said = std::mem::replace(&mut self.hours_say, moment);
        if said.open != moment.open {
            // Closed for today is open again tomorrow.
            self.opened = None;
        }
        if said != moment {
            self.say_next_change();
        }
        let open = self.opened.unwrap_or(moment.open);
        self.asked.family = moment.family;
        if self.now.as_ref().is_some_and(|station| station.ends_at_once(moment.family, now)) {
            self.wipe();
        }
        let nobody = self.now.as_ref().is_none_or(|station| station.at == At::Attract);
        if nobody && self.held.is_some_and(|(since, _)| now.duration_since(since) > HELD) {
            // A visit that is held ends by itself. So does holding a room that nobody is in.
            self.hold(false);
        }
        if self.rests_until.is_some_and(|until| now >= until) {
            (self.rests_until, self.fell_at_rest) = (None, false);
        }
        self.asked.shut = match (self.rests_until, open) {
            (Some(_), _) => Some(Shut::Rest),
            (None, false) => Some((self.with.closed)()),
            (None, true) => None,
        };
        if !self.fell_at_rest {
            self.bring_up();
        }
        self.show(open, now);
    }

    fn say_next_change(&self) {
        let next = (self.with.changes)();
        self.with.board.show(|shown| shown.next = next);
    }

    /// Starts what is not there, and what is to take the place of what is.
    fn bring_up(&mut self) {
        // What was begun for another hour, or in another language, is not wanted any more.
        self.next = self.next.take().filter(|next| next.is_as_asked(&self.asked));
        let Some(station) = &self.now else {
            self.now = self.next.take().or_else(|| self.start());
            return;
        };
        let another =
            station.at == At::Gone || (station.at == At::Attract && !station.is_as_asked(&self.asked));
        if !another {
            // Whoever has come in meanwhile comes to their own end.
            self.next = None;
        } else if !self.with.overlaps {
            self.wipe();
        } else if self.next.is_none() {
            self.next = self.start();
        }
    }

    fn start(&mut self) -> Option<Station> {
        let station = Station::start((self.with.start)(&self.asked), self.asked.clone());
        if station.is_err() {
            self.note_fall(Count::HostsFell);
        }
        station.ok()
    }

    /// The station fell. It is silent with that; what it knew is gone with it.
    fn fell(&mut self) {
        let Some(mut station) = self.now.take() else { return };
        if station.at != At::Attract {
            self.with.board.count(Count::Wiped);
            self.panel.visitor_left();
            let_go_of_visit(&mut self.held);
        }
        if station.at == At::Gone {
            // It was to go.
            return;
        }
        if station.at == At::Visit {
            self.with.board.count(Count::LeftEarly);
        }
        let what = station.what_fell();
        drop(station);
        self.note_fall(what);
    }

    fn note_fall(&mut self, what: Count) {
        self.with.board.count(what);
        self.with.board.fault(if what == Count::StagesFell { Part::Stage } else { Part::Host });
        let now = Instant::now();
        if self.rests_until.is_some() {
            self.fell_at_rest |= self.now.as_ref().is_none_or(|station| !station.is_shut());
            return;
        }
        self.falls.retain(|fall| now.duration_since(*fall) < WITHIN);
        self.falls.push(now);
        if self.falls.len() >= MANY {
            self.falls.clear();
            self.rests_until = Some(now + RESTS);
        }
    }

    fn obey(&mut self, order: &Order) {
        if let Some(volume) = order.volume {
            self.asked.volume = volume;
            for station in [&self.now, &self.next].into_iter().flatten() {
                station.tell(ToStation::Volume(volume));
            }
        }
        if let Some(lang) = order.lang.as_ref().filter(|lang| **lang != self.asked.lang) {
            self.asked.lang.clone_from(lang);
        }
        match order.order {
            Some(What::Pause) => self.hold(true),
            Some(What::Resume) => self.hold(false),
            Some(What::Skip) => {
                // What is closed is not held any more.
                self.held = None;
                self.tell(ToStation::End);
            }
            Some(What::Restart) => {
                self.wipe();
                (self.next, self.rests_until, self.held) = (None, None, None);
                self.fell_at_rest = false;
                self.falls.clear();
            }
            Some(What::Close) => self.opened = Some(false),
            Some(What::Open) => {
                (self.opened, self.rests_until, self.fell_at_rest) = (Some(true), None, false);
            }
            Some(What::TestCall) => self.ring(Reason::Test),
            Some(What::Call) => self.ring(Reason::Staff),
            None => {}
        }
    }

    fn tell(&self, what: ToStation) {
        if let Some(station) = &self.now {
            station.tell(what);
        }
    }

    /// The room is held, or goes on.
    fn hold(&mut self, holds: bool) {
        let visit = self.now.as_ref().is_some_and(|station| station.at == At::Visit);
        self.held = holds.then(|| (Instant::now(), visit));
        self.tell(if holds { ToStation::Pause } else { ToStation::Resume });
    }

    fn show(&mut self, open: bool, now: Instant) {
        if self.now.is_none() {
            // Nothing hangs where nothing runs.
            self.notify.say(if open { "WATCHDOG=1" } else { "READY=1\nWATCHDOG=1" });
            self.with.board.beat();
        } else if self.now.as_ref().is_some_and(|station| !station.lit) {
            // It may take longer for its first picture than a watchdog waits. Here it is waited for, and not for ever.
            self.notify.say("WATCHDOG=1");
        }
        self.with.board.set_state(self.state(open));
        self.with.board.show(|shown| {
            shown.volume = self.asked.volume;
            shown.family = self.asked.family;
            if shown.lang != self.asked.lang {
                shown.lang.clone_from(&self.asked.lang);
            }
        });
        let care = self.panel.care((&self.with.board, self.held.is_some()), now);
        if let Some(station) = &mut self.now {
            station.tell_care(&care);
        }
    }

    fn state(&self, open: bool) -> State {
        match &self.now {
            Some(station) if station.at == At::Visit => {
                if self.held.is_some() {
                    State::Paused
                } else {
                    State::Visit
                }
            }
            Some(station) if station.at != At::Attract => State::Farewell,
            _ if self.rests_until.is_some() => State::Still,
            Some(station) if station.is_shut() && !open => State::Closed,
            None if !open => State::Closed,
            None => State::Recovering,
            Some(_) if self.held.is_some() => State::Paused,
            Some(station) if !station.lit => State::Starting,
            Some(_) => State::Attract,
        }
    }
}

/// What held a visit is over with it. Who holds the room as somebody is seen off holds it for the next one.
fn let_go_of_visit(held: &mut Option<(Instant, bool)>) {
    *held = held.filter(|(_, visit)| !visit);
}
