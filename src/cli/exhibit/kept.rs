//! The settings and the helplines that the doors were opened with. What is broken in the middle of a day takes no room down:
//! the next ones go on with these.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::config::{Settings, default_file, helplines};

/// Where they lie, in the folder for data.
const PLACE: &str = "opened-with";

/// Keeps them; the file of the settings, where there is one. `named`: the one that was named as the doors were opened.
///
/// # Errors
/// When they cannot be read or written.
pub(super) fn keep(named: Option<&Path>, data: &Path) -> std::io::Result<Option<PathBuf>> {
    let own = || default_file().map(Settings::read_from);
    let settings = named.map(Path::to_owned).or_else(own).filter(|file| file.is_file());
    let Some(settings) = settings else { return Ok(None) };
    let place = data.join(PLACE);
    DirBuilder::new().recursive(true).mode(0o700).create(&place)?;
    let kept = place.join("config.toml");
    copy(&settings, &kept)?;
    let lines = place.join("helplines.toml");
    match helplines::own_file(named).filter(|file| file.is_file()) {
        Some(own) => copy(&own, &lines)?,
        None if lines.exists() => fs::remove_file(lines)?,
        None => {}
    }
    Ok(Some(kept))
}

/// For nobody else's eyes: the PIN stands in it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let contents = fs::read(from)?;
    // One that is there may have been opened to others.
    if to.exists() {
        fs::remove_file(to)?;
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?.write_all(&contents)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_the_doors_were_opened_with_stays_as_it_was_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let named = folder.path().join("config.toml");
        for text in ["venue = \"exhibition\"", "rounds = 3"] {
            fs::write(&named, text).expect("written");
            fs::write(folder.path().join("helplines.toml"), text).expect("written");
            let kept = keep(Some(&named), &folder.path().join("data")).expect("kept").expect("a file");
            fs::write(&named, "rounds = \n").expect("broken");
            for file in [kept.clone(), kept.with_file_name("helplines.toml")] {
                assert_eq!(fs::read_to_string(&file).expect("it is there"), text);
                assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
            }
        }
    }
}
