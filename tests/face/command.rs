//! `inner-room face`, as it is called.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use inner_room::models::catalogue::Catalogue;
use inner_room::models::onnx::Worker;
use inner_room::models::recipe::{Colour, Recipe};
use inner_room::senses::face::{Expressions, Picture, PictureError};
use rand::{RngExt as _, SeedableRng as _};

use crate::{DETECTOR, FACEAPI, faces, models};

/// `inner-room face` with the models of a folder and no others, on what is part of the program.
fn face(models: &Path, args: &[&str], files: &[PathBuf]) -> Output {
    let mut program = alone(models);
    program.arg("face").args(args).args(files).args(["--backend", "rten"]).arg("--models").arg(models);
    program.output().expect("it runs")
}

/// The program with the models of a folder, and nothing else of this machine's.
pub(crate) fn alone(models: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_inner-room"));
    program.env("INNER_ROOM_MODELS", models).env("XDG_DATA_HOME", models.join("nowhere"));
    program.env("XDG_CONFIG_HOME", models.join("nowhere")).env_remove("ORT_DYLIB_PATH");
    program
}

pub(crate) fn lines(output: &Output) -> Vec<serde_json::Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

pub(crate) fn said(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stderr).lines().map(str::to_owned).collect()
}

fn png(wide: u32, high: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::GrayImage::new(wide, high).write_to(&mut bytes, image::ImageFormat::Png).expect("it is written");
    bytes.into_inner()
}

#[test]
fn a_line_says_where_the_nearest_face_is_and_what_it_may_show() {
    let Some(models) = models(&[DETECTOR, FACEAPI]) else { return };
    let Some(faces) = faces(&models) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let flat = folder.path().join("flat.png");
    std::fs::write(&flat, png(200, 100)).expect("written");
    let happy = faces.iter().find(|path| path.ends_with("syn_happy.jpg")).expect("the picture");
    let output = face(&models, &[], &[happy.clone(), flat]);
    assert!(output.status.success() && output.stderr.is_empty(), "{:?}", said(&output));
    let lines = lines(&output);
    let keys = |at: usize| lines[at].as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    let all = ["file", "box", "expression", "valence", "arousal", "confidence", "ms"];
    assert_eq!((keys(0), keys(1)), (all.map(str::to_owned).to_vec(), all.map(str::to_owned).to_vec()));
    assert!(lines[0]["file"].as_str().is_some_and(|file| Path::new(file) == happy));
    assert_eq!(lines[0]["box"].as_array().map(Vec::len), Some(4));
    let number = |of: &serde_json::Value| of.as_f64().expect("a number");
    assert!(number(&lines[0]["expression"]["happy"]) > 0.5 && number(&lines[0]["valence"]) > 0.3);
    assert!((0.0..=1.0).contains(&number(&lines[0]["confidence"])) && number(&lines[0]["ms"]) > 0.0);
    assert!(lines[1]["box"].is_null() && lines[1]["expression"].is_null() && lines[1]["ms"].is_number());
}

#[test]
fn what_cannot_be_looked_at_is_said_in_a_line_and_the_others_go_on() {
    let Some(models) = models(&[DETECTOR, FACEAPI]) else { return };
    let Some(faces) = faces(&models) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let whole = std::fs::read(&faces[0]).expect("read");
    let huge = png(10_000, 10_000);
    let mut damaged = png(60, 60);
    damaged[20] ^= 0xFF;
    let bad: [(&str, &[u8], &str); 9] = [
        ("words.jpg", b"a shopping list", "no JPEG or PNG"),
        ("empty.png", b"", "no JPEG or PNG"),
        ("moves.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00,", "GIF pictures are not read"),
        ("half.jpg", &whole[..whole.len() / 2], "breaks off"),
        ("nearly.jpg", &whole[..whole.len() - 2], "breaks off"),
        ("half.png", &png(300, 300)[..60], ""),
        ("damaged.png", &damaged, ""),
        ("huge.png", &huge, "too large"),
        ("head.png", &huge[..200], "too large"),
    ];
    let mut files: Vec<PathBuf> = Vec::new();
    for (called, bytes, _) in &bad {
        files.push(folder.path().join(called));
        std::fs::write(&files[files.len() - 1], bytes).expect("written");
    }
    files.push(folder.path().join("nowhere.jpg"));
    files.push(folder.path().to_owned());
    files.push(faces[0].clone());
    let output = face(&models, &[], &files);
    let said = said(&output);
    assert_eq!(
        (output.status.code(), lines(&output).len(), said.len()),
        (Some(1), 1, files.len() - 1),
        "{said:?}"
    );
    for ((called, _, why), line) in bad.iter().zip(&said) {
        assert!(line.starts_with("inner-room: ") && line.contains(called) && line.contains(why), "{line}");
    }
    assert!(
        said[bad.len()].contains("cannot be read") && said[bad.len() + 1].contains("no file"),
        "{said:?}"
    );
}

#[test]
fn a_model_that_is_missing_or_another_one_is_said_in_a_line() {
    let Some(models) = models(&[DETECTOR, FACEAPI]) else { return };
    let Some(faces) = faces(&models) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("face");
    let refused = |args: &[&str], code: i32, why: &str| {
        let output = face(folder.path(), args, &faces[..1]);
        let said = said(&output);
        assert!(output.stdout.is_empty() && output.status.code() == Some(code), "{said:?}");
        assert!(said.len() == 1 && said[0].contains(why), "{said:?}");
    };
    refused(&[], 1, "inner-room models pull yunet");
    refused(&["--expression", "bored"], 2, "there are hsemotion, ");
    std::fs::create_dir(&own).expect("a folder");
    std::fs::copy(models.join("face").join(DETECTOR), own.join(DETECTOR)).expect("copied");
    refused(&[], 1, "tells expressions apart is here");
    let mut bytes = std::fs::read(models.join("face").join(FACEAPI)).expect("read");
    let at = bytes.len() / 2;
    for damage in
        [|bytes: &mut Vec<u8>, at: usize| bytes[at] ^= 1, |bytes: &mut Vec<u8>, at: usize| bytes.truncate(at)]
    {
        damage(&mut bytes, at);
        std::fs::write(own.join(FACEAPI), &bytes).expect("written");
        refused(&[], 1, "not the file that is known as faceapi");
    }
}

/// What is changed in what the list says.
type Change<'a> = &'a dyn Fn(&mut Recipe);

#[test]
fn a_network_that_does_not_fit_what_the_list_says_of_it_is_refused() {
    let Some(models) = models(&[FACEAPI]) else { return };
    let all = Catalogue::built_in().expect("the list");
    let right = all.find("faceapi").expect("an entry").clone();
    let load = |change: &dyn Fn(&mut Recipe)| {
        let mut entry = right.clone();
        change(entry.recipe.as_mut().expect("a recipe"));
        let path = models.join(&entry.file);
        Expressions::load(&[(entry, path)], &Worker::default()).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(load(&|_| ()), Ok(()));
    let changes: [(Change, &str); 5] = [
        (&|recipe| drop(recipe.labels.pop()), "it gives 7 numbers, and not 6"),
        (&|recipe| recipe.affect = true, "it gives 7 numbers, and not 9"),
        (&|recipe| recipe.colour = Colour::Grey, "faceapi cannot be used as the list of models says"),
        (&|recipe| recipe.labels[0] = "bored".to_owned(), "bored is no expression"),
        (&|recipe| recipe.outputs = vec!["mood".to_owned()], "it has no mood"),
    ];
    for (change, why) in changes {
        let said = load(change).expect_err("it does not fit");
        assert!(said.contains(why) && said.lines().count() == 1, "{said}");
    }
}

#[test]
fn bytes_that_were_changed_are_a_picture_or_an_error_and_no_more() {
    let Some(models) = models(&[DETECTOR]) else { return };
    let Some(faces) = faces(&models) else { return };
    let mut random = rand_pcg::Pcg32::seed_from_u64(3);
    let jpeg = std::fs::read(&faces[2]).expect("read");
    let (mut read, mut refused) = (0, 0);
    for whole in [jpeg, png(40, 30)] {
        for _ in 0..150 {
            let mut bytes = whole.clone();
            for _ in 0..random.random_range(1..12) {
                let at = random.random_range(0..bytes.len());
                bytes[at] = random.random();
            }
            if random.random_bool(0.3) {
                bytes.truncate(random.random_range(0..bytes.len()));
            }
            match Picture::decode(&bytes) {
                Ok(_) => read += 1,
                Err(PictureError::Read(error)) => {
                    assert!(error.to_string().is_empty(), "nothing is read: {error}");
                }
                Err(_) => refused += 1,
            }
        }
    }
    eprintln!("of 300 pictures with changed bytes {read} were read, and {refused} refused");
    assert!(read + refused == 300 && refused > 50);
}
