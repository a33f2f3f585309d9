//! Voices and recordings for tests of hearing.

#![expect(clippy::print_stderr, reason = "a skip has a name")]

use std::path::PathBuf;
use std::process::Command;

use inner_room::sound::Recording;

/// Whether the tests are to fail where this is missing, and not to be skipped.
fn requires(what: &str) -> bool {
    std::env::var("INNER_ROOM_REQUIRE").is_ok_and(|it| it.contains(what))
}

/// The folder of models for tests; none, with a line that says so, where there is none.
pub(crate) fn models() -> Option<PathBuf> {
    let folder = std::env::var_os("INNER_ROOM_MODELS").map(PathBuf::from);
    if folder.is_none() {
        assert!(!requires("models"), "INNER_ROOM_MODELS is not set, and INNER_ROOM_REQUIRE asks for models");
        eprintln!("skipped: models (INNER_ROOM_MODELS is not set)");
    }
    folder
}

/// A president's eleven seconds.
pub(crate) fn jfk() -> Option<PathBuf> {
    models().map(|folder| folder.join("speech/jfk.wav")).filter(|path| path.is_file())
}

/// A sentence by one of ten voices, at the rate at which it is heard.
pub(crate) fn spoken(sentence: &str, voice: usize) -> Option<Vec<f32>> {
    const KINDS: [&str; 5] = ["m1", "m3", "m7", "f2", "f4"];
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("said.wav");
    let said = Command::new("espeak-ng")
        .args(["-v", &format!("en-us+{}", KINDS[voice % KINDS.len()])])
        .args(["-s", &(140 + 6 * (voice % 10)).to_string(), "-w"])
        .arg(&path)
        .arg(sentence)
        .output();
    if said.is_err() {
        assert!(!requires("audio"), "espeak-ng is not installed, and INNER_ROOM_REQUIRE asks for audio");
        eprintln!("skipped: spoken sentences (espeak-ng is not installed)");
        return None;
    }
    let (mut recording, mut sound) = (Recording::open(&path).expect("a recording"), Vec::new());
    while let Some(piece) = recording.next_piece().expect("it is whole") {
        sound.extend(piece);
    }
    Some(sound)
}
