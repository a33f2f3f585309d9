//! The points of a face, and how far each part of it has moved: `MediaPipe`'s landmarks and blendshapes.

use std::path::Path;

use super::crop;
use super::detector::Found;
use super::picture::Picture;
use crate::models::catalogue::Entry;
use crate::models::onnx::{Input, Network, OnnxError, Tensor, Worker};
use crate::models::recipe::Recipe;

/// How many points there are, each with three coordinates.
const POINTS: usize = 478;
/// Below this likelihood there is no face where the detector saw one.
const LEAST_PRESENCE: f32 = 0.5;

/// The points of a face.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// Each in pixels of the picture.
    pub points: Vec<[f32; 2]>,
    /// How likely it is that they lie on a face, 0 to 1.
    pub presence: f32,
    /// How far each part has moved, 0 to 1, by the names of `ARKit`; empty where the model for it is not there.
    pub shapes: Vec<(String, f32)>,
}

/// Finds the points of a face.
#[derive(Debug)]
pub struct Landmarks {
    network: Network,
    recipe: Recipe,
    shapes: Option<Shapes>,
}

/// Works out blendshapes from points.
#[derive(Debug)]
struct Shapes {
    network: Network,
    recipe: Recipe,
}

impl Landmarks {
    /// Reads the network of an entry, and tries it on nothing.
    ///
    /// # Errors
    /// [`OnnxError`] when the file cannot be read, is another one, or gives other answers than landmarks.
    pub fn load(entry: &Entry, path: &Path, worker: &Worker) -> Result<Self, OnnxError> {
        let recipe = super::reader::recipe(entry)?;
        let landmarks = Self { network: Network::pinned(entry, path, worker)?, recipe, shapes: None };
        let sizes = tried(entry, &landmarks.network, &landmarks.recipe)?;
        expect(entry, &sizes, &[3 * POINTS, 1])?;
        Ok(landmarks)
    }

    /// With blendshapes, too.
    ///
    /// # Errors
    /// As [`Landmarks::load`].
    pub fn with_shapes(mut self, entry: &Entry, path: &Path, worker: &Worker) -> Result<Self, OnnxError> {
        let shapes =
            Shapes { network: Network::pinned(entry, path, worker)?, recipe: super::reader::recipe(entry)? };
        let sizes = tried(entry, &shapes.network, &shapes.recipe)?;
        expect(entry, &sizes, &[shapes.recipe.labels.len()])?;
        if let Some(beyond) = shapes.recipe.points.iter().find(|it| **it >= POINTS) {
            let why = format!("there is no point {beyond}");
            return Err(OnnxError::Shape { name: entry.name.clone(), why });
        }
        self.shapes = Some(shapes);
        Ok(self)
    }

    /// What goes into the network of the points.
    #[must_use]
    pub fn input(&self, picture: &Picture, found: &Found) -> Tensor {
        let scale = self.recipe.scales.first().copied().unwrap_or(1.0);
        crop::tensor(picture, &crop::around(found, self.recipe.crop, scale), &self.recipe)
    }

    /// What comes out of it: the points in pixels of what goes in, and a logit of whether there is a face.
    ///
    /// # Errors
    /// When the network fails.
    pub fn run(&self, input: Tensor) -> Result<Vec<Tensor>, OnnxError> {
        self.network.run(vec![Input::Tensor(input)])
    }

    /// What goes into the network of the blendshapes; none where there is none.
    #[must_use]
    pub fn shapes_input(&self, points: &Points) -> Option<Tensor> {
        let recipe = &self.shapes.as_ref()?.recipe;
        let of = recipe.points.iter().filter_map(|at| points.points.get(*at)).flatten().copied().collect();
        Some(Tensor { shape: recipe.shape(), of })
    }

    /// The points of a face; none where the network sees no face.
    ///
    /// # Errors
    /// When a network fails, or answers with nonsense.
    pub fn read(&self, picture: &Picture, found: &Found) -> Result<Option<Points>, OnnxError> {
        let made = self.run(self.input(picture, found))?;
        let [points, presence, ..] = &made[..] else { return Err(nonsense()) };
        let presence = presence.of.first().copied().filter(|it| it.is_finite()).ok_or_else(nonsense)?;
        let presence = 1.0 / (1.0 + (-presence).exp());
        if presence < LEAST_PRESENCE {
            return Ok(None);
        }
        if points.of.iter().any(|it| !it.is_finite()) {
            return Err(nonsense());
        }
        let scale = self.recipe.scales.first().copied().unwrap_or(1.0);
        let square = crop::around(found, self.recipe.crop, scale);
        let side = self.recipe.side as f32;
        let place = |at: &[f32; 3]| square.place([at[0] / side, at[1] / side]);
        let places = points.of.as_chunks::<3>().0.iter().map(place).collect();
        let mut points = Points { points: places, presence, shapes: Vec::new() };
        points.shapes = self.shapes(&points)?;
        Ok(Some(points))
    }

    fn shapes(&self, points: &Points) -> Result<Vec<(String, f32)>, OnnxError> {
        let (Some(shapes), Some(input)) = (&self.shapes, self.shapes_input(points)) else {
            return Ok(Vec::new());
        };
        let made: Vec<f32> =
            shapes.network.run(vec![Input::Tensor(input)])?.into_iter().flat_map(|made| made.of).collect();
        if made.len() != shapes.recipe.labels.len() || made.iter().any(|it| !it.is_finite()) {
            return Err(nonsense());
        }
        let clamped = made.into_iter().map(|it| it.clamp(0.0, 1.0));
        Ok(shapes.recipe.labels.iter().cloned().zip(clamped).collect())
    }
}

fn nonsense() -> OnnxError {
    OnnxError::Run("the points of a face were nonsense".to_owned())
}

/// How many numbers come out of a network where nothing goes in.
fn tried(entry: &Entry, network: &Network, recipe: &Recipe) -> Result<Vec<usize>, OnnxError> {
    let shape = recipe.shape();
    // Points that all lie in one place have no size: these lie apart.
    let of = (0..shape.iter().product::<usize>()).map(|at| (at % 7) as f32 / 7.0).collect();
    let made = network.run(vec![Input::Tensor(Tensor { shape, of })]);
    let made = made.map_err(|error| super::reader::unfit(entry, &error))?;
    Ok(made.iter().map(|made| made.of.len()).collect())
}

fn expect(entry: &Entry, is: &[usize], wanted: &[usize]) -> Result<(), OnnxError> {
    if is == wanted {
        return Ok(());
    }
    let why = format!("it gives {is:?} numbers, and not {wanted:?}");
    Err(OnnxError::Shape { name: entry.name.clone(), why })
}
