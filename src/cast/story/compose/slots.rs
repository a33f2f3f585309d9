//! Filling a written line with the person's words, turned round for the speaker.

use super::Scribe;
use super::concern::capital;
use crate::cast::story::reading::spans::{SpanKind, Spans};
use crate::dialogue::agent::Agent;
use crate::dialogue::strength::Band;

/// Whose words they are, and so how possessives turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// What was just said, by the person to the Patient.
    Comfort,
    /// What the critic says of the person: there *my* and *your* mean the same.
    Concern,
}

/// Words that may fill a line.
#[derive(Clone, Debug)]
pub(crate) struct Filling<'a> {
    pub(crate) spans: &'a Spans,
    pub(crate) source: Source,
    pub(crate) verdict: Option<&'a str>,
    /// Rotates through what there is, so that a second line takes another word.
    pub(crate) turn: usize,
}

/// A line with its slots filled, and how many.
pub(crate) struct Filled {
    pub(crate) text: String,
    /// The person's words in it.
    pub(crate) words: Vec<String>,
}

impl Scribe<'_> {
    /// Fills a template for a speaker; none when a word that it needs was not said.
    pub(crate) fn fill(&self, template: &str, speaker: Agent, filling: &Filling<'_>) -> Option<Filled> {
        let mut text = String::with_capacity(template.len() + 24);
        let mut rest = template;
        let mut words = Vec::new();
        while let Some(open) = rest.find('{') {
            let close = open + rest[open..].find('}')?;
            let name = &rest[open + 1..close];
            text.push_str(&rest[..open]);
            let word = self.word_for(&name.to_lowercase(), speaker, filling)?;
            let starts = name.chars().next().is_some_and(char::is_uppercase);
            text.push_str(&if starts { capital(&word) } else { word.clone() });
            rest = &rest[close + 1..];
            words.push(word);
        }
        text.push_str(rest);
        Some(Filled { text, words })
    }

    fn word_for(&self, slot: &str, speaker: Agent, filling: &Filling<'_>) -> Option<String> {
        let kind = match slot {
            "said" => {
                let quotes = &filling.spans.quotes;
                // Each speaker takes another quotation, where there are several.
                let at = filling.turn + usize::from(speaker == Agent::Guide);
                return quotes.get(at % quotes.len().max(1)).cloned();
            }
            "verdict" => return filling.verdict.map(str::to_owned),
            "thing" => SpanKind::Thing,
            "role" => SpanKind::Role,
            "time" => SpanKind::Time,
            "place" => SpanKind::Place,
            "feeling" => SpanKind::Feeling,
            _ => return None,
        };
        let found: Vec<String> = filling
            .spans
            .of_kind(kind)
            .filter_map(|text| self.turned(text, speaker, filling.source))
            .collect();
        found.get(filling.turn % found.len().max(1)).cloned()
    }

    /// A noun phrase on the speaker's side; none where it would be wrong.
    fn turned(&self, phrase: &str, speaker: Agent, source: Source) -> Option<String> {
        let (first, rest) = phrase.split_once(' ').unwrap_or((phrase, ""));
        let to_patient = speaker == Agent::Devil && self.context.band == Band::Middle;
        let own = match (speaker, source) {
            (Agent::Patient | Agent::Trigger, Source::Comfort) => match first {
                "your" => "my",
                "my" => "your",
                _ => first,
            },
            (Agent::Devil, Source::Comfort) => match first {
                "your" if to_patient => "your",
                "your" if self.context.band == Band::High => "my",
                "your" | "my" => return None,
                _ => first,
            },
            (Agent::Guide, Source::Comfort) => match first {
                "your" => "their",
                "my" => "your",
                _ => first,
            },
            (Agent::Patient, Source::Concern) => match first {
                "your" => "my",
                _ => first,
            },
            (Agent::Devil, Source::Concern) => match first {
                "your" | "my" if to_patient => "your",
                "your" | "my" if self.context.band == Band::High => "my",
                "your" | "my" => return None,
                _ => first,
            },
            (Agent::Guide, Source::Concern) => match first {
                "your" | "my" => "their",
                _ => first,
            },
            // The window belongs to nobody: "my desk" is "the desk" there.
            (Agent::Trigger, Source::Concern) => match first {
                "your" | "my" => "the",
                _ => first,
            },
        };
        Some(if rest.is_empty() { own.to_owned() } else { format!("{own} {rest}") })
    }

    /// What was just said, as filling.
    pub(crate) fn comfort_words(&self) -> Filling<'_> {
        Filling { spans: &self.reading.spans, source: Source::Comfort, verdict: None, turn: 0 }
    }

    /// What the person brought, as filling.
    pub(crate) fn concern_words(&self) -> Filling<'_> {
        Filling {
            spans: &self.concern.spans,
            source: Source::Concern,
            verdict: self.concern.verdict.as_deref(),
            turn: self.context.round as usize,
        }
    }
}
