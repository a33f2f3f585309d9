//! The person hears their own voice in the change of places, and then it is gone: an evening with devices in a process of its
//! own, whose memory is looked through.

#![cfg(all(target_os = "linux", feature = "speech"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "what was measured is told")]

mod support;

use std::alloc::System;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use inner_room::config::Hear;
use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::ids::UtteranceId;
use inner_room::dialogue::input::{Control, Via};
use inner_room::dialogue::{Input, Setup};
use inner_room::host::{FromStage, Link, Preferences, Sound, ToStage, link, spawn};
use inner_room::voice::Place;
use inner_room::voice::space::Space;
use serde_json::Value;
use support::evening::{PATIENCE, parts};
use support::known_words::KnownWords;
use support::memory::{Found, Sought};
use support::sound_card::{SoundCard, with_devices};
use zeroizing_alloc::ZeroAlloc;

/// As the program has it.
#[global_allocator]
static WIPES: ZeroAlloc<System> = ZeroAlloc(System);

/// Where the evening in the other process is told what to do, and where its recogniser is.
const CONTROL: &str = "EVENING_CONTROL";
const WORDS: &str = "EVENING_WORDS";

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

/// The evening in the process that is searched. It says what happens, and does what it is told, a line each.
#[test]
#[ignore = "the tests below run it, with devices"]
fn an_evening_that_is_watched() {
    let mut control =
        TcpStream::connect(std::env::var("EVENING_CONTROL").expect("it is told")).expect("it listens");
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
    let (mut line, mut number) = (Vec::new(), 0);
    let mut stage = Some(stage);
    let mut host = Some(host);
    loop {
        while let Some(Ok(Some(told))) = stage.as_ref().map(|stage| stage.receive(Duration::from_millis(5))) {
            if let ToStage::Event(event) = told {
                let text = serde_json::to_string(&event).expect("it can be written");
                writeln!(control, "{text}").expect("it is heard");
            }
        }
        let mut byte = [0];
        match control.read(&mut byte) {
            Ok(0) => return,
            Ok(_) if byte[0] != b'\n' => line.push(byte[0]),
            Ok(_) => {
                let order = String::from_utf8(std::mem::take(&mut line)).expect("words");
                number += 1;
                match order.split_once(' ').unwrap_or((&order, "")) {
                    ("type", text) => say(stage.as_ref(), text, number),
                    ("stop", _) => stage
                        .as_ref()
                        .expect("it goes on")
                        .send(Input::Control(Control::Stop))
                        .expect("heard"),
                    ("withdraw", _) => {
                        let sound = Sound { recording: false, ..wanted.sound.clone() };
                        let wanted = Preferences { sound, ..wanted.clone() };
                        stage
                            .as_ref()
                            .expect("it goes on")
                            .say(FromStage::Prefer(Box::new(wanted)))
                            .expect("heard");
                    }
                    ("leave", _) => {
                        stage = None;
                        host.take().expect("once").join().expect("it ends in peace");
                        writeln!(control, "{{\"kind\":\"left\"}}").expect("it is heard");
                    }
                    _ => return,
                }
            }
            Err(_) => {}
        }
    }
}

fn say(stage: Option<&Link>, text: &str, number: u64) {
    let said =
        Input::Said { utterance: UtteranceId(number), text: text.to_owned(), via: Via::Keys, face: None };
    stage.expect("it goes on").send(said).expect("the host is there");
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
    fn begin(card: &SoundCard, words: &KnownWords) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let home = card.file("person");
        for folder in ["home", "config", "data", "cache", "tmp"] {
            std::fs::create_dir_all(home.join(folder)).expect("a folder");
        }
        let process = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "an_evening_that_is_watched", "--ignored", "--nocapture"])
            .env(CONTROL, listener.local_addr().expect("an address").to_string())
            .env(WORDS, &words.address)
            .env("HOME", home.join("home"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("TMPDIR", home.join("tmp"))
            .stdin(Stdio::null())
            .stdout(std::fs::File::create(home.join("said.txt")).expect("a file"))
            .spawn()
            .expect("it runs");
        let (control, _) = listener.accept().expect("it calls");
        Self { process, control: BufReader::new(control), events: Vec::new(), home }
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

    /// Says both comforts, each with its words.
    fn comfort(&mut self, card: &SoundCard, words: &KnownWords) {
        self.wait_for("question", "question", "concern");
        self.tell("type I froze in the meeting on Thursday and my boss wrote it down");
        self.wait_for("question", "question", "belief");
        self.tell("type 7");
        for number in 0..SAID.len() {
            words.hear(&said(number));
            self.wait_for("phase", "phase", "open");
            card.say(&spoken(card, number));
            self.wait_for("said", "part", "comfort");
        }
    }

    /// What of their words was heard again, in order.
    fn replayed(&self) -> Vec<String> {
        let replays = self.events.iter().filter(|(_, event)| event["kind"] == "replay");
        replays.filter_map(|(_, event)| event["text"].as_str().map(str::to_owned)).collect()
    }

    fn found(&self, sought: &Sought) -> Found {
        sought.in_process(self.process.id())
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

/// The samples of a recording that parec made.
fn samples(file: &Path) -> Vec<i16> {
    let bytes = std::fs::read(file).expect("recorded");
    bytes[44..].chunks_exact(2).map(|two| i16::from_le_bytes([two[0], two[1]])).collect()
}

fn sought_in(microphone: &[i16]) -> (Sought, Sought) {
    let (mut sound, mut words) = (Sought::default(), Sought::default());
    sound.add_sound(microphone, 32);
    for number in 0..SAID.len() {
        words.add_text(&said(number), 20);
    }
    (sound, words)
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
    let (recorder, microphone) = (card.record(&heard), card.record_microphone(&said_into));
    let mut evening = Watched::begin(&card, &words);
    evening.comfort(&card, &words);
    drop(microphone);
    evening.wait_for("change", "step", "asked");
    let (sound, sentences) = sought_in(&samples(&said_into));
    eprintln!("{} windows of sound, {} of words are looked for", sound.len(), sentences.len());
    let begun = Instant::now();
    let (before, words_before) = (evening.found(&sound), evening.found(&sentences));
    eprintln!(
        "before: {} and {} in {:?}: {:#?}",
        before.windows,
        words_before.windows,
        begun.elapsed(),
        before.places
    );
    evening.tell("type yes");
    evening.wait_for("change", "step", "still");
    drop(recorder);
    compare(&evening.replayed(), &samples(&said_into), &samples(&heard));
    evening.tell("stop");
    evening.wait("the wipe", |event| event["kind"] == "wiped");
    evening.tell("leave");
    evening.wait("its end", |event| event["kind"] == "left");
    let (after, words_after) = (evening.found(&sound), evening.found(&sentences));
    eprintln!(
        "after: {} {:#?}\n{} {:#?}",
        after.windows, after.places, words_after.windows, words_after.places
    );
    let mut files = Found::default();
    let count = sound.in_files(&evening.home, &mut files);
    sentences.in_files(&evening.home, &mut files);
    eprintln!("{count} files: {:?}", files.places);
}

/// Runs of sound in it, in samples: what is quieter than a share of the loudest for longer than this is silence.
fn runs(sound: &[f32], silence: usize) -> Vec<std::ops::Range<usize>> {
    const STEP: usize = 480;
    let loud: Vec<f32> =
        sound.chunks(STEP).map(|it| it.iter().fold(0.0_f32, |most, it| most.max(it.abs()))).collect();
    let least = loud.iter().fold(0.0_f32, |most, it| most.max(*it)) * 0.02;
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, _) in loud.iter().enumerate().filter(|(_, loud)| **loud > least) {
        match runs.last_mut().filter(|run| at * STEP - run.end < silence) {
            Some(run) => run.end = (at + 1) * STEP,
            None => runs.push(at * STEP..(at + 1) * STEP),
        }
    }
    runs
}

fn alike(one: &[f32], other: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
    (dot(one, other) / (dot(one, one) * dot(other, other)).sqrt().max(1e-12)) as f32
}

/// Where in a sound a part of it is best found: how far from its beginning, and how much alike they are.
fn find(part: &[f32], within: &[f32]) -> (usize, f32) {
    const COARSE: usize = 16;
    let dull =
        |sound: &[f32]| -> Vec<f32> { sound.chunks(COARSE).map(|it| it.iter().sum::<f32>()).collect() };
    let (small, large) = (dull(part), dull(within));
    let lags = 0..large.len().saturating_sub(small.len()).max(1);
    let best = |lags: std::ops::Range<usize>, part: &[f32], within: &[f32]| {
        lags.filter_map(|lag| within.get(lag..lag + part.len()).map(|here| (lag, alike(part, here))))
            .fold((0, -1.0), |best, it| if it.1 > best.1 { it } else { best })
    };
    let (near, _) = best(lags, &small, &large);
    let near = near * COARSE;
    best(near.saturating_sub(2 * COARSE)..near + 2 * COARSE, part, within)
}

/// Whether what is heard is what was said, from its place, with the pauses of the script.
fn compare(replayed: &[String], said_into: &[i16], heard: &[i16]) {
    let fraction = |it: i16| f32::from(it) / 32_768.0;
    let source: Vec<f32> = said_into.iter().map(|it| fraction(*it)).collect();
    let sides: Vec<[f32; 2]> =
        heard.chunks_exact(2).map(|two| [fraction(two[0]), fraction(two[1])]).collect();
    let side = |number: usize| -> Vec<f32> { sides.iter().map(|both| both[number]).collect() };
    let (left, right) = (side(0), side(1));
    let all = runs(&right, 33_600);
    let clauses = &all[all.len() - replayed.len()..];
    for two in clauses.windows(2) {
        eprintln!("between two clauses: {} ms", (two[1].start - two[0].end) / 48);
    }
    let mut space = Space::new(SEAT);
    let placed: Vec<[f32; 2]> = source.iter().map(|it| space.next(*it)).collect();
    let placed: Vec<Vec<f32>> = (0..2).map(|side| placed.iter().map(|both| both[side]).collect()).collect();
    for (words, run) in replayed.iter().zip(clauses) {
        let run = run.start..run.end.min(right.len());
        let mut best = (0, 0..0, -1.0);
        for utterance in runs(&source, 33_600) {
            let around = utterance.start.saturating_sub(24_000)..(utterance.end + 24_000).min(source.len());
            let (lag, good) = find(&right[run.clone()], &placed[1][around.clone()]);
            if good > best.2 {
                best = (around.start + lag, around, good);
            }
        }
        let (lag, _, good) = best;
        let here = lag..lag + run.len();
        let raw = alike(&right[run.clone()], &source[here.clone()]);
        let other = alike(&left[run.clone()], &placed[0][here.clone()]);
        let power = |of: &[f32]| 10.0 * (of.iter().map(|it| it * it).sum::<f32>() / of.len() as f32).log10();
        let windows: Vec<f32> = (0..run.len() / 12_000)
            .map(|at| at * 12_000..(at + 1) * 12_000)
            .map(|at| alike(&right[run.clone()][at.clone()], &placed[1][here.clone()][at]))
            .collect();
        eprintln!(
            "{words:?}: right {good:.4}, left {other:.4}, with the source itself {raw:.3}; right {:.1} dB, left {:.1} dB, source {:.1} dB; {windows:.3?}",
            power(&right[run.clone()]),
            power(&left[run.clone()]),
            power(&source[here.clone()])
        );
    }
}
