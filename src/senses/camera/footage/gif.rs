//! GIF animations, a frame at a time: each is painted over the one before, as `GIF89a` says.

use std::fs::File;
use std::io::BufReader;
use std::num::NonZeroU64;
use std::time::Duration;

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, DisposalMethod, MemoryLimit};

use super::{FootageError, Held, Shot};
use crate::senses::face::{MOST_PIXELS, Picture, PictureError};

/// The most bytes of one frame: four colours for each pixel.
const MOST_FRAME: NonZeroU64 = NonZeroU64::MIN.saturating_add(4 * MOST_PIXELS);
/// Hundredths of a second that a frame is shown at least, and what is shown instead of less, as browsers do.
const LEAST: u16 = 2;
const USUAL: u16 = 10;

/// The pictures of a GIF.
pub(super) struct Gif {
    decoder: Decoder<BufReader<File>>,
    width: usize,
    height: usize,
    /// What is seen now, in red, green and blue. Where nothing was painted it is black.
    canvas: Vec<u8>,
    /// What is done before the next frame is painted.
    after: After,
    at: Duration,
    number: usize,
    done: bool,
}

enum After {
    Nothing,
    /// This part is black again: left, top, width, height.
    Clear([usize; 4]),
    /// This was seen before.
    Restore(Vec<u8>),
}

impl Gif {
    /// Looks at its size before anything is decoded.
    ///
    /// # Errors
    /// [`FootageError`].
    pub(super) fn open(file: BufReader<File>) -> Result<Self, FootageError> {
        let mut options = DecodeOptions::new();
        options.set_color_output(ColorOutput::RGBA);
        options.set_memory_limit(MemoryLimit::Bytes(MOST_FRAME));
        let decoder = options.read_info(file).map_err(|error| wrong(error, 0.0))?;
        let (width, height) = (usize::from(decoder.width()), usize::from(decoder.height()));
        if (width * height) as u64 > MOST_PIXELS {
            return Err(PictureError::TooLarge.into());
        }
        if width * height == 0 {
            return Err(FootageError::Damaged("it has no size".to_owned()));
        }
        let (canvas, at) = (vec![0; width * height * 3], Duration::ZERO);
        Ok(Self { decoder, width, height, canvas, after: After::Nothing, at, number: 0, done: false })
    }

    /// Paints the next frame, and says for how many hundredths of a second it is shown; none at the end.
    fn paint(&mut self) -> Result<Option<u16>, FootageError> {
        let at = self.at.as_secs_f64();
        let Some(frame) = self.decoder.read_next_frame().map_err(|error| wrong(error, at))? else {
            return if self.number == 0 { Err(FootageError::Nothing) } else { Ok(None) };
        };
        match std::mem::replace(&mut self.after, After::Nothing) {
            After::Nothing => {}
            After::Clear([left, top, width, height]) => {
                for y in top..(top + height).min(self.height) {
                    let [from, to] = [left, left + width].map(|x| (y * self.width + x.min(self.width)) * 3);
                    self.canvas[from..to].fill(0);
                }
            }
            After::Restore(before) => self.canvas = before,
        }
        let place = [frame.left, frame.top, frame.width, frame.height].map(usize::from);
        self.after = match frame.dispose {
            DisposalMethod::Any | DisposalMethod::Keep => After::Nothing,
            DisposalMethod::Background => After::Clear(place),
            DisposalMethod::Previous => After::Restore(self.canvas.clone()),
        };
        let [left, top, width, _] = place;
        let rows = frame.buffer.chunks_exact((width * 4).max(4)).zip(top..self.height);
        for (row, y) in rows {
            for (pixel, x) in row.chunks_exact(4).zip(left..self.width) {
                if pixel[3] > 0 {
                    let to = (y * self.width + x) * 3;
                    self.canvas[to..to + 3].copy_from_slice(&pixel[..3]);
                }
            }
        }
        Ok(Some(if frame.delay < LEAST { USUAL } else { frame.delay }))
    }
}

fn wrong(error: DecodingError, at: f64) -> FootageError {
    match error {
        DecodingError::UnexpectedEof => FootageError::Cut(at),
        DecodingError::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            FootageError::Cut(at)
        }
        DecodingError::Io(error) => FootageError::Read(error),
        DecodingError::MemoryLimit | DecodingError::OutOfMemory => PictureError::TooLarge.into(),
        error => FootageError::Damaged(error.to_string().chars().take(120).collect()),
    }
}

impl Iterator for Gif {
    type Item = Result<Shot, FootageError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let painted = self.paint();
        self.done = !matches!(painted, Ok(Some(_)));
        let long = match painted.transpose()? {
            Ok(hundredths) => Duration::from_millis(u64::from(hundredths) * 10),
            Err(error) => return Some(Err(error)),
        };
        let picture = Picture::of(self.width, self.height, self.canvas.clone())?;
        let at = self.at;
        self.at += long;
        self.number += 1;
        Some(Ok(Shot { at, long, held: Held::Seen(picture) }))
    }
}
