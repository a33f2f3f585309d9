//! Lines that are heard: spoken piece by piece, each while the next is being made. Where nothing can be heard, a line takes the
//! time that it takes to be read, and nobody notices more than that it is quiet.

use std::ops::Range;

use super::mixer::{Piece, Played};
use super::pieces;
use super::player::{Ducking, Note, Player, Reference};
use super::silent::SilentVoice;
use super::studio::{MOST_ORDERS, Made, Order, Studio};
use super::{Outlet, OwnVoice, Place, Voice, Volume};
use crate::dialogue::agent::{Agent, Manner};
use crate::dialogue::effect::{Hush, Line};
use crate::dialogue::event::Kind;
use crate::dialogue::ids::Millis;
use crate::dialogue::input::Health;
use crate::dialogue::mouth::MouthAt;
use crate::dialogue::strength::Strength;
use crate::dialogue::{Input, text};

/// How long the first sound of a line is waited for, in milliseconds; then it is read.
const PATIENCE: Millis = Millis(5_000);
/// How often it looks at what has become of a line, in milliseconds: while its first sound is awaited, and then.
const AWAITS: Millis = Millis(3);
const LOOKS: Millis = Millis(10);
/// So many sentences in a row that could not be spoken are a fault, and not a mishap.
const MOST_MISHAPS: u32 = 3;

/// The part of the program that its health is told of.
const PART: &str = "voice";

/// Speaks.
pub struct Spoken {
    studio: Studio,
    player: Player,
    silent: SilentVoice,
    current: Option<Current>,
    lang: String,
    strength: Strength,
    outlet: Outlet,
    /// Whether there is a loudspeaker, as far as is known.
    there: bool,
    mishaps: u32,
    mouth: Option<Vec<MouthAt>>,
    looked: Millis,
}

/// The line that is being spoken.
struct Current {
    line: Line,
    /// Its pieces, in characters of its text.
    pieces: Vec<Range<usize>>,
    /// What was made of them so far, in order.
    made: Vec<std::sync::Arc<super::speech::Speech>>,
    /// How many characters of it were heard for certain.
    heard: usize,
    /// The piece that is being heard, and since when.
    hears: Option<(usize, Millis)>,
    ordered_at: Millis,
}

impl Current {
    fn began(&self) -> bool {
        self.hears.is_some()
    }

    /// How many characters of the line are heard so many milliseconds into one of its pieces.
    fn heard_within(&self, number: usize, at_ms: u32) -> usize {
        let (Some(piece), Some(speech)) = (self.pieces.get(number), self.made.get(number)) else {
            return self.heard;
        };
        let within = if at_ms >= speech.lasts_ms() { piece.len() } else { speech.heard_by(at_ms) };
        self.heard.max(piece.start + within.min(piece.len()))
    }

    /// How many are heard by now.
    fn heard_by(&self, now: Millis) -> usize {
        let since = |from: Millis| u32::try_from(now.since(from).0).unwrap_or(u32::MAX);
        self.hears.map_or(self.heard, |(number, from)| self.heard_within(number, since(from)))
    }
}

impl Spoken {
    /// Speaks this language with what is made here, and plays it there.
    #[must_use]
    pub fn new(studio: Studio, player: Player, (outlet, lang): (Outlet, &str)) -> Self {
        Self {
            studio,
            player,
            silent: SilentVoice::default(),
            current: None,
            lang: lang.to_owned(),
            strength: Strength::from_belief(5),
            outlet,
            there: true,
            mishaps: 0,
            mouth: None,
            looked: Millis(0),
        }
    }

    /// What whoever listens shares with the mixer.
    #[must_use]
    pub fn ducking(&self) -> Ducking {
        self.player.ducking()
    }

    /// What is played, for whoever hears past it. There is one of it.
    #[must_use]
    pub fn reference(&mut self) -> Option<Reference> {
        self.player.reference()
    }

    /// Whether there is something to be heard from, as far as is known.
    fn is_heard(&self) -> bool {
        self.there && self.outlet != Outlet::Off
    }

    /// What is being spoken breaks off, and the rest of it is read.
    fn read_instead(&mut self, now: Millis, inputs: &mut Vec<Input>) {
        if self.current.is_some() {
            self.player.hush(Hush::Now);
            self.read(now, inputs);
        }
    }

    /// Gives the line up as sound: what is left of it is read.
    fn read(&mut self, now: Millis, inputs: &mut Vec<Input>) {
        let Some(current) = self.current.take() else { return };
        let mut told = Vec::new();
        let (from, began) = (current.heard_by(now), current.began());
        self.silent.speak(&Line { from, ..current.line }, now, &mut told);
        // That it began was told already, where it was heard to begin.
        inputs.extend(told.into_iter().filter(|it| !began || !matches!(it, Input::LineStarted(_))));
    }

    /// Has the pieces of a line made, the first of them in the person's own voice where that is given.
    fn order(
        &mut self,
        line: &Line,
        pieces: Vec<Range<usize>>,
        mut own: Option<OwnVoice>,
        now: Millis,
        inputs: &mut Vec<Input>,
    ) {
        self.studio.want(line.id);
        let ordered = pieces.iter().enumerate().all(|(number, piece)| {
            let words = text::first_chars(line.text.as_str(), piece.end).chars().skip(piece.start).collect();
            self.studio.order(Order {
                line: line.id,
                number,
                text: words,
                agent: line.agent,
                manner: line.manner,
                lang: self.lang.clone(),
                strength: self.strength,
                own: own.take(),
            })
        });
        let current = Current {
            line: line.clone(),
            pieces,
            made: Vec::new(),
            heard: line.from,
            hears: None,
            ordered_at: now,
        };
        self.current = Some(current);
        if !ordered {
            self.read(now, inputs);
        }
    }

    fn take_made(&mut self, made: Made, now: Millis, inputs: &mut Vec<Input>) {
        let Some(current) = self.current.as_mut().filter(|current| current.line.id == made.line) else {
            return;
        };
        match made.speech {
            Ok(speech) => {
                self.mishaps = 0;
                let last = made.number + 1 == current.pieces.len();
                let (line, agent) = (made.line, current.line.agent);
                current.made.push(std::sync::Arc::clone(&speech));
                self.player.play(Piece { line, number: made.number, last, agent, speech });
            }
            Err(error) => {
                // That the person's own words are not apart from others is no mishap: they are shown.
                let own = current.line.own.is_some();
                self.mishaps += u32::from(!own);
                if !own && self.mishaps == MOST_MISHAPS {
                    inputs.push(health(Health::Gone(error.to_string())));
                }
                self.player.hush(Hush::Now);
                self.read(now, inputs);
            }
        }
    }

    fn take_played(&mut self, played: Played, (delay_ms, now): (u32, Millis), inputs: &mut Vec<Input>) {
        let Some(current) = &mut self.current else { return };
        match played {
            Played::Began { line, number } if line == current.line.id => {
                if !current.began() {
                    inputs.push(Input::LineStarted(line));
                }
                current.hears = Some((number, now + Millis(delay_ms.into())));
                self.mouth = current.made.get(number).map(|speech| later(&speech.mouth, delay_ms));
            }
            Played::Ended { line, number, at_ms, over } if line == current.line.id => {
                current.heard = current.heard_within(number, at_ms);
                if over {
                    inputs.push(Input::LineEnded { line, heard: current.heard });
                    (self.current, self.mouth) = (None, Some(Vec::new()));
                }
            }
            Played::Began { .. } | Played::Ended { .. } => {}
        }
    }

    fn take_note(&mut self, note: Note, now: Millis, inputs: &mut Vec<Input>) {
        match note {
            Note::Played(played, delay_ms) => self.take_played(played, (delay_ms, now), inputs),
            Note::There => {
                if !std::mem::replace(&mut self.there, true) {
                    inputs.push(health(Health::Well));
                }
            }
            Note::Gone(why) => {
                self.there = false;
                inputs.push(health(Health::Gone(why.to_string())));
                self.read(now, inputs);
            }
        }
    }
}

fn health(state: Health) -> Input {
    Input::Health { part: PART.to_owned(), state }
}

/// A mouth moves when it is heard, not when it is mixed.
fn later(mouth: &[MouthAt], ms: u32) -> Vec<MouthAt> {
    mouth.iter().map(|shape| MouthAt { at_ms: shape.at_ms + ms, ..*shape }).collect()
}

impl Voice for Spoken {
    fn speak(&mut self, line: &Line, now: Millis, inputs: &mut Vec<Input>) {
        self.hush(Hush::Now, now, inputs);
        // No voice is lent to the person's own words.
        let spoken = line.manner != Manner::Shown && line.agent != Agent::Trigger && line.own.is_none();
        let pieces = pieces::of(line.text.as_str(), line.from);
        if !spoken || !self.is_heard() || pieces.is_empty() || pieces.len() > MOST_ORDERS {
            self.silent.speak(line, now, inputs);
            return;
        }
        self.order(line, pieces, None, now, inputs);
    }

    /// One piece, from its beginning: what somebody said is not taken apart.
    fn replay(&mut self, line: &Line, own: OwnVoice, now: Millis, inputs: &mut Vec<Input>) {
        self.hush(Hush::Now, now, inputs);
        if !self.is_heard() {
            self.silent.speak(line, now, inputs);
            return;
        }
        let whole = 0..line.text.as_str().chars().count();
        self.order(&Line { from: 0, ..line.clone() }, vec![whole], Some(own), now, inputs);
    }

    fn hush(&mut self, hush: Hush, now: Millis, inputs: &mut Vec<Input>) {
        self.silent.hush(hush, now, inputs);
        let Some(current) = &self.current else { return };
        self.player.hush(hush);
        // Nothing of it was heard yet, or nobody waits for its end.
        if !current.began() || hush == Hush::Now {
            inputs.push(Input::LineEnded { line: current.line.id, heard: current.heard_by(now) });
            (self.current, self.mouth) = (None, Some(Vec::new()));
        }
    }

    fn poll(&mut self, now: Millis, inputs: &mut Vec<Input>) {
        self.silent.poll(now, inputs);
        // First of all: what the mixer tells next is the end of a line that was broken off for it.
        if self.outlet == Outlet::Off {
            self.read_instead(now, inputs);
        }
        while let Some(made) = self.studio.made() {
            self.take_made(made, now, inputs);
        }
        while let Some(note) = self.player.note() {
            self.take_note(note, now, inputs);
        }
        let late = |current: &Current| !current.began() && now.since(current.ordered_at) > PATIENCE;
        if self.current.as_ref().is_some_and(late) {
            self.read_instead(now, inputs);
        }
        self.looked = now;
    }

    fn next_deadline(&self) -> Option<Millis> {
        let Some(current) = &self.current else { return self.silent.next_deadline() };
        Some(self.looked + if current.began() { LOOKS } else { AWAITS })
    }

    fn is_quiet(&self) -> bool {
        self.current.is_none() && self.silent.is_quiet()
    }

    fn notice(&mut self, event: &Kind) {
        match event {
            Kind::Strength { value } => self.strength = *value,
            Kind::Theme { theme } => self.player.scene(Some(*theme)),
            Kind::Begin { lang, .. } => self.lang.clone_from(lang),
            Kind::End { .. } => self.player.scene(None),
            _ => {}
        }
    }

    fn mouth(&mut self) -> Option<Vec<MouthAt>> {
        self.mouth.take()
    }

    fn volume(&mut self, volume: Volume) {
        self.player.volume(volume);
    }

    fn outlet(&mut self, outlet: &Outlet) {
        if self.outlet != *outlet {
            self.outlet.clone_from(outlet);
            self.player.outlet(outlet.clone());
        }
    }

    fn place(&mut self, agent: Agent, place: Place) {
        self.player.place(agent, place);
    }
}
