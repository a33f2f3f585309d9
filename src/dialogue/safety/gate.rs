//! The gate: the only place where [`Gated`] text is made.
//!
//! Deterministic. What it cannot read it blocks, and what it blocks is not mended. Its never-list is
//! `assets/safety/gate.tsv` (`safety.md` 3 of the design's reference: what the Devil, the Patient and the Guide may
//! never say).

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check;
use super::finding::Category;
use super::table::{Table, pattern as read_pattern, rows};
use super::words::words as words_of;
use crate::dialogue::agent::Agent;
use crate::dialogue::text;

static NEVER_FILE: &str = include_str!("../../../assets/safety/gate.tsv");

/// Text of an agent that may be shown and spoken. Only [`Gate`] makes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Gated(String);

impl Gated {
    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text may not be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Blocked {
    /// Nothing is left of it.
    #[error("there is nothing to say in it")]
    Empty,
    /// It is longer than the agent may speak.
    #[error("it is too long")]
    TooLong,
    /// It is not plain text.
    #[error("it is not plain text")]
    Markup,
    /// It is in a language that the gate cannot read.
    #[error("it is in another language")]
    Language,
    /// It says what this agent never says.
    #[error("it is on the never-list ({0:?})")]
    Never(Never),
    /// The crisis check holds it.
    #[error("the crisis check holds it")]
    Crisis,
}

/// What is never said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Never {
    /// Contempt for a group, or a word for it.
    Slur,
    /// Sexual content.
    Sexual,
    /// Death and self-injury.
    Death,
    /// That somebody should be gone.
    Disappearance,
    /// Looks and weight.
    Body,
    /// Worthlessness to others as a fact.
    Worth,
    /// A hopeless future, for certain.
    Future,
    /// The loss of somebody near.
    FamilyLoss,
    /// A diagnosis.
    Diagnosis,
    /// Advice about health, money or law.
    Advice,
    /// A threat.
    Threat,
    /// An order.
    Command,
    /// "Tell nobody."
    Secrecy,
    /// "Do not leave."
    Staying,
    /// That this is a therapy, or heals.
    TherapyClaim,
    /// Talk about prompts, models and roles.
    Meta,
    /// The Guide's praise and marks.
    Praise,
    /// What a face does, said aloud.
    Face,
}

struct Row {
    never: Never,
    /// Of whom it is never wanted.
    agents: Vec<Agent>,
}

static NEVER: LazyLock<Table<Row>> = LazyLock::new(|| {
    Table::new(
        rows(NEVER_FILE)
            .filter_map(|(never, agents, pattern)| Some((row(never, agents)?, read_pattern(pattern)?))),
    )
});

fn row(never: &str, agents: &str) -> Option<Row> {
    fn named<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
        serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
    }
    let agents = match agents {
        "*" => Agent::ALL.to_vec(),
        some => some.split(',').map(|agent| named(agent.trim())).collect::<Option<_>>()?,
    };
    Some(Row { never: named(never)?, agents })
}

/// Checks every sentence of an agent before it is shown. What it blocks is not shown, and not mended.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gate;

impl Gate {
    /// The most characters of one line: half a minute of speech.
    pub const LONGEST: usize = 400;
    /// From here on the crisis check's classifier alone stops an agent's sentence.
    const SURE: f32 = 0.999;

    /// Lets a text through, without control and direction characters, or says why not.
    ///
    /// # Errors
    /// [`Blocked`], when the text is empty, too long, no plain text, in another language, or what is never said.
    pub fn pass(self, agent: Agent, text: &str) -> Result<Gated, Blocked> {
        let gated = self.form(text)?;
        if !is_english(gated.as_str()) {
            return Err(Blocked::Language);
        }
        let words = words_of(gated.as_str());
        // An order that is quoted is no order: "'Just call her.' I can do that."
        let own = words_of(&without_quotations(gated.as_str()));
        let quoted_only = |row: &Row| row.never == Never::Command && !stands(row.never, agent, &own);
        let never = NEVER.find_all(&words).into_iter().map(|(row, _, _)| row);
        if let Some(row) = never.filter(|row| row.agents.contains(&agent)).find(|row| !quoted_only(row)) {
            return Err(Blocked::Never(row.never));
        }
        let reading = check::read(gated.as_str());
        let named = reading.finding.is_some_and(|finding| finding.category != Category::Other);
        if check::is_plain(gated.as_str()) || (named && reading.weight >= Self::SURE) {
            return Err(Blocked::Crisis);
        }
        Ok(gated)
    }

    /// Lets one of the Guide's fixed lines through: they speak of danger by name, and were written by people.
    ///
    /// # Errors
    /// [`Blocked`], when it is empty, too long or no plain text.
    pub fn fixed(self, text: &str) -> Result<Gated, Blocked> {
        self.form(text)
    }

    fn form(self, text: &str) -> Result<Gated, Blocked> {
        let clean = text::clean(text);
        if !clean.chars().any(char::is_alphabetic) {
            return Err(Blocked::Empty);
        }
        if clean.chars().count() > Self::LONGEST {
            return Err(Blocked::TooLong);
        }
        let marks = [
            "```", "<|", "|>", "**", "http:", "https:", "www.", "</", "/>", "[/", "[INST", "{\"", "\": \"",
            "##",
        ];
        let tagged = clean.starts_with(['<', '{', '[', '#', '*']);
        let masked = clean
            .split_whitespace()
            .any(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).contains(['*', '@', '$', '#']));
        if tagged || masked || marks.iter().any(|mark| clean.contains(mark)) {
            return Err(Blocked::Markup);
        }
        Ok(Gated(clean))
    }
}

/// Whether something of a kind that an agent never says stands in words.
fn stands(never: Never, agent: Agent, words: &[String]) -> bool {
    NEVER.find_all(words).iter().any(|(row, _, _)| row.never == never && row.agents.contains(&agent))
}

/// A text without what stands between quotation marks.
fn without_quotations(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut quoted = false;
    for (at, &c) in chars.iter().enumerate() {
        let inside_word = at > 0
            && chars[at - 1].is_alphanumeric()
            && chars.get(at + 1).is_some_and(|next| next.is_alphanumeric());
        if matches!(c, '"' | '“' | '”') || (matches!(c, '\'' | '‘' | '’') && !inside_word) {
            quoted = !quoted;
            out.push(' ');
        } else if !quoted {
            out.push(c);
        }
    }
    out
}

/// Words that stand in nearly every sentence of other languages and in none of English.
const FOREIGN: [&str; 97] = [
    "der", "das", "und", "ich", "nicht", "ist", "ein", "eine", "einen", "im", "mit", "auf", "den", "dem",
    "schon", "auch", "sie", "es", "wir", "wird", "hätte", "habe", "noch", "bei", "zu", "für", "le", "la",
    "les", "des", "une", "je", "ne", "pas", "est", "c'est", "pour", "que", "qui", "vous", "tu", "il", "elle",
    "mon", "ma", "ce", "sur", "dans", "avec", "et", "du", "moi", "j'ai", "n'ai", "suis", "el", "los", "las",
    "un", "una", "de", "del", "y", "que", "no", "en", "por", "con", "lo", "se", "me", "mi", "su", "puedes",
    "está", "pero", "muy", "más", "yo", "di", "che", "non", "è", "sono", "per", "della", "ik", "het", "een",
    "niet", "van", "och", "det", "inte", "att", "jag", "não",
];
const ENGLISH: [&str; 60] = [
    "the", "a", "an", "i", "you", "it", "to", "of", "and", "in", "on", "at", "for", "with", "is", "was",
    "were", "be", "my", "your", "that", "this", "they", "them", "there", "what", "when", "not", "but", "so",
    "as", "by", "from", "had", "have", "has", "do", "did", "one", "i'm", "i'd", "i've", "i'll", "don't",
    "it's", "you're", "all", "out", "up", "she", "he", "her", "his", "could", "would", "can", "if", "or",
    "no", "me",
];

/// Whether it is written in Latin letters and reads like English. Unsure is taken as English only where no foreign word
/// speaks against it.
fn is_english(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let latin = text.chars().filter(|c| c.is_alphabetic() && u32::from(*c) < 0x250).count();
    if latin * 10 < letters * 9 {
        return false;
    }
    let lower = text.to_lowercase().replace('’', "'");
    let tokens: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).collect();
    let count = |list: &[&str]| tokens.iter().filter(|word| list.contains(word)).count();
    let (foreign, english) = (count(&FOREIGN), count(&ENGLISH));
    let accents = lower.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).count();
    foreign + accents.min(2) < 2 || english >= foreign
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_do_not_pass() {
        let gated = Gate.pass(Agent::Patient, "You\u{202e} too?\u{7}\n Yes.").expect("plain text passes");
        assert_eq!(gated.as_str(), "You too? Yes.");
    }

    #[test]
    fn emptiness_length_and_markup_are_blocked() {
        assert_eq!(Gate.pass(Agent::Guide, " \u{200b}… "), Err(Blocked::Empty));
        assert_eq!(Gate.pass(Agent::Guide, &"word ".repeat(100)), Err(Blocked::TooLong));
        assert_eq!(Gate.pass(Agent::Devil, "**I** knew."), Err(Blocked::Markup));
    }

    #[test]
    fn an_order_is_blocked_and_one_that_is_quoted_is_not() {
        assert_eq!(
            Gate.pass(Agent::Patient, "Go and fetch your phone and ring her this minute."),
            Err(Blocked::Never(Never::Command))
        );
        assert!(Gate.pass(Agent::Patient, "'Just call her tomorrow'. I can do that.").is_ok());
    }

    #[test]
    fn another_language_is_blocked_and_a_loan_word_is_not() {
        for text in [
            "Ich hätte sie längst anrufen müssen.",
            "Je n'ai pas encore ouvert l'enveloppe.",
            "我早就该打电话了",
        ] {
            assert_eq!(Gate.pass(Agent::Devil, text), Err(Blocked::Language), "{text}");
        }
        for text in ["The café is closing.", "Déjà vu.", "No."] {
            assert!(is_english(text), "{text}");
        }
    }

    #[test]
    fn every_row_of_the_never_list_is_in_its_form() {
        for (never, agents, pattern) in rows(NEVER_FILE) {
            assert!(row(never, agents).is_some(), "{never} {agents}");
            assert!(read_pattern(pattern).is_some(), "{pattern}");
        }
        let lines = NEVER_FILE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
        assert_eq!(lines, rows(NEVER_FILE).count());
    }
}
