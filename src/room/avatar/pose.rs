//! How a body with bones holds itself: the same three postures as the built-in figures, mixed by the strength that is shown.
//!
//! Limbs are told where to point, not how to turn, so that it does not matter whether a file's figure stands with its arms
//! out or hanging. A turn is passed on from bone to bone, as in a humanoid of VRM (`VRMC_vrm-1.0`, "normalised pose").

use bevy::prelude::*;

use super::{Avatar, Bone};

/// How a body holds itself. Directions are those of the figure: +X is its left, +Y up, +Z ahead; those of an arm lie in the
/// frame of the chest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stance {
    /// How far the back leans ahead, in radians.
    pub(super) lean: f32,
    /// How the head is turned beyond that: yaw, pitch, roll, in radians.
    pub(super) head: Vec3,
    /// Where the left upper arm and the left forearm point.
    pub(super) left: [Vec3; 2],
    /// The same on the right.
    pub(super) right: [Vec3; 2],
    /// Where both thighs and both shins point; the right ones the other way across.
    pub(super) legs: [Vec3; 2],
}

impl Stance {
    /// What lies so far from this one towards another.
    fn towards(self, other: Self, share: f32) -> Self {
        let pair = |a: [Vec3; 2], b: [Vec3; 2]| [a[0].lerp(b[0], share), a[1].lerp(b[1], share)];
        Self {
            lean: self.lean + (other.lean - self.lean) * share,
            head: self.head.lerp(other.head, share),
            left: pair(self.left, other.left),
            right: pair(self.right, other.right),
            legs: pair(self.legs, other.legs),
        }
    }
}

/// The stances at strength 1, ½ and 0.
pub(super) type Stances = [Stance; 3];

const fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3::new(x, y, z)
}

const SITS: [Vec3; 2] = [v(0.16, -0.12, 1.0), v(0.02, -1.0, -0.06)];
const STANDS: [Vec3; 2] = [v(0.06, -1.0, 0.0), v(0.02, -1.0, -0.04)];

/// The Patient's: bent over its own hands, upright, open.
pub(super) const PATIENT: Stances = [
    Stance {
        lean: 0.62,
        head: v(-0.04, 0.34, 0.10),
        left: [v(0.34, -0.80, 0.30), v(-0.62, -0.25, 0.72)],
        right: [v(-0.34, -0.80, 0.30), v(0.62, -0.25, 0.72)],
        legs: SITS,
    },
    Stance {
        lean: 0.16,
        head: v(-0.08, 0.10, 0.05),
        left: [v(0.30, -0.92, 0.14), v(-0.45, -0.45, 0.72)],
        right: [v(-0.30, -0.92, 0.14), v(0.45, -0.45, 0.72)],
        legs: SITS,
    },
    Stance {
        lean: 0.02,
        head: v(0.04, 0.0, -0.08),
        left: [v(0.32, -0.92, 0.10), v(-0.20, -0.60, 0.76)],
        right: [v(-0.32, -0.92, 0.10), v(0.20, -0.60, 0.76)],
        legs: SITS,
    },
];

/// The Devil's: over the Patient, an arm around it and an arm ahead; upright and unsure; sitting beside it.
pub(super) const DEVIL: Stances = [
    Stance {
        lean: 0.46,
        head: v(0.20, 0.20, 0.10),
        left: [v(0.92, 0.10, 0.36), v(0.62, -0.55, 0.56)],
        right: [v(-0.66, -0.66, 0.34), v(-0.10, -0.42, 0.90)],
        legs: STANDS,
    },
    Stance {
        lean: 0.10,
        head: v(0.30, 0.10, -0.08),
        left: [v(0.30, -0.94, 0.06), v(-0.10, -0.86, 0.46)],
        right: [v(-0.30, -0.94, 0.06), v(0.10, -0.86, 0.46)],
        legs: STANDS,
    },
    Stance { head: v(0.04, 0.14, 0.10), lean: 0.22, ..PATIENT[1] },
];

/// The stance at a strength.
#[must_use]
pub(super) fn stance([one, half, none]: Stances, strength: f32) -> Stance {
    let s = strength.clamp(0.0, 1.0);
    if s >= 0.5 { half.towards(one, s * 2.0 - 1.0) } else { none.towards(half, s * 2.0) }
}

/// How a node is turned at rest, in the whole figure, and where it is.
#[derive(Clone, Debug)]
pub(super) struct Rest {
    turns: Vec<Quat>,
    places: Vec<Vec3>,
}

impl Rest {
    /// That of a figure.
    #[must_use]
    pub(super) fn of(avatar: &Avatar) -> Self {
        let whole = avatar.at_rest();
        let parts = whole.iter().map(|place| place.to_scale_rotation_translation());
        let (turns, places) = parts.map(|(_, turn, place)| (turn, place)).unzip();
        Self { turns, places }
    }

    /// Where a bone is.
    #[must_use]
    pub(super) fn place(&self, avatar: &Avatar, bone: Bone) -> Option<Vec3> {
        avatar.bones.get(&bone).and_then(|node| self.places.get(*node)).copied()
    }

    /// Where a bone points: towards the next one.
    fn direction(&self, avatar: &Avatar, from: Bone, to: Bone) -> Option<Vec3> {
        (self.place(avatar, to)? - self.place(avatar, from)?).try_normalize()
    }
}

/// How every node is turned in its parent, for a stance. `breath` 0 to 1 lifts the chest; `gaze` turns the eyes, right and
/// up, each -1 to 1.
#[must_use]
pub(super) fn pose(avatar: &Avatar, rest: &Rest, stance: Stance, breath: f32, gaze: Vec2) -> Vec<Quat> {
    let mut turns: Vec<Option<Quat>> = vec![None; avatar.nodes.len()];
    let ahead = avatar.faces_forward;
    // Turns are told for a figure that looks along +Z.
    let told = |turn: Quat| ahead.inverse() * turn * ahead;
    let mut set = |bone: Bone, turn: Quat| {
        if let Some(slot) = avatar.bones.get(&bone).and_then(|node| turns.get_mut(*node)) {
            *slot = Some(told(turn));
        }
    };
    // The back bends from the hips up, and the head goes with it.
    let back = |share: f32| Quat::from_rotation_x(stance.lean * share - 0.02 * breath * share);
    // The back bends evenly over as many bones as it has.
    let spine = [Bone::Spine, Bone::Chest, Bone::UpperChest];
    let bones: Vec<Bone> = spine.into_iter().filter(|bone| avatar.bones.contains_key(bone)).collect();
    for (at, bone) in bones.iter().enumerate() {
        set(*bone, back((at + 1) as f32 / bones.len() as f32));
    }
    let neck = Quat::from_rotation_y(stance.head.x * 0.4)
        * Quat::from_rotation_x(stance.lean * 0.8 + stance.head.y * 0.4);
    set(Bone::Neck, neck);
    let head = Quat::from_rotation_y(stance.head.x)
        * Quat::from_rotation_x(stance.lean * 0.7 + stance.head.y)
        * Quat::from_rotation_z(-stance.head.z);
    set(Bone::Head, head);
    let eyes = head * Quat::from_rotation_y(-0.35 * gaze.x) * Quat::from_rotation_x(-0.25 * gaze.y);
    set(Bone::LeftEye, eyes);
    set(Bone::RightEye, eyes);
    let chest = back(1.0);
    let mut point = |from: Bone, to: Bone, wanted: Vec3, frame: Quat| {
        let Some(now) = rest.direction(avatar, from, to) else { return };
        if let Some(wanted) = wanted.try_normalize() {
            set(from, frame * Quat::from_rotation_arc(ahead * now, wanted));
        }
    };
    point(Bone::LeftUpperArm, Bone::LeftLowerArm, stance.left[0], chest);
    point(Bone::LeftLowerArm, Bone::LeftHand, stance.left[1], chest);
    point(Bone::RightUpperArm, Bone::RightLowerArm, stance.right[0], chest);
    point(Bone::RightLowerArm, Bone::RightHand, stance.right[1], chest);
    let across = |leg: Vec3| Vec3::new(-leg.x, leg.y, leg.z);
    point(Bone::LeftUpperLeg, Bone::LeftLowerLeg, stance.legs[0], Quat::IDENTITY);
    point(Bone::LeftLowerLeg, Bone::LeftFoot, stance.legs[1], Quat::IDENTITY);
    point(Bone::RightUpperLeg, Bone::RightLowerLeg, across(stance.legs[0]), Quat::IDENTITY);
    point(Bone::RightLowerLeg, Bone::RightFoot, across(stance.legs[1]), Quat::IDENTITY);
    passed_on(avatar, rest, &turns)
}

/// A bone without a turn of its own goes with the one above it.
fn passed_on(avatar: &Avatar, rest: &Rest, turns: &[Option<Quat>]) -> Vec<Quat> {
    let mut whole: Vec<Quat> = Vec::with_capacity(turns.len());
    let mut own = Vec::with_capacity(turns.len());
    // Parents come before their children.
    for (at, node) in avatar.nodes.iter().enumerate() {
        let above = node.parent.and_then(|parent| whole.get(parent)).copied().unwrap_or_default();
        let parent_rest = node.parent.and_then(|parent| rest.turns.get(parent)).copied().unwrap_or_default();
        let turn = turns.get(at).copied().flatten().unwrap_or(above);
        let here = turn * rest.turns.get(at).copied().unwrap_or_default();
        own.push((above * parent_rest).inverse() * here);
        whole.push(turn);
    }
    own
}

/// Where a bone is in a pose, in the figure's own measure.
#[must_use]
pub(super) fn place_in(avatar: &Avatar, turns: &[Quat], bone: Bone) -> Option<Vec3> {
    let wanted = *avatar.bones.get(&bone)?;
    let mut whole: Vec<Mat4> = Vec::with_capacity(avatar.nodes.len());
    for (node, turn) in avatar.nodes.iter().zip(turns) {
        let (place, _, size) = node.place;
        let local = Mat4::from_scale_rotation_translation(size, *turn, place);
        let above = node.parent.and_then(|parent| whole.get(parent)).copied().unwrap_or(Mat4::IDENTITY);
        whole.push(above * local);
    }
    whole.get(wanted).map(|place| place.w_axis.truncate())
}
