//! The room in a headset: a stage of its own, which the program starts beside the one on the screen.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;
use std::time::Duration;

use crate::app::offscreen::Pictures;
use crate::app::{self, Lit};
use crate::cli::args::StageArgs;
use crate::cli::{CliError, NO_DRIVER, complain};
use crate::config::default_data_dir;
use crate::desk::{self, Desk};
use crate::headset::loader::{self, Missing};
use crate::headset::{self, Beside, EyesWide, Stance};
use crate::host::{
    self, FromStage, Headset, Link, NoHeadset, link_to_parent, refuse_headset, refuse_to_show,
};
use crate::room::{self, tier::WantedTier};
use crate::words::Words;

use bevy::prelude::{App, AppExit};

/// Shows what comes on standard input in a headset until the person goes, or the headset is gone.
pub(super) fn run(args: &StageArgs) -> Result<(), CliError> {
    start_with_loader();
    if let Some(missing) = loader::missing() {
        return Ok(refuse_headset(why(missing))?);
    }
    if !app::can_show(false) {
        return Ok(refuse_to_show(NO_DRIVER)?);
    }
    let words = Words::load(&args.lang)?;
    let beside = if super::has_display() { Beside::Window(args.width, args.height) } else { Beside::Nothing };
    let link = link_to_parent()?;
    let said = link.twin();
    end_with_the_driver("the evening goes on on the screen");
    let Some(mut app) = headset::build(link, beside, stance(args.stands)) else {
        said.say(FromStage::Headset(Headset::Cannot(NoHeadset::Silent)))?;
        return Ok(());
    };
    said.say(FromStage::Headset(Headset::Ready))?;
    app.insert_resource(WantedTier(args.tier)).add_plugins(room::plugin);
    desk::plugin(&mut app, words, Desk::Attended);
    match app.run() {
        AppExit::Success => Ok(()),
        AppExit::Error(_) => Err(CliError::HeadsetFell),
    }
}

/// An app for pictures of what both eyes see. What it cannot find by itself, it finds with the whole program started anew.
pub(in crate::cli) fn for_pictures(
    (stands, wide): (bool, Option<u32>),
    link: Link,
) -> Result<App, NoHeadset> {
    if let Some(missing) = loader::missing() {
        return Err(why(missing));
    }
    let before = std::panic::take_hook();
    end_with_the_driver("draw the pictures without --xr");
    let Some(mut app) = headset::build(link, Beside::ByHand, stance(stands)) else {
        std::panic::set_hook(before);
        return Err(NoHeadset::Silent);
    };
    if let Some(wide) = wide {
        app.insert_resource(EyesWide(wide));
    }
    Ok(app)
}

/// Whether a headset answers: a stage for one is asked, and let go.
pub(super) fn answers(stands: bool) -> bool {
    let asked = || -> std::io::Result<bool> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["stage", "--xr"]);
        command.args(stands.then_some("--stands"));
        keep_libraries_quiet(&mut command);
        with_loader(&mut command);
        host::says_ready(command)
    };
    asked().inspect_err(|error| complain(&error.to_string())).unwrap_or(false)
}

/// How long a headset may take to show the room, and to let the person go.
const SHOWS: Duration = Duration::from_secs(60);
const GOES: Duration = Duration::from_secs(5);

/// Waits until the whole room is seen in it.
pub(in crate::cli) fn put_on(stage: &mut Pictures) -> Result<(), CliError> {
    let seen = |app: &App| headset::is_present(app) && app.world().resource::<Lit>().0;
    if stage.frames_until(seen, SHOWS) { Ok(()) } else { Err(CliError::NotWorn) }
}

/// Leaves it as the standard wants, and says how it was. Nothing, where none was worn.
pub(in crate::cli) fn take_off(stage: &mut Pictures) -> Result<(), CliError> {
    if !headset::is_worn(stage.app()) {
        return Ok(());
    }
    let seen = headset::seen(stage.app());
    headset::go_home(stage.app());
    stage.frames_until(headset::is_gone, GOES);
    let last = headset::seen(stage.app()).state;
    writeln!(
        std::io::stdout(),
        "headset: {:?}, {} frames for both eyes, then {last:?}",
        seen.state,
        seen.frames
    )?;
    Ok(())
}

fn why(missing: Missing) -> NoHeadset {
    match missing {
        Missing::Loader => NoHeadset::Loader,
        Missing::Runtime => NoHeadset::Runtime,
    }
}

fn stance(stands: bool) -> Stance {
    if stands { Stance::Stands } else { Stance::Sits }
}

/// A runtime that is gone makes its crate panic in the middle of a frame. What follows would only wait for it: the stage ends
/// at once, and the host goes on elsewhere.
#[expect(clippy::exit, reason = "what would end in order waits for a driver that is gone")]
fn end_with_the_driver(then: &'static str) {
    std::panic::set_hook(Box::new(move |panic| {
        let what = panic.payload_as_str().unwrap_or("it did not say why");
        complain(&format!("the headset broke off: {}; {then}", what.lines().next().unwrap_or_default()));
        std::process::exit(1);
    }));
}

/// A runtime that does not answer is one line of ours, and not the ten of its libraries, each time it is asked. Whoever looks
/// for a fault sees them all with `RUST_LOG`.
pub(super) fn keep_libraries_quiet(command: &mut Command) {
    if std::env::var_os("RUST_LOG").is_none() {
        command.stderr(Stdio::piped());
    }
}

/// Lets a program find the loader that is here under another name than the one that it is opened by, as Debian ships it.
pub(super) fn with_loader(command: &mut Command) {
    // What it finds is said in words; whoever wants its own sets this.
    if std::env::var_os("XR_LOADER_DEBUG").is_none() {
        command.env("XR_LOADER_DEBUG", "none");
    }
    let Some(folder) = folder_of_loader() else { return };
    let mut path = folder.into_os_string();
    // One folder in front of all others.
    if let Some(before) = std::env::var_os("LD_LIBRARY_PATH").filter(|before| !before.is_empty()) {
        path.push(":");
        path.push(before);
    }
    command.env("LD_LIBRARY_PATH", path);
}

/// A folder in which the loader has the name that it is opened by; none where it has that anyway, or there is none.
fn folder_of_loader() -> Option<PathBuf> {
    let found = loader::loader().filter(|found| loader::is_unnamed(found))?;
    let folder = default_data_dir()?.join("openxr");
    let named = folder.join(loader::wanted_name());
    if named.exists() {
        return Some(folder);
    }
    match link(&found, &folder, &named) {
        Ok(()) => Some(folder),
        Err(error) => {
            // Each try would say it anew.
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                complain(&format!(
                    "the OpenXR loader cannot be linked in {}: {error}. Make that folder writable, or install libopenxr-dev",
                    folder.display()
                ));
            });
            None
        }
    }
}

#[cfg(unix)]
fn link(found: &Path, folder: &Path, named: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    // One that leads nowhere any more stands in the way.
    if named.symlink_metadata().is_ok() {
        std::fs::remove_file(named)?;
    }
    std::os::unix::fs::symlink(found, named)
}

#[cfg(not(unix))]
fn link(_found: &Path, _folder: &Path, _named: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Starts the program anew with what lets it find the loader, where it would not; never comes back then.
pub(in crate::cli) fn start_with_loader() {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        let Some(folder) = folder_of_loader() else { return };
        let path = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
        if std::env::split_paths(&path).any(|known| known == folder) {
            return;
        }
        let Ok(program) = std::env::current_exe() else { return };
        let mut command = Command::new(program);
        with_loader(command.args(std::env::args_os().skip(1)));
        let error = command.exec();
        complain(&error.to_string());
    }
}
