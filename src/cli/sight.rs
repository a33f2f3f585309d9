//! What sees the person: put together from what is set and what this machine has.

use std::path::Path;

use super::{CliError, backend};
use crate::config::Settings;
use crate::dialogue::face::Venue;
use crate::host::{CanSee, Device, Sight};
use crate::models::Folders;
use crate::models::catalogue::{Catalogue, Role};
use crate::models::onnx::Backend;
use crate::senses::camera::{self, CameraError, Footage, Keeper, Pace, Source};
use crate::senses::face::watch::{Load, Looks, Parts, Watch};
use crate::senses::face::{Choice, Reader};

/// As it is set; none where no model that looks at faces is here.
pub(super) fn of(settings: &Settings) -> Result<Option<Box<dyn Sight>>, CliError> {
    if !has_models()? {
        return Ok(None);
    }
    let own = settings.clone();
    let load: Load = Box::new(move || {
        let folders = Folders::new(None);
        // Nobody asked for one, so that there is none that could be missing.
        let worker = backend::worker(None, &own, &folders).unwrap_or_default();
        // Landmarks and blendshapes five times a second are more than a quarter of a core without ONNX Runtime.
        let points = worker.backend() == Backend::OnnxRuntime;
        let reader = Reader::load_on(&folders, &Choice { points, ..Choice::default() }, &worker)?;
        Ok(Box::new(reader) as Box<dyn Looks>)
    });
    let watch = Watch::start(Parts { open: Box::new(open), load }, settings.camera.clone())?;
    Ok(Some(Box::new(watch)))
}

/// How the person could be seen, if they allowed it.
pub(super) fn can_see(settings: &Settings, venue: Venue) -> Result<CanSee, CliError> {
    let in_its_place = settings.camera.as_deref().is_some_and(is_footage);
    Ok(if !has_models()? {
        CanSee::No
    } else if in_its_place || !camera::cameras().is_empty() {
        CanSee::UpTo(venue.highest_level())
    } else {
        CanSee::NoCamera
    })
}

/// The cameras that there are now.
pub(super) fn cameras() -> Vec<Device> {
    camera::cameras().into_iter().map(|camera| Device { id: camera.id, title: camera.title }).collect()
}

/// Whether what finds faces and what tells expressions apart are both here.
fn has_models() -> Result<bool, CliError> {
    let (all, folders) = (Catalogue::built_in()?, Folders::new(None));
    let has = |role| all.of_role(role, "").any(|entry| folders.find(&entry.file).is_some());
    Ok(has(Role::FaceDetector) && has(Role::FaceExpression))
}

/// Whether a recording was named in a camera's place.
fn is_footage(camera: &str) -> bool {
    Path::new(camera).exists()
}

/// The camera of that name, or the first there is; or the recording, over and over.
fn open(chosen: Option<&str>) -> Keeper {
    match chosen.filter(|it| is_footage(it)) {
        Some(file) => {
            let file = file.to_owned();
            Keeper::new(move || footage(&file))
        }
        None => Keeper::of_camera(chosen.map(str::to_owned)),
    }
}

fn footage(file: &str) -> Result<Box<dyn Source>, CameraError> {
    let again = Pace { again: true, ..Pace::default() };
    let footage = Footage::open(Path::new(file), again);
    let footage =
        footage.map_err(|error| CameraError::Unusable { title: file.to_owned(), why: error.to_string() })?;
    Ok(Box::new(footage))
}
