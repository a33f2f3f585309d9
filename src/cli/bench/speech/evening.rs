//! An evening in which somebody speaks: in their turn, and then into each answer that they are given.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::known::{Decided, Knows, Notes, Sings, Watched};
use super::person::{Person, Utterance};
use super::stages::{Answer, Interrupted, Stages, interrupted};
use super::twins::Twins;
use crate::cast::story::{StoryCast, fixed_lines};
use crate::cli::CliError;
use crate::cli::bench::turn::CONCERN;
use crate::config::Hear;
use crate::dialogue::agent::Agent;
use crate::dialogue::event::{Event, Kind, Question};
use crate::dialogue::ids::LineId;
use crate::dialogue::input::{Setup, Via};
use crate::dialogue::{Input, Phase, View, timing};
use crate::host::{FromStage, Link, Parts, Preferences, RunningHost, Sound, ToStage, link, spawn};
use crate::models::Folders;
use crate::senses::ear::Mode;
use crate::senses::hearing::{self, Hearing, Wishes};
use crate::senses::scribe::Scribe;
use crate::senses::transcript::{Factory, Limits, Recogniser, Transcriber};
use crate::voice::level::Levels;
use crate::voice::player::Player;
use crate::voice::studio::Studio;
use crate::voice::{Outlet, Spoken};

/// How it is heard, and how long those take whose time is known.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) models: Folders,
    /// Whether the person holds a key, and is not heard unasked.
    pub(super) by_key: bool,
    pub(super) recogniser: Duration,
    pub(super) synthesiser: Duration,
}

/// So long an answer is listened to before somebody speaks into it: it has words left then.
const LISTENS: Duration = Duration::from_millis(700);
/// So long nobody speaks in their turn before they do.
const THINKS: Duration = Duration::from_millis(500);
/// An utterance that has not been answered after so long is lost.
const PATIENCE: Duration = Duration::from_secs(12);
/// How long nothing may happen before the measurement is given up.
const STALLS: Duration = Duration::from_secs(90);
/// How often what was noted is looked at.
const LOOKS: Duration = Duration::from_millis(5);

/// An utterance that is being heard or answered.
struct Said {
    onset: Instant,
    end: Instant,
    /// What the key that is held does next, and when.
    key: Option<(Instant, bool)>,
    /// The answer into which it is said.
    into: Option<(Answer, usize)>,
    /// When its words were shown.
    shown: Option<Instant>,
    /// When they counted, in which turn, and when that was for the session.
    counted: Option<(Instant, u32, u64)>,
    raw: bool,
}

pub(super) struct Evening<'a> {
    host: RunningHost,
    stage: Link,
    twins: Twins,
    notes: Notes,
    words: Arc<Mutex<String>>,
    terms: &'a Terms,
    seed: u64,
    phase: Phase,
    open_since: Option<Instant>,
    said: Option<Said>,
    /// When lines were begun, for the session.
    lines: BTreeMap<LineId, u64>,
    /// What was measured, and how many utterances were not answered.
    pub(super) stages: Vec<Stages>,
    pub(super) interrupted: Vec<Interrupted>,
    pub(super) lost: u32,
}

impl<'a> Evening<'a> {
    pub(super) fn begin(terms: &'a Terms, seed: u64) -> Result<Self, CliError> {
        let (twins, notes, words) = (Twins::new(), Notes::default(), Arc::default());
        let mut voice = voice(terms, &twins, &notes)?;
        let hearing = hearing(terms, (&twins, &notes, &words), &mut voice)?;
        let voice = Box::new(Watched { spoken: voice, notes: notes.clone() });
        let cast = Box::new(StoryCast::new()?);
        let (stage, hosts) = link();
        let host = spawn(Parts { voice, senses: Some(Box::new(hearing)), ..Parts::of(cast) }, hosts)?;
        let setup = Setup {
            seed,
            rounds: 12,
            ask_when: false,
            cast: "bench".to_owned(),
            fixed: fixed_lines(1)?,
            ..Setup::default()
        };
        stage.send(Input::Begin(Box::new(setup)))?;
        let hear = if terms.by_key { Hear::Key } else { Hear::Open };
        // Without the scene whatever is played is a voice.
        let sound = Sound { hear, scene_volume: 0, ..Sound::default() };
        stage.say(FromStage::Prefer(Box::new(Preferences { sound, ..Preferences::default() })))?;
        Ok(Self {
            host,
            stage,
            twins,
            notes,
            words,
            terms,
            seed,
            phase: Phase::Waiting,
            open_since: None,
            said: None,
            lines: BTreeMap::new(),
            stages: Vec::new(),
            interrupted: Vec::new(),
            lost: 0,
        })
    }

    /// So many utterances, the first in the person's turn and the others into answers.
    pub(super) fn hold(&mut self, person: &Person, from: usize, count: usize) -> Result<(), CliError> {
        let (mut begun, mut last) = (0, Instant::now());
        while self.stages.len() + (self.lost as usize) < count {
            if last.elapsed() > STALLS {
                return Err(CliError::Call("nothing more happens; the measurement is given up".to_owned()));
            }
            match self.stage.receive(LOOKS)? {
                Some(ToStage::Event(event)) => {
                    last = Instant::now();
                    self.see(&event)?;
                }
                Some(ToStage::View(view)) => self.look(&view),
                _ => {}
            }
            self.press()?;
            let into = self.answered();
            let turn = self.open_since.is_some_and(|since| since.elapsed() >= THINKS);
            if self.said.is_none() && begun < count && (into.is_some() || turn) {
                let utterance = &person.utterances[(from + begun) % person.utterances.len()];
                self.say(utterance, into);
                begun += 1;
            }
        }
        Ok(())
    }

    pub(super) fn end(self) -> Result<(), CliError> {
        drop(self.stage);
        Ok(self.host.join()?)
    }

    fn see(&mut self, event: &Event) -> Result<(), CliError> {
        let now = Instant::now();
        match &event.kind {
            Kind::Question { question } => {
                let answer = if *question == Question::Concern { CONCERN } else { "9" };
                self.stage.send(Input::Intake(answer.to_owned()))?;
            }
            Kind::Phase { phase, .. } => {
                self.phase = *phase;
                self.open_since = (*phase == Phase::Open).then_some(now);
            }
            // What a long pause divides is counted in pieces; the last one is looked at.
            Kind::Said { via: Via::Voice, .. } => {
                if let Some(said) = self.said.as_mut().filter(|said| now >= said.end) {
                    said.counted = Some((now, event.turn, event.at_ms));
                }
            }
            Kind::Line { line, .. } => {
                self.lines.insert(*line, event.at_ms);
            }
            Kind::Verdict { raw, .. } => {
                if let Some(said) = &mut self.said {
                    said.raw = *raw;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn look(&mut self, view: &View) {
        if let (Some(said), Some(heard)) = (&mut self.said, &view.heard)
            && heard.whole
            && Instant::now() >= said.end
        {
            said.shown.get_or_insert_with(Instant::now);
        }
    }

    fn say(&mut self, utterance: &Utterance, into: Option<(Answer, usize)>) {
        self.words.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&utterance.words);
        let spoken = self.twins.say(&utterance.sound);
        let (onset, end) = (spoken + utterance.onset, spoken + utterance.end);
        let key = self.terms.by_key.then_some((onset, true));
        self.open_since = None;
        self.said = Some(Said { onset, end, key, into, shown: None, counted: None, raw: false });
    }

    /// The key goes down with the first sound of the voice, and up with its last.
    fn press(&mut self) -> Result<(), CliError> {
        let Some(said) = &mut self.said else { return Ok(()) };
        if let Some((at, held)) = said.key
            && at.saturating_duration_since(Instant::now()) <= LOOKS
        {
            std::thread::sleep(at.saturating_duration_since(Instant::now()));
            self.stage.say(FromStage::Hold(held))?;
            said.key = held.then_some((said.end, false));
        }
        Ok(())
    }

    /// The answer to what was said, once it has been listened to for a while.
    fn answered(&mut self) -> Option<(Answer, usize)> {
        let said = self.said.as_ref()?;
        let answer = self.answer(said);
        match answer {
            Some((_, window)) if self.twins.heard_at(window) + LISTENS <= Instant::now() => {}
            _ if said.end.elapsed() > PATIENCE => {
                self.said = None;
                self.lost += 1;
                return None;
            }
            _ => return None,
        }
        let said = self.said.take()?;
        match answer.and_then(|(answer, window)| self.measure(&said, &answer, window)) {
            Some(stages) => self.stages.push(stages),
            None => self.lost += 1,
        }
        if let Some((answer, window)) = &said.into {
            let found = interrupted(&self.twins, &self.notes.lock(), (answer, *window), said.onset);
            self.interrupted.extend(found);
        }
        answer
    }

    /// The line that answers, and the window of the tape with its first sound.
    fn answer(&self, said: &Said) -> Option<(Answer, usize)> {
        let (counted, _, _) = said.counted?;
        let notes = self.notes.lock();
        let is_answer = |it: &&Decided| it.agent == Agent::Patient && it.at >= counted;
        let decided = *notes.lines.iter().find(is_answer)?;
        let made = notes.made.iter().position(|made| made.entered >= decided.at)?;
        let window = self.twins.tape().first_sound(notes.made[made].left)?;
        Some((Answer { decided, made }, window))
    }

    fn measure(&self, said: &Said, answer: &Answer, window: usize) -> Option<Stages> {
        let notes = self.notes.lock();
        let recognised = *notes.recognised.iter().find(|it| it.entered >= said.end)?;
        let made = notes.made.get(answer.made)?;
        let (_, turn, counted_ms) = said.counted?;
        // The stage is told of it once everything is asked that follows from it.
        let between_ms = self.lines.get(&answer.decided.line)?.saturating_sub(counted_ms);
        let counted = answer.decided.at.checked_sub(Duration::from_millis(between_ms))?;
        let breath = if said.raw { timing::BREATH_RAW } else { timing::breath(self.seed, turn) };
        let breath = breath.since(timing::HEARD_STANDS) + timing::BETWEEN_LINES;
        Some(Stages {
            by_key: self.terms.by_key,
            end: said.end,
            over: recognised.over.max(said.end),
            recogniser: (recognised.entered, recognised.left),
            shown: said.shown?,
            counted,
            breath: Duration::from_millis(breath.0),
            decided: answer.decided.at,
            synthesiser: (made.entered, made.left),
            out: self.twins.tape().written(window)?,
            heard: self.twins.heard_at(window),
        })
    }
}

fn voice(terms: &Terms, twins: &Twins, notes: &Notes) -> Result<Spoken, CliError> {
    let loudspeaker = twins.clone();
    let open = Box::new(move |_: Option<&str>| Ok(Box::new(loudspeaker.loudspeaker()) as _));
    let player = Player::start_with(open, Outlet::System, 1)?;
    let sings = Sings { takes: terms.synthesiser, notes: notes.clone() };
    let studio = Studio::open(Box::new(sings), Levels::default(), player.ducking())?;
    Ok(Spoken::new(studio, player, (Outlet::System, "en")))
}

fn hearing(
    terms: &Terms,
    (twins, notes, words): (&Twins, &Notes, &Arc<Mutex<String>>),
    voice: &mut Spoken,
) -> Result<Hearing, CliError> {
    let (twins, notes, words, takes) = (twins.clone(), notes.clone(), Arc::clone(words), terms.recogniser);
    let microphone = twins.clone();
    let make: Factory = Arc::new(move || {
        let (twins, notes, words) = (twins.clone(), notes.clone(), Arc::clone(&words));
        Ok(Box::new(Knows { takes, words, twins, notes }) as Box<dyn Recogniser>)
    });
    let scribe = Scribe::new(Transcriber::start(make, Limits::default())?);
    let parts = hearing::Parts {
        open: Box::new(move |_| Ok(Box::new(microphone.microphone()))),
        reference: voice.reference(),
        ducking: Some(voice.ducking()),
        ..hearing::Parts::of(scribe, terms.models.clone())
    };
    let mode = if terms.by_key { Mode::PushToTalk } else { Mode::Open };
    Ok(Hearing::start(parts, Wishes { mode, lang: "en".to_owned(), ..Wishes::default() })?)
}
