//! Answers over many evenings, as a table or a drawing wants them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::answers::{Score, Taken};
use super::{Instrument, When};
use crate::dialogue::event::{Event, Kind};

/// One scale of one instrument in one evening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Number of the session in the journal.
    pub session: i64,
    /// When it began, in milliseconds since 1970.
    pub begun_ms: i64,
    /// Which instrument.
    pub measure: Instrument,
    /// On which side of the evening.
    pub when: When,
    /// What the answers come to.
    #[serde(flatten)]
    pub score: Score,
}

/// What stands in an evening: of what was answered twice the later.
pub fn standing<'a>(events: impl IntoIterator<Item = &'a Event>) -> Vec<&'a Taken> {
    let taken = events.into_iter().filter_map(|event| match &event.kind {
        Kind::Measured(taken) => Some(((taken.when, taken.measure), taken)),
        _ => None,
    });
    taken.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// The rows of an evening: what was answered before it, then after it. What is no answer of its instrument is left out.
#[must_use]
pub fn rows(session: i64, begun_ms: i64, events: &[Event]) -> Vec<Row> {
    let of = |taken: &Taken| {
        let (measure, when) = (taken.measure, taken.when);
        let scores = taken.scores().unwrap_or_default();
        scores.into_iter().map(move |score| Row { session, begun_ms, measure, when, score })
    };
    standing(events).into_iter().flat_map(of).collect()
}
