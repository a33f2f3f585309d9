//! What the person says, out of what a microphone hears: echo, level, voice, turns. It knows no device and no clock, only
//! samples, so that a recording is heard exactly as a microphone is.

use std::collections::VecDeque;

use super::echo::Canceller;
use super::gate::Gate;
use super::patience::Patience;
use super::turn::{CERTAIN, Pace, Turn, TurnTaking};
use super::voice_activity::{Earshot, VoiceActivity as _};
use crate::config::Echo;
use crate::models::onnx::OnnxError;
use crate::sound::RATE;

/// When the person is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Whenever they speak.
    Open,
    /// While they hold the key to talk.
    #[default]
    PushToTalk,
}

/// What was heard.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// A voice begins: whoever speaks lowers theirs.
    Onset,
    /// It is meant: whoever speaks stops after their word.
    Meant,
    /// It was none, or a hum of assent: what was said goes on.
    FalseOnset,
    /// The utterance, whole, at [`RATE`] samples a second; and how much of it was a voice, in milliseconds.
    Over {
        /// The sound.
        sound: Vec<f32>,
        /// How long a voice was heard in it.
        voiced_ms: u32,
        /// From which sample on, and up to which, since it began to hear.
        span: (u64, u64),
    },
}

/// So much of what was heard is kept: the longest utterance and what comes before it, in seconds.
const KEPT: usize = 64;
/// What the quick detector is certain of through our own voice is so likely, and not certain: an echo may be left.
const LIKELY: f32 = 0.7;

/// Hears.
pub struct Ear {
    canceller: Option<Canceller>,
    echo: Echo,
    mode: Mode,
    gate: Gate,
    /// Hears through what is left of our own voice, where the other detector hears nothing.
    quick: Earshot,
    quick_waits: Vec<f32>,
    /// What the quick one has heard since the last frame.
    quickest: f32,
    turns: TurnTaking,
    held: bool,
    /// Whether the key was held in this utterance.
    by_key: bool,
    kept: VecDeque<f32>,
    /// The number of the first sample that is kept.
    first: u64,
    clean: Vec<f32>,
    voiced: u64,
    level: f32,
}

impl Ear {
    /// With a gate around the best detector there is.
    #[must_use]
    pub fn new(gate: Gate, mode: Mode, echo: Echo) -> Self {
        let turns = TurnTaking::new(Pace::default(), gate.frame(), gate.limits());
        Self {
            canceller: (echo == Echo::Loudspeaker).then(Canceller::new),
            echo,
            mode,
            gate,
            quick: Earshot::default(),
            quick_waits: Vec::new(),
            quickest: 0.0,
            turns,
            held: false,
            by_key: false,
            kept: VecDeque::new(),
            first: 0,
            clean: Vec::new(),
            voiced: 0,
            level: 0.0,
        }
    }

    /// The key to talk is held down, or let go.
    pub fn hold(&mut self, held: bool) -> Vec<Heard> {
        if held == self.held {
            return Vec::new();
        }
        self.held = held;
        self.by_key |= held;
        let turns = if held { self.turns.push_to_talk() } else { [self.turns.let_go(), None] };
        turns.into_iter().flatten().filter_map(|turn| self.heard(turn)).collect()
    }

    /// What is known of the words so far: how long a silence is waited for.
    pub fn wait(&mut self, patience: Patience) {
        self.turns.wait(patience);
    }

    /// The words are known to be a hum of assent.
    pub fn assents(&mut self) -> Option<Heard> {
        self.turns.assents().and_then(|turn| self.heard(turn))
    }

    /// How loud it is, 0 to 1, as a meter shows it.
    #[must_use]
    pub fn level(&self) -> f32 {
        self.level
    }

    /// Whether somebody is speaking, as far as is known.
    #[must_use]
    pub fn is_spoken_to(&self) -> bool {
        self.turns.speaks_since().is_some()
    }

    /// What has been said of the utterance that goes on; none where nobody speaks.
    #[must_use]
    pub fn so_far(&self) -> Option<Vec<f32>> {
        self.turns.speaks_since().map(|from| self.cut(from, self.first + self.kept.len() as u64))
    }

    /// Hears what came from the microphone, and what was played meanwhile.
    ///
    /// # Errors
    /// When the network behind the detector fails.
    pub fn hear(
        &mut self,
        microphone: &[f32],
        played: &[f32],
        figure_speaks: bool,
    ) -> Result<Vec<Heard>, OnnxError> {
        match &mut self.canceller {
            Some(canceller) => {
                canceller.played(played);
                canceller.heard(microphone, &mut self.clean);
            }
            None => self.clean.extend_from_slice(microphone),
        }
        let (frame, mut all) = (self.gate.frame(), Vec::new());
        while self.clean.len() >= frame {
            let sound: Vec<f32> = self.clean.drain(..frame).collect();
            all.extend(self.frame(&sound, figure_speaks)?);
        }
        Ok(all)
    }

    fn frame(&mut self, sound: &[f32], figure_speaks: bool) -> Result<Vec<Heard>, OnnxError> {
        let loudest = sound.iter().fold(0.0_f32, |most, it| most.max(it.abs()));
        self.level = loudest.max(self.level * 0.8);
        self.kept.extend(sound);
        let over = self.kept.len().saturating_sub(KEPT * RATE as usize);
        self.kept.drain(..over);
        self.first += over as u64;
        let voice = self.voice(sound, figure_speaks)?;
        if voice >= self.gate.limits().0 {
            self.voiced += sound.len() as u64;
        }
        let turns = self.turns.push(voice, figure_speaks);
        Ok(turns.into_iter().flatten().filter_map(|turn| self.heard(turn)).collect())
    }

    /// How likely it is that the person speaks and is to be heard.
    fn voice(&mut self, sound: &[f32], figure_speaks: bool) -> Result<f32, OnnxError> {
        let speech = self.gate.hear(sound)?;
        self.quick_waits.extend_from_slice(sound);
        self.quickest = 0.0;
        while self.quick_waits.len() >= self.quick.frame() {
            let frame: Vec<f32> = self.quick_waits.drain(..self.quick.frame()).collect();
            self.quickest = self.quickest.max(self.quick.hear(&frame)?);
        }
        let listens = self.mode == Mode::Open || self.held;
        if !listens || (self.echo == Echo::HalfDuplex && figure_speaks) {
            return Ok(0.0);
        }
        // Through our own voice the quick one still hears a person of whom little is left.
        let through = figure_speaks && self.canceller.is_some() && self.quickest >= CERTAIN;
        Ok(if through && self.gate.is_above() { speech.max(LIKELY) } else { speech })
    }

    fn heard(&mut self, turn: Turn) -> Option<Heard> {
        match turn {
            Turn::Onset { .. } => {
                self.voiced = 0;
                Some(Heard::Onset)
            }
            Turn::Meant => Some(Heard::Meant),
            Turn::FalseOnset => Some(Heard::FalseOnset),
            Turn::Over { from, to } => {
                let sound = self.cut(from, to);
                // Whoever holds the key speaks, whatever a detector makes of it.
                let by_key = std::mem::replace(&mut self.by_key, self.held);
                let voiced = if by_key { sound.len() as u64 } else { self.voiced };
                let voiced_ms = (voiced * 1_000 / u64::from(RATE)) as u32;
                Some(Heard::Over { sound, voiced_ms, span: (from, to) })
            }
        }
    }

    fn cut(&self, from: u64, to: u64) -> Vec<f32> {
        let at = |sample: u64| (sample.saturating_sub(self.first) as usize).min(self.kept.len());
        self.kept.range(at(from)..at(to).max(at(from))).copied().collect()
    }
}
