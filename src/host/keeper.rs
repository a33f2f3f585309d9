//! Whoever keeps a stage: carries messages between it and the session, looks for a headset where one is wanted, and sees how
//! each stage ends.

mod wears;

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, never, select};

use super::door::{Choices, Preferences, Shown, Welcome};
use super::errands::{Errand, Errands};
use super::headset::{Step, Way};
use super::link::{FromStage, HostLink, Link, ToStage, link};
use super::live::RunningHost;
use super::process::StageProcess;
use super::staff::Care;
use super::stages::{Attend, Followed, Left, Opened, Ordered, StageError};
use super::watch::{SILENT, Silence, Watch};
use crate::dialogue::input::Health;
use crate::dialogue::{Input, Phase, View};

/// How often that is looked at.
const GLANCE: Duration = Duration::from_millis(500);

struct Evening {
    host: RunningHost,
    link: Option<Link>,
    /// What its end looks like, once the stage was shown it.
    end: Option<Box<View>>,
}

/// A stage that is shown.
pub(super) struct Stage {
    pub(super) process: StageProcess,
    pub(super) shown: Shown,
}

/// How a stage ended.
pub(super) enum Ended {
    /// The person has gone.
    Left,
    /// They have left the headset, or it has left them.
    Back,
    /// The room goes on in a headset.
    Enters(StageProcess),
    /// It fell; whether the room was lit by then.
    Fell(bool),
    /// This machine can show nothing there: why.
    CannotShow(String),
}

/// What an evening on a stage is kept with.
pub(super) struct Keeper<O, A> {
    pub(super) welcome: Welcome,
    open: Option<O>,
    attend: A,
    errands: Errands,
    evening: Option<Evening>,
    way: Way,
    /// The microphone of the headset that the room is shown in, by its id.
    microphone: Option<String>,
    /// What whoever looks after the room told last, and how loud they want the figures, in percent.
    care: Option<Box<Care>>,
    volume: Option<u16>,
}

impl<O, A: Attend> Keeper<O, A> {
    /// Whoever keeps what there is to decide in front of the person, and `open`s the evening once they have decided.
    pub(super) fn new(welcome: Welcome, open: O, attend: A, way: Way) -> Self {
        let (errands, open) = (Errands::new(), Some(open));
        Self {
            welcome,
            open,
            attend,
            errands,
            evening: None,
            way,
            microphone: None,
            care: None,
            volume: None,
        }
    }

    /// Whether another stage takes the place of one that fell.
    pub(super) fn goes_on(&self) -> bool {
        self.attend.goes_on()
    }

    /// Whether the evening has begun.
    pub(super) fn has_begun(&self) -> bool {
        self.evening.is_some()
    }

    /// Shows a new stage where the evening stands; false when there is nothing to show any more.
    pub(super) fn receive(&mut self, stage: &Stage) -> bool {
        let process = &stage.process;
        if stage.shown == Shown::Headset {
            // One of its own is known by its name, among those that there are now.
            self.errands.begin(Errand::Devices, self.attend.devices(), ToStage::Devices);
        }
        let had_its_own = stage.shown == Shown::Screen && self.microphone.take().is_some();
        // What the person wants stands in it, so that every stage is told.
        self.welcome.shown = stage.shown;
        process.is_told(ToStage::Welcome(Box::new(self.welcome.clone())), Instant::now() + SILENT);
        if let Some(care) = self.care.clone() {
            process.is_told(ToStage::Care(care), Instant::now() + SILENT);
        }
        let Some(evening) = &mut self.evening else { return true };
        if let Some(end) = &evening.end
            && !process.is_told(ToStage::View(end.clone()), Instant::now() + SILENT)
        {
            return false;
        }
        let (ours, hosts) = link();
        let goes_on = evening.host.attach(hosts, stage.shown).is_ok();
        evening.link = goes_on.then_some(ours);
        // Where the host has gone, what was to be seen last stays, above all where it is the help card.
        let stays = goes_on || evening.end.is_some();
        if had_its_own {
            self.say_preferences();
        }
        stays
    }

    /// The session notices at once that nobody sees it any more.
    pub(super) fn mute(&mut self) {
        self.attend.read(None);
        if let Some(evening) = &mut self.evening {
            evening.link = None;
        }
    }

    /// Carries messages between the stage and the session until the stage is gone. `start` starts one for a headset.
    pub(super) fn attend<E: From<StageError>>(
        &mut self,
        Stage { process: stage, shown }: Stage,
        start: impl Fn(&Preferences) -> Option<StageProcess>,
    ) -> Result<Ended, E>
    where
        O: FnOnce(Choices, &Preferences, HostLink) -> Result<Opened, E>,
    {
        let (mut watch, orders) = (Watch::new(shown), self.attend.orders());
        let (mut read_out, mut faces) = (self.attend.read_out(), self.attend.faces());
        loop {
            let messages = self.messages();
            let mut tells = Vec::new();
            select! {
                recv(stage.said) -> said => match said {
                    Ok(FromStage::Beat { lit }) => self.beat(&mut watch, lit),
                    Ok(FromStage::CannotShow(why)) => return Ok(Ended::CannotShow(why)),
                    Ok(FromStage::Headset(said)) => if self.headset(said, shown) {
                        watch.leaves.get_or_insert_with(Instant::now);
                    },
                    Ok(said) => self.hear(said)?,
                    Err(_gone) => return Ok(self.how_it_ended(stage, (shown, watch.lit), watch.leaves.is_some())),
                },
                recv(messages) -> message => match message {
                    Ok(message) => {
                        self.note(&message);
                        tells.push(message);
                    }
                    // The evening is over; the stage shows its end for as long as the person likes.
                    Err(_over) => self.mute(),
                },
                recv(self.errands.reports) -> report => if let Ok((of, message)) = report {
                    self.note_report(of, &message, shown);
                    tells.push(message);
                },
                recv(read_out) -> number => match number.map(ToStage::ReadOut) {
                    Ok(message) => tells.push(message),
                    Err(_gone) => read_out = never(),
                },
                recv(faces) -> count => match count {
                    Ok(count) => tells.push(self.see(count)),
                    Err(_gone) => faces = never(),
                },
                recv(orders) -> order => if let Ok(order) = order {
                    tells.extend(self.obey(order)?);
                },
                recv(self.way.said()) -> said => {
                    if let Step::Enters(next) = self.way.hear(said.ok(), Instant::now()) {
                        self.hear_the_rest(&stage)?;
                        return Ok(Ended::Enters(next));
                    }
                },
                default(GLANCE) => {}
            }
            let now = Instant::now();
            if shown == Shown::Screen {
                tells.extend(self.look_for_headset(now, &start).map(ToStage::Headset));
            }
            if !tells.into_iter().all(|message| stage.is_told(message, watch.until())) {
                return Ok(self.fell((shown, watch.lit)));
            }
            match watch.look(now) {
                Silence::None => {}
                Silence::Leaves => return Ok(Ended::Back),
                Silence::Falls => return Ok(self.fell((shown, watch.lit))),
            }
        }
    }

    /// What the session tells the stage; nothing where there is none.
    fn messages(&self) -> Receiver<ToStage> {
        let link = self.evening.as_ref().and_then(|evening| evening.link.as_ref());
        link.map_or_else(never, |link| link.messages.clone())
    }

    /// A sign of life.
    fn beat(&mut self, watch: &mut Watch, lit: bool) {
        watch.hear(lit);
        self.attend.follow(Followed::Beat(watch.lit));
    }

    /// So many faces are before the camera; none while nothing can be seen.
    fn see(&mut self, count: Option<u8>) -> ToStage {
        self.attend.follow(Followed::Faces(count));
        ToStage::Faces(count.unwrap_or_default())
    }

    /// What the person wants, as it holds where the room is shown now.
    fn wanted(&self) -> Preferences {
        let mut wanted = self.welcome.preferences.clone();
        if let (Some(microphone), true) = (&self.microphone, wanted.sound.microphone.trim().is_empty()) {
            wanted.sound.microphone.clone_from(microphone);
        }
        // Whatever the person's own stage knows of it.
        wanted.sound.voices_volume = self.volume.unwrap_or(wanted.sound.voices_volume);
        wanted
    }

    fn say_preferences(&self) {
        self.say(FromStage::Prefer(Box::new(self.wanted())));
    }

    /// A headset whose stage fell is as good as lost.
    fn fell(&mut self, (shown, lit): (Shown, bool)) -> Ended {
        if shown == Shown::Headset {
            self.lose_headset();
        }
        Ended::Fell(lit)
    }

    /// One that is lost is a part that is gone, and the log says so.
    fn lose_headset(&mut self) {
        if self.way.lost(Instant::now()) {
            let state = Health::Gone("its stage broke off, or its runtime was lost".to_owned());
            self.pass_on(Input::Health { part: "headset".to_owned(), state });
        }
    }

    fn how_it_ended(&mut self, stage: StageProcess, shown: (Shown, bool), leaves: bool) -> Ended {
        let well = matches!(stage.end(), Ok(status) if status.success());
        match (well, leaves) {
            (_, true) => Ended::Back,
            (true, false) => Ended::Left,
            (false, false) => self.fell(shown),
        }
    }

    /// What whoever looks after the room wants, and what the stage is told of it. Of what the person wants only how loud it is
    /// can be theirs.
    fn obey<E>(&mut self, order: Ordered) -> Result<Option<ToStage>, E>
    where
        O: FnOnce(Choices, &Preferences, HostLink) -> Result<Opened, E>,
    {
        match order {
            Ordered::Told(care) => {
                self.care = Some(care.clone());
                return Ok(Some(ToStage::Care(care)));
            }
            Ordered::Said(order) => match *order {
                FromStage::Prefer(wanted) => {
                    self.volume = Some(wanted.sound.voices_volume);
                    self.say_preferences();
                }
                said => self.hear(said)?,
            },
        }
        Ok(None)
    }

    /// An errand is done.
    fn note_report(&mut self, of: Errand, message: &ToStage, shown: Shown) {
        self.errands.running.remove(&of);
        if let (ToStage::Devices(devices), Shown::Headset) = (message, shown) {
            self.hear_through(devices);
        }
    }

    /// What was said on a stage last is not lost with it.
    fn hear_the_rest<E>(&mut self, stage: &StageProcess) -> Result<(), E>
    where
        O: FnOnce(Choices, &Preferences, HostLink) -> Result<Opened, E>,
    {
        while let Ok(said) = stage.said.try_recv() {
            self.hear(said)?;
        }
        Ok(())
    }

    /// What the stage says of anything else.
    fn hear<E>(&mut self, said: FromStage) -> Result<(), E>
    where
        O: FnOnce(Choices, &Preferences, HostLink) -> Result<Opened, E>,
    {
        match said {
            FromStage::Begin(choices) => return self.begin(choices),
            FromStage::Input(input) => self.pass_on(input),
            FromStage::Hold(_) | FromStage::Look(_) | FromStage::Places(_) => self.say(said),
            FromStage::Prefer(wanted) => self.prefer(*wanted),
            FromStage::Try(play) => {
                self.errands.begin(Errand::Trial, self.attend.try_out(play), ToStage::Tried);
            }
            FromStage::Devices => {
                self.errands.begin(Errand::Devices, self.attend.devices(), ToStage::Devices);
            }
            FromStage::Past => self.errands.begin(Errand::Past, self.attend.past(), ToStage::Past),
            FromStage::TakeAway => self.take_away(),
            FromStage::Read(what) => {
                let sound = self.wanted().sound;
                self.attend.read(what.map(|what| (what, &sound)));
            }
            FromStage::Done => self.attend.follow(Followed::Done),
            FromStage::Staff(wish) => self.attend.follow(Followed::Staff(&wish)),
            // Heard where the stage is listened to.
            FromStage::Beat { .. } | FromStage::CannotShow(_) | FromStage::Headset(_) => {}
        }
        Ok(())
    }

    fn begin<E>(&mut self, choices: Choices) -> Result<(), E>
    where
        O: FnOnce(Choices, &Preferences, HostLink) -> Result<Opened, E>,
    {
        let Some(open) = self.open.take() else { return Ok(()) };
        self.attend.begins();
        let (ours, hosts) = link();
        let (host, first) = open(choices, &self.wanted(), hosts)?;
        self.evening = Some(Evening { host, link: Some(ours), end: None });
        self.attend.follow(Followed::Begun);
        self.pass_on(first);
        self.say_preferences();
        Ok(())
    }

    fn prefer(&mut self, wanted: Preferences) {
        let before = std::mem::replace(&mut self.welcome.preferences, wanted);
        self.attend.remember(&self.welcome.preferences, &before);
        self.say_preferences();
    }

    /// The words are those of the session, not of whoever asks.
    fn take_away(&mut self) {
        let end = self.evening.as_ref().and_then(|evening| evening.end.as_ref());
        if let Some(kept) = end.and_then(|end| end.kept.clone()) {
            let lang = self.welcome.preferences.look.lang.clone();
            self.errands.begin(Errand::Card, self.attend.take_away(kept, lang), ToStage::TakenAway);
        }
    }

    /// An evening that has come to its end is over, however soon the person goes then.
    fn note(&mut self, message: &ToStage) {
        match message {
            ToStage::View(view) => self.attend.follow(Followed::View(view)),
            ToStage::Event(event) => self.attend.follow(Followed::Event(event)),
            _ => {}
        }
        if let (Some(evening), ToStage::View(view)) = (&mut self.evening, message)
            && view.phase == Phase::Ended
        {
            evening.end = Some(view.clone());
        }
    }

    fn pass_on(&self, input: Input) {
        self.say(FromStage::Input(input));
    }

    fn say(&self, what: FromStage) {
        let link = self.evening.as_ref().and_then(|evening| evening.link.as_ref());
        // A session that has ended takes nothing; its last events are still to be shown.
        if link.is_some_and(|link| link.say(what).is_err()) {}
    }

    /// The person has gone.
    pub(super) fn finish(self) -> Result<Left, StageError> {
        let Some(evening) = self.evening else { return Ok(Left::Early) };
        let left = if evening.end.is_some() { Left::Over } else { Left::Early };
        drop(evening.link);
        evening.host.join()?;
        Ok(left)
    }
}
