//! Where a figure of one's own stands or sits, and how large it is, so that it takes the built-in one's place.

use bevy::prelude::*;

use super::pose::{DEVIL, PATIENT, Rest, Stances, place_in, pose};
use super::{Avatar, Bone, Kind};
use crate::room::devil;
use crate::room::figures::{Body, HALF_WIDTH};
use crate::room::palette::Triple;
use crate::room::patient::{Posture, SEAT};

/// How high one sits, in metres.
const SEAT_HEIGHT: f32 = 0.46;
/// From where the head begins to its middle, as a share of the way from hips to head.
const HEAD: f32 = 0.22;
/// How high the crown of the built-in Patient is above its seat when it sits upright, in metres.
const SITTING: f32 = 0.86;
/// How high a statue is on the seat, in metres.
const STATUE: f32 = 0.95;

/// Where the figure is at strength 1, ½ and 0: its place, and how large it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    place: Triple<Vec3>,
    size: Triple<f32>,
}

impl Fit {
    /// How a figure fits into a place in the room.
    #[must_use]
    pub(super) fn of(avatar: &Avatar, rest: &Rest, body: Body) -> Self {
        match avatar.kind {
            Kind::Humanoid => Self::humanoid(avatar, rest, body),
            Kind::Head => Self::head(avatar, body),
            Kind::Statue => Self::statue(avatar, body),
        }
    }

    /// Where it is at a strength: to be put before the turn of the whole figure.
    #[must_use]
    pub(super) fn at(&self, strength: f32) -> Transform {
        Transform::from_translation(self.place.at(strength)).with_scale(Vec3::splat(self.size.at(strength)))
    }

    fn humanoid(avatar: &Avatar, rest: &Rest, body: Body) -> Self {
        let stances: Stances = if body == Body::Patient { PATIENT } else { DEVIL };
        let fits = [0, 1, 2].map(|at| {
            let turns = pose(avatar, rest, stances[at], 0.0, Vec2::ZERO);
            let there = |bone| avatar.faces_forward * place_in(avatar, &turns, bone).unwrap_or_default();
            let (hips, neck) = (there(Bone::Hips), there(Bone::Head));
            let middle = neck + (neck - hips) * HEAD;
            let sole = there(Bone::LeftFoot).y.min(there(Bone::RightFoot).y).min(hips.y - 0.01);
            let posture = Posture::ALL[at];
            if body == Body::Patient {
                // As large in every posture: who bends is not smaller.
                let size = SITTING / upright(avatar, rest).max(0.05);
                let seat = Vec3::new(SEAT.0, SEAT_HEIGHT, -SEAT.1);
                (seat - hips * size + Vec3::Z * -0.04, size)
            } else if at == 2 {
                let (head, ..) = devil::head(posture);
                let size = (head.y - SEAT_HEIGHT) / (middle.y - hips.y).max(0.05);
                (Vec3::new(head.x, SEAT_HEIGHT, head.z) - hips * size, size)
            } else {
                let (head, ..) = devil::head(posture);
                let size = head.y / (middle.y - sole).max(0.05);
                let place = Vec3::new(head.x - middle.x * size, -sole * size, head.z - middle.z * size);
                (place, size)
            }
        });
        Self::from(fits)
    }

    /// A head takes the place of the built-in one, around its middle.
    fn head(avatar: &Avatar, body: Body) -> Self {
        let (low, high) = avatar.bounds;
        let tall = (high.y - low.y).max(0.01);
        let middle = avatar.faces_forward * ((low + high) / 2.0);
        let half = match body {
            Body::Patient => HALF_WIDTH,
            // Its own head is placed with its size.
            Body::Devil => 1.0,
        };
        let size = 2.3 * half / tall;
        Self::from([(-middle * size, size); 3])
    }

    fn statue(avatar: &Avatar, body: Body) -> Self {
        let (low, high) = avatar.bounds;
        let tall = (high.y - low.y).max(0.01);
        let foot = avatar.faces_forward * Vec3::new((low.x + high.x) / 2.0, low.y, (low.z + high.z) / 2.0);
        Self::from([0, 1, 2].map(|at| {
            let (place, size) = if body == Body::Patient {
                (Vec3::new(SEAT.0, SEAT_HEIGHT, -SEAT.1), STATUE / tall)
            } else {
                let (head, ..) = devil::head(Posture::ALL[at]);
                let floor = if at == 2 { SEAT_HEIGHT } else { 0.0 };
                (Vec3::new(head.x, floor, head.z), (head.y * 1.12 - floor) / tall)
            };
            (place - foot * size, size)
        }))
    }
}

impl From<[(Vec3, f32); 3]> for Fit {
    fn from([one, half, none]: [(Vec3, f32); 3]) -> Self {
        Self { place: Triple(one.0, half.0, none.0), size: Triple(one.1, half.1, none.1) }
    }
}

/// How high the crown is above the hips when the figure sits upright, in its own measure.
fn upright(avatar: &Avatar, rest: &Rest) -> f32 {
    let turns = pose(avatar, rest, PATIENT[2], 0.0, Vec2::ZERO);
    let there = |bone| place_in(avatar, &turns, bone).unwrap_or_default();
    let (hips, neck) = (there(Bone::Hips), there(Bone::Head));
    let crown = avatar.bounds.1.y - rest.place(avatar, Bone::Head).unwrap_or_default().y;
    neck.y - hips.y + crown.max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::avatar::real::real_file;

    /// Where the middle of the head and the hips are in the room, at a strength.
    fn places(avatar: &Avatar, body: Body, strength: f32) -> (Vec3, Vec3) {
        use crate::room::avatar::pose::stance;
        let rest = Rest::of(avatar);
        let fit = Fit::of(avatar, &rest, body).at(strength);
        let stances = if body == Body::Patient { PATIENT } else { DEVIL };
        let turns = pose(avatar, &rest, stance(stances, strength), 0.0, Vec2::ZERO);
        let there = |bone| {
            let place = place_in(avatar, &turns, bone).expect("it has that bone");
            fit.transform_point(avatar.faces_forward * place)
        };
        (there(Bone::Head), there(Bone::Hips))
    }

    #[test]
    fn a_patient_of_ones_own_sits_on_the_seat_and_comes_up_as_the_built_in_one_does() {
        let Some(avatar) = real_file("cryptovoxels.vrm") else { return };
        let heads = [1.0, 0.5, 0.0].map(|strength| {
            let (head, hips) = places(&avatar, Body::Patient, strength);
            assert!((hips.y - SEAT_HEIGHT).abs() < 0.05, "at {strength} its hips are at {hips}");
            head
        });
        assert!(heads[0].y < heads[1].y - 0.05 && heads[1].y < heads[2].y, "{heads:?}");
        assert!(heads[0].z > heads[2].z + 0.1, "curled, it bends ahead: {heads:?}");
    }

    #[test]
    fn a_devil_of_ones_own_stands_tall_and_sits_down_small() {
        let Some(avatar) = real_file("cryptovoxels.vrm") else { return };
        let [strong, half, none] = [1.0, 0.5, 0.0].map(|strength| places(&avatar, Body::Devil, strength));
        assert!(strong.0.y > 1.3 && half.0.y > 1.2, "{strong:?} {half:?}");
        assert!(none.0.y < 1.0 && (none.1.y - SEAT_HEIGHT).abs() < 0.05, "it does not sit: {none:?}");
    }

    #[test]
    fn a_head_is_as_large_as_the_built_in_one() {
        let Some(avatar) = real_file("ict_head_arkit.glb") else { return };
        let fit = Fit::of(&avatar, &Rest::of(&avatar), Body::Patient).at(0.5);
        let (low, high) = avatar.bounds;
        let tall = (fit.transform_point(high) - fit.transform_point(low)).y;
        assert!((0.3..0.6).contains(&tall), "{tall} m");
    }
}
