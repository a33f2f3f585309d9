//! Writes one session while it is held.

use rusqlite::{Connection, TransactionBehavior, params};

use super::lock::SessionLock;
use super::store::{Journal, mark_closed, not_written};
use super::stored::ClosedWhy;
use super::{JournalError, now_ms, schema};
use crate::dialogue::{Event, Kind, Phase, Session};

/// What is written about a session before anything has happened in it.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Its language.
    pub lang: String,
    /// What the Devil is called, if the person has a name of their own for it.
    pub devil: Option<String>,
}

/// Writes a session. It holds the session's lock until it is dropped.
#[derive(Debug)]
pub struct Recorder {
    journal: Journal,
    number: i64,
    state: Writing,
    hurried: bool,
    _lock: Option<SessionLock>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writing {
    /// All is well.
    On,
    /// A write failed, and the session could not be closed in the journal yet.
    Failed,
    /// Nothing is written any more.
    Over,
}

impl Recorder {
    /// A row for the session, and its lock before anybody else can see the row.
    pub(super) fn begin(mut journal: Journal, about: &About) -> Result<Self, JournalError> {
        let folder = journal.folder.clone();
        let write = |connection: &mut Connection| {
            let work = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            work.execute(
                "INSERT INTO sessions (begun_ms, program, lang, devil) VALUES (?1, ?2, ?3, ?4)",
                params![now_ms(), env!("CARGO_PKG_VERSION"), about.lang, about.devil],
            )?;
            let number = work.last_insert_rowid();
            let lock = SessionLock::take(&folder, number);
            work.commit()?;
            Ok((number, lock))
        };
        let (number, lock) = write(&mut journal.connection).map_err(|error| not_written(&error))?;
        // Without a lock, another copy that starts may take the session for one that was cut off and close it, which
        // is then said. That is less than no journal.
        let lock = lock.ok().flatten();
        Ok(Self { journal, number, state: Writing::On, hurried: false, _lock: lock })
    }

    pub(super) fn go_on(journal: Journal, number: i64, lock: SessionLock) -> Self {
        Self { journal, number, state: Writing::On, hurried: false, _lock: Some(lock) }
    }

    /// From here on another copy of the program that holds the file is waited for a moment only.
    pub fn hurry(&mut self) {
        // A wait that cannot be shortened is the usual one.
        self.hurried = self.hurried || schema::hurry(&self.journal.connection).is_ok();
    }

    /// Whether what happens is written; no more after a failure.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.state == Writing::On
    }

    /// The session's number.
    #[must_use]
    pub fn number(&self) -> i64 {
        self.number
    }

    /// Writes what happened in one step, and the session as it is after it; all of it is on the disk when this returns,
    /// or none. After a failure nothing more of the session is written, and it is closed if that is still possible.
    ///
    /// # Errors
    /// [`JournalError::Write`], [`JournalError::Gone`]. Each once: afterwards this does nothing.
    pub fn write<'a>(
        &mut self,
        events: impl IntoIterator<Item = &'a Event>,
        session: &Session,
    ) -> Result<(), JournalError> {
        if self.state != Writing::On {
            return Ok(());
        }
        match self.try_write(events, session) {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.state = Writing::Over;
                Err(JournalError::Gone)
            }
            Err(error) => {
                self.state = Writing::Failed;
                if !self.hurried {
                    self.try_close();
                }
                Err(error)
            }
        }
    }

    /// False when the session is not there any more, or was closed by another copy.
    fn try_write<'a>(
        &mut self,
        events: impl IntoIterator<Item = &'a Event>,
        session: &Session,
    ) -> Result<bool, JournalError> {
        let number = self.number;
        let json = |error: serde_json::Error| JournalError::Write(error.to_string());
        let mut texts = Vec::new();
        let mut ended = session.phase() == Phase::Ended;
        for event in events {
            ended |= matches!(event.kind, Kind::Phase { phase: Phase::Ended, .. });
            texts.push((
                i64::try_from(event.seq).unwrap_or(i64::MAX),
                serde_json::to_string(event).map_err(json)?,
            ));
        }
        let state = serde_json::to_string(session).map_err(json)?;
        let write = |connection: &mut Connection| {
            let work = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let open = "SELECT count(*) FROM sessions WHERE id = ?1 AND closed_ms IS NULL";
            if work.query_row(open, [number], |row| row.get::<_, i64>(0))? == 0 {
                return Ok(false);
            }
            let mut insert = work.prepare("INSERT INTO events (session, seq, event) VALUES (?1, ?2, ?3)")?;
            for (seq, text) in &texts {
                insert.execute(params![number, seq, text])?;
            }
            drop(insert);
            if ended {
                work.execute(
                    // What is answered after the end changes nothing about when that was.
                    "UPDATE sessions SET ended_ms = coalesce(ended_ms, ?2) WHERE id = ?1",
                    params![number, now_ms()],
                )?;
                work.execute("DELETE FROM snapshots WHERE session = ?1", [number])?;
            } else {
                work.execute(
                    "REPLACE INTO snapshots (session, state) VALUES (?1, ?2)",
                    params![number, state],
                )?;
            }
            work.commit()?;
            Ok(true)
        };
        write(&mut self.journal.connection).map_err(|error| not_written(&error))
    }

    /// Says in the journal that the session goes on without it, if that can be written.
    fn try_close(&mut self) {
        let number = self.number;
        let write = |connection: &mut Connection| {
            let work = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            mark_closed(&work, number, ClosedWhy::Unwritable)?;
            work.commit()
        };
        if write(&mut self.journal.connection).is_ok() {
            self.state = Writing::Over;
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        if self.state == Writing::Failed {
            self.try_close();
        }
    }
}
