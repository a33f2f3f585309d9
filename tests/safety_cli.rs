//! The crisis check as a person meets it from outside: the command that audits it, the doctor, and a program that is
//! killed after it has stopped.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cognitive_complexity,
    clippy::too_many_lines,
    clippy::allow_attributes,
    reason = "a test that cannot go on fails"
)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inner-room"));
    command.env("HOME", home).env_remove("XDG_CONFIG_HOME").env_remove("XDG_DATA_HOME");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(home: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut child = program(home).args(args).spawn().expect("the program starts");
    // A program that refuses the call may be gone before it has read its input.
    child.stdin.take().expect("an input").write_all(input).ok();
    child.wait_with_output().expect("the program ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program writes UTF-8")
}

#[test]
fn every_line_of_a_file_is_judged_by_itself_and_none_is_repeated() {
    let home = tempfile::tempdir().expect("a folder");
    let input = "I want to kill myself\n\nThe meeting was on Thursday\r\n\u{fffd}\neverybody would be better off without me";
    let output = run(home.path(), &["safety", "-"], input.as_bytes());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let out = text(&output.stdout);
    let rows: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let tiers: Vec<_> = rows.iter().map(|row| row["tier"].as_str().expect("a tier")).collect();
    assert_eq!(tiers, ["red", "none", "none", "none", "amber"]);
    assert!(rows.iter().enumerate().all(|(at, row)| row["line"] == at + 1 && row["ms"].is_number()));
    assert_eq!(rows[0]["category"], "suicidal");
    assert!(!out.contains("kill myself"), "the words are not repeated");
}

#[test]
fn a_file_that_is_not_there_or_no_text_is_one_clear_line() {
    let home = tempfile::tempdir().expect("a folder");
    let output = run(home.path(), &["safety", "/nowhere.txt"], b"");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stderr).lines().count(), 1);
    let output = run(home.path(), &["safety", "-"], b"\xff\xfe\x00hello\n");
    assert!(output.status.success(), "bytes that are no text are read as far as they are");
}

#[test]
fn the_doctor_names_what_has_to_be_done_and_leaves_everything_as_it_was() {
    let home = tempfile::tempdir().expect("a folder");
    let output = run(home.path(), &["doctor"], b"");
    assert!(output.status.success(), "{}", text(&output.stdout));
    let said = text(&output.stdout);
    assert!(said.contains("no country is set") && said.contains("crisis check: reads"), "{said}");
    assert_eq!(std::fs::read_dir(home.path()).expect("a folder").count(), 0, "nothing is made");
    let json = run(home.path(), &["doctor", "--json"], b"");
    let all: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert!(all["found"].as_array().is_some_and(|found| found.len() >= 4));
}

#[test]
fn the_doctor_lists_expired_and_unverified_helplines() {
    let home = tempfile::tempdir().expect("a folder");
    let config = home.path().join("my.toml");
    std::fs::write(&config, "country = \"GB\"\n").expect("written");
    let folder = home.path().join(".config/inner-room");
    std::fs::create_dir_all(&folder).expect("a folder");
    let ours = "[[line]]\nid = \"ours\"\ncountry = \"GB\"\nlanguage = \"en\"\nname = \"Ours\"\nphone = \"1234\"\n\
        text = \"1234\"\nhours = \"always\"\ncost = \"free\"\naudience = \"crisis\"\nsource = \"us\"\n\
        last_verified = \"2019-01-01\"\nverified_by = \"Ana\"\n";
    std::fs::write(folder.join("helplines.toml"), ours).expect("written");
    let output = run(home.path(), &["doctor", "--config", config.to_str().expect("a path")], b"");
    let said = text(&output.stdout);
    assert!(said.contains("Ours 1234 (ours), last verified 2019-01-01 by Ana; expired"), "{said}");
    assert!(said.contains("Samaritans") && said.contains("the card says so"), "{said}");
}

#[test]
fn a_bad_helpline_file_is_one_clear_line_and_no_evening_begins_on_it() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join(".config/inner-room");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("helplines.toml"), "[[line]]\nid = 3\n").expect("written");
    let output = run(home.path(), &[], b"that im lazy\n");
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.lines().count() == 1 && said.contains("helplines.toml"), "{said}");
}

/// An evening that is stopped by a red line and then killed.
fn stop_and_kill(home: &Path, args: &[&str]) {
    let mut child = program(home).args(args).spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("an input");
    input
        .write_all(b"that im lazy\nin the mornings\nhalf\nI want to kill myself tonight\n")
        .expect("it reads");
    let mut shown = BufReader::new(child.stdout.take().expect("an output")).lines();
    let card = shown.any(|line| line.expect("a line").contains("Help by people"));
    assert!(card, "the card comes");
    child.kill().expect("it can be killed");
    child.wait().expect("it is gone");
}

#[test]
fn a_stop_survives_kill_9_and_the_next_evening_has_the_card_and_no_devil() {
    for args in [&[][..], &["--journal"][..]] {
        let home = tempfile::tempdir().expect("a folder");
        stop_and_kill(home.path(), args);
        let lines =
            b"that im lazy\nin the mornings\nhalf\nNo wonder you're tired.\nI'm here.\nI do it too.\n!stop\n";
        let after = text(&run(home.path(), args, lines).stdout);
        assert!(after.contains("Help by people") && after.contains("Patient: "), "{after}");
        assert!(!after.contains("Devil: "), "{after}");
        let next = text(&run(home.path(), args, lines).stdout);
        assert!(next.contains("Devil: "), "an evening that ended as it should leaves nothing behind");
    }
}

#[test]
fn without_a_journal_a_stop_leaves_nothing_behind_once_the_evening_has_ended() {
    let home = tempfile::tempdir().expect("a folder");
    let output = run(home.path(), &[], b"that im lazy\n\nhalf\nI want to kill myself tonight\n");
    assert!(text(&output.stdout).contains("Help by people"));
    let data = home.path().join(".local/share/inner-room");
    assert_eq!(std::fs::read_dir(data).expect("a folder").count(), 0);
}
