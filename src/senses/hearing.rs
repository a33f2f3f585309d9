//! Hearing at work: a thread that opens the microphone, hears the person, and has their words written down. It tells the host
//! what happened and never waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::assent::is_assent;
use super::ear::{Ear, Heard, Mode};
use super::gate::Gate;
use super::patience::Patience;
use super::scribe::{Report, Scribe};
use super::transcript::Kind;
use super::voice_activity;
use crate::config::Echo;
use crate::dialogue::Input;
use crate::dialogue::ids::UtteranceId;
use crate::dialogue::input::Health;
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
    on: bool,
    wishes: Wishes,
}

/// The parts of the program that the health is told of.
const MICROPHONE: &str = "microphone";
const SCRIBE: &str = "transcript";

fn health(part: &str, state: Health) -> Input {
    Input::Health { part: part.to_owned(), state }
}

const MOST_COMMANDS: usize = 32;
const MOST_TOLD: usize = 256;
/// How often it hears, and how often it looks around while the microphone is closed.
const LISTENS: Duration = Duration::from_millis(3);
const RESTS: Duration = Duration::from_millis(50);
/// How often a microphone that is gone is looked for.
const LOOKS: Duration = Duration::from_secs(1);
/// How often the words so far are written down.
const PARTIAL: Duration = Duration::from_millis(900);

/// Over so many samples loudness is taken, and what is a voice in it at all, as a power.
const VOICED: usize = 640;
const AUDIBLE: f32 = 1e-5;

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
}

impl Parts {
    /// With a microphone of this machine.
    #[must_use]
    pub fn of(scribe: Scribe, models: Folders) -> Self {
        let open: Open = Box::new(|chosen| {
            Microphone::open(chosen).map(|microphone| Box::new(microphone) as Box<dyn Source>)
        });
        Self { open, scribe, models, reference: None, ducking: None }
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
        let work = move || Work::new(parts, wishes, tell, shown).run(&to_do);
        std::thread::Builder::new().name("hearing".to_owned()).spawn(work)?;
        Ok(Self { commands, told, level, on: false, wishes: known })
    }

    /// Opens the microphone, or closes it.
    pub fn switch(&mut self, on: bool) {
        self.on = on;
        self.tell(Command::On(on));
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

    fn tell(&self, command: Command) {
        // A thread that is gone was told of where it went.
        if self.commands.send(command).is_err() {}
    }
}

struct Work {
    parts: Parts,
    wishes: Wishes,
    ear: Ear,
    on: bool,
    source: Option<Box<dyn Source>>,
    looked: Option<Instant>,
    was_there: Option<bool>,
    utterance: UtteranceId,
    /// Whether the host was told that they mean to speak.
    meant: bool,
    written: Instant,
    tell: Sender<Input>,
    level: Arc<AtomicU32>,
    microphone: Vec<f32>,
    played: Vec<f32>,
}

/// Numbers of what is spoken begin far above those of what is typed, which count on from the time in milliseconds.
const SPOKEN: u64 = 1 << 50;

fn ear(parts: &Parts, wishes: &Wishes) -> (Ear, Mode) {
    let (detector, built_in) = voice_activity::best(&parts.models);
    // Music deceives the detector that is built in: with it alone nobody is heard unasked.
    let mode = if built_in.is_some() { Mode::PushToTalk } else { wishes.mode };
    (Ear::new(Gate::new(detector), mode, wishes.echo), mode)
}

impl Work {
    fn new(parts: Parts, wishes: Wishes, tell: Sender<Input>, level: Arc<AtomicU32>) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_millis() as u64);
        let (ear, _) = ear(&parts, &wishes);
        Self {
            ear,
            parts,
            wishes,
            on: false,
            source: None,
            looked: None,
            was_there: None,
            utterance: UtteranceId(SPOKEN + now),
            meant: false,
            written: Instant::now(),
            tell,
            level,
            microphone: Vec::new(),
            played: Vec::new(),
        }
    }

    fn run(mut self, commands: &Receiver<Command>) {
        loop {
            let waits = if self.source.is_some() { LISTENS } else { RESTS };
            match commands.recv_timeout(waits) {
                Ok(command) => self.obey(command),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.listen();
            self.read();
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::On(on) => self.switch(on),
            Command::Hold(held) => {
                for heard in self.ear.hold(held) {
                    self.take(heard);
                }
            }
            Command::Wish(wishes) => {
                self.close();
                self.wishes = wishes;
                self.ear = ear(&self.parts, &self.wishes).0;
            }
        }
    }

    fn switch(&mut self, on: bool) {
        self.on = on;
        if !on {
            self.close();
            // The next time that it is opened is news again.
            self.was_there = None;
        }
    }

    /// Nothing is heard any more, and nothing that was is kept.
    fn close(&mut self) {
        (self.source, self.looked) = (None, None);
        self.parts.scribe.cancel(self.utterance);
        self.never_mind();
        self.ear = ear(&self.parts, &self.wishes).0;
        self.microphone.clear();
        self.level.store(0, Ordering::Relaxed);
    }

    fn listen(&mut self) {
        self.look();
        self.played.clear();
        if let Some(reference) = &mut self.parts.reference {
            reference.take(&mut self.played);
        }
        let Some(source) = &mut self.source else { return };
        self.microphone.clear();
        if let Err(lost) = source.take(&mut self.microphone) {
            self.close();
            // A sound system that stumbles is there again at once.
            self.look();
            if self.source.is_none() {
                self.say_whether_there(false, Health::Gone(lost.to_string()));
            }
            return;
        }
        let figure_speaks = self.parts.ducking.as_ref().is_some_and(Ducking::figure_speaks);
        let heard = match self.ear.hear(&self.microphone, &self.played, figure_speaks) {
            Ok(heard) => heard,
            Err(error) => {
                self.say_whether_there(false, Health::Gone(error.to_string()));
                self.on = false;
                return;
            }
        };
        self.level.store(self.ear.level().to_bits(), Ordering::Relaxed);
        for heard in heard {
            self.take(heard);
        }
        self.write_so_far();
    }

    /// Opens the microphone where it is wanted and not open.
    fn look(&mut self) {
        let looks = self.looked.is_none_or(|looked| looked.elapsed() >= LOOKS);
        if !self.on || self.source.is_some() || !looks {
            return;
        }
        self.looked = Some(Instant::now());
        match (self.parts.open)(self.wishes.device.as_deref()) {
            Ok(source) => {
                self.source = Some(source);
                self.say_whether_there(true, Health::Well);
            }
            Err(error) => self.say_whether_there(false, Health::Gone(error.to_string())),
        }
    }

    fn take(&mut self, heard: Heard) {
        match heard {
            Heard::Onset => {
                self.duck(true);
                self.written = Instant::now();
            }
            Heard::Meant => {
                self.meant = true;
                self.say(Input::Onset { utterance: self.utterance });
            }
            Heard::FalseOnset => self.never_mind(),
            Heard::Over { sound, voiced_ms } => {
                self.duck(false);
                self.meant = false;
                self.tell_how_loud(&sound);
                let utterance = self.utterance.take_next();
                if !self.parts.scribe.write(utterance, (sound, voiced_ms), &self.wishes.lang, Kind::Final) {
                    self.no_words(utterance, "too much waits for its words already".to_owned());
                }
            }
        }
    }

    /// What began to be said is none.
    fn never_mind(&mut self) {
        self.duck(false);
        if std::mem::take(&mut self.meant) {
            let utterance = self.utterance.take_next();
            self.say(Input::FalseOnset { utterance });
        }
    }

    /// Has the words so far written down, every now and then.
    fn write_so_far(&mut self) {
        if !self.parts.scribe.gives_partials() || self.written.elapsed() < PARTIAL {
            return;
        }
        if let Some(sound) = self.ear.so_far() {
            self.written = Instant::now();
            let voiced_ms = (sound.len() as u64 * 1_000 / u64::from(crate::sound::RATE)) as u32;
            // Where one is being written, the next one has more in it.
            if self.parts.scribe.write(self.utterance, (sound, voiced_ms), &self.wishes.lang, Kind::Partial) {
            }
        }
    }

    /// Reads what was written down.
    fn read(&mut self) {
        while let Some(report) = self.parts.scribe.read() {
            match report {
                Report::Partial(utterance, text) if utterance == self.utterance => {
                    self.take_partial(utterance, text);
                }
                Report::Partial(..) => {}
                Report::Final(utterance, Ok(text)) => {
                    self.say(Input::Transcript { utterance, text, whole: true });
                }
                Report::Final(utterance, Err(why)) => self.no_words(utterance, why),
                Report::Gone(why) => self.say(health(SCRIBE, Health::Gone(why))),
            }
        }
    }

    fn take_partial(&mut self, utterance: UtteranceId, text: String) {
        if !self.meant && is_assent(&text) {
            if let Some(heard) = self.ear.assents() {
                self.take(heard);
            }
            return;
        }
        self.ear.wait(Patience::after(&text, false));
        if self.meant {
            self.say(Input::Transcript { utterance, text, whole: false });
        }
    }

    /// The Devil is no louder than the person.
    fn tell_how_loud(&self, sound: &[f32]) {
        let Some(ducking) = &self.parts.ducking else { return };
        let powers = sound.chunks(VOICED).map(|it| it.iter().map(|s| s * s).sum::<f32>() / it.len() as f32);
        let voiced: Vec<f32> = powers.filter(|power| *power > AUDIBLE).collect();
        if !voiced.is_empty() {
            let mean = voiced.iter().sum::<f32>() / voiced.len() as f32;
            ducking.person_was(10.0 * mean.log10());
        }
    }

    fn duck(&self, ducked: bool) {
        if let Some(ducking) = &self.parts.ducking {
            ducking.duck(ducked);
        }
    }

    fn say_whether_there(&mut self, there: bool, state: Health) {
        if self.was_there != Some(there) {
            self.was_there = Some(there);
            self.say(health(MICROPHONE, state));
        }
    }

    /// They spoke, and nothing could be made out: what was interrupted goes on, and they know.
    fn no_words(&self, utterance: UtteranceId, why: String) {
        self.say(Input::FalseOnset { utterance });
        self.say(health(SCRIBE, Health::Degraded(why)));
    }

    /// A host that hears nothing of it for so long has ended.
    fn say(&self, input: Input) {
        if self.tell.try_send(input).is_err() {}
    }
}
