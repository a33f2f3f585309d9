//! A camera of this machine. A thread owns the device and puts the newest picture where whoever looks takes it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};

use super::listing::{Camera, cameras, find};
use super::{CameraError, Coding, Frame, Freshness, Lost, Source};

/// How long a camera may take to open before it is said that it does not answer.
const ANSWERS: Duration = Duration::from_secs(5);
/// How long is waited for a camera to close. One whose driver hangs is left to itself after that.
const CLOSES: Duration = Duration::from_millis(500);

/// A device that gives pictures as they are coded.
pub(super) trait Device: Send {
    /// How they are coded.
    fn coding(&self) -> Coding;

    /// Waits a little, for 0.1 s at most, and shows the next one if it comes.
    ///
    /// # Errors
    /// [`Lost`], when none comes any more.
    fn next(&mut self, see: &mut dyn FnMut(&[u8])) -> Result<(), Lost>;
}

/// A camera. It is open, and its light is on, for as long as it is held.
pub struct Webcam {
    camera: Camera,
    shared: Arc<Shared>,
    /// Disconnected once the device is closed.
    closed: Receiver<()>,
}

struct Shared {
    begun: Instant,
    stop: AtomicBool,
    slot: Mutex<Slot>,
}

struct Slot {
    /// The newest picture, until somebody takes it. The one before is overwritten with zeros.
    frame: Option<Frame>,
    fresh: Freshness,
    lost: Option<Lost>,
    damaged: u64,
}

impl Shared {
    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes what came a picture and puts it into the slot.
    fn see(&self, coding: Coding, bytes: &[u8]) {
        let (at, picture) = (self.begun.elapsed(), coding.picture(bytes));
        let sum = Freshness::sum(bytes);
        let mut slot = self.slot();
        match picture {
            None => slot.damaged += 1,
            Some(picture) => {
                if slot.fresh.came(at, sum) {
                    slot.frame = Some(Frame { picture, at });
                }
            }
        }
    }

    /// Reads the device until it is lost or nobody looks any more.
    fn work(&self, mut device: Box<dyn Device>) {
        let coding = device.coding();
        while !self.stop.load(Ordering::Relaxed) {
            if let Err(lost) = device.next(&mut |bytes| self.see(coding, bytes)) {
                self.slot().lost = Some(lost);
                return;
            }
        }
    }
}

impl Webcam {
    /// Opens the camera with this id, or the first one that there is. No other one is opened in the place of a chosen one.
    /// Waits until it is open.
    ///
    /// # Errors
    /// [`CameraError`].
    pub fn open(chosen: Option<&str>) -> Result<Self, CameraError> {
        if !cfg!(target_os = "linux") {
            return Err(CameraError::Elsewhere);
        }
        let camera = find(cameras(), chosen)?;
        Self::start(camera, open_device, ANSWERS)
    }

    /// Opens a device on a thread of its own.
    fn start(
        camera: Camera,
        open: impl FnOnce(&Camera) -> Result<Box<dyn Device>, CameraError> + Send + 'static,
        answers: Duration,
    ) -> Result<Self, CameraError> {
        let slot = Slot { frame: None, fresh: Freshness::new(Duration::ZERO), lost: None, damaged: 0 };
        let (begun, stop) = (Instant::now(), AtomicBool::new(false));
        let shared = Arc::new(Shared { begun, stop, slot: Mutex::new(slot) });
        let (tell, opened) = bounded(1);
        let (closes, closed) = bounded::<()>(0);
        let (works, named) = (Arc::clone(&shared), camera.clone());
        let work = move || {
            // Dropped last, when the device is closed.
            let _closes = closes;
            match open(&named) {
                Ok(device) => {
                    // Who does not wait any more has told the thread to stop.
                    if tell.send(Ok(())).is_ok() {
                        works.work(device);
                    }
                }
                Err(error) => if tell.send(Err(error)).is_err() {},
            }
        };
        let thread = crate::thread::spawn("camera", work);
        let unusable = |why: String| CameraError::Unusable { title: camera.title.clone(), why };
        thread.map_err(|error| unusable(error.to_string()))?;
        match opened.recv_timeout(answers) {
            Ok(Ok(())) => Ok(Self { camera, shared, closed }),
            Ok(Err(error)) => Err(error),
            Err(_late) => {
                shared.stop.store(true, Ordering::Relaxed);
                Err(CameraError::Deaf(camera.title))
            }
        }
    }

    /// Which camera it is.
    #[must_use]
    pub fn camera(&self) -> &Camera {
        &self.camera
    }

    /// How many pictures came that could not be read.
    #[must_use]
    pub fn damaged(&self) -> u64 {
        self.shared.slot().damaged
    }
}

#[cfg(target_os = "linux")]
fn open_device(camera: &Camera) -> Result<Box<dyn Device>, CameraError> {
    Ok(Box::new(super::v4l::V4l::open(camera)?))
}

#[cfg(not(target_os = "linux"))]
fn open_device(_camera: &Camera) -> Result<Box<dyn Device>, CameraError> {
    Err(CameraError::Elsewhere)
}

impl Source for Webcam {
    fn latest(&mut self) -> Result<Option<Frame>, Lost> {
        let now = self.shared.begun.elapsed();
        let mut slot = self.shared.slot();
        if let Some(frame) = slot.frame.take() {
            return Ok(Some(frame));
        }
        if let Some(lost) = &slot.lost {
            return Err(lost.clone());
        }
        slot.fresh.look(now).map(|()| None)
    }
}

impl Drop for Webcam {
    /// Stops and closes the device, and overwrites what was not looked at.
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.shared.slot().frame = None;
        // Disconnected when it is closed.
        self.closed.recv_timeout(CLOSES).ok();
        self.shared.slot().frame = None;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;
    use crate::senses::camera::listing::tests_camera;

    const PATIENCE: Duration = Duration::from_secs(10);

    /// What a device that is made up does next.
    enum Next {
        Gives(Vec<u8>),
        Loses(Lost),
        Hangs(Duration),
    }

    /// Does what it is told, and tells when it is closed.
    struct MadeUp {
        told: Receiver<Next>,
        _open: Arc<()>,
    }

    impl Device for MadeUp {
        fn coding(&self) -> Coding {
            Coding::Yuyv { width: 2, height: 2, stride: 4 }
        }

        fn next(&mut self, see: &mut dyn FnMut(&[u8])) -> Result<(), Lost> {
            match self.told.recv_timeout(Duration::from_millis(5)) {
                Ok(Next::Gives(bytes)) => see(&bytes),
                Ok(Next::Loses(lost)) => return Err(lost),
                Ok(Next::Hangs(long)) => std::thread::sleep(long),
                Err(_none) => {}
            }
            Ok(())
        }
    }

    struct Opened {
        webcam: Webcam,
        tell: crossbeam_channel::Sender<Next>,
        open: std::sync::Weak<()>,
    }

    fn opened() -> Opened {
        let (tell, told) = bounded(64);
        let held = Arc::new(());
        let open = Arc::downgrade(&held);
        let device = move |_: &Camera| Ok(Box::new(MadeUp { told, _open: held }) as Box<dyn Device>);
        let webcam = Webcam::start(tests_camera("id", "A camera"), device, PATIENCE).expect("it opens");
        Opened { webcam, tell, open }
    }

    fn grey(light: u8) -> Vec<u8> {
        [light, 128, light, 128].repeat(2)
    }

    fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(Instant::now() < end, "it never came");
            std::thread::yield_now();
        }
    }

    #[test]
    fn only_the_newest_picture_is_given_and_only_once() {
        let Opened { mut webcam, tell, .. } = opened();
        for light in [16, 60, 235] {
            tell.send(Next::Gives(grey(light))).expect("it listens");
        }
        // The fourth cannot be read: once it was counted, the three before it were seen.
        tell.send(Next::Gives(vec![1, 2, 3])).expect("it listens");
        until(|| (webcam.damaged() == 1).then_some(()));
        let frame = webcam.latest().expect("it is there").expect("a picture");
        assert_eq!(frame.picture.rgb()[0], 255);
        assert_eq!(webcam.latest(), Ok(None));
        tell.send(Next::Gives(grey(16))).expect("it listens");
        let later = until(|| webcam.latest().expect("it is there"));
        assert!(later.at >= frame.at && later.picture.rgb()[0] == 0);
    }

    #[test]
    fn damaged_pictures_are_dropped_and_counted_and_the_camera_goes_on() {
        let Opened { mut webcam, tell, .. } = opened();
        for bytes in [vec![], vec![7; 7], grey(40)[..7].to_vec()] {
            tell.send(Next::Gives(bytes)).expect("it listens");
        }
        until(|| (webcam.damaged() == 3).then_some(()));
        assert_eq!(webcam.latest(), Ok(None));
        tell.send(Next::Gives(grey(40))).expect("it listens");
        until(|| webcam.latest().expect("it is there"));
        assert_eq!(webcam.damaged(), 3);
    }

    #[test]
    fn one_that_is_unplugged_is_lost_with_the_reason_and_its_last_picture_is_still_given() {
        let Opened { mut webcam, tell, open } = opened();
        tell.send(Next::Gives(grey(40))).expect("it listens");
        tell.send(Next::Loses(Lost::Unplugged)).expect("it listens");
        until(|| (open.strong_count() == 0).then_some(()));
        assert!(webcam.latest().expect("it is there").is_some());
        assert_eq!(webcam.latest(), Err(Lost::Unplugged));
    }

    #[test]
    fn the_same_picture_again_and_again_is_lost_after_two_seconds() {
        let Opened { mut webcam, tell, .. } = opened();
        let begun = Instant::now();
        let lost = until(|| {
            // A full queue is well: it listens at its own pace.
            tell.try_send(Next::Gives(grey(40))).ok();
            webcam.latest().err()
        });
        assert_eq!(lost, Lost::Frozen);
        assert!(begun.elapsed() >= super::super::STALE);
    }

    #[test]
    fn a_camera_that_is_let_go_is_closed_within_half_a_second_whatever_it_does() {
        let Opened { webcam, tell, open } = opened();
        tell.send(Next::Gives(grey(40))).expect("it listens");
        let begun = Instant::now();
        drop(webcam);
        assert!(open.strong_count() == 0 && begun.elapsed() < CLOSES);
        // One whose driver hangs holds up nobody for longer than that.
        let Opened { webcam, tell, open } = opened();
        tell.send(Next::Hangs(Duration::from_secs(2))).expect("it listens");
        until(|| tell.is_empty().then_some(()));
        let (begun, shared) = (Instant::now(), Arc::clone(&webcam.shared));
        drop(webcam);
        assert!(begun.elapsed() < CLOSES * 2);
        until(|| (open.strong_count() == 0).then_some(()));
        assert!(shared.slot().frame.is_none());
    }

    #[test]
    fn one_that_cannot_be_opened_or_does_not_answer_is_said() {
        let camera = tests_camera("id", "A camera");
        let busy = CameraError::Busy("A camera".to_owned());
        let refuses = busy.clone();
        let opened = Webcam::start(camera.clone(), move |_| Err(refuses), PATIENCE);
        assert_eq!(opened.err(), Some(busy));
        let (let_go, hangs) = bounded::<()>(0);
        let tried = Arc::new(AtomicU64::new(0));
        let tries = Arc::clone(&tried);
        let deaf = move |_: &Camera| {
            hangs.recv().ok();
            tries.store(1, Ordering::Relaxed);
            Err(CameraError::None)
        };
        let opened = Webcam::start(camera, deaf, Duration::from_millis(20));
        assert_eq!(opened.err(), Some(CameraError::Deaf("A camera".to_owned())));
        drop(let_go);
        until(|| (tried.load(Ordering::Relaxed) == 1).then_some(()));
    }

    #[test]
    fn where_there_is_no_camera_opening_one_says_so_in_a_line() {
        if !cameras().is_empty() {
            return;
        }
        let said = Webcam::open(None).err().map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(said, "there is no camera; connect one, or go on without");
        let said = Webcam::open(Some("usb-1:2-3")).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(said.starts_with("the camera usb-1:2-3 is not there; connect it"), "{said}");
    }
}
