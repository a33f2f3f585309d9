//! Erasing: no sentence of a session is left in any file of the folder.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::lock::{OpeningLock, SessionLock};
use super::store::{Journal, not_read};
use super::{JournalError, folder, plainly, schema};

/// What is to be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// One session.
    One(i64),
    /// Every session, and every file that was set aside.
    All,
}

/// What was erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Numbers of the sessions.
    pub sessions: Vec<i64>,
    /// Those of them that another copy was holding right then.
    pub running: Vec<i64>,
    /// Files that had been set aside.
    pub set_aside: Vec<PathBuf>,
}

/// A journal up to this size is written anew after a session was erased from it, in bytes; a larger one would take too
/// long, and what was deleted in it has been overwritten in place.
const AFFORDABLE: i64 = 512 * 1024 * 1024;
/// How often another copy that stands in the way is waited for.
const TRIES: u32 = 5;
/// How long, each time, beside what the database waits itself.
const AGAIN: Duration = Duration::from_millis(100);

impl Journal {
    /// Files that were set aside because they were no journal.
    ///
    /// # Errors
    /// [`JournalError::Folder`].
    pub fn files_set_aside(&self) -> Result<Vec<PathBuf>, JournalError> {
        let failed = |error| JournalError::Folder { path: self.folder.clone(), error };
        folder::files_set_aside(&self.folder).map_err(failed)
    }

    /// Whether there is such a file in a folder, with a journal or without one.
    #[must_use]
    pub fn has_set_aside(folder: &Path) -> bool {
        folder::files_set_aside(folder).is_ok_and(|files| !files.is_empty())
    }

    /// Erases sessions. An evening that is being held right now goes on without the journal.
    ///
    /// # Errors
    /// [`JournalError::NoSession`], [`JournalError::NotErased`], [`JournalError::NoRoom`], and [`JournalError::Unclean`] when the rows are gone and
    /// the files could not be cleaned up yet.
    pub fn erase(&mut self, which: Which) -> Result<Erased, JournalError> {
        let sessions = match which {
            Which::One(number) => vec![number],
            Which::All => self.numbers("SELECT id FROM sessions ORDER BY id").map_err(not_read)?,
        };
        let running = sessions.iter().copied().filter(|&number| SessionLock::is_held(&self.folder, number));
        let mut erased = Erased { running: running.collect(), ..Erased::default() };
        let found = delete(&mut self.connection, &sessions);
        let found = match found {
            // Whoever erases to make room must be able to.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => {
                delete_piece_by_piece(&mut self.connection, &sessions)
            }
            found => found,
        };
        let found = match found {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => {
                return Err(JournalError::NoRoom);
            }
            found => found.map_err(|error| JournalError::NotErased(plainly(&error)))?,
        };
        // Also where nothing was found: an earlier try may have left something to clean up.
        wipe(&self.connection)?;
        for &number in &sessions {
            SessionLock::remove(&self.folder, number);
        }
        match which {
            Which::One(number) if found == 0 => return Err(JournalError::NoSession(number)),
            Which::One(_) => {}
            Which::All => {
                erased.set_aside = self.files_set_aside()?;
                for path in &erased.set_aside {
                    let failed = |error| JournalError::Remove { path: path.clone(), error };
                    std::fs::remove_file(path).map_err(failed)?;
                }
            }
        }
        erased.sessions = sessions;
        Ok(erased)
    }
}

impl Journal {
    /// Erases all of it by removing the files themselves, for a disk that is so full that nothing can be written.
    ///
    /// # Errors
    /// [`JournalError::Busy`] while an evening is being held; [`JournalError::Remove`].
    pub fn remove_files(self) -> Result<Erased, JournalError> {
        let sessions = self.numbers("SELECT id FROM sessions ORDER BY id").map_err(not_read)?;
        let set_aside = self.files_set_aside()?;
        let Self { folder, connection } = self;
        let unusable = |error| JournalError::Folder { path: folder.clone(), error };
        let _opening = OpeningLock::take(&folder).map_err(unusable)?.ok_or(JournalError::Busy)?;
        if sessions.iter().any(|&number| SessionLock::is_held(&folder, number)) {
            return Err(JournalError::Busy);
        }
        drop(connection);
        for path in folder::database_files(&folder).into_iter().chain(set_aside.iter().cloned()) {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(JournalError::Remove { path, error });
                }
                _ => {}
            }
        }
        for &number in &sessions {
            SessionLock::remove(&folder, number);
        }
        Ok(Erased { sessions, running: Vec::new(), set_aside })
    }
}

fn delete(connection: &mut Connection, numbers: &[i64]) -> rusqlite::Result<usize> {
    let work = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut found = 0;
    for number in numbers {
        found += work.execute("DELETE FROM sessions WHERE id = ?1", [number])?;
    }
    work.commit()?;
    Ok(found)
}

/// The same on a full disk, with little room at a time: from the end of each session, so that what an interruption
/// leaves is a true beginning.
fn delete_piece_by_piece(connection: &mut Connection, numbers: &[i64]) -> rusqlite::Result<usize> {
    const PIECE: &str = "DELETE FROM events WHERE session = ?1 AND seq IN
        (SELECT seq FROM events WHERE session = ?1 ORDER BY seq DESC LIMIT 8)";
    for number in numbers {
        schema::checkpoint(connection)?;
        connection.execute("DELETE FROM snapshots WHERE session = ?1", [number])?;
        schema::checkpoint(connection)?;
        while connection.execute(PIECE, [number])? > 0 {
            schema::checkpoint(connection)?;
        }
    }
    delete(connection, numbers)
}

/// Leaves nothing of what was deleted in the files: the log is emptied, the file written anew, the log emptied again.
/// What is deleted is overwritten, too: either would do in every case tried, and one covers what the other might leave.
fn wipe(connection: &Connection) -> Result<(), JournalError> {
    let failed = |error: rusqlite::Error| JournalError::Unclean(plainly(&error));
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let size = number("page_count").map_err(failed)?.saturating_mul(number("page_size").map_err(failed)?);
    empty_log(connection)?;
    if size <= AFFORDABLE {
        connection.execute_batch("VACUUM").map_err(failed)?;
        empty_log(connection)?;
    }
    Ok(())
}

fn empty_log(connection: &Connection) -> Result<(), JournalError> {
    for _ in 0..TRIES {
        if schema::checkpoint(connection).map_err(|error| JournalError::Unclean(plainly(&error)))? {
            return Ok(());
        }
        std::thread::sleep(AGAIN);
    }
    Err(JournalError::Unclean("another copy of the program is reading them".to_owned()))
}
