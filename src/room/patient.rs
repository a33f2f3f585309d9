//! The Patient's body in three postures, as the sketches have them (`ART.md`, Posture): curled at strength 1, upright at ½,
//! open at 0. The postures are morph targets of each other, so that nothing ever snaps.

use bevy::prelude::*;

use super::loft::{Shape, Sweep, at, through, widths};

/// Where the Patient sits.
pub const SEAT: (f32, f32) = (0.20, 0.72);

/// A posture, by the strength at which it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posture {
    /// Strength 1.
    Curled,
    /// Strength ½.
    Upright,
    /// Strength 0.
    Open,
}

/// How a sleeve closes beyond the wrist: so far ahead in metres, and so wide for its width.
const HEM: [(f32, f32); 5] = [(0.004, 0.98), (0.009, 0.90), (0.013, 0.75), (0.015, 0.55), (0.016, 0.35)];

/// Both arms in the three postures, from the shoulder to the wrist: to the right, ahead, up.
const ARMS: [[[(f32, f32, f32); 5]; 2]; 3] = [
    [
        [
            (-0.06, 0.09, 0.84),
            (-0.24, 0.03, 0.77),
            (-0.31, -0.17, 0.66),
            (-0.20, -0.335, 0.61),
            (-0.075, -0.395, 0.60),
        ],
        [
            (0.06, 0.09, 0.84),
            (0.24, 0.03, 0.76),
            (0.31, -0.17, 0.63),
            (0.20, -0.345, 0.565),
            (0.085, -0.40, 0.565),
        ],
    ],
    [
        [
            (-0.05, 0.06, 0.93),
            (-0.20, 0.04, 0.87),
            (-0.28, -0.07, 0.71),
            (-0.19, -0.22, 0.62),
            (-0.075, -0.27, 0.61),
        ],
        [
            (0.05, 0.06, 0.93),
            (0.20, 0.04, 0.87),
            (0.28, -0.06, 0.71),
            (0.18, -0.20, 0.70),
            (0.08, -0.24, 0.76),
        ],
    ],
    [
        [
            (-0.05, 0.06, 1.0),
            (-0.20, 0.10, 0.95),
            (-0.34, 0.16, 0.86),
            (-0.47, 0.16, 0.74),
            (-0.53, 0.06, 0.66),
        ],
        [
            (0.05, 0.06, 1.0),
            (0.20, 0.03, 0.93),
            (0.275, -0.06, 0.77),
            (0.18, -0.19, 0.77),
            (0.08, -0.235, 0.83),
        ],
    ],
];

impl Posture {
    /// From the strongest on.
    pub const ALL: [Self; 3] = [Self::Curled, Self::Upright, Self::Open];

    fn pick<T>(self, curled: T, upright: T, open: T) -> T {
        match self {
            Self::Curled => curled,
            Self::Upright => upright,
            Self::Open => open,
        }
    }

    /// How the body is turned, in radians.
    #[must_use]
    pub fn yaw(self) -> f32 {
        self.pick(-0.06, 0.22, -0.20)
    }

    /// From the figure's own frame into the room.
    fn place(self, (x, ahead, up): (f32, f32, f32)) -> Vec3 {
        let (sin, cos) = self.yaw().sin_cos();
        at(SEAT.0 + cos * x - sin * ahead, SEAT.1 + sin * x + cos * ahead, up)
    }

    fn line(self, points: &[(f32, f32, f32)]) -> Vec<Vec3> {
        points.iter().map(|point| self.place(*point)).collect()
    }

    /// Where the heart glows.
    #[must_use]
    pub fn chest(self) -> Vec3 {
        let (ahead, up) = self.pick((-0.02, 0.72), (-0.08, 0.80), (-0.09, 0.84));
        at(SEAT.0, SEAT.1 + ahead, up)
    }

    /// The middle of the head, and how it is turned: yaw, pitch, roll.
    #[must_use]
    pub fn head(self) -> (Vec3, Vec3) {
        let (centre, turn) = self.pick(
            ((0.0, -0.14, 0.985), Vec3::new(-0.04, 0.30, 0.14)),
            ((0.0, -0.015, 1.145), Vec3::new(-0.10, 0.06, 0.06)),
            ((-0.015, 0.01, 1.225), Vec3::new(0.06, 0.0, -0.13)),
        );
        (self.place(centre), turn)
    }

    /// The coat: a pleated loft from the neck to the hip.
    #[must_use]
    pub fn coat(self) -> Shape {
        let line = self.line(&self.pick(
            [(0., 0.025, 0.905), (0., 0.08, 0.83), (0., 0.10, 0.69), (0., 0.03, 0.55), (0., -0.01, 0.415)],
            [(0., 0.02, 1.01), (0., 0.055, 0.91), (0., 0.09, 0.74), (0., 0.085, 0.58), (0., 0.05, 0.44)],
            [(0., 0.04, 1.09), (0., 0.055, 0.98), (0., 0.07, 0.78), (0., 0.07, 0.60), (0., 0.05, 0.44)],
        ));
        let wide = self.pick(
            [0.075, 0.155, 0.27, 0.335, 0.37],
            [0.07, 0.15, 0.20, 0.235, 0.265],
            [0.07, 0.155, 0.20, 0.235, 0.27],
        );
        let sweep =
            Sweep { around: 80, depth: 0.88, pleats: Some((16, 0.04)), closed: false, ..Sweep::default() };
        Shape::swept(&through(&line, 20), &widths(&wide, 20), sweep)
    }

    /// Both legs and their shoes.
    #[must_use]
    pub fn legs(self) -> (Shape, Shape) {
        let (mut legs, mut shoes) = (Shape::default(), Shape::default());
        for side in [-1.0, 1.0] {
            let (line, wide): (Vec<(f32, f32, f32)>, [f32; 5]) = match self {
                Self::Curled => (
                    vec![
                        (side * 0.11, -0.10, 0.50),
                        (side * 0.11, -0.16, 0.47),
                        (side * 0.11, -0.22, 0.44),
                        (side * 0.11, -0.25, 0.43),
                        (side * 0.11, -0.27, 0.42),
                    ],
                    [0.06, 0.058, 0.055, 0.052, 0.05],
                ),
                Self::Upright => (
                    vec![
                        (side * 0.10, 0.0, 0.47),
                        (side * 0.11, -0.22, 0.47),
                        (side * 0.095, -0.42, 0.445),
                        (side * 0.085, -0.45, 0.28),
                        (side * 0.08, -0.42, 0.09),
                    ],
                    [0.10, 0.088, 0.076, 0.062, 0.052],
                ),
                Self::Open => (
                    vec![
                        (side * 0.10, 0.0, 0.47),
                        (side * 0.125, -0.22, 0.47),
                        (side * 0.13, -0.42, 0.445),
                        (side * 0.125, -0.45, 0.28),
                        (side * 0.12, -0.43, 0.09),
                    ],
                    [0.105, 0.09, 0.077, 0.062, 0.052],
                ),
            };
            legs.add(Shape::limb(
                &self.line(&line),
                &wide,
                24,
                Sweep { around: 14, front: Vec3::Y, ..Sweep::default() },
            ));
            let (foot, turn) = match self {
                Self::Curled => ((side * 0.105, -0.345, 0.425), side * 0.10),
                Self::Upright => ((side * 0.083, -0.49, 0.06), -side * 0.12),
                Self::Open => ((side * 0.13, -0.49, 0.06), side * 0.2),
            };
            shoes.add(ball(self.place(foot), Vec3::new(0.060, 0.050, 0.105), turn + self.yaw()));
        }
        (legs, shoes)
    }

    /// Both sleeves, and the mittens at their ends.
    #[must_use]
    pub fn arms(self) -> (Shape, Shape) {
        let [left, right] = self.pick(ARMS[0], ARMS[1], ARMS[2]);
        let wide = self.pick(
            [0.05, 0.078, 0.070, 0.062, 0.056],
            [0.05, 0.078, 0.072, 0.072, 0.078],
            [0.05, 0.078, 0.072, 0.072, 0.078],
        );
        let (mut sleeves, mut hands) = (Shape::default(), Shape::default());
        for arm in [left, right] {
            let (sleeve, hand) = sleeve(&self.line(&arm), &wide, Vec3::Y);
            sleeves.add(sleeve);
            hands.add(hand);
        }
        (sleeves, hands)
    }

    /// The collar: a folded ring of paper.
    #[must_use]
    pub fn collar(self) -> Shape {
        let neck = self.pick((0., 0.025, 0.905), (0., 0.02, 1.01), (0., 0.04, 1.09));
        let centre = self.place(neck) + at(0.0, -0.005, -0.015);
        let tilt = Quat::from_rotation_x(self.pick(0.75, 0.25, 0.12));
        let ring =
            Shape::turned(&[(0.145, -0.035), (0.115, 0.030), (0.0625, 0.050)], 56, Vec2::new(1.0, 0.92));
        ring.moved(|point| centre + tilt * point)
    }
}

/// A sleeve along these points, so wide, and the mitten that comes out of it, its thumb to this side.
#[must_use]
pub(super) fn sleeve(points: &[Vec3], wide: &[f32], thumb: Vec3) -> (Shape, Shape) {
    let line = through(points, 26);
    let sweep =
        Sweep { around: 40, depth: 0.95, pleats: Some((10, 0.035)), closed: false, ..Sweep::default() };
    let (wrist, ahead) = (line[26], (line[26] - line[23]).normalize_or(Vec3::NEG_Y));
    // The sleeve is turned in around the wrist, so that nobody looks into it.
    let cuff = wide.last().copied().unwrap_or_default();
    let hem = |(by, share): (f32, f32)| (wrist + ahead * by, cuff * share);
    let (turned, narrower): (Vec<Vec3>, Vec<f32>) = HEM.map(hem).into_iter().unzip();
    let line: Vec<Vec3> = line.into_iter().chain(turned).collect();
    let wide: Vec<f32> = widths(wide, 26).into_iter().chain(narrower).collect();
    (Shape::swept(&line, &wide, sweep), mitten(wrist, ahead, thumb))
}

/// A mitten with a thumb, from a wrist on.
fn mitten(wrist: Vec3, ahead: Vec3, thumb: Vec3) -> Shape {
    let along = |by: f32| wrist + ahead * by;
    let thin = Sweep { around: 14, ..Sweep::default() };
    let mut hand = Shape::limb(&[along(-0.03), along(0.0), along(0.03)], &[0.035, 0.034, 0.032], 8, thin);
    let palm = Sweep { around: 18, depth: 0.66, ..Sweep::default() };
    hand.add(Shape::limb(
        &[along(0.0), along(0.045), along(0.085), along(0.115)],
        &[0.030, 0.047, 0.046, 0.034],
        16,
        palm,
    ));
    let up = (thumb - ahead * ahead.dot(thumb)).normalize_or(Vec3::X);
    let thumb = [along(0.02) + up * 0.022, along(0.05) + up * 0.052, along(0.078) + up * 0.058];
    hand.add(Shape::limb(&thumb, &[0.020, 0.019, 0.015], 10, Sweep { around: 12, ..Sweep::default() }));
    hand
}

/// A ball of these radii, turned.
#[must_use]
pub fn ball(centre: Vec3, radii: Vec3, turn: f32) -> Shape {
    let steps = 14;
    let profile: Vec<(f32, f32)> = (0..=steps)
        .map(|step| {
            let angle = std::f32::consts::PI * (step as f32 / steps as f32 - 0.5);
            (angle.cos().max(0.0), angle.sin())
        })
        .collect();
    let turned = Quat::from_rotation_y(turn);
    Shape::turned(&profile, 28, Vec2::ONE).moved(|point| centre + turned * (point * radii))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_the_same_points_in_every_posture() {
        let parts = |posture: Posture| {
            let (legs, shoes) = posture.legs();
            let (sleeves, hands) = posture.arms();
            [posture.coat(), legs, shoes, sleeves, hands, posture.collar()]
        };
        let upright = parts(Posture::Upright);
        for posture in [Posture::Curled, Posture::Open] {
            for (one, other) in parts(posture).iter().zip(&upright) {
                assert_eq!(one.positions.len(), other.positions.len());
                assert_eq!(one.indices, other.indices);
            }
        }
    }

    /// Where frames of two postures are turned against each other, what is mixed of them has no width.
    #[test]
    fn limbs_keep_their_width_between_two_postures() {
        let parts = |posture: Posture| [(posture.legs().0, 15), (posture.arms().0, 41)];
        for (from, to) in [(Posture::Curled, Posture::Upright), (Posture::Upright, Posture::Open)] {
            for ((one, ring), (other, _)) in parts(from).into_iter().zip(parts(to)) {
                for start in (0..one.positions.len() - ring).step_by(ring) {
                    let (one, other) =
                        (&one.positions[start..start + ring], &other.positions[start..start + ring]);
                    let mixed: Vec<Vec3> = one.iter().zip(other).map(|(a, b)| a.lerp(*b, 0.5)).collect();
                    let least = wide(one).min(wide(other));
                    assert!(
                        wide(&mixed) > 0.7 * least,
                        "{from:?}, ring at {start}: {} of {least}",
                        wide(&mixed)
                    );
                }
            }
        }
    }

    fn wide(ring: &[Vec3]) -> f32 {
        let middle = ring.iter().sum::<Vec3>() / ring.len() as f32;
        ring.iter().map(|point| point.distance(middle)).sum::<f32>() / ring.len() as f32
    }
}
