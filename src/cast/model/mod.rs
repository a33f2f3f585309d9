//! The model cast: any `OpenAI`-compatible server plays the agents, and the story cast stands behind it.
//!
//! One thread of its own runs the network. Each request is a task there: [`prompts`] makes messages of it,
//! [`crate::net`] asks, [`line`] and [`answer`] read what comes and let nothing through that is not a line of this
//! figure. What cannot be had from the server in time is answered by the story cast, so that a server that fails never
//! ends an evening.

mod answer;
mod line;
mod nearest;
mod phrases;
mod play;
mod prompts;
mod schema;
mod stray;

use std::collections::BTreeMap;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, LocalSet};

use self::play::Player;
pub use self::prompts::{PromptError, Prompts};
use super::Cast;
use super::story::MaterialError;
use crate::dialogue::ids::AskId;
use crate::dialogue::input::{Input, Part};
use crate::dialogue::request::{AgentRequest, AskError, TaskKind};
use crate::net::NetError;
use crate::net::client::Client;

/// Which model plays whom: one for all, and others for some.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models {
    /// For everybody who has none of their own.
    pub all: String,
    /// By task.
    pub of: BTreeMap<TaskKind, String>,
}

impl Models {
    fn of(&self, task: TaskKind) -> &str {
        self.of.get(&task).map_or(self.all.as_str(), String::as_str)
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
        let thread = std::thread::Builder::new().name("network".to_owned());
        thread.spawn(move || {
            let Ok(player) = Player::new(setup, prompts, speak) else { return };
            LocalSet::new().block_on(&runtime, serve(player, orders));
            // Connections that are being looked up or closed are not waited for.
            runtime.shutdown_timeout(Duration::from_millis(100));
        })?;
        Ok(Self { commands, answers, refused: Vec::new() })
    }
}

/// Works off orders until the cast is gone.
async fn serve(player: Player, mut orders: mpsc::Receiver<Command>) {
    let player = std::rc::Rc::new(player);
    let mut running: BTreeMap<AskId, JoinHandle<()>> = BTreeMap::new();
    let warm_up = tokio::task::spawn_local(player.clone().warm_up());
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
    warm_up.abort();
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

    fn poll(&mut self, inputs: &mut Vec<Input>) {
        inputs.extend(self.answers.try_iter());
        let failed = |ask| Input::Answer { ask, part: Part::Failed(AskError::Transient) };
        inputs.extend(self.refused.drain(..).map(failed));
    }
}

/// What a player speaks through. A full channel means that nobody listens any more.
type Speak = Sender<Input>;
