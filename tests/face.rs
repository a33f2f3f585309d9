//! What faces may show: with real models and real pictures where those are, and beside ONNX Runtime where Python has it.

#![cfg(feature = "face")]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "a skip has a name, and figures are printed")]

#[path = "face/command.rs"]
mod command;
#[path = "face/counting.rs"]
mod counting;
#[path = "face/damaged.rs"]
mod damaged;
#[path = "face/footage.rs"]
mod footage;
#[path = "face/reference.rs"]
mod reference;
#[path = "face/runtime.rs"]
mod runtime;

use std::path::{Path, PathBuf};

use inner_room::dialogue::face::Expression;
use inner_room::models::Folders;
use inner_room::senses::face::{Choice, Picture, Reader, Reading, label, name};
use rand::{RngExt as _, SeedableRng as _};

fn requires(what: &str) -> bool {
    std::env::var("INNER_ROOM_REQUIRE").is_ok_and(|list| list.split(',').any(|it| it == what))
}

/// What this machine lacks is a skip with a name, or a failure where it is asked for.
fn skipped(what: &str) {
    assert!(!requires("models"), "there is no {what}, and INNER_ROOM_REQUIRE asks for models");
    eprintln!("skipped: {what} is not here (INNER_ROOM_MODELS)");
}

/// The folder of models, with these files.
fn models(files: &[&str]) -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("INNER_ROOM_MODELS").unwrap_or_default());
    match files.iter().find(|file| !folder.join("face").join(file).is_file()) {
        None => Some(folder),
        Some(missing) => {
            skipped(missing);
            None
        }
    }
}

const DETECTOR: &str = "yunet_n_320_320.onnx";
const XCEPTIONS: [&str; 2] = ["mini_xception_fer2013.onnx", "big_xception_fer2013.onnx"];
const FACEAPI: &str = "faceapi_expression.onnx";
const POINTS: [&str; 2] = ["mp_face_landmarks_478.onnx", "mp_face_blendshapes_52.onnx"];

/// Real pictures of faces, beside the folder of models.
fn faces(models: &Path) -> Option<Vec<PathBuf>> {
    let folder = models.parent().map(|folder| folder.join("faces")).unwrap_or_default();
    let found = std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut found: Vec<PathBuf> =
        found.filter(|path| path.extension().is_some_and(|it| it == "jpg")).collect();
    found.sort();
    if found.is_empty() {
        skipped("a folder faces beside the folder of models");
        return None;
    }
    Some(found)
}

fn called(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

/// What a picture is expected to show, by the last word of its name; none where that is in doubt.
fn expected(path: &Path) -> Option<Expression> {
    let stem = called(path);
    let word = stem.rsplit('_').next().unwrap_or_default();
    match word {
        "crying" | "grief" => Some(Expression::Sad),
        "anger" => Some(Expression::Angry),
        word => label(word),
    }
}

fn reader(models: &Path, expression: &str) -> Reader {
    let choice = Choice { expression: Some(expression.to_owned()), points: false };
    Reader::load(&Folders::of(vec![models.to_owned()]), &choice).expect("the models can be used")
}

fn picture(path: &Path) -> Picture {
    Picture::open(path).expect("a picture")
}

fn reading(reader: &Reader, picture: &Picture) -> Option<Reading> {
    reader.read(picture).expect("it is read")
}

/// Happy against the rest must be told with at most one mistake; the rest is printed as it is.
fn tells_happy(models: &Path, faces: &[PathBuf], model: &str) {
    let reader = reader(models, model);
    let (mut mistaken, mut right, mut known) = (Vec::new(), 0, 0);
    eprintln!("{model}: picture, expected, seen, valence, arousal, confidence");
    for path in faces {
        let seen = reading(&reader, &picture(path)).expect("there is a face in every one of these");
        let (leading, likely) = seen.guess.leading();
        let wanted = expected(path);
        let affect = seen.guess.affect;
        eprintln!(
            "  {:28} {:9} {:9} {likely:.2}  {:+.2} {:+.2}  {:.2}",
            called(path),
            wanted.map_or("?", name),
            name(leading),
            affect.valence,
            affect.arousal,
            seen.confidence()
        );
        if (leading == Expression::Happy) != (wanted == Some(Expression::Happy)) {
            mistaken.push(called(path));
        }
        known += usize::from(wanted.is_some());
        right += usize::from(wanted == Some(leading));
        let sum: f32 = seen.guess.likely.iter().map(|it| it.1).sum();
        assert!((sum - 1.0).abs() < 1e-3, "{sum}");
        assert!((0.0..=1.0).contains(&seen.confidence()));
    }
    eprintln!("{model}: {right} of {known} as expected; happy against the rest, mistaken: {mistaken:?}");
    assert!(mistaken.len() <= 1, "{mistaken:?}");
}

#[test]
fn there_is_a_face_in_every_picture_and_a_happy_one_is_told_from_the_rest() {
    let Some(models) = models(&[DETECTOR, XCEPTIONS[0], XCEPTIONS[1], FACEAPI]) else { return };
    let Some(faces) = faces(&models) else { return };
    for model in ["xception-big", "faceapi"] {
        tells_happy(&models, &faces, model);
    }
}

#[test]
fn two_of_one_family_are_averaged_and_the_best_that_is_here_is_taken() {
    let Some(models) = models(&[DETECTOR, XCEPTIONS[0], XCEPTIONS[1], FACEAPI]) else { return };
    let here = |files: &[&str]| {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("face")).expect("a folder in it");
        for file in files {
            let (from, to) = (models.join("face").join(file), folder.path().join("face").join(file));
            std::fs::copy(from, to).expect("copied");
        }
        let folders = Folders::of(vec![folder.path().to_owned()]);
        let reader = Reader::load(&folders, &Choice::default()).map_err(|error| error.to_string())?;
        Ok(reader.expressions().names().map(str::to_owned).collect::<Vec<_>>())
    };
    let all = [DETECTOR, XCEPTIONS[0], XCEPTIONS[1], FACEAPI];
    assert_eq!(here(&all), Ok(vec!["xception-big".to_owned(), "xception-mini".to_owned()]));
    assert_eq!(here(&[DETECTOR, XCEPTIONS[0]]), Ok(vec!["xception-mini".to_owned()]));
    assert_eq!(here(&[DETECTOR, FACEAPI]), Ok(vec!["faceapi".to_owned()]));
    let missing: Result<_, String> = here(&[DETECTOR]);
    assert!(missing.is_err_and(|said| said.contains("tells expressions apart is here")));
    let missing: Result<_, String> = here(&[FACEAPI]);
    assert!(missing.is_err_and(|said| said.contains("models pull yunet")));
}

/// A house and a doll of few lines, and noise, fine and coarse; no face in any of them.
fn empty_pictures() -> Vec<(String, Picture)> {
    let mut random = rand_pcg::Pcg32::seed_from_u64(9);
    let mut all = Vec::new();
    let mut add = |called: String, side: usize, pixel: &mut dyn FnMut(usize, usize) -> [u8; 3]| {
        let rgb = (0..side * side).flat_map(|at| pixel(at % side, at / side)).collect();
        all.push((called, Picture::of(side, side, rgb).expect("a picture")));
    };
    add("one pixel".to_owned(), 1, &mut |_, _| [180, 140, 120]);
    for (called, colour) in [("black", [0; 3]), ("skin", [224, 172, 140]), ("white", [255; 3])] {
        add(called.to_owned(), 300, &mut |_, _| colour);
    }
    for grain in [1, 4, 16, 40] {
        let tiles: Vec<[u8; 3]> = (0..320 * 320 / grain / grain + 700).map(|_| random.random()).collect();
        add(format!("noise of {grain}"), 320, &mut |x, y| tiles[y / grain * (320 / grain) + x / grain]);
    }
    let line = |on: bool| if on { [20, 20, 20] } else { [250, 250, 250] };
    add("a house".to_owned(), 320, &mut |x, y| {
        let roof = (60..140).contains(&y) && x.abs_diff(160) <= y - 60 && x.abs_diff(160) + 4 >= y - 60;
        let wall = (140..280).contains(&y) && (x.abs_diff(80) < 3 || x.abs_diff(240) < 3);
        let window = (180..210).contains(&y) && (x.abs_diff(120) < 12 || x.abs_diff(200) < 12);
        line(roof || wall || window || (x.abs_diff(160) < 14 && (230..280).contains(&y)) || y == 280)
    });
    add("a doll".to_owned(), 320, &mut |x, y| {
        let ring = |cx: usize, cy: usize| x.abs_diff(cx).pow(2) + y.abs_diff(cy).pow(2);
        let head = (1_500..1_900).contains(&ring(160, 80));
        let body = x.abs_diff(160) < 3 && (122..220).contains(&y);
        let arms = y.abs_diff(150) < 3 && x.abs_diff(160) < 60;
        line(head || body || arms)
    });
    all
}

#[test]
fn there_is_no_face_in_noise_a_flat_colour_or_a_drawing() {
    let Some(models) = models(&[DETECTOR, FACEAPI]) else { return };
    let reader = reader(&models, "faceapi");
    for (called, picture) in empty_pictures() {
        assert_eq!(reading(&reader, &picture), None, "{called}");
    }
}

/// A picture in the middle of a larger one in grey, so many times as large as it is.
fn framed(picture: &Path, wide: u32, high: u32) -> Picture {
    let small = image::open(picture).expect("a picture").to_rgb8();
    let mut large = image::RgbImage::from_pixel(wide, high, image::Rgb([120, 120, 120]));
    image::imageops::overlay(&mut large, &small, i64::from(wide / 2), i64::from(high / 2));
    Picture::of(wide as usize, high as usize, large.into_raw()).expect("a picture")
}

#[test]
fn a_box_is_in_pixels_of_the_picture_and_of_several_faces_the_largest_is_the_nearest() {
    let Some(models) = models(&[DETECTOR, FACEAPI]) else { return };
    let Some(faces) = faces(&models) else { return };
    let reader = reader(&models, "faceapi");
    for path in &faces {
        let alone = reading(&reader, &picture(path)).expect("a face").found.bounds;
        let (wide, high) = (900, 1_000);
        let seen = reading(&reader, &framed(path, wide, high)).expect("a face").found.bounds;
        let moved = [alone[0] + 450.0, alone[1] + 500.0, alone[2], alone[3]];
        let off = seen.iter().zip(moved).map(|(is, want)| (is - want).abs()).fold(0.0, f32::max);
        assert!(off < 0.2 * alone[3], "{}: {seen:?}, not {moved:?}", called(path));
    }
    let two = faces.iter().find(|path| called(path).contains("obama")).expect("the picture");
    let small = image::open(two).expect("a picture").to_rgb8();
    let large = image::imageops::resize(&small, 960, 826, image::imageops::FilterType::Triangle);
    let mut both = image::RgbImage::from_pixel(1_440, 826, image::Rgb([90, 90, 90]));
    image::imageops::overlay(&mut both, &small, 0, 0);
    image::imageops::overlay(&mut both, &large, 480, 0);
    let both = Picture::of(1_440, 826, both.into_raw()).expect("a picture");
    let found = reader.finds().find(&both).expect("it is looked at");
    assert!(found.len() == 2 && found[0].bounds[0] > 480.0 && found[1].bounds[0] < 480.0, "{found:?}");
}

#[test]
fn points_and_shapes_lie_on_the_face_and_follow_a_smile() {
    let Some(models) = models(&[DETECTOR, FACEAPI, POINTS[0], POINTS[1]]) else { return };
    let Some(faces) = faces(&models) else { return };
    let choice = Choice { expression: None, points: true };
    let reader = Reader::load(&Folders::of(vec![models]), &choice).expect("the models can be used");
    let smile = |word: &str| {
        let path = faces.iter().find(|path| called(path) == word).expect("the picture");
        let seen = reading(&reader, &picture(path)).expect("a face");
        let points = seen.points.expect("points");
        let [x, y, width, height] = seen.found.bounds;
        let inside = |at: &&[f32; 2]| {
            (x - 0.3 * width..x + 1.3 * width).contains(&at[0])
                && (y - 0.3 * height..y + 1.3 * height).contains(&at[1])
        };
        assert_eq!((points.points.len(), points.points.iter().filter(inside).count()), (478, 478), "{word}");
        assert!(points.presence > 0.5 && points.shapes.len() == 52);
        assert!(points.shapes.iter().all(|(_, of)| (0.0..=1.0).contains(of)));
        let of = |name: &str| points.shapes.iter().find(|it| it.0 == name).expect("a shape").1;
        f32::midpoint(of("mouthSmileLeft"), of("mouthSmileRight"))
    };
    let (smiles, serious) = (smile("syn_happy"), smile("syn_neutral"));
    eprintln!("mouthSmile: {smiles:.2} where somebody smiles, {serious:.2} where nobody does");
    assert!(smiles > 0.4 && serious < 0.2, "{smiles} {serious}");
}
