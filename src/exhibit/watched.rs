//! A station that is watched: a process, how long it has been silent, and where it is with its visitor.

use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::staff::Count;
use super::station::{Asked, FromStation, ToStation};
use crate::host::{Care, Piped};

/// How long a station may take to light its room, and to give its first sign of life; and how long it may be silent after that
/// (D9 of `safety.md`: 30 s in all).
const LIGHTS: Duration = Duration::from_secs(120);
const BEGINS: Duration = Duration::from_secs(60);
const SILENT: Duration = Duration::from_secs(15);
/// How long the room that a visit was held in stands beside the next one, which is not lit yet.
const OVERLAPS: Duration = Duration::from_secs(15);
/// How long it is waited for one that does not listen.
const LISTENS: Duration = Duration::from_millis(200);

/// Where a station is with its visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// It waits for one.
    Attract,
    /// One is here.
    Visit,
    /// They are seen off.
    Farewell,
    /// They have gone, and the process is to go with all that it knew.
    Gone,
}

pub(super) struct Station {
    pub(super) process: Piped<FromStation, ToStation>,
    begun: Instant,
    pub(super) beat: Instant,
    pub(super) lit: bool,
    pub(super) at: At,
    pub(super) since: Instant,
    /// How it was started: for whom, and why it lets nobody in.
    asked: Asked,
    told: Option<Care>,
}

/// All of it ends with it: its stage, and whatever that has started. It leads a group of processes of its own.
impl Drop for Station {
    fn drop(&mut self) {
        let group = i32::try_from(self.process.id()).ok().and_then(rustix::process::Pid::from_raw);
        if group.is_some_and(|group| rustix::process::kill_process_group(group, Signal::KILL).is_err()) {}
    }
}

impl Station {
    /// Starts one, as it is asked for.
    pub(super) fn start(mut command: Command, asked: Asked) -> std::io::Result<Self> {
        let begun = Instant::now();
        command.process_group(0);
        let process = Piped::start(command)?;
        let (at, told) = (At::Attract, None);
        Ok(Self { process, begun, beat: begun, lit: false, at, since: begun, asked, told })
    }

    /// Whether it lets nobody in.
    pub(super) fn is_shut(&self) -> bool {
        self.asked.shut.is_some()
    }

    /// Whether nothing is waited for. Who came in now would come into a room with a Devil and a camera, where hours for
    /// families have begun; and whoever has gone is not remembered for as long as a machine is slow, nor while the room rests.
    pub(super) fn ends_at_once(&self, family: bool, now: Instant) -> bool {
        match self.at {
            At::Attract => family && !self.asked.family,
            At::Gone => now.duration_since(self.since) > OVERLAPS,
            At::Visit | At::Farewell => false,
        }
    }

    /// Whether it is what is asked for now. How loud it is can be told it.
    pub(super) fn is_as_asked(&self, asked: &Asked) -> bool {
        let Asked { lang, volume: _, family, shut } = asked;
        (&self.asked.lang, self.asked.family, &self.asked.shut) == (lang, *family, shut)
    }

    /// It says that it lives, and whether its room is lit.
    pub(super) fn beats(&mut self, lit: bool) {
        self.beat = Instant::now();
        self.lit |= lit;
    }

    pub(super) fn is(&mut self, at: At) {
        (self.at, self.since) = (at, Instant::now());
    }

    pub(super) fn hangs(&self, now: Instant) -> bool {
        let silent = if self.lit { SILENT } else { BEGINS };
        // One that lives and shows nothing is waited for, and not for ever.
        let dark = !self.lit && now.duration_since(self.begun) > LIGHTS;
        dark || now.duration_since(self.beat) > silent
    }

    /// What fell: it says by its exit code when that was its stage; whoever is killed says nothing.
    pub(super) fn what_fell(&mut self) -> Count {
        let code = self.process.ended().ok().and_then(|status| status.code());
        if code == Some(1) { Count::StagesFell } else { Count::HostsFell }
    }

    pub(super) fn tell(&self, what: ToStation) {
        // One that does not listen any more is about to be missed.
        if self.process.is_told(what, Instant::now() + LISTENS) {}
    }

    /// Tells it how the exhibition stands, where that is news to it.
    pub(super) fn tell_care(&mut self, care: &Care) {
        if self.lit && self.told.as_ref() != Some(care) {
            self.tell(ToStation::Care(Box::new(care.clone())));
            self.told = Some(care.clone());
        }
    }
}
