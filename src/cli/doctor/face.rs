//! What runs the networks that see here.

use super::Finding;
use crate::cli::backend;
use crate::config::Settings;
use crate::models::Folders;
use crate::models::onnx::{Backend, Refused, Runtime};

const PART: &str = "networks that see";

/// Looks for ONNX Runtime, and loads it where it is.
pub(super) fn look(settings: &Settings) -> Finding {
    let looked = backend::looked(settings, &Folders::new(None));
    let runtime = looked.runtime.as_ref();
    let used = if runtime.is_some() { Backend::OnnxRuntime } else { Backend::Rten };
    let refused: Vec<_> =
        looked.refused.iter().map(|it| [it.path.display().to_string(), it.why.clone()]).collect();
    let figures = serde_json::json!({
        "backend": used.name(),
        "library": runtime.map(|runtime| runtime.path().display().to_string()),
        "version": runtime.and_then(Runtime::version),
        "refused": refused,
    });
    Finding { figures: Some(figures), ..found(runtime, &looked.refused) }
}

fn found(runtime: Option<&Runtime>, refused: &[Refused]) -> Finding {
    let refusals: Vec<String> = refused.iter().map(ToString::to_string).collect();
    let said = |what: String| [vec![what], refusals.clone()].concat().join("; ");
    match runtime {
        Some(runtime) => {
            let version = runtime.version().map(|version| format!(" {version}")).unwrap_or_default();
            let what = format!("run by ONNX Runtime{version}, {}", runtime.path().display());
            if refusals.is_empty() {
                return Finding::well(PART, what);
            }
            Finding::look(PART, said(what), "Correct onnxruntime in config.toml, or take the file away.")
        }
        None => {
            let what = if refusals.is_empty() {
                "run by rten, which is part of the program; ONNX Runtime, several times as fast, is not here"
            } else {
                "run by rten, which is part of the program"
            };
            Finding::look(PART, said(what.to_owned()), format!("{}.", backend::to_do()))
        }
    }
}
