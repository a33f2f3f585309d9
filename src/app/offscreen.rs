//! Pictures without a window: the stage's own time goes on as it is told, and a picture is drawn when one is wanted.

use std::time::{Duration, Instant};

use bevy::app::PluginsState;
use bevy::image::Image;
use bevy::prelude::*;
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use bevy::time::TimeUpdateStrategy;

use super::{StageCamera, Target};

/// The longest step of the stage's time. What eases is as smooth at any step; what blinks is not missed.
const STEP: Duration = Duration::from_millis(250);
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

#[derive(Resource, Default)]
struct Taken(Option<Image>);

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
        let mut left = by;
        while left > Duration::ZERO {
            let step = left.min(STEP);
            left -= step;
            self.update(step);
        }
    }

    /// What is to be seen now.
    ///
    /// # Errors
    /// [`PictureError`], when nothing can be drawn.
    pub fn take(&mut self) -> Result<Image, PictureError> {
        let target = self.app.world().get_resource::<Target>().ok_or(PictureError::NoTarget)?.0.clone();
        self.app.world_mut().resource_mut::<Taken>().0 = None;
        // Panels are laid out a frame before they are drawn.
        self.update(Duration::ZERO);
        self.draw(true);
        self.app.world_mut().spawn(Screenshot::image(target)).observe(
            |captured: On<ScreenshotCaptured>, mut taken: ResMut<Taken>| {
                taken.0 = Some(captured.image.clone());
            },
        );
        let since = Instant::now();
        self.update(Duration::ZERO);
        self.draw(false);
        while since.elapsed() < PATIENCE {
            if let Some(image) = self.app.world_mut().resource_mut::<Taken>().0.take() {
                return Ok(image);
            }
            if self.app.should_exit().is_some() {
                return Err(PictureError::Ended);
            }
            self.update(Duration::ZERO);
        }
        Err(PictureError::Late)
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
