//! `inner-room stage`: the window itself. The program starts it by itself, and again when it falls.

use bevy::prelude::*;

use crate::app::{self, Surface};
use crate::cli::CliError;
use crate::cli::args::StageArgs;
use crate::desk::{self, Desk};
use crate::host::link_to_parent;
use crate::room::{self, tier::WantedTier};
use crate::words::Words;

/// Shows what comes on standard input until the person goes.
pub(in crate::cli) fn run(args: &StageArgs) -> Result<(), CliError> {
    if !app::can_show(false) {
        return Err(CliError::NothingToDrawWith);
    }
    let words = Words::load(&args.lang)?;
    let link = link_to_parent()?;
    let mut app = app::build(Surface::Window { width: args.width, height: args.height }, link);
    app.insert_resource(WantedTier(args.tier)).add_plugins(room::plugin);
    desk::plugin(&mut app, words, Desk::Attended);
    match app.run() {
        AppExit::Success => Ok(()),
        AppExit::Error(_) => Err(CliError::StageFell),
    }
}
