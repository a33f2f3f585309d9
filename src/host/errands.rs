//! What a stage asks for that takes its time: models tried out, devices listed, a card saved.

use std::collections::HashSet;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::link::ToStage;

/// What takes its time, by what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Errand {
    Trial,
    Devices,
    Card,
    Past,
}

/// Work that takes its time, each piece in a thread of its own, and never two of a kind. What comes of it is for the stage.
pub(super) struct Errands {
    report: Sender<(Errand, ToStage)>,
    pub(super) reports: Receiver<(Errand, ToStage)>,
    pub(super) running: HashSet<Errand>,
}

impl Errands {
    pub(super) fn new() -> Self {
        let (report, reports) = bounded(4);
        Self { report, reports, running: HashSet::new() }
    }

    pub(super) fn begin<T: 'static>(
        &mut self,
        of: Errand,
        errand: Box<dyn FnOnce() -> T + Send>,
        tell: fn(T) -> ToStage,
    ) {
        if self.running.contains(&of) {
            return;
        }
        let report = self.report.clone();
        // Nobody waits any more: the person has gone.
        let work = move || if report.send((of, tell(errand()))).is_err() {};
        let name = format!("{of:?}").to_lowercase();
        if crate::thread::spawn(name, work).is_ok() {
            self.running.insert(of);
        }
    }
}
