//! A house of its own for the exhibition that is soaked: a folder with settings, helplines, a token and a home, and the
//! program that runs there. All of it goes when it is dropped.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ring::rand::{SecureRandom as _, SystemRandom};

use super::model::Model;
use super::page::Page;
use super::processes;
use crate::cli::CliError;
use crate::cli::args::RehearsalArgs;
use crate::cli::room::has_display;

/// How long the exhibition may take to open its page, and its processes to be gone.
const OPENS: Duration = Duration::from_secs(60);
const GOES: Duration = Duration::from_secs(5);
const GLANCE: Duration = Duration::from_millis(50);
/// How long a visit lasts there, and how long nobody may stir, in seconds.
pub(super) const VISIT_S: u32 = 480;
pub(super) const IDLE_S: u32 = 40;
pub(super) const LEAVES_S: u32 = 20;
/// What the exhibition says once its page is there.
const PAGE: &str = "the staff's page is at http://";

/// The house, with the exhibition in it.
pub(super) struct House {
    folder: PathBuf,
    child: Child,
    pub(super) page: Page,
    /// What plays the figures, as far as the exhibition knows.
    pub(super) model: Model,
    /// Whether it draws into memory.
    pub(super) offscreen: bool,
}

impl House {
    /// Builds it, and opens the exhibition with visitors from this number on.
    pub(super) fn open(first_guest: u64, speed: u32) -> Result<Self, CliError> {
        let folder = std::env::temp_dir().join(format!("inner-room-soak-{}", std::process::id()));
        let model = Model::start()?;
        let token = furnish(&folder, &model)?;
        let offscreen = !has_display();
        let rehearsal = RehearsalArgs { guest: Some(first_guest), speed, offscreen };
        let said = folder.join("said.txt");
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["exhibit", "--config"]).arg(folder.join("config.toml")).args(rehearsal.flags());
        at_home(&mut command, &folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&said)?);
        let child = command.spawn()?;
        let mut house = Self { folder, child, page: Page::none(), model, offscreen };
        let since = Instant::now();
        loop {
            let text = house.said();
            let address = text.split_once(PAGE).and_then(|(_, rest)| rest.split_once('/'));
            if let Some(address) = address.and_then(|(address, _)| address.parse().ok()) {
                house.page = Page::new(address, token);
                return Ok(house);
            }
            if !house.stands() || since.elapsed() > OPENS {
                return Err(CliError::NotOpened(text.trim().replace('\n', " / ")));
            }
            std::thread::sleep(GLANCE);
        }
    }

    /// The number of the process that keeps the exhibition.
    pub(super) fn supervisor(&self) -> u32 {
        self.child.id()
    }

    /// Whether the exhibition still runs.
    pub(super) fn stands(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Where everything lies.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Everything that the exhibition and its processes said on standard error.
    pub(super) fn said(&self) -> String {
        let said = fs::read(self.folder.join("said.txt")).unwrap_or_default();
        String::from_utf8_lossy(&said).into_owned()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // One that is held does not notice that its supervisor is gone.
        let stations = processes::stations(self.supervisor());
        // It may have gone by itself meanwhile, which is as good.
        self.child.kill().and_then(|()| self.child.wait()).ok();
        for station in stations {
            processes::kill_group(station.pid);
            let since = Instant::now();
            while processes::group_runs(station.pid) && since.elapsed() < GOES {
                std::thread::sleep(GLANCE);
            }
        }
        // What cannot be taken away lies in the system's folder for what is to be taken away.
        if fs::remove_dir_all(&self.folder).is_err() {}
    }
}

/// Nothing of the person's own is read or written, whoever starts it.
fn at_home(command: &mut Command, folder: &Path) {
    for (name, _value) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("INNER_ROOM_") {
            command.env_remove(name);
        }
    }
    if let (None, Some(home)) = (std::env::var_os("XAUTHORITY"), std::env::home_dir()) {
        // The key of the screen lies at home.
        command.env("XAUTHORITY", home.join(".Xauthority"));
    }
    for (name, place) in [
        ("HOME", "home"),
        ("XDG_CONFIG_HOME", "home/.config"),
        ("XDG_DATA_HOME", "home/.local/share"),
        ("XDG_CACHE_HOME", "home/.cache"),
        ("XDG_STATE_HOME", "home/.local/state"),
        ("TMPDIR", "tmp"),
    ] {
        command.env(name, folder.join(place));
    }
    command.env("NO_COLOR", "1").current_dir(folder);
}

/// Puts everything there that an exhibition does not open without; the token of its page.
fn furnish(folder: &Path, model: &Model) -> Result<String, CliError> {
    DirBuilder::new().mode(0o700).create(folder)?;
    for place in ["tmp", "home/.config/inner-room", "home/.local/share", "home/.cache"] {
        fs::create_dir_all(folder.join(place))?;
    }
    let mut bytes = [0; 24];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_unspecified| std::io::Error::other("the system gives no chance"))?;
    let token = data_encoding::HEXLOWER.encode(&bytes);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.join("token"))?;
    file.write_all(token.as_bytes())?;
    fs::write(folder.join("home/.config/inner-room/helplines.toml"), helplines())?;
    fs::write(folder.join("config.toml"), settings(folder, &model.address))?;
    Ok(token)
}

fn helplines() -> String {
    let today = jiff::ZonedDateTime::now().date();
    format!(
        r#"[[line]]
id = "soak"
country = "GB"
language = "en"
name = "Nobody, this is a rehearsal"
phone = "000 000"
text = "000 000"
hours = "day and night"
cost = "free"
audience = "crisis"
source = "https://example.org"
last_verified = "{today}"
verified_by = "the soak"
"#
    )
}

fn settings(folder: &Path, model: &str) -> String {
    let (token, calls) = (folder.join("token"), folder.join("calls"));
    format!(
        r#"venue = "exhibition"
country = "GB"
staff = "the soak"
cast = "{model}"
model = "soak"
voices = "none"
hear = "off"
tier = "low"

[exhibit]
station = "soak"
pin = "314159"
languages = ["en", "zh"]
call = ["/bin/sh", "-c", "echo called >> '{}'"]
listen = "127.0.0.1:0"
token_file = "{}"
age = 16
visit_s = {VISIT_S}
idle_s = {IDLE_S}
leaves_s = {LEAVES_S}
"#,
        calls.display(),
        token.display()
    )
}
