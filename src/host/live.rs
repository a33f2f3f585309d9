//! The host on the clock of the machine, in a thread of its own.

use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::RecvTimeoutError;

use super::core::{Host, Parts};
use super::link::HostLink;
use crate::dialogue::{Input, Millis, Phase};

/// Why a host could not be started.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The system gives no thread.
    #[error("the session could not get a thread of its own: {0}")]
    Thread(#[from] std::io::Error),
}

/// How often the cast is asked while an answer is awaited.
const POLL: Duration = Duration::from_millis(15);
/// The longest wait for anything.
const IDLE: Duration = Duration::from_secs(1);

/// Starts a host. It ends when the session is over, or when the stage's end of the link is dropped.
///
/// # Errors
/// [`HostError`], when the system gives no thread.
pub fn spawn(parts: Parts, link: HostLink) -> Result<JoinHandle<()>, HostError> {
    let thread = std::thread::Builder::new().name("session".to_owned());
    Ok(thread.spawn(move || run(Host::new(parts), link))?)
}

fn run(mut host: Host, mut link: HostLink) {
    let start = Instant::now();
    let now = || Millis(u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX));
    loop {
        let input = match link.inputs.recv_timeout(patience(&host, now())) {
            Ok(input) => input,
            Err(RecvTimeoutError::Timeout) => Input::Tick,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let events = host.feed(input, now());
        if link.show(events, || host.view()).is_err() || host.view().phase == Phase::Ended {
            return;
        }
    }
}

fn patience(host: &Host, now: Millis) -> Duration {
    let wait = host.next_deadline().map_or(IDLE, |at| Duration::from_millis(at.since(now).0));
    let most = if host.awaits_answers() { POLL } else { IDLE };
    wait.min(most)
}
