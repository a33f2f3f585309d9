//! A session among random people and faults, with the invariants checked at every effect.

use std::collections::{BTreeMap, BTreeSet};

use inner_room::dialogue::agent::{Agent, Intensity};
use inner_room::dialogue::distortion::Distortion;
use inner_room::dialogue::effect::{Effect, Line};
use inner_room::dialogue::event::EndReason;
use inner_room::dialogue::face::{Expression, FaceSummary, Level, Venue};
use inner_room::dialogue::ids::{AskId, LineId, Millis, UtteranceId};
use inner_room::dialogue::input::{Attention, Control, Health, Part, Sense, Via};
use inner_room::dialogue::moves::{Addressee, Anchor, Move, MoveReading};
use inner_room::dialogue::request::{AgentAnswer, AgentRequest, AskError, Plan, Task, Verdict};
use inner_room::dialogue::resistance::{Resistance, ResistanceKind, ResistanceSignal};
use inner_room::dialogue::safety::CheckIn;
use inner_room::dialogue::skills::SkillRatings;
use inner_room::dialogue::theme::{Theme, Window};
use inner_room::dialogue::view::Shelter;
use inner_room::dialogue::visit::Visit;
use inner_room::dialogue::{Input, Kind, Phase, Session, Setup};
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

/// Random inputs before the person goes still and time alone has to end the evening.
const DEEDS: u32 = 400;
/// The most ticks after that: three silent turns and a closing need far fewer.
const TICKS: u32 = 2_000;

pub(crate) struct Chaos {
    rng: Pcg64Mcg,
    session: Session,
    now: Millis,
    pending: BTreeMap<AskId, AgentRequest>,
    /// Requests that were answered or cancelled: their answers come again, late.
    old: Vec<AgentRequest>,
    speaking: Option<Line>,
    /// Ends of hushed lines that are still to be told.
    ended_lines: Vec<Input>,
    /// Whether this voice sometimes never tells a line's end.
    forgetful: bool,
    seen: Seen,
    utterance: UtteranceId,
    /// The time plan of the evening, if it has one.
    pub(crate) visit: Option<Visit>,
    /// How long each call of `handle` took, where somebody wants to know.
    pub(crate) took: Vec<std::time::Duration>,
}

#[derive(Default)]
struct Seen {
    seq: u64,
    at_ms: u64,
    lines: BTreeSet<LineId>,
    strength: Option<f32>,
    safe: bool,
    /// When the card last came, in session time.
    card_at: Option<u64>,
    ends: u32,
    ended: bool,
    last_speaker: Option<Agent>,
    reason: Option<EndReason>,
    rounds: u32,
    consented: BTreeSet<Sense>,
    intensity: Intensity,
    recent: Vec<String>,
}

impl Chaos {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Pcg64Mcg::seed_from_u64(seed);
        Self {
            forgetful: rng.random_range(0..4) == 0,
            rng,
            session: Session::default(),
            now: Millis(0),
            pending: BTreeMap::new(),
            old: Vec::new(),
            speaking: None,
            ended_lines: Vec::new(),
            seen: Seen::default(),
            utterance: UtteranceId(10),
            visit: None,
            took: Vec::new(),
        }
    }

    /// Why the evening ended, and after how many rounds had begun.
    pub(crate) fn end(&self) -> Option<(EndReason, u32)> {
        self.seen.reason.filter(|_| self.seen.ended).map(|reason| (reason, self.seen.rounds))
    }

    pub(crate) fn run(&mut self) {
        let setup = self.setup();
        self.seen.intensity = setup.intensity;
        self.feed(Input::Begin(Box::new(setup)));
        for _ in 0..DEEDS {
            if self.seen.ended {
                break;
            }
            self.deed();
            if self.rng.random_range(0..40) == 0 {
                self.resume_from_disk();
            }
        }
        self.wind_down();
        assert!(self.seen.ended, "the evening ends by itself: {:?}", self.session.view());
        self.check_the_end();
    }

    fn shows_card(&self) -> bool {
        matches!(self.session.view().shelter, Shelter::Card { .. })
    }

    /// From whatever the session is at after `deeds` random inputs, one red line; then as many inputs again, in a
    /// session that is cut off and read back among them. What was latched must hold.
    pub(crate) fn run_with_a_red_line(&mut self, deeds: u32) {
        let setup = self.setup();
        self.seen.intensity = setup.intensity;
        if deeds > 0 {
            self.feed(Input::Begin(Box::new(setup)));
        }
        for _ in 0..deeds {
            self.deed();
        }
        self.say_a_red_line();
        let at = self.seen.at_ms;
        assert!(self.seen.safe && self.shows_card(), "{:?}", self.session.view());
        assert!(self.seen.card_at.is_some_and(|card| card <= at + 1_000), "the card within a second");
        for turn in 0..deeds {
            if turn % 16 == 3 {
                self.resume_from_disk();
                self.pending.clear();
                self.speaking = None;
                self.feed(Input::Resume(Box::default()));
            }
            self.deed();
            assert!(self.shows_card(), "the card stays");
        }
        self.resume_from_disk();
        assert!(self.session.view().safe);
    }

    fn say_a_red_line(&mut self) {
        let text = "I can't do this, I'm going to kill myself tonight".to_owned();
        let utterance = self.utterance.take_next();
        match self.rng.random_range(0..4) {
            0 => self.feed(Input::Intake(text)),
            // A recogniser that never comes to its final text.
            1 if !self.session.view().paused && !self.over() => {
                self.feed(Input::Onset { utterance });
                self.feed(Input::Draft { utterance, text });
                self.now = self.now + Millis(2_000);
                self.feed(Input::Tick);
            }
            _ => self.feed(Input::Said { utterance, text, via: Via::Voice, face: None }),
        }
    }

    fn over(&self) -> bool {
        matches!(self.session.phase(), Phase::Waiting | Phase::Ended | Phase::Safe)
    }

    fn setup(&mut self) -> Setup {
        let venues = [Venue::Home, Venue::Exhibition, Venue::Workplace, Venue::Education];
        let mut setup = Setup {
            seed: self.rng.random(),
            theme: self.rng.random_range(0..2).eq(&0).then_some(Theme::Work),
            intensity: *[Intensity::Full, Intensity::Full, Intensity::Gentle, Intensity::Off]
                .choose(&mut self.rng)
                .expect("one of four"),
            rounds: self.rng.random_range(0..9),
            venue: *venues.choose(&mut self.rng).expect("one of four"),
            ask_when: self.rng.random(),
            visit: self.visit,
            change: self.visit.is_some(),
            ..Setup::default()
        };
        setup.fixed.safety.sos = "Please talk to a person.".to_owned();
        setup.fixed.safety.stop.crisis = "Please talk to a person now.".to_owned();
        setup.fixed.safety.ask.crisis = vec!["Is it so?".to_owned()];
        setup.fixed.safety.after_no = "Then we go on without the Devil.".to_owned();
        setup.fixed.patient_spare = vec!["Give me a second.".to_owned()];
        setup.fixed.patient_farewell = "I'll go up now.".to_owned();
        setup.fixed.concern = "What has it been saying?".to_owned();
        setup
    }

    fn feed(&mut self, input: Input) {
        let allowed = match &input {
            Input::Consent(sense, level) if *level != Level::Off => Some(*sense),
            _ => None,
        };
        if let Some(sense) = allowed {
            self.seen.consented.insert(sense);
        }
        let sos = matches!(input, Input::Control(Control::Sos));
        let could_stop = !matches!(self.session.phase(), Phase::Waiting | Phase::Ended);
        let could_sos = self.session.phase() != Phase::Ended || sos;
        if let Input::Control(Control::Devil(intensity)) = input
            && could_stop
        {
            self.seen.intensity = intensity;
        }
        let before = std::time::Instant::now();
        let effects = self.session.handle(input, self.now);
        self.took.push(before.elapsed());
        for effect in effects {
            self.carry_out(effect);
        }
        for input in std::mem::take(&mut self.ended_lines) {
            self.feed(input);
        }
        if sos && could_sos {
            assert!(self.seen.safe, "an SOS stops everything at once");
        }
        if self.seen.safe {
            let captions = self.session.view().captions;
            assert!(captions.iter().all(|caption| caption.agent != Agent::Devil), "{captions:?}");
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Ask { request, .. } => {
                assert!(!self.seen.ended, "nothing is asked after the end");
                assert!(self.pending.insert(request.ask, request).is_none(), "an ask has its own number");
            }
            Effect::Cancel(ask) => {
                if let Some(request) = self.pending.remove(&ask) {
                    self.old.push(request);
                }
            }
            Effect::Speak(line) => self.hear(line),
            Effect::Hush(_) => self.end_line_soon(),
            Effect::Device { sense, on } => {
                assert!(!on || self.seen.consented.contains(&sense), "a device opens only with consent");
            }
            Effect::Record(event) => self.check_event(event.seq, event.at_ms, &event.kind),
        }
    }

    fn hear(&mut self, line: Line) {
        assert!(self.speaking.is_none() || self.forgetful, "one line at a time");
        assert!(self.seen.lines.contains(&line.id), "a line is written down before it is heard");
        if line.agent == Agent::Devil {
            assert!(!self.seen.safe, "no Devil after a stop for safety");
            assert!(self.seen.intensity != Intensity::Off, "no Devil where it was switched off");
        }
        self.seen.last_speaker = Some(line.agent);
        self.speaking = Some(line);
    }

    /// A hushed line ends, now or a moment later.
    fn end_line_soon(&mut self) {
        if let Some(line) = &self.speaking {
            let whole = line.text.as_str().chars().count();
            let heard = self.rng.random_range(line.from..=whole.max(line.from));
            let id = line.id;
            self.speaking = None;
            self.ended_lines.push(Input::LineEnded { line: id, heard });
        }
    }

    fn check_event(&mut self, seq: u64, at_ms: u64, kind: &Kind) {
        let seen = &mut self.seen;
        assert_eq!(seq, seen.seq, "events have no gap");
        seen.seq += 1;
        assert!(at_ms >= seen.at_ms, "session time does not run backwards");
        seen.at_ms = at_ms;
        seen.recent.push(format!("{at_ms} {kind:?}"));
        match kind {
            Kind::Line { line, text, agent, .. } => {
                assert!(seen.lines.insert(*line), "a sentence stands in one event");
                assert!(!text.contains("<|"), "nothing passes the gate that is no plain text");
                assert!(!(seen.safe && *agent == Agent::Devil));
            }
            Kind::Strength { value } => {
                let value = value.value();
                assert!((0.119..=0.951).contains(&value), "strength is in its bounds: {value}");
                assert!(seen.strength.is_none_or(|before| value <= before + 1e-6), "the Devil never grows");
                seen.strength = Some(value);
            }
            Kind::Card { .. } => seen.card_at = Some(at_ms),
            Kind::Phase { phase, round } => {
                assert!(!seen.ended, "nothing comes after the end");
                seen.rounds = seen.rounds.max(*round);
                seen.ended = *phase == Phase::Ended;
            }
            Kind::Safety { .. } => seen.safe = true,
            Kind::End { because, .. } => {
                seen.ends += 1;
                seen.reason = Some(*because);
            }
            _ => {}
        }
    }

    fn deed(&mut self) {
        match self.rng.random_range(0..100) {
            0..=29 => self.pass_time(),
            30..=54 => self.answer_one(),
            55..=64 => self.end_line(),
            65..=76 => self.say_something(),
            77..=80 => {
                let utterance = self.utterance;
                self.feed(Input::Onset { utterance });
            }
            81..=82 => {
                let utterance = self.utterance;
                self.feed(Input::FalseOnset { utterance });
            }
            83..=85 => {
                let utterance = self.utterance;
                let text =
                    ["", "no won", "what did"].choose(&mut self.rng).copied().unwrap_or_default().to_owned();
                self.feed(Input::Draft { utterance, text });
            }
            86..=89 => self.answer_late(),
            90..=92 => self.show_face(),
            _ => self.wish(),
        }
    }

    fn pass_time(&mut self) {
        let next = self.session.next_deadline();
        let to = match self.rng.random_range(0..4) {
            0 => self.now + Millis(self.rng.random_range(0..40_000)),
            _ => next.unwrap_or(self.now + Millis(500)),
        };
        self.now = self.now.max(to);
        self.feed(Input::Tick);
    }

    fn end_line(&mut self) {
        if self.forgetful && self.rng.random_range(0..3) == 0 {
            self.speaking = None;
            return;
        }
        if let Some(line) = self.speaking.take() {
            self.now = self.now + Millis(self.rng.random_range(0..4_000));
            let heard = line.text.as_str().chars().count();
            self.feed(Input::LineStarted(line.id));
            self.feed(Input::LineEnded { line: line.id, heard });
        }
    }

    fn say_something(&mut self) {
        const WORDS: [&str; 9] = [
            "no wonder you are tired",
            "",
            "cheer up",
            "7",
            "half of it",
            "what did she say then?",
            "\u{202e}\u{7}",
            "stop reading me that list",
            "I do it too, in the car",
        ];
        let text = WORDS.choose(&mut self.rng).copied().unwrap_or_default().to_owned();
        let again = self.rng.random_range(0..5) == 0;
        let utterance = if again { self.utterance } else { self.utterance.take_next() };
        let via = if self.rng.random() { Via::Voice } else { Via::Keys };
        let face = self.rng.random_range(0..3).eq(&0).then(|| self.face());
        if self.session.question().is_some() && self.rng.random() {
            self.feed(Input::Intake(text));
        } else {
            self.feed(Input::Said { utterance, text, via, face });
        }
    }

    fn show_face(&mut self) {
        if self.rng.random_range(0..3) == 0 {
            let level =
                *[Level::Off, Level::Mirror, Level::Aware].choose(&mut self.rng).expect("one of three");
            self.feed(Input::Consent(Sense::Face, level));
        } else {
            let face = self.face();
            self.feed(Input::Face(face));
        }
    }

    fn face(&mut self) -> FaceSummary {
        let strange = self.rng.random_range(0..6) == 0;
        let mut value = |low: f32, high: f32| {
            if strange { f32::NAN } else { self.rng.random_range(low..high) }
        };
        FaceSummary {
            caption: "a smile that comes and goes".to_owned(),
            runner_up: None,
            words: None,
            valence: value(-1.0, 1.0),
            arousal: value(-1.0, 1.0),
            confidence: value(0.0, 1.0),
            valence_change: value(-1.0, 1.0),
            observed_ms: self.rng.random_range(0..9_000),
            expression: *[Expression::Neutral, Expression::Sad, Expression::Contempt]
                .choose(&mut self.rng)
                .expect("one"),
            away_ms: self.rng.random_range(0..6_000),
            disagrees: self.rng.random(),
        }
    }

    fn wish(&mut self) {
        let input = match self.rng.random_range(0..60) {
            0 if self.rng.random_range(0..8) == 0 => Input::Control(Control::Sos),
            1 if self.rng.random_range(0..8) == 0 => Input::Control(Control::Stop),
            2..=9 => Input::Control(Control::Pause),
            10..=24 => Input::Control(Control::Resume),
            25..=31 => Input::Control(Control::Skip),
            32..=40 => Input::Control(Control::Hint),
            41..=43 => Input::Control(Control::Devil(Intensity::Off)),
            44..=46 => Input::Control(Control::Devil(Intensity::Gentle)),
            47..=49 => Input::Control(Control::Devil(Intensity::Full)),
            50..=51 => Input::Attention(Attention::Away),
            52..=54 => Input::Attention(Attention::Present),
            55 => Input::Begin(Box::default()),
            56 => Input::Control(Control::CheckIn(CheckIn::No)),
            57 => Input::Control(Control::Choose(2)),
            _ => Input::Health { part: "cast".to_owned(), state: Health::Degraded("slow".to_owned()) },
        };
        self.feed(input);
    }

    fn answer_one(&mut self) {
        let asks: Vec<AskId> = self.pending.keys().copied().collect();
        let Some(&ask) = asks.choose(&mut self.rng) else {
            return;
        };
        let Some(request) = self.pending.get(&ask).cloned() else {
            return;
        };
        match self.rng.random_range(0..12) {
            // Lost: it stays pending until its deadline.
            0 => {}
            1 => {
                self.pending.remove(&ask);
                self.feed(Input::Answer { ask, part: Part::Failed(AskError::Transient) });
            }
            2 => {
                self.pending.remove(&ask);
                let part = Part::Whole(Box::new(AgentAnswer::Memory { text: "not asked for".to_owned() }));
                self.feed(Input::Answer { ask, part });
            }
            3 | 4 if matches!(request.task, Task::Patient(_) | Task::Devil(_)) => self.stream(ask),
            _ => {
                self.pending.remove(&ask);
                let answer = self.good_answer(&request);
                self.old.push(request);
                self.feed(Input::Answer { ask, part: Part::Whole(Box::new(answer)) });
            }
        }
    }

    fn stream(&mut self, ask: AskId) {
        for piece in ["Yes. That", " part.", " I thought I'd", " made it <|up|>", " up. And"] {
            self.feed(Input::Answer { ask, part: Part::Delta(piece.to_owned()) });
            if self.rng.random_range(0..12) == 0 {
                self.pending.remove(&ask);
                self.feed(Input::Answer { ask, part: Part::Failed(AskError::Transient) });
                return;
            }
        }
        self.pending.remove(&ask);
        self.feed(Input::Answer { ask, part: Part::End });
    }

    fn answer_late(&mut self) {
        let Some(request) = self.old.choose(&mut self.rng).cloned() else {
            return;
        };
        let answer = self.good_answer(&request);
        self.feed(Input::Answer { ask: request.ask, part: Part::Whole(Box::new(answer)) });
    }

    fn good_answer(&mut self, request: &AgentRequest) -> AgentAnswer {
        match &request.task {
            Task::Trigger { .. } => AgentAnswer::Scene {
                text: "A corridor after seven.".to_owned(),
                window: Window::default(),
                theme: Theme::Work,
            },
            Task::Devil(_) => AgentAnswer::Spoken {
                text: "I froze. She wrote it down.".to_owned(),
                callback: false,
                distortion: Distortion::ALL.choose(&mut self.rng).copied(),
            },
            Task::Verdict => AgentAnswer::Verdict(self.verdict()),
            Task::Feedback { aloud, .. } => AgentAnswer::Feedback {
                text: aloud.then(|| "The head came up.".to_owned()),
                skills: SkillRatings::default(),
            },
            Task::Memory => AgentAnswer::Memory { text: "They came with this.".to_owned() },
            Task::Hint { .. } => AgentAnswer::Hint {
                text: "You could stay with the lamp.".to_owned(),
                plan: Plan { technique: None, text: "Stay, then ask.".to_owned() },
            },
            Task::Patient(_) | Task::Farewell(_) => AgentAnswer::spoken("I said um, and then."),
        }
    }

    fn verdict(&mut self) -> Verdict {
        let count = self.rng.random_range(0..3);
        let moves = (0..count)
            .filter_map(|_| Move::ALL.choose(&mut self.rng).copied())
            .map(|kind| MoveReading { kind, anchor: Anchor::NewFact })
            .collect();
        Verdict {
            addressee: if self.rng.random() { Addressee::Devil } else { Addressee::Patient },
            moves,
            raw: self.rng.random(),
            resistance: self.rng.random_range(0..3).eq(&0).then_some(Resistance {
                kind: ResistanceKind::Cognitive,
                signal: ResistanceSignal::PartialAgreement,
            }),
            end: self.rng.random(),
            ..Verdict::default()
        }
    }

    /// A session that is written down and read again goes on as the same.
    fn resume_from_disk(&mut self) {
        let text = serde_json::to_string(&self.session).expect("a session can be written");
        let read: Session = serde_json::from_str(&text).expect("and read");
        assert_eq!(read.view(), self.session.view());
        self.session = read;
    }

    /// The person goes still; time and a faithful cast end the evening.
    fn wind_down(&mut self) {
        for _ in 0..TICKS {
            if self.seen.ended {
                return;
            }
            if self.session.view().paused {
                self.feed(Input::Control(Control::Resume));
            }
            if self.session.question().is_some() {
                self.feed(Input::Intake("half of it".to_owned()));
            }
            let asks: Vec<AskId> = self.pending.keys().copied().collect();
            for ask in asks {
                if let Some(request) = self.pending.remove(&ask) {
                    let answer = self.good_answer(&request);
                    self.feed(Input::Answer { ask, part: Part::Whole(Box::new(answer)) });
                }
            }
            if let Some(line) = self.speaking.take() {
                let heard = line.text.as_str().chars().count();
                self.feed(Input::LineEnded { line: line.id, heard });
            }
            self.now = self.session.next_deadline().unwrap_or(self.now + Millis(100)).max(self.now);
            self.feed(Input::Tick);
        }
    }

    fn check_the_end(&mut self) {
        assert_eq!(self.seen.ends, 1, "an evening ends once");
        let closed = !matches!(self.seen.reason, Some(EndReason::Sos | EndReason::Safety));
        // Whoever breaks off while they change places hears nobody any more.
        let broke_off = self.visit.is_some() && self.seen.reason == Some(EndReason::Stopped);
        if closed && !broke_off && self.seen.rounds > 0 && !self.forgetful {
            let recent = self.seen.recent.iter().rev().take(30).rev().cloned().collect::<Vec<_>>().join("\n");
            assert_eq!(self.seen.last_speaker, Some(Agent::Patient), "the Patient speaks last\n{recent}");
        }
        let before = self.seen.seq;
        self.now = self.now + Millis(60_000);
        self.feed(Input::Tick);
        assert_eq!(self.seen.seq, before, "nothing happens after the end");
        assert_eq!(self.session.next_deadline(), None);
        self.feed(Input::Control(Control::Sos));
        assert!(self.shows_card(), "help can be reached after the end, too");
    }
}
