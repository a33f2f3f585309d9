//! The folder and its files: who may enter, and what is called how.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::config::LATCH;
use crate::config::save::{owner_only, with_ending};

/// The database.
const DATABASE: &str = "journal.db";
/// What `SQLite` puts beside it.
const BESIDE: [&str; 2] = ["-wal", "-shm"];
/// What follows the name of a file that was set aside.
const SET_ASIDE: &str = ".set-aside-";

pub(super) fn database(folder: &Path) -> PathBuf {
    folder.join(DATABASE)
}

/// Makes the folder for its owner alone.
pub(super) fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    tighten_all(folder)
}

/// Sees that nobody else can read what is here. A folder in which the person keeps other things, too, is left as it is.
pub(super) fn tighten_all(folder: &Path) -> std::io::Result<()> {
    let mut only_ours = true;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = name.starts_with("journal.") || name.starts_with(LATCH);
        if ours || (name.starts_with("session-") && name.ends_with(".lock")) {
            match tighten(&entry.path(), 0o600) {
                // Another copy has just removed it.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                done => done?,
            }
        } else {
            only_ours = false;
        }
    }
    if only_ours { tighten(folder, 0o700) } else { Ok(()) }
}

/// Sees that the database is there: empty and for its owner alone, if it is new.
pub(super) fn prepare_database(folder: &Path) -> std::io::Result<PathBuf> {
    let path = database(folder);
    match owner_only().create_new(true).open(&path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(path),
    }
}

/// The database and what stands beside it, whether or not it is there.
pub(super) fn database_files(folder: &Path) -> Vec<PathBuf> {
    let path = database(folder);
    beside(&path).chain(std::iter::once(path.clone())).collect()
}

fn beside(path: &Path) -> impl Iterator<Item = PathBuf> {
    let path = path.to_owned();
    BESIDE.into_iter().map(move |ending| with_ending(&path, ending))
}

#[cfg(unix)]
fn tighten(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let found = std::fs::metadata(path)?.permissions().mode();
    if found & 0o077 == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

/// Elsewhere the person's own folder is theirs alone already.
#[cfg(not(unix))]
fn tighten(path: &Path, _mode: u32) -> std::io::Result<()> {
    std::fs::metadata(path).map(|_there| ())
}

/// Puts the database out of the way, with what stands beside it, which goes first: a new database must not find it.
/// Its index is not kept; it is made anew whenever it is missing.
pub(super) fn set_aside(folder: &Path) -> std::io::Result<PathBuf> {
    let path = database(folder);
    let moment = jiff::ZonedDateTime::now().strftime("%Y%m%d-%H%M%S").to_string();
    let mut aside = with_ending(&path, &format!("{SET_ASIDE}{moment}"));
    let mut again = 1;
    while aside.exists() {
        again += 1;
        aside = with_ending(&path, &format!("{SET_ASIDE}{moment}-{again}"));
    }
    for (from, to) in beside(&path).zip(beside(&aside)) {
        let empty = std::fs::metadata(&from).is_ok_and(|found| found.len() == 0);
        let index = from.as_os_str().to_string_lossy().ends_with("-shm");
        let gone = if empty || index { std::fs::remove_file(from) } else { std::fs::rename(from, to) };
        match gone {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            done => done?,
        }
    }
    std::fs::rename(&path, &aside)?;
    Ok(aside)
}

/// Every file that was set aside.
pub(super) fn files_set_aside(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let start = format!("{DATABASE}{SET_ASIDE}");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(&start) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
