//! The journal, open.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior};

use super::lock::{OpeningLock, SessionLock};
use super::recorder::{About, Recorder};
use super::schema::{self, Found, Unfit};
use super::stored::{ClosedWhy, State, Stored};
use super::{JournalError, folder, now_ms, plainly};
use crate::dialogue::{Event, Session};

/// Evenings at rest.
#[derive(Debug)]
pub struct Journal {
    pub(super) folder: PathBuf,
    pub(super) connection: Connection,
}

/// A file that was put out of the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Where it is now.
    pub path: PathBuf,
    /// What it is.
    pub why: Unfit,
}

/// A session that broke off. It is held, so that no other copy takes it up or closes it meanwhile.
#[derive(Debug)]
pub struct CutOff {
    /// Its number.
    pub number: i64,
    /// When it began, in milliseconds since 1970.
    pub begun_ms: i64,
    lock: SessionLock,
}

impl Journal {
    /// Opens the journal of a folder; makes folder and file where there are none. A file that is no journal is set
    /// aside, and a new one begun.
    ///
    /// # Errors
    /// [`JournalError`], when neither can be done.
    pub fn open(folder: &Path) -> Result<(Self, Option<SetAside>), JournalError> {
        let unusable = |error| JournalError::Folder { path: folder.to_owned(), error };
        let folder = std::path::absolute(folder).map_err(unusable)?;
        folder::make(&folder).map_err(unusable)?;
        let _opening = OpeningLock::take(&folder).map_err(unusable)?.ok_or(JournalError::Busy)?;
        let (connection, found) = connect(&folder)?;
        let Found::Unfit(why) = found else {
            return Ok((Self::settled(folder, connection, &found)?, None));
        };
        drop(connection);
        let path = folder::set_aside(&folder).map_err(|error| JournalError::Stuck {
            path: folder::database(&folder),
            why: why.clone(),
            error,
        })?;
        let (connection, found) = connect(&folder)?;
        Ok((Self::settled(folder, connection, &found)?, Some(SetAside { path, why })))
    }

    /// Opens the journal of a folder; none where there is none. Nothing is made.
    ///
    /// # Errors
    /// [`JournalError`], when it cannot be opened or is no journal.
    pub fn open_existing(folder: &Path) -> Result<Option<Self>, JournalError> {
        let unusable = |error| JournalError::Folder { path: folder.to_owned(), error };
        let folder = std::path::absolute(folder).map_err(unusable)?;
        let path = folder::database(&folder);
        if !path.try_exists().map_err(unusable)? {
            return Ok(None);
        }
        // A disk that may only be read is read all the same.
        folder::tighten_all(&folder).ok();
        let (connection, found) = connect(&folder)?;
        match found {
            Found::Unfit(why) => Err(JournalError::Unfit { path, why }),
            Found::Empty => Ok(None),
            Found::Journal => Self::settled(folder, connection, &found).map(Some),
        }
    }

    fn settled(folder: PathBuf, connection: Connection, found: &Found) -> Result<Self, JournalError> {
        let failed = |error| not_opened(&folder, &error);
        schema::settle(&connection).map_err(failed)?;
        if matches!(found, Found::Empty) {
            schema::make(&connection).map_err(failed)?;
            // Another copy that reads at this moment only puts this off.
            schema::checkpoint(&connection).map_err(failed)?;
        }
        Ok(Self { folder, connection })
    }

    /// Every session, the first one first.
    ///
    /// # Errors
    /// [`JournalError::Read`].
    pub fn sessions(&self) -> Result<Vec<Stored>, JournalError> {
        let numbers = self.numbers("SELECT id FROM sessions ORDER BY id").map_err(not_read)?;
        let all: Result<Vec<Option<Stored>>, _> =
            numbers.into_iter().map(|number| self.read(number)).collect();
        Ok(all.map_err(not_read)?.into_iter().flatten().collect())
    }

    /// Whether an answer to a measure stands in any of them.
    ///
    /// # Errors
    /// [`JournalError::Read`].
    pub fn has_measures(&self) -> Result<bool, JournalError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM events WHERE event LIKE '%\"kind\":\"measured\"%')";
        self.connection.query_row(sql, [], |row| row.get(0)).map_err(not_read)
    }

    /// One session.
    ///
    /// # Errors
    /// [`JournalError::NoSession`], [`JournalError::Read`].
    pub fn session(&self, number: i64) -> Result<Stored, JournalError> {
        self.read(number).map_err(not_read)?.ok_or(JournalError::NoSession(number))
    }

    pub(super) fn numbers(&self, sql: &str) -> rusqlite::Result<Vec<i64>> {
        self.connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
    }

    fn read(&self, number: i64) -> rusqlite::Result<Option<Stored>> {
        let sql = "SELECT begun_ms, program, lang, devil, ended_ms, closed_ms, closed_why FROM sessions WHERE id = ?1";
        let stored = self.connection.query_row(sql, [number], |row| {
            let (ended, closed) = (number_at(row, 4), number_at(row, 5));
            let state = match (ended, closed) {
                (Some(at_ms), _) => State::Ended { at_ms },
                (None, Some(at_ms)) => {
                    let why = ClosedWhy::from_name(&text_at(row, 6).unwrap_or_default());
                    State::Closed { at_ms, why }
                }
                (None, None) if SessionLock::is_held(&self.folder, number) => State::Running,
                (None, None) => State::CutOff,
            };
            Ok(Stored {
                number,
                begun_ms: number_at(row, 0).unwrap_or_default(),
                program: text_at(row, 1).unwrap_or_default(),
                lang: text_at(row, 2).unwrap_or_default(),
                devil: text_at(row, 3),
                state,
                events: Vec::new(),
                unreadable: 0,
            })
        });
        let Some(mut stored) = stored.optional()? else { return Ok(None) };
        (stored.events, stored.unreadable) = self.events(number)?;
        Ok(Some(stored))
    }

    /// The events up to the first that cannot be read, and how many come after.
    fn events(&self, number: i64) -> rusqlite::Result<(Vec<Event>, usize)> {
        let mut rows =
            self.connection.prepare("SELECT seq, event FROM events WHERE session = ?1 ORDER BY seq")?;
        let texts: Vec<(Option<i64>, Option<String>)> = rows
            .query_map([number], |row| Ok((number_at(row, 0), text_at(row, 1))))?
            .collect::<rusqlite::Result<_>>()?;
        let events: Vec<Event> = texts
            .iter()
            .zip(0..)
            .map_while(|((seq, text), at)| {
                let text = text.as_ref().filter(|_| *seq == Some(at))?;
                serde_json::from_str(text).ok()
            })
            .collect();
        let unreadable = texts.len() - events.len();
        Ok((events, unreadable))
    }

    /// Sessions that broke off: without an end, and nobody holds their lock.
    ///
    /// # Errors
    /// [`JournalError::Read`].
    pub fn cut_off(&self) -> Result<Vec<CutOff>, JournalError> {
        let sql =
            "SELECT id, begun_ms FROM sessions WHERE ended_ms IS NULL AND closed_ms IS NULL ORDER BY id";
        let mut rows = self.connection.prepare(sql).map_err(not_read)?;
        let open: Vec<(i64, i64)> = rows
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .and_then(Iterator::collect)
            .map_err(not_read)?;
        let mut found = Vec::new();
        for (number, begun_ms) in open {
            // A lock that cannot be taken belongs to somebody, or cannot be told: the session is left alone.
            if let Ok(Some(lock)) = SessionLock::take(&self.folder, number) {
                found.push(CutOff { number, begun_ms, lock });
            }
        }
        Ok(found)
    }

    /// Closes a session that broke off. One in which nothing had happened yet is forgotten; then this is false.
    ///
    /// # Errors
    /// [`JournalError::Write`]; the session is then as it was.
    pub fn close(&mut self, cut_off: &CutOff) -> Result<bool, JournalError> {
        let write = |connection: &mut Connection| {
            let work = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let empty =
                "DELETE FROM sessions WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM events WHERE session = ?1)";
            let forgotten = work.execute(empty, [cut_off.number])? > 0;
            mark_closed(&work, cut_off.number, ClosedWhy::CutOff)?;
            work.commit()?;
            Ok(!forgotten)
        };
        write(&mut self.connection).map_err(|error| not_written(&error))
    }

    /// Begins a new session; it is written by what is returned.
    ///
    /// # Errors
    /// [`JournalError::Write`]; there is then no trace of it.
    pub fn record(self, about: &About) -> Result<Recorder, JournalError> {
        Recorder::begin(self, about)
    }

    /// Takes up a session that broke off: what writes it from here on, and the session as it was after its last event.
    ///
    /// # Errors
    /// [`JournalError::Read`], when there is nothing to go on from.
    pub fn take_up(self, cut_off: CutOff) -> Result<(Recorder, Session), JournalError> {
        let sql = "SELECT state FROM snapshots WHERE session = ?1";
        let state: String =
            self.connection.query_row(sql, [cut_off.number], |row| row.get(0)).map_err(not_read)?;
        let session = serde_json::from_str(&state).map_err(|error| JournalError::Read(error.to_string()))?;
        Ok((Recorder::go_on(self, cut_off.number, cut_off.lock), session))
    }
}

/// A number of a file that may be damaged.
fn number_at(row: &Row<'_>, column: usize) -> Option<i64> {
    row.get(column).ok()
}

/// A text of a file that may be damaged.
fn text_at(row: &Row<'_>, column: usize) -> Option<String> {
    row.get(column).ok()
}

fn connect(folder: &Path) -> Result<(Connection, Found), JournalError> {
    let unusable = |error| JournalError::Folder { path: folder.to_owned(), error };
    let path = folder::prepare_database(folder).map_err(unusable)?;
    let failed = |error| not_opened(folder, &error);
    let connection = schema::connect(&path).map_err(failed)?;
    let found = schema::examine(&connection).map_err(failed)?;
    Ok((connection, found))
}

/// Marks a session as closed before its end; what is needed only to go on with it is deleted.
pub(super) fn mark_closed(connection: &Connection, number: i64, why: ClosedWhy) -> rusqlite::Result<()> {
    let open = "UPDATE sessions SET closed_ms = ?2, closed_why = ?3
        WHERE id = ?1 AND ended_ms IS NULL AND closed_ms IS NULL";
    connection.execute(open, rusqlite::params![number, now_ms(), why.name()])?;
    connection.execute("DELETE FROM snapshots WHERE session = ?1", [number])?;
    Ok(())
}

fn not_opened(folder: &Path, error: &rusqlite::Error) -> JournalError {
    JournalError::Open { path: folder::database(folder), why: plainly(error) }
}

pub(super) fn not_written(error: &rusqlite::Error) -> JournalError {
    JournalError::Write(plainly(error))
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
pub(super) fn not_read(error: rusqlite::Error) -> JournalError {
    JournalError::Read(plainly(&error))
}
