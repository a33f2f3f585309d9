//! The Devil's body in three postures: rising and arching at strength 1, upright and unsure at ½, sitting beside the
//! Patient at 0.

use bevy::prelude::*;

use super::head::Drop;
use super::loft::{Shape, Sweep, at, through, widths};
use super::patient::{Posture, ball};

type Point = (f32, f32, f32);

fn line(points: &[Point]) -> Vec<Vec3> {
    points.iter().map(|(x, ahead, up)| at(*x, *ahead, *up)).collect()
}

fn pick<T>(posture: Posture, strong: T, middle: T, weak: T) -> T {
    match posture {
        Posture::Curled => strong,
        Posture::Upright => middle,
        Posture::Open => weak,
    }
}

/// Segments along the body.
const BODY: usize = 30;

/// The body from the floor, or the seat, to the neck.
#[must_use]
pub fn body(posture: Posture) -> Shape {
    let (points, wide) = spine(posture);
    let sweep = Sweep { around: 28, depth: pick(posture, 0.8, 0.8, 0.86), closed: false, ..Sweep::default() };
    Shape::swept(&points, &wide, sweep)
}

/// The middle of the body, and how wide it is there.
#[must_use]
pub fn spine(posture: Posture) -> (Vec<Vec3>, Vec<f32>) {
    let points: Vec<Point> = pick(
        posture,
        vec![
            (-0.26, 1.20, -0.02),
            (-0.50, 1.36, 0.45),
            (-0.70, 1.46, 0.98),
            (-0.66, 1.44, 1.48),
            (-0.42, 1.32, 1.77),
            (-0.23, 1.15, 1.82),
        ],
        vec![
            (-0.36, 1.20, -0.02),
            (-0.44, 1.26, 0.42),
            (-0.52, 1.32, 0.86),
            (-0.52, 1.28, 1.20),
            (-0.47, 1.22, 1.40),
        ],
        vec![
            (-0.31, 0.62, 0.41),
            (-0.305, 0.64, 0.48),
            (-0.30, 0.65, 0.55),
            (-0.285, 0.64, 0.645),
            (-0.262, 0.63, 0.715),
        ],
    );
    let wide: Vec<f32> = pick(
        posture,
        vec![0.46, 0.30, 0.27, 0.31, 0.22, 0.11],
        vec![0.44, 0.34, 0.27, 0.20, 0.08],
        vec![0.185, 0.165, 0.14, 0.105, 0.05],
    );
    (through(&line(&points), BODY), widths(&wide, BODY))
}

/// The head: its middle, how it is turned (yaw, pitch, roll), and its shape.
#[must_use]
pub fn head(posture: Posture) -> (Vec3, Vec3, Drop) {
    let (centre, turn, half_width, tip, lean, curl): (Point, Vec3, f32, f32, Vec2, f32) = pick(
        posture,
        ((-0.08, 0.98, 1.66), Vec3::new(0.20, 0.32, 0.14), 0.245, 0.50, Vec2::new(1.0, 0.1), 2.3),
        ((-0.44, 1.13, 1.585), Vec3::new(0.34, 0.10, -0.10), 0.205, 0.27, Vec2::new(-1.0, 0.1), 1.7),
        ((-0.265, 0.60, 0.80), Vec3::new(0.02, 0.08, 0.22), 0.145, 0.13, Vec2::new(-1.0, 0.2), 1.1),
    );
    (at(centre.0, centre.1, centre.2), turn, Drop { half_width, depth: 0.92, tip, lean, curl })
}

/// Both arms in the three postures, from the shoulder to the wrist.
const ARMS: [[[Point; 5]; 2]; 3] = [
    [
        [(-0.32, 1.28, 1.72), (0.10, 1.30, 1.74), (0.50, 1.22, 1.60), (0.72, 1.04, 1.34), (0.62, 0.86, 1.16)],
        [
            (-0.78, 1.36, 1.50),
            (-0.98, 1.18, 1.28),
            (-0.96, 0.98, 0.98),
            (-0.70, 0.80, 0.84),
            (-0.46, 0.70, 0.84),
        ],
    ],
    [
        [
            (-0.36, 1.24, 1.25),
            (-0.20, 1.14, 1.12),
            (-0.17, 1.02, 0.98),
            (-0.28, 0.98, 1.06),
            (-0.38, 0.99, 1.14),
        ],
        [
            (-0.62, 1.24, 1.24),
            (-0.74, 1.16, 1.08),
            (-0.77, 1.10, 0.90),
            (-0.74, 1.04, 0.74),
            (-0.70, 1.00, 0.62),
        ],
    ],
    [
        [
            (-0.19, 0.62, 0.63),
            (-0.14, 0.55, 0.55),
            (-0.155, 0.50, 0.52),
            (-0.17, 0.45, 0.49),
            (-0.225, 0.40, 0.485),
        ],
        [
            (-0.40, 0.63, 0.635),
            (-0.465, 0.58, 0.55),
            (-0.455, 0.52, 0.52),
            (-0.44, 0.47, 0.49),
            (-0.385, 0.40, 0.49),
        ],
    ],
];

/// Both arms. At strength 1 they close like a gate, and never touch.
#[must_use]
pub fn arms(posture: Posture) -> Shape {
    let [one, other] = pick(posture, ARMS[0], ARMS[1], ARMS[2]);
    let wide = pick(
        posture,
        [0.13, 0.095, 0.075, 0.06, 0.045],
        [0.08, 0.066, 0.055, 0.048, 0.04],
        [0.045, 0.042, 0.04, 0.038, 0.034],
    );
    let mut arms = Shape::default();
    for arm in [&one, &other] {
        arms.add(Shape::limb(&line(arm), &wide, 20, Sweep { around: 12, ..Sweep::default() }));
    }
    arms
}

/// Claws at strength 1, hands at 0: four fingers that draw in, around a palm that stays.
#[must_use]
pub fn hands(posture: Posture) -> Shape {
    type Hand = (Point, Vec3, Vec3, f32, f32, Vec3);
    let side = |x, ahead, up| at(x, ahead, up).normalize();
    let [one, other]: [Hand; 2] = pick(
        posture,
        [
            ((0.60, 0.84, 1.14), side(-0.75, -0.25, -0.55), side(0.1, -0.9, 0.5), 0.24, 0.024, Vec3::NEG_Y),
            ((-0.43, 0.69, 0.84), side(0.9, -0.25, -0.1), side(0.1, -0.8, 0.7), 0.22, 0.024, Vec3::NEG_Y),
        ],
        [
            (
                (-0.40, 0.99, 1.16),
                side(-0.6, -0.1, 0.6),
                side(0.5, -0.5, 0.4),
                0.09,
                0.019,
                at(-0.3, 0.0, 0.5),
            ),
            (
                (-0.69, 0.99, 0.59),
                side(0.1, -0.2, -1.0),
                side(1.0, -0.3, 0.0),
                0.09,
                0.019,
                at(0.2, 0.0, 0.0),
            ),
        ],
        [
            ((-0.245, 0.385, 0.488), side(-0.4, -0.8, -0.2), side(1.0, -0.3, 0.0), 0.035, 0.016, Vec3::NEG_Y),
            ((-0.37, 0.385, 0.492), side(0.4, -0.8, -0.2), side(1.0, 0.3, 0.0), 0.035, 0.016, Vec3::NEG_Y),
        ],
    );
    let mut hands = Shape::default();
    for (palm, ahead, across, length, wide, droop) in [one, other] {
        let palm = at(palm.0, palm.1, palm.2);
        hands.add(ball(palm, Vec3::new(wide * 2.5, wide * 2.0, wide * 2.5), 0.0));
        for finger in 0..4u8 {
            let angle = (f32::from(finger) - 1.5) * 0.42;
            let out = (ahead * angle.cos() + across * angle.sin()).normalize_or(ahead);
            let length = if (1..3).contains(&finger) { length } else { length * 0.8 };
            hands.add(thorn(palm + out * wide * 1.6, out, length, wide, droop));
        }
    }
    hands
}

/// Legs and feet, which it has only when it sits; before that they are drawn into the body.
#[must_use]
pub fn legs(posture: Posture) -> Shape {
    let mut legs = Shape::default();
    for side in [-1.0, 1.0] {
        let sitting = [
            (-0.31 + side * 0.06, 0.58, 0.44),
            (-0.315 + side * 0.085, 0.40, 0.445),
            (-0.32 + side * 0.085, 0.30, 0.42),
            (-0.32 + side * 0.08, 0.27, 0.32),
            (-0.32 + side * 0.075, 0.285, 0.21),
        ];
        let inside = |base: Point| sitting.map(|_| base);
        let points = pick(posture, inside((-0.30, 1.22, 0.10)), inside((-0.38, 1.21, 0.10)), sitting);
        let wide = pick(posture, [0.002; 5], [0.002; 5], [0.07, 0.062, 0.052, 0.045, 0.04]);
        legs.add(Shape::limb(
            &line(&points),
            &wide,
            20,
            Sweep { around: 12, front: Vec3::Y, ..Sweep::default() },
        ));
        let foot =
            pick(posture, (-0.30, 1.22, 0.10), (-0.38, 1.21, 0.10), (-0.32 + side * 0.078, 0.25, 0.195));
        let size = pick(posture, Vec3::splat(0.002), Vec3::splat(0.002), Vec3::new(0.040, 0.034, 0.068));
        legs.add(ball(at(foot.0, foot.1, foot.2), size, 0.0));
    }
    legs
}

/// A thorn: a bent cone.
#[must_use]
pub fn thorn(root: Vec3, out: Vec3, length: f32, wide: f32, bend: Vec3) -> Shape {
    let out = out.normalize_or(Vec3::Y);
    let points = [
        root - out * length * 0.06,
        root + out * length * 0.3 + bend * length * 0.01,
        root + out * length * 0.66 + bend * length * 0.07,
        root + out * length * 0.97 + bend * length * 0.24,
    ];
    let widths_of = [wide, wide * 0.62, wide * 0.30, wide * 0.02];
    let sweep = Sweep { around: 7, closed: false, ..Sweep::default() };
    Shape::swept(&through(&points, 7), &widths(&widths_of, 7), sweep)
}

/// Thorns along the back, the head and the arms; with the strength they draw in to nothing.
#[must_use]
pub fn thorns(posture: Posture) -> Shape {
    const BACK: usize = 21;
    let mut all = Shape::default();
    let (spine, wide) = spine(posture);
    let size = pick(posture, 1.0, 0.5, 0.0);
    let mut dice = Dice(5);
    for number in 0..BACK {
        let along = 0.30 + 0.66 * number as f32 / BACK as f32;
        let at = ((along * BODY as f32) as usize).min(BODY - 1);
        let ahead = (spine[at + 1] - spine[at - 1]).normalize_or(Vec3::Y);
        let to_left = number % 3 != 0;
        let angle = if to_left { -1.45 } else { 1.35 } + dice.between(-0.55, 0.55);
        let out = Vec3::new(angle.sin(), 0.0, -angle.cos() * 0.7);
        let out = (out - ahead * out.dot(ahead)).normalize_or(Vec3::X);
        let length = if to_left { dice.between(0.24, 0.44) } else { dice.between(0.14, 0.24) };
        let thick = 0.050 + 0.02 * dice.between(0.0, 1.0);
        let root = spine[at] + out * wide[at] * 0.86;
        all.add(thorn(
            root,
            out + Vec3::Y * 0.25,
            (length * size).max(0.002),
            (thick * size.sqrt()).max(0.001),
            Vec3::Y,
        ));
    }
    all.add(arm_thorns(posture, size));
    all
}

/// A few along the outer side of each arm, where it bends away from the Patient.
fn arm_thorns(posture: Posture, size: f32) -> Shape {
    let middle = at(-0.1, 1.0, 1.1);
    let mut all = Shape::default();
    let mut dice = Dice(11);
    for arm in pick(posture, ARMS[0], ARMS[1], ARMS[2]) {
        let whole = through(&line(&arm), BODY);
        for number in 0..5 {
            let along = 9 + number * 4;
            let ahead = (whole[along + 1] - whole[along - 1]).normalize_or(Vec3::Y);
            let away = whole[along] - middle + Vec3::Y * dice.between(0.0, 0.25);
            let out = (away - ahead * away.dot(ahead)).normalize_or(Vec3::X);
            let (length, thick) = (dice.between(0.13, 0.23), dice.between(0.026, 0.034));
            all.add(thorn(
                whole[along] + out * 0.05 * size,
                out + ahead * 0.35,
                (length * size).max(0.002),
                (thick * size.sqrt()).max(0.001),
                Vec3::Y,
            ));
        }
    }
    all
}

/// Chance that is the same every time (xorshift; Marsaglia, 2003).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        low + (high - low) * ((self.0 >> 40) as f32 / (1u64 << 24) as f32)
    }
}

/// Briars round the seat. They wither before the rest does.
#[must_use]
pub fn briars(posture: Posture) -> Shape {
    let vines: [&[Point]; 3] = [
        &[
            (-0.55, 1.2, 0.06),
            (-0.85, 0.75, 0.07),
            (-0.70, 0.25, 0.05),
            (-0.25, 0.12, 0.06),
            (0.15, 0.20, 0.05),
        ],
        &[(0.3, 1.35, 0.08), (0.82, 1.0, 0.10), (0.90, 0.60, 0.06), (0.74, 0.30, 0.05), (0.52, 0.16, 0.05)],
        &[
            (-0.6, 1.1, 0.25),
            (-0.58, 0.70, 0.34),
            (-0.40, 0.34, 0.24),
            (-0.05, 0.285, 0.16),
            (0.30, 0.33, 0.26),
        ],
    ];
    let (mut all, mut dice) = (Shape::default(), Dice(2));
    let grown = pick(posture, 1.0, 0.35, 0.0);
    for (number, vine) in vines.into_iter().enumerate() {
        let whole = through(&line(vine), 60);
        // What has withered lies in its root.
        let reach = if number == 0 { grown } else { f32::from(grown == 1.0) };
        let at = |along: usize| whole[(along as f32 * reach) as usize];
        let points: Vec<Vec3> = (0..=60).map(at).collect();
        let thick = 0.024 * f32::from(reach > 0.0) + 0.0005;
        let wide = widths(&[thick, thick * 0.95, thick * 0.8, thick * 0.6, thick * 0.25], 60);
        all.add(Shape::swept(&points, &wide, Sweep { around: 7, closed: false, ..Sweep::default() }));
        for spike in 0..16 {
            let at = 6 + spike * 50 / 16;
            let ahead = (points[at + 1] - points[at - 1]).normalize_or(Vec3::X);
            let out = Vec3::new(dice.between(-1.0, 1.0), dice.between(0.3, 1.2), dice.between(-1.0, 1.0));
            let out = (out - ahead * out.dot(ahead)).normalize_or(Vec3::Y);
            let length = 0.08 * dice.between(0.7, 1.2) * reach;
            all.add(thorn(
                points[at] + out * thick * 0.6,
                out,
                length.max(0.001),
                (thick * 0.9).max(0.0005),
                ahead * 0.6,
            ));
        }
    }
    all
}
