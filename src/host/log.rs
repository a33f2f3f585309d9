//! The event log as a file: one JSON object a line, each written whole.

use std::fs::File;
use std::io::{LineWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::dialogue::Event;

/// Why events cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The file cannot be opened or written.
    #[error("events cannot be written to {path}: {error}")]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

/// Writes events to a file.
#[derive(Debug)]
pub struct EventLog {
    path: PathBuf,
    file: LineWriter<File>,
}

impl EventLog {
    /// Opens the file anew.
    ///
    /// # Errors
    /// [`LogError`], when it cannot be opened.
    pub fn create(path: &Path) -> Result<Self, LogError> {
        let failed = |error| LogError::Write { path: path.to_owned(), error };
        let file = File::create(path).map_err(failed)?;
        Ok(Self { path: path.to_owned(), file: LineWriter::new(file) })
    }

    /// Writes one event as one line.
    ///
    /// # Errors
    /// [`LogError`], when it cannot be written.
    pub fn write(&mut self, event: &Event) -> Result<(), LogError> {
        let failed = |error| LogError::Write { path: self.path.clone(), error };
        let mut line = serde_json::to_string(event).map_err(std::io::Error::other).map_err(failed)?;
        line.push('\n');
        self.file
            .write_all(line.as_bytes())
            .map_err(|error| LogError::Write { path: self.path.clone(), error })
    }
}
