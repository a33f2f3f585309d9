//! Consent in a live terminal: asked once, in plain words, and remembered.

#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "support/kept.rs"]
mod kept;
#[path = "support/wire.rs"]
mod wire;

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};
use kept::Home;

/// The program in a terminal.
struct Terminal {
    child: Child,
    keys: File,
    screen: Receiver<Vec<u8>>,
    seen: String,
}

impl Terminal {
    /// None where a program cannot be given a terminal of its own.
    fn new(home: &Home, args: &[&str]) -> Option<Self> {
        Self::with(home, args, |_| {})
    }

    fn with(home: &Home, args: &[&str], change: impl Fn(&mut Command)) -> Option<Self> {
        let pair = nix::pty::openpty(None, None).expect("a terminal");
        let side = || Stdio::from(pair.slave.try_clone().expect("its other side"));
        let mut command = Command::new("setsid");
        home.settle(&mut command);
        command.arg("--ctty").arg(env!("CARGO_BIN_EXE_inner-room")).args(args);
        command.stdin(side()).stdout(side()).stderr(side()).env("TERM", "xterm");
        change(&mut command);
        let Ok(child) = command.spawn() else {
            kept::skipped("there is no setsid here to give a program a terminal of its own");
            return None;
        };
        drop(command);
        let keys = File::from(pair.master);
        let mut reads = keys.try_clone().expect("the same terminal");
        let (sends, screen) = bounded(1_024);
        let reader = std::thread::Builder::new().name("screen".to_owned());
        let read = move || {
            let mut buffer = [0; 4_096];
            // A terminal whose program has gone ends with an error.
            while let Ok(read) = reads.read(&mut buffer) {
                if read == 0 || sends.send(buffer[..read].to_vec()).is_err() {
                    return;
                }
            }
        };
        reader.spawn(read).expect("a thread");
        Some(Self { child, keys, screen, seen: String::new() })
    }

    /// Waits until this is on the screen.
    fn sees(&mut self, text: &str) {
        while !self.seen.contains(text) {
            let more = self.screen.recv_timeout(Duration::from_secs(20));
            let more = more.unwrap_or_else(|_| Vec::new());
            assert!(!more.is_empty(), "{text:?} is not on the screen:\n{}", self.seen);
            self.seen.push_str(&String::from_utf8_lossy(&more));
        }
    }

    fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("typed");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

const QUESTION: &str = "Shall the room keep your evenings?";
const BEGUN: &str = "Running without a language model";

#[test]
fn enter_means_no_and_it_is_not_asked_again() {
    let home = Home::new();
    let Some(mut terminal) = Terminal::new(&home, &["talk"]) else { return };
    terminal.sees(QUESTION);
    terminal.sees("Enter means no");
    terminal.types("\n");
    terminal.sees("Nothing is kept.");
    terminal.sees(BEGUN);
    drop(terminal);
    assert_eq!(std::fs::read_to_string(home.config()).expect("remembered"), "journal = false\n");
    assert!(!home.data().exists());
    let Some(mut again) = Terminal::new(&home, &["talk"]) else { return };
    again.sees(BEGUN);
    assert!(!again.seen.contains(QUESTION));
}

#[test]
fn a_yes_is_remembered_beside_what_the_person_wrote_and_the_evening_is_kept() {
    let home = Home::new();
    std::fs::create_dir_all(home.config().parent().expect("a folder")).expect("made");
    std::fs::write(home.config(), "# for me\nrounds = 3\n").expect("written");
    let Some(mut terminal) = Terminal::new(&home, &["talk"]) else { return };
    terminal.sees(QUESTION);
    terminal.types("y\n");
    terminal.sees("Your evenings are kept from now on.");
    terminal.sees("Guide: ");
    drop(terminal);
    let settings = std::fs::read_to_string(home.config()).expect("remembered");
    assert_eq!(settings, "# for me\nrounds = 3\njournal = true\n");
    assert!(home.sessions(&["list"]).starts_with("1: "));
    let Some(mut again) = Terminal::new(&home, &["talk"]) else { return };
    again.sees("was cut off. Shall it go on from there?");
    again.types("\n");
    again.sees("Session 1, of ");
    again.sees(BEGUN);
    assert!(!again.seen.contains(QUESTION));
}

#[test]
fn an_evening_that_was_cut_off_can_go_on_where_it_was() {
    let home = Home::new();
    let Some(mut terminal) = Terminal::new(&home, &["talk", "--journal"]) else { return };
    terminal.sees(BEGUN);
    terminal.sees("Guide: ");
    terminal.types("that I never finish anything\r");
    terminal.sees("leaves this open");
    // It is killed, not closed.
    drop(terminal);
    let Some(mut again) = Terminal::new(&home, &["talk", "--journal"]) else { return };
    again.sees("was cut off. Shall it go on from there?");
    again.types("y\n");
    again.sees("It goes on from here");
    again.sees("leaves this open");
    drop(again);
    let kept = home.sessions(&["list"]);
    assert!(kept.starts_with("1: ") && !kept.contains("2: "), "{kept}");
    assert!(home.sessions(&["show", "1"]).contains("that I never finish anything"));
}

#[test]
fn an_answer_that_cannot_be_remembered_holds_for_tonight_and_that_is_said() {
    let home = Home::new();
    std::fs::write(home.path().join(".config"), "a file where a folder should be").expect("written");
    let Some(mut terminal) = Terminal::new(&home, &["talk"]) else { return };
    terminal.sees(QUESTION);
    terminal.types("yes\n");
    terminal.sees("Your answer holds for tonight, but could not be remembered: ");
    terminal.sees("Guide: ");
    drop(terminal);
    assert!(home.sessions(&["list"]).starts_with("1: "));
}

#[test]
fn whoever_goes_without_an_answer_is_asked_another_time() {
    let home = Home::new();
    let Some(mut terminal) = Terminal::new(&home, &["talk"]) else { return };
    terminal.sees(QUESTION);
    terminal.types("\u{4}");
    terminal.sees(BEGUN);
    drop(terminal);
    assert_eq!(kept::files(home.path()), Vec::<std::path::PathBuf>::new());
}

#[test]
fn in_an_exhibition_and_where_it_was_said_already_nobody_is_asked() {
    for (name, value) in [("INNER_ROOM_VENUE", "exhibition"), ("INNER_ROOM_JOURNAL", "false")] {
        let home = Home::new();
        let config = home.path().join("my.toml");
        let key = name.trim_start_matches("INNER_ROOM_").to_lowercase();
        let value = if key == "venue" { format!("\"{value}\"") } else { value.to_owned() };
        std::fs::write(&config, format!("{key} = {value}\n")).expect("written");
        let Some(mut terminal) =
            Terminal::new(&home, &["talk", "--config", config.to_str().expect("a path")])
        else {
            return;
        };
        terminal.sees(BEGUN);
        assert!(!terminal.seen.contains(QUESTION));
        drop(terminal);
        assert_eq!(kept::files(home.path()), [config]);
    }
}

/// What an Ollama answers; to a chat, one line.
fn ollama(seen: &wire::Seen) -> Vec<wire::Step> {
    if seen.head.starts_with("GET /v1/models ") {
        let list = "{\"object\":\"list\",\"data\":[{\"id\":\"llama3.1:8b\",\"object\":\"model\",\"owned_by\":\"library\"}]}";
        return wire::status("200 OK", "", list);
    }
    wire::stream("Yes.")
}

#[test]
fn a_server_on_this_machine_is_asked_about_once_and_sent_nothing_before_the_yes() {
    let Some(server) = wire::WireServer::at(11434, ollama) else {
        kept::skipped("somebody has port 11434 on this machine, where Ollama would be");
        return;
    };
    let args = ["talk", "--journal=false"];
    let looks = |command: &mut Command| {
        command.env_remove("INNER_ROOM_LOCAL_SERVER");
    };
    let (yes, no) = (Home::new(), Home::new());
    let Some(mut terminal) = Terminal::with(&no, &args, looks) else { return };
    terminal.sees("On this machine Ollama is running, with llama3.1:8b. Shall it play the figures?");
    terminal.sees("Enter means no");
    terminal.types("\n");
    terminal.sees("It is left alone");
    terminal.sees(BEGUN);
    drop(terminal);
    let remembered = std::fs::read_to_string(no.config()).expect("remembered");
    assert_eq!(remembered, "local_server = \"no\"\n");
    let Some(mut again) = Terminal::with(&no, &args, looks) else { return };
    again.sees(BEGUN);
    assert!(!again.seen.contains("Shall it play"));
    drop(again);
    let Some(mut terminal) = Terminal::with(&yes, &args, looks) else { return };
    terminal.sees("May it play?");
    assert!(server.seen().is_empty(), "not a word was sent to it");
    terminal.types("y\n");
    terminal.sees("It plays from now on.");
    terminal.sees("The language model llama3.1:8b");
    drop(terminal);
    let remembered = std::fs::read_to_string(yes.config()).expect("remembered");
    assert_eq!(remembered, "local_server = \"http://127.0.0.1:11434/v1\"\n");
    let Some(mut again) = Terminal::with(&yes, &args, looks) else { return };
    again.sees("The language model llama3.1:8b");
    assert!(!again.seen.contains("Shall it play"));
}

#[test]
fn erasing_asks_and_enter_means_no() {
    let home = Home::new();
    home.evening(kept::SCRIPT, 7);
    let Some(mut terminal) = Terminal::new(&home, &["sessions", "delete", "1"]) else { return };
    terminal.sees("Erase session 1 for good?");
    terminal.types("\n");
    terminal.sees("Nothing was erased.");
    drop(terminal);
    assert!(home.sessions(&["list"]).starts_with("1: "));
    let Some(mut terminal) = Terminal::new(&home, &["sessions", "delete", "--all"]) else { return };
    terminal.sees("Erase the one session there is, and nothing else, for good?");
    terminal.types("y\n");
    terminal.sees("Erased: session 1.");
    drop(terminal);
    assert_eq!(home.sessions(&["list"]), "The journal is empty.\n");
}
