//! Words for measures that the program may not have itself, from files of whoever has a right to them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Settings;
use crate::dialogue::measures::{FormError, Instrument, Measure, Wording};

/// Why such a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MeasuresError {
    /// It cannot be read.
    #[error(
        "{path} cannot be read: {error}. Name another file in [measures] of config.toml, or leave it out"
    )]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is not in its form.
    #[error("{path}: {error}. docs/measures.md shows how it must look")]
    Form {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        error: FormError,
    },
}

/// Every instrument of the program, in the words that the settings name where they name some.
///
/// # Errors
/// [`MeasuresError`], with the file.
pub fn load(settings: &Settings) -> Result<Vec<Measure>, MeasuresError> {
    let named = |measure: &Measure| settings.measures.as_ref()?.get(&measure.instrument);
    Measure::all()
        .iter()
        .map(|measure| named(measure).map_or_else(|| Ok(measure.clone()), |path| worded(measure, path)))
        .collect()
}

/// The words that the settings name, for whoever asks.
///
/// # Errors
/// [`MeasuresError`], with the file.
pub fn own_words(settings: &Settings) -> Result<BTreeMap<Instrument, Wording>, MeasuresError> {
    let own = |measure: Measure| Some((measure.instrument, measure.own_words()?.clone()));
    Ok(load(settings)?.into_iter().filter_map(own).collect())
}

fn worded(measure: &Measure, path: &Path) -> Result<Measure, MeasuresError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| MeasuresError::Read { path: path.to_owned(), error })?;
    measure.with_words(&text).map_err(|error| MeasuresError::Form { path: path.to_owned(), error })
}
