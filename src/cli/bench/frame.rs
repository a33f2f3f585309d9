//! A frame of the room: what it costs outside of drawing, whether that grows, and whether a cast that streams is felt.

use std::io::Write;
use std::time::{Duration, Instant};

use super::server::PacedServer;
use super::watch::{Notes, Watched};
use super::{Times, machine, scenes, turn};
use crate::app::offscreen::Pictures;
use crate::app::timing::{self, FrameTimes};
use crate::app::{self, Surface};
use crate::cast::story::{StoryCast, fixed_lines};
use crate::cli::CliError;
use crate::cli::bench::args::FrameArgs;
use crate::cli::script::Script;
use crate::desk::{self, Desk};
use crate::dialogue::event::{Event, Question};
use crate::dialogue::ids::UtteranceId;
use crate::dialogue::input::Via;
use crate::dialogue::{Input, Phase, Setup, View};
use crate::host::script::{self, Deed, Person};
use crate::host::{HostLink, Link, Parts, link, spawn};
use crate::room;
use crate::words::Words;

/// A frame of the stage's time where it is measured, and where only rounds go by.
pub(super) const FRAME: Duration = Duration::from_micros(16_667);
const PASSES: Duration = Duration::from_millis(250);
/// How many frames a figure is made of.
const FRAMES: usize = 300;
/// How many are drawn.
const DRAWN: usize = 40;
/// How many pairs of idle and streaming, and how many frames each has.
pub(super) const PAIRS: usize = 5;
pub(super) const OF_A_PAIR: usize = 120;
/// The most that an evening may take to come to its next turn.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn run(args: &FrameArgs) -> Result<(), CliError> {
    #[cfg(feature = "headset")]
    if args.xr {
        crate::cli::room::start_with_loader();
    }
    if !app::can_show(false) {
        return Err(CliError::NothingToDrawWith);
    }
    let mut out = std::io::stdout();
    #[cfg(feature = "headset")]
    let worn = args.xr;
    #[cfg(not(feature = "headset"))]
    let worn = false;
    let what = if worn { "in the headset beside offscreen" } else { "1280×720, not shown" };
    writeln!(out, "bench frame: {}; {what}", machine())?;
    writeln!(out, "{:<58} {:>9} {:>9} {:>9}   n", "ms", "median", "least", "most")?;
    #[cfg(feature = "headset")]
    if worn {
        for line in super::eyes::in_headset()? {
            writeln!(out, "{line}")?;
        }
        return Ok(());
    }
    let mut bench = Bench::new()?;
    bench.rounds(args.rounds, &mut out)?;
    for line in bench.drawn()? {
        writeln!(out, "{line}")?;
    }
    for line in scenes()? {
        writeln!(out, "{line}")?;
    }
    for line in streaming()? {
        writeln!(out, "{line}")?;
    }
    #[cfg(feature = "face")]
    for line in args.camera.as_deref().map(super::sight::watching).transpose()?.unwrap_or_default() {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// One moment of an evening, as the stage is told of it.
pub(super) struct Moment {
    at_ms: u64,
    events: Vec<Event>,
    pub(super) view: View,
}

struct Bench {
    stage: Pictures,
    host: HostLink,
    tape: Vec<Moment>,
}

/// How large a picture is that is looked at.
pub(super) const WHOLE: (u32, u32) = (1280, 720);

pub(super) fn stage_for(link: Link, (width, height): (u32, u32)) -> Result<Pictures, CliError> {
    let mut app = app::build(Surface::Offscreen { width, height, software: false }, link);
    app.add_plugins((room::plugin, timing::plugin));
    desk::plugin(&mut app, Words::load("en")?, Desk::Attended);
    Ok(Pictures::new(app))
}

/// Frames of so much of the stage's time each: the main schedule, and our part of it.
pub(super) fn frames(stage: &mut Pictures, count: usize, step: Duration, pace: bool) -> (Times, Times) {
    let (mut main, mut ours) = (Times::default(), Times::default());
    for _ in 0..count {
        let begun = Instant::now();
        stage.advance(step);
        let times = stage.app().world().resource::<FrameTimes>();
        main.0.push(times.main);
        ours.0.push(times.ours);
        if pace {
            std::thread::sleep(FRAME.saturating_sub(begun.elapsed()));
        }
    }
    (main, ours)
}

impl Bench {
    fn new() -> Result<Self, CliError> {
        let (stage, host) = link();
        let mut stage = stage_for(stage, WHOLE)?;
        stage.take()?;
        Ok(Self { stage, host, tape: tape()? })
    }

    /// The same evening again and again.
    fn rounds(&mut self, most: u32, out: &mut impl Write) -> Result<(), CliError> {
        let mut played = 0;
        for wanted in [0, 1, 10, 100].into_iter().filter(|wanted| *wanted <= most) {
            while played < wanted {
                played += self.play()?;
            }
            let (main, ours) = frames(&mut self.stage, FRAMES, FRAME, false);
            writeln!(out, "{}", main.row(&format!("main schedule, after {played} rounds")))?;
            writeln!(out, "{}", ours.row("of that the room's own systems"))?;
            let entities = self.stage.app().world().entities().count_spawned();
            writeln!(out, "after {played} rounds: {entities} entities, {} MB of memory", memory_mb())?;
        }
        Ok(())
    }

    /// An evening; how many rounds it had.
    fn play(&mut self) -> Result<u32, CliError> {
        let mut now = 0;
        let mut rounds = 0;
        for moment in &self.tape {
            while now < moment.at_ms {
                let step = (moment.at_ms - now).min(PASSES.as_millis() as u64);
                self.stage.advance(Duration::from_millis(step));
                now += step;
            }
            rounds = rounds.max(moment.view.round);
            let shown = self.host.show(moment.events.clone(), || moment.view.clone());
            shown.map_err(|closed| CliError::Call(closed.to_string()))?;
            std::iter::from_fn(|| self.host.heard()).for_each(drop);
        }
        Ok(rounds.max(1))
    }

    fn drawn(&mut self) -> Result<Vec<String>, CliError> {
        let times = Times(self.stage.draw_frames(DRAWN, FRAME));
        let mut sorted = times.0.clone();
        sorted.sort_unstable();
        let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        Ok(vec![
            times.row("a frame, drawn and waited for"),
            format!("95 of 100 within {:.1} ms, 99 within {:.1} ms", at(0.95), at(0.99)),
        ])
    }
}

/// The window, on a stage to which nobody says anything.
fn scenes() -> Result<Vec<String>, CliError> {
    let (stage, _host) = link();
    let mut stage = stage_for(stage, WHOLE)?;
    stage.take()?;
    Ok(scenes::turns(&mut stage))
}

/// An evening with the story cast, moment by moment.
pub(super) fn tape() -> Result<Vec<Moment>, CliError> {
    struct Taping(Script, Vec<Moment>);
    impl Person for Taping {
        fn answer(&mut self, question: Question) -> Option<Deed> {
            self.0.answer(question)
        }

        fn turn(&mut self, _view: &View) -> Option<Deed> {
            self.0.next_turn().map(|line| Deed::read(&line))
        }

        fn see(&mut self, _event: &Event) -> bool {
            true
        }

        fn look(&mut self, events: &[Event], view: &View) {
            let at_ms = events.last().map_or(0, |event| event.at_ms);
            self.1.push(Moment { at_ms, events: events.to_vec(), view: view.clone() });
        }
    }
    let mut taping = Taping(Script::built_in(crate::cli::room::BUILT_IN)?, Vec::new());
    let setup = Setup { ask_when: false, fixed: fixed_lines(1)?, ..Setup::default() };
    let parts = Parts::of(Box::new(StoryCast::new()?));
    script::hold(parts, setup, &[], &mut taping);
    Ok(taping.1)
}

/// A live evening with a server that streams: frames while nobody is asked anything, and while it writes, in turns.
fn streaming() -> Result<Vec<String>, CliError> {
    let server = PacedServer::start(Duration::from_millis(200), 40)?;
    let cast = Watched {
        model: turn::model_cast(&server)?,
        story: StoryCast::new()?,
        server,
        notes: Notes::default(),
    };
    let (stage_end, host_end) = link();
    spawn(Parts::of(Box::new(cast)), host_end)?;
    let setup = Setup { rounds: 12, ask_when: false, fixed: fixed_lines(1)?, ..Setup::default() };
    let (ours, theirs) = (stage_end.twin(), stage_end);
    let mut stage = stage_for(theirs, WHOLE)?;
    stage.take()?;
    ours.send(Input::Begin(Box::new(setup)))?;
    let mut ratios = Vec::new();
    let (mut idle_all, mut streaming_all) = (Times::default(), Times::default());
    for pair in 0..PAIRS {
        until_turn(&mut stage, &ours)?;
        let (idle, _) = frames(&mut stage, OF_A_PAIR, FRAME, true);
        let text = turn::COMFORTS[pair % turn::COMFORTS.len()].to_owned();
        ours.send(Input::Said { utterance: UtteranceId(pair as u64 + 1), text, via: Via::Keys, face: None })?;
        let (streams, _) = frames(&mut stage, OF_A_PAIR, FRAME, true);
        if let (Some(idle), Some(streams)) = (idle.median(), streams.median()) {
            ratios.push(streams.as_secs_f64() / idle.as_secs_f64());
        }
        idle_all.0.extend(idle.0);
        streaming_all.0.extend(streams.0);
    }
    ratios.sort_by(f64::total_cmp);
    Ok(vec![
        idle_all.row("main schedule, live evening, nobody asked"),
        streaming_all.row("main schedule, live evening, the cast streams"),
        format!(
            "streaming for idle, {PAIRS} pairs in turns: median ratio {:.3} ({ratios:.3?})",
            ratios[ratios.len() / 2]
        ),
    ])
}

/// On to the person's next turn, and until nothing is being written any more.
fn until_turn(stage: &mut Pictures, link: &Link) -> Result<(), CliError> {
    let since = Instant::now();
    let mut asked = None;
    loop {
        frames(stage, 1, FRAME, true);
        let shown = stage.app().world().resource::<app::Shown>().0.clone();
        match shown {
            Some(view) if view.phase == Phase::Open => break,
            Some(view) if view.phase == Phase::Ended => {
                return Err(CliError::Call("the evening was too short".to_owned()));
            }
            Some(view) if view.question.is_some() && asked != view.question => {
                asked = view.question;
                let answer = if view.question == Some(Question::Concern) { turn::CONCERN } else { "7" };
                link.send(Input::Intake(answer.to_owned()))?;
            }
            _ => {}
        }
        if since.elapsed() > PATIENCE {
            return Err(CliError::Call("nothing more happens; the measurement is given up".to_owned()));
        }
    }
    frames(stage, 90, FRAME, true);
    Ok(())
}

/// What the process holds in memory.
pub(super) fn memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kb = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
    kb.and_then(|kb| kb.trim().parse::<u64>().ok()).unwrap_or(0) / 1024
}
