//! The room without a window: an evening from a script, and a picture of every event.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Why;
use super::film::Film;
use super::preferences;
use crate::app::offscreen::{PictureError, Pictures};
use crate::app::{self, Surface, Wanted};
use crate::cli::args::RoomArgs;
use crate::cli::evening::Evening;
use crate::cli::script::Script;
use crate::cli::talk::is_command;
use crate::cli::{CliError, cast, complain, keep};
use crate::desk::{self, Desk};
use crate::dialogue::change::ChangeStep;
use crate::dialogue::event::{Event, Question};
use crate::dialogue::face::Venue;
use crate::dialogue::{Setup, View};
use crate::host::script::{self, Deed, Person};
use crate::host::{EventLog, HeadsetNews, HostLink, Link, NoHeadset, Parts, Preferences, link};
use crate::keepsake::Keepsake;
use crate::room::{self, tier::WantedTier};
use crate::words::Words;

use bevy::prelude::App;

/// The size of a picture.
const SIZE: (u32, u32) = (1280, 720);
/// How long after its event a picture is taken at the latest, in milliseconds: what it changed is under way by then.
const AFTER: u64 = 1_200;
/// The evening that is shown where nobody gives another.
pub(in crate::cli) const BUILT_IN: &str = include_str!("../../../assets/evening.txt");

/// Holds an evening from a script, and writes a picture of every event into a folder.
pub(super) fn run(args: &RoomArgs, folder: Option<&Path>, why: Why) -> Result<(), CliError> {
    let script = match &args.evening.script {
        Some(path) => Script::read(path)?,
        None => Script::built_in(BUILT_IN)?,
    };
    let mut evening = Evening::prepare(&args.evening, true)?;
    super::wear(args, &mut evening.settings)?;
    let wanted = preferences::of(&evening.settings);
    if !app::can_show(false) {
        return Err(CliError::NothingToDrawWith);
    }
    let folder = folder.map_or_else(some_folder, Path::to_path_buf);
    let cannot = |error: std::io::Error| CliError::Folder { folder: folder.clone(), error };
    fs::create_dir_all(&folder).map_err(cannot)?;
    let log = evening.log.take().map_or_else(|| EventLog::create(&folder.join("events.jsonl")), Ok)?;
    let mut out = std::io::stdout();
    if why == Why::NoDisplay {
        writeln!(out, "{}", evening.words.get("pictures-no-display"))?;
    }
    if args.evening.script.is_none() {
        writeln!(out, "{}", evening.words.get("pictures-built-in"))?;
    }
    let file = args.evening.config.as_deref();
    let played = cast::of(&evening.settings, file, &evening.words, evening.setup.seed, false)?;
    let setup = Setup { cast: played.logged.unwrap_or(evening.setup.cast), ..evening.setup };
    let is_open = setup.venue == Venue::Exhibition;
    let kept = keep::in_terminal(file, &evening.settings, &evening.words, false)?;
    let parts =
        Parts { log: Some(log), journal: kept.recorder, latch: evening.latch, ..Parts::of(played.cast) };
    let begun = Instant::now();
    let film = args.film.then(|| Film::begin(&folder.join("evening.mp4"), SIZE)).transpose()?;
    let mut painter = Painter::new(script, folder.clone(), wanted, film, args)?;
    script::hold(parts, setup, &evening.faces, &mut painter);
    let (lang, kept) = (evening.words.lang(), painter.kept.take());
    let pictures = painter.finish()?;
    let (count, seconds) = (pictures.to_string(), begun.elapsed().as_secs().to_string());
    let about = [("count", count.as_str()), ("seconds", &seconds), ("folder", &super::shown(&folder))];
    writeln!(out, "{}", evening.words.with("pictures-where", &about))?;
    // In an exhibition nothing of anybody's is left lying about.
    if let Some(card) = kept.as_deref().filter(|_| !is_open).and_then(Keepsake::of_today) {
        card.save_over(&folder, lang).map_err(|error| CliError::Card(error.to_string()))?;
        writeln!(out, "{}", evening.words.get("pictures-card"))?;
    }
    Ok(())
}

/// A folder of this moment, where nobody named one.
fn some_folder() -> PathBuf {
    let now = jiff::ZonedDateTime::now().strftime("%Y-%m-%d-%H%M%S").to_string();
    std::env::temp_dir().join(format!("inner-room-{now}"))
}

/// A stage for pictures: in the headset, if there is one and it is wanted; and whether it is.
fn open(args: &RoomArgs, words: &Words) -> Result<(App, HostLink, bool), CliError> {
    if args.xr {
        let (stage, host) = link();
        match in_headset(args, stage) {
            Ok(app) => return Ok((app, host, true)),
            Err(why) => {
                let why = words.get(HeadsetNews::Waiting(why).name());
                complain(&format!("{why} {}", words.get("headset-pictures")));
            }
        }
    }
    let (stage, host) = link();
    let surface = Surface::Offscreen { width: SIZE.0, height: SIZE.1, software: false };
    Ok((app::build(surface, stage), host, false))
}

#[cfg(feature = "headset")]
fn in_headset(args: &RoomArgs, stage: Link) -> Result<App, NoHeadset> {
    super::headset::for_pictures((args.standing, args.eyes), stage)
}

#[cfg(not(feature = "headset"))]
fn in_headset(_args: &RoomArgs, _stage: Link) -> Result<App, NoHeadset> {
    Err(NoHeadset::Unbuilt)
}

#[cfg(feature = "headset")]
use super::headset::{put_on, take_off};

/// Nobody wears anything.
#[cfg(not(feature = "headset"))]
fn put_on(_stage: &mut Pictures) -> Result<(), CliError> {
    Ok(())
}

/// Nobody wears anything.
#[cfg(not(feature = "headset"))]
fn take_off(_stage: &mut Pictures) -> Result<(), CliError> {
    Ok(())
}

/// Somebody whose lines come from a script, and who is looked at while they say them.
struct Painter {
    script: Script,
    stage: Pictures,
    host: HostLink,
    folder: PathBuf,
    /// How far the stage is, in session time.
    now: u64,
    /// Events that have no picture yet; all of one moment.
    waiting: Vec<String>,
    pictures: u32,
    film: Option<Film>,
    /// Time that is not in the film yet: less than from one of its pictures to the next.
    unfilmed: Duration,
    /// The words that they keep of it.
    kept: Option<String>,
    failed: Option<CliError>,
}

impl Painter {
    fn new(
        script: Script,
        folder: PathBuf,
        wanted: Preferences,
        film: Option<Film>,
        args: &RoomArgs,
    ) -> Result<Self, CliError> {
        let words = Words::load(&wanted.look.lang)?;
        let (mut app, host, is_worn) = open(args, &words)?;
        app.insert_resource(WantedTier(args.tier.or(wanted.look.tier))).add_plugins(room::plugin);
        app.insert_resource(Wanted(wanted));
        desk::plugin(&mut app, words, Desk::Unattended);
        let mut stage = Pictures::new(app);
        if is_worn {
            put_on(&mut stage)?;
        }
        let (waiting, unfilmed) = (Vec::new(), Duration::ZERO);
        let (kept, failed) = (None, None);
        Ok(Self { script, stage, host, folder, now: 0, waiting, pictures: 0, film, unfilmed, kept, failed })
    }

    /// Lets the stage's time go on to a moment of the session, in front of the camera where there is one.
    fn go_on(&mut self, to: u64) -> Result<(), CliError> {
        let until = Duration::from_millis(to.saturating_sub(self.now));
        self.now = self.now.max(to);
        let Some(film) = &mut self.film else {
            self.stage.advance(until);
            return Ok(());
        };
        self.unfilmed += until;
        while self.unfilmed >= Film::STEP {
            self.unfilmed -= Film::STEP;
            self.stage.advance(Film::STEP);
            film.take(&pixels(self.stage.take()?)?)?;
        }
        Ok(())
    }

    /// The picture of what has happened, and on to what happens next.
    fn paint_until(&mut self, next: u64) -> Result<(), CliError> {
        self.go_on(next.min(self.now + AFTER))?;
        self.paint()?;
        self.go_on(next)
    }

    /// The picture of the events that wait for one.
    fn paint(&mut self) -> Result<(), CliError> {
        let Some((first, others)) = self.waiting.split_first() else { return Ok(()) };
        let picture = self.stage.take()?;
        let cannot = |error| CliError::Folder { folder: self.folder.clone(), error };
        let path = self.folder.join(first);
        pixels(picture)?.save(&path).map_err(|error| cannot(std::io::Error::other(error)))?;
        for other in others {
            let other = self.folder.join(other);
            fs::hard_link(&path, &other)
                .or_else(|_no_links| fs::copy(&path, &other).map(|_| ()))
                .map_err(cannot)?;
        }
        self.pictures += self.waiting.len() as u32;
        self.waiting.clear();
        Ok(())
    }

    /// The last picture, and how many there are.
    fn finish(mut self) -> Result<u32, CliError> {
        self.go_on(self.now + 4 * AFTER)?;
        self.paint()?;
        if let Some(film) = self.film {
            film.end()?;
        }
        take_off(&mut self.stage)?;
        match self.failed {
            Some(error) => Err(error),
            None => Ok(self.pictures),
        }
    }
}

impl Person for Painter {
    fn answer(&mut self, question: Question) -> Option<Deed> {
        self.script.answer(question)
    }

    fn turn(&mut self, _view: &View) -> Option<Deed> {
        loop {
            match Deed::read(&self.script.next_turn()?) {
                // A command that is none here, as the card and the questions of `talk`, is nothing to say to anybody.
                Deed::Say(text) if is_command(&text) => {}
                deed => return Some(deed),
            }
        }
    }

    fn change(&mut self, step: ChangeStep) -> Option<Deed> {
        self.script.change(step)
    }

    fn see(&mut self, event: &Event) -> bool {
        if event.at_ms > self.now
            && let Err(error) = self.paint_until(event.at_ms)
        {
            self.failed = Some(error);
            return false;
        }
        self.waiting.push(name_of(event));
        true
    }

    fn look(&mut self, events: &[Event], view: &View) {
        self.kept.clone_from(&view.kept);
        // A stage that is gone is noticed when a picture is taken; and nobody is in front of it whose words would have to
        // be heard.
        if self.host.show(events.to_vec(), || view.clone()).is_ok() {
            std::iter::from_fn(|| self.host.heard()).for_each(drop);
        }
    }
}

/// What was drawn, without the channel that a screen has no use for.
fn pixels(picture: bevy::image::Image) -> Result<image::RgbImage, CliError> {
    let picture = picture.try_into_dynamic().map_err(|_form| CliError::Picture(PictureError::NoTarget))?;
    Ok(picture.to_rgb8())
}

/// What the picture of an event is called: its number, its moment, its kind, and who speaks.
fn name_of(event: &Event) -> String {
    let value = serde_json::to_value(&event.kind).unwrap_or_default();
    let field =
        |name: &str| value.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let detail = ["agent", "phase", "question", "step"].map(field).concat();
    let dash = if detail.is_empty() { "" } else { "-" };
    format!("{:04}-{:07}-{}{dash}{detail}.png", event.seq, event.at_ms, field("kind").replace('_', "-"))
}
