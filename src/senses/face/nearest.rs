//! Which of several faces is looked at: the nearest, and the same one as before; where that cannot be told, none.

use super::detector::Found;

/// Which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nearest {
    /// There is no face.
    Nobody,
    /// There are several, and none of them is clearly nearest.
    Unclear,
    /// This one, by its place in the list.
    This(usize),
}

/// As large as this share of the nearest, and another is as near.
const AS_NEAR: f32 = 0.7;
/// So much of their boxes is shared by one face in two pictures after another.
const SAME: f32 = 0.3;
/// Somebody has stepped before the one who was looked at, where their face is so much larger.
const BEFORE: f32 = 1.8;

/// Chooses among faces, with the one that was looked at last.
pub(super) fn nearest(faces: &[Found], last: Option<&Found>) -> Nearest {
    let mut order: Vec<usize> = (0..faces.len()).filter(|at| faces[*at].area() > 0.0).collect();
    order.sort_by(|one, other| faces[*other].area().total_cmp(&faces[*one].area()));
    let Some(&largest) = order.first() else { return Nearest::Nobody };
    let area = |at: usize| faces[at].area();
    let same = last.and_then(|last| order.iter().copied().find(|at| faces[*at].shared(last) >= SAME));
    if let Some(same) = same.filter(|same| area(largest) < area(*same) * BEFORE) {
        return Nearest::This(same);
    }
    match order.get(1) {
        Some(&second) if area(second) > area(largest) * AS_NEAR => Nearest::Unclear,
        _ => Nearest::This(largest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(left: f32, side: f32) -> Found {
        Found { bounds: [left, 10.0, side, side], points: [[0.0; 2]; 5], score: 0.9 }
    }

    #[test]
    fn the_nearest_face_is_looked_at_and_of_two_alike_none() {
        assert_eq!(nearest(&[], None), Nearest::Nobody);
        assert_eq!(nearest(&[face(0.0, 50.0), face(200.0, 100.0)], None), Nearest::This(1));
        assert_eq!(nearest(&[face(0.0, 95.0), face(200.0, 100.0)], None), Nearest::Unclear);
    }

    #[test]
    fn whoever_was_looked_at_stays_until_somebody_steps_before_them() {
        let last = face(0.0, 90.0);
        assert_eq!(nearest(&[face(200.0, 100.0), face(4.0, 92.0)], Some(&last)), Nearest::This(1));
        assert_eq!(nearest(&[face(200.0, 160.0), face(4.0, 92.0)], Some(&last)), Nearest::This(0));
        let damaged = Found { bounds: [0.0, 0.0, f32::NAN, 5.0], ..last };
        assert_eq!(nearest(&[damaged], Some(&last)), Nearest::Nobody);
    }
}
