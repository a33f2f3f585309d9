//! Faces before the sign of an exhibition, counted by the real network in pictures that come as from a camera.

use std::path::Path;
use std::time::Duration;

use image::RgbImage;
use image::imageops::{FilterType, overlay, resize};
use inner_room::models::Folders;
use inner_room::models::onnx::{Search, Worker};
use inner_room::senses::camera::{CameraError, Footage, Keeper, Pace, Source};
use inner_room::senses::face::Reader;
use inner_room::senses::face::count::Counter;

use super::{DETECTOR, called, faces, models};

/// How many pictures of each kind come, and how long each stands: three seconds of each kind.
const PICTURES: usize = 12;
const EACH: Duration = Duration::from_millis(250);

/// A hall with these people in it, each so many pixels wide.
fn hall(people: &[(&RgbImage, u32, i64)]) -> RgbImage {
    let mut hall = RgbImage::from_pixel(640, 480, image::Rgb([110, 105, 100]));
    for (person, wide, at) in people {
        let high = wide * person.height() / person.width();
        overlay(&mut hall, &resize(*person, *wide, high, FilterType::Triangle), *at, 60);
    }
    hall
}

fn camera(folder: &Path) -> Keeper {
    let folder = folder.to_owned();
    Keeper::new(move || {
        let pace = Pace { each: EACH, ..Pace::default() };
        let unusable = |why: String| CameraError::Unusable { title: folder.display().to_string(), why };
        let footage = Footage::open(&folder, pace).map_err(|error| unusable(error.to_string()))?;
        Ok(Box::new(footage) as Box<dyn Source>)
    })
}

#[test]
fn who_stands_before_the_sign_is_counted_and_who_is_far_away_is_not() {
    let Some(models) = models(&[DETECTOR]) else { return };
    let Some(all) = faces(&models) else { return };
    let person = |name: &str| {
        let path = all.iter().find(|path| called(path).contains(name)).expect("the picture");
        image::open(path).expect("a picture").to_rgb8()
    };
    let (one, other) = (person("obama"), person("astronaut"));
    let halls = [
        hall(&[]),
        hall(&[(&one, 260, 20)]),
        hall(&[(&one, 260, 20), (&other, 300, 320)]),
        hall(&[(&one, 44, 500)]),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    for (kind, hall) in halls.iter().enumerate() {
        for number in 0..PICTURES {
            hall.save(folder.path().join(format!("{kind}-{number:02}.png"))).expect("written");
        }
    }
    let folders = Folders::of(vec![models]);
    let load = Box::new(move || {
        let worker = Worker::best(&Search::new(None, &folders));
        Ok(Box::new(Reader::finder(&folders, &worker)?) as Box<_>)
    });
    let (tell, told) = crossbeam_channel::bounded(8);
    let _counter = Counter::start(camera(folder.path()), load, tell).expect("a thread");
    let next = || told.recv_timeout(Duration::from_secs(60)).expect("it is told");
    // The recording is over then, and is opened anew as a lost camera is.
    assert_eq!([next(), next(), next(), next(), next()], [Some(0), Some(1), Some(2), Some(0), Some(1)]);
}
