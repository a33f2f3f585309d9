//! Model files: got from servers that do what real ones do and what they should not, looked at, and brought along.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::allow_attributes,
    reason = "a test that cannot go on fails"
)]

#[path = "models/download.rs"]
mod download;
#[path = "support/kept.rs"]
mod kept;
#[path = "models/server.rs"]
mod server;
#[path = "models/store.rs"]
mod store;
#[path = "support/tls.rs"]
mod tls;
#[path = "support/wire.rs"]
mod wire;

use std::path::{Path, PathBuf};

use inner_room::models::{Folders, SILERO};
use kept::{Home, files, refused, text};

fn requires(what: &str) -> bool {
    std::env::var("INNER_ROOM_REQUIRE").is_ok_and(|list| list.split(',').any(|it| it == what))
}

/// The real file of Silero; none, and a word, where there is none.
fn silero() -> Option<PathBuf> {
    let folder = std::env::var_os("INNER_ROOM_MODELS").map(PathBuf::from);
    let path = Folders::of(folder.into_iter().collect()).find(SILERO);
    if path.is_none() {
        let why = "there is no speech/silero_vad.onnx in INNER_ROOM_MODELS";
        assert!(!requires("models"), "{why}, and INNER_ROOM_REQUIRE asks for models");
        eprintln!("skipped: {why}");
    }
    path
}

/// `inner-room models …` with a home of its own, and no models but those in its own folder for data.
fn models(home: &Home, args: &[&str]) -> std::process::Output {
    let mut command = home.command(["models"]);
    command.args(args).env_remove("INNER_ROOM_MODELS");
    kept::finish(&mut command, "")
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn the_list_says_what_each_is_for_its_size_its_licence_and_whether_it_is_here() {
    let home = Home::new();
    let listed = models(&home, &["list"]);
    assert!(listed.status.success() && listed.stderr.is_empty(), "{}", text(&listed.stderr));
    let listed = text(&listed.stdout);
    for part in
        ["silero", "2.33 MB", "MIT", "not here", "when somebody speaks", "whisper-tiny.en", "about 78 MB"]
    {
        assert!(listed.contains(part), "{part} in {listed}");
    }
    assert!(files(home.path()).is_empty(), "looking makes nothing new");
    let json = models(&home, &["list", "--json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!((rows[0]["name"].as_str(), rows[0]["here"].as_str()), (Some("silero"), None));
    assert_eq!((rows[0]["size"].as_u64(), rows[1]["size"].as_u64()), (Some(2_327_524), None));
}

#[test]
fn a_wrong_call_is_one_clear_line() {
    let home = Home::new();
    let nowhere = home.path().join("nowhere");
    refused(&models(&home, &["pull", "whisper"]), 2, "there is no model whisper; there are silero,");
    refused(&models(&home, &["verify", "whisper"]), 2, "there is no model whisper");
    refused(&models(&home, &[]), 2, "--help");
    refused(&models(&home, &["pull"]), 2, "NAME");
    refused(&models(&home, &["import"]), 2, "FILE");
    refused(&models(&home, &["import", shown(&nowhere)]), 2, "cannot be read");
    refused(&models(&home, &["import", shown(home.path())]), 2, "it is no file");
    for what in ["list", "verify"] {
        refused(&models(&home, &[what, "--models", shown(&nowhere)]), 2, "there is no folder");
    }
    assert!(files(home.path()).is_empty());
}

#[test]
fn a_file_that_is_no_model_is_refused_with_those_that_are_known() {
    let home = Home::new();
    let file = home.path().join("silero_vad.onnx");
    std::fs::write(&file, "a shopping list").expect("written");
    let output = models(&home, &["import", shown(&file)]);
    refused(&output, 2, "none of the models that are known");
    assert!(text(&output.stderr).contains("silero, whisper-base.en"));
    assert_eq!(files(home.path()), [file]);
}

#[test]
fn a_model_without_an_address_is_only_taken_in_and_terms_of_training_are_listed() {
    let home = Home::new();
    refused(&models(&home, &["pull", "xception-mini"]), 2, "inner-room models import FILE");
    assert!(files(home.path()).is_empty());
    let json = models(&home, &["list", "--json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&json.stdout).expect("JSON");
    let row = |name: &str| rows.iter().find(|row| row["name"] == name).expect("a row");
    assert!(row("xception-mini")["address"].is_null() && row("yunet")["address"].is_string());
    assert!(row("hsemotion")["training"].as_str().is_some_and(|it| it.contains("not commercial")));
}

#[test]
fn nothing_here_is_no_fault_and_a_missing_one_that_was_named_is() {
    let home = Home::new();
    let all = models(&home, &["verify"]);
    assert!(all.status.success() && text(&all.stdout).starts_with("None of the models"));
    let named = models(&home, &["verify", "silero"]);
    refused(&named, 1, "inner-room models pull silero");
    assert_eq!(text(&named.stdout), "missing  silero\n");
}

#[test]
fn a_file_that_was_brought_along_is_known_whatever_it_is_called_and_lies_where_it_belongs() {
    let Some(silero) = silero() else { return };
    let home = Home::new();
    let brought = home.path().join("stick with a strange name.bin");
    std::fs::copy(&silero, &brought).expect("copied");
    let own = home.data().join("models").join(SILERO);
    let imported = models(&home, &["import", shown(&brought)]);
    assert!(imported.status.success() && imported.stderr.is_empty(), "{}", text(&imported.stderr));
    assert!(text(&imported.stdout).contains("Licence: MIT"), "{}", text(&imported.stdout));
    assert_eq!(std::fs::read(&own).expect("there"), std::fs::read(&silero).expect("there"));
    assert_eq!(files(&home.data()), std::slice::from_ref(&own), "nothing else is left");

    let again = models(&home, &["import", shown(&brought)]);
    assert!(again.status.success() && text(&again.stdout).contains("here already"));
    let pulled = models(&home, &["pull", "silero"]);
    assert!(pulled.status.success(), "what is here and whole is not got again");
    assert!(text(&pulled.stdout).contains("here already, and whole"));
    assert!(text(&models(&home, &["list"]).stdout).contains(&format!("here, {}", own.display())));
    let verified = models(&home, &["verify"]);
    assert!(verified.status.success());
    assert_eq!(text(&verified.stdout), format!("whole    silero  {}\n", own.display()));
}

#[test]
fn a_damaged_model_is_found_named_and_mended_by_an_import() {
    let Some(silero) = silero() else { return };
    let home = Home::new();
    let folder = home.path().join("mine");
    let path = folder.join(SILERO);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    let mut bytes = std::fs::read(&silero).expect("read");
    bytes[1_000_000] ^= 1;
    std::fs::write(&path, &bytes).expect("written");
    let verified = models(&home, &["verify", "--models", shown(&folder)]);
    refused(&verified, 1, "inner-room models pull silero");
    assert!(text(&verified.stdout).starts_with("damaged  silero  "), "{}", text(&verified.stdout));
    let imported = models(&home, &["import", shown(&silero), "--models", shown(&folder)]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    assert!(models(&home, &["verify", "silero", "--models", shown(&folder)]).status.success());
}

#[test]
fn a_folder_in_which_nothing_can_be_written_is_said() {
    let Some(silero) = silero() else { return };
    let home = Home::new();
    let file = home.path().join("a file");
    std::fs::write(&file, "").expect("written");
    let output = models(&home, &["import", shown(&silero), "--models", shown(&file)]);
    refused(&output, 1, "name another folder with --models");
}
