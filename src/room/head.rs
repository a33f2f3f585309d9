//! The head that both figures share: a drop with a tip that curls when it is hurt and stretches as it heals.

use bevy::prelude::*;

use super::loft::{Shape, Sweep};

/// How a head is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drop {
    /// Half of its width, in metres: the unit of its face.
    pub half_width: f32,
    /// How deep it is for its width.
    pub depth: f32,
    /// How far the tip stands out.
    pub tip: f32,
    /// To which side, and how far back, the tip leans.
    pub lean: Vec2,
    /// How far it curls, in radians.
    pub curl: f32,
}

/// Height of half the head for half its width.
const TALL: f32 = 0.97;
/// From here on the tip begins, for half the height.
const SHOULDER: f32 = 0.60;
/// Rings of the round part and of the tip.
const ROUND: usize = 18;
const TIP: usize = 18;

impl Drop {
    /// The head around its own middle, looking along +Z.
    #[must_use]
    pub fn shape(self) -> Shape {
        let (line, widths) = self.line();
        let sweep = Sweep { around: 36, depth: self.depth, front: Vec3::Z, ..Sweep::default() };
        Shape::swept(&line, &widths, sweep)
    }

    /// Where the tip ends.
    #[must_use]
    pub fn end(self) -> Vec3 {
        self.line().0.last().copied().unwrap_or_default()
    }

    fn line(self) -> (Vec<Vec3>, Vec<f32>) {
        let (wide, tall) = (self.half_width, self.half_width * TALL);
        let shoulder = SHOULDER * tall;
        let (mut line, mut widths) = (Vec::new(), Vec::new());
        let most = std::f32::consts::PI - SHOULDER.acos();
        for ring in 0..=ROUND {
            let up = (-tall * (most * ring as f32 / ROUND as f32).cos()).min(shoulder);
            line.push(Vec3::Y * up);
            widths.push(wide * (1.0 - (up / tall).powi(2)).max(0.0).sqrt() + 1e-4);
        }
        let at_shoulder = widths[ROUND];
        // The slope of the ellipse there, so that the tip grows out of it without an edge.
        let slope = -(wide / tall) * SHOULDER / (1.0 - SHOULDER * SHOULDER).sqrt();
        let reach = 0.34 * tall;
        let control = [
            Vec2::new(shoulder, at_shoulder),
            Vec2::new(shoulder + reach, at_shoulder + slope * reach),
            Vec2::new(tall + self.tip * 0.05, wide * 0.12),
            Vec2::new(tall + self.tip, wide * 0.035),
        ];
        let lean = self.lean.normalize_or(Vec2::X);
        let (mut at, mut up) = (line[ROUND], shoulder);
        for step in 1..=TIP {
            let u = step as f32 / TIP as f32;
            let v = 1.0 - u;
            let q = control[0] * v * v * v
                + control[1] * 3.0 * u * v * v
                + control[2] * 3.0 * u * u * v
                + control[3] * u * u * u;
            let along = ((q.x - shoulder) / (tall + self.tip - shoulder)).max(0.0);
            let bent = self.curl * along.powf(1.3);
            let step = q.x - up;
            up = q.x;
            at += Vec3::new(bent.sin() * lean.x, bent.cos(), -bent.sin() * lean.y) * step;
            line.push(at);
            widths.push(q.y);
        }
        (line, widths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENT: Drop =
        Drop { half_width: 0.19, depth: 0.94, tip: 0.17, lean: Vec2::new(1.0, 0.25), curl: 2.5 };

    #[test]
    fn a_curled_tip_ends_lower_than_a_straight_one() {
        let straight = Drop { curl: 0.2, ..PATIENT };
        assert!(PATIENT.end().y < straight.end().y - 0.05);
        assert!(straight.end().y > 0.3);
    }

    #[test]
    fn the_widest_ring_is_as_wide_as_the_head() {
        let widest = PATIENT.shape().positions.iter().map(|point| point.x.abs()).fold(0.0, f32::max);
        assert!((widest - PATIENT.half_width).abs() < 0.005, "{widest}");
    }
}
