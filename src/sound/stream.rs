//! A stream of a device, closed in a way that holds up nobody.

use std::time::Duration;

/// How often a stream looks whether its device is still there, where the device says nothing.
pub(super) const LOOKS: Option<Duration> = Some(Duration::from_millis(500));

/// Plays or records for as long as it is held.
pub(super) struct Stream(Option<cpal::Stream>);

impl Stream {
    pub(super) fn new(stream: cpal::Stream) -> Self {
        Self(Some(stream))
    }
}

impl Drop for Stream {
    /// A sound system that has died can keep a stream from ending. Whoever plays or hears goes on meanwhile.
    fn drop(&mut self) {
        let Some(stream) = self.0.take() else { return };
        // Without a thread it is closed here.
        if crate::thread::spawn("closing", move || drop(stream)).is_err() {}
    }
}
