//! When two pictures are the same to the eye.

use std::path::{Path, PathBuf};

use image::{RgbImage, imageops};

/// How far all pixels may be from what was judged, on average, of 255: another version of the driver rounds otherwise.
const MEAN: f64 = 2.0;
/// How far any field of this many pixels square may be, on average: something has moved, or is gone.
const FIELD: u32 = 12;
const OF_A_FIELD: f64 = 14.0;

/// Holds a picture against the one that was judged. `UPDATE_PICTURES=1` puts it in its place.
pub(crate) fn assert_like(name: &str, drawn: &RgbImage) {
    let judged = Path::new("tests/pictures").join(format!("{name}.png"));
    if std::env::var_os("UPDATE_PICTURES").is_some() {
        drawn.save(&judged).expect("the picture can be written");
        return;
    }
    let before = image::open(&judged).expect("the judged picture is there").to_rgb8();
    assert_eq!(drawn.dimensions(), before.dimensions(), "{name}");
    let (mean, worst) = distance(drawn, &before);
    if mean > MEAN || worst > OF_A_FIELD {
        let path = write_beside(name, drawn);
        panic!(
            "{name} is not as it was judged: {mean:.2} of {MEAN} on average, {worst:.1} of {OF_A_FIELD} where it differs most. It is in {}; compare it with {}",
            path.display(),
            judged.display()
        );
    }
}

fn write_beside(name: &str, drawn: &RgbImage) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
    drawn.save(&path).expect("the picture can be written");
    path
}

/// The mean difference of a channel, over everything and over the field where it is largest.
pub(crate) fn distance(one: &RgbImage, other: &RgbImage) -> (f64, f64) {
    let of = |one: &RgbImage, other: &RgbImage| {
        let sum: u64 = one.as_raw().iter().zip(other.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        sum as f64 / one.as_raw().len() as f64
    };
    let (width, height) = one.dimensions();
    let mut worst = 0.0_f64;
    for x in (0..width.saturating_sub(FIELD)).step_by(FIELD as usize) {
        for y in (0..height.saturating_sub(FIELD)).step_by(FIELD as usize) {
            let field = |image: &RgbImage| imageops::crop_imm(image, x, y, FIELD, FIELD).to_image();
            worst = worst.max(of(&field(one), &field(other)));
        }
    }
    (of(one, other), worst)
}
