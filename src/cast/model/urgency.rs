//! Who goes first: a server with one slot must not be busy with what can wait while somebody waits for a word.

use std::cell::Cell;

use tokio::sync::Notify;

use crate::dialogue::request::{AgentRequest, DevilBeat, PatientBeat, Task};

/// The requests that somebody waits for, and that have not had their first word.
#[derive(Default)]
pub(super) struct Urgency {
    waiting: Cell<u32>,
    calm: Notify,
}

impl Urgency {
    /// Waits until nobody waits for a first word, unless this is such a request itself.
    pub(super) async fn wait_for_calm(&self, request: &AgentRequest) {
        while !is_urgent(request) && self.waiting.get() > 0 {
            self.calm.notified().await;
        }
    }

    /// Counts a request among those somebody waits for, until its first word or its end.
    pub(super) fn count(&self, request: &AgentRequest) -> Counted<'_> {
        let counted = is_urgent(request);
        self.waiting.set(self.waiting.get() + u32::from(counted));
        Counted { urgency: self, counted: Cell::new(counted) }
    }
}

pub(super) struct Counted<'a> {
    urgency: &'a Urgency,
    counted: Cell<bool>,
}

impl Counted<'_> {
    /// Its first word is there.
    pub(super) fn has_begun(&self) {
        if self.counted.replace(false) {
            self.urgency.waiting.set(self.urgency.waiting.get() - 1);
            self.urgency.calm.notify_waiters();
        }
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.has_begun();
    }
}

/// Whether somebody who has just spoken waits for it.
fn is_urgent(request: &AgentRequest) -> bool {
    matches!(request.task, Task::Patient(PatientBeat::Answer { .. }) | Task::Devil(DevilBeat::Reply))
}

/// Whether nobody waits for it yet: it is prepared while somebody speaks. Before the first turn everything is waited for.
pub(super) fn is_ahead(request: &AgentRequest) -> bool {
    request.turn > 0 && !is_urgent(request)
}
