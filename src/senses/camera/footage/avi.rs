//! AVI: a film in chunks (RIFF), here with a JPEG in each.
//!
//! Microsoft's *AVI RIFF File Reference*, and `OpenDML` 1.02 for files beyond a gigabyte. Chunks are read one after the other,
//! whatever their lists say of their own lengths: that is how a film whose end was never written plays, too.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::time::Duration;

use super::{FootageError, Held, MOST_CODED, Shot};

/// Lists that are gone into; others are passed over.
const LISTS: [&[u8; 4]; 6] = [b"AVI ", b"AVIX", b"hdrl", b"strl", b"movi", b"rec "];
/// How long a picture may be shown, in microseconds: from a thousand a second to one in ten.
const SHOWN: std::ops::RangeInclusive<u64> = 1_000..=10_000_000;
/// How long it is where the film does not say.
const USUAL: u64 = 100_000;
/// The most bytes of a header that are looked at.
const HEADER: u64 = 64;

/// The pictures of an AVI.
pub(super) struct Avi {
    file: BufReader<File>,
    at: u64,
    ends: u64,
    /// How many streams were described.
    streams: usize,
    /// Which of them is the film.
    film: Option<usize>,
    /// Microseconds from one picture to the next.
    each: u64,
    number: u64,
    done: bool,
}

/// The head of a chunk.
struct Chunk {
    name: [u8; 4],
    long: u64,
}

impl Avi {
    /// Reads the headers up to the first picture.
    ///
    /// # Errors
    /// [`FootageError`], where there is no film in it that is read.
    pub(super) fn open(file: BufReader<File>) -> Result<Self, FootageError> {
        let ends = file.get_ref().metadata()?.len();
        let mut avi = Self { file, at: 0, ends, streams: 0, film: None, each: USUAL, number: 0, done: false };
        loop {
            let begins = avi.at;
            let Some(chunk) = avi.chunk()? else { return Err(FootageError::Nothing) };
            match &chunk.name {
                b"LIST" | b"RIFF" => {
                    if avi.list(&chunk)? == *b"movi" {
                        break;
                    }
                }
                b"avih" => {
                    let head = avi.head(&chunk)?;
                    avi.each = number(&head, 0).filter(|it| SHOWN.contains(it)).unwrap_or(USUAL);
                }
                b"strh" => avi.stream(&chunk)?,
                _ => avi.pass(begins, &chunk)?,
            }
        }
        if avi.film.is_some() { Ok(avi) } else { Err(FootageError::Nothing) }
    }

    /// The next head; none at the end.
    fn chunk(&mut self) -> Result<Option<Chunk>, FootageError> {
        // What is left of a chunk of odd length, or nothing at all.
        if self.ends.saturating_sub(self.at) < 2 {
            return Ok(None);
        }
        let mut head = [0; 8];
        self.exact(&mut head)?;
        let [a, b, c, d, long @ ..] = head;
        Ok(Some(Chunk { name: [a, b, c, d], long: u64::from(u32::from_le_bytes(long)) }))
    }

    fn exact(&mut self, bytes: &mut [u8]) -> Result<(), FootageError> {
        match self.file.read_exact(bytes) {
            Ok(()) => {
                self.at += bytes.len() as u64;
                Ok(())
            }
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err(self.cut()),
            Err(error) => Err(error.into()),
        }
    }

    fn cut(&self) -> FootageError {
        FootageError::Cut(self.shown(self.number).as_secs_f64())
    }

    fn shown(&self, number: u64) -> Duration {
        Duration::from_micros(self.each.saturating_mul(number))
    }

    /// Goes into a list whose kind it is, or passes it over.
    fn list(&mut self, chunk: &Chunk) -> Result<[u8; 4], FootageError> {
        let begins = self.at - 8;
        let mut kind = [0; 4];
        self.exact(&mut kind)?;
        if !LISTS.contains(&&kind) {
            self.pass(begins, chunk)?;
        }
        Ok(kind)
    }

    /// Goes to the end of a chunk that begins here. They are padded to even lengths.
    fn pass(&mut self, begins: u64, chunk: &Chunk) -> Result<(), FootageError> {
        let end = begins + 8 + chunk.long;
        if end > self.ends {
            return Err(self.cut());
        }
        let end = end + chunk.long % 2;
        let on = i64::try_from(end).unwrap_or(i64::MAX) - i64::try_from(self.at).unwrap_or(i64::MAX);
        self.file.seek_relative(on)?;
        self.at = end;
        Ok(())
    }

    /// The first bytes of a header, and goes to its end.
    fn head(&mut self, chunk: &Chunk) -> Result<Vec<u8>, FootageError> {
        let begins = self.at - 8;
        let mut head = vec![0; usize::try_from(chunk.long.min(HEADER)).unwrap_or(0)];
        self.exact(&mut head)?;
        self.pass(begins, chunk)?;
        Ok(head)
    }

    /// What a stream is. The first film counts; its own rate is more exact than that of the whole.
    fn stream(&mut self, chunk: &Chunk) -> Result<(), FootageError> {
        let head = self.head(chunk)?;
        let own = self.streams;
        self.streams += 1;
        if self.film.is_some() || !head.starts_with(b"vids") {
            return Ok(());
        }
        let coded = head.get(4..8).unwrap_or_default();
        if !coded.eq_ignore_ascii_case(b"MJPG") {
            let name = String::from_utf8_lossy(coded).chars().filter(char::is_ascii_graphic).collect();
            return Err(FootageError::Coded(name));
        }
        self.film = Some(own);
        if let (Some(scale), Some(rate @ 1..)) = (number(&head, 20), number(&head, 24)) {
            let each = scale * 1_000_000 / rate;
            if SHOWN.contains(&each) {
                self.each = each;
            }
        }
        Ok(())
    }

    /// Whether a chunk is a picture of the film: its number in two digits, and `dc` or `db`.
    fn is_picture(&self, name: [u8; 4]) -> bool {
        let digit = |it: u8| char::from(it).to_digit(10).map(|it| it as usize);
        let number = digit(name[0]).zip(digit(name[1])).map(|(tens, ones)| tens * 10 + ones);
        number == self.film && matches!(&name[2..], b"dc" | b"db")
    }

    /// The next picture with its number; none at the end. An empty one says that the one before is still shown.
    fn picture(&mut self) -> Result<Option<(u64, Vec<u8>)>, FootageError> {
        loop {
            let begins = self.at;
            let Some(chunk) = self.chunk()? else { return Ok(None) };
            if matches!(&chunk.name, b"LIST" | b"RIFF") {
                self.list(&chunk)?;
                continue;
            }
            if !chunk.name.iter().all(|it| it.is_ascii_graphic() || *it == b' ') {
                let at = self.shown(self.number).as_secs_f64();
                return Err(FootageError::Damaged(format!(
                    "no picture begins where one should, at {at:.1} s"
                )));
            }
            let shown = self.number;
            if self.is_picture(chunk.name) {
                if begins + 8 + chunk.long > self.ends {
                    return Err(self.cut());
                }
                self.number += 1;
                if (1..=MOST_CODED as u64).contains(&chunk.long) {
                    let mut bytes = vec![0; usize::try_from(chunk.long).unwrap_or(0)];
                    self.exact(&mut bytes)?;
                    self.pass(begins, &chunk)?;
                    return Ok(Some((shown, bytes)));
                }
            }
            self.pass(begins, &chunk)?;
        }
    }
}

/// A number of four bytes in a header.
fn number(head: &[u8], at: usize) -> Option<u64> {
    let bytes: [u8; 4] = head.get(at..at + 4)?.try_into().ok()?;
    Some(u64::from(u32::from_le_bytes(bytes)))
}

impl Iterator for Avi {
    type Item = Result<Shot, FootageError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let picture = self.picture();
        self.done = !matches!(picture, Ok(Some(_)));
        Some(picture.transpose()?.map(|(number, bytes)| Shot {
            at: self.shown(number),
            long: self.shown(1),
            held: Held::Coded(bytes),
        }))
    }
}
