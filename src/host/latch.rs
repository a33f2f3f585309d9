//! The latch outlives the process: an evening that was stopped for somebody's safety and then cut off (a crash, a power
//! cut) is followed by one without the Devil, whether evenings are kept or not.
//!
//! It is an empty file in the folder for data, locked while its evening runs and removed when that evening ends. It
//! says nothing about anybody.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::config::LATCH;
use crate::config::save::owner_only;

/// Where the latch of an evening is written, once there is one.
#[derive(Debug)]
pub struct Latch {
    folder: PathBuf,
    /// The file, and the lock on it.
    set: Option<(PathBuf, File)>,
    /// Latches of evenings that were cut off: this evening is held for them.
    earlier: Vec<PathBuf>,
}

impl Latch {
    /// Looks for latches of evenings that were cut off.
    #[must_use]
    pub fn look(folder: &Path) -> Self {
        let mut earlier = Vec::new();
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let ours = entry.file_name().to_string_lossy().starts_with(LATCH);
            if ours && !is_running(&entry.path()) {
                earlier.push(entry.path());
            }
        }
        Self { folder: folder.to_owned(), set: None, earlier }
    }

    /// Whether an evening was stopped and then cut off.
    #[must_use]
    pub fn was_cut_off(&self) -> bool {
        !self.earlier.is_empty()
    }

    /// Sets the latch, on the disk before it returns. The second time it does nothing.
    ///
    /// # Errors
    /// When the folder cannot be written; the evening itself is latched all the same.
    pub fn set(&mut self) -> std::io::Result<()> {
        if self.set.is_some() {
            return Ok(());
        }
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)?;
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let number = now.map_or(0, |since| since.as_nanos());
        let path = self.folder.join(format!("{LATCH}{}-{number}", std::process::id()));
        let file = owner_only().create(true).truncate(false).open(&path)?;
        // Where a folder knows no locks, another copy that looks takes this evening for one that was cut off: the safe
        // side.
        file.try_lock().ok();
        file.sync_all()?;
        File::open(&self.folder)?.sync_all()?;
        self.set = Some((path, file));
        Ok(())
    }

    /// The evening has ended as it should: nothing is left of it, nor of those that it was held for.
    pub fn clear(&mut self) {
        let own = self.set.take().map(|(path, _lock)| path);
        // One that was seen before its own evening had locked it is that evening's.
        let earlier = self.earlier.drain(..).filter(|path| !is_running(path));
        for path in own.into_iter().chain(earlier) {
            // One that cannot be removed makes the next evening one without the Devil: the safe side.
            std::fs::remove_file(path).ok();
        }
    }
}

/// Whether the evening of a latch still runs. What cannot be told counts as cut off: the safe side.
fn is_running(path: &Path) -> bool {
    match File::open(path) {
        Ok(file) => matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)),
        // It has just ended as it should.
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latch_is_seen_only_once_its_evening_is_gone_and_is_cleared_with_the_next_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut evening = Latch::look(folder.path());
        evening.set().expect("written");
        assert!(!Latch::look(folder.path()).was_cut_off(), "it is still running");
        drop(evening);
        let mut next = Latch::look(folder.path());
        assert!(next.was_cut_off());
        next.set().expect("written");
        next.clear();
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}
