//! What is looked at each minute while the doors are open: whether the disk has room, and whether the helplines have expired
//! since. Neither closes the doors in the middle of a day; the staff and a monitor read it.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use jiff::ZonedDateTime;
use jiff::civil::Date;

use super::check;
use crate::exhibit::staff::{Board, Part};

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(60);

/// What it is looked at for.
pub(super) struct Upkeep {
    /// Where the program writes.
    pub(super) folder: PathBuf,
    /// The last day on which the helplines are not expired, where they were verified.
    pub(super) helplines_until: Option<Date>,
}

impl Upkeep {
    /// Looks from now on, for as long as what it gives back is held.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn spawn(self, board: Arc<Board>) -> std::io::Result<Sender<Infallible>> {
        let (goes_on, ends) = bounded(0);
        let looks = move || {
            self.look(&board, ZonedDateTime::now().date());
            while matches!(ends.recv_timeout(EVERY), Err(RecvTimeoutError::Timeout)) {
                self.look(&board, ZonedDateTime::now().date());
            }
        };
        crate::thread::spawn("upkeep", looks)?;
        Ok(goes_on)
    }

    fn look(&self, board: &Board, today: Date) {
        let good = self.helplines_until.is_some_and(|until| today <= until);
        for (part, well) in [(Part::Disk, check::has_room(&self.folder)), (Part::Helplines, good)] {
            if well {
                board.set_well(part, true);
            } else if board.is_well(part) {
                board.fault(part);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_cannot_be_written_and_helplines_that_expired_are_said_once_until_they_are_well() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let (folder, board) = (tempfile::tempdir().expect("a folder"), Board::new());
        let mut upkeep =
            Upkeep { folder: "/proc/nothing/here".into(), helplines_until: Some(day("2026-09-30")) };
        for _ in 0..3 {
            upkeep.look(&board, day("2026-10-01"));
        }
        assert_eq!(board.unwell(), ["disk", "helplines"]);
        assert_eq!((board.faults(Part::Disk), board.faults(Part::Helplines)), (1, 1));
        upkeep.folder = folder.path().to_owned();
        upkeep.look(&board, day("2026-09-30"));
        assert!(board.unwell().is_empty(), "{:?}", board.unwell());
    }
}
