//! Devices that are none, in real time: a microphone that hears what the person says, and a loudspeaker that plays to nobody and
//! keeps how loud it was.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::sound::{AHEAD_MS, Lost, Lowering, PERIOD_MS, RATE as HEARD, Sink, Source, Stereo};
use crate::voice::speech::RATE as PLAYED;

/// A microphone gives its sound in pieces of so many samples: ten milliseconds.
const PIECE: u64 = HEARD as u64 / 100;
/// How loud the room is by itself: about 65 decibels below the loudest there is.
const HISS: f32 = 0.001;

/// What the person says now, if anything.
#[derive(Default)]
struct Mouth {
    said: Option<(u64, Arc<[f32]>)>,
    /// When the microphone was last listened to.
    listened: Option<Instant>,
}

/// Both devices, as the bench sees them. They share one clock.
#[derive(Clone)]
pub(super) struct Twins {
    epoch: Instant,
    mouth: Arc<Mutex<Mouth>>,
    tape: Arc<Mutex<Tape>>,
}

impl Twins {
    pub(super) fn new() -> Self {
        Self { epoch: Instant::now(), mouth: Arc::default(), tape: Arc::default() }
    }

    pub(super) fn microphone(&self) -> Microphone {
        Microphone { twins: self.clone(), given: self.samples_by(Instant::now()), chance: 7 }
    }

    pub(super) fn loudspeaker(&self) -> Loudspeaker {
        Loudspeaker { twins: self.clone(), end: 0 }
    }

    /// The person says this from now on; the moment at which its first sample is spoken.
    pub(super) fn say(&self, sound: &Arc<[f32]>) -> Instant {
        // A little later than now, so that nothing of it is given out already.
        let at = self.samples_by(Instant::now()) + 2 * PIECE;
        lock(&self.mouth).said = Some((at, Arc::clone(sound)));
        self.epoch + Duration::from_secs(at) / HEARD
    }

    /// When the microphone was last listened to.
    pub(super) fn listened(&self) -> Option<Instant> {
        lock(&self.mouth).listened
    }

    /// What was played, to be looked at.
    pub(super) fn tape(&self) -> MutexGuard<'_, Tape> {
        lock(&self.tape)
    }

    /// When a window of the tape is heard.
    pub(super) fn heard_at(&self, window: usize) -> Instant {
        self.epoch + WINDOW * u32::try_from(window).unwrap_or(u32::MAX)
    }

    /// Which window of the tape is heard at this moment.
    pub(super) fn window_at(&self, moment: Instant) -> usize {
        (moment.duration_since(self.epoch).as_micros() / WINDOW.as_micros()) as usize
    }

    /// How many samples a microphone has given by then.
    fn samples_by(&self, moment: Instant) -> u64 {
        let since = moment.duration_since(self.epoch).as_micros() as u64;
        since * u64::from(HEARD) / 1_000_000 / PIECE * PIECE
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hears the person, and a room that hisses.
pub(super) struct Microphone {
    twins: Twins,
    given: u64,
    chance: u32,
}

impl Source for Microphone {
    fn take(&mut self, out: &mut Vec<f32>) -> Result<(), Lost> {
        let due = self.twins.samples_by(Instant::now());
        let mut mouth = lock(&self.twins.mouth);
        for at in self.given..due {
            self.chance = self.chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let hiss = HISS * ((self.chance >> 8) as f32 / (1 << 23) as f32 - 1.0);
            let said =
                mouth.said.as_ref().and_then(|(from, sound)| sound.get(at.checked_sub(*from)? as usize));
            out.push(hiss + said.copied().unwrap_or(0.0));
        }
        self.given = due;
        mouth.listened = Some(Instant::now());
        Ok(())
    }
}

/// So long a window of the tape is.
pub(super) const WINDOW: Duration = Duration::from_millis(5);
const WINDOW_FRAMES: usize = PLAYED as usize / 200;

/// How loud everything was that was played: the loudest sample of each window, from the beginning of the clock on.
#[derive(Default)]
pub(super) struct Tape {
    loudest: Vec<f32>,
    /// When each was made as loud as it is: when it left the mixer, or was lowered where it lay.
    written: Vec<Instant>,
}

impl Tape {
    /// How loud it was around a window: in it and the next one, so that every voice has a beat in it.
    pub(super) fn loud(&self, window: usize) -> f32 {
        let here = self.loudest.get(window..window + 2).unwrap_or_default();
        here.iter().fold(0.0, |most, &it| most.max(it))
    }

    pub(super) fn len(&self) -> usize {
        self.loudest.len().saturating_sub(1)
    }

    /// The first window that was written after this moment and holds a sound.
    pub(super) fn first_sound(&self, since: Instant) -> Option<usize> {
        let from = self.written.partition_point(|at| *at < since);
        (from..self.loudest.len()).find(|&window| self.loudest[window] > AUDIBLE)
    }

    pub(super) fn written(&self, window: usize) -> Option<Instant> {
        self.written.get(window).copied()
    }
}

/// Anything louder is a sound.
const AUDIBLE: f32 = 1e-3;

/// So many frames lie ready at most, as at a real one, which takes so many at once.
const AHEAD: u64 = PLAYED as u64 * AHEAD_MS as u64 / 1_000;
const PERIOD: u64 = PLAYED as u64 * PERIOD_MS as u64 / 1_000;

/// Takes what is mixed as a real one would.
pub(super) struct Loudspeaker {
    twins: Twins,
    /// The frame after the last one that was written, counted from the beginning of the clock.
    end: u64,
}

impl Loudspeaker {
    /// How many frames the device has taken by now.
    fn taken(&self) -> u64 {
        let since = self.twins.epoch.elapsed().as_micros() as u64 * u64::from(PLAYED) / 1_000_000;
        (since / PERIOD + 1) * PERIOD
    }
}

impl Sink for Loudspeaker {
    fn room(&mut self) -> Result<usize, Lost> {
        Ok((self.taken() + AHEAD).saturating_sub(self.end).min(AHEAD) as usize)
    }

    fn write(&mut self, frames: &[Stereo]) {
        let (begin, now) = (self.end.max(self.taken()), Instant::now());
        let mut tape = lock(&self.twins.tape);
        let from = begin as usize / WINDOW_FRAMES;
        // What nobody had ready in time was silence.
        tape.loudest.resize(from, 0.0);
        tape.written.resize(from, now);
        for window in frames.chunks(WINDOW_FRAMES) {
            let loudest =
                window.iter().fold(0.0_f32, |most, [left, right]| most.max(left.abs()).max(right.abs()));
            tape.loudest.push(loudest);
            tape.written.push(now);
        }
        self.end = begin + frames.len() as u64;
    }

    /// Lowers what the device has not taken yet, as a real one does, by whole windows of the tape: each is as loud as its
    /// first frame lets it be.
    fn lower(&mut self, share: f32) -> bool {
        let taken = self.taken().min(self.end);
        let mut lowering = Lowering::at(PLAYED);
        let (mut tape, now) = (lock(&self.twins.tape), Instant::now());
        let Tape { loudest, written } = &mut *tape;
        for frame in taken..self.end {
            let gain = lowering.next(self.end - taken, share);
            let (window, within) = (frame as usize / WINDOW_FRAMES, frame as usize % WINDOW_FRAMES);
            if within == 0
                && let (Some(loudest), Some(written)) = (loudest.get_mut(window), written.get_mut(window))
            {
                (*loudest, *written) = (*loudest * gain, now);
            }
        }
        true
    }

    fn delay_ms(&self) -> u32 {
        let since = self.twins.epoch.elapsed().as_micros() as u64 * u64::from(PLAYED) / 1_000_000;
        (self.end.saturating_sub(since) * 1_000 / u64::from(PLAYED)) as u32
    }
}
