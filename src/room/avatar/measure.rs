//! What is worked out from a figure: where its nodes are at rest, where it stands, and what a face moves in it.

use bevy::prelude::*;

use super::{Avatar, Bone, Kind, Part};
use crate::room::morph::{Morph, Morphs};

impl Avatar {
    /// Where every node is at rest, in the figure's own measure.
    #[must_use]
    pub fn at_rest(&self) -> Vec<Mat4> {
        let mut whole: Vec<Mat4> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let (place, turn, size) = node.place;
            let above = node.parent.and_then(|parent| whole.get(parent)).copied().unwrap_or(Mat4::IDENTITY);
            whole.push(above * Mat4::from_scale_rotation_translation(size, turn, place));
        }
        whole
    }

    /// The middle of what it stands on, at rest.
    #[must_use]
    pub fn foot(&self) -> Vec3 {
        let (low, high) = self.bounds;
        Vec3::new((low.x + high.x) / 2.0, low.y, (low.z + high.z) / 2.0)
    }

    /// Where the eyes are at rest, in the figure's own measure: the left one, the right one. They are where eye bones are, or
    /// where a blink moves most; else about where a head has them.
    #[must_use]
    pub fn eyes(&self) -> (Vec3, Vec3) {
        let whole = self.at_rest();
        let place = |bone: Bone| whole.get(*self.bones.get(&bone)?).map(|it| it.w_axis.truncate());
        let bones = place(Bone::LeftEye).zip(place(Bone::RightEye));
        bones.or_else(|| self.blinks(&whole)).unwrap_or_else(|| self.guessed_eyes(place(Bone::Head)))
    }

    /// Where the corners are that a blink moves most, on either side of the middle.
    fn blinks(&self, whole: &[Mat4]) -> Option<(Vec3, Vec3)> {
        let mut sides = [(Vec3::ZERO, 0.0_f32); 2];
        let middle = self.foot();
        for bind in self.faces.get(&Morph::Blink)? {
            let part = self.parts.get(bind.part)?;
            let to_whole = if part.skin.is_some() { Mat4::IDENTITY } else { *whole.get(part.node)? };
            for (place, moves) in part.positions.iter().zip(&part.shapes.get(bind.shape)?.positions) {
                let place = to_whole.transform_point3(*place);
                let left = (self.faces_forward * (place - middle)).x > 0.0;
                let (sum, weight) = &mut sides[usize::from(!left)];
                // Squared, so that the lid counts and the cheek hardly does.
                let much = moves.length_squared();
                *sum += place * much;
                *weight += much;
            }
        }
        let [left, right] = sides.map(|(sum, weight)| (weight > 0.0).then(|| sum / weight));
        left.zip(right)
    }

    fn guessed_eyes(&self, head: Option<Vec3>) -> (Vec3, Vec3) {
        let (low, high) = self.bounds;
        // A statue's head is its upper seventh.
        let base = head.unwrap_or_else(|| self.foot().with_y(high.y - (high.y - low.y) / 7.0));
        let tall = (high.y - base.y).max(0.01);
        let aside = self.faces_forward.inverse() * Vec3::X * tall * 0.17;
        let middle = base + Vec3::Y * tall * 0.5;
        (middle + aside, middle - aside)
    }

    /// What it is, in a line.
    #[must_use]
    pub fn summary(&self) -> String {
        let name = self.about.name.as_deref().unwrap_or("a figure");
        let kind = match self.kind {
            Kind::Humanoid => "sits, breathes and looks",
            Kind::Head => "is a head, on the built-in body",
            Kind::Statue => "has no bones, and stands as it is",
        };
        let face = if self.faces.is_empty() { "its face does not move" } else { "its face moves" };
        let corners: usize = self.parts.iter().map(|part| part.positions.len()).sum();
        format!("{name}, which {kind}; {face}; {corners} corners")
    }

    /// How much of each shape of a part a face asks for.
    #[must_use]
    pub fn weigh(&self, part: usize, face: &Morphs) -> Vec<f32> {
        let shapes = self.parts.get(part).map_or(0, |part| part.shapes.len());
        let mut weights = vec![0.0_f32; shapes];
        for (morph, binds) in &self.faces {
            let share = face.get(*morph);
            for bind in binds.iter().filter(|bind| bind.part == part) {
                if let Some(weight) = weights.get_mut(bind.shape) {
                    // Shapes of two expressions add up, and none goes beyond what it was made for.
                    *weight = (*weight + share * bind.weight).min(1.0);
                }
            }
        }
        weights
    }
}

impl Part {
    /// Its corners and normals with so much of each shape.
    #[must_use]
    pub fn moved(&self, weights: &[f32]) -> (Vec<Vec3>, Vec<Vec3>) {
        let (mut places, mut normals) = (self.positions.clone(), self.normals.clone());
        let mut turned = false;
        for (shape, weight) in self.shapes.iter().zip(weights).filter(|(_, weight)| **weight > 0.0) {
            for (place, moves) in places.iter_mut().zip(&shape.positions) {
                *place += *moves * *weight;
            }
            for (normal, turns) in normals.iter_mut().zip(&shape.normals) {
                *normal += *turns * *weight;
                turned = true;
            }
        }
        if turned {
            for normal in &mut normals {
                *normal = normal.normalize_or(Vec3::Y);
            }
        }
        (places, normals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::avatar::real::real_file;

    #[test]
    fn eyes_are_found_where_a_blink_moves_most() {
        let Some(avatar) = real_file("ict_head_arkit.glb") else { return };
        let (left, right) = avatar.eyes();
        assert!(left.x > 0.02 && right.x < -0.02, "{left} {right}");
        assert!((left.y - right.y).abs() < 0.005 && left.z > 0.0, "{left} {right}");
    }

    #[test]
    fn a_face_that_says_nothing_moves_nothing_and_an_open_mouth_moves_the_chin() {
        let Some(avatar) = real_file("ict_head_arkit.glb") else { return };
        let still = avatar.weigh(0, &Morphs::default());
        assert!(still.iter().all(|weight| *weight == 0.0));
        let part = &avatar.parts[0];
        let (places, _) = part.moved(&avatar.weigh(0, &Morphs::default().with(Morph::Aa, 1.0)));
        let lowest =
            |places: &[Vec3]| places.iter().map(|place| place.distance(part.positions[0])).sum::<f32>();
        assert!((lowest(&places) - lowest(&part.positions)).abs() > 0.1, "nothing has moved");
        assert!(places.iter().all(|place| place.is_finite()));
    }
}
