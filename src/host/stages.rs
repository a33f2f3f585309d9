//! Keeps a stage in front of the person. The stage is a process of its own: when it falls, the session is mute at once,
//! another one takes its place and begins with the view, and the evening goes on.

use std::process::Command;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, never, select};

use super::clock::ASLEEP;
use super::door::{Choices, Devices, Past, Play, Preferences, Trial, Welcome};
use super::link::{FromStage, HostLink, Link, ToStage, link};
use super::live::{HostError, RunningHost};
use super::process::StageProcess;
use crate::dialogue::{Input, Phase, View};

/// How long a stage may take to light the room for the first time, and how long it may be silent after that.
const FIRST: Duration = Duration::from_secs(120);
const SILENT: Duration = Duration::from_secs(20);
/// How often that is looked at.
const GLANCE: Duration = Duration::from_millis(500);
/// So many stages in a row that fall before the room is lit are enough.
const MOST_FALLS: u32 = 5;

/// How an evening on a stage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The evening is over, and the person has gone.
    Over,
    /// They have gone before its end.
    Early,
}

/// Why no stage could be kept.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The program cannot start itself again.
    #[error("the room cannot be opened: {0}")]
    Start(#[from] std::io::Error),
    /// This machine can show nothing; the stage has said why.
    #[error("the room cannot be shown: {0}. The evening can be held in the terminal: inner-room talk")]
    CannotShow(String),
    /// It falls each time before there is anything to see.
    #[error(
        "the room broke off {0} times before it could be seen; hold the evening in the terminal: inner-room talk"
    )]
    KeepsFalling(u32),
    /// The session broke off.
    #[error("{0}")]
    Host(#[from] HostError),
}

/// What an evening begins with: a host that runs, and the first thing it is told.
pub type Opened = (RunningHost, Input);

struct Evening {
    host: RunningHost,
    link: Option<Link>,
    /// What its end looks like, once the stage was shown it.
    end: Option<Box<View>>,
}

/// How a stage ended.
enum Ended {
    Left,
    Fell { lit: bool },
    CannotShow(String),
}

/// What a person asks of the desk beside the evening.
pub trait Attend {
    /// What they want from now on, and what they wanted before.
    fn remember(&mut self, now: &Preferences, before: &Preferences);

    /// What finds out, in a thread of its own, whether these can play.
    fn try_out(&self, play: Play) -> Box<dyn FnOnce() -> Trial + Send>;

    /// What finds out, in a thread of its own, which microphones and loudspeakers there are.
    fn devices(&self) -> Box<dyn FnOnce() -> Devices + Send>;

    /// What finds out, in a thread of its own, what was answered to measures over time.
    fn past(&self) -> Box<dyn FnOnce() -> Past + Send>;

    /// What saves a card with these words, in a thread of its own, and says in this language where it lies, or why it does
    /// not.
    fn take_away(&self, words: String, lang: String) -> Box<dyn FnOnce() -> Result<String, String> + Send>;
}

/// Keeps a stage in front of the person until they go. `command` starts one that is shown as they want it. `prepare` finds
/// out what there is to decide, while the first stage opens its window, and says what begins the evening once the person
/// has decided.
///
/// # Errors
/// [`StageError`], or what `prepare` or what it gave says.
pub fn keep<E, O>(
    preferences: Preferences,
    command: impl Fn(&Preferences) -> Command,
    prepare: impl FnOnce() -> Result<(Welcome, O), E>,
    attend: impl Attend,
) -> Result<Left, E>
where
    E: From<StageError>,
    O: FnOnce(Choices, &Preferences, HostLink) -> Result<Opened, E>,
{
    let mut stage = StageProcess::start(command(&preferences)).map_err(StageError::Start)?;
    let (welcome, open) = prepare()?;
    let (trials, devices, cards) = (Errands::new("trial"), Errands::new("devices"), Errands::new("card"));
    let pasts = Errands::new("past");
    let mut keeper =
        Keeper { welcome, open: Some(open), attend, trials, devices, cards, pasts, evening: None };
    let mut falls = 0;
    while keeper.receive(&stage) {
        let ended = keeper.attend(stage)?;
        keeper.mute();
        match ended {
            Ended::Left => break,
            Ended::CannotShow(why) => return Err(StageError::CannotShow(why).into()),
            Ended::Fell { lit: true } => falls = 0,
            Ended::Fell { lit: false } => falls += 1,
        }
        if falls == MOST_FALLS {
            return Err(StageError::KeepsFalling(falls).into());
        }
        let wanted = &keeper.welcome.preferences;
        stage = StageProcess::start(command(wanted)).map_err(StageError::Start)?;
    }
    Ok(keeper.finish()?)
}

/// Work that takes its time, in a thread of its own, one piece after another.
struct Errands<T> {
    name: &'static str,
    report: Sender<T>,
    reports: Receiver<T>,
    running: bool,
}

impl<T: Send + 'static> Errands<T> {
    fn new(name: &'static str) -> Self {
        let (report, reports) = bounded(1);
        Self { name, report, reports, running: false }
    }

    fn begin(&mut self, errand: Box<dyn FnOnce() -> T + Send>) {
        if self.running {
            return;
        }
        let report = self.report.clone();
        // Nobody waits any more: the person has gone.
        let work = move || if report.send(errand()).is_err() {};
        self.running = std::thread::Builder::new().name(self.name.to_owned()).spawn(work).is_ok();
    }
}

struct Keeper<O, A> {
    welcome: Welcome,
    open: Option<O>,
    attend: A,
    trials: Errands<Trial>,
    devices: Errands<Devices>,
    cards: Errands<Result<String, String>>,
    pasts: Errands<Past>,
    evening: Option<Evening>,
}

impl<O, A: Attend> Keeper<O, A> {
    /// Shows a new stage where the evening stands; false when there is nothing to show any more.
    fn receive(&mut self, stage: &StageProcess) -> bool {
        // What the person wants stands in it, so that every stage is told.
        stage.is_told(ToStage::Welcome(Box::new(self.welcome.clone())), Instant::now() + SILENT);
        let Some(evening) = &mut self.evening else { return true };
        if let Some(end) = &evening.end
            && !stage.is_told(ToStage::View(end.clone()), Instant::now() + SILENT)
        {
            return false;
        }
        let (ours, hosts) = link();
        let goes_on = evening.host.attach(hosts).is_ok();
        evening.link = goes_on.then_some(ours);
        // Where the host has gone, what was to be seen last stays, above all where it is the help card.
        goes_on || evening.end.is_some()
    }

    /// The session notices at once that nobody sees it any more.
    fn mute(&mut self) {
        if let Some(evening) = &mut self.evening {
            evening.link = None;
        }
    }

    /// Carries messages between the stage and the session until the stage is gone.
    fn attend<E: From<StageError>>(&mut self, stage: StageProcess) -> Result<Ended, E>
    where
        O: FnOnce(Choices, &Preferences, HostLink) -> Result<Opened, E>,
    {
        let (mut lit, mut heard) = (false, Instant::now());
        let mut turned = heard;
        loop {
            let messages = match self.evening.as_ref().and_then(|evening| evening.link.as_ref()) {
                Some(link) => link.messages.clone(),
                None => never(),
            };
            select! {
                recv(stage.said) -> said => match said {
                    Ok(FromStage::Beat { lit: now }) => (lit, heard) = (lit || now, Instant::now()),
                    Ok(FromStage::Begin(choices)) => self.begin(choices)?,
                    Ok(FromStage::Input(input)) => self.pass_on(input),
                    Ok(said @ (FromStage::Hold(_) | FromStage::Look(_) | FromStage::Places(_))) => self.say(said),
                    Ok(FromStage::Prefer(wanted)) => self.prefer(*wanted),
                    Ok(FromStage::Try(play)) => self.trials.begin(self.attend.try_out(play)),
                    Ok(FromStage::Devices) => self.devices.begin(self.attend.devices()),
                    Ok(FromStage::Past) => self.pasts.begin(self.attend.past()),
                    Ok(FromStage::TakeAway) => self.take_away(),
                    Ok(FromStage::CannotShow(why)) => return Ok(Ended::CannotShow(why)),
                    Err(_gone) => return Ok(how_it_ended(stage, lit)),
                },
                recv(messages) -> message => match message {
                    Ok(message) => {
                        self.note(&message);
                        if !stage.is_told(message, heard + SILENT) {
                            return Ok(Ended::Fell { lit });
                        }
                    }
                    // The evening is over; the stage shows its end for as long as the person likes.
                    Err(_over) => self.mute(),
                },
                recv(self.trials.reports) -> trial => if let Ok(trial) = trial {
                    self.trials.running = false;
                    // Of a stage that does not listen more is heard soon.
                    if !stage.is_told(ToStage::Tried(trial), heard + SILENT) {}
                },
                recv(self.devices.reports) -> devices => if let Ok(devices) = devices {
                    self.devices.running = false;
                    if !stage.is_told(ToStage::Devices(devices), heard + SILENT) {}
                },
                recv(self.cards.reports) -> line => if let Ok(line) = line {
                    self.cards.running = false;
                    if !stage.is_told(ToStage::TakenAway(line), heard + SILENT) {}
                },
                recv(self.pasts.reports) -> past => if let Ok(past) = past {
                    self.pasts.running = false;
                    if !stage.is_told(ToStage::Past(past), heard + SILENT) {}
                },
                default(GLANCE) => {}
            }
            // A stage is not to blame for the time that the whole machine was asleep.
            if turned.elapsed() > ASLEEP {
                heard = Instant::now();
            }
            turned = Instant::now();
            let patience = if lit { SILENT } else { FIRST };
            if heard.elapsed() > patience {
                return Ok(Ended::Fell { lit });
            }
        }
    }

    fn begin<E>(&mut self, choices: Choices) -> Result<(), E>
    where
        O: FnOnce(Choices, &Preferences, HostLink) -> Result<Opened, E>,
    {
        let Some(open) = self.open.take() else { return Ok(()) };
        let (ours, hosts) = link();
        let (host, first) = open(choices, &self.welcome.preferences, hosts)?;
        self.evening = Some(Evening { host, link: Some(ours), end: None });
        self.pass_on(first);
        self.say(FromStage::Prefer(Box::new(self.welcome.preferences.clone())));
        Ok(())
    }

    fn prefer(&mut self, wanted: Preferences) {
        let before = std::mem::replace(&mut self.welcome.preferences, wanted);
        self.attend.remember(&self.welcome.preferences, &before);
        self.say(FromStage::Prefer(Box::new(self.welcome.preferences.clone())));
    }

    /// The words are those of the session, not of whoever asks.
    fn take_away(&mut self) {
        let end = self.evening.as_ref().and_then(|evening| evening.end.as_ref());
        if let Some(kept) = end.and_then(|end| end.kept.clone()) {
            let lang = self.welcome.preferences.look.lang.clone();
            self.cards.begin(self.attend.take_away(kept, lang));
        }
    }

    /// An evening that has come to its end is over, however soon the person goes then.
    fn note(&mut self, message: &ToStage) {
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
    fn finish(self) -> Result<Left, StageError> {
        let Some(evening) = self.evening else { return Ok(Left::Early) };
        let left = if evening.end.is_some() { Left::Over } else { Left::Early };
        drop(evening.link);
        evening.host.join()?;
        Ok(left)
    }
}

fn how_it_ended(stage: StageProcess, lit: bool) -> Ended {
    match stage.end() {
        Ok(status) if status.success() => Ended::Left,
        Ok(_) | Err(_) => Ended::Fell { lit },
    }
}
