use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::super::affect::circumplex;
use super::super::sense::{EXPRESSIONS, Glance, neutral};
use super::*;
use crate::dialogue::face::{Expression, Sight};
use crate::dialogue::input::{Health, Sense};
use crate::senses::camera::{CameraError, Frame, Lost, Source};

/// What happens around a camera that is none: faults that no real one gives on demand.
#[derive(Default)]
struct Around {
    look: Mutex<Option<Look>>,
    unplugged: AtomicBool,
    /// How many cameras are open now.
    open: AtomicUsize,
    slow: AtomicBool,
    looked: AtomicUsize,
}

struct Camera(Arc<Around>);

impl Drop for Camera {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Source for Camera {
    fn latest(&mut self) -> Result<Option<Frame>, Lost> {
        if self.0.unplugged.load(Ordering::SeqCst) {
            return Err(Lost::Unplugged);
        }
        let picture = Picture::of(8, 8, vec![120; 8 * 8 * 3]).expect("a picture");
        Ok(Some(Frame { picture, at: Duration::ZERO }))
    }
}

struct Model(Arc<Around>);

impl Looks for Model {
    fn look(&self, _: &Picture, _: Option<&Found>) -> Result<(Look, Option<Reading>), OnnxError> {
        self.0.looked.fetch_add(1, Ordering::SeqCst);
        if self.0.slow.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(150));
        }
        let look = self.0.look.lock().expect("nobody panicked").unwrap_or(Look::Nobody);
        Ok((look, None))
    }
}

fn showing(expression: Expression) -> Look {
    let mut likely = neutral();
    let at = EXPRESSIONS.iter().position(|it| *it == expression).expect("it is counted");
    (likely[0], likely[at]) = (0.05, 0.95);
    if at == 0 {
        likely = neutral();
    }
    let pairs: Vec<_> = EXPRESSIONS.into_iter().zip(likely).collect();
    Look::Face(Glance { likely, affect: circumplex(&pairs), score: 0.95, mien: None, turn: [0.0; 3] })
}

impl Around {
    fn shows(&self, look: Look) {
        *self.look.lock().expect("nobody panicked") = Some(look);
    }

    fn watch(self: &Arc<Self>) -> Watch {
        let (camera, model) = (Arc::clone(self), Arc::clone(self));
        let open: Open = Box::new(move |_| {
            let around = Arc::clone(&camera);
            Keeper::new(move || {
                if around.unplugged.load(Ordering::SeqCst) {
                    return Err(CameraError::None);
                }
                around.open.fetch_add(1, Ordering::SeqCst);
                Ok(Box::new(Camera(Arc::clone(&around))))
            })
        });
        let load: Load = Box::new(move || Ok(Box::new(Model(Arc::clone(&model)))));
        Watch::start(Parts { open, load, vision: None }, None).expect("a thread")
    }
}

/// Waits until it holds; how long that took.
fn until(what: &str, mut holds: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(20), "in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
    begun.elapsed()
}

#[test]
fn mirror_moves_a_face_and_tells_nobody_anything() {
    let around = Arc::new(Around::default());
    around.shows(showing(Expression::Neutral));
    let mut watch = around.watch();
    assert_eq!((watch.mien(), around.open.load(Ordering::SeqCst)), (None, 0));
    watch.allow(Level::Mirror);
    watch.show(true);
    let learned = |watch: &mut Watch| watch.seen().is_some_and(|seen| seen.sight == Sight::Face);
    until("its neutral is known", || learned(&mut watch));
    around.shows(showing(Expression::Fearful));
    until("the mien follows", || watch.mien().is_some_and(|mien| mien.wide > 0.4));
    watch.begin();
    std::thread::sleep(Duration::from_millis(2_500));
    assert_eq!(watch.utterance("You were brave and kind."), None);
    assert!(watch.told().is_empty(), "{:?}", watch.told().try_iter().collect::<Vec<_>>());
    assert!(watch.seen().is_some_and(|seen| seen.caption.is_empty()));
}

#[test]
fn aware_sums_up_an_utterance_beside_its_words_and_tells_of_distress() {
    let around = Arc::new(Around::default());
    around.shows(showing(Expression::Neutral));
    let mut watch = around.watch();
    watch.allow(Level::Aware);
    watch.show(true);
    until("its neutral is known", || watch.seen().is_some_and(|seen| seen.sight == Sight::Face));
    watch.begin();
    around.shows(showing(Expression::Sad));
    std::thread::sleep(Duration::from_millis(2_500));
    let summary = watch.utterance("You did something brave and kind.").expect("it is summed up");
    assert!(summary.disagrees && summary.expression == Expression::Sad, "{summary:?}");
    around.shows(showing(Expression::Fearful));
    until("distress is told", || !watch.told().is_empty());
    assert!(matches!(watch.told().try_recv(), Ok(Input::Face(_))));
}

#[test]
fn what_is_withdrawn_closes_the_camera_and_leaves_nothing() {
    let around = Arc::new(Around::default());
    around.shows(showing(Expression::Happy));
    let mut watch = around.watch();
    watch.allow(Level::Aware);
    until("it is seen", || watch.mien().is_some());
    watch.allow(Level::Off);
    assert_eq!((watch.mien(), watch.utterance("Hello.")), (None, None));
    let took = until("the camera is closed", || around.open.load(Ordering::SeqCst) == 0);
    // V10 of the fault table: within half a second.
    assert!(took < Duration::from_millis(500), "{took:?}");
    let looked = around.looked.load(Ordering::SeqCst);
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!((around.looked.load(Ordering::SeqCst), watch.mien()), (looked, None));
}

#[test]
fn a_camera_that_is_pulled_out_fades_from_the_face_is_said_and_taken_again() {
    let around = Arc::new(Around::default());
    around.shows(showing(Expression::Happy));
    let mut watch = around.watch();
    watch.allow(Level::Aware);
    until("it is seen", || watch.mien().is_some_and(|mien| mien.there > 0.9));
    around.unplugged.store(true, Ordering::SeqCst);
    // V1: within two seconds of the last picture, give or take one look.
    let faded = until("the mien fades", || watch.mien().is_none_or(|mien| mien.there < 0.35));
    assert!(faded < Duration::from_millis(2_500), "{faded:?}");
    let told: Vec<Input> = watch.told().try_iter().collect();
    assert!(
        matches!(&told[..], [Input::Health { part, state: Health::Gone(_) }] if part == "camera"),
        "{told:?}"
    );
    around.unplugged.store(false, Ordering::SeqCst);
    // V3: within five seconds.
    let back = until("it is taken again", || watch.mien().is_some_and(|mien| mien.there > 0.9));
    assert!(back < Duration::from_secs(5), "{back:?}");
    let told = watch.told().try_recv();
    assert!(matches!(told, Ok(Input::Health { state: Health::Well, .. })), "{told:?}");
}

#[test]
fn without_its_models_the_face_is_off_and_the_session_is_told() {
    let open: Open = Box::new(|_| Keeper::new(|| Err(CameraError::None)));
    let load: Load = Box::new(|| Err(FaceError::NoDetector));
    let mut watch = Watch::start(Parts { open, load, vision: None }, None).expect("a thread");
    watch.allow(Level::Aware);
    until("both are told", || watch.told().len() == 2);
    let told: Vec<Input> = watch.told().try_iter().collect();
    assert!(
        matches!(&told[0], Input::Health { part, state: Health::Gone(_) } if part == "camera"),
        "{told:?}"
    );
    assert!(matches!(told[1], Input::Consent(Sense::Face, Level::Off)), "{told:?}");
    assert_eq!(watch.mien(), None);
}

#[test]
fn where_looking_takes_long_it_is_done_less_often() {
    let around = Arc::new(Around::default());
    around.shows(Look::Nobody);
    around.slow.store(true, Ordering::SeqCst);
    let mut watch = around.watch();
    watch.allow(Level::Mirror);
    watch.show(true);
    let mut rate = f32::INFINITY;
    until("the rate is lowered", || {
        rate = watch.seen().map_or(rate, |seen| seen.rate);
        rate < 2.0
    });
}
