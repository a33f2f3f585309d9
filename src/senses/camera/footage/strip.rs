//! JPEGs one after the other, as a camera sends them.

use std::io::Read;

use super::{FootageError, Held, MOST_CODED, Shot, at};
use crate::senses::face::jpeg::{Ends, ends};

/// How much is read at once.
const PIECE: u64 = 64 * 1024;
const BEGINS: [u8; 3] = [0xFF, 0xD8, 0xFF];

/// The pictures of an MJPEG file.
pub(super) struct Strip<R> {
    from: R,
    /// What was read and is no picture yet.
    read: Vec<u8>,
    /// What ends the file was met.
    done: bool,
    number: usize,
    a_second: f64,
}

impl<R: Read> Strip<R> {
    pub(super) fn of(from: R, a_second: f64) -> Self {
        Self { from, read: Vec::new(), done: false, number: 0, a_second }
    }

    /// Reads on. False at the end.
    fn fill(&mut self) -> std::io::Result<bool> {
        Ok(self.from.by_ref().take(PIECE).read_to_end(&mut self.read)? > 0)
    }

    /// Lets go of what stands before the next beginning of a picture, from so many bytes on. False where the file is over.
    fn seek(&mut self, from: usize) -> std::io::Result<bool> {
        self.read.drain(..from.min(self.read.len()));
        loop {
            if let Some(begins) = self.read.windows(3).position(|it| it == BEGINS) {
                self.read.drain(..begins);
                return Ok(true);
            }
            // A beginning may lie on the border.
            self.read.drain(..self.read.len().saturating_sub(2));
            if !self.fill()? {
                return Ok(false);
            }
        }
    }

    /// The next picture; none at the end.
    fn picture(&mut self) -> Result<Option<Vec<u8>>, FootageError> {
        if !self.seek(0)? {
            return if self.number == 0 { Err(FootageError::Nothing) } else { Ok(None) };
        }
        loop {
            match ends(&self.read) {
                Ends::At(end) => return Ok(Some(self.read.drain(..end).collect())),
                Ends::NotYet if self.read.len() < MOST_CODED => {
                    if !self.fill()? {
                        self.read.clear();
                        return Err(FootageError::Cut(at(self.number, self.a_second).as_secs_f64()));
                    }
                }
                // It is shown as one that cannot be read, so that it is counted and keeps its time.
                Ends::NotYet | Ends::Never => {
                    let next = self.read.windows(3).skip(3).position(|it| it == BEGINS);
                    let end = next.map_or(3, |it| it + 3);
                    return Ok(Some(self.read.drain(..end).collect()));
                }
            }
        }
    }
}

impl<R: Read> Iterator for Strip<R> {
    type Item = Result<Shot, FootageError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let picture = self.picture();
        self.done = !matches!(picture, Ok(Some(_)));
        let coded = match picture.transpose()? {
            Ok(coded) => coded,
            Err(error) => return Some(Err(error)),
        };
        let shown = at(self.number, self.a_second);
        self.number += 1;
        let long = at(self.number, self.a_second).saturating_sub(shown);
        Some(Ok(Shot { at: shown, long, held: Held::Coded(coded) }))
    }
}
