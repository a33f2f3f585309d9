//! Noise baked once into a picture that repeats: what paper, wood, wool and smoke are made of. To look it up is cheaper than
//! to work it out for every pixel.

use bevy::asset::{RenderAssetUsages, uuid_handle};
use bevy::image::{ImageAddressMode, ImageFilterMode, ImageSampler, ImageSamplerDescriptor};
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat};

/// The picture: two clouds, fibres, and fine grain, one in each channel.
pub(super) const NOISE_MAP: Handle<Image> = uuid_handle!("7a3f2c61-5b0e-4c1a-9d7f-2f0c8c1b6a10");

/// Its size, a power of two; and how many cells of the coarsest noise lie across it, as `shaders/noise.wgsl` has it.
const SIZE: u32 = 256;
const CELLS: u32 = 8;

/// The picture with all its smaller copies.
pub(super) fn bake() -> Image {
    let mut level: Vec<[f32; 4]> = (0..SIZE * SIZE).map(|at| texel(at % SIZE, at / SIZE)).collect();
    let mut data = Vec::new();
    let mut size = SIZE;
    let mut levels = 0;
    loop {
        data.extend(level.iter().flatten().map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8));
        levels += 1;
        if size == 1 {
            break;
        }
        level = halved(&level, size);
        size /= 2;
    }
    let extent = Extent3d { width: SIZE, height: SIZE, depth_or_array_layers: 1 };
    let usage = RenderAssetUsages::RENDER_WORLD;
    let mut image = Image::new_uninit(extent, TextureDimension::D2, TextureFormat::Rgba8Unorm, usage);
    image.data = Some(data);
    image.texture_descriptor.mip_level_count = levels;
    image.sampler = ImageSampler::Descriptor(ImageSamplerDescriptor {
        address_mode_u: ImageAddressMode::Repeat,
        address_mode_v: ImageAddressMode::Repeat,
        mag_filter: ImageFilterMode::Linear,
        min_filter: ImageFilterMode::Linear,
        mipmap_filter: ImageFilterMode::Linear,
        ..default()
    });
    image
}

fn texel(x: u32, y: u32) -> [f32; 4] {
    let at = |cells: u32| Vec2::new(x as f32, y as f32) / SIZE as f32 * cells as f32;
    let fibre = |seed: u32| {
        // Long across, thin along: a sheet is drawn in one direction.
        let at = Vec2::new(at(CELLS / 2).x, at(CELLS * 8).y);
        value(at, UVec2::new(CELLS / 2, CELLS * 8), seed)
    };
    [
        fbm(at, 1),
        fbm(at, 2),
        0.6 * fibre(3) + 0.4 * value(at(CELLS * 8), UVec2::splat(CELLS * 8), 4),
        value(at(128), UVec2::splat(128), 5),
    ]
}

/// Four octaves (Perlin, 1985).
fn fbm(at: impl Fn(u32) -> Vec2, seed: u32) -> f32 {
    let octave = |number: u32| {
        let cells = CELLS << number;
        value(at(cells), UVec2::splat(cells), seed * 16 + number) * 0.5_f32.powi(number as i32 + 1)
    };
    (0..4).map(octave).sum::<f32>() / 0.9375
}

/// Values on a lattice that repeats, smoothed between its points.
fn value(at: Vec2, cells: UVec2, seed: u32) -> f32 {
    let cell = at.floor();
    let f = at - cell;
    let u = f * f * (3.0 - 2.0 * f);
    let corner = |dx: u32, dy: u32| {
        let x = (cell.x as u32 + dx) % cells.x;
        let y = (cell.y as u32 + dy) % cells.y;
        chance(x, y, seed)
    };
    let low = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * u.x;
    let high = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * u.x;
    low + (high - low) * u.y
}

fn chance(x: u32, y: u32, seed: u32) -> f32 {
    let mut hash = x.wrapping_mul(0x9e37_79b9) ^ y.wrapping_mul(0x85eb_ca6b) ^ seed.wrapping_mul(0xc2b2_ae35);
    hash ^= hash >> 15;
    hash = hash.wrapping_mul(0x2c1b_3c6d);
    hash ^= hash >> 12;
    hash = hash.wrapping_mul(0x297a_2d39);
    hash ^= hash >> 15;
    (hash >> 8) as f32 / (1u32 << 24) as f32
}

fn halved(level: &[[f32; 4]], size: u32) -> Vec<[f32; 4]> {
    let half = size / 2;
    let at = |x: u32, y: u32| Vec4::from_array(level[(y * size + x) as usize]);
    (0..half * half)
        .map(|it| (it % half * 2, it / half * 2))
        .map(|(x, y)| ((at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) / 4.0).to_array())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noise_repeats_without_a_seam() {
        let step = |a: [f32; 4], b: [f32; 4]| (a[0] - b[0]).abs().max((a[1] - b[1]).abs());
        for y in (0..SIZE).step_by(16) {
            let across = step(texel(SIZE - 1, y), texel(0, y));
            let inside = (1..SIZE).map(|x| step(texel(x - 1, y), texel(x, y))).fold(0.0, f32::max);
            assert!(across <= inside, "{across} at the seam, {inside} elsewhere");
        }
    }
}
