//! Surfaces and their pictures: only those that a part uses, each once.

use std::collections::BTreeMap;
use std::io::Cursor;

use gltf::json::material::AlphaMode;
use gltf::json::validation::Checked;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

use super::data::Data;
use super::{AvatarError, KEPT_SIDE, MOST_PICTURE_BYTES, MOST_SIDE, Picture, Surface};

/// How many bytes all pictures may have before they are made smaller: reading them takes time.
const MOST_READ: u64 = 4 * MOST_PICTURE_BYTES;
const SMALLER: &str = "Make its pictures smaller: 2,048 pixels a side are enough";

/// Surfaces and pictures as they are come upon.
#[derive(Default)]
pub(super) struct Surfaces {
    /// In the order in which they were come upon.
    pub(super) surfaces: Vec<Surface>,
    /// In the order in which they were come upon.
    pub(super) pictures: Vec<Picture>,
    /// Where the surface of a material is, none being that of no material; and which set of places in the picture it uses.
    known: BTreeMap<Option<usize>, (usize, u32)>,
    known_pictures: BTreeMap<usize, usize>,
    read: u64,
    kept: u64,
}

impl Surfaces {
    /// Where the surface of a material is, and which set of places in the picture it uses.
    ///
    /// # Errors
    /// Where it is not there, or its picture cannot be read.
    pub(super) fn of(
        &mut self,
        data: &Data<'_>,
        material: Option<usize>,
    ) -> Result<(usize, u32), AvatarError> {
        if let Some(known) = self.known.get(&material) {
            return Ok(*known);
        }
        let (surface, set) = match material {
            None => (plain(), 0),
            Some(index) => self.read_material(data, index)?,
        };
        let found = (self.surfaces.len(), set);
        self.surfaces.push(surface);
        self.known.insert(material, found);
        Ok(found)
    }

    fn read_material(&mut self, data: &Data<'_>, index: usize) -> Result<(Surface, u32), AvatarError> {
        let missing = |what, index| AvatarError::Missing { what, index };
        let material = data.root.materials.get(index).ok_or(missing("material", index))?;
        let base = &material.pbr_metallic_roughness;
        let colour = base.base_color_factor.0;
        if !colour.iter().all(|part| part.is_finite()) {
            return Err(AvatarError::Number(format!("the colour of material {index}")));
        }
        let mut set = 0;
        let mut picture = None;
        if let Some(info) = &base.base_color_texture {
            let texture = info.index.value();
            let texture = data.root.textures.get(texture).ok_or(missing("texture", texture))?;
            set = info.tex_coord;
            picture = Some(self.picture(data, texture.source.value())?);
        }
        let cutoff = material.alpha_cutoff.map_or(0.5, |cutoff| cutoff.0);
        let masked = matches!(material.alpha_mode, Checked::Valid(AlphaMode::Mask));
        let surface = Surface {
            colour: colour.map(|part| part.clamp(0.0, 1.0)),
            picture,
            cutout: masked.then(|| if cutoff.is_finite() { cutoff.clamp(0.0, 1.0) } else { 0.5 }),
            blend: matches!(material.alpha_mode, Checked::Valid(AlphaMode::Blend)),
            both_sides: material.double_sided,
        };
        Ok((surface, set))
    }

    fn picture(&mut self, data: &Data<'_>, index: usize) -> Result<usize, AvatarError> {
        if let Some(known) = self.known_pictures.get(&index) {
            return Ok(*known);
        }
        let missing = AvatarError::Missing { what: "picture", index };
        let view = data.root.images.get(index).and_then(|image| image.buffer_view).ok_or(missing)?;
        let (bytes, _) = data.view(view)?;
        let picture = self.decode(bytes, index)?;
        let found = self.pictures.len();
        self.pictures.push(picture);
        self.known_pictures.insert(index, found);
        Ok(found)
    }

    /// Reads a picture, once its header has said that it is not too large, and makes it smaller.
    fn decode(&mut self, bytes: &[u8], index: usize) -> Result<Picture, AvatarError> {
        let broken = |error: image::ImageError| {
            let why = super::one_line(&error.to_string(), 120);
            AvatarError::Picture { index, why }
        };
        let kind = match image::guess_format(bytes).map_err(broken)? {
            kind @ (ImageFormat::Png | ImageFormat::Jpeg) => kind,
            other => {
                return Err(AvatarError::Picture { index, why: format!("{other:?} is not understood") });
            }
        };
        let mut reader = ImageReader::with_format(Cursor::new(bytes), kind);
        let mut limits = Limits::default();
        limits.max_alloc = Some(2 * MOST_PICTURE_BYTES);
        reader.limits(limits);
        let decoder = reader.into_decoder().map_err(broken)?;
        let (width, height) = decoder.dimensions();
        if width == 0 || height == 0 {
            return Err(AvatarError::Picture { index, why: "it has no pixels".to_owned() });
        }
        let side = u64::from(width.max(height));
        AvatarError::limit("pixels on a side of a picture", side, u64::from(MOST_SIDE), SMALLER)?;
        AvatarError::limit("bytes in a picture", decoder.total_bytes(), MOST_PICTURE_BYTES, SMALLER)?;
        self.read += decoder.total_bytes();
        AvatarError::limit("bytes in pictures", self.read, MOST_READ, SMALLER)?;
        let (kept_width, kept_height) = smaller(width, height);
        self.kept += 4 * u64::from(kept_width) * u64::from(kept_height);
        AvatarError::limit("bytes in pictures", self.kept, MOST_PICTURE_BYTES, SMALLER)?;
        let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
        if (kept_width, kept_height) != (width, height) {
            picture = picture.thumbnail_exact(kept_width, kept_height);
        }
        Ok(Picture { width: kept_width, height: kept_height, rgba: picture.into_rgba8().into_raw() })
    }
}

/// The surface of a part without a material, as the standard has it.
fn plain() -> Surface {
    Surface { colour: [1.0; 4], picture: None, cutout: None, blend: false, both_sides: false }
}

/// The size that is kept of a picture, in the same proportion.
fn smaller(width: u32, height: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= KEPT_SIDE {
        return (width, height);
    }
    let side = |of: u32| {
        let kept = u64::from(of) * u64::from(KEPT_SIDE) / u64::from(longest);
        u32::try_from(kept).unwrap_or(KEPT_SIDE).clamp(1, KEPT_SIDE)
    };
    (side(width), side(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = image::RgbImage::from_pixel(width, height, image::Rgb([10, 200, 30]));
        picture.write_to(&mut bytes, ImageFormat::Png).expect("it is written");
        bytes.into_inner()
    }

    #[test]
    fn a_large_picture_is_made_smaller_in_its_proportion() {
        let mut surfaces = Surfaces::default();
        let picture = surfaces.decode(&png(4_096, 1_024), 0).expect("a picture");
        assert_eq!((picture.width, picture.height, picture.rgba.len()), (2_048, 512, 2_048 * 512 * 4));
        assert_eq!(picture.rgba[..4], [10, 200, 30, 255]);
        assert_eq!(
            (smaller(8_192, 1), smaller(2_048, 7), smaller(1, 3_000)),
            ((2_048, 1), (2_048, 7), (1, 2_048))
        );
    }

    #[test]
    fn pictures_are_refused_before_they_fill_the_memory() {
        let mut surfaces = Surfaces { kept: MOST_PICTURE_BYTES, ..Surfaces::default() };
        let error = surfaces.decode(&png(2, 2), 0).expect_err("full").to_string();
        assert!(error.contains("bytes in pictures"), "{error}");
    }
}
