//! An evening with devices: somebody speaks into a microphone, and the figures answer from a loudspeaker. Both are this
//! machine's own making.

#![cfg(all(unix, feature = "speech"))]
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on fails"
)]

mod support;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use inner_room::cast::story::StoryCast;
use inner_room::config::Hear;
use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::event::{Event, Question};
use inner_room::dialogue::ids::UtteranceId;
use inner_room::dialogue::input::{Health, Via};
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
use support::sound_card::{SoundCard, with_devices};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A recogniser of speech on this machine, as a server.
struct Pocketsphinx {
    running: Child,
    address: String,
}

impl Drop for Pocketsphinx {
    fn drop(&mut self) {
        let _asked = self.running.kill();
        let _ended = self.running.wait();
    }
}

/// Starts one; none, with a line that says so, where there is none to start.
fn pocketsphinx() -> Option<Pocketsphinx> {
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
struct Evening {
    host: RunningHost,
    stage: Link,
    events: Vec<Event>,
    /// How mouths were told to move, and when.
    mouths: Vec<(Instant, Vec<MouthAt>)>,
    begun: Instant,
}

impl Evening {
    fn begin(address: &str) -> Self {
        let player = Player::start(Outlet::System, 1).expect("a thread");
        let espeak = Box::new(Espeak::find().expect("espeak-ng is there"));
        let studio = Studio::open(espeak, Levels::default(), player.ducking());
        let mut voice = Spoken::new(studio.expect("a thread"), player, (Outlet::System, "en"));
        let endpoint = Endpoint::new(address, None).expect("an address");
        let make: Factory = std::sync::Arc::new(move || {
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
        let parts = Parts { voice: Box::new(voice), senses: Some(Box::new(hearing)), ..Parts::of(cast) };
        let (stage, hosts) = link();
        let host = spawn(parts, hosts).expect("a thread");
        stage.send(Input::Begin(Box::new(support::setup(1)))).expect("the host is there");
        let sound = Sound { hear: Hear::Open, ..Sound::default() };
        let wanted = Preferences { sound, ..Preferences::default() };
        stage.say(FromStage::Prefer(Box::new(wanted))).expect("the host is there");
        Self { host, stage, events: Vec::new(), mouths: Vec::new(), begun: Instant::now() }
    }

    /// Waits for an event that is like this; where it stands among the events.
    fn wait(&mut self, what: &str, is: impl Fn(&Kind) -> bool) -> usize {
        let until = Instant::now() + PATIENCE;
        loop {
            assert!(Instant::now() < until, "{what} did not come; there were {:#?}", self.events);
            match self.stage.receive(Duration::from_millis(50)) {
                Ok(Some(ToStage::Event(event))) => {
                    eprintln!("{:6} {:?}", self.begun.elapsed().as_millis(), event.kind);
                    let found = is(&event.kind);
                    self.events.push(event);
                    if found {
                        return self.events.len() - 1;
                    }
                }
                Ok(Some(ToStage::Mouth(mouth))) => self.mouths.push((Instant::now(), mouth)),
                Ok(_) => {}
                Err(closed) => panic!("{what} did not come: {closed}"),
            }
        }
    }

    fn type_in(&self, number: u64, text: &str) {
        let said =
            Input::Said { utterance: UtteranceId(number), text: text.to_owned(), via: Via::Keys, face: None };
        self.stage.send(said).expect("the host is there");
    }

    /// Past the questions, to where it is the person's turn.
    fn come_in(&mut self) {
        let asked = |kind: &Kind| matches!(kind, Kind::Question { question: Question::Concern });
        if !self.events.iter().any(|event| asked(&event.kind)) {
            self.wait("the concern", asked);
        }
        self.type_in(1, "I froze in the meeting on Thursday and my boss wrote it down");
        self.wait("belief", |kind| matches!(kind, Kind::Question { question: Question::Belief }));
        self.type_in(2, "7");
    }

    fn end(self) {
        drop(self.stage);
        self.host.join().expect("the host ends");
    }
}

fn is_phase(wanted: Phase) -> impl Fn(&Kind) -> bool {
    move |kind| matches!(kind, Kind::Phase { phase, .. } if *phase == wanted)
}

/// A recording of the loudspeaker: how loud it was, 100 times a second, and the loudest sample of all.
fn envelope(file: &std::path::Path) -> (Vec<f32>, f32) {
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

/// How far mouths were open, 100 times a second from `since` on.
fn openings(mouths: &[(Instant, Vec<MouthAt>)], since: Instant, length: usize) -> Vec<f32> {
    let mut open = vec![0.0; length];
    for (number, (told, shapes)) in mouths.iter().enumerate() {
        let until = mouths
            .get(number + 1)
            .map_or(usize::MAX, |(next, _)| (next.duration_since(since).as_millis() / 10) as usize);
        for (at, shape) in shapes.iter().enumerate() {
            let place = |ms: u32| ((told.duration_since(since).as_millis() + u128::from(ms)) / 10) as usize;
            let end = shapes
                .get(at + 1)
                .map_or(place(shape.at_ms) + 1, |next| place(next.at_ms))
                .min(until)
                .min(length);
            for open in &mut open[place(shape.at_ms).min(end)..end] {
                *open = shape.opening;
            }
        }
    }
    open
}

fn correlation(one: &[f32], other: &[f32]) -> f32 {
    let count = one.len().min(other.len()) as f32;
    let mean = |all: &[f32]| all.iter().take(count as usize).sum::<f32>() / count;
    let (middle, beside) = (mean(one), mean(other));
    let (mut both, mut first, mut second) = (0.0, 0.0, 0.0);
    for (a, b) in one.iter().zip(other) {
        both += (a - middle) * (b - beside);
        first += (a - middle).powi(2);
        second += (b - beside).powi(2);
    }
    both / (first * second).sqrt().max(1e-9)
}

#[test]
fn what_is_said_into_a_microphone_is_heard_and_answered_aloud() {
    with_devices("is_heard_and_answered_aloud");
}

#[test]
#[ignore = "the test above runs it, with devices"]
fn is_heard_and_answered_aloud() {
    let Some((jfk, server)) = support::speech::jfk().zip(pocketsphinx()) else { return };
    let card = SoundCard::start();
    let recording = card.file("heard.wav");
    let recorder = card.record(&recording);
    let mut evening = Evening::begin(&server.address);
    evening.come_in();
    evening.wait("the person's turn", is_phase(Phase::Open));
    card.say(&jfk);
    // He pauses in mid-sentence, which is longer than anybody is waited for whose words are not known before their end.
    let said = |text: &str| text.contains("can do for");
    evening.wait("his words", |kind| matches!(kind, Kind::Said { via: Via::Voice, text, .. } if said(text)));
    evening.wait("an answer", |kind| matches!(kind, Kind::Line { agent: Agent::Patient, .. }));
    let answered = Instant::now();
    evening.wait("its end", |kind| matches!(kind, Kind::Heard { .. }));
    let over = Instant::now();
    std::thread::sleep(Duration::from_millis(400));
    drop(recorder);
    let (loud, loudest) = envelope(&recording);
    assert!(loudest < 0.99, "it is clipped: {loudest}");
    // When a recorder begins is not known; it ends when it is told to.
    let since = Instant::now() - Duration::from_millis(10 * loud.len() as u64);
    let open = openings(&evening.mouths, since, loud.len());
    let hundredths = |moment: Instant| (moment.duration_since(since).as_millis() / 10) as usize;
    let spoken = hundredths(answered)..hundredths(over).min(loud.len());
    let power = loud[spoken.clone()].iter().fold(0.0_f32, |most, &it| most.max(it));
    assert!(power > 0.01, "the answer is silent: {power}");
    let best = (-60_i32..=60)
        .map(|late| {
            let shifted = spoken.start.saturating_add_signed(late as isize)
                ..spoken.end.saturating_add_signed(late as isize);
            (correlation(&open[spoken.clone()], loud.get(shifted).unwrap_or_default()), late * 10)
        })
        .fold((0.0, 0), |best, it| if it.0 > best.0 { it } else { best });
    eprintln!(
        "opening and loudness: correlation {:.2} at {} ms; loudest sample {loudest:.2}",
        best.0, best.1
    );
    // The recorder's own delay is in it: what it had not written down yet when it was ended.
    assert!(best.0 > 0.6, "the mouth does not move with the voice: {best:?}");
    evening.end();
}

#[test]
fn whoever_speaks_is_interrupted_and_what_was_heard_of_it_is_remembered() {
    with_devices("is_interrupted");
}

#[test]
#[ignore = "the test above runs it, with devices"]
fn is_interrupted() {
    let Some((jfk, server)) = support::speech::jfk().zip(pocketsphinx()) else { return };
    let card = SoundCard::start();
    let mut evening = Evening::begin(&server.address);
    evening.come_in();
    // The canceller gets to know the room by what is said before.
    let devil = evening.wait("the Devil", |kind| matches!(kind, Kind::Line { agent: Agent::Devil, .. }));
    let Kind::Line { line, text, .. } = evening.events[devil].kind.clone() else {
        unreachable!("just found")
    };
    // After a word or two of it.
    std::thread::sleep(Duration::from_millis(1_300));
    card.say(&jfk);
    let ended = evening.wait("its end", |kind| matches!(kind, Kind::Heard { line: of, .. } if *of == line));
    let Kind::Heard { chars, .. } = evening.events[ended].kind else { unreachable!("just found") };
    eprintln!("of {} characters {chars} were heard", text.chars().count());
    assert!(chars < text.chars().count(), "it was not interrupted");
    evening.wait("words", |kind| matches!(kind, Kind::Said { via: Via::Voice, .. }));
    evening.end();
}

#[test]
fn devices_that_are_taken_away_in_mid_evening_are_missed_and_found_again() {
    with_devices("are_missed_and_found_again");
}

#[test]
#[ignore = "the test above runs it, with devices"]
fn are_missed_and_found_again() {
    let Some((jfk, server)) = support::speech::jfk().zip(pocketsphinx()) else { return };
    let mut card = SoundCard::start();
    let mut evening = Evening::begin(&server.address);
    let is = |wanted: &'static str, well: bool| move |kind: &Kind| matches!(kind, Kind::Health { part, state } if part == wanted && matches!(state, Health::Well) == well);
    evening.wait("the microphone", is("microphone", true));
    evening.come_in();
    evening.wait("the Devil", |kind| matches!(kind, Kind::Line { agent: Agent::Devil, .. }));
    card.pull_out();
    let pulled = Instant::now();
    evening.wait("that the microphone is gone", is("microphone", false));
    eprintln!("missed after {} ms", pulled.elapsed().as_millis());
    assert!(pulled.elapsed() < Duration::from_secs(3));
    // It goes on, to be read.
    evening.wait("the person's turn", is_phase(Phase::Open));
    card.plug_in();
    let plugged = Instant::now();
    evening.wait("that the microphone is there", is("microphone", true));
    eprintln!("found again after {} ms", plugged.elapsed().as_millis());
    assert!(plugged.elapsed() < Duration::from_secs(5));
    card.say(&jfk);
    evening.wait("words", |kind| matches!(kind, Kind::Said { via: Via::Voice, .. }));
    evening.end();
}
