//! Visitors of an exhibition on a virtual clock: they think, speak at a pace of their own, and are sometimes silent.

use std::collections::VecDeque;
use std::sync::Arc;

use inner_room::cast::Cast;
use inner_room::cast::story::{StoryCast, fixed_lines};
use inner_room::dialogue::change::ChangeStep;
use inner_room::dialogue::event::{Event, Question};
use inner_room::dialogue::face::Venue;
use inner_room::dialogue::ids::{AskId, LineId, Millis, UtteranceId};
use inner_room::dialogue::input::{Control, Part, Via};
use inner_room::dialogue::request::AgentRequest;
use inner_room::dialogue::{Input, Phase, Setup, View};
use inner_room::host::{Host, Parts};
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

/// The story cast, read once for many evenings.
#[derive(Clone)]
pub(crate) struct Shared {
    story: Arc<StoryCast>,
    answers: Vec<Input>,
}

impl Shared {
    pub(crate) fn new() -> Self {
        Self { story: Arc::new(StoryCast::new().expect("the material is in its form")), answers: Vec::new() }
    }
}

impl Cast for Shared {
    fn start(&mut self, request: AgentRequest) {
        let part = match self.story.answer(&request) {
            Ok(answer) => Part::Whole(Box::new(answer)),
            Err(error) => Part::Failed(error),
        };
        self.answers.push(Input::Answer { ask: request.ask, part });
    }

    fn cancel(&mut self, ask: AskId) {
        self.answers.retain(|answer| !matches!(answer, Input::Answer { ask: of, .. } if *of == ask));
    }

    fn poll(&mut self, inputs: &mut Vec<Input>) {
        inputs.append(&mut self.answers);
    }
}

/// How somebody is in a room.
#[derive(Clone)]
pub(crate) struct Guest {
    /// Before they speak, from and to, in milliseconds.
    pub(crate) thinks: (u64, u64),
    /// For each character that they say, in milliseconds.
    pub(crate) speaks: u64,
    /// What they say on a turn: an empty one is silence. The last is said again and again.
    pub(crate) turns: VecDeque<String>,
    /// What they answer to the questions; none where they do not.
    pub(crate) concern: Option<String>,
    /// Whether they change places; none where they do not say.
    pub(crate) changes: Option<bool>,
    /// When this phase begins for the so-many-th time, from 1, the evening is held for so long by whoever looks after it.
    pub(crate) pause: Option<(Phase, usize, u64)>,
}

impl Guest {
    /// Somebody who answers in a usual time, always the same.
    pub(crate) fn steady(turns: &[&str]) -> Self {
        Self {
            thinks: (3_000, 3_001),
            speaks: 65,
            turns: turns.iter().map(|turn| (*turn).to_owned()).collect(),
            concern: Some("I froze in the meeting on Thursday and my boss wrote it down".to_owned()),
            changes: Some(true),
            pause: None,
        }
    }
}

/// What they are about to say.
struct Intended {
    text: String,
    at: Millis,
    /// Once they speak: the utterance, and when it is over.
    spoken: Option<(UtteranceId, Millis)>,
}

/// What makes up a moment at which somebody may speak: they speak once in it.
type Moment = (Phase, Millis, Option<Question>, Option<(ChangeStep, Option<LineId>)>);

/// A visit as it went.
pub(crate) struct Visited {
    pub(crate) host: Host,
    pub(crate) now: Millis,
    pub(crate) events: Vec<Event>,
    guest: Guest,
    rng: Pcg64Mcg,
    intended: Option<Intended>,
    last: Option<Moment>,
    utterance: UtteranceId,
    /// So often each phase began.
    begun: Vec<Phase>,
    held_until: Option<Millis>,
}

pub(crate) fn exhibited(seed: u64) -> Setup {
    let fixed = fixed_lines(seed).expect("the material is in its form");
    let visit = Some(inner_room::dialogue::visit::Visit::default());
    Setup { seed, change: true, visit, venue: Venue::Exhibition, fixed, ..Setup::default() }
}

impl Visited {
    pub(crate) fn begin(cast: &Shared, setup: Setup, guest: Guest) -> Self {
        let mut visit = Self {
            host: Host::new(Parts::of(Box::new(cast.clone()))),
            now: Millis(0),
            events: Vec::new(),
            rng: Pcg64Mcg::seed_from_u64(setup.seed),
            guest,
            intended: None,
            last: None,
            utterance: UtteranceId(1),
            begun: Vec::new(),
            held_until: None,
        };
        visit.feed(Input::Begin(Box::new(setup)));
        visit
    }

    /// The whole of it.
    pub(crate) fn of(cast: &Shared, setup: Setup, guest: Guest) -> Self {
        let mut visit = Self::begin(cast, setup, guest);
        assert!(visit.until(|view| view.phase == Phase::Ended), "it ends: {:?}", visit.host.view());
        visit
    }

    /// Goes on until this holds. Whether it came to hold.
    pub(crate) fn until(&mut self, done: impl Fn(&View) -> bool) -> bool {
        for _ in 0..20_000 {
            let view = self.host.view();
            if done(&view) {
                return true;
            }
            if view.phase == Phase::Ended {
                return false;
            }
            self.mind(&view);
            self.advance();
        }
        false
    }

    pub(crate) fn feed(&mut self, input: Input) {
        for event in self.host.feed(input, self.now) {
            if let inner_room::dialogue::Kind::Phase { phase, .. } = event.kind {
                self.begun.push(phase);
            }
            self.events.push(event);
        }
    }

    /// Holds the evening, and makes up their mind what to say.
    fn mind(&mut self, view: &View) {
        let begun = |wanted: Phase| self.begun.iter().filter(|phase| **phase == wanted).count();
        if let Some((phase, times, span)) = self.guest.pause
            && phase == view.phase
            && begun(phase) == times
        {
            self.guest.pause = None;
            self.held_until = Some(self.now + Millis(span));
            self.feed(Input::Control(Control::Hold));
            return;
        }
        let moment = moment(view);
        let speaks = self.intended.as_ref().is_some_and(|intended| intended.spoken.is_some());
        if speaks || self.last == Some(moment) || !self.host.is_quiet() {
            return;
        }
        self.last = Some(moment);
        self.intended = self.answer(view).filter(|text| !text.is_empty()).map(|text| Intended {
            text,
            at: self.now + Millis(self.rng.random_range(self.guest.thinks.0..self.guest.thinks.1)),
            spoken: None,
        });
    }

    fn answer(&mut self, view: &View) -> Option<String> {
        let turns = &mut self.guest.turns;
        match (view.phase, view.question, view.change.as_ref().map(|change| change.step)) {
            (Phase::Intake, Some(Question::Concern), _) => self.guest.concern.clone(),
            (Phase::Intake, Some(Question::When), _) => {
                self.guest.concern.as_ref().map(|_| "Mostly at night, in bed".to_owned())
            }
            (Phase::Intake, Some(Question::Belief), _) => {
                let words = ["half of me", "most of me", "all of it", "a small corner"];
                self.guest.concern.as_ref().and(words.choose(&mut self.rng)).map(|word| (*word).to_owned())
            }
            (Phase::Open, ..) if turns.len() > 1 => turns.pop_front(),
            (Phase::Open, ..) => turns.front().cloned(),
            (Phase::Change, _, Some(ChangeStep::Asked)) => {
                self.guest.changes.map(|yes| if yes { "Yes" } else { "I'd rather stay here" }.to_owned())
            }
            (Phase::Change, _, Some(ChangeStep::Keep)) => Some("the first".to_owned()),
            _ => None,
        }
    }

    /// On to the next thing that happens: something of the room's, or of theirs.
    fn advance(&mut self) {
        let room = self.host.next_deadline();
        let theirs = self.intended.as_ref().map(|it| it.spoken.map_or(it.at, |(_, ends)| ends));
        // A recogniser tells what it has heard so far.
        let theirs = match self.intended.as_ref().and_then(|it| it.spoken) {
            Some((_, ends)) => Some(ends.min(self.now + Millis(4_000))),
            None => theirs,
        };
        let theirs = self.held_until.or(theirs);
        let next = [room, theirs].into_iter().flatten().min().unwrap_or(self.now + Millis(1_000));
        self.now = next.max(self.now);
        if theirs.is_none_or(|theirs| theirs > self.now) {
            self.feed(Input::Tick);
        } else if self.held_until.take().is_some() {
            self.feed(Input::Control(Control::Resume));
        } else {
            self.speak();
        }
    }

    /// They begin to speak, or have spoken. Nobody speaks into somebody else's line, nor where it is not their turn any more.
    fn speak(&mut self) {
        let Some(mut intended) = self.intended.take() else { return };
        if let Some((utterance, ends)) = intended.spoken {
            if ends > self.now {
                let text = intended.text.chars().take(12).collect();
                self.intended = Some(intended);
                self.feed(Input::Draft { utterance, text });
                return;
            }
            self.feed(Input::Said { utterance, text: intended.text, via: Via::Voice, face: None });
            return;
        }
        if !self.host.is_quiet() {
            intended.at = self.now + Millis(500);
            self.intended = Some(intended);
            self.feed(Input::Tick);
            return;
        }
        let same = |last: Moment| last.0 == self.host.view().phase;
        if !self.last.is_some_and(same) {
            self.feed(Input::Tick);
            return;
        }
        let utterance = self.utterance.take_next();
        let takes = self.guest.speaks * intended.text.chars().count() as u64;
        intended.spoken = Some((utterance, self.now + Millis(takes)));
        self.feed(Input::Onset { utterance });
        self.feed(Input::Draft { utterance, text: intended.text.chars().take(12).collect() });
        self.intended = Some(intended);
    }
}

fn moment(view: &View) -> Moment {
    let change = view.change.as_ref().map(|change| {
        let guide =
            view.captions.iter().find(|caption| caption.agent == inner_room::dialogue::agent::Agent::Guide);
        (change.step, guide.map(|caption| caption.line))
    });
    (view.phase, view.phase_since, view.question, change)
}
