//! Calling a person: the operator's own command.
//!
//! No shell reads it: the program gets its arguments as they stand in the settings. It learns which station calls and
//! why, and nothing of any visitor.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde::Serialize;

/// How long the command may take.
pub const LIMIT: Duration = Duration::from_secs(3);
/// How often it is looked at.
const GLANCE: Duration = Duration::from_millis(10);
/// What a helper of the operator's has no business with.
const KEY: &str = "INNER_ROOM_API_KEY";

/// Why a person is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// To see whether it works, before the doors open.
    Test,
    /// A visitor asked for a person.
    Visitor,
    /// The staff asked for another person.
    Staff,
}

impl Reason {
    /// As the command gets it in `INNER_ROOM_CALL`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Visitor => "visitor",
            Self::Staff => "staff",
        }
    }
}

/// What became of a call. What is shown is one line that says what to do.
#[derive(Debug, thiserror::Error)]
#[must_use]
pub enum Called {
    /// The command says that it called.
    #[error("the staff call worked")]
    Done,
    /// There is no command.
    #[error(
        "no command calls the staff. Set call in [exhibit], like call = [\"/usr/local/bin/ring\", \"desk\"]"
    )]
    NoCommand,
    /// The command cannot be run.
    #[error("{program} cannot be run for the staff call: {error}. Correct call in [exhibit]")]
    NotStarted {
        /// Which program.
        program: String,
        /// Why.
        error: std::io::Error,
    },
    /// The command says that it did not call.
    #[error("{program} did not call the staff: {status}. Run it by hand to see why")]
    Failed {
        /// Which program.
        program: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// The command was not done in time, and was ended.
    #[error("{program} did not call the staff within {} seconds and was ended. Run it by hand to see why", LIMIT.as_secs())]
    TooLong {
        /// Which program.
        program: String,
    },
}

impl Called {
    /// Whether a person was called.
    #[must_use]
    pub fn worked(&self) -> bool {
        matches!(self, Self::Done)
    }
}

/// Runs the command, and waits for it at most [`LIMIT`]. Where that is in nobody's way: it blocks.
///
/// What it writes goes nowhere, and it has nothing to read. One that is not done in time is ended by its id; what it has
/// started itself is its own affair.
pub fn run(command: &[String], station: &str, reason: Reason) -> Called {
    run_within(command, station, reason, LIMIT)
}

fn run_within(command: &[String], station: &str, reason: Reason, limit: Duration) -> Called {
    let Some((program, arguments)) = command.split_first() else { return Called::NoCommand };
    let started = Command::new(program)
        .args(arguments)
        .env("INNER_ROOM_STATION", station)
        .env("INNER_ROOM_CALL", reason.name())
        .env_remove(KEY)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let program = program.clone();
    match started.and_then(|child| wait(child, limit)) {
        Ok(Some(status)) if status.success() => Called::Done,
        Ok(Some(status)) => Called::Failed { program, status },
        Ok(None) => Called::TooLong { program },
        Err(error) => Called::NotStarted { program, error },
    }
}

/// How it ended; none where it had to be ended.
fn wait(mut child: Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let since = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if since.elapsed() >= limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(GLANCE);
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    /// A script with its own words behind it.
    fn script(text: &str, words: &[&str]) -> Vec<String> {
        [command(&["/bin/sh", "-c", text, "script"]), command(words)].concat()
    }

    #[test]
    fn a_command_that_ends_well_has_called() {
        assert!(run(&script("exit 0", &[]), "1", Reason::Test).worked());
    }

    #[test]
    fn it_learns_the_station_and_the_reason_and_gets_its_arguments_as_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("said");
        let text = "printf '%s|%s|%s|%s|%s' \"$INNER_ROOM_STATION\" \"$INNER_ROOM_CALL\" \"$2\" \"$3\" \"$#\" > \"$1\"";
        let file = path.display().to_string();
        for (reason, name) in [(Reason::Test, "test"), (Reason::Visitor, "visitor"), (Reason::Staff, "staff")]
        {
            let called = run(&script(text, &[&file, "a  b; exit 1", "$HOME `id`"]), "hall 2", reason);
            assert!(called.worked(), "{called}");
            let said = std::fs::read_to_string(&path).expect("it was written");
            assert_eq!(said, format!("hall 2|{name}|a  b; exit 1|$HOME `id`|3"));
        }
    }

    #[test]
    fn one_that_ends_badly_has_not_called() {
        let called = run(&script("exit 3", &[]), "1", Reason::Visitor);
        assert!(matches!(&called, Called::Failed { status, .. } if status.code() == Some(3)), "{called}");
        assert!(!called.worked() && called.to_string().contains("by hand"), "{called}");
    }

    #[test]
    fn one_that_is_not_there_or_is_no_program_is_said() {
        for program in ["/no/such/program", "/etc/hostname", "/"] {
            let called = run(&command(&[program]), "1", Reason::Visitor);
            assert!(matches!(called, Called::NotStarted { .. }), "{called}");
            assert!(called.to_string().contains(program) && !called.to_string().contains('\n'), "{called}");
        }
        assert!(matches!(run(&[], "1", Reason::Test), Called::NoCommand));
    }

    /// H12 of `safety.md`: a staff call that fails is known within three seconds.
    #[test]
    fn h12_one_that_hangs_is_ended_in_time_and_leaves_no_process() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("id");
        let text = "echo $$ > \"$1\"; trap '' TERM; exec sleep 600";
        let since = Instant::now();
        let called = run(&script(text, &[&path.display().to_string()]), "1", Reason::Visitor);
        let took = since.elapsed();
        assert!(matches!(called, Called::TooLong { .. }), "{called}");
        assert!(took >= LIMIT && took < LIMIT + Duration::from_secs(2), "{took:?}");
        let id = std::fs::read_to_string(&path).expect("it had begun");
        assert!(!std::path::Path::new("/proc").join(id.trim()).exists(), "{id} still runs");
    }

    #[test]
    fn what_it_writes_fills_no_pipe_and_it_has_nothing_to_read() {
        let text = "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2; cat";
        let called = run(&script(text, &[]), "1", Reason::Test);
        assert!(called.worked(), "{called}");
    }
}
