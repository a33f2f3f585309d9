//! An evening on a virtual clock: the lines of a person are given when it is their turn, and nobody waits.

use std::time::{Duration, Instant};

use super::core::{Host, Parts};
use crate::dialogue::agent::{Agent, Intensity};
use crate::dialogue::change::ChangeStep;
use crate::dialogue::event::{Event, Question};
use crate::dialogue::face::{FaceSummary, Level};
use crate::dialogue::ids::{LineId, Millis, UtteranceId};
use crate::dialogue::input::{Control, Sense, Setup, Via};
use crate::dialogue::measures::Taken;
use crate::dialogue::{Input, Phase, View};

/// Before a scripted person begins to type, in milliseconds.
const THINKS: u64 = 3_000;
/// How long they take for a character, in milliseconds.
const TYPES: u64 = 90;
/// The longest they type.
const LONGEST_TYPING: u64 = 60_000;
/// How long a cast is waited for at most, and how often it is looked at meanwhile.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const GLANCE: Duration = Duration::from_millis(2);
/// How long a language model may take to be loaded before the evening begins without it.
const LONGEST_WAKING: Duration = Duration::from_secs(240);
/// The most steps of an evening: far more than twelve rounds need.
const MOST_STEPS: u32 = 200_000;

/// What a person does on their turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Says something.
    Say(String),
    /// Stays silent until the round goes on.
    StaySilent,
    /// Wishes something about the evening.
    Control(Control),
    /// Has answered a measure.
    Measured(Taken),
}

impl Deed {
    /// Reads a line: a command, words, or an empty line for silence.
    #[must_use]
    pub fn read(line: &str) -> Self {
        let line = line.trim();
        match line.to_lowercase().as_str() {
            "" => Self::StaySilent,
            "!hint" => Self::Control(Control::Hint),
            "!skip" => Self::Control(Control::Skip),
            "!stop" => Self::Control(Control::Stop),
            "!sos" => Self::Control(Control::Sos),
            "!pause" => Self::Control(Control::Pause),
            "!go" => Self::Control(Control::Resume),
            "!1" => Self::Control(Control::Choose(0)),
            "!2" => Self::Control(Control::Choose(1)),
            "!3" => Self::Control(Control::Choose(2)),
            "!devil off" => Self::Control(Control::Devil(Intensity::Off)),
            "!devil gentle" => Self::Control(Control::Devil(Intensity::Gentle)),
            "!devil full" => Self::Control(Control::Devil(Intensity::Full)),
            _ => Self::Say(line.to_owned()),
        }
    }
}

/// A face that was recorded: for an utterance (from 1), or for a moment of the session.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct RecordedFace {
    /// The comfort it belongs to, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utterance: Option<u32>,
    /// The moment it belongs to, in milliseconds of session time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<u64>,
    /// What the face did.
    #[serde(flatten)]
    pub summary: FaceSummary,
}

/// Where a scripted evening takes from and gives to.
pub trait Person {
    /// What they answer to a question; none when they have gone.
    fn answer(&mut self, question: Question) -> Option<Deed>;

    /// What they answer in the change of places; none when they have gone.
    fn change(&mut self, _step: ChangeStep) -> Option<Deed> {
        Some(Deed::StaySilent)
    }

    /// What they do on their turn; none when they have gone.
    fn turn(&mut self, view: &View) -> Option<Deed>;

    /// What they answer to measures after the evening, one after another; none when they have gone.
    fn afterwards(&mut self, _view: &View) -> Option<Taken> {
        None
    }

    /// What happened meanwhile. Returns false when nobody is there to see it any more.
    fn see(&mut self, event: &Event) -> bool;

    /// The same once all of a moment has happened, and how everything stands then.
    fn look(&mut self, _events: &[Event], _view: &View) {}
}

/// Holds a whole evening with a person on a virtual clock.
pub fn hold(parts: Parts, setup: Setup, faces: &[RecordedFace], person: &mut dyn Person) {
    let mut evening = Evening {
        host: Host::new(parts),
        now: Millis(0),
        person,
        seen: true,
        comforts: 0,
        answered: None,
        faces,
    };
    evening.hold(setup);
}

struct Evening<'a> {
    host: Host,
    now: Millis,
    person: &'a mut dyn Person,
    seen: bool,
    comforts: u32,
    /// The question in the change of places that was answered last: its step, and the Guide's line that asks it.
    answered: Option<(ChangeStep, Option<LineId>)>,
    faces: &'a [RecordedFace],
}

impl Evening<'_> {
    fn hold(&mut self, setup: Setup) {
        self.wait_until_ready();
        self.feed(Input::Begin(Box::new(setup)));
        if !self.faces.is_empty() {
            self.feed(Input::Consent(Sense::Face, Level::Aware));
        }
        let mut utterance = UtteranceId(1_000);
        for _ in 0..MOST_STEPS {
            let view = self.host.view();
            if view.phase == Phase::Ended {
                return self.go_home();
            }
            if !self.seen {
                self.feed(Input::Control(Control::Stop));
            }
            let quiet = self.host.is_quiet();
            match (view.phase, view.question) {
                _ if view.paused => self.feed(Input::Control(Control::Resume)),
                (Phase::Intake, Some(question)) if quiet => self.ask(question),
                (Phase::Change, _) if quiet => self.change(&view),
                (Phase::Safe, _) if quiet => self.take_shelter(&view, utterance.take_next()),
                (Phase::Open, _) if quiet => self.take_turn(&view, utterance.take_next()),
                _ => self.advance(),
            }
        }
    }

    /// The evening is over, and the person still there.
    fn go_home(&mut self) {
        while let Some(taken) = self.person.afterwards(&self.host.view()).filter(|_| self.seen) {
            self.feed(Input::Measured(taken));
        }
    }

    /// Tells the session something, and lets a cast say what it has to say about it.
    fn feed(&mut self, input: Input) {
        self.tell(input);
        self.settle();
    }

    fn tell(&mut self, input: Input) {
        let events = self.host.feed(input, self.now);
        for event in &events {
            self.seen &= self.person.see(event);
        }
        if !events.is_empty() {
            self.person.look(&events, &self.host.view());
        }
    }

    /// On to the next moment at which something happens.
    fn advance(&mut self) {
        let next = self.host.next_deadline().unwrap_or(self.now + Millis(1_000));
        self.advance_to(next);
    }

    /// Nobody waits in a script: the figures begin when they are there.
    fn wait_until_ready(&self) {
        let begun = Instant::now();
        while !self.host.is_cast_ready() && begun.elapsed() < LONGEST_WAKING {
            std::thread::sleep(GLANCE);
        }
    }

    /// Waits, in real time, for what a cast still has to say: the virtual clock stands meanwhile.
    fn settle(&mut self) {
        let begun = Instant::now();
        while self.host.awaits_answers() && begun.elapsed() < LONGEST_WAIT {
            std::thread::sleep(GLANCE);
            self.tell(Input::Tick);
        }
    }

    fn advance_to(&mut self, to: Millis) {
        let before = self.now;
        let due: Vec<FaceSummary> = self
            .faces
            .iter()
            .filter(|face| face.at_ms.is_some_and(|at| at.max(1) > before.0 && at <= to.0))
            .map(|face| face.summary.clone())
            .collect();
        self.now = self.now.max(to);
        for summary in due {
            self.feed(Input::Face(summary));
        }
        self.feed(Input::Tick);
    }

    /// An answer, where one is waited for; else time passes.
    fn change(&mut self, view: &View) {
        let step = view.change.as_ref().map(|change| change.step).filter(|step| step.asks());
        let guides = view.captions.iter().find(|caption| caption.agent == Agent::Guide);
        let asked = step.map(|step| (step, guides.map(|caption| caption.line)));
        match (step, asked) {
            (Some(step), asked) if self.answered != asked => {
                let deed = self.person.change(step);
                // Whoever wishes something else has not answered yet.
                if matches!(deed, Some(Deed::Say(_) | Deed::StaySilent)) {
                    self.answered = asked;
                }
                self.answer(deed);
            }
            _ => self.advance(),
        }
    }

    fn ask(&mut self, question: Question) {
        let deed = self.person.answer(question);
        self.answer(deed);
    }

    fn answer(&mut self, deed: Option<Deed>) {
        match deed {
            Some(Deed::Say(text)) => self.feed(Input::Intake(text)),
            Some(Deed::StaySilent) => self.feed(Input::Control(Control::Skip)),
            Some(Deed::Control(control)) => self.feed(Input::Control(control)),
            Some(Deed::Measured(taken)) => self.feed(Input::Measured(taken)),
            None => self.feed(Input::Control(Control::Stop)),
        }
    }

    fn take_turn(&mut self, view: &View, utterance: UtteranceId) {
        match self.person.turn(view) {
            Some(Deed::Say(text)) => self.say(utterance, text),
            Some(Deed::StaySilent) => self.wait_while_open(u64::MAX),
            Some(Deed::Control(control)) => {
                self.feed(Input::Control(control));
                self.wait_while_open(200);
            }
            Some(Deed::Measured(taken)) => self.feed(Input::Measured(taken)),
            None => self.feed(Input::Control(Control::Stop)),
        }
    }

    /// An answer to the plain question, or what is done with the help card.
    fn take_shelter(&mut self, view: &View, utterance: UtteranceId) {
        match self.person.turn(view) {
            Some(Deed::Say(text)) => self.feed(Input::Said { utterance, text, via: Via::Keys, face: None }),
            Some(Deed::StaySilent) => self.advance(),
            Some(Deed::Control(control)) => self.feed(Input::Control(control)),
            Some(Deed::Measured(taken)) => self.feed(Input::Measured(taken)),
            None => self.feed(Input::Control(Control::Stop)),
        }
    }

    fn say(&mut self, utterance: UtteranceId, text: String) {
        self.wait_while_open(THINKS);
        self.feed(Input::Draft { utterance, text: text.chars().take(12).collect() });
        let typing = (TYPES * text.chars().count() as u64).min(LONGEST_TYPING);
        let until = self.now + Millis(typing);
        let mut at = self.now;
        while at < until {
            at = (at + Millis(5_000)).min(until);
            self.advance_through(at);
            self.feed(Input::Draft { utterance, text: text.chars().take(12).collect() });
        }
        self.comforts += 1;
        let face = self.faces.iter().find(|face| face.utterance == Some(self.comforts));
        let face = face.map(|face| face.summary.clone());
        self.feed(Input::Said { utterance, text, via: Via::Keys, face });
    }

    /// Lets time pass up to `until`, with everything that happens in it.
    fn advance_through(&mut self, until: Millis) {
        while let Some(next) = self.host.next_deadline().filter(|next| *next < until) {
            self.advance_to(next.max(self.now + Millis(1)));
        }
        self.advance_to(until);
    }

    /// Lets time pass while it is the person's turn, at most `most` milliseconds.
    fn wait_while_open(&mut self, most: u64) {
        let until = Millis(self.now.0.saturating_add(most));
        while self.now < until && self.host.view().phase == Phase::Open {
            let next = self.host.next_deadline().unwrap_or(until).min(until);
            self.advance_to(next.max(self.now + Millis(1)));
        }
    }
}
