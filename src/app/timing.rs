//! How long a frame takes outside of drawing: for `inner-room bench frame`.

use std::time::{Duration, Instant};

use bevy::prelude::*;

use super::StageSystems;

/// The times of the last frame.
#[derive(Resource, Clone, Copy, Debug, Default)]
pub struct FrameTimes {
    /// The whole main schedule.
    pub main: Duration,
    /// From the first system that takes up what was read to the last that paints.
    pub ours: Duration,
    main_since: Option<Instant>,
    ours_since: Option<Instant>,
}

/// Takes the time of every frame.
pub fn plugin(app: &mut App) {
    app.init_resource::<FrameTimes>()
        .add_systems(First, |mut times: ResMut<FrameTimes>| times.main_since = Some(Instant::now()))
        .add_systems(Last, |mut times: ResMut<FrameTimes>| {
            times.main = times.main_since.map_or(Duration::ZERO, |since| since.elapsed());
        })
        .add_systems(
            Update,
            (
                (|mut times: ResMut<FrameTimes>| times.ours_since = Some(Instant::now()))
                    .before(StageSystems::React),
                (|mut times: ResMut<FrameTimes>| {
                    times.ours = times.ours_since.map_or(Duration::ZERO, |since| since.elapsed());
                })
                .after(StageSystems::Paint),
            ),
        );
}
