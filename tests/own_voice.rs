//! The person hears their own voice in the change of places, and then it is gone: an evening with devices in a process of its
//! own, whose memory is looked through.

#![cfg(all(target_os = "linux", feature = "speech"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "what was measured is told")]

mod support;

use std::alloc::System;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use inner_room::config::Hear;
use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::ids::UtteranceId;
use inner_room::dialogue::input::{Control, Via};
use inner_room::dialogue::{Input, Setup, timing};
use inner_room::host::{FromStage, Link, Preferences, Sound, ToStage, link, spawn};
use inner_room::senses::transcript::{Cancel, Recogniser as _, Whisper};
use inner_room::sound::Recording;
use inner_room::voice::Place;
use inner_room::voice::space::Space;
use serde_json::Value;
use support::evening::{PATIENCE, parts};
use support::known_words::KnownWords;
use support::memory::{Found, Sought};
use support::sound_card::{SoundCard, with_devices};
use support::waveform::{alike, find, runs, samples};
use zeroizing_alloc::ZeroAlloc;

/// As the program has it.
#[global_allocator]
static WIPES: ZeroAlloc<System> = ZeroAlloc(System);

/// Where the evening in the other process is told what to do, and where its recogniser is.
const CONTROL: &str = "EVENING_CONTROL";
const WORDS: &str = "EVENING_WORDS";

/// What is longer is silence between two things that are said, in samples.
const SILENCE: usize = 33_600;

/// Where the person's own figure is while they sit over there.
const SEAT: Place = Place { azimuth: 0.7, distance: 1.4 };

/// What is said, letter by letter from the end: so it stands nowhere in the program that is searched for it.
const SAID: [&str; 2] = [
    ".sruoh eerht tpels dah uoy ,ezorf uoy rednow oN",
    ".ti rof uoy deknaht ehs dna ,yadseuT no troper eht dehsinif uoY",
];

fn said(number: usize) -> String {
    SAID[number].chars().rev().collect()
}

/// The line to whoever runs this process.
fn control() -> TcpStream {
    TcpStream::connect(std::env::var(CONTROL).expect("it is told")).expect("it listens")
}

/// The evening in the process that is searched. Whoever looks on has a thread of their own: what its calls leave on its stack
/// is gone with it, as it is in the program.
#[test]
#[ignore = "the tests below run it, with devices"]
fn an_evening_that_is_watched() {
    let stage = inner_room::thread::spawn("stage", || attend(control())).expect("a thread");
    let Some(mut control) = stage.join().expect("it goes well") else { return };
    writeln!(control, "{{\"kind\":\"left\"}}").expect("it is heard");
    // It lives for as long as somebody looks into it.
    control.set_read_timeout(None).expect("it can be set");
    if control.read(&mut [0]).is_err() {}
}

/// Says what happens and does what it is told, a line each, until it is told to leave.
fn attend(mut control: TcpStream) -> Option<TcpStream> {
    let address = std::env::var(WORDS).expect("it is told");
    let (stage, hosts) = link();
    let host = spawn(parts(&address), hosts).expect("a thread");
    let setup = Setup { change: true, rounds: 2, ..support::setup(1) };
    stage.send(Input::Begin(Box::new(setup))).expect("the host is there");
    let sound = Sound { hear: Hear::Open, recording: true, scene_volume: 0, ..Sound::default() };
    let wanted = Preferences { sound, ..Preferences::default() };
    stage.say(FromStage::Prefer(Box::new(wanted.clone()))).expect("the host is there");
    stage.say(FromStage::Places(vec![(Agent::Patient, SEAT)])).expect("the host is there");
    control.set_read_timeout(Some(Duration::from_millis(1))).expect("it can be set");
    let mut number = 0;
    loop {
        while let Ok(Some(told)) = stage.receive(Duration::from_millis(5)) {
            if let ToStage::Event(event) = told {
                let text = serde_json::to_string(&event).expect("it can be written");
                writeln!(control, "{text}").expect("it is heard");
            }
        }
        let Some(order) = order(&mut control) else { continue };
        match order.split_once(' ').unwrap_or((&order, "")) {
            ("type", text) => {
                number += 1;
                say(&stage, text, number);
            }
            ("stop", _) => stage.send(Input::Control(Control::Stop)).expect("the host is there"),
            ("hold", _) => stage.send(Input::Control(Control::Pause)).expect("the host is there"),
            ("continue", _) => stage.send(Input::Control(Control::Resume)).expect("the host is there"),
            ("withdraw", _) => {
                let sound = Sound { recording: false, ..wanted.sound.clone() };
                let wanted = Preferences { sound, ..wanted.clone() };
                stage.say(FromStage::Prefer(Box::new(wanted))).expect("the host is there");
            }
            ("leave", _) => {
                drop(stage);
                host.join().expect("it ends in peace");
                return Some(control);
            }
            _ => return None,
        }
    }
}

/// What it is told to do next, if anything; nothing once nobody tells it anything any more. It reads a letter at a time, so that
/// no line is left in a buffer.
fn order(control: &mut TcpStream) -> Option<String> {
    let (mut line, mut letter) = (Vec::new(), [0]);
    loop {
        match control.read(&mut letter) {
            Ok(0) => return Some(String::new()),
            Ok(_) if letter[0] == b'\n' => return Some(String::from_utf8(line).expect("words")),
            Ok(_) => line.push(letter[0]),
            Err(_) if line.is_empty() => return None,
            // The rest of it is on its way.
            Err(_) => {}
        }
    }
}

fn say(stage: &Link, text: &str, number: u64) {
    let said =
        Input::Said { utterance: UtteranceId(number), text: text.to_owned(), via: Via::Keys, face: None };
    stage.send(said).expect("the host is there");
}

/// The other process.
struct Watched {
    process: Child,
    control: BufReader<TcpStream>,
    events: Vec<(Instant, Value)>,
    /// Everything that it writes is written in here.
    home: PathBuf,
}

impl Watched {
    /// Runs an ignored test of this file as a process of its own, which calls at this port.
    fn run(test: &str, listener: &TcpListener, home: PathBuf, settle: impl Fn(&mut Command)) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["--exact", test, "--ignored", "--nocapture"]).stdin(Stdio::null());
        command.env(CONTROL, listener.local_addr().expect("an address").to_string());
        settle(&mut command);
        let process = command.spawn().expect("it runs");
        let (control, _) = listener.accept().expect("it calls");
        Self { process, control: BufReader::new(control), events: Vec::new(), home }
    }

    fn begin(card: &SoundCard, words: &KnownWords) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let home = card.file("person");
        for folder in ["home", "config", "data", "cache", "tmp"] {
            std::fs::create_dir_all(home.join(folder)).expect("a folder");
        }
        let said = std::fs::File::create(home.join("said.txt")).expect("a file");
        Self::run("an_evening_that_is_watched", &listener, home.clone(), |command| {
            let folders = [
                ("HOME", "home"),
                ("XDG_CONFIG_HOME", "config"),
                ("XDG_DATA_HOME", "data"),
                ("XDG_CACHE_HOME", "cache"),
            ];
            command.envs(folders.map(|(name, folder)| (name, home.join(folder))));
            command.env("TMPDIR", home.join("tmp")).env(WORDS, &words.address);
            command.stdout(said.try_clone().expect("the same file"));
        })
    }

    fn tell(&mut self, order: &str) {
        writeln!(self.control.get_mut(), "{order}").expect("it listens");
    }

    fn wait(&mut self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        self.control.get_mut().set_read_timeout(Some(PATIENCE)).expect("it can be set");
        loop {
            let mut line = String::new();
            let read = self.control.read_line(&mut line);
            assert!(matches!(read, Ok(1..)), "{what} did not come; there were {:#?}", self.events);
            eprint!("  {line}");
            let event: Value = serde_json::from_str(&line).expect("an event");
            self.events.push((Instant::now(), event.clone()));
            if is(&event) {
                return event;
            }
        }
    }

    fn wait_for(&mut self, kind: &str, key: &str, value: &str) -> Value {
        self.wait(&format!("{kind} {value}"), |event| event["kind"] == kind && event[key] == value)
    }

    /// Says a comfort, in the person's turn; before the first one it comes in.
    fn comfort(&mut self, card: &SoundCard, words: &KnownWords, number: usize) {
        if number == 0 {
            self.wait_for("question", "question", "concern");
            self.tell("type I froze in the meeting on Thursday and my boss wrote it down");
            self.wait_for("question", "question", "belief");
            self.tell("type 7");
        }
        words.hear(&said(number));
        self.wait_for("phase", "phase", "open");
        card.say(&spoken(card, number));
        self.wait_for("said", "part", "comfort");
    }

    /// What of their words was heard again, in order.
    fn replayed(&self) -> Vec<String> {
        let replays = self.events.iter().filter(|(_, event)| event["kind"] == "replay");
        replays.filter_map(|(_, event)| event["text"].as_str().map(str::to_owned)).collect()
    }

    fn found(&self, sought: &Sought) -> Found {
        sought.in_process(self.process.id())
    }

    /// Threads that are told to end take a moment. What is left when they have.
    fn until_gone(&self, sound: &Sought, words: &Sought) -> (Found, Found) {
        let until = Instant::now() + PATIENCE;
        loop {
            let (kept, known) = (self.found(sound), self.found(words));
            if kept.windows + known.windows == 0 || Instant::now() > until {
                return (kept, known);
            }
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _asked = self.process.kill();
        let _ended = self.process.wait();
    }
}

/// A comfort as somebody says it.
fn spoken(card: &SoundCard, number: usize) -> PathBuf {
    let path = card.file(&format!("said{number}.wav"));
    let made = Command::new("espeak-ng")
        .args(["-v", "en-us+m3", "-s", "150", "-a", "70", "-w"])
        .arg(&path)
        .arg(said(number))
        .status();
    assert!(made.is_ok_and(|status| status.success()), "espeak-ng is not there");
    path
}

fn sought_in(microphone: &[i16]) -> (Sought, Sought) {
    let (mut sound, mut words) = (Sought::default(), Sought::default());
    sound.add_sound(microphone, 32);
    for number in 0..SAID.len() {
        words.add_text(&said(number), 20);
    }
    (sound, words)
}

/// What was found of the sound and of the sentences is told; whether there was anything.
fn tell(when: &str, sound: &Found, words: &Found) {
    eprintln!("{when}: {} windows of sound, {} of words", sound.windows, words.windows);
    for place in sound.places.iter().chain(&words.places) {
        eprintln!("    {place}");
    }
}

#[test]
fn what_they_said_is_heard_again_in_their_voice_and_then_nothing_of_it_is_left() {
    with_devices("is_heard_again_and_nothing_is_left");
}

#[test]
#[ignore = "the test above runs it, with devices"]
fn is_heard_again_and_nothing_is_left() {
    let card = SoundCard::start();
    let words = KnownWords::start();
    let (heard, said_into) = (card.file("heard.wav"), card.file("said_into.wav"));
    let microphone = card.record_microphone(&said_into);
    let mut evening = Watched::begin(&card, &words);
    for number in 0..SAID.len() {
        evening.comfort(&card, &words, number);
    }
    drop(microphone);
    evening.wait_for("change", "step", "asked");
    // To look takes longer than the question stands.
    evening.tell("hold");
    evening.wait("that it is held", |event| event["kind"] == "paused");
    let (sound, sentences) = sought_in(&samples(&said_into));
    eprintln!("{} windows of sound and {} of words are looked for", sound.len(), sentences.len());
    let (kept, known) = (evening.found(&sound), evening.found(&sentences));
    tell("before", &kept, &known);
    let own = |place: &String| place.starts_with("f32") && place.contains("rw-p");
    assert!(kept.places.iter().any(own), "it is kept as the microphone gave it, or the search finds nothing");
    assert!(known.windows > 0, "the search for sentences finds nothing");
    evening.tell("continue");
    evening.wait("that it goes on", |event| event["kind"] == "paused");
    let recorder = card.record(&heard);
    evening.tell("type yes");
    evening.wait_for("change", "step", "still");
    drop(recorder);
    compare(&evening.replayed(), &samples(&said_into), &samples(&heard));
    evening.tell("stop");
    let wiped = evening.wait("the wipe", |event| event["kind"] == "wiped");
    assert!(wiped["bytes"].as_u64().is_some_and(|bytes| bytes > 1_000_000), "{wiped}");
    evening.tell("leave");
    evening.wait("its end", |event| event["kind"] == "left");
    let (kept, known) = evening.until_gone(&sound, &sentences);
    tell("after", &kept, &known);
    assert_eq!((kept.windows, known.windows), (0, 0));
    let mut written = Found::default();
    let files = sound.in_files(&evening.home, &mut written);
    sentences.in_files(&evening.home, &mut written);
    eprintln!("{files} files were written");
    assert_eq!(written.windows, 0, "{:?}", written.places);
}

/// Whether what is heard is what was said, from its place, with the pauses of the script.
fn compare(replayed: &[String], said_into: &[i16], heard: &[i16]) {
    let fraction = |it: &i16| f32::from(*it) / 32_768.0;
    let source: Vec<f32> = said_into.iter().map(fraction).collect();
    let side = |number: usize| heard.iter().skip(number).step_by(2).map(fraction).collect::<Vec<f32>>();
    let (left, right) = (side(0), side(1));
    // Nothing but the place in the room is allowed between what was said and what is heard.
    let mut space = Space::new(SEAT);
    let (placed_left, placed_right): (Vec<f32>, Vec<f32>) =
        source.iter().map(|it| space.next(*it)).map(|[left, right]| (left, right)).unzip();
    let all = runs(&right, SILENCE);
    assert!(replayed.len() == SAID.len() && all.len() >= replayed.len(), "{replayed:?}, {all:?}");
    let clauses = &all[all.len() - replayed.len()..];
    for two in clauses.windows(2) {
        let pause = (two[1].start - two[0].end) as u64 / 48;
        eprintln!("between two clauses: {pause} ms");
        assert!(pause.abs_diff(timing::BETWEEN_CLAUSES.0) <= 300, "{pause} ms");
    }
    for (words, run) in replayed.iter().zip(clauses) {
        let run = run.start..run.end.min(right.len());
        let from = whence(&right[run.clone()], &source, &placed_right);
        let here = from..from + run.len();
        let (nearer, farther) = (
            windows(&right[run.clone()], &placed_right, from),
            windows(&left[run.clone()], &placed_left, from),
        );
        let raw = alike(&right[run.clone()], &source[here]);
        let loud = |of: &[f32]| 10.0 * (of.iter().map(|it| it * it).sum::<f32>() / of.len() as f32).log10();
        let louder = loud(&right[run.clone()]) - loud(&left[run.clone()]);
        eprintln!(
            "{words:?}: as alike as the source placed there: right {:.4}, left {:.4} at the median of quarters of a \
             second, the least {:.4}; as the source itself {raw:.3}; right louder by {louder:.1} dB",
            nearer[nearer.len() / 2],
            farther[farther.len() / 2],
            nearer[0].min(farther[0]),
        );
        // A quarter of a second here and there may be spoilt by a machine that has much else to do.
        let fifth = nearer.len() / 5;
        assert!(nearer[fifth] > 0.99 && farther[fifth] > 0.99, "{nearer:?}, {farther:?}");
        assert!(raw > 0.8, "{raw}");
        assert!(louder > 1.5, "it is on the right: {louder} dB");
    }
}

/// Where in the source what is heard begins.
fn whence(heard: &[f32], source: &[f32], placed: &[f32]) -> usize {
    let around = runs(source, SILENCE)
        .into_iter()
        .map(|run| run.start.saturating_sub(SILENCE)..(run.end + SILENCE).min(source.len()));
    let found = around.map(|around| {
        let (at, alike) = find(heard, &placed[around.clone()]);
        (around.start + at, alike)
    });
    found.fold((0, -1.0), |best, it| if it.1 > best.1 { it } else { best }).0
}

/// How much alike they are in each quarter of a second, the least first.
fn windows(heard: &[f32], placed: &[f32], from: usize) -> Vec<f32> {
    const WINDOW: usize = 12_000;
    let mut alike: Vec<f32> = heard
        .chunks_exact(WINDOW)
        .enumerate()
        .map(|(at, window)| {
            let at = from + at * WINDOW;
            find(window, &placed[at.saturating_sub(WINDOW)..(at + 2 * WINDOW).min(placed.len())]).1
        })
        .collect();
    alike.sort_by(f32::total_cmp);
    alike
}

#[test]
fn whoever_takes_it_back_in_mid_evening_is_kept_nowhere_while_it_goes_on() {
    with_devices("is_kept_nowhere_while_it_goes_on");
}

#[test]
#[ignore = "the test above runs it, with devices"]
fn is_kept_nowhere_while_it_goes_on() {
    let card = SoundCard::start();
    let words = KnownWords::start();
    let said_into = card.file("said_into.wav");
    let microphone = card.record_microphone(&said_into);
    let mut evening = Watched::begin(&card, &words);
    evening.comfort(&card, &words, 0);
    evening.wait_for("phase", "phase", "quiet");
    drop(microphone);
    let (sound, _) = sought_in(&samples(&said_into));
    let kept = evening.found(&sound);
    evening.tell("withdraw");
    let wiped = evening.wait("the wipe", |event| event["kind"] == "wiped");
    let left = evening.found(&sound);
    tell("before", &kept, &Found::default());
    tell("after", &left, &Found::default());
    eprintln!("{wiped}");
    assert!(kept.places.iter().any(|place| !is_servers(place)), "the search finds nothing");
    let ours: Vec<&String> = left.places.iter().filter(|place| !is_servers(place)).collect();
    assert!(ours.is_empty(), "{ours:?}");
}

/// Memory of the sound server's, lent to whoever hears by it, and overwritten as it hears on.
fn is_servers(place: &str) -> bool {
    place.contains("rw-s") && place.contains("memfd:pulseaudio")
}

/// Hears a recording with whisper, in a process that is searched.
#[test]
#[ignore = "the test below runs it"]
fn a_recogniser_that_is_watched() {
    let mut control = control();
    let mut wait = |what: &str| {
        writeln!(control, "{{\"kind\":\"{what}\"}}").expect("it is heard");
        control.read_exact(&mut [0; 1]).expect("it says when");
    };
    let folder = PathBuf::from(std::env::var_os("INNER_ROOM_MODELS").expect("it is set"));
    let mut whisper = Whisper::load(&folder.join("speech/for-tests-ggml-tiny.en.bin")).expect("it loads");
    let mut sound = Vec::new();
    let mut recording = Recording::open(&folder.join("speech/jfk.wav")).expect("a recording");
    while let Some(piece) = recording.next_piece().expect("it is whole") {
        sound.extend(piece);
    }
    // It makes no words of it; what it does with the sound it does all the same.
    for _ in 0..2 {
        let _words = whisper.transcribe(&sound, "en", &Cancel::default());
    }
    wait("heard");
    drop((sound, recording));
    wait("let go");
    drop(whisper);
    wait("closed");
}

#[test]
fn what_whisper_was_given_is_nowhere_once_it_is_let_go() {
    let Some(jfk) = support::speech::jfk() else { return };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut watched = Watched::run("a_recogniser_that_is_watched", &listener, PathBuf::new(), |_| {});
    let mut sought = Sought::default();
    // A few seconds of it.
    sought.add_sound(&samples(&jfk)[16_000..80_000], 32);
    for (kind, is_there) in [("heard", true), ("let go", false), ("closed", false)] {
        watched.wait(kind, |event| event["kind"] == kind);
        let found = watched.found(&sought);
        tell(kind, &found, &Found::default());
        assert_eq!(found.windows > 0, is_there, "{kind}");
        watched.tell("");
    }
}
