//! What the host asks of whoever sees the person's face.

use crossbeam_channel::Receiver;

use super::door::Preferences;
use crate::dialogue::Input;
use crate::dialogue::face::{FaceSummary, Level, Mien, Seen};
#[cfg(feature = "face")]
use crate::senses::face::watch::Watch;

/// Sees the person. Nothing of it waits.
pub trait Sight: Send {
    /// What happened, as it comes.
    fn inputs(&self) -> Receiver<Input>;

    /// So much is allowed from now on: the camera is open while anything is.
    fn allow(&mut self, level: Level);

    /// The person wants to be seen in this way from now on.
    fn wish(&mut self, wanted: &Preferences);

    /// They begin to say something, or have taken back what they began.
    fn says(&mut self, something: bool);

    /// What their face did while they said these words, where they allowed that to be known.
    fn utterance(&mut self, words: &str) -> Option<FaceSummary>;

    /// How their face moves, while that is allowed.
    fn mien(&self) -> Option<Mien>;

    /// They look at what is seen, or look away.
    fn show(&mut self, shown: bool);

    /// What is seen, where they look at it and it has changed.
    fn seen(&mut self) -> Option<Box<Seen>>;
}

#[cfg(feature = "face")]
impl Sight for Watch {
    fn inputs(&self) -> Receiver<Input> {
        self.told().clone()
    }

    fn allow(&mut self, level: Level) {
        Self::allow(self, level);
    }

    fn wish(&mut self, wanted: &Preferences) {
        let camera = wanted.sight.camera.trim();
        self.change((!camera.is_empty()).then(|| camera.to_owned()));
        self.portray(wanted.sight.portrait && wanted.sight.level == Level::Aware);
    }

    fn says(&mut self, something: bool) {
        if something {
            self.begin();
        } else {
            self.forget();
        }
    }

    fn utterance(&mut self, words: &str) -> Option<FaceSummary> {
        Self::utterance(self, words)
    }

    fn mien(&self) -> Option<Mien> {
        Self::mien(self)
    }

    fn show(&mut self, shown: bool) {
        Self::show(self, shown);
    }

    fn seen(&mut self) -> Option<Box<Seen>> {
        Self::seen(self)
    }
}
