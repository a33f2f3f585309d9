//! Putting model files where they belong: from the network or from a file. A file stands under its name only when it is
//! whole and the right one; until then it is a `.part` beside it, from which a download goes on.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::Folders;
use super::catalogue::Entry;
use super::checksum::Sums;
use super::part::{self, Part, Progress};
use crate::config::save::{sync_folder, with_ending};
use crate::net::download::DownloadError;

/// Why a model is not where it belongs. What was there before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no folder for models at all.
    #[error("this machine has no folder for models; name one with --models")]
    NoFolder,
    /// Nothing can be written there.
    #[error("{path} cannot be written: {error}. Make room there, or name another folder with --models")]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file cannot be read.
    #[error("{path} cannot be read: {error}. Copy it to this machine once more, and try again")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Somebody else gets the same file just now.
    #[error("{name} is being got by another copy of this program; wait until that one is done")]
    Busy {
        /// Which model.
        name: String,
    },
    /// It did not come.
    #[error("{name} did not come: {error}")]
    Download {
        /// Which model.
        name: String,
        /// Why.
        error: DownloadError,
    },
    /// Another file came.
    #[error(
        "what came for {name} is another file than the right one, by its checksum, and was thrown away. Try once more; if that fails too, get the file elsewhere and use: inner-room models import FILE"
    )]
    Wrong {
        /// Which model.
        name: String,
    },
}

/// Where models are put: the first of some folders that can be written.
#[derive(Clone, Debug)]
pub struct Store {
    folders: Folders,
}

impl Store {
    /// Puts models into the first of these folders that can be written.
    #[must_use]
    pub fn new(folders: Folders) -> Self {
        Self { folders }
    }

    /// Where a model is that needs not be got any more: the file that is used, if it is whole.
    #[must_use]
    pub fn whole(&self, entry: &Entry) -> Option<PathBuf> {
        let path = self.folders.find(&entry.file)?;
        // A file that cannot be read is no use to anybody, and is got anew.
        Sums::of(&path).is_ok_and(|sums| sums.fit(&entry.checksum)).then_some(path)
    }

    /// Gets a model from an address, from where an earlier download of it broke off. `progress` is told when it begins, and
    /// as it comes. Returns where it is now.
    ///
    /// # Errors
    /// [`StoreError`]. What came is kept for the next time, unless it turned out to be another file.
    pub fn pull(
        &self,
        entry: &Entry,
        address: &str,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<PathBuf, StoreError> {
        let (path, file) = self.open(&part::file(Path::new(&entry.file)), open_part)?;
        let mut part = Part::new(entry, path, file, progress)?;
        part.fetch(address)?;
        part.settle()
    }

    /// Copies a model to where it belongs, from a file that was brought along. Returns where it is now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn import(&self, entry: &Entry, from: &Path) -> Result<PathBuf, StoreError> {
        let read = |error| StoreError::Read { path: from.to_owned(), error };
        let mut source = File::open(from).map_err(read)?;
        let ending = format!(".new-{}", std::process::id());
        let (path, mut file) = self.open(&with_ending(Path::new(&entry.file), &ending), open_new)?;
        let unwritten = |error| StoreError::Write { path: path.clone(), error };
        let copied = io::copy(&mut source, &mut file).and_then(|_bytes| file.sync_all());
        let done = copied.and_then(|()| Sums::read(&file)).map_err(unwritten).and_then(|sums| {
            if !sums.fit(&entry.checksum) {
                return Err(StoreError::Wrong { name: entry.name.clone() });
            }
            let to = path.with_extension("");
            std::fs::rename(&path, &to).map_err(unwritten)?;
            Ok(to)
        });
        match &done {
            Ok(to) => {
                // A download that was begun is not needed any more.
                part::remove(&part::file(to));
                sync_folder(to).ok();
            }
            Err(_) => {
                std::fs::remove_file(&path).ok();
            }
        }
        done
    }

    /// Opens a file in the first folder in which that can be done. Where it can be done nowhere, the first says why.
    fn open(
        &self,
        file: &Path,
        open: impl Fn(&Path) -> io::Result<File>,
    ) -> Result<(PathBuf, File), StoreError> {
        let mut first = StoreError::NoFolder;
        for folder in self.folders.paths() {
            let path = folder.join(file);
            let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            match made.and_then(|()| open(&path)) {
                Ok(file) => return Ok((path, file)),
                Err(error) if matches!(first, StoreError::NoFolder) => {
                    first = StoreError::Write { path: folder.clone(), error };
                }
                Err(_) => {}
            }
        }
        Err(first)
    }
}

fn open_part(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).create(true).open(path)
}

fn open_new(path: &Path) -> io::Result<File> {
    // One that was left by a program that was killed, and had the same number, is in the way.
    std::fs::remove_file(path).ok();
    OpenOptions::new().read(true).write(true).create_new(true).open(path)
}
