//! The layers of `src/lib.rs` hold: a layer uses only those above it, and each leaves alone what is not its own.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A layer, the layers it may use, and what it must not name.
const LAYERS: [(&str, &[&str], &[&str]); 18] = [
    (
        "dialogue",
        &[],
        &[
            "bevy",
            "tokio",
            "reqwest",
            "cpal",
            "std::fs",
            "std::thread",
            "std::net",
            "Instant",
            "SystemTime",
            "crossbeam",
        ],
    ),
    ("words", &["dialogue"], &["bevy", "tokio", "reqwest", "cpal", "clap"]),
    ("config", &["dialogue"], &["bevy", "tokio", "reqwest", "cpal"]),
    ("net", &["dialogue", "config"], &["bevy", "cpal", "clap"]),
    ("models", &["dialogue", "config", "net"], &["bevy", "cpal", "clap", "tokio", "reqwest"]),
    ("cast", &["dialogue", "config", "net"], &["bevy", "cpal", "reqwest"]),
    ("sound", &[], &["bevy", "clap", "tokio", "reqwest"]),
    ("voice", &["dialogue", "config", "net", "models", "sound"], &["bevy", "clap", "reqwest"]),
    ("senses", &["dialogue", "config", "net", "models", "sound", "voice"], &["bevy", "clap", "reqwest"]),
    ("journal", &["dialogue", "config"], &["bevy", "clap", "tokio", "reqwest", "cpal"]),
    ("keepsake", &["dialogue", "config", "journal"], &["bevy", "clap", "tokio", "reqwest", "cpal"]),
    ("host", &["dialogue", "config", "net", "cast", "voice", "senses", "journal"], &["bevy", "clap"]),
    ("app", &["dialogue", "voice", "host"], &["clap", "tokio", "reqwest", "cpal"]),
    (
        "room",
        &["dialogue", "config", "voice", "host", "app"],
        &["clap", "tokio", "reqwest", "cpal", "bevy_egui"],
    ),
    ("desk", &["dialogue", "words", "config", "host", "app"], &["clap", "tokio", "reqwest", "cpal"]),
    ("headset", &["dialogue", "host", "app"], &["clap", "tokio", "reqwest", "cpal"]),
    ("exhibit", &["dialogue", "words", "config", "net", "host"], &["bevy", "clap", "reqwest", "cpal"]),
    (
        "cli",
        &[
            "dialogue", "words", "config", "net", "models", "cast", "sound", "voice", "senses", "journal",
            "keepsake", "host", "app", "room", "desk", "headset", "exhibit",
        ],
        &["reqwest"],
    ),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found
}

/// The code of a file without comments and without its tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("the file can be read");
    let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_layer_uses_only_the_layers_above_it() {
    for (layer, may_use, must_not_name) in LAYERS {
        for file in sources(&Path::new("src").join(layer)) {
            let code = code(&file);
            for piece in code.split("crate::").skip(1) {
                let used: String = piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let may = may_use.contains(&used.as_str()) || used == "thread" && layer != "dialogue";
                assert!(used == layer || may, "{} uses {used}", file.display());
            }
            for name in must_not_name {
                assert!(!code.contains(name), "{} names {name}", file.display());
            }
        }
    }
}

#[test]
fn every_folder_in_src_is_a_layer() {
    for entry in fs::read_dir("src").expect("src is there") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            assert!(
                LAYERS.iter().any(|(layer, _, _)| *layer == name),
                "src/{name} is in no layer of this test"
            );
        }
    }
}

/// What a thread leaves on its stack is overwritten; those of a scope end before whoever began them.
#[test]
fn every_thread_leaves_nothing_behind() {
    for file in sources(Path::new("src")).into_iter().filter(|file| file != Path::new("src/thread.rs")) {
        let code = code(&file);
        let begins = code.contains("thread::spawn(") && !code.contains("crate::thread::spawn(");
        let builds = code.contains("Builder::new().name(") && !code.contains("spawn_scoped");
        assert!(!begins && !builds, "{} begins a thread of its own", file.display());
    }
}

/// The crates through which a headset is reached are known in one folder.
#[test]
fn only_the_runtime_names_openxr() {
    for file in sources(Path::new("src")) {
        let code = code(&file);
        let named =
            ["bevy_mod_openxr::", "bevy_mod_xr::", "openxr::"].into_iter().find(|name| code.contains(name));
        let allowed = file.starts_with("src/headset/runtime");
        assert!(allowed || named.is_none(), "{} names {named:?}", file.display());
    }
}

#[test]
fn no_source_file_outgrows_a_reader() {
    for file in sources(Path::new("src")) {
        let lines = code(&file).lines().count();
        assert!(lines <= 400, "{} has {lines} lines of code", file.display());
    }
}

fn tree(edges: &str) -> Vec<String> {
    tree_of(edges, &[])
}

fn tree_of(edges: &str, flags: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--prefix", "none", "-e", edges, "-f", "{p} {f}"])
        .args(flags)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("cargo prints text");
    let mut lines: Vec<String> = text
        .lines()
        .map(|line| line.trim_end_matches(" (*)").trim_end().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    lines.sort();
    lines.dedup();
    lines
}

/// `cargo run` and `cargo test` share one build only while dev-dependencies change no feature of what is shipped.
#[test]
fn dev_dependencies_change_no_feature_of_what_is_shipped() {
    let all = tree("normal,build,dev");
    for line in tree("normal,build") {
        assert!(all.contains(&line), "with dev-dependencies {line} is built with other features");
    }
}

/// The core is built and tested in seconds: it links no engine and no device.
#[test]
fn the_core_links_no_engine_and_no_device() {
    for line in tree_of("normal", &["--no-default-features"]) {
        let name = line.split_whitespace().next().unwrap_or_default();
        assert!(!["bevy", "wgpu", "cpal", "ort"].contains(&name), "{line}");
    }
}
