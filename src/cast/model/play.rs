//! One request, played: by the server if it can, by the story cast if it cannot.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::answer::{self, Unusable};
use super::line::Checker;
use super::prompts::Prompts;
use super::standing::Standing;
use super::urgency::{Urgency, is_ahead};
use super::{ModelCastError, ModelSetup, Speak};
use crate::cast::story::StoryCast;
use crate::dialogue::agent::Agent;
use crate::dialogue::input::{Input, Part};
use crate::dialogue::moves::{Move, MoveReading};
use crate::dialogue::request::{AgentAnswer, AgentRequest, PatientBeat, Task, TaskKind, Verdict};
use crate::dialogue::text::Sentences;
use crate::net::chat::{ChatRequest, Finish};
use crate::net::client::{Limits, Piece};
use crate::net::{NetError, Stage, discover};

/// The most of an answer that is read, in bytes: no figure has so much to say.
const LONGEST_ANSWER: usize = 8 * 1024;

/// Plays requests.
pub(super) struct Player {
    pub(super) setup: ModelSetup,
    pub(super) standing: Standing,
    prompts: Prompts,
    story: StoryCast,
    speak: Speak,
    /// Whether the server was heard of since it was last cold. The cast's owner sees it, too.
    pub(super) warm: Arc<AtomicBool>,
    /// The server's first model, once it was asked for.
    first: RefCell<Option<String>>,
    urgency: Urgency,
    /// Models that read less than a whole prompt.
    brief: RefCell<BTreeSet<String>>,
}

/// Why the server's answer was not it.
pub(super) enum Failure {
    /// The server failed: in which way, asked for which model, and when it was asked.
    Net(NetError, String, Duration),
    /// It answered, and not with what was asked for, twice.
    Unusable(Unusable),
    /// It is left in peace for a while.
    Resting,
}

/// What of a request has happened so far, for whoever has to end it.
#[derive(Default)]
struct Progress {
    /// Something of the answer was spoken.
    spoke: Cell<bool>,
    /// The model that was asked, and when.
    asked: RefCell<(String, Duration)>,
}

impl Player {
    pub(super) fn new(
        setup: ModelSetup,
        prompts: Prompts,
        speak: Speak,
        warm: Arc<AtomicBool>,
    ) -> Result<Self, ModelCastError> {
        Ok(Self {
            standing: Standing::new(speak.clone(), setup.seed),
            setup,
            prompts,
            story: StoryCast::new()?,
            speak,
            warm,
            first: RefCell::default(),
            urgency: Urgency::default(),
            brief: RefCell::default(),
        })
    }

    /// The model that is asked for a task: the one that is set, else the server's first.
    pub(super) async fn model(&self, task: Option<TaskKind>) -> Result<String, NetError> {
        let models = &self.setup.models;
        let set = task.map_or(models.all.as_deref(), |task| models.of(task));
        if let Some(model) = set {
            return Ok(model.to_owned());
        }
        if let Some(first) = self.first.borrow().clone() {
            return Ok(first);
        }
        let first = discover::first_model(&self.setup.client).await?;
        Ok(self.first.borrow_mut().insert(first).clone())
    }

    /// Answers one request, in any case, and in the time of a turn.
    pub(super) async fn play(self: Rc<Self>, request: AgentRequest) {
        let progress = Progress::default();
        let played = async {
            if is_streamed(&request.task) {
                self.stream(&request, &progress).await
            } else {
                self.whole(&request, &progress).await
            }
        };
        let played = tokio::time::timeout(Limits::TURN.turn, played).await.unwrap_or_else(|_late| {
            let (model, begun) = progress.asked.borrow().clone();
            Err(Failure::Net(NetError::TimedOut(Stage::Turn), model, begun))
        });
        let Err(failure) = played else {
            self.standing.succeeded(progress.asked.borrow().1);
            return;
        };
        match &failure {
            Failure::Net(error, model, begun) => self.note(error, model, *begun, &request),
            Failure::Unusable(why) => self.standing.strayed(why, progress.asked.borrow().1),
            Failure::Resting => {}
        }
        if progress.spoke.get() {
            // What was spoken stands; the answer ends there.
            self.say(&request, Part::End);
        } else {
            self.take_over(&request);
        }
    }

    /// Notes that the server failed.
    fn note(self: &Rc<Self>, error: &NetError, model: &str, begun: Duration, request: &AgentRequest) {
        let no_word = *error == NetError::TimedOut(Stage::FirstToken);
        // What nobody waits for may have stood in the server's own queue.
        if !(no_word && is_ahead(request)) {
            self.standing.failed(error, model, begun);
        }
        // A model that was put aside meanwhile (Ollama, after five minutes) has to be loaded again.
        if no_word && !is_ahead(request) || *error == NetError::Loading {
            self.wake_again();
        }
    }

    /// The story cast answers the same request.
    fn take_over(&self, request: &AgentRequest) {
        let part = match self.story.answer(request) {
            Ok(answer) => Part::Whole(Box::new(answer)),
            Err(error) => Part::Failed(error),
        };
        self.say(request, part);
    }

    fn say(&self, request: &AgentRequest, part: Part) {
        // Nobody listens any more where it is full or closed.
        self.speak.try_send(Input::Answer { ask: request.ask, part }).ok();
    }

    /// The next attempt at a request: its model and what is sent, if the server may be asked.
    async fn attempt(
        &self,
        request: &AgentRequest,
        complaint: Option<&Unusable>,
        progress: &Progress,
    ) -> Result<(String, ChatRequest), Failure> {
        // A second attempt belongs to the first one: it is let out with it.
        let again = !progress.asked.borrow().0.is_empty();
        if !self.warm.load(Ordering::Relaxed) || (!again && self.standing.rests()) {
            return Err(Failure::Resting);
        }
        let begun = self.standing.now();
        let model = self.model(Some(request.task.kind())).await;
        let model = model.map_err(|error| Failure::Net(error, String::new(), begun))?;
        if !again && !self.standing.admits(&model) {
            return Err(Failure::Resting);
        }
        *progress.asked.borrow_mut() = (model.clone(), self.standing.now());
        let brief = self.brief.borrow().contains(&model);
        let asked = self.prompts.request(request, complaint, brief);
        let asked = asked.map_err(|error| Failure::Unusable(Unusable::Prompt(error.to_string())))?;
        self.standing.count_request(asked.messages.iter().map(|message| message.text.len()).sum());
        Ok((model, asked))
    }

    /// Whether the same request is sent once more after this error.
    fn may_repeat(&self, error: &NetError, model: &str, repeated: &mut bool) -> bool {
        match error {
            NetError::TooLong => self.brief.borrow_mut().insert(model.to_owned()),
            // It is known by now that this model reasons, and it is given room for it.
            NetError::OnlyReasoned => !std::mem::replace(repeated, true),
            error => error.may_be_repeated() && !std::mem::replace(repeated, true),
        }
    }

    /// An answer that is wanted whole.
    async fn whole(&self, request: &AgentRequest, progress: &Progress) -> Result<(), Failure> {
        let (mut complaint, mut repeated) = (None, false);
        let limits = if is_ahead(request) { Limits::AHEAD } else { Limits::TURN };
        loop {
            self.urgency.wait_for_calm(request).await;
            let (model, asked) = self.attempt(request, complaint.as_ref(), progress).await?;
            let mut text = String::new();
            let counted = self.urgency.count(request);
            let ended = self.setup.client.chat(&asked, &model, limits, |piece| {
                counted.has_begun();
                piece.add_to(&mut text);
                text.len() < LONGEST_ANSWER
            });
            let ended = ended.await;
            drop(counted);
            self.standing.count_chars(text.len());
            let finish = match ended {
                Err(error) if self.may_repeat(&error, &model, &mut repeated) => continue,
                Err(error) => return Err(Failure::Net(error, model, progress.asked.borrow().1)),
                Ok(finish) => finish,
            };
            // What ran into a limit, or into somebody's filter, is a fragment.
            let read = if finish == Finish::Stop {
                answer::read(request, &text, &self.prompts)
            } else {
                Err(Unusable::CutShort)
            };
            match read {
                Ok(answer) => {
                    self.say(request, Part::Whole(Box::new(self.confirmed(request, answer))));
                    return Ok(());
                }
                Err(why) if complaint.is_none() => complaint = Some(why),
                Err(why) => return Err(Failure::Unusable(why)),
            }
        }
    }

    /// A dismissal can end an evening: that is not for a model to say alone. The rules of the story cast must find it, too. And
    /// which words did the most is found by rule, so that they are the person's own.
    fn confirmed(&self, request: &AgentRequest, answer: AgentAnswer) -> AgentAnswer {
        let AgentAnswer::Verdict(mut verdict) = answer else { return answer };
        let by_rule = match self.story.answer(request) {
            Ok(AgentAnswer::Verdict(verdict)) => verdict,
            _ => Verdict::default(),
        };
        let is_dismissal = |reading: &MoveReading| reading.kind == Move::Dismissal;
        if !by_rule.moves.iter().any(is_dismissal) {
            verdict.moves.retain(|reading| !is_dismissal(reading));
        }
        verdict.clause = by_rule.clause;
        AgentAnswer::Verdict(verdict)
    }

    /// The Patient's answer, spoken from its first sentence.
    async fn stream(&self, request: &AgentRequest, progress: &Progress) -> Result<(), Failure> {
        let (mut complaint, mut repeated) = (None, false);
        loop {
            let (model, asked) = self.attempt(request, complaint.as_ref(), progress).await?;
            let mut spoken = Spoken::new(request, &self.prompts);
            let counted = self.urgency.count(request);
            let ended = self.setup.client.chat(&asked, &model, Limits::TURN, |piece| {
                counted.has_begun();
                let lines = spoken.take(piece);
                progress.spoke.set(progress.spoke.get() || !lines.is_empty());
                lines.into_iter().for_each(|line| self.say(request, Part::Delta(format!("{line} "))));
                spoken.wants_more()
            });
            let ended = ended.await;
            drop(counted);
            self.standing.count_chars(spoken.read);
            // The last sentence of an answer that was cut off is a fragment.
            if ended == Ok(Finish::Stop)
                && let Some(line) = spoken.rest()
            {
                progress.spoke.set(true);
                self.say(request, Part::Delta(format!("{line} ")));
            }
            match ended {
                Ok(_) if progress.spoke.get() => {
                    self.say(request, Part::End);
                    return Ok(());
                }
                Ok(finish) => {
                    let cut = if finish == Finish::Stop { Unusable::Empty } else { Unusable::CutShort };
                    match (complaint, spoken.objection.unwrap_or(cut)) {
                        (None, why) => complaint = Some(why),
                        (Some(_), why) => return Err(Failure::Unusable(why)),
                    }
                }
                Err(error) if !progress.spoke.get() && self.may_repeat(&error, &model, &mut repeated) => {}
                Err(error) => return Err(Failure::Net(error, model, progress.asked.borrow().1)),
            }
        }
    }
}

/// A streamed answer on its way to the person.
struct Spoken<'a> {
    checker: Checker<'a>,
    sentences: Sentences,
    /// Why a sentence was refused: nothing after it is heard.
    objection: Option<Unusable>,
    read: usize,
}

impl<'a> Spoken<'a> {
    fn new(request: &'a AgentRequest, prompts: &'a Prompts) -> Self {
        let checker = Checker::new(Agent::Patient, request, prompts);
        Self { checker, sentences: Sentences::default(), objection: None, read: 0 }
    }

    /// What of a piece may be heard.
    fn take(&mut self, piece: Piece<'_>) -> Vec<String> {
        match piece {
            Piece::Words(words) => {
                self.read += words.len();
                let sentences = self.sentences.push(words);
                sentences.into_iter().filter_map(|sentence| self.sentence(&sentence)).collect()
            }
            Piece::TakeBack => {
                // What was spoken is spoken.
                self.sentences = Sentences::default();
                Vec::new()
            }
        }
    }

    fn rest(&mut self) -> Option<String> {
        let rest = self.sentences.finish().filter(|_| !self.checker.is_full())?;
        self.sentence(&rest)
    }

    fn sentence(&mut self, sentence: &str) -> Option<String> {
        if self.objection.is_some() {
            return None;
        }
        self.checker.take(sentence).unwrap_or_else(|why| {
            self.objection = Some(why);
            None
        })
    }

    fn wants_more(&self) -> bool {
        !self.checker.is_full() && self.objection.is_none() && self.read < LONGEST_ANSWER
    }
}

fn is_streamed(task: &Task) -> bool {
    matches!(task, Task::Patient(PatientBeat::Answer { .. }))
}
