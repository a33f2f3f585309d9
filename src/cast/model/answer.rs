//! Reads a whole answer: JSON as models write it, or one line.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::line;
use super::prompts::Prompts;
use crate::dialogue::agent::Agent;
use crate::dialogue::moves::MoveReading;
use crate::dialogue::request::{AgentAnswer, AgentRequest, Context, DevilBeat, Plan, Task, Verdict};
use crate::dialogue::safety::Gate;
use crate::dialogue::skills::{Rating, SkillRatings};
use crate::dialogue::text::{clean, first_chars};
use crate::dialogue::theme::{Theme, Window};

/// Why an answer is not what was asked for. What follows it is told to the model, once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
    /// Nothing was in it.
    #[error("it was empty")]
    Empty,
    /// It had to be JSON of a form.
    #[error("it was not the JSON object that was asked for: {0}")]
    Form(String),
    /// It was cut before its end.
    #[error("it was cut short")]
    CutShort,
    /// It was longer than a line may be.
    #[error("it was too long")]
    TooLong,
    /// There was markup in it.
    #[error("there was markup in it")]
    Markup,
    /// It spoke for somebody else.
    #[error("it spoke for another figure")]
    OtherFigure,
    /// It was not in the language of the evening.
    #[error("it was in another language")]
    OtherLanguage,
    /// It was a piece of a sentence.
    #[error("it was not a whole sentence")]
    Fragment,
    /// It was letters, and hardly any words.
    #[error("most of its words were none")]
    NoWords,
    /// It was said out of the part.
    #[error("it left the part: {0}")]
    OutOfPart(String),
    /// It said what was said before, or turned in a circle.
    #[error("it repeated what was said before")]
    Repeats,
    /// It gave away what it was told.
    #[error("it repeated what it was told")]
    Leaked,
    /// The gate stopped it.
    #[error("it was not let through: {0}")]
    Gate(String),
    /// The prompt could not be made.
    #[error("the prompt could not be made: {0}")]
    Prompt(String),
}

/// The longest plan, in characters.
const LONGEST_PLAN: usize = 200;
/// The longest memory, in characters.
const LONGEST_MEMORY: usize = 1_200;

/// Reads an answer to a request.
pub(super) fn read(request: &AgentRequest, text: &str, prompts: &Prompts) -> Result<AgentAnswer, Unusable> {
    let spoken = |agent, text: &str| line::whole(agent, request, prompts, text);
    match &request.task {
        Task::Trigger { .. } => {
            let value = object(text)?;
            let theme: Theme = field(&value, "theme").or(request.context.theme).unwrap_or_default();
            let window = Window {
                hour: field(&value, "hour").unwrap_or_default(),
                weather: field(&value, "weather").unwrap_or_default(),
                peopled: value["peopled"].as_bool().unwrap_or(false),
            };
            let text = spoken(Agent::Trigger, words(&value, "scene")?)?;
            Ok(AgentAnswer::Scene { text, window, theme: request.context.theme.unwrap_or(theme) })
        }
        Task::Devil(DevilBeat::Thought { .. }) => {
            let value = object(text)?;
            let text = spoken(Agent::Devil, words(&value, "thought")?)?;
            let distortion = request.context.distortion.or_else(|| field(&value, "distortion"));
            Ok(AgentAnswer::Spoken { text, callback: false, distortion })
        }
        Task::Devil(_) => Ok(AgentAnswer::spoken(spoken(Agent::Devil, text)?)),
        Task::Patient(_) => Ok(AgentAnswer::spoken(spoken(Agent::Patient, text)?)),
        Task::Hint { .. } => {
            let value = object(text)?;
            let text = spoken(Agent::Guide, words(&value, "hint")?)?;
            Ok(AgentAnswer::Hint { text, plan: plan(&value, &request.context, prompts) })
        }
        Task::Farewell(_) => Ok(AgentAnswer::spoken(spoken(Agent::Guide, text)?)),
        Task::Verdict => Ok(AgentAnswer::Verdict(verdict(&object(text)?))),
        Task::Feedback { aloud, .. } => {
            let value = object(text)?;
            let remark =
                value["remark"].as_str().map(str::trim).filter(|remark| *aloud && !remark.is_empty());
            let remark = remark.map(|remark| spoken(Agent::Guide, remark)).transpose()?;
            Ok(AgentAnswer::Feedback { text: remark, skills: skills(&value) })
        }
        Task::Memory => {
            let memory = clean(text);
            line::is_fit_to_be_kept(&memory, &request.context, prompts)?;
            Ok(AgentAnswer::Memory { text: first_chars(&memory, LONGEST_MEMORY).to_owned() })
        }
    }
}

/// The JSON object in a text: bare, in a fence, or with words around it.
fn object(text: &str) -> Result<Value, Unusable> {
    let form = |why: &str| Unusable::Form(why.to_owned());
    let from = text.find('{').ok_or_else(|| form("there is none"))?;
    let to = text.rfind('}').filter(|to| *to > from).ok_or_else(|| form("it does not end"))?;
    let bare = &text[from..=to];
    let parsed = serde_json::from_str::<Value>(bare)
        .or_else(|_error| serde_json::from_str(&without_trailing_commas(bare)));
    match parsed {
        Ok(value) if value.is_object() => Ok(value),
        Ok(_) => Err(form("it is no object")),
        Err(error) => Err(form(&error.to_string())),
    }
}

/// Commas before a closing bracket, which JSON does not have and models write.
fn without_trailing_commas(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in text.chars() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else {
            in_string = c == '"';
            if matches!(c, '}' | ']') {
                let end = out.trim_end().len();
                if out[..end].ends_with(',') {
                    out.truncate(end - 1);
                }
            }
        }
        out.push(c);
    }
    out
}

/// A field that is one of a few names, however it was written.
fn field<T: DeserializeOwned>(value: &Value, name: &str) -> Option<T> {
    let written = value[name].as_str()?;
    serde_json::from_value(Value::String(as_name(written))).ok()
}

fn as_name(written: &str) -> String {
    let lower = written.trim().to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

fn words<'a>(value: &'a Value, name: &str) -> Result<&'a str, Unusable> {
    let text = value[name].as_str().map(str::trim).filter(|text| !text.is_empty());
    text.ok_or_else(|| Unusable::Form(format!("\"{name}\" is missing")))
}

/// The Guide's plan. One that leaves its part is none.
fn plan(value: &Value, told: &Context, prompts: &Prompts) -> Plan {
    let text = clean(value["plan"].as_str().unwrap_or_default());
    let text = first_chars(&text, LONGEST_PLAN);
    let gated = Gate.pass(Agent::Guide, text).is_ok();
    let fit = gated && line::is_fit_to_be_kept(text, told, prompts).is_ok();
    Plan { technique: field(value, "technique"), text: if fit { text.to_owned() } else { String::new() } }
}

/// The Strategist's reading. What a model leaves out or invents is nothing found.
fn verdict(value: &Value) -> Verdict {
    let moves = value["moves"].as_array().map(Vec::as_slice).unwrap_or_default();
    let moves: Vec<MoveReading> = moves
        .iter()
        .filter_map(|reading| {
            let kind = field(reading, "move").or_else(|| field(reading, "kind"))?;
            Some(MoveReading { kind, anchor: field(reading, "anchor").unwrap_or_default() })
        })
        .take(3)
        .collect();
    // What is named twice was done once.
    let moves = moves
        .iter()
        .enumerate()
        .filter(|(at, reading)| !moves[..*at].iter().any(|it| it.kind == reading.kind));
    let moves: Vec<MoveReading> = moves.map(|(_, reading)| *reading).collect();
    let resistance = &value["resistance"];
    let resistance = field(resistance, "kind")
        .zip(field(resistance, "signal"))
        .map(|(kind, signal)| crate::dialogue::resistance::Resistance { kind, signal });
    let reason = value["reasoning"].as_str().map(clean).unwrap_or_default();
    Verdict {
        addressee: field(value, "addressee").unwrap_or_default(),
        moves,
        silence: false,
        raw: value["raw"].as_bool().unwrap_or(false),
        resistance,
        direction: field(value, "direction").unwrap_or_default(),
        end: value["end"].as_bool().unwrap_or(false),
        clause: None,
        reason: first_chars(&reason, 200).to_owned(),
    }
}

fn skills(value: &Value) -> SkillRatings {
    let rating = |name| field::<Rating>(value, name).unwrap_or_default();
    let yes = |name: &str| value[name].as_bool().unwrap_or(value[name].as_str() == Some("yes"));
    SkillRatings {
        describe: rating("describe"),
        express: rating("express"),
        assert: rating("assert"),
        reinforce: rating("reinforce"),
        negotiate: rating("negotiate"),
        mindful: yes("mindful"),
        confident: yes("confident"),
    }
}
