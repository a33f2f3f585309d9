//! The take-away card, saved, and where it lies said in one line.

use std::path::Path;

use crate::keepsake::{Keepsake, KeepsakeError, Lies, folder};
use crate::words::Words;

/// Saves a card with these words, into this folder or where one's pictures are. What there is to say about it, and whether
/// it lies there.
pub(super) fn save(words: &Words, kept: &str, into: Option<&Path>) -> (String, bool) {
    let saved = into.map_or_else(folder, |folder| Ok(folder.to_owned())).and_then(|folder| {
        let card = Keepsake::of_today(kept).ok_or(KeepsakeError::NoFolder)?;
        let lies = card.save(&std::path::absolute(&folder).unwrap_or(folder), words.lang())?;
        Ok(lies)
    });
    match saved {
        Ok(lies) => (says(words, &lies), true),
        Err(error) => (words.with("keepsake-not", &[("why", &error.to_string())]), false),
    }
}

fn says(words: &Words, lies: &Lies) -> String {
    let folder = lies.page.parent().unwrap_or(&lies.page).display().to_string();
    let name = lies.page.file_stem().unwrap_or_default().to_string_lossy();
    let about = [("folder", folder.as_str()), ("name", &name)];
    words.with(if lies.picture.is_some() { "keepsake-lies" } else { "keepsake-lies-page" }, &about)
}
