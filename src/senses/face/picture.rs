//! A picture: bounded before it is decoded, and looked at in squares.

use std::io::{Cursor, Read as _};
use std::path::Path;

use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use zeroize::Zeroizing;

use super::jpeg::{Ends, ends};

use super::resample;

/// The most pixels that a picture may have.
pub const MOST_PIXELS: u64 = 50_000_000;
/// The most bytes that a file may have.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// The most bytes that a decoded picture may have: four colours of a byte each.
const MOST_DECODED: u64 = 4 * MOST_PIXELS;
/// How many points along a side are averaged for one pixel of a square at most.
const MOST_POINTS: usize = 8;

/// Why a picture cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// It is of another kind, or no picture at all.
    #[error("it is no JPEG or PNG picture")]
    Kind,
    /// It is of a kind that is known and not read.
    #[error("{0} pictures are not read; save it as JPEG or PNG")]
    Other(String),
    /// It has too many pixels or bytes.
    #[error("it is too large; {} megapixels are read at most, and {} megabytes", MOST_PIXELS / 1_000_000, MOST_BYTES / 1024 / 1024)]
    TooLarge,
    /// It breaks off.
    #[error("it breaks off before its end")]
    Cut,
    /// It is damaged.
    #[error("it is damaged: {0}")]
    Damaged(String),
}

/// A square in a picture, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Square {
    /// Its centre.
    pub(super) centre: [f32; 2],
    /// How long a side is.
    pub(super) side: f32,
    /// How far it is rolled, clockwise, in radians.
    pub(super) roll: f32,
}

impl Square {
    /// A point of the square, each coordinate from 0 to 1, in pixels of the picture.
    pub(super) fn place(&self, at: [f32; 2]) -> [f32; 2] {
        let [x, y] = at.map(|it| (it - 0.5) * self.side);
        let (sin, cos) = self.roll.sin_cos();
        [self.centre[0] + x * cos - y * sin, self.centre[1] + x * sin + y * cos]
    }
}

/// What is seen where the picture has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outside {
    /// Nothing.
    Black,
    /// Its last pixel.
    Edge,
}

/// A picture in red, green and blue. Its pixels are overwritten with zeros when it is let go.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    rgb: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture")
            .field("width", &self.width)
            .field("height", &self.height)
            .finish_non_exhaustive()
    }
}

impl Picture {
    /// Of pixels, row by row, three bytes each: red, green, blue. None where they are not as many, or none at all.
    #[must_use]
    pub fn of(width: usize, height: usize, rgb: Vec<u8>) -> Option<Self> {
        let fits = width > 0 && height > 0 && width.checked_mul(height)?.checked_mul(3)? == rgb.len();
        fits.then(|| Self { width, height, rgb: rgb.into() })
    }

    /// Of rows of which each begins `stride` bytes after the one before: what stands between its pixels and the next is left out.
    /// None where there are no pixels, more than [`MOST_PIXELS`], a row is longer than its stride, or a byte is missing.
    #[must_use]
    pub fn of_rows(width: usize, height: usize, stride: usize, bytes: &[u8]) -> Option<Self> {
        let row = width.checked_mul(3)?;
        let pixels = width.checked_mul(height)?;
        let needed = stride.checked_mul(height.checked_sub(1)?)?.checked_add(row)?;
        if pixels as u64 > MOST_PIXELS || row == 0 || stride < row || bytes.len() < needed {
            return None;
        }
        let rows = (0..height).map(|y| &bytes[y * stride..y * stride + row]);
        Self::of(width, height, rows.flatten().copied().collect())
    }

    /// Reads a JPEG or PNG file, turned as its camera was held.
    ///
    /// # Errors
    /// [`PictureError`].
    pub fn open(path: &Path) -> Result<Self, PictureError> {
        let file = std::fs::File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(std::io::Error::other("it is no file").into());
        }
        let mut bytes = Vec::new();
        file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        Self::decode(&bytes)
    }

    /// The same, of bytes in memory. Its size is looked at before anything of it is decoded.
    ///
    /// # Errors
    /// [`PictureError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, PictureError> {
        Self::decode_within(bytes, MOST_PIXELS)
    }

    /// The same, of no more than so many pixels.
    pub(in crate::senses) fn decode_within(bytes: &[u8], most: u64) -> Result<Self, PictureError> {
        if bytes.len() as u64 > MOST_BYTES {
            return Err(PictureError::TooLarge);
        }
        let kind = match image::guess_format(bytes) {
            Ok(kind @ (ImageFormat::Png | ImageFormat::Jpeg)) => kind,
            Ok(other) => return Err(PictureError::Other(format!("{other:?}").to_uppercase())),
            Err(_) => return Err(PictureError::Kind),
        };
        // Decoders fill up with grey what is missing, which is no face.
        if kind == ImageFormat::Jpeg && !matches!(ends(bytes), Ends::At(_)) {
            return Err(PictureError::Cut);
        }
        let mut reader = ImageReader::with_format(Cursor::new(bytes), kind);
        let mut limits = Limits::default();
        limits.max_alloc = Some(2 * MOST_DECODED);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(damaged)?;
        let (width, height) = decoder.dimensions();
        let pixels = u64::from(width) * u64::from(height);
        if pixels > most.min(MOST_PIXELS) || decoder.total_bytes() > MOST_DECODED {
            return Err(PictureError::TooLarge);
        }
        let turned = decoder.orientation().map_err(damaged)?;
        let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
        picture.apply_orientation(turned);
        let picture = picture.into_rgb8();
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        Self::of(width, height, picture.into_raw())
            .ok_or_else(|| PictureError::Damaged("it has no pixels".to_owned()))
    }

    /// Its pixels, row by row, three bytes each: red, green, blue.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// How wide it is, in pixels.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// How high it is, in pixels.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The same, so many times smaller: each pixel is the mean of a block.
    pub(super) fn smaller(&self, by: usize) -> Self {
        let (width, height) = (self.width.div_ceil(by), self.height.div_ceil(by));
        let mut rgb = Vec::with_capacity(width * height * 3);
        for top in (0..self.height).step_by(by) {
            let mut sums = vec![[0_u32; 4]; width];
            for y in top..(top + by).min(self.height) {
                let row = &self.rgb[y * self.width * 3..(y + 1) * self.width * 3];
                for (sum, block) in sums.iter_mut().zip(row.chunks(by * 3)) {
                    for pixel in block.chunks_exact(3) {
                        (0..3).for_each(|colour| sum[colour] += u32::from(pixel[colour]));
                        sum[3] += 1;
                    }
                }
            }
            let mean = |sum: [u32; 4]| {
                [0, 1, 2].map(|at| u8::try_from((sum[at] + sum[3] / 2) / sum[3]).unwrap_or(u8::MAX))
            };
            rgb.extend(sums.into_iter().flat_map(mean));
        }
        Self { width, height, rgb: rgb.into() }
    }

    /// A square of it in so many pixels on a side, each red, green and blue, 0 to 255. Where it is made smaller, each pixel is
    /// the mean of many points.
    pub(super) fn square(&self, square: &Square, pixels: usize, outside: Outside) -> Vec<[f32; 3]> {
        let by = (square.side / pixels as f32) as usize;
        // Of a whole picture that is much larger, blocks are averaged first: it is quicker by far.
        if outside == Outside::Black && by >= 2 {
            let scaled = |it: f32| it / by as f32;
            let smaller = Square { centre: square.centre.map(scaled), side: scaled(square.side), ..*square };
            return self.smaller(by).sampled(&smaller, pixels, outside);
        }
        self.sampled(square, pixels, outside)
    }

    fn sampled(&self, square: &Square, pixels: usize, outside: Outside) -> Vec<[f32; 3]> {
        let points = ((square.side / pixels as f32).round() as usize).clamp(1, MOST_POINTS);
        if square.roll == 0.0 {
            let along = |at: usize, length: usize| {
                let from = square.centre[at] - square.side / 2.0;
                resample::shares(from, square.side, (pixels, points), length, outside)
            };
            return resample::level(&self.rgb, self.width, &along(0, self.width), &along(1, self.height));
        }
        self.rolled(square, pixels, points, outside)
    }

    fn rolled(&self, square: &Square, pixels: usize, points: usize, outside: Outside) -> Vec<[f32; 3]> {
        let along = (pixels * points) as f32;
        let origin = square.place([0.5 / along, 0.5 / along]);
        let (sin, cos) = square.roll.sin_cos();
        let step = square.side / along;
        let mut seen = Vec::with_capacity(pixels * pixels);
        for row in 0..pixels {
            for column in 0..pixels {
                let mut sum = [0.0; 3];
                for point in 0..points * points {
                    let right = (column * points + point % points) as f32 * step;
                    let down = (row * points + point / points) as f32 * step;
                    let at = [origin[0] + right * cos - down * sin, origin[1] + right * sin + down * cos];
                    let colour = self.at(at, outside);
                    (0..3).for_each(|it| sum[it] += colour[it]);
                }
                seen.push(sum.map(|it| it / (points * points) as f32));
            }
        }
        seen
    }

    /// The colour at a point, between the pixels around it.
    fn at(&self, [x, y]: [f32; 2], outside: Outside) -> [f32; 3] {
        let (right, down) = ((self.width - 1) as f32, (self.height - 1) as f32);
        if outside == Outside::Black && !(0.0..=right + 1.0).contains(&x) {
            return [0.0; 3];
        }
        if outside == Outside::Black && !(0.0..=down + 1.0).contains(&y) {
            return [0.0; 3];
        }
        let (x, y) = ((x - 0.5).clamp(0.0, right), (y - 0.5).clamp(0.0, down));
        let (left, top) = (x as usize, y as usize);
        let (next, below) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let (across, along) = (x - left as f32, y - top as f32);
        let [a, b, c, d] =
            [(left, top), (next, top), (left, below), (next, below)].map(|(x, y)| 3 * (y * self.width + x));
        [0, 1, 2].map(|it| {
            let of = |at: usize| f32::from(self.rgb[at + it]);
            let upper = of(a) + (of(b) - of(a)) * across;
            let lower = of(c) + (of(d) - of(c)) * across;
            upper + (lower - upper) * along
        })
    }
}

fn damaged(error: image::ImageError) -> PictureError {
    use std::error::Error as _;
    match &error {
        image::ImageError::Limits(_) => PictureError::TooLarge,
        image::ImageError::IoError(why) if why.kind() == std::io::ErrorKind::UnexpectedEof => {
            PictureError::Cut
        }
        error => {
            let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            let short: String = why.lines().next().unwrap_or_default().chars().take(120).collect();
            PictureError::Damaged(short)
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};

    use super::*;

    #[test]
    fn a_square_that_is_level_is_seen_as_if_point_by_point() {
        let mut random = rand_pcg::Pcg32::seed_from_u64(9);
        let (width, height) = (61, 43);
        let rgb = (0..width * height * 3).map(|_| random.random()).collect();
        let picture = Picture::of(width, height, rgb).expect("a picture");
        for _ in 0..60 {
            let mut number = |from: f32, to: f32| random.random_range(from..to);
            let centre = [number(-20.0, 80.0), number(-20.0, 60.0)];
            let square = Square { centre, side: number(0.5, 90.0), roll: 0.0 };
            let pixels = random.random_range(1..24);
            let points = ((square.side / pixels as f32).round() as usize).clamp(1, MOST_POINTS);
            for outside in [Outside::Black, Outside::Edge] {
                let level = picture.sampled(&square, pixels, outside);
                let slowly = picture.rolled(&square, pixels, points, outside);
                let apart = level.as_flattened().iter().zip(slowly.as_flattened());
                let apart = apart.map(|(one, other)| (one - other).abs()).fold(0.0, f32::max);
                assert!(level.len() == pixels * pixels && apart < 0.05, "{square:?} {pixels} {apart}");
            }
        }
    }
}
