//! The two seats. In the change of places (`voice.md` 7 of the design's reference) the person sits where the Patient sat, and
//! sees their own figure across the rug. Nothing moves them through the room: the light goes, and when it comes back they sit
//! there. What would stand behind them then stands before them: the lamp, on the other side, the lantern, and the Devil, small.

use std::f32::consts::PI;

use bevy::ecs::entity::EntityHashMap;
use bevy::prelude::*;

use super::loft::at;
use super::mood::Mood;
use crate::app::{SeatEyes, StageCamera};

/// On which seat the person sits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seat {
    /// Their own, the Patient before them.
    #[default]
    Own,
    /// The Patient's, and on their own sits the figure that is theirs.
    Patients,
}

/// How long the light takes to go, and to come back, in seconds (`peers.md` 5: half a second at the most).
pub(super) const FADE: f32 = 0.5;

/// Where the eyes are over there: at the height of the Patient's, looking a little down at somebody of the same size.
const EYES: Vec3 = Vec3::new(0.12, 1.2, -0.86);
const DOWN: f32 = -7.5;

impl Seat {
    /// Where the table with the lamp stands.
    pub(super) fn table(self) -> Vec3 {
        match self {
            Self::Own => at(1.42, 1.12, 0.0),
            Self::Patients => at(1.48, -1.52, 0.0),
        }
    }

    /// Where the Guide's lantern hangs.
    pub(super) fn lantern(self) -> Vec3 {
        match self {
            Self::Own => at(0.66, 0.28, 1.60),
            Self::Patients => at(-0.58, -1.16, 1.62),
        }
    }

    /// Where the Devil's part of the room has gone: with a Devil that has stepped back as far as this, or onto a stool by
    /// the lamp.
    pub(super) fn devils(self, back: Vec3) -> Transform {
        match self {
            Self::Own => Transform::from_translation(back),
            Self::Patients => {
                let turn = Quat::from_rotation_y(PI + 0.38);
                Transform::from_translation(DEVILS_STOOL - turn * DEVILS_SEAT).with_rotation(turn)
            }
        }
    }

    /// From the Patient's half of the room to that of whoever is looked at.
    pub(super) fn across(self) -> Transform {
        match self {
            Self::Own => Transform::IDENTITY,
            Self::Patients => ACROSS,
        }
    }
}

/// Half a turn around the middle of the rug: it puts the one seat where the other is.
pub(super) const ACROSS: Transform = Transform {
    translation: Vec3::new(0.08, 0.0, 0.77),
    // A half turn about the upright.
    rotation: Quat::from_xyzw(0.0, 1.0, 0.0, 0.0),
    scale: Vec3::ONE,
};

/// Where the Devil sits when it sits, and the stool that it sits on over there: both where its hips are.
const DEVILS_SEAT: Vec3 = Vec3::new(-0.30, 0.38, -0.66);
pub(super) const DEVILS_STOOL: Vec3 = Vec3::new(0.80, 0.27, 0.92);

/// Something that stands on the table, so far from its foot.
#[derive(Component, Clone, Copy, Debug)]
pub(super) struct OnTable(pub(super) Vec3);

/// Something that is there only while the person sits over there.
#[derive(Component, Clone, Copy, Debug)]
pub(super) struct OverThere;

/// An eye, and nothing of the room.
type Eye = (With<StageCamera>, Without<OnTable>);

/// Puts the eyes and the things of the room where they are from the other seat, while nothing can be seen.
pub(super) fn change(
    mood: Res<Mood>,
    mut sits: Local<Seat>,
    mut own: Local<EntityHashMap<Transform>>,
    mut seat: ResMut<SeatEyes>,
    mut eyes: Query<(Entity, &mut Transform), Eye>,
    mut things: Query<(&OnTable, &mut Transform)>,
    mut there: Query<&mut Visibility, With<OverThere>>,
) {
    if mood.seat == *sits {
        return;
    }
    *sits = mood.seat;
    // What follows somebody's own head moves its eyes itself.
    seat.0 = match mood.seat {
        Seat::Own => SeatEyes::default().0,
        Seat::Patients => over_there(),
    };
    if own.is_empty() {
        own.extend(eyes.iter().map(|(eye, at)| (eye, *at)));
    }
    // Two eyes stay as far apart as they were.
    let middle = own.values().map(|at| at.translation).sum::<Vec3>() / (own.len() as f32).max(1.0);
    for (eye, mut at) in &mut eyes {
        let Some(before) = own.get(&eye) else { continue };
        *at = match mood.seat {
            Seat::Own => *before,
            Seat::Patients => {
                let aside = before.rotation.inverse() * (before.translation - middle);
                over_there() * Transform::from_translation(aside)
            }
        };
    }
    for (thing, mut place) in &mut things {
        place.translation = mood.seat.table() + thing.0;
    }
    for mut seen in &mut there {
        *seen = if mood.seat == Seat::Patients { Visibility::Inherited } else { Visibility::Hidden };
    }
}

/// The eyes of whoever sits in the Patient's place.
pub(super) fn over_there() -> Transform {
    let turn = Quat::from_rotation_y(PI) * Quat::from_rotation_x(DOWN.to_radians());
    Transform::from_translation(EYES).with_rotation(turn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::patient;

    #[test]
    fn who_sits_across_sits_on_the_seat_of_the_person() {
        let (right, ahead) = patient::SEAT;
        let there = ACROSS.transform_point(at(right, ahead, 1.0));
        assert!((there - Vec3::new(-0.12, 1.0, 1.49)).length() < 1e-4, "{there}");
        // And looks back at whoever sits where the Patient sat.
        assert!((ACROSS.rotation * Vec3::Z - Vec3::NEG_Z).length() < 1e-5);
        let eyes = over_there();
        assert!(eyes.forward().dot((there - eyes.translation).normalize()) > 0.97);
    }

    #[test]
    fn the_lamp_is_on_the_other_side_over_there() {
        let right_of = |eyes: Transform, place: Vec3| eyes.right().dot(place - eyes.translation);
        let own = Transform::from_xyz(0.0, 1.2, 1.78);
        assert!(right_of(own, Seat::Own.table()) > 0.5);
        assert!(right_of(over_there(), Seat::Patients.table()) < -0.5);
        assert!(right_of(over_there(), DEVILS_STOOL) < 0.0, "the Devil sits low on the left");
    }
}
