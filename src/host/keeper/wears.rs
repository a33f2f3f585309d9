//! The headset that a stage may be shown in: whether one answers, and what it says.

use std::time::Instant;

use crossbeam_channel::RecvTimeoutError;

use super::{GLANCE, Keeper, Stage};
use crate::host::door::{Devices, Headset, HeadsetNews, Preferences, Shown};
use crate::host::headset::{self, Step};
use crate::host::process::StageProcess;
use crate::host::stages::Attend;

impl<O, A: Attend> Keeper<O, A> {
    /// Waits until a headset answers that is the only place to be in; none once nobody wants it any more.
    pub(in crate::host) fn wait_for_headset(
        &mut self,
        start: impl Fn(&Preferences) -> Option<StageProcess>,
    ) -> Option<Stage> {
        while self.way.is_wanted() {
            self.look_for_headset(Instant::now(), &start);
            match self.hear_candidate() {
                Some(stage) => return Some(stage),
                None => std::thread::sleep(GLANCE),
            }
        }
        // There is no stage that would say why.
        if let Some(news) = self.way.news() {
            self.attend.tell(news);
        }
        None
    }

    /// Waits for what the stage says that was started for a headset; none: there is none.
    pub(in crate::host) fn hear_candidate(&mut self) -> Option<Stage> {
        while self.way.is_asking() {
            let said = match self.way.said().recv_timeout(GLANCE) {
                Ok(said) => Some(said),
                Err(RecvTimeoutError::Timeout) => {
                    self.way.look(Instant::now());
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => None,
            };
            if let Step::Enters(process) = self.way.hear(said, Instant::now()) {
                return Some(Stage { process, shown: Shown::Headset });
            }
        }
        None
    }

    /// Looks for a headset where one is wanted, and says what there is to know of it.
    pub(super) fn look_for_headset(
        &mut self,
        now: Instant,
        start: impl Fn(&Preferences) -> Option<StageProcess>,
    ) -> Option<HeadsetNews> {
        self.way.look(now);
        if self.way.is_due(now) {
            match start(&self.welcome.preferences) {
                Some(candidate) => self.way.tries(candidate, now),
                None => self.way.cannot_try(now),
            }
        }
        let news = self.way.news()?;
        self.attend.tell(news);
        Some(news)
    }

    /// The person is heard through the headset, unless they chose a microphone themselves.
    pub(super) fn hear_through(&mut self, devices: &Devices) {
        let found = headset::microphone(devices).map(|device| device.id.clone());
        if found != self.microphone {
            self.microphone = found;
            self.say_preferences();
        }
    }

    /// What the stage says of the headset; true where it is leaving it.
    pub(super) fn headset(&mut self, said: Headset, shown: Shown) -> bool {
        match said {
            Headset::Enter => self.way.want(Instant::now()),
            Headset::Leave => self.way.leave(),
            Headset::Left => self.way.left(),
            Headset::Lost => self.lose_headset(),
            Headset::Ready | Headset::Cannot(_) => return false,
        }
        shown == Shown::Headset
    }
}
