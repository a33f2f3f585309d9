//! The eyes: each a picture of its own, which is handed to the runtime when it is drawn. (Not drawn into what the runtime
//! gives: a picture of one's own can be smaller, shown in a window as well, and taken.)

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bevy::camera::{ManualTextureViewHandle, RenderTarget};
use bevy::prelude::*;
use bevy::render::extract_resource::{ExtractResource, ExtractResourcePlugin};
use bevy::render::render_asset::RenderAssets;
use bevy::render::render_resource::{Extent3d, TextureFormat};
use bevy::render::renderer::{RenderDevice, RenderQueue};
use bevy::render::texture::{GpuImage, ManualTextureViews};
use bevy::render::{Render, RenderApp};
use bevy_mod_openxr::init::should_run_frame_loop;
use bevy_mod_openxr::render::{XR_TEXTURE_INDEX, release_image};
use bevy_mod_openxr::resources::{OxrCurrentSessionConfig, OxrFrameState, OxrViews};
use bevy_mod_xr::camera::{XrCamera, XrProjection};
use bevy_mod_xr::session::{XrRenderSystems, XrSessionCreated};
use wgpu::util::{TextureBlitter, TextureBlitterBuilder};

use crate::app::{EyePictures, StageCamera};

/// The pictures of the left and the right eye, and how large each is at most, in pixels.
#[derive(Resource, Clone, Debug, ExtractResource)]
pub struct Eyes {
    /// Left and right.
    pub pictures: [Handle<Image>; 2],
    /// As large as the runtime recommends.
    pub size: UVec2,
    /// How wide what they see is for its height; a picture may have fewer points in one direction than in the other.
    pub shape: f32,
}

/// How large the eyes' pictures are drawn, as a share of what the runtime recommends.
#[derive(Resource, Clone, Copy, Debug, PartialEq)]
pub struct EyeScale(pub f32);

/// How wide the pictures are to be, whatever the runtime recommends: for those that are looked at later.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq)]
pub struct EyesWide(pub u32);

/// How many frames were handed over, to both eyes.
#[derive(Resource, Clone, Debug, Default, ExtractResource)]
pub struct FramesShown(pub Arc<AtomicU32>);

/// Nearer than this nothing is drawn, in metres: hands come close to the eyes.
const NEAR: f32 = 0.05;

pub(super) fn plugin(app: &mut App) {
    app.insert_resource(EyeScale(1.0))
        .init_resource::<FramesShown>()
        .add_plugins((
            ExtractResourcePlugin::<Eyes>::default(),
            ExtractResourcePlugin::<FramesShown>::default(),
        ))
        .add_systems(XrSessionCreated, make)
        .add_systems(PreUpdate, (dress, aim).chain())
        .add_systems(PreUpdate, take_shape.run_if(resource_exists::<Eyes>))
        .add_systems(Update, resize.run_if(resource_exists::<Eyes>).run_if(resource_changed::<EyeScale>));
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render.add_systems(
            Render,
            hand_over.in_set(XrRenderSystems::PostRender).before(release_image).run_if(should_run_frame_loop),
        );
    }
}

fn make(
    mut commands: Commands,
    (config, wide): (Res<OxrCurrentSessionConfig>, Option<Res<EyesWide>>),
    mut images: ResMut<Assets<Image>>,
) {
    let size = wide.map_or(config.resolution, |wide| UVec2::splat(wide.0));
    let mut picture =
        || images.add(Image::new_target_texture(size.x, size.y, TextureFormat::Rgba8UnormSrgb, None));
    let pictures = [picture(), picture()];
    commands.insert_resource(EyePictures(pictures.clone()));
    commands.insert_resource(Eyes { pictures, size, shape: 1.0 });
}

/// The room is seen through them as it is through a window.
fn dress(mut commands: Commands, cameras: Query<Entity, Added<XrCamera>>) {
    for camera in &cameras {
        let projection = XrProjection { near: NEAR, ..default() };
        commands.entity(camera).insert((StageCamera, Projection::custom(projection)));
    }
}

/// What shape they see in is known with the first frame.
fn take_shape(
    views: Res<OxrViews>,
    wide: Option<Res<EyesWide>>,
    mut eyes: ResMut<Eyes>,
    mut scale: ResMut<EyeScale>,
) {
    let Some(fov) = views.first().map(|view| view.fov) else { return };
    let across = fov.angle_right.tan() - fov.angle_left.tan();
    let upright = fov.angle_up.tan() - fov.angle_down.tan();
    let shape = across / upright;
    if !shape.is_finite() || shape <= 0.0 || (eyes.shape - shape).abs() < 1e-3 {
        return;
    }
    eyes.shape = shape;
    if let Some(wide) = wide {
        eyes.size = UVec2::new(wide.0, (wide.0 as f32 / shape).round().max(1.0) as u32);
        scale.set_changed();
    }
}

/// The runtime's crate aims them at its own pictures with every frame.
fn aim(eyes: Option<Res<Eyes>>, mut cameras: Query<(&XrCamera, &mut RenderTarget)>) {
    let Some(eyes) = eyes else { return };
    for (camera, mut target) in &mut cameras {
        if let Some(picture) = eyes.pictures.get(camera.0 as usize) {
            *target = RenderTarget::Image(picture.clone().into());
        }
    }
}

fn resize(eyes: Res<Eyes>, scale: Res<EyeScale>, mut images: ResMut<Assets<Image>>) {
    let size = (eyes.size.as_vec2() * scale.0.clamp(0.25, 1.0)).max(Vec2::splat(16.0)).as_uvec2();
    for picture in &eyes.pictures {
        if images.get(picture).is_some_and(|image| image.size() != size)
            && let Some(mut image) = images.get_mut(picture)
        {
            image.resize(Extent3d { width: size.x, height: size.y, depth_or_array_layers: 1 });
        }
    }
}

/// Lays each eye's picture over the whole of what the runtime gave for it.
fn hand_over(
    (device, queue): (Res<RenderDevice>, Res<RenderQueue>),
    eyes: Option<Res<Eyes>>,
    (frame, shown): (Option<Res<OxrFrameState>>, Res<FramesShown>),
    (pictures, views): (Res<RenderAssets<GpuImage>>, Res<ManualTextureViews>),
    mut blitter: Local<Option<(TextureFormat, TextureBlitter)>>,
) {
    let Some(eyes) = eyes.filter(|_| frame.is_some_and(|frame| frame.should_render)) else { return };
    let device = device.wgpu_device();
    let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("eyes") });
    let mut handed_over = 0;
    for (index, picture) in eyes.pictures.iter().enumerate() {
        let handle = ManualTextureViewHandle(XR_TEXTURE_INDEX + index as u32);
        let (Some(picture), Some(target)) = (pictures.get(picture), views.get(&handle)) else { continue };
        if blitter.as_ref().is_none_or(|(format, _)| *format != target.view_format) {
            let made = TextureBlitterBuilder::new(device, target.view_format)
                .sample_type(wgpu::FilterMode::Linear)
                .build();
            *blitter = Some((target.view_format, made));
        }
        if let Some((_, blitter)) = blitter.as_ref() {
            blitter.copy(device, &mut encoder, &picture.texture_view, &target.texture_view);
            handed_over += 1;
        }
    }
    queue.submit([encoder.finish()]);
    if handed_over == eyes.pictures.len() {
        shown.0.fetch_add(1, Ordering::Relaxed);
    }
}
