//! What stands and hangs in the room: two seats, the table with the lamp, the Guide's lantern.

use std::f32::consts::TAU;

use bevy::prelude::*;

use super::loft::{Shape, Sweep, at};
use super::moment::{Canvas, Sheet};
use super::mood::Mood;
use super::palette::{self, Triple, linear};
use super::place::pleated;
use super::rig;
use super::seats::{OnTable, Seat};
use super::workshop::{MadeOf, Workshop};

/// Marks the shade of the lamp, which glows with it.
#[derive(Component)]
pub(super) struct Shade;

/// What hangs from the ceiling, and swings a little.
#[derive(Component)]
pub(super) struct Hangs;

/// How long the cord is, in metres; how far it swings, in radians, and how long there and back, in seconds.
const CORD: f32 = 1.4;
const SWING: f32 = 0.052;
const PERIOD: f32 = 3.2;

/// Lets the lantern swing.
pub(super) fn swing(mood: Res<Mood>, mut hanging: Query<&mut Transform, With<Hangs>>) {
    let turn = Quat::from_rotation_z(SWING * (TAU * mood.drift / PERIOD).sin());
    for mut place in &mut hanging {
        place.rotation = turn;
        place.translation = mood.seat.lantern() + Vec3::Y * CORD - turn * (Vec3::Y * CORD);
    }
}

/// Marks the glass of the Guide's lantern.
#[derive(Component)]
pub(super) struct Lantern;

/// Marks the bead on the table that is there, and glows, while the camera is on.
#[derive(Component)]
pub(super) struct Eye;

/// What of it glows.
#[derive(Component)]
pub(super) struct Iris;

pub(super) fn spawn(mut workshop: Workshop) {
    seats(&mut workshop);
    lamp(&mut workshop);
    eye(&mut workshop);
    lantern(&mut workshop);
}

/// Theirs, with room for two, and its twin, where the viewer sits.
fn seats(workshop: &mut Workshop) {
    let cloth = workshop.plain(Sheet::CLOTH, palette::SEAT);
    let piping = workshop.plain(Sheet::CLOTH, 0xC98B52);
    let cushion = [
        (0.50, 0.0),
        (0.56, 0.04),
        (0.585, 0.14),
        (0.575, 0.24),
        (0.545, 0.30),
        (0.50, 0.335),
        (0.42, 0.355),
        (0.01, 0.36),
    ];
    let round: Vec<Vec3> = (0..=64)
        .map(|step| TAU * step as f32 / 64.0)
        .map(|a| Vec3::new(0.585 * 1.08 * a.cos(), 0.16, 0.585 * 0.72 * a.sin()))
        .collect();
    let sweep = Sweep { around: 6, front: Vec3::Y, closed: false, ..default() };
    for middle in [at(0.04, 0.78, 0.02), at(0.04, -1.55, 0.02)] {
        let place = Transform::from_translation(middle);
        workshop.put(Shape::turned(&cushion, 48, Vec2::new(1.08, 0.72)).mesh(), &cloth, place);
        workshop.put(Shape::swept(&round, &[0.012; 65], sweep).mesh(), &piping, place);
    }
}

/// The table on the right, with the lamp and a cup on it.
fn lamp(workshop: &mut Workshop) {
    let wood = workshop.plain(Sheet::WOOD, 0x5E3B30);
    let brass = workshop.plain(Sheet::BRASS, 0x9A6B3A);
    let china = workshop.plain(Sheet::WOOD, 0xD8C6A8);
    let shade = workshop.plain(Sheet { look: Vec4::new(0.0, 8.0, 0.6, 0.0), ..Sheet::PAPER }, 0x5A4632);
    let turned = |profile: &[(f32, f32)]| Shape::turned(profile, 40, Vec2::ONE).mesh();
    let top = [(0.24, 0.0), (0.25, 0.015), (0.25, 0.04), (0.24, 0.05), (0.01, 0.05)];
    let leg = [(0.15, 0.0), (0.14, 0.03), (0.04, 0.07), (0.03, 0.3), (0.05, 0.5)];
    let foot = [(0.09, 0.0), (0.095, 0.02), (0.03, 0.05), (0.018, 0.12), (0.018, 0.3)];
    let cup = [(0.028, 0.0), (0.034, 0.01), (0.037, 0.06), (0.035, 0.06), (0.01, 0.055)];
    let profile = [(0.21, 0.0), (0.20, 0.06), (0.165, 0.16), (0.12, 0.24), (0.085, 0.28)];
    for (shape, made, up) in [
        (turned(&top), &wood, Vec3::Y * 0.50),
        (turned(&leg), &wood, Vec3::ZERO),
        (turned(&foot), &brass, Vec3::Y * 0.55),
        (turned(&cup), &china, Vec3::new(-0.15, 0.55, 0.1)),
        (pleated(&profile, 72, 0.006).mesh(), &shade, Vec3::Y * 0.82),
    ] {
        let is_shade = made.sheet == shade.sheet;
        let place = Transform::from_translation(Seat::Own.table() + up);
        let mut thing = workshop.put(shape, made, place);
        thing.insert(OnTable(up));
        if is_shade {
            thing.insert(Shade);
        }
    }
}

/// A glass bead in a brass ring, before the lamp: whoever is seen sees it.
fn eye(workshop: &mut Workshop) {
    let glass = workshop.plain(Sheet { look: Vec4::ZERO.with_y(8.0), ..Sheet::PAPER }, 0x3A1810);
    let brass = workshop.plain(Sheet::BRASS, 0x9A6B3A);
    let up = Vec3::new(-0.02, 0.55, 0.16);
    let place = Transform::from_translation(Seat::Own.table() + up);
    let bead = [(0.004, 0.008), (0.02, 0.012), (0.028, 0.034), (0.021, 0.055), (0.001, 0.062)];
    let ring = [(0.040, 0.0), (0.042, 0.008), (0.036, 0.016), (0.020, 0.016)];
    let turned = |profile: &[(f32, f32)]| Shape::turned(profile, 24, Vec2::ONE).mesh();
    workshop.put(turned(&bead), &glass, place).insert((OnTable(up), Eye, Iris, Visibility::Hidden));
    workshop.put(turned(&ring), &brass, place).insert((OnTable(up), Eye, Visibility::Hidden));
}

/// The bead is there while the camera is on.
pub(super) fn show_eye(mood: Res<Mood>, mut parts: Query<&mut Visibility, With<Eye>>) {
    let there = if mood.seen > 0.01 { Visibility::Inherited } else { Visibility::Hidden };
    for mut part in &mut parts {
        part.set_if_neq(there);
    }
}

/// The Guide's lantern: six panes, ribs and caps, on a cord.
fn lantern(workshop: &mut Workshop) {
    let glass = workshop.plain(Sheet { look: Vec4::ZERO.with_y(8.0), ..Sheet::PAPER }, 0x3A3828);
    let cap = workshop.plain(Sheet::WOOD, 0x4B5A45);
    let place = Transform::from_translation(Seat::Own.lantern());
    let part = |profile: &[(f32, f32)]| Shape::turned(profile, 6, Vec2::ONE);
    let panes = part(&[(0.035, -0.105), (0.078, -0.06), (0.085, 0.03), (0.05, 0.09), (0.01, 0.10)]);
    workshop.put(panes.mesh(), &glass, place).insert((Lantern, Hangs));
    let mut caps = part(&[(0.055, 0.085), (0.06, 0.1), (0.02, 0.135), (0.008, 0.15)]);
    caps.add(part(&[(0.03, -0.135), (0.042, -0.12), (0.04, -0.10), (0.01, -0.1)]));
    let thin = Sweep { around: 6, closed: false, ..default() };
    for rib in 0..6 {
        let a = TAU / 6.0 * rib as f32;
        let on = |radius: f32, up: f32| Vec3::new(radius * a.cos(), up, -radius * a.sin());
        let line = [on(0.037, -0.105), on(0.079, -0.06), on(0.087, 0.03), on(0.052, 0.09)];
        caps.add(Shape::swept(&line, &[0.004; 4], thin));
    }
    let cord = [Vec3::Y * 0.13, Vec3::new(0.01, 0.7, 0.0), Vec3::new(0.03, 1.5, 0.0)];
    caps.add(Shape::swept(&cord, &[0.003; 3], thin));
    workshop.put(caps.mesh(), &cap, place).insert(Hangs);
}

/// What a thing is made of, and which of those that glow it is.
type Glowing = (&'static MadeOf, Has<Shade>, Has<Lantern>, Has<Iris>);

/// The lamp's shade and the lantern's glass glow with their lights, and the bead with the camera's.
pub(super) fn glow(mood: Res<Mood>, things: Query<Glowing>, mut canvas: ResMut<Canvas>) {
    for (made, is_shade, is_lantern, is_iris) in &things {
        let (colour, strength) = match (is_shade, is_lantern) {
            _ if is_iris => (0xFF4A30, 2.2 * mood.seen),
            (true, _) => (0xFF8E3C, Triple(1.0, 1.2, 1.4).at(mood.strength) * rig::lamp(&mood)),
            (_, true) => (0xF3EBA6, Triple(1.1, 1.2, 1.3).at(mood.strength) * rig::lantern(&mood)),
            _ => continue,
        };
        let sheet = canvas.sheet(made.0);
        // What shines by itself is not darkened by its own colour.
        let base = sheet.colour.truncate().max(Vec3::splat(0.02));
        sheet.glow = (linear(colour) / base * strength).extend(0.0);
        sheet.look.w = 1.0;
        if is_shade {
            // The bulb is low in its shade, so that the paper is brightest where it opens.
            sheet.chest = (mood.seat.table() + Vec3::Y * 0.84).extend(0.17);
            (sheet.glow.w, sheet.look.w) = (5.2, 0.30);
        }
    }
}
