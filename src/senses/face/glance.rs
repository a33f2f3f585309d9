//! From what the networks say of a face to what the sense takes in: numbers in one order, where the head is turned, and how
//! the face moves.

use super::detector::Found;
use super::landmarks::Points;
use super::reader::Reading;
use super::sense::{EXPRESSIONS, Glance, Likely};
use crate::dialogue::face::Mien;

/// How far the tip of the nose stands before the eyes, by the distance between them: a mean of adults.
const NOSE: f32 = 0.6;
/// Where the nose is between eyes and mouth, of a head held level; and how far the head is up or down for a share more.
const LEVEL: f32 = 0.58;
const PITCH: f32 = 2.0;

impl Glance {
    /// What was seen of a face.
    #[must_use]
    pub fn of(reading: &Reading) -> Self {
        let mut likely: Likely = [0.0; EXPRESSIONS.len()];
        for (expression, much) in &reading.guess.likely {
            if let Some(at) = EXPRESSIONS.iter().position(|it| it == expression) {
                likely[at] += much;
            }
        }
        Self {
            likely,
            affect: reading.guess.affect,
            score: reading.found.score.clamp(0.0, 1.0),
            mien: reading.points.as_ref().and_then(mien),
            turn: turn(&reading.found),
        }
    }
}

/// How the head is turned to its own left, up, and tilted to its own left, in radians, from the five points of the detector.
fn turn(found: &Found) -> [f32; 3] {
    let roll = found.roll();
    let [left, right, nose, mouth_left, mouth_right] = found.points.map(|it| level(it, roll));
    let apart = (right[0] - left[0]).max(1.0);
    let eyes = [(left[0] + right[0]) / 2.0, (left[1] + right[1]) / 2.0];
    let mouth = (mouth_left[1] + mouth_right[1]) / 2.0;
    let yaw = ((nose[0] - eyes[0]) / apart / NOSE).atan();
    let down = (nose[1] - eyes[1]) / (mouth - eyes[1]).max(1.0);
    [yaw, (LEVEL - down) * PITCH, roll]
}

/// A point, as it would be in a picture in which the eyes are level.
fn level([x, y]: [f32; 2], roll: f32) -> [f32; 2] {
    let (sin, cos) = roll.sin_cos();
    [x * cos + y * sin, y * cos - x * sin]
}

/// How the face moves, by its blendshapes; none where they are not known.
fn mien(points: &Points) -> Option<Mien> {
    if points.shapes.is_empty() {
        return None;
    }
    let of = |name: &str| points.shapes.iter().find(|it| it.0 == name).map_or(0.0, |it| it.1.clamp(0.0, 1.0));
    let both = |name: &str| (of(&format!("{name}Left")) + of(&format!("{name}Right"))) / 2.0;
    Some(Mien {
        there: 1.0,
        smile: both("mouthSmile"),
        frown: both("mouthFrown"),
        brows_up: of("browInnerUp"),
        brows_down: both("browDown"),
        wide: both("eyeWide"),
        shut: both("eyeBlink"),
        turn: [0.0; 3],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A head before the camera, its points a hundred pixels around the middle of the picture.
    fn head(nose: [f32; 2]) -> Found {
        let points = [[-30.0, -30.0], [30.0, -30.0], nose, [-22.0, 40.0], [22.0, 40.0]];
        Found { bounds: [-60.0, -60.0, 120.0, 140.0], points, score: 0.9 }
    }

    #[test]
    fn a_head_turns_with_its_nose_and_tilts_with_its_eyes() {
        let [yaw, pitch, tilt] = turn(&head([0.0, 10.6]));
        assert!(yaw.abs() < 0.01 && pitch.abs() < 0.01 && tilt.abs() < 0.01, "{yaw} {pitch} {tilt}");
        assert!(turn(&head([25.0, 10.6]))[0] > 0.5 && turn(&head([-25.0, 10.6]))[0] < -0.5);
        assert!(turn(&head([0.0, 0.0]))[1] > 0.2 && turn(&head([0.0, 25.0]))[1] < -0.3);
        let level = head([20.0, 10.6]);
        let (sin, cos) = 0.4_f32.sin_cos();
        let tilted =
            Found { points: level.points.map(|[x, y]| [x * cos - y * sin, x * sin + y * cos]), ..level };
        let ([straight, ..], [yaw, _, tilt]) = (turn(&level), turn(&tilted));
        assert!((tilt - 0.4).abs() < 1e-3 && (yaw - straight).abs() < 1e-3, "{yaw} {straight} {tilt}");
    }

    #[test]
    fn points_that_lie_on_one_another_are_no_turn_without_an_end() {
        let found = Found { points: [[5.0; 2]; 5], ..head([0.0; 2]) };
        assert!(turn(&found).iter().all(|it| it.is_finite()));
    }
}
