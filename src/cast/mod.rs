//! Who plays the agents. Every cast stands behind one trait and is stateless: what it needs is in the request.

use crate::dialogue::ids::AskId;
use crate::dialogue::input::Input;
use crate::dialogue::request::AgentRequest;

pub mod model;
pub mod story;

/// Plays the agents.
pub trait Cast: Send {
    /// Begins to answer. Never blocks.
    fn start(&mut self, request: AgentRequest);

    /// The answer is no longer wanted. What comes all the same is dropped by the session.
    fn cancel(&mut self, ask: AskId);

    /// Whether it can be asked as it is meant to be; false while a language model is still being loaded. What is asked
    /// meanwhile is answered all the same.
    fn is_ready(&self) -> bool {
        true
    }

    /// Takes what has come since the last call, as [`Input::Answer`] and [`Input::Health`].
    fn poll(&mut self, inputs: &mut Vec<Input>);
}
