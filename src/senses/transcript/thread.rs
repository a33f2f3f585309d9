//! The thread that owns a recogniser, and what is seen of it from outside.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::worker::{Heard, Job, Kind};
use super::{Cancel, Recogniser, Transcript, TranscriptError};

/// Makes a recogniser, on the thread that will own it: reading a model takes a while.
pub type Factory = Arc<dyn Fn() -> Result<Box<dyn Recogniser>, TranscriptError> + Send + Sync>;

/// What is known of a recogniser once it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// What it is, in plain words.
    pub name: String,
    /// Whether it gives words before the end of an utterance.
    pub gives_partials: bool,
    /// How long even a short sound takes, where that was measured.
    pub takes: Duration,
}

/// A job with its number, and the flag that gives it up.
pub(super) struct Task {
    pub(super) number: u64,
    pub(super) job: Job,
    pub(super) cancel: Cancel,
}

/// What the thread does for so long already.
#[derive(Clone, Copy, Debug)]
pub(super) enum Work {
    /// The recogniser is being made.
    Making(Instant),
    /// A job of this number is being done.
    On(u64, Instant),
    /// It waits.
    Nothing,
}

/// Signs of life.
struct Pulse {
    beat: Instant,
    work: Work,
    about: Option<About>,
    /// Why there is no recogniser.
    failed: Option<TranscriptError>,
}

/// How often a thread that waits says that it is there.
const BEAT: Duration = Duration::from_millis(100);

/// The thread. It ends when this is dropped, as soon as what it does has come to an end.
pub(super) struct Thread {
    orders: Sender<Task>,
    /// The other end of the orders, too: what still waits there can be taken back.
    waiting: Receiver<Task>,
    answers: Receiver<(u64, Heard)>,
    pulse: Arc<Mutex<Pulse>>,
    handle: JoinHandle<()>,
}

impl Thread {
    /// Begins one, at which so many jobs wait at most.
    pub(super) fn begin(make: &Factory, capacity: usize) -> Result<Self, TranscriptError> {
        let (orders, waiting) = bounded(capacity);
        let (speak, answers) = bounded(capacity);
        let now = Instant::now();
        let pulse = Pulse { beat: now, work: Work::Making(now), about: None, failed: None };
        let pulse = Arc::new(Mutex::new(pulse));
        let (make, taken, told) = (Arc::clone(make), waiting.clone(), Arc::clone(&pulse));
        let handle = crate::thread::spawn("transcript", move || serve(&make, &taken, &speak, &told))
            .map_err(|error| TranscriptError::Thread(error.to_string()))?;
        Ok(Self { orders, waiting, answers, pulse, handle })
    }

    /// Hands a task over; gives it back where too many wait.
    pub(super) fn order(&self, task: Task) -> Result<(), Task> {
        self.orders.try_send(task).map_err(crossbeam_channel::TrySendError::into_inner)
    }

    /// Takes back whatever was not begun, in its order.
    pub(super) fn take_back(&self) -> Vec<Task> {
        self.waiting.try_iter().collect()
    }

    /// The next answer, by the number of its job.
    pub(super) fn answer(&self) -> Option<(u64, Heard)> {
        self.answers.try_recv().ok()
    }

    /// What it does.
    pub(super) fn work(&self) -> Work {
        lock(&self.pulse).work
    }

    /// When it last showed that it is there: when it waits, every tenth of a second.
    pub(super) fn beat(&self) -> Instant {
        lock(&self.pulse).beat
    }

    /// What it works with; none before that is there.
    pub(super) fn about(&self) -> Option<About> {
        lock(&self.pulse).about.clone()
    }

    /// Whether it has ended by itself, and why where it could say so.
    pub(super) fn ended(&self) -> Option<TranscriptError> {
        let broke = || lock(&self.pulse).failed.clone().unwrap_or(TranscriptError::Broke);
        self.handle.is_finished().then(broke)
    }

    /// Leaves it to itself.
    pub(super) fn leave(self) -> JoinHandle<()> {
        self.handle
    }
}

fn lock(pulse: &Mutex<Pulse>) -> MutexGuard<'_, Pulse> {
    pulse.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(make: &Factory, orders: &Receiver<Task>, answers: &Sender<(u64, Heard)>, pulse: &Mutex<Pulse>) {
    let mut recogniser = match make() {
        Ok(recogniser) => recogniser,
        Err(error) => {
            lock(pulse).failed = Some(error);
            return;
        }
    };
    let (name, gives_partials, takes) = (recogniser.name(), recogniser.gives_partials(), recogniser.takes());
    lock(pulse).about = Some(About { name, gives_partials, takes });
    let shows = |work| {
        let mut pulse = lock(pulse);
        (pulse.beat, pulse.work) = (Instant::now(), work);
    };
    loop {
        shows(Work::Nothing);
        let task = match orders.recv_timeout(BEAT) {
            Ok(task) => task,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let begun = Instant::now();
        shows(Work::On(task.number, begun));
        let result = work(&mut *recogniser, &task);
        let took_ms = begun.elapsed().as_millis() as u64;
        let Task { number, job: Job { utterance, kind, .. }, .. } = task;
        // Nobody takes the answer where this thread was given up.
        if answers.send((number, Heard { utterance, kind, result, took_ms })).is_err() {
            return;
        }
    }
}

fn work(recogniser: &mut dyn Recogniser, task: &Task) -> Result<Transcript, TranscriptError> {
    let Task { job, cancel, .. } = task;
    if cancel.is_cancelled() {
        return Err(TranscriptError::Cancelled);
    }
    let result = match job.kind {
        Kind::Final => recogniser.transcribe(&job.sound, &job.lang, cancel),
        Kind::Partial if recogniser.gives_partials() => recogniser.partial(&job.sound, &job.lang, cancel),
        Kind::Partial => Err(TranscriptError::NoPartials),
    };
    // Whoever cancels is told that it is cancelled, also where the words came first.
    if cancel.is_cancelled() { Err(TranscriptError::Cancelled) } else { result }
}
