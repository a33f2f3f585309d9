//! Something that stands on the screen, read aloud: outside an evening, by nobody of the room, and broken off at once.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::level::Levels;
use super::mixer::{Piece, Played};
use super::player::{Note, Open, Player};
use super::speech::{RATE, Speech, Synthesizer};
use super::studio::{Made, Order, Studio};
use super::{Outlet, Volume, pieces};
use crate::dialogue::agent::{Agent, Manner};
use crate::dialogue::effect::Hush;
use crate::dialogue::ids::LineId;
use crate::dialogue::strength::Strength;

/// What is to be read, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// By which number its end is told.
    pub number: u32,
    /// BCP 47 language.
    pub lang: String,
    /// One paragraph after the other.
    pub paragraphs: Vec<String>,
    /// How loud.
    pub volume: Volume,
    /// Where it is heard.
    pub outlet: Outlet,
}

/// So many pieces are made before they are heard: enough that nothing waits, and no more than a few seconds of sound.
const AHEAD: usize = 3;
/// The silence after a paragraph, in samples.
const PAUSE: usize = RATE as usize * 45 / 100;
/// How often it is looked at what has become of it.
const LOOKS: Duration = Duration::from_millis(15);
/// How long the first sound of a piece is waited for. Then nobody reads.
const PATIENCE: Duration = Duration::from_secs(12);
/// How long the last sound takes to fade where it is broken off.
const FADES: Duration = Duration::from_millis(120);
const MOST_COMMANDS: usize = 8;

enum Command {
    Read(Script),
    Stop,
}

/// Reads aloud. It falls silent when it is dropped.
pub struct Reader {
    commands: Sender<Command>,
    over: Receiver<u32>,
}

impl Reader {
    /// With this synthesiser, on a loudspeaker of this machine. None is open while nothing is read.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(synthesizer: Box<dyn Synthesizer>) -> std::io::Result<Self> {
        Self::begin(synthesizer, Player::start(Outlet::Off, 1)?)
    }

    /// The same on whatever this opens.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start_with(synthesizer: Box<dyn Synthesizer>, open: Open) -> std::io::Result<Self> {
        Self::begin(synthesizer, Player::start_with(open, Outlet::Off, 1)?)
    }

    fn begin(synthesizer: Box<dyn Synthesizer>, player: Player) -> std::io::Result<Self> {
        let studio = Studio::open(synthesizer, Levels::default(), player.ducking())?;
        let (commands, to_do) = bounded(MOST_COMMANDS);
        let (tell, over) = bounded(MOST_COMMANDS);
        let work = Work { studio, player, tell, reads: None, closes: None, line: 0 };
        crate::thread::spawn("reader", move || work.run(&to_do))?;
        Ok(Self { commands, over })
    }

    /// Reads this, in the place of what is being read.
    pub fn read(&self, script: Script) {
        self.tell(Command::Read(script));
    }

    /// Nothing is read any more.
    pub fn stop(&self) {
        self.tell(Command::Stop);
    }

    /// What was read to its end, or could not be read, by its number. What was broken off is not told.
    #[must_use]
    pub fn over(&self) -> &Receiver<u32> {
        &self.over
    }

    fn tell(&self, command: Command) {
        // It looks at them all the time. One that is gone reads nothing.
        if self.commands.send(command).is_err() {}
    }
}

/// What is being read.
struct Reads {
    number: u32,
    lang: String,
    line: LineId,
    /// What is still to be made: the words, and whether a paragraph ends with them.
    waits: VecDeque<(String, bool)>,
    /// Which pieces were ordered and not made yet: whether a paragraph ends there.
    ordered: VecDeque<bool>,
    pieces: usize,
    made: usize,
    /// How many were heard to begin.
    began: usize,
    /// Whether one is being heard, and since when.
    plays: bool,
    since: Instant,
    /// When its last sound is heard.
    ends: Option<Instant>,
}

struct Work {
    studio: Studio,
    player: Player,
    tell: Sender<u32>,
    reads: Option<Reads>,
    /// When the loudspeaker is closed that nobody needs any more.
    closes: Option<Instant>,
    line: u64,
}

impl Work {
    fn run(mut self, commands: &Receiver<Command>) {
        loop {
            let busy = self.reads.is_some() || self.closes.is_some();
            let command = if busy {
                commands.recv_timeout(LOOKS)
            } else {
                commands.recv().map_err(|_gone| RecvTimeoutError::Disconnected)
            };
            match command {
                Ok(Command::Read(script)) => self.begin(script),
                Ok(Command::Stop) => self.stop(),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.look();
        }
    }

    fn begin(&mut self, script: Script) {
        self.stop();
        self.line += 1;
        let line = LineId(self.line);
        self.studio.want(line);
        self.player.volume(script.volume);
        // The scene in the window has no part in it, and whoever reads stands nowhere in the room.
        self.player.scene(None);
        self.player.outlet(script.outlet);
        let waits: VecDeque<_> =
            script.paragraphs.iter().flat_map(|paragraph| in_pieces(paragraph)).collect();
        self.closes = None;
        self.reads = Some(Reads {
            number: script.number,
            lang: script.lang,
            line,
            pieces: waits.len(),
            waits,
            ordered: VecDeque::new(),
            made: 0,
            began: 0,
            plays: false,
            since: Instant::now(),
            ends: None,
        });
    }

    /// It is silent at once. Nobody is told.
    fn stop(&mut self) {
        self.studio.want(LineId(0));
        if self.reads.take().is_some() {
            self.player.hush(Hush::Now);
            self.closes = Some(Instant::now() + FADES);
        }
    }

    fn look(&mut self) {
        let now = Instant::now();
        if self.closes.is_some_and(|closes| now >= closes) {
            self.player.outlet(Outlet::Off);
            self.closes = None;
        }
        self.order();
        while let Some(made) = self.studio.made() {
            self.take_made(made);
        }
        while let Some(note) = self.player.note() {
            self.take_note(&note, now);
        }
        let Some(reads) = &self.reads else { return };
        let late = reads.ends.is_none() && !reads.plays && now.duration_since(reads.since) > PATIENCE;
        if reads.pieces == 0 || late || reads.ends.is_some_and(|ends| now >= ends) {
            self.end();
        }
    }

    /// It is over, and told.
    fn end(&mut self) {
        if let Some(reads) = &self.reads
            && self.tell.try_send(reads.number).is_err()
        {
            // Nobody has listened to that for long.
        }
        self.stop();
    }

    fn order(&mut self) {
        let Some(reads) = &mut self.reads else { return };
        while reads.made + reads.ordered.len() < reads.began + AHEAD {
            let Some((text, ends)) = reads.waits.pop_front() else { return };
            let order = Order {
                line: reads.line,
                number: reads.made + reads.ordered.len(),
                text,
                agent: Agent::Guide,
                manner: Manner::Plain,
                lang: reads.lang.clone(),
                strength: Strength::from_belief(0),
                own: None,
            };
            reads.ordered.push_back(ends);
            if !self.studio.order(order) {
                return self.end();
            }
        }
    }

    fn take_made(&mut self, made: Made) {
        let Some(reads) = self.reads.as_mut().filter(|reads| reads.line == made.line) else { return };
        let paragraph_ends = reads.ordered.pop_front().unwrap_or_default();
        // Half of what somebody is to know before they agree is not read: they read it themselves.
        let Ok(speech) = made.speech else { return self.end() };
        let mut speech = Arc::unwrap_or_clone(speech);
        if paragraph_ends {
            pause(&mut speech);
        }
        reads.made += 1;
        let last = reads.made == reads.pieces;
        self.player.play(Piece {
            line: made.line,
            number: made.number,
            last,
            agent: Agent::Guide,
            speech: Arc::new(speech),
        });
    }

    fn take_note(&mut self, note: &Note, now: Instant) {
        let Some(reads) = &mut self.reads else { return };
        match note {
            Note::Played(Played::Began { line, .. }, _) if *line == reads.line => {
                reads.began += 1;
                (reads.plays, reads.since) = (true, now);
            }
            Note::Played(Played::Ended { line, over, .. }, delay_ms) if *line == reads.line => {
                (reads.plays, reads.since) = (false, now);
                if *over {
                    reads.ends = Some(now + Duration::from_millis((*delay_ms).into()));
                }
            }
            Note::Gone(_) => self.end(),
            Note::Played(..) | Note::There => {}
        }
    }
}

/// The sentences of a paragraph, and whether it ends with them.
fn in_pieces(paragraph: &str) -> Vec<(String, bool)> {
    let pieces = pieces::of(paragraph, 0);
    let last = pieces.len().saturating_sub(1);
    let words =
        |piece: &std::ops::Range<usize>| paragraph.chars().skip(piece.start).take(piece.len()).collect();
    pieces.iter().enumerate().map(|(number, piece)| (words(piece), number == last)).collect()
}

fn pause(speech: &mut Speech) {
    let length = speech.samples.len() + PAUSE;
    speech.samples.resize(length, 0.0);
}

#[cfg(test)]
#[path = "aloud_tests.rs"]
mod tests;
