//! A stage in a process of its own: a JSON object a line, on its standard input and output.

use std::io::{BufRead, BufReader, Read as _, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, SendTimeoutError, Sender, bounded};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::door::{Headset, NoHeadset};
use super::link::{CAPACITY, FromStage, Link, ToStage};

/// The longest message, in bytes. A view of an evening has a few thousand.
const LONGEST: u64 = 4 * 1024 * 1024;
/// How long a stage that was told to go may take, and how often it is looked at.
const GOES: Duration = Duration::from_secs(2);
const GLANCE: Duration = Duration::from_millis(10);

/// A stage that runs.
#[derive(Debug)]
pub(super) struct StageProcess {
    child: Child,
    /// What it says. Closed when it is gone.
    pub(super) said: Receiver<FromStage>,
    /// What it is told.
    pub(super) tell: Sender<ToStage>,
}

impl StageProcess {
    /// Starts it.
    pub(super) fn start(mut command: Command) -> std::io::Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(into), Some(out)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::Error::other("the stage has no pipes"));
        };
        let (says, said) = bounded(CAPACITY);
        let (tell, told) = bounded(CAPACITY);
        thread("stage-reader", move || read_lines(BufReader::new(out), &says))?;
        thread("stage-writer", move || write_lines(into, &told))?;
        if let Some(errors) = child.stderr.take() {
            thread("stage-errors", move || pass_on(BufReader::new(errors), std::io::stderr()))?;
        }
        Ok(Self { child, said, tell })
    }

    /// Tells it something, and waits for it until then while it is busy; false when it does not listen.
    pub(super) fn is_told(&self, message: ToStage, until: Instant) -> bool {
        match self.tell.send_deadline(message, until) {
            // One that is gone is noticed when it is listened to.
            Ok(()) | Err(SendTimeoutError::Disconnected(_)) => true,
            Err(SendTimeoutError::Timeout(_)) => false,
        }
    }

    /// How it ended. One that has closed its pipes and does not go is ended.
    pub(super) fn end(mut self) -> std::io::Result<ExitStatus> {
        let since = Instant::now();
        while since.elapsed() < GOES {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(GLANCE);
        }
        self.child.kill()?;
        self.child.wait()
    }
}

impl Drop for StageProcess {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // It may have gone by itself meanwhile, which is as good.
            if self.child.kill().is_ok() && self.child.wait().is_err() {}
        }
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map(|_runs| ())
}

/// Reads messages until the other side is gone, or nobody wants them. A line that is none is a library's chatter.
fn read_lines<T: DeserializeOwned>(mut from: impl BufRead, into: &Sender<T>) {
    let mut line = Vec::new();
    loop {
        line.clear();
        match from.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if let Ok(message) = serde_json::from_slice(&line)
            && into.send(message).is_err()
        {
            return;
        }
    }
}

/// What the program itself says on standard error goes on to ours; what libraries say there does not.
fn pass_on(mut from: impl BufRead, mut into: impl Write) {
    let mut line = Vec::new();
    loop {
        line.clear();
        match from.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if line.starts_with(b"inner-room: ") && into.write_all(&line).is_err() {
            return;
        }
    }
}

/// Writes messages until there are no more, or the other side is gone.
fn write_lines<T: Serialize>(mut into: impl Write, messages: &Receiver<T>) {
    for message in messages {
        if write_line(&mut into, &message).is_err() {
            return;
        }
    }
}

fn write_line(into: &mut impl Write, message: &impl Serialize) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    into.write_all(&line)?;
    into.flush()
}

/// How long a stage may take to say whether there is a headset.
pub(super) const ANSWERS: Duration = Duration::from_secs(20);

/// Whether a stage that this starts says that a headset is there. It is ended then.
///
/// # Errors
/// When it cannot be started.
pub fn says_ready(command: Command) -> std::io::Result<bool> {
    let stage = StageProcess::start(command)?;
    Ok(matches!(stage.said.recv_timeout(ANSWERS), Ok(FromStage::Headset(Headset::Ready))))
}

/// The link of a stage that is a process of its own: its standard input and output. It closes with the host.
///
/// # Errors
/// When the system gives no thread.
pub fn link_to_parent() -> std::io::Result<Link> {
    let (said, to_write) = bounded::<FromStage>(CAPACITY);
    let (told, messages) = bounded::<ToStage>(CAPACITY);
    thread("host-reader", move || read_lines(std::io::stdin().lock(), &told))?;
    thread("host-writer", move || write_lines(std::io::stdout(), &to_write))?;
    Ok(Link { said, messages })
}

/// Tells the host, instead of everything else, why this machine can show nothing.
///
/// # Errors
/// When the host does not listen.
pub fn refuse_to_show(why: &str) -> std::io::Result<()> {
    write_line(&mut std::io::stdout(), &FromStage::CannotShow(why.to_owned()))
}

/// Tells the host, instead of everything else, why this stage cannot be shown in a headset.
///
/// # Errors
/// When the host does not listen.
pub fn refuse_headset(why: NoHeadset) -> std::io::Result<()> {
    write_line(&mut std::io::stdout(), &FromStage::Headset(Headset::Cannot(why)))
}
