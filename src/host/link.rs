//! The link between a host and a stage: events and views come in, inputs go back.

use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use serde::{Deserialize, Serialize};

use crate::dialogue::{Event, Input, View};

/// What a stage is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToStage {
    /// Something happened.
    Event(Event),
    /// Everything there is to show: at the start, and when events had to be left out.
    View(Box<View>),
}

/// The other side is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the other side of the link is gone")]
pub struct LinkClosed;

/// How many messages wait at most. A stage that is further behind gets a [`View`] instead of the events.
const CAPACITY: usize = 256;

/// How long a stage that is behind is waited for at the end.
const PATIENCE: Duration = Duration::from_secs(2);

/// The stage's end.
#[derive(Debug)]
pub struct Link {
    inputs: Sender<Input>,
    messages: Receiver<ToStage>,
}

/// The host's end, as it goes to [`super::spawn`].
#[derive(Debug)]
pub struct HostLink {
    pub(super) inputs: Receiver<Input>,
    messages: Sender<ToStage>,
    behind: bool,
}

/// A link in memory.
pub fn link() -> (Link, HostLink) {
    let (inputs, from_stage) = bounded(CAPACITY);
    let (to_stage, messages) = bounded(CAPACITY);
    let host = HostLink { inputs: from_stage, messages: to_stage, behind: false };
    (Link { inputs, messages }, host)
}

impl Link {
    /// Tells the session something. Waits while the host is busy.
    ///
    /// # Errors
    /// [`LinkClosed`], when the host has ended.
    pub fn send(&self, input: Input) -> Result<(), LinkClosed> {
        self.inputs.send(input).map_err(|_closed| LinkClosed)
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
    /// Shows events to the stage. One that is too far behind gets the whole view once there is room again.
    pub(super) fn show(&mut self, events: Vec<Event>, view: impl Fn() -> View) -> Result<(), LinkClosed> {
        for event in events {
            if !self.behind {
                self.behind = !self.offer(ToStage::Event(event))?;
            }
        }
        if self.behind {
            self.behind = !self.offer(ToStage::View(Box::new(view())))?;
        }
        Ok(())
    }

    /// The view, whole, as the first message.
    pub(super) fn begin(&mut self, view: &View) {
        self.behind = !matches!(self.offer(ToStage::View(Box::new(view.clone()))), Ok(true));
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
