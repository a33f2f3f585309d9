//! What can be typed after `inner-room exhibit`.

use std::path::PathBuf;

use clap::Subcommand;

use crate::cli::args::RehearsalArgs;

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
    #[command(flatten)]
    pub(super) rehearsal: RehearsalArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum ExhibitCommand {
    /// Say each reason for which the exhibition would not open, and try the staff call
    Check,
    /// The station that holds one visit, which the exhibition starts by itself
    #[command(hide = true)]
    Station(StationArgs),
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
}
