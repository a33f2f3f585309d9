//! What can be typed after `inner-room bench`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct BenchArgs {
    #[command(subcommand)]
    pub(in crate::cli) what: BenchCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum BenchCommand {
    /// A round with a language model, as it is built and in the order of the papers, against a server of set speed
    Turn(TurnArgs),
    /// A frame of the room: what it costs outside of drawing, over many rounds, and beside a cast that streams
    #[cfg(feature = "room")]
    Frame(FrameArgs),
    /// From the end of what is said to the first sound of the answer, stage by stage, and how soon a figure falls silent that is spoken into
    #[cfg(feature = "speech")]
    Speech(SpeechArgs),
    /// From a picture to what the nearest face in it may show: what runs the networks here, beside the same in Python
    #[cfg(feature = "face")]
    Face(LooksArgs),
    /// An exhibition for hours or days, with visitors of the program's own, and with everything that can go wrong
    #[cfg(all(feature = "exhibit", feature = "room"))]
    #[command(long_about = SOAK)]
    Soak(SoakArgs),
}

#[cfg(all(feature = "exhibit", feature = "room"))]
const SOAK: &str = "\
Opens a real exhibition in a folder of its own, and sends visitors of the program's own into it, who have nothing but a
keyboard: some are kind, some are angry, silent or in need of help, and some walk away in the middle. Every few minutes
something goes wrong on purpose: a process is killed or held, the staff's page is stormed, the staff give orders. Whether the
exhibition comes back in time, whether anything grows, and whether anything of a visitor is left, is looked at all the while.

At the end there is a table. The exit code is 1 where anything in it is not as it should be.

Under a display it uses a window, and without one it draws into memory. Nobody is called, nothing of yours is read or
changed, and no sound is made. Ctrl and C ends it without a table, and leaves its folder where it was.";

#[cfg(all(feature = "exhibit", feature = "room"))]
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct SoakArgs {
    /// How many hours the exhibition is open, by its own clock: 0.02 to 1000
    #[arg(long, value_name = "N", value_parser = read_hours)]
    pub(in crate::cli) hours: f64,
    /// How many times as fast its clock goes: 1 to 60. Limits for coming back stay in real time
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(in crate::cli) speed: u32,
    /// The same number draws the same visitors, and the same faults at the same times
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(in crate::cli) seed: u64,
    /// Instead of all that: kill the station so many times, and the stage as often, at any moment of a visit. It ends with the
    /// last of them, or with the hours
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(in crate::cli) kills: Option<u32>,
}

#[cfg(all(feature = "exhibit", feature = "room"))]
fn read_hours(text: &str) -> Result<f64, String> {
    let hours: f64 =
        text.parse().map_err(|_no_number| "a number of hours is needed, like 8 or 0.5".to_owned())?;
    if (0.02..=1_000.0).contains(&hours) { Ok(hours) } else { Err("it can be 0.02 to 1000 hours".to_owned()) }
}

#[cfg(feature = "face")]
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct LooksArgs {
    /// JPEG or PNG pictures with a face; else those in the folder faces beside a folder of models
    #[arg(value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// How often each picture is looked at
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(in crate::cli) rounds: u32,
    /// The model that tells expressions apart, by its name in `models list`; else the best that is here
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) expression: Option<String>,
    /// Look for models in this folder first
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) models: Option<PathBuf>,
}

#[cfg(feature = "speech")]
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct SpeechArgs {
    /// How many utterances
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(in crate::cli) rounds: u32,
    /// What is said, each time; else sentences by espeak-ng, where that is
    #[arg(long, value_name = "FILE.wav")]
    pub(in crate::cli) file: Option<PathBuf>,
    /// How long the recogniser takes, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(0..=3_000))]
    pub(in crate::cli) recogniser: u64,
    /// How long the synthesiser takes for a sentence, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 150, value_parser = clap::value_parser!(u64).range(0..=3_000))]
    pub(in crate::cli) synthesiser: u64,
    /// Look for models in this folder first
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) models: Option<PathBuf>,
}

#[cfg(feature = "room")]
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct FrameArgs {
    /// How many rounds go by at most: 1, 10 or 100
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(in crate::cli) rounds: u32,
    /// Also with somebody whom a camera sees: its id, or pictures or a film in its place
    #[cfg(feature = "face")]
    #[arg(long, value_name = "CAMERA")]
    pub(in crate::cli) camera: Option<String>,
    /// In a headset beside offscreen, and nothing else
    #[cfg(feature = "headset")]
    #[arg(long)]
    pub(in crate::cli) xr: bool,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct TurnArgs {
    /// How long the server takes for the first token, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 200, value_parser = clap::value_parser!(u64).range(0..=3_000))]
    pub(in crate::cli) first_token: u64,
    /// How many tokens a second it writes then
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(5..=1_000))]
    pub(in crate::cli) rate: u32,
    /// How many rounds, each once as it is built and once in the order of the papers
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=11))]
    pub(in crate::cli) pairs: u32,
    /// Write the event log of it here, as JSON Lines
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) events: Option<PathBuf>,
}
