//! Locks: one for each session that runs, and one for whoever opens the journal.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::config::save::owner_only;

/// How long another copy is waited for that is just opening the journal.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is asked.
const AGAIN: Duration = Duration::from_millis(20);

/// The lock of a session. It is let go when this is dropped, or when the process ends in whatever way.
#[derive(Debug)]
pub(super) struct SessionLock {
    file: File,
    path: PathBuf,
}

fn path_of(folder: &Path, session: i64) -> PathBuf {
    folder.join(format!("session-{session}.lock"))
}

impl SessionLock {
    /// Takes the lock; none when somebody has it.
    pub(super) fn take(folder: &Path, session: i64) -> std::io::Result<Option<Self>> {
        let path = path_of(folder, session);
        let file = owner_only().create(true).truncate(false).open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file, path })),
            Err(TryLockError::WouldBlock) => Ok(None),
            // Where a folder knows no locks, a session cannot be told from one that was cut off: it is left alone.
            Err(TryLockError::Error(_unsupported)) => Ok(None),
        }
    }

    /// Whether somebody has it.
    pub(super) fn is_held(folder: &Path, session: i64) -> bool {
        File::open(path_of(folder, session)).is_ok_and(|file| file.try_lock_shared().is_err())
    }

    /// Removes what is left of a lock, whoever has it.
    pub(super) fn remove(folder: &Path, session: i64) {
        // It holds no words. What cannot be removed is in nobody's way.
        if std::fs::remove_file(path_of(folder, session)).is_err() {}
    }
}

impl Drop for SessionLock {
    fn drop(&mut self) {
        // The file is empty; one that stays is in nobody's way, and the lock goes with the process.
        if std::fs::remove_file(&self.path).is_err() || self.file.unlock().is_err() {}
    }
}

/// Held while the journal is opened, so that two copies never make it, or set it aside, at the same moment.
#[derive(Debug)]
pub(super) struct OpeningLock(
    #[expect(dead_code, reason = "the lock lives as long as the file is open")] File,
);

impl OpeningLock {
    /// Takes it; none when somebody holds it for too long.
    pub(super) fn take(folder: &Path) -> std::io::Result<Option<Self>> {
        let file = owner_only().create(true).truncate(false).open(folder.join("journal.lock"))?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => std::thread::sleep(AGAIN),
                Err(TryLockError::WouldBlock) => return Ok(None),
                // Where a folder knows no locks there is nobody to wait for.
                Ok(()) | Err(TryLockError::Error(_)) => return Ok(Some(Self(file))),
            }
        }
    }
}
