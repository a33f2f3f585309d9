//! Where faces are in a picture, with eyes, nose and mouth: what the detector answers (`YuNet`), decoded.

use std::path::Path;

use super::crop;
use super::picture::Picture;
use crate::models::catalogue::Entry;
use crate::models::onnx::{Input, Network, OnnxError, Tensor, Worker};
use crate::models::recipe::Recipe;

/// One cell of its three grids is so many pixels of what it sees.
const STRIDES: [usize; 3] = [8, 16, 32];
/// What comes out for each grid: class, object, box, five points.
const OUTPUTS: [usize; 4] = [1, 1, 4, 10];
/// From here on something is a face.
const LEAST_SCORE: f32 = 0.6;
/// Two boxes that share more than this of what both cover are one face.
const MOST_SHARED: f32 = 0.3;
/// The most candidates that are compared.
const MOST_CANDIDATES: usize = 500;

/// A face in a picture, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Left, top, width, height; it may reach beyond the picture.
    pub bounds: [f32; 4],
    /// The eye at the left of the picture, the one at the right, the nose, and the corners of the mouth in the same order.
    pub points: [[f32; 2]; 5],
    /// How sure it is that this is a face, 0 to 1.
    pub score: f32,
}

impl Found {
    /// How far the head is rolled, clockwise, by the line through the eyes, in radians.
    #[must_use]
    pub fn roll(&self) -> f32 {
        let [left, right, ..] = self.points;
        let roll = (right[1] - left[1]).atan2(right[0] - left[0]);
        if roll.is_finite() { roll } else { 0.0 }
    }

    pub(super) fn area(&self) -> f32 {
        self.bounds[2] * self.bounds[3]
    }

    /// How much of what both cover is shared, 0 to 1.
    pub(super) fn shared(&self, other: &Self) -> f32 {
        let along = |at: usize| {
            let (from, to) =
                (self.bounds[at].max(other.bounds[at]), |it: &Self| it.bounds[at] + it.bounds[at + 2]);
            (to(self).min(to(other)) - from).max(0.0)
        };
        let both = along(0) * along(1);
        both / (self.area() + other.area() - both)
    }
}

/// Finds faces.
#[derive(Debug)]
pub struct Detector {
    network: Network,
    recipe: Recipe,
}

impl Detector {
    /// Reads the network of an entry, and tries it on nothing.
    ///
    /// # Errors
    /// [`OnnxError`] when the file cannot be read, is another one, or gives other answers than a detector.
    pub fn load(entry: &Entry, path: &Path, worker: &Worker) -> Result<Self, OnnxError> {
        let recipe = super::reader::recipe(entry)?;
        let network = Network::pinned(entry, path, worker)?;
        let detector = Self { network, recipe };
        let shape = detector.recipe.shape();
        let nothing = Tensor { of: vec![0.0; shape.iter().product()], shape };
        let made = detector.run(nothing).map_err(|error| super::reader::unfit(entry, &error))?;
        let sizes: Vec<usize> = made.iter().map(|made| made.of.len()).collect();
        let cells = STRIDES.map(|stride| (detector.recipe.side / stride).pow(2));
        let wanted: Vec<usize> = cells.iter().flat_map(|cells| OUTPUTS.map(|it| it * cells)).collect();
        if sizes != wanted {
            let why = format!("it gives {sizes:?} numbers, and not {wanted:?}");
            return Err(OnnxError::Shape { name: entry.name.clone(), why });
        }
        Ok(detector)
    }

    /// What goes into the network.
    #[must_use]
    pub fn input(&self, picture: &Picture) -> Tensor {
        crop::tensor(picture, &crop::whole(picture), &self.recipe)
    }

    /// What comes out of it: for each of three grids class, object, box and points.
    ///
    /// # Errors
    /// When the network fails.
    pub fn run(&self, input: Tensor) -> Result<Vec<Tensor>, OnnxError> {
        self.network.run(vec![Input::Tensor(input)])
    }

    /// Every face, the nearest, which is the largest, first.
    ///
    /// # Errors
    /// When the network fails.
    pub fn find(&self, picture: &Picture) -> Result<Vec<Found>, OnnxError> {
        let made = self.run(self.input(picture))?;
        let scale = picture.width().max(picture.height()) as f32 / self.recipe.side as f32;
        let mut found = Vec::new();
        for (grid, stride) in made.chunks(OUTPUTS.len()).zip(STRIDES) {
            let columns = self.recipe.side / stride;
            found.extend(
                (0..columns * columns)
                    .filter_map(|cell| candidate(grid, cell, columns, stride as f32 * scale)),
            );
        }
        found.retain(|it| is_inside(it, picture));
        let mut faces = apart(found);
        faces.sort_by(|one, other| other.area().total_cmp(&one.area()));
        Ok(faces)
    }
}

/// What a cell says, if it says that there is a face. `unit` is how large a cell is in the picture.
fn candidate(grid: &[Tensor], cell: usize, columns: usize, unit: f32) -> Option<Found> {
    let [class, object, bounds, points] = grid else { return None };
    let likely =
        |of: &Tensor| of.of.get(cell).copied().filter(|it| it.is_finite()).map(|it| it.clamp(0.0, 1.0));
    let score = (likely(class)? * likely(object)?).sqrt();
    if score < LEAST_SCORE {
        return None;
    }
    let (column, row) = ((cell % columns) as f32, (cell / columns) as f32);
    let [x, y, width, height] = *bounds.of.get(4 * cell..)?.first_chunk()?;
    let (width, height) = (width.exp() * unit, height.exp() * unit);
    let (x, y) = ((column + x) * unit, (row + y) * unit);
    let offsets = points.of.get(10 * cell..10 * cell + 10)?;
    let mut places = [[0.0; 2]; 5];
    for (place, offset) in places.iter_mut().zip(offsets.as_chunks::<2>().0) {
        *place = [(column + offset[0]) * unit, (row + offset[1]) * unit];
    }
    Some(Found { bounds: [x - width / 2.0, y - height / 2.0, width, height], points: places, score })
}

/// Whether its numbers can be those of a face in this picture.
fn is_inside(found: &Found, picture: &Picture) -> bool {
    let (wide, high) = (picture.width() as f32, picture.height() as f32);
    let longest = wide.max(high);
    let [x, y, width, height] = found.bounds;
    let centre = [x + width / 2.0, y + height / 2.0];
    let numbers = found.bounds.iter().chain(found.points.as_flattened());
    numbers.copied().all(|it| it.is_finite() && it.abs() < 8.0 * longest)
        && width >= 1.0
        && height >= 1.0
        && width.max(height) <= 2.0 * longest
        && (0.0..=wide).contains(&centre[0])
        && (0.0..=high).contains(&centre[1])
}

/// Of boxes over the same face the surest.
fn apart(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by(|one, other| other.score.total_cmp(&one.score));
    found.truncate(MOST_CANDIDATES);
    let mut kept: Vec<Found> = Vec::new();
    for it in found {
        if kept.iter().all(|other| it.shared(other) <= MOST_SHARED) {
            kept.push(it);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(bounds: [f32; 4], score: f32) -> Found {
        Found { bounds, points: [[10.0, 10.0]; 5], score }
    }

    #[test]
    fn boxes_over_one_face_are_one_and_two_faces_are_two() {
        let (one, same) = (face([0.0, 0.0, 10.0, 10.0], 0.7), face([1.0, 1.0, 10.0, 10.0], 0.9));
        let other = face([30.0, 0.0, 10.0, 10.0], 0.8);
        assert_eq!(apart(vec![one, same, other]), [same, other]);
        assert_eq!(one.shared(&one), 1.0);
        assert_eq!(one.shared(&other), 0.0);
    }

    /// A grid of one cell.
    fn grid(class: f32, bounds: [f32; 4], points: f32) -> Vec<Tensor> {
        let tensor = |of: &[f32]| Tensor { shape: vec![1, 1, of.len()], of: of.to_vec() };
        vec![tensor(&[class]), tensor(&[1.0]), tensor(&bounds), tensor(&[points; 10])]
    }

    #[test]
    fn a_cell_says_where_a_face_is_and_one_that_is_not_sure_says_nothing() {
        let found = candidate(&grid(0.81, [0.5, 0.5, 0.0, 2.0_f32.ln()], 0.25), 0, 1, 40.0).expect("a face");
        assert!((found.score - 0.9).abs() < 1e-6);
        assert!(found.bounds.iter().zip([0.0, -20.0, 40.0, 80.0]).all(|(is, want)| (is - want).abs() < 1e-3));
        assert_eq!(found.points, [[10.0, 10.0]; 5]);
        assert_eq!(candidate(&grid(0.35, [0.5; 4], 0.0), 0, 1, 40.0), None);
        assert_eq!(candidate(&grid(f32::NAN, [0.5; 4], 0.0), 0, 1, 40.0), None);
    }

    #[test]
    fn nonsense_is_no_face() {
        let picture = Picture::of(40, 40, vec![0; 4_800]).expect("a picture");
        let all = |bounds: [f32; 4], points: f32| {
            candidate(&grid(1.0, bounds, points), 0, 1, 40.0).is_some_and(|found| is_inside(&found, &picture))
        };
        assert!(all([0.5, 0.5, 0.0, 0.0], 0.0));
        for (bounds, points) in [
            ([f32::NAN, 0.5, 0.0, 0.0], 0.0),
            ([0.5, 0.5, 90.0, 0.0], 0.0),
            ([0.5, 0.5, -90.0, 0.0], 0.0),
            ([9.0, 0.5, 0.0, 0.0], 0.0),
            ([0.5, 0.5, 0.0, 0.0], f32::INFINITY),
        ] {
            assert!(!all(bounds, points), "{bounds:?} {points}");
        }
    }
}
