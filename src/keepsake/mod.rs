//! The take-away card: the words that a person keeps of an evening, and the date. Nothing else stands on it.
//!
//! It is a page in Markdown, and a picture where the program can draw (`room`). Neither writes over anything, both are for
//! their owner alone, and they are there together or not at all.

#[cfg(feature = "room")]
mod lines;
#[cfg(feature = "room")]
mod paint;

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::config::save::owner_only;
use crate::dialogue::text;
use crate::journal::export;

/// Words that are kept, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keepsake {
    words: String,
    day: Date,
}

/// Where a card lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lies {
    /// The page.
    pub page: PathBuf,
    /// The picture; none where the words have letters that the program cannot draw.
    pub picture: Option<PathBuf>,
}

/// Why a card could not be saved. Nothing of it lies anywhere then.
#[derive(Debug, thiserror::Error)]
pub enum KeepsakeError {
    /// The folder does not take it.
    #[error("{folder}: {why}")]
    Folder {
        /// Which folder.
        folder: PathBuf,
        /// Why, in plain words.
        why: String,
    },
    /// There is no folder of the person's on this machine.
    #[error("there is no folder for pictures, documents or anything else of yours")]
    NoFolder,
}

/// More cards of one day than anybody keeps.
const MOST: u32 = 1_000;

impl Keepsake {
    /// A card with these words; none where there is nothing to be read on it.
    #[must_use]
    pub fn new(words: &str, day: Date) -> Option<Self> {
        let words = text::clean(words);
        words.chars().any(|c| !c.is_whitespace()).then_some(Self { words, day })
    }

    /// The same of this day, by the machine's clock.
    #[must_use]
    pub fn of_today(words: &str) -> Option<Self> {
        Self::new(words, jiff::ZonedDateTime::now().date())
    }

    /// The date, as it is written in this language.
    #[must_use]
    pub fn date(&self, lang: &str) -> String {
        let form = if lang == "zh" { "%Y年%-m月%-d日" } else { "%-d %B %Y" };
        self.day.strftime(form).to_string()
    }

    /// The card as a page in Markdown. The words mean in it what they mean here: themselves.
    #[must_use]
    pub fn page(&self, lang: &str) -> String {
        let words = export::plain(&self.words);
        // "1. " at the beginning would be a list.
        let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = words.split_at(digits);
        let marks = digits > 0 && rest.starts_with(['.', ')']);
        let guard = if marks { "\\" } else { "" };
        format!("> {number}{guard}{rest}\n\n{}\n", self.date(lang))
    }

    /// The card as a PNG file; none where the words have letters that the program cannot draw.
    #[cfg(feature = "room")]
    #[must_use]
    pub fn picture(&self, lang: &str) -> Option<Vec<u8>> {
        let mut png = std::io::Cursor::new(Vec::new());
        let drawn = paint::picture(&self.words, &self.date(lang))?;
        drawn.write_to(&mut png, image::ImageFormat::Png).ok()?;
        Some(png.into_inner())
    }

    /// A program without a room draws nothing.
    #[cfg(not(feature = "room"))]
    #[must_use]
    pub fn picture(&self, _lang: &str) -> Option<Vec<u8>> {
        None
    }

    /// Saves it into a folder, under a name of the day that nothing there has.
    ///
    /// # Errors
    /// [`KeepsakeError`]; nothing of it is then there.
    pub fn save(&self, folder: &Path, lang: &str) -> Result<Lies, KeepsakeError> {
        let failed = |error| KeepsakeError::Folder { folder: folder.to_owned(), why: plainly(&error) };
        if !folder.is_dir() {
            return Err(failed(
                if folder.exists() { ErrorKind::NotADirectory } else { ErrorKind::NotFound }.into(),
            ));
        }
        let picture = self.picture(lang);
        for count in 1..=MOST {
            let more = if count == 1 { String::new() } else { format!(" ({count})") };
            let name = format!("inner-room {}{more}", self.day);
            let lies = Lies {
                page: folder.join(format!("{name}.md")),
                picture: picture.as_ref().map(|_| folder.join(format!("{name}.png"))),
            };
            match lies.write(self.page(lang).as_bytes(), picture.as_deref()) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failed(error)),
                Ok(()) => return Ok(lies),
            }
        }
        Err(failed(ErrorKind::AlreadyExists.into()))
    }

    /// Writes it into a folder of pictures, as `card.md` and `card.png`, in the place of those of another time: of both,
    /// so that no picture lies beside another's page.
    ///
    /// # Errors
    /// [`KeepsakeError`]; nothing of it is then there.
    pub fn save_over(&self, folder: &Path, lang: &str) -> Result<(), KeepsakeError> {
        let failed = |error| KeepsakeError::Folder { folder: folder.to_owned(), why: plainly(&error) };
        let (page, drawn) = (folder.join("card.md"), folder.join("card.png"));
        for old in [&page, &drawn] {
            if let Err(error) = std::fs::remove_file(old)
                && error.kind() != ErrorKind::NotFound
            {
                return Err(failed(error));
            }
        }
        let picture = self.picture(lang);
        let lies = Lies { page, picture: picture.as_ref().map(|_| drawn) };
        lies.write(self.page(lang).as_bytes(), picture.as_deref()).map_err(failed)
    }
}

impl Lies {
    /// Both files, or neither.
    fn write(&self, page: &[u8], picture: Option<&[u8]>) -> std::io::Result<()> {
        write_new(&self.page, page)?;
        let (Some(path), Some(picture)) = (&self.picture, picture) else { return Ok(()) };
        write_new(path, picture).inspect_err(|_| remove(&self.page))
    }
}

/// A file that was not there before, whole and on the disk, or not at all.
fn write_new(path: &Path, contents: &[u8]) -> std::io::Result<()> {
    let mut file = owner_only().create_new(true).open(path)?;
    file.write_all(contents).and_then(|()| file.sync_all()).inspect_err(|_| remove(path))
}

fn remove(path: &Path) {
    // A disk that cannot even be cleared has said why already.
    std::fs::remove_file(path).ok();
}

/// Where a card goes when nobody says: among the person's pictures, else their documents, else into their home.
///
/// # Errors
/// [`KeepsakeError::NoFolder`].
pub fn folder() -> Result<PathBuf, KeepsakeError> {
    let own = directories::UserDirs::new().ok_or(KeepsakeError::NoFolder)?;
    let folders = [own.picture_dir(), own.document_dir(), Some(own.home_dir())];
    let there = folders.into_iter().flatten().find(|folder| folder.is_dir());
    there.map(Path::to_owned).ok_or(KeepsakeError::NoFolder)
}

/// What the system says, in plain words.
fn plainly(error: &std::io::Error) -> String {
    let plain = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "it may not be written to",
        ErrorKind::NotFound => "there is no such folder",
        ErrorKind::NotADirectory => "it is no folder",
        ErrorKind::AlreadyExists => "there are too many cards of this day",
        _ => return error.to_string(),
    };
    plain.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(words: &str) -> Keepsake {
        Keepsake::new(words, jiff::civil::date(2026, 11, 27)).expect("there are words")
    }

    #[test]
    fn words_and_date_stand_on_the_page_and_words_that_look_like_markdown_stay_words() {
        assert_eq!(card("No wonder you froze.").page("en"), "> No wonder you froze.\n\n27 November 2026\n");
        assert_eq!(card("够了。").page("zh"), "> 够了。\n\n2026年11月27日\n");
        assert_eq!(
            card("1. # <b>*me*</b>\n\n[x](y)").page("en").lines().next(),
            Some("> 1\\. \\# \\<b\\>\\*me\\*\\</b\\> \\[x\\](y)")
        );
        assert_eq!(card("- no").page("en").lines().next(), Some("> \\- no"));
        assert_eq!(card("3 hours").page("en").lines().next(), Some("> 3 hours"));
        for nothing in ["", " \n", "\u{200b}\u{202e}"] {
            assert_eq!(Keepsake::new(nothing, jiff::civil::date(2026, 1, 1)), None);
        }
    }

    #[test]
    fn a_card_lies_beside_those_of_the_day_and_writes_over_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("inner-room 2026-11-27.png"), "a picture").expect("written");
        let lies = card("Enough.").save(folder.path(), "en").expect("saved");
        // A name of which one half is taken is no name for both.
        let second =
            if cfg!(feature = "room") { "inner-room 2026-11-27 (2).md" } else { "inner-room 2026-11-27.md" };
        assert_eq!(lies.page, at(second));
        let again = card("Enough.").save(folder.path(), "en").expect("saved");
        assert!(again.page != lies.page && again.page.exists());
        assert_eq!(std::fs::read(at("inner-room 2026-11-27.png")).expect("read"), b"a picture");
        let half = cfg!(feature = "room") && at("inner-room 2026-11-27.md").exists();
        assert!(!half, "a page without its picture was left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&lies.page).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_card_among_pictures_takes_the_place_of_another_and_leaves_nothing_of_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let (page, picture) = (folder.path().join("card.md"), folder.path().join("card.png"));
        for old in [&page, &picture] {
            std::fs::write(old, "of another time").expect("written");
        }
        // It has no picture: its letters cannot be drawn.
        card("مرحبا بك").save_over(folder.path(), "en").expect("saved");
        assert!(std::fs::read_to_string(&page).expect("read").contains("مرحبا بك") && !picture.exists());
        card("Enough.").save_over(folder.path(), "en").expect("saved");
        assert_eq!(picture.exists(), cfg!(feature = "room"));
        #[cfg(unix)]
        for lies in [&page, &picture].into_iter().filter(|lies| lies.exists()) {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(lies).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", lies.display());
        }
    }

    #[test]
    fn a_folder_that_is_not_there_or_a_disk_that_is_full_is_said_in_one_line() {
        let error = card("Enough.").save(Path::new("/nowhere/at/all"), "en").expect_err("no folder");
        assert_eq!(error.to_string(), "/nowhere/at/all: there is no such folder");
        let error = card("Enough.").save(Path::new("/dev/null"), "en").expect_err("a file");
        assert_eq!(error.to_string(), "/dev/null: it is no folder");
        assert_eq!(plainly(&ErrorKind::StorageFull.into()), "the disk is full");
    }

    #[cfg(all(unix, feature = "room"))]
    #[test]
    fn a_page_whose_picture_finds_no_room_does_not_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let lies = Lies { page: folder.path().join("a.md"), picture: Some("/dev/full".into()) };
        // There is such a file already, so it is not written to; what counts is that the page goes again.
        lies.write(b"page", Some(b"picture")).expect_err("it is there");
        assert!(!lies.page.exists());
    }

    #[cfg(feature = "room")]
    #[test]
    fn a_picture_has_the_words_in_ink_and_strange_ones_break_nothing() {
        let dark = |words: &str| {
            let png = card(words).picture("en")?;
            let drawn = image::load_from_memory(&png).expect("a picture").to_rgb8();
            assert_eq!(drawn.width(), 1_200);
            let ink = drawn
                .enumerate_pixels()
                .filter(|(_, y, pixel)| (420..1_400).contains(y) && pixel.0[0] < 0x60);
            Some((ink.count(), drawn.height()))
        };
        let (one, high) = dark("Enough.").expect("it can be drawn");
        let (many, same) =
            dark("You stayed when it was hard and nobody had asked you to.").expect("it can be drawn");
        assert!(one > 3_000 && many > 2 * one && (high, same) == (1_600, 1_600), "{one} {many} {high}");
        assert!(dark("够了。I am here \u{1f60a}").is_some(), "a sign for a face is left out");
        assert!(
            dark(&"word ".repeat(400)).is_some_and(|(_, high)| high > 1_600),
            "many words make it longer"
        );
        assert!(dark(&"w".repeat(300)).is_some(), "a cry is cut");
        for strange in ["\u{1f60a}", "مرحبا بك", "สวัสดี", "hello สวัสดี"] {
            assert!(dark(strange).is_none(), "{strange} would have holes");
            assert!(card(strange).page("en").contains(strange));
        }
    }
}
