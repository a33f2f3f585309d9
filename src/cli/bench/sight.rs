//! Whether the stage feels that somebody is seen: frames with the camera closed, and while its pictures are looked at, in turns.

use std::time::Instant;

use super::Times;
use super::frame::{FRAME, OF_A_PAIR, PAIRS, PATIENCE, frames, stage_for};
use crate::app::Moves;
use crate::app::offscreen::Pictures;
use crate::cast::story::{StoryCast, fixed_lines};
use crate::cli::{CliError, sight};
use crate::config::Settings;
use crate::dialogue::face::Level;
use crate::dialogue::input::Sense;
use crate::dialogue::{Input, Setup};
use crate::host::{Link, Parts, link, spawn};

/// With this camera, or the recording in its place.
pub(super) fn watching(camera: &str) -> Result<Vec<String>, CliError> {
    let settings = Settings { camera: Some(camera.to_owned()), ..Settings::default() };
    let none = || CliError::Call("no model that looks at faces is here".to_owned());
    let sight = Some(sight::of(&settings)?.ok_or_else(none)?);
    let (stage_end, host_end) = link();
    spawn(Parts { sight, ..Parts::of(Box::new(StoryCast::new()?)) }, host_end)?;
    let setup = Setup { ask_when: false, fixed: fixed_lines(1)?, ..Setup::default() };
    let (ours, theirs) = (stage_end.twin(), stage_end);
    let mut stage = stage_for(theirs, super::frame::WHOLE)?;
    stage.take()?;
    ours.send(Input::Begin(Box::new(setup)))?;
    let mut ratios = Vec::new();
    let (mut closed_all, mut seen_all) = (Times::default(), Times::default());
    for _ in 0..PAIRS {
        allow(&mut stage, &ours, Level::Off)?;
        let (closed, _) = frames(&mut stage, OF_A_PAIR, FRAME, true);
        allow(&mut stage, &ours, Level::Mirror)?;
        let (seen, _) = frames(&mut stage, OF_A_PAIR, FRAME, true);
        if let (Some(closed), Some(seen)) = (closed.median(), seen.median()) {
            ratios.push(seen.as_secs_f64() / closed.as_secs_f64());
        }
        closed_all.0.extend(closed.0);
        seen_all.0.extend(seen.0);
    }
    ratios.sort_by(f64::total_cmp);
    Ok(vec![
        closed_all.row("main schedule, live evening, the camera is closed"),
        seen_all.row("main schedule, live evening, somebody is seen"),
        format!(
            "seen for not seen, {PAIRS} pairs in turns: median ratio {:.3} ({ratios:.3?})",
            ratios[ratios.len() / 2]
        ),
    ])
}

/// Until the stage follows a face, or does not any more; and a second for it to settle.
fn allow(stage: &mut Pictures, link: &Link, level: Level) -> Result<(), CliError> {
    link.send(Input::Consent(Sense::Face, level))?;
    let since = Instant::now();
    while stage.app().world().resource::<Moves>().0.is_some() != (level != Level::Off) {
        frames(stage, 1, FRAME, true);
        if since.elapsed() > PATIENCE {
            return Err(CliError::Call("the camera does not answer; the measurement is given up".to_owned()));
        }
    }
    frames(stage, 60, FRAME, true);
    Ok(())
}
