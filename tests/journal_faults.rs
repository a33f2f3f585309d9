//! The journal when the disk fails and when the program is killed: nothing that was on the screen is lost, nothing is
//! torn, and one line says what happened.

#![cfg(target_os = "linux")]
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails; what was measured is said"
)]

#[path = "support/kept.rs"]
mod kept;

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use inner_room::config::remember;
use inner_room::config::save::last_copy;
use inner_room::journal::Journal;
use kept::{Home, OTHER_SCRIPT, SCRIPT, assert_prefix, events_in, finish, skipped, text};

/// Does a number of things, a few at a time.
fn each<T: Sync>(all: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(one);
                }
            });
        }
    });
}

/// Numbers that are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

/// The events of the only session, or none; the journal must be sound and no file set aside.
fn kept_events(data: &Path) -> Vec<serde_json::Value> {
    if !data.join("journal.db").exists() {
        return Vec::new();
    }
    let (journal, aside) = Journal::open(data).expect("it opens");
    assert_eq!(aside, None, "it is still a journal");
    let sessions = journal.sessions().expect("it reads");
    assert!(sessions.len() <= 1);
    sessions.first().map(|session| events_in(data, session.number)).unwrap_or_default()
}

/// What stands on the screen for these events, of what was said.
fn spoken(events: &[serde_json::Value]) -> Vec<String> {
    let speaker = |event: &serde_json::Value| match event["agent"].as_str() {
        Some("trigger") => "Window",
        Some("devil") => "Devil",
        Some("patient") => "Your hurt self",
        Some("guide") => "Guide",
        _ => "You",
    };
    events
        .iter()
        .filter(|event| event["kind"] == "line" || event["kind"] == "said")
        .map(|event| format!("{}: {}", speaker(event), event["text"].as_str().expect("a text")))
        .collect()
}

fn spoken_on(screen: &str) -> Vec<String> {
    let speakers = ["Window: ", "Devil: ", "Your hurt self: ", "Guide: ", "You: "];
    let said = |line: &&str| speakers.iter().any(|speaker| line.starts_with(speaker));
    screen.lines().filter(said).map(str::to_owned).collect()
}

#[test]
fn killed_at_two_hundred_moments_nothing_that_was_on_the_screen_is_lost() {
    let evening = ["talk", "--script", "-", "--journal", "--rounds", "2", "--seed", "7"];
    let undisturbed = Home::new();
    let whole = undisturbed.run(&evening, SCRIPT);
    let all = kept_events(&undisturbed.data());
    let lines = text(&whole.stdout).lines().count() as u64;
    assert!(lines > 30 && all.len() > 100, "{lines} {}", all.len());
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    // So many lines are read, then so many microseconds pass, and it is killed.
    let moments: Vec<(u64, u64)> = (0..200).map(|_| (chance.below(lines), chance.below(4_000))).collect();
    let (cut, early) = (AtomicUsize::new(0), AtomicUsize::new(0));
    each(&moments, |&(line, pause)| {
        let home = Home::new();
        let log = home.path().join("log.jsonl");
        let mut command = home.command(evening);
        let mut child = command.arg("--events").arg(&log).spawn().expect("it starts");
        std::io::Write::write_all(&mut child.stdin.take().expect("an input"), SCRIPT.as_bytes())
            .expect("written");
        let mut out = BufReader::new(child.stdout.take().expect("an output"));
        let mut screen = String::new();
        for _ in 0..line {
            out.read_line(&mut screen).expect("read");
        }
        std::thread::sleep(Duration::from_micros(pause));
        child.kill().expect("killed");
        child.wait().expect("it is gone");
        // What it had printed before it was killed is still in the pipe.
        out.read_to_string(&mut screen).expect("read");
        let events = kept_events(&home.data());
        let context = format!("killed {pause} µs after line {line}");
        assert_prefix(&all, &events, &context);
        let (printed, kept) = (spoken_on(&screen), spoken(&events));
        assert!(kept.starts_with(&printed), "{context}: {printed:?} was on the screen, {kept:?} is kept");
        let logged = std::fs::read_to_string(&log).unwrap_or_default();
        let logged: Vec<serde_json::Value> = logged
            .split_inclusive('\n')
            .filter_map(|line| serde_json::from_str(line.strip_suffix('\n')?).ok())
            .collect();
        assert_prefix(&events, &logged, &format!("{context}, the event log"));
        if events.len() < all.len() {
            cut.fetch_add(1, Ordering::Relaxed);
        }
        if events.is_empty() {
            early.fetch_add(1, Ordering::Relaxed);
        }
    });
    let (cut, early) = (cut.into_inner(), early.into_inner());
    println!("killed 200 times: {cut} in the middle, {early} of them before the first event");
    assert!(cut > 150, "most are killed in the middle: {cut}");
}

/// Makes one call fail: see `support/fail_nth.c`.
struct Faults {
    folder: tempfile::TempDir,
}

/// How a call fails.
#[derive(Clone, Copy, Debug)]
struct Fault {
    at: usize,
    how: &'static str,
    on: bool,
}

impl Faults {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/fail_nth.c");
        let mut compiler = Command::new("cc");
        compiler
            .args(["-O2", "-shared", "-fPIC", "-o"])
            .arg(folder.path().join("fail_nth.so"))
            .arg(source)
            .arg("-ldl");
        match compiler.output() {
            Ok(output) if output.status.success() => Some(Self { folder }),
            Ok(output) => {
                skipped(&format!("calls cannot be made to fail here: {}", text(&output.stderr).trim()));
                None
            }
            Err(error) => {
                skipped(&format!("there is no C compiler here: {error}"));
                None
            }
        }
    }

    fn settle<'a>(&self, command: &'a mut Command, watched: &Path, fault: Option<Fault>) -> &'a mut Command {
        command.env("LD_PRELOAD", self.folder.path().join("fail_nth.so")).env("FAIL_FOLDER", watched);
        if let Some(fault) = fault {
            command.env("FAIL_AT", fault.at.to_string()).env("FAIL_HOW", fault.how);
            if fault.on {
                command.env("FAIL_ON", "1");
            }
        }
        command
    }

    /// Every fault that this command can meet in the folder: it is run once, undisturbed, to count.
    fn every(&self, command: &mut Command, input: &str, watched: &Path) -> Vec<Fault> {
        let log = self.folder.path().join("calls");
        let output = finish(self.settle(command, watched, None).env("FAIL_LOG", &log), input);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let calls = std::fs::read_to_string(&log).expect("something was written");
        std::fs::remove_file(&log).expect("removed");
        let mut all = Vec::new();
        for (call, at) in calls.lines().zip(1..) {
            for on in [false, true] {
                all.push(Fault { at, how: "enospc", on });
                all.push(Fault { at, how: "eio", on });
                // Only a write can be short.
                if call.contains("write") {
                    all.push(Fault { at, how: "short", on });
                }
            }
        }
        println!("{} calls, {} faults", calls.lines().count(), all.len());
        all
    }
}

/// How often the person was told, on either way.
fn told(output: &Output) -> usize {
    let screen = text(&output.stdout).matches("(Nothing more of this evening is kept: ").count();
    screen + text(&output.stderr).lines().count()
}

#[test]
fn whichever_write_of_an_evening_fails_it_is_said_once_and_what_is_kept_is_a_true_beginning() {
    let Some(faults) = Faults::new() else { return };
    let evening = ["talk", "--journal", "--seed", "7"];
    let input = "that I am lazy\n";
    let undisturbed = Home::new();
    let all_faults = faults.every(&mut undisturbed.command(evening), input, &undisturbed.data());
    let all = kept_events(&undisturbed.data());
    assert!(all_faults.len() > 200 && all.iter().any(|event| event["kind"] == "end"));
    let lost = AtomicUsize::new(0);
    each(&all_faults, |&fault| {
        let home = Home::new();
        let output = finish(faults.settle(&mut home.command(evening), &home.data(), Some(fault)), input);
        let context = format!("{fault:?}: {}{}", text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{context}");
        assert!(text(&output.stdout).contains("The evening is over."), "{context}");
        let events = kept_events(&home.data());
        assert_prefix(&all, &events, &context);
        if events.len() < all.len() {
            assert_eq!(told(&output), 1, "{context}");
            lost.fetch_add(1, Ordering::Relaxed);
        } else {
            assert!(told(&output) <= 1, "{context}");
        }
    });
    println!("{} faults cost part of the journal", lost.load(Ordering::Relaxed));
    assert!(lost.into_inner() > 50);
}

#[test]
fn a_fault_in_the_middle_of_a_long_evening_costs_only_what_comes_after_it() {
    let Some(faults) = Faults::new() else { return };
    let evening = ["talk", "--script", "-", "--journal", "--rounds", "4", "--seed", "7"];
    let undisturbed = Home::new();
    let all_faults = faults.every(&mut undisturbed.command(evening), SCRIPT, &undisturbed.data());
    let all = kept_events(&undisturbed.data());
    let some: Vec<Fault> = all_faults.iter().step_by(all_faults.len() / 30).copied().collect();
    each(&some, |&fault| {
        let home = Home::new();
        let output = finish(faults.settle(&mut home.command(evening), &home.data(), Some(fault)), SCRIPT);
        let context = format!("{fault:?}: {}{}", text(&output.stdout), text(&output.stderr));
        assert!(output.status.success() && told(&output) <= 1, "{context}");
        let events = kept_events(&home.data());
        assert_prefix(&all, &events, &context);
        assert!(told(&output) == 1 || events.len() == all.len(), "{context}");
        let kept = spoken(&events);
        let screen = text(&output.stdout);
        let before = screen.split("(Nothing more of this evening is kept: ").next().unwrap_or_default();
        // What the step in which it failed had to say is on the screen before the line that says so.
        let printed = spoken_on(before);
        assert!(!text(&output.stderr).is_empty() || kept.len() + 3 >= printed.len(), "{context}");
    });
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for file in kept::files(from) {
        std::fs::copy(&file, to.join(file.file_name().expect("a name"))).expect("copied");
    }
}

#[test]
fn whichever_write_of_an_erasure_fails_a_session_is_whole_or_gone_and_the_others_are_whole() {
    let Some(faults) = Faults::new() else { return };
    let made = Home::new();
    made.evening(SCRIPT, 7);
    made.evening(OTHER_SCRIPT, 8);
    let (first, second) = (events_in(&made.data(), 1), events_in(&made.data(), 2));
    let erase = ["sessions", "delete", "1", "--yes"];
    let counted = Home::new();
    copy(&made.data(), &counted.data());
    let all_faults = faults.every(&mut counted.command(erase), "", &counted.data());
    each(&all_faults, |&fault| {
        let home = Home::new();
        copy(&made.data(), &home.data());
        let output = finish(faults.settle(&mut home.command(erase), &home.data(), Some(fault)), "");
        let context = format!("{fault:?}: {}{}", text(&output.stdout), text(&output.stderr));
        assert!(text(&output.stderr).lines().count() <= 1, "{context}");
        assert_eq!(output.status.success(), output.stderr.is_empty(), "{context}");
        assert_eq!(events_in(&home.data(), 2), second, "{context}");
        let left = events_in(&home.data(), 1);
        assert!(left.is_empty() || !output.status.success(), "{context}: it says that it is erased");
        assert_prefix(&first, &left, &context);
        // Once the disk is well again, the same command does it.
        let again = finish(&mut home.command(erase), "");
        assert!(matches!(again.status.code(), Some(0 | 2)), "{context}: {}", text(&again.stderr));
        let mine: std::collections::BTreeSet<String> = spoken(&first)
            .iter()
            .filter_map(|line| line.split_once(": ").map(|(_, said)| said.to_owned()))
            .filter(|said| {
                said.len() > 9
                    && !said.contains('"')
                    && !spoken(&second).iter().any(|line| line.contains(said.as_str()))
            })
            .collect();
        assert!(mine.len() > 10);
        assert_eq!(kept::found_in(&home.data(), &mine), Vec::<String>::new(), "{context}");
    });
}

#[test]
fn whichever_write_of_an_export_fails_the_file_is_the_old_one_or_the_new_one() {
    let Some(faults) = Faults::new() else { return };
    let home = Home::new();
    home.evening(SCRIPT, 7);
    let new = home.sessions(&["export", "1"]);
    let export =
        |out: &Path| home.command(["sessions", "export", "1", "--out", out.to_str().expect("a path")]);
    let place = || {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("page.md"), "the old page").expect("written");
        folder
    };
    let counted = place();
    let all = faults.every(&mut export(&counted.path().join("page.md")), "", counted.path());
    each(&all, |&fault| {
        let folder = place();
        let page = folder.path().join("page.md");
        let output = finish(faults.settle(&mut export(&page), folder.path(), Some(fault)), "");
        whole_or_before(&output, &page, "the old page", &new, fault);
    });
}

/// The file is the old or the new one, and so is its copy; nothing else is left; a failure is one line.
fn whole_or_before(output: &Output, file: &Path, old: &str, new: &str, fault: Fault) {
    let context = format!("{fault:?}: {}", text(&output.stderr));
    let now = std::fs::read_to_string(file).expect("it is there");
    assert!(now == old || now == new, "{context}: {now}");
    if output.status.success() {
        assert_eq!(now, new, "{context}");
    } else {
        assert!(text(&output.stderr).contains("could not be saved"), "{context}");
    }
    if let Ok(last) = std::fs::read_to_string(last_copy(file)) {
        assert_eq!(last, old, "{context}");
    }
    let folder = file.parent().expect("a folder");
    let extra: Vec<PathBuf> =
        kept::files(folder).into_iter().filter(|path| path != file && *path != last_copy(file)).collect();
    assert_eq!(extra, Vec::<PathBuf>::new(), "{context}");
}

/// Says in which file an answer is to be remembered, for [`remembers_an_answer_if_told_where`].
const WHERE: &str = "INNER_ROOM_TEST_REMEMBERS";

/// What the next test runs in a process of its own. Without being told where, there is nothing to do.
#[test]
fn remembers_an_answer_if_told_where() {
    let Some(file) = std::env::var_os(WHERE) else { return };
    let done = remember(Some(Path::new(&file)), "journal", true);
    assert!(
        done.is_ok(),
        "{}",
        done.map_or_else(|error| error.to_string(), |path| path.display().to_string())
    );
}

#[test]
fn whichever_write_of_the_settings_fails_they_are_the_old_ones_or_the_new_ones() {
    let Some(faults) = Faults::new() else { return };
    let home = Home::new();
    let old = "# mine\nrounds = 4\n";
    let remembers = |file: &Path| {
        let mut command = Command::new(std::env::current_exe().expect("this test"));
        home.settle(&mut command);
        command.args(["--exact", "remembers_an_answer_if_told_where", "--nocapture"]);
        command.env(WHERE, file).env("RUST_BACKTRACE", "0").env_remove("NEXTEST");
        command
    };
    let place = || {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("config.toml"), old).expect("written");
        folder
    };
    let counted = place();
    let all = faults.every(&mut remembers(&counted.path().join("config.toml")), "", counted.path());
    assert!(all.len() > 20, "{}", all.len());
    for fault in all {
        let folder = place();
        let file = folder.path().join("config.toml");
        let output = finish(faults.settle(&mut remembers(&file), folder.path(), Some(fault)), "");
        let output = Output { stderr: [output.stdout, output.stderr].concat(), stdout: Vec::new(), ..output };
        whole_or_before(&output, &file, old, &format!("{old}journal = true\n"), fault);
    }
}
