//! What the person points with, and where that meets a panel. Pure geometry: a ray of a controller or of a hand, or the way
//! they look, and for the latter, staying at one place as a press.

use bevy::math::{Quat, Vec2, Vec3};
use bevy::transform::components::Transform;

/// A ray into the room, in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ray {
    /// Where it begins.
    pub from: Vec3,
    /// Where it goes, of length 1.
    pub along: Vec3,
}

impl Ray {
    /// Along -Z of a pose, as controllers aim and heads look (OpenXR 1.0, 6.3.2).
    #[must_use]
    pub fn of(pose: Transform) -> Self {
        Self { from: pose.translation, along: pose.rotation * Vec3::NEG_Z }
    }
}

/// Where a ray meets a panel: how far away that is, in metres, and the place on it, 0 to 1 from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// How far from where the ray begins.
    pub away: f32,
    /// To the right, and down.
    pub at: Vec2,
}

/// Where a ray meets the front of a panel of this size, in metres; none where it does not. A panel lies in the plane of its
/// X and Y and is looked at against its Z.
#[must_use]
pub fn meet(ray: Ray, panel: Transform, size: Vec2) -> Option<Hit> {
    let normal = panel.rotation * Vec3::Z;
    let towards = ray.along.dot(normal);
    if towards > -1e-4 {
        // From the side, or from behind.
        return None;
    }
    let away = (panel.translation - ray.from).dot(normal) / towards;
    if away <= 0.0 {
        return None;
    }
    let there = panel.rotation.inverse() * (ray.from + ray.along * away - panel.translation);
    let at = Vec2::new(there.x / size.x + 0.5, 0.5 - there.y / size.y);
    (at.min_element() >= 0.0 && at.max_element() <= 1.0).then_some(Hit { away, at })
}

/// How near thumb and forefinger come to be a pinch, and how far apart they go to be none, in metres: two bounds, so that a
/// hand that trembles at one of them does not press ten times.
const PINCHED: f32 = 0.018;
const OPENED: f32 = 0.030;

/// Whether a hand pinches, which pinched before or did not, with its tips so far apart, in metres.
#[must_use]
pub fn pinches(before: bool, apart: f32) -> bool {
    if before { apart < OPENED } else { apart < PINCHED }
}

/// The ray of a bare hand: from between the tips, away from the shoulder that it hangs on, which is guessed below the head.
/// (The way out of the hand itself trembles with every finger.)
#[must_use]
pub fn of_hand(tips: Vec3, head: Transform, left: bool) -> Ray {
    let (yaw, _, _) = head.rotation.to_euler(bevy::math::EulerRot::YXZ);
    let side = if left { -0.17 } else { 0.17 };
    let shoulder = head.translation + Quat::from_rotation_y(yaw) * Vec3::new(side, -0.26, 0.06);
    let along = (tips - shoulder).normalize_or(Vec3::NEG_Z);
    Ray { from: tips, along }
}

/// How long a look stays at a place to be a press, in seconds, and how far it may wander meanwhile, in panel widths.
pub const DWELL: f32 = 1.1;
const WANDERS: f32 = 0.035;

/// A look that stays: pressing without hands. It presses once, and again only after it went elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dwell {
    anchor: Option<Vec2>,
    stayed: f32,
    pressed: bool,
}

impl Dwell {
    /// Goes on for `dt` seconds with the look at this place of a panel, or at none. True in the moment in which it presses.
    pub fn look(&mut self, at: Option<Vec2>, dt: f32) -> bool {
        let Some(at) = at else {
            *self = Self::default();
            return false;
        };
        if self.anchor.is_none_or(|anchor| anchor.distance(at) > WANDERS) {
            *self = Self { anchor: Some(at), ..Self::default() };
            return false;
        }
        self.stayed += dt;
        let presses = !self.pressed && self.stayed >= DWELL;
        self.pressed |= presses;
        presses
    }

    /// How far the press has come, 0 to 1, to be shown; none where nothing is looked at, or it was pressed.
    #[must_use]
    pub fn so_far(&self) -> Option<f32> {
        (self.anchor.is_some() && !self.pressed).then(|| (self.stayed / DWELL).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Vec2 = Vec2::new(1.2, 0.6);

    fn panel() -> Transform {
        Transform::from_xyz(0.0, 1.0, -1.0)
    }

    fn ray(from: Vec3, to: Vec3) -> Ray {
        Ray { from, along: (to - from).normalize() }
    }

    #[test]
    fn a_ray_meets_a_panel_where_it_points() {
        let eyes = Vec3::new(0.3, 1.4, 1.0);
        for (x, y, at) in [
            (0.0, 1.0, (0.5, 0.5)),
            (-0.6, 1.3, (0.0, 0.0)),
            (0.6, 0.7, (1.0, 1.0)),
            (0.3, 1.15, (0.75, 0.25)),
        ] {
            let to = Vec3::new(x * 0.999, 1.0 + (y - 1.0) * 0.999, -1.0);
            let hit = meet(ray(eyes, to), panel(), SIZE).expect("it is hit");
            assert!(hit.at.distance(Vec2::from(at)) < 2e-3, "{hit:?} for {x} {y}");
            assert!((hit.away - eyes.distance(to)).abs() < 1e-4);
        }
    }

    #[test]
    fn a_ray_beside_a_panel_or_away_from_it_or_from_behind_meets_nothing() {
        let eyes = Vec3::new(0.0, 1.0, 1.0);
        for to in [Vec3::new(0.7, 1.0, -1.0), Vec3::new(0.0, 1.4, -1.0), Vec3::new(0.0, 1.0, 3.0)] {
            assert_eq!(meet(ray(eyes, to), panel(), SIZE), None, "{to}");
        }
        let behind = Vec3::new(0.0, 1.0, -3.0);
        assert_eq!(meet(ray(behind, Vec3::new(0.0, 1.0, -1.0)), panel(), SIZE), None);
        let along = Ray { from: Vec3::new(-2.0, 1.0, -1.0), along: Vec3::X };
        assert_eq!(meet(along, panel(), SIZE), None, "along it");
    }

    #[test]
    fn a_tilted_panel_is_met_where_it_is() {
        let tilt = Quat::from_rotation_x(-0.5);
        let tilted = panel().with_rotation(tilt);
        let corner = tilted.transform_point(Vec3::new(-0.59, 0.29, 0.0));
        let hit = meet(ray(Vec3::new(0.0, 1.6, 1.0), corner), tilted, SIZE).expect("it is hit");
        assert!(hit.at.distance(Vec2::new(0.0083, 0.0167)) < 1e-3, "{hit:?}");
    }

    #[test]
    fn a_hand_that_trembles_between_the_bounds_pinches_once() {
        let mut pinched = false;
        let mut begins = 0;
        for apart in [0.05, 0.02, 0.017, 0.02, 0.028, 0.019, 0.031, 0.029, 0.02] {
            let now = pinches(pinched, apart);
            begins += u32::from(now && !pinched);
            pinched = now;
        }
        assert_eq!((begins, pinched), (1, false));
    }

    #[test]
    fn a_hand_points_away_from_its_shoulder_however_the_head_is_turned() {
        let head = Transform::from_xyz(0.0, 1.6, 0.0);
        let ahead = of_hand(Vec3::new(0.2, 1.35, -0.5), head, false);
        assert!(ahead.along.z < -0.95, "{ahead:?}");
        let turned = head.with_rotation(Quat::from_rotation_y(1.2));
        assert!(of_hand(Vec3::new(0.2, 1.35, -0.5), turned, false).along.z < -0.7);
    }

    #[test]
    fn a_look_that_stays_presses_once_and_one_that_wanders_never() {
        let mut dwell = Dwell::default();
        let at = Some(Vec2::new(0.4, 0.6));
        let presses = (0..300).filter(|_| dwell.look(at, 1.0 / 60.0)).count();
        assert_eq!((presses, dwell.so_far()), (1, None));
        assert!(!dwell.look(None, 1.0 / 60.0));
        let again = (0..300).filter(|_| dwell.look(at, 1.0 / 60.0)).count();
        assert_eq!(again, 1);
        let mut restless = Dwell::default();
        let wanders = |step: u32| Some(Vec2::new(0.1 + step as f32 * 0.01, 0.5));
        assert_eq!((0..60).filter(|step| restless.look(wanders(*step), 0.1)).count(), 0);
    }
}
