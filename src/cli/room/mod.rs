//! `inner-room`: opens the room, in a window or, where there is none to be had, in pictures.

mod film;
#[cfg(feature = "headset")]
mod headset;
mod offscreen;
mod preferences;
mod stage;
mod window;

use std::path::Path;

use super::args::RoomArgs;
use super::{CliError, complain};
use crate::config::Settings;
use crate::room::avatar;

#[cfg(feature = "headset")]
pub(super) use headset::{for_pictures, put_on, start_with_loader, take_off};
pub(super) use offscreen::BUILT_IN;
#[cfg(feature = "exhibit")]
pub(super) use preferences::{Memory, of as preferences_of, try_out};
pub(super) use stage::run as run_stage;
#[cfg(feature = "exhibit")]
pub(super) use window::{Held, hold};

/// Opens the room.
pub(super) fn run(args: &RoomArgs) -> Result<(), CliError> {
    let folder = args.offscreen.as_deref();
    if args.xr && args.film {
        return Err(CliError::Call(
            "--film shows what a window shows; leave out either --xr or --film".to_owned(),
        ));
    }
    #[cfg(feature = "headset")]
    if args.xr {
        start_with_loader();
    }
    if folder.is_some() || args.film || args.evening.script.is_some() {
        return offscreen::run(args, folder, Why::Asked);
    }
    if !has_display() && !is_worn(args) {
        return offscreen::run(args, folder, Why::NoDisplay);
    }
    window::run(args)
}

/// Figures of one's own that were named as the program was started go over those that are set.
fn wear(args: &RoomArgs, settings: &mut Settings) -> Result<(), CliError> {
    for (named, set) in [(&args.patient, &mut settings.patient), (&args.devil, &mut settings.devil)] {
        let Some(file) = named else { continue };
        // Whoever names one wants to know at once.
        if let Err(error) = avatar::can_be_worn(file) {
            complain(&format!("{} cannot be used: {error} The built-in figure stays", file.display()));
            *set = None;
            continue;
        }
        // Another folder may be the current one when it is read again.
        *set = Some(std::path::absolute(file)?);
    }
    Ok(())
}

/// Why there are pictures and no window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Asked,
    NoDisplay,
}

/// Whether a headset answers.
#[cfg(feature = "headset")]
pub(super) fn headset_answers() -> bool {
    headset::answers(false)
}

/// Whether the room can be seen in a headset, where there is no display besides.
#[cfg(feature = "headset")]
fn is_worn(args: &RoomArgs) -> bool {
    args.xr && headset::answers(args.standing)
}

#[cfg(not(feature = "headset"))]
fn is_worn(_args: &RoomArgs) -> bool {
    false
}

/// Whether a window could be opened.
pub(super) fn has_display() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// The folder as it is shown.
fn shown(folder: &Path) -> String {
    folder.display().to_string()
}
