//! Tries a model out before an evening: does it keep to the form, to the language, to its part, and how fast is it?
//!
//! What is sent is a moment of an evening that nobody held; no word of the person's is in it.

use std::time::{Duration, Instant};

use super::answer::{self, Unusable};
use super::prompts::{PromptError, Prompts};
use super::sample;
use crate::dialogue::request::{AgentRequest, DevilBeat, PatientBeat, Task, Verdict};
use crate::net::chat::Finish;
use crate::net::client::{Client, Limits, Piece};
use crate::net::{NetError, Severity};

/// How a model did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Probe {
    /// Of how many answers it is told.
    pub asked: u32,
    /// Why answers did not keep to the form that was asked for.
    pub form: Vec<String>,
    /// How many were in another language.
    pub language: u32,
    /// Why answers left the part: a refusal, a remark about being a model.
    pub part: Vec<String>,
    /// What else stopped a line: too long, markup, a thing that no figure says.
    pub strays: Vec<String>,
    /// The median wait for the first word, once the model was awake.
    pub first_word: Duration,
    /// Words a second from then on.
    pub words_a_second: f64,
}

impl Probe {
    /// How many answers could be used as they came.
    #[must_use]
    pub fn usable(&self) -> u32 {
        let bad = self.form.len() + self.part.len() + self.strays.len();
        self.asked.saturating_sub(self.language + u32::try_from(bad).unwrap_or(u32::MAX))
    }

    /// Sorts why an answer could not be used.
    fn note(&mut self, why: Option<Unusable>) {
        match why {
            None => {}
            Some(Unusable::OtherLanguage) => self.language += 1,
            Some(why @ Unusable::OutOfPart(_)) => self.part.push(why.to_string()),
            Some(why @ (Unusable::Form(_) | Unusable::Empty | Unusable::CutShort)) => {
                self.form.push(why.to_string());
            }
            Some(why) => self.strays.push(why.to_string()),
        }
    }
}

/// Why a model cannot be tried out.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The prompts are not in their form.
    #[error(transparent)]
    Prompts(#[from] PromptError),
    /// The server did not answer.
    #[error(transparent)]
    Net(#[from] NetError),
}

/// What is asked: the two forms that matter most, the Patient's line, and the Devil's at its hardest.
fn tasks() -> [Task; 4] {
    [
        Task::Patient(PatientBeat::Answer { short: false, face: None }),
        Task::Devil(DevilBeat::Thought { face: None }),
        Task::Verdict,
        Task::Feedback { verdict: Verdict::default(), rolling: None, face: None, aloud: true },
    ]
}

/// One answer, asked for as in an evening: a model that reasons gets room, and one that reads little a shorter prompt.
struct Trial {
    ended: Result<Finish, NetError>,
    text: String,
    /// How long the first word took, if one came, and all of it.
    first: Option<Duration>,
    took: Duration,
}

async fn ask(
    client: &Client,
    model: &str,
    prompts: &Prompts,
    request: &AgentRequest,
    limits: Limits,
) -> Result<Trial, PromptError> {
    let (mut brief, mut repeated) = (false, false);
    loop {
        let asked = prompts.request(request, None, brief)?;
        let begun = Instant::now();
        let (mut text, mut first) = (String::new(), None);
        let hear = |piece: Piece<'_>| {
            first.get_or_insert_with(|| begun.elapsed());
            piece.add_to(&mut text);
            true
        };
        match client.chat(&asked, model, limits, hear).await {
            Err(NetError::TooLong) if !std::mem::replace(&mut brief, true) => {}
            Err(NetError::OnlyReasoned) if !std::mem::replace(&mut repeated, true) => {}
            ended => return Ok(Trial { ended, text, first, took: begun.elapsed() }),
        }
    }
}

/// Tries a model out with one request of each sort.
///
/// # Errors
/// [`ProbeError`], when the server does not answer at all; an answer that is wrong, or missing, is in the [`Probe`].
pub async fn probe(client: &Client, model: &str) -> Result<Probe, ProbeError> {
    let prompts = Prompts::new(1)?;
    let mut found = Probe::default();
    let (mut waits, mut words, mut spoke) = (Vec::new(), 0, Duration::ZERO);
    // The first request loads the model, and is not timed.
    let mut limits = Limits::WARM_UP;
    for task in tasks() {
        let request = sample::request(task);
        let trial = ask(client, model, &prompts, &request, limits).await?;
        if let Err(error) = &trial.ended
            && (found.asked == 0 || error.severity() == Severity::Permanent)
        {
            return Err(error.clone().into());
        }
        if found.asked > 0 {
            waits.extend(trial.first);
            spoke += trial.took.saturating_sub(trial.first.unwrap_or_default());
            words += trial.text.split_whitespace().count();
        }
        limits = Limits { first_token: Limits::WARM_UP.idle, turn: Limits::WARM_UP.turn, ..Limits::TURN };
        found.asked += 1;
        match trial.ended {
            Ok(Finish::Stop) => found.note(answer::read(&request, &trial.text, &prompts).err()),
            Ok(_) => found.note(Some(Unusable::CutShort)),
            Err(error) => found.strays.push(error.to_string()),
        }
    }
    waits.sort_unstable();
    found.first_word = waits.get(waits.len() / 2).copied().unwrap_or_default();
    found.words_a_second = words as f64 / spoke.as_secs_f64().max(0.001);
    Ok(found)
}
