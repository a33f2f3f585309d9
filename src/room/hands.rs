//! The person's own hands in a headset: two paper mittens where their hands are, of the coat that their own figure wears.

use bevy::camera::visibility::NoFrustumCulling;
use bevy::prelude::*;

use super::loft::Shape;
use super::moment::Sheet;
use super::palette;
use super::patient::sleeve;
use super::person::COAT;
use super::workshop::Workshop;
use crate::app::{InHeadset, PersonsHands};

/// A hand: 0 left, 1 right.
#[derive(Component, Clone, Copy, Debug)]
pub(super) struct OwnHand(usize);

/// From behind the wrist to it, in the frame of the palm: what is further up the arm is not known, and not drawn.
const WRIST: [Vec3; 4] = [
    Vec3::new(0.0, -0.02, 0.26),
    Vec3::new(0.0, -0.01, 0.19),
    Vec3::new(0.0, 0.0, 0.13),
    Vec3::new(0.0, 0.0, 0.07),
];
const WIDE: [f32; 4] = [0.066, 0.062, 0.056, 0.050];

/// The sleeve and the mitten of a hand, 0 left and 1 right, in the frame of its palm.
pub(super) fn shapes(hand: usize) -> (Shape, Shape) {
    // Palms down, the thumbs point to each other.
    sleeve(&WRIST, &WIDE, if hand == 0 { Vec3::X } else { Vec3::NEG_X })
}

pub(super) fn spawn(mut workshop: Workshop, headset: Option<Res<InHeadset>>) {
    if headset.is_none() {
        return;
    }
    let coat = workshop.plain(Sheet::PAPER, COAT);
    let skin = workshop.matter(Sheet { look: Vec4::new(0.0, 8.0, 0.5, 0.0), ..Sheet::PAPER }, palette::SKIN);
    for hand in 0..2 {
        let (arm, mitten) = shapes(hand);
        for (shape, made) in [(arm, &coat), (mitten, &skin)] {
            let part = (OwnHand(hand), Visibility::Hidden, NoFrustumCulling);
            workshop.put(shape.mesh(), made, Transform::IDENTITY).insert(part);
        }
    }
}

/// They are where the person's are, and gone where nobody knows.
pub(super) fn follow(
    hands: Res<PersonsHands>,
    mut parts: Query<(&OwnHand, &mut Transform, &mut Visibility)>,
) {
    for (hand, mut at, mut seen) in &mut parts {
        let place = hands.0[hand.0];
        let wanted = if place.is_some() { Visibility::Inherited } else { Visibility::Hidden };
        if *seen != wanted {
            *seen = wanted;
        }
        if let Some(place) = place {
            *at = place;
        }
    }
}
