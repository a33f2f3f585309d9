//! What can be typed after `inner-room exhibit`.

use std::path::PathBuf;

use clap::Subcommand;

use crate::cli::args::RehearsalArgs;
use crate::host::Shut;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ExhibitArgs {
    #[command(subcommand)]
    pub(super) what: Option<ExhibitCommand>,
    /// Settings from this file
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) config: Option<PathBuf>,
    /// In the headset, through OpenXR
    #[arg(long)]
    pub(super) xr: bool,
    /// In a headset: standing, on the floor that its runtime knows
    #[arg(long)]
    pub(super) standing: bool,
    /// Where something stands against opening: stay closed, look again each minute, and open as soon as nothing does
    #[arg(long)]
    pub(super) wait: bool,
    #[command(flatten)]
    pub(super) rehearsal: RehearsalArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum ExhibitCommand {
    /// Say each reason for which the exhibition would not open, and try the staff call
    Check,
    /// Fill in the notice for the entrance, from the settings and the helplines
    #[command(
        long_about = "Fill in the notice for the entrance, from the settings and the helplines. What only some venues have \
                      (an age, hours, hours for families) is left out where it is not set. Without a person on duty, a country \
                      with a helpline that was verified, and the name of the model that words are sent to, nothing is written: \
                      each of these is said in a line."
    )]
    Notice(NoticeArgs),
    /// The station that holds one visit, which the exhibition starts by itself
    #[command(hide = true)]
    Station(StationArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct NoticeArgs {
    /// Where it goes, a page to be printed
    #[arg(value_name = "FILE.html")]
    pub(super) file: PathBuf,
    /// Its language; else the first that is offered to visitors
    #[arg(long, value_parser = ["en", "zh"])]
    pub(super) lang: Option<String>,
    /// Write over a file that is there already
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct StationArgs {
    /// The language of the first screen
    #[arg(long, default_value = "en")]
    pub(super) lang: String,
    /// How loud the figures are, in percent
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(super) volume: u8,
    /// Without the Devil and without the camera
    #[arg(long)]
    pub(super) family: bool,
    /// The hall is too loud for free speech
    #[arg(long)]
    pub(super) loud: bool,
    /// Nobody can come in: it rests after too many falls
    #[arg(long)]
    pub(super) rests: bool,
    /// Nobody can come in: it is closed
    #[arg(long)]
    pub(super) closed: bool,
    /// When it opens, by the clock
    #[arg(long, value_name = "TIME")]
    pub(super) opens: Option<String>,
    /// Settings to go on with where the others cannot be read
    #[arg(long, value_name = "FILE")]
    pub(super) kept: Option<PathBuf>,
    /// On which day it opens, where that is not today
    #[arg(long, value_name = "DATE")]
    pub(super) on: Option<String>,
}

impl StationArgs {
    /// Why nobody can come in.
    pub(super) fn shut(&self) -> Option<Shut> {
        let closed = || Shut::Closed { at: self.opens.clone(), day: self.on.clone() };
        if self.rests { Some(Shut::Rest) } else { self.closed.then(closed) }
    }

    /// The same as it is said on a command line.
    pub(super) fn of_shut(shut: &Shut) -> Vec<String> {
        match shut {
            Shut::Rest => vec!["--rests".to_owned()],
            Shut::Closed { at, day } => {
                let named = [("--opens", at), ("--on", day)];
                let named =
                    named.into_iter().filter_map(|(name, value)| Some([name.to_owned(), value.clone()?]));
                std::iter::once("--closed".to_owned()).chain(named.flatten()).collect()
            }
        }
    }
}
