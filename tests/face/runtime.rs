//! What runs the networks: ONNX Runtime where it is, and `rten` where it is not, or cannot be used.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use inner_room::models::Folders;
use inner_room::models::onnx::{Backend, LEAST_VERSION, Network, Search, Worker, look};
use serde_json::Value;

use crate::command::{alone, lines, said};
use crate::{DETECTOR, FACEAPI, faces, models};

/// ONNX Runtime's library: the one in `ORT_DYLIB_PATH`, or the one that Python has; a word where there is none.
fn library() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("ORT_DYLIB_PATH").map(PathBuf::from).filter(|path| path.is_file()) {
        return Some(named);
    }
    let find = "import glob, os, onnxruntime as it; print(glob.glob(os.path.join(os.path.dirname(it.__file__), 'capi', 'libonnxruntime.*'))[0])";
    let found = Command::new("python3").args(["-c", find]).output().ok().filter(|it| it.status.success());
    let found = found.map(|found| PathBuf::from(String::from_utf8_lossy(&found.stdout).trim()));
    if found.is_none() {
        eprintln!(
            "skipped: ONNX Runtime's library is not here (ORT_DYLIB_PATH, or python3 -m pip install onnxruntime)"
        );
    }
    found.filter(|path| path.is_file())
}

/// All that can run networks here.
pub(crate) fn workers() -> Vec<Worker> {
    let runtime = library().and_then(|path| {
        let looked = look(&Search::only(Some(&path), &Folders::default()));
        assert!(looked.runtime.is_some(), "{:?}", looked.refused);
        looked.runtime
    });
    [Some(Worker::default()), runtime.map(Worker::on)].into_iter().flatten().collect()
}

/// The program's own word on what runs the networks, with this library named in the settings.
fn doctor(folder: &Path, library: &Path) -> (Output, Value) {
    let config = folder.join("config.toml");
    std::fs::write(&config, format!("onnxruntime = {library:?}\n")).expect("written");
    let mut program = alone(folder);
    let output = program.args(["doctor", "--json", "--config"]).arg(&config).output().expect("it runs");
    let all: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let found = all["found"].as_array().expect("a list").iter();
    let found = found.filter(|it| it["part"] == "networks that see").cloned().collect::<Vec<_>>();
    assert_eq!(found.len(), 1);
    (output, found[0].clone())
}

/// A library with these functions, where there is a compiler.
fn built(folder: &Path, code: &str) -> Option<PathBuf> {
    let (source, made) = (folder.join("it.c"), folder.join("libonnxruntime.so"));
    std::fs::write(&source, code).expect("written");
    let cc = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&made).arg(&source).output();
    if cc.is_ok_and(|output| output.status.success()) {
        return Some(made);
    }
    eprintln!("skipped: a library that is no ONNX Runtime (there is no C compiler)");
    None
}

#[test]
fn a_library_that_cannot_be_used_is_said_in_a_line_and_faces_are_read_without_it() {
    let Some(models) = models(&[DETECTOR, FACEAPI]) else { return };
    let Some(faces) = faces(&models) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("libonnxruntime.so");
    let refused = |why: &str, file: &Path| {
        let (_, finding) = doctor(folder.path(), file);
        let what = finding["what"].as_str().expect("words");
        assert!(what.contains("run by rten") && what.contains(why) && !what.contains('\n'), "{what}");
        assert!(finding["todo"].as_str().is_some_and(|todo| todo.contains("onnxruntime = ")), "{finding}");
        assert_eq!((&finding["state"], &finding["figures"]["backend"]), (&"look".into(), &"rten".into()));
        assert_eq!(finding["figures"]["refused"].as_array().map(Vec::len), Some(1), "{finding}");
        let mut program = alone(&models);
        program.env("INNER_ROOM_ONNXRUNTIME", file).arg("face").args(["--expression", "faceapi"]);
        let output = program.arg(&faces[0]).output().expect("it runs");
        assert!(output.status.success() && output.stderr.is_empty(), "{:?}", said(&output));
        assert!(lines(&output)[0]["box"].is_array());
        asked_for(&models, file, &faces[0], why);
    };
    refused("it is not there", &folder.path().join("nowhere.so"));
    refused("it is a folder", folder.path());
    for (bytes, why) in [(&b"a shopping list"[..], "it is no library"), (b"", "it is no library")] {
        std::fs::write(&file, bytes).expect("written");
        refused(why, &file);
    }
    let least = format!("{}.{} is the oldest", LEAST_VERSION[0], LEAST_VERSION[1]);
    let old = r#"
        struct base { void *(*api)(unsigned); const char *(*version)(void); };
        static void *api(unsigned v) { return 0; }
        static const char *version(void) { return "1.17.3"; }
        static struct base base = { api, version };
        struct base *OrtGetApiBase(void) { return &base; }"#;
    for (code, why) in [("int nothing;", "it is no ONNX Runtime"), (old, least.as_str())] {
        let Some(built) = built(folder.path(), code) else { return };
        refused(why, &built);
    }
    damaged(&file, &refused);
}

/// What breaks off, is full of zeros, or is for another machine.
fn damaged(file: &Path, refused: &dyn Fn(&str, &Path)) {
    let whole = match library() {
        Some(path) => std::fs::read(path).expect("read"),
        None => std::fs::read(file).expect("read"),
    };
    for share in [1, 5, 9] {
        std::fs::write(file, &whole[..whole.len() * share / 10]).expect("written");
        refused("it breaks off before its end", file);
    }
    let mut zeros = whole.clone();
    let at = whole.len() / 3;
    zeros[at..].fill(0);
    std::fs::write(file, zeros).expect("written");
    refused("it is damaged", file);
    let mut other = whole;
    other[18] ^= 0xFF;
    std::fs::write(file, other).expect("written");
    refused("it is made for another machine", file);
}

/// Whoever asks for it by name is told why it is not there, and what to do.
fn asked_for(models: &Path, library: &Path, picture: &Path, why: &str) {
    let mut program = alone(models);
    program.env("INNER_ROOM_ONNXRUNTIME", library).args(["face", "--backend", "onnxruntime"]);
    let output = program.arg(picture).output().expect("it runs");
    let said = said(&output);
    assert!(output.status.code() == Some(1) && output.stdout.is_empty() && said.len() == 1, "{said:?}");
    assert!(said[0].contains(why) && said[0].contains("pip install onnxruntime"), "{said:?}");
}

#[test]
fn a_library_that_is_here_is_used_and_shown_and_one_can_do_without() {
    let Some(models) = models(&[DETECTOR, FACEAPI]) else { return };
    let Some(faces) = faces(&models) else { return };
    let Some(library) = library() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (output, finding) = doctor(folder.path(), &library);
    let said = said(&output);
    // Others say things, too, such as drivers of graphics.
    assert!(!said.join(" ").to_lowercase().contains("onnx"), "the library says something: {said:?}");
    assert_eq!((&finding["state"], &finding["figures"]["backend"]), (&"well".into(), &"onnxruntime".into()));
    assert_eq!(finding["figures"]["library"], Value::from(library.to_string_lossy().into_owned()));
    let seen = |flags: &[&str]| {
        let mut program = alone(&models);
        program.env("ORT_DYLIB_PATH", &library).args(["face", "--expression", "faceapi"]).args(flags);
        let output = program.arg(&faces[0]).output().expect("it runs");
        assert!(output.status.success() && output.stderr.is_empty(), "{:?}", crate::command::said(&output));
        let mut line = lines(&output)[0].clone();
        line.as_object_mut().expect("an object").remove("ms");
        line
    };
    let apart = |one: &Value, other: &Value| {
        let numbers = |of: &Value| {
            of.as_object().expect("an object").values().filter_map(Value::as_f64).collect::<Vec<_>>()
        };
        let (one, other) = (numbers(&one["expression"]), numbers(&other["expression"]));
        one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f64::max)
    };
    let (best, with, without) =
        (seen(&[]), seen(&["--backend", "onnxruntime"]), seen(&["--backend", "rten"]));
    assert_eq!(best, with);
    assert!(apart(&with, &without) < 0.01, "{with} {without}");
}

#[test]
fn a_file_that_is_no_network_is_said_in_a_line_whatever_would_run_it() {
    let Some(models) = models(&[DETECTOR]) else { return };
    let whole = std::fs::read(models.join("face").join(DETECTOR)).expect("read");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("it.onnx");
    let mut later = whole.clone();
    // The last field of the file says which set of operators it is written with (opset_import): version, field 2.
    let at = later.len() - 1;
    assert_eq!(later[at - 1], 0x10, "the file ends with the version of its operators");
    later[at] = 99;
    let mut scrambled = whole.clone();
    scrambled[whole.len() / 4..whole.len() / 2].fill(0xFF);
    for worker in workers() {
        let said = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            let read = Network::load_on(&path, &[], &[], &worker);
            read.map(|_| String::new()).unwrap_or_else(|error| error.to_string())
        };
        let name = worker.backend().name();
        assert_eq!(said(&whole), "", "{name}");
        for (bytes, why) in [
            (&whole[..whole.len() - 3000], "it breaks off before its end"),
            (b"<html>sign in first</html>", "it is no network"),
            (b"", "it is no network"),
            (&later, "of a later time (opset 99)"),
            (&scrambled, "it is damaged"),
        ] {
            let said = said(bytes);
            assert!(
                said.contains(why) && said.contains("it.onnx") && said.lines().count() == 1,
                "{name}: {said}"
            );
        }
    }
}

#[test]
fn the_fastest_that_is_here_is_taken() {
    let nothing = Search::only(None, &Folders::default());
    assert!(look(&nothing).refused.is_empty());
    assert_eq!(Worker::best(&nothing).backend(), Backend::Rten);
    let Some(library) = library() else { return };
    let here = Search::only(Some(&library), &Folders::default());
    assert_eq!(Worker::best(&here).backend(), Backend::OnnxRuntime);
}

#[test]
fn the_bench_measures_each_backend_and_says_that_python_is_not_here() {
    let Some(models) = models(&[DETECTOR, FACEAPI]) else { return };
    let Some(faces) = faces(&models) else { return };
    let mut program = alone(&models);
    program.args(["bench", "face", "--rounds", "1", "--expression", "faceapi"]).args(&faces[..2]);
    let mut named = vec!["rten"];
    if let Some(library) = library() {
        program.env("ORT_DYLIB_PATH", library);
        named.push("onnxruntime");
    }
    let output = program.env("PATH", "/nowhere").output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text} {:?}", said(&output));
    assert!(
        text.contains("2 pictures, 1 times each") && text.contains("beside it nothing, because Python"),
        "{text}"
    );
    for name in named {
        let row = text.lines().find(|line| line.starts_with(&format!("{name}  ")));
        assert!(row.is_some_and(|row| row.ends_with(" 2")), "{text}");
        assert!(
            text.contains(&format!("{name}: ")) && text.contains("% of a core at 5 pictures a second"),
            "{text}"
        );
    }
}
