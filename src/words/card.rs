//! The help card in words: at most three things that one can do, and how far a number can be relied on.

use super::Words;
use crate::dialogue::safety::{Choice, Freshness, HelpLine};

/// What a person can do now, and a note about it, if there is one.
#[must_use]
pub fn choice(words: &Words, choice: &Choice) -> Vec<String> {
    let mut lines = vec![choice_text(words, choice)];
    if let Choice::Line { line, .. } = choice {
        lines.extend(freshness(words, line));
    }
    lines
}

fn choice_text(words: &Words, choice: &Choice) -> String {
    match choice {
        Choice::Person { who } if who.is_empty() => words.get("card-person"),
        Choice::Person { who } => words.with("card-staff", &[("who", who)]),
        Choice::Line { line, emergency } => {
            let mut parts = vec![words.with("card-line", &[("name", &line.name)])];
            if !line.phone.is_empty() {
                parts.push(words.with("card-ring", &[("phone", &line.phone)]));
            }
            if !line.write.is_empty() {
                parts.push(words.with("card-write", &[("write", &line.write)]));
            }
            if !line.hours.is_empty() {
                parts.push(words.with("card-hours", &[("hours", &hours(words, &line.hours))]));
            }
            if !emergency.is_empty() {
                parts.push(words.with("card-emergency", &[("emergency", emergency)]));
            }
            joined(&parts)
        }
        Choice::Directory { emergency, directory } => {
            let first = if emergency.is_empty() {
                words.get("card-local-emergency")
            } else {
                words.with("card-emergency", &[("emergency", emergency)])
            };
            joined(&[first, words.with("card-directory", &[("directory", directory)])])
        }
        Choice::Breath => words.get("card-breath"),
    }
}

/// When a line answers. Most of them always do; what else a record says stands in its own words.
fn hours(words: &Words, hours: &str) -> String {
    if hours == "day and night" { words.get("card-always") } else { hours.to_owned() }
}

/// Sentences after each other. Chinese punctuation brings its own space along.
fn joined(parts: &[String]) -> String {
    parts.iter().fold(String::new(), |mut all, part| {
        let spaced = all.is_empty() || all.ends_with(['：', '。', '；', '，']);
        all.push_str(if spaced { "" } else { " " });
        all.push_str(part);
        all
    })
}

fn freshness(words: &Words, line: &HelpLine) -> Option<String> {
    let name = match line.freshness {
        Freshness::Verified | Freshness::Ageing => return None,
        Freshness::Expired => "card-expired",
        Freshness::Unverified => "card-unverified",
    };
    Some(words.get(name))
}
