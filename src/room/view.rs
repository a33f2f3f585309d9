//! How the room is seen: exposure, tone, a little bloom and a vignette; and how much of that this machine can bear.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use bevy::camera::Exposure;
use bevy::core_pipeline::tonemapping::Tonemapping;
use bevy::post_process::bloom::Bloom;
use bevy::post_process::effect_stack::Vignette;
use bevy::prelude::*;
use bevy::render::render_resource::PipelineCache;
use bevy::render::view::{ColorGrading, ColorGradingGlobal};
use bevy::render::{Render, RenderApp};

use super::mood::Mood;
use super::tier::Drawn;
use crate::app::{Dark, InHeadset, Lit, StageCamera, StageSystems};

/// Exposure never changes: the room gets lighter because the lamp does.
const EXPOSURE: f32 = 8.0;

pub(super) fn plugin(app: &mut App) {
    let pipelines = Pipelines::default();
    app.insert_resource(pipelines.clone())
        .add_systems(Update, (dress, notice_light))
        .add_systems(Update, darken.in_set(StageSystems::Paint));
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render.insert_resource(pipelines).add_systems(Render, count_pipelines);
    }
}

/// Gives a camera its look.
fn dress(
    mut commands: Commands,
    (drawn, headset): (Res<Drawn>, Option<Res<InHeadset>>),
    cameras: Query<Entity, Added<StageCamera>>,
) {
    for camera in &cameras {
        let mut camera = commands.entity(camera);
        camera.insert((Tonemapping::AgX, Exposure { ev100: EXPOSURE }, graded()));
        if headset.is_some() {
            // Two eyes that are dark in different corners fight each other, and panels are to stay sharp.
            camera.insert(Bloom { intensity: 0.05, low_frequency_boost: 0.6, ..Bloom::NATURAL });
        } else {
            camera.insert((
                Bloom { intensity: 0.16, low_frequency_boost: 0.8, ..Bloom::NATURAL },
                Vignette { intensity: 0.28, radius: 0.95, smoothness: 2.2, ..default() },
            ));
        }
        drawn.smooth(&mut camera);
    }
}

/// `AgX` alone takes some of the colour out of dusk.
fn graded() -> ColorGrading {
    ColorGrading { global: ColorGradingGlobal { post_saturation: 1.2, ..default() }, ..default() }
}

/// Fewer stops of light than this are black.
const BLACK: f32 = -24.0;

/// It is dark before the eyes of whoever changes places, and where a headset cannot show what a head would see.
fn darken(mood: Res<Mood>, dark: Res<Dark>, mut cameras: Query<&mut ColorGrading, With<StageCamera>>) {
    // As light is seen, and not as it is measured.
    let light = (1.0 - mood.cover).max(0.0) * (1.0 - dark.0).max(0.0);
    let stops = (2.2 * light.log2()).max(BLACK);
    for mut grading in &mut cameras {
        if grading.global.exposure != stops {
            grading.global.exposure = stops;
        }
    }
}

/// How the renderer comes along with what the room is drawn by.
#[derive(Resource, Clone, Debug, Default)]
struct Pipelines {
    /// Whether some are still being made.
    waiting: Arc<AtomicBool>,
    /// How many there are.
    known: Arc<AtomicU32>,
}

fn count_pipelines(cache: Res<PipelineCache>, pipelines: Res<Pipelines>) {
    pipelines.waiting.store(cache.waiting_pipelines().next().is_some(), Ordering::Relaxed);
    pipelines.known.store(cache.pipelines().count() as u32, Ordering::Relaxed);
}

/// So many frames in a row with nothing new to make, and everything is there.
const STEADY: u32 = 4;

/// The room is lit once everything that it is drawn by has been made.
fn notice_light(pipelines: Res<Pipelines>, mut lit: ResMut<Lit>, mut steady: Local<(u32, u32)>) {
    if lit.0 {
        return;
    }
    let known = pipelines.known.load(Ordering::Relaxed);
    let waits = pipelines.waiting.load(Ordering::Relaxed) || known < 8 || known != steady.1;
    *steady = if waits { (0, known) } else { (steady.0 + 1, known) };
    if steady.0 >= STEADY {
        lit.0 = true;
    }
}
