//! What sees the person: put together from what is set and what this machine has.

use std::path::Path;

#[cfg(feature = "exhibit")]
use crossbeam_channel::Sender;

use super::{CliError, backend, cast};
use crate::config::Settings;
use crate::dialogue::face::{Level, Venue};
use crate::host::{CanSee, Device, Sight, VisionServer};
use crate::models::Folders;
use crate::models::catalogue::{Catalogue, Role};
use crate::models::onnx::Backend;
use crate::net::client::Client;
use crate::net::discover;
use crate::net::endpoint::Endpoint;
use crate::senses::camera::{self, CameraError, Footage, Keeper, Pace, Source};
#[cfg(feature = "exhibit")]
use crate::senses::face::count::{Counter, LoadFinder};
use crate::senses::face::watch::{Load, Looks, Parts, Vision, Watch};
use crate::senses::face::{Choice, FaceError, Reader};
use crate::words::Words;

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
    let parts = Parts { open: Box::new(open), load, vision: vision(settings)? };
    let watch = Watch::start(parts, settings.camera.clone())?;
    Ok(Some(Box::new(watch)))
}

/// What counts the faces before the camera that is set, or the first there is, and tells nothing else of them.
#[cfg(feature = "exhibit")]
pub(super) fn counter(settings: &Settings, tell: Sender<Option<u8>>) -> std::io::Result<Counter> {
    let own = settings.clone();
    let load: LoadFinder = Box::new(move || {
        let folders = Folders::new(None);
        let worker = backend::worker(None, &own, &folders).unwrap_or_default();
        Ok(Box::new(Reader::finder(&folders, &worker)?))
    });
    Counter::start(open(settings.camera.as_deref()), load, tell)
}

/// Why no faces can be counted, as far as that is known before; none where they can.
#[cfg(feature = "exhibit")]
pub(super) fn cannot_count(settings: &Settings) -> Result<Option<String>, CliError> {
    if !has_model(Role::FaceDetector)? {
        return Ok(Some(FaceError::NoDetector.to_string()));
    }
    let in_its_place = settings.camera.as_deref().is_some_and(is_footage);
    Ok((!in_its_place && camera::cameras().is_empty()).then(|| CameraError::None.to_string()))
}

/// The server that may see a picture of the person for each thing they say, if one is set. Where strangers come in, and where
/// the law lets nobody be read by their face, there is none, whatever is set.
///
/// # Errors
/// Where it is neither on this machine nor on the person's own network: a picture of a face goes nowhere else.
pub(super) fn vision(settings: &Settings) -> Result<Option<Vision>, CliError> {
    let venue = settings.venue.unwrap_or_default();
    let barred = venue == Venue::Exhibition || venue.highest_level() < Level::Aware;
    let Some(address) = settings.vision.as_deref().filter(|_| !barred) else { return Ok(None) };
    let wrong = |error: &dyn std::fmt::Display| CliError::Call(format!("vision: {error}"));
    // A key is for the server that it was named for, and none is named for this one.
    let endpoint = Endpoint::new(address, None).map_err(|error| wrong(&error))?;
    if !endpoint.is_own() {
        return Err(CliError::Call(format!(
            "vision = {} is neither on this machine nor, by its number, on your own network, and a picture of a face goes nowhere else; write an address such as http://127.0.0.1:8080/v1 or http://192.168.1.20:8080/v1, or leave it out",
            endpoint.shown()
        )));
    }
    let client = Client::direct(endpoint).map_err(|error| wrong(&error))?;
    Ok(Some(Vision { client, model: settings.vision_model.clone() }))
}

/// The same as it is shown to the person who is asked, with the model that is set, or its first. Nothing but the question which
/// models it has is sent to it.
pub(super) fn vision_server(settings: &Settings, words: &Words) -> Result<Option<VisionServer>, CliError> {
    let Some(vision) = vision(settings)? else { return Ok(None) };
    let first = || cast::first_model(&vision.client).ok();
    let model = match vision.model.clone().or_else(first) {
        Some(model) => discover::shown(&model).to_owned(),
        None => words.get("cast-some-model"),
    };
    Ok(Some(VisionServer { model, address: cast::shown(&vision.client) }))
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
    Ok(has_model(Role::FaceDetector)? && has_model(Role::FaceExpression)?)
}

fn has_model(role: Role) -> Result<bool, CliError> {
    let (all, folders) = (Catalogue::built_in()?, Folders::new(None));
    Ok(all.of_role(role, "").any(|entry| folders.find(&entry.file).is_some()))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn set(address: &str, venue: Venue) -> Settings {
        let vision = Some(address.to_owned());
        let (portrait, face) = (Some(true), Some(Level::Aware));
        Settings { vision, venue: Some(venue), portrait, face, ..Settings::default() }
    }

    #[test]
    fn a_picture_of_a_face_goes_to_no_server_outside_and_that_is_one_line() {
        let own = "http://192.168.1.20:8080/v1";
        assert!(vision(&set(own, Venue::Home)).expect("it is one's own").is_some());
        for outside in ["https://api.example.org/v1", "http://8.8.8.8:8080/v1", "http://nas.local/v1", "here"]
        {
            let error = vision(&set(outside, Venue::Home)).expect_err("it is not").to_string();
            assert!(error.contains("vision") && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn where_strangers_come_in_work_or_learn_there_is_no_server_whatever_is_set() {
        for venue in [Venue::Exhibition, Venue::Workplace, Venue::Education] {
            for address in ["http://127.0.0.1:8080/v1", "https://api.example.org/v1"] {
                let none = vision(&set(address, venue)).expect("it is not even looked at");
                assert!(none.is_none(), "{venue:?} {address}");
            }
        }
    }
}
