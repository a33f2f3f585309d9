//! What a model wrote, made a line of this figure, or refused: language models leave their part in many ways.

use super::answer::Unusable;
use super::prompts::Prompts;
use crate::dialogue::agent::Agent;
use crate::dialogue::request::{AgentRequest, Context};
use crate::dialogue::safety::Gate;
use crate::dialogue::text;

/// The most words a figure says at once (`voice.md` 1 of the design's reference), with a quarter of leave.
fn most_words(agent: Agent) -> usize {
    match agent {
        Agent::Trigger => 15,
        Agent::Devil => 18,
        Agent::Guide => 20,
        Agent::Patient => 36,
    }
}

/// Takes the sentences of one answer in order.
pub(super) struct Checker<'a> {
    agent: Agent,
    context: &'a Context,
    prompts: &'a Prompts,
    words: usize,
    spoke: bool,
    /// The sentences of this answer, as words.
    said: Vec<Vec<String>>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(agent: Agent, request: &'a AgentRequest, prompts: &'a Prompts) -> Self {
        Self { agent, context: &request.context, prompts, words: 0, spoke: false, said: Vec::new() }
    }

    /// Whether a sentence was let through.
    pub(super) fn spoke(&self) -> bool {
        self.spoke
    }

    /// Whether the figure has said as much as it may.
    pub(super) fn is_full(&self) -> bool {
        self.words >= most_words(self.agent)
    }

    /// A sentence as it may be heard; none for what is no sentence, or too much.
    pub(super) fn take(&mut self, sentence: &str) -> Result<Option<String>, Unusable> {
        let line = strip(self.agent, sentence)?;
        if line.is_empty() {
            return Ok(None);
        }
        let words = line.split_whitespace().count();
        if self.words + words > most_words(self.agent) {
            self.words = most_words(self.agent);
            return if self.spoke { Ok(None) } else { Err(Unusable::TooLong) };
        }
        self.check(&line)?;
        let sentence = plain_words(&line);
        if self.said.contains(&sentence) {
            return Err(Unusable::Repeats);
        }
        self.said.push(sentence);
        self.words += words;
        self.spoke = true;
        Ok(Some(line))
    }

    fn check(&self, line: &str) -> Result<(), Unusable> {
        if self.prompts.is_leaked_by(line) {
            return Err(Unusable::Leaked);
        }
        let lower = format!(" {} ", plain_words(line).join(" "));
        if let Some(says) = OUT_OF_PART.iter().find(|says| lower.contains(&format!(" {says} "))) {
            return Err(Unusable::OutOfPart((*says).to_owned()));
        }
        if !is_english(line) {
            return Err(Unusable::OtherLanguage);
        }
        if is_loop(line) || self.was_said(line) {
            return Err(Unusable::Repeats);
        }
        Gate.pass(self.agent, line).map(|_gated| ()).map_err(|blocked| Unusable::Gate(blocked.to_string()))
    }

    /// Whether this figure has said the same before, or another one has just said it.
    fn was_said(&self, line: &str) -> bool {
        let words = plain_words(line);
        words.len() > 3 && self.context.lines.iter().any(|before| plain_words(&before.text) == words)
    }
}

/// A whole answer that is one line.
pub(super) fn whole(
    agent: Agent,
    request: &AgentRequest,
    prompts: &Prompts,
    text: &str,
) -> Result<String, Unusable> {
    let mut checker = Checker::new(agent, request, prompts);
    let mut sentences = text::Sentences::default();
    let mut all = sentences.push(text);
    all.extend(sentences.finish());
    let mut line: Vec<String> = Vec::new();
    for sentence in all {
        match checker.take(&sentence) {
            Ok(Some(sentence)) => line.push(sentence),
            Ok(None) => {}
            Err(why) => return Err(why),
        }
    }
    if line.is_empty() { Err(Unusable::Empty) } else { Ok(line.join(" ")) }
}

/// Takes off what models put around a line: quotation marks, the figure's own name, what it does with its hands.
/// Another figure's name, markup and tags are no line at all.
fn strip(agent: Agent, sentence: &str) -> Result<String, Unusable> {
    let marks = ['<', '>', '{', '}', '|', '#', '`', '~', '$', '%', '=', '\\', '!'];
    if sentence.contains(marks) || sentence.contains("](") {
        return Err(Unusable::Markup);
    }
    // Bold is stress, and a voice has its own.
    let mut line = text::clean(sentence).replace("**", "");
    if line.starts_with(['-', '–', '—', '•']) {
        return Err(Unusable::Markup);
    }
    let named = line.split(['[', ']']).skip(1).step_by(2).filter_map(speaker_of);
    if named.into_iter().any(|speaker| speaker != Some(agent)) {
        return Err(Unusable::OtherFigure);
    }
    // What stands in brackets or between asterisks is done, not said.
    for (open, close) in [('(', ')'), ('[', ']'), ('*', '*')] {
        while let Some((from, to)) = enclosed(&line, open, close) {
            line.replace_range(from..to, " ");
        }
    }
    line = text::clean(&line);
    loop {
        let before = line.len();
        line = without_quotes(line.trim()).to_owned();
        if let Some((name, rest)) = line.split_once(':')
            && let Some(speaker) = speaker_of(name)
        {
            if speaker != Some(agent) {
                return Err(Unusable::OtherFigure);
            }
            line = rest.trim().to_owned();
        }
        if line.len() == before {
            break;
        }
    }
    if line.contains(['*', '_', '(', ')', '[', ']'])
        || line.starts_with(|c: char| c.is_ascii_digit()) && line[1..].starts_with(['.', ')'])
    {
        return Err(Unusable::Markup);
    }
    Ok(if line.chars().any(char::is_alphanumeric) { line } else { String::new() })
}

fn enclosed(line: &str, open: char, close: char) -> Option<(usize, usize)> {
    let from = line.find(open)?;
    let to = line[from + 1..].find(close)? + from + 1;
    // Between asterisks stands what is done, or one stressed word: that one is said.
    (open != '*' || line[from..to].contains(' ') || from == 0).then_some((from, to + close.len_utf8()))
}

fn without_quotes(line: &str) -> &str {
    for (open, close) in [('"', '"'), ('“', '”'), ('‘', '’'), ('«', '»')] {
        if let Some(inner) = line.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
            && !inner.contains(open)
        {
            return inner.trim();
        }
    }
    // The other mark of the pair stands in another sentence.
    let marks = ['"', '“', '”', '«', '»'];
    if line.matches(marks).count() == 1 { line.trim_matches(marks) } else { line }
}

/// Whether a line is English, by its commonest words: a language is told from few of them, where a line is too short
/// for anything cleverer. The gate looks, too.
fn is_english(line: &str) -> bool {
    let words = plain_words(line);
    let foreign = line.chars().filter(|c| c.is_alphabetic() && !c.is_ascii() && !"éèïö".contains(*c)).count();
    let common =
        words.iter().filter(|word| COMMON.contains(&word.split('\'').next().unwrap_or(word))).count();
    let sure = words.iter().any(|word| COMMON.contains(&word.as_str()) && !SHARED.contains(&word.as_str()));
    let other = || {
        let told = whatlang::detect(line).filter(|told| words.len() >= 6 && told.confidence() > 0.5);
        told.is_some_and(|told| told.lang() != whatlang::Lang::Eng)
    };
    foreign == 0
        && (words.len() < 7 || sure)
        && (words.len() < 5 || common * 100 >= words.len() * 18)
        && (common * 3 >= words.len() || !other())
}

const COMMON: [&str; 118] = [
    "a", "about", "after", "again", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been",
    "before", "but", "by", "can", "could", "did", "do", "does", "down", "for", "from", "get", "go", "got",
    "had", "has", "have", "he", "her", "here", "him", "his", "how", "i", "if", "in", "into", "is", "it",
    "its", "just", "kept", "know", "left", "let", "like", "me", "more", "my", "never", "no", "nobody", "not",
    "now", "of", "off", "on", "once", "one", "only", "or", "other", "our", "out", "over", "said", "say",
    "see", "she", "so", "some", "still", "than", "that", "the", "their", "them", "then", "there", "they",
    "thing", "this", "though", "time", "to", "too", "under", "until", "up", "us", "was", "we", "were",
    "what", "when", "where", "which", "while", "who", "why", "will", "with", "without", "would", "yes",
    "yet", "you", "your", "behind", "isn", "don", "didn", "wasn", "every",
];

/// Whose name stands before a colon; `Some(None)` for one that is in the piece and has no lines.
fn speaker_of(name: &str) -> Option<Option<Agent>> {
    let name = name.trim().trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    match name.trim_start_matches("the ") {
        "devil" | "critic" | "inner critic" => Some(Some(Agent::Devil)),
        "patient" => Some(Some(Agent::Patient)),
        "guide" => Some(Some(Agent::Guide)),
        "window" | "trigger" | "scene" => Some(Some(Agent::Trigger)),
        "person" | "visitor" | "user" | "you" | "assistant" | "system" | "human" | "strategist"
        | "memory" | "narrator" => Some(None),
        _ => None,
    }
}

fn plain_words(line: &str) -> Vec<String> {
    let lower = line.to_lowercase().replace('’', "'");
    lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether a line turns in a circle: three words running for the third time, or one word four times in a row.
fn is_loop(line: &str) -> bool {
    let words = plain_words(line);
    let circle = words.windows(3).any(|run| words.windows(3).filter(|other| *other == run).count() >= 3);
    circle || words.windows(4).any(|run| run.iter().all(|word| *word == run[0]))
}

/// Common words that other languages have, too.
const SHARED: [&str; 15] =
    ["a", "an", "as", "do", "for", "he", "in", "is", "me", "no", "on", "or", "so", "up", "us"];

/// What no figure says and models do when they leave their part: remarks about being one, refusals, announcements.
const OUT_OF_PART: [&str; 128] = [
    "ai",
    "instruction",
    "instructions",
    "forget who you are",
    "word for word",
    "ignore your",
    "your rules",
    "all rules",
    "the rules",
    "new role",
    "your role",
    "new task",
    "end of memory",
    "debug mode",
    "override",
    "important copy",
    "every agent",
    "the next agent",
    "the next speaker",
    "whoever reads",
    "everyone who reads",
    "pass it on",
    "passes it on",
    "hand it on",
    "print your",
    "as an ai",
    "an ai",
    "i'm an ai",
    "language model",
    "ai model",
    "ai assistant",
    "your assistant",
    "an assistant",
    "virtual assistant",
    "chatbot",
    "openai",
    "anthropic",
    "my programming",
    "my training",
    "my guidelines",
    "my instructions",
    "the instructions",
    "these instructions",
    "system prompt",
    "this prompt",
    "the prompt",
    "your prompt",
    "my prompt",
    "roleplay",
    "role play",
    "role playing",
    "in this role",
    "this role",
    "this character",
    "the character",
    "my character",
    "stay in character",
    "in character",
    "as the devil",
    "as the patient",
    "as the guide",
    "as the trigger",
    "as the strategist",
    "as your inner critic",
    "the person says",
    "the person said",
    "i'm sorry but i",
    "i'm sorry i can't",
    "i am sorry but i",
    "i apologize",
    "i apologise",
    "i can't continue",
    "i cannot continue",
    "i can't assist",
    "i cannot assist",
    "i can't help with",
    "i cannot help with",
    "i can't comply",
    "i cannot comply",
    "i'm not able to continue",
    "i'm unable to",
    "i am unable to",
    "not comfortable with",
    "not appropriate for me",
    "i won't be able to",
    "reach out to a professional",
    "mental health professional",
    "seek professional",
    "professional help",
    "a licensed",
    "a therapist",
    "sure here",
    "sure here's",
    "certainly here",
    "here is a",
    "here is the",
    "here's a line",
    "here's the line",
    "here's a short",
    "feel free to",
    "let me know if",
    "the devil",
    "the patient",
    "the guide",
    "the trigger",
    "you are the",
    "answer in english",
    "at most 14",
    "at most 28",
    "at most 16",
    "at most 12",
    "plain text",
    "no markup",
    "no insults",
    "set the scene",
    "in one line",
    "must decline",
    "crisis line",
    "help is available",
    "someone you know",
    "important to remember",
    "important to treat",
    "self criticism",
    "it's important to",
    "rules 1",
    "stage heard",
    "strength 0",
    "theme work",
];

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::dialogue::ids::{AskId, Revision};
    use crate::dialogue::request::{PatientBeat, Task};

    fn request() -> AgentRequest {
        let setup = crate::dialogue::Setup::default();
        let context = Context {
            seed: 1,
            theme: None,
            concern: "I froze in the meeting".to_owned(),
            when: String::new(),
            belief: 7,
            intensity: setup.intensity,
            band: crate::dialogue::strength::Band::High,
            stage: crate::dialogue::strength::Stage::Heard,
            round: 2,
            distortion: None,
            scene: String::new(),
            aim: crate::dialogue::technique::Aim::Presence,
            lines: Vec::new(),
            said: Vec::new(),
            memory: String::new(),
            verdict: None,
        };
        AgentRequest {
            ask: AskId(1),
            turn: 1,
            basis: Revision::default(),
            lang: "en".to_owned(),
            context: Arc::new(context),
            task: Task::Patient(PatientBeat::Need),
        }
    }

    fn agent(name: &str) -> Agent {
        match name {
            "devil" => Agent::Devil,
            "patient" => Agent::Patient,
            "guide" => Agent::Guide,
            _ => Agent::Trigger,
        }
    }

    fn rows(file: &str) -> Vec<Vec<String>> {
        let text = std::fs::read_to_string(format!("tests/model/{file}.tsv")).expect("the list is there");
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split('\t').map(|field| field.replace("\\n", "\n")).collect())
            .collect()
    }

    #[test]
    fn what_a_bad_model_writes_is_no_line() {
        let (request, prompts) = (request(), Prompts::new(3).expect("the prompts are in their form"));
        let mut through = Vec::new();
        for row in rows("bad") {
            let Ok(line) = whole(agent(&row[1]), &request, &prompts, &row[2]) else { continue };
            // What a figure does with its hands is taken off; a line that is left is one of its own.
            let stripped = row[2].contains(['(', '*', '[']) && !line.contains(['(', '*', '[']);
            if !(stripped && ["stage_directions", "meta", "markdown"].contains(&row[0].as_str())) {
                through.push(format!("{} {}: {:?} came through as {line:?}", row[0], row[1], row[2]));
            }
        }
        assert!(through.is_empty(), "{} of 180: {through:#?}", through.len());
    }

    #[test]
    fn what_a_good_model_writes_is_one() {
        let (request, prompts) = (request(), Prompts::new(3).expect("the prompts are in their form"));
        let mut stopped = Vec::new();
        for row in rows("good") {
            if let Err(why) = whole(agent(&row[0]), &request, &prompts, &row[1]) {
                stopped.push(format!("{}: {} ({why})", row[0], row[1]));
            }
        }
        assert!(stopped.is_empty(), "{stopped:#?}");
    }

    #[test]
    fn what_stands_around_a_line_is_taken_off() {
        let (request, prompts) = (request(), Prompts::new(3).expect("the prompts are in their form"));
        for text in [
            "\"One drawer. All right.\"",
            "Patient: One drawer. All right.",
            "*looks up* One drawer. All right.",
            "(a pause) One drawer. All right.",
            "**Patient:** “One drawer. All right.”",
        ] {
            let line = whole(Agent::Patient, &request, &prompts, text);
            assert_eq!(line.as_deref(), Ok("One drawer. All right."), "{text}");
        }
    }
}
