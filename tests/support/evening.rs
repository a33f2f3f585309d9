//! An evening at a host that runs: somebody speaks into a microphone or writes, and the figures answer.

#![expect(
    clippy::panic,
    clippy::print_stderr,
    reason = "an evening that cannot go on fails; a skip has a name"
)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use inner_room::cast::story::StoryCast;
use inner_room::config::Hear;
use inner_room::dialogue::event::{Event, Question};
use inner_room::dialogue::ids::UtteranceId;
use inner_room::dialogue::input::{Control, Health, Via};
use inner_room::dialogue::mouth::MouthAt;
use inner_room::dialogue::{Input, Kind, Phase};
use inner_room::host::{FromStage, Link, Parts, Preferences, RunningHost, Sound, ToStage, link, spawn};
use inner_room::models::Folders;
use inner_room::net::endpoint::Endpoint;
use inner_room::senses::ear::Mode;
use inner_room::senses::hearing::{self, Hearing, Wishes};
use inner_room::senses::scribe::Scribe;
use inner_room::senses::transcript::{Factory, Limits, Recogniser, Server, Transcriber};
use inner_room::voice::espeak::Espeak;
use inner_room::voice::level::Levels;
use inner_room::voice::player::Player;
use inner_room::voice::studio::Studio;
use inner_room::voice::{Outlet, Spoken};

/// How long anything may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A recogniser of speech on this machine, as a server.
pub(crate) struct Pocketsphinx {
    running: Child,
    pub(crate) address: String,
}

impl Drop for Pocketsphinx {
    fn drop(&mut self) {
        let _asked = self.running.kill();
        let _ended = self.running.wait();
    }
}

/// Starts one; none, with a line that says so, where there is none to start.
pub(crate) fn pocketsphinx() -> Option<Pocketsphinx> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/pocketsphinx_server.py");
    let mut running = Command::new("python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut port = String::new();
    let read = running.stdout.take().map(|out| BufReader::new(out).read_line(&mut port));
    if !matches!(read, Some(Ok(length)) if length > 1) {
        assert!(
            !std::env::var("INNER_ROOM_REQUIRE").is_ok_and(|it| it.contains("audio")),
            "python3 has no pocketsphinx, and INNER_ROOM_REQUIRE asks for audio"
        );
        eprintln!("skipped: a recogniser (python3 has no pocketsphinx)");
        return None;
    }
    Some(Pocketsphinx { running, address: format!("http://127.0.0.1:{}/v1", port.trim()) })
}

/// Somebody in the room, with a microphone and a loudspeaker.
pub(crate) struct Evening {
    host: RunningHost,
    pub(crate) stage: Link,
    pub(crate) events: Vec<Event>,
    /// How mouths were told to move, and when.
    pub(crate) mouths: Vec<(Instant, Vec<MouthAt>)>,
    pub(crate) begun: Instant,
}

impl Evening {
    /// With the devices of this machine, and a recogniser at this address.
    pub(crate) fn begin(address: &str) -> Self {
        Self::of(parts(address), Hear::Open)
    }
}

/// What an evening with the devices of this machine is made of, with a recogniser at this address.
pub(crate) fn parts(address: &str) -> Parts {
    let player = Player::start(Outlet::System, 1).expect("a thread");
    let espeak = Box::new(Espeak::find().expect("espeak-ng is there"));
    let studio = Studio::open(espeak, Levels::default(), player.ducking());
    let mut voice = Spoken::new(studio.expect("a thread"), player, (Outlet::System, "en"));
    let endpoint = Endpoint::new(address, None).expect("an address");
    let make: Factory = Arc::new(move || {
        Server::new(endpoint.clone(), None).map(|server| Box::new(server) as Box<dyn Recogniser>)
    });
    let limits = Limits { at_least: PATIENCE, ..Limits::default() };
    let scribe = Scribe::new(Transcriber::start(make, limits).expect("a thread"));
    let models = Folders::new(std::env::var_os("INNER_ROOM_MODELS").map(PathBuf::from));
    let parts = hearing::Parts {
        reference: voice.reference(),
        ducking: Some(voice.ducking()),
        ..hearing::Parts::of(scribe, models)
    };
    let wishes = Wishes { mode: Mode::Open, lang: "en".to_owned(), ..Wishes::default() };
    let hearing = Hearing::start(parts, wishes).expect("a thread");
    let cast = Box::new(StoryCast::new().expect("the material is in its form"));
    Parts { voice: Box::new(voice), senses: Some(Box::new(hearing)), ..Parts::of(cast) }
}

impl Evening {
    /// Of these parts. The person wants to be heard like this.
    pub(crate) fn of(parts: Parts, hear: Hear) -> Self {
        let (stage, hosts) = link();
        let host = spawn(parts, hosts).expect("a thread");
        stage.send(Input::Begin(Box::new(super::setup(1)))).expect("the host is there");
        let sound = Sound { hear, ..Sound::default() };
        let wanted = Preferences { sound, ..Preferences::default() };
        stage.say(FromStage::Prefer(Box::new(wanted))).expect("the host is there");
        Self { host, stage, events: Vec::new(), mouths: Vec::new(), begun: Instant::now() }
    }

    /// Waits for an event that is like this; where it stands among the events.
    pub(crate) fn wait(&mut self, what: &str, is: impl Fn(&Kind) -> bool) -> usize {
        let until = Instant::now() + PATIENCE;
        loop {
            assert!(Instant::now() < until, "{what} did not come; there were {:#?}", self.events);
            let before = self.events.len();
            if self.hears_within(Duration::from_millis(50))
                && self.events.last().is_some_and(|it| is(&it.kind))
            {
                return before;
            }
        }
    }

    /// Whether an event comes within this time.
    pub(crate) fn hears_within(&mut self, patience: Duration) -> bool {
        match self.stage.receive(patience) {
            Ok(Some(ToStage::Event(event))) => {
                eprintln!("{:6} {:?}", self.begun.elapsed().as_millis(), event.kind);
                self.events.push(event);
                return true;
            }
            Ok(Some(ToStage::Mouth(mouth))) => self.mouths.push((Instant::now(), mouth)),
            Ok(_) => {}
            Err(closed) => panic!("the evening has ended: {closed}"),
        }
        false
    }

    pub(crate) fn type_in(&self, number: u64, text: &str) {
        let said =
            Input::Said { utterance: UtteranceId(number), text: text.to_owned(), via: Via::Keys, face: None };
        self.stage.send(said).expect("the host is there");
    }

    /// Past the questions, to where it is the person's turn.
    pub(crate) fn come_in(&mut self) {
        let asked = |kind: &Kind| matches!(kind, Kind::Question { question: Question::Concern });
        if !self.events.iter().any(|event| asked(&event.kind)) {
            self.wait("the concern", asked);
        }
        self.type_in(1, "I froze in the meeting on Thursday and my boss wrote it down");
        self.wait("belief", |kind| matches!(kind, Kind::Question { question: Question::Belief }));
        self.type_in(2, "7");
    }

    pub(crate) fn control(&self, control: Control) {
        self.stage.send(Input::Control(control)).expect("the host is there");
    }

    /// The moment of the last event, in session time, in milliseconds.
    pub(crate) fn at_ms(&self) -> u64 {
        self.events.last().map_or(0, |event| event.at_ms)
    }

    pub(crate) fn end(self) {
        drop(self.stage);
        self.host.join().expect("the host ends");
    }
}

pub(crate) fn is_phase(wanted: Phase) -> impl Fn(&Kind) -> bool {
    move |kind| matches!(kind, Kind::Phase { phase, .. } if *phase == wanted)
}

/// Whether a part of the program is well again, or is not.
pub(crate) fn is_well(wanted: &'static str, well: bool) -> impl Fn(&Kind) -> bool {
    move |kind| matches!(kind, Kind::Health { part, state } if part == wanted && matches!(state, Health::Well) == well)
}

/// A recording of the loudspeaker: how loud it was, 100 times a second, and the loudest sample of all.
pub(crate) fn envelope(file: &Path) -> (Vec<f32>, f32) {
    let bytes = std::fs::read(file).expect("recorded");
    // Its lengths are right only where the recorder came to its end in peace.
    let samples: Vec<f32> = bytes[44..]
        .chunks_exact(2)
        .map(|two| f32::from(i16::from_le_bytes([two[0], two[1]])) / f32::from(i16::MAX))
        .collect();
    let loudest = samples.iter().fold(0.0_f32, |most, it| most.max(it.abs()));
    let loud = |piece: &[f32]| (piece.iter().map(|it| it * it).sum::<f32>() / piece.len() as f32).sqrt();
    (samples.chunks(960).map(loud).collect(), loudest)
}
