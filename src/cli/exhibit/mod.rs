//! `inner-room exhibit`: the room by itself, all day, with strangers.

mod args;
mod check;
mod kept;
mod lookout;
mod notice;
mod station;
mod upkeep;

use std::cell::Cell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crossbeam_channel::{Sender, bounded};
use jiff::civil::Date;

pub(super) use args::ExhibitArgs;
use args::{ExhibitCommand, StationArgs};

use check::Looks;
use upkeep::Upkeep;

use super::args::RehearsalArgs;
use super::{CliError, complain, data_folder, load_settings};
use crate::config::Settings;
use crate::config::exhibit::Exhibit;
use crate::exhibit::call::{self, Reason};
use crate::exhibit::hours::Openings;
use crate::exhibit::notify::Notify;
use crate::exhibit::panel::{Rang, Staffed};
use crate::exhibit::staff::{self, Board, Count, Part, TokenFile};
use crate::exhibit::station::Asked;
use crate::exhibit::supervise::{Supervised, supervise};
use crate::exhibit::wait;
use crate::host::Shut;

/// So many orders of the staff wait at most.
const ORDERS: usize = 8;

pub(super) fn run(args: &ExhibitArgs) -> Result<(), CliError> {
    match &args.what {
        Some(ExhibitCommand::Check) => {
            check::run(&load_settings(args.config.as_deref())?, args.config.as_deref())
        }
        Some(ExhibitCommand::Notice(asked)) => notice::run(args.config.as_deref(), asked),
        Some(ExhibitCommand::Station(asked)) => station::run(args, asked),
        None => open(args),
    }
}

/// Opens the doors, and keeps them open.
fn open(args: &ExhibitArgs) -> Result<(), CliError> {
    let (settings, loud) = may_open(args)?;
    let exhibit = settings.exhibit.clone().unwrap_or_default();
    let board = Arc::new(Board::new());
    let (order, orders) = bounded(ORDERS);
    let token = token_file(&exhibit).map(|file| file.read()).transpose()?;
    let config = staff::Config {
        listen: exhibit.listen,
        token,
        station: exhibit.station.name().to_owned(),
        languages: exhibit.languages.clone(),
    };
    let server = staff::spawn(config, Arc::clone(&board), order)?;
    complain(&format!("the exhibition is open; the staff's page is at http://{}/", server.address()));
    let helplines = helplines_until(&settings, args)?;
    let upkeep = Upkeep { folder: data_folder(&settings)?, helplines_until: helplines };
    let _looks = upkeep.spawn(Arc::clone(&board))?;
    let kept = kept::keep(args.config.as_deref(), &data_folder(&settings)?)?;
    let program = std::env::current_exe()?;
    let openings = Openings::new(&exhibit);
    let first = first(&settings, &exhibit);
    let (tell, rang) = bounded(ORDERS);
    let stations = Cell::new(0);
    supervise(
        &Supervised {
            board: Arc::clone(&board),
            orders,
            start: &|asked| {
                // Whoever rehearses it sends somebody else to each station.
                let rehearsal = args.rehearsal.at_station(stations.replace(stations.get() + 1));
                let mut command = command(&program, (args, rehearsal), asked);
                command.args(loud.then_some("--loud"));
                command.args(kept.iter().flat_map(|file| [OsStr::new("--kept"), file.as_os_str()]));
                command
            },
            clock: &|| openings.at(&jiff::ZonedDateTime::now()),
            changes: &|| {
                let next = openings.next_change(&jiff::ZonedDateTime::now())?;
                Some(next.strftime("%Y-%m-%d %H:%M").to_string())
            },
            closed: &|| closed(&openings, &jiff::ZonedDateTime::now()),
            call: &|reason| call_somebody(&exhibit, reason, (&board, &tell)),
            rang,
            staffed: Staffed {
                pin: exhibit.pin.clone(),
                calls: !exhibit.call.is_empty(),
                station: exhibit.station.name().to_owned(),
                languages: exhibit.languages.clone(),
                helplines,
            },
            overlaps: !args.xr,
            first,
        },
        &|| !server.runs(),
    );
    Err(CliError::StaffGone)
}

/// The settings that it opens with, and whether the hall is too loud for free speech: nothing stands against opening. `--wait`: no sooner than that.
fn may_open(args: &ExhibitArgs) -> Result<(Settings, bool), CliError> {
    let file = args.config.as_deref();
    let mut looks = Looks::of(args.rehearsal.guest.is_some());
    let settings = if args.wait {
        wait::until_open(|| looks.look_again(file), wait::EVERY, &Notify::from_env(), complain)?
    } else {
        let settings = load_settings(file)?;
        check::refuse(&settings, file, &mut looks)?;
        settings
    };
    Ok((settings, looks.loud))
}

/// The last day on which the helplines are not expired, where they were verified.
fn helplines_until(settings: &Settings, args: &ExhibitArgs) -> Result<Option<Date>, CliError> {
    let lines = super::helplines(args.config.as_deref())?;
    let exhibit = settings.exhibit.clone().unwrap_or_default();
    let Some(country) = settings.country.as_deref() else { return Ok(None) };
    // Each language that is offered may have a line of its own.
    let until = exhibit.languages.iter().map(|lang| lines.good_until(country, lang));
    Ok(until.min().flatten())
}

/// Where the token of the staff's page lies.
fn token_file(exhibit: &Exhibit) -> Option<TokenFile> {
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    TokenFile::find(exhibit.token_file.as_deref(), credentials.as_deref())
}

fn first(settings: &Settings, exhibit: &Exhibit) -> Asked {
    let set = settings.lang.clone().filter(|lang| exhibit.languages.contains(lang));
    Asked {
        lang: set.or_else(|| exhibit.languages.first().cloned()).unwrap_or_else(|| "en".to_owned()),
        volume: settings.volume.map_or(100, |volume| u8::try_from(volume.min(100)).unwrap_or(100)),
        family: false,
        shut: None,
    }
}

/// What is said while it is closed: when it opens, and on which day where that is not today.
fn closed(openings: &Openings, now: &jiff::ZonedDateTime) -> Shut {
    let opens = openings.next_opening(now);
    Shut::Closed {
        at: opens.as_ref().map(|opens| opens.strftime("%H:%M").to_string()),
        day: opens.filter(|opens| opens.date() != now.date()).map(|opens| opens.date().to_string()),
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
    command.args(asked.shut.as_ref().map(StationArgs::of_shut).unwrap_or_default());
    command
}

/// Runs the operator's command beside everything else, and counts what became of it.
fn call_somebody(exhibit: &Exhibit, reason: Reason, (board, tell): (&Arc<Board>, &Sender<Rang>)) {
    let (command, station) = (exhibit.call.clone(), exhibit.station.name().to_owned());
    let (fails, told) = (Arc::clone(board), tell.clone());
    let (board, tell) = (Arc::clone(board), tell.clone());
    let calls = move || {
        let called = call::run(&command, &station, reason);
        board.count(Count::Calls);
        board.set_well(Part::Call, called.worked());
        if !called.worked() {
            board.count(Count::CallsFailed);
            board.fault(Part::Call);
            complain(&called.to_string());
        }
        let failed = (!called.worked()).then(|| called.to_string());
        // Whoever looks after the room and does not listen any more is gone.
        if tell.send(Rang { reason, failed }).is_err() {}
    };
    if let Err(error) = crate::thread::spawn("staff-call", calls) {
        let failed = format!("nobody can be called: {error}");
        complain(&failed);
        fails.count(Count::CallsFailed);
        fails.fault(Part::Call);
        // Whoever called reads that nobody was reached.
        if told.try_send(Rang { reason, failed: Some(failed) }).is_err() {}
    }
}
