//! Saving a file so that there is always a whole one: the old, or the new, never half.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Why a file could not be saved. What stood there before still stands there.
#[derive(Debug, thiserror::Error)]
#[error("{path} could not be saved: {error}. What was there before is as it was")]
pub struct SaveError {
    /// Which file.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub error: std::io::Error,
}

/// Where the copy of a file stands that was the last one before it: beside the file itself, also when a link leads to it.
#[must_use]
pub fn last_copy(path: &Path) -> PathBuf {
    with_ending(&target(path), ".last")
}

/// What a name leads to. A link that leads nowhere yet leads to where its file will be.
fn target(path: &Path) -> PathBuf {
    let linked = || {
        let to = std::fs::read_link(path).ok()?;
        Some(path.parent()?.join(to))
    };
    path.canonicalize().ok().or_else(linked).unwrap_or_else(|| path.to_owned())
}

/// Writes a file for its owner alone, whole or not at all: a temporary file in the same folder, on the disk before it
/// takes the name. What stood there before is kept beside it, as `NAME.last`.
///
/// # Errors
/// [`SaveError`]; the file is then as it was before.
pub fn save(path: &Path, contents: &[u8]) -> Result<(), SaveError> {
    // A name that is a link stays one: what it leads to is replaced.
    let path = target(path);
    let failed = |error| SaveError { path: path.clone(), error };
    let fresh = with_ending(&path, &format!(".new-{}", std::process::id()));
    let done = write_new(&fresh, contents)
        .and_then(|()| keep_last(&path))
        .and_then(|()| std::fs::rename(&fresh, &path));
    if let Err(error) = done {
        remove_if_there(&fresh);
        return Err(failed(error));
    }
    // The new file stands. Only a power cut in this very moment could still bring the old one back, whole.
    sync_folder(&path).ok();
    Ok(())
}

/// The name of a file with something after it.
pub fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// A file that only its owner can read, written and on the disk.
fn write_new(path: &Path, contents: &[u8]) -> std::io::Result<()> {
    remove_if_there(path);
    let mut file = owner_only().create_new(true).open(path)?;
    file.write_all(contents)?;
    file.sync_all()
}

/// Options that give a new file to its owner alone.
pub fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The file that stands there gets a second name, or a copy where a folder knows no second names.
fn keep_last(path: &Path) -> std::io::Result<()> {
    let (last, fresh) = (last_copy(path), with_ending(path, &format!(".last-{}", std::process::id())));
    remove_if_there(&fresh);
    let linked = match std::fs::hard_link(path, &fresh) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(_) => std::fs::read(path).and_then(|old| write_new(&fresh, &old)),
        Ok(()) => Ok(()),
    };
    linked.and_then(|()| std::fs::rename(&fresh, &last)).inspect_err(|_| remove_if_there(&fresh))
}

fn remove_if_there(path: &Path) {
    // What cannot be removed is in nobody's way: the next save writes over it.
    std::fs::remove_file(path).ok();
}

/// Brings the names in the folder of a file to the disk.
///
/// # Errors
/// When the folder cannot be opened, or its disk fails.
#[cfg(unix)]
pub fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be brought to the disk by itself.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn sync_folder(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_file_before_is_kept_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.toml");
        for text in ["one", "two", "three"] {
            save(&path, text.as_bytes()).expect("saved");
        }
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "three");
        assert_eq!(std::fs::read_to_string(last_copy(&path)).expect("read"), "two");
        assert_eq!(names(folder.path()), ["a.toml", "a.toml.last"]);
    }

    #[cfg(unix)]
    #[test]
    fn it_is_for_its_owner_alone_and_a_link_stays_a_link() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let (path, link) = (folder.path().join("real.toml"), folder.path().join("link.toml"));
        std::fs::write(&path, "old").expect("written");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        save(&link, b"new").expect("saved");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "new");
        assert!(std::fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!(std::fs::read_to_string(last_copy(&link)).expect("read"), "old");
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_yet_stays_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("link.toml");
        std::os::unix::fs::symlink("real.toml", &link).expect("linked");
        save(&link, b"new").expect("saved");
        assert!(std::fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!(std::fs::read_to_string(folder.path().join("real.toml")).expect("read"), "new");
    }

    #[test]
    fn a_folder_that_is_not_there_is_said() {
        let error = save(Path::new("/nowhere/a.toml"), b"x").expect_err("no folder");
        assert!(error.to_string().starts_with("/nowhere/a.toml could not be saved"), "{error}");
    }
}
