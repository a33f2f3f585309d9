//! What is heard, mixed: whoever speaks in their place in the room, and the scene around them. It knows no clock and no
//! device; [`super::player`] gives it both.

use std::collections::VecDeque;
use std::sync::Arc;

use super::ambience::Ambience;
use super::space::Space;
use super::speech::{RATE, Speech};
use super::{Place, Volume};
use crate::dialogue::agent::Agent;
use crate::dialogue::effect::Hush;
use crate::dialogue::ids::LineId;
use crate::dialogue::theme::Theme;
use crate::sound::Stereo;

/// A piece of a line: one sentence, or a few.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Of which line.
    pub line: LineId,
    /// Which of its pieces, from 0.
    pub number: usize,
    /// Whether no other follows.
    pub last: bool,
    /// Who speaks.
    pub agent: Agent,
    /// The sound.
    pub speech: Arc<Speech>,
}

/// What has become of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// Its first sample is mixed.
    Began {
        /// The line.
        line: LineId,
        /// Which of its pieces.
        number: usize,
    },
    /// Its last one is.
    Ended {
        /// The line.
        line: LineId,
        /// Which of its pieces.
        number: usize,
        /// How far into the piece, in milliseconds.
        at_ms: u32,
        /// Whether nothing more comes of the line: it is over, or was hushed.
        over: bool,
    },
}

/// While the person speaks, whoever is speaking is so much quieter, and the scene, too.
pub(super) const DUCKED: f32 = 0.2;
/// How long it takes to become quiet, and to come back, in seconds.
const DUCKS: f32 = 0.006;
const RETURNS: f32 = 0.35;
/// A voice that is hushed fades over so long, in seconds: no click.
const FADES: f32 = 0.012;
/// Where it is not known when a word ends, it ends after so long, in milliseconds.
const WORD_MS: u32 = 250;
/// Between two pieces of a line, in milliseconds.
const BETWEEN_MS: u32 = 140;
/// So many pieces may wait.
const MOST_WAITING: usize = 32;

struct Playing {
    piece: Piece,
    at: usize,
    /// It is hushed from here on.
    until: Option<usize>,
}

/// Mixes.
pub struct Mixer {
    playing: Option<Playing>,
    waiting: VecDeque<Piece>,
    /// Frames of silence until the next piece.
    pause: usize,
    spaces: [Space; 3],
    ambience: Ambience,
    volume: Volume,
    ducked: bool,
    duck: Ramp,
    fade: Ramp,
    notes: Vec<Played>,
    mono: Vec<f32>,
}

impl Mixer {
    /// In silence. The seed is that of the scene's chances.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            playing: None,
            waiting: VecDeque::new(),
            pause: 0,
            spaces: std::array::from_fn(|_| Space::new(Place::default())),
            ambience: Ambience::new(seed),
            volume: Volume::default(),
            ducked: false,
            duck: Ramp::at(1.0),
            fade: Ramp::at(1.0),
            notes: Vec::new(),
            mono: Vec::new(),
        }
    }

    /// Plays a piece after those that wait already.
    pub fn play(&mut self, piece: Piece) {
        if self.waiting.len() < MOST_WAITING {
            self.waiting.push_back(piece);
        }
    }

    /// Whoever speaks stops, and says nothing of what waits.
    pub fn hush(&mut self, hush: Hush) {
        let waiting = self.waiting.pop_front();
        self.waiting.clear();
        let Some(playing) = &mut self.playing else {
            if let Some(Piece { line, number, .. }) = waiting {
                self.notes.push(Played::Ended { line, number, at_ms: 0, over: true });
            }
            return;
        };
        let until = match hush {
            Hush::Now => playing.at,
            Hush::AfterWord => end_of_word(&playing.piece.speech, playing.at),
        };
        playing.until = Some(playing.until.map_or(until, |before| before.min(until)));
    }

    /// The person speaks, or has stopped.
    pub fn duck(&mut self, ducked: bool) {
        self.ducked = ducked;
    }

    /// Whether nothing of what has been mixed last was lowered.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.duck.value >= 1.0
    }

    /// The person speaks, and what was mixed before has been lowered where it lies: what follows begins as low.
    pub fn begin_low(&mut self) {
        (self.ducked, self.duck) = (true, Ramp::at(DUCKED));
    }

    /// Where a figure is, seen from the person.
    pub fn place(&mut self, agent: Agent, place: Place) {
        if let Some(space) = space_of(agent) {
            self.spaces[space].go(place);
        }
    }

    /// What the window shows; none for quiet.
    pub fn scene(&mut self, theme: Option<Theme>) {
        self.ambience.show(theme);
    }

    /// How loud everything is.
    pub fn volume(&mut self, volume: Volume) {
        self.volume = volume;
    }

    /// Whether nobody speaks and nothing waits.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.playing.is_none() && self.waiting.is_empty()
    }

    /// The next frames, and what has become of the pieces with them.
    pub fn mix(&mut self, out: &mut [Stereo]) -> std::vec::Drain<'_, Played> {
        for frame in out.iter_mut() {
            *frame = self.ambience.frame().map(|side| side * self.volume.ambience);
        }
        let mut mono = std::mem::take(&mut self.mono);
        let mut done = 0;
        while done < out.len() {
            mono.clear();
            let agent = self.next(out.len() - done, &mut mono);
            let here = &mut out[done..done + mono.len()];
            // A room still sounds for a moment after a voice.
            for (number, space) in self.spaces.iter_mut().enumerate() {
                let speaks = Some(number) == agent;
                for (frame, &voice) in here.iter_mut().zip(&mono) {
                    let [left, right] = space.next(if speaks { voice } else { 0.0 });
                    *frame = [frame[0] + left, frame[1] + right];
                }
            }
            done += mono.len();
        }
        self.mono = mono;
        // The last of all, so that what the room sounds on with is lowered, too.
        for frame in out.iter_mut() {
            let duck = self.duck.step(if self.ducked { DUCKED } else { 1.0 }, DUCKS, RETURNS);
            *frame = frame.map(|side| side * duck);
            *frame = frame.map(|side| if side.is_finite() { side.clamp(-1.0, 1.0) } else { 0.0 });
        }
        self.notes.drain(..)
    }

    /// Up to so many samples of whoever speaks, and in which place they are; silence where nobody does.
    fn next(&mut self, most: usize, mono: &mut Vec<f32>) -> Option<usize> {
        if self.playing.is_none() {
            if self.pause > 0 || self.waiting.is_empty() {
                let silent = if self.waiting.is_empty() { most } else { most.min(self.pause) };
                self.pause = self.pause.saturating_sub(silent);
                mono.resize(silent, 0.0);
                return None;
            }
            self.begin();
        }
        let playing = self.playing.as_mut()?;
        let agent = space_of(playing.piece.agent);
        let samples = &playing.piece.speech.samples;
        for _ in 0..most {
            let Some(&sample) = samples.get(playing.at) else { break };
            let stops = playing.until.is_some_and(|until| playing.at >= until);
            let fade = self.fade.step(if stops { 0.0 } else { 1.0 }, FADES, FADES);
            if stops && fade <= 0.0 {
                break;
            }
            // What is no number would sound in the room for ever.
            let sample = if sample.is_finite() { sample } else { 0.0 };
            mono.push(sample * fade * self.volume.voices);
            playing.at += 1;
        }
        if mono.len() < most {
            self.end();
        }
        agent
    }

    fn begin(&mut self) {
        let Some(piece) = self.waiting.pop_front() else { return };
        self.fade = Ramp::at(1.0);
        self.notes.push(Played::Began { line: piece.line, number: piece.number });
        self.playing = Some(Playing { piece, at: 0, until: None });
    }

    fn end(&mut self) {
        let Some(Playing { piece, at, until }) = self.playing.take() else { return };
        let at_ms = (at as u64 * 1_000 / u64::from(RATE)) as u32;
        let over = piece.last || until.is_some();
        self.notes.push(Played::Ended { line: piece.line, number: piece.number, at_ms, over });
        self.pause = if over { 0 } else { (BETWEEN_MS * RATE / 1_000) as usize };
    }
}

/// Figures have a place; the Trigger has none.
fn space_of(agent: Agent) -> Option<usize> {
    match agent {
        Agent::Patient => Some(0),
        Agent::Devil => Some(1),
        Agent::Guide | Agent::Trigger => Some(2),
    }
}

/// Where the word ends that is being spoken.
fn end_of_word(speech: &Speech, at: usize) -> usize {
    let frames = |ms: u32| (u64::from(ms) * u64::from(RATE) / 1_000) as usize;
    speech
        .words
        .iter()
        .map(|word| frames(word.at_ms))
        .find(|&end| end >= at)
        .unwrap_or_else(|| (at + frames(WORD_MS)).min(speech.samples.len()))
}

/// A loudness on its way to another.
#[derive(Clone, Copy, Debug)]
struct Ramp {
    value: f32,
}

impl Ramp {
    fn at(value: f32) -> Self {
        Self { value }
    }

    /// One sample on: down takes so many seconds for the whole way, up so many.
    fn step(&mut self, goal: f32, down: f32, up: f32) -> f32 {
        let rate = RATE as f32;
        self.value = if goal < self.value {
            (self.value - 1.0 / (down * rate)).max(goal)
        } else {
            (self.value + 1.0 / (up * rate)).min(goal)
        };
        self.value
    }
}

#[cfg(test)]
#[path = "mixer_tests.rs"]
mod tests;
