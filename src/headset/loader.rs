//! What a machine needs before a headset can be asked for: the OpenXR loader, and a runtime that is set as the one to use.
//! The runtime is looked for as the loader itself does (OpenXR loader 1.0, "Runtime Discovery"), the loader where systems keep
//! libraries, so that what is missing has a name.

use std::path::{Path, PathBuf};

/// What keeps the room out of a headset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The OpenXR loader is not installed.
    Loader,
    /// No runtime is set as the one to use.
    Runtime,
}

/// The loader under the name that it is opened by, and under the one that Debian ships it as.
const NAMES: [&str; 2] = ["libopenxr_loader.so", "libopenxr_loader.so.1"];

/// The loader, if it is where libraries are.
#[must_use]
pub fn loader() -> Option<PathBuf> {
    loader_in(&library_folders())
}

fn loader_in(folders: &[PathBuf]) -> Option<PathBuf> {
    NAMES.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|path| path.exists()))
}

/// Whether the loader has only the name that nobody opens it by.
#[must_use]
pub fn is_unnamed(loader: &Path) -> bool {
    loader.file_name().is_some_and(|name| name == NAMES[1])
}

/// The name that it is to have, for a folder that is looked through first.
#[must_use]
pub fn wanted_name() -> &'static str {
    NAMES[0]
}

fn library_folders() -> Vec<PathBuf> {
    let from_env = std::env::var_os("LD_LIBRARY_PATH");
    let mut folders: Vec<PathBuf> = from_env.iter().flat_map(std::env::split_paths).collect();
    let machine = format!("{}-linux-gnu", std::env::consts::ARCH);
    for root in ["/usr/local/lib", "/usr/lib", "/lib", "/usr/lib64", "/lib64"] {
        folders.push(Path::new(root).join(&machine));
        folders.push(PathBuf::from(root));
    }
    folders
}

/// What is missing, if anything. Where it says nothing a headset may still be off.
#[must_use]
pub fn missing() -> Option<Missing> {
    // Elsewhere the loader is a part of the program, or looks in a registry.
    if !cfg!(target_os = "linux") {
        return None;
    }
    why(loader().as_deref(), has_runtime())
}

fn why(loader: Option<&Path>, has_runtime: bool) -> Option<Missing> {
    match (loader, has_runtime) {
        (None, _) => Some(Missing::Loader),
        (Some(_), false) => Some(Missing::Runtime),
        (Some(_), true) => None,
    }
}

fn has_runtime() -> bool {
    if let Some(file) = std::env::var_os("XR_RUNTIME_JSON").filter(|file| !file.is_empty()) {
        return Path::new(&file).exists();
    }
    let home = |more: &str| std::env::var_os("HOME").map(|home| Path::new(&home).join(more));
    let own = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).or_else(|| home(".config"));
    let dirs = std::env::var_os("XDG_CONFIG_DIRS").unwrap_or_else(|| "/etc/xdg".into());
    let shared: Vec<PathBuf> = std::env::split_paths(&dirs).collect();
    let names = ["active_runtime.json".to_owned(), format!("active_runtime.{}.json", std::env::consts::ARCH)];
    let mut folders: Vec<PathBuf> = own.into_iter().chain(shared).collect();
    folders.extend(["/usr/local/etc", "/etc"].map(PathBuf::from));
    folders.iter().any(|folder| names.iter().any(|name| folder.join("openxr/1").join(name).exists()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::host::{HeadsetNews, NoHeadset};
    use crate::words::{LANGUAGES, Words};

    #[test]
    fn a_loader_that_is_not_there_is_said_by_the_name_of_its_package() {
        let folder = tempfile::tempdir().expect("a folder");
        // What a library for something else is called is none of ours.
        for other in ["libopenxr_loader.so.2", "libopenxr_loader.so.1.0.26", "libopenxr_monado.so"] {
            fs::write(folder.path().join(other), "").expect("it is written");
        }
        let found = loader_in(&[folder.path().to_owned()]);
        assert_eq!(why(found.as_deref(), true), Some(Missing::Loader), "{found:?}");
        for (lang, _) in LANGUAGES {
            let words = Words::load(lang).expect("the words are there");
            let line = words.get(HeadsetNews::Waiting(NoHeadset::Loader).name());
            assert!(line.contains("libopenxr-loader1") && line.contains("openxr-libs"), "{lang}: {line}");
        }
    }

    #[test]
    fn the_name_that_debian_gives_it_is_enough_and_the_one_it_is_opened_by_comes_first() {
        let [first, second] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let folders = [first.path().to_owned(), second.path().to_owned()];
        let as_debian = first.path().join("libopenxr_loader.so.1");
        fs::write(&as_debian, "").expect("it is written");
        let found = loader_in(&folders);
        assert_eq!(found.as_deref(), Some(as_debian.as_path()));
        assert!(found.as_deref().is_some_and(is_unnamed));
        assert_eq!(why(found.as_deref(), false), Some(Missing::Runtime));
        assert_eq!(why(found.as_deref(), true), None);
        let named = second.path().join(wanted_name());
        fs::write(&named, "").expect("it is written");
        let found = loader_in(&folders);
        assert_eq!(found.as_deref(), Some(named.as_path()), "whichever folder it is in");
        assert!(!is_unnamed(&named));
    }
}
