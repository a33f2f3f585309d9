//! Somebody at a machine with a screen and a headset, in which the program runs.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::monado::Monado;
use super::monado::remote::{Controller, Pose, Side};
use super::screen::Screen;

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_inner-room");

/// How long a program may take until it says or does what it is to.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What a program says, up to a line with this in it; or all that it says meanwhile without.
pub(crate) fn heard(
    lines: &mpsc::Receiver<String>,
    wanted: &str,
    patience: Duration,
) -> Result<Vec<String>, Vec<String>> {
    let (mut said, end) = (Vec::new(), Instant::now() + patience);
    while let Ok(line) = lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
        said.push(line);
        if said.last().is_some_and(|line| line.contains(wanted)) {
            return Ok(said);
        }
    }
    Err(said)
}

/// The lines that a program says.
pub(crate) fn listen(out: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    let out = out.expect("what it says is ours");
    let (tell, lines) = mpsc::sync_channel(10_000);
    let read = move || BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| tell.send(line));
    std::thread::Builder::new().name("listener".to_owned()).spawn(read).expect("a thread");
    lines
}

/// Its own end, within the time it has.
pub(crate) fn ended(child: &mut Child) -> Option<i32> {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if let Some(status) = child.try_wait().expect("it is our child") {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let (_killed, _ended) = (child.kill(), child.wait());
    None
}

/// A home of nobody's, with this in `config.toml`.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn with(config: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("config.toml"), config).expect("it is written");
        Self(folder)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The program at home here.
    pub(crate) fn live_in(&self, command: &mut Command) {
        command.args(["--config".as_ref(), self.file("config.toml").as_os_str()]);
        self.surround(command);
    }

    /// The same for what asks for no file.
    pub(crate) fn surround(&self, command: &mut Command) {
        for (name, folder) in [("HOME", "home"), ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data")] {
            command.env(name, self.file(folder));
        }
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").stdin(Stdio::null());
    }
}

/// Somebody at a machine with a screen and a headset.
pub(crate) struct Live {
    program: Child,
    home: Home,
    pub(crate) screen: Screen,
    errors: mpsc::Receiver<String>,
}

impl Live {
    /// Starts the program there, with a headset on.
    pub(crate) fn start(monado: &Monado) -> Result<Self, String> {
        Self::start_with(monado, &["--xr"])
    }

    /// The same with these flags.
    pub(crate) fn start_with(monado: &Monado, flags: &[&str]) -> Result<Self, String> {
        let screen = Screen::start()?;
        let home = Home::with("rounds = 2\ntier = \"low\"\njournal = false\n");
        let mut command = monado.command(Path::new(PROGRAM));
        command.args(flags).args(["--cast", "story", "--seed", "7", "--events"]);
        home.live_in(command.arg(home.file("events.jsonl")));
        command.env("DISPLAY", &screen.display).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut program = command.spawn().map_err(|error| error.to_string())?;
        let errors = listen(program.stderr.take());
        Ok(Self { program, home, screen, errors })
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.home.file("events.jsonl")).unwrap_or_default()
    }

    /// Whether the evening is held just now.
    pub(crate) fn is_held(&self) -> bool {
        let log = self.log();
        let (held, goes_on) = (log.rfind(r#""paused":true"#), log.rfind(r#""paused":false"#));
        held > goes_on
    }

    /// Waits until something is so, doing this meanwhile.
    pub(crate) fn until(&self, what: &str, mut is: impl FnMut() -> bool) {
        let end = Instant::now() + 3 * PATIENCE;
        while !is() {
            assert!(Instant::now() < end, "not {what}: {}\n{:?}", self.log(), self.said());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Whether something comes to be so within a while.
    pub(crate) fn comes_to_pass(&self, is: &impl Fn() -> bool) -> bool {
        let end = Instant::now() + PATIENCE / 2;
        while !is() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(100));
        }
        is()
    }

    pub(crate) fn said(&self) -> Vec<String> {
        self.errors.try_iter().collect()
    }

    /// Whether a stage of its runs, in the headset or on the screen.
    pub(crate) fn has_stage(&self, in_headset: bool) -> bool {
        let children = format!("/proc/{0}/task/{0}/children", self.program.id());
        let children = fs::read_to_string(children).unwrap_or_default();
        children.split_whitespace().any(|child| {
            let line = fs::read(format!("/proc/{child}/cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            line.contains(" stage ") && line.contains(" --xr") == in_headset
        })
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let (_asked, _ended) = (self.program.kill(), self.program.wait());
    }
}

/// Points at the desk and presses there, a little lower each time: the button with which one comes in is near its foot.
pub(crate) fn come_in(live: &Live, monado: &Monado) {
    let remote = monado.remote();
    let mut heights = (0..).map(|step| 1.30 - 0.018 * (step % 10) as f32);
    live.until("in the evening", || {
        let height = heights.next().unwrap_or_default();
        let hand = Controller::held(Pose::aimed([0.2, 1.3, -0.3], [-0.39, height, -1.2]));
        for hand in [hand, hand.selecting(), hand] {
            remote.set_controller(Side::Right, hand);
            std::thread::sleep(Duration::from_millis(700));
        }
        live.log().contains(r#""kind":"question""#)
    });
}
