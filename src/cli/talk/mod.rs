//! `inner-room talk`: an evening in the terminal, in plain text that a screen reader can follow.

mod after;
mod card;
mod live;
mod piped;
mod questions;
pub(super) mod show;
mod terminal;

use std::io::IsTerminal as _;

use self::questions::Questions;
use self::show::Show;
use super::args::TalkArgs;
use super::evening::Evening;
use super::script::Script;
use super::{CliError, cast, keep};
use crate::config::measures;
use crate::dialogue::Setup;
use crate::dialogue::face::Venue;
use crate::dialogue::safety::Watch;
use crate::host::Parts;

/// Holds an evening: on a virtual clock for a script or a pipe, in its own time in a terminal.
pub(super) fn run(args: &TalkArgs) -> Result<(), CliError> {
    let script = args.script.as_deref().map(Script::read).transpose()?;
    let Evening { settings, words, setup, faces, log, latch, speed } =
        Evening::prepare(args, script.is_some())?;
    let live = script.is_none() && std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let file = args.config.as_deref();
    let played = cast::of(&settings, file, &words, setup.seed, live)?;
    let setup = Setup { cast: played.logged.unwrap_or(setup.cast), ..setup };
    let kept = keep::in_terminal(file, &settings, &words, live)?;
    let asks = setup.venue != Venue::Exhibition;
    let own = asks.then(|| measures::own_words(&settings)).transpose()?;
    let questions = Questions::new(own, kept.recorder.is_some(), settings.questions == Some(true));
    let parts = Parts { log, journal: kept.recorder, latch, speed, ..Parts::of(played.cast) };
    let show = Show::new(words, settings.devil_name.clone(), played.by);
    if live {
        return live::hold(parts, setup, kept.session, &faces, (show, questions));
    }
    piped::hold(parts, setup, &faces, script.unwrap_or_else(Script::from_stdin), (show, questions))
}

/// Whether a line is a command, known or not. One in which somebody may be in danger is words, whatever it begins with.
pub(super) fn is_command(line: &str) -> bool {
    line.starts_with('!') && Watch::default().read_draft(line).is_none()
}
