//! The link between a host and a stage: events and views come in, inputs go back.

use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use serde::{Deserialize, Serialize};

use super::door::{Choices, Devices, Headset, HeadsetNews, Past, Play, Preferences, Trial, Welcome};
use super::exhibition::Aloud;
use super::staff::{Care, StaffWish};
use crate::dialogue::agent::Agent;
use crate::dialogue::face::{Mien, Seen};
use crate::dialogue::mouth::MouthAt;
use crate::dialogue::{Event, Input, View};
use crate::voice::Place;

/// What a stage is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToStage {
    /// Something happened.
    Event(Event),
    /// Everything there is to show: first of all, after the events that changed it, and when events had to be left out.
    /// Whoever follows the events needs it only when its `seq` says that some are missing.
    View(Box<View>),
    /// Nothing has begun yet: what there is to decide before.
    Welcome(Box<Welcome>),
    /// How the trial of a language model went.
    Tried(Trial),
    /// Which microphones and loudspeakers there are, as it was asked.
    Devices(Devices),
    /// Where the card lies that was to be taken away, in one line; or why it lies nowhere.
    TakenAway(Result<String, String>),
    /// What was answered to measures over time, as it was asked.
    Past(Past),
    /// How the mouth of whoever speaks moves from now on; empty where it is shut.
    Mouth(Vec<MouthAt>),
    /// How loud the person is, 0 to 1; none while nobody hears them.
    Level(Option<f32>),
    /// Whether it is too loud around them for free speech; it is not before this is told.
    Loud(bool),
    /// What was to be read aloud, by its number, has been read, or cannot be.
    ReadOut(u32),
    /// So many faces are before the camera of an exhibition that counts them, before anybody has come in.
    Faces(u8),
    /// How their face moves; none while it may not be seen.
    Mien(Option<Mien>),
    /// What is seen of them, while they look at it.
    Seen(Box<Seen>),
    /// What there is to know of the headset.
    Headset(HeadsetNews),
    /// How the exhibition stands, beside the visit.
    Care(Box<Care>),
}

/// What a stage says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromStage {
    /// Something for the session.
    Input(Input),
    /// The person has decided, and comes in. Only a host that has not begun listens to it.
    Begin(Choices),
    /// The person wants this from now on.
    Prefer(Box<Preferences>),
    /// The key to talk is held down, or let go.
    Hold(bool),
    /// The person looks at what is seen of them, or looks away.
    Look(bool),
    /// Where the figures are, seen from the person.
    Places(Vec<(Agent, Place)>),
    /// Whether these could play is to be tried.
    Try(Play),
    /// Which microphones and loudspeakers there are is to be told.
    Devices,
    /// The words that are kept are to be taken away, on a card.
    TakeAway,
    /// What was answered to measures over time is to be told.
    Past,
    /// The visit is over, and the visitor has gone: in an exhibition.
    Done,
    /// The staff wish for something at their panel, or a visitor wants a person: in an exhibition.
    Staff(StaffWish),
    /// This is to be read aloud, in the place of what is being read; none for silence.
    Read(Option<Aloud>),
    /// What there is to say of the headset.
    Headset(Headset),
    /// The stage is alive; and whether the room is lit, so that there is something to see.
    Beat {
        /// Whether it is.
        lit: bool,
    },
    /// This machine can show nothing, and another stage could not either: why, in one line.
    CannotShow(String),
}

/// The other side is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the other side of the link is gone")]
pub struct LinkClosed;

/// How many messages wait at most. A stage that is further behind gets a [`View`] instead of the events.
pub(super) const CAPACITY: usize = 256;

/// How long a stage that is behind is waited for at the end.
const PATIENCE: Duration = Duration::from_secs(2);

/// The stage's end.
#[derive(Debug)]
pub struct Link {
    pub(super) said: Sender<FromStage>,
    pub(super) messages: Receiver<ToStage>,
}

/// The host's end, as it goes to [`super::spawn`].
#[derive(Debug)]
pub struct HostLink {
    pub(super) said: Receiver<FromStage>,
    messages: Sender<ToStage>,
    behind: bool,
    shown: Option<View>,
}

/// A link in memory.
pub fn link() -> (Link, HostLink) {
    let (said, from_stage) = bounded(CAPACITY);
    let (to_stage, messages) = bounded(CAPACITY);
    let host = HostLink { said: from_stage, messages: to_stage, behind: false, shown: None };
    (Link { said, messages }, host)
}

impl Link {
    /// Tells the session something. Waits while the host is busy.
    ///
    /// # Errors
    /// [`LinkClosed`], when the host has ended.
    pub fn send(&self, input: Input) -> Result<(), LinkClosed> {
        self.say(FromStage::Input(input))
    }

    /// Says something, to the session or to whoever keeps the stage. Waits while the host is busy.
    ///
    /// # Errors
    /// [`LinkClosed`], when the host has ended.
    pub fn say(&self, what: FromStage) -> Result<(), LinkClosed> {
        self.said.send(what).map_err(|_closed| LinkClosed)
    }

    /// Says something if the host has room for it now; what it has none for comes back.
    ///
    /// # Errors
    /// [`LinkClosed`], when the host has ended.
    pub fn try_say(&self, what: FromStage) -> Result<Option<FromStage>, LinkClosed> {
        match self.said.try_send(what) {
            Ok(()) => Ok(None),
            Err(TrySendError::Full(what)) => Ok(Some(what)),
            Err(TrySendError::Disconnected(_)) => Err(LinkClosed),
        }
    }

    /// Another end of the same link, to speak into beside the stage. Each message reaches one of the two only, so that it
    /// is not to be listened to.
    #[must_use]
    pub fn twin(&self) -> Self {
        Self { said: self.said.clone(), messages: self.messages.clone() }
    }

    /// The next message; none when there is none within `patience`.
    ///
    /// # Errors
    /// [`LinkClosed`], when the host has ended and everything it said was read.
    pub fn receive(&self, patience: Duration) -> Result<Option<ToStage>, LinkClosed> {
        match self.messages.recv_timeout(patience) {
            Ok(message) => Ok(Some(message)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(LinkClosed),
        }
    }
}

impl HostLink {
    /// Shows events to the stage, and then the view, if they changed it. A stage that is too far behind gets the view
    /// alone once there is room again.
    ///
    /// # Errors
    /// [`LinkClosed`], when the stage is gone.
    pub fn show(&mut self, events: Vec<Event>, view: impl Fn() -> View) -> Result<(), LinkClosed> {
        for event in events {
            if !self.behind {
                self.behind = !self.offer(ToStage::Event(event))?;
            }
        }
        let view = view();
        if self.behind || self.shown.as_ref() != Some(&view) {
            self.behind = !self.offer(ToStage::View(Box::new(view.clone())))?;
            self.shown = Some(view);
        }
        Ok(())
    }

    /// Tells the stage something that is out of date with the next of its kind: where there is no room for it, it is not told.
    ///
    /// # Errors
    /// [`LinkClosed`], when the stage is gone.
    pub fn mention(&self, message: ToStage) -> Result<(), LinkClosed> {
        self.offer(message).map(|_told| ())
    }

    /// What the stage has said and nobody has heard yet.
    #[must_use]
    pub fn heard(&self) -> Option<FromStage> {
        self.said.try_recv().ok()
    }

    /// The view, whole, as the first message.
    pub(super) fn begin(&mut self, view: &View) {
        self.behind = !matches!(self.offer(ToStage::View(Box::new(view.clone()))), Ok(true));
        self.shown = Some(view.clone());
    }

    /// A stage that is behind at the end is waited for a moment, so that it learns of the end.
    pub(super) fn finish(&mut self, view: impl Fn() -> View) {
        if self.behind {
            let last = ToStage::View(Box::new(view()));
            self.behind = self.messages.send_timeout(last, PATIENCE).is_err();
        }
    }

    fn offer(&self, message: ToStage) -> Result<bool, LinkClosed> {
        match self.messages.try_send(message) {
            Ok(()) => Ok(true),
            Err(TrySendError::Full(_)) => Ok(false),
            Err(TrySendError::Disconnected(_)) => Err(LinkClosed),
        }
    }
}
