//! The host on the clock of the machine, in a thread of its own.

use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, select};

use super::clock::Clock;
use super::core::{Host, Parts};
use super::door::Shown;
use super::link::{FromStage, HostLink, LinkClosed, ToStage};
use crate::dialogue::face::Mien;
use crate::dialogue::input::{Attention, Control};
use crate::dialogue::{Input, Millis, Phase, Session};

/// Why a host could not be started.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The system gives no thread.
    #[error("the session could not get a thread of its own: {0}")]
    Thread(#[from] std::io::Error),
    /// The session's thread broke off.
    #[error("the session broke off; what was said up to there is in the event log, if there is one")]
    BrokenOff,
}

/// A host that runs. Its session outlives a stage: another one can take its place, and begins with the view.
#[derive(Debug)]
pub struct RunningHost {
    thread: JoinHandle<()>,
    stages: Sender<Next>,
}

/// A stage that takes the place of one that is gone, and where it is shown.
type Next = (HostLink, Shown);

/// How often the cast is asked while an answer is awaited.
const POLL: Duration = Duration::from_millis(15);
/// How often the meter shows how loud the person is.
const METER: Duration = Duration::from_millis(80);
/// The longest wait for anything.
const IDLE: Duration = Duration::from_secs(1);

/// Starts a host. It ends when the session is over, or when its stage is gone and no other can come.
///
/// # Errors
/// [`HostError::Thread`], when the system gives no thread.
pub fn spawn(parts: Parts, link: HostLink) -> Result<RunningHost, HostError> {
    let clock = (Millis(0), parts.speed);
    start(Host::new(parts), clock, link)
}

/// Starts a host that goes on with a session that was cut off. Its stage begins with [`Input::Resume`].
///
/// # Errors
/// [`HostError::Thread`], when the system gives no thread.
pub fn spawn_resumed(parts: Parts, session: Session, link: HostLink) -> Result<RunningHost, HostError> {
    let clock = (session.host_time(), parts.speed);
    start(Host::resume(parts, session), clock, link)
}

fn start(host: Host, clock: (Millis, u32), link: HostLink) -> Result<RunningHost, HostError> {
    let (stages, next_stage) = bounded(1);
    let thread = crate::thread::spawn("session", move || run(host, clock, link, &next_stage))?;
    Ok(RunningHost { thread, stages })
}

impl RunningHost {
    /// Puts another stage in the place of one that is gone. It is shown the whole view first. On a screen the evening goes on
    /// then; in a headset once its stage says that somebody wears it.
    ///
    /// # Errors
    /// [`LinkClosed`], when the session is over.
    pub fn attach(&self, link: HostLink, shown: Shown) -> Result<(), LinkClosed> {
        self.stages.send((link, shown)).map_err(|_closed| LinkClosed)
    }

    /// Waits for the end. No other stage can come any more.
    ///
    /// # Errors
    /// [`HostError::BrokenOff`], when the session's thread broke off.
    pub fn join(self) -> Result<(), HostError> {
        drop(self.stages);
        self.thread.join().map_err(|_panic| HostError::BrokenOff)
    }
}

/// Runs a host whose time goes on from there, so many times as fast as the machine's.
fn run(mut host: Host, (from, speed): (Millis, u32), mut link: HostLink, stages: &Receiver<Next>) {
    let mut clock = Clock::begin(from, speed);
    let (sensed, watched) = (host.sensed(), host.watched());
    let mut shown = Mentioned::default();
    loop {
        let said = select! {
            recv(link.said) -> said => match said {
                Ok(said) => take(&mut host, said),
                Err(_gone) => match next_stage(&mut host, stages, &mut clock) {
                    Some(next) => {
                        // It was shown nothing yet.
                        (link, shown) = (next, Mentioned::default());
                        Vec::new()
                    }
                    None => return,
                },
            },
            recv(sensed) -> input => input.into_iter().collect(),
            recv(watched) -> input => input.into_iter().collect(),
            default(patience(&host, &mut clock)) => vec![Input::Tick],
        };
        if said.is_empty() {
            continue;
        }
        let (now, mut events) = (clock.now(), Vec::new());
        if clock.has_slept() {
            // Whoever comes back to a machine that slept comes back to where they were, and says when it goes on.
            events = host.feed(Input::Control(Control::Pause), now);
        }
        for input in said {
            events.extend(host.feed(input, now));
        }
        mention(&mut host, &link, &mut shown);
        // A stage that is gone is noticed when it is listened to.
        if link.show(events, || host.view()).is_ok() && host.view().phase == Phase::Ended {
            link.finish(|| host.view());
            if host.keeps() {
                linger(&mut host, link, &mut clock, stages);
            }
            return;
        }
    }
}

/// After an evening that is kept: what the person answers to measures before they leave is kept with it. Nothing else
/// happens any more.
fn linger(host: &mut Host, mut link: HostLink, clock: &mut Clock, stages: &Receiver<Next>) {
    host.fall_silent();
    loop {
        let next = select! {
            recv(link.said) -> said => match said {
                Ok(said) => {
                    take_answered(host, &mut link, clock.now(), said);
                    continue;
                }
                Err(_gone) => stages.recv().ok(),
            },
            recv(stages) -> next => {
                // What was answered right before they went counts, too.
                while let Ok(said) = link.said.try_recv() {
                    take_answered(host, &mut link, clock.now(), said);
                }
                next.ok()
            }
        };
        let Some((next, _)) = next else { return };
        link = next;
        link.begin(&host.view());
    }
}

/// What is answered to measures goes to the session; whatever else is said is over.
fn take_answered(host: &mut Host, link: &mut HostLink, now: Millis, said: FromStage) {
    if let FromStage::Input(input @ Input::Measured(_)) = said {
        let events = host.feed(input, now);
        // A stage that is gone is noticed when it is listened to.
        if link.show(events, || host.view()).is_err() {}
    }
}

/// What a stage said, as the session is told it, if it is.
fn take(host: &mut Host, said: FromStage) -> Vec<Input> {
    match said {
        FromStage::Input(input) => return vec![input],
        FromStage::Hold(held) => host.hold(held),
        FromStage::Look(shown) => host.show(shown),
        FromStage::Places(places) => places.into_iter().for_each(|(agent, place)| host.place(agent, place)),
        FromStage::Prefer(wanted) => return host.prefer(&wanted),
        FromStage::Begin(_)
        | FromStage::Try(_)
        | FromStage::Devices
        | FromStage::TakeAway
        | FromStage::Done
        | FromStage::Staff(_)
        | FromStage::Read(_)
        | FromStage::Past
        | FromStage::Headset(_)
        | FromStage::Beat { .. }
        | FromStage::CannotShow(_) => {}
    }
    Vec::new()
}

/// What a stage shows beside the session. One that is gone is noticed when it is listened to.
fn mention(host: &mut Host, link: &HostLink, shown: &mut Mentioned) {
    let mut news = Vec::new();
    news.extend(host.mouth().map(ToStage::Mouth));
    let (level, mien) = (host.level(), host.mien());
    if level != shown.level {
        shown.level = level;
        news.push(ToStage::Level(level));
    }
    if host.is_loud() != shown.loud {
        shown.loud = host.is_loud();
        news.push(ToStage::Loud(shown.loud));
    }
    if mien != shown.mien {
        shown.mien = mien;
        news.push(ToStage::Mien(mien));
    }
    news.extend(host.seen().map(ToStage::Seen));
    for message in news {
        if link.mention(message).is_err() {
            return;
        }
    }
}

/// What a stage was shown last beside the session.
#[derive(Default)]
struct Mentioned {
    level: Option<f32>,
    loud: bool,
    mien: Option<Mien>,
}

/// Holds the evening until another stage has come, which begins with the view; none when no other can come.
fn next_stage(host: &mut Host, stages: &Receiver<Next>, clock: &mut Clock) -> Option<HostLink> {
    host.feed(Input::Attention(Attention::Away), clock.now());
    let (mut link, shown) = stages.recv().ok()?;
    clock.waited();
    // Whether somebody wears a headset its stage says.
    let back = (shown == Shown::Screen).then_some(Input::Attention(Attention::Present));
    let events = back.map_or_else(Vec::new, |back| host.feed(back, clock.now()));
    link.begin(&host.view());
    link.show(events, || host.view()).ok()?;
    Some(link)
}

fn patience(host: &Host, clock: &mut Clock) -> Duration {
    let now = clock.now();
    let moves = host.level().is_some() || host.mien().is_some();
    let most_idle = if moves { METER } else { IDLE };
    let wait = host.next_deadline().map_or(most_idle, |at| clock.lasts(at.since(now)));
    let most = if host.awaits_answers() { POLL } else { most_idle };
    wait.min(most)
}
