//! Where model files are looked for.

use std::path::PathBuf;

use super::catalogue::{Catalogue, Entry, Role};
use crate::config::default_data_dir;

/// Silero's voice activity detector (MIT), as this program calls the file.
pub const SILERO: &str = "speech/silero_vad.onnx";

/// The variable that names a folder of models.
const VARIABLE: &str = "INNER_ROOM_MODELS";

/// The folders in which model files are looked for, the first before the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folders(Vec<PathBuf>);

impl Folders {
    /// The folder that was named in the call, then the one in `INNER_ROOM_MODELS`, then the platform's for data.
    #[must_use]
    pub fn new(named: Option<PathBuf>) -> Self {
        let variable = std::env::var_os(VARIABLE).filter(|it| !it.is_empty()).map(PathBuf::from);
        let own = default_data_dir().map(|folder| folder.join("models"));
        Self([named, variable, own].into_iter().flatten().collect())
    }

    /// Only these.
    #[must_use]
    pub fn of(folders: Vec<PathBuf>) -> Self {
        Self(folders)
    }

    /// Where this file is, such as [`SILERO`]; none where no folder has it.
    #[must_use]
    pub fn find(&self, file: &str) -> Option<PathBuf> {
        self.0.iter().map(|folder| folder.join(file)).find(|path| path.is_file())
    }

    /// The best model of a role that is here and can be used in a language, such as `en` or `zh`; none where there is none.
    #[must_use]
    pub fn find_role(&self, role: Role, lang: &str) -> Option<(Entry, PathBuf)> {
        let all = Catalogue::built_in().ok()?;
        all.of_role(role, lang).find_map(|entry| Some((entry.clone(), self.find(&entry.file)?)))
    }

    /// The folders themselves, whether they are there or not.
    #[must_use]
    pub fn paths(&self) -> &[PathBuf] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_folder_that_has_the_file_is_taken() {
        let (first, second) =
            (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let folders = Folders::of(vec![first.path().to_owned(), second.path().to_owned()]);
        assert_eq!(folders.find("a/b.onnx"), None);
        for folder in [&second, &first] {
            let path = folder.path().join("a/b.onnx");
            std::fs::create_dir(folder.path().join("a")).expect("a folder in it");
            assert!(folders.find("a/b.onnx").as_ref() != Some(&path));
            std::fs::write(&path, "").expect("the file");
            assert_eq!(folders.find("a/b.onnx"), Some(path));
        }
    }

    #[test]
    fn of_the_models_that_are_here_the_best_in_the_language_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let folders = Folders::of(vec![folder.path().to_owned()]);
        std::fs::create_dir(folder.path().join("speech")).expect("a folder in it");
        let found = |role, lang| folders.find_role(role, lang).map(|(entry, _)| entry.name);
        assert_eq!(found(Role::Transcript, "en"), None);
        for (file, english, chinese) in [
            ("ggml-tiny.bin", "whisper-tiny", Some("whisper-tiny")),
            ("ggml-tiny.en.bin", "whisper-tiny.en", Some("whisper-tiny")),
            ("ggml-base.en.bin", "whisper-base.en", Some("whisper-tiny")),
        ] {
            std::fs::write(folder.path().join("speech").join(file), "").expect("the file");
            assert_eq!(found(Role::Transcript, "en-GB").as_deref(), Some(english));
            assert_eq!(found(Role::Transcript, "zh").as_deref(), chinese);
        }
        assert_eq!(found(Role::VoiceActivity, "en"), None);
    }
}
