//! Where things stand around somebody who wears a headset: the room around their seat, the desk on their lap, what is said
//! under the face that says it. Pure geometry, in metres and radians; angles to the right and up are positive.

use std::f32::consts::PI;

use bevy::math::{EulerRot, Quat, Vec2, Vec3};
use bevy::transform::components::Transform;

/// Nothing stands nearer to the person's eyes than this, unless they go there themselves.
pub const NEAREST: f32 = 0.8;

/// How large a point of a panel is seen, in radians: its smallest words are then 18 thousandths of their distance high
/// ("dmm"), and captions 25, buttons and the Guide's card 22, where 14 are the least that is read with ease and 24 are comfortable (Google I/O
/// 2017, "Designing Screen Interfaces for VR").
pub const POINT: f32 = 0.001_2;

/// A panel: where it is, looking along its own +Z, and how large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Its middle, and how it is turned.
    pub at: Transform,
    /// Its width and height in metres.
    pub size: Vec2,
}

/// The room around a person: where the origin of what the runtime tracks lies in it, so that a head that is here now is where
/// the eyes of the seat are, and looks where the seat looks. The floor stays where it is for those who stand
/// (`keeps_floor`); for those who sit, the height of their eyes becomes that of the seat.
#[must_use]
pub fn room_around(seat: Transform, head: Transform, keeps_floor: bool) -> Transform {
    let turn = Quat::from_rotation_y(yaw(seat.rotation) - yaw(head.rotation));
    let mut origin = seat.translation - turn * head.translation;
    if keeps_floor {
        origin.y = 0.0;
    }
    Transform::from_translation(origin).with_rotation(turn)
}

fn yaw(turn: Quat) -> f32 {
    // Of the way it looks, and not of its Euler angles: somebody who looks at the ceiling still faces somewhere.
    let ahead = turn * Vec3::NEG_Z;
    let flat = if ahead.xz().length() > 0.2 { ahead } else { turn * Vec3::Y * -ahead.y.signum() };
    (-flat.x).atan2(-flat.z)
}

use bevy::math::Vec3Swizzles as _;

/// The directions as they are seen from a place: how far to the right of where the seat looks, and how far up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Around {
    eyes: Vec3,
    turn: Quat,
}

impl Around {
    /// Seen from these eyes, upright, by somebody who sits as this seat does.
    #[must_use]
    pub fn new(eyes: Vec3, seat: Transform) -> Self {
        Self { eyes, turn: Quat::from_rotation_y(yaw(seat.rotation)) }
    }

    /// Where a point of the room is seen: right, up, and how far away.
    #[must_use]
    pub fn of(&self, point: Vec3) -> (Vec2, f32) {
        let there = self.turn.inverse() * (point - self.eyes);
        (Vec2::new(there.x.atan2(-there.z), there.y.atan2(there.xz().length())), there.length())
    }

    /// Where a look goes.
    #[must_use]
    pub fn look(&self, head: Quat) -> Vec2 {
        self.of(self.eyes + head * Vec3::NEG_Z).0
    }

    /// A panel that is seen there, so far away and turned to the eyes, so large that it is seen as wide and high as this.
    #[must_use]
    pub fn put(&self, seen: Vec2, away: f32, angles: Vec2) -> Place {
        let turn = self.turn * Quat::from_euler(EulerRot::YXZ, -seen.x, seen.y, 0.0);
        let at = Transform::from_translation(self.eyes + turn * Vec3::NEG_Z * away).with_rotation(turn);
        Place { at, size: (angles / 2.0).map(f32::tan) * 2.0 * away }
    }
}

/// How the desk stands before them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Desk {
    /// On the lap, below every face.
    #[default]
    Low,
    /// Before the eyes, where there is something to read while nothing else happens.
    Raised,
}

/// How far away the desk is, and how far down, in its two ways.
const DESK: f32 = 1.2;
const LAP: f32 = -0.52;
const BEFORE: f32 = -0.14;

/// Where the desk stands for a seat: in the room, and not with the head. `points`: how large it is.
#[must_use]
pub fn desk(seat: Transform, how: Desk, points: Vec2) -> Place {
    let down = if how == Desk::Low { LAP } else { BEFORE };
    Around::new(seat.translation, seat).put(Vec2::new(0.0, down), DESK, points * POINT)
}

/// Where the Guide's card stands: beside the figures, on the right, where its lantern is.
const CARD: Vec2 = Vec2::new(0.46, 0.02);
const CARD_AWAY: f32 = 1.8;

/// Where the Guide's card stands for a seat.
#[must_use]
pub fn card(seat: Transform, points: Vec2) -> Place {
    Around::new(seat.translation, seat).put(CARD, CARD_AWAY, points * POINT)
}

/// A face as it is seen: where, and how far around its middle it reaches, in radians.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// Its middle.
    pub at: Vec2,
    /// Its radius.
    pub reaches: f32,
}

/// Between a face and the words under it, in radians.
const CHIN: f32 = 0.02;
/// How far from where the person looks words may be and are still read without turning, to the side and up or down; and how
/// far a look goes astray before they follow.
const SIDE: f32 = 0.42;
const UP_DOWN: f32 = 0.30;

/// Where words stand that somebody says, seen from the person: under that face, and under every other face that they would
/// cover; where the person looks elsewhere, at the edge of what they see. `size`: how large the words are seen.
#[must_use]
pub fn caption(speaker: Face, faces: &[Face], look: Vec2, size: Vec2) -> Vec2 {
    let half = size / 2.0;
    let mut at = Vec2::new(speaker.at.x, speaker.at.y - speaker.reaches - CHIN - half.y);
    // They go along with a look that leaves them, and no further than that.
    at.x += wrapped(look.x - at.x) - wrapped(look.x - at.x).clamp(-SIDE, SIDE);
    at.y += (look.y - at.y) - (look.y - at.y).clamp(-UP_DOWN, UP_DOWN);
    below(at, faces, size)
}

/// The same place, or under each face that words of this size would cover there.
#[must_use]
pub fn below(mut at: Vec2, faces: &[Face], size: Vec2) -> Vec2 {
    let half = size / 2.0;
    // Twice: what is pushed below one face may come upon another.
    for _ in 0..2 {
        for face in faces {
            let apart = Vec2::new(wrapped(face.at.x - at.x), face.at.y - at.y).abs();
            if apart.x < half.x + face.reaches && apart.y < half.y + face.reaches {
                at.y = face.at.y - face.reaches - CHIN - half.y;
            }
        }
    }
    at
}

/// An angle the short way round.
fn wrapped(angle: f32) -> f32 {
    (angle + PI).rem_euclid(2.0 * PI) - PI
}

/// Something that follows lazily: it stays until it is this far from where it should be, goes there smoothly, and stays again.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lazy {
    at: Option<Vec2>,
    goes: bool,
}

/// How far off it may be, how near it comes, in radians, and how long it takes for most of the way, in seconds.
const OFF: f32 = 0.12;
const THERE: f32 = 0.01;
const TAKES: f32 = 0.25;

impl Lazy {
    /// Goes on for `dt` seconds towards this.
    pub fn follow(&mut self, goal: Vec2, dt: f32) -> Vec2 {
        let Some(at) = self.at else {
            *self = Self { at: Some(goal), goes: false };
            return goal;
        };
        let way = Vec2::new(wrapped(goal.x - at.x), goal.y - at.y);
        self.goes = way.length() > if self.goes { THERE } else { OFF };
        let share = if self.goes { 1.0 - (-dt / TAKES).exp() } else { 0.0 };
        let now = at + way * share;
        self.at = Some(now);
        now
    }

    /// The next goal is reached at once: something else is said.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat() -> Transform {
        Transform::from_xyz(0.0, 1.2, 1.78).with_rotation(Quat::from_rotation_x(-0.096))
    }

    fn other_seat() -> Transform {
        Transform::from_xyz(0.12, 1.2, -0.86).with_rotation(Quat::from_rotation_y(PI))
    }

    #[test]
    fn wherever_the_head_is_it_comes_to_sit_on_the_seat_and_to_look_across_the_rug() {
        let head = Transform::from_xyz(0.7, 1.63, -2.1)
            .with_rotation(Quat::from_rotation_y(2.2) * Quat::from_rotation_x(-0.4));
        for seat in [seat(), other_seat()] {
            let root = room_around(seat, head, false);
            let there = root * head;
            assert!(there.translation.distance(seat.translation) < 1e-5, "{there:?}");
            assert!(wrapped(yaw(there.rotation) - yaw(seat.rotation)).abs() < 1e-4);
            assert!((root.rotation * Vec3::Y - Vec3::Y).length() < 1e-5, "the floor stays level");
            let stands = room_around(seat, head, true) * head;
            assert!((stands.translation.y - 1.63).abs() < 1e-5, "who stands keeps their height");
            assert!(stands.translation.xz().distance(seat.translation.xz()) < 1e-5);
        }
    }

    #[test]
    fn somebody_who_looks_at_the_ceiling_or_the_floor_still_faces_somewhere() {
        for pitch in [-PI / 2.0, PI / 2.0, 1.5, -1.5] {
            let head = Quat::from_rotation_y(0.8) * Quat::from_rotation_x(pitch);
            assert!(wrapped(yaw(head) - 0.8).abs() < 0.02, "{pitch}: {}", yaw(head));
        }
    }

    #[test]
    fn what_is_put_somewhere_is_seen_there_turned_to_the_eyes_and_as_large_as_it_was_to_be() {
        let around = Around::new(Vec3::new(0.2, 1.3, 1.0), other_seat());
        let (seen, angles) = (Vec2::new(0.4, -0.3), Vec2::new(0.5, 0.2));
        let place = around.put(seen, 1.7, angles);
        let (at, away) = around.of(place.at.translation);
        assert!(at.distance(seen) < 1e-4 && (away - 1.7).abs() < 1e-4);
        let to_eyes = (Vec3::new(0.2, 1.3, 1.0) - place.at.translation).normalize();
        assert!((place.at.rotation * Vec3::Z).dot(to_eyes) > 0.9999);
        let edge = place.at.transform_point(Vec3::new(place.size.x / 2.0, 0.0, 0.0));
        let to_edge = (edge - Vec3::new(0.2, 1.3, 1.0)).normalize();
        assert!((to_edge.dot(-to_eyes).acos() - 0.25).abs() < 1e-3);
    }

    #[test]
    fn nothing_that_is_put_before_a_person_is_nearer_than_it_may_be() {
        for seat in [seat(), other_seat()] {
            for place in [
                desk(seat, Desk::Low, Vec2::new(760.0, 240.0)),
                desk(seat, Desk::Raised, Vec2::new(760.0, 428.0)),
                card(seat, Vec2::new(330.0, 300.0)),
            ] {
                // The nearest point of a panel that is turned to the eyes is its middle.
                assert!(place.at.translation.distance(seat.translation) >= NEAREST);
                assert!(place.at.translation.y - place.size.y / 2.0 > 0.05, "above the floor");
            }
        }
    }

    /// The two of them as they are seen from the seat, at full strength.
    fn faces() -> [Face; 2] {
        [
            Face { at: Vec2::new(0.03, -0.04), reaches: 0.08 },
            Face { at: Vec2::new(-0.11, 0.14), reaches: 0.09 },
        ]
    }

    #[test]
    fn words_stand_under_whoever_says_them_and_cover_neither_face() {
        let size = Vec2::new(0.52, 0.12);
        for speaker in faces() {
            for look in [speaker.at, Vec2::ZERO, Vec2::new(0.7, 0.1), Vec2::new(-0.9, -0.5)] {
                let at = caption(speaker, &faces(), look, size);
                for face in faces() {
                    let apart = (face.at - at).abs();
                    let free = apart.x >= size.x / 2.0 + face.reaches
                        || apart.y >= size.y / 2.0 + face.reaches - 1e-4;
                    assert!(free, "{at} covers {face:?} for a look at {look}");
                }
                assert!((look.x - at.x).abs() <= SIDE + 1e-4, "they are seen from the side at {look}: {at}");
            }
        }
        let at = caption(faces()[0], &faces(), faces()[0].at, size);
        assert!((at.x - 0.03).abs() < 1e-5 && at.y < -0.12);
    }

    #[test]
    fn what_follows_a_look_stays_while_that_wanders_a_little_and_comes_after_it_when_it_goes() {
        let mut lazy = Lazy::default();
        assert_eq!(lazy.follow(Vec2::new(0.1, 0.0), 0.011), Vec2::new(0.1, 0.0));
        for step in 0..90 {
            let wander = Vec2::new(0.1 + 0.1 * (step as f32 * 0.3).sin(), 0.0);
            assert_eq!(lazy.follow(wander, 0.011), Vec2::new(0.1, 0.0));
        }
        let goal = Vec2::new(0.9, -0.2);
        let mut last = Vec2::new(0.1, 0.0);
        for _ in 0..180 {
            let now = lazy.follow(goal, 0.011);
            assert!(now.distance(last) < 0.05, "it jumps");
            last = now;
        }
        assert!(last.distance(goal) < 0.02, "{last}");
        lazy.forget();
        assert_eq!(lazy.follow(Vec2::ZERO, 0.011), Vec2::ZERO);
    }
}
