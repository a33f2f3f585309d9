//! The thread that hears.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use zeroize::{Zeroize as _, Zeroizing};

use super::{Command, IsRaw, Wishes};
use crate::dialogue::Input;
use crate::dialogue::ids::UtteranceId;
use crate::dialogue::input::Health;
use crate::models::Folders;
use crate::senses::assent::is_assent;
use crate::senses::ear::{Ear, Heard, Mode};
use crate::senses::gate::Gate;
use crate::senses::hall::Hall;
use crate::senses::keepsake::Keepsake;
use crate::senses::patience::Patience;
use crate::senses::presence::Presence;
use crate::senses::scribe::{Report, Scribe};
use crate::senses::transcript::Kind;
use crate::senses::voice_activity;
use crate::voice::player::{Ducking, Reference};

/// The parts of the program that the health is told of.
const MICROPHONE: &str = "microphone";
const SCRIBE: &str = "transcript";

fn health(part: &str, state: Health) -> Input {
    Input::Health { part: part.to_owned(), state }
}

/// How often it hears, and how often it looks around while the microphone is closed.
const LISTENS: Duration = Duration::from_millis(3);
const RESTS: Duration = Duration::from_millis(50);
/// How often the host is told that they still speak, or that their words are still awaited.
const SPEAKS: Duration = Duration::from_secs(5);
/// How often the words so far are written down.
const PARTIAL: Duration = Duration::from_millis(900);

/// Over so many samples loudness is taken, and what is a voice in it at all, as a power.
const VOICED: usize = 640;
const AUDIBLE: f32 = 1e-5;

/// What it hears with.
pub(super) struct Tools {
    pub(super) presence: Presence,
    pub(super) scribe: Scribe,
    pub(super) models: Folders,
    pub(super) reference: Option<Reference>,
    pub(super) ducking: Option<Ducking>,
    pub(super) is_raw: IsRaw,
    pub(super) keepsake: Keepsake,
    pub(super) hall: Option<Hall>,
}

/// Hears, and tells.
pub(super) struct Work {
    tools: Tools,
    wishes: Wishes,
    ear: Ear,
    on: bool,
    utterance: UtteranceId,
    /// Whether the host was told that they mean to speak.
    meant: bool,
    /// When it was told that they speak.
    told: Instant,
    written: Instant,
    tell: Sender<Input>,
    level: Arc<AtomicU32>,
    microphone: Vec<f32>,
    /// The same as the microphone gave it.
    own: Zeroizing<Vec<f32>>,
    played: Vec<f32>,
}

/// Numbers of what is spoken begin far above those of what is typed, which count on from the time in milliseconds.
const SPOKEN: u64 = 1 << 50;

fn ear(models: &Folders, wishes: &Wishes) -> Ear {
    let (detector, built_in) = voice_activity::best(models);
    // Music deceives the detector that is built in: with it alone nobody is heard unasked.
    let mode = if built_in.is_some() { Mode::PushToTalk } else { wishes.mode };
    Ear::new(Gate::new(detector), mode, wishes.echo)
}

impl Work {
    pub(super) fn new(tools: Tools, wishes: Wishes, tell: Sender<Input>, level: Arc<AtomicU32>) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_millis() as u64);
        Self {
            ear: ear(&tools.models, &wishes),
            tools,
            wishes,
            on: false,
            utterance: UtteranceId(SPOKEN + now),
            meant: false,
            told: Instant::now(),
            written: Instant::now(),
            tell,
            level,
            microphone: Vec::new(),
            own: Zeroizing::default(),
            played: Vec::new(),
        }
    }

    pub(super) fn run(mut self, commands: &Receiver<Command>) {
        loop {
            let waits = if self.tools.presence.is_open() { LISTENS } else { RESTS };
            match commands.recv_timeout(waits) {
                Ok(command) => self.obey(command),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.listen();
            self.read();
            self.keep_quiet();
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
                self.wishes = wishes;
                self.close();
            }
        }
    }

    fn switch(&mut self, on: bool) {
        self.on = on;
        if !on {
            self.close();
        }
    }

    /// Nothing is heard any more, and nothing that was is kept.
    fn close(&mut self) {
        self.tools.presence.close();
        self.forget();
    }

    fn forget(&mut self) {
        self.tools.scribe.cancel(self.utterance);
        self.never_mind();
        self.ear = ear(&self.tools.models, &self.wishes);
        self.tools.keepsake.restart();
        self.microphone.zeroize();
        self.level.store(0, Ordering::Relaxed);
        if let Some(hall) = &mut self.tools.hall {
            hall.forget();
        }
    }

    fn listen(&mut self) {
        self.played.clear();
        if let Some(reference) = &mut self.tools.reference {
            reference.take(&mut self.played);
        }
        if !self.on {
            self.tools.presence.rest();
            return;
        }
        let was_open = self.tools.presence.is_open();
        self.microphone.zeroize();
        let both = (&mut self.microphone, &mut *self.own);
        let news = self.tools.presence.take(self.wishes.device.as_deref(), both);
        if let Some(state) = news {
            self.say(health(MICROPHONE, state));
        }
        if !self.tools.presence.is_open() {
            if was_open {
                self.forget();
            }
            return;
        }
        let rate = self.tools.presence.own_rate();
        self.tools.keepsake.hear(&self.own, rate, self.ear.is_spoken_to());
        self.own.zeroize();
        let figure_speaks = self.tools.ducking.as_ref().is_some_and(Ducking::figure_speaks);
        if let Some(hall) = &mut self.tools.hall {
            hall.hear(&self.microphone, figure_speaks);
        }
        let heard = match self.ear.hear(&self.microphone, &self.played, figure_speaks) {
            Ok(heard) => heard,
            Err(error) => {
                self.say(health(MICROPHONE, Health::Gone(error.to_string())));
                self.switch(false);
                return;
            }
        };
        self.level.store(self.ear.level().to_bits(), Ordering::Relaxed);
        for heard in heard {
            self.take(heard);
        }
        self.write_so_far();
    }

    fn take(&mut self, heard: Heard) {
        match heard {
            Heard::Onset => {
                self.duck(true);
                self.written = Instant::now();
            }
            Heard::Meant => {
                self.meant = true;
                self.tell_that_they_speak(self.utterance);
            }
            Heard::FalseOnset => self.never_mind(),
            Heard::Over { sound, voiced_ms, span } => {
                self.duck(false);
                self.meant = false;
                self.tell_how_loud(&sound);
                let utterance = self.utterance.take_next();
                self.tools.keepsake.keep(utterance, span);
                if !self.tools.scribe.write(utterance, (sound, voiced_ms), &self.wishes.lang, Kind::Final) {
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

    /// Nobody speaks into what is said, nor before it is known what was said: what hears may hang with it.
    fn keep_quiet(&mut self) {
        let speaks = self.meant.then_some(self.utterance).or_else(|| self.tools.scribe.awaits());
        if let Some(utterance) = speaks
            && self.told.elapsed() >= SPEAKS
        {
            self.tell_that_they_speak(utterance);
        }
    }

    fn tell_that_they_speak(&mut self, utterance: UtteranceId) {
        self.told = Instant::now();
        self.say(Input::Onset { utterance });
    }

    /// Has the words so far written down, every now and then.
    fn write_so_far(&mut self) {
        if !self.tools.scribe.gives_partials() || self.written.elapsed() < PARTIAL {
            return;
        }
        if let Some(sound) = self.ear.so_far() {
            self.written = Instant::now();
            let voiced_ms = (sound.len() as u64 * 1_000 / u64::from(crate::sound::RATE)) as u32;
            // Where one is being written, the next one has more in it.
            if self.tools.scribe.write(self.utterance, (sound, voiced_ms), &self.wishes.lang, Kind::Partial) {
            }
        }
    }

    /// Reads what was written down.
    fn read(&mut self) {
        while let Some(report) = self.tools.scribe.read() {
            match report {
                Report::Partial(utterance, text) if utterance == self.utterance => {
                    self.take_partial(utterance, text);
                }
                Report::Partial(..) => {}
                Report::Final(utterance, Ok(text)) => {
                    self.tools.keepsake.is_written(utterance, &text);
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
        self.ear.wait(Patience::after(&text, (self.tools.is_raw)(&text)));
        if self.meant {
            self.say(Input::Transcript { utterance, text, whole: false });
        }
    }

    /// The Devil is no louder than the person.
    fn tell_how_loud(&self, sound: &[f32]) {
        let Some(ducking) = &self.tools.ducking else { return };
        let powers = sound.chunks(VOICED).map(|it| it.iter().map(|s| s * s).sum::<f32>() / it.len() as f32);
        let voiced: Vec<f32> = powers.filter(|power| *power > AUDIBLE).collect();
        if !voiced.is_empty() {
            let mean = voiced.iter().sum::<f32>() / voiced.len() as f32;
            ducking.person_was(10.0 * mean.log10());
        }
    }

    fn duck(&self, ducked: bool) {
        if let Some(ducking) = &self.tools.ducking {
            ducking.duck(ducked);
        }
    }

    /// They spoke, and nothing could be made out: what was interrupted goes on, and they know.
    fn no_words(&self, utterance: UtteranceId, why: String) {
        self.tools.keepsake.forget(utterance);
        self.say(Input::FalseOnset { utterance });
        self.say(health(SCRIBE, Health::Degraded(why)));
    }

    /// A host that hears nothing of it for so long has ended.
    fn say(&self, input: Input) {
        if self.tell.try_send(input).is_err() {}
    }
}
