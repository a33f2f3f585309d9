//! What is shown of a picture to the person it was taken of: how bright it is, and a small copy.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder as _};

use super::picture::Picture;

/// How good the small copy is, of 100.
const QUALITY: u8 = 70;
/// Every so many pixels one is looked at.
const EVERY: usize = 7;

impl Picture {
    /// How bright it is on average, 0 to 255 (ITU-R BT.601).
    #[must_use]
    pub fn brightness(&self) -> f32 {
        let pixels = self.rgb().chunks_exact(3).step_by(EVERY);
        let (sum, count) = pixels.fold((0.0_f64, 0_u32), |(sum, count), pixel| {
            let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(f64::from);
            (sum + 0.299 * red + 0.587 * green + 0.114 * blue, count + 1)
        });
        (sum / f64::from(count.max(1))) as f32
    }

    /// A copy about so many pixels wide at most, as JPEG in Base64 (RFC 4648); none where it cannot be made.
    #[must_use]
    pub fn thumbnail(&self, wide: usize) -> Option<String> {
        let small = self.smaller(self.width().div_ceil(wide.max(1)).max(1));
        let (width, height) = (u32::try_from(small.width()).ok()?, u32::try_from(small.height()).ok()?);
        let mut bytes = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
        encoder.write_image(small.rgb(), width, height, ExtendedColorType::Rgb8).ok()?;
        Some(data_encoding::BASE64.encode(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_copy_is_as_bright_as_the_picture_and_no_wider_than_asked() {
        let grey = Picture::of(1_280, 720, vec![90; 1_280 * 720 * 3]).expect("a picture");
        let copy = grey.thumbnail(320).expect("a copy");
        let bytes = data_encoding::BASE64.decode(copy.as_bytes()).expect("Base64");
        let copy = Picture::decode(&bytes).expect("a picture");
        assert_eq!((copy.width(), copy.height()), (320, 180));
        assert!((grey.brightness() - 90.0).abs() < 0.1 && (copy.brightness() - 90.0).abs() < 2.0);
    }
}
