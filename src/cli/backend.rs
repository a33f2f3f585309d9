//! What runs the networks that see: the fastest that is here, or the one that was asked for.

use super::CliError;
use crate::config::Settings;
use crate::models::Folders;
use crate::models::onnx::{Backend, LEAST_VERSION, Looked, Search, Worker, look};

/// All of them, the fastest first.
pub(super) const BACKENDS: [Backend; 2] = [Backend::OnnxRuntime, Backend::Rten];

/// Reads the name of one, for a flag.
pub(super) fn read(name: &str) -> Result<Backend, String> {
    let found = BACKENDS.into_iter().find(|it| it.name() == name);
    found.ok_or_else(|| format!("there are {}", BACKENDS.map(Backend::name).join(" and ")))
}

/// Looks for ONNX Runtime where the settings say, in the environment, in the folders of models and in those of the system.
pub(super) fn looked(settings: &Settings, models: &Folders) -> Looked {
    look(&Search::new(settings.onnxruntime.as_deref(), models))
}

/// The one that was asked for, or else the fastest that is here.
///
/// # Errors
/// When ONNX Runtime was asked for and is not here.
pub(super) fn worker(
    wanted: Option<Backend>,
    settings: &Settings,
    models: &Folders,
) -> Result<Worker, CliError> {
    if wanted == Some(Backend::Rten) {
        return Ok(Worker::default());
    }
    let looked = looked(settings, models);
    match (looked.runtime, wanted) {
        (Some(runtime), _) => Ok(Worker::on(runtime)),
        (None, None) => Ok(Worker::default()),
        (None, Some(_)) => {
            let why = looked.refused.first().map_or_else(|| "is not here".to_owned(), ToString::to_string);
            Err(CliError::NoRuntime(format!("{why}. {}", to_do())))
        }
    }
}

/// How somebody comes to have it, in a sentence.
pub(super) fn to_do() -> String {
    let [major, minor] = LEAST_VERSION;
    format!(
        "Get version {major}.{minor} or newer (python3 -m pip install onnxruntime has it, in the folder onnxruntime/capi), and name its library in config.toml: onnxruntime = \"FILE\""
    )
}
