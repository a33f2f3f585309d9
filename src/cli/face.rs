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
use crate::senses::face::{Choice, Picture, Reader, Reading, name};

/// What is printed of a picture; all but the file and the time is null where no face is.
#[derive(Default, Serialize)]
struct Seen {
    file: String,
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
    for file in &args.files {
        match look(&reader, file) {
            Ok(seen) => {
                let line = serde_json::to_string(&seen).map_err(std::io::Error::other)?;
                writeln!(std::io::stdout(), "{line}")?;
            }
            Err(why) => {
                failed = true;
                complain(&format!("{}: {why}", file.display()));
            }
        }
    }
    if failed { Err(CliError::Said) } else { Ok(()) }
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

fn look(reader: &Reader, file: &Path) -> Result<Seen, String> {
    let picture = Picture::open(file).map_err(|error| error.to_string())?;
    let begun = Instant::now();
    let reading = reader.read(&picture).map_err(|error| error.to_string())?;
    let ms = (begun.elapsed().as_secs_f64() * 1e5).round() / 1e2;
    let file = file.display().to_string();
    let nobody = Seen { file, ms, ..Seen::default() };
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
