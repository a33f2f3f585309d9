//! A screen of air, with a keyboard: an X server of the test's own, and `xdotool`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long somebody takes from one key to the next who looks what it did: some frames without a graphics card.
const BETWEEN_KEYS: Duration = Duration::from_millis(600);

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
        // The server finds a number of its own that nobody else has, and says it once it answers.
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "960x540x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("Xvfb does not start: {error}"))?;
        let mut number = String::new();
        if let Some(said) = server.stdout.take() {
            BufReader::new(said).read_line(&mut number).map_err(|error| error.to_string())?;
        }
        let number = number.trim();
        if number.is_empty() {
            let (_asked, _ended) = (server.kill(), server.wait());
            return Err("Xvfb does not answer".to_owned());
        }
        Ok(Self { display: format!(":{number}"), server })
    }

    /// Types a line into the window that is there, and sends it. False where there is none yet.
    pub(crate) fn types(&self, text: &str) -> bool {
        self.focuses()
            && self.does(&["type", "--delay", "40", text]).is_some()
            && self.does(&["key", "--delay", "80", "Return"]).is_some()
    }

    /// Presses these keys in the window that is there, one after the other. False where there is none yet.
    pub(crate) fn presses(&self, keys: &[&str]) -> bool {
        let press = |key: &&str| {
            // What one key moves the next one is to find in its place.
            std::thread::sleep(BETWEEN_KEYS);
            self.does(&["key", "--delay", "80", key]).is_some()
        };
        self.focuses() && keys.iter().all(press)
    }

    fn focuses(&self) -> bool {
        let windows = self.does(&["search", "--onlyvisible", "--name", "Inner Room"]).unwrap_or_default();
        windows.lines().last().is_some_and(|window| self.does(&["windowfocus", "--sync", window]).is_some())
    }

    /// What `xdotool` says; nothing where it cannot do it.
    fn does(&self, arguments: &[&str]) -> Option<String> {
        Command::new("xdotool")
            .args(arguments)
            .env("DISPLAY", &self.display)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()
            .filter(|done| done.status.success())
            .map(|done| String::from_utf8_lossy(&done.stdout).trim().to_owned())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let (_asked, _ended) = (self.server.kill(), self.server.wait());
    }
}
