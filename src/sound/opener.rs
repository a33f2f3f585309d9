//! Devices are opened on a thread of their own: a sound system that has died can keep whoever asks it waiting for half a minute.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::device::{DeviceError, Direction};

/// Opens a device: the one with this name, or the system's own.
pub(crate) type Open<T> = Box<dyn FnMut(Option<&str>) -> Result<T, DeviceError> + Send>;

/// How often a device that is gone is looked for.
const LOOKS: Duration = Duration::from_secs(1);
/// How long a sound system may take to open one before it is said that it does not answer.
const ANSWERS: Duration = Duration::from_secs(2);
/// A device that was lost and is there again, or gives sound again, so soon was not gone: sound systems stumble.
pub(crate) const STUMBLES: Duration = Duration::from_millis(300);

/// Looks for a device until there is one. Nothing of it waits.
pub(crate) struct Opener<T> {
    direction: Direction,
    ask: Sender<Option<String>>,
    opened: Receiver<(Option<String>, Result<T, DeviceError>)>,
    /// Since when an answer is awaited.
    asked: Option<Instant>,
    /// Whether it was told that none comes.
    told: bool,
    /// When one came last; none where it is to be looked for at once.
    looked: Option<Instant>,
}

impl<T: Send + 'static> Opener<T> {
    /// Begins the thread.
    ///
    /// # Errors
    /// When the system gives none.
    pub(crate) fn start(direction: Direction, mut open: Open<T>) -> std::io::Result<Self> {
        let (ask, wanted) = bounded::<Option<String>>(1);
        let (tell, opened) = bounded(1);
        let work = move || {
            for chosen in wanted {
                let result = open(chosen.as_deref());
                if tell.send((chosen, result)).is_err() {
                    return;
                }
            }
        };
        crate::thread::spawn("devices", work)?;
        Ok(Self { direction, ask, opened, asked: None, told: false, looked: None })
    }

    /// The device with this name, or the system's own, once there is an answer; an error where there is none for long, too.
    /// To be called for as long as one is wanted.
    pub(crate) fn look(&mut self, chosen: Option<&str>) -> Option<Result<T, DeviceError>> {
        if let Some(since) = self.asked {
            let Ok((named, result)) = self.opened.try_recv() else {
                let late = since.elapsed() > ANSWERS && !std::mem::replace(&mut self.told, true);
                return late.then_some(Err(DeviceError::Silent(self.direction)));
            };
            (self.asked, self.looked) = (None, Some(Instant::now()));
            if named.as_deref() == chosen {
                return Some(result);
            }
            self.soon();
        }
        let due = self.looked.is_none_or(|looked| looked.elapsed() >= LOOKS);
        if due && self.ask.try_send(chosen.map(str::to_owned)).is_ok() {
            (self.asked, self.told) = (Some(Instant::now()), false);
        }
        None
    }

    /// It is looked for at once the next time.
    pub(crate) fn soon(&mut self) {
        self.looked = None;
    }

    /// None is wanted: what is opened meanwhile is closed. To be called for as long as that is so.
    pub(crate) fn rest(&mut self) {
        if self.asked.is_some() && self.opened.try_recv().is_ok() {
            (self.asked, self.looked) = (None, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    /// Looks until there is an answer.
    fn answer(opener: &mut Opener<u32>, chosen: Option<&str>) -> Result<u32, DeviceError> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(answer) = opener.look(chosen) {
                return answer;
            }
            assert!(Instant::now() < until, "no answer");
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_sound_system_that_does_not_answer_is_said_once_and_its_answer_is_taken_when_it_comes() {
        let (let_go, hangs) = bounded::<()>(1);
        let open: Open<u32> = Box::new(move |_| {
            hangs.recv().ok();
            Ok(7)
        });
        let mut opener = Opener::start(Direction::In, open).expect("a thread");
        assert!(matches!(answer(&mut opener, None), Err(DeviceError::Silent(Direction::In))));
        assert!((0..1_000).all(|_| opener.look(None).is_none()), "it is said again");
        let_go.send(()).expect("it hangs");
        assert!(matches!(answer(&mut opener, None), Ok(7)));
    }

    #[test]
    fn a_device_that_is_not_wanted_any_more_when_it_is_open_is_not_taken() {
        let (let_go, hangs) = bounded::<()>(1);
        let open: Open<u32> = Box::new(move |chosen| {
            hangs.recv().ok();
            Ok(chosen.map_or(0, |name| name.len() as u32))
        });
        let mut opener = Opener::start(Direction::Out, open).expect("a thread");
        assert!(opener.look(Some("one")).is_none());
        let_go.send(()).expect("it hangs");
        let until = Instant::now() + PATIENCE;
        while opener.asked.is_some() {
            opener.rest();
            assert!(Instant::now() < until, "no answer");
        }
        assert!(opener.look(Some("one")).is_none());
        let_go.send(()).expect("it hangs");
        // Another one was chosen meanwhile.
        let_go.send(()).expect("it hangs");
        assert!(matches!(answer(&mut opener, Some("other")), Ok(5)));
    }
}
