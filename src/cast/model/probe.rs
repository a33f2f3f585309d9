//! Tries a model out before an evening: does it keep to the form, to the language, to its part, and how fast is it?
//!
//! What is sent is a moment of an evening that nobody held; no word of the person's is in it.

use std::time::{Duration, Instant};

use super::answer::{self, Unusable};
use super::prompts::{PromptError, Prompts};
use super::sample;
use crate::dialogue::request::{DevilBeat, PatientBeat, Task, Verdict};
use crate::net::NetError;
use crate::net::chat::Finish;
use crate::net::client::{Client, Limits, Piece};

/// How a model did.
#[derive(Clone, Debug, PartialEq)]
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

/// Tries a model out with one request of each sort.
///
/// # Errors
/// [`ProbeError`], when the server does not answer at all; an answer that is wrong is in the [`Probe`].
pub async fn probe(client: &Client, model: &str) -> Result<Probe, ProbeError> {
    let prompts = Prompts::new(1)?;
    let mut found = Probe {
        asked: 0,
        form: Vec::new(),
        language: 0,
        part: Vec::new(),
        strays: Vec::new(),
        first_word: Duration::ZERO,
        words_a_second: 0.0,
    };
    let (mut waits, mut words, mut spoke) = (Vec::new(), 0, Duration::ZERO);
    // The first request loads the model, and is not timed.
    let mut limits = Limits::WARM_UP;
    for task in tasks() {
        let request = sample::request(task);
        let asked = prompts.request(&request, None, false)?;
        let begun = Instant::now();
        let (mut text, mut first) = (String::new(), None);
        let finish = client
            .chat(&asked, model, limits, |piece| {
                first.get_or_insert_with(|| begun.elapsed());
                match piece {
                    Piece::Words(words) => text.push_str(words),
                    Piece::TakeBack => text.clear(),
                }
                true
            })
            .await?;
        if found.asked > 0 {
            waits.extend(first);
            spoke += begun.elapsed().saturating_sub(first.unwrap_or_default());
            words += text.split_whitespace().count();
        }
        limits = Limits { first_token: Limits::WARM_UP.idle, turn: Limits::WARM_UP.turn, ..Limits::TURN };
        found.asked += 1;
        let read = answer::read(&request, &text, &prompts);
        match if finish == Finish::Stop { read } else { Err(Unusable::CutShort) } {
            Ok(_) => {}
            Err(Unusable::OtherLanguage) => found.language += 1,
            Err(why @ Unusable::OutOfPart(_)) => found.part.push(why.to_string()),
            Err(why @ (Unusable::Form(_) | Unusable::Empty | Unusable::CutShort)) => {
                found.form.push(why.to_string());
            }
            Err(why) => found.strays.push(why.to_string()),
        }
    }
    waits.sort_unstable();
    found.first_word = waits.get(waits.len() / 2).copied().unwrap_or_default();
    found.words_a_second = words as f64 / spoke.as_secs_f64().max(0.001);
    Ok(found)
}
