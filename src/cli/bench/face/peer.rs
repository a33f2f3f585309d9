//! The same pipeline in Python, beside this one: a program of its own, which is asked picture by picture.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::super::Times;
use crate::cli::CliError;
use crate::models::catalogue::Entry;

const SCRIPT: &str = include_str!("peer.py");

/// How likely each expression is, by its name.
pub(super) type Looked = Vec<(String, f32)>;

pub(super) struct Peer {
    /// What it is.
    pub(super) title: String,
    pub(super) times: Times,
    /// In how many pictures it saw no face.
    pub(super) blind: u32,
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts Python with these models, the detector first, and lets it read the pictures. Says in a line why that cannot be.
    pub(super) fn start(models: &[(Entry, PathBuf)], pictures: &[PathBuf]) -> Result<Self, String> {
        let given: Vec<Value> =
            models.iter().map(|(entry, path)| serde_json::json!([path, entry.recipe])).collect();
        let (detector, classifiers) = given.split_first().ok_or("there are no models")?;
        let setup = serde_json::json!({
            "detector": detector, "classifiers": classifiers, "pictures": pictures,
        });
        let mut command = Command::new("python3");
        // One thread, as here.
        command.args(["-c", SCRIPT]).env("OMP_NUM_THREADS", "1").env("OPENBLAS_NUM_THREADS", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("python3: {error}"))?;
        let (Some(mut asks), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("nothing can be said to it".to_owned());
        };
        let mut answers = BufReader::new(answers);
        let told = writeln!(asks, "{setup}").and_then(|()| asks.flush());
        let mut title = String::new();
        let read = told.and_then(|()| answers.read_line(&mut title));
        if !read.is_ok_and(|count| count > 0) {
            return Err(last_words(child));
        }
        let title = title.trim().to_owned();
        Ok(Self { title, times: Times::default(), blind: 0, child, asks, answers })
    }

    /// Lets it look at a picture, and notes how long that took it, if that counts.
    pub(super) fn look(&mut self, picture: usize, counts: bool) -> Result<Looked, CliError> {
        writeln!(self.asks, "{picture}")?;
        self.asks.flush()?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let broke = |error| CliError::Call(format!("Python broke off beside the measurement: {error}"));
        let answer: Vec<Value> = serde_json::from_str(&line).map_err(broke)?;
        let took = answer.first().and_then(Value::as_f64).unwrap_or_default();
        if counts {
            self.times.0.push(Duration::from_secs_f64(took.max(0.0) / 1e3));
            self.blind += u32::from(answer.len() < 2);
        }
        let likely = answer.into_iter().skip(1).map(serde_json::from_value);
        likely.collect::<Result<_, _>>().map_err(broke)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ends by itself where it can; what is left of it does not matter.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The last line that it wrote before it ended.
fn last_words(child: Child) -> String {
    let output = child.wait_with_output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stderr).into_owned()).unwrap_or_default();
    said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it says nothing").trim().to_owned()
}
