//! How many pictures a window draws.
//!
//! The window library's own way of drawing seldom (`WinitSettings`) was seen not to hold on X11 beside panels that want
//! another picture in every frame. So whoever draws waits here, and what a person does meanwhile is seen after that wait at
//! the latest.

use std::time::{Duration, Instant};

use bevy::prelude::*;

/// How many pictures are drawn in a window.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// As many as the screen shows.
    #[default]
    Full,
    /// Ten a second: nobody is there.
    Calm,
    /// Four a second: nothing moves, and nobody is there.
    Still,
}

impl Pace {
    /// How far two pictures are apart at least.
    #[must_use]
    pub fn apart(self) -> Duration {
        match self {
            Self::Full => Duration::ZERO,
            Self::Calm => Duration::from_millis(100),
            Self::Still => Duration::from_millis(250),
        }
    }
}

/// A stage in a window keeps its pace. (In a headset the runtime sets it.)
pub(super) fn plugin(app: &mut App) {
    app.add_systems(Last, keep);
}

/// Waits out the rest of the picture before, and begins the next one.
fn keep(pace: Option<Res<Pace>>, mut began: Local<Option<Instant>>) {
    let apart = pace.map_or(Duration::ZERO, |pace| pace.apart());
    if let Some(began) = *began {
        std::thread::sleep(rest(apart, began.elapsed()));
    }
    *began = Some(Instant::now());
}

/// How long is still to be waited of a picture that took this.
fn rest(apart: Duration, took: Duration) -> Duration {
    apart.saturating_sub(took)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_took_long_is_not_waited_for_besides() {
        let ms = Duration::from_millis;
        assert_eq!(rest(Pace::Calm.apart(), ms(30)), ms(70));
        assert_eq!(rest(Pace::Still.apart(), ms(400)), Duration::ZERO);
        assert_eq!(rest(Pace::Full.apart(), ms(1)), Duration::ZERO);
    }

    #[test]
    fn pictures_are_as_far_apart_as_the_pace_says() {
        let mut app = App::new();
        app.insert_resource(Pace::Still);
        plugin(&mut app);
        app.update();
        let began = Instant::now();
        app.update();
        assert!(began.elapsed() >= Duration::from_millis(240), "{:?}", began.elapsed());
    }
}
