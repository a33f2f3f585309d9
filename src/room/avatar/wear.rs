//! A figure of one's own in the place of a built-in one: put there, posed, and taken away again when another is wanted.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bevy::asset::RenderAssetUsages;
use bevy::camera::visibility::NoFrustumCulling;
use bevy::image::{ImageAddressMode, ImageFilterMode, ImageSampler, ImageSamplerDescriptor};
use bevy::mesh::skinning::{SkinnedMesh, SkinnedMeshInverseBindposes};
use bevy::mesh::{Indices, PrimitiveTopology, VertexAttributeValues};
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat};
use bevy::tasks::{AsyncComputeTaskPool, Task, futures::check_ready};

use super::fit::Fit;
use super::pose::{DEVIL, PATIENT, Rest, pose, stance};
use super::{Avatar, AvatarError, Bone, Kind, Part, Picture, Surface, load};
use crate::app::{Refused, StageSystems, Wanted};
use crate::dialogue::agent::Agent;
use crate::room::figures::{self, Body, Head};
use crate::room::life::sway;
use crate::room::moment::{self, Canvas};
use crate::room::mood::Mood;
use crate::room::morph::Morphs;
use crate::room::paint::{self, Worn};
use crate::room::seats::Seat;

/// Which figures of one's own are there, and of what kind each is.
#[derive(Resource, Debug, Default)]
pub struct Wardrobe {
    patient: Hanger,
    devil: Hanger,
}

#[derive(Debug, Default)]
struct Hanger {
    /// What was asked for last, whether or not it could be worn.
    asked: Option<PathBuf>,
    /// The file that is being read. A large one takes seconds, and no frame waits for it.
    reading: Option<Task<Result<Avatar, AvatarError>>>,
    worn: Option<(Entity, Kind)>,
}

impl Wardrobe {
    /// Whether a file is being read.
    fn waits(wardrobe: Res<Self>) -> bool {
        wardrobe.patient.reading.is_some() || wardrobe.devil.reading.is_some()
    }

    /// Whether a built-in body, or the head on it, makes room for a figure of one's own.
    #[must_use]
    pub fn replaces(&self, body: Body, is_head: bool) -> bool {
        let hanger = if body == Body::Patient { &self.patient } else { &self.devil };
        hanger.worn.is_some_and(|(_, kind)| is_head || kind != Kind::Head)
    }
}

/// A figure of one's own, on the entity that holds all of it.
#[derive(Component)]
struct Figure {
    body: Body,
    avatar: Arc<Avatar>,
    rest: Rest,
    fit: Fit,
    /// To its face, from its head's bone or else from the whole: eyes at its sides, a head's half width as the measure.
    face: Mat4,
    /// The entity of each node.
    nodes: Vec<Entity>,
}

/// Which part of it this is: what moves in its face. Shapes are mixed on the processor, and only while a face changes, as
/// the postures of the built-in figures are: a graphics card would have to hold every shape of every corner.
#[derive(Component)]
struct Moves {
    figure: Entity,
    part: usize,
    /// How much of each shape the mesh was made with last.
    made: Vec<f32>,
}

/// The least change of a shape that is drawn.
const LEAST: f32 = 0.004;

pub(in crate::room) fn plugin(app: &mut App) {
    app.init_resource::<Wardrobe>()
        .add_systems(
            Update,
            (change.run_if(resource_changed::<Wanted>), put_on.run_if(Wardrobe::waits))
                .chain()
                .in_set(StageSystems::React),
        )
        .add_systems(
            Update,
            (
                make_room.after(figures::place_devil),
                hold,
                make_faces,
                place_face.after(figures::paint_devil).before(moment::write),
            )
                .in_set(StageSystems::Paint),
        );
}

/// Everything that a figure is made with.
#[derive(bevy::ecs::system::SystemParam)]
struct Tailor<'w, 's> {
    commands: Commands<'w, 's>,
    meshes: ResMut<'w, Assets<Mesh>>,
    images: ResMut<'w, Assets<Image>>,
    paints: ResMut<'w, Assets<Worn>>,
    skins: ResMut<'w, Assets<SkinnedMeshInverseBindposes>>,
    canvas: Res<'w, Canvas>,
}

/// Begins to read what is wanted now, and takes off what is not.
fn change(mut commands: Commands, wanted: Res<Wanted>, mut wardrobe: ResMut<Wardrobe>) {
    let file = |text: &str| Some(PathBuf::from(text.trim())).filter(|path| !path.as_os_str().is_empty());
    let figures = &wanted.0.figures;
    let asked = [file(&figures.patient), file(&figures.devil)];
    let Wardrobe { patient, devil } = &mut *wardrobe;
    for (hanger, asked) in [patient, devil].into_iter().zip(asked) {
        if hanger.asked == asked {
            continue;
        }
        if let Some((figure, _)) = hanger.worn.take() {
            commands.entity(figure).despawn();
        }
        hanger.reading =
            asked.clone().map(|file| AsyncComputeTaskPool::get().spawn(async move { load(&file) }));
        hanger.asked = asked;
    }
}

/// Puts on what was read. What cannot be worn is said, and the built-in figure stays.
fn put_on(mut wardrobe: ResMut<Wardrobe>, mut tailor: Tailor, mut refused: MessageWriter<Refused>) {
    let Wardrobe { patient, devil } = &mut *wardrobe;
    for (hanger, body) in [(patient, Body::Patient), (devil, Body::Devil)] {
        let Some(read) = hanger.reading.as_mut().and_then(check_ready) else { continue };
        hanger.reading = None;
        match read {
            Ok(avatar) => hanger.worn = Some(tailor.put_on(avatar, body)),
            Err(error) => {
                let whose = if body == Body::Patient { Agent::Patient } else { Agent::Devil };
                let file = hanger.asked.as_deref().map(Path::display).map(|file| file.to_string());
                refused.write(Refused { whose, file: file.unwrap_or_default(), why: error.to_string() });
            }
        }
    }
}

impl Tailor<'_, '_> {
    fn put_on(&mut self, avatar: Avatar, body: Body) -> (Entity, Kind) {
        let (kind, rest) = (avatar.kind, Rest::of(&avatar));
        let fit = Fit::of(&avatar, &rest, body);
        let figure = self.commands.spawn((Transform::default(), Visibility::Hidden)).id();
        let mut nodes: Vec<Entity> = Vec::with_capacity(avatar.nodes.len());
        for node in &avatar.nodes {
            let (place, turn, size) = node.place;
            let place = Transform { translation: place, rotation: turn, scale: size };
            let above = node.parent.and_then(|parent| nodes.get(parent)).copied().unwrap_or(figure);
            nodes.push(self.commands.spawn((place, Visibility::Inherited, ChildOf(above))).id());
        }
        let pictures: Vec<_> = avatar.pictures.iter().map(|it| self.images.add(picture(it))).collect();
        let paints: Vec<_> = avatar
            .surfaces
            .iter()
            .map(|it| self.paint(it, &pictures, (body, avatar.faces.is_empty())))
            .collect();
        let skins: Vec<_> = avatar
            .skins
            .iter()
            .map(|skin| {
                let poses = self.skins.add(SkinnedMeshInverseBindposes::from(skin.inverse_bind.clone()));
                let joints = skin.joints.iter().filter_map(|joint| nodes.get(*joint)).copied().collect();
                SkinnedMesh { inverse_bindposes: poses, joints }
            })
            .collect();
        for (number, part) in avatar.parts.iter().enumerate() {
            let Some(paint) = paints.get(part.surface).cloned() else { continue };
            let above = nodes.get(part.node).copied().unwrap_or(figure);
            let mesh = self.meshes.add(mesh(part));
            let place = (Transform::default(), Visibility::Inherited, ChildOf(above), NoFrustumCulling);
            let mut made = self.commands.spawn((Mesh3d(mesh), MeshMaterial3d(paint), place));
            if let Some(skin) = part.skin.and_then(|skin| skins.get(skin)) {
                made.insert(skin.clone());
            }
            if !part.shapes.is_empty() {
                made.insert(Moves { figure, part: number, made: vec![0.0; part.shapes.len()] });
            }
        }
        let (face, avatar) = (face_of(&avatar), Arc::new(avatar));
        self.commands.entity(figure).insert(Figure { body, avatar, rest, fit, face, nodes });
        (figure, kind)
    }

    fn paint(
        &mut self,
        surface: &Surface,
        pictures: &[Handle<Image>],
        (body, faceless): (Body, bool),
    ) -> Handle<Worn> {
        // Colours are laid into pictures beforehand, so that a surface without one has one of a single point.
        let picture = surface.picture.and_then(|at| pictures.get(at)).cloned().unwrap_or_else(|| {
            let white = Picture { width: 1, height: 1, rgba: vec![255; 4] };
            self.images.add(picture(&white))
        });
        let mut kind = 0;
        for (is, flag) in [
            (body == Body::Devil, paint::DEVILS),
            (faceless, paint::FACELESS),
            (surface.cutout.is_some(), paint::CUT_OUT),
            (surface.blend, paint::SEEN_THROUGH),
        ] {
            kind |= if is { flag } else { 0 };
        }
        let [r, g, b, a] = surface.colour.map(|share| (share.clamp(0.0, 1.0) * 255.0).round() as u32);
        let colour = u32::from_le_bytes([r as u8, g as u8, b as u8, a as u8]);
        self.paints.add(Worn::with(self.canvas.buffer(), kind, colour, picture))
    }
}

fn picture(of: &Picture) -> Image {
    let size = Extent3d { width: of.width, height: of.height, depth_or_array_layers: 1 };
    let (form, usage) = (TextureFormat::Rgba8UnormSrgb, RenderAssetUsages::RENDER_WORLD);
    let mut image = Image::new(size, TextureDimension::D2, of.rgba.clone(), form, usage);
    image.sampler = ImageSampler::Descriptor(ImageSamplerDescriptor {
        address_mode_u: ImageAddressMode::Repeat,
        address_mode_v: ImageAddressMode::Repeat,
        mag_filter: ImageFilterMode::Linear,
        min_filter: ImageFilterMode::Linear,
        ..ImageSamplerDescriptor::default()
    });
    image
}

fn mesh(part: &Part) -> Mesh {
    let mut mesh = Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::default())
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, part.positions.clone())
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, part.normals.clone())
        .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, part.uvs.clone())
        .with_inserted_indices(Indices::U32(part.indices.clone()));
    if part.skin.is_some() {
        let joints = VertexAttributeValues::Uint16x4(part.joints.clone());
        mesh.insert_attribute(Mesh::ATTRIBUTE_JOINT_INDEX, joints);
        mesh.insert_attribute(Mesh::ATTRIBUTE_JOINT_WEIGHT, part.weights.clone());
    }
    if !part.colours.is_empty() {
        mesh.insert_attribute(Mesh::ATTRIBUTE_COLOR, part.colours.clone());
    }
    mesh
}

/// Holds it as its place in the room asks for.
fn hold(
    mood: Res<Mood>,
    mut figures: Query<(&Figure, &mut Transform, &mut Visibility)>,
    mut nodes: Query<&mut Transform, Without<Figure>>,
) {
    for (figure, mut place, mut seen) in &mut figures {
        let is_there = match figure.body {
            Body::Patient => mood.seat == Seat::Own,
            Body::Devil => mood.devil > 0.01,
        };
        seen.set_if_neq(if is_there { Visibility::Inherited } else { Visibility::Hidden });
        *place = figure.placed(&mood);
        if figure.avatar.kind != Kind::Humanoid {
            continue;
        }
        let (stances, strength, breath) = match figure.body {
            Body::Patient => (PATIENT, mood.held, mood.breath),
            Body::Devil => (DEVIL, mood.strength, 1.0 - mood.breath),
        };
        let mut held = stance(stances, strength);
        held.head.z += 0.5 * sway(mood.drift, 1);
        held.head.y -= match figure.body {
            Body::Patient => 0.16 * mood.attention * mood.held,
            Body::Devil => 0.07 * mood.attention * mood.strength,
        };
        let turns = pose(&figure.avatar, &figure.rest, held, breath, mood.face.gaze);
        for (node, turn) in figure.nodes.iter().zip(turns) {
            if let Ok(mut place) = nodes.get_mut(*node) {
                place.rotation = turn;
            }
        }
    }
}

impl Figure {
    fn placed(&self, mood: &Mood) -> Transform {
        let turned = Transform::from_rotation(self.avatar.faces_forward);
        let (strength, ground) = match self.body {
            Body::Patient => (mood.held, Transform::IDENTITY),
            Body::Devil => (mood.strength, figures::devils_ground(mood)),
        };
        let fit = self.fit.at(strength);
        match self.avatar.kind {
            Kind::Head => {
                let head = match self.body {
                    Body::Patient => figures::patients_head(mood),
                    Body::Devil => figures::devils_head(mood),
                };
                head * fit * turned
            }
            Kind::Humanoid => ground * fit * turned,
            Kind::Statue => {
                // A statue cannot bend, but it can bow.
                let bow = Quat::from_rotation_x(0.22 * strength) * Quat::from_rotation_z(sway(mood.drift, 2));
                let foot = fit.transform_point(self.avatar.faces_forward * self.avatar.foot());
                let bowed =
                    Transform::from_translation(foot).with_rotation(bow) * Transform::from_translation(-foot);
                ground * bowed * fit * turned
            }
        }
    }
}

/// Moves its face.
fn make_faces(
    mood: Res<Mood>,
    figures: Query<&Figure>,
    mut parts: Query<(&mut Moves, &Mesh3d)>,
    mut meshes: ResMut<Assets<Mesh>>,
) {
    for (mut moves, mesh) in &mut parts {
        let Ok(figure) = figures.get(moves.figure) else { continue };
        let face = match figure.body {
            Body::Patient => mood.morphs,
            Body::Devil => Morphs::of_devil(mood.strength, mood.devil_open, mood.devil_shut),
        };
        let weights = figure.avatar.weigh(moves.part, &face);
        let changed = weights.iter().zip(&moves.made).any(|(now, made)| (now - made).abs() > LEAST);
        if let Some(part) = figure.avatar.parts.get(moves.part).filter(|_| changed)
            && let Some(mut mesh) = meshes.get_mut(&mesh.0)
        {
            let (places, normals) = part.moved(&weights);
            mesh.insert_attribute(Mesh::ATTRIBUTE_POSITION, places);
            mesh.insert_attribute(Mesh::ATTRIBUTE_NORMAL, normals);
            moves.made = weights;
        }
    }
}

/// Where the eyes stand from the middle of a drawn face, in half widths of the head.
const EYES: Vec2 = Vec2::new(0.40, -0.02);

/// The face of a figure at rest: from its own measure to that of a drawn face.
fn face_of(avatar: &Avatar) -> Mat4 {
    let (left, right) = avatar.eyes();
    let unit = (left.distance(right) / (2.0 * EYES.x)).max(1e-4);
    let middle = (left + right) / 2.0 - Vec3::Y * EYES.y * unit;
    let turn = avatar.faces_forward.inverse();
    // What lies behind the eyes is no face: a little deeper than they are, because bones lie inside.
    let place = middle - turn * Vec3::Z * unit * 0.5;
    let head = avatar.bones.get(&Bone::Head).and_then(|head| avatar.at_rest().get(*head).copied());
    let to_whole = head.unwrap_or(Mat4::IDENTITY);
    Mat4::from_scale_rotation_translation(Vec3::splat(unit), turn, place).inverse() * to_whole
}

/// Where a Devil of one's own has its face, for the embers in it.
fn place_face(
    figures: Query<(&Figure, &GlobalTransform)>,
    nodes: Query<&GlobalTransform, Without<Figure>>,
    mut canvas: ResMut<Canvas>,
) {
    for (figure, whole) in figures.iter().filter(|(figure, _)| figure.body == Body::Devil) {
        let head = figure.avatar.bones.get(&Bone::Head).and_then(|head| figure.nodes.get(*head));
        let from = head.and_then(|head| nodes.get(*head).ok()).unwrap_or(whole);
        canvas.moment.devil.to_head = figure.face * from.to_matrix().inverse();
    }
}

/// The built-in bodies make room.
fn make_room(
    wardrobe: Res<Wardrobe>,
    mood: Res<Mood>,
    mut bodies: Query<(&Body, Has<Head>, &mut Visibility), Without<Figure>>,
) {
    for (body, is_head, mut seen) in &mut bodies {
        // While the person sits in its place the Patient is who looks.
        let looks = *body == Body::Patient && mood.seat == Seat::Patients;
        if looks || wardrobe.replaces(*body, is_head) {
            seen.set_if_neq(Visibility::Hidden);
        } else if *body == Body::Patient {
            seen.set_if_neq(Visibility::Inherited);
        }
    }
}

/// Whether a file can be worn: its reason, if not.
///
/// # Errors
/// [`AvatarError`], in one line.
pub fn can_be_worn(file: &Path) -> Result<String, AvatarError> {
    load(file).map(|avatar| avatar.summary())
}
