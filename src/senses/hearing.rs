//! Hearing at work: a thread that opens the microphone, hears the person, and has their words written down. It tells the host
//! what happened and never waits for it.

mod work;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};

use self::work::{Tools, Work};
use super::ear::Mode;
use super::hall::Hall;
use super::keepsake::Keepsake;
use super::presence::Presence;
use super::scribe::Scribe;
use crate::config::Echo;
use crate::dialogue::Input;
use crate::models::Folders;
use crate::sound::device::DeviceError;
use crate::sound::{Microphone, Source};
use crate::voice::player::{Ducking, Reference};

/// How the person is heard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The microphone's name; none for the system's own.
    pub device: Option<String>,
    /// When they are heard.
    pub mode: Mode,
    /// How our own voice comes back.
    pub echo: Echo,
    /// BCP 47 language.
    pub lang: String,
}

/// Opens a microphone: the one with this name, or the system's own.
pub type Open = Box<dyn FnMut(Option<&str>) -> Result<Box<dyn Source>, DeviceError> + Send>;

/// Tells whether words are about something that hurts, so that whoever looks for the next ones is waited for.
pub type IsRaw = Box<dyn Fn(&str) -> bool + Send>;

enum Command {
    /// Open the microphone, or close it.
    On(bool),
    Hold(bool),
    Wish(Wishes),
}

/// Hears, for as long as it is held.
pub struct Hearing {
    commands: Sender<Command>,
    told: Receiver<Input>,
    level: Arc<AtomicU32>,
    loud: Arc<AtomicBool>,
    on: bool,
    wishes: Wishes,
    keepsake: Keepsake,
}

const MOST_COMMANDS: usize = 32;
const MOST_TOLD: usize = 256;

/// What hearing is made of.
pub struct Parts {
    /// What opens the microphone.
    pub open: Open,
    /// Who writes down what is said.
    pub scribe: Scribe,
    /// Where models are.
    pub models: Folders,
    /// What is played, to hear past it.
    pub reference: Option<Reference>,
    /// To lower whoever speaks.
    pub ducking: Option<Ducking>,
    /// Whether words are about something that hurts.
    pub is_raw: IsRaw,
    /// What listens to the place; none where it is nobody's.
    pub hall: Option<Hall>,
}

impl Parts {
    /// With a microphone of this machine.
    #[must_use]
    pub fn of(scribe: Scribe, models: Folders) -> Self {
        let open: Open = Box::new(|chosen| {
            Microphone::open(chosen).map(|microphone| Box::new(microphone) as Box<dyn Source>)
        });
        let is_raw: IsRaw = Box::new(|_| false);
        Self { open, scribe, models, reference: None, ducking: None, is_raw, hall: None }
    }
}

impl Hearing {
    /// Begins with the microphone closed.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(parts: Parts, wishes: Wishes) -> std::io::Result<Self> {
        let (commands, to_do) = bounded(MOST_COMMANDS);
        let (tell, told) = bounded(MOST_TOLD);
        let level = Arc::new(AtomicU32::new(0));
        let (shown, known) = (Arc::clone(&level), wishes.clone());
        let Parts { open, scribe, models, reference, ducking, is_raw, hall } = parts;
        let loud = hall.as_ref().map_or_else(Arc::default, Hall::is_loud);
        let (presence, keepsake) = (Presence::start(open)?, Keepsake::default());
        let kept = keepsake.clone();
        let tools = Tools { presence, scribe, models, reference, ducking, is_raw, keepsake: kept, hall };
        let work = move || Work::new(tools, wishes, tell, shown).run(&to_do);
        crate::thread::spawn("hearing", work)?;
        Ok(Self { commands, told, level, loud, on: false, wishes: known, keepsake })
    }

    /// Opens the microphone, or closes it.
    pub fn switch(&mut self, on: bool) {
        self.on = on;
        self.tell(Command::On(on));
    }

    /// What is kept of the person's voice.
    #[must_use]
    pub fn keepsake(&self) -> &Keepsake {
        &self.keepsake
    }

    /// The key to talk is held down, or let go.
    pub fn hold(&self, held: bool) {
        self.tell(Command::Hold(held));
    }

    /// Whether the microphone is wanted open.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// How the person is heard.
    #[must_use]
    pub fn wishes(&self) -> &Wishes {
        &self.wishes
    }

    /// The person is heard in another way from now on.
    pub fn change(&mut self, wishes: Wishes) {
        if wishes != self.wishes {
            self.wishes = wishes.clone();
            self.tell(Command::Wish(wishes));
        }
    }

    /// What happened, as it comes.
    #[must_use]
    pub fn told(&self) -> &Receiver<Input> {
        &self.told
    }

    /// How loud it is, 0 to 1.
    #[must_use]
    pub fn level(&self) -> f32 {
        f32::from_bits(self.level.load(Ordering::Relaxed))
    }

    /// Whether the place is too loud for free speech, as far as that is known.
    #[must_use]
    pub fn is_loud(&self) -> bool {
        self.loud.load(Ordering::Relaxed)
    }

    fn tell(&self, command: Command) {
        // A thread that is gone was told of where it went.
        if self.commands.send(command).is_err() {}
    }
}

impl Drop for Hearing {
    /// However the evening ends, nothing of the person's voice outlives it.
    fn drop(&mut self) {
        self.keepsake.wipe();
    }
}
