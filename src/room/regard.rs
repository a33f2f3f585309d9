//! How figures regard the person: they turn to where the head is, and answer how near it comes. In front of a window the head
//! is where the seat is, and nothing of this is seen.

use bevy::prelude::*;

use crate::app::SeatEyes;

/// Where the person's head is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Person {
    /// Where their eyes would be on the seat.
    pub seat: Vec3,
    /// How far from there they are.
    pub moved: Vec3,
}

impl Default for Person {
    fn default() -> Self {
        Self { seat: SeatEyes::default().0.translation, moved: Vec3::ZERO }
    }
}

impl Person {
    /// Where their eyes are.
    #[must_use]
    pub fn eyes(self) -> Vec3 {
        self.seat + self.moved
    }
}

/// How much of the way a head turns, and how far at most, in radians.
pub(super) const HEAD: f32 = 0.75;
const FURTHEST: f32 = 0.7;

/// How a head turns to a person who is not where they would sit: by so much of the way, to the side and up, in radians.
fn way(head: Transform, person: Person) -> Vec2 {
    let seen = |at: Vec3| {
        let there = head.rotation.inverse() * (at - head.translation);
        Vec2::new(there.x.atan2(there.z), there.y.atan2(there.xz().length()))
    };
    (seen(person.eyes()) - seen(person.seat)).clamp(Vec2::splat(-FURTHEST), Vec2::splat(FURTHEST))
}

/// Turns a head, which looks along its +Z, after the person.
pub(super) fn turn(head: &mut Transform, person: Person, share: f32) {
    if person.moved == Vec3::ZERO {
        return;
    }
    let way = way(*head, person) * share;
    head.rotate_local_y(way.x);
    head.rotate_local_x(-way.y);
}

/// Nearer than this a person is near, and as near as that they are as near as can be, in metres from head to head.
const NEAR: f32 = 1.15;
const NEAREST: f32 = 0.55;

/// How near the person has come to a head, 0 to 1.
#[must_use]
pub(super) fn nearness(head: Vec3, person: Person) -> f32 {
    ((NEAR - head.distance(person.eyes())) / (NEAR - NEAREST)).clamp(0.0, 1.0)
}

/// How a head answers that: while it is hurt it draws back, and later it leans to whoever comes. `held`: how curled its body
/// is, 1 to 0.
pub(super) fn answer_nearness(head: &mut Transform, near: f32, held: f32) {
    let back = head.rotation * Vec3::Z;
    let by = 0.045 - 0.11 * held.clamp(0.0, 1.0);
    head.translation += back.with_y(0.0) * by * near;
    head.rotate_local_x((0.10 - 0.22 * held) * near);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patient() -> Transform {
        Transform::from_xyz(0.12, 1.1, -0.86)
    }

    #[test]
    fn a_head_turns_after_whoever_moves_and_stays_where_nobody_does() {
        let person = |moved: Vec3| Person { moved, ..Person::default() };
        let turned = |moved: Vec3| {
            let mut head = patient();
            turn(&mut head, person(moved), 1.0);
            head.rotation * Vec3::Z
        };
        assert_eq!(turned(Vec3::ZERO), Vec3::Z);
        let (left, up) = (turned(Vec3::NEG_X * 0.5), turned(Vec3::Y * 0.4));
        assert!(left.x < -0.1 && left.y.abs() < 0.05, "{left}");
        assert!(up.y > 0.1 && up.x.abs() < 0.05, "{up}");
        let far = turned(Vec3::new(-6.0, 0.0, -4.0));
        assert!(far.z > 0.6, "nobody's head comes off: {far}");
    }

    #[test]
    fn a_hurt_figure_draws_back_from_whoever_comes_near_and_one_that_rests_leans_to_them() {
        let near = Person { moved: Vec3::new(0.1, -0.1, -1.9), ..Person::default() };
        assert_eq!(nearness(patient().translation, Person::default()), 0.0);
        let close = nearness(patient().translation, near);
        assert!(close > 0.5, "{close}");
        let moves = |held: f32| {
            let mut head = patient();
            answer_nearness(&mut head, close, held);
            head.translation.z - patient().translation.z
        };
        assert!(moves(1.0) < -0.03 && moves(0.0) > 0.02, "{} {}", moves(1.0), moves(0.0));
    }
}
