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

#[path = "support/kept.rs"]
mod kept;

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use kept::{Home, finish, refused, say, text};

#[test]
fn every_line_of_a_file_is_judged_by_itself_and_none_is_repeated() {
    let home = Home::new();
    let input = "I want to kill myself\n\nThe meeting was on Thursday\r\n\u{fffd}\neverybody would be better off without me";
    let output = home.run(&["safety", "-"], input);
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
    let home = Home::new();
    refused(&home.run(&["safety", "/nowhere.txt"], ""), 2, "/nowhere.txt");
    let no_text = home.path().join("bytes");
    std::fs::write(&no_text, b"\xff\xfe\x00hello\n").expect("written");
    let output = home.run(&["safety", no_text.to_str().expect("a path")], "");
    assert!(output.status.success(), "bytes that are no text are read as far as they are");
}

#[test]
fn the_doctor_names_what_has_to_be_done_and_leaves_everything_as_it_was() {
    let home = Home::new();
    let output = home.run(&["doctor"], "");
    assert!(output.status.success(), "{}", text(&output.stdout));
    let said = text(&output.stdout);
    assert!(said.contains("no country is set") && said.contains("crisis check: reads"), "{said}");
    let names = |folder: &Path| -> Vec<OsString> {
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name()).collect()
    };
    // A sound system that is asked for its devices makes a folder of its own where it has none.
    assert!(names(home.path()).iter().all(|name| name == ".config"), "nothing is made");
    assert!(
        names(&home.path().join(".config")).iter().all(|name| name == "pulse"),
        "nothing of ours is made"
    );
    let json = home.run(&["doctor", "--json"], "");
    let all: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert!(all["found"].as_array().is_some_and(|found| found.len() >= 4));
}

#[test]
fn the_doctor_lists_expired_and_unverified_helplines() {
    let home = Home::new();
    let config = home.path().join("my.toml");
    std::fs::write(&config, "country = \"GB\"\n").expect("written");
    let folder = home.path().join(".config/inner-room");
    std::fs::create_dir_all(&folder).expect("a folder");
    let ours = "[[line]]\nid = \"ours\"\ncountry = \"GB\"\nlanguage = \"en\"\nname = \"Ours\"\nphone = \"1234\"\n\
        text = \"1234\"\nhours = \"always\"\ncost = \"free\"\naudience = \"crisis\"\nsource = \"us\"\n\
        last_verified = \"2019-01-01\"\nverified_by = \"Ana\"\n";
    std::fs::write(folder.join("helplines.toml"), ours).expect("written");
    let output = home.run(&["doctor", "--config", config.to_str().expect("a path")], "");
    let said = text(&output.stdout);
    assert!(said.contains("Ours 1234 (ours), last verified 2019-01-01 by Ana; expired"), "{said}");
    assert!(said.contains("Samaritans") && said.contains("the card says so"), "{said}");
}

#[test]
fn a_bad_helpline_file_is_one_clear_line_and_no_evening_begins_on_it() {
    let home = Home::new();
    let folder = home.path().join(".config/inner-room");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("helplines.toml"), "[[line]]\nid = 3\n").expect("written");
    refused(&home.run(&["talk"], "that im lazy\n"), 2, "helplines.toml");
}

/// An evening that is stopped by a red line and then killed.
fn stop_and_kill(home: &Home, args: &[&str]) {
    let mut child = home.command(args).spawn().expect("the program starts");
    for line in ["that im lazy", "in the mornings", "half", "I want to kill myself tonight"] {
        say(&mut child, line);
    }
    let mut shown = BufReader::new(child.stdout.take().expect("an output")).lines();
    let card = shown.any(|line| line.expect("a line").contains("Help from people"));
    assert!(card, "the card comes");
    child.kill().expect("it can be killed");
    child.wait().expect("it is gone");
}

#[test]
fn a_stop_survives_kill_9_and_the_next_evening_has_the_card_and_no_devil() {
    for args in [&["talk"][..], &["talk", "--journal"][..]] {
        let home = Home::new();
        stop_and_kill(&home, args);
        let lines =
            "that im lazy\nin the mornings\nhalf\nNo wonder you're tired.\nI'm here.\nI do it too.\n!stop\n";
        let after = text(&home.run(args, lines).stdout);
        assert!(after.contains("Help from people") && after.contains("Your hurt self: "), "{after}");
        assert!(!after.contains("Devil: "), "{after}");
        let next = text(&home.run(args, lines).stdout);
        assert!(next.contains("Devil: "), "an evening that ended as it should leaves nothing behind");
    }
}

#[test]
fn without_a_journal_a_stop_leaves_nothing_behind_once_the_evening_has_ended() {
    let home = Home::new();
    let output = home.run(&["talk"], "that im lazy\n\nhalf\nI want to kill myself tonight\n");
    assert!(text(&output.stdout).contains("Help from people"));
    assert_eq!(std::fs::read_dir(home.data()).expect("a folder").count(), 0);
}

#[test]
fn words_behind_an_exclamation_mark_are_words_where_somebody_may_be_in_danger() {
    for line in ["!I want to kill myself tonight", "!kms", "!stop everything"] {
        let home = Home::new();
        let output = home.run(&["talk"], &format!("that im lazy\n\nhalf\nI'm here.\n{line}\n"));
        assert!(text(&output.stdout).contains("Help from people"), "{line}");
    }
    let home = Home::new();
    let output = home.run(&["talk"], "that im lazy\n\nhalf\nI'm here.\n!dance with me\n");
    assert!(text(&output.stdout).contains("!dance"), "an unknown command is named");
}

#[test]
fn the_words_that_stopped_an_evening_stand_in_none_of_its_files() {
    let home = Home::new();
    let log = home.path().join("log.jsonl");
    let args = ["talk", "--journal", "--events", log.to_str().expect("a path")];
    let lines = "that im lazy\n\nhalf\nI'm here.\nI want to kill myself tonight\n";
    assert!(text(&home.run(&args, lines).stdout).contains("Help from people"));
    let mut files = vec![log];
    files.extend(std::fs::read_dir(home.data()).expect("a folder").map(|entry| entry.expect("one").path()));
    for file in files {
        let bytes = std::fs::read(&file).expect("a file");
        assert!(!bytes.windows(11).any(|some| some == b"kill myself"), "{}", file.display());
    }
}

#[test]
fn an_exhibition_without_somebody_on_duty_has_no_devil_and_none_opens_on_an_expired_record() {
    let home = Home::new();
    let lines = "that im lazy\n\nhalf\nNo wonder you're tired.\nI'm here.\n!stop\n";
    let exhibition = |args: &[&str]| finish(home.command(args).env("INNER_ROOM_VENUE", "exhibition"), lines);
    let output = exhibition(&["talk"]);
    assert!(text(&output.stderr).contains("the Devil stays silent"), "{}", text(&output.stderr));
    assert!(!text(&output.stdout).contains("Devil: "));
    let folder = home.path().join(".config/inner-room");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.toml"), "staff = \"Maria\"\ncountry = \"GB\"\n").expect("written");
    assert!(text(&exhibition(&["talk"]).stdout).contains("Devil: "));
    for id in ["gb-samaritans", "ours"] {
        let record = format!(
            "[[line]]\nid = \"{id}\"\ncountry = \"GB\"\nlanguage = \"en\"\nname = \"Ours\"\nphone = \"1234\"\n\
             text = \"1234\"\nhours = \"always\"\ncost = \"free\"\naudience = \"crisis\"\nsource = \"us\"\n\
             last_verified = \"2019-01-01\"\nverified_by = \"Ana\"\n"
        );
        std::fs::write(folder.join("helplines.toml"), record).expect("written");
        let opened = exhibition(&["talk"]).status.success();
        // An expired record beside one that nobody has verified is not the one on the card.
        assert_eq!(opened, id == "ours", "{id}");
    }
}

#[test]
fn in_an_exhibition_the_next_visitor_is_told_nothing_of_the_one_before() {
    let home = Home::new();
    stop_and_kill(&home, &["talk"]);
    let mut command = home.command(["talk"]);
    let lines = "that im lazy\n\nhalf\nI'm here.\n!stop\n";
    let after = finish(command.env("INNER_ROOM_VENUE", "exhibition"), lines);
    let after = text(&after.stdout);
    assert!(!after.contains("Help from people") && !after.contains("Devil: "), "{after}");
}
