//! The program with a home of its own, and what it kept there.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

pub(crate) const SCRIPT: &str = "I froze in the meeting on Thursday and my boss wrote it down\n7\n\
    God, that silence. No wonder you keep going back. I do it too, in the car.\n\
    Just call her tomorrow, it's no big deal.\n\
    You finished the report on Tuesday, even though you'd slept three hours.\n\
    Let's open the window, five minutes.\n";

pub(crate) const OTHER_SCRIPT: &str = "that my sister stopped answering and it is because of me\n6\n\
    Losing a voice you knew that well leaves a hole.\n\
    Waiting for a message is its own kind of work.\n\
    You wrote to her on her birthday, without being sure.\n";

/// What this machine cannot do is a skip with a name.
#[expect(clippy::print_stderr, reason = "a skip is said where tests are watched")]
pub(crate) fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// A home of its own.
pub(crate) struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path().join(".local/share/inner-room")
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.path().join(".config/inner-room/config.toml")
    }

    pub(crate) fn command(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_inner-room"));
        self.settle(&mut command);
        command.args(args);
        command
    }

    /// Gives a command this home, and nothing of the machine's own settings.
    pub(crate) fn settle(&self, command: &mut Command) {
        command.env("HOME", self.path());
        for name in [
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "INNER_ROOM_JOURNAL",
            "INNER_ROOM_DATA_DIR",
            "INNER_ROOM_CAST",
            "INNER_ROOM_API_KEY",
        ] {
            command.env_remove(name);
        }
        // A language model may be running on this machine.
        command.env("INNER_ROOM_LOCAL_SERVER", "no");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    }

    pub(crate) fn run(&self, args: &[&str], input: &str) -> Output {
        finish(&mut self.command(args), input)
    }

    /// An evening that is kept.
    pub(crate) fn evening(&self, script: &str, seed: u64) -> Output {
        let output = self.run(
            &["talk", "--script", "-", "--journal", "--rounds", "4", "--seed", &seed.to_string()],
            script,
        );
        assert!(output.status.success(), "{}", text(&output.stderr));
        output
    }

    /// Runs `inner-room sessions …` and takes what it prints.
    pub(crate) fn sessions(&self, args: &[&str]) -> String {
        let output = self.run(&[&["sessions"], args].concat(), "");
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Sessions as JSON, with their events.
    pub(crate) fn exported(&self) -> Vec<serde_json::Value> {
        let whole = self.sessions(&["export", "--all", "--format", "json"]);
        serde_json::from_str(&whole).expect("the export is JSON")
    }
}

pub(crate) fn finish(command: &mut Command, input: &str) -> Output {
    let mut child = command.spawn().expect("the program starts");
    // A program that refuses the call may be gone before it has read its input.
    child.stdin.take().expect("an input").write_all(input.as_bytes()).ok();
    child.wait_with_output().expect("the program ends")
}

pub(crate) fn say(child: &mut Child, line: &str) {
    child.stdin.as_mut().expect("an input").write_all(format!("{line}\n").as_bytes()).expect("written");
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program writes UTF-8")
}

/// One clear line on standard error, and this exit code.
pub(crate) fn refused(output: &Output, code: i32, says: &str) {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("inner-room: ") && said.contains(says), "{said}");
}

/// Every file under a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The sentences of a session that can be searched for byte by byte: whatever was said, in pieces without a mark that
/// is written otherwise in JSON.
pub(crate) fn sentences(session: &serde_json::Value) -> BTreeSet<String> {
    let events = session["events"].as_array().expect("events");
    events
        .iter()
        .filter(|event| event["kind"] == "line" || event["kind"] == "said")
        .flat_map(|event| event["text"].as_str().expect("a text").split(['"', '\\']).map(str::to_owned))
        .filter(|piece| piece.len() >= 10)
        .collect()
}

/// Which of these are found in any file of the folder.
pub(crate) fn found_in(folder: &Path, sentences: &BTreeSet<String>) -> Vec<String> {
    let mut all = Vec::new();
    for file in files(folder) {
        all.extend(std::fs::read(file).expect("read"));
        all.push(b'\n');
    }
    let holds = |piece: &str| all.windows(piece.len()).any(|window| window == piece.as_bytes());
    sentences.iter().filter(|piece| holds(piece)).cloned().collect()
}

/// The events of a session as the database has them, which must be sound.
pub(crate) fn events_in(data: &Path, session: i64) -> Vec<serde_json::Value> {
    let connection = rusqlite::Connection::open(data.join("journal.db")).expect("it opens");
    let sound: String =
        connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("it is checked");
    assert_eq!(sound, "ok");
    let mut rows = connection
        .prepare("SELECT event FROM events WHERE session = ?1 ORDER BY seq")
        .expect("the table is there");
    let texts = rows.query_map([session], |row| row.get::<_, String>(0)).expect("it reads");
    texts.map(|text| serde_json::from_str(&text.expect("a text")).expect("an event is JSON")).collect()
}

/// Events without what may differ between two runs of the same evening: nothing but the time is in them, and that is
/// virtual, so they are compared whole.
pub(crate) fn assert_prefix(of: &[serde_json::Value], events: &[serde_json::Value], context: &str) {
    assert!(events.len() <= of.len(), "{context}: more events than the undisturbed evening has");
    for (at, event) in events.iter().enumerate() {
        assert_eq!(event, &of[at], "{context}: event {at}");
    }
}
