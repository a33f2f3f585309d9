//! The colours of the room, each at strength 1, ½ and 0 (`ART.md` of the design's reference): between them they are mixed,
//! never switched.

use bevy::prelude::*;

/// Something that depends on the Devil's strength: at 1, at ½, at 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triple<T>(pub T, pub T, pub T);

impl Triple<f32> {
    /// Its value at a strength from 0 to 1.
    #[must_use]
    pub fn at(self, strength: f32) -> f32 {
        let strength = strength.clamp(0.0, 1.0);
        if strength >= 0.5 {
            self.1 + (self.0 - self.1) * (2.0 * strength - 1.0)
        } else {
            self.2 + (self.1 - self.2) * 2.0 * strength
        }
    }
}

impl Triple<Vec3> {
    /// Its value at a strength from 0 to 1.
    #[must_use]
    pub fn at(self, strength: f32) -> Vec3 {
        let of = |pick: fn(Vec3) -> f32| Triple(pick(self.0), pick(self.1), pick(self.2)).at(strength);
        Vec3::new(of(|it| it.x), of(|it| it.y), of(|it| it.z))
    }
}

impl Triple<u32> {
    /// Its colour at a strength from 0 to 1, mixed in linear light.
    #[must_use]
    pub fn at(self, strength: f32) -> LinearRgba {
        let mixed = Triple(linear(self.0), linear(self.1), linear(self.2)).at(strength);
        LinearRgba::rgb(mixed.x, mixed.y, mixed.z)
    }
}

/// A colour as it is written, `0xRRGGBB`, in linear light.
#[must_use]
pub fn linear(hex: u32) -> Vec3 {
    let [_, r, g, b] = hex.to_be_bytes();
    let colour = Color::srgb_u8(r, g, b).to_linear();
    Vec3::new(colour.red, colour.green, colour.blue)
}

/// A colour that stays.
#[must_use]
pub fn fixed(hex: u32) -> LinearRgba {
    let it = linear(hex);
    LinearRgba::rgb(it.x, it.y, it.z)
}

/// The wall.
pub const WALL: Triple<u32> = Triple(0x655C78, 0x74687E, 0x8A7680);
/// The Patient's coat.
pub const COAT: Triple<u32> = Triple(0xD8CCC6, 0xEBDCC6, 0xF4E4C8);
/// The Patient's head and hands.
pub const SKIN: Triple<u32> = Triple(0xE2D3C3, 0xEEDFC8, 0xF6E8CF);
/// The Patient's legs.
pub const LEGS: Triple<u32> = Triple(0xB8AAA6, 0xCDB9A0, 0xD8C2A0);
/// The folded collar.
pub const COLLAR: Triple<u32> = Triple(0xA97F78, 0xC08A6C, 0xCF8F62);
/// The shoes.
pub const SHOES: Triple<u32> = Triple(0x6E5560, 0x7E5E58, 0x8E6450);
/// What glows in the Patient's chest.
pub const GLOW: Triple<u32> = Triple(0xE8A070, 0xFFA870, 0xFFAE70);
/// The Devil's body.
pub const CORE: Triple<u32> = Triple(0x2A121C, 0x3A2858, 0x5A7096);
/// Its rim.
pub const RIM: Triple<u32> = Triple(0xFF3A20, 0xA44CF0, 0x8FB0E8);
/// Its smoke.
pub const SMOKE: Triple<u32> = Triple(0x7C5C6C, 0x5C4E84, 0x6A7CA0);
/// Its eyes.
pub const EYE: Triple<u32> = Triple(0xFF4A14, 0xB45CFF, 0xCFE0FF);
/// The frame of the window, and the skirting.
pub const FRAME: Triple<u32> = Triple(0x4A3034, 0x5A3B3A, 0x6B4740);
/// The light of the lamp.
pub const LAMP: u32 = 0xFF9440;
/// The Guide's light.
pub const GUIDE: u32 = 0xF2DCA8;
/// Eyes, brows and mouth.
pub const INK: u32 = 0x35242B;
/// The seat.
pub const SEAT: u32 = 0x3C5A5E;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_triple_goes_through_its_three_values() {
        let triple = Triple(3.0, 1.0, 0.0);
        assert_eq!(
            [1.0, 0.75, 0.5, 0.25, 0.0].map(|strength| triple.at(strength)),
            [3.0, 2.0, 1.0, 0.5, 0.0]
        );
        assert_eq!(triple.at(7.0), 3.0);
    }
}
