//! The world in the window turns into another one: what the frames of that cost, and whether a hundred of them leave
//! anything behind.

use std::time::Duration;

use super::Times;
use super::frame::{FRAME, memory_mb};
use crate::app::offscreen::Pictures;
use crate::dialogue::theme::{Hour, Theme, Weather, Window};
use crate::room::Scene;
use crate::room::outlook::Outlook;

/// How often it turns in all.
const TURNS: usize = 100;
/// In so many of them frames are drawn: at the beginning, in the middle and at the end. The first eight are not looked at,
/// for a window makes beside its frames what a world is drawn by, and pictures without one wait for it.
const DRAWN: usize = 16;
const EACH: usize = 3;
/// How long a turn takes, with some rest after it.
const TAKES: Duration = Duration::from_millis(5_200);
/// A step of it where nothing is drawn.
const PASSES: Duration = Duration::from_millis(200);

/// Turns the window a hundred times; the lines to print.
pub(super) fn turns(stage: &mut Pictures) -> Vec<String> {
    for theme in Theme::ALL {
        turn(stage, theme, 0);
        stage.draw_frames(1, FRAME);
        pass(stage, TAKES);
    }
    let still = Times(stage.draw_frames(DRAWN * EACH, FRAME));
    let mut turning = Times::default();
    let before = (memory_mb(), stage.app().world().entities().count_spawned());
    for number in 0..TURNS {
        turn(stage, Theme::ALL[number % Theme::ALL.len()], number);
        if number < DRAWN {
            for _ in 0..3 {
                turning.0.extend(stage.draw_frames(EACH, FRAME));
                pass(stage, TAKES / 3);
            }
        } else {
            pass(stage, TAKES);
        }
    }
    let after = (memory_mb(), stage.app().world().entities().count_spawned());
    let median = still.median().unwrap_or_default().as_secs_f64();
    let most = turning.0.iter().max().copied().unwrap_or_default().as_secs_f64();
    vec![
        still.row("a frame drawn, the window stands"),
        turning.row("a frame drawn, the window turns"),
        format!("the longest of these for the median of those: {:.2}", most / median),
        format!(
            "{TURNS} turns: {} to {} MB of memory, {} to {} entities",
            before.0, after.0, before.1, after.1
        ),
    ]
}

fn turn(stage: &mut Pictures, theme: Theme, number: usize) {
    let (hour, weather) = match number % 4 {
        0 => (Hour::Dusk, Weather::Rain),
        1 => (Hour::Morning, Weather::Clear),
        2 => (Hour::Night, Weather::Snow),
        _ => (Hour::Dawn, Weather::Fog),
    };
    let window = Window { hour, weather, peopled: number.is_multiple_of(2) };
    stage.app().world_mut().resource_mut::<Scene>().outlook = Outlook { theme, window };
}

fn pass(stage: &mut Pictures, time: Duration) {
    let mut left = time;
    while left > Duration::ZERO {
        stage.advance(left.min(PASSES));
        left = left.saturating_sub(PASSES);
    }
}
