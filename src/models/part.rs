//! A model while it comes: a `.part` beside where it belongs, and the server's mark of it, so that a later download goes on
//! from there.

use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::catalogue::Entry;
use super::checksum::Sums;
use super::store::StoreError;
use crate::config::save::{sync_folder, with_ending};
use crate::net::download::{self, DownloadError, Held, Limits, Start, Target};

/// How often a download that breaks off goes on by itself, as long as each time something new comes.
const MOST_CUTS: u32 = 8;
/// The longest mark of a server's that is kept, in bytes.
const LONGEST_TAG: usize = 512;

/// How far a download is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many bytes are here.
    pub bytes: u64,
    /// How many the file has, where that is known.
    pub total: Option<u64>,
}

/// Where a model stands while it comes.
pub(super) fn file(of: &Path) -> PathBuf {
    with_ending(of, ".part")
}

/// Takes a part away, with its mark. One that cannot be removed is begun anew the next time.
pub(super) fn remove(part: &Path) {
    std::fs::remove_file(tag_file(part)).ok();
    std::fs::remove_file(part).ok();
}

/// Where the server's mark of a part is kept.
fn tag_file(part: &Path) -> PathBuf {
    with_ending(part, ".tag")
}

/// A model while it comes.
pub(super) struct Part<'a> {
    entry: &'a Entry,
    path: PathBuf,
    file: File,
    bytes: u64,
    total: Option<u64>,
    progress: &'a mut dyn FnMut(Progress),
}

impl<'a> Part<'a> {
    /// Takes over what has come before. Two that write to one file would spoil it, so there is only one at a time.
    pub(super) fn new(
        entry: &'a Entry,
        path: PathBuf,
        file: File,
        progress: &'a mut dyn FnMut(Progress),
    ) -> Result<Self, StoreError> {
        let busy = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
        // The other one may have been done in this very moment: then this is no part any more, but the model itself.
        if busy || !path.exists() {
            return Err(StoreError::Busy { name: entry.name.clone() });
        }
        let mut part = Self { entry, path, file, bytes: 0, total: entry.size, progress };
        let taken = part.held().and_then(|held| {
            part.bytes = held.bytes;
            if held.bytes > entry.most() { part.clear() } else { Ok(()) }
        });
        taken.map_err(|error| part.unwritten(error))?;
        Ok(part)
    }

    /// Gets what is missing. What came stays for the next time.
    pub(super) fn fetch(&mut self, address: &str) -> Result<(), StoreError> {
        if self.entry.size == Some(self.bytes) {
            return Ok(());
        }
        self.fetch_in_pieces(address).map_err(|error| {
            // Nothing came, or more than the right file has.
            if self.bytes == 0 || matches!(error, DownloadError::TooLarge { .. }) {
                remove(&self.path);
            }
            match error {
                DownloadError::Write(error) => self.unwritten(error),
                error => StoreError::Download { name: self.entry.name.clone(), error },
            }
        })
    }

    /// Goes on by itself where the connection breaks and something came.
    fn fetch_in_pieces(&mut self, address: &str) -> Result<(), DownloadError> {
        let limits = Limits::of(self.entry.size, self.entry.most());
        let mut cuts = 0;
        loop {
            let before = self.bytes;
            match download::fetch(address, limits, self) {
                Err(error) if error.may_go_on() && self.bytes > before && cuts < MOST_CUTS => cuts += 1,
                ended => return ended,
            }
        }
    }

    /// Gives it its name, if it is the right file; else it is thrown away, because nothing could be made of it.
    pub(super) fn settle(self) -> Result<PathBuf, StoreError> {
        let sums = self.file.sync_all().and_then(|()| Sums::read(&self.file));
        let sums = sums.map_err(|error| self.unwritten(error))?;
        if !sums.fit(&self.entry.checksum) {
            remove(&self.path);
            return Err(StoreError::Wrong { name: self.entry.name.clone() });
        }
        let to = self.path.with_extension("");
        std::fs::rename(&self.path, &to).map_err(|error| self.unwritten(error))?;
        std::fs::remove_file(tag_file(&self.path)).ok();
        // The file stands. A power cut in this very moment could only take its name away again.
        sync_folder(&to).ok();
        Ok(to)
    }

    /// Begins anew.
    fn clear(&mut self) -> io::Result<()> {
        if self.file.metadata()?.len() > 0 {
            self.file.set_len(0)?;
        }
        self.bytes = 0;
        Ok(())
    }

    fn unwritten(&self, error: io::Error) -> StoreError {
        StoreError::Write { path: self.path.clone(), error }
    }

    fn keep_tag(&self, tag: Option<&str>) -> io::Result<()> {
        let file = tag_file(&self.path);
        match tag.filter(|tag| tag.len() <= LONGEST_TAG) {
            Some(tag) => std::fs::write(file, tag),
            None if file.exists() => std::fs::remove_file(file),
            None => Ok(()),
        }
    }
}

impl Target for Part<'_> {
    fn held(&self) -> io::Result<Held> {
        let tag = std::fs::read_to_string(tag_file(&self.path)).ok();
        // A mark that was cut off in the middle is none.
        let tag = tag.filter(|tag| tag.len() > 1 && tag.starts_with('"') && tag.ends_with('"'));
        Ok(Held { bytes: self.file.metadata()?.len(), tag })
    }

    fn start(&mut self, start: &Start) -> io::Result<()> {
        if start.from == 0 {
            self.clear()?;
        }
        self.keep_tag(start.tag.as_deref())?;
        self.bytes = start.from;
        self.total = start.total.or(self.total);
        (self.progress)(Progress { bytes: self.bytes, total: self.total });
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.bytes += bytes.len() as u64;
        (self.progress)(Progress { bytes: self.bytes, total: self.total });
        Ok(())
    }
}
