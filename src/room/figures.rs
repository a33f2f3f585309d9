//! The two figures: their bodies, and what moves them. Every body is one mesh in three postures; the strength that is shown
//! decides how much of each.

use bevy::camera::visibility::NoFrustumCulling;
use bevy::prelude::*;

use super::devil;
use super::head::Drop;
use super::life::sway;
use super::loft::Shape;
use super::moment::{Canvas, EmberForm, Sheet};
use super::mood::Mood;
use super::paint::{DISSOLVES, Ember, FACE};
use super::palette::{self, Triple};
use super::patient::Posture;
use super::regard;
use super::workshop::{Made, MadeOf, Workshop};

/// A body whose posture follows its figure: its morph targets are the postures at 1 and at 0.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// The Patient's.
    Patient,
    /// The Devil's.
    Devil,
}

/// A head, which is placed and turned as its figure holds itself.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// The Patient's.
    Patient,
    /// The Devil's.
    Devil,
}

/// Paper that the light in the Patient's chest shines through.
#[derive(Component)]
pub struct Lantern;

/// Half the width of the Patient's head, in metres: the unit of its face.
pub(super) const HALF_WIDTH: f32 = 0.19;

/// The three postures of a body. They are mixed on the processor, and only while something changes: where nothing does, a
/// frame costs nothing for it.
#[derive(Component)]
pub struct Postures {
    places: Vec<Triple<Vec3>>,
    normals: Vec<Triple<Vec3>>,
    /// At which strength the mesh was made last.
    made: f32,
}

/// The least change of strength that is drawn.
const LEAST: f32 = 0.0008;

impl Postures {
    fn of(make: impl Fn(Posture) -> Shape) -> (Mesh, Self) {
        let shapes = Posture::ALL.map(make);
        let [curled, upright, open] = &shapes;
        let of = |one: &[Vec3], half: &[Vec3], none: &[Vec3]| -> Vec<Triple<Vec3>> {
            one.iter().zip(half).zip(none).map(|((one, half), none)| Triple(*one, *half, *none)).collect()
        };
        let places = of(&curled.positions, &upright.positions, &open.positions);
        let normals = of(&curled.normals(), &upright.normals(), &open.normals());
        (upright.mesh(), Self { places, normals, made: 0.5 })
    }

    /// The body at a strength.
    fn mix(&mut self, strength: f32, mesh: &mut Mesh) {
        self.made = strength;
        let places: Vec<Vec3> = self.places.iter().map(|of| of.at(strength)).collect();
        let normals: Vec<Vec3> =
            self.normals.iter().map(|of| of.at(strength).normalize_or(Vec3::Y)).collect();
        mesh.insert_attribute(Mesh::ATTRIBUTE_POSITION, places);
        mesh.insert_attribute(Mesh::ATTRIBUTE_NORMAL, normals);
    }
}

/// What the Patient's coat, hands and collar are made of.
#[derive(Resource)]
pub(super) struct Patients {
    pub(super) coat: Made,
    pub(super) skin: Made,
    pub(super) collar: Made,
}

pub(super) fn spawn_patient(mut workshop: Workshop) {
    let coat = workshop.matter(Sheet::PAPER, palette::COAT);
    let skin = workshop.matter(Sheet { look: Vec4::new(0.0, 8.0, 0.5, 0.0), ..Sheet::PAPER }, palette::SKIN);
    let ribs = |metres: f32| Sheet { form: Vec4::ZERO.with_x(metres), ..Sheet::PAPER };
    let legs = workshop.matter(ribs(0.042), palette::LEGS);
    let collar = workshop.matter(ribs(0.018), palette::COLLAR);
    let shoes = workshop.matter(Sheet::CLOTH, palette::SHOES);
    let parts = [
        (Postures::of(Posture::coat), &coat),
        (Postures::of(|it| it.arms().0), &coat),
        (Postures::of(|it| it.arms().1), &skin),
        (Postures::of(|it| it.legs().0), &legs),
        (Postures::of(|it| it.legs().1), &shoes),
        (Postures::of(Posture::collar), &collar),
    ];
    workshop.commands.insert_resource(Patients {
        coat: coat.clone(),
        skin: skin.clone(),
        collar: collar.clone(),
    });
    for ((mesh, postures), matter) in parts {
        let lantern = matter.sheet != shoes.sheet;
        let mut part = workshop.put(mesh, matter, Transform::IDENTITY);
        part.insert((Body::Patient, postures, NoFrustumCulling));
        if lantern {
            part.insert(Lantern);
        }
    }
    let face =
        Sheet { form: Vec4::new(0.0, 14.0, 0.0, 1.0), look: Vec4::new(0.0, 8.0, 0.6, 0.0), ..Sheet::PAPER };
    let face = workshop.matter(face, palette::SKIN);
    let (head, postures) = Postures::of(|it| {
        let curl = match it {
            Posture::Curled => 2.5,
            Posture::Upright => 1.7,
            Posture::Open => 1.15,
        };
        Drop { half_width: HALF_WIDTH, depth: 0.94, tip: 0.17, lean: Vec2::new(1.0, 0.25), curl }.shape()
    });
    workshop.put(head, &face, Transform::IDENTITY).insert((
        Body::Patient,
        Head::Patient,
        Lantern,
        postures,
        NoFrustumCulling,
    ));
}

pub(super) fn spawn_devil(
    mut commands: Commands,
    canvas: Res<Canvas>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut embers: ResMut<Assets<Ember>>,
) {
    let [body, limbs, face] = [DISSOLVES, 0, FACE].map(|kind| embers.add(Ember::new(canvas.buffer(), kind)));
    let parts = [
        (Postures::of(devil::body), &body),
        (Postures::of(devil::arms), &limbs),
        (Postures::of(devil::hands), &limbs),
        (Postures::of(devil::legs), &limbs),
        (Postures::of(devil::thorns), &limbs),
        (Postures::of(devil::briars), &limbs),
    ];
    for ((mesh, postures), matter) in parts {
        commands.spawn((
            Mesh3d(meshes.add(mesh)),
            MeshMaterial3d(matter.clone()),
            postures,
            Body::Devil,
            Transform::IDENTITY,
            NoFrustumCulling,
        ));
    }
    // Its head is one shape of the unit's size, scaled where it is.
    let (head, postures) = Postures::of(|it| {
        let (_, _, drop) = devil::head(it);
        Drop { half_width: 1.0, tip: drop.tip / drop.half_width, ..drop }.shape()
    });
    commands.spawn((
        Mesh3d(meshes.add(head)),
        MeshMaterial3d(face),
        postures,
        Body::Devil,
        Head::Devil,
        Transform::IDENTITY,
        NoFrustumCulling,
    ));
}

pub(super) fn take_posture(
    mood: Res<Mood>,
    mut bodies: Query<(&Body, &mut Postures, &Mesh3d)>,
    mut meshes: ResMut<Assets<Mesh>>,
) {
    for (body, mut postures, mesh) in &mut bodies {
        let strength = match body {
            Body::Patient => mood.held,
            Body::Devil => mood.strength,
        };
        if (strength - postures.made).abs() > LEAST
            && let Some(mut mesh) = meshes.get_mut(&mesh.0)
        {
            postures.mix(strength, &mut mesh);
        }
    }
}

type WithoutHead = (With<Lantern>, Without<Head>);

/// The coat widens and narrows with each breath, around the chest.
pub(super) fn breathe(mood: Res<Mood>, mut bodies: Query<(&Body, &mut Transform), WithoutHead>) {
    let [one, half, none] = Posture::ALL.map(Posture::chest);
    let chest = Triple(one, half, none).at(mood.held);
    let wide = 1.0 + 0.015 * (mood.breath - 0.5);
    for (body, mut place) in &mut bodies {
        if *body == Body::Patient {
            place.scale = Vec3::new(wide, 1.0, wide);
            place.translation = chest * (Vec3::ONE - place.scale);
        }
    }
}

/// From three poses of a head the one at this strength.
fn pose(of: impl Fn(Posture) -> (Vec3, Vec3), strength: f32) -> Transform {
    let [curled, upright, open] = Posture::ALL.map(of);
    let place = Triple(curled.0, upright.0, open.0).at(strength);
    let turn = Triple(curled.1, upright.1, open.1).at(strength);
    // In the sketches the face looks along −Y, pitch nods it down, and roll tips it to its own side.
    let rotation =
        Quat::from_rotation_y(turn.x) * Quat::from_rotation_x(turn.y) * Quat::from_rotation_z(-turn.z);
    Transform::from_translation(place).with_rotation(rotation)
}

/// The Patient's head: it comes up to whoever speaks to it, and moves a little with its breath.
pub(super) fn patients_head(mood: &Mood) -> Transform {
    let mut place = pose(Posture::head, mood.held);
    place.rotate_local_x(-0.16 * mood.attention * mood.held - 0.012 * mood.breath);
    place.rotate_local_z(0.5 * sway(mood.drift, 1));
    let [turn, nod, tilt] = mood.with_head.to_array();
    place.rotate_local_y(turn);
    place.rotate_local_x(nod);
    place.rotate_local_z(tilt);
    place.translation.y += 0.004 * mood.breath;
    // It looks down before it looks at anybody.
    let share = regard::HEAD * (0.35 + 0.65 * mood.attention.max(1.0 - mood.held));
    regard::turn(&mut place, mood.person, share);
    regard::answer_nearness(&mut place, mood.near, mood.held);
    place
}

/// The Devil's head: it draws back from whoever speaks, and leans in when it speaks itself.
pub(super) fn devils_head(mood: &Mood) -> Transform {
    let size = Posture::ALL.map(|it| devil::head(it).2.half_width);
    let scale = Triple(size[0], size[1], size[2]).at(mood.strength);
    let mut place = pose(|it| (devil::head(it).0, devil::head(it).1), mood.strength);
    place.rotate_local_x(0.07 * (mood.voices.y - mood.attention) * mood.strength);
    place.rotate_local_z(sway(mood.drift, 2));
    regard::turn(&mut place, mood.person, regard::HEAD);
    devils_ground(mood) * place.with_scale(Vec3::splat(scale))
}

/// Where the Devil has gone from where it stood.
pub(super) fn devils_ground(mood: &Mood) -> Transform {
    mood.seat.devils(Vec3::new(-0.45, 0.0, -0.35) * mood.back)
}

pub(super) fn hold_heads(mood: Res<Mood>, mut heads: Query<(&Head, &mut Transform)>) {
    for (head, mut place) in &mut heads {
        *place = match head {
            Head::Patient => patients_head(&mood),
            Head::Devil => devils_head(&mood),
        };
    }
}

/// The Devil's body goes where it has stepped to; once it is gone nothing of it is drawn.
pub(super) fn place_devil(
    mood: Res<Mood>,
    mut parts: Query<(&Body, &mut Transform, &mut Visibility, Has<Head>)>,
) {
    for (body, mut place, mut seen, is_head) in &mut parts {
        if *body == Body::Devil {
            if !is_head {
                *place = devils_ground(&mood);
            }
            let wished = if mood.devil > 0.01 { Visibility::Inherited } else { Visibility::Hidden };
            seen.set_if_neq(wished);
        }
    }
}

/// What glows through the Patient's paper, and its face.
pub(super) fn paint_patient(
    mood: Res<Mood>,
    parts: Query<(&MadeOf, Has<Head>), With<Lantern>>,
    mut canvas: ResMut<Canvas>,
) {
    let [one, half, none] = Posture::ALL.map(Posture::chest);
    let chest = Triple(one, half, none).at(mood.held);
    let colour = palette::GLOW.at(mood.strength).to_vec3();
    let moment = (0.94 + 0.12 * mood.breath) * (1.0 + 0.25 * mood.attention);
    for (made, is_head) in &parts {
        let strength = Triple(0.26, 0.55, 0.62).at(mood.strength) * if is_head { 0.52 } else { 1.0 };
        let up = if is_head { Vec3::Y * 0.22 } else { Vec3::ZERO };
        let sheet = canvas.sheet(made.0);
        sheet.chest = (chest + up).extend(0.36);
        sheet.glow = (colour * 1.3).extend(strength * moment);
        sheet.look.w = Triple(0.012, 0.03, 0.05).at(mood.strength);
    }
    canvas.moment.face = mood.face.drawing(into_head(patients_head(&mood)));
}

/// From the room into a head that is held like this, in half widths of it.
pub(super) fn into_head(head: Transform) -> Mat4 {
    let unit = Transform::from_scale(Vec3::splat(HALF_WIDTH)).to_matrix();
    unit.inverse() * head.to_matrix().inverse()
}

/// The Devil's core, rim, eyes and mouth.
pub(super) fn paint_devil(mood: Res<Mood>, mut canvas: ResMut<Canvas>) {
    let s = mood.strength;
    let dims = 1.0 - 0.45 * mood.attention;
    let rim = palette::RIM.at(s).to_vec3();
    let (low, high) = (Triple(0.35, 0.05, -5.0).at(s), Triple(1.25, 0.8, -4.0).at(s));
    canvas.moment.devil = EmberForm {
        core: palette::CORE.at(s).to_vec3().extend(1.0),
        to_head: devils_head(&mood).to_matrix().inverse(),
        rim: rim.extend(Triple(1.5, 1.0, 0.35).at(s) * dims * (1.0 + 0.3 * mood.voices.y)),
        eyes: palette::EYE.at(s).to_vec3().extend(Triple(6.0, 3.5, 1.6).at(s) * dims),
        gaze: Vec4::new(
            Triple(0.22, 0.135, 0.12).at(s),
            Triple(0.105, 0.155, 0.10).at(s),
            Triple(-0.42, 0.0, 0.0).at(s),
            Triple(0.0, 0.0, 1.0).at(s).max(mood.devil_shut),
        ),
        mouth: Vec4::new(
            Triple(0.34, 0.15, 0.14).at(s),
            Triple(-0.06, -0.02, 0.04).at(s),
            mood.devil_open,
            0.0,
        ),
        form: Vec4::new(low, high, Triple(2.8, 2.2, 2.0).at(s), mood.drift),
        there: Vec4::ZERO.with_x(mood.devil),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_devil_has_the_same_points_in_every_posture() {
        for make in [devil::body, devil::arms, devil::hands, devil::legs, devil::thorns, devil::briars] {
            let [one, half, none] = Posture::ALL.map(make);
            assert_eq!(one.positions.len(), half.positions.len());
            assert_eq!(half.positions.len(), none.positions.len());
        }
    }

    #[test]
    fn a_patients_mitten_is_never_inside_out() {
        let shape = super::super::patient::ball(Vec3::ZERO, Vec3::ONE, 0.0);
        for (point, normal) in shape.positions.iter().zip(shape.normals()) {
            assert!(point.normalize_or(Vec3::Y).dot(normal) > 0.5, "{point} {normal}");
        }
    }
}
