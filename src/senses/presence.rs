//! Whether the microphone is there: it is opened while it is wanted, missed when it gives nothing, and taken again.

use std::time::Instant;

use super::hearing::Open;
use crate::dialogue::input::Health;
use crate::sound::device::Direction;
use crate::sound::{Lost, Opener, STUMBLES, Source};

/// A microphone that comes and goes.
pub(super) struct Presence {
    opener: Opener<Box<dyn Source>>,
    source: Option<Box<dyn Source>>,
    /// When it was lost, and why, for as long as no sound has come since.
    lost: Option<(Instant, Lost)>,
    /// What was told last.
    was_there: Option<bool>,
}

impl Presence {
    /// With the microphone closed.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(open: Open) -> std::io::Result<Self> {
        let opener = Opener::start(Direction::In, open)?;
        Ok(Self { opener, source: None, lost: None, was_there: None })
    }

    /// Whether it is open.
    pub(super) fn is_open(&self) -> bool {
        self.source.is_some()
    }

    /// It is closed, and another one may be wanted next.
    pub(super) fn close(&mut self) {
        (self.source, self.lost) = (None, None);
        self.opener.soon();
    }

    /// None is wanted. The next time that it is there is news again.
    pub(super) fn rest(&mut self) {
        self.was_there = None;
        self.opener.rest();
    }

    /// How many samples a second the one that is open gives itself.
    pub(super) fn own_rate(&self) -> u32 {
        self.source.as_ref().map_or(0, |source| source.own_rate())
    }

    /// Adds what has come since the last time, and beside it what the microphone gave itself. What there is to tell of it, where that is news: it is there once it gives
    /// sound, for many a dead one can be opened.
    pub(super) fn take(
        &mut self,
        chosen: Option<&str>,
        (out, own): (&mut Vec<f32>, &mut Vec<f32>),
    ) -> Option<Health> {
        if self.source.is_none() {
            match self.opener.look(chosen) {
                Some(Ok(source)) => self.source = Some(source),
                Some(Err(error)) => return self.tell(false, || Health::Gone(error.to_string())),
                None => {}
            }
        }
        match self.source.as_mut().map(|source| source.take_both(out, own)) {
            Some(Ok(())) if !out.is_empty() => {
                self.lost = None;
                return self.tell(true, || Health::Well);
            }
            Some(Err(why)) => {
                self.source = None;
                self.lost.get_or_insert((Instant::now(), why));
                self.opener.soon();
            }
            Some(Ok(())) | None => {}
        }
        let (_, why) = self.lost.as_ref().filter(|(since, _)| since.elapsed() > STUMBLES)?;
        let why = why.to_string();
        self.tell(false, || Health::Gone(why))
    }

    fn tell(&mut self, there: bool, state: impl FnOnce() -> Health) -> Option<Health> {
        (self.was_there.replace(there) != Some(there)).then(state)
    }
}
