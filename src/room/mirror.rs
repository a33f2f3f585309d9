//! The Patient's face follows the person's, where they allow it: a little later, and never as far. What the evening does to
//! it stays the stronger voice, for whoever is comforted is not only a mirror.

use bevy::prelude::*;

use super::morph::{Morph, Morphs};
use crate::dialogue::face::Mien;

/// How much of a movement of the person's is taken over.
const SHARE: f32 = 0.65;
/// How much of it is left to what the evening says, at a movement taken over whole.
const OWN: f32 = 0.45;
/// How far a head goes with theirs: of a turn, of a nod, of a tilt.
const HEAD: Vec3 = Vec3::new(0.35, 0.3, 0.5);
/// The farthest that it goes, in radians.
const FARTHEST: f32 = 0.22;

/// The shapes of a face with the person's upon them.
pub(super) fn onto(morphs: Morphs, mien: &Mien) -> Morphs {
    let theirs = [
        (Morph::Happy, mien.smile),
        (Morph::Sad, mien.frown.max(0.8 * mien.brows_up - 0.5 * mien.wide)),
        (Morph::Angry, 0.6 * mien.brows_down),
        (Morph::Surprised, 0.5 * mien.wide),
    ];
    let most = theirs.iter().map(|it| it.1).fold(0.0, f32::max) * mien.there;
    let own = 1.0 - (1.0 - OWN) * most.clamp(0.0, 1.0);
    let kept = [Morph::Happy, Morph::Sad, Morph::Angry, Morph::Relaxed, Morph::Surprised];
    let morphs = kept.into_iter().fold(morphs, |all, it| all.with(it, all.get(it) * own));
    let moved = theirs
        .into_iter()
        .fold(morphs, |all, (morph, much)| all.with(morph, all.get(morph) + SHARE * mien.there * much));
    moved.with(Morph::Blink, moved.get(Morph::Blink).max(mien.there * closed(mien.shut)))
}

/// Eyes that are half shut are only tired ones.
fn closed(shut: f32) -> f32 {
    ((shut - 0.5) * 2.0).clamp(0.0, 1.0)
}

/// How the head goes with theirs: turned, nodded and tilted in radians, as in a mirror.
pub(super) fn head(mien: &Mien) -> Vec3 {
    let [turn, up, tilt] = mien.turn;
    (Vec3::new(-turn, -up, tilt) * HEAD * mien.there).clamp(Vec3::splat(-FARTHEST), Vec3::splat(FARTHEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::face::Expression;

    #[test]
    fn a_smile_lights_up_a_hurt_face_and_does_not_wipe_it_away() {
        let hurt = Expression::Hurt.morphs();
        let smiles = Mien { there: 1.0, smile: 1.0, ..Mien::default() };
        let mirrored = onto(hurt, &smiles);
        assert!(mirrored.get(Morph::Happy) > 0.6 && mirrored.get(Morph::Sad) > 0.4);
        assert_eq!(onto(hurt, &Mien { there: 0.0, ..smiles }), hurt);
        assert_eq!(onto(hurt, &Mien::default()), hurt);
    }

    #[test]
    fn a_head_goes_a_little_with_theirs_as_in_a_mirror_and_never_far() {
        let mien = Mien { there: 1.0, turn: [0.3, 0.0, 0.2], ..Mien::default() };
        let turned = head(&mien);
        assert!(turned.x < -0.05 && turned.z > 0.05, "{turned}");
        let far = Mien { turn: [9.0, -9.0, f32::MAX], ..mien };
        assert!(head(&far).abs().max_element() <= FARTHEST);
    }
}
