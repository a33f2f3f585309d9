//! The room in a window: a stage in a process of its own, and the evening here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::args::{RehearsalArgs, RoomArgs};
use crate::cli::evening::Evening;
use crate::cli::keep::Keeping;
use crate::cli::{CliError, cast, keep};
use crate::config::measures;
use crate::config::{Hear, LocalServer, Settings};
use crate::dialogue::face::Venue;
use crate::dialogue::{Input, Setup};
use crate::host::{
    self, Attend, CanHear, CanSee, Choices, Exhibition, FoundServer, HostLink, Opened, Parts, Preferences,
    Shown, VisionServer, Welcome, spawn, spawn_resumed,
};
use crate::net::discover::Found;

use super::preferences::{self, Memory};
#[cfg(feature = "speech")]
use crate::cli::sound::can_hear;

/// Opens a window, and holds the evening that is wished for in it.
pub(super) fn run(args: &RoomArgs) -> Result<(), CliError> {
    let mut evening = Evening::prepare(&args.evening, false)?;
    evening.settings.tier = args.tier.or(evening.settings.tier);
    super::wear(args, &mut evening.settings)?;
    let wanted = preferences::of(&evening.settings);
    check_vision(&evening.settings)?;
    let file = args.evening.config.clone();
    let memory = Memory { file: file.clone(), settings: evening.settings.clone() };
    let (worn, rehearsal) = ((args.xr, args.standing), RehearsalArgs::default());
    hold(evening, wanted, Held { file, worn, exhibition: None, rehearsal }, memory)
}

/// How an evening is held in front of somebody.
pub(in crate::cli) struct Held {
    /// The file of settings that was named.
    pub(in crate::cli) file: Option<PathBuf>,
    /// Whether in a headset, and standing in it.
    pub(in crate::cli) worn: (bool, bool),
    /// How the exhibition is held, if this is one.
    pub(in crate::cli) exhibition: Option<Exhibition>,
    /// How it is rehearsed, if it is.
    pub(in crate::cli) rehearsal: RehearsalArgs,
}

/// Holds an evening in a window or a headset, until the person goes.
pub(in crate::cli) fn hold(
    evening: Evening,
    wanted: Preferences,
    Held { file, worn: (xr, stands), exhibition, rehearsal }: Held,
    attend: impl Attend,
) -> Result<(), CliError> {
    let program = std::env::current_exe()?;
    let exhibits = exhibition.is_some();
    let still = exhibition.as_ref().is_some_and(|exhibition| exhibition.shut.is_some());
    let prepare = || {
        let keeping = Keeping::look(&evening.settings, &evening.words);
        let found = cast::found(&evening.settings)?;
        let welcome = Welcome { exhibition, ..welcome(&evening, &keeping, found.as_ref(), wanted.clone())? };
        Ok::<_, CliError>((welcome, move |choices: Choices, wanted: &Preferences, link| {
            begin(file.as_deref(), evening, keeping, found.as_ref(), (choices, wanted), link)
        }))
    };
    let start = |wanted: &Preferences, shown| {
        let mut command = stage(&program, wanted, (shown, stands));
        command.args(exhibits.then_some("--exhibit")).args(still.then_some("--still"));
        command.args(rehearsal.flags());
        command
    };
    host::keep((wanted.clone(), xr), start, prepare, attend)?;
    Ok(())
}

/// What starts a stage that is shown as the person wants it.
fn stage(program: &Path, wanted: &Preferences, (shown, stands): (Shown, bool)) -> Command {
    let mut command = Command::new(program);
    command.args(["stage", "--lang", &wanted.look.lang]);
    if let Some(tier) = wanted.look.tier {
        command.args(["--tier", tier.name()]);
    }
    if shown == Shown::Headset {
        command.arg("--xr");
        if stands {
            command.arg("--stands");
        }
        #[cfg(feature = "headset")]
        {
            super::headset::keep_libraries_quiet(&mut command);
            super::headset::with_loader(&mut command);
        }
    }
    command
}

fn welcome(
    evening: &Evening,
    keeping: &Keeping,
    found: Option<&Found>,
    mut preferences: Preferences,
) -> Result<Welcome, CliError> {
    let settings = &evening.settings;
    let mut notes = if let Keeping::No(Some(why)) = keeping { vec![why.clone()] } else { Vec::new() };
    // Words that cannot be used are no reason to keep anybody out.
    let wordings = measures::own_words(settings).unwrap_or_else(|error| {
        notes.push(error.to_string());
        BTreeMap::default()
    });
    let hearing = can_hear(settings)?;
    if hearing == CanHear::ByKey && preferences.sound.hear == Hear::Open {
        preferences.sound.hear = Hear::Key;
    }
    Ok(Welcome {
        preferences,
        played_by: cast::set_server(settings)?,
        intensity: evening.setup.intensity,
        can_keep: keeping.is_possible(settings),
        server: found.map(|found| FoundServer {
            name: found.name.clone(),
            model: cast::model_of(settings, found, &evening.words),
            address: found.address.clone(),
        }),
        cut_off: keeping.cut_off(),
        hearing,
        seeing: can_see(settings, evening.setup.venue)?,
        vision: vision(evening)?,
        is_own: evening.setup.venue != Venue::Exhibition,
        wordings,
        measured: keeping.has_measures(),
        shown: Shown::Screen,
        can_wear: cfg!(feature = "headset"),
        exhibition: None,
        notes,
    })
}

/// Nothing hears anybody.
#[cfg(not(feature = "speech"))]
fn can_hear(_settings: &Settings) -> Result<CanHear, CliError> {
    Ok(CanHear::No)
}

#[cfg(feature = "face")]
fn can_see(settings: &Settings, venue: Venue) -> Result<CanSee, CliError> {
    crate::cli::sight::can_see(settings, venue)
}

/// Nothing sees anybody.
#[cfg(not(feature = "face"))]
fn can_see(_settings: &Settings, _venue: Venue) -> Result<CanSee, CliError> {
    Ok(CanSee::No)
}

/// Whether pictures could go where it is set that they go. Said before a window opens.
#[cfg(feature = "face")]
fn check_vision(settings: &Settings) -> Result<(), CliError> {
    crate::cli::sight::vision(settings).map(|_server| ())
}

#[cfg(not(feature = "face"))]
fn check_vision(_settings: &Settings) -> Result<(), CliError> {
    Ok(())
}

#[cfg(feature = "face")]
fn vision(evening: &Evening) -> Result<Option<VisionServer>, CliError> {
    crate::cli::sight::vision_server(&evening.settings, &evening.words)
}

#[cfg(not(feature = "face"))]
fn vision(_evening: &Evening) -> Result<Option<VisionServer>, CliError> {
    Ok(None)
}

/// The person has decided, and comes in.
fn begin(
    file: Option<&Path>,
    mut evening: Evening,
    mut keeping: Keeping,
    found: Option<&Found>,
    (choices, wanted): (Choices, &Preferences),
    link: HostLink,
) -> Result<Opened, CliError> {
    let words = &evening.words;
    let kept_before = evening.settings.journal;
    evening.settings = with_wanted(evening.settings, wanted)?;
    if evening.settings.journal != kept_before {
        keeping = Keeping::look(&evening.settings, words);
    }
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
    let silent = Parts::of(played.cast);
    #[cfg(feature = "speech")]
    let silent = {
        let crate::cli::sound::Sound { voice, senses } =
            crate::cli::sound::of(&evening.settings, &setup.lang)?;
        Parts { voice, senses, ..silent }
    };
    #[cfg(feature = "face")]
    let silent = Parts { sight: crate::cli::sight::of(&evening.settings)?, ..silent };
    let (log, latch, speed) = (evening.log, evening.latch, evening.speed);
    let parts = Parts { log, journal: kept.recorder, latch, speed, ..silent };
    Ok(match kept.session {
        Some(session) => (spawn_resumed(parts, session, link)?, Input::Resume(setup)),
        None => (spawn(parts, link)?, Input::Begin(setup)),
    })
}

/// What is set, with what the person decided before they came in. What they emptied is empty.
fn with_wanted(settings: Settings, wanted: &Preferences) -> Result<Settings, CliError> {
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(Settings {
        cast: Some(wanted.play.cast.parse().map_err(CliError::Call)?),
        model: filled(&wanted.play.model),
        devil_name: filled(&wanted.devil),
        voices: Some(wanted.sound.voices.parse().map_err(CliError::Call)?),
        hear: Some(wanted.sound.hear),
        echo: Some(wanted.sound.echo),
        microphone: filled(&wanted.sound.microphone),
        loudspeaker: filled(&wanted.sound.loudspeaker),
        face: Some(wanted.sight.level),
        camera: filled(&wanted.sight.camera),
        portrait: Some(wanted.sight.portrait),
        journal: wanted.keep.or(settings.journal),
        ..settings
    })
}
