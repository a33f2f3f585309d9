//! The session: one evening, from the first question to the last word.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::asks::Asks;
use self::clock::Clock;
use self::round::{HintSlot, Upcoming};
use self::speech::Speech;
use self::turn::OpenTurn;
use self::weigh::Echo;
use super::agent::{Agent, Intensity};
use super::change::Moved;
use super::distortion::Distortion;
use super::effect::Effect;
use super::event::{self, EndReason, Event, Kind, Phase, Question};
use super::face::{FaceCue, Level};
use super::ids::{Millis, Revision, UtteranceId};
use super::input::{FixedLines, Input, Sense, Setup, Via};
use super::request::{Direction, Plan, SaidTurn, SpokenLine};
use super::safety;
use super::strength::{Ending, MoveCounts, Stage, Strength};
use super::theme::{Theme, Window};
use super::view::{Caption, View};

mod asks;
mod change;
mod child;
mod clock;
mod closing;
mod context;
mod control;
mod deliver;
mod face;
mod heard;
mod intake;
mod measures;
mod round;
mod shelter;
mod speech;
mod suspect;
mod turn;
mod visit;
mod weigh;

pub use intake::{BELIEF_WORDS, read_belief};

/// An evening of inner dialogue as a pure state machine.
///
/// ```
/// use inner_room::dialogue::{Effect, Input, Millis, Session, Setup};
///
/// let mut session = Session::default();
/// let effects = session.handle(Input::Begin(Box::default()), Millis(0));
/// assert!(effects.iter().any(|effect| matches!(effect, Effect::Record(_))));
/// assert!(session.next_deadline().is_none(), "it waits for the concern");
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    setup: Setup,
    clock: Clock,
    phase: Phase,
    phase_since: Millis,
    seq: u64,
    turn: u32,
    round: u32,
    basis: Revision,
    intake: intake::Answers,
    theme: Option<Theme>,
    distortion: Option<Distortion>,
    strength: Strength,
    stage: Stage,
    shown: (Strength, Stage),
    scene: String,
    window: Window,
    memory: String,
    /// The Guide's plan, as it stands.
    #[serde(default)]
    plan: Plan,
    lines: Vec<SpokenLine>,
    said: Vec<SaidTurn>,
    counts: MoveCounts,
    tally: Tally,
    speech: Speech,
    asks: Asks,
    upcoming: Upcoming,
    hint: HintSlot,
    open: OpenTurn,
    echo: Echo,
    /// What of the person's words moved something.
    #[serde(default)]
    moved_by: Vec<Moved>,
    #[serde(default)]
    change: change::Change,
    /// Whether a measure was taken before the evening.
    #[serde(default)]
    measured: bool,
    closing: closing::Closing,
    #[serde(default)]
    pace: visit::Pace,
    utterance: Option<UtteranceId>,
    /// What was heard and does not count yet.
    #[serde(default)]
    standing: Option<heard::Standing>,
    via: Via,
    senses: BTreeMap<Sense, Level>,
    /// Whether the evening is held because the person went away.
    away: bool,
    /// Whether it is held by whoever looks after the room.
    #[serde(default)]
    held: bool,
    face: face::FaceState,
    shelter: shelter::Shelter,
    ended: Option<(Ending, EndReason)>,
    /// Whether this step changed something that the effects do not show.
    #[serde(skip)]
    moved: bool,
    #[serde(skip)]
    out: Vec<Effect>,
}

/// Counts of an evening that decide what comes next.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Tally {
    silences: u32,
    silences_running: u32,
    dismissals: u32,
    resistances: u32,
    revision: usize,
    answers: u32,
    remarks: u32,
    rounds_done: u32,
    stays: usize,
    /// Where the Devil's last thought went.
    #[serde(default)]
    direction: Direction,
}

impl Default for Session {
    fn default() -> Self {
        let strength = Strength::from_belief(5);
        Self {
            setup: Setup::default(),
            clock: Clock::default(),
            phase: Phase::Waiting,
            phase_since: Millis::default(),
            seq: 0,
            turn: 0,
            round: 0,
            basis: Revision::default(),
            intake: intake::Answers::default(),
            theme: None,
            distortion: None,
            strength,
            stage: Stage::Shut,
            shown: (strength, Stage::Shut),
            scene: String::new(),
            window: Window::default(),
            memory: String::new(),
            plan: Plan::default(),
            lines: Vec::new(),
            said: Vec::new(),
            counts: MoveCounts::default(),
            tally: Tally::default(),
            speech: Speech::default(),
            asks: Asks::default(),
            upcoming: Upcoming::default(),
            hint: HintSlot::default(),
            open: OpenTurn::default(),
            echo: Echo::default(),
            moved_by: Vec::new(),
            change: change::Change::default(),
            measured: false,
            closing: closing::Closing::default(),
            pace: visit::Pace::default(),
            utterance: None,
            standing: None,
            via: Via::Keys,
            senses: BTreeMap::new(),
            away: false,
            held: false,
            face: face::FaceState::default(),
            shelter: shelter::Shelter::default(),
            ended: None,
            moved: false,
            out: Vec::new(),
        }
    }
}

impl Session {
    /// The most steps that one input can lead to; a session that wants more is at fault and waits for the next input.
    const MOST_STEPS: usize = 64;

    /// Whether the evening was stopped for the person's sake. Once true it stays so.
    #[must_use]
    pub fn is_latched(&self) -> bool {
        self.is_safe()
    }

    /// The host's time as the session last knew it. A session that is read back goes on from there, not from 0.
    #[must_use]
    pub fn host_time(&self) -> Millis {
        self.clock.host_time()
    }

    /// Takes an input at the host's time `now` (milliseconds since any fixed moment, never backwards) and returns what
    /// is to be done, in order.
    pub fn handle(&mut self, input: Input, now: Millis) -> Vec<Effect> {
        self.clock.set(now);
        self.take(input);
        for _ in 0..Self::MOST_STEPS {
            if !self.step() {
                break;
            }
        }
        std::mem::take(&mut self.out)
    }

    /// When the session wants a [`Input::Tick`], in the host's time; none while it waits for the person alone.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Millis> {
        self.clock.next_wake()
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Begin(setup) => self.begin(*setup),
            Input::Consent(sense, level) => self.consent(sense, level),
            Input::Intake(text) if self.stops_for(&text, None) => {}
            Input::Said { utterance, text, .. } if self.stops_for(&text, Some(utterance)) => {}
            Input::Intake(text) if self.phase == Phase::Change => {
                self.said_in_change(&text, None, Via::Keys);
            }
            Input::Intake(text) => self.take_intake(&text, None, Via::Keys),
            Input::Transcript { utterance, text, whole } => self.take_transcript(utterance, &text, whole),
            Input::Draft { utterance, text } => {
                self.takes_over(&text);
                self.draft(utterance, &text);
                self.watch_draft(utterance, &text);
            }
            Input::Said { utterance, text, via, face } => {
                self.standing = None;
                self.take_said(utterance, &text, via, face);
            }
            Input::Onset { utterance } => {
                self.hears_voice(utterance);
                self.onset(utterance);
            }
            Input::FalseOnset { utterance } => {
                self.forget_heard(utterance);
                self.forget_suspect(utterance);
                self.false_onset(utterance);
            }
            Input::Face(summary) => self.take_face(&summary),
            Input::Answer { ask, part } => self.answer(ask, part),
            Input::LineStarted(_) | Input::Tick => {}
            Input::LineEnded { line, heard } => self.line_ended(line, heard),
            Input::Control(control) => self.control(control),
            Input::Attention(attention) => self.attention(attention),
            Input::Resume(setup) => self.take_up_again(*setup),
            Input::Measured(taken) => self.take_measure(taken),
            Input::Wiped { bytes } => self.record(Kind::Wiped { bytes }),
            Input::Health { part, state } => self.record(Kind::Health { part, state }),
        }
    }

    /// Goes one step on, if there is one to go. What it waits for is told to the clock.
    fn step(&mut self) -> bool {
        self.clock.forget_wake();
        if self.clock.is_held() || matches!(self.phase, Phase::Waiting | Phase::Ended) {
            return self.close_what_is_held();
        }
        let before = (self.phase, self.out.len());
        self.moved = false;
        if self.latch_suspect() || self.count_heard() {
            return true;
        }
        self.answer_child();
        self.expire_asks();
        self.act_on_face();
        if self.keep_time() {
            return true;
        }
        self.pump_speech();
        self.prepare();
        match self.phase {
            Phase::Scene => self.step_scene(),
            Phase::Thought => self.step_thought(),
            Phase::Need => self.step_need(),
            Phase::Open => self.step_open(),
            Phase::Breath => self.step_breath(),
            Phase::Answer => self.step_answer(),
            Phase::Echo => self.step_echo(),
            Phase::Quiet => self.step_quiet(),
            Phase::Closing => self.step_closing(),
            Phase::Change => self.step_change(),
            Phase::Safe => self.step_safe(),
            Phase::Waiting | Phase::Intake | Phase::Ended => {}
        }
        self.moved || before != (self.phase, self.out.len())
    }

    /// What a stage shows, whole: enough to begin in the middle of an evening.
    #[must_use]
    pub fn view(&self) -> View {
        View {
            seq: self.seq,
            phase: self.phase,
            phase_since: self.phase_since,
            round: self.round,
            turn: self.turn,
            question: self.question(),
            theme: self.theme,
            scene: self.scene.clone(),
            window: self.window,
            strength: self.shown.0,
            stage: self.shown.1,
            captions: self.captions(),
            composing: self.open.composing.is_some(),
            reached: self.echo.verdict.as_ref().map(|verdict| !verdict.is_miss()),
            heard: self.shown_heard(),
            hears: self.level_of(Sense::Microphone) != Level::Off,
            records: self.level_of(Sense::Recording) != Level::Off,
            hint_ready: self.hint.is_ready() && self.upcoming.round <= self.round,
            intensity: self.setup.intensity,
            face: self.level_of(Sense::Face),
            change: self.shown_change(),
            kept: self.to_take_away(),
            // The host knows.
            keeps: false,
            measured: self.measured,
            paused: self.clock.is_held(),
            held: self.clock.is_held() && self.held,
            shelter: self.shown_shelter(),
            safe: self.is_safe(),
            minutes_left: self.minutes_left(),
            ended: self.ended,
        }
    }

    /// The question that stands, during the intake.
    #[must_use]
    pub fn question(&self) -> Option<Question> {
        if self.phase == Phase::Intake { self.intake.question } else { None }
    }

    /// The phase.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The Devil's strength, as code has settled it.
    #[must_use]
    pub fn strength(&self) -> Strength {
        self.strength
    }

    /// The last line of each figure; of the Devil's nothing once the evening was stopped.
    fn captions(&self) -> Vec<Caption> {
        let shown = |agent: &Agent| *agent != Agent::Devil || !self.is_safe();
        Agent::ALL.into_iter().filter(shown).filter_map(|agent| self.caption_of(agent)).collect()
    }

    fn record(&mut self, kind: Kind) {
        let event =
            Event { v: event::VERSION, seq: self.seq, at_ms: self.clock.now().0, turn: self.turn, kind };
        self.seq += 1;
        self.out.push(Effect::Record(event));
    }

    fn enter(&mut self, phase: Phase) {
        self.count_shelter();
        self.phase = phase;
        self.phase_since = self.clock.now();
        self.record(Kind::Phase { phase, round: self.round });
    }

    /// How far the person allows a sense.
    fn level_of(&self, sense: Sense) -> Level {
        self.senses.get(&sense).copied().unwrap_or_default()
    }

    fn fixed(&self) -> &FixedLines {
        &self.setup.fixed
    }

    /// Whether the Devil may not speak: the person switched it off, the evening was stopped for their sake, or the crisis
    /// check cannot read the evening's language.
    fn devil_is_barred(&self) -> bool {
        self.is_safe() || !safety::covers(&self.setup.lang) || self.setup.intensity == Intensity::Off
    }

    fn cue(&self) -> Option<FaceCue> {
        self.face.cue
    }
}
