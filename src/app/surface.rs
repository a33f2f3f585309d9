//! Where the stage is shown: a window, or pictures without one. (A headset brings its own; see [`super::connect`].)
//!
//! In a window the room is drawn into a picture of its own, which whoever draws the panels lays under them, so that a slow
//! machine can draw it smaller while the panels stay sharp.

use std::sync::atomic::{AtomicBool, Ordering};

use bevy::app::PluginGroupBuilder;
use bevy::camera::RenderTarget;
use bevy::diagnostic::FrameCount;
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::RenderPlugin;
use bevy::render::pipelined_rendering::PipelinedRenderingPlugin;
use bevy::render::render_resource::{Extent3d, TextureFormat};
use bevy::render::settings::WgpuSettings;
use bevy::window::{
    CursorOptions, ExitCondition, Monitor, MonitorSelection, PresentMode, PrimaryMonitor, PrimaryWindow,
    WindowMode, WindowResizeConstraints, WindowResolution,
};
use bevy::winit::WinitPlugin;

use super::{InHeadset, pace};

/// Where the stage is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// A window of this size to begin with, in logical pixels.
    Window {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// Whether it is over the whole screen, without a pointer, and closes for nobody: in an exhibition.
        whole: bool,
        /// Whether no room is drawn in it. What needs no graphics card draws it then, where that is there.
        still: bool,
    },
    /// No window: pictures of this size, taken with [`super::offscreen`].
    Offscreen {
        /// Their width in pixels.
        width: u32,
        /// Their height.
        height: u32,
        /// Whether the driver that needs no graphics card draws them, so that they are the same on every machine.
        software: bool,
    },
}

/// The camera through which the person sees the room, or each of them in a headset.
#[derive(Component, Clone, Copy, Debug, Default)]
pub struct StageCamera;

/// The camera that panels are laid over.
#[derive(Component, Clone, Copy, Debug, Default)]
pub struct PanelCamera;

/// The picture that the room is drawn into.
#[derive(Resource, Clone, Debug)]
pub struct Target(pub Handle<Image>);

/// How large the room is drawn for the window it is shown in, 0.25 to 1.
#[derive(Resource, Clone, Copy, Debug, PartialEq)]
pub struct RenderScale(pub f32);

/// Where the person's eyes are, in metres: on their seat, looking a little down.
pub(super) const EYES: Vec3 = Vec3::new(0.0, 1.2, 1.78);
const DOWN: f32 = -5.5;
/// Vertical field of view in degrees.
const FIELD: f32 = 55.0;

/// What draws: not OpenGL, whose drivers talk on standard error, and which a headset cannot use.
const BACKENDS: wgpu::Backends = wgpu::Backends::PRIMARY;

/// What is logged: nothing of the libraries but what went wrong in them.
const FILTER: &str = "error,wgpu_hal=off,wgpu_core=error,naga=error,bevy_mod_openxr=off,inner_room=warn";

/// Whether a stage of this process has begun to log: it can be done once only.
static LOGS: AtomicBool = AtomicBool::new(false);

pub(super) fn plugin(app: &mut App, surface: Surface) {
    let group = plugins();
    let (width, height) = match surface {
        Surface::Window { width, height, whole, still } => {
            app.add_plugins(window(group, (width, height), (whole, still)))
                .insert_resource(RenderScale(1.0))
                .add_systems(PreStartup, (spawn_screen, rest_cameras).after(spawn_camera))
                .add_systems(PreUpdate, fit);
            pace::plugin(app);
            if whole && std::env::var_os("WAYLAND_DISPLAY").is_none() {
                app.add_systems(PreUpdate, fill.before(fit));
            }
            if !still {
                app.add_systems(PreUpdate, wake_cameras);
            }
            (width, height)
        }
        Surface::Offscreen { width, height, software } => {
            app.add_plugins(offscreen(group, software));
            (width, height)
        }
    };
    let image = Image::new_target_texture(width, height, TextureFormat::Rgba8UnormSrgb, None);
    let image = app.world_mut().resource_mut::<Assets<Image>>().add(image);
    app.insert_resource(Target(image)).add_systems(PreStartup, spawn_camera);
}

fn plugins() -> PluginGroupBuilder {
    let group = DefaultPlugins.build().set(LogPlugin { filter: FILTER.to_owned(), ..default() });
    if LOGS.swap(true, Ordering::Relaxed) { group.disable::<LogPlugin>() } else { group }
}

fn window(group: PluginGroupBuilder, size: (u32, u32), (whole, still): (bool, bool)) -> PluginGroupBuilder {
    let force_fallback_adapter = still && can_show(true);
    group.set(window_plugin(size, whole)).set(RenderPlugin {
        render_creation: WgpuSettings { backends: Some(BACKENDS), force_fallback_adapter, ..default() }
            .into(),
        ..default()
    })
}

fn window_plugin((width, height): (u32, u32), whole: bool) -> WindowPlugin {
    WindowPlugin {
        close_when_requested: !whole,
        primary_cursor_options: Some(CursorOptions { visible: !whole, ..default() }),
        primary_window: Some(Window {
            mode: if whole {
                WindowMode::BorderlessFullscreen(MonitorSelection::Primary)
            } else {
                WindowMode::Windowed
            },
            title: "Inner Room".to_owned(),
            name: Some("inner-room".to_owned()),
            resolution: WindowResolution::new(width, height),
            present_mode: PresentMode::AutoVsync,
            resize_constraints: WindowResizeConstraints { min_width: 480.0, min_height: 320.0, ..default() },
            ..default()
        }),
        ..default()
    }
}

fn without_window(group: PluginGroupBuilder) -> PluginGroupBuilder {
    group.disable::<WinitPlugin>().set(WindowPlugin {
        primary_window: None,
        exit_condition: ExitCondition::DontExit,
        ..default()
    })
}

/// Pictures are whole from the first one on, and nothing runs ahead of them.
fn offscreen(group: PluginGroupBuilder, software: bool) -> PluginGroupBuilder {
    let settings = WgpuSettings { backends: Some(BACKENDS), force_fallback_adapter: software, ..default() };
    without_window(group).disable::<PipelinedRenderingPlugin>().set(RenderPlugin {
        render_creation: settings.into(),
        synchronous_pipeline_compilation: true,
        ..default()
    })
}

/// What an app for a headset is made of, but for what the headset brings: with a window of this size for those who stand by,
/// or none. What it draws must be with the runtime in time: nothing runs ahead of it.
pub fn for_headset(window: Option<(u32, u32)>) -> PluginGroupBuilder {
    let group = plugins().disable::<PipelinedRenderingPlugin>();
    let Some((width, height)) = window else {
        return without_window(group);
    };
    let mut plugin = window_plugin((width, height), false);
    plugin.close_when_requested = false;
    if let Some(window) = &mut plugin.primary_window {
        // The headset sets the pace.
        window.present_mode = PresentMode::AutoNoVsync;
    }
    group.set(plugin)
}

/// How much longer than high the room is drawn at most, or the other way round.
const LONGEST: f32 = 4.0;

fn spawn_camera(
    mut commands: Commands,
    target: Res<Target>,
    (scale, headset): (Option<Res<RenderScale>>, Option<Res<InHeadset>>),
) {
    let mut camera = commands.spawn((
        StageCamera,
        Camera3d::default(),
        Projection::Perspective(PerspectiveProjection {
            fov: FIELD.to_radians(),
            near: 0.05,
            far: 20.0,
            ..default()
        }),
        Transform::from_translation(EYES).with_rotation(Quat::from_rotation_x(DOWN.to_radians())),
        RenderTarget::Image(target.0.clone().into()),
    ));
    if scale.is_none() && headset.is_none() {
        camera.insert(PanelCamera);
    }
}

/// So many frames are for the panels alone: there is something to read before the room has to be drawn.
const PANELS_ONLY: u32 = 5;

fn rest_cameras(mut cameras: Query<&mut Camera, With<StageCamera>>) {
    for mut camera in &mut cameras {
        camera.is_active = false;
    }
}

fn wake_cameras(frame: Res<FrameCount>, mut cameras: Query<&mut Camera, With<StageCamera>>) {
    if frame.0 == PANELS_ONLY {
        for mut camera in &mut cameras {
            camera.is_active = true;
        }
    }
}

/// The window itself: the picture and the panels.
fn spawn_screen(mut commands: Commands) {
    commands.spawn((PanelCamera, Camera2d, Camera { order: 1, ..default() }, Msaa::Off));
}

/// How long a window manager may take to put a window over the whole screen, in seconds.
const FILLS: f32 = 2.0;

/// Where X11 has no window manager, as on a machine that starts nothing else, nobody puts the window over the whole screen.
fn fill(
    mut windows: Query<&mut Window, With<PrimaryWindow>>,
    monitors: Query<(&Monitor, Has<PrimaryMonitor>)>,
    time: Res<Time<Real>>,
    mut step: Local<u32>,
) {
    if *step > 1 || time.elapsed_secs() < FILLS {
        return;
    }
    let monitor = monitors.iter().max_by_key(|(_, primary)| *primary);
    let (Ok(mut window), Some((monitor, _))) = (windows.single_mut(), monitor) else { return };
    let whole = monitor.physical_size();
    if whole.min_element() < 2 {
        return;
    }
    // What the window is said to be may be what was only wished for: a wish that differs by a line is passed on.
    let high = whole.y - u32::from(*step == 0);
    *step += 1;
    window.position.set(monitor.physical_position);
    window.resolution.set_physical_resolution(whole.x, high);
}

/// The picture has the window's shape. A window that is minimised has none, and the picture stays as it was.
fn fit(
    windows: Query<&Window, With<PrimaryWindow>>,
    scale: Res<RenderScale>,
    target: Res<Target>,
    mut images: ResMut<Assets<Image>>,
) {
    let Ok(window) = windows.single() else { return };
    let size = window.physical_size();
    if size.x < 2 || size.y < 2 {
        return;
    }
    let wanted = drawn(size, scale.0);
    if images.get(&target.0).is_some_and(|image| image.size() == wanted) {
        return;
    }
    if let Some(mut image) = images.get_mut(&target.0) {
        image.resize(Extent3d { width: wanted.x, height: wanted.y, depth_or_array_layers: 1 });
    }
}

/// How large the room is drawn for a window of this size. Of one that is a mere strip it fills a part only and is
/// stretched, because effects are made for pictures that one can look at.
fn drawn(window: UVec2, scale: f32) -> UVec2 {
    let wanted = (window.as_vec2() * scale.clamp(0.25, 1.0)).max(Vec2::splat(16.0));
    wanted.min(Vec2::new(wanted.y, wanted.x) * LONGEST).as_uvec2()
}

/// What this machine could draw with.
#[must_use]
pub fn adapters() -> Vec<wgpu::AdapterInfo> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: BACKENDS,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let adapters = bevy::tasks::block_on(instance.enumerate_adapters(BACKENDS));
    adapters.iter().map(wgpu::Adapter::get_info).collect()
}

/// Whether this machine has anything to draw with; `software`: without a graphics card.
#[must_use]
pub fn can_show(software: bool) -> bool {
    adapters().iter().any(|adapter| !software || adapter.device_type == wgpu::DeviceType::Cpu)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_in_a_strip_of_a_window_is_still_a_picture() {
        assert_eq!(drawn(UVec2::new(1280, 720), 0.5), UVec2::new(640, 360));
        for window in [UVec2::new(1, 1), UVec2::new(5_000, 4), UVec2::new(64, 4_000), UVec2::new(2, 3)] {
            let size = drawn(window, 1.0);
            assert!(
                size.min_element() >= 16 && size.max_element() <= 4 * size.min_element(),
                "{window}: {size}"
            );
        }
    }
}
