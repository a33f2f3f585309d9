//! `inner-room face`: what faces in pictures may show, as JSON Lines.

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use serde::Serialize;
use serde_json::{Map, Value};

use super::args::FaceArgs;
use super::{CliError, backend, complain, load_settings};
use crate::models::Folders;
use crate::models::catalogue::{Catalogue, Role};
use crate::senses::camera::{Footage, Frame, Pace, cameras, pictures};
use crate::senses::face::{Choice, Reader, Reading, name};

/// What is printed of a picture; all but the file and the time is null where no face is.
#[derive(Default, Serialize)]
struct Seen {
    file: String,
    /// When it is shown, in milliseconds from the beginning of an animation or a film.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_ms: Option<u64>,
    /// Left, top, width, height, in pixels.
    #[serde(rename = "box")]
    bounds: Option<[f64; 4]>,
    expression: Option<Map<String, Value>>,
    valence: Option<f64>,
    arousal: Option<f64>,
    confidence: Option<f64>,
    /// How far each part of the face has moved, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    shapes: Option<Map<String, Value>>,
    /// How long it took once the picture was decoded, in milliseconds.
    ms: f64,
}

/// Looks at each picture. One that cannot be read is said, and the others go on.
pub(super) fn run(args: &FaceArgs) -> Result<(), CliError> {
    if args.cameras {
        return list();
    }
    if let Some(name) = &args.expression {
        known(name)?;
    }
    let choice = Choice { expression: args.expression.clone(), points: args.shapes };
    let models = Folders::new(args.models.clone());
    let worker = backend::worker(args.backend, &load_settings(None)?, &models)?;
    let reader = Reader::load_on(&models, &choice, &worker)?;
    if args.shapes && reader.landmarks().is_none() {
        complain("no model for the points of a face is here, so that no shapes are said");
    }
    let mut failed = false;
    for named in &args.files {
        let files = if named.is_dir() { pictures(named) } else { Ok(vec![named.clone()]) };
        let Ok(files) = files.map_err(|why| refuse(named, &why.to_string())) else {
            failed = true;
            continue;
        };
        for file in files {
            failed |= !look_at(&reader, &file)?;
        }
    }
    if failed { Err(CliError::Said) } else { Ok(()) }
}

/// The cameras of this machine.
fn list() -> Result<(), CliError> {
    let all = cameras();
    if all.is_empty() {
        complain(&crate::senses::camera::CameraError::None.to_string());
    }
    for camera in all {
        let line = serde_json::json!({ "id": camera.id, "title": camera.title });
        writeln!(std::io::stdout(), "{line}")?;
    }
    Ok(())
}

fn refuse(file: &Path, why: &str) {
    complain(&format!("{}: {why}", file.display()));
}

/// Prints what is seen in a file, a line for each picture of it. False where some of it could not be looked at, which is said.
fn look_at(reader: &Reader, file: &Path) -> Result<bool, CliError> {
    let mut footage = match Footage::open(file, Pace::default()) {
        Ok(footage) => footage,
        Err(why) => {
            refuse(file, &why.to_string());
            return Ok(false);
        }
    };
    let mut whole = true;
    while let Some(frame) = footage.next_shot() {
        let seen = frame.map_err(|why| why.to_string()).and_then(|frame| look(reader, file, &frame));
        match seen {
            Ok(seen) => {
                let seen = Seen { at_ms: seen.at_ms.filter(|_| footage.moves()), ..seen };
                let line = serde_json::to_string(&seen).map_err(std::io::Error::other)?;
                writeln!(std::io::stdout(), "{line}")?;
            }
            Err(why) => {
                whole = false;
                refuse(file, &why);
            }
        }
    }
    Ok(whole)
}

/// Whether this is the name of a model that tells expressions apart.
pub(super) fn known(name: &str) -> Result<(), CliError> {
    let all = Catalogue::built_in()?;
    let names: Vec<&str> = all.of_role(Role::FaceExpression, "").map(|entry| entry.name.as_str()).collect();
    if names.contains(&name) {
        return Ok(());
    }
    Err(CliError::Call(format!("no model {name} tells expressions apart; there are {}", names.join(", "))))
}

fn look(reader: &Reader, file: &Path, frame: &Frame) -> Result<Seen, String> {
    let begun = Instant::now();
    let reading = reader.read(&frame.picture).map_err(|error| error.to_string())?;
    let ms = (begun.elapsed().as_secs_f64() * 1e5).round() / 1e2;
    let at_ms = u64::try_from(frame.at.as_millis()).ok();
    let nobody = Seen { file: file.display().to_string(), at_ms, ms, ..Seen::default() };
    Ok(match reading {
        Some(reading) => nobody.with(&reading),
        None => nobody,
    })
}

impl Seen {
    fn with(self, reading: &Reading) -> Self {
        let likely = reading.guess.likely.iter();
        let shapes = reading.points.as_ref().map(|points| points.shapes.iter());
        Self {
            bounds: Some(reading.found.bounds.map(|it| rounded(it, 1e1))),
            expression: Some(likely.map(|(it, likely)| (name(*it).to_owned(), number(*likely))).collect()),
            valence: Some(rounded(reading.guess.affect.valence, 1e4)),
            arousal: Some(rounded(reading.guess.affect.arousal, 1e4)),
            confidence: Some(rounded(reading.confidence(), 1e4)),
            shapes: shapes.map(|all| all.map(|(name, of)| (name.clone(), number(*of))).collect()),
            ..self
        }
    }
}

fn rounded(of: f32, parts: f64) -> f64 {
    (f64::from(of) * parts).round() / parts
}

fn number(of: f32) -> Value {
    Value::from(rounded(of, 1e4))
}
