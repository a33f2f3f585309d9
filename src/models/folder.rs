//! Where model files are looked for.

use std::path::PathBuf;

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
}
