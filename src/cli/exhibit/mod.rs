//! `inner-room exhibit`: the room by itself, all day, with strangers.

mod args;
mod check;
mod station;

use std::cell::Cell;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use crossbeam_channel::bounded;

pub(super) use args::ExhibitArgs;
use args::ExhibitCommand;

use super::args::RehearsalArgs;
use super::{CliError, complain, load_settings};
use crate::config::Settings;
use crate::config::exhibit::Exhibit;
use crate::exhibit::call::{self, Reason};
use crate::exhibit::hours::Openings;
use crate::exhibit::staff::{self, Board, Count, Part, Token};
use crate::exhibit::station::Asked;
use crate::exhibit::supervise::{Supervised, supervise};

/// So many orders of the staff wait at most.
const ORDERS: usize = 8;

pub(super) fn run(args: &ExhibitArgs) -> Result<(), CliError> {
    match &args.what {
        Some(ExhibitCommand::Check) => check::run(&load_settings(args.config.as_deref())?),
        Some(ExhibitCommand::Station(asked)) => station::run(args, asked),
        None => open(args),
    }
}

/// Opens the doors, and keeps them open.
fn open(args: &ExhibitArgs) -> Result<(), CliError> {
    let settings = load_settings(args.config.as_deref())?;
    let exhibit = settings.exhibit.clone().unwrap_or_default();
    check::refuse(&settings, args.rehearsal.guest.is_some())?;
    let board = Arc::new(Board::new());
    let (order, orders) = bounded(ORDERS);
    let token = exhibit.token_file.as_deref().map(Token::read).transpose()?;
    let config = staff::Config {
        listen: exhibit.listen,
        token,
        station: exhibit.station.name().to_owned(),
        languages: exhibit.languages.clone(),
    };
    let server = staff::spawn(config, Arc::clone(&board), order)?;
    complain(&format!("the exhibition is open; the staff's page is at http://{}/", server.address()));
    let program = std::env::current_exe()?;
    let openings = Openings::new(&exhibit);
    let first = first(&settings, &exhibit);
    let stations = Cell::new(0);
    supervise(
        &Supervised {
            board: Arc::clone(&board),
            orders,
            start: &|asked| {
                // Whoever rehearses it sends somebody else to each station.
                let rehearsal = args.rehearsal.at_station(stations.replace(stations.get() + 1));
                command(&program, (args, rehearsal), asked)
            },
            clock: &|| openings.at(&jiff::ZonedDateTime::now()),
            call: &|reason| call_somebody(&exhibit, reason, &board),
            overlaps: !args.xr,
            first,
        },
        &|| !server.runs(),
    );
    Err(CliError::StaffGone)
}

fn first(settings: &Settings, exhibit: &Exhibit) -> Asked {
    let set = settings.lang.clone().filter(|lang| exhibit.languages.contains(lang));
    Asked {
        lang: set.or_else(|| exhibit.languages.first().cloned()).unwrap_or_else(|| "en".to_owned()),
        volume: settings.volume.map_or(100, |volume| u8::try_from(volume.min(100)).unwrap_or(100)),
        family: false,
    }
}

/// What starts a station.
fn command(program: &Path, (args, rehearsal): (&ExhibitArgs, RehearsalArgs), asked: &Asked) -> Command {
    let mut command = Command::new(program);
    command.arg("exhibit");
    if let Some(file) = &args.config {
        command.arg("--config").arg(file);
    }
    for (flag, set) in [("--xr", args.xr), ("--standing", args.standing)] {
        command.args(set.then_some(flag));
    }
    command.args(rehearsal.flags());
    command.args(["station", "--lang", &asked.lang, "--volume", &asked.volume.to_string()]);
    command.args(asked.family.then_some("--family"));
    command
}

/// Runs the operator's command beside everything else, and counts what became of it.
fn call_somebody(exhibit: &Exhibit, reason: Reason, board: &Arc<Board>) {
    let (command, station) = (exhibit.call.clone(), exhibit.station.name().to_owned());
    let board = Arc::clone(board);
    let calls = move || {
        let called = call::run(&command, &station, reason);
        board.count(Count::Calls);
        board.set_well(Part::Call, called.worked());
        if !called.worked() {
            board.count(Count::CallsFailed);
            board.fault(Part::Call);
            complain(&called.to_string());
        }
    };
    if let Err(error) = std::thread::Builder::new().name("staff-call".to_owned()).spawn(calls) {
        complain(&format!("nobody can be called: {error}"));
    }
}
