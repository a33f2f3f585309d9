//! Pictures as cameras send them and as recordings hold them: real ones, damaged ones, and their times.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use image::RgbImage;
use image::imageops::FilterType;
use inner_room::senses::camera::{Coding, Footage, Frame, Lost, Pace};
use inner_room::senses::face::Picture;

use crate::{DETECTOR, FACEAPI, faces, models, reader, reading};

fn ms(of: u64) -> Duration {
    Duration::from_millis(of)
}

/// A real face, 320 by 320.
fn square(path: &Path) -> RgbImage {
    image::open(path).expect("a picture").resize_exact(320, 320, FilterType::Triangle).to_rgb8()
}

/// A picture of small waves, another one for each number, where no face is needed.
pub(crate) fn waves(number: u32, side: u32) -> RgbImage {
    RgbImage::from_fn(side, side, |x, y| {
        let of = |by: u32| ((x * by + y * 3 + number * 40) % 256) as u8;
        image::Rgb([of(2), of(3), of(5)])
    })
}

pub(crate) fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 92);
    picture.write_with_encoder(encoder).expect("it is written");
    bytes
}

/// As cameras send it: without the tables that are always the same.
fn bare(jpeg: &[u8]) -> Vec<u8> {
    let (mut kept, mut at) = (jpeg[..2].to_vec(), 2);
    while jpeg[at + 1] != 0xDA {
        let long = 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if jpeg[at + 1] != 0xC4 {
            kept.extend(&jpeg[at..at + long]);
        }
        at += long;
    }
    kept.extend(&jpeg[at..]);
    kept
}

/// ITU-R BT.601, 4:2:2, as a camera sends it.
fn yuyv(picture: &RgbImage, padding: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in picture.rows() {
        let pixels: Vec<[f64; 3]> = row.map(|it| it.0.map(f64::from)).collect();
        for pair in pixels.chunks_exact(2) {
            let light = pair.iter().map(|[r, g, b]| 16.0 + (65.481 * r + 128.553 * g + 24.966 * b) / 255.0);
            let light: Vec<u8> = light.map(|it| it.round() as u8).collect();
            let [r, g, b] = [0, 1, 2].map(|it| (pair[0][it] + pair[1][it]) / 2.0);
            let blue = 128.0 + (-37.797 * r - 74.203 * g + 112.0 * b) / 255.0;
            let red = 128.0 + (112.0 * r - 93.786 * g - 18.214 * b) / 255.0;
            bytes.extend([light[0], blue.round() as u8, light[1], red.round() as u8]);
        }
        bytes.extend(vec![0xAA; padding]);
    }
    bytes
}

/// How far two pictures are apart on average, of 255.
fn apart(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / one.len() as f64
}

pub(crate) fn ffmpeg(args: &[&str]) -> Option<Vec<u8>> {
    let mut program = Command::new("ffmpeg");
    program.args(["-v", "error", "-y"]).args(args).stdin(Stdio::null());
    let Ok(output) = program.output() else {
        eprintln!("skipped: ffmpeg is not installed");
        return None;
    };
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(output.stdout)
}

/// Numbered pictures in a folder, as ffmpeg takes them.
pub(crate) fn numbered(folder: &Path, pictures: &[RgbImage]) -> String {
    for (number, picture) in pictures.iter().enumerate() {
        picture.save(folder.join(format!("{number}.png"))).expect("written");
    }
    folder.join("%d.png").to_string_lossy().into_owned()
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// Everything that a recording shows, and what is said of it.
pub(crate) fn all(path: &Path, pace: Pace) -> (Vec<Frame>, Vec<String>) {
    let mut footage = match Footage::open(path, pace) {
        Ok(footage) => footage,
        Err(error) => return (Vec::new(), vec![error.to_string()]),
    };
    let (mut frames, mut said) = (Vec::new(), Vec::new());
    while let Some(shot) = footage.next_shot() {
        match shot {
            Ok(frame) => frames.push(frame),
            Err(error) => said.push(error.to_string()),
        }
    }
    (frames, said)
}

fn times(frames: &[Frame]) -> Vec<u128> {
    frames.iter().map(|frame| frame.at.as_millis()).collect()
}

pub(crate) fn write(folder: &Path, called: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(called);
    std::fs::write(&path, bytes).expect("written");
    path
}

/// A GIF in grey with these delays, in hundredths of a second.
pub(crate) fn gif(pictures: &[RgbImage], delay: u16) -> Vec<u8> {
    let palette: Vec<u8> = (0..=255).flat_map(|it| [it; 3]).collect();
    let (wide, high) = pictures[0].dimensions();
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, wide as u16, high as u16, &palette).expect("it begins");
    for picture in pictures {
        let grey = image::DynamicImage::ImageRgb8(picture.clone()).to_luma8().into_raw();
        let frame =
            gif::Frame { delay, ..gif::Frame::from_indexed_pixels(wide as u16, high as u16, grey, None) };
        encoder.write_frame(&frame).expect("it is written");
    }
    drop(encoder);
    bytes
}

#[test]
fn a_face_is_found_in_what_a_camera_sends_where_it_is_in_the_picture_itself() {
    let Some(models) = models(&[DETECTOR, FACEAPI]) else { return };
    let Some(faces) = faces(&models) else { return };
    let reader = reader(&models, "faceapi");
    for path in &faces {
        let original = square(path);
        let (width, height) = (320, 320);
        let wanted =
            reading(&reader, &Picture::of(width, height, original.as_raw().clone()).expect("a picture"));
        let wanted = wanted.expect("a face").found.bounds;
        for padding in [0, 64] {
            let coding = Coding::Yuyv { width, height, stride: width * 2 + padding };
            let seen = coding.picture(&yuyv(&original, padding)).expect("a picture");
            assert!(apart(seen.rgb(), original.as_raw()) < 3.0, "{}", apart(seen.rgb(), original.as_raw()));
            same_place(&reading(&reader, &seen).expect("a face").found.bounds, &wanted);
        }
        let mut sent = jpeg(&original);
        let whole = Coding::Mjpeg.picture(&sent).expect("a picture");
        assert!(apart(whole.rgb(), original.as_raw()) < 4.0, "{}", apart(whole.rgb(), original.as_raw()));
        same_place(&reading(&reader, &whole).expect("a face").found.bounds, &wanted);
        assert!(bare(&sent).len() < sent.len() - 300, "nothing was left out");
        assert_eq!(Coding::Mjpeg.picture(&bare(&sent)).as_ref(), Some(&whole));
        // Cameras leave what was in their memory before.
        sent.extend([0, 0, 7, 0xFF, 0xD8, 0xFF]);
        assert_eq!(Coding::Mjpeg.picture(&sent), Some(whole));
    }
}

fn same_place(seen: &[f32; 4], wanted: &[f32; 4]) {
    let off = seen.iter().zip(wanted).map(|(is, want)| (is - want).abs()).fold(0.0, f32::max);
    assert!(off < 0.1 * wanted[3], "{seen:?}, not {wanted:?}");
}

/// The time stamps in an AVI as ffprobe reads them, in milliseconds.
fn stamps(path: &Path) -> Option<Vec<u128>> {
    let args = ["-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time", "-of", "csv=p=0"];
    let output = Command::new("ffprobe").args(args).arg(path).output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let seconds = said.split_whitespace().filter_map(|it| it.trim_matches(',').parse::<f64>().ok());
    let found: Vec<u128> = seconds.map(|it| (it * 1_000.0).round() as u128).collect();
    path.extension().is_some_and(|it| it == "avi").then_some(found)
}

#[test]
fn a_film_that_ffmpeg_wrote_has_its_faces_and_its_times() {
    let Some(models) = models(&[DETECTOR, FACEAPI]) else { return };
    let Some(faces) = faces(&models) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let pictures: Vec<RgbImage> = faces.iter().take(4).map(|it| square(it)).collect();
    let from = numbered(folder.path(), &pictures);
    let (silent, loud, strip) =
        (folder.path().join("a.avi"), folder.path().join("b.avi"), folder.path().join("c.mjpeg"));
    let video = ["-framerate", "5", "-i", &from, "-c:v", "mjpeg", "-q:v", "3"];
    let tone = [
        "-f",
        "lavfi",
        "-i",
        "sine=duration=0.8",
        "-framerate",
        "5",
        "-i",
        &from,
        "-c:v",
        "mjpeg",
        "-q:v",
        "3",
    ];
    if ffmpeg(&[&video[..], &[text(&silent)]].concat()).is_none() {
        return;
    }
    // Sound comes first, so that the film is the second stream.
    ffmpeg(&[&tone[..], &["-map", "0:a", "-map", "1:v", text(&loud)]].concat());
    ffmpeg(&[&video[..], &["-f", "mjpeg", text(&strip)]].concat());
    let reader = reader(&models, "faceapi");
    // With sound ffmpeg begins with a pause, which is an empty chunk in the film.
    for (path, wanted) in
        [(&silent, [0, 200, 400, 600]), (&strip, [0, 200, 400, 600]), (&loud, [0, 400, 600, 800])]
    {
        let (frames, said) = all(path, Pace { a_second: 5.0, ..Pace::default() });
        assert_eq!((times(&frames), said.len()), (wanted.to_vec(), 0), "{} {said:?}", path.display());
        assert!(stamps(path).is_none_or(|it| it == times(&frames)), "{:?}", stamps(path));
        for (frame, original) in frames.iter().zip(&pictures) {
            assert!(apart(frame.picture.rgb(), original.as_raw()) < 8.0);
            assert!(reading(&reader, &frame.picture).is_some());
        }
    }
    let other = folder.path().join("d.avi");
    ffmpeg(&["-framerate", "5", "-i", &from, "-c:v", "mpeg4", text(&other)]);
    let (frames, said) = all(&other, Pace::default());
    assert!(frames.is_empty() && said[0].contains("coded as FMP4, and only MJPEG is read"), "{said:?}");
}

#[test]
fn an_animation_is_painted_as_ffmpeg_paints_it() {
    let folder = tempfile::tempdir().expect("a folder");
    // A spot that moves: what ffmpeg writes of the later frames is only what has changed.
    let pictures: Vec<RgbImage> = (0..5)
        .map(|at| {
            let mut picture = waves(0, 96);
            image::imageops::overlay(&mut picture, &waves(3, 20), 10 + i64::from(at) * 12, 30);
            picture
        })
        .collect();
    let path = folder.path().join("spot.gif");
    let from = numbered(folder.path(), &pictures);
    if ffmpeg(&["-framerate", "4", "-i", &from, text(&path)]).is_none() {
        return;
    }
    let raw = ffmpeg(&["-i", text(&path), "-vsync", "0", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
        .expect("it is there");
    let (frames, said) = all(&path, Pace::default());
    assert_eq!((times(&frames), said.len()), (vec![0, 250, 500, 750, 1_000], 0), "{said:?}");
    let painted: Vec<u8> = frames.iter().flat_map(|frame| frame.picture.rgb()).copied().collect();
    assert_eq!(apart(&painted, &raw), 0.0);
}

/// A GIF of three frames in which the second covers a corner in red, and is then disposed of as said.
fn covered(dispose: gif::DisposalMethod) -> Vec<u8> {
    let palette = [10, 20, 30, 255, 0, 0, 0, 0, 255];
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, 4, 4, &palette).expect("it begins");
    let frame = |side: u16, colour: u8, dispose| gif::Frame {
        dispose,
        ..gif::Frame::from_indexed_pixels(side, side, vec![colour; usize::from(side * side)], None)
    };
    let mut last = frame(1, 2, gif::DisposalMethod::Keep);
    (last.left, last.top) = (3, 3);
    for frame in [frame(4, 0, gif::DisposalMethod::Keep), frame(2, 1, dispose), last] {
        encoder.write_frame(&frame).expect("it is written");
    }
    drop(encoder);
    bytes
}

#[test]
fn what_a_frame_leaves_behind_is_as_it_says_and_one_without_a_time_is_shown_for_a_tenth_of_a_second() {
    let folder = tempfile::tempdir().expect("a folder");
    let of = |dispose| {
        let (frames, said) = all(&write(folder.path(), "a.gif", &covered(dispose)), Pace::default());
        assert_eq!((times(&frames), said.len()), (vec![0, 100, 200], 0));
        let pixel = |frame: usize, at: usize| frames[frame].picture.rgb()[at * 3..][..3].to_vec();
        assert_eq!(
            (pixel(0, 0), pixel(1, 0), pixel(1, 15)),
            (vec![10, 20, 30], vec![255, 0, 0], vec![10, 20, 30])
        );
        assert_eq!((pixel(2, 15), pixel(2, 10)), (vec![0, 0, 255], vec![10, 20, 30]));
        pixel(2, 0)
    };
    assert_eq!(of(gif::DisposalMethod::Keep), [255, 0, 0]);
    assert_eq!(of(gif::DisposalMethod::Previous), [10, 20, 30]);
    assert_eq!(of(gif::DisposalMethod::Background), [0, 0, 0]);
}

#[test]
fn whoever_looks_sees_the_newest_picture_once_and_those_in_between_never() {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..4 {
        waves(number, 24).save(folder.path().join(format!("{number}.png"))).expect("written");
    }
    write(folder.path(), "notes.txt", b"no picture");
    let at = |frame: Option<Frame>| frame.map(|it| it.at.as_millis());
    let mut once = Footage::open(folder.path(), Pace::default()).expect("it opens");
    assert_eq!(once.latest_at(ms(0)).map(at), Ok(Some(0)));
    assert_eq!(once.latest_at(ms(499)).map(at), Ok(None));
    let third = once.latest_at(ms(1_200)).expect("it goes on").expect("a picture");
    assert_eq!((third.at, third.picture.rgb()), (ms(1_000), waves(2, 24).as_raw().as_slice()));
    assert_eq!(once.latest_at(ms(1_999)).map(at), Ok(Some(1_500)));
    assert_eq!(once.latest_at(ms(1_999)).map(at), Ok(None));
    assert_eq!(once.latest_at(ms(2_000)), Err(Lost::Over));
    assert_eq!(once.latest_at(ms(9_000)), Err(Lost::Over));
    let mut again = Footage::open(folder.path(), Pace { again: true, ..Pace::default() }).expect("it opens");
    let seen = [100, 1_990, 2_100, 2_600, 2_000_600].map(|now| again.latest_at(ms(now)).map(at));
    assert_eq!(seen, [Ok(Some(0)), Ok(Some(1_500)), Ok(Some(2_000)), Ok(Some(2_500)), Ok(Some(2_000_500))]);
}

#[test]
fn one_that_breaks_off_plays_as_far_as_it_goes_and_then_says_why_it_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let pictures: Vec<RgbImage> = (0..4).map(|it| waves(it, 64)).collect();
    let strip: Vec<u8> = pictures.iter().flat_map(jpeg).collect();
    let moving = gif(&pictures, 10);
    let mut cut = vec![
        ("a.mjpeg", strip[..strip.len() - 40].to_vec(), 3),
        ("a.gif", moving[..moving.len() - moving.len() / 8].to_vec(), 3),
    ];
    let avi = folder.path().join("whole.avi");
    let from = numbered(folder.path(), &pictures);
    if ffmpeg(&["-framerate", "10", "-i", &from, "-c:v", "mjpeg", text(&avi)]).is_some() {
        let bytes = std::fs::read(avi).expect("read");
        let last = bytes.windows(4).rposition(|it| it == b"00dc");
        let index = bytes.windows(4).position(|it| it == b"idx1").expect("an index");
        let last = last.filter(|it| *it < index).unwrap_or(index - 20);
        cut.push(("a.avi", bytes[..last.min(index) - 10].to_vec(), 3));
    }
    for (called, bytes, pictures) in cut {
        let path = write(folder.path(), called, &bytes);
        let (frames, said) = all(&path, Pace::default());
        assert_eq!((frames.len(), said.len()), (pictures, 1), "{called}: {said:?}");
        assert!(said[0].starts_with("it breaks off 0.3 seconds"), "{called}: {said:?}");
        let mut footage = Footage::open(&path, Pace { again: true, ..Pace::default() }).expect("it opens");
        let shown = (0..40).filter(|it| matches!(footage.latest_at(ms(it * 10)), Ok(Some(_)))).count();
        let why = "it breaks off 0.3 seconds from its beginning".to_owned();
        assert_eq!((shown, footage.latest_at(ms(500))), (pictures, Err(Lost::Broken(why))), "{called}");
    }
}

#[test]
fn a_damaged_picture_in_a_film_is_dropped_and_counted_and_the_others_keep_their_times() {
    let folder = tempfile::tempdir().expect("a folder");
    let pieces: Vec<Vec<u8>> = (0..4).map(|it| jpeg(&waves(it, 64))).collect();
    let half = &pieces[1][..pieces[1].len() / 2];
    let bytes = [pieces[0].as_slice(), b"\0\0\0", half, &pieces[2], b"noise", &pieces[3], &[0; 9]].concat();
    let path = write(folder.path(), "a.mjpg", &bytes);
    let (frames, said) = all(&path, Pace::default());
    assert_eq!((times(&frames), said.len()), (vec![0, 200, 300], 1), "{said:?}");
    assert!(said[0].contains("the picture at 0.10 s"), "{said:?}");
    let mut footage = Footage::open(&path, Pace::default()).expect("it opens");
    let shown = (0..40).filter(|it| matches!(footage.latest_at(ms(it * 10)), Ok(Some(_)))).count();
    assert_eq!((shown, footage.damaged(), footage.latest_at(ms(400))), (3, 1, Err(Lost::Over)));
}
