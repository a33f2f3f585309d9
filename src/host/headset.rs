//! The way into a headset and out of it: a stage is started for one beside the one on the screen, and takes its place once it
//! says that a headset is there. What is lost is tried again after a while, and not for ever.

use std::time::{Duration, Instant};

use super::door::{Device, Devices, Headset, HeadsetNews, NoHeadset};
use super::link::FromStage;
use super::process::{ANSWERS, StageProcess};

/// How long until it is tried again, at first and at most.
const FIRST: Duration = Duration::from_secs(4);
const LONGEST: Duration = Duration::from_secs(30);
/// A headset that is lost so often, each time within so short a time, is given up.
const MOST_LOSSES: u32 = 4;
const SHORT: Duration = Duration::from_secs(60);

/// Whether the person wants to be in a headset, and how far they have come.
#[derive(Debug, Default)]
pub(super) struct Way {
    wanted: bool,
    /// A stage that has not said yet whether it can be shown in one.
    candidate: Option<(StageProcess, Instant)>,
    next: Option<Instant>,
    pause: Duration,
    entered: Option<Instant>,
    losses: u32,
    /// What the screen is to know, and what was said last.
    news: Option<HeadsetNews>,
    told: Option<HeadsetNews>,
}

/// What came of listening to a candidate.
pub(super) enum Step {
    /// Nothing yet.
    Waits,
    /// It is there: the room goes on in this stage.
    Enters(StageProcess),
}

impl Way {
    /// The person wants to put it on: it is looked for at once.
    pub(super) fn want(&mut self, now: Instant) {
        (self.wanted, self.next, self.pause, self.losses) = (true, Some(now), Duration::ZERO, 0);
        self.told = None;
    }

    /// They want to see the room on the screen.
    pub(super) fn leave(&mut self) {
        *self = Self::default();
    }

    /// They left by the runtime's own menu: it is not entered behind their back.
    pub(super) fn left(&mut self) {
        *self = Self { news: Some(HeadsetNews::Left), ..Self::default() };
    }

    /// It was lost: it is tried again, unless that happens all the time. A headset is lost once, and one that was left not at
    /// all, however late its stage goes. Whether it was lost now.
    pub(super) fn lost(&mut self, now: Instant) -> bool {
        let Some(since) = self.entered.take() else { return false };
        let short = now.duration_since(since) < SHORT;
        self.losses = if short { self.losses + 1 } else { 1 };
        if self.losses >= MOST_LOSSES {
            *self = Self { news: Some(HeadsetNews::GivenUp), ..Self::default() };
            return true;
        }
        self.news = Some(HeadsetNews::Lost);
        self.wait(now);
        true
    }

    fn wait(&mut self, now: Instant) {
        self.pause = if self.pause.is_zero() { FIRST } else { (self.pause * 2).min(LONGEST) };
        self.next = Some(now + self.pause);
    }

    /// Whether a stage for a headset is to be started now.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.wanted && self.candidate.is_none() && self.next.is_some_and(|next| next <= now)
    }

    /// A stage was started for one.
    pub(super) fn tries(&mut self, candidate: StageProcess, now: Instant) {
        (self.candidate, self.next) = (Some((candidate, now)), None);
    }

    /// None could be started.
    pub(super) fn cannot_try(&mut self, now: Instant) {
        self.refused(NoHeadset::Silent, now);
    }

    /// What the candidate says.
    pub(super) fn said(&self) -> crossbeam_channel::Receiver<FromStage> {
        self.candidate.as_ref().map_or_else(crossbeam_channel::never, |(candidate, _)| candidate.said.clone())
    }

    /// Takes up what the candidate said; none: it is gone.
    pub(super) fn hear(&mut self, said: Option<FromStage>, now: Instant) -> Step {
        match said {
            Some(FromStage::Headset(Headset::Ready)) => {
                self.entered = Some(now);
                self.told = None;
                self.pause = Duration::ZERO;
                self.candidate.take().map_or(Step::Waits, |(stage, _)| Step::Enters(stage))
            }
            Some(FromStage::Headset(Headset::Cannot(why))) => {
                self.refused(why, now);
                Step::Waits
            }
            Some(_) => Step::Waits,
            None => {
                // A driver that broke off has said nothing.
                self.refused(NoHeadset::Silent, now);
                Step::Waits
            }
        }
    }

    /// A candidate that says nothing for too long is ended.
    pub(super) fn look(&mut self, now: Instant) {
        if self.candidate.as_ref().is_some_and(|(_, since)| now.duration_since(*since) > ANSWERS) {
            self.refused(NoHeadset::Silent, now);
        }
    }

    fn refused(&mut self, why: NoHeadset, now: Instant) {
        self.candidate = None;
        if why == NoHeadset::Unbuilt {
            self.wanted = false;
        }
        self.news = Some(HeadsetNews::Waiting(why));
        self.wait(now);
    }

    /// Whether a candidate is still asked.
    pub(super) fn is_asking(&self) -> bool {
        self.candidate.is_some()
    }

    /// Whether it is still wanted, now or once it answers.
    pub(super) fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// What the screen is to know; once.
    pub(super) fn news(&mut self) -> Option<HeadsetNews> {
        let news = self.news.take()?;
        (self.told.replace(news) != Some(news)).then_some(news)
    }
}

/// What microphones of headsets are called: by the programs that bring the sound of one along, and by those who make them.
const MICROPHONES: [&str; 14] = [
    "wivrn",
    "alvr",
    "monado",
    "steamvr",
    "valve vr",
    "valve index",
    "vive",
    "oculus",
    "meta quest",
    "quest 2",
    "quest 3",
    "pico",
    "varjo",
    "bigscreen",
];

/// The microphone of a headset among those that there are, by its name.
pub(super) fn microphone(devices: &Devices) -> Option<&Device> {
    let is_one = |device: &&Device| {
        let name = format!("{} {}", device.title, device.id).to_lowercase();
        MICROPHONES.iter().any(|known| name.contains(known))
    };
    devices.microphones.iter().find(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_microphone_of_a_headset_is_known_by_its_name() {
        let device = |id: &str, title: &str| Device { id: id.to_owned(), title: title.to_owned() };
        let mut devices = Devices {
            microphones: vec![
                device("default", "Default"),
                device("alsa_input.usb-046d_C920", "HD Pro Webcam C920 Analog Stereo"),
                device("wivrn.source", "WiVRn(microphone)"),
            ],
            ..Devices::default()
        };
        assert_eq!(microphone(&devices).map(|it| &*it.id), Some("wivrn.source"));
        devices.microphones.pop();
        assert_eq!(microphone(&devices), None, "a desk's own stays");
        devices.microphones.push(device("hw:2", "Valve VR Radio & HMD Mic"));
        assert_eq!(microphone(&devices).map(|it| &*it.id), Some("hw:2"));
    }

    fn refuses(way: &mut Way, now: Instant) {
        way.hear(Some(FromStage::Headset(Headset::Cannot(NoHeadset::Silent))), now);
    }

    #[test]
    fn a_headset_that_is_not_there_is_tried_again_ever_more_seldom_and_said_once() {
        let (mut way, begun) = (Way::default(), Instant::now());
        way.want(begun);
        assert!(way.is_due(begun));
        let (mut now, mut pauses) = (begun, Vec::new());
        for _ in 0..7 {
            refuses(&mut way, now);
            let pause =
                (0..100).map(Duration::from_secs).find(|wait| way.is_due(now + *wait)).expect("again");
            pauses.push(pause.as_secs());
            now += pause;
        }
        assert_eq!(pauses, [4, 8, 16, 30, 30, 30, 30]);
        assert_eq!(way.news(), Some(HeadsetNews::Waiting(NoHeadset::Silent)));
        refuses(&mut way, now);
        assert_eq!(way.news(), None, "it is no news");
    }

    #[test]
    fn whoever_left_it_is_not_put_back() {
        let (mut way, begun) = (Way::default(), Instant::now());
        way.want(begun);
        way.left();
        assert!(!way.is_due(begun + LONGEST * 10));
        assert_eq!(way.news(), Some(HeadsetNews::Left));
        way.want(begun);
        assert!(way.is_due(begun), "unless they want it");
    }

    #[test]
    fn one_that_was_left_is_not_lost_however_late_its_stage_goes() {
        let (mut way, now) = (Way::default(), Instant::now());
        way.want(now);
        way.entered = Some(now);
        way.left();
        assert!(!way.lost(now + Duration::from_secs(9)));
        assert_eq!(way.news(), Some(HeadsetNews::Left));
        assert!(!way.is_due(now + LONGEST * 10));
    }

    #[test]
    fn a_headset_that_is_lost_all_the_time_is_given_up() {
        let (mut way, mut now) = (Way::default(), Instant::now());
        way.want(now);
        for loss in 1..MOST_LOSSES {
            way.entered = Some(now);
            now += Duration::from_secs(5);
            assert!(way.lost(now) && !way.lost(now), "it is lost once");
            assert_eq!(way.news.take(), Some(HeadsetNews::Lost), "{loss}");
            assert!(!way.is_due(now) && way.is_due(now + LONGEST));
        }
        way.entered = Some(now);
        way.lost(now + Duration::from_secs(5));
        assert_eq!(way.news(), Some(HeadsetNews::GivenUp));
        assert!(!way.is_due(now + LONGEST * 10));
    }

    #[test]
    fn one_that_was_worn_for_long_before_it_was_lost_is_tried_as_at_first() {
        let (mut way, mut now) = (Way::default(), Instant::now());
        way.want(now);
        for _ in 0..3 * MOST_LOSSES {
            way.entered = Some(now);
            now += SHORT * 10;
            way.lost(now);
            assert_eq!(way.news.take(), Some(HeadsetNews::Lost));
        }
    }

    #[test]
    fn a_build_without_headsets_says_so_and_tries_no_more() {
        let (mut way, now) = (Way::default(), Instant::now());
        way.want(now);
        way.hear(Some(FromStage::Headset(Headset::Cannot(NoHeadset::Unbuilt))), now);
        assert!(!way.is_due(now + LONGEST * 10));
        assert_eq!(way.news(), Some(HeadsetNews::Waiting(NoHeadset::Unbuilt)));
    }
}
