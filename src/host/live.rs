//! The host on the clock of the machine, in a thread of its own.

use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::core::{Host, Parts};
use super::link::{FromStage, HostLink, LinkClosed};
use crate::dialogue::input::Attention;
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
    stages: Sender<HostLink>,
}

/// How often the cast is asked while an answer is awaited.
const POLL: Duration = Duration::from_millis(15);
/// The longest wait for anything.
const IDLE: Duration = Duration::from_secs(1);

/// Starts a host. It ends when the session is over, or when its stage is gone and no other can come.
///
/// # Errors
/// [`HostError::Thread`], when the system gives no thread.
pub fn spawn(parts: Parts, link: HostLink) -> Result<RunningHost, HostError> {
    start(Host::new(parts), Millis(0), link)
}

/// Starts a host that goes on with a session that was cut off. Its stage begins with [`Input::Resume`].
///
/// # Errors
/// [`HostError::Thread`], when the system gives no thread.
pub fn spawn_resumed(parts: Parts, session: Session, link: HostLink) -> Result<RunningHost, HostError> {
    let from = session.host_time();
    start(Host::resume(parts, session), from, link)
}

fn start(host: Host, from: Millis, link: HostLink) -> Result<RunningHost, HostError> {
    let (stages, next_stage) = bounded(1);
    let thread = std::thread::Builder::new().name("session".to_owned());
    let thread = thread.spawn(move || run(host, from, link, &next_stage))?;
    Ok(RunningHost { thread, stages })
}

impl RunningHost {
    /// Puts another stage in the place of one that is gone. It is shown the whole view first.
    ///
    /// # Errors
    /// [`LinkClosed`], when the session is over.
    pub fn attach(&self, link: HostLink) -> Result<(), LinkClosed> {
        self.stages.send(link).map_err(|_closed| LinkClosed)
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

/// Runs a host whose time goes on from `from`.
fn run(mut host: Host, from: Millis, mut link: HostLink, stages: &Receiver<HostLink>) {
    let start = Instant::now();
    let now = || from + Millis(u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX));
    loop {
        let input = match link.said.recv_timeout(patience(&host, now())) {
            Ok(FromStage::Input(input)) => input,
            Ok(
                FromStage::Begin(_)
                | FromStage::Prefer(_)
                | FromStage::Try(_)
                | FromStage::Beat { .. }
                | FromStage::CannotShow(_),
            ) => continue,
            Err(RecvTimeoutError::Timeout) => Input::Tick,
            Err(RecvTimeoutError::Disconnected) => match next_stage(&mut host, stages, now) {
                Some(next) => {
                    link = next;
                    continue;
                }
                None => return,
            },
        };
        let events = host.feed(input, now());
        // A stage that is gone is noticed when it is listened to.
        if link.show(events, || host.view()).is_ok() && host.view().phase == Phase::Ended {
            link.finish(|| host.view());
            return;
        }
    }
}

/// Holds the evening until another stage has come, which begins with the view; none when no other can come.
fn next_stage(host: &mut Host, stages: &Receiver<HostLink>, now: impl Fn() -> Millis) -> Option<HostLink> {
    host.feed(Input::Attention(Attention::Away), now());
    let mut link = stages.recv().ok()?;
    let events = host.feed(Input::Attention(Attention::Present), now());
    link.begin(&host.view());
    link.show(events, || host.view()).ok()?;
    Some(link)
}

fn patience(host: &Host, now: Millis) -> Duration {
    let wait = host.next_deadline().map_or(IDLE, |at| Duration::from_millis(at.since(now).0));
    let most = if host.awaits_answers() { POLL } else { IDLE };
    wait.min(most)
}
