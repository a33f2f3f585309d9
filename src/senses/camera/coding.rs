//! What a camera sends, made a picture: bounded, and never believed.

use crate::senses::face::Picture;
use crate::senses::face::jpeg::{Ends, ends, with_tables};

/// The most pixels that a picture of a camera or of a film may have: 3840 by 2160 and some more.
pub const MOST_CAMERA_PIXELS: u64 = 10_000_000;

/// How a camera's pictures are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// A JPEG for each, with or without its tables.
    Mjpeg,
    /// Pixels two by two in four bytes: light, blue, light, red (4:2:2). In the colours of ITU-R BT.601, from 16 to 235.
    Yuyv {
        /// In pixels; even.
        width: usize,
        /// In pixels.
        height: usize,
        /// How many bytes after the beginning of a row the next one begins.
        stride: usize,
    },
}

impl Coding {
    /// The picture that these bytes are. None where they are damaged, too few or too large.
    #[must_use]
    pub fn picture(self, bytes: &[u8]) -> Option<Picture> {
        match self {
            Self::Mjpeg => mjpeg(bytes),
            Self::Yuyv { width, height, stride } => yuyv(width, height, stride, bytes),
        }
    }
}

fn mjpeg(bytes: &[u8]) -> Option<Picture> {
    if !bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return None;
    }
    // After the end cameras leave what was in their memory before.
    let Ends::At(end) = ends(bytes) else { return None };
    Picture::decode_within(&with_tables(bytes.get(..end)?), MOST_CAMERA_PIXELS).ok()
}

fn yuyv(width: usize, height: usize, stride: usize, bytes: &[u8]) -> Option<Picture> {
    let row = width.checked_mul(2)?;
    let pixels = width.checked_mul(height)?;
    let needed = stride.checked_mul(height.checked_sub(1)?)?.checked_add(row)?;
    let fits = width > 0 && width.is_multiple_of(2) && stride >= row && bytes.len() >= needed;
    if !fits || pixels as u64 > MOST_CAMERA_PIXELS {
        return None;
    }
    let mut rgb = Vec::with_capacity(pixels * 3);
    for row in (0..height).map(|y| &bytes[y * stride..y * stride + row]) {
        for pair in row.chunks_exact(4) {
            let (blue, red) = (i32::from(pair[1]) - 128, i32::from(pair[3]) - 128);
            for light in [pair[0], pair[2]] {
                rgb.extend(colour(i32::from(light) - 16, blue, red));
            }
        }
    }
    Picture::of(width, height, rgb)
}

/// ITU-R BT.601, in parts of 256.
fn colour(light: i32, blue: i32, red: i32) -> [u8; 3] {
    let of = |sum: i32| u8::try_from(((298 * light + sum + 128) >> 8).clamp(0, 255)).unwrap_or(u8::MAX);
    [of(409 * red), of(-100 * blue - 208 * red), of(516 * blue)]
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};

    use super::*;

    #[test]
    fn the_colours_of_a_test_card_are_those_of_the_standard() {
        // 75 % bars as BT.601 has them: what was sent, and what is seen.
        let bars: [([u8; 3], [u8; 3]); 8] = [
            ([180, 128, 128], [191, 191, 191]),
            ([162, 44, 142], [191, 191, 0]),
            ([131, 156, 44], [0, 191, 191]),
            ([112, 72, 58], [0, 191, 0]),
            ([84, 184, 198], [191, 0, 191]),
            ([65, 100, 212], [191, 0, 0]),
            ([35, 212, 114], [0, 0, 191]),
            ([16, 128, 128], [0, 0, 0]),
        ];
        for ([light, blue, red], seen) in bars {
            let picture = yuyv(2, 1, 4, &[light, blue, light, red]).expect("a picture");
            for (is, wanted) in picture.rgb().chunks(3).flatten().zip([seen, seen].concat()) {
                assert!(is.abs_diff(wanted) <= 2, "{seen:?}, not {:?}", picture.rgb());
            }
        }
    }

    #[test]
    fn a_row_may_be_longer_than_its_pixels_and_what_stands_behind_them_is_not_seen() {
        let rows = [[235, 128, 235, 128, 1, 2], [16, 128, 16, 128, 3, 4]].concat();
        let picture = yuyv(2, 2, 6, &rows).expect("a picture");
        assert_eq!(picture.rgb(), [[255; 6], [0; 6]].concat());
        // The last row needs no bytes behind its pixels.
        assert_eq!(yuyv(2, 2, 6, &rows[..10]), Some(picture));
    }

    #[test]
    fn sizes_that_cannot_be_and_missing_bytes_are_no_picture() {
        let bytes = [128; 64];
        for (width, height, stride) in [
            (0, 0, 0),
            (0, 4, 8),
            (4, 0, 8),
            (3, 2, 6),
            (4, 4, 7),
            (4, 9, 8),
            (usize::MAX, 2, usize::MAX),
            (2, usize::MAX, 4),
            (1 << 20, 1 << 20, 1 << 21),
        ] {
            assert_eq!(yuyv(width, height, stride, &bytes), None, "{width} {height} {stride}");
        }
        assert!(yuyv(4, 8, 8, &bytes).is_some() && yuyv(4, 8, 8, &bytes[..63]).is_none());
    }

    #[test]
    fn random_bytes_of_random_sizes_are_a_picture_or_none_and_no_more() {
        let mut random = rand_pcg::Pcg32::seed_from_u64(5);
        let mut seen = 0;
        for _ in 0..2_000 {
            let bytes: Vec<u8> = (0..random.random_range(0..600)).map(|_| random.random()).collect();
            let (width, height) = (random.random_range(0..20), random.random_range(0..20));
            let stride = random.random_range(0..50);
            let picture = Coding::Yuyv { width, height, stride }.picture(&bytes);
            seen += usize::from(picture.is_some_and(|it| it.rgb().len() == width * height * 3));
            let mut jpeg = vec![0xFF, 0xD8, 0xFF];
            jpeg.extend(bytes);
            assert_eq!(Coding::Mjpeg.picture(&jpeg), None);
        }
        assert!(seen > 50, "{seen}");
    }
}
