//! The mixer at work: a thread that fills the loudspeaker, and finds another when that one is gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError, bounded};
use ringbuf::traits::{Consumer as _, Producer as _, Split as _};
use ringbuf::{HeapCons, HeapProd, HeapRb};

use super::mixer::{DUCKED, Mixer, Piece, Played};
use super::speech::RATE;
use super::{Outlet, Place, Volume};
use crate::dialogue::agent::Agent;
use crate::dialogue::effect::Hush;
use crate::dialogue::theme::Theme;
use crate::sound::device::{DeviceError, Direction};
use crate::sound::{Lost, Loudspeaker, Opener, RATE as HEARD, Resampler, STUMBLES, Sink, Stereo};

/// Opens a loudspeaker: the one with this name, or the system's own.
pub type Open = Box<dyn FnMut(Option<&str>) -> Result<Box<dyn Sink>, DeviceError> + Send>;

/// What is told of what is heard.
#[derive(Debug)]
pub enum Note {
    /// Of a piece; with how long it takes from there to be heard, in milliseconds.
    Played(Played, u32),
    /// There is a loudspeaker.
    There,
    /// There is none, and why.
    Gone(DeviceError),
}

enum Command {
    Play(Piece),
    Hush(Hush),
    Place(Agent, Place),
    Scene(Option<Theme>),
    Volume(Volume),
    Outlet(Outlet),
}

/// What whoever listens to the person shares with the mixer.
#[derive(Clone)]
pub struct Ducking(Arc<Shared>);

#[derive(Default)]
struct Shared {
    ducked: AtomicBool,
    speaking: AtomicBool,
    /// How loud the person was last, in decibels below the loudest there is, as a number's bits; 0 where it is not known.
    person: AtomicU32,
}

impl Ducking {
    /// The person speaks, or has stopped: whoever speaks lowers theirs at once.
    pub fn duck(&self, ducked: bool) {
        self.0.ducked.store(ducked, Ordering::Relaxed);
    }

    /// How loud the person was, in decibels below the loudest there is: about what LUFS are.
    pub fn person_was(&self, loud: f32) {
        self.0.person.store(loud.to_bits(), Ordering::Relaxed);
    }

    /// How loud the person was last; none where it is not known.
    #[must_use]
    pub fn person(&self) -> Option<f32> {
        Some(f32::from_bits(self.0.person.load(Ordering::Relaxed))).filter(|loud| *loud < 0.0)
    }

    /// Whether somebody in the room is speaking.
    #[must_use]
    pub fn figure_speaks(&self) -> bool {
        self.0.speaking.load(Ordering::Relaxed)
    }
}

/// What is played, for whoever has to hear past it: one channel, as many samples a second as are heard.
pub struct Reference(HeapCons<f32>);

impl Reference {
    /// Adds what has been played since the last time.
    pub fn take(&mut self, out: &mut Vec<f32>) {
        out.extend(self.0.pop_iter());
    }
}

/// Plays.
pub struct Player {
    commands: Sender<Command>,
    notes: Receiver<Note>,
    ducking: Ducking,
    reference: Option<Reference>,
}

/// So many commands may wait; one more is left out.
const MOST_COMMANDS: usize = 64;
const MOST_NOTES: usize = 256;
/// So much is mixed at once, in frames: ten milliseconds.
const BLOCK: usize = RATE as usize / 100;
/// How long the mixer waits for a full loudspeaker, and for a command when there is none.
const WAITS: Duration = Duration::from_millis(4);
/// So much of what is played is kept for whoever hears, in seconds.
const REMEMBERED: u32 = 2;

impl Player {
    /// Plays on a loudspeaker of this machine.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(outlet: Outlet, seed: u64) -> std::io::Result<Self> {
        let open: Open = Box::new(|chosen| {
            Loudspeaker::open(chosen, RATE).map(|loudspeaker| Box::new(loudspeaker) as Box<dyn Sink>)
        });
        Self::start_with(open, outlet, seed)
    }

    /// Plays on whatever this opens.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start_with(open: Open, outlet: Outlet, seed: u64) -> std::io::Result<Self> {
        let (commands, to_do) = bounded(MOST_COMMANDS);
        let (tell, notes) = bounded(MOST_NOTES);
        let (to_reference, reference) = HeapRb::new((HEARD * REMEMBERED) as usize).split();
        let ducking = Ducking(Arc::default());
        let work = Work {
            mixer: Mixer::new(seed),
            opener: Opener::start(Direction::Out, open)?,
            outlet,
            sink: None,
            lost: None,
            was_there: None,
            notes: tell,
            shared: Arc::clone(&ducking.0),
            echo: Echo::new(to_reference),
        };
        crate::thread::spawn("mixer", move || work.run(&to_do))?;
        Ok(Self { commands, notes, ducking, reference: Some(Reference(reference)) })
    }

    /// Plays a piece after those that wait.
    pub fn play(&self, piece: Piece) {
        self.tell(Command::Play(piece));
    }

    /// Whoever speaks stops.
    pub fn hush(&self, hush: Hush) {
        self.tell(Command::Hush(hush));
    }

    /// Where a figure is, seen from the person.
    pub fn place(&self, agent: Agent, place: Place) {
        self.tell(Command::Place(agent, place));
    }

    /// What the window shows; none for quiet.
    pub fn scene(&self, theme: Option<Theme>) {
        self.tell(Command::Scene(theme));
    }

    /// How loud everything is.
    pub fn volume(&self, volume: Volume) {
        self.tell(Command::Volume(volume));
    }

    /// Another loudspeaker from now on, or none.
    pub fn outlet(&self, outlet: Outlet) {
        self.tell(Command::Outlet(outlet));
    }

    /// What has happened since; none where nothing has.
    #[must_use]
    pub fn note(&self) -> Option<Note> {
        self.notes.try_recv().ok()
    }

    /// What whoever listens shares with the mixer.
    #[must_use]
    pub fn ducking(&self) -> Ducking {
        self.ducking.clone()
    }

    /// What is played, for whoever hears past it. There is one of it.
    #[must_use]
    pub fn reference(&mut self) -> Option<Reference> {
        self.reference.take()
    }

    fn tell(&self, command: Command) {
        // Whoever speaks for the session waits for nothing. A mixer that a dead sound system has held up for so long plays
        // nothing that could be hushed, and a line whose end is never told is given up.
        if self.commands.try_send(command).is_err() {}
    }
}

/// What is played, at the rate at which it is heard.
struct Echo {
    to: HeapProd<f32>,
    resampler: Option<Resampler>,
    mono: Vec<f32>,
    made: Vec<f32>,
}

impl Echo {
    fn new(to: HeapProd<f32>) -> Self {
        Self { to, resampler: Resampler::between(RATE, HEARD).ok(), mono: Vec::new(), made: Vec::new() }
    }

    fn tell(&mut self, frames: &[Stereo]) {
        let Some(resampler) = &mut self.resampler else { return };
        self.mono.clear();
        self.mono.extend(frames.iter().map(|[left, right]| (left + right) / 2.0));
        resampler.push(&self.mono, &mut self.made);
        // Where nobody hears, what does not fit is forgotten.
        self.to.push_slice(&self.made);
        self.made.clear();
    }
}

struct Work {
    mixer: Mixer,
    opener: Opener<Box<dyn Sink>>,
    outlet: Outlet,
    sink: Option<Box<dyn Sink>>,
    /// When it was lost, and why, where it may still have been a stumble.
    lost: Option<(Instant, Lost)>,
    /// What was told last of the loudspeaker.
    was_there: Option<bool>,
    notes: Sender<Note>,
    shared: Arc<Shared>,
    echo: Echo,
}

impl Work {
    fn run(mut self, commands: &Receiver<Command>) {
        let mut block = vec![[0.0; 2]; BLOCK];
        loop {
            match commands.try_recv() {
                Ok(command) => {
                    self.obey(command);
                    continue;
                }
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {}
            }
            let busy = self.fill(&mut block);
            if busy {
                continue;
            }
            match commands.recv_timeout(WAITS) {
                Ok(command) => self.obey(command),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Play(piece) => self.mixer.play(piece),
            Command::Hush(hush) => self.mixer.hush(hush),
            Command::Place(agent, place) => self.mixer.place(agent, place),
            Command::Scene(theme) => self.mixer.scene(theme),
            Command::Volume(volume) => self.mixer.volume(volume),
            Command::Outlet(outlet) => {
                (self.outlet, self.sink, self.lost) = (outlet, None, None);
                self.opener.soon();
                if self.outlet == Outlet::Off {
                    self.hold_breath();
                }
            }
        }
    }

    /// Mixes what the loudspeaker has room for; false when there is nothing to do now.
    fn fill(&mut self, block: &mut [Stereo]) -> bool {
        self.look();
        let Some(sink) = &mut self.sink else { return false };
        let ducked = self.shared.ducked.load(Ordering::Relaxed);
        if ducked && self.mixer.is_full() && sink.lower(DUCKED) {
            self.mixer.begin_low();
        }
        self.mixer.duck(ducked);
        match sink.room() {
            Ok(room) if room >= block.len() => {}
            Ok(_full) => return false,
            Err(lost) => {
                (self.sink, self.lost) = (None, Some((Instant::now(), lost)));
                self.opener.soon();
                return false;
            }
        }
        let delay = sink.delay_ms();
        for note in self.mixer.mix(block) {
            // Whoever does not read what is told for so long does not need it any more.
            if self.notes.try_send(Note::Played(note, delay)).is_err() {}
        }
        sink.write(block);
        self.echo.tell(block);
        self.shared.speaking.store(!self.mixer.is_quiet(), Ordering::Relaxed);
        true
    }

    /// Looks for a loudspeaker where there is none.
    fn look(&mut self) {
        if self.sink.is_some() {
            return;
        }
        let chosen = match &self.outlet {
            Outlet::Off => return self.opener.rest(),
            Outlet::System => None,
            Outlet::Named(name) => Some(name.as_str()),
        };
        match self.opener.look(chosen) {
            Some(Ok(sink)) => {
                (self.sink, self.lost) = (Some(sink), None);
                self.tell_of_it(true, Note::There);
            }
            Some(Err(error)) => self.lose(error),
            None => {}
        }
        // A sound system that stumbles is there again at once.
        if let Some((_, lost)) = self.lost.take_if(|(since, _)| since.elapsed() > STUMBLES) {
            self.lose(DeviceError::Unusable { direction: Direction::Out, why: lost.to_string() });
        }
    }

    /// There is nothing to play on.
    fn lose(&mut self, why: DeviceError) {
        self.lost = None;
        // First, so that what is left of a line is read.
        self.tell_of_it(false, Note::Gone(why));
        self.hold_breath();
    }

    /// Nobody speaks into a device that is gone.
    fn hold_breath(&mut self) {
        self.mixer.hush(Hush::Now);
        let mut last = [[0.0; 2]; BLOCK];
        for _ in 0..2 {
            for note in self.mixer.mix(&mut last) {
                if self.notes.try_send(Note::Played(note, 0)).is_err() {}
            }
        }
        self.shared.speaking.store(false, Ordering::Relaxed);
    }

    fn tell_of_it(&mut self, there: bool, note: Note) {
        if self.was_there != Some(there) && self.notes.try_send(note).is_ok() {
            self.was_there = Some(there);
        }
    }
}
