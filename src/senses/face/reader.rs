//! The whole way from a picture to what the nearest face in it may show.

use std::path::PathBuf;

use super::detector::{Detector, Found};
use super::expression::{Expressions, Guess};
use super::landmarks::{Landmarks, Points};
use super::nearest::{Nearest, nearest};
use super::picture::Picture;
use super::sense::{Glance, Look};
use crate::models::Folders;
use crate::models::catalogue::{Catalogue, CatalogueError, Entry, Role};
use crate::models::onnx::{OnnxError, Search, Worker};
use crate::models::recipe::Recipe;

/// Why no face can be looked at.
#[derive(Debug, thiserror::Error)]
pub enum FaceError {
    /// The program's own list of models is not in its form.
    #[error("the program's own list of models cannot be read: {0}")]
    Catalogue(#[from] CatalogueError),
    /// Nothing is here that finds faces.
    #[error("no model that finds faces is here. Get one: inner-room models pull yunet")]
    NoDetector,
    /// Nothing is here that tells expressions apart.
    #[error(
        "no model that tells expressions apart is here. Get one: inner-room models pull hsemotion, or take a file in that you have: inner-room models import FILE"
    )]
    NoExpression,
    /// A network cannot be used.
    #[error("{0}")]
    Network(#[from] OnnxError),
}

/// A picture is darker than this on average, of 255, and nothing can be told by it.
const DARK: f32 = 16.0;

/// What was seen of the nearest face.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Where it is.
    pub found: Found,
    /// What it may show.
    pub guess: Guess,
    /// Its points; none without their model, or where that sees no face.
    pub points: Option<Points>,
}

impl Reading {
    /// How far it can be relied on, 0 to 1: how sure the detector is that there is a face, times how likely the leading
    /// expression is.
    #[must_use]
    pub fn confidence(&self) -> f32 {
        (self.found.score * self.guess.leading().1).clamp(0.0, 1.0)
    }
}

/// Which models are used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The name of the one that tells expressions apart; without it the best that is here.
    pub expression: Option<String>,
    /// Whether landmarks and blendshapes are worked out, where their files are here.
    pub points: bool,
}

/// Looks at faces, with the models that are here, on a thread of its own.
#[derive(Debug)]
pub struct Reader {
    detector: Detector,
    expressions: Expressions,
    landmarks: Option<Landmarks>,
}

impl Reader {
    /// With the best models that are here, or the ones that were chosen, run by the fastest that is here.
    ///
    /// # Errors
    /// [`FaceError`] when a model is missing without which nothing can be seen, or one that is here is not the one that is
    /// known.
    pub fn load(models: &Folders, choice: &Choice) -> Result<Self, FaceError> {
        Self::load_on(models, choice, &Worker::best(&Search::new(None, models)))
    }

    /// The same, run by a worker.
    ///
    /// # Errors
    /// As [`Reader::load`].
    pub fn load_on(models: &Folders, choice: &Choice, worker: &Worker) -> Result<Self, FaceError> {
        let all = Catalogue::built_in()?;
        // Nothing is told apart before it is found.
        let detector = detector(&all, models, worker)?;
        let wanted = |entry: &Entry| choice.expression.as_ref().is_none_or(|name| entry.name == *name);
        let chosen = here(&all, models, Role::FaceExpression).find(|it| wanted(&it.0));
        let chosen = chosen.ok_or(FaceError::NoExpression)?;
        let expressions = Expressions::load(&family(&all, models, chosen), worker)?;
        let landmarks = if choice.points { landmarks(&all, models, worker)? } else { None };
        Ok(Self { detector, expressions, landmarks })
    }

    /// What finds faces, and nothing else of a reader.
    ///
    /// # Errors
    /// As [`Reader::load`].
    pub fn finder(models: &Folders, worker: &Worker) -> Result<Detector, FaceError> {
        detector(&Catalogue::built_in()?, models, worker)
    }

    /// What finds faces.
    #[must_use]
    pub fn finds(&self) -> &Detector {
        &self.detector
    }

    /// What tells expressions apart.
    #[must_use]
    pub fn expressions(&self) -> &Expressions {
        &self.expressions
    }

    /// What finds the points of a face; none where its model is not here.
    #[must_use]
    pub fn landmarks(&self) -> Option<&Landmarks> {
        self.landmarks.as_ref()
    }

    /// What a picture shows, of the face that was looked at last or the nearest; with the reading, where there is one.
    ///
    /// # Errors
    /// When a network fails, or answers with nonsense.
    pub fn look(
        &self,
        picture: &Picture,
        last: Option<&Found>,
    ) -> Result<(Look, Option<Reading>), OnnxError> {
        if picture.brightness() < DARK {
            return Ok((Look::Dark, None));
        }
        let faces = self.detector.find(picture)?;
        let found = match nearest(&faces, last) {
            Nearest::Nobody => return Ok((Look::Nobody, None)),
            Nearest::Unclear => return Ok((Look::Several, None)),
            Nearest::This(at) => faces[at],
        };
        let reading = self.read_found(picture, found)?;
        Ok((Look::Face(Glance::of(&reading)), Some(reading)))
    }

    /// What the nearest face in a picture may show; none where there is none.
    ///
    /// # Errors
    /// When a network fails, or answers with nonsense.
    pub fn read(&self, picture: &Picture) -> Result<Option<Reading>, OnnxError> {
        let found = self.detector.find(picture)?.into_iter().next();
        found.map(|found| self.read_found(picture, found)).transpose()
    }

    fn read_found(&self, picture: &Picture, found: Found) -> Result<Reading, OnnxError> {
        let guess = self.expressions.read(picture, &found)?;
        let points = match &self.landmarks {
            Some(landmarks) => landmarks.read(picture, &found)?,
            None => None,
        };
        Ok(Reading { found, guess, points })
    }
}

fn detector(all: &Catalogue, models: &Folders, worker: &Worker) -> Result<Detector, FaceError> {
    let (entry, path) = here(all, models, Role::FaceDetector).next().ok_or(FaceError::NoDetector)?;
    Ok(Detector::load(&entry, &path, worker)?)
}

/// The models of a role that are here, the best first.
fn here(all: &Catalogue, models: &Folders, role: Role) -> impl Iterator<Item = (Entry, PathBuf)> {
    all.of_role(role, "").filter_map(|entry| Some((entry.clone(), models.find(&entry.file)?)))
}

/// A model for expressions, with those that are averaged with it.
fn family(all: &Catalogue, models: &Folders, chosen: (Entry, PathBuf)) -> Vec<(Entry, PathBuf)> {
    let word = |entry: &Entry| entry.recipe.as_ref().and_then(|recipe| recipe.together.clone());
    match word(&chosen.0) {
        Some(own) => {
            here(all, models, Role::FaceExpression).filter(|it| word(&it.0).as_ref() == Some(&own)).collect()
        }
        None => vec![chosen],
    }
}

fn landmarks(all: &Catalogue, models: &Folders, worker: &Worker) -> Result<Option<Landmarks>, OnnxError> {
    let Some((entry, path)) = here(all, models, Role::FaceLandmarks).next() else { return Ok(None) };
    let landmarks = Landmarks::load(&entry, &path, worker)?;
    match here(all, models, Role::FaceBlendshapes).next() {
        Some((entry, path)) => Ok(Some(landmarks.with_shapes(&entry, &path, worker)?)),
        None => Ok(Some(landmarks)),
    }
}

/// What the list says of a network that sees.
pub(super) fn recipe(entry: &Entry) -> Result<Recipe, OnnxError> {
    let sound = entry.recipe.clone().filter(Recipe::is_sound);
    sound.ok_or_else(|| OnnxError::Shape { name: entry.name.clone(), why: "it has no recipe".to_owned() })
}

/// A network that fails already where it is tried.
pub(super) fn unfit(entry: &Entry, error: &OnnxError) -> OnnxError {
    OnnxError::Shape { name: entry.name.clone(), why: error.to_string() }
}
