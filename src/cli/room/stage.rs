//! `inner-room stage`: the window itself. The program starts it by itself, and again when it falls.

use std::panic::{self, AssertUnwindSafe};

use bevy::prelude::*;

use crate::app::{self, Lit, Surface};
use crate::cli::args::StageArgs;
use crate::cli::{CliError, NO_DRIVER};
use crate::desk::{self, Desk};
use crate::host::{Link, link_to_parent, refuse_to_show};
use crate::room::{self, tier::WantedTier};
use crate::words::Words;

/// Shows what comes on standard input until the person goes.
pub(in crate::cli) fn run(args: &StageArgs) -> Result<(), CliError> {
    if args.exhibit {
        crate::cli::seal_memory()?;
    }
    if args.xr {
        return in_headset(args);
    }
    if !app::can_show(false) {
        return Ok(refuse_to_show(NO_DRIVER)?);
    }
    let words = Words::load(&args.lang)?;
    let Some(mut app) = open(args, words, link_to_parent()?) else {
        return Ok(refuse_to_show(&no_display())?);
    };
    app::hurry(&mut app, args.rehearsal.speed);
    if let Some(seed) = args.rehearsal.guest {
        desk::send_guest(&mut app, seed);
    }
    let exit = if args.rehearsal.offscreen { app::offscreen::run(app) } else { app.run() };
    match exit {
        AppExit::Success => Ok(()),
        AppExit::Error(_) => Err(CliError::StageFell),
    }
}

#[cfg(feature = "headset")]
fn in_headset(args: &StageArgs) -> Result<(), CliError> {
    super::headset::run(args)
}

#[cfg(not(feature = "headset"))]
fn in_headset(_args: &StageArgs) -> Result<(), CliError> {
    Ok(crate::host::refuse_headset(crate::host::NoHeadset::Unbuilt)?)
}

/// How large a picture is that nobody sees.
const UNSEEN: (u32, u32) = (640, 360);

fn surface(args: &StageArgs) -> Surface {
    if args.rehearsal.offscreen {
        return Surface::Offscreen { width: UNSEEN.0, height: UNSEEN.1, software: false };
    }
    Surface::Window { width: args.width, height: args.height, whole: args.exhibit, still: args.still }
}

/// The app with its window. None where no display answers: the windowing library panics then, and five times over, once
/// for each stage that is tried, is four times too often.
fn open(args: &StageArgs, words: Words, link: Link) -> Option<App> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_panic| {}));
    let app = panic::catch_unwind(AssertUnwindSafe(|| {
        let mut app = app::build(surface(args), link);
        if args.still {
            app.insert_resource(Lit(true));
        } else {
            app.insert_resource(WantedTier(args.tier)).add_plugins(room::plugin);
        }
        desk::plugin(&mut app, words, Desk::Attended);
        app
    }));
    panic::set_hook(hook);
    app.ok()
}

fn no_display() -> String {
    let set = ["WAYLAND_DISPLAY", "DISPLAY"].into_iter().find_map(|name| {
        let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
        Some(format!("{name}={}", value.to_string_lossy()))
    });
    let named = set.unwrap_or_else(|| "DISPLAY is not set".to_owned());
    format!(
        "no display answers ({named}). Start one, or draw an evening without any: inner-room --offscreen FOLDER"
    )
}
