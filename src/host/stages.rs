//! Keeps a stage in front of the person. The stage is a process of its own: when it falls, the session is mute at once,
//! another one takes its place and begins with the view, and the evening goes on.

use std::process::Command;
use std::time::Instant;

use crossbeam_channel::{Receiver, never};

use super::door::{Choices, Devices, HeadsetNews, Past, Play, Preferences, Shown, Sound, Trial, Welcome};
use super::exhibition::Aloud;
use super::headset::Way;
use super::keeper::{Ended, Keeper, Stage};
use super::link::{FromStage, HostLink};
use super::live::{HostError, RunningHost};
use super::process::StageProcess;
use super::staff::{Care, StaffWish};
use crate::dialogue::{Event, Input, View};

/// So many stages in a row that fall before the room is lit are enough.
const MOST_FALLS: u32 = 5;

/// How an evening on a stage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The evening is over, and the person has gone.
    Over,
    /// They have gone before its end.
    Early,
}

/// Why no stage could be kept.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The program cannot start itself again.
    #[error("the room cannot be opened: {0}")]
    Start(#[from] std::io::Error),
    /// This machine can show nothing; the stage has said why.
    #[error("the room cannot be shown: {0}. The evening can be held in the terminal: inner-room talk")]
    CannotShow(String),
    /// It falls each time before there is anything to see.
    #[error(
        "the room broke off {0} times before it could be seen; hold the evening in the terminal: inner-room talk"
    )]
    KeepsFalling(u32),
    /// It fell, and no other is to take its place.
    #[error("the room broke off, and the visit with it")]
    Fell,
    /// The session broke off.
    #[error("{0}")]
    Host(#[from] HostError),
}

/// What an evening begins with: a host that runs, and the first thing it is told.
pub type Opened = (RunningHost, Input);

/// What a person asks of the desk beside the evening.
pub trait Attend {
    /// What they want from now on, and what they wanted before.
    fn remember(&mut self, now: &Preferences, before: &Preferences);

    /// What finds out, in a thread of its own, whether these can play.
    fn try_out(&self, play: Play) -> Box<dyn FnOnce() -> Trial + Send>;

    /// What finds out, in a thread of its own, which microphones and loudspeakers there are.
    fn devices(&self) -> Box<dyn FnOnce() -> Devices + Send>;

    /// What finds out, in a thread of its own, what was answered to measures over time.
    fn past(&self) -> Box<dyn FnOnce() -> Past + Send>;

    /// What saves a card with these words, in a thread of its own, and says in this language where it lies, or why it does
    /// not.
    fn take_away(&self, words: String, lang: String) -> Box<dyn FnOnce() -> Result<String, String> + Send>;

    /// Says what there is to know of the headset where the program was started from.
    fn tell(&self, news: HeadsetNews);

    /// Follows what happens, where somebody else looks after the room.
    fn follow(&mut self, _what: Followed<'_>) {}

    /// What whoever looks after the room wants.
    fn orders(&self) -> Receiver<Ordered> {
        never()
    }

    /// Reads something aloud that stands on the screen, as sound is set, in the place of what is being read; none for
    /// silence at once.
    fn read(&mut self, _what: Option<(Aloud, &Sound)>) {}

    /// How many faces are before the camera, whenever that changes, where they are counted before anybody has come in; none
    /// while nothing can be seen.
    fn faces(&self) -> Receiver<Option<u8>> {
        never()
    }

    /// The person has decided, and comes in: what was only for those outside ends.
    fn begins(&mut self) {
        self.read(None);
    }

    /// What of it has been read to its end, or cannot be read, by its number.
    fn read_out(&self) -> Receiver<u32> {
        never()
    }

    /// Whether another stage takes the place of one that fell. Among strangers nothing is resumed (D8 of `safety.md`).
    fn goes_on(&self) -> bool {
        true
    }
}

/// What whoever looks after the room wants.
#[derive(Clone, Debug)]
pub enum Ordered {
    /// This, as if the person had said it.
    Said(Box<FromStage>),
    /// The stage is to know this, and every other one that takes its place.
    Told(Box<Care>),
}

/// What happens in front of a person, and to the stage.
#[derive(Clone, Copy, Debug)]
pub enum Followed<'a> {
    /// The stage is alive; and whether the room is lit.
    Beat(bool),
    /// The person has decided, and comes in.
    Begun,
    /// Something happened in the session.
    Event(&'a Event),
    /// How the session stands.
    View(&'a View),
    /// So many faces are before the camera that counts them; none while nothing can be seen.
    Faces(Option<u8>),
    /// The visit is over, and the visitor has gone, as the stage says.
    Done,
    /// This is wished for at the staff's panel, or by a visitor who wants a person.
    Staff(&'a StaffWish),
}

/// Keeps a stage in front of the person until they go: in a headset if they want one and there is one (`wears`), else on the
/// screen. `command` starts one that is shown as they want it. `prepare` finds out what there is to decide, while the first
/// stage opens its window, and says what begins the evening once the person has decided.
///
/// # Errors
/// [`StageError`], or what `prepare` or what it gave says.
pub fn keep<E, O>(
    (preferences, wears): (Preferences, bool),
    command: impl Fn(&Preferences, Shown) -> Command,
    prepare: impl FnOnce() -> Result<(Welcome, O), E>,
    attend: impl Attend,
) -> Result<Left, E>
where
    E: From<StageError>,
    O: FnOnce(Choices, &Preferences, HostLink) -> Result<Opened, E>,
{
    let start =
        |wanted: &Preferences, shown| StageProcess::start(command(wanted, shown)).map_err(StageError::Start);
    let (mut way, mut stage) = (Way::default(), None);
    if wears {
        way.want(Instant::now());
        way.tries(start(&preferences, Shown::Headset)?, Instant::now());
    } else {
        stage = Some(Stage { process: start(&preferences, Shown::Screen)?, shown: Shown::Screen });
    }
    let (welcome, open) = prepare()?;
    let mut keeper = Keeper::new(welcome, open, attend, way);
    let mut stage = match stage.or_else(|| keeper.hear_candidate()) {
        Some(stage) => stage,
        None => Stage { process: start(&preferences, Shown::Screen)?, shown: Shown::Screen },
    };
    let mut falls = 0;
    while keeper.receive(&stage) {
        let shown = stage.shown;
        let ended = keeper.attend(stage, |wanted| start(wanted, Shown::Headset).ok())?;
        keeper.mute();
        let mut next = None;
        match ended {
            Ended::Left => break,
            // A machine without a screen has the headset alone: it is waited for, at the door as well as in the evening, unless
            // the person has left it.
            Ended::CannotShow(why) => {
                match keeper.wait_for_headset(|wanted| start(wanted, Shown::Headset).ok()) {
                    Some(stage) => next = Some(stage.process),
                    None if keeper.has_begun() => break,
                    None => return Err(StageError::CannotShow(why).into()),
                }
            }
            Ended::Enters(process) => next = Some(process),
            Ended::Fell(_) if !keeper.goes_on() => return Err(StageError::Fell.into()),
            // Nor does what a stranger said in a headset go on on a screen.
            Ended::Back if !keeper.goes_on() && keeper.has_begun() => return Err(StageError::Fell.into()),
            Ended::Back | Ended::Fell(true) => falls = 0,
            Ended::Fell(false) if shown == Shown::Headset => {}
            Ended::Fell(false) => falls += 1,
        }
        if falls == MOST_FALLS {
            return Err(StageError::KeepsFalling(falls).into());
        }
        stage = match next {
            Some(process) => Stage { process, shown: Shown::Headset },
            None => {
                Stage { process: start(&keeper.welcome.preferences, Shown::Screen)?, shown: Shown::Screen }
            }
        };
    }
    Ok(keeper.finish()?)
}
