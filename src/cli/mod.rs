//! The commands: thin. Parse, load, call, and say in one line what went wrong.

mod args;
#[cfg(feature = "face")]
mod backend;
mod bench;
mod cast;
mod doctor;
mod evening;
#[cfg(all(feature = "exhibit", feature = "room"))]
mod exhibit;
#[cfg(feature = "face")]
mod face;
mod keep;
mod keepsake;
#[cfg(feature = "speech")]
mod listen;
mod measures;
mod models;
#[cfg(feature = "room")]
mod room;
mod safety;
mod script;
mod sessions;
#[cfg(all(feature = "room", feature = "face"))]
mod sight;
#[cfg(all(feature = "room", feature = "speech"))]
mod sound;
mod talk;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;

use self::args::{Args, Command, EventsArgs};
use crate::config::helplines::Helplines;
use crate::config::save::SaveError;
use crate::config::{ConfigError, Settings, default_data_dir};
use crate::dialogue::Event;
use crate::host::{HostError, LogError};
use crate::journal::{ImportError, JournalError};

/// What a machine lacks that can draw nothing.
#[cfg(feature = "room")]
const NO_DRIVER: &str =
    "there is no Vulkan graphics driver; install one (on Debian and Ubuntu: mesa-vulkan-drivers)";

/// What can go wrong in a command.
#[derive(Debug, thiserror::Error)]
enum CliError {
    /// The call was wrong: exit code 2.
    #[error("{0}")]
    Call(String),
    #[error("{0}")]
    Config(#[from] ConfigError),
    #[error("{0}. Name a file in a folder that you can write to")]
    Log(#[from] LogError),
    #[error("something does not work; it is marked fault above, with what to do")]
    Faults,
    #[error("{0}")]
    Helplines(#[from] crate::config::helplines::HelplineError),
    #[error("{0}")]
    Host(#[from] HostError),
    #[error("{0}")]
    Journal(#[from] JournalError),
    #[error("{file} was not taken in: {error}")]
    Import { file: PathBuf, error: ImportError },
    #[error("{0}")]
    Measures(#[from] crate::config::measures::MeasuresError),
    #[cfg(feature = "room")]
    #[error("the pictures cannot be written into {folder}: {error}. Name another folder with --offscreen")]
    Folder { folder: PathBuf, error: std::io::Error },
    #[cfg(feature = "room")]
    #[error("the card cannot be written into {0}. Name another folder with --offscreen")]
    Card(String),
    #[cfg(feature = "room")]
    #[error("the film cannot be made: {0}. Install ffmpeg, or leave out --film")]
    Film(String),
    #[cfg(feature = "room")]
    #[error("{0}")]
    Picture(#[from] crate::app::offscreen::PictureError),
    #[error("{0}")]
    Link(#[from] crate::host::LinkClosed),
    #[error("{0}")]
    Stage(#[from] crate::host::StageError),
    #[cfg(feature = "room")]
    #[error(
        "the room cannot be drawn: {NO_DRIVER}. The evening can be held in the terminal: inner-room talk"
    )]
    NothingToDrawWith,
    #[cfg(feature = "room")]
    #[error("the window broke off; the evening goes on in another one")]
    StageFell,
    #[cfg(feature = "headset")]
    #[error(
        "the headset did not show the room within a minute. Put it on, and see that nothing else is open in it"
    )]
    NotWorn,
    #[cfg(all(feature = "exhibit", feature = "room"))]
    #[error("{0}")]
    Staff(#[from] crate::exhibit::staff::StaffError),
    #[cfg(all(feature = "exhibit", feature = "room"))]
    #[error("{0}")]
    Token(#[from] crate::exhibit::staff::TokenError),
    #[cfg(all(feature = "exhibit", feature = "room"))]
    #[error("the memory of the room cannot be closed to others: {0}. Without that it takes nobody in")]
    Unsealed(std::io::Error),
    #[cfg(all(feature = "exhibit", feature = "room"))]
    #[error("the exhibition stays closed, for the reasons above. Look again with inner-room exhibit check")]
    StaysClosed,
    #[cfg(all(feature = "exhibit", feature = "room"))]
    #[error("no notice is written, for the reasons above")]
    NoNotice,
    #[cfg(all(feature = "exhibit", feature = "room"))]
    #[error("the staff's page broke off, and the exhibition ends with it; start it again")]
    StaffGone,
    #[cfg(all(feature = "exhibit", feature = "room"))]
    #[error("the exhibition of the soak did not open. What it said: {0}")]
    NotOpened(String),
    #[cfg(all(feature = "exhibit", feature = "room"))]
    #[error("the soak found something; it stands in the table, marked with FAILED")]
    SoakFailed,
    #[cfg(feature = "headset")]
    #[error("{0}")]
    NoHeadset(String),
    #[cfg(feature = "headset")]
    #[error("the room in the headset broke off; the evening goes on on the screen")]
    HeadsetFell,
    #[cfg(feature = "face")]
    #[error("{0}")]
    Face(#[from] crate::senses::face::FaceError),
    /// ONNX Runtime was asked for, and cannot be had.
    #[cfg(feature = "face")]
    #[error("ONNX Runtime was asked for: {0}")]
    NoRuntime(String),
    /// What went wrong was said already, where it did.
    #[cfg(feature = "face")]
    #[error("something went wrong; it is said above")]
    Said,
    #[cfg(any(feature = "face", feature = "speech"))]
    #[error("{0}")]
    Network(#[from] crate::models::onnx::OnnxError),
    #[cfg(feature = "speech")]
    #[error("{0}")]
    Sound(#[from] crate::sound::SoundError),
    #[cfg(feature = "speech")]
    #[error("{0}")]
    Transcript(#[from] crate::senses::transcript::TranscriptError),
    #[error("{0}")]
    Save(#[from] SaveError),
    #[error("the program's own material cannot be read: {0}")]
    Material(#[from] crate::cast::story::MaterialError),
    #[error("the program's own list of models cannot be read: {0}")]
    Catalogue(#[from] crate::models::catalogue::CatalogueError),
    #[error("damaged, or not here: {0}. Get it anew: inner-room models pull {0}")]
    Damaged(String),
    #[error("{0}")]
    Model(#[from] crate::models::store::StoreError),
    #[error("the program's own words cannot be read: {0}")]
    Words(#[from] crate::words::WordsError),
    #[error("the terminal cannot be used: {0}. Try a plain pipe: inner-room talk --script FILE")]
    Terminal(#[from] rustyline::error::ReadlineError),
    #[error("nothing more can be written to the screen: {0}")]
    Output(#[from] std::io::Error),
}

impl CliError {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Call(_)
            | Self::Config(_)
            | Self::Helplines(_)
            | Self::Measures(_)
            | Self::Import { error: ImportError::Form(_) | ImportError::Torn { .. }, .. }
            | Self::Journal(JournalError::NoSession(_)) => 2,
            #[cfg(feature = "speech")]
            Self::Sound(error) if !matches!(error, crate::sound::SoundError::Cut { .. }) => 2,
            _ => 1,
        }
    }
}

/// Runs the program: 0 done, 2 the call was wrong, 1 it failed.
#[must_use]
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return answer_parse(&error),
    };
    let result = match args.command {
        #[cfg(feature = "room")]
        None => room::run(&args.room),
        #[cfg(not(feature = "room"))]
        None => talk::run(&args.room),
        Some(Command::Talk(talk)) => talk::run(&talk),
        #[cfg(feature = "room")]
        Some(Command::Stage(stage)) => room::run_stage(&stage),
        #[cfg(all(feature = "exhibit", feature = "room"))]
        Some(Command::Exhibit(exhibit)) => exhibit::run(&exhibit),
        Some(Command::Sessions(sessions)) => sessions::run(&sessions),
        Some(Command::Measures(measures)) => measures::run(&measures),
        Some(Command::Events(events)) => print_schema(&events),
        Some(Command::Safety(safety)) => safety::run(&safety.file),
        #[cfg(feature = "speech")]
        Some(Command::Listen(listen)) => listen::run(&listen),
        #[cfg(feature = "face")]
        Some(Command::Face(face)) => face::run(&face),
        Some(Command::Models(models)) => models::run(&models),
        Some(Command::Doctor(doctor)) => doctor::run(&doctor),
        Some(Command::Bench(bench)) => bench::run(&bench),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read along has closed the pipe: there is nobody left to tell.
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        #[cfg(feature = "face")]
        Err(CliError::Said) => ExitCode::FAILURE,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::from(error.exit_code())
        }
    }
}

/// Which words could follow, out of the help that a call without one is answered with.
fn missing_word(help: &str) -> String {
    let commands = help.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    let words: Vec<&str> = commands
        .take_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|word| *word != "help")
        .collect();
    format!("a word is missing at the end of the call; there are {}, and --help", words.join(", "))
}

/// Help goes to the screen; a wrong call is one clear line.
fn answer_parse(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind;
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return if error.print().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        complain(&missing_word(&error.to_string()));
        return ExitCode::from(2);
    }
    let text = error.to_string();
    let mut in_usage = false;
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.trim().trim_start_matches("error: "))
        .filter(|line| {
            in_usage = line.starts_with("Usage:") || (in_usage && !line.is_empty());
            !in_usage && !line.is_empty() && !line.starts_with("For more")
        })
        .collect();
    complain(&format!("{}. See inner-room --help", lines.join("; ").trim_end_matches('.')));
    ExitCode::from(2)
}

fn complain(message: &str) {
    let plain = crate::dialogue::text::clean(message);
    // Where nothing can be written nothing can be said: the exit code still tells.
    if writeln!(std::io::stderr(), "inner-room: {plain}").is_err() {}
}

/// Whatever this process comes to know of a visitor stays in it: no core file, and no look into its memory.
#[cfg(all(feature = "exhibit", feature = "room"))]
fn seal_memory() -> Result<(), CliError> {
    #[cfg(target_os = "linux")]
    crate::exhibit::sealed::seal().map_err(|error| CliError::Unsealed(error.into()))?;
    Ok(())
}

/// No exhibition, no visitor.
#[cfg(all(not(feature = "exhibit"), feature = "room"))]
#[expect(clippy::unnecessary_wraps, reason = "with an exhibition it can fail")]
fn seal_memory() -> Result<(), CliError> {
    Ok(())
}

/// The environment, as far as it is text.
fn variables() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
        .collect()
}

/// The records of helplines, with one's own, as they stand today. `named`: the settings, where a file was named for them.
fn helplines(named: Option<&Path>) -> Result<Helplines, CliError> {
    let own = crate::config::helplines::own_file(named);
    let today = jiff::ZonedDateTime::now().date();
    Ok(Helplines::load(own.as_deref(), today)?)
}

/// Settings from the file and the environment; what is odd in them is said.
fn load_settings(file: Option<&Path>) -> Result<Settings, CliError> {
    let (settings, warnings) = Settings::load(file, &variables())?;
    for warning in warnings {
        complain(&warning);
    }
    Ok(settings)
}

/// The folder in which evenings are kept.
fn data_folder(settings: &Settings) -> Result<PathBuf, CliError> {
    settings.data_dir.clone().or_else(default_data_dir).ok_or_else(|| {
        CliError::Call("there is no folder for data on this machine; name one with data_dir".to_owned())
    })
}

/// Asks in the terminal; anything but a yes is a no. None when there is nobody to answer.
fn says_yes(question: &str) -> Result<Option<bool>, CliError> {
    let mut out = std::io::stdout();
    write!(out, "{question} ")?;
    out.flush()?;
    let mut answer = String::new();
    if std::io::stdin().read_line(&mut answer)? == 0 {
        writeln!(out)?;
        return Ok(None);
    }
    Ok(Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")))
}

fn print_schema(args: &EventsArgs) -> Result<(), CliError> {
    if !args.schema {
        return Err(CliError::Call(
            "say what about the events you want to see: inner-room events --schema".to_owned(),
        ));
    }
    let schema = serde_json::to_string_pretty(&Event::schema()).map_err(std::io::Error::other)?;
    writeln!(std::io::stdout(), "{schema}")?;
    Ok(())
}
