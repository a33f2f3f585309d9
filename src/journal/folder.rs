//! The folder and its files: who may enter, and what is called how.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::config::save::owner_only;

/// The database.
const DATABASE: &str = "journal.db";
/// What SQLite puts beside it.
const BESIDE: [&str; 2] = ["-wal", "-shm"];
/// What follows the name of a file that was set aside.
const SET_ASIDE: &str = ".set-aside-";

pub(super) fn database(folder: &Path) -> PathBuf {
    folder.join(DATABASE)
}

/// Makes the folder for its owner alone. One that is wider and holds nothing but the journal is tightened; one in which
/// the person keeps other things is left as it is.
pub(super) fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    if holds_only_ours(folder)? { tighten(folder, 0o700) } else { Ok(()) }
}

fn holds_only_ours(folder: &Path) -> std::io::Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with("journal.") && !(name.starts_with("session-") && name.ends_with(".lock")) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Sees that the database is there, empty if it is new, and that nobody else can read it or what stands beside it.
pub(super) fn prepare_database(folder: &Path) -> std::io::Result<PathBuf> {
    let path = database(folder);
    match owner_only().create_new(true).open(&path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    tighten_database(folder)?;
    Ok(path)
}

/// Sees that nobody else can read the database and what stands beside it.
pub(super) fn tighten_database(folder: &Path) -> std::io::Result<()> {
    let path = database(folder);
    for file in std::iter::once(path.clone()).chain(beside(&path)) {
        match tighten(&file, 0o600) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            done => done?,
        }
    }
    Ok(())
}

fn beside(path: &Path) -> impl Iterator<Item = PathBuf> {
    let path = path.to_owned();
    BESIDE.into_iter().map(move |ending| with_ending(&path, ending))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
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
        match std::fs::rename(from, to) {
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
