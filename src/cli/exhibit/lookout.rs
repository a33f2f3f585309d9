//! Counts who stands before the sign, from the first picture on until somebody comes in.

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::cli::complain;
use crate::config::Settings;
#[cfg(feature = "face")]
use crate::senses::face::count::Counter;

/// So many counts wait at most.
const COUNTS: usize = 8;

/// What counts, before, while and after it does.
pub(super) struct Lookout {
    /// What it begins with; none once it has begun, or is not to.
    waits: Option<(Settings, Sender<Option<u8>>)>,
    counter: Option<Counter>,
    faces: Receiver<Option<u8>>,
}

impl Lookout {
    /// Looks at nobody yet. `counts`: whether it will.
    pub(super) fn new(settings: &Settings, counts: bool) -> Self {
        let (tell, faces) = bounded(COUNTS);
        Self { waits: counts.then(|| (settings.clone(), tell)), counter: None, faces }
    }

    /// There is a sign to be read: it looks from now on.
    pub(super) fn begin(&mut self) {
        let Some((settings, tell)) = self.waits.take() else { return };
        match counter(&settings, tell) {
            Ok(counter) => self.counter = counter,
            Err(error) => complain(&format!("nobody can be seen coming: {error}")),
        }
    }

    /// It looks no more, and the camera is closed.
    pub(super) fn end(&mut self) {
        (self.waits, self.counter) = (None, None);
    }

    /// How many faces there are, whenever that changes; none while nothing can be seen.
    pub(super) fn faces(&self) -> Receiver<Option<u8>> {
        self.faces.clone()
    }
}

#[cfg(feature = "face")]
fn counter(settings: &Settings, tell: Sender<Option<u8>>) -> std::io::Result<Option<Counter>> {
    crate::cli::sight::counter(settings, tell).map(Some)
}

/// Nothing sees anybody.
#[cfg(not(feature = "face"))]
enum Counter {}

#[cfg(not(feature = "face"))]
fn counter(_settings: &Settings, _tell: Sender<Option<u8>>) -> std::io::Result<Option<Counter>> {
    Ok(None)
}
