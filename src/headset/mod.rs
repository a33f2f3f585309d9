//! The room in a headset, through any runtime of OpenXR: the person sits in it, points at panels with a controller, a hand or
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
use bevy::prelude::*;
use bevy::window::PrimaryWindow;
use bevy::winit::WinitSettings;

use self::states::SessionState;
use crate::app::{self, InHeadset, Mirror};
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
    app.world().contains_resource::<InHeadset>()
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
