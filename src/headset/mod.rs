//! The room in a headset, through any OpenXR runtime: the person sits in it, points at panels with a controller, a hand or
//! a look, and reads what is said under the face that says it.
//!
//! It is a stage as any other (see [`crate::app`]): a process that may fall. [`states`], [`placing`], [`pointer`], [`hands`]
//! and [`comfort`] are pure; [`runtime`] alone names OpenXR.

pub mod boards;
pub mod comfort;
pub mod hands;
pub mod loader;
pub mod placing;
pub mod pointer;
mod pointing;
mod presence;
pub mod runtime;
mod seat;
pub mod states;

use std::sync::atomic::Ordering;

use bevy::app::ScheduleRunnerPlugin;
use bevy::camera::RenderTarget;
use bevy::prelude::*;
use bevy::render::render_resource::TextureFormat;
use bevy::window::PrimaryWindow;
use bevy::winit::WinitSettings;

use self::states::SessionState;
use crate::app::{self, EyePictures, InHeadset, Mirror, StageCamera, Surface, Target};
use crate::host::Link;

pub use runtime::{Eyes, EyesWide, Stance};

/// Where else the room in the headset is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// A window of this size, for those who stand by.
    Window(u32, u32),
    /// Nothing.
    Nothing,
    /// Nothing, and whoever made the app asks for each frame.
    ByHand,
}

/// An app that shows the session at the other end of the link in a headset. None where no runtime answers or no headset is on.
#[must_use]
pub fn build(link: Link, beside: Beside, stance: Stance) -> Option<App> {
    let mut app = App::new();
    let window = if let Beside::Window(width, height) = beside { Some((width, height)) } else { None };
    if !runtime::open(&mut app, app::for_headset(window), stance) {
        return None;
    }
    match beside {
        // Whether anybody looks at the window is nothing to the eyes.
        Beside::Window(..) => {
            app.insert_resource(WinitSettings::continuous());
        }
        Beside::Nothing => {
            app.add_plugins(ScheduleRunnerPlugin::run_loop(std::time::Duration::ZERO));
        }
        Beside::ByHand => {}
    }
    app.insert_resource(InHeadset);
    app::connect(&mut app, link);
    app.add_plugins((boards::plugin, pointing::plugin, presence::plugin, seat::plugin))
        .add_systems(Update, look_on.run_if(resource_exists_and_changed::<Eyes>));
    Some(app)
}

/// How far apart eyes are, in metres; and how wide and high each sees, in degrees: as headsets of 2026 show it.
const EYES_APART: f32 = 0.063;
const FIELD: f32 = 92.0;

/// What both eyes of a headset would see, without any: for pictures of panels as they stand in the room. Each eye's picture is
/// a square of so many pixels. `software`: without a graphics card.
pub fn without_runtime(link: Link, pixels: u32, software: bool) -> App {
    let surface = Surface::Offscreen { width: pixels, height: pixels, software };
    let mut app = app::build(surface, link);
    // Before its cameras are there: panels are laid over none of them.
    app.insert_resource(InHeadset).add_plugins(boards::plugin).add_systems(Startup, pair);
    app
}

/// The camera that is there becomes the left eye, and gets a right one.
fn pair(
    mut commands: Commands,
    mut cameras: Query<(&mut Transform, &mut Projection), With<StageCamera>>,
    (target, mut images): (Res<Target>, ResMut<Assets<Image>>),
) {
    let Some(size) = images.get(&target.0).map(Image::size) else { return };
    let right = images.add(Image::new_target_texture(size.x, size.y, TextureFormat::Rgba8UnormSrgb, None));
    for (mut left, mut projection) in &mut cameras {
        if let Projection::Perspective(seen) = &mut *projection {
            seen.fov = FIELD.to_radians();
        }
        let aside = left.right() * (EYES_APART / 2.0);
        let target = RenderTarget::Image(right.clone().into());
        let at = Transform { translation: left.translation + aside, ..*left };
        left.translation -= aside;
        commands.spawn((StageCamera, Camera3d::default(), projection.clone(), at, target));
    }
    commands.insert_resource(EyePictures([target.0.clone(), right]));
}

/// The window beside it shows what the left eye sees.
fn look_on(
    mut commands: Commands,
    eyes: Res<Eyes>,
    windows: Query<(), With<PrimaryWindow>>,
    mut mirrors: Query<&mut Mirror>,
) {
    let shape = Vec2::new(eyes.shape, 1.0);
    if let Some(mut mirror) = mirrors.iter_mut().next() {
        mirror.1 = shape;
    } else if !windows.is_empty() {
        let mirror = Mirror(eyes.pictures[0].clone(), shape);
        commands.spawn((mirror, Camera2d, Camera { order: 100, ..default() }, Msaa::Off));
    }
}

/// How an app whose frames are asked for by hand came along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The state that its session came to.
    pub state: SessionState,
    /// How many frames were shown to both eyes.
    pub frames: u32,
}

/// Whether this is an app for a headset.
#[must_use]
pub fn is_worn(app: &App) -> bool {
    app.world().contains_resource::<runtime::Session>()
}

/// How it came along so far.
#[must_use]
pub fn seen(app: &App) -> Seen {
    let world = app.world();
    let frames = world.resource::<runtime::FramesShown>().0.load(Ordering::Relaxed);
    Seen { state: world.resource::<runtime::Session>().0.state(), frames }
}

/// Whether somebody sees the room and has their hands free for it.
#[must_use]
pub fn is_present(app: &App) -> bool {
    app.world().resource::<runtime::Session>().0.is_present()
}

/// Asks the runtime to let the person go.
pub fn go_home(app: &mut App) {
    app.world_mut().write_message(runtime::GoHome);
}

/// Whether it has.
#[must_use]
pub fn is_gone(app: &App) -> bool {
    app.world().resource::<runtime::Session>().0.gone().is_some()
}
