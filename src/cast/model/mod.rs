//! The model cast: any `OpenAI`-compatible server plays the agents, and the story cast stands behind it.
//!
//! One thread of its own runs the network. Each request is a task there: [`prompts`] makes messages of it,
//! [`crate::net`] asks, [`line`] and [`answer`] read what comes and let nothing through that is not a line of this
//! figure. What cannot be had from the server in time is answered by the story cast, so that a server that fails never
//! ends an evening.

mod answer;
mod examples;
mod line;
mod nearest;
mod own_words;
mod phrases;
mod play;
mod probe;
mod prompts;
mod sample;
mod schema;
#[cfg(test)]
mod snapshots;
mod standing;
mod stray;
mod urgency;
mod wake;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, LocalSet};

use self::play::Player;
pub use self::probe::{Probe, ProbeError, probe};
pub use self::prompts::{PromptError, Prompts};
use super::Cast;
use super::story::MaterialError;
use crate::config::CastPart;
use crate::dialogue::ids::AskId;
use crate::dialogue::input::{Input, Part};
use crate::dialogue::request::{AgentRequest, AskError, TaskKind};
use crate::net::NetError;
use crate::net::client::Client;

/// Which model plays whom: one for all, and others for some.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models {
    /// For everybody who has none of their own; none for the server's first.
    pub all: Option<String>,
    /// By agent.
    pub of: BTreeMap<CastPart, String>,
}

impl Models {
    /// The model that is set for a task; none for the server's first.
    fn of(&self, task: TaskKind) -> Option<&str> {
        self.of.get(&part_of(task)).or(self.all.as_ref()).map(String::as_str)
    }
}

/// Whose work a task is.
#[must_use]
pub fn part_of(task: TaskKind) -> CastPart {
    match task {
        TaskKind::Trigger => CastPart::Trigger,
        TaskKind::Devil => CastPart::Devil,
        TaskKind::Patient => CastPart::Patient,
        TaskKind::Hint | TaskKind::Feedback | TaskKind::Farewell => CastPart::Guide,
        TaskKind::Verdict => CastPart::Strategist,
        TaskKind::Memory => CastPart::Memory,
    }
}

/// How a server plays.
#[derive(Clone, Debug)]
pub struct ModelSetup {
    /// The server.
    pub client: Client,
    /// Its models.
    pub models: Models,
    /// Whether a request goes out before the evening, so that a local model is loaded when it is needed.
    pub warm_up: bool,
    /// Seed of what is chosen by chance: the mark in the prompts, and how waits are spread.
    pub seed: u64,
}

/// Why the model cast cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ModelCastError {
    /// The prompts are not in their form.
    #[error(transparent)]
    Prompts(#[from] PromptError),
    /// The story cast behind it cannot be made.
    #[error(transparent)]
    Material(#[from] MaterialError),
    /// The system gives no thread or no sockets.
    #[error("the network cannot be used: {0}")]
    Thread(#[from] std::io::Error),
    /// The server cannot be spoken to.
    #[error(transparent)]
    Net(#[from] NetError),
}

enum Command {
    Start(Box<AgentRequest>),
    Cancel(AskId),
}

/// How many requests and answers wait at most. A session has a dozen requests out at the very most.
const CAPACITY: usize = 256;

/// Plays all agents by asking a server.
#[derive(Debug)]
pub struct ModelCast {
    commands: mpsc::Sender<Command>,
    answers: Receiver<Input>,
    /// Requests that could not even be handed over.
    refused: Vec<AskId>,
    warm: Arc<AtomicBool>,
    prompts: String,
}

impl ModelCast {
    /// Starts the network's thread. It ends with this cast, and with it every connection.
    ///
    /// # Errors
    /// [`ModelCastError`].
    pub fn new(setup: ModelSetup) -> Result<Self, ModelCastError> {
        let prompts = Prompts::new(setup.seed)?;
        let (commands, orders) = mpsc::channel(CAPACITY);
        let (speak, answers) = bounded(CAPACITY);
        // The story cast holds what cannot be sent to another thread: it is made there, once it is known that it can be.
        super::story::StoryCast::new()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let warm = Arc::new(AtomicBool::new(!setup.warm_up));
        let is_warm = Arc::clone(&warm);
        let versions = prompts.versions();
        crate::thread::spawn("network", move || {
            let Ok(player) = Player::new(setup, prompts, speak, is_warm) else { return };
            LocalSet::new().block_on(&runtime, serve(player, orders));
            // Connections that are being looked up or closed are not waited for.
            runtime.shutdown_timeout(Duration::from_millis(100));
        })?;
        Ok(Self { commands, answers, refused: Vec::new(), warm, prompts: versions })
    }

    /// The prompts it asks with, and their versions: "devil 2, guide 3".
    #[must_use]
    pub fn prompts(&self) -> &str {
        &self.prompts
    }
}

/// Works off orders until the cast is gone.
async fn serve(player: Player, mut orders: mpsc::Receiver<Command>) {
    let player = std::rc::Rc::new(player);
    let mut running: BTreeMap<AskId, JoinHandle<()>> = BTreeMap::new();
    let waking =
        (!player.warm.load(Ordering::Relaxed)).then(|| tokio::task::spawn_local(player.clone().wake_up()));
    while let Some(order) = orders.recv().await {
        match order {
            Command::Start(request) => {
                running.retain(|_, task| !task.is_finished());
                let ask = request.ask;
                let task = tokio::task::spawn_local(player.clone().play(*request));
                running.insert(ask, task);
            }
            // The connection closes with the task, which frees the server's slot.
            Command::Cancel(ask) => {
                if let Some(task) = running.remove(&ask) {
                    task.abort();
                }
            }
        }
    }
    waking.into_iter().for_each(|task| task.abort());
    running.into_values().for_each(|task| task.abort());
}

impl Cast for ModelCast {
    fn start(&mut self, request: AgentRequest) {
        let ask = request.ask;
        if self.commands.try_send(Command::Start(Box::new(request))).is_err() {
            self.refused.push(ask);
        }
    }

    fn cancel(&mut self, ask: AskId) {
        self.refused.retain(|refused| *refused != ask);
        // A full channel loses a cancel: the answer is then dropped by the session.
        self.commands.try_send(Command::Cancel(ask)).ok();
    }

    fn is_ready(&self) -> bool {
        self.warm.load(Ordering::Relaxed)
    }

    fn poll(&mut self, inputs: &mut Vec<Input>) {
        inputs.extend(self.answers.try_iter());
        let failed = |ask| Input::Answer { ask, part: Part::Failed(AskError::Transient) };
        inputs.extend(self.refused.drain(..).map(failed));
    }
}

/// What a player speaks through. A full channel means that nobody listens any more.
type Speak = Sender<Input>;
