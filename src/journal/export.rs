//! Sessions as they leave the journal: JSON for programs, a page like a letter for people.

use serde_json::{Value, json};

use super::stored::{State, Stored};
use crate::dialogue::agent::Agent;
use crate::dialogue::event::{Kind, Phase, SaidPart};

/// The words of the page that are not the evening's own.
#[derive(Clone, Debug)]
pub struct Wording {
    /// The heading.
    pub title: String,
    /// When it was, how long, and how it ended.
    pub about: String,
    /// That the figures' words are made by a program.
    pub note: String,
    /// What the person and the figures are called.
    pub you: String,
    /// The Devil.
    pub devil: String,
    /// The Patient.
    pub patient: String,
    /// The Guide.
    pub guide: String,
    /// Where the person said nothing.
    pub silence: String,
    /// That part of it could not be read any more; none when all of it is there.
    pub cut: Option<String>,
}

/// A moment by the machine's clock, as a standard timestamp.
#[must_use]
pub fn timestamp(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_out_of_range| ms.to_string(), |at| at.to_string())
}

/// A moment by the machine's clock, in the place where the machine stands: `3 May 2026, 21:04`.
#[must_use]
pub fn moment(ms: i64) -> String {
    let zone = jiff::tz::TimeZone::system();
    jiff::Timestamp::from_millisecond(ms).map_or_else(
        |_out_of_range| ms.to_string(),
        |at| at.to_zoned_datetime(zone).strftime("%-d %B %Y, %H:%M").to_string(),
    )
}

/// What a session is, without its events.
#[must_use]
pub fn fields(session: &Stored) -> Value {
    let (ending, because) = session.ending().unzip();
    let mut fields = json!({
        "number": session.number,
        "begun": timestamp(session.begun_ms),
        "program": session.program,
        "lang": session.lang,
        "devil": session.devil,
        "rounds": session.rounds(),
        "concern": session.concern(),
        "ending": ending,
        "because": because,
        "unreadable": session.unreadable,
    });
    fields["state"] = match session.state {
        State::Ended { .. } => json!("ended"),
        State::Closed { .. } => json!("closed"),
        State::Running => json!("running"),
        State::CutOff => json!("cut_off"),
    };
    match session.state {
        State::Ended { at_ms } => fields["ended"] = json!(timestamp(at_ms)),
        State::Closed { at_ms, why } => {
            fields["closed"] = json!({"at": timestamp(at_ms), "why": why});
        }
        State::Running | State::CutOff => {}
    }
    fields
}

/// A session with its events; `note` says who makes the figures' words.
#[must_use]
pub fn to_json(session: &Stored, note: &str) -> Value {
    let mut whole = fields(session);
    whole["note"] = json!(note);
    // By way of the text, so that numbers read as they do in the event log.
    let event = |event| serde_json::to_string(event).and_then(|text| serde_json::from_str::<Value>(&text));
    whole["events"] = session.events.iter().map(|it| event(it).unwrap_or_default()).collect();
    whole
}

/// A session as a page that reads like a letter.
#[must_use]
pub fn to_page(session: &Stored, words: &Wording) -> String {
    let mut page =
        format!("# {}\n\n{}\n\n> {}\n", plain(&words.title), plain(&words.about), plain(&words.note));
    for event in &session.events {
        match &event.kind {
            Kind::Phase { phase: Phase::Scene, .. } => page.push_str("\n---\n"),
            Kind::Line { agent: Agent::Trigger, text, .. } => {
                page.push_str(&format!("\n*{}*\n", plain(text)));
            }
            Kind::Line { agent, text, .. } => {
                let who = match agent {
                    Agent::Devil => &words.devil,
                    Agent::Guide => &words.guide,
                    Agent::Patient | Agent::Trigger => &words.patient,
                };
                page.push_str(&said(who, text));
            }
            Kind::Said { text, part, .. } if *part != SaidPart::Afterwards => {
                page.push_str(&said(&words.you, text));
            }
            Kind::Silence => page.push_str(&format!("\n*{}*\n", plain(&words.silence))),
            _ => {}
        }
    }
    if let Some(cut) = &words.cut {
        page.push_str(&format!("\n*{}*\n", plain(cut)));
    }
    page
}

fn said(who: &str, text: &str) -> String {
    format!("\n**{}:** {}\n", plain(who), plain(text))
}

/// Text that means in Markdown what it means here: itself.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut at_start = true;
    for c in text.chars() {
        let marks = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&');
        if marks || (at_start && matches!(c, '-' | '+' | '=')) {
            plain.push('\\');
        }
        plain.push(c);
        at_start = false;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_look_like_markdown_stay_words() {
        assert_eq!(plain("- *no* <b> & a_b #1"), "\\- \\*no\\* \\<b\\> \\& a\\_b \\#1");
        assert_eq!(plain("It's 3 - 2, isn't it?"), "It's 3 - 2, isn't it?");
    }

    #[test]
    fn a_clock_that_is_far_off_is_shown_all_the_same() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00Z");
        assert_eq!(timestamp(i64::MAX), i64::MAX.to_string());
        assert_eq!(moment(i64::MIN), i64::MIN.to_string());
    }
}
