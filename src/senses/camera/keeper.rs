//! Keeps a camera open: what was lost is opened again, the same one and no other, and less and less often while it is not there.

use std::time::{Duration, Instant};

use super::{CameraError, Frame, Lost, Source};

/// How soon a lost camera is looked for first.
const SOONEST: Duration = Duration::from_secs(1);
/// How long it is waited at most between two looks: whoever plugs it in again is seen within five seconds. Each wait is twice the one before.
const LATEST: Duration = Duration::from_secs(4);
/// A camera that has given pictures for so long is well, and the next wait is short again.
const STEADY: Duration = Duration::from_secs(10);

/// Opens the source that is kept, always the same one.
type Open = Box<dyn FnMut() -> Result<Box<dyn Source>, CameraError> + Send>;

/// What there is to see at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A new picture. Its time counts from when the keeper began, over every source that it has opened.
    Frame(Frame),
    /// Nothing new.
    Nothing,
    /// The source was lost now. It is opened again by and by.
    Lost(Lost),
    /// It cannot be opened. Said once, until there is another reason or it was open in between.
    Refused(CameraError),
}

/// Holds a source and opens it again when it is lost.
pub struct Keeper {
    open: Open,
    /// The source, when it was opened, and when it gave its first picture.
    source: Option<(Box<dyn Source>, Duration, Option<Duration>)>,
    /// Before that it is not looked for.
    due: Duration,
    wait: Duration,
    told: Option<CameraError>,
    begun: Instant,
}

impl Keeper {
    /// Opens nothing yet: that happens at the first look, on whatever thread looks.
    #[must_use]
    pub fn new(open: impl FnMut() -> Result<Box<dyn Source>, CameraError> + Send + 'static) -> Self {
        let (due, wait) = (Duration::ZERO, SOONEST);
        Self { open: Box::new(open), source: None, due, wait, told: None, begun: Instant::now() }
    }

    /// A camera with this id, or the first one that there is, whose id is kept from then on.
    #[must_use]
    pub fn of_camera(chosen: Option<String>) -> Self {
        let mut id = chosen;
        Self::new(move || {
            let camera = super::Webcam::open(id.as_deref())?;
            id = Some(camera.camera().id.clone());
            Ok(Box::new(camera))
        })
    }

    /// Whether a source is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.source.is_some()
    }

    /// What there is to see now. May wait for as long as opening takes.
    pub fn latest(&mut self) -> Seen {
        self.latest_at(self.begun.elapsed())
    }

    /// The same, by a clock that is given, from zero on.
    pub fn latest_at(&mut self, now: Duration) -> Seen {
        let Some((source, opened, first)) = &mut self.source else { return self.look(now) };
        match source.latest() {
            Ok(Some(frame)) => {
                let since = *first.get_or_insert(now);
                if now.saturating_sub(since) >= STEADY {
                    self.wait = SOONEST;
                }
                Seen::Frame(Frame { at: *opened + frame.at, ..frame })
            }
            Ok(None) => Seen::Nothing,
            Err(lost) => {
                self.source = None;
                self.later(now);
                Seen::Lost(lost)
            }
        }
    }

    fn look(&mut self, now: Duration) -> Seen {
        if now < self.due {
            return Seen::Nothing;
        }
        match (self.open)() {
            Ok(source) => {
                self.source = Some((source, now, None));
                self.told = None;
                Seen::Nothing
            }
            Err(error) => {
                self.later(now);
                if self.told.as_ref() == Some(&error) {
                    return Seen::Nothing;
                }
                self.told = Some(error.clone());
                Seen::Refused(error)
            }
        }
    }

    fn later(&mut self, now: Duration) {
        self.due = now + self.wait;
        self.wait = (self.wait * 2).min(LATEST);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::senses::face::Picture;

    type Script = Arc<Mutex<Vec<Result<Option<u64>, Lost>>>>;

    /// Gives what the script says next, and nothing new after that.
    struct Scripted(Script);

    impl Source for Scripted {
        fn latest(&mut self) -> Result<Option<Frame>, Lost> {
            let mut script = self.0.lock().expect("nobody panicked");
            let next = if script.is_empty() { Ok(None) } else { script.remove(0) };
            next.map(|at| at.map(|at| Frame { picture: grey(), at: ms(at) }))
        }
    }

    fn grey() -> Picture {
        Picture::of(1, 1, vec![99; 3]).expect("a picture")
    }

    fn ms(of: u64) -> Duration {
        Duration::from_millis(of)
    }

    /// A keeper of scripted sources, and at which of these times it tried to open one.
    fn tries(keeper: &mut Keeper, count: &Arc<Mutex<u32>>, times: impl Iterator<Item = u64>) -> Vec<u64> {
        let mut at = Vec::new();
        for now in times {
            let before = *count.lock().expect("nobody panicked");
            keeper.latest_at(ms(now));
            if *count.lock().expect("nobody panicked") > before {
                at.push(now);
            }
        }
        at
    }

    fn failing(error: CameraError) -> (Keeper, Arc<Mutex<u32>>) {
        let count = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&count);
        let keeper = Keeper::new(move || {
            *counted.lock().expect("nobody panicked") += 1;
            Err(error.clone())
        });
        (keeper, count)
    }

    #[test]
    fn a_camera_that_is_not_there_is_looked_for_less_and_less_often_and_said_once() {
        let (mut keeper, count) = failing(CameraError::None);
        assert_eq!(keeper.latest_at(ms(0)), Seen::Refused(CameraError::None));
        let at = tries(&mut keeper, &count, (0..20_000).step_by(100));
        assert_eq!(at, [1_000, 3_000, 7_000, 11_000, 15_000, 19_000]);
        let (mut keeper, _) = failing(CameraError::None);
        let said = (0..600).filter(|it| keeper.latest_at(ms(it * 100)) != Seen::Nothing).count();
        assert_eq!(said, 1);
    }

    #[test]
    fn what_was_lost_is_opened_again_and_its_times_go_on() {
        let script: Script = Arc::new(Mutex::new(vec![Ok(Some(40)), Err(Lost::Unplugged), Ok(Some(40))]));
        let shared = Arc::clone(&script);
        let mut keeper = Keeper::new(move || Ok(Box::new(Scripted(Arc::clone(&shared)))));
        let frame = |at| Seen::Frame(Frame { picture: grey(), at: ms(at) });
        assert_eq!(keeper.latest_at(ms(100)), Seen::Nothing);
        assert!(keeper.is_open());
        assert_eq!(keeper.latest_at(ms(150)), frame(140));
        assert_eq!(keeper.latest_at(ms(200)), Seen::Lost(Lost::Unplugged));
        assert!(!keeper.is_open());
        assert_eq!(keeper.latest_at(ms(1_199)), Seen::Nothing);
        assert!(!keeper.is_open());
        assert_eq!(keeper.latest_at(ms(1_200)), Seen::Nothing);
        assert_eq!(keeper.latest_at(ms(1_250)), frame(1_240));
    }

    #[test]
    fn one_that_is_lost_again_at_once_is_opened_ever_later_and_one_that_was_well_for_long_soon() {
        let script: Script = Arc::default();
        let (shared, count) = (Arc::clone(&script), Arc::new(Mutex::new(0)));
        let counted = Arc::clone(&count);
        let mut keeper = Keeper::new(move || {
            *counted.lock().expect("nobody panicked") += 1;
            Ok(Box::new(Scripted(Arc::clone(&shared))))
        });
        let say = |what: Vec<Result<Option<u64>, Lost>>| *script.lock().expect("nobody panicked") = what;
        say((0..60).flat_map(|_| [Ok(Some(1)), Err(Lost::Frozen)]).collect());
        let at = tries(&mut keeper, &count, (0..30_000).step_by(1_000));
        assert_eq!(at, [0, 3_000, 7_000, 13_000, 19_000, 25_000]);
        say((0..12).map(|it| Ok(Some(it))).chain([Err(Lost::Unplugged)]).collect());
        let at = tries(&mut keeper, &count, (48_000..70_000).step_by(1_000));
        assert_eq!(at, [48_000, 62_000]);
    }
}
