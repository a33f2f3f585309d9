//! The Devil's smoke: what its body dissolves into, what trails behind its back and creeps round the seat; at the end a thread.

use bevy::asset::RenderAssetUsages;
use bevy::camera::visibility::NoFrustumCulling;
use bevy::mesh::{Indices, PrimitiveTopology};
use bevy::prelude::*;

use super::devil::{self, Dice};
use super::figures::devils_ground;
use super::loft::at;
use super::moment::{Canvas, SmokeForm};
use super::mood::Mood;
use super::paint::Smoke;
use super::palette::{self, Triple};
use super::patient::Posture;
use super::tier::Drawn;

/// Where the last of it rises from.
const RESTS: Vec3 = Vec3::new(-0.29, 0.97, -0.66);

/// How many puffs there are.
const PUFFS: usize = 72;

/// A puff: where it is at strength 1, ½ and 0, how large it is, and a number of its own.
#[derive(Clone, Copy, Debug)]
struct Puff {
    place: Triple<Vec3>,
    size: f32,
    seed: f32,
}

fn puffs() -> Vec<Puff> {
    let mut dice = Dice(9);
    let (strong, middle) = (devil::spine(Posture::Curled).0, devil::spine(Posture::Upright).0);
    let mut puffs: Vec<Puff> = (0..PUFFS)
        .map(|number| {
            let (one, half) = match number % 4 {
                // Round the seat.
                0 => {
                    let (angle, far) = (dice.between(0.3, 3.3), dice.between(0.6, 1.0));
                    let (cos, sin) = (angle.cos(), angle.sin());
                    let one = at(far * 1.05 * cos, 0.95 + far * 0.6 * sin, dice.between(0.05, 0.22));
                    (one, at(-0.38 + far * 0.5 * cos, 1.1 + far * 0.3 * sin, dice.between(0.04, 0.2)))
                }
                // What the body dissolves into.
                1 => {
                    let one = at(
                        -0.42 + dice.between(-0.36, 0.34),
                        1.12 + dice.between(-0.2, 0.15),
                        dice.between(0.15, 0.85),
                    );
                    (
                        one,
                        at(
                            -0.42 + dice.between(-0.25, 0.25),
                            1.22 + dice.between(-0.1, 0.1),
                            dice.between(0.05, 0.45),
                        ),
                    )
                }
                // Behind its back.
                _ => {
                    let along = (dice.between(0.2, 1.0) * (strong.len() - 1) as f32) as usize;
                    let back = Vec3::new(
                        dice.between(-0.45, 0.30),
                        dice.between(-0.05, 0.30),
                        -dice.between(0.20, 0.45),
                    );
                    let on = |spine: &[Vec3]| spine[along.min(spine.len() - 1)];
                    (on(&strong) + back, on(&middle) + back * 0.5)
                }
            };
            let rest = at(-0.29 + dice.between(-0.02, 0.02), 0.66, 0.97 + dice.between(0.0, 0.22));
            Puff {
                place: Triple(one, half, rest),
                size: dice.between(0.20, 0.42),
                seed: dice.between(0.0, 50.0),
            }
        })
        .collect();
    // Drawn from the back to the front, as blended things must be.
    puffs.sort_by(|a, b| a.place.0.z.total_cmp(&b.place.0.z));
    puffs
}

/// Four corners a puff; see `shaders/smoke.wgsl` for what its attributes hold.
fn mesh() -> Mesh {
    let (mut strong, mut middle, mut weak) = (Vec::new(), Vec::new(), Vec::new());
    let (mut corners, mut sizes, mut indices) = (Vec::new(), Vec::new(), Vec::new());
    for (number, puff) in puffs().into_iter().enumerate() {
        // Fewer of them are still spread over the whole.
        let rank = (number * 29 % PUFFS) as f32 / PUFFS as f32;
        for corner in [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0_f32]] {
            strong.push(puff.place.0);
            middle.push(puff.place.1);
            weak.push(puff.place.2.extend(puff.seed));
            corners.push(corner);
            sizes.push([puff.size, rank]);
        }
        let from = number as u32 * 4;
        indices.extend([from, from + 1, from + 2, from, from + 2, from + 3]);
    }
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, strong)
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, middle)
        .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, corners)
        .with_inserted_attribute(Mesh::ATTRIBUTE_UV_1, sizes)
        .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, weak)
        .with_inserted_indices(Indices::U32(indices))
}

pub(super) fn spawn(
    mut commands: Commands,
    canvas: Res<Canvas>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut smokes: ResMut<Assets<Smoke>>,
) {
    let smoke = smokes.add(Smoke::new(canvas.buffer(), 0));
    commands.spawn((
        Mesh3d(meshes.add(mesh())),
        MeshMaterial3d(smoke),
        Transform::IDENTITY,
        NoFrustumCulling,
    ));
}

/// Lets it drift.
pub(super) fn drift(
    mood: Res<Mood>,
    drawn: Res<Drawn>,
    mut canvas: ResMut<Canvas>,
    mut share: Local<Option<f32>>,
) {
    let s = mood.strength;
    // Another tier comes as everything here does, not at once.
    let share = share.get_or_insert(drawn.smoke());
    *share += (drawn.smoke() - *share) * 0.03;
    let (smoke, rim) = (palette::SMOKE.at(s).to_vec3(), palette::RIM.at(s).to_vec3());
    let colour = smoke * Triple(0.30, 0.42, 0.5).at(s) + rim * Triple(0.10, 0.01, 0.0).at(s);
    let density = Triple(0.85, 0.36, 0.22).at(s) * mood.devil * (1.0 - 0.3 * mood.attention);
    canvas.moment.smoke = SmokeForm {
        colour: colour.extend(density),
        ember: rim.extend(Triple(0.16, 0.05, 0.0).at(s)),
        form: Vec4::new(mood.drift, Triple(0.25, 0.15, 0.05).at(s), Triple(0.0, 0.5, 1.0).at(s), *share),
        back: (devils_ground(&mood).transform_point(RESTS) - RESTS).extend(s),
    };
}
