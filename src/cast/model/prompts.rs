//! Prompts: files of `prompts/model/`, filled with what the evening knows.
//!
//! The system part depends on figure and beat alone, so that a server can keep it; facts stand in the user part, and
//! everything that somebody said stands there between tags, as material. No tag, role token or invisible character of
//! theirs gets through (`safety.md` 3 of the design's reference).

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use minijinja::value::Value;
use minijinja::{Environment, context};

use super::answer::Unusable;
use super::examples::Examples;
use super::own_words::OwnWords;
use super::phrases::{
    aim_phrase, face_phrase, move_phrase, resistance_phrase, rolling_phrase, technique_phrase,
};
use super::schema;
use crate::dialogue::agent::Agent;
use crate::dialogue::face::FaceCue;
use crate::dialogue::request::{AgentRequest, Context, DevilBeat, Farewell, PatientBeat, Task};
use crate::dialogue::resistance::RollingMove;
use crate::dialogue::technique::{Aim, CbtTechnique};
use crate::dialogue::text;
use crate::net::chat::{ChatRequest, Message, Role};

pub(super) static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/prompts/model");

/// Between the system part and the user part of a file.
const BORDER: &str = "\n=====\n";
/// The most characters of one quotation.
const LONGEST_QUOTE: usize = 400;
/// Why prompts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// A file is not in its form.
    #[error("prompts/model/{file}: {why}")]
    Form {
        /// Which file.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// A template cannot be filled.
    #[error("a prompt cannot be filled: {0}")]
    Template(#[from] minijinja::Error),
}

/// The prompts of all figures.
#[derive(Debug)]
pub struct Prompts {
    templates: Environment<'static>,
    versions: BTreeMap<String, u32>,
    own: OwnWords,
    examples: Examples,
}

impl Prompts {
    /// Reads the files that are built in. `seed` makes the mark that no answer may hold.
    ///
    /// # Errors
    /// [`PromptError`].
    pub fn new(seed: u64) -> Result<Self, PromptError> {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        let mut own = OwnWords::new(seed);
        let mut versions = BTreeMap::new();
        for file in FOLDER.files().filter(|file| file.path().extension().is_some_and(|end| end == "md")) {
            let name = file.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let wrong = |why: &str| PromptError::Form { file: format!("{name}.md"), why: why.to_owned() };
            let whole = file.contents_utf8().ok_or_else(|| wrong("it is no text"))?.replace("\r\n", "\n");
            let lines = whole.lines().filter(|line| !line.trim_start().starts_with("{%"));
            lines.for_each(|line| own.learn(line));
            if name == "house" {
                templates.add_template_owned("house.md", whole)?;
                continue;
            }
            let version = whole.split_once('\n').and_then(|(first, body)| {
                Some((first.strip_prefix("version: ")?.trim().parse::<u32>().ok()?, body))
            });
            let (version, body) = version.ok_or_else(|| wrong("its first line is \"version: N\""))?;
            versions.insert(name.clone(), version);
            let (system, user) =
                body.split_once(BORDER).ok_or_else(|| wrong("a line of ===== stands between its parts"))?;
            templates.add_template_owned(format!("{name}.system"), system.to_owned())?;
            templates.add_template_owned(format!("{name}.user"), user.to_owned())?;
        }
        let aims = [Aim::Presence, Aim::ToDevil, Aim::SmallAct, Aim::Stay].map(aim_phrase).into_iter();
        aims.chain(CbtTechnique::ALL.map(technique_phrase)).for_each(|phrase| own.learn(phrase));
        Ok(Self { templates, versions, own, examples: Examples::read() })
    }

    /// What is asked of the model. After an answer that could not be used its reason is told; `brief` leaves out what
    /// can be done without, for a model that reads little.
    ///
    /// # Errors
    /// [`PromptError::Template`].
    pub(super) fn request(
        &self,
        request: &AgentRequest,
        complaint: Option<&Unusable>,
        brief: bool,
    ) -> Result<ChatRequest, PromptError> {
        let (file, beat) = file_of(&request.task);
        let facts = self.facts(request, beat, brief);
        let render = |part: &str| self.templates.get_template(&format!("{file}.{part}"))?.render(&facts);
        let mut user = render("user")?.trim().to_owned();
        // Many templates take no second message by the same speaker.
        if let Some(why) = complaint {
            user.push_str(&format!(
                "\n\nYour last answer could not be used: {why}. Write another, in the same form."
            ));
        }
        let messages = vec![
            Message { role: Role::System, text: render("system")?.trim().to_owned() },
            Message { role: Role::User, text: user },
        ];
        let (max_tokens, temperature) = match &request.task {
            Task::Verdict => (600, 0.2),
            Task::Feedback { .. } => (700, 0.2),
            Task::Memory => (260, 0.3),
            Task::Hint { .. } => (260, 0.6),
            Task::Trigger { .. } => (200, 0.9),
            _ => (160, 0.8),
        };
        Ok(ChatRequest {
            messages,
            max_tokens,
            temperature,
            schema: schema::of(&request.task),
            picture: None,
        })
    }

    fn facts(&self, request: &AgentRequest, beat: &str, brief: bool) -> Value {
        let told = &*request.context;
        let lines = if brief { 4 } else { 14 };
        let farewell = farewell_of(&request.task);
        let task = TaskFacts::of(&request.task);
        let last_said = quoted(told.last_said());
        let resistance = told.verdict.as_ref().and_then(|verdict| verdict.resistance).map(resistance_phrase);
        let talk = talk(told, lines);
        let demos = if brief { Vec::new() } else { self.examples.demos(&request.task, told.last_said()) };
        let pairs = if brief { Vec::new() } else { self.examples.pairs(&request.task, told.last_said()) };
        let common = context! {
            beat => beat, canary => self.own.canary(),
            intensity => name(&told.intensity), band => name(&told.band), stage => name(&told.stage),
            theme => told.theme.map(|theme| theme.name()).unwrap_or_default(),
            concern => quoted(&told.concern), when => quoted(&told.when), belief => told.belief,
            distortion => told.distortion.map(|it| name(&it)).unwrap_or_default(),
            scene => quoted(&told.scene), round => told.round, memory => quoted_long(&told.memory),
            aim => aim_phrase(task.aim.unwrap_or(told.aim)), talk => talk, last_said => last_said,
            direction => name(&told.direction), resistance => resistance.unwrap_or_default(),
            used => first_words(told, speaker(&request.task)),
        };
        let own = context! {
            short => task.short, after_miss => task.after_miss, aloud => task.aloud,
            caption => caption(told, &request.task, task.face), faces => faces(told, &request.task, task.face),
            face => task.face.map(|cue| face_phrase(speaker(&request.task), cue)).unwrap_or_default(),
            rolling => task.rolling.map(rolling_phrase).unwrap_or_default(),
            ending => farewell.map(|it| name(&it.ending)).unwrap_or_default(),
            stopped => farewell.is_some_and(|it| it.stopped),
            demos => demos, pairs => pairs, plan => quoted(&told.plan.text), revision => told.revision,
            technique => told.plan.technique.map(|it| name(&it)).unwrap_or_default(),
            techniques => techniques(told, task.aim), missed => task.missed, moves => task.moves,
        };
        context! { ..common, ..own }
    }

    /// What stands in the prompts, and the words that are known here.
    pub(super) fn own(&self) -> &OwnWords {
        &self.own
    }

    /// The files and their versions, in a line for the log: "devil 2, guide 3".
    pub(super) fn versions(&self) -> String {
        let each = self.versions.iter().map(|(file, version)| format!("{file} {version}"));
        each.collect::<Vec<_>>().join(", ")
    }

    /// The file that a task is asked with, and its version.
    #[cfg(test)]
    pub(super) fn version(&self, task: &Task) -> (&'static str, u32) {
        let (file, _) = file_of(task);
        (file, self.versions.get(file).copied().unwrap_or_default())
    }
}

/// What the fields of a task say.
#[derive(Default)]
struct TaskFacts {
    short: bool,
    after_miss: bool,
    aloud: bool,
    face: Option<FaceCue>,
    rolling: Option<RollingMove>,
    aim: Option<Aim>,
    /// Whether the words went past the Patient.
    missed: bool,
    /// What the words did, in a phrase.
    moves: String,
}

impl TaskFacts {
    fn of(task: &Task) -> Self {
        let nothing = Self::default();
        match task {
            Task::Devil(DevilBeat::Thought { face }) => Self { face: *face, ..nothing },
            Task::Patient(PatientBeat::Answer { short, face }) => {
                Self { short: *short, face: *face, ..nothing }
            }
            Task::Hint { aim, after_miss, face } => {
                Self { aim: Some(*aim), after_miss: *after_miss, face: *face, ..nothing }
            }
            Task::Feedback { verdict, rolling, face, aloud } => {
                let moves: Vec<String> =
                    verdict.moves.iter().map(|reading| move_phrase(reading.kind)).collect();
                let (missed, moves) = (verdict.is_miss(), moves.join(", "));
                Self { rolling: *rolling, face: *face, aloud: *aloud, missed, moves, ..nothing }
            }
            _ => nothing,
        }
    }
}

/// The file of a task and its beat in it.
fn file_of(task: &Task) -> (&'static str, &'static str) {
    match task {
        Task::Trigger { closing: None } => ("trigger", "scene"),
        Task::Trigger { closing: Some(_) } => ("trigger", "closing"),
        Task::Devil(DevilBeat::Thought { .. }) => ("devil", "thought"),
        Task::Devil(DevilBeat::Reply) => ("devil", "reply"),
        Task::Devil(DevilBeat::Closing(_)) => ("devil", "closing"),
        Task::Patient(PatientBeat::Need) => ("patient", "need"),
        Task::Patient(PatientBeat::Answer { .. }) => ("patient", "answer"),
        Task::Patient(PatientBeat::GoOn) => ("patient", "go_on"),
        Task::Patient(PatientBeat::Closing(_)) => ("patient", "closing"),
        Task::Hint { .. } => ("guide", "hint"),
        Task::Feedback { .. } => ("guide", "feedback"),
        Task::Farewell(_) => ("guide", "farewell"),
        Task::Verdict => ("strategist", "verdict"),
        Task::Memory => ("memory", "memory"),
    }
}

fn farewell_of(task: &Task) -> Option<Farewell> {
    match task {
        Task::Trigger { closing } => *closing,
        Task::Devil(DevilBeat::Closing(farewell))
        | Task::Patient(PatientBeat::Closing(farewell))
        | Task::Farewell(farewell) => Some(*farewell),
        _ => None,
    }
}

fn speaker(task: &Task) -> Agent {
    match task {
        Task::Trigger { .. } => Agent::Trigger,
        Task::Devil(_) => Agent::Devil,
        Task::Patient(_) => Agent::Patient,
        _ => Agent::Guide,
    }
}

fn who(agent: Agent) -> &'static str {
    match agent {
        Agent::Trigger => "window",
        Agent::Devil => "devil",
        Agent::Patient => "patient",
        Agent::Guide => "guide",
    }
}

fn last<T>(all: &[T], most: usize) -> &[T] {
    &all[all.len().saturating_sub(most)..]
}

/// What somebody said, as material: no tag, no role token, no more than a few lines of it.
fn quoted(text: &str) -> String {
    as_material(text, LONGEST_QUOTE)
}

fn quoted_long(text: &str) -> String {
    as_material(text, 3 * LONGEST_QUOTE)
}

fn as_material(text: &str, most: usize) -> String {
    let text = text::clean(text);
    let mut plain = text.replace('<', "‹").replace('>', "›").replace(['{', '}', '|', '`', '#'], " ");
    for token in ["[INST]", "[/INST]", "[SYS]", "[/SYS]"] {
        plain = plain.replace(token, " ");
    }
    let plain = text::clean(&plain);
    text::first_chars(&plain, most).to_owned()
}

/// The first two words of a figure's last lines.
fn first_words(told: &Context, agent: Agent) -> Vec<String> {
    let firsts = told
        .lines_of(agent)
        .rev()
        .take(4)
        .map(|line| line.text.split_whitespace().take(2).collect::<Vec<_>>().join(" "));
    firsts.map(|words| quoted(&words)).filter(|words| !words.is_empty()).collect()
}

/// The last lines of the room in their order, the person's among them.
fn talk(told: &Context, most: usize) -> Vec<Value> {
    let mut talk = Vec::new();
    let mut said = told.said.iter().filter(|turn| !turn.text.is_empty()).peekable();
    for at in 0..=told.lines.len() {
        while let Some(turn) = said.next_if(|turn| turn.after <= at) {
            talk.push(context! { who => "person", text => quoted(&turn.text) });
        }
        if let Some(line) = told.lines.get(at) {
            talk.push(context! { who => who(line.agent), text => quoted(&line.text) });
        }
    }
    // What was said last stands by itself.
    if told.said.last().is_some_and(|turn| !turn.text.is_empty() && turn.after >= told.lines.len()) {
        talk.pop();
    }
    last(&talk, most).to_vec()
}

/// What the face did, for the two who are told of it: the Guide and the Devil (section 5 of the design).
fn caption(told: &Context, task: &Task, face: Option<FaceCue>) -> String {
    let is_told = face.is_some() && matches!(speaker(task), Agent::Guide | Agent::Devil);
    if is_told { quoted(&told.caption) } else { String::new() }
}

/// What it did beside the utterances before, for the same two; one alone is the caption itself.
fn faces(told: &Context, task: &Task, face: Option<FaceCue>) -> Vec<String> {
    let is_told = face.is_some() && matches!(speaker(task), Agent::Guide | Agent::Devil);
    if !is_told || told.faces.len() < 2 {
        return Vec::new();
    }
    told.faces.iter().map(|it| quoted(it)).collect()
}

/// The techniques of which one can be chosen, where the round has one.
fn techniques(told: &Context, aim: Option<Aim>) -> Vec<Value> {
    let (Some(Aim::Cbt(_)), Some(distortion)) = (aim, told.distortion) else { return Vec::new() };
    let fitted = CbtTechnique::fitted_to(distortion).into_iter();
    fitted.map(|it| context! { name => name(&it), phrase => technique_phrase(it) }).collect()
}

/// The name of an enum's value as it stands in the event log.
pub(super) fn name<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
