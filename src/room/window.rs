//! The tall window on the left: its frame, its sill with a paper boat on it, and the glass that shows the evening outside.

use std::f32::consts::PI;

use bevy::prelude::*;

use super::loft::{Shape, Sweep, at};
use super::moment::{Canvas, OutsideView, Sheet};
use super::mood::Mood;
use super::outlook::Outlook;
use super::paint::{Outside, PANES, pane};
use super::palette;
use super::place::RADIUS;
use super::workshop::Workshop;
use crate::dialogue::theme::Theme;

/// The window: half its width, the sill, and where its arch begins.
pub(super) const HALF: f32 = 0.58;
const SILL: f32 = 0.60;
const SPRING: f32 = 1.74;
/// How far to the left of straight ahead it is.
pub(super) const LEFT: f32 = 37.0;

/// The frame of the window: in the wall, looking into the room along +Z.
#[must_use]
pub(super) fn frame() -> Transform {
    let turn = LEFT.to_radians();
    let centre = at(-RADIUS * turn.sin(), RADIUS * turn.cos(), 0.0);
    Transform::from_translation(centre).with_rotation(Quat::from_rotation_y(turn))
}

/// One of the panes that views are drawn on.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pane(u32);

/// What the panes are painted with: each world, for each of them.
#[derive(Resource, Debug)]
pub(super) struct Views(Vec<Handle<Outside>>);

pub(super) fn spawn(mut workshop: Workshop, mut outside: ResMut<Assets<Outside>>) {
    let place = frame();
    let views = (0..Theme::ALL.len() as u32 * PANES)
        .map(|which| outside.add(Outside::new(workshop.canvas.buffer(), which)))
        .collect();
    let glass = workshop.meshes.add(glass_shape().mesh());
    for number in 0..PANES {
        // What comes lies over what was.
        let place = place * Transform::from_xyz(0.0, 0.0, 0.002 * number as f32);
        let paint = MeshMaterial3d::<Outside>::default();
        workshop.commands.spawn((Pane(number), Mesh3d(glass.clone()), paint, place, Visibility::Hidden));
    }
    workshop.commands.insert_resource(Views(views));
    let wood = workshop.matter(Sheet::WOOD, palette::FRAME);
    let rim: Vec<Vec3> =
        arch(HALF + 0.02).iter().chain(arch(HALF + 0.02).first()).map(|point| point.extend(0.05)).collect();
    let sweep = Sweep { around: 10, front: Vec3::Z, closed: false, ..default() };
    workshop.put(Shape::swept(&rim, &vec![0.045; rim.len()], sweep).mesh(), &wood, place);
    for (part, offset) in [
        (Cuboid::new(HALF * 2.0 + 0.26, 0.05, 0.34), Vec3::new(0.0, SILL - 0.03, 0.14)),
        (
            Cuboid::new(0.032, SPRING + HALF - SILL, 0.032),
            Vec3::new(0.0, (SILL + SPRING + HALF) / 2.0, -0.02),
        ),
        (Cuboid::new(HALF * 2.0, 0.028, 0.03), Vec3::new(0.0, 1.42, -0.02)),
    ] {
        workshop.put(part, &wood, place * Transform::from_translation(offset));
    }
    let paper = workshop.plain(Sheet::PAPER, 0xEADFC8);
    let on_sill = Transform::from_xyz(0.27, SILL - 0.003, 0.2).with_rotation(Quat::from_rotation_y(0.25));
    workshop.put(boat_shape().mesh(), &paper, place * on_sill);
}

fn glass_shape() -> Shape {
    let outline = arch(HALF + 0.03);
    let mut glass =
        Shape { positions: vec![Vec3::new(0.0, 1.2, -0.06)], uvs: vec![Vec2::ZERO], indices: Vec::new() };
    for (number, point) in outline.iter().enumerate() {
        glass.positions.push(point.extend(-0.06));
        glass.uvs.push(*point);
        let next = (number + 1) % outline.len();
        glass.indices.extend([0, next as u32 + 1, number as u32 + 1]);
    }
    glass
}

/// A paper boat that somebody has left on the sill.
fn boat_shape() -> Shape {
    let points = [
        at(-0.09, 0.0, 0.05),
        at(0.09, 0.0, 0.05),
        at(-0.05, 0.0, 0.0),
        at(0.05, 0.0, 0.0),
        at(0.0, 0.03, 0.035),
        at(0.0, -0.03, 0.035),
        at(0.0, 0.0, 0.085),
    ];
    let faces: [[usize; 3]; 7] =
        [[0, 2, 5], [2, 3, 5], [3, 1, 5], [0, 4, 2], [2, 4, 3], [3, 4, 1], [5, 6, 4]];
    let mut boat = Shape::default();
    for corners in faces {
        let from = boat.positions.len() as u32;
        boat.positions.extend(corners.map(|corner| points[corner]));
        boat.uvs.extend([Vec2::ZERO; 3]);
        boat.indices.extend([from, from + 1, from + 2]);
    }
    boat
}

/// The evening outside goes on.
pub(super) fn show(
    mood: Res<Mood>,
    views: Res<Views>,
    mut panes: Query<(&Pane, &mut MeshMaterial3d<Outside>, &mut Visibility)>,
    mut canvas: ResMut<Canvas>,
) {
    let (first, over) = mood.outside.panes();
    let drawn = [first, over.unwrap_or(first)];
    canvas.moment.window = OutsideView {
        to_frame: frame().to_matrix().inverse(),
        form: Vec4::new(mood.strength, mood.drift, 1.0, mood.outside.seen()),
        shown: drawn.map(Outlook::shown),
        sky: drawn.map(Outlook::sky),
    };
    for (Pane(number), mut paint, mut seen) in &mut panes {
        let is_there = *number == 0 || over.is_some();
        seen.set_if_neq(if is_there { Visibility::Inherited } else { Visibility::Hidden });
        let world = drawn[*number as usize].world();
        if let Some(view) = views.0.get(pane(*number, world) as usize)
            && paint.0 != *view
        {
            paint.0 = view.clone();
        }
    }
}

/// Where the opening begins and ends, at so far to the side of its middle.
pub(super) fn opening(x: f32) -> (f32, f32) {
    (SILL, SPRING + (HALF * HALF - x * x).max(0.0).sqrt())
}

/// The outline of the window, from its lower left corner round.
fn arch(half: f32) -> Vec<Vec2> {
    const STEPS: usize = 24;
    let bend = (1..STEPS).map(|step| PI - PI * step as f32 / STEPS as f32);
    let mut points = vec![Vec2::new(-half, SILL), Vec2::new(-half, SPRING)];
    points.extend(bend.map(|angle| Vec2::new(half * angle.cos(), SPRING + half * angle.sin())));
    points.extend([Vec2::new(half, SPRING), Vec2::new(half, SILL)]);
    points
}
