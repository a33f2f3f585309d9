//! The room itself: round, of pleated paper, with a floor of planks and a rug.

use std::f32::consts::{PI, TAU};

use bevy::prelude::*;

use super::loft::{Shape, Sweep};
use super::moment::Sheet;
use super::paint::Ground;
use super::palette::{self, Triple};
use super::window;
use super::workshop::Workshop;

/// Radius of the wall, and its height.
pub(super) const RADIUS: f32 = 2.55;
const WALL: f32 = 2.35;
/// Pleats of the wall, all around.
const PLEATS: f32 = 96.0;

pub(super) fn spawn(mut workshop: Workshop, mut grounds: ResMut<Assets<Ground>>) {
    let here = Transform::IDENTITY;
    let pleats = Sheet { form: Vec4::ZERO.with_z(PLEATS), ..Sheet::PAPER };
    let wall = workshop.matter(pleats, palette::WALL);
    workshop.put(wall_shape().mesh(), &wall, here);
    let dome = workshop.matter(pleats, Triple(0x4A4266, 0x564E6A, 0x6A5A68));
    workshop.put(dome_shape().mesh(), &dome, here);
    for (radius, drop, scallops, colour) in [
        (RADIUS - 0.02, 0.16, 44.0, Triple(0x4A4060, 0x554A66, 0x64566A)),
        (RADIUS - 0.05, 0.075, 88.0, Triple(0x7E5F70, 0x8C6E70, 0x9C7870)),
    ] {
        let paper = workshop.matter(Sheet::PAPER, colour);
        workshop.put(valance_shape(radius, drop, scallops).mesh(), &paper, here);
    }
    let floor = workshop.meshes.add(Circle::new(RADIUS + 0.1).mesh().resolution(64).build());
    let ground = grounds.add(Ground::new(workshop.canvas.buffer(), 0));
    let flat = Transform::from_rotation(Quat::from_rotation_x(-PI / 2.0));
    workshop.commands.spawn((Mesh3d(floor), MeshMaterial3d(ground), flat));
    let wood = workshop.matter(Sheet::WOOD, palette::FRAME);
    let round = |a: f32| Vec3::new((RADIUS - 0.03) * a.cos(), 0.05, (RADIUS - 0.03) * a.sin());
    let skirting: Vec<Vec3> = (0..=72).map(|step| round(TAU * step as f32 / 72.0)).collect();
    let sweep = Sweep { around: 6, front: Vec3::Y, closed: false, ..default() };
    workshop.put(Shape::swept(&skirting, &[0.035; 73], sweep).mesh(), &wood, here);
}

/// The wall, with an opening for the window. Its pleats are in the paint.
fn wall_shape() -> Shape {
    const AROUND: usize = 96;
    const OPENING: usize = 24;
    let middle = PI / 2.0 + window::LEFT.to_radians();
    let half = (window::HALF / RADIUS).asin();
    let mut shape = Shape::default();
    // From one side of the window all the way round to the other, and across it.
    let wide = TAU - 2.0 * half;
    for step in 0..AROUND {
        let angle = |step: usize| middle + half + wide * step as f32 / AROUND as f32;
        strip(&mut shape, (angle(step), angle(step + 1)), ((-0.05, -0.05), (WALL, WALL)));
    }
    for step in 0..OPENING {
        let angle = |step: usize| middle - half + 2.0 * half * step as f32 / OPENING as f32;
        let edge = |step: usize| window::opening(RADIUS * (angle(step) - middle).sin());
        let (one, other) = (edge(step), edge(step + 1));
        let angles = (angle(step), angle(step + 1));
        strip(&mut shape, angles, ((-0.05, -0.05), (one.0, other.0)));
        strip(&mut shape, angles, ((one.1, other.1), (WALL, WALL)));
    }
    shape
}

/// A piece of the wall between two angles, from lower to upper edges.
fn strip(shape: &mut Shape, angles: (f32, f32), (low, high): ((f32, f32), (f32, f32))) {
    let mut corner = |angle: f32, up: f32| {
        shape.positions.push(Vec3::new(RADIUS * angle.cos(), up, -RADIUS * angle.sin()));
        shape.uvs.push(Vec2::new(angle * RADIUS / 9.0, up * 3.0 / 14.0));
        shape.positions.len() as u32 - 1
    };
    let (a, b) = (corner(angles.0, low.0), corner(angles.1, low.1));
    let (c, d) = (corner(angles.0, high.0), corner(angles.1, high.1));
    shape.indices.extend([a, c, b, b, c, d]);
}

fn dome_shape() -> Shape {
    let profile = [
        (0.0, WALL),
        (0.06, WALL + 0.18),
        (0.24, WALL + 0.36),
        (0.55, WALL + 0.5),
        (1.0, WALL + 0.6),
        (1.6, WALL + 0.66),
        (RADIUS - 0.02, WALL + 0.68),
    ];
    let profile: Vec<(f32, f32)> = profile.iter().map(|(inward, up)| (RADIUS - inward, *up)).collect();
    Shape::turned(&profile, 72, Vec2::ONE)
}

pub(super) fn pleated(profile: &[(f32, f32)], around: usize, fold: f32) -> Shape {
    let shape = Shape::turned(profile, around, Vec2::ONE);
    let each = around + 1;
    let mut number = 0;
    shape.moved(|point| {
        let out = if (number % each).is_multiple_of(2) { -fold } else { fold };
        number += 1;
        let flat = Vec3::new(point.x, 0.0, point.z);
        point + flat.normalize_or_zero() * out * (flat.length() / 0.3).min(1.0)
    })
}

fn valance_shape(radius: f32, drop: f32, scallops: f32) -> Shape {
    let steps = (scallops * 5.0) as usize;
    let mut shape = Shape::default();
    for step in 0..=steps {
        let angle = TAU * step as f32 / steps as f32;
        let (x, z) = (radius * angle.cos(), -radius * angle.sin());
        let low = drop * (0.45 + 0.55 * (angle * scallops / 2.0).sin().abs());
        for up in [WALL + 0.05, WALL + 0.05 - low] {
            shape.positions.push(Vec3::new(x, up, z));
            shape.uvs.push(Vec2::new(step as f32 / steps as f32 * 4.0, up / 14.0));
        }
        if step < steps {
            let a = (step * 2) as u32;
            shape.indices.extend([a, a + 1, a + 2, a + 1, a + 3, a + 2]);
        }
    }
    shape
}
