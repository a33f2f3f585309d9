//! A cast that looks on: it hands everything to the model cast, and notes what was asked and when answers came.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::json;

use super::server::PacedServer;
use crate::cast::Cast;
use crate::cast::model::{ModelCast, part_of};
use crate::cast::story::StoryCast;
use crate::config::CastPart;
use crate::dialogue::ids::AskId;
use crate::dialogue::input::{Input, Part};
use crate::dialogue::request::{AgentAnswer, AgentRequest, DevilBeat, Task};

/// One request, and when its answer came.
#[derive(Clone, Debug)]
pub(super) struct Noted {
    pub(super) request: AgentRequest,
    /// When it was asked.
    pub(super) asked: Instant,
    /// When the first of its answer was with the session.
    pub(super) first: Option<Instant>,
    /// When all of it was.
    pub(super) whole: Option<Instant>,
}

/// What was noted so far.
pub(super) type Notes = Arc<Mutex<Vec<Noted>>>;

pub(super) fn lock(notes: &Notes) -> MutexGuard<'_, Vec<Noted>> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) struct Watched {
    pub(super) model: ModelCast,
    /// Makes up what the server says, so that each line fits the evening.
    pub(super) story: StoryCast,
    pub(super) server: PacedServer,
    pub(super) notes: Notes,
}

impl Cast for Watched {
    fn start(&mut self, request: AgentRequest) {
        if let Ok(answer) = self.story.answer(&request) {
            self.server.will_say(name(part_of(request.task.kind())), as_a_model_writes(&request, answer));
        }
        lock(&self.notes).push(Noted {
            request: request.clone(),
            asked: Instant::now(),
            first: None,
            whole: None,
        });
        self.model.start(request);
    }

    fn cancel(&mut self, ask: AskId) {
        self.model.cancel(ask);
    }

    fn poll(&mut self, inputs: &mut Vec<Input>) {
        let before = inputs.len();
        self.model.poll(inputs);
        let now = Instant::now();
        let mut notes = lock(&self.notes);
        for input in &inputs[before..] {
            let Input::Answer { ask, part } = input else { continue };
            let Some(noted) = notes.iter_mut().find(|noted| noted.request.ask == *ask) else { continue };
            noted.first.get_or_insert(now);
            if !matches!(part, Part::Delta(_)) {
                noted.whole.get_or_insert(now);
            }
        }
    }
}

/// The model's name of a part: each has one of its own, by which the server knows whose line is wanted.
pub(super) fn name(part: CastPart) -> &'static str {
    match part {
        CastPart::Trigger => "trigger",
        CastPart::Devil => "devil",
        CastPart::Patient => "patient",
        CastPart::Guide => "guide",
        CastPart::Strategist => "strategist",
        CastPart::Memory => "memory",
    }
}

/// An answer in the form that the prompts ask for, with reasons as long as those of their examples.
fn as_a_model_writes(request: &AgentRequest, answer: AgentAnswer) -> String {
    let value = match answer {
        AgentAnswer::Scene { text, window, theme } => json!({
            "theme": theme, "scene": text, "hour": window.hour, "weather": window.weather, "peopled": window.peopled,
        }),
        AgentAnswer::Spoken { text, distortion, .. }
            if matches!(request.task, Task::Devil(DevilBeat::Thought { .. })) =>
        {
            json!({ "distortion": distortion.or(request.context.distortion), "thought": text })
        }
        AgentAnswer::Hint { text, .. } => json!({
            "reasoning": "The words were taken in. The plan still fits.",
            "plan": "Stay with what was said; after that, who else was there.", "hint": text,
        }),
        AgentAnswer::Spoken { text, .. } | AgentAnswer::Memory { text } => return text,
        AgentAnswer::Verdict(verdict) => json!({
            "reasoning": "Said to the Patient. It stays with what hurts, and takes up a word of theirs.",
            "addressee": verdict.addressee,
            "moves": verdict.moves.iter().map(|reading| json!({ "move": reading.kind, "anchor": reading.anchor })).collect::<Vec<_>>(),
            "raw": verdict.raw, "resistance": null, "direction": verdict.direction, "end": verdict.end,
        }),
        AgentAnswer::Feedback { text, skills } => json!({
            "reasoning": "Describe: what happened, bare. Express: no feeling named. Assert: nothing asked. Reinforce: nothing for it. Negotiate: no other way.",
            "describe": skills.describe, "express": skills.express, "assert": skills.assert,
            "reinforce": skills.reinforce, "negotiate": skills.negotiate,
            "mindful": skills.mindful, "confident": skills.confident, "remark": text.unwrap_or_default(),
        }),
    };
    value.to_string()
}
