//! What is worked out from corners: normals where a file has none, weights that add up to one, and how large a figure is.

use bevy::prelude::{Mat4, Vec3};

use super::tree::Tree;
use super::{Part, Skin};

/// Normals where the file has none: those of the triangles around each corner, larger ones counting for more.
pub(super) fn normals(positions: &[Vec3], indices: &[u32]) -> Vec<Vec3> {
    let mut normals = vec![Vec3::ZERO; positions.len()];
    for triangle in indices.chunks_exact(3) {
        let corner = |at: usize| {
            let index = *triangle.get(at)? as usize;
            positions.get(index).copied()
        };
        let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) else { continue };
        let normal = (b - a).cross(c - a);
        for index in triangle {
            if let Some(sum) = normals.get_mut(*index as usize) {
                *sum += normal;
            }
        }
    }
    normals.into_iter().map(of_length_1).collect()
}

/// A direction; up, where it is none.
pub(super) fn of_length_1(direction: Vec3) -> Vec3 {
    direction.try_normalize().unwrap_or(Vec3::Y)
}

/// Weights that add up to one; all on the first joint, where there are none.
pub(super) fn shares(weights: [f32; 4]) -> [f32; 4] {
    let weights = weights.map(|weight| weight.max(0.0));
    let sum: f32 = weights.iter().sum();
    if sum.is_finite() && sum > 1e-6 { weights.map(|weight| weight / sum) } else { [1.0, 0.0, 0.0, 0.0] }
}

/// The lowest and the highest corner of all parts at rest; not finite where a corner is not.
pub(super) fn bounds(tree: &Tree, parts: &[Part], skins: &[Skin]) -> (Vec3, Vec3) {
    let mut bounds = (Vec3::INFINITY, Vec3::NEG_INFINITY);
    let mut finite = true;
    let mut take = |corner: Vec3| {
        // The least of a number and of no number is the number.
        finite &= corner.is_finite();
        bounds = (bounds.0.min(corner), bounds.1.max(corner));
    };
    let world = |node: usize| tree.worlds.get(node).copied().unwrap_or(Mat4::IDENTITY);
    for part in parts {
        let Some(skin) = part.skin.and_then(|skin| skins.get(skin)) else {
            let world = world(part.node);
            part.positions.iter().for_each(|corner| take(moved(world, *corner)));
            continue;
        };
        let bones: Vec<Mat4> =
            skin.joints.iter().zip(&skin.inverse_bind).map(|(joint, bind)| world(*joint) * *bind).collect();
        for ((corner, joints), weights) in part.positions.iter().zip(&part.joints).zip(&part.weights) {
            let pulled =
                joints.iter().zip(weights).filter(|(_, weight)| **weight > 0.0).map(|(joint, weight)| {
                    let bone = bones.get(usize::from(*joint)).copied().unwrap_or(Mat4::IDENTITY);
                    moved(bone, *corner) * *weight
                });
            take(pulled.fold(Vec3::ZERO, |sum, share| sum + share));
        }
    }
    if finite { bounds } else { (Vec3::NAN, Vec3::NAN) }
}

/// A corner moved by a matrix whose last row is that of a place.
fn moved(matrix: Mat4, corner: Vec3) -> Vec3 {
    (matrix * corner.extend(1.0)).truncate()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_are_worked_out_from_triangles() {
        let positions = [Vec3::ZERO, Vec3::X, Vec3::Y, Vec3::ONE];
        assert_eq!(normals(&positions, &[0, 1, 2]), [Vec3::Z, Vec3::Z, Vec3::Z, Vec3::Y]);
    }

    #[test]
    fn weights_add_up_to_one() {
        assert_eq!(shares([2.0, 2.0, 0.0, -1.0]), [0.5, 0.5, 0.0, 0.0]);
        assert_eq!(shares([0.0; 4]), [1.0, 0.0, 0.0, 0.0]);
    }
}
