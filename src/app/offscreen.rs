//! Pictures without a window: the stage's own time goes on as it is told, and a picture is drawn when one is wanted.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bevy::app::PluginsState;
use bevy::asset::RenderAssetUsages;
use bevy::image::{Image, TextureFormatPixelInfo as _};
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension};
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use bevy::time::TimeUpdateStrategy;

use super::{EyePictures, Lit, StageCamera, Target};

/// The longest step of the stage's time. What eases is as smooth at any step; what blinks is not missed.
const STEP: Duration = Duration::from_millis(250);
/// The same in a headset, where each step is a frame that its runtime sets the pace of.
const STEP_WORN: Duration = Duration::from_millis(500);
/// How long a picture may take before it is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The app has no picture to draw into.
    #[error("the stage was not built for pictures")]
    NoTarget,
    /// The renderer gave none.
    #[error("no picture came within a minute; the graphics driver may not work")]
    Late,
    /// The app wants to end.
    #[error("the picture could not be drawn; what went wrong is said above")]
    Ended,
}

/// What was taken, by which of the pictures it is.
#[derive(Resource, Default)]
struct Taken(BTreeMap<usize, Image>);

/// How long a frame is where nobody looks, and how long the room is not drawn: it is drawn that somebody else's driver can
/// fail, and seldom, so that a machine without a graphics card gets on.
const FRAME: Duration = Duration::from_millis(33);
const UNDRAWN: Duration = Duration::from_secs(1);

/// Runs an app that was built for pictures as a window would, until it ends by itself; nobody sees any.
pub fn run(app: App) -> AppExit {
    let mut stage = Pictures::new(app);
    stage.app.insert_resource(TimeUpdateStrategy::Automatic);
    let mut drawn = Instant::now();
    loop {
        let begun = Instant::now();
        let lit = stage.app.world().resource::<Lit>().0;
        let draws = !lit || drawn.elapsed() >= UNDRAWN;
        stage.draw(draws);
        stage.app.update();
        if draws {
            drawn = Instant::now();
        }
        if let Some(exit) = stage.app.should_exit() {
            return exit;
        }
        std::thread::sleep(FRAME.saturating_sub(begun.elapsed()));
    }
}

/// A stage that draws when it is asked to.
pub struct Pictures {
    app: App,
}

impl Pictures {
    /// Starts an app that was built for pictures.
    #[must_use]
    pub fn new(mut app: App) -> Self {
        app.init_resource::<Taken>();
        while app.plugins_state() == PluginsState::Adding {
            bevy::tasks::tick_global_task_pools_on_main_thread();
        }
        app.finish();
        app.cleanup();
        // Of a longer frame Bevy would count less than it took.
        let mut time = app.world_mut().resource_mut::<Time<Virtual>>();
        let longest = time.max_delta().max(STEP_WORN);
        time.set_max_delta(longest);
        let mut pictures = Self { app };
        pictures.update(Duration::ZERO);
        pictures.draw(false);
        pictures
    }

    /// The app, to look at.
    pub fn app(&mut self) -> &mut App {
        &mut self.app
    }

    /// Lets the stage's time go on; nothing is drawn.
    pub fn advance(&mut self, by: Duration) {
        let worn = self.app.world().contains_resource::<EyePictures>();
        let (mut left, longest) = (by, if worn { STEP_WORN } else { STEP });
        while left > Duration::ZERO {
            let step = left.min(longest);
            left -= step;
            self.update(step);
        }
    }

    /// What is to be seen now.
    ///
    /// # Errors
    /// [`PictureError`], when nothing can be drawn.
    pub fn take(&mut self) -> Result<Image, PictureError> {
        let world = self.app.world();
        let eyes = world.get_resource::<EyePictures>().map(|eyes| eyes.0.to_vec());
        let targets = match eyes {
            Some(eyes) => eyes,
            None => vec![world.get_resource::<Target>().ok_or(PictureError::NoTarget)?.0.clone()],
        };
        let mut taken = self.take_of(targets)?.into_iter();
        match (taken.next(), taken.next()) {
            (Some(left), Some(right)) => side_by_side(&left, &right).ok_or(PictureError::NoTarget),
            (Some(one), None) => Ok(one),
            (None, _) => Err(PictureError::NoTarget),
        }
    }

    fn take_of(&mut self, targets: Vec<Handle<Image>>) -> Result<Vec<Image>, PictureError> {
        let wanted = targets.len();
        self.app.world_mut().resource_mut::<Taken>().0.clear();
        // Panels are laid out a frame before they are drawn.
        self.update(Duration::ZERO);
        self.draw(true);
        for (number, target) in targets.into_iter().enumerate() {
            self.app.world_mut().spawn(Screenshot::image(target)).observe(
                move |captured: On<ScreenshotCaptured>, mut taken: ResMut<Taken>| {
                    taken.0.insert(number, captured.image.clone());
                },
            );
        }
        let since = Instant::now();
        self.update(Duration::ZERO);
        self.draw(false);
        while since.elapsed() < PATIENCE {
            let mut taken = self.app.world_mut().resource_mut::<Taken>();
            if taken.0.len() == wanted {
                return Ok(std::mem::take(&mut taken.0).into_values().collect());
            }
            if self.app.should_exit().is_some() {
                return Err(PictureError::Ended);
            }
            self.update(Duration::ZERO);
        }
        Err(PictureError::Late)
    }

    /// Frames until something is so, or for as long as this; whether it is.
    pub fn frames_until(&mut self, is: impl Fn(&App) -> bool, patience: Duration) -> bool {
        let since = Instant::now();
        while !is(&self.app) {
            if since.elapsed() > patience || self.app.should_exit().is_some() {
                return false;
            }
            self.update(Duration::ZERO);
        }
        true
    }

    /// Frames one after another, as a window would show them; how long each took.
    pub fn draw_frames(&mut self, count: usize, by: Duration) -> Vec<Duration> {
        self.draw(true);
        let times = (0..count)
            .map(|_| {
                let begun = Instant::now();
                self.update(by);
                begun.elapsed()
            })
            .collect();
        self.draw(false);
        times
    }

    fn update(&mut self, by: Duration) {
        self.app.insert_resource(TimeUpdateStrategy::ManualDuration(by));
        self.app.update();
    }

    fn draw(&mut self, on: bool) {
        let world = self.app.world_mut();
        let mut cameras = world.query_filtered::<&mut Camera, With<StageCamera>>();
        for mut camera in cameras.iter_mut(world) {
            camera.is_active = on;
        }
    }
}

/// What both eyes see, the left one on the left.
fn side_by_side(left: &Image, right: &Image) -> Option<Image> {
    let (one, other) = (left.data.as_ref()?, right.data.as_ref()?);
    let (size, pixel) = (left.size(), left.texture_descriptor.format.pixel_size().ok()?);
    if right.size() != size {
        return None;
    }
    let row = size.x as usize * pixel;
    let rows = one.chunks_exact(row).zip(other.chunks_exact(row));
    let data: Vec<u8> = rows.flat_map(|(one, other)| [one, other].concat()).collect();
    let extent = Extent3d { width: size.x * 2, height: size.y, depth_or_array_layers: 1 };
    let usage = RenderAssetUsages::MAIN_WORLD;
    Some(Image::new(extent, TextureDimension::D2, data, left.texture_descriptor.format, usage))
}
