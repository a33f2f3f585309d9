//! Prompts: files of `prompts/model/`, filled with what the evening knows.
//!
//! The system part depends on figure and beat alone, so that a server can keep it; facts stand in the user part, and
//! everything that somebody said stands there between tags, as material. No tag, role token or invisible character of
//! theirs gets through (`safety.md` 3 of the design's reference).

use std::collections::HashSet;

use include_dir::{Dir, include_dir};
use minijinja::value::Value;
use minijinja::{Environment, context};

use super::answer::Unusable;
use super::nearest::Nearest;
use super::phrases::{aim_phrase, face_phrase, language, rolling_phrase};
use super::schema;
use crate::dialogue::agent::Agent;
use crate::dialogue::face::FaceCue;
use crate::dialogue::request::{AgentRequest, Context, DevilBeat, Farewell, PatientBeat, Task};
use crate::dialogue::resistance::RollingMove;
use crate::dialogue::technique::Aim;
use crate::dialogue::text;
use crate::net::chat::{ChatRequest, Message, Role};

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/prompts/model");
static EXAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/prompts/story/reading/examples");

/// Between the system part and the user part of a file.
const BORDER: &str = "\n=====\n";
/// The most characters of one quotation.
const LONGEST_QUOTE: usize = 400;
/// So many words in a row of a prompt are no coincidence.
const LEAK: usize = 8;

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
    canary: String,
    /// Runs of words that stand in the prompts, and so in no line.
    own: HashSet<Vec<String>>,
    moves: Nearest,
    skills: Nearest,
}

impl Prompts {
    /// Reads the files that are built in. `seed` makes the mark that no answer may hold.
    ///
    /// # Errors
    /// [`PromptError`].
    pub fn new(seed: u64) -> Result<Self, PromptError> {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        let mut own = HashSet::new();
        for file in FOLDER.files().filter(|file| file.path().extension().is_some_and(|end| end == "md")) {
            let name = file.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let wrong = |why: &str| PromptError::Form { file: format!("{name}.md"), why: why.to_owned() };
            let whole = file.contents_utf8().ok_or_else(|| wrong("it is no text"))?.replace("\r\n", "\n");
            for line in whole.lines().filter(|line| !line.trim_start().starts_with("{%")) {
                let words = words_of(line);
                own.extend(words.windows(LEAK).map(<[String]>::to_vec));
            }
            if name == "house" {
                templates.add_template_owned("house.md", whole)?;
                continue;
            }
            let body = whole.split_once('\n').filter(|(first, _)| first.starts_with("version: "));
            let (_, body) = body.ok_or_else(|| wrong("its first line is \"version: N\""))?;
            let (system, user) =
                body.split_once(BORDER).ok_or_else(|| wrong("a line of ===== stands between its parts"))?;
            templates.add_template_owned(format!("{name}.system"), system.to_owned())?;
            templates.add_template_owned(format!("{name}.user"), user.to_owned())?;
        }
        let canary =
            format!("mark-{:08x}", (seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32);
        Ok(Self { templates, canary, own, moves: move_examples(), skills: skill_examples() })
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
        let mut messages = vec![
            Message { role: Role::System, text: render("system")?.trim().to_owned() },
            Message { role: Role::User, text: render("user")?.trim().to_owned() },
        ];
        if let Some(why) = complaint {
            let text =
                format!("Your last answer could not be used: {why}. Answer again, and keep to the form.");
            messages.push(Message { role: Role::User, text });
        }
        let (max_tokens, temperature) = match &request.task {
            Task::Verdict => (600, 0.2),
            Task::Feedback { .. } => (700, 0.2),
            Task::Memory => (260, 0.3),
            Task::Trigger { .. } => (200, 0.9),
            _ => (160, 0.8),
        };
        Ok(ChatRequest { messages, max_tokens, temperature, schema: schema::of(&request.task) })
    }

    fn facts(&self, request: &AgentRequest, beat: &str, brief: bool) -> Value {
        let told = &*request.context;
        let (lines, said) = if brief { (3, 1) } else { (12, 4) };
        let farewell = farewell_of(&request.task);
        let task = TaskFacts::of(&request.task);
        let last_said = quoted(told.last_said());
        let verdict = told.verdict.as_ref();
        let direction = verdict.map(|verdict| name(&verdict.direction)).unwrap_or_default();
        let resistance = verdict.and_then(|verdict| verdict.resistance);
        let resistance =
            resistance.map(|it| format!("{}, {}", name(&it.kind), name(&it.signal).replace('_', " ")));
        let spoken: Vec<Value> = last(&told.lines, lines)
            .iter()
            .map(|line| context! { who => who(line.agent), text => quoted(&line.text) })
            .collect();
        let person: Vec<String> = last(&told.said, said).iter().map(|turn| quoted(&turn.text)).collect();
        let demos = if brief { Vec::new() } else { self.demos(&request.task, told.last_said()) };
        let pairs = if brief { Vec::new() } else { self.pairs(&request.task, told.last_said()) };
        let common = context! {
            lang_name => language(&request.lang), beat => beat, canary => &self.canary,
            intensity => name(&told.intensity), band => name(&told.band), stage => name(&told.stage),
            theme => told.theme.map(|theme| theme.name()).unwrap_or_default(),
            concern => quoted(&told.concern), when => quoted(&told.when), belief => told.belief,
            distortion => told.distortion.map(|it| name(&it)).unwrap_or_default(),
            scene => quoted(&told.scene), round => told.round, memory => quoted_long(&told.memory),
            aim => aim_phrase(task.aim.unwrap_or(told.aim)), lines => spoken, said => person,
            last_said => last_said, direction => direction, resistance => resistance.unwrap_or_default(),
            used => first_words(told, speaker(&request.task)),
        };
        let own = context! {
            short => task.short, after_miss => task.after_miss, aloud => task.aloud,
            face => task.face.map(face_phrase).unwrap_or_default(),
            rolling => task.rolling.map(rolling_phrase).unwrap_or_default(),
            ending => farewell.map(|it| name(&it.ending)).unwrap_or_default(),
            stopped => farewell.is_some_and(|it| it.stopped),
            demos => demos, pairs => pairs, plan => format!("{}, revised {} times", aim_phrase(told.aim), revisions(told)),
        };
        context! { ..common, ..own }
    }

    /// The nearest examples: of moves for the Strategist, of skills for the rater, from our own written sets.
    fn demos(&self, task: &Task, said: &str) -> Vec<Value> {
        match task {
            Task::Verdict => self
                .moves
                .one_of_each(said, 0, 5)
                .into_iter()
                .map(|row| context! { kind => &row[0], text => &row[1] })
                .collect(),
            Task::Feedback { .. } => self
                .skills
                .one_of_each(said, 0, 7)
                .into_iter()
                .map(|row| context! { skill => &row[0], rating => &row[1], text => &row[3], reasoning => &row[4] })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Contrasting pairs: the nearest example that lacks a skill, and the same sentence with it (IMBUE 4.1).
    fn pairs(&self, task: &Task, said: &str) -> Vec<Value> {
        if !matches!(task, Task::Feedback { .. }) {
            return Vec::new();
        }
        let lacking = self.skills.nearest(said).into_iter().filter(|row| !row[5].is_empty());
        lacking.take(2).map(|row| context! { skill => &row[0], weak => &row[3], strong => &row[5] }).collect()
    }

    /// Whether a text gives away what the model was told.
    pub(super) fn is_leaked_by(&self, text: &str) -> bool {
        text.contains(&self.canary) || words_of(text).windows(LEAK).any(|run| self.own.contains(run))
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
}

impl TaskFacts {
    fn of(task: &Task) -> Self {
        let nothing = Self::default();
        match task {
            Task::Devil(DevilBeat::Thought { face }) => Self { face: *face, ..nothing },
            Task::Patient(PatientBeat::Answer { short, face }) => {
                Self { short: *short, face: *face, ..nothing }
            }
            Task::Hint { aim, after_miss } => Self { aim: Some(*aim), after_miss: *after_miss, ..nothing },
            Task::Feedback { rolling, face, aloud, .. } => {
                Self { rolling: *rolling, face: *face, aloud: *aloud, ..nothing }
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

fn revisions(told: &Context) -> usize {
    use crate::dialogue::moves::MoveClass;
    let missed = |turn: &&crate::dialogue::request::SaidTurn| {
        !turn.moves.is_empty() && turn.moves.iter().all(|reading| reading.kind.class() == MoveClass::Anti)
    };
    told.said.iter().filter(missed).count()
}

/// The name of an enum's value as it stands in the event log.
fn name<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

fn words_of(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn move_examples() -> Nearest {
    let files = EXAMPLES.files().filter_map(|file| file.contents_utf8());
    Nearest::new(files.flat_map(str::lines), 2, 1)
}

fn skill_examples() -> Nearest {
    let file = FOLDER.get_file("skills.tsv").and_then(|file| file.contents_utf8()).unwrap_or_default();
    Nearest::new(file.lines(), 6, 3)
}
