//! The journal: nothing without a yes, everything with one, and nothing again after it is erased.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "support/kept.rs"]
mod kept;

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::Child;

use inner_room::cast::story::StoryCast;
use inner_room::dialogue::event::SaidPart;
use inner_room::dialogue::ids::UtteranceId;
use inner_room::dialogue::input::Via;
use inner_room::dialogue::{Control, Effect, Event, Input, Kind, Millis, Session};
use inner_room::host::{Host, Parts};
use inner_room::journal::{About, Journal, Recorder, State, Unfit, Which, export};
use kept::{
    Home, OTHER_SCRIPT, SCRIPT, events_in, files, finish, found_in, refused, say, sentences, skipped, text,
};

const EVENING: [&str; 7] = ["talk", "--script", "-", "--rounds", "4", "--seed", "7"];

#[test]
fn without_a_yes_nothing_is_on_the_disk_and_nothing_is_asked() {
    let home = Home::new();
    for (variable, value) in [("NOTHING", ""), ("INNER_ROOM_JOURNAL", "false")] {
        let output = finish(home.command(EVENING).env(variable, value), SCRIPT);
        assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
        assert!(!text(&output.stdout).contains("Shall the room"), "nobody was asked");
    }
    let kept = home.run(&[&EVENING[..], &["--journal=false"]].concat(), SCRIPT);
    assert!(kept.status.success());
    assert_eq!(files(home.path()), Vec::<std::path::PathBuf>::new());
    assert_eq!(home.sessions(&["list"]), "There is no journal: nothing has been kept.\n");
    assert_eq!(home.sessions(&["list", "--json"]), "[]\n");
    assert_eq!(files(home.path()), Vec::<std::path::PathBuf>::new());
}

#[test]
fn in_an_exhibition_nothing_of_it_exists() {
    let home = Home::new();
    let in_exhibition =
        |args: &[&str]| finish(home.command(args).env("INNER_ROOM_VENUE", "exhibition"), SCRIPT);
    refused(&in_exhibition(&[&EVENING[..], &["--journal"]].concat()), 2, "leave out --journal");
    refused(&in_exhibition(&["sessions", "list"]), 2, "in an exhibition nothing is kept");
    let mut command = home.command(EVENING);
    let output =
        finish(command.env("INNER_ROOM_VENUE", "exhibition").env("INNER_ROOM_JOURNAL", "true"), SCRIPT);
    assert!(output.status.success());
    assert!(text(&output.stderr).contains("In an exhibition nothing is kept"));
    assert_eq!(files(home.path()), Vec::<std::path::PathBuf>::new());
    assert!(!home.path().join(".local").exists(), "not even a folder");
    let log = home.path().join("log.jsonl");
    let events = ["--journal", "--events", log.to_str().expect("a path")];
    refused(&in_exhibition(&[&EVENING[..], &events].concat()), 2, "leave out --journal");
    assert!(!log.exists(), "a call that is refused does nothing");
    home.evening(SCRIPT, 7);
    let erased = text(&in_exhibition(&["sessions", "delete", "--all", "--yes"]).stdout);
    assert_eq!(erased, "Erased: session 1.\n", "what was kept before can still be erased");
}

#[test]
fn an_evening_that_is_kept_reads_as_it_was_shown() {
    let home = Home::new();
    let log = home.path().join("log.jsonl");
    let events = ["--journal", "--events", log.to_str().expect("a path")];
    let output = home.run(&[&EVENING[..], &events].concat(), SCRIPT);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
    let logged: Vec<serde_json::Value> = std::fs::read_to_string(&log)
        .expect("the log")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert!(logged.len() > 100);
    assert_eq!(events_in(&home.data(), 1), logged);
    let (shown, told) = (home.sessions(&["show", "1"]), text(&output.stdout));
    let shown: Vec<&str> = shown.lines().skip(1).collect();
    // What stands before the first word is the program's, not the evening's.
    let told: Vec<&str> = told.lines().skip_while(|line| !line.starts_with("Guide: ")).collect();
    assert_eq!(shown, told);
    let list = home.sessions(&["list"]);
    assert!(list.starts_with("1: ") && list.contains("\"I froze in the meeting on Thursday"), "{list}");
    assert_eq!(list.lines().count(), 1);
    let rows: serde_json::Value = serde_json::from_str(&home.sessions(&["list", "--json"])).expect("JSON");
    assert_eq!((rows[0]["number"].as_i64(), rows[0]["state"].as_str()), (Some(1), Some("ended")));
}

#[test]
fn an_evening_is_the_same_whether_it_is_kept_or_not() {
    let home = Home::new();
    let without = home.run(&EVENING, SCRIPT);
    assert_eq!(text(&home.evening(SCRIPT, 7).stdout), text(&without.stdout));
}

#[test]
fn an_export_is_whole_says_who_made_the_words_and_is_for_its_owner_alone() {
    let home = Home::new();
    home.evening(SCRIPT, 7);
    home.evening(OTHER_SCRIPT, 8);
    let page = home.path().join("evening.md");
    let said = home.sessions(&["export", "1", "--out", page.to_str().expect("a path")]);
    assert!(said.starts_with("Written: "), "{said}");
    let read = std::fs::read_to_string(&page).expect("the page");
    assert!(read.starts_with("# An evening in Inner Room\n"), "{read}");
    assert!(read.contains("words are made by a program"));
    assert!(read.contains("\n**You:** God, that silence. No wonder you keep going back."));
    assert!(!read.contains("my sister"), "only the one that was asked for");
    let all = home.exported();
    assert_eq!(all.len(), 2);
    for (session, number) in all.iter().zip(1..) {
        assert!(session["note"].as_str().is_some_and(|note| note.contains("made by a program")));
        assert_eq!(session["events"].as_array().expect("events"), &events_in(&home.data(), number));
    }
    let one = home.sessions(&["export", "2", "--format", "json"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&one).expect("JSON"), all[1]);
    #[cfg(unix)]
    assert_eq!(mode(&page), 0o600);
    // Written over, the page before is kept, as for every file that is saved.
    home.sessions(&["export", "2", "--out", page.to_str().expect("a path")]);
    assert!(std::fs::read_to_string(&page).expect("the page").contains("my sister"));
    assert_eq!(std::fs::read_to_string(home.path().join("evening.md.last")).expect("the page before"), read);
    let nowhere = home.run(&["sessions", "export", "1", "--out", "/nowhere/evening.md"], "");
    refused(&nowhere, 1, "/nowhere/evening.md could not be saved");
}

#[test]
fn a_number_that_is_not_there_and_an_empty_journal_are_one_clear_line() {
    let home = Home::new();
    for args in [&["show", "3"][..], &["delete", "3", "--yes"], &["export", "3"]] {
        refused(&home.run(&[&["sessions"], args].concat(), ""), 2, "there is no session 3");
    }
    assert_eq!(home.sessions(&["delete", "--all", "--yes"]), "There is nothing to erase.\n");
    home.evening(SCRIPT, 7);
    for args in [&["show", "3"][..], &["delete", "3", "--yes"], &["export", "3"]] {
        refused(&home.run(&[&["sessions"], args].concat(), ""), 2, "there is no session 3");
    }
    refused(&home.run(&["sessions", "delete", "1"], "y\n"), 2, "say --yes");
    refused(&home.run(&["sessions", "delete"], ""), 2, "--all");
    refused(&home.run(&["sessions", "delete", "1", "--all"], ""), 2, "--all");
    refused(&home.run(&["sessions"], ""), 2, "list");
    assert_eq!(home.sessions(&["delete", "1", "--yes"]), "Erased: session 1.\n");
    assert_eq!(home.sessions(&["list"]), "The journal is empty.\n");
    refused(&home.run(&["sessions", "export", "--all"], ""), 2, "nothing to export");
}

#[test]
fn no_sentence_of_an_erased_session_is_left_in_any_file() {
    let home = Home::new();
    for (script, seed) in [(SCRIPT, 7), (OTHER_SCRIPT, 8), (SCRIPT, 9), (OTHER_SCRIPT, 10)] {
        home.evening(script, seed);
    }
    // One that was cut off, with its session beside its events.
    cut_off(&home, &["that I am no good with money", "evenings", "most", "You paid the gas bill in March."]);
    let all = home.exported();
    let (gone, kept): (Vec<_>, Vec<_>) = all.iter().partition(|session| [1, 3, 5].contains(&number(session)));
    let staying: BTreeSet<String> = kept.iter().flat_map(|session| sentences(session)).collect();
    let only = |session: &serde_json::Value| -> BTreeSet<String> {
        sentences(session)
            .into_iter()
            .filter(|piece| !staying.iter().any(|kept| kept.contains(piece)))
            .collect()
    };
    let going: BTreeSet<String> = gone.iter().flat_map(|session| only(session)).collect();
    assert!(going.len() > 40, "there is something to search for: {}", going.len());
    assert_eq!(found_in(&home.data(), &going).len(), going.len(), "before, every one is found");
    for session in &gone {
        home.sessions(&["delete", &number(session).to_string(), "--yes"]);
        assert_eq!(found_in(&home.data(), &only_of(session, &going, &gone)), Vec::<String>::new());
    }
    assert_eq!(found_in(&home.data(), &going), Vec::<String>::new());
    let left = home.exported();
    assert_eq!(left.iter().collect::<Vec<_>>(), kept, "the others are as they were");
    assert_eq!(found_in(&home.data(), &staying).len(), staying.len());
    home.sessions(&["delete", "--all", "--yes"]);
    assert_eq!(found_in(&home.data(), &staying), Vec::<String>::new());
    home.evening(SCRIPT, 7);
    assert_eq!(number(&home.exported()[0]), 6, "no number is given twice");
}

fn number(session: &serde_json::Value) -> i64 {
    session["number"].as_i64().expect("a number")
}

/// Sentences that no session still in the journal has: those of `session` that come in no later one of `gone`.
fn only_of(
    session: &serde_json::Value,
    going: &BTreeSet<String>,
    gone: &[&serde_json::Value],
) -> BTreeSet<String> {
    let later: BTreeSet<String> = gone
        .iter()
        .filter(|other| number(other) > number(session))
        .flat_map(|other| sentences(other))
        .collect();
    let mine = sentences(session);
    going
        .iter()
        .filter(|piece| mine.contains(*piece) && !later.iter().any(|other| other.contains(*piece)))
        .cloned()
        .collect()
}

/// An evening that answers these lines from a pipe, and is then waiting for the next.
fn waiting(home: &Home, lines: &[&str]) -> Child {
    let mut child = home.command(["talk", "--journal", "--seed", "11"]).spawn().expect("the program starts");
    for line in lines {
        say(&mut child, line);
    }
    let last = format!("You: {}", lines.last().expect("a line"));
    let mut out = BufReader::new(child.stdout.take().expect("an output"));
    let mut line = String::new();
    while line.trim_end() != last {
        line.clear();
        assert!(out.read_line(&mut line).expect("read") > 0, "it ended before it said {last}");
    }
    // What it says until it waits again fits into the pipe.
    child.stdout = Some(out.into_inner());
    child
}

/// The same, cut off.
fn cut_off(home: &Home, lines: &[&str]) {
    let mut child = waiting(home, lines);
    child.kill().expect("killed");
    child.wait().expect("it is gone");
}

#[test]
fn what_was_cut_off_is_closed_kindly_and_nothing_of_it_is_lost() {
    let home = Home::new();
    cut_off(&home, &["that I am lazy", "mornings", "half", "No wonder you are tired."]);
    assert!(home.sessions(&["list"]).contains("it was cut off"));
    let output = home.evening(SCRIPT, 7);
    let said = text(&output.stderr);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("Session 1, of ") && said.contains("inner-room sessions show 1"), "{said}");
    let shown = home.sessions(&["show", "1"]);
    assert!(shown.contains("You: No wonder you are tired."), "{shown}");
    let closed = &home.exported()[0];
    assert_eq!(
        (closed["state"].as_str(), closed["closed"]["why"].as_str()),
        (Some("closed"), Some("cut_off"))
    );
    assert_eq!(snapshots(&home), 0, "what was there to go on with is gone with it");
    assert!(home.evening(OTHER_SCRIPT, 8).stderr.is_empty(), "it is said once");
    let locks = files(&home.data()).into_iter().filter(|file| file.to_string_lossy().contains("session-"));
    assert_eq!(locks.count(), 0, "no lock is left over");
}

fn snapshots(home: &Home) -> i64 {
    let connection = rusqlite::Connection::open(home.data().join("journal.db")).expect("it opens");
    connection.query_row("SELECT count(*) FROM snapshots", [], |row| row.get(0)).expect("it counts")
}

#[test]
fn two_copies_at_once_leave_each_other_alone_and_erasing_reaches_the_one_that_runs() {
    let home = Home::new();
    let mut first = waiting(&home, &["that I am lazy", "mornings", "half", "No wonder you are tired."]);
    assert!(home.sessions(&["list"]).contains("1: "), "it is there while it runs");
    assert!(home.sessions(&["list"]).contains("it is being held right now"));
    let second = home.evening(SCRIPT, 7);
    assert!(second.stderr.is_empty(), "the one that runs is not taken for one that was cut off");
    assert_eq!(home.exported().len(), 2);
    let mine = sentences(&home.exported()[0]);
    let said = home.sessions(&["delete", "1", "--yes"]);
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("Session 1 is being held right now; it goes on"), "{said}");
    let theirs = sentences(&home.exported()[0]);
    let only: BTreeSet<String> =
        mine.into_iter().filter(|piece| !theirs.iter().any(|other| other.contains(piece))).collect();
    assert!(!only.is_empty());
    say(&mut first, "I am here, and I will not keep this one.");
    drop(first.stdin.take());
    let mut told = String::new();
    first.stdout.take().expect("an output").read_to_string(&mut told).expect("read");
    assert!(first.wait().expect("it ends").success());
    assert_eq!(told.matches("Nothing more of this evening is kept").count(), 1, "{told}");
    assert!(told.contains("You: I am here, and I will not keep this one."), "{told}");
    assert!(told.contains("The evening is over."), "{told}");
    assert_eq!(found_in(&home.data(), &only), Vec::<String>::new());
    let after = BTreeSet::from(["I will not keep this one".to_owned()]);
    assert_eq!(found_in(&home.data(), &after), Vec::<String>::new());
    assert_eq!(home.exported().len(), 1);
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_it_and_what_was_wider_is_tightened() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    let check = |wide: &str| {
        let mut shell = std::process::Command::new("sh");
        home.settle(&mut shell);
        let program = env!("CARGO_BIN_EXE_inner-room");
        shell.args(["-c", &format!("umask {wide}; exec '{program}' talk --journal --seed 11")]);
        let mut child = shell.spawn().expect("it starts");
        say(&mut child, "that I am lazy");
        let mut out = BufReader::new(child.stdout.take().expect("an output"));
        let mut line = String::new();
        while line.trim_end() != "You: that I am lazy" {
            line.clear();
            assert!(out.read_line(&mut line).expect("read") > 0, "it ended early");
        }
        assert_eq!(mode(&home.data()), 0o700);
        let names: Vec<_> = files(&home.data());
        for ending in ["journal.db", "journal.db-wal", "journal.db-shm", ".lock"] {
            assert!(names.iter().any(|file| file.to_string_lossy().ends_with(ending)), "{ending}: {names:?}");
        }
        for file in names {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
        child.kill().expect("killed");
        child.wait().expect("gone");
    };
    check("000");
    for file in files(&home.data()) {
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).expect("widened");
    }
    std::fs::set_permissions(home.data(), std::fs::Permissions::from_mode(0o755)).expect("widened");
    check("022");
    // A folder in which the person keeps other things is not taken away from whoever may read them.
    let shared = home.path().join("shared");
    std::fs::create_dir(&shared).expect("made");
    std::fs::set_permissions(&shared, std::fs::Permissions::from_mode(0o755)).expect("set");
    std::fs::write(shared.join("photo.jpg"), "").expect("written");
    let output = finish(home.command(EVENING).arg("--journal").env("INNER_ROOM_DATA_DIR", &shared), SCRIPT);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
    assert_eq!((mode(&shared), mode(&shared.join("journal.db"))), (0o755, 0o600));
}

/// A journal with one evening in it, as bytes.
fn journal_bytes() -> (Vec<u8>, Vec<serde_json::Value>) {
    let home = Home::new();
    home.evening(OTHER_SCRIPT, 7);
    let bytes = std::fs::read(home.data().join("journal.db")).expect("the journal");
    (bytes, events_in(&home.data(), 1))
}

fn foreign_file(version: i32, application: i32) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    let connection = rusqlite::Connection::open(&path).expect("made");
    let all = format!(
        "CREATE TABLE theirs (words TEXT); INSERT INTO theirs VALUES ('not ours');
         PRAGMA application_id = {application}; PRAGMA user_version = {version}"
    );
    connection.execute_batch(&all).expect("filled");
    drop(connection);
    std::fs::read(path).expect("read")
}

#[test]
fn a_file_that_is_no_journal_is_set_aside_and_named_and_a_new_one_is_begun() {
    let (whole, _) = journal_bytes();
    let mut newer = whole.clone();
    newer[60..64].copy_from_slice(&99_i32.to_be_bytes());
    let cases = [
        ("is damaged", b"this is a letter, and no database at all".to_vec()),
        ("is damaged", whole[..whole.len() / 2].to_vec()),
        ("is damaged", whole[..100].to_vec()),
        ("belongs to another program", foreign_file(0, 0)),
        ("belongs to another program", foreign_file(1, 77)),
        ("was written by a newer version of this program", newer),
    ];
    for (why, bytes) in cases {
        let home = Home::new();
        std::fs::create_dir_all(home.data()).expect("made");
        std::fs::write(home.data().join("journal.db"), &bytes).expect("written");
        refused(&home.run(&["sessions", "list"], ""), 1, why);
        refused(&home.run(&["sessions", "delete", "1", "--yes"], ""), 1, why);
        assert_eq!(
            std::fs::read(home.data().join("journal.db")).expect("there"),
            bytes,
            "looking changes nothing"
        );
        let said = text(&home.evening(SCRIPT, 7).stderr);
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains(&format!("The journal that was there {why}; it is kept as ")), "{said}");
        let aside: Vec<_> = files(&home.data())
            .into_iter()
            .filter(|file| file.to_string_lossy().contains("journal.db.set-aside-"))
            .collect();
        assert_eq!(aside.len(), 1, "{aside:?}");
        assert!(said.contains(aside[0].to_str().expect("a path")));
        assert_eq!(std::fs::read(&aside[0]).expect("there"), bytes, "{why}: not a byte of it is changed");
        let list = home.sessions(&["list"]);
        assert!(list.starts_with("1: ") && list.contains("journal.db.set-aside-"), "{list}");
        assert!(home.evening(OTHER_SCRIPT, 8).stderr.is_empty(), "it is said once");
        let erased = home.sessions(&["delete", "--all", "--yes"]);
        assert!(erased.contains("journal.db.set-aside-"), "{erased}");
        assert!(!aside[0].exists());
    }
}

#[test]
fn all_of_it_can_be_erased_where_the_journal_itself_is_damaged() {
    let home = Home::new();
    std::fs::create_dir_all(home.data()).expect("made");
    std::fs::write(home.data().join("journal.db"), "a secret, and no database").expect("written");
    refused(&home.run(&["sessions", "delete", "--all"], ""), 2, "say --yes");
    let said = home.sessions(&["delete", "--all", "--yes"]);
    assert!(said.contains("Erased: ") && said.contains("set-aside"), "{said}");
    assert_eq!(found_in(&home.data(), &BTreeSet::from(["a secret".to_owned()])), Vec::<String>::new());
}

#[test]
fn a_file_cut_or_changed_anywhere_gives_a_true_beginning_or_is_set_aside() {
    let (whole, events) = journal_bytes();
    let mut chance = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = |below: usize| {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        usize::try_from(chance % below as u64).expect("it fits")
    };
    let mut seen = (0, 0);
    for at in 0..240 {
        let mut bytes = whole.clone();
        if at % 2 == 0 {
            bytes.truncate(draw(whole.len()));
        } else {
            let place = draw(whole.len());
            bytes[place] ^= 1 << draw(8);
        }
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("journal.db"), &bytes).expect("written");
        let (journal, aside) = Journal::open(folder.path()).expect("it opens");
        if let Some(aside) = aside {
            assert_eq!(std::fs::read(&aside.path).expect("there"), bytes);
            seen.0 += 1;
        } else {
            seen.1 += 1;
        }
        for session in journal.sessions().expect("it reads") {
            let read: Vec<serde_json::Value> =
                export::to_json(&session, "")["events"].as_array().expect("events").clone();
            // A bit that changed inside a word is a word; everything before it is as it was.
            let same = read.iter().zip(&events).take_while(|(read, was)| read == was).count();
            assert!(at % 2 == 1 || same == read.len(), "{at}: a file that was cut gives no other words");
        }
    }
    assert!(seen.0 > 60 && seen.1 > 20, "both happen: {seen:?}");
}

#[test]
fn after_an_event_that_cannot_be_read_the_beginning_is_shown_and_the_rest_is_said() {
    let home = Home::new();
    home.evening(SCRIPT, 7);
    let connection = rusqlite::Connection::open(home.data().join("journal.db")).expect("it opens");
    connection.execute("UPDATE events SET event = '{\"v\":' WHERE seq = 60", []).expect("damaged");
    drop(connection);
    let shown = home.sessions(&["show", "1"]);
    assert!(
        shown.contains("You: I froze in the meeting") && !shown.contains("The evening is over."),
        "{shown}"
    );
    assert!(shown.ends_with("What came after this cannot be read any more.\n"), "{shown}");
    let session = &home.exported()[0];
    assert_eq!(session["events"].as_array().expect("events").len(), 60);
    assert!(session["unreadable"].as_u64().is_some_and(|count| count > 50));
}

/// Where the journal cannot be, the evening is held all the same, and that is said in one line.
fn cannot_be_kept(data: &Path) {
    let home = Home::new();
    let told = home.run(&EVENING, SCRIPT).stdout;
    let output = finish(home.command(EVENING).arg("--journal").env("INNER_ROOM_DATA_DIR", data), SCRIPT);
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("This evening cannot be kept: "), "{said}");
    assert_eq!(text(&output.stdout), text(&told), "the evening is the same");
}

#[test]
fn in_a_folder_that_cannot_be_made_the_evening_is_held_without_a_journal() {
    let home = Home::new();
    let file = home.path().join("file");
    std::fs::write(&file, "").expect("written");
    cannot_be_kept(&file.join("folder"));
    cannot_be_kept(&home.path().join("n".repeat(300)));
    if Path::new("/proc/self").exists() {
        cannot_be_kept(Path::new("/proc/inner-room"));
    }
}

/// A small disk, for as long as this lives.
#[cfg(target_os = "linux")]
struct Disk {
    folder: tempfile::TempDir,
}

#[cfg(target_os = "linux")]
impl Disk {
    fn new(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "inner-room-test"])
            .arg(folder.path())
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self { folder });
        }
        skipped("no file system can be mounted here (that needs root)");
        None
    }

    fn again(&self, options: &str) {
        let mut mount = std::process::Command::new("mount");
        let done = mount.args(["-o", options]).arg(self.folder.path()).status().expect("mount runs");
        assert!(done.success());
    }
}

#[cfg(target_os = "linux")]
impl Drop for Disk {
    fn drop(&mut self) {
        std::process::Command::new("umount").arg(self.folder.path()).status().expect("umount runs");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_disk_that_may_only_be_read_the_evening_is_held_and_what_is_there_stays() {
    let Some(disk) = Disk::new("size=4m,mode=700") else { return };
    let home = Home::new();
    let data = disk.folder.path().join("data");
    let on_disk =
        |args: &[&str], input: &str| finish(home.command(args).env("INNER_ROOM_DATA_DIR", &data), input);
    assert!(on_disk(&[&EVENING[..], &["--journal"]].concat(), OTHER_SCRIPT).status.success());
    disk.again("remount,ro");
    cannot_be_kept(&data);
    cannot_be_kept(&disk.folder.path().join("other"));
    let erase = on_disk(&["sessions", "delete", "1", "--yes"], "");
    assert_eq!(erase.status.code(), Some(1));
    assert_eq!(text(&erase.stderr).lines().count(), 1, "{}", text(&erase.stderr));
    disk.again("remount,rw");
    let shown = text(&on_disk(&["sessions", "show", "1"], "").stdout);
    assert!(shown.contains("You: that my sister stopped answering"), "{shown}");
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_disk_of_one_megabyte_that_fills_up_nothing_is_torn_and_erasing_makes_room() {
    let Some(disk) = Disk::new("size=1m,mode=700") else { return };
    let home = Home::new();
    let data = disk.folder.path().join("data");
    let with_data =
        |args: &[&str], input: &str| finish(home.command(args).env("INNER_ROOM_DATA_DIR", &data), input);
    let (mut well, mut full) = (0, 0);
    for round in 0..16 {
        let output = with_data(&[&EVENING[..], &["--journal"]].concat(), SCRIPT);
        assert!(output.status.success());
        let (told, said) = (text(&output.stdout), text(&output.stderr));
        assert!(told.contains("The evening is over."));
        let lines = told.matches("Nothing more of this evening is kept: the disk is full.").count();
        let cannot = said.matches("This evening cannot be kept: ").count();
        assert!(lines + cannot <= 1 && said.lines().count() <= 1, "round {round}: {told}{said}");
        if lines + cannot == 0 {
            well += 1;
        } else {
            full += 1;
        }
        let list = with_data(&["sessions", "list", "--json"], "");
        assert!(list.status.success(), "round {round}: {}", text(&list.stderr));
    }
    assert!(well > 0 && full > 0, "it filled up: {well} well, {full} full");
    let erased = with_data(&["sessions", "delete", "--all", "--yes"], "");
    assert!(erased.status.success(), "{}", text(&erased.stderr));
    let again = with_data(&[&EVENING[..], &["--journal"]].concat(), SCRIPT);
    assert!(!text(&again.stdout).contains("Nothing more of this evening is kept"));
    let rows: serde_json::Value =
        serde_json::from_slice(&with_data(&["sessions", "list", "--json"], "").stdout).expect("JSON");
    assert_eq!(rows.as_array().expect("rows").len(), 1);
    let number = rows[0]["number"].as_i64().expect("a number");
    assert_eq!(events_in(&data, number).len(), events_in_home(&home).len());
}

#[cfg(target_os = "linux")]
fn events_in_home(home: &Home) -> Vec<serde_json::Value> {
    home.evening(SCRIPT, 7);
    events_in(&home.data(), 1)
}

fn begun(folder: &Path) -> (Recorder, Session, Vec<Event>) {
    let (journal, aside) = Journal::open(folder).expect("it opens");
    assert_eq!(aside, None);
    let mut recorder = journal.record(&About::default()).expect("it begins");
    let mut session = Session::default();
    let mut all = Vec::new();
    for (at, input) in
        [Input::Begin(Box::default()), Input::Intake("that I am lazy".to_owned())].into_iter().enumerate()
    {
        let events: Vec<Event> = session
            .handle(input, Millis(at as u64 * 1_000))
            .into_iter()
            .filter_map(|effect| if let Effect::Record(event) = effect { Some(event) } else { None })
            .collect();
        recorder.write(&events, &session).expect("written");
        all.extend(events);
    }
    (recorder, session, all)
}

#[test]
fn a_session_that_was_cut_off_can_be_taken_up_where_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let (recorder, session, events) = begun(folder.path());
    let (journal, _) = Journal::open(folder.path()).expect("it opens");
    assert_eq!(journal.session(1).expect("it is there").state, State::Running);
    assert!(journal.cut_off().expect("it reads").is_empty(), "one that runs is not taken");
    drop(recorder);
    let found = journal.cut_off().expect("it reads").pop().expect("it was cut off");
    assert!(journal.cut_off().expect("it reads").is_empty(), "it is held by whoever found it");
    let (mut recorder, taken_up) = journal.take_up(found).expect("there is something to go on from");
    assert_eq!(serde_json::to_value(&taken_up).expect("JSON"), serde_json::to_value(&session).expect("JSON"));
    assert_eq!(taken_up.view().seq, events.len() as u64);
    let again = recorder.write(&events, &taken_up).expect_err("an event that is there is not written twice");
    assert!(!again.to_string().is_empty());
    drop(recorder);
    let (journal, _) = Journal::open(folder.path()).expect("it opens");
    assert_eq!(journal.session(1).expect("it is there").events, events);
}

#[test]
fn a_session_in_which_nothing_had_happened_is_forgotten() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, _) = Journal::open(folder.path()).expect("it opens");
    drop(journal.record(&About::default()).expect("it begins"));
    let (mut journal, _) = Journal::open(folder.path()).expect("it opens");
    let found = journal.cut_off().expect("it reads").pop().expect("it was cut off");
    assert!(!journal.close(&found).expect("closed"));
    assert_eq!(journal.sessions().expect("it reads"), []);
}

#[test]
fn a_session_that_is_erased_while_it_runs_is_told_once_and_written_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut recorder, session, events) = begun(folder.path());
    let (mut journal, _) = Journal::open(folder.path()).expect("it opens");
    let erased = journal.erase(Which::One(1)).expect("erased");
    assert_eq!((erased.sessions, erased.running), (vec![1], vec![1]));
    let error = recorder.write(&events[..1], &session).expect_err("it is gone");
    assert!(error.to_string().contains("erased"), "{error}");
    recorder.write(&events[1..], &session).expect("it is said once");
    drop(recorder);
    assert_eq!(journal.sessions().expect("it reads"), []);
    assert_eq!(Unfit::Damaged.to_string(), "is damaged");
}

#[test]
fn a_damaged_settings_file_is_said_and_the_last_good_one_is_used() {
    let home = Home::new();
    std::fs::create_dir_all(home.config().parent().expect("a folder")).expect("made");
    std::fs::write(home.config(), "journal = tr").expect("written");
    refused(&home.run(&EVENING, SCRIPT), 2, "config.toml, line 1: journal:");
    std::fs::write(home.config().with_extension("toml.last"), "journal = true\n").expect("written");
    let output = home.run(&EVENING, SCRIPT);
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("config.toml, line 1: journal:") && said.contains("config.toml.last"), "{said}");
    assert_eq!(home.exported().len(), 1, "the evening is kept, as the last good settings say");
    let named = home.config();
    let args = ["--config", named.to_str().expect("a path")];
    refused(&home.run(&[&EVENING[..], &args].concat(), SCRIPT), 2, "config.toml, line 1:");
    std::fs::write(home.config(), "").expect("written");
    assert!(home.run(&EVENING, SCRIPT).stderr.is_empty(), "an empty file is no settings");
    assert_eq!(home.exported().len(), 1);
}

/// An event of a session in which somebody says this.
fn says(seq: u64, text: String) -> Event {
    let (utterance, via, part) = (UtteranceId(seq), Via::Keys, SaidPart::Comfort);
    Event { v: 1, seq, at_ms: seq, turn: 0, kind: Kind::Said { utterance, text, via, part } }
}

#[test]
fn sessions_that_grew_into_each_other_can_be_erased_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || Journal::open(folder.path()).expect("it opens").0;
    let mut recorders: Vec<_> =
        (0..4).map(|_| open().record(&About::default()).expect("it begins")).collect();
    let session = Session::default();
    let words = |number: usize, seq: u64| {
        format!(
            "sentence {seq} of evening {number}, {}",
            "and on ".repeat(usize::try_from(seq * 7 % 60).expect("few"))
        )
    };
    for seq in 0..250 {
        for (recorder, number) in recorders.iter_mut().zip(1..) {
            // Some say little at a time, and some much.
            if seq % (number as u64) == 0 {
                recorder.write([&says(seq / number as u64, words(number, seq))], &session).expect("written");
            }
        }
    }
    drop(recorders);
    let of = |number: usize| {
        let said = (0..250).filter(|seq| seq % (number as u64) == 0);
        said.map(|seq| format!("sentence {seq} of evening {number}")).collect::<BTreeSet<String>>()
    };
    for number in [2, 1, 4] {
        assert_eq!(found_in(folder.path(), &of(number)).len(), of(number).len());
        open().erase(Which::One(i64::try_from(number).expect("few"))).expect("erased");
        assert_eq!(found_in(folder.path(), &of(number)), Vec::<String>::new());
    }
    let left = open().session(3).expect("it is there");
    assert_eq!((left.events.len(), found_in(folder.path(), &of(3)).len()), (84, 84));
}

fn parts(journal: Recorder) -> Parts {
    Parts { journal: Some(journal), ..Parts::of(Box::new(StoryCast::new().expect("the material"))) }
}

#[test]
fn a_host_goes_on_with_a_session_that_was_cut_off_and_the_journal_goes_on_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || Journal::open(folder.path()).expect("it opens").0;
    let mut host = Host::new(parts(open().record(&About::default()).expect("it begins")));
    let mut shown = host.feed(Input::Begin(Box::default()), Millis(0));
    shown.extend(host.feed(Input::Intake("that I am lazy".to_owned()), Millis(1_000)));
    assert_eq!(
        open().session(1).expect("it is there").events,
        shown,
        "what is returned is in the journal already"
    );
    drop(host);
    let found = open().cut_off().expect("it reads").pop().expect("it was cut off");
    let (recorder, session) = open().take_up(found).expect("there is something to go on from");
    let mut host = Host::resume(parts(recorder), session);
    assert_eq!(host.view().seq, shown.len() as u64);
    shown.extend(host.feed(Input::Control(Control::Stop), Millis(2_000)));
    drop(host);
    let kept = open().session(1).expect("it is there").events;
    assert_eq!(kept, shown, "one evening, without a gap");
}

#[test]
fn what_was_typed_and_taken_back_is_never_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = Journal::open(folder.path()).expect("it opens").0;
    let mut host = Host::new(parts(journal.record(&About::default()).expect("it begins")));
    host.feed(Input::Begin(Box::default()), Millis(0));
    let utterance = UtteranceId(1);
    host.feed(Input::Draft { utterance, text: "nobody is to read this".to_owned() }, Millis(1_000));
    host.feed(Input::Draft { utterance, text: String::new() }, Millis(2_000));
    host.feed(Input::Intake("that I am lazy".to_owned()), Millis(3_000));
    let said = |text: &str| found_in(folder.path(), &BTreeSet::from([text.to_owned()])).len();
    assert_eq!((said("that I am lazy"), said("nobody is to read")), (1, 0));
}
