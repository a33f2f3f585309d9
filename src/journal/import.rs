//! Sessions that come back into a journal, from an export.

use rusqlite::{Connection, TransactionBehavior, params};
use serde::Deserialize;

use super::JournalError;
use super::export::timestamp;
use super::store::{Journal, not_written};
use super::stored::{ClosedWhy, Stored};
use crate::dialogue::{Event, event};

/// Why an export cannot be taken in. Nothing of it is then in the journal.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is not what `sessions export --format json` writes.
    #[error("it is no export of sessions: {0}. Only --format json can be taken in again")]
    Form(String),
    /// Its events have a gap, or were written by another version of the log.
    #[error("the session of {begun} is not whole: its events do not follow each other from 0")]
    Torn {
        /// When it began.
        begun: String,
    },
    /// The journal cannot do it.
    #[error("{0}")]
    Journal(#[from] JournalError),
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The numbers that the sessions have now; none is given twice.
    pub sessions: Vec<i64>,
    /// How many were in the journal already.
    pub known: usize,
}

/// What is read of an exported session. Whatever else stands there is computed from this.
#[derive(Deserialize)]
struct Session {
    begun: Moment,
    program: String,
    lang: String,
    #[serde(default)]
    devil: Option<String>,
    #[serde(default)]
    ended: Option<Moment>,
    #[serde(default)]
    closed: Option<Closed>,
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Closed {
    at: Moment,
    why: ClosedWhy,
}

/// A moment of an export, in milliseconds since 1970: a standard timestamp, or the number where the clock was too far
/// off for one.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Moment(i64);

impl TryFrom<String> for Moment {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let standard = text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond);
        let read = standard.or_else(|_no_timestamp| text.parse()).map(Self);
        read.map_err(|_no_number: std::num::ParseIntError| format!("{text} is no moment"))
    }
}

impl Session {
    fn is_whole(&self) -> bool {
        !self.events.is_empty()
            && self.events.iter().zip(0..).all(|(one, seq)| one.seq == seq && one.v == event::VERSION)
    }

    fn is(&self, stored: &Stored) -> bool {
        stored.begun_ms == self.begun.0 && stored.events == self.events
    }

    /// When it was closed before its end, and why. One that ran when it was exported was cut off there.
    fn closed(&self) -> Option<(i64, ClosedWhy)> {
        match (&self.closed, self.ended) {
            (Some(closed), _) => Some((closed.at.0, closed.why)),
            (None, Some(_)) => None,
            (None, None) => Some((super::now_ms(), ClosedWhy::CutOff)),
        }
    }
}

impl Journal {
    /// Takes in what `sessions export --format json` wrote: one session, or all of them. Those that are here already
    /// are left as they are.
    ///
    /// # Errors
    /// [`ImportError`]; the journal is then as it was.
    pub fn import(&mut self, text: &str) -> Result<Imported, ImportError> {
        let form = |error: serde_json::Error| ImportError::Form(error.to_string());
        let all: Vec<Session> = if text.trim_start().starts_with('[') {
            serde_json::from_str(text).map_err(form)?
        } else {
            vec![serde_json::from_str(text).map_err(form)?]
        };
        if let Some(torn) = all.iter().find(|session| !session.is_whole()) {
            return Err(ImportError::Torn { begun: timestamp(torn.begun.0) });
        }
        let here = self.sessions()?;
        let (known, new): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|session| here.iter().any(|stored| session.is(stored)));
        let texts = new.iter().map(texts).collect::<Result<Vec<_>, _>>().map_err(form)?;
        let sessions = insert(&mut self.connection, &new, &texts).map_err(|error| not_written(&error))?;
        Ok(Imported { sessions, known: known.len() })
    }
}

fn texts(session: &Session) -> serde_json::Result<Vec<String>> {
    session.events.iter().map(serde_json::to_string).collect()
}

/// All of them, or none.
fn insert(
    connection: &mut Connection,
    sessions: &[Session],
    texts: &[Vec<String>],
) -> rusqlite::Result<Vec<i64>> {
    let work = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut numbers = Vec::new();
    for (session, texts) in sessions.iter().zip(texts) {
        let (closed_ms, why) = session.closed().unzip();
        work.execute(
            "INSERT INTO sessions (begun_ms, program, lang, devil, ended_ms, closed_ms, closed_why)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                session.begun.0,
                session.program,
                session.lang,
                session.devil,
                session.ended.map(|at| at.0),
                closed_ms,
                why.map(ClosedWhy::name),
            ],
        )?;
        let number = work.last_insert_rowid();
        let mut insert = work.prepare("INSERT INTO events (session, seq, event) VALUES (?1, ?2, ?3)")?;
        for (seq, text) in (0_i64..).zip(texts) {
            insert.execute(params![number, seq, text])?;
        }
        numbers.push(number);
    }
    work.commit()?;
    Ok(numbers)
}
