//! `inner-room`: opens the room, in a window or, where there is none to be had, in pictures.

mod film;
mod offscreen;
mod stage;
mod window;

use std::path::Path;

use super::CliError;
use super::args::RoomArgs;

pub(super) use offscreen::BUILT_IN;
pub(super) use stage::run as run_stage;

/// Opens the room.
pub(super) fn run(args: &RoomArgs) -> Result<(), CliError> {
    let folder = args.offscreen.as_deref();
    if folder.is_some() || args.film || args.evening.script.is_some() {
        return offscreen::run(args, folder, Why::Asked);
    }
    if !has_display() {
        return offscreen::run(args, folder, Why::NoDisplay);
    }
    window::run(args)
}

/// Why there are pictures and no window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Asked,
    NoDisplay,
}

/// Whether a window could be opened.
fn has_display() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// The folder as it is shown.
fn shown(folder: &Path) -> String {
    folder.display().to_string()
}
