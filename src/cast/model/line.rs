//! What a model wrote, made a line of this figure, or refused: language models leave their part in many ways.

use super::answer::Unusable;
use super::prompts::Prompts;
use super::stray::{NAMED, OUTSIDE, is_english, is_loop, plain_words};
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

/// Words of somebody who speaks or is spoken to.
const SPEAKERS: [&str; 19] = [
    " i ",
    " i'm ",
    " i'd ",
    " i'll ",
    " i've ",
    " me ",
    " my ",
    " mine ",
    " myself ",
    " you ",
    " you're ",
    " you'd ",
    " you'll ",
    " you've ",
    " your ",
    " yours ",
    " yourself ",
    " we ",
    " our ",
];

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
        // "she said." and "and then," are pieces of a sentence.
        if line.starts_with(char::is_lowercase) || line.ends_with([',', ';', ':']) {
            return Err(Unusable::Fragment);
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
        if self.prompts.own().is_leaked_by(line) {
            return Err(Unusable::Leaked);
        }
        let lower = format!(" {} ", plain_words(line).join(" "));
        if let Some(says) = OUTSIDE.iter().chain(&NAMED).find(|says| lower.contains(&format!(" {says} "))) {
            return Err(Unusable::OutOfPart((*says).to_owned()));
        }
        if !is_english(line) {
            return Err(Unusable::OtherLanguage);
        }
        if self.prompts.own().is_gibberish(line, self.context) {
            return Err(Unusable::NoWords);
        }
        // Nobody speaks in the window, and nobody is spoken to.
        if let Some(who) = SPEAKERS.iter().find(|who| self.agent == Agent::Trigger && lower.contains(*who)) {
            return Err(Unusable::OutOfPart(who.trim().to_owned()));
        }
        if is_loop(line) || self.was_said(line) {
            return Err(Unusable::Repeats);
        }
        Gate.pass(self.agent, line).map(|_gated| ()).map_err(|blocked| Unusable::Gate(blocked.to_string()))
    }

    /// Whether this figure has said the same before, or another one has just said it.
    fn was_said(&self, line: &str) -> bool {
        let words = plain_words(line);
        let again = |text: &str| plain_words(text) == words;
        let mut before = self.context.lines.iter().map(|line| line.text.as_str());
        words.len() > 3 && before.any(|text| again(text) || text.split_inclusive(['.', '?', '…']).any(again))
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
    let line = line.join(" ");
    // What no sentence gives away the whole can: a line of an example, or one that was said before.
    if prompts.own().is_leaked_by(&line) {
        return Err(Unusable::Leaked);
    }
    if checker.was_said(&line) {
        return Err(Unusable::Repeats);
    }
    if !line.is_empty() {
        Gate.pass(agent, &line).map_err(|blocked| Unusable::Gate(blocked.to_string()))?;
    }
    if line.is_empty() { Err(Unusable::Empty) } else { Ok(line) }
}

/// Whether a text that nobody hears may be kept for the figures to read: a memory, a plan.
pub(super) fn is_fit_to_be_kept(text: &str, told: &Context, prompts: &Prompts) -> Result<(), Unusable> {
    if !text.chars().any(char::is_alphabetic) {
        return Err(Unusable::Empty);
    }
    if text.contains(['{', '<', '[', '|', '`', '#', '*', '$', '%', '\\']) {
        return Err(Unusable::Markup);
    }
    if prompts.own().is_leaked_by(text) {
        return Err(Unusable::Leaked);
    }
    let lower = format!(" {} ", plain_words(text).join(" "));
    // It tells of the evening. Only what it quotes is somebody's own.
    let unquoted: String = text.split('"').step_by(2).collect();
    let unquoted = format!(" {} ", plain_words(&unquoted).join(" "));
    if let Some(who) = SPEAKERS.iter().find(|who| unquoted.contains(*who)) {
        return Err(Unusable::OutOfPart(who.trim().to_owned()));
    }
    if let Some(says) = OUTSIDE.iter().find(|says| lower.contains(&format!(" {says} "))) {
        return Err(Unusable::OutOfPart((*says).to_owned()));
    }
    if !is_english(text) {
        return Err(Unusable::OtherLanguage);
    }
    if prompts.own().is_gibberish(text, told) {
        return Err(Unusable::NoWords);
    }
    if is_loop(text) { Err(Unusable::Repeats) } else { Ok(()) }
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

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::dialogue::request::{PatientBeat, Task};

    fn request() -> AgentRequest {
        sample::request(Task::Patient(PatientBeat::Need))
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

    /// The Patient is heard from the first sentence on: what comes after it cannot save a bad one.
    #[test]
    fn what_a_refusal_or_a_cruelty_begins_with_is_no_line_of_the_patient_s() {
        let (request, prompts) = (request(), Prompts::new(3).expect("the prompts are in their form"));
        let kinds = ["wrong_language", "meta", "cruelty", "leaked_prompt", "refusal"];
        let mut through = Vec::new();
        for row in rows("bad")
            .into_iter()
            .filter(|row| kinds.contains(&row[0].as_str()) && !row[2].contains("(Note"))
        {
            let mut sentences = text::Sentences::default();
            let first = sentences.push(&row[2]).into_iter().next().or_else(|| sentences.finish());
            let mut checker = Checker::new(Agent::Patient, &request, &prompts);
            if let Some(Ok(Some(line))) = first.map(|first| checker.take(&first)) {
                through.push(format!("{}: {line}", row[0]));
            }
        }
        assert!(through.is_empty(), "{through:#?}");
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
