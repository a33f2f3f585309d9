//! What is done with an answer, by what it was for.

use super::Session;
use super::asks::{Delivery, Purpose};
use super::round::{Slot, Thought};
use super::speech::Spoken;
use crate::dialogue::agent::Agent;
use crate::dialogue::event::Kind;
use crate::dialogue::ids::Millis;
use crate::dialogue::request::{AgentAnswer, Verdict};
use crate::dialogue::safety::Gate;
use crate::dialogue::timing;

/// Sentences of a streamed answer that is wanted whole, or spoken when the breath is over.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Waiting(Vec<(Purpose, String)>);

impl Waiting {
    /// What waits for this purpose.
    pub(super) fn of(&self, purpose: Purpose) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(of, _)| *of == purpose).map(|(_, text)| text.as_str())
    }

    /// Nothing is wanted for these any more.
    pub(super) fn forget(&mut self, purposes: &[Purpose]) {
        self.0.retain(|(of, _)| !purposes.contains(of));
    }

    fn take(&mut self, purpose: Purpose) -> Option<String> {
        let mut parts = Vec::new();
        self.0.retain(|(of, text)| {
            let take = *of == purpose;
            if take {
                parts.push(text.clone());
            }
            !take
        });
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

impl Session {
    pub(super) fn deliver(&mut self, purpose: Purpose, delivery: Delivery) {
        if purpose == Purpose::Answer {
            self.deliver_answer(delivery);
            return;
        }
        let answer = match delivery {
            Delivery::Sentence(text) => {
                self.closing.waiting.0.push((purpose, text));
                return;
            }
            Delivery::Done(None) => self.closing.waiting.take(purpose).map(AgentAnswer::spoken),
            Delivery::Done(answer) => answer,
            Delivery::Failed => {
                self.closing.waiting.take(purpose);
                None
            }
        };
        let answer = answer.filter(|answer| self.passes(purpose, answer));
        self.place(purpose, answer);
    }

    /// Whether the gate will let this answer through. One that it will not is as good as none, and known in time.
    fn passes(&mut self, purpose: Purpose, answer: &AgentAnswer) -> bool {
        let text = match answer {
            AgentAnswer::Scene { text, .. }
            | AgentAnswer::Spoken { text, .. }
            | AgentAnswer::Hint { text, .. }
            | AgentAnswer::Feedback { text: Some(text), .. } => text,
            AgentAnswer::Feedback { .. } | AgentAnswer::Verdict(_) | AgentAnswer::Memory { .. } => {
                return true;
            }
        };
        match Gate.pass(purpose.speaker(), text) {
            Ok(_) => true,
            Err(blocked) => {
                self.record(Kind::Fault { part: "gate".to_owned(), what: blocked.to_string() });
                false
            }
        }
    }

    fn place(&mut self, purpose: Purpose, answer: Option<AgentAnswer>) {
        match purpose {
            Purpose::Scene => self.upcoming.scene.fill(scene_of(answer)),
            Purpose::Thought => self.upcoming.thought.fill(thought_of(answer)),
            Purpose::Need => self.upcoming.need.fill(text_of(answer)),
            Purpose::Hint => {
                if let Some(AgentAnswer::Hint { plan, .. }) = &answer {
                    self.keep_plan(plan.clone());
                }
                self.hint.slot.fill(text_of(answer));
                self.give_wanted_hint();
            }
            Purpose::GoOn => {
                if let Some(text) = text_of(answer) {
                    self.say(Spoken::plain(Agent::Patient, text), Millis(0));
                }
            }
            Purpose::Reply => self.echo.reply.fill(text_of(answer)),
            Purpose::Verdict => {
                // A turn that nobody weighed goes on like one in which nothing was found.
                let verdict = match answer {
                    Some(AgentAnswer::Verdict(verdict)) => verdict,
                    _ => Verdict { reason: "nobody weighed it".to_owned(), ..Verdict::default() },
                };
                self.weigh(verdict);
            }
            Purpose::Feedback => {
                let remark = match answer {
                    Some(AgentAnswer::Feedback { text, skills }) => Some((text, skills)),
                    _ => None,
                };
                self.echo.remark.fill(remark);
            }
            Purpose::Memory => {
                if let Some(AgentAnswer::Memory { text }) = answer {
                    self.memory.clone_from(&text);
                    self.record(Kind::Memory { text });
                }
            }
            Purpose::Answer
            | Purpose::ClosingScene
            | Purpose::ClosingDevil
            | Purpose::ClosingGuide
            | Purpose::ClosingPatient => self.place_closing(purpose, answer),
        }
    }

    /// The Patient's answer is spoken from its first sentence, once the breath is over.
    fn deliver_answer(&mut self, delivery: Delivery) {
        let sentence = match delivery {
            Delivery::Sentence(text) => Some(text),
            Delivery::Done(answer) => {
                self.open.answered = true;
                text_of(answer)
            }
            Delivery::Failed => {
                self.open.answered = true;
                None
            }
        };
        let sentence =
            sentence.filter(|text| self.passes(Purpose::Answer, &AgentAnswer::spoken(text.as_str())));
        if let Some(text) = sentence {
            self.closing.waiting.0.push((Purpose::Answer, text));
            self.open.begun = true;
        } else if self.open.answered && !self.open.begun {
            // Nobody answered: the Patient must not fall silent on somebody who has just spoken.
            self.open.begun = true;
            let spares = &self.setup.fixed.patient_spare;
            if !spares.is_empty() {
                let spare = spares[self.turn as usize % spares.len()].clone();
                self.closing.waiting.0.push((Purpose::Answer, spare));
            }
        }
    }

    /// Speaks what has come of the answer so far.
    pub(super) fn say_answer(&mut self) {
        let mut sentences = Vec::new();
        self.closing.waiting.0.retain(|(of, text)| {
            if *of == Purpose::Answer {
                sentences.push(text.clone());
            }
            *of != Purpose::Answer
        });
        for sentence in sentences {
            self.say(Spoken::plain(Agent::Patient, sentence), timing::BETWEEN_LINES);
        }
    }

    /// Forgets what has come of an answer that is no longer wanted.
    pub(super) fn forget_answer(&mut self) {
        self.closing.waiting.take(Purpose::Answer);
    }
}

fn text_of(answer: Option<AgentAnswer>) -> Option<String> {
    match answer {
        Some(AgentAnswer::Spoken { text, .. } | AgentAnswer::Hint { text, .. }) => Some(text),
        _ => None,
    }
}

fn thought_of(answer: Option<AgentAnswer>) -> Option<Thought> {
    match answer {
        Some(AgentAnswer::Spoken { text, callback, distortion }) => {
            Some(Thought { text, callback, distortion })
        }
        _ => None,
    }
}

fn scene_of(
    answer: Option<AgentAnswer>,
) -> Option<(String, crate::dialogue::theme::Window, crate::dialogue::theme::Theme)> {
    match answer {
        Some(AgentAnswer::Scene { text, window, theme }) => Some((text, window, theme)),
        _ => None,
    }
}

impl Session {
    /// Places one of the last lines.
    fn place_closing(&mut self, purpose: Purpose, answer: Option<AgentAnswer>) {
        let closing = &mut self.closing;
        match purpose {
            Purpose::ClosingScene => closing.scene.fill(scene_of(answer)),
            Purpose::ClosingDevil => closing.devil.fill(thought_of(answer)),
            Purpose::ClosingGuide => closing.guide.fill(text_of(answer)),
            _ => closing.patient.fill(text_of(answer)),
        }
    }

    /// Whether all last lines are there, or could not be had.
    pub(super) fn closing_is_settled(&self) -> bool {
        let closing = &self.closing;
        let settled = |slot: &Slot<String>| slot.is_settled();
        closing.scene.is_settled()
            && closing.devil.is_settled()
            && settled(&closing.guide)
            && settled(&closing.patient)
    }
}
