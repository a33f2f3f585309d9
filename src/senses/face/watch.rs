//! Seeing at work: a thread that owns the camera, the networks and the sense of a face, for as long as the person allows it.
//! No picture leaves it but the small one that the person themselves looks at, and, with another yes of theirs, one an
//! utterance that goes to a server of their own.

mod sitter;
mod work;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};

pub use self::sitter::Vision;
use self::sitter::{Sitter, Studio};
use self::work::Work;
use super::detector::Found;
use super::reader::{FaceError, Reader, Reading};
use super::sense::{Look, Sense};
use super::words;
use crate::dialogue::Input;
use crate::dialogue::face::{FaceSummary, Level, Mien, Seen};
use crate::models::onnx::OnnxError;
use crate::senses::camera::Keeper;
use crate::senses::face::Picture;

/// Keeps a camera open: the one with this name, or the first there is.
pub type Open = Box<dyn FnMut(Option<&str>) -> Keeper + Send>;

/// Loads what looks at pictures. Asked again when the person allows it again.
pub type Load = Box<dyn FnMut() -> Result<Box<dyn Looks>, FaceError> + Send>;

/// Looks at a picture.
pub trait Looks: Send {
    /// What it shows, of the face that was looked at last or the nearest.
    ///
    /// # Errors
    /// When a network fails, or answers with nonsense.
    fn look(&self, picture: &Picture, last: Option<&Found>) -> Result<(Look, Option<Reading>), OnnxError>;
}

impl Looks for Reader {
    fn look(&self, picture: &Picture, last: Option<&Found>) -> Result<(Look, Option<Reading>), OnnxError> {
        Self::look(self, picture, last)
    }
}

/// What watching is made of.
pub struct Parts {
    /// What opens the camera.
    pub open: Open,
    /// What loads the networks.
    pub load: Load,
    /// The server that may see a picture an utterance, where the person allows it; none where no picture goes anywhere.
    pub vision: Option<Vision>,
}

enum Command {
    /// So much is allowed from now on.
    Level(Level),
    /// This camera is wanted; none for the first there is.
    Camera(Option<String>),
    /// The person looks at what is seen, or looks away.
    Show(bool),
}

/// What the thread and its owner share.
#[derive(Default)]
struct Shared {
    level: Level,
    sense: Sense,
    mien: Option<Mien>,
    seen: Option<Box<Seen>>,
}

/// Watches, for as long as it is held and allowed.
pub struct Watch {
    commands: Sender<Command>,
    told: Receiver<Input>,
    shared: Arc<Mutex<Shared>>,
    epoch: Instant,
    level: Level,
    camera: Option<String>,
    /// When the utterance began that is being made.
    begun: Option<Duration>,
    /// Whether pictures for the person's own server are wished for. They are taken where everything else is allowed, too.
    portrays: bool,
    sitter: Sitter,
}

const MOST_COMMANDS: usize = 32;
const MOST_TOLD: usize = 64;
/// An utterance whose beginning nobody saw began so long ago.
const BEFORE: Duration = Duration::from_secs(6);

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watch {
    /// Begins with nothing allowed, and the camera closed.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(mut parts: Parts, camera: Option<String>) -> std::io::Result<Self> {
        let (commands, to_do) = bounded(MOST_COMMANDS);
        let (tell, told) = bounded(MOST_TOLD);
        let shared = Arc::<Mutex<Shared>>::default();
        let epoch = Instant::now();
        let sitter = Sitter::default();
        let vision = parts.vision.take();
        let studio = vision.map(|it| Studio::open(it, sitter.clone(), tell.clone())).transpose()?;
        let work = Work::new(parts, camera.clone(), (tell, Arc::clone(&shared)), epoch).with(studio);
        crate::thread::spawn("watching", move || work.run(&to_do))?;
        let (level, begun) = (Level::Off, None);
        Ok(Self { commands, told, shared, epoch, level, camera, begun, portrays: false, sitter })
    }

    /// So much is allowed from now on. Where nothing is, nothing of what was seen is left.
    pub fn allow(&mut self, level: Level) {
        if level == self.level {
            return;
        }
        self.level = level;
        let mut shared = lock(&self.shared);
        if level != Level::Aware {
            *shared = Shared::default();
            self.begun = None;
        }
        shared.level = level;
        drop(shared);
        self.sitter.allow(self.portrays && level == Level::Aware);
        self.tell(Command::Level(level));
    }

    /// Whether one small picture an utterance may go to the person's own server, while everything is allowed that they can
    /// allow of their face. What was asked before a no is let go at once.
    pub fn portray(&mut self, wished: bool) {
        if wished != self.portrays {
            self.portrays = wished;
            self.sitter.allow(wished && self.level == Level::Aware);
        }
    }

    /// Another camera is wanted; none for the first there is.
    pub fn change(&mut self, camera: Option<String>) {
        if camera != self.camera {
            self.camera.clone_from(&camera);
            self.tell(Command::Camera(camera));
        }
    }

    /// The person looks at what is seen, or looks away.
    pub fn show(&mut self, shown: bool) {
        self.tell(Command::Show(shown));
    }

    /// What happened, as it comes.
    #[must_use]
    pub fn told(&self) -> &Receiver<Input> {
        &self.told
    }

    /// The person begins to say something.
    pub fn begin(&mut self) {
        if self.begun.is_none() {
            let now = self.epoch.elapsed();
            self.begun = Some(now);
            self.sitter.begin(now);
        }
    }

    /// They have taken back what they began.
    pub fn forget(&mut self) {
        self.begun = None;
        self.sitter.forget();
    }

    /// What their face did while they said these words; none where they did not allow that to be known, or nothing was seen.
    /// Where their own server has said in time how they may feel, that is the caption; the numbers are the models' here.
    pub fn utterance(&mut self, said: &str) -> Option<FaceSummary> {
        let now = self.epoch.elapsed();
        let from = self.begun.take().unwrap_or_else(|| now.saturating_sub(BEFORE));
        let caption = self.sitter.finish();
        if self.level != Level::Aware {
            return None;
        }
        let mut summary = lock(&self.shared).sense.utterance(from, now)?;
        if let Some(caption) = caption {
            summary.caption = caption;
        }
        Some(words::beside(summary, said))
    }

    /// How their face moves, while that is allowed.
    #[must_use]
    pub fn mien(&self) -> Option<Mien> {
        lock(&self.shared).mien
    }

    /// What is seen, where the person looks at it and it has changed.
    pub fn seen(&mut self) -> Option<Box<Seen>> {
        lock(&self.shared).seen.take()
    }

    fn tell(&self, command: Command) {
        // A thread that is gone was told of where it went.
        if self.commands.send(command).is_err() {}
    }
}

impl Drop for Watch {
    /// Nobody waits for an answer any more.
    fn drop(&mut self) {
        self.sitter.allow(false);
    }
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
