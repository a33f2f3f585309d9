//! Panels that stand in the room: the desk on the lap or before the eyes, what is said under the face that says it, and the
//! Guide's card beside its lantern. What is on them is drawn by whoever draws the desk.

use bevy::camera::{CameraUpdateSystems, ImageRenderTarget, RenderTarget, ScalingMode};
use bevy::ecs::system::SystemParam;
use bevy::light::{NotShadowCaster, NotShadowReceiver};
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureFormat};

use super::placing::{self, Around, Desk, Face, Lazy, POINT, Place};
use crate::app::{Board, Heads, OnBoards, PanelCamera, PersonsHead, SeatEyes, Speaks, StageSystems};
use crate::dialogue::agent::Agent;

/// Pixels of a board's picture for each point: more than a headset of today can show.
const DENSITY: f32 = 2.0;

/// How much lighter than itself a board is, so that the room's tone leaves its letters white.
const LIGHT: LinearRgba = LinearRgba::rgb(1.25, 1.25, 1.25);

/// The panel that shows a board, in the room.
#[derive(Component, Clone, Copy, Debug)]
pub struct Panel {
    /// Which.
    pub board: Board,
    /// The camera that draws it.
    pub camera: Entity,
    /// Its size in metres.
    pub size: Vec2,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<OnBoards>()
        .add_systems(PreStartup, spawn)
        .add_systems(Update, (size_desk, place_desk, place_caption, place_card).in_set(StageSystems::Paint))
        .add_systems(PostUpdate, rest.before(CameraUpdateSystems));
}

/// How large a board is, in points.
#[must_use]
pub fn points(board: Board) -> Vec2 {
    match board {
        Board::Desk => of_desk(Desk::Raised),
        Board::Caption => Vec2::new(420.0, 240.0),
        Board::Card => Vec2::new(330.0, 300.0),
    }
}

/// How large the desk is in each of its ways: on the lap there is a line to speak or to type into, and what can be pressed.
#[must_use]
pub fn of_desk(how: Desk) -> Vec2 {
    match how {
        Desk::Low => Vec2::new(760.0, 240.0),
        Desk::Raised => Vec2::new(760.0, 428.0),
    }
}

fn spawn(
    mut commands: Commands,
    mut images: ResMut<Assets<Image>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
) {
    let mesh = meshes.add(Rectangle::new(1.0, 1.0));
    for (order, board) in [Board::Desk, Board::Caption, Board::Card].into_iter().enumerate() {
        let size = (points(board) * DENSITY).as_uvec2();
        let picture =
            images.add(Image::new_target_texture(size.x, size.y, TextureFormat::Rgba8UnormSrgb, None));
        let camera = commands
            .spawn((
                board,
                Camera2d,
                // Before the eyes, which see it.
                Camera { order: -10 - order as isize, clear_color: Color::NONE.into(), ..default() },
                Projection::Orthographic(OrthographicProjection {
                    scaling_mode: ScalingMode::WindowSize,
                    ..OrthographicProjection::default_2d()
                }),
                RenderTarget::Image(ImageRenderTarget { handle: picture.clone(), scale_factor: DENSITY }),
                Msaa::Off,
            ))
            .id();
        if board == Board::Desk {
            commands.entity(camera).insert(PanelCamera);
        }
        let material = materials.add(StandardMaterial {
            base_color_texture: Some(picture),
            base_color: LIGHT.into(),
            unlit: true,
            alpha_mode: AlphaMode::Premultiplied,
            fog_enabled: false,
            ..default()
        });
        commands.spawn((
            Panel { board, camera, size: Vec2::ONE },
            Mesh3d(mesh.clone()),
            MeshMaterial3d(material),
            Visibility::Hidden,
            (NotShadowCaster, NotShadowReceiver),
        ));
    }
}

/// The pictures of boards, and what shows them.
#[derive(SystemParam)]
struct Pictures<'w, 's> {
    targets: Query<'w, 's, (&'static Board, &'static RenderTarget)>,
    shown: Query<'w, 's, (&'static Panel, &'static MeshMaterial3d<StandardMaterial>)>,
    images: ResMut<'w, Assets<Image>>,
    materials: ResMut<'w, Assets<StandardMaterial>>,
}

impl Pictures<'_, '_> {
    fn resize(&mut self, board: Board, pixels: UVec2) {
        let target = self.targets.iter().find(|(it, _)| **it == board).map(|(_, target)| target);
        let Some(RenderTarget::Image(target)) = target else { return };
        if self.images.get(&target.handle).is_none_or(|image| image.size() == pixels) {
            return;
        }
        if let Some(mut image) = self.images.get_mut(&target.handle) {
            image.resize(Extent3d { width: pixels.x, height: pixels.y, depth_or_array_layers: 1 });
        }
        // What shows it would go on showing the one from before.
        for (panel, material) in &self.shown {
            if panel.board == board
                && let Some(material) = self.materials.get_mut(&material.0)
            {
                // Only what was taken out to be changed counts as changed.
                let _changed = material.into_inner();
            }
        }
    }
}

/// What stands nowhere is not drawn.
fn rest(panels: Query<(&Panel, &Visibility), Changed<Visibility>>, mut cameras: Query<&mut Camera>) {
    for (panel, seen) in &panels {
        if let Ok(mut camera) = cameras.get_mut(panel.camera) {
            camera.is_active = *seen != Visibility::Hidden;
        }
    }
}

type Panels<'a> = (&'a mut Panel, &'a mut Transform, &'a mut Visibility);

/// Puts a panel somewhere; none: it is not there. What stands where it stood has not changed, so that its camera rests.
fn put(
    (mut panel, mut at, mut seen): (Mut<'_, Panel>, Mut<'_, Transform>, Mut<'_, Visibility>),
    place: Option<Place>,
) {
    seen.set_if_neq(if place.is_some() { Visibility::Inherited } else { Visibility::Hidden });
    if let Some(Place { at: there, size }) = place {
        if panel.size != size {
            panel.size = size;
        }
        at.set_if_neq(there.with_scale(size.extend(1.0)));
    }
}

fn place_desk(on: Res<OnBoards>, seat: Res<SeatEyes>, mut panels: Query<Panels<'_>>) {
    let how = if on.raised { Desk::Raised } else { Desk::Low };
    let size = of_desk(how);
    for panel in &mut panels {
        if panel.0.board == Board::Desk {
            put(panel, on.desk.then(|| placing::desk(seat.0, how, size)));
        }
    }
}

/// The desk's picture has the size of its way to stand.
fn size_desk(on: Res<OnBoards>, mut pictures: Pictures<'_, '_>) {
    let how = if on.raised { Desk::Raised } else { Desk::Low };
    pictures.resize(Board::Desk, (of_desk(how) * DENSITY).as_uvec2());
}

/// The words of whoever speaks begin at the upper edge of their board, so that the chin is what they hang from.
fn place_caption(
    time: Res<Time<Real>>,
    (on, seat, head, heads): (Res<OnBoards>, Res<SeatEyes>, Res<PersonsHead>, Res<Heads>),
    mut lazy: Local<Lazy>,
    mut last: Local<Option<Speaks>>,
    mut panels: Query<Panels<'_>>,
) {
    let wanted = on.caption.map(|speaks| {
        let eyes = head.0.unwrap_or(seat.0);
        let around = Around::new(eyes.translation, seat.0);
        let faces: Vec<Face> = heads.0.iter().map(|(_, at, reach)| face(&around, *at, *reach)).collect();
        // A person's own words come from the figure that is theirs, which sits where the Patient sat.
        let whose = if let Speaks::Agent(agent) = speaks { agent } else { Agent::Patient };
        let speaker = heads.0.iter().find(|(agent, ..)| whose == *agent);
        // What has no face is read under the first who has.
        let (speaker, away) = match speaker {
            Some((_, at, reach)) => (face(&around, *at, *reach), around.of(*at).1),
            None => (faces.first().copied().unwrap_or(Face { at: Vec2::ZERO, reaches: 0.06 }), 2.2),
        };
        let size = Vec2::new(on.caption_size.x, on.caption_size.y.max(40.0)) * POINT;
        let at = placing::caption(speaker, &faces, around.look(eyes.rotation), size);
        if last.replace(speaks) != Some(speaks) {
            lazy.forget();
        }
        // Their upper edge is what follows, so that more words make them reach lower; and no face is covered on the way.
        let half = Vec2::Y * (size.y / 2.0);
        let at = placing::below(lazy.follow(at + half, time.delta_secs()) - half, &faces, size);
        // The board is higher than what stands on it.
        let whole = points(Board::Caption) * POINT;
        let middle = at + Vec2::Y * (size.y / 2.0 - whole.y / 2.0);
        around.put(middle, (away * 0.8).clamp(placing::NEAREST, 2.2), whole)
    });
    if wanted.is_none() {
        *last = None;
    }
    for panel in &mut panels {
        if panel.0.board == Board::Caption {
            put(panel, wanted);
        }
    }
}

fn face(around: &Around, at: Vec3, reach: f32) -> Face {
    let (seen, away) = around.of(at);
    Face { at: seen, reaches: (reach / away.max(0.3)).atan() }
}

fn place_card(on: Res<OnBoards>, seat: Res<SeatEyes>, mut panels: Query<Panels<'_>>) {
    for panel in &mut panels {
        if panel.0.board == Board::Card {
            let place = on.card.then(|| placing::card(seat.0, points(Board::Card)));
            put(panel, place);
        }
    }
}
