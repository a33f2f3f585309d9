//! The story cast: no model, no network. It reads what the person writes and composes its lines from written material
//! with their own words in it.
//!
//! It is stateless: all it needs stands in the request. The same request gives the same answer.

mod compose;
pub(super) mod material;
mod reading;

use self::compose::Scribe;
use self::material::Material;
pub use self::material::{MaterialError, fixed_lines};
use self::reading::Lexicon;
pub use self::reading::RawWords;
use super::Cast;
use crate::dialogue::ids::AskId;
use crate::dialogue::input::{Input, Part};
use crate::dialogue::request::{AgentAnswer, AgentRequest, AskError, Task};

/// Plays all agents from written material.
#[derive(Debug)]
pub struct StoryCast {
    material: Material,
    lexicon: Lexicon,
    answers: Vec<Input>,
}

impl StoryCast {
    /// Reads the material that is built in.
    ///
    /// # Errors
    /// [`MaterialError`], when a file of `prompts/story/` is not in its form.
    pub fn new() -> Result<Self, MaterialError> {
        let material = Material::load()?;
        let lexicon = Lexicon::new(&material);
        Ok(Self { material, lexicon, answers: Vec::new() })
    }

    /// Answers a request at once.
    ///
    /// # Errors
    /// [`AskError::Transient`], when every line that fits was said before.
    pub fn answer(&self, request: &AgentRequest) -> Result<AgentAnswer, AskError> {
        let scribe = Scribe::new(&self.material, &self.lexicon, request);
        let answer = match &request.task {
            Task::Trigger { closing } => scribe.scene(*closing),
            Task::Devil(beat) => scribe.devil(*beat),
            Task::Hint { aim, after_miss, .. } => scribe.hint(*aim, *after_miss),
            Task::Patient(beat) => scribe.patient(*beat),
            Task::Verdict => Some(AgentAnswer::Verdict(scribe.verdict())),
            Task::Feedback { verdict, rolling, face, aloud } => {
                Some(scribe.feedback(verdict, *rolling, *face, *aloud))
            }
            Task::Memory => Some(AgentAnswer::Memory { text: scribe.memory() }),
            Task::Farewell(farewell) => scribe.farewell(*farewell),
        };
        answer.ok_or(AskError::Transient)
    }
}

impl Cast for StoryCast {
    fn start(&mut self, request: AgentRequest) {
        let part = match self.answer(&request) {
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
