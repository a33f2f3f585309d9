//! The host without a clock: inputs in, events out. Who holds it decides what time it is.

use std::collections::{BTreeSet, VecDeque};

use crossbeam_channel::Receiver;

use super::door::Preferences;
use super::latch::Latch;
use super::log::EventLog;
use super::senses::Senses;
use super::sight::Sight;
use crate::cast::Cast;
use crate::config::Hear;
use crate::dialogue::agent::Agent;
use crate::dialogue::event::{Event, Kind};
use crate::dialogue::face::{Level, Mien, Seen};
use crate::dialogue::ids::{AskId, Millis};
use crate::dialogue::input::{Health, Sense};
use crate::dialogue::mouth::MouthAt;
use crate::dialogue::{Effect, Input, Line, Phase, Session, View};
use crate::journal::Recorder;
use crate::voice::{Place, SilentVoice, Voice};

/// What a host is made of.
pub struct Parts {
    /// Who plays the agents.
    pub cast: Box<dyn Cast>,
    /// What lets the figures be heard.
    pub voice: Box<dyn Voice>,
    /// What hears the person, if anything does.
    pub senses: Option<Box<dyn Senses>>,
    /// What sees their face, if anything does.
    pub sight: Option<Box<dyn Sight>>,
    /// Where the events are written, if anywhere.
    pub log: Option<EventLog>,
    /// Where the evening is kept, if the person wants that.
    pub journal: Option<Recorder>,
    /// Where it is written that the evening was stopped for the person's safety, if it is.
    pub latch: Option<Latch>,
    /// How many times as fast as that of the machine its time passes: 1, but where an exhibition is rehearsed.
    pub speed: u32,
}

impl Parts {
    /// Those of an evening in silence that is written nowhere.
    #[must_use]
    pub fn of(cast: Box<dyn Cast>) -> Self {
        Self {
            cast,
            voice: Box::new(SilentVoice::default()),
            senses: None,
            sight: None,
            log: None,
            journal: None,
            latch: None,
            speed: 1,
        }
    }
}

/// Owns a session and everything that serves it.
pub struct Host {
    session: Session,
    cast: Box<dyn Cast>,
    voice: Box<dyn Voice>,
    senses: Option<Box<dyn Senses>>,
    sight: Option<Box<dyn Sight>>,
    log: Option<EventLog>,
    journal: Option<Recorder>,
    latch: Option<Latch>,
    in_flight: BTreeSet<AskId>,
    events: Vec<Event>,
    /// Inputs that are still to be worked off.
    inputs: VecDeque<Input>,
}

/// The most inputs that one call works off; a storm goes on with the next call.
const MOST_INPUTS: usize = 256;

impl Host {
    /// A host with a fresh session.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self::resume(parts, Session::default())
    }

    /// A host that goes on with a session.
    #[must_use]
    pub fn resume(mut parts: Parts, session: Session) -> Self {
        let view = session.view();
        if let Some(theme) = view.theme {
            parts.voice.notice(&Kind::Theme { theme });
        }
        parts.voice.notice(&Kind::Strength { value: view.strength });
        Self {
            session,
            cast: parts.cast,
            voice: parts.voice,
            senses: parts.senses,
            sight: parts.sight,
            log: parts.log,
            journal: parts.journal,
            latch: parts.latch,
            in_flight: BTreeSet::new(),
            events: Vec::new(),
            inputs: VecDeque::new(),
        }
    }

    /// Hands an input to the session, carries out what it wants, and returns what happened. Events are in the journal
    /// before anything is begun, and in the log before they are returned.
    pub fn feed(&mut self, input: Input, now: Millis) -> Vec<Event> {
        self.inputs.push_back(input);
        let mut arrived = Vec::new();
        for _ in 0..MOST_INPUTS {
            if self.inputs.is_empty() {
                self.voice.poll(now, &mut arrived);
                self.cast.poll(&mut arrived);
                self.inputs.extend(arrived.drain(..));
            }
            let Some(input) = self.inputs.pop_front() else { break };
            if matches!(input, Input::Measured(_)) && !self.keeps() {
                continue;
            }
            let input = self.with_face(input);
            let mut effects = self.session.handle(input, now);
            // Silence waits for no disk.
            let silences = effects.iter().take_while(|effect| !effect.begins_something()).count();
            for effect in effects.extract_if(..silences, |effect| !matches!(effect, Effect::Record(_))) {
                self.carry_out(effect, now, &mut arrived);
            }
            self.hold_latch(&mut arrived);
            self.keep(&effects, &mut arrived);
            for effect in effects {
                self.carry_out(effect, now, &mut arrived);
            }
            self.inputs.extend(arrived.drain(..));
        }
        std::mem::take(&mut self.events)
    }

    /// What a person says comes with what their face did meanwhile, where they allowed that to be known.
    fn with_face(&mut self, mut input: Input) -> Input {
        let Some(sight) = &mut self.sight else { return input };
        match &mut input {
            Input::Onset { .. } => sight.says(true),
            Input::FalseOnset { .. } => sight.says(false),
            Input::Draft { text, .. } => sight.says(!text.is_empty()),
            Input::Said { text, face, .. } if face.is_none() => *face = sight.utterance(text),
            _ => {}
        }
        input
    }

    /// Whether the evening is kept. Where it is not, what a person answers to a measure reaches neither session nor log.
    pub(super) fn keeps(&self) -> bool {
        self.journal.as_ref().is_some_and(Recorder::is_on)
    }

    /// Writes the latch before anything else is done about it, and removes it with the end of the evening.
    fn hold_latch(&mut self, inputs: &mut Vec<Input>) {
        let Some(latch) = &mut self.latch else { return };
        if self.session.phase() == Phase::Ended {
            latch.clear();
        } else if self.session.is_latched()
            && let Err(error) = latch.set()
        {
            self.latch = None;
            inputs.push(Input::Health { part: "latch".to_owned(), state: Health::Gone(error.to_string()) });
        }
    }

    /// Journal first: what happened is at rest before any of it has an effect. A journal that cannot be written is said
    /// once; the evening goes on in memory.
    fn keep(&mut self, effects: &[Effect], inputs: &mut Vec<Input>) {
        let Some(journal) = &mut self.journal else { return };
        if self.session.is_latched() {
            journal.hurry();
        }
        let mut events = effects
            .iter()
            .filter_map(|effect| if let Effect::Record(event) = effect { Some(event) } else { None })
            .peekable();
        if events.peek().is_some()
            && let Err(error) = journal.write(events, &self.session)
        {
            inputs.push(Input::Health { part: "journal".to_owned(), state: Health::Gone(error.to_string()) });
        }
    }

    fn carry_out(&mut self, effect: Effect, now: Millis, inputs: &mut Vec<Input>) {
        match effect {
            Effect::Ask { request, .. } => {
                self.in_flight.insert(request.ask);
                self.cast.start(request);
            }
            Effect::Cancel(ask) => {
                self.in_flight.remove(&ask);
                self.cast.cancel(ask);
            }
            Effect::Speak(line) => self.speak(&line, now, inputs),
            Effect::Hush(hush) => self.voice.hush(hush, now, inputs),
            Effect::Device { sense: Sense::Face, on } => {
                let level = if on { self.session.view().face } else { Level::Off };
                if let Some(sight) = &mut self.sight {
                    sight.allow(level);
                }
            }
            Effect::Device { sense, on } => {
                if let Some(senses) = &mut self.senses {
                    senses.switch(sense, on);
                    if sense == Sense::Recording && !on {
                        inputs.push(Input::Wiped { bytes: senses.wipe() });
                    }
                }
            }
            Effect::Record(event) => self.publish(event, inputs),
        }
    }

    /// A figure's line in its voice; the person's own words in theirs, where it was kept.
    fn speak(&mut self, line: &Line, now: Millis, inputs: &mut Vec<Input>) {
        let own =
            line.own.and_then(|utterance| self.senses.as_mut()?.own_voice(utterance, line.text.as_str()));
        match own {
            Some(own) => self.voice.replay(line, own, now, inputs),
            None => self.voice.speak(line, now, inputs),
        }
    }

    /// Written first, then shown. A log that cannot be written is said once and given up; the evening goes on.
    fn publish(&mut self, event: Event, inputs: &mut Vec<Input>) {
        if let Kind::Answered { ask, .. } = event.kind {
            self.in_flight.remove(&ask);
        }
        if let Some(log) = &mut self.log
            && let Err(error) = log.write(&event)
        {
            self.log = None;
            inputs.push(Input::Health { part: "events".to_owned(), state: Health::Gone(error.to_string()) });
        }
        self.voice.notice(&event.kind);
        self.events.push(event);
    }

    /// When the host wants to be called again.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Millis> {
        [self.session.next_deadline(), self.voice.next_deadline()].into_iter().flatten().min()
    }

    /// Whether an answer is awaited, so that the cast wants to be asked for it, or a storm goes on.
    #[must_use]
    pub fn awaits_answers(&self) -> bool {
        !self.in_flight.is_empty() || !self.inputs.is_empty()
    }

    /// Whether the cast can be asked as it is meant to be.
    #[must_use]
    pub fn is_cast_ready(&self) -> bool {
        self.cast.is_ready()
    }

    /// What a stage shows, whole.
    #[must_use]
    pub fn view(&self) -> View {
        View { keeps: self.keeps(), ..self.session.view() }
    }

    /// Nobody speaks any more, and nobody is heard: the evening is over.
    pub(super) fn fall_silent(&mut self) {
        self.voice = Box::new(SilentVoice::default());
        (self.senses, self.sight) = (None, None);
    }

    /// The session, as it stands.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// What the senses tell, as it comes; nothing where there are none.
    #[must_use]
    pub fn sensed(&self) -> Receiver<Input> {
        self.senses.as_ref().map_or_else(crossbeam_channel::never, |senses| senses.inputs())
    }

    /// What whoever sees the person tells, as it comes; nothing where nobody does.
    #[must_use]
    pub fn watched(&self) -> Receiver<Input> {
        self.sight.as_ref().map_or_else(crossbeam_channel::never, |sight| sight.inputs())
    }

    /// How the person's face moves, where they allowed that.
    #[must_use]
    pub fn mien(&self) -> Option<Mien> {
        self.sight.as_ref().and_then(|sight| sight.mien())
    }

    /// The person looks at what is seen of them, or looks away.
    pub fn show(&mut self, shown: bool) {
        if let Some(sight) = &mut self.sight {
            sight.show(shown);
        }
    }

    /// What is seen of them, where they look at it and it has changed.
    pub fn seen(&mut self) -> Option<Box<Seen>> {
        self.sight.as_mut().and_then(|sight| sight.seen())
    }

    /// The key to talk is held down, or let go.
    pub fn hold(&mut self, held: bool) {
        if let Some(senses) = &mut self.senses {
            senses.hold(held);
        }
    }

    /// How loud the person is, 0 to 1, where somebody hears them.
    #[must_use]
    pub fn level(&self) -> Option<f32> {
        self.senses.as_ref().and_then(|senses| senses.level())
    }

    /// Whether the place is too loud for free speech, as far as somebody hears it.
    #[must_use]
    pub fn is_loud(&self) -> bool {
        self.senses.as_ref().is_some_and(|senses| senses.is_loud())
    }

    /// The person wants to hear and to be heard like this from now on. What the session is to be told of it, in order.
    pub fn prefer(&mut self, wanted: &Preferences) -> Vec<Input> {
        self.voice.volume(wanted.sound.volume());
        self.voice.outlet(&wanted.sound.outlet());
        let view = self.session.view();
        let mut consents = Vec::new();
        if let Some(sight) = self.sight.as_mut() {
            sight.wish(wanted);
            if wanted.sight.level != view.face {
                consents.push(Input::Consent(Sense::Face, wanted.sight.level));
            }
        }
        let Some(senses) = self.senses.as_mut() else { return consents };
        senses.wish(wanted);
        let hears = wanted.sound.hear != Hear::Off;
        let heard = [
            (Sense::Microphone, hears, view.hears),
            (Sense::Recording, hears && wanted.sound.recording, view.records),
        ];
        let changed = heard.into_iter().filter(|(_, wanted, is)| wanted != is);
        consents.extend(
            changed.map(|(sense, wanted, _)| {
                Input::Consent(sense, if wanted { Level::Aware } else { Level::Off })
            }),
        );
        consents
    }

    /// Where a figure is, seen from the person.
    pub fn place(&mut self, agent: Agent, place: Place) {
        self.voice.place(agent, place);
    }

    /// How the mouth of whoever speaks moves from now on, where that is known and was not asked for yet.
    pub fn mouth(&mut self) -> Option<Vec<MouthAt>> {
        self.voice.mouth()
    }

    /// Whether nobody is speaking.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.voice.is_quiet()
    }
}
