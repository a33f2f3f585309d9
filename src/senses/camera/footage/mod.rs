//! A recording in the place of a camera: pictures, an animation or a film, shown at the times at which they were taken.

mod avi;
mod gif;
mod strip;

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Coding, Frame, Lost, Source};
use crate::senses::face::{Picture, PictureError};

/// The most pictures that one recording shows: an hour of ten a second.
pub const MOST_SHOTS: usize = 36_000;
/// The most bytes that one coded picture of a film may have.
const MOST_CODED: usize = 16 * 1024 * 1024;

/// Why a recording cannot be shown, or no further.
#[derive(Debug, thiserror::Error)]
pub enum FootageError {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// It is of another kind.
    #[error(
        "it is no JPEG or PNG picture, and no recording that is read here: GIF, MJPEG (called .mjpeg) or AVI"
    )]
    Kind,
    /// A folder without pictures.
    #[error("there are no JPEG or PNG pictures in this folder")]
    Empty,
    /// One picture of it, with its place.
    #[error("{place}: {error}")]
    Picture {
        /// Its file, or when it is shown.
        place: String,
        /// What is wrong with it.
        error: PictureError,
    },
    /// A single picture.
    #[error(transparent)]
    Still(#[from] PictureError),
    /// A film that is coded otherwise.
    #[error("its pictures are coded as {0}, and only MJPEG is read: ffmpeg -i FILE -c:v mjpeg NEW.avi")]
    Coded(String),
    /// A recording breaks off.
    #[error("it breaks off {0:.1} seconds from its beginning")]
    Cut(f64),
    /// A recording is damaged.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// A recording that has no pictures.
    #[error("there are no pictures in it")]
    Nothing,
    /// A recording is too long.
    #[error("it has more than {MOST_SHOTS} pictures, which is where it ends here")]
    Long,
}

/// How a recording is shown where it does not say so itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// How long each picture of a folder is shown.
    pub each: Duration,
    /// How many pictures a second an MJPEG file has.
    pub a_second: f64,
    /// Whether it begins anew when it is over. One that breaks off does not.
    pub again: bool,
}

impl Default for Pace {
    /// Half a second, ten a second, once.
    fn default() -> Self {
        Self { each: Duration::from_millis(500), a_second: 10.0, again: false }
    }
}

/// A picture of a recording before it is decoded, so that those nobody looks at need not be.
struct Shot {
    at: Duration,
    long: Duration,
    held: Held,
}

enum Held {
    File(PathBuf),
    Coded(Vec<u8>),
    Seen(Picture),
}

impl Shot {
    fn develop(self) -> Result<Frame, FootageError> {
        let place = |place: String| move |error| FootageError::Picture { place, error };
        let picture = match self.held {
            Held::File(path) => Picture::open(&path).map_err(place(path.display().to_string()))?,
            Held::Seen(picture) => picture,
            Held::Coded(bytes) => Coding::Mjpeg.picture(&bytes).ok_or_else(|| {
                let at = format!("the picture at {:.2} s", self.at.as_secs_f64());
                place(at)(PictureError::Damaged("it is no JPEG that can be read".to_owned()))
            })?,
        };
        Ok(Frame { picture, at: self.at })
    }
}

/// What a recording gives, one after the other. An error is of one picture where more follow, and else the reason of the end.
type Reel = Box<dyn Iterator<Item = Result<Shot, FootageError>> + Send>;

/// A recording that plays.
pub struct Footage {
    path: PathBuf,
    pace: Pace,
    moves: bool,
    reel: Reel,
    /// What comes next, at its time.
    ahead: Option<Shot>,
    /// When the reel began last, and where it ends as far as it is known.
    base: Duration,
    ends: Duration,
    shown: usize,
    damaged: u64,
    /// Why it ended, or what was wrong last.
    wrong: Option<FootageError>,
    over: Option<Lost>,
    begun: Option<Instant>,
}

impl Footage {
    /// Opens a JPEG or PNG picture, a folder of such, a GIF, an AVI with MJPEG, or concatenated JPEGs in a file called `.mjpeg`
    /// or `.mjpg`. What of it is damaged is said when its time comes.
    ///
    /// # Errors
    /// [`FootageError`], when there is nothing in it that can be shown.
    pub fn open(path: &Path, pace: Pace) -> Result<Self, FootageError> {
        let (reel, moves) = reel(path, pace)?;
        let mut footage = Self {
            path: path.to_owned(),
            pace,
            moves,
            reel,
            ahead: None,
            base: Duration::ZERO,
            ends: Duration::ZERO,
            shown: 0,
            damaged: 0,
            wrong: None,
            over: None,
            begun: None,
        };
        if moves && !footage.step() {
            return Err(footage.wrong.take().unwrap_or(FootageError::Nothing));
        }
        Ok(footage)
    }

    /// Whether it is an animation or a film, so that its pictures have times.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.moves
    }

    /// How many of its pictures could not be read so far.
    #[must_use]
    pub fn damaged(&self) -> u64 {
        self.damaged
    }

    /// Every picture of it, without waiting; not to be mixed with [`Footage::latest_at`]. An error is of one picture, or says why
    /// it ends here.
    pub fn next_shot(&mut self) -> Option<Result<Frame, FootageError>> {
        let shot = match self.ahead.take() {
            Some(shot) => shot,
            None => match self.reel.next()? {
                Ok(shot) => shot,
                Err(error) => return Some(Err(error)),
            },
        };
        self.shown += 1;
        if self.shown > MOST_SHOTS {
            self.reel = Box::new(std::iter::empty());
            return Some(Err(FootageError::Long));
        }
        Some(shot.develop())
    }

    /// The newest picture at a time from its beginning; none where it was given already.
    ///
    /// # Errors
    /// [`Lost::Over`], [`Lost::Broken`] with the reason.
    pub fn latest_at(&mut self, now: Duration) -> Result<Option<Frame>, Lost> {
        let mut newest = None;
        while self.over.is_none() {
            if self.ahead.is_none() && !self.step() && !self.turn(now) {
                break;
            }
            match self.ahead.take_if(|shot| self.base + shot.at <= now) {
                // The next round may begin before this one is developed.
                Some(shot) => newest = Some((self.base + shot.at, shot)),
                None => break,
            }
        }
        if let Some((at, shot)) = newest {
            match shot.develop() {
                Ok(frame) => return Ok(Some(Frame { at, ..frame })),
                Err(_damaged) => self.damaged += 1,
            }
        }
        match &self.over {
            Some(lost) if now >= self.base + self.ends => Err(lost.clone()),
            _ => Ok(None),
        }
    }

    /// Takes the next picture from the reel. False where it is over.
    fn step(&mut self) -> bool {
        loop {
            match self.reel.next() {
                Some(Ok(_)) if self.shown >= MOST_SHOTS => {
                    self.wrong = Some(FootageError::Long);
                    return false;
                }
                Some(Ok(shot)) => {
                    self.shown += 1;
                    self.ends = shot.at + shot.long;
                    self.wrong = None;
                    self.ahead = Some(shot);
                    return true;
                }
                Some(Err(error)) => {
                    self.damaged += 1;
                    self.wrong = Some(error);
                }
                None => return false,
            }
        }
    }

    /// Begins anew, or ends. False where it ends.
    fn turn(&mut self, now: Duration) -> bool {
        self.over = Some(match self.wrong.take() {
            Some(why) => Lost::Broken(why.to_string()),
            None if !self.pace.again || self.ends.is_zero() => Lost::Over,
            None => match reel(&self.path, self.pace) {
                Ok((reel, _)) => {
                    // Rounds in which nobody looked are passed over at once.
                    let rounds = now.saturating_sub(self.base).as_nanos() / self.ends.as_nanos();
                    self.base += self.ends * u32::try_from(rounds.max(1)).unwrap_or(u32::MAX);
                    (self.reel, self.shown) = (reel, 0);
                    return self.step();
                }
                Err(why) => Lost::Broken(why.to_string()),
            },
        });
        false
    }
}

impl Source for Footage {
    fn latest(&mut self) -> Result<Option<Frame>, Lost> {
        let begun = *self.begun.get_or_insert_with(Instant::now);
        self.latest_at(begun.elapsed())
    }
}

/// What a path gives, and whether it moves.
fn reel(path: &Path, pace: Pace) -> Result<(Reel, bool), FootageError> {
    if std::fs::metadata(path)?.is_dir() {
        let files = pictures(path)?;
        let at = move |number: usize| pace.each * u32::try_from(number).unwrap_or(u32::MAX);
        let shots = files
            .into_iter()
            .enumerate()
            .map(move |(number, path)| Ok(Shot { at: at(number), long: pace.each, held: Held::File(path) }));
        return Ok((Box::new(shots), false));
    }
    let mut file = BufReader::new(File::open(path)?);
    let mut head = Vec::new();
    file.by_ref().take(12).read_to_end(&mut head)?;
    let file = BufReader::new(File::open(path)?);
    let called = path.extension().unwrap_or_default().to_ascii_lowercase();
    if head.starts_with(b"GIF8") {
        return Ok((Box::new(gif::Gif::open(file)?), true));
    }
    if head.starts_with(b"RIFF") && head.ends_with(b"AVI ") {
        return Ok((Box::new(avi::Avi::open(file)?), true));
    }
    if ["mjpeg", "mjpg"].iter().any(|it| called == *it) {
        return Ok((Box::new(strip::Strip::of(file, pace.a_second)), true));
    }
    let picture = match Picture::open(path) {
        Err(PictureError::Kind) => return Err(FootageError::Kind),
        picture => picture?,
    };
    let shot = Shot { at: Duration::ZERO, long: pace.each, held: Held::Seen(picture) };
    Ok((Box::new(std::iter::once(Ok(shot))), false))
}

/// The JPEG and PNG pictures in a folder, sorted by their names.
///
/// # Errors
/// When it cannot be read, or there are none.
pub fn pictures(folder: &Path) -> Result<Vec<PathBuf>, FootageError> {
    let is_one = |path: &PathBuf| {
        let end = path.extension().unwrap_or_default().to_ascii_lowercase();
        ["jpg", "jpeg", "png"].iter().any(|it| end == *it) && path.is_file()
    };
    let entries = std::fs::read_dir(folder)?.take(MOST_SHOTS);
    let mut found: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_one).collect();
    found.sort();
    if found.is_empty() { Err(FootageError::Empty) } else { Ok(found) }
}

/// When each picture is shown, at so many a second.
fn at(number: usize, a_second: f64) -> Duration {
    let seconds = if a_second.is_finite() { number as f64 / a_second.clamp(0.01, 1_000.0) } else { 0.0 };
    Duration::from_secs_f64(seconds)
}
