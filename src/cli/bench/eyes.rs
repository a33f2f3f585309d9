//! What the room costs in a headset beside in a window: the main schedule of both, in turns, and whether memory grows.

use std::io::Write as _;
use std::time::Instant;

use bevy::prelude::App;

use super::Times;
use super::frame::{FRAME, PAIRS, stage_for, tape};
use crate::app::offscreen::Pictures;
use crate::app::timing::{self, FrameTimes};
use crate::cli::CliError;
use crate::cli::room::{for_pictures, put_on, take_off};
use crate::desk::{self, Desk};
use crate::host::{HeadsetNews, HostLink, link};
use crate::room;
use crate::words::Words;

/// How wide an eye's picture is, in pixels: what the main schedule does is the same for any, and a machine without a graphics
/// card draws it in time. The picture without a headset is as small.
const EYES: u32 = 128;
const FLAT: (u32, u32) = (256, 128);
/// How many frames each of a pair has.
const OF_A_PAIR: usize = 60;
/// How many frames memory is looked at for, and after how many it has settled.
const LONG: usize = 1_000;
const SETTLES: usize = 200;

pub(super) fn in_headset() -> Result<Vec<String>, CliError> {
    let words = Words::load("en")?;
    let (stage, mut their_host) = link();
    let mut app = for_pictures((false, Some(EYES)), stage)
        .map_err(|why| CliError::NoHeadset(words.get(HeadsetNews::Waiting(why).name())))?;
    app.add_plugins((room::plugin, timing::plugin));
    desk::plugin(&mut app, Words::load("en")?, Desk::Attended);
    let mut worn = Pictures::new(app);
    put_on(&mut worn)?;
    let (stage, mut our_host) = link();
    let mut flat = stage_for(stage, FLAT)?;
    flat.take()?;
    for host in [&mut their_host, &mut our_host] {
        show_an_open_moment(host)?;
    }
    let (mut flat_all, mut worn_all, mut ratios) = (Times::default(), Times::default(), Vec::new());
    for _ in 0..PAIRS {
        let (one, other) = (mains(&mut flat, OF_A_PAIR), mains(&mut worn, OF_A_PAIR));
        if let (Some(one), Some(other)) = (one.median(), other.median()) {
            ratios.push(other.as_secs_f64() / one.as_secs_f64().max(1e-9));
        }
        flat_all.0.extend(one.0);
        worn_all.0.extend(other.0);
    }
    ratios.sort_by(f64::total_cmp);
    mains(&mut worn, SETTLES);
    let before = held(worn.app());
    let begun = Instant::now();
    mains(&mut worn, LONG);
    let (took, after) = (begun.elapsed(), held(worn.app()));
    take_off(&mut worn)?;
    std::io::stdout().flush()?;
    Ok(vec![
        flat_all.row("main schedule, offscreen, drawn"),
        worn_all.row("main schedule, in the headset, both eyes drawn"),
        format!(
            "headset for offscreen, {PAIRS} pairs in turns: median ratio {:.3} ({ratios:.3?})",
            ratios.get(ratios.len() / 2).copied().unwrap_or_default()
        ),
        format!(
            "{LONG} frames in the headset in {:.1} s: {} entities, then {}; {} kB of memory, then {}",
            took.as_secs_f64(),
            before.0,
            after.0,
            before.1,
            after.1
        ),
    ])
}

/// A moment of an evening in which the person is to say something.
fn show_an_open_moment(host: &mut HostLink) -> Result<(), CliError> {
    let open = tape()?.into_iter().map(|moment| moment.view).rfind(|view| !view.captions.is_empty());
    let Some(view) = open else { return Ok(()) };
    host.show(Vec::new(), || view.clone()).map_err(|closed| CliError::Call(closed.to_string()))
}

fn mains(stage: &mut Pictures, count: usize) -> Times {
    let mut times = Times::default();
    for _ in 0..count {
        stage.draw_frames(1, FRAME);
        times.0.push(stage.app().world().resource::<FrameTimes>().main);
    }
    times
}

/// Entities, and kilobytes of memory that the process holds.
fn held(app: &App) -> (u32, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kb = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
    let kb = kb.and_then(|kb| kb.trim().parse().ok()).unwrap_or_default();
    (app.world().entities().count_spawned(), kb)
}
