//! An answer that is remembered in `config.toml`, with everything the person wrote there left as it is.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::save::{SaveError, save};
use super::{Settings, default_file};

/// Why an answer could not be remembered.
#[derive(Debug, thiserror::Error)]
pub enum RememberError {
    /// There is no folder for settings on this machine.
    #[error("there is no folder for settings here; name a file with --config")]
    NoFolder,
    /// The folder cannot be made.
    #[error("{path} cannot be made: {error}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file that is there is not in its form.
    #[error("{path} cannot be read, or is not in its form: correct it first")]
    Form {
        /// Which.
        path: PathBuf,
    },
    /// It could not be written.
    #[error("{0}")]
    Save(#[from] SaveError),
}

/// Writes one answer into the settings file, `file` or the one in the platform's folder. Comments and order stay.
///
/// # Errors
/// [`RememberError`]; the file is then as it was.
pub fn remember(
    file: Option<&Path>,
    key: &str,
    answer: impl Into<toml_edit::Value>,
) -> Result<PathBuf, RememberError> {
    let answer = toml_edit::value(answer);
    change(file, |document| document[key] = answer)
}

/// Takes an answer out of the settings file again, so that the default holds.
///
/// # Errors
/// [`RememberError`]; the file is then as it was.
pub fn forget(file: Option<&Path>, key: &str) -> Result<PathBuf, RememberError> {
    change(file, |document| {
        document.remove(key);
    })
}

fn change(
    file: Option<&Path>,
    edit: impl FnOnce(&mut toml_edit::DocumentMut),
) -> Result<PathBuf, RememberError> {
    let path = file.map(Path::to_owned).or_else(default_file).ok_or(RememberError::NoFolder)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let failed = |error| RememberError::Folder { path: folder.to_owned(), error };
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let wrong = || RememberError::Form { path: path.clone() };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(_) => return Err(wrong()),
    };
    // What the person has mistyped is theirs to mend; nothing is written over it.
    Settings::from_text(&text).map_err(|_form| wrong())?;
    let mut document: toml_edit::DocumentMut = text.parse().map_err(|_form| wrong())?;
    edit(&mut document);
    save(&path, document.to_string().as_bytes())?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_written_beside_what_the_person_wrote() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "# mine\nrounds = 4 # four is enough\n\n# the end\n").expect("written");
        remember(Some(&path), "journal", true).expect("remembered");
        let text = std::fs::read_to_string(&path).expect("read");
        for kept in ["# mine", "rounds = 4 # four is enough", "# the end", "journal = true"] {
            assert!(text.contains(kept), "{kept} is missing in {text}");
        }
        remember(Some(&path), "journal", false).expect("remembered");
        let (settings, _) = Settings::load(Some(&path), &[]).expect("it loads");
        assert_eq!((settings.rounds, settings.journal), (Some(4), Some(false)));
    }

    #[test]
    fn an_answer_that_is_taken_back_leaves_the_rest_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "# mine\nrounds = 4\ntier = \"low\"\n").expect("written");
        forget(Some(&path), "tier").expect("forgotten");
        forget(Some(&path), "model").expect("there was none");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "# mine\nrounds = 4\n");
    }

    #[test]
    fn an_answer_stands_before_the_tables_whatever_was_written_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "[model_for]\ndevil = \"b\"\n").expect("written");
        remember(Some(&path), "local_server", "http://127.0.0.1:8080/v1").expect("remembered");
        let (settings, _) = Settings::load(Some(&path), &[]).expect("it loads");
        let address = "http://127.0.0.1:8080/v1".to_owned();
        assert_eq!(settings.local_server, Some(crate::config::LocalServer::At(address)));
        assert_eq!(settings.model_for.map(|models| models.len()), Some(1));
    }

    #[test]
    fn where_there_is_no_file_yet_one_is_made_with_its_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/in/config.toml");
        remember(Some(&path), "journal", true).expect("remembered");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "journal = true\n");
    }

    #[test]
    fn a_file_with_a_mistake_in_it_is_left_to_the_person() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "country = \"DE\"\nrounds = four\n").expect("written");
        std::fs::write(crate::config::save::last_copy(&path), "rounds = 4\n").expect("written");
        let error = remember(Some(&path), "journal", true).expect_err("a mistake");
        assert!(error.to_string().ends_with("correct it first"), "{error}");
        let text = std::fs::read_to_string(&path).expect("read");
        assert_eq!(text, "country = \"DE\"\nrounds = four\n");
    }

    #[test]
    fn what_was_deleted_does_not_come_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(crate::config::save::last_copy(&path), "rounds = 4\n").expect("written");
        remember(Some(&path), "journal", true).expect("remembered");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "journal = true\n");
    }
}
