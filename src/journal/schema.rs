//! The form of the file, how it is made, and how a file that is no journal is known.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

/// Says in the file's header whose it is: `InRm`.
const APPLICATION: i32 = 0x496e_526d;
/// The form of the tables.
const VERSION: i32 = 1;
/// How long a write of another copy is waited for.
const PATIENCE: Duration = Duration::from_secs(2);
/// The same in an evening that was stopped: the help card stands behind it.
const SHORT_PATIENCE: Duration = Duration::from_millis(250);

const TABLES: &str = "
    CREATE TABLE sessions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        begun_ms INTEGER NOT NULL,
        program TEXT NOT NULL,
        lang TEXT NOT NULL,
        devil TEXT,
        ended_ms INTEGER,
        closed_ms INTEGER,
        closed_why TEXT
    );
    CREATE TABLE events (
        session INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        event TEXT NOT NULL,
        PRIMARY KEY (session, seq)
    ) WITHOUT ROWID;
    CREATE TABLE snapshots (
        session INTEGER PRIMARY KEY REFERENCES sessions(id) ON DELETE CASCADE,
        state TEXT NOT NULL
    );";

/// Reads nothing, and fails where a table or column is missing.
const EVERY_COLUMN: &str = "
    SELECT id, begun_ms, program, lang, devil, ended_ms, closed_ms, closed_why FROM sessions LIMIT 0;
    SELECT session, seq, event FROM events LIMIT 0;
    SELECT session, state FROM snapshots LIMIT 0;";

/// What a file is that cannot be the journal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Its pages do not hold together.
    #[error("is damaged")]
    Damaged,
    /// It belongs to another program.
    #[error("belongs to another program")]
    Foreign,
    /// A later version of this program wrote it.
    #[error("was written by a newer version of this program")]
    Newer,
}

/// What a file is.
pub(super) enum Found {
    /// Nothing yet.
    Empty,
    /// A journal.
    Journal,
    /// Something else.
    Unfit(Unfit),
}

/// Opens a file that is there. Until it is known to be a journal, closing it changes nothing in it.
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

/// How long another copy is waited for once a person must not be kept waiting.
pub(super) fn hurry(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(SHORT_PATIENCE)
}

/// Looks at a file without changing it.
pub(super) fn examine(connection: &Connection) -> rusqlite::Result<Found> {
    match look(connection) {
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Ok(Found::Unfit(Unfit::Damaged)),
            _ => Err(error),
        },
        found => found,
    }
}

fn look(connection: &Connection) -> rusqlite::Result<Found> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let things: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if (application, version, things) == (0, 0, 0) {
        return Ok(Found::Empty);
    }
    if application != APPLICATION {
        return Ok(Found::Unfit(Unfit::Foreign));
    }
    if version > VERSION {
        return Ok(Found::Unfit(Unfit::Newer));
    }
    let sound: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    let whole = sound == "ok" && version == VERSION && connection.execute_batch(EVERY_COLUMN).is_ok();
    Ok(if whole { Found::Journal } else { Found::Unfit(Unfit::Damaged) })
}

/// Settles how the file is written: every commit on the disk before it counts, and what is deleted overwritten.
pub(super) fn settle(connection: &Connection) -> rusqlite::Result<()> {
    let _mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    let _on: i64 = connection.query_row("PRAGMA secure_delete = ON", [], |row| row.get(0))?;
    connection
        .execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY")?;
    connection.execute_batch("PRAGMA trusted_schema = OFF")?;
    // A small write-ahead log: a small disk holds it, and little is in two places.
    let _pages: i64 = connection.query_row("PRAGMA wal_autocheckpoint = 128", [], |row| row.get(0))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

/// Makes the tables in an empty file, all or none.
pub(super) fn make(connection: &Connection) -> rusqlite::Result<()> {
    let whole = format!(
        "BEGIN IMMEDIATE; {TABLES} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; COMMIT"
    );
    connection.execute_batch(&whole).inspect_err(|_| {
        // A transaction that failed may have been rolled back already.
        if !connection.is_autocommit() && connection.execute_batch("ROLLBACK").is_err() {}
    })
}

/// Empties the write-ahead log into the file. False when another copy was in the way.
pub(super) fn checkpoint(connection: &Connection) -> rusqlite::Result<bool> {
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}
