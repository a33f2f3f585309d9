//! Recordings that are damaged, or claim to be larger than they are.

use std::time::Duration;

use image::RgbImage;
use inner_room::senses::camera::{Footage, FootageError, Pace};
use rand::{RngExt as _, SeedableRng as _};

use crate::footage::{all, ffmpeg, gif, jpeg, numbered, text, waves, write};

#[test]
fn what_claims_to_be_larger_than_is_read_is_refused_before_it_is_decoded() {
    let folder = tempfile::tempdir().expect("a folder");
    let said =
        |called: &str, bytes: &[u8]| all(&write(folder.path(), called, bytes), Pace::default()).1.join("; ");
    let mut huge = gif(&[waves(0, 8)], 10);
    huge[6..10].fill(0xFF);
    assert!(said("huge.gif", &huge).contains("too large"), "{}", said("huge.gif", &huge));
    // The picture is small, and its frame is not.
    let mut wide = gif(&[waves(0, 8)], 10);
    let frame = wide.windows(7).position(|it| it == b",\0\0\0\0\x08\0").expect("a frame");
    wide[frame + 5..frame + 9].fill(0xFF);
    assert!(!said("wide.gif", &wide).is_empty());
    let mut flat = gif(&[waves(0, 8)], 10);
    flat[6..10].fill(0);
    assert!(said("flat.gif", &flat).contains("damaged"), "{}", said("flat.gif", &flat));
    let mut large = jpeg(&waves(0, 16));
    let size = large.windows(2).position(|it| it == [0xFF, 0xC0]).expect("a head");
    large[size + 5..size + 9].fill(0xFF);
    assert!(
        said("large.mjpeg", &large).contains("cannot be") || said("large.mjpeg", &large).contains("damaged")
    );
    let mut avi =
        b"RIFF\xFF\xFF\xFF\xFFAVI LIST\xFF\xFF\xFF\xFFhdrlstrh\x10\0\0\0vidsMJPG\0\0\0\0\0\0\0\0".to_vec();
    avi.extend(b"LIST\xFF\xFF\xFF\xFFmovi00dc\xFF\xFF\xFF\xFF\xFF\xD8\xFF");
    assert!(said("claims.avi", &avi).contains("breaks off"), "{}", said("claims.avi", &avi));
    assert!(matches!(Footage::open(folder.path(), Pace::default()), Err(FootageError::Empty)));
    assert!(said("words.txt", b"a shopping list").contains("no JPEG or PNG"));
    assert!(said("none.mjpeg", b"a shopping list").contains("no pictures in it"));
    assert!(said("none.avi", b"RIFF\x04\0\0\0AVI ").contains("no pictures in it"));
}

#[test]
fn recordings_with_changed_bytes_are_shown_or_refused_and_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let pictures: Vec<RgbImage> = (0..3).map(|it| waves(it, 32)).collect();
    let mut whole =
        vec![("a.mjpeg", pictures.iter().flat_map(jpeg).collect::<Vec<u8>>()), ("a.gif", gif(&pictures, 5))];
    let avi = folder.path().join("whole.avi");
    let from = numbered(folder.path(), &pictures);
    if ffmpeg(&["-framerate", "10", "-i", &from, "-c:v", "mjpeg", text(&avi)]).is_some() {
        whole.push(("a.avi", std::fs::read(avi).expect("read")));
    }
    let mut random = rand_pcg::Pcg32::seed_from_u64(11);
    for (called, bytes) in whole {
        let (mut shown, mut said) = (0, 0);
        for _ in 0..200 {
            let mut bytes = bytes.clone();
            for _ in 0..random.random_range(1..16) {
                let at = random.random_range(0..bytes.len());
                bytes[at] = random.random();
            }
            if random.random_bool(0.3) {
                bytes.truncate(random.random_range(0..bytes.len()));
            }
            let path = write(folder.path(), called, &bytes);
            let (frames, errors) = all(&path, Pace::default());
            (shown, said) = (shown + frames.len(), said + errors.len());
            assert!(errors.iter().all(|it| it.lines().count() == 1 && it.len() < 300), "{errors:?}");
            if let Ok(mut footage) = Footage::open(&path, Pace::default()) {
                // Whatever it is, it ends.
                let late = [1 << 20, 1 << 21].map(|it| footage.latest_at(Duration::from_secs(it)));
                assert!(late[1].is_err(), "{late:?}");
            }
        }
        eprintln!(
            "of 200 times {called} with changed bytes {shown} pictures were shown, and {said} things said"
        );
        assert!(shown > 50 && said > 50, "{called}: {shown} {said}");
    }
}
