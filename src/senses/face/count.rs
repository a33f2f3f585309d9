//! How many faces look at the screen, and nothing else of them: whether somebody stands before an exhibition whose venue
//! allows that and says so.
//!
//! A picture is looked at for where faces are in it, and let go. It never leaves the thread, and nothing tells one face from
//! another.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::detector::{Detector, Found};
use super::picture::Picture;
use super::reader::FaceError;
use crate::models::onnx::OnnxError;
use crate::senses::camera::{Keeper, Seen};

/// How often a picture is looked at.
const PERIOD: Duration = Duration::from_millis(400);
/// A face that is narrower than this share of the picture is too far away to be of somebody who stands before the screen:
/// more than some two metres before a usual webcam.
const LEAST_WIDTH: f32 = 0.05;
/// There are more once so many looks in a row have found more, and fewer once they have found fewer.
const LOOKS: usize = 3;
/// Nothing can be seen once so many looks in a row have seen nothing: whoever came in before may just be giving the camera back.
const BLIND: u32 = 25;

/// Finds faces in a picture.
pub trait Finds: Send {
    /// Every face, the largest first.
    ///
    /// # Errors
    /// When a network fails, or answers with nonsense.
    fn find(&self, picture: &Picture) -> Result<Vec<Found>, OnnxError>;
}

impl Finds for Detector {
    fn find(&self, picture: &Picture) -> Result<Vec<Found>, OnnxError> {
        Self::find(self, picture)
    }
}

/// Loads what finds faces.
pub type LoadFinder = Box<dyn FnOnce() -> Result<Box<dyn Finds>, FaceError> + Send>;

/// Counts faces for as long as it is held. The camera is closed once it is dropped.
#[derive(Debug)]
pub struct Counter {
    /// Closed to end it.
    goes_on: Option<Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Counter {
    /// Begins, and tells how many faces are before the camera, whenever that changes; none while nothing can be seen, because
    /// the camera is gone, or what finds faces is. Nothing is opened or loaded before its thread runs.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(camera: Keeper, load: LoadFinder, tell: Sender<Option<u8>>) -> std::io::Result<Self> {
        let (goes_on, ends) = bounded(0);
        let work = move || {
            if let Ok(finds) = load() {
                Work { camera, finds, steady: Steady::default(), tell }.run(&ends);
            } else {
                // Whoever does not listen does not want it.
                if tell.try_send(None).is_err() {}
            }
        };
        let thread = crate::thread::spawn("counting", work)?;
        Ok(Self { goes_on: Some(goes_on), thread: Some(thread) })
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.goes_on = None;
        // The camera may be wanted next, by somebody who said yes.
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {}
    }
}

struct Work {
    camera: Keeper,
    finds: Box<dyn Finds>,
    steady: Steady,
    tell: Sender<Option<u8>>,
}

impl Work {
    fn run(mut self, ends: &Receiver<Infallible>) {
        while matches!(ends.recv_timeout(PERIOD), Err(RecvTimeoutError::Timeout)) {
            let looked = match self.camera.latest() {
                Seen::Frame(frame) => {
                    self.finds.find(&frame.picture).ok().map(|found| near(&found, frame.picture.width()))
                }
                Seen::Nothing if self.camera.is_open() => continue,
                Seen::Nothing | Seen::Lost(_) | Seen::Refused(_) => None,
            };
            if let Some(news) = self.steady.take(looked)
                // Whoever is behind by so much is told again by and by.
                && self.tell.try_send(news).is_err()
            {
                self.steady = Steady::default();
            }
        }
    }
}

/// How many of these faces are of somebody who stands before the screen.
fn near(found: &[Found], width: usize) -> u8 {
    let least = LEAST_WIDTH * width as f32;
    u8::try_from(found.iter().filter(|face| face.bounds[2] >= least).count()).unwrap_or(u8::MAX)
}

/// What comes or goes for a moment only is not told.
#[derive(Debug, Default)]
struct Steady {
    /// What was told last, if anything was.
    told: Option<Option<u8>>,
    last: VecDeque<u8>,
    /// How many looks in a row have seen nothing.
    blind: u32,
}

impl Steady {
    /// What is to be told after this look, if anything.
    fn take(&mut self, looked: Option<u8>) -> Option<Option<u8>> {
        let now = match looked {
            None => {
                self.last.clear();
                self.blind = self.blind.saturating_add(1);
                if self.blind < BLIND {
                    return None;
                }
                None
            }
            Some(count) => {
                self.blind = 0;
                self.last.push_back(count);
                if self.last.len() < LOOKS {
                    return None;
                }
                while self.last.len() > LOOKS {
                    self.last.pop_front();
                }
                let (least, most) = (*self.last.iter().min()?, *self.last.iter().max()?);
                Some(self.told.flatten().map_or(least, |was| was.clamp(least, most)))
            }
        };
        (self.told.replace(now) != Some(now)).then_some(now)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::senses::camera::{Frame, Lost, Source};

    const WAIT: Duration = Duration::from_secs(20);

    #[test]
    fn what_stays_for_some_looks_is_told_once() {
        let mut steady = Steady::default();
        let told = |steady: &mut Steady, counts: &[u8]| -> Vec<u8> {
            counts.iter().filter_map(|count| steady.take(Some(*count)).flatten()).collect()
        };
        assert_eq!(told(&mut steady, &[0, 0, 0, 0, 0]), [0]);
        assert_eq!(told(&mut steady, &[1, 0, 1, 1, 0, 0, 0]), [] as [u8; 0], "they walk past");
        assert_eq!(told(&mut steady, &[1, 1, 1, 1, 2, 1, 1, 1, 0, 0, 0, 0]), [1, 0]);
        assert_eq!(told(&mut steady, &[1, 2, 1, 2, 1, 2]), [1], "some are there, however many");
    }

    #[test]
    fn a_camera_that_is_gone_is_told_once_after_a_while_and_one_that_comes_back_is_told_anew() {
        let mut steady = Steady::default();
        let mut blind = |looks: u32| (0..looks).filter_map(|_| steady.take(None)).collect::<Vec<_>>();
        assert_eq!(blind(BLIND - 1), [], "somebody else may have it for a moment");
        assert_eq!(blind(BLIND), [None]);
        assert_eq!((0..LOOKS).filter_map(|_| steady.take(Some(0))).collect::<Vec<_>>(), [Some(0)]);
        assert_eq!((0..BLIND).filter_map(|_| steady.take(None)).collect::<Vec<_>>(), [None]);
    }

    #[test]
    fn a_face_in_a_poster_across_the_hall_is_nobody() {
        let face = |width: f32| Found { bounds: [0.0, 0.0, width, width], points: [[0.0; 2]; 5], score: 0.9 };
        assert_eq!(near(&[face(90.0), face(40.0), face(20.0)], 640), 2);
    }

    /// A camera that is counted while it is open.
    struct Held(Arc<AtomicUsize>);

    impl Source for Held {
        fn latest(&mut self) -> Result<Option<Frame>, Lost> {
            let picture = Picture::of(2, 2, vec![7; 12]).ok_or(Lost::Frozen)?;
            Ok(Some(Frame { picture, at: Duration::ZERO }))
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// Finds one face in everything.
    struct One;

    impl Finds for One {
        fn find(&self, _picture: &Picture) -> Result<Vec<Found>, OnnxError> {
            Ok(vec![Found { bounds: [0.0, 0.0, 2.0, 2.0], points: [[0.0; 2]; 5], score: 0.9 }])
        }
    }

    fn counting(open: Arc<AtomicUsize>, load: LoadFinder) -> (Counter, Receiver<Option<u8>>) {
        let camera = Keeper::new(move || {
            open.fetch_add(1, Ordering::SeqCst);
            Ok(Box::new(Held(Arc::clone(&open))) as Box<dyn Source>)
        });
        let (tell, told) = bounded(8);
        (Counter::start(camera, load, tell).expect("a thread"), told)
    }

    #[test]
    fn the_camera_is_closed_once_nobody_counts_any_more() {
        let open = Arc::new(AtomicUsize::new(0));
        let (counter, told) = counting(Arc::clone(&open), Box::new(|| Ok(Box::new(One))));
        assert_eq!(told.recv_timeout(WAIT), Ok(Some(1)));
        assert_eq!(open.load(Ordering::SeqCst), 1);
        drop(counter);
        assert_eq!(open.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn without_what_finds_faces_no_camera_is_opened_and_that_is_told() {
        let open = Arc::new(AtomicUsize::new(0));
        let (_counter, told) = counting(Arc::clone(&open), Box::new(|| Err(FaceError::NoDetector)));
        assert_eq!(told.recv_timeout(WAIT), Ok(None));
        assert_eq!(open.load(Ordering::SeqCst), 0);
    }
}
