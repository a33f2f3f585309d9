//! The thread that watches.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use super::sitter::Studio;
use super::{Command, Load, Looks, Open, Parts, Shared, lock};
use crate::dialogue::Input;
use crate::dialogue::face::{Level, Seen, Sight};
use crate::dialogue::input::{Health, Sense};
use crate::senses::camera::{self, Frame, Keeper};
use crate::senses::face::detector::Found;
use crate::senses::face::portrait::portrait;
use crate::senses::face::reader::Reading;
use crate::senses::face::sense::{EXPRESSIONS, Look};

/// How often a picture is looked at: five times a second, and less often where that would take more than a quarter of a core.
const PERIOD: Duration = Duration::from_millis(200);
const LONGEST_PERIOD: Duration = Duration::from_secs(2);
const SHARE: u32 = 4;
/// How much of the past the words are about that the person is shown.
const SHOWN: Duration = Duration::from_secs(6);
/// How wide the picture is that they are shown, in pixels.
const WIDE: usize = 320;

/// Everything that the thread holds.
pub(super) struct Work {
    open: Open,
    load: Load,
    looks: Option<Box<dyn Looks>>,
    keeper: Option<Keeper>,
    camera: Option<String>,
    level: Level,
    shown: bool,
    /// The face that was looked at last.
    last: Option<Found>,
    period: Duration,
    /// What was told last of the camera.
    well: bool,
    tell: Sender<Input>,
    shared: Arc<Mutex<Shared>>,
    epoch: Instant,
    /// Where a picture an utterance goes, if one may.
    studio: Option<Studio>,
}

impl Work {
    pub(super) fn new(
        parts: Parts,
        camera: Option<String>,
        (tell, shared): (Sender<Input>, Arc<Mutex<Shared>>),
        epoch: Instant,
    ) -> Self {
        Self {
            open: parts.open,
            load: parts.load,
            looks: None,
            keeper: None,
            camera,
            level: Level::Off,
            shown: false,
            last: None,
            period: PERIOD,
            well: true,
            tell,
            shared,
            epoch,
            studio: None,
        }
    }

    /// The same, with where a picture an utterance goes.
    pub(super) fn with(self, studio: Option<Studio>) -> Self {
        Self { studio, ..self }
    }

    /// Until whoever started it has gone.
    pub(super) fn run(mut self, to_do: &Receiver<Command>) {
        let mut next = Instant::now();
        loop {
            let command = if self.level == Level::Off {
                to_do.recv().map_err(|_gone| RecvTimeoutError::Disconnected)
            } else {
                to_do.recv_deadline(next)
            };
            match command {
                Ok(command) => self.obey(command),
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    let begun = Instant::now();
                    self.step();
                    self.period = (begun.elapsed() * SHARE).clamp(PERIOD, LONGEST_PERIOD);
                    next = begun + self.period;
                }
            }
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Level(level) => {
                self.level = level;
                if level == Level::Off {
                    self.close();
                }
            }
            Command::Camera(camera) => {
                self.camera = camera;
                (self.keeper, self.last, self.well) = (None, None, true);
            }
            Command::Show(shown) => self.shown = shown,
        }
    }

    /// Nothing of what was seen is left.
    fn close(&mut self) {
        (self.keeper, self.looks, self.last, self.well) = (None, None, None, true);
        let mut shared = lock(&self.shared);
        // It may have been allowed again by now.
        *shared = Shared { level: shared.level, ..Shared::default() };
    }

    fn step(&mut self) {
        if self.looks.is_none() {
            match (self.load)() {
                Ok(looks) => self.looks = Some(looks),
                Err(error) => return self.give_up(&error.to_string()),
            }
        }
        let keeper = self.keeper.get_or_insert_with(|| (self.open)(self.camera.as_deref()));
        match keeper.latest() {
            camera::Seen::Frame(frame) => {
                self.tell_of(true, || Health::Well);
                self.look(&frame);
            }
            camera::Seen::Lost(lost) => {
                self.last = None;
                self.tell_of(false, || Health::Gone(lost.to_string()));
            }
            camera::Seen::Refused(error) => self.tell_of(false, || Health::Gone(error.to_string())),
            camera::Seen::Nothing if keeper.is_open() => {}
            camera::Seen::Nothing => self.take(&Look::Blind, None),
        }
    }

    /// Without its models the face stays off; the person is told once.
    fn give_up(&mut self, why: &str) {
        self.tell_of(false, || Health::Gone(why.to_owned()));
        self.level = Level::Off;
        self.close();
        // Nothing says any more that somebody is seen.
        if self.tell.try_send(Input::Consent(Sense::Face, Level::Off)).is_err() {}
    }

    fn look(&mut self, frame: &Frame) {
        let Some(looks) = &self.looks else { return };
        let (look, reading) =
            looks.look(&frame.picture, self.last.as_ref()).unwrap_or((Look::Nonsense, None));
        if let Some(reading) = &reading {
            self.last = Some(reading.found);
        }
        let found = reading.as_ref().map(|reading| reading.found.bounds);
        self.take(&look, Some((frame, reading)));
        if let (Look::Face(_), Some(found), Some(studio)) = (&look, found, &self.studio)
            && lock(&self.shared).sense.sight() == Sight::Face
        {
            studio.take(self.epoch.elapsed(), || portrait(&frame.picture, found));
        }
    }

    /// What a picture showed, to the sense and to whoever may know of it.
    fn take(&self, look: &Look, from: Option<(&Frame, Option<Reading>)>) {
        let at = self.epoch.elapsed();
        let mut shared = lock(&self.shared);
        // What was allowed when the picture came may not be any more.
        if shared.level == Level::Off {
            return;
        }
        shared.sense.see(at, look);
        shared.mien = Some(shared.sense.mien());
        let aside = if shared.level == Level::Aware { shared.sense.aside(at) } else { None };
        if let Some(aside) = aside
            // Whoever does not read what is told for so long does not need it any more.
            && self.tell.try_send(Input::Face(aside)).is_err()
        {}
        if self.shown {
            let seen = self.seen(&shared, at, from);
            shared.seen = Some(Box::new(seen));
        }
    }

    /// What the person is shown.
    fn seen(&self, shared: &Shared, at: Duration, from: Option<(&Frame, Option<Reading>)>) -> Seen {
        let (likely, affect, confidence) = shared.sense.now();
        let just_now = shared.sense.summary(at.saturating_sub(SHOWN), at);
        let told = just_now.filter(|_| shared.level == Level::Aware);
        let mut seen = Seen {
            sight: from.as_ref().map_or(Sight::Waiting, |_| shared.sense.sight()),
            likely: EXPRESSIONS.into_iter().zip(likely).collect(),
            affect: [affect.valence, affect.arousal],
            confidence,
            caption: told.map(|it| it.caption).unwrap_or_default(),
            rate: 1.0 / self.period.as_secs_f32(),
            ..Seen::default()
        };
        let Some((frame, reading)) = from else { return seen };
        let (width, height) = (frame.picture.width() as f32, frame.picture.height() as f32);
        seen.picture = frame.picture.thumbnail(WIDE);
        if let Some(reading) = reading {
            let [left, top, wide, high] = reading.found.bounds;
            seen.bounds = Some([left / width, top / height, wide / width, high / height]);
            let points = match &reading.points {
                Some(points) => points.points.as_slice(),
                None => &reading.found.points,
            };
            seen.points = points.iter().map(|[x, y]| [x / width, y / height]).collect();
        }
        seen
    }

    /// Tells of the camera, where that is news. That it is there is none at first.
    fn tell_of(&mut self, well: bool, state: impl FnOnce() -> Health) {
        let news = std::mem::replace(&mut self.well, well) != well;
        if news && self.tell.try_send(Input::Health { part: "camera".to_owned(), state: state() }).is_err() {}
    }
}
