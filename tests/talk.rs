//! The program as a person calls it: exit codes, one clear line an error, the same log for the same seed, and a log
//! that keeps to its schema.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const SCRIPT: &str = "I froze in the meeting on Thursday and my boss wrote it down\n7\n\
    God, that silence. No wonder you keep going back. I do it too, in the car.\n\
    Just call her tomorrow, it's no big deal.\n\
    Sorry. Yes. What happened then?\n\
    You finished the report on Tuesday, even though you'd slept three hours.\n\
    You read me that list every Sunday night and I lie awake. I want you to stop reading it at night.\n\
    Even if it happened again, there would still be supper afterwards.\n\
    Let's open the window, five minutes.\n\
    I like that you care about it.\n";

fn inner_room(args: &[&str], input: &[u8]) -> Output {
    run(Command::new(env!("CARGO_BIN_EXE_inner-room")).args(args), input)
}

fn run(command: &mut Command, input: &[u8]) -> Output {
    let home = tempfile::tempdir().expect("a folder");
    let mut child = command
        .env("HOME", home.path())
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_DATA_HOME")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that refuses the call may be gone before it has read its input.
    child.stdin.take().expect("an input").write_all(input).ok();
    child.wait_with_output().expect("the program ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program writes UTF-8")
}

/// One clear line on standard error, and this exit code.
fn refused(output: &Output, code: i32, says: &str) {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("inner-room: ") && said.contains(says), "{said}");
}

#[test]
fn a_script_of_ten_lines_is_a_whole_evening_with_a_log_that_keeps_to_its_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("out.jsonl");
    let args = ["talk", "--script", "-", "--seed", "7", "--events", log.to_str().expect("a path")];
    let output = inner_room(&args, SCRIPT.as_bytes());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let schema =
        serde_json::from_slice(&inner_room(&["events", "--schema"], b"").stdout).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let lines = std::fs::read_to_string(&log).expect("the log is there");
    let mut kinds = Vec::new();
    for (at, line) in lines.lines().enumerate() {
        let event: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        assert!(validator.is_valid(&event), "line {at} keeps to the schema: {line}");
        assert_eq!(event["seq"], at);
        assert!(
            event.as_object().is_some_and(|fields| fields.contains_key("v") && fields.contains_key("turn"))
        );
        kinds.push(event["kind"].as_str().expect("a kind").to_owned());
    }
    assert!(kinds.iter().any(|kind| kind == "end"), "it closes within the script");
    assert!(
        !validator.is_valid(&serde_json::json!({"v": 1, "seq": 0, "at_ms": 0, "turn": 0, "kind": "nothing"}))
    );
}

#[test]
fn the_same_seed_gives_the_same_log_and_another_seed_another() {
    let log_of = |seed: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("out.jsonl");
        let args = ["talk", "--script", "-", "--seed", seed, "--events", log.to_str().expect("a path")];
        assert!(inner_room(&args, SCRIPT.as_bytes()).status.success());
        std::fs::read(&log).expect("the log is there")
    };
    assert_eq!(log_of("7"), log_of("7"));
    assert_ne!(log_of("7"), log_of("8"));
}

#[test]
fn without_a_word_the_figures_are_introduced_and_the_evening_closes() {
    let output = inner_room(&["talk"], b"");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.contains("Running without a language model") && said.contains("Guide: "), "{said}");
}

#[test]
fn a_pipe_is_a_person_who_answers_what_is_asked() {
    let output = inner_room(
        &["talk", "--seed", "3"],
        b"that im lazy\nin the mornings\nhalf\nNo wonder you're tired.\n!hint\nI'm here.\n!stop\n",
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    for speaker in ["Window: ", "Devil: ", "Your hurt self: ", "Guide: ", "You: No wonder you're tired."] {
        assert!(said.contains(speaker), "{speaker} is missing in:\n{said}");
    }
}

#[test]
fn sos_stops_everything_and_says_so() {
    let output = inner_room(&["talk", "--seed", "3"], b"that im lazy\n\nhalf\n!sos\n");
    let said = text(&output.stdout);
    assert!(output.status.success());
    let after = said.split("talk to a person").nth(1).expect("a plain line to seek a person's help");
    assert!(!after.contains("Devil: ") && !after.contains("Your hurt self: "), "{after}");
}

#[test]
fn an_unknown_command_is_named_and_the_evening_goes_on() {
    let output = inner_room(&["talk", "--seed", "3"], b"that im lazy\n\nhalf\n!dance\nI'm here.\n");
    let said = text(&output.stdout);
    assert!(said.contains("There is no !dance here.") && said.contains("You: I'm here."), "{said}");
}

#[test]
fn wrong_calls_are_one_clear_line_and_exit_code_2() {
    refused(&inner_room(&["talk", "--theme", "weather"], b""), 2, "work, study, family");
    refused(&inner_room(&["talk", "--seed", "many"], b""), 2, "--seed");
    refused(&inner_room(&["talk", "--rounds", "99"], b""), 2, "--rounds");
    refused(&inner_room(&["talk", "--lang", "fr"], b""), 2, "there are en (English), zh");
    refused(&inner_room(&["talk", "--colour"], b""), 2, "--colour");
    refused(&inner_room(&["events"], b""), 2, "--schema");
    refused(&inner_room(&["talk", "--config", "/nowhere/config.toml"], b""), 2, "/nowhere/config.toml");
    refused(&inner_room(&["talk", "--script", "/nowhere.txt"], b""), 2, "/nowhere.txt");
    refused(&inner_room(&["talk", "--face", "/nowhere.jsonl"], b""), 2, "/nowhere.jsonl");
}

#[test]
fn a_bad_config_key_is_named_with_file_line_and_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("my.toml");
    std::fs::write(&path, "rounds = 4\nthemes = \"work\"\n").expect("written");
    let output = inner_room(&["talk", "--config", path.to_str().expect("a path")], b"");
    refused(&output, 2, "my.toml, line 2:");
    assert!(text(&output.stderr).contains("themes"));
}

#[test]
fn a_wrong_script_says_which_line_and_what_belongs_there() {
    refused(&inner_room(&["talk", "--script", "-"], b""), 2, "line 1 is the concern");
    refused(&inner_room(&["talk", "--script", "-"], b"I am lazy\n"), 2, "line 2 is missing");
    refused(&inner_room(&["talk", "--script", "-"], b"I am lazy\nperhaps\n"), 2, "from 0 to 10");
    refused(&inner_room(&["talk", "--script", "-"], b"I am lazy\n7\n\xff\xfe\n"), 2, "line 3 is not UTF-8");
}

#[test]
fn a_wrong_face_file_says_which_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("face.jsonl");
    std::fs::write(&path, "{\"valence\":0.1,\"arousal\":0,\"confidence\":1,\"observed_ms\":2000}\n")
        .expect("written");
    refused(
        &inner_room(&["talk", "--face", path.to_str().expect("a path")], b""),
        2,
        "line 1: say to which utterance",
    );
    std::fs::write(&path, "{\"utterance\":1,\"valence\":\"sad\"}\n").expect("written");
    refused(&inner_room(&["talk", "--face", path.to_str().expect("a path")], b""), 2, "line 1:");
}

#[test]
fn a_log_that_cannot_be_written_is_said_before_anything_begins() {
    let output = inner_room(&["talk", "--events", "/nowhere/out.jsonl"], b"");
    refused(&output, 1, "/nowhere/out.jsonl");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_log_on_a_full_disk_is_said_once_and_the_evening_goes_on() {
    if !Path::new("/dev/full").exists() {
        eprintln!("skipped: there is no /dev/full here");
        return;
    }
    let output =
        inner_room(&["talk", "--script", "-", "--events", "/dev/full", "--seed", "7"], SCRIPT.as_bytes());
    let said = text(&output.stdout);
    assert!(output.status.success());
    assert_eq!(said.matches("The event log cannot be written any more").count(), 1, "{said}");
    assert!(said.contains("The evening is over."));
}

#[test]
fn a_huge_line_strange_characters_and_broken_text_lose_nothing_else() {
    let mut input = b"that im lazy\n\nhalf\n".to_vec();
    input.extend(std::iter::repeat_n(b"no wonder you are tired ".to_vec(), 2_200).flatten());
    input.extend(b"\n\xe2\x80\xaeI'm\x07 here\xe2\x81\xa6, \x1b[31mreally\n\xff\xfeI do it too\nI like that you came.\n");
    let output = inner_room(&["talk", "--seed", "3"], &input);
    let (said, complained) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success());
    assert!(said.contains("more than the room can take in at once"), "{said}");
    assert!(said.contains("You: I'm here, [31mreally"), "{said}");
    assert!(!said.chars().any(|c| c == '\u{202e}' || c == '\u{1b}' || c == '\u{7}'));
    assert!(said.contains("You: I do it too") && complained.contains("not UTF-8"), "{said}");
    assert!(said.contains("You: I like that you came."));
}

#[test]
fn a_reader_that_goes_away_ends_the_program_without_a_word() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_inner-room"))
        .args(["talk", "--script", "-", "--seed", "7"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    child.stdin.take().expect("an input").write_all(SCRIPT.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
}

#[cfg(unix)]
#[test]
fn a_closed_input_and_a_home_that_cannot_be_written_are_no_trouble() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o500)).expect("read-only");
    let program = env!("CARGO_BIN_EXE_inner-room");
    let output = Command::new("sh")
        .args(["-c", &format!("exec '{program}' talk <&-")])
        .env("HOME", home.path())
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("Guide: "));
}

#[test]
fn an_unknown_variable_of_ours_only_warns() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inner-room"));
    let output = run(command.arg("talk").env("INNER_ROOM_COLOUR", "blue"), b"");
    assert!(output.status.success());
    assert!(text(&output.stderr).contains("INNER_ROOM_COLOUR is no setting"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_inner-room"));
    refused(&run(command.arg("talk").env("INNER_ROOM_THEME", "weather"), b""), 2, "INNER_ROOM_THEME=weather");
}

/// `UPDATE_TRANSCRIPTS=1` writes them anew. A person reads them before they are committed.
#[test]
fn the_transcripts_in_the_documents_are_what_the_program_says() {
    let mut seen = 0;
    for entry in std::fs::read_dir("tests/visitors").expect("the visitors are there") {
        let script = entry.expect("an entry").path();
        let name = script.file_stem().expect("a name").to_string_lossy().into_owned();
        let seed: u64 = name.split('-').next().and_then(|number| number.parse().ok()).expect("a number");
        let args = ["talk", "--script", script.to_str().expect("a path"), "--seed", &seed.to_string()];
        let output = inner_room(&args, b"");
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
        let path = Path::new("docs/transcripts").join(format!("{name}.txt"));
        if std::env::var_os("UPDATE_TRANSCRIPTS").is_some() {
            std::fs::write(&path, &output.stdout).expect("written");
        }
        let written = std::fs::read(&path).expect("a transcript of every visitor");
        assert!(written == output.stdout, "{} is another evening now", path.display());
        seen += 1;
    }
    assert_eq!(seen, 20);
}

#[test]
fn the_lines_that_were_marked_stand_in_their_transcripts() {
    let marks = std::fs::read_to_string("docs/transcripts/README.md").expect("the marks are there");
    let mut marked = 0;
    for row in marks.lines().filter(|row| row.starts_with("| [")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let file = cells[0].split(['(', ')']).nth(1).expect("a link to the transcript");
        let told = std::fs::read_to_string(Path::new("docs/transcripts").join(file)).expect("the transcript");
        let weakest = cells[3].rsplit_once(" (").map_or(cells[3], |(line, _)| line);
        for line in [cells[2], weakest] {
            assert!(told.lines().any(|said| said == line), "{file} has no line: {line}");
            marked += 1;
        }
    }
    assert_eq!(marked, 40);
}

fn code_in(folder: &Path) -> String {
    let entries =
        std::fs::read_dir(folder).expect("the code is there").map(|entry| entry.expect("an entry").path());
    entries
        .map(|path| {
            if path.is_dir() {
                code_in(&path)
            } else {
                std::fs::read_to_string(&path).expect("the code is there")
            }
        })
        .collect()
}

#[test]
fn every_word_of_the_interface_is_used() {
    let words = ["talk.ftl", "sessions.ftl", "desk.ftl", "exhibit.ftl"]
        .map(|file| {
            std::fs::read_to_string(Path::new("assets/locales/en").join(file)).expect("the words are there")
        })
        .concat();
    let code: String = ["src/cli", "src/words", "src/desk", "src/host", "src/exhibit"]
        .into_iter()
        .map(|folder| code_in(Path::new(folder)))
        .collect();
    let names =
        words.lines().filter(|line| !line.starts_with([' ', '#'])).filter_map(|line| line.split_once(" ="));
    for (name, _) in names {
        let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
        // One of several is put together from what they have in common and its own last words.
        let mut parts = name.match_indices('-').map(|(at, _)| name.split_at(at + 1));
        let made = parts.any(|(common, own)| {
            let own = own.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
            code.contains(&format!("\"{common}{{")) && code.contains(&format!("\"{own}"))
        });
        assert!(made || code.contains(base), "{name} is never said");
    }
}

const KIND: &str = "I froze in the meeting on Thursday and my boss wrote it down\n7\n\
    No wonder you froze, you had slept three hours.\n\
    I do it too, in the car, every week. You are not alone with it.\n\
    You finished the report on Tuesday, and she thanked you for it.\n";

/// What lies in a folder, by name.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn the_words_that_were_kept_can_be_taken_away_on_a_card_with_nothing_else_on_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = format!("{KIND}!card {}\n", folder.path().display());
    let output = inner_room(&["talk", "--script", "-", "--rounds", "3", "--seed", "3"], script.as_bytes());
    let said = text(&output.stdout);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
    assert!(said.trim_end().lines().last().is_some_and(|line| line.contains("The card lies in")), "{said}");
    let names = names(folder.path());
    let page = names.iter().find(|name| name.ends_with(".md")).expect("a page");
    let page = std::fs::read_to_string(folder.path().join(page)).expect("read");
    let (words, date) = page.trim_end().split_once("\n\n").expect("words, and a date");
    let kept = words.trim_start_matches("> ");
    assert!(KIND.contains(kept) && !kept.is_empty(), "{page}");
    assert!(!date.contains('\n') && date.split(' ').count() == 3, "{page}");
    for line in said.lines().filter(|line| line.starts_with("Devil: ")) {
        assert!(!page.contains(line.trim_start_matches("Devil: ")), "{line}");
    }
}

#[test]
fn a_card_that_cannot_be_saved_is_one_line_and_nothing_of_it_is_left() {
    let script = format!("{KIND}!card /nowhere/at/all\n");
    let output = inner_room(&["talk", "--script", "-", "--rounds", "3", "--seed", "3"], script.as_bytes());
    let said = text(&output.stdout);
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
    assert!(
        said.contains("The card could not be saved: /nowhere/at/all: there is no such folder."),
        "{said}"
    );
}

#[test]
fn who_says_nothing_to_it_or_keeps_no_words_gets_no_card() {
    let home = tempfile::tempdir().expect("a folder");
    let talk = |input: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_inner-room"));
        command.args(["talk", "--rounds", "3", "--seed", "3"]);
        let mut child = command
            .env("HOME", home.path())
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child.stdin.take().expect("an input").write_all(input.as_bytes()).ok();
        text(&child.wait_with_output().expect("the program ends").stdout)
    };
    let before = names(home.path());
    // The second question, when it finds them, is left open.
    let kind = KIND.replacen("\n7\n", "\n\n7\n", 1);
    let said = talk(&format!("{kind}Yes\nThe first\n"));
    assert!(said.contains("!card saves it"), "{said}");
    assert_eq!(names(home.path()), before);
    let said = talk(&format!("{kind}Yes\nNone of them\n"));
    assert!(!said.contains("!card saves it"), "{said}");
    // With a word it lies at home, where there is no folder for pictures.
    let said = talk(&format!("{kind}Yes\nThe first\n!card\n"));
    assert!(said.contains("The card lies in"), "{said}");
    assert!(names(home.path()).iter().any(|name| name.starts_with("inner-room 2")), "{said}");
    let cards = home.path().join("Cards");
    std::fs::create_dir(&cards).expect("a folder");
    let said = talk(&format!("{kind}Yes\nThe first\n!card ~/Cards\n"));
    assert!(said.contains("The card lies in") && !names(&cards).is_empty(), "{said}");
}

/// An evening through a pipe to the question whether they change places, and what follows.
fn asked_to_change_places(then: &str) -> String {
    let kind = KIND.replacen("\n7\n", "\n\n7\n", 1);
    let input = format!("{kind}{then}");
    let output = inner_room(&["talk", "--rounds", "3", "--seed", "3"], input.as_bytes());
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn whoever_asks_back_or_wishes_something_is_still_waited_for_in_the_change_of_places() {
    for before in ["Hm, what would that be?", "!hint", "!pause"] {
        let said = asked_to_change_places(&format!("{before}\nYes\nThe first\n"));
        assert!(said.contains("!card saves it"), "{before}: {said}");
    }
}

#[test]
fn after_the_evening_help_comes_when_it_is_asked_for_and_a_slip_throws_nothing_away() {
    let said = asked_to_change_places("Yes\nThe first\n!sos\n");
    let after = said.split("!card saves it").nth(1).expect("the card is offered");
    assert!(after.contains("Help from people"), "{after}");
    let said = asked_to_change_places("Yes\nThe first\nI want to kill myself\n");
    assert!(said.contains("Help from people"), "{said}");
    let said = asked_to_change_places("Yes\nThe first\n!crad\nhm\n!card /nowhere/at/all\n\n!card\n");
    assert!(said.contains("There is no !crad here."), "{said}");
    assert_eq!(said.matches("!card saves it").count(), 2, "any other line is told what there is: {said}");
    assert!(said.contains("/nowhere/at/all: there is no such folder"), "they are still there: {said}");
    assert!(!said.contains("The card lies in"), "an empty line leaves: {said}");
}
