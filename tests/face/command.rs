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
    let bad: [(&str, &[u8], &str); 10] = [
        ("old.bmp", b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0", "BMP pictures are not read"),
        ("words.jpg", b"a shopping list", "no JPEG or PNG"),
        ("empty.png", b"", "no JPEG or PNG"),
        ("moves.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00,", "breaks off"),
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
    files.push(folder.path().join("empty"));
    std::fs::create_dir(&files[files.len() - 1]).expect("a folder");
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
        said[bad.len()].contains("cannot be read")
            && said[bad.len() + 1].contains("no JPEG or PNG pictures in this folder"),
        "{said:?}"
    );
}

#[test]
fn a_film_has_a_line_for_each_picture_with_its_time_and_one_that_breaks_off_as_many_as_it_has() {
    let Some(models) = models(&[DETECTOR, FACEAPI]) else { return };
    let Some(faces) = faces(&models) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let whole: Vec<u8> = faces[..3].iter().flat_map(|path| std::fs::read(path).expect("read")).collect();
    let (film, cut) = (folder.path().join("film.mjpeg"), folder.path().join("cut.mjpeg"));
    std::fs::write(&film, &whole).expect("written");
    std::fs::write(&cut, &whole[..whole.len() - 900]).expect("written");
    let output = face(&models, &[], &[film]);
    assert!(output.status.success() && output.stderr.is_empty(), "{:?}", said(&output));
    let at: Vec<_> = lines(&output).iter().map(|it| (it["at_ms"].as_u64(), it["box"].is_array())).collect();
    assert_eq!(at, [(Some(0), true), (Some(100), true), (Some(200), true)]);
    let output = face(&models, &[], &[cut]);
    let said = said(&output);
    assert_eq!((output.status.code(), lines(&output).len(), said.len()), (Some(1), 2, 1), "{said:?}");
    assert!(said[0].contains("cut.mjpeg: it breaks off 0.2 seconds from its beginning"), "{said:?}");
}

#[test]
fn a_folder_is_looked_at_by_the_names_of_its_pictures_and_one_of_a_pixel_has_no_face() {
    let Some(models) = models(&[DETECTOR, FACEAPI]) else { return };
    let Some(faces) = faces(&models) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::copy(&faces[0], folder.path().join("b.jpg")).expect("copied");
    std::fs::write(folder.path().join("a.PNG"), png(1, 1)).expect("written");
    std::fs::write(folder.path().join("c.txt"), "a shopping list").expect("written");
    let output = face(&models, &[], &[folder.path().to_owned()]);
    assert!(output.status.success() && output.stderr.is_empty(), "{:?}", said(&output));
    let lines = lines(&output);
    let end = |line: &serde_json::Value| Some(line["file"].as_str()?.rsplit('/').next()?.to_owned());
    let seen: Vec<_> = lines.iter().map(|line| (end(line), line["box"].is_array())).collect();
    assert_eq!(seen, [(Some("a.PNG".to_owned()), false), (Some("b.jpg".to_owned()), true)]);
    assert!(lines.iter().all(|line| line["at_ms"].is_null()));
}

#[test]
fn the_cameras_are_listed_and_where_there_is_none_that_is_said() {
    let program =
        |args: &[&str]| Command::new(env!("CARGO_BIN_EXE_inner-room")).args(args).output().expect("it runs");
    let output = program(&["face", "--cameras"]);
    assert!(output.status.success());
    let all = inner_room::senses::camera::cameras();
    let listed: Vec<_> = lines(&output).iter().map(|it| it["id"].as_str().map(str::to_owned)).collect();
    assert_eq!(listed, all.iter().map(|it| Some(it.id.clone())).collect::<Vec<_>>());
    let none = "inner-room: there is no camera; connect one, or go on without";
    assert_eq!(said(&output), if all.is_empty() { vec![none] } else { vec![] });
    assert_eq!(program(&["face", "--cameras", "a.jpg"]).status.code(), Some(2));
    assert_eq!(program(&["face"]).status.code(), Some(2));
}

/// A machine that has no more than this, in kilobytes, for everything. A picture of 50 megapixels needs more than half of it.
#[cfg(target_os = "linux")]
const MEMORY: &str = "1800000";

#[cfg(target_os = "linux")]
#[test]
fn small_files_that_claim_to_be_vast_are_refused_in_bounded_memory() {
    let Some(models) = models(&[DETECTOR, FACEAPI]) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let vast =
        b"GIF89a\xFF\xFF\xFF\xFF\xF0\0\0\x01\x02\x03\x04\x05\x06,\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\x02L\x01\0;";
    let mut frame = vast.to_vec();
    frame[6..10].copy_from_slice(&[8, 0, 8, 0]);
    let files: Vec<PathBuf> =
        [("vast.gif", vast.to_vec()), ("frame.gif", frame), ("vast.png", png(20_000, 20_000))]
            .into_iter()
            .map(|(called, bytes)| {
                std::fs::write(folder.path().join(called), bytes).expect("written");
                folder.path().join(called)
            })
            .collect();
    let mut program = Command::new("sh");
    program.args(["-c", "ulimit -v $0 && exec \"$@\"", MEMORY, env!("CARGO_BIN_EXE_inner-room"), "face"]);
    let output = program.args(&files).arg("--models").arg(&models).output().expect("it runs");
    let said = said(&output);
    assert_eq!((output.status.code(), said.len()), (Some(1), 3), "{said:?}");
    assert!(said[0].contains("too large") && said[2].contains("too large"), "{said:?}");
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
