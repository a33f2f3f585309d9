//! Requests to the cast: what is asked, and what becomes of the answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Session;
use crate::dialogue::agent::Agent;
use crate::dialogue::effect::{Effect, Priority};
use crate::dialogue::event::{Kind, Outcome};
use crate::dialogue::ids::{AskId, Millis, Revision};
use crate::dialogue::input::Part;
use crate::dialogue::request::{AgentAnswer, AgentRequest, AskError, Context, Task, TaskKind};
use crate::dialogue::text::Sentences;
use crate::dialogue::timing;

/// What an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Purpose {
    /// The scene of the round that comes.
    Scene,
    /// Its thought.
    Thought,
    /// What the Patient needs in it.
    Need,
    /// Its hint, or another one.
    Hint,
    /// The Patient's answer to the person.
    Answer,
    /// The Strategist.
    Verdict,
    /// The Devil, spoken to.
    Reply,
    /// The Guide's remark.
    Feedback,
    /// The memory.
    Memory,
    /// The Patient goes on by itself.
    GoOn,
    /// The last lines.
    ClosingScene,
    /// The Devil's.
    ClosingDevil,
    /// The Guide's.
    ClosingGuide,
    /// The Patient's.
    ClosingPatient,
}

impl Purpose {
    /// Who speaks the answer. The Strategist and the memory have no voice; the Guide stands for them.
    pub(super) fn speaker(self) -> Agent {
        match self {
            Self::Scene | Self::ClosingScene => Agent::Trigger,
            Self::Thought | Self::Reply | Self::ClosingDevil => Agent::Devil,
            Self::Need | Self::Answer | Self::GoOn | Self::ClosingPatient => Agent::Patient,
            Self::Hint | Self::Verdict | Self::Feedback | Self::Memory | Self::ClosingGuide => Agent::Guide,
        }
    }

    /// What is prepared ahead, and is worth nothing on another basis.
    const AHEAD: [Self; 5] = [Self::Scene, Self::Thought, Self::Need, Self::Hint, Self::GoOn];
    /// What follows from one utterance.
    const OF_A_TURN: [Self; 5] = [Self::Answer, Self::Verdict, Self::Reply, Self::Feedback, Self::Memory];
}

/// The requests that are out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Asks {
    next: AskId,
    pending: BTreeMap<AskId, Pending>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Pending {
    purpose: Purpose,
    task: TaskKind,
    asked: Millis,
    sentences: Sentences,
    streamed: bool,
}

impl Asks {
    /// Whether an answer for this purpose is awaited.
    pub(super) fn awaits(&self, purpose: Purpose) -> bool {
        self.pending.values().any(|pending| pending.purpose == purpose)
    }
}

/// What came of a request.
pub(super) enum Delivery {
    /// A sentence of a spoken answer; more may come.
    Sentence(String),
    /// All of it. For a streamed answer nothing but the fact.
    Done(Option<AgentAnswer>),
    /// Nothing.
    Failed,
}

impl Session {
    /// Asks the cast.
    pub(super) fn ask(&mut self, purpose: Purpose, task: Task, context: Context) {
        let ask = self.asks.next.take_next();
        let priority = match purpose {
            Purpose::Answer => Priority::Now,
            Purpose::Scene | Purpose::Thought | Purpose::Need if self.round == 0 => Priority::Now,
            _ => Priority::Ahead,
        };
        let now = self.clock.now();
        self.asks.pending.insert(
            ask,
            Pending {
                purpose,
                task: task.kind(),
                asked: now,
                sentences: Sentences::default(),
                streamed: false,
            },
        );
        self.record(Kind::Ask { ask, task: task.kind(), priority, basis: self.basis });
        let request = AgentRequest {
            ask,
            turn: self.turn,
            basis: self.basis,
            lang: self.setup.lang.clone(),
            context: Arc::new(context),
            task,
        };
        self.out.push(Effect::Ask { request, priority, deadline: now + timing::ASK });
    }

    /// A new basis: what was prepared on the old one is cancelled.
    pub(super) fn new_basis(&mut self) {
        self.basis = Revision(self.basis.0 + 1);
        self.cancel(&Purpose::AHEAD);
    }

    /// What follows from the last utterance is no longer wanted.
    pub(super) fn cancel_turn(&mut self) {
        self.cancel(&Purpose::OF_A_TURN);
    }

    /// Nothing is wanted any more.
    pub(super) fn cancel_all(&mut self) {
        let all: Vec<Purpose> = self.asks.pending.values().map(|pending| pending.purpose).collect();
        self.cancel(&all);
    }

    /// Cancels what is asked for these purposes.
    pub(super) fn cancel(&mut self, purposes: &[Purpose]) {
        let doomed: Vec<AskId> = self
            .asks
            .pending
            .iter()
            .filter(|(_, pending)| purposes.contains(&pending.purpose))
            .map(|(ask, _)| *ask)
            .collect();
        for ask in doomed {
            self.out.push(Effect::Cancel(ask));
            self.settle(ask, Outcome::Dropped);
        }
        self.closing.waiting.forget(purposes);
        self.unask(purposes);
    }

    /// What is no longer awaited may be asked for again.
    fn unask(&mut self, purposes: &[Purpose]) {
        use super::round::Slot;
        for purpose in purposes {
            match purpose {
                Purpose::Scene if self.upcoming.scene == Slot::Asked => self.upcoming.scene = Slot::Empty,
                Purpose::Thought if self.upcoming.thought == Slot::Asked => {
                    self.upcoming.thought = Slot::Empty;
                }
                Purpose::Need if self.upcoming.need == Slot::Asked => self.upcoming.need = Slot::Empty,
                Purpose::Hint if self.hint.slot == Slot::Asked => self.hint.slot = Slot::Empty,
                Purpose::Reply if self.echo.reply == Slot::Asked => self.echo.reply = Slot::Missing,
                Purpose::Feedback if self.echo.remark == Slot::Asked => self.echo.remark = Slot::Missing,
                _ => {}
            }
        }
    }

    /// Fails what has been awaited for too long.
    pub(super) fn expire_asks(&mut self) {
        let deadlines: Vec<(AskId, Millis)> =
            self.asks.pending.iter().map(|(ask, pending)| (*ask, pending.asked + timing::ASK)).collect();
        for (ask, deadline) in deadlines {
            if self.clock.due(deadline) {
                self.out.push(Effect::Cancel(ask));
                self.fail(ask, AskError::TimedOut);
            }
        }
    }

    /// Takes part of an answer. Answers that nobody awaits die here.
    pub(super) fn answer(&mut self, ask: AskId, part: Part) {
        let Some(pending) = self.asks.pending.get_mut(&ask) else {
            return;
        };
        let purpose = pending.purpose;
        match part {
            Part::Delta(text) => {
                pending.streamed = true;
                for sentence in pending.sentences.push(&text) {
                    self.deliver(purpose, Delivery::Sentence(sentence));
                }
            }
            Part::End => {
                let rest = pending.sentences.finish();
                self.settle(ask, Outcome::Ready);
                if let Some(sentence) = rest {
                    self.deliver(purpose, Delivery::Sentence(sentence));
                }
                self.deliver(purpose, Delivery::Done(None));
            }
            Part::Whole(answer) => {
                if answer.fits(pending.task) {
                    self.settle(ask, Outcome::Ready);
                    self.deliver(purpose, Delivery::Done(Some(*answer)));
                } else {
                    self.fail(ask, AskError::Unusable);
                }
            }
            Part::Failed(error) => self.fail(ask, error),
        }
    }

    fn fail(&mut self, ask: AskId, error: AskError) {
        let Some(pending) = self.asks.pending.get(&ask) else {
            return;
        };
        let (purpose, streamed) = (pending.purpose, pending.streamed);
        self.settle(ask, Outcome::Failed(error));
        self.record(Kind::Fault { part: "cast".to_owned(), what: error.to_string() });
        // What was already spoken of a streamed answer stands; the answer ends there.
        let delivery = if streamed { Delivery::Done(None) } else { Delivery::Failed };
        self.deliver(purpose, delivery);
    }

    fn settle(&mut self, ask: AskId, outcome: Outcome) {
        if let Some(pending) = self.asks.pending.remove(&ask) {
            let took_ms = self.clock.now().since(pending.asked).0;
            self.record(Kind::Answered { ask, task: pending.task, took_ms, outcome });
        }
    }
}

impl AgentAnswer {
    /// Whether this is the sort of answer that the task asks for.
    fn fits(&self, task: TaskKind) -> bool {
        match self {
            Self::Scene { .. } => task == TaskKind::Trigger,
            Self::Spoken { .. } => {
                matches!(task, TaskKind::Devil | TaskKind::Patient | TaskKind::Farewell)
            }
            Self::Hint { .. } => task == TaskKind::Hint,
            Self::Verdict(_) => task == TaskKind::Verdict,
            Self::Feedback { .. } => task == TaskKind::Feedback,
            Self::Memory { .. } => task == TaskKind::Memory,
        }
    }
}
