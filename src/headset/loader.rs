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
    let folders = library_folders();
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
    match (loader(), has_runtime()) {
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
