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

/// What becomes of the file that stood there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// It is a good one: it is kept beside the new one, as `NAME.last`.
    Good,
    /// It is damaged: the last good copy is not given up for it.
    Damaged,
}

/// Where the last good copy of a file stands.
#[must_use]
pub fn last_copy(path: &Path) -> PathBuf {
    with_ending(path, ".last")
}

/// Writes a file for its owner alone, whole or not at all: a temporary file in the same folder, on the disk before it
/// takes the name.
///
/// # Errors
/// [`SaveError`]; the file is then as it was before.
pub fn save(path: &Path, contents: &[u8], before: Before) -> Result<(), SaveError> {
    // A name that is a link stays one: what it leads to is replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let failed = |error| SaveError { path: path.clone(), error };
    let fresh = with_ending(&path, &format!(".new-{}", std::process::id()));
    let done = write_new(&fresh, contents)
        .and_then(|()| if before == Before::Good { keep_last(&path) } else { Ok(()) })
        .and_then(|()| std::fs::rename(&fresh, &path));
    if let Err(error) = done {
        remove_if_there(&fresh);
        return Err(failed(error));
    }
    // The new file stands. Only a power cut in this very moment could still bring the old one back, whole.
    sync_folder(&path).map_err(failed)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
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
    if std::fs::remove_file(path).is_err() {}
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be brought to the disk by itself.
#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> std::io::Result<()> {
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
            save(&path, text.as_bytes(), Before::Good).expect("saved");
        }
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "three");
        assert_eq!(std::fs::read_to_string(last_copy(&path)).expect("read"), "two");
        assert_eq!(names(folder.path()), ["a.toml", "a.toml.last"]);
    }

    #[test]
    fn a_damaged_file_does_not_take_the_place_of_the_last_good_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.toml");
        save(&path, b"good", Before::Good).expect("saved");
        save(&path, b"better", Before::Good).expect("saved");
        std::fs::write(&path, b"\0\0").expect("damaged");
        save(&path, b"new", Before::Damaged).expect("saved");
        assert_eq!(std::fs::read_to_string(last_copy(&path)).expect("read"), "good");
    }

    #[cfg(unix)]
    #[test]
    fn it_is_for_its_owner_alone_and_a_link_stays_a_link() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let (path, link) = (folder.path().join("real.toml"), folder.path().join("link.toml"));
        std::fs::write(&path, "old").expect("written");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        save(&link, b"new", Before::Good).expect("saved");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "new");
        assert!(std::fs::symlink_metadata(&link).expect("there").is_symlink());
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_folder_that_is_not_there_is_said() {
        let error = save(Path::new("/nowhere/a.toml"), b"x", Before::Good).expect_err("no folder");
        assert!(error.to_string().starts_with("/nowhere/a.toml could not be saved"), "{error}");
    }
}
