//! An evening for tests: a host on a virtual clock, and a person made of lines.

#![allow(dead_code, reason = "each test file uses its own part")]

#[cfg(feature = "speech")]
pub(crate) mod evening;
#[cfg(all(unix, feature = "speech"))]
pub(crate) mod known_words;
#[cfg(all(unix, feature = "speech"))]
pub(crate) mod memory;
#[cfg(target_os = "linux")]
pub(crate) mod monado;
#[cfg(target_os = "linux")]
pub(crate) mod screen;
#[cfg(all(unix, feature = "speech"))]
pub(crate) mod sound_card;
#[cfg(feature = "speech")]
pub(crate) mod speech;
#[cfg(feature = "speech")]
pub(crate) mod waveform;
#[cfg(target_os = "linux")]
pub(crate) mod worn;

use inner_room::cast::Cast;
use inner_room::cast::story::{StoryCast, fixed_lines};
use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::change::ChangeStep;
use inner_room::dialogue::event::{Event, Question};
use inner_room::dialogue::ids::{Millis, UtteranceId};
use inner_room::dialogue::input::Via;
use inner_room::dialogue::{Input, Kind, Phase, Session, Setup, View};
use inner_room::host::script::{Deed, Person, RecordedFace, hold};
use inner_room::host::{Host, Parts};

/// Somebody who says these lines, one a turn, and then goes.
pub(crate) struct Visitor {
    pub(crate) concern: String,
    pub(crate) belief: String,
    pub(crate) turns: std::vec::IntoIter<String>,
    pub(crate) events: Vec<Event>,
    /// What they answer in the change of places.
    pub(crate) change: fn(ChangeStep) -> Option<Deed>,
}

impl Visitor {
    pub(crate) fn new(concern: &str, belief: u8, turns: &[&str]) -> Self {
        let turns: Vec<String> = turns.iter().map(|turn| (*turn).to_owned()).collect();
        Self {
            concern: concern.to_owned(),
            belief: belief.to_string(),
            turns: turns.into_iter(),
            events: Vec::new(),
            change: |_| Some(Deed::StaySilent),
        }
    }

    /// Reads a script: the concern, belief, and a comfort a line.
    pub(crate) fn from_script(text: &str) -> Self {
        let mut lines = text.trim_end().lines().map(str::to_owned);
        let concern = lines.next().expect("a concern");
        let belief = lines.next().expect("a belief");
        let turns = lines.collect::<Vec<_>>().into_iter();
        Self { turns, ..Self::new(&concern, 0, &[]) }.believing(&belief)
    }

    fn believing(self, belief: &str) -> Self {
        Self { belief: belief.to_owned(), ..self }
    }

    /// Holds an evening with the story cast.
    pub(crate) fn evening(self, seed: u64) -> Evening {
        self.evening_with(setup(seed), &[])
    }

    pub(crate) fn evening_with(self, setup: Setup, faces: &[RecordedFace]) -> Evening {
        self.evening_of(Box::new(StoryCast::new().expect("the material is in its form")), setup, faces)
    }

    pub(crate) fn evening_of(mut self, cast: Box<dyn Cast>, setup: Setup, faces: &[RecordedFace]) -> Evening {
        hold(Parts::of(cast), setup, faces, &mut self);
        Evening { events: self.events, unused: self.turns.len() }
    }
}

pub(crate) fn setup(seed: u64) -> Setup {
    let fixed = fixed_lines(seed).expect("the material is in its form");
    Setup { seed, ask_when: false, fixed, ..Setup::default() }
}

impl Person for Visitor {
    fn answer(&mut self, question: Question) -> Option<Deed> {
        match question {
            Question::Concern => Some(Deed::Say(std::mem::take(&mut self.concern))),
            Question::Belief => Some(Deed::Say(std::mem::take(&mut self.belief))),
            Question::When => Some(Deed::StaySilent),
        }
    }

    fn change(&mut self, step: ChangeStep) -> Option<Deed> {
        (self.change)(step)
    }

    fn turn(&mut self, _view: &View) -> Option<Deed> {
        self.turns.next().map(|line| Deed::read(&line))
    }

    fn see(&mut self, event: &Event) -> bool {
        self.events.push(event.clone());
        true
    }
}

/// What happened in an evening.
pub(crate) struct Evening {
    pub(crate) events: Vec<Event>,
    pub(crate) unused: usize,
}

impl Evening {
    pub(crate) fn lines(&self, of: Agent) -> Vec<String> {
        self.events
            .iter()
            .filter_map(|event| match &event.kind {
                Kind::Line { agent, text, .. } if *agent == of => Some(text.clone()),
                _ => None,
            })
            .collect()
    }

    /// The Devil's strength, each time it was shown.
    pub(crate) fn strengths(&self) -> Vec<f32> {
        self.events
            .iter()
            .filter_map(
                |event| {
                    if let Kind::Strength { value } = event.kind { Some(value.value()) } else { None }
                },
            )
            .collect()
    }

    /// When a phase began, each time.
    pub(crate) fn began(&self, of: Phase) -> Vec<u64> {
        self.events
            .iter()
            .filter_map(|event| match event.kind {
                Kind::Phase { phase, .. } if phase == of => Some(event.at_ms),
                _ => None,
            })
            .collect()
    }

    pub(crate) fn find<T>(&self, pick: impl Fn(&Event) -> Option<T>) -> Vec<T> {
        self.events.iter().filter_map(pick).collect()
    }

    /// The evening as it reads.
    pub(crate) fn transcript(&self) -> String {
        let mut text = String::new();
        for event in &self.events {
            match &event.kind {
                Kind::Line { agent, text: line, .. } => text.push_str(&format!("{agent:?}: {line}\n")),
                Kind::Said { text: line, .. } => text.push_str(&format!("YOU: {line}\n")),
                Kind::Verdict { reason, drop, .. } => text.push_str(&format!("    [{reason}; -{drop:.2}]\n")),
                Kind::Silence => text.push_str("YOU: (silent)\n"),
                Kind::Strength { value } => text.push_str(&format!("    [strength {:.2}]\n", value.value())),
                _ => {}
            }
        }
        text
    }
}

/// An evening of one round, with the story cast, up to where the person is asked to change places; and when that is.
pub(crate) fn to_change(setup: Setup, concern: &str, comfort: &str) -> (Session, Millis) {
    let mut host = Host::new(Parts::of(Box::new(StoryCast::new().expect("the material is in its form"))));
    let mut now = Millis(0);
    let said = |text: &str| Input::Said {
        utterance: UtteranceId(1),
        text: text.to_owned(),
        via: Via::Keys,
        face: None,
    };
    let (mut words, mut answers) = (Some(said(comfort)), vec!["9".to_owned(), concern.to_owned()]);
    host.feed(Input::Begin(Box::new(setup)), now);
    for _ in 0..2_000 {
        let view = host.view();
        match view.phase {
            Phase::Change if host.is_quiet() => return (host.session().clone(), now),
            Phase::Intake if host.is_quiet() && view.question.is_some() => {
                if let Some(answer) = answers.pop() {
                    host.feed(Input::Intake(answer), now);
                }
            }
            Phase::Open if host.is_quiet() && words.is_some() => {
                host.feed(words.take().expect("just seen"), now);
            }
            _ => {}
        }
        now = host.next_deadline().unwrap_or(now + Millis(500)).max(now + Millis(1));
        host.feed(Input::Tick, now);
    }
    unreachable!("nobody is asked: {:?}", host.view());
}
