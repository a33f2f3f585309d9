//! One request, played: by the server if it can, by the story cast if it cannot.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::answer::{self, Unusable};
use super::line::Checker;
use super::prompts::Prompts;
use super::{ModelCastError, ModelSetup, Speak};
use crate::cast::story::StoryCast;
use crate::dialogue::agent::Agent;
use crate::dialogue::input::{Health, Input, Part};
use crate::dialogue::request::{AgentRequest, DevilBeat, PatientBeat, Task};
use crate::dialogue::text::Sentences;
use crate::net::breaker::Breaker;
use crate::net::chat::{ChatRequest, Finish, Message, Role};
use crate::net::client::Limits;
use crate::net::{NetError, Severity};

/// The most of an answer that is read, in bytes: no figure has so much to say.
const LONGEST_ANSWER: usize = 8 * 1024;

/// Plays requests.
pub(super) struct Player {
    setup: ModelSetup,
    prompts: Prompts,
    story: StoryCast,
    speak: Speak,
    breaker: RefCell<Breaker>,
    begun: Instant,
    /// What the session was last told of the server.
    told: RefCell<Health>,
    warm: Cell<bool>,
    /// How many requests somebody waits for have not had their first word.
    urgent: Cell<u32>,
    calm: Notify,
    chance: Cell<u64>,
}

/// Why the server's answer was not it.
enum Failure {
    /// The server failed.
    Net(NetError),
    /// It answered, and not with what was asked for, twice.
    Unusable(Unusable),
    /// It is left in peace for a while.
    Resting,
    /// Something of the answer was spoken already.
    Spoke(NetError),
}

impl From<NetError> for Failure {
    fn from(error: NetError) -> Self {
        Self::Net(error)
    }
}

impl Player {
    pub(super) fn new(setup: ModelSetup, prompts: Prompts, speak: Speak) -> Result<Self, ModelCastError> {
        let warm = !setup.warm_up;
        Ok(Self {
            chance: Cell::new(setup.seed | 1),
            setup,
            prompts,
            story: StoryCast::new()?,
            speak,
            breaker: RefCell::default(),
            begun: Instant::now(),
            told: RefCell::new(Health::Well),
            warm: Cell::new(warm),
            urgent: Cell::new(0),
            calm: Notify::new(),
        })
    }

    /// Has a local model loaded before it is needed.
    pub(super) async fn warm_up(self: Rc<Self>) {
        if self.warm.get() {
            return;
        }
        let request = ChatRequest {
            messages: vec![Message { role: Role::User, text: "Say: ready".to_owned() }],
            max_tokens: 4,
            temperature: 0.0,
            schema: None,
        };
        let mut waited = false;
        for _ in 0..60 {
            let asked = self.setup.client.chat(&request, &self.setup.models.all, Limits::WARM_UP, |_| true);
            let slow = tokio::time::sleep(Limits::TURN.first_token);
            tokio::pin!(asked, slow);
            let answer = loop {
                tokio::select! {
                    answer = &mut asked => break answer,
                    () = &mut slow, if !waited => {
                        waited = true;
                        self.tell(Health::Degraded("waking".to_owned()));
                    }
                }
            };
            match answer {
                Err(NetError::Loading) => {
                    waited = true;
                    self.tell(Health::Degraded("waking".to_owned()));
                    tokio::time::sleep(Duration::from_secs(2)).await;
                }
                Err(error) => {
                    self.warm.set(true);
                    self.fail(&error);
                    return;
                }
                Ok(_) => break,
            }
        }
        self.warm.set(true);
        self.succeed();
    }

    /// Answers one request, in any case.
    pub(super) async fn play(self: Rc<Self>, request: AgentRequest) {
        let played =
            if is_streamed(&request.task) { self.stream(&request).await } else { self.whole(&request).await };
        match played {
            Ok(()) => self.succeed(),
            Err(Failure::Spoke(error)) => {
                // What was spoken stands; the answer ends there.
                self.fail(&error);
                self.say(&request, Part::End);
            }
            Err(failure) => {
                match failure {
                    Failure::Net(error) => self.fail(&error),
                    Failure::Unusable(why) => self.tell(Health::Degraded(format!("unusable: {why}"))),
                    Failure::Resting | Failure::Spoke(_) => {}
                }
                self.take_over(&request);
            }
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

    fn allows(&self) -> bool {
        self.warm.get() && self.breaker.borrow().allows(self.begun.elapsed())
    }

    fn succeed(&self) {
        self.breaker.borrow_mut().succeeded();
        self.tell(Health::Well);
    }

    fn fail(&self, error: &NetError) {
        self.breaker.borrow_mut().failed(error, self.begun.elapsed(), self.draw());
        let why = error.to_string();
        self.tell(if error.severity() == Severity::Degraded {
            Health::Degraded(why)
        } else {
            Health::Gone(why)
        });
    }

    /// Tells the session how the server is, when that changes.
    fn tell(&self, health: Health) {
        let mut told = self.told.borrow_mut();
        let same = matches!(
            (&*told, &health),
            (Health::Well, Health::Well)
                | (Health::Gone(_), Health::Gone(_))
                | (Health::Degraded(_), Health::Degraded(_))
        );
        if !same {
            self.speak.try_send(Input::Health { part: "cast".to_owned(), state: health.clone() }).ok();
            *told = health;
        }
    }

    fn draw(&self) -> f32 {
        let mut state = self.chance.get();
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        self.chance.set(state);
        (state >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Waits until nobody waits for a first word: a server with one slot must not be busy with what can wait.
    async fn wait_for_calm(&self, request: &AgentRequest) {
        while !is_urgent(&request.task) && self.urgent.get() > 0 {
            self.calm.notified().await;
        }
    }

    fn request_of(
        &self,
        request: &AgentRequest,
        complaint: Option<&Unusable>,
        brief: bool,
    ) -> Result<ChatRequest, Failure> {
        self.prompts
            .request(request, complaint, brief)
            .map_err(|error| Failure::Unusable(Unusable::Prompt(error.to_string())))
    }

    /// An answer that is wanted whole.
    async fn whole(&self, request: &AgentRequest) -> Result<(), Failure> {
        let mut complaint = None;
        let (mut repeated, mut brief) = (false, false);
        loop {
            self.wait_for_calm(request).await;
            if !self.allows() {
                return Err(Failure::Resting);
            }
            let asked = self.request_of(request, complaint.as_ref(), brief)?;
            let model = self.setup.models.of(request.task.kind());
            let mut text = String::new();
            let urgency = Urgency::of(self, request);
            let ended = self
                .setup
                .client
                .chat(&asked, model, Limits::TURN, |piece| {
                    urgency.begun();
                    text.push_str(piece);
                    text.len() < LONGEST_ANSWER
                })
                .await;
            drop(urgency);
            let finish = match ended {
                Err(NetError::TooLong) if !brief => {
                    brief = true;
                    continue;
                }
                Err(error) if error.may_be_repeated() && !repeated => {
                    repeated = true;
                    continue;
                }
                ended => ended?,
            };
            let read = if finish == Finish::Length && asked.schema.is_some() {
                Err(Unusable::CutShort)
            } else {
                answer::read(request, &text, &self.prompts)
            };
            match read {
                Ok(answer) => {
                    self.say(request, Part::Whole(Box::new(answer)));
                    return Ok(());
                }
                Err(why) if complaint.is_none() => complaint = Some(why),
                Err(why) => return Err(Failure::Unusable(why)),
            }
        }
    }

    /// The Patient's answer, spoken from its first sentence.
    async fn stream(&self, request: &AgentRequest) -> Result<(), Failure> {
        let mut complaint: Option<Unusable> = None;
        let (mut repeated, mut brief) = (false, false);
        loop {
            if !self.allows() {
                return Err(Failure::Resting);
            }
            let asked = self.request_of(request, complaint.as_ref(), brief)?;
            let model = self.setup.models.of(request.task.kind());
            let mut checker = Checker::new(Agent::Patient, request, &self.prompts);
            let mut sentences = Sentences::default();
            let mut objection = None;
            let urgency = Urgency::of(self, request);
            let ended = self.setup.client.chat(&asked, model, Limits::TURN, |piece| {
                urgency.begun();
                for sentence in sentences.push(piece) {
                    self.sentence(request, &mut checker, &sentence, &mut objection);
                }
                // A sentence that was refused ends the answer: nothing after it is wanted.
                objection.is_none() && !checker.is_full()
            });
            let ended = ended.await;
            drop(urgency);
            if ended.is_ok()
                && !checker.is_full()
                && let Some(rest) = sentences.finish()
            {
                self.sentence(request, &mut checker, &rest, &mut objection);
            }
            if checker.spoke() {
                return match ended {
                    Err(error) => Err(Failure::Spoke(error)),
                    Ok(_) => {
                        self.say(request, Part::End);
                        Ok(())
                    }
                };
            }
            match ended {
                Err(NetError::TooLong) if !brief => brief = true,
                Err(error) if error.may_be_repeated() && !repeated => repeated = true,
                Err(error) => return Err(error.into()),
                Ok(_) => match (complaint, objection.unwrap_or(Unusable::Empty)) {
                    (None, why) => complaint = Some(why),
                    (Some(_), why) => return Err(Failure::Unusable(why)),
                },
            }
        }
    }

    /// Lets a sentence be heard if it is one of the figure's; after one that is not, nothing more.
    fn sentence(
        &self,
        request: &AgentRequest,
        checker: &mut Checker<'_>,
        sentence: &str,
        objection: &mut Option<Unusable>,
    ) {
        if objection.is_some() {
            return;
        }
        match checker.take(sentence) {
            Ok(Some(line)) => self.say(request, Part::Delta(format!("{line} "))),
            Ok(None) => {}
            Err(why) => *objection = Some(why),
        }
    }
}

/// Counts a request among those somebody waits for, until its first word or its end.
struct Urgency<'a> {
    player: &'a Player,
    counted: Cell<bool>,
}

impl<'a> Urgency<'a> {
    fn of(player: &'a Player, request: &AgentRequest) -> Self {
        let counted = is_urgent(&request.task);
        player.urgent.set(player.urgent.get() + u32::from(counted));
        Self { player, counted: Cell::new(counted) }
    }

    fn begun(&self) {
        if self.counted.replace(false) {
            self.player.urgent.set(self.player.urgent.get() - 1);
            self.player.calm.notify_waiters();
        }
    }
}

impl Drop for Urgency<'_> {
    fn drop(&mut self) {
        self.begun();
    }
}

/// Whether somebody who has just spoken waits for it.
fn is_urgent(task: &Task) -> bool {
    matches!(task, Task::Patient(PatientBeat::Answer { .. }) | Task::Devil(DevilBeat::Reply))
}

fn is_streamed(task: &Task) -> bool {
    matches!(task, Task::Patient(PatientBeat::Answer { .. }))
}
