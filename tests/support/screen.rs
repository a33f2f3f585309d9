//! A screen of air, with a keyboard: an X server of the test's own, and `xdotool`.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks at whether it has.
const LOOK: Duration = Duration::from_millis(20);

/// A screen that ends when it is dropped.
pub(crate) struct Screen {
    server: Child,
    /// What `DISPLAY` is for whoever is to be seen on it.
    pub(crate) display: String,
}

impl Screen {
    /// Starts one.
    ///
    /// # Errors
    /// In one line, what is missing for it.
    pub(crate) fn start() -> Result<Self, String> {
        for number in 140..240 {
            let socket = format!("/tmp/.X11-unix/X{number}");
            if Path::new(&socket).exists() || Path::new(&format!("/tmp/.X{number}-lock")).exists() {
                continue;
            }
            let display = format!(":{number}");
            let mut server = Command::new("Xvfb")
                .args([&display, "-screen", "0", "960x540x24", "-nolisten", "tcp"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .map_err(|error| format!("Xvfb does not start: {error}"))?;
            let until = Instant::now() + PATIENCE;
            while Instant::now() < until && matches!(server.try_wait(), Ok(None)) {
                if Path::new(&socket).exists() {
                    return Ok(Self { server, display });
                }
                std::thread::sleep(LOOK);
            }
            // Somebody else was quicker with this number.
            let (_asked, _ended) = (server.kill(), server.wait());
        }
        Err("no screen of air can be had".to_owned())
    }

    /// Types a line into the window that is there, and sends it. False where there is none yet.
    pub(crate) fn types(&self, text: &str) -> bool {
        let does = |arguments: &[&str]| {
            Command::new("xdotool")
                .args(arguments)
                .env("DISPLAY", &self.display)
                .stdin(Stdio::null())
                .stderr(Stdio::null())
                .output()
                .ok()
                .filter(|done| done.status.success())
                .map(|done| String::from_utf8_lossy(&done.stdout).trim().to_owned())
        };
        let windows = does(&["search", "--onlyvisible", "--name", "Inner Room"]).unwrap_or_default();
        let Some(window) = windows.lines().last() else { return false };
        does(&["windowfocus", "--sync", window]).is_some()
            && does(&["type", "--delay", "40", text]).is_some()
            && does(&["key", "--delay", "80", "Return"]).is_some()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let (_asked, _ended) = (self.server.kill(), self.server.wait());
    }
}
