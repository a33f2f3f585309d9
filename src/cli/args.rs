//! What can be typed after `inner-room`.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::bench::BenchArgs;
use crate::config::CastChoice;
#[cfg(feature = "room")]
use crate::config::Tier;
use crate::dialogue::agent::Intensity;
use crate::dialogue::theme::Theme;
#[cfg(feature = "face")]
use crate::models::onnx::Backend;

/// An evening in which you comfort a virtual self against their inner critic, in your own words.
#[derive(Debug, Parser)]
#[command(name = "inner-room", version, args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[cfg(feature = "room")]
    #[command(flatten)]
    pub(super) room: RoomArgs,
    #[cfg(not(feature = "room"))]
    #[command(flatten)]
    pub(super) room: TalkArgs,
}

/// Flags of the room: those of an evening, and where it is shown.
#[cfg(feature = "room")]
#[derive(Debug, Default, clap::Args)]
pub(super) struct RoomArgs {
    #[command(flatten)]
    pub(super) evening: TalkArgs,
    /// No window: a picture of every event goes into this folder, from --script or an evening that the program brings along
    #[arg(long, value_name = "DIR")]
    pub(super) offscreen: Option<PathBuf>,
    /// In a headset, through OpenXR; where there is none, as without this
    #[arg(long)]
    pub(super) xr: bool,
    /// In a headset: standing, on the floor that its runtime knows; else seated
    #[arg(long)]
    pub(super) standing: bool,
    /// With --xr and --offscreen: how wide the picture of an eye is, in pixels; else as the headset's runtime wants it
    #[arg(long, value_name = "PIXELS", value_parser = clap::value_parser!(u32).range(64..=4096))]
    pub(super) eyes: Option<u32>,
    /// How much is drawn: low, middle or high; else the machine decides
    #[arg(long, value_name = "TIER", value_parser = read_tier)]
    pub(super) tier: Option<Tier>,
    /// With the pictures: a film, too, where ffmpeg is
    #[arg(long)]
    pub(super) film: bool,
    /// A figure of one's own for the Patient: a VRM or GLB file
    #[arg(long, value_name = "FILE")]
    pub(super) patient: Option<PathBuf>,
    /// A figure of one's own for the Devil: a VRM or GLB file
    #[arg(long, value_name = "FILE")]
    pub(super) devil: Option<PathBuf>,
}

#[cfg(feature = "room")]
#[derive(Debug, clap::Args)]
pub(super) struct StageArgs {
    /// Language of the panels
    #[arg(long, default_value = "en")]
    pub(super) lang: String,
    /// How much is drawn; else the machine decides
    #[arg(long, value_parser = read_tier)]
    pub(super) tier: Option<Tier>,
    /// In a headset
    #[arg(long)]
    pub(super) xr: bool,
    /// The person stands in it
    #[arg(long)]
    pub(super) stands: bool,
    /// In an exhibition: over the whole screen, without a pointer
    #[arg(long)]
    pub(super) exhibit: bool,
    /// Without the room: nobody can come in
    #[arg(long)]
    pub(super) still: bool,
    /// Width of the window at first
    #[arg(long, default_value_t = 1280)]
    pub(super) width: u32,
    /// Height of the window at first
    #[arg(long, default_value_t = 720)]
    pub(super) height: u32,
    #[command(flatten)]
    pub(super) rehearsal: RehearsalArgs,
}

/// How an exhibition is rehearsed, which `bench soak` does.
#[cfg(feature = "room")]
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct RehearsalArgs {
    /// A visitor of the program's own comes, drawn by this number, and the next one by the next
    #[arg(long, value_name = "N", hide = true)]
    pub(super) guest: Option<u64>,
    /// How many times as fast time passes
    #[arg(long, value_name = "K", hide = true, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(super) speed: u32,
    /// Without a window
    #[arg(long, hide = true)]
    pub(super) offscreen: bool,
}

#[cfg(feature = "room")]
impl Default for RehearsalArgs {
    fn default() -> Self {
        Self { guest: None, speed: 1, offscreen: false }
    }
}

#[cfg(feature = "room")]
impl RehearsalArgs {
    /// For this station, counted from 0.
    #[cfg(feature = "exhibit")]
    pub(super) fn at_station(self, number: u64) -> Self {
        Self { guest: self.guest.map(|first| first.wrapping_add(number)), ..self }
    }

    /// As they are handed on to another process. None where nothing is rehearsed.
    pub(super) fn flags(self) -> Vec<String> {
        let mut flags = Vec::new();
        if let Some(guest) = self.guest {
            flags.extend(["--guest".to_owned(), guest.to_string()]);
        }
        if self.speed != 1 {
            flags.extend(["--speed".to_owned(), self.speed.to_string()]);
        }
        flags.extend(self.offscreen.then(|| "--offscreen".to_owned()));
        flags
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Hold an evening in the terminal
    Talk(Box<TalkArgs>),
    /// The window itself, which the program starts by itself
    #[cfg(feature = "room")]
    #[command(hide = true)]
    Stage(StageArgs),
    /// The room by itself, all day, with strangers
    #[cfg(all(feature = "exhibit", feature = "room"))]
    Exhibit(super::exhibit::ExhibitArgs),
    /// What is kept of your evenings, if you said yes to that
    Sessions(SessionsArgs),
    /// What you answered to measures, over all kept evenings
    Measures(MeasuresArgs),
    /// The event log
    Events(EventsArgs),
    /// What the crisis check makes of each line of a file, as JSON Lines (- reads standard input)
    Safety(SafetyArgs),
    /// What is heard in a recording, as JSON Lines: when somebody speaks, and what they say
    #[cfg(feature = "speech")]
    Listen(ListenArgs),
    /// What faces in pictures may show, as JSON Lines: where the nearest one is, how likely each expression, how pleasant and stirred it looks
    #[cfg(feature = "face")]
    Face(FaceArgs),
    /// Model files: which there are, getting them, looking whether they are whole
    Models(ModelsArgs),
    /// What works on this machine, and what to do about what does not
    Doctor(DoctorArgs),
    /// Measure, and print what was measured
    Bench(BenchArgs),
}

/// Flags of an evening. Each goes over `INNER_ROOM_*` and `config.toml`.
#[derive(Debug, Default, clap::Args)]
pub(super) struct TalkArgs {
    /// Who plays the figures: written material (story), a language model at this address, or whichever is set (auto)
    #[arg(long, value_name = "story|auto|URL")]
    pub(super) cast: Option<CastChoice>,
    /// The model that the server is asked for; else its first
    #[arg(long, value_name = "NAME")]
    pub(super) model: Option<String>,
    /// A person's lines, on a virtual clock: the concern, belief 0-10, then one comfort a line (- reads standard input)
    #[arg(long, value_name = "FILE")]
    pub(super) script: Option<PathBuf>,
    /// Write the event log here, as JSON Lines
    #[arg(long, value_name = "FILE")]
    pub(super) events: Option<PathBuf>,
    /// The same seed and words give the same evening
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// work, study, family, love, friends, money, body or ideal; else the concern decides
    #[arg(long, value_name = "THEME", value_parser = read_theme)]
    pub(super) theme: Option<Theme>,
    /// Language of what the program says: en or zh (the figures speak English so far)
    #[arg(long, value_name = "LANG")]
    pub(super) lang: Option<String>,
    /// After how many rounds the evening closes, 1 to 12
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=12))]
    pub(super) rounds: Option<u32>,
    /// How much of the Devil there is: off, gentle or full
    #[arg(long, value_name = "HOW", value_parser = read_intensity)]
    pub(super) intensity: Option<Intensity>,
    /// Country of the helplines on the help card, as a code of two letters (GB, US, DE)
    #[arg(long, value_name = "CODE")]
    pub(super) country: Option<String>,
    /// Settings from this file
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Keep this evening in the journal (--journal=false: do not)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(super) journal: Option<bool>,
    /// Recorded face summaries, as JSON Lines; naming the file is the consent
    #[arg(long, value_name = "FILE")]
    pub(super) face: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct SessionsArgs {
    #[command(subcommand)]
    pub(super) what: SessionsCommand,
    /// Settings from this file
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum SessionsCommand {
    /// Every session, a line each
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// A session as it read
    Show {
        /// Its number
        #[arg(value_name = "N")]
        number: i64,
    },
    /// Take sessions out of the journal, to read or to keep elsewhere
    Export {
        #[command(flatten)]
        which: WhichArgs,
        /// json or md (a page like a letter)
        #[arg(long, value_name = "FORMAT", default_value = "md")]
        format: Format,
        /// Into this file, for you alone; else to the screen
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Take sessions in that were exported as JSON
    Import {
        /// The export
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Erase sessions, so that no word of them is left
    Delete {
        #[command(flatten)]
        which: WhichArgs,
        /// Without being asked
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(super) struct WhichArgs {
    /// Its number
    #[arg(value_name = "N")]
    pub(super) number: Option<i64>,
    /// All of them
    #[arg(long)]
    pub(super) all: bool,
}

/// What an export looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// Fields and events.
    Json,
    /// A page like a letter.
    Md,
}

#[derive(Debug, clap::Args)]
pub(super) struct MeasuresArgs {
    /// As JSON
    #[arg(long, conflicts_with = "csv")]
    pub(super) json: bool,
    /// As comma-separated values
    #[arg(long)]
    pub(super) csv: bool,
    /// What each measure is, where it comes from, and under which terms
    #[arg(long, conflicts_with_all = ["json", "csv"])]
    pub(super) licences: bool,
    /// Settings from this file
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct EventsArgs {
    /// Print the event log's JSON Schema
    #[arg(long)]
    pub(super) schema: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct SafetyArgs {
    /// Text, one line to be judged by itself on each line
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
}

#[cfg(feature = "speech")]
#[derive(Debug, clap::Args)]
pub(super) struct ListenArgs {
    /// A WAV file
    #[arg(value_name = "FILE.wav")]
    pub(super) file: PathBuf,
    /// Look for models in this folder first
    #[arg(long, value_name = "DIR")]
    pub(super) models: Option<PathBuf>,
    /// Let the server at this address make the words, any with /v1/audio/transcriptions; else a whisper model, where one is
    #[arg(long, value_name = "URL")]
    pub(super) transcribe: Option<String>,
    /// The model that the server is asked for; else whisper-1
    #[arg(long, value_name = "NAME", requires = "transcribe")]
    pub(super) model: Option<String>,
    /// Language that is spoken
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub(super) lang: String,
}

#[cfg(feature = "face")]
#[derive(Debug, clap::Args)]
pub(super) struct FaceArgs {
    /// JPEG or PNG pictures, folders of such, GIF animations, films (AVI with MJPEG, or JPEGs one after the other in a .mjpeg)
    #[arg(value_name = "FILE", required_unless_present = "cameras")]
    pub(super) files: Vec<PathBuf>,
    /// List the cameras of this machine instead, a line each: the id under which it is found again, and its title
    #[arg(long, conflicts_with = "files")]
    pub(super) cameras: bool,
    /// Look for models in this folder first
    #[arg(long, value_name = "DIR")]
    pub(super) models: Option<PathBuf>,
    /// The model that tells expressions apart, by its name in `models list`; else the best that is here
    #[arg(long, value_name = "NAME")]
    pub(super) expression: Option<String>,
    /// Say how far each part of the face has moved, too, where the two models for that are here
    #[arg(long)]
    pub(super) shapes: bool,
    /// What runs the networks, rten or onnxruntime; else the fastest that is here
    #[arg(long, value_name = "NAME", value_parser = super::backend::read)]
    pub(super) backend: Option<Backend>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ModelsArgs {
    #[command(subcommand)]
    pub(super) what: ModelsCommand,
    /// The folder of models that is meant: looked at first, and the only one into which something is put
    #[arg(long, value_name = "DIR", global = true)]
    pub(super) models: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ModelsCommand {
    /// Every model that is known: what for, how large, its licence, and whether it is here
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Get models from the network; one that broke off goes on where it stopped
    Pull {
        /// Which
        #[arg(value_name = "NAME", required = true)]
        names: Vec<String>,
    },
    /// Look whether the models that are here are whole
    Verify {
        /// Which; else all that are here
        #[arg(value_name = "NAME")]
        names: Vec<String>,
    },
    /// Take in files that were brought along, whatever they are called; needs no network
    Import {
        /// Files of models
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct DoctorArgs {
    /// As one JSON object
    #[arg(long)]
    pub(super) json: bool,
    /// Try out the language model at this address, with a moment of an evening that nobody held
    #[arg(long, value_name = "story|auto|URL")]
    pub(super) cast: Option<CastChoice>,
    /// The model that is tried out; else the server's first
    #[arg(long, value_name = "NAME")]
    pub(super) model: Option<String>,
    /// Settings from this file
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

fn read_theme(name: &str) -> Result<Theme, String> {
    let names: Vec<&str> = Theme::ALL.into_iter().map(Theme::name).collect();
    Theme::from_name(name).ok_or_else(|| format!("there are the themes {}", names.join(", ")))
}

#[cfg(feature = "room")]
fn read_tier(name: &str) -> Result<Tier, String> {
    Tier::from_name(name).ok_or_else(|| "there are low, middle and high".to_owned())
}

fn read_intensity(name: &str) -> Result<Intensity, String> {
    match name {
        "off" => Ok(Intensity::Off),
        "gentle" => Ok(Intensity::Gentle),
        "full" => Ok(Intensity::Full),
        _ => Err("there are off, gentle and full".to_owned()),
    }
}
