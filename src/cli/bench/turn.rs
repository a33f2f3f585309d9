//! A round with a language model: as it is built, and with the same requests one after another, as in the
//! re-implementation of MIND (`papers.md` 1.4 of the design's reference: Guide, Strategist, Trigger, Devil).

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::server::PacedServer;
use super::watch::{Noted, Notes, Watched, lock, name};
use super::{Times, machine};
use crate::cast::Cast as _;
use crate::cast::model::{ModelCast, ModelSetup, Models};
use crate::cast::story::{StoryCast, fixed_lines};
use crate::cli::CliError;
use crate::cli::bench::args::TurnArgs;
use crate::config::CastPart;
use crate::dialogue::Phase;
use crate::dialogue::agent::Agent;
use crate::dialogue::effect::Priority;
use crate::dialogue::event::{Event, Kind, Question};
use crate::dialogue::ids::{AskId, UtteranceId};
use crate::dialogue::input::{Control, Health, Input, Part, Setup, Via};
use crate::dialogue::request::{AgentRequest, DevilBeat, PatientBeat, Task};
use crate::host::{EventLog, Link, Parts, ToStage, link, spawn};
use crate::net::client::Client;
use crate::net::endpoint::Endpoint;

/// What a person says in it, in turns.
pub(super) const COMFORTS: [&str; 6] = [
    "No wonder you keep going back to it.",
    "I do it too, in the car, every week.",
    "I'm here. Take your time.",
    "What was the worst of it?",
    "That glass of water sounds like the longest hour there is.",
    "You can put it down for a moment. I'll hold it.",
];
pub(super) const CONCERN: &str = "I froze in the meeting on Thursday and my boss wrote it down";
/// How long nothing may happen before the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) fn run(args: &TurnArgs) -> Result<(), CliError> {
    let server = PacedServer::start(Duration::from_millis(args.first_token), args.rate)?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "bench turn: {}; a server on the loopback device, first token after {} ms, {} tokens a second; {} rounds, each as built and then with the same requests one after another",
        machine(),
        args.first_token,
        args.rate,
        args.pairs
    )?;
    let mut bench = Bench::begin(args, server)?;
    bench.hold(args.pairs)?;
    for line in bench.report() {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

pub(super) fn model_cast(server: &PacedServer) -> Result<ModelCast, CliError> {
    let failed = |error: &dyn std::fmt::Display| CliError::Call(error.to_string());
    let endpoint = Endpoint::new(&server.address, None).map_err(|error| failed(&error))?;
    let client = Client::new(endpoint).map_err(|error| failed(&error))?;
    let parts = [
        CastPart::Trigger,
        CastPart::Devil,
        CastPart::Patient,
        CastPart::Guide,
        CastPart::Strategist,
        CastPart::Memory,
    ];
    let of: BTreeMap<_, _> = parts.into_iter().map(|part| (part, name(part).to_owned())).collect();
    let models = Models { all: Some("any".to_owned()), of };
    ModelCast::new(ModelSetup { client, models, warm_up: false, seed: 1 }).map_err(|error| failed(&error))
}

/// What was seen of one round.
struct Round {
    said: Instant,
    /// How many asks for `now` were out before the Patient's first word.
    asks_now: u32,
    /// When the Patient began, and had been read to the end of its answer.
    spoke: Option<Instant>,
    read: Option<Instant>,
    /// With the same requests one after another: all of them.
    in_order: Option<Duration>,
}

struct Bench {
    link: Link,
    notes: Notes,
    server: PacedServer,
    /// Plays the same requests one after another.
    second: ModelCast,
    rounds: Vec<Round>,
    /// How often the story cast had to stand in.
    taken_over: u32,
}

impl Bench {
    fn begin(args: &TurnArgs, server: PacedServer) -> Result<Self, CliError> {
        let notes = Notes::default();
        let cast = Watched {
            model: model_cast(&server)?,
            story: StoryCast::new()?,
            server: server.clone(),
            notes: Arc::clone(&notes),
        };
        let log = args.events.as_deref().map(EventLog::create).transpose()?;
        let (link, host) = link();
        spawn(Parts { log, ..Parts::of(Box::new(cast)) }, host)?;
        let setup = Setup {
            rounds: args.pairs + 1,
            ask_when: false,
            cast: "bench".to_owned(),
            fixed: fixed_lines(1)?,
            ..Setup::default()
        };
        let second = model_cast(&server)?;
        let bench = Self { link, notes, server, second, rounds: Vec::new(), taken_over: 0 };
        bench.tell(Input::Begin(Box::new(setup)))?;
        Ok(bench)
    }

    fn tell(&self, input: Input) -> Result<(), CliError> {
        self.link.send(input).map_err(|closed| CliError::Call(closed.to_string()))
    }

    /// Holds the evening, in its own time.
    fn hold(&mut self, pairs: u32) -> Result<(), CliError> {
        let mut last = Instant::now();
        loop {
            let Ok(message) = self.link.receive(Duration::from_millis(200)) else { return Ok(()) };
            let now = Instant::now();
            let event = match message {
                Some(ToStage::Event(event)) => event,
                Some(_) => continue,
                None => {
                    if now.duration_since(last) > PATIENCE {
                        return Err(CliError::Call(
                            "nothing more happens; the measurement is given up".to_owned(),
                        ));
                    }
                    continue;
                }
            };
            last = now;
            self.see(&event, now);
            match event.kind {
                Kind::Question { question } => self.answer(question)?,
                Kind::Phase { phase: Phase::Open, .. } => {
                    self.play_in_order();
                    if self.rounds.len() == pairs as usize {
                        self.tell(Input::Control(Control::Stop))?;
                    } else {
                        self.say()?;
                    }
                }
                Kind::Phase { phase: Phase::Ended, .. } => return Ok(()),
                _ => {}
            }
        }
    }

    fn answer(&self, question: Question) -> Result<(), CliError> {
        let answer = if question == Question::Concern { CONCERN } else { "9" };
        self.tell(Input::Intake(answer.to_owned()))
    }

    fn say(&mut self) -> Result<(), CliError> {
        let number = self.rounds.len();
        let text = COMFORTS[number % COMFORTS.len()].to_owned();
        let said = Instant::now();
        self.rounds.push(Round { said, asks_now: 0, spoke: None, read: None, in_order: None });
        self.tell(Input::Said { utterance: UtteranceId(number as u64 + 1), text, via: Via::Keys, face: None })
    }

    fn see(&mut self, event: &Event, now: Instant) {
        if let Kind::Health { part, state } = &event.kind
            && part == "cast"
            && *state != Health::Well
        {
            self.taken_over += 1;
        }
        let Some(round) = self.rounds.last_mut() else { return };
        match &event.kind {
            Kind::Ask { priority: Priority::Now, .. } if round.spoke.is_none() => round.asks_now += 1,
            Kind::Line { agent: Agent::Patient, .. } => {
                round.spoke.get_or_insert(now);
            }
            // All of the answer has been read, or heard.
            Kind::Phase { phase: Phase::Echo, .. } => {
                round.read.get_or_insert(now);
            }
            _ => {}
        }
    }

    /// The last round once more: what MIND's order asks for, one after another, each waited for to its end.
    fn play_in_order(&mut self) {
        let Some(round) = self.rounds.last_mut() else { return };
        let said = round.said;
        let of_round: Vec<Noted> =
            lock(&self.notes).iter().filter(|noted| noted.asked > said).cloned().collect();
        let find = |wanted: fn(&Task) -> bool| of_round.iter().find(|noted| wanted(&noted.request.task));
        let in_order = [
            find(|task| matches!(task, Task::Feedback { .. })),
            find(|task| matches!(task, Task::Verdict)),
            find(|task| matches!(task, Task::Trigger { .. })),
            find(|task| matches!(task, Task::Devil(DevilBeat::Thought { .. }))),
        ];
        let Some(requests) = in_order.into_iter().map(|noted| Some(noted?.request.clone())).collect() else {
            return;
        };
        let requests: Vec<AgentRequest> = requests;
        let begun = Instant::now();
        let answered = requests.into_iter().all(|request| wait_for(&mut self.second, request));
        round.in_order = answered.then(|| begun.elapsed());
    }

    fn report(&self) -> Vec<String> {
        let notes = lock(&self.notes).clone();
        let served = self.server.served();
        let (mut overhead, mut first, mut heard, mut spare, mut in_order) =
            (Times::default(), Times::default(), Times::default(), Times::default(), Times::default());
        let mut late = 0;
        for (number, round) in self.rounds.iter().enumerate() {
            let until = self.rounds.get(number + 1).map(|next| next.said);
            let of_round =
                |noted: &&Noted| noted.asked > round.said && until.is_none_or(|until| noted.asked < until);
            let find = |wanted: fn(&Task) -> bool| {
                notes.iter().filter(of_round).find(|noted| wanted(&noted.request.task))
            };
            let answer = find(|task| matches!(task, Task::Patient(PatientBeat::Answer { .. })));
            let thought = find(|task| matches!(task, Task::Devil(DevilBeat::Thought { .. })));
            let by_server =
                served.iter().find(|served| served.model == "patient" && served.received > round.said);
            if let (Some(answered), Some(served)) = (answer.and_then(|noted| noted.first), by_server)
                && let Some(sentence) = served.sentence
            {
                first.0.push(answered.duration_since(round.said));
                overhead
                    .0
                    .push(served.received.duration_since(round.said) + answered.duration_since(sentence));
            }
            heard.0.extend(round.spoke.map(|at| at.duration_since(round.said)));
            in_order.0.extend(round.in_order);
            match (thought.and_then(|noted| noted.whole), round.read) {
                (Some(ready), Some(read)) if ready <= read => spare.0.push(read.duration_since(ready)),
                (Some(_), Some(_)) => late += 1,
                _ => {}
            }
        }
        let mut lines =
            vec![format!("{:<58} {:>9} {:>9} {:>9}   n", "milliseconds", "median", "least", "most")];
        lines.push(overhead.row("own part of the way to the Patient's first sentence"));
        lines.push(first.row("as built: words to the Patient's first sentence at hand"));
        lines.push(heard.row("as built: words to that sentence heard, its breath included"));
        lines.push(in_order.row("in order: words to the next scene and thought"));
        lines.push(spare.row("next thought at hand before the Patient was read"));
        let asks: Vec<String> = self.rounds.iter().map(|round| round.asks_now.to_string()).collect();
        let tokens: usize = served.iter().map(|served| served.tokens).sum();
        lines.push(format!("next thought too late: {late} of {}", spare.0.len() + late));
        lines.push(format!("asks that stood before the Patient's first word, by round: {}", asks.join(" ")));
        lines.push(format!(
            "{} requests, {tokens} tokens; the story cast stood in {} times",
            served.len(),
            self.taken_over
        ));
        if let (Some(first), Some(heard), Some(in_order)) =
            (first.median(), heard.median(), in_order.median())
        {
            let ratio = |time: Duration| in_order.as_secs_f64() / time.as_secs_f64();
            lines.push(format!(
                "in order takes {:.1} times as long as words to first sentence as built, {:.1} times with the breath",
                ratio(first),
                ratio(heard)
            ));
        }
        lines
    }
}

/// Plays one request to its end; false when it fails.
fn wait_for(cast: &mut ModelCast, request: AgentRequest) -> bool {
    let ask: AskId = request.ask;
    cast.start(request);
    let begun = Instant::now();
    let mut inputs = Vec::new();
    while begun.elapsed() < PATIENCE {
        cast.poll(&mut inputs);
        for input in inputs.drain(..) {
            match input {
                Input::Answer { ask: of, part: Part::Whole(_) | Part::End } if of == ask => return true,
                Input::Answer { ask: of, part: Part::Failed(_) } if of == ask => return false,
                // What the story cast took over was not measured.
                Input::Health { .. } => return false,
                _ => {}
            }
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    false
}
