//! The room in a window: a stage in a process of its own, and the evening here.

use std::path::Path;
use std::process::Command;

use crate::cli::args::RoomArgs;
use crate::cli::evening::Evening;
use crate::cli::keep::Keeping;
use crate::cli::{CliError, cast, complain, keep};
use crate::config::{LocalServer, remember};
use crate::dialogue::{Input, Setup};
use crate::host::{self, Choices, FoundServer, HostLink, Look, Opened, Parts, Welcome, spawn, spawn_resumed};
use crate::net::discover::Found;

/// Opens a window, and holds the evening that is wished for in it.
pub(super) fn run(args: &RoomArgs) -> Result<(), CliError> {
    let evening = Evening::prepare(&args.evening, false)?;
    let lang = evening.setup.lang.clone();
    let program = std::env::current_exe()?;
    let command = || {
        let mut command = Command::new(&program);
        command.args(["stage", "--lang", &lang]);
        if let Some(tier) = args.tier {
            command.args(["--tier", tier.name()]);
        }
        command
    };
    let file = args.evening.config.as_deref();
    let prepare = || {
        let keeping = Keeping::look(&evening.settings, &evening.words);
        let found = cast::found(&evening.settings)?;
        let welcome = welcome(&evening, &keeping, found.as_ref())?;
        Ok::<_, CliError>((welcome, move |choices, link| {
            begin(file, evening, keeping, found.as_ref(), choices, link)
        }))
    };
    host::keep(command, prepare, |look| remember_look(file, look))?;
    Ok(())
}

/// A look that cannot be remembered holds for this evening all the same.
fn remember_look(file: Option<&Path>, look: Look) {
    let remembered = remember(file, "text_size", i64::from(look.text_size))
        .and_then(|_file| remember(file, "reduced_motion", look.reduced_motion));
    if let Err(error) = remembered {
        complain(&error.to_string());
    }
}

fn welcome(evening: &Evening, keeping: &Keeping, found: Option<&Found>) -> Result<Welcome, CliError> {
    let settings = &evening.settings;
    let notes = if let Keeping::No(Some(why)) = keeping { vec![why.clone()] } else { Vec::new() };
    Ok(Welcome {
        lang: evening.setup.lang.clone(),
        devil: settings.devil_name.clone().unwrap_or_default(),
        played_by: cast::set_server(settings)?,
        intensity: evening.setup.intensity,
        ask_keep: matches!(keeping, Keeping::Undecided),
        keeps: matches!(keeping, Keeping::Yes(_)),
        server: found.map(|found| FoundServer {
            name: found.name.clone(),
            model: cast::model_of(settings, found, &evening.words),
            address: found.address.clone(),
        }),
        look: Look {
            text_size: settings.text_size.unwrap_or(Look::default().text_size),
            reduced_motion: settings.reduced_motion.unwrap_or_default(),
        },
        cut_off: keeping.cut_off(),
        notes,
    })
}

/// The person has decided, and comes in.
fn begin(
    file: Option<&Path>,
    mut evening: Evening,
    mut keeping: Keeping,
    found: Option<&Found>,
    choices: Choices,
    link: HostLink,
) -> Result<Opened, CliError> {
    let words = &evening.words;
    if let (Some(found), Some(yes)) = (found, choices.server) {
        cast::remember_answer(file, found, words, yes);
        evening.settings.local_server =
            Some(if yes { LocalServer::At(found.address.clone()) } else { LocalServer::No });
    }
    if let Some(yes) = choices.keep {
        keep::remember_answer(file, words, yes);
        keeping = if yes { Keeping::open(&evening.settings, words) } else { Keeping::No(None) };
    }
    let played = cast::of(&evening.settings, file, words, evening.setup.seed, false)?;
    let kept = keeping.begin(&evening.settings, words, choices.go_on);
    let setup = Box::new(Setup {
        cast: played.logged.unwrap_or(evening.setup.cast),
        intensity: choices.intensity.unwrap_or(evening.setup.intensity),
        ..evening.setup
    });
    let parts = Parts { cast: played.cast, log: evening.log, journal: kept.recorder, latch: evening.latch };
    Ok(match kept.session {
        Some(session) => (spawn_resumed(parts, session, link)?, Input::Resume(setup)),
        None => (spawn(parts, link)?, Input::Begin(setup)),
    })
}
