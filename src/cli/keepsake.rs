//! The take-away card, saved, and where it lies said in one line.

use std::path::{Path, PathBuf};

use crate::keepsake::{Keepsake, KeepsakeError, Lies, folder};
use crate::words::Words;

/// Saves a card with these words, into this folder or where one's pictures are. Where it lies, in one line.
///
/// # Errors
/// Why it lies nowhere, in one line.
pub(super) fn save(words: &Words, kept: &str, into: Option<&Path>) -> Result<String, String> {
    let saved = into.map_or_else(folder, |folder| Ok(from_home(folder))).and_then(|folder| {
        let card = Keepsake::of_today(kept).ok_or(KeepsakeError::NoFolder)?;
        let lies = card.save(&std::path::absolute(&folder).unwrap_or(folder), words.lang())?;
        Ok(lies)
    });
    match saved {
        Ok(lies) => Ok(says(words, &lies)),
        Err(error) => Err(words.with("keepsake-not", &[("why", &error.to_string())])),
    }
}

/// A folder as it was typed: `~` is one's home, as in a shell.
fn from_home(folder: &Path) -> PathBuf {
    match (folder.strip_prefix("~"), directories::UserDirs::new()) {
        (Ok(within), Some(own)) => own.home_dir().join(within),
        _ => folder.to_owned(),
    }
}

fn says(words: &Words, lies: &Lies) -> String {
    let folder = lies.page.parent().unwrap_or(&lies.page).display().to_string();
    let name = lies.page.file_stem().unwrap_or_default().to_string_lossy();
    let about = [("folder", folder.as_str()), ("name", &name)];
    words.with(if lies.picture.is_some() { "keepsake-lies" } else { "keepsake-lies-page" }, &about)
}
