//! Flashes as WCAG 2.2 (2.3.1) counts them: a pair of opposing changes in relative luminance of a tenth or more, where the
//! darker of the two is below 0.80, over a quarter of any field of ten degrees. Three a second are the most.

use image::RgbImage;

/// The picture is looked at in so many fields across and down: each about ten degrees of what is seen.
const FIELDS: (u32, u32) = (9, 5);
/// A change that counts.
const CHANGE: f32 = 0.1;
/// Above this nothing counts as a flash.
const BRIGHT: f32 = 0.8;

/// The relative luminance of every field of a picture.
pub(crate) fn luminance(image: &RgbImage) -> Vec<f32> {
    let (width, height) = (image.width() / FIELDS.0, image.height() / FIELDS.1);
    let mut fields = Vec::new();
    for row in 0..FIELDS.1 {
        for column in 0..FIELDS.0 {
            let mut sum = 0.0;
            for y in 0..height {
                for x in 0..width {
                    let [r, g, b] = image.get_pixel(column * width + x, row * height + y).0.map(linear);
                    sum += 0.2126 * r + 0.7152 * g + 0.0722 * b;
                }
            }
            fields.push(sum / (width * height) as f32);
        }
    }
    fields
}

fn linear(channel: u8) -> f32 {
    let c = f32::from(channel) / 255.0;
    if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

/// The most flashes in any second, over all fields; frames come `rate` a second.
pub(crate) fn most_in_a_second(frames: &[Vec<f32>], rate: usize) -> usize {
    let fields = frames.first().map_or(0, Vec::len);
    (0..fields)
        .map(|field| {
            let turns = turns(&frames.iter().map(|frame| frame[field]).collect::<Vec<f32>>());
            (0..frames.len())
                .map(|from| turns.iter().filter(|turn| (from..from + rate).contains(turn)).count() / 2)
                .max()
                .unwrap_or(0)
        })
        .max()
        .unwrap_or(0)
}

/// The frames at which the luminance has gone a tenth the other way. Two of them make a flash.
fn turns(values: &[f32]) -> Vec<usize> {
    let mut turns = Vec::new();
    let Some(&first) = values.first() else { return turns };
    let (mut low, mut high, mut rising) = (first, first, None);
    for (frame, &value) in values.iter().enumerate() {
        (low, high) = (low.min(value), high.max(value));
        let (up, down) = (value - low >= CHANGE && low < BRIGHT, high - value >= CHANGE && value < BRIGHT);
        if up && rising != Some(true) {
            (rising, high) = (Some(true), value);
            turns.push(frame);
        } else if down && rising != Some(false) {
            (rising, low) = (Some(false), value);
            turns.push(frame);
        }
    }
    turns
}

#[test]
fn a_lamp_that_goes_on_and_off_five_times_a_second_is_counted() {
    let frames: Vec<Vec<f32>> =
        (0..120).map(|frame| vec![0.3, if frame / 6 % 2 == 0 { 0.2 } else { 0.5 }]).collect();
    assert_eq!(most_in_a_second(&frames, 60), 5);
}

#[test]
fn what_grows_brighter_for_a_whole_second_is_no_flash() {
    let frames: Vec<Vec<f32>> = (0..60).map(|frame| vec![frame as f32 / 60.0]).collect();
    assert_eq!(most_in_a_second(&frames, 60), 0);
}
