//! The journal: evenings at rest, for whoever said yes to it.
//!
//! One `SQLite` file in a folder that only its owner can enter. The events of each step of an evening are committed
//! before any of them is shown, with the session as it then is beside them; what is typed and not yet said is never
//! written. A session that runs holds a lock, so that another copy of the program knows it from one that was cut off.
//! Erasing leaves no sentence behind: rows are overwritten, the file is written anew, the write-ahead log is emptied.
//!
//! Deliberately absent: any decision about which words may be kept. That is the session's.

mod erase;
pub mod export;
mod folder;
mod import;
mod lock;
mod recorder;
mod schema;
mod store;
mod stored;

use std::path::PathBuf;

pub use erase::{Erased, Which};
pub use import::{ImportError, Imported};
pub use recorder::{About, Recorder};
pub use schema::Unfit;
pub use store::{CutOff, Journal, SetAside};
pub use stored::{ClosedWhy, State, Stored};

/// Why the journal cannot do what was asked. Each message is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The folder cannot be made or used.
    #[error(
        "{path} cannot be used for the journal: {error}. Name another folder with data_dir in config.toml"
    )]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file cannot be opened.
    #[error(
        "the journal {path} cannot be opened: {why}. See that there is room and that the folder can be written to"
    )]
    Open {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The file is there, and is no journal of this program.
    #[error(
        "the journal {path} {why}. The next evening that is kept sets it aside; inner-room sessions delete --all erases it"
    )]
    Unfit {
        /// Which file.
        path: PathBuf,
        /// What it is.
        why: Unfit,
    },
    /// The file is unfit and cannot be put out of the way.
    #[error("the journal {path} {why}, and cannot be set aside: {error}. Move it away by hand")]
    Stuck {
        /// Which file.
        path: PathBuf,
        /// What it is.
        why: Unfit,
        /// Why it cannot be moved.
        error: std::io::Error,
    },
    /// Another copy of the program is at the file and does not leave it.
    #[error("another copy of the program holds the journal. Try again when it has let go")]
    Busy,
    /// A write failed; nothing of it is in the file.
    #[error("{0}")]
    Write(String),
    /// Erasing failed.
    #[error("nothing more could be erased: {0}. Mend that and try again, or remove the journal by hand")]
    NotErased(String),
    /// There is no room even for erasing.
    #[error(
        "the disk is so full that not even erasing has room. Make a little, or erase all of it with inner-room sessions delete --all"
    )]
    NoRoom,
    /// A read failed.
    #[error("the journal cannot be read: {0}. See that the disk is well")]
    Read(String),
    /// The session that is being written was erased or closed by another copy.
    #[error("another copy of the program has erased or closed it in the journal")]
    Gone,
    /// There is no session of that number.
    #[error("there is no session {0}. inner-room sessions list shows which there are")]
    NoSession(i64),
    /// Something could not be wiped out of the files yet.
    #[error(
        "the words are deleted, but could not be wiped out of the journal's files yet: {0}. The next inner-room sessions delete finishes it"
    )]
    Unclean(String),
    /// A file beside the journal could not be removed.
    #[error("{path} could not be removed: {error}. Remove it by hand")]
    Remove {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

/// A database's error in plain words.
fn plainly(error: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode;
    let plain = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full",
        Some(ErrorCode::SystemIoFailure) => "the disk reports an error",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => "it may not be written to",
        Some(ErrorCode::CannotOpen) => "the file or its folder cannot be opened",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "another copy of the program holds it",
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => "the file is damaged",
        _ => return error.to_string(),
    };
    plain.to_owned()
}

/// Milliseconds since 1970 by the machine's clock, which may be wrong: for showing, never for deciding.
fn now_ms() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.ok().and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or_default()
}
