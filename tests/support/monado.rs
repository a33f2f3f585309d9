//! A headset of air: a runtime of `OpenXR` with a headset and two controllers that are nowhere but in it, and that a test moves
//! and presses, see [`Remote`].
//!
//! The runtime is Monado, from its version 24 on, with its remote driver and a compositor that shows nothing. Where the
//! machine's own packages have none, one stands in a folder with a newer system in it, `target/xr-root`, which
//! `deploy/prepare.sh` makes; then it, and what is run against it, are run in there.

#![expect(clippy::print_stderr, reason = "a skip has a name")]

mod inside;
pub(crate) mod remote;

use std::fs;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use inside::Inside;
use remote::Remote;
use tempfile::TempDir;

/// How long it may take to start. It takes half a second.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at whether it has.
const LOOK: Duration = Duration::from_millis(20);
/// Where the remote driver may listen: below what systems give to connections that ask for no port.
const PORTS: std::ops::Range<u16> = 24_240..24_340;
/// What tells a program's loader of `OpenXR` which runtime there is.
const MANIFEST: &str = "/usr/share/openxr/1/openxr_monado.json";
/// The Vulkan that draws without a graphics card: its description is named after it, with the processor's name or without.
const LAVAPIPE: (&str, &str) = ("/usr/share/vulkan/icd.d", "lvp_icd");

/// A runtime of `OpenXR` of the test's own. It ends when it is dropped; and when the test dies, too.
pub(crate) struct Monado {
    /// In which folder it stands, if it is not this machine's own.
    inside: Option<Inside>,
    lavapipe: String,
    folder: TempDir,
    port: u16,
    /// Nobody else of ours takes this port for as long as this is held.
    _taken: UdpSocket,
    running: Option<(Child, Remote)>,
}

impl Monado {
    /// Starts one.
    ///
    /// # Errors
    /// In one line, what is missing for it.
    pub(crate) fn start() -> Result<Self, String> {
        let mut monado = Self::absent()?;
        monado.begin()?;
        Ok(monado)
    }

    /// A place for one that is not started yet: programs find nobody there, until [`Monado::begin`].
    ///
    /// # Errors
    /// In one line, what is missing for it.
    pub(crate) fn absent() -> Result<Self, String> {
        let inside = if has_its_own() { None } else { Some(Inside::find()?) };
        let lavapipe = lavapipe(inside.as_ref())?;
        let (taken, port) = a_port()?;
        let folder = tempfile::tempdir().map_err(|error| format!("no folder for a runtime: {error}"))?;
        let config =
            format!(r#"{{"active": "remote", "remote": {{"version": 0, "port": {port}, "view_count": 2}}}}"#);
        fs::create_dir_all(folder.path().join("run"))
            .and_then(|()| fs::create_dir_all(folder.path().join("config/monado")))
            .and_then(|()| fs::write(folder.path().join("config/monado/config_v0.json"), config))
            .map_err(|error| format!("no folder for a runtime: {error}"))?;
        Ok(Self { inside, lavapipe, folder, port, _taken: taken, running: None })
    }

    /// Starts it, and waits until programs and hands find it. One that is there already stays as it is.
    ///
    /// # Errors
    /// In one line, why it does not start.
    pub(crate) fn begin(&mut self) -> Result<(), String> {
        if self.running.is_some() {
            return Ok(());
        }
        // What one that was killed has left.
        for left in [self.socket(), self.folder.path().join("run/monado.pid")] {
            if left.exists() {
                fs::remove_file(&left).map_err(|error| format!("{}: {error}", left.display()))?;
            }
        }
        let mut service =
            self.service().map_err(|error| format!("monado-service does not start: {error}"))?;
        match self.wait_for(&mut service) {
            Ok(remote) => {
                self.running = Some((service, remote));
                Ok(())
            }
            Err(why) => {
                end(&mut service);
                Err(format!("monado-service does not start: {why}; {}", self.last_words()))
            }
        }
    }

    /// It dies in the middle of things. Programs have lost it; what it has left behind stays until [`Monado::begin`].
    pub(crate) fn kill(&mut self) {
        if let Some((mut service, _)) = self.running.take() {
            end(&mut service);
        }
    }

    /// What runs a program with this runtime; arguments, pipes and all else are the caller's, as with every command. Its child
    /// is the program itself, with its own end. The working directory, the program's folder, this repository, the models and
    /// the folder for temporary files are the same for it wherever the runtime stands.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = match &self.inside {
            Some(inside) => inside.command(program),
            None => Command::new(program),
        };
        command
            .env("XDG_RUNTIME_DIR", self.folder.path().join("run"))
            .env("XR_RUNTIME_JSON", MANIFEST)
            .env("VK_DRIVER_FILES", &self.lavapipe)
            .env("VK_ICD_FILENAMES", &self.lavapipe)
            .env("NODEVICE_SELECT", "1")
            .env_remove(inside::PLACE);
        command
    }

    /// This one, if a program can be found by its name where [`Monado::command`] runs it.
    ///
    /// # Errors
    /// That it cannot.
    pub(crate) fn with(self, program: &str) -> Result<Self, String> {
        let found = self
            .command(Path::new("sh"))
            .args(["-c", "command -v \"$1\"", "sh", program])
            .stdin(Stdio::null())
            .output()
            .is_ok_and(|found| found.status.success());
        if found { Ok(self) } else { Err(format!("{program} is not installed")) }
    }

    /// The head and the hands of who wears it.
    pub(crate) fn remote(&self) -> Remote {
        let (_, remote) = self.running.as_ref().expect("the runtime runs");
        remote.clone()
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("run/monado_comp_ipc")
    }

    fn service(&self) -> std::io::Result<Child> {
        let log = fs::File::create(self.folder.path().join("log"))?;
        self.command(Path::new("monado-service"))
            .env("XDG_CONFIG_HOME", self.folder.path().join("config"))
            .env("XRT_COMPOSITOR_NULL", "1")
            // It ends by itself when nobody holds the other end any more.
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
    }

    fn wait_for(&self, service: &mut Child) -> Result<Remote, String> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Ok(Some(status)) = service.try_wait() {
                return Err(format!("it has ended with {status}"));
            }
            // Its socket comes last, when the headset and the compositor stand.
            if UnixStream::connect(self.socket()).is_ok() {
                return Remote::connect(self.port, until);
            }
            if Instant::now() > until {
                return Err("it does not answer".to_owned());
            }
            std::thread::sleep(LOOK);
        }
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let last = log.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it has said nothing");
        last.trim().to_owned()
    }
}

impl Drop for Monado {
    fn drop(&mut self) {
        self.kill();
    }
}

/// What is there; or nothing, with a line that says so, where something is missing. Where `INNER_ROOM_REQUIRE` asks for `xr`,
/// that is a failure.
pub(crate) fn or_skip<T>(what: &str, it: Result<T, String>) -> Option<T> {
    it.map_err(|why| {
        let required =
            std::env::var("INNER_ROOM_REQUIRE").is_ok_and(|list| list.split(',').any(|it| it == "xr"));
        assert!(!required, "{why}, and INNER_ROOM_REQUIRE asks for xr");
        eprintln!("skipped: {what} ({why})");
    })
    .ok()
}

fn end(service: &mut Child) {
    let _asked = service.kill();
    let _ended = service.wait();
}

/// Whether this machine has one of its own.
fn has_its_own() -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let service = std::env::split_paths(&paths).any(|folder| folder.join("monado-service").is_file());
    service && Path::new(MANIFEST).is_file()
}

/// Where lavapipe is described, as the programs see it.
fn lavapipe(inside: Option<&Inside>) -> Result<String, String> {
    let (folder, name) = LAVAPIPE;
    let outside = inside.map_or_else(|| PathBuf::from(folder), |inside| inside.outside(folder));
    fs::read_dir(outside)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find(|file| file.starts_with(name))
        .map(|file| format!("{folder}/{file}"))
        .ok_or_else(|| format!("the runtime of OpenXR has no lavapipe to draw with, in {folder}"))
}

/// A port on which nobody listens, and what keeps it: the same number for datagrams, which only one program can hold.
fn a_port() -> Result<(UdpSocket, u16), String> {
    PORTS
        .filter_map(|port| Some((UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).ok()?, port)))
        .find(|(_, port)| TcpListener::bind((Ipv4Addr::UNSPECIFIED, *port)).is_ok())
        .ok_or_else(|| format!("no port from {} on is free for a runtime of OpenXR", PORTS.start))
}
