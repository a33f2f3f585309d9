//! A stage in a process of its own: a JSON object a line, on its standard input and output.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, SendTimeoutError, Sender, bounded};

use super::link::{CAPACITY, FromStage, Link, ToStage};

/// The exit code of a stage that can show nothing on this machine. It has said why.
pub const CANNOT_SHOW: u8 = 3;

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
        thread("stage-reader", move || read(out, &says))?;
        thread("stage-writer", move || write(into, &told))?;
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

/// Reads what the stage says until it is gone. A line that is no message is a library's chatter.
fn read(out: ChildStdout, says: &Sender<FromStage>) {
    let mut out = BufReader::new(out);
    let mut line = Vec::new();
    loop {
        line.clear();
        match out.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if let Ok(message) = serde_json::from_slice(&line)
            && says.send(message).is_err()
        {
            return;
        }
    }
}

/// Writes what the stage is told until it is gone.
fn write(mut into: ChildStdin, told: &Receiver<ToStage>) {
    for message in told {
        let Ok(mut line) = serde_json::to_vec(&message) else { continue };
        line.push(b'\n');
        if into.write_all(&line).and_then(|()| into.flush()).is_err() {
            return;
        }
    }
}

/// The link of a stage that is a process of its own: its standard input and output. It closes with the host.
///
/// # Errors
/// When the system gives no thread.
pub fn link_to_parent() -> std::io::Result<Link> {
    let (said, to_write) = bounded::<FromStage>(CAPACITY);
    let (told, messages) = bounded(CAPACITY);
    thread("host-reader", move || {
        let mut input = std::io::stdin().lock();
        let mut line = Vec::new();
        loop {
            line.clear();
            match input.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            if let Ok(message) = serde_json::from_slice::<ToStage>(&line)
                && told.send(message).is_err()
            {
                return;
            }
        }
    })?;
    thread("host-writer", move || {
        for message in &to_write {
            let Ok(mut line) = serde_json::to_vec(&message) else { continue };
            line.push(b'\n');
            let mut out = std::io::stdout().lock();
            if out.write_all(&line).and_then(|()| out.flush()).is_err() {
                return;
            }
        }
    })?;
    Ok(Link { said, messages })
}
