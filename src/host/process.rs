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
pub(super) type StageProcess = Piped<FromStage, ToStage>;

/// A process that speaks in lines of JSON: what it `Says` on its standard output, and is `Told` on its standard input. It is
/// ended when it is dropped.
#[derive(Debug)]
pub struct Piped<Says, Told> {
    child: Child,
    /// What it says. Closed when it is gone.
    pub said: Receiver<Says>,
    tell: Sender<Told>,
}

impl<Says, Told> Piped<Says, Told>
where
    Says: DeserializeOwned + Send + 'static,
    Told: Serialize + Send + 'static,
{
    /// Starts it.
    ///
    /// # Errors
    /// When the system gives no process, no pipes or no threads.
    pub fn start(mut command: Command) -> std::io::Result<Self> {
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
    pub fn is_told(&self, message: Told, until: Instant) -> bool {
        match self.tell.send_deadline(message, until) {
            // One that is gone is noticed when it is listened to.
            Ok(()) | Err(SendTimeoutError::Disconnected(_)) => true,
            Err(SendTimeoutError::Timeout(_)) => false,
        }
    }

    /// How it ended. One that has closed its pipes and does not go is ended.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn end(mut self) -> std::io::Result<ExitStatus> {
        self.ended()
    }

    /// The number that the system knows it by.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The same as [`Piped::end`], of one that is kept.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn ended(&mut self) -> std::io::Result<ExitStatus> {
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

impl<Says, Told> Drop for Piped<Says, Told> {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // It may have gone by itself meanwhile, which is as good.
            if self.child.kill().is_ok() && self.child.wait().is_err() {}
        }
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    crate::thread::spawn(name, work).map(|_runs| ())
}

/// Reads lines until the other side is gone, or `take` wants no more of them.
fn each_line(mut from: impl BufRead, mut take: impl FnMut(&[u8]) -> bool) {
    let mut line = Vec::new();
    loop {
        line.clear();
        match from.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) if !take(&line) => return,
            Ok(_) => {}
        }
    }
}

/// Reads messages until the other side is gone, or nobody wants them. A line that is none is a library's chatter.
fn read_lines<T: DeserializeOwned>(from: impl BufRead, into: &Sender<T>) {
    each_line(from, |line| serde_json::from_slice(line).map_or(true, |message| into.send(message).is_ok()));
}

/// What the program itself says on standard error goes on to ours; what libraries say there does not.
fn pass_on(from: impl BufRead, mut into: impl Write) {
    each_line(from, |line| !line.starts_with(b"inner-room: ") || into.write_all(line).is_ok());
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
    pipes().map(|(said, messages)| Link { said, messages })
}

/// What the process that started this one tells it, and a way to say something back. It closes with that process.
///
/// # Errors
/// When the system gives no thread.
pub fn pipes<Says, Told>() -> std::io::Result<(Sender<Says>, Receiver<Told>)>
where
    Says: Serialize + Send + 'static,
    Told: DeserializeOwned + Send + 'static,
{
    let (say, to_write) = bounded::<Says>(CAPACITY);
    let (tell, told) = bounded::<Told>(CAPACITY);
    thread("parent-reader", move || read_lines(std::io::stdin().lock(), &tell))?;
    thread("parent-writer", move || write_lines(std::io::stdout(), &to_write))?;
    Ok((say, told))
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
