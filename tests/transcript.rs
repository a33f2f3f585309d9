//! Words of speech: whisper with a model that knows nothing, and servers over real sockets, one of them with a real
//! recogniser behind it.

#![cfg(feature = "speech")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::allow_attributes,
    reason = "a test that cannot go on fails, and a skip has a name"
)]

#[path = "support/wire.rs"]
mod wire;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use inner_room::models::{Folders, SILERO};
use inner_room::net::NetError;
use inner_room::net::endpoint::{Endpoint, Secret};
use inner_room::senses::transcript::{
    Cancel, Factory, Heard, Job, Kind, Limits, Recogniser as _, Server, Transcriber, Transcript,
    TranscriptError, Whisper, credible,
};
use inner_room::sound::Recording;
use wire::{Step, WireServer, status};

fn requires(what: &str) -> bool {
    std::env::var("INNER_ROOM_REQUIRE").is_ok_and(|list| list.split(',').any(|it| it == what))
}

/// A file of the folder of models; none, and a word, where there is none.
fn model(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("INNER_ROOM_MODELS").map(PathBuf::from);
    let path = Folders::of(folder.into_iter().collect()).find(file);
    if path.is_none() {
        assert!(
            !requires("models"),
            "there is no {file} in INNER_ROOM_MODELS, and INNER_ROOM_REQUIRE asks for models"
        );
        eprintln!("skipped: {file} (INNER_ROOM_MODELS names no folder with it)");
    }
    path
}

/// Whisper works on every core: two at once keep each other waiting ten times as long.
fn alone() -> MutexGuard<'static, ()> {
    static WHISPER: Mutex<()> = Mutex::new(());
    WHISPER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// whisper.cpp's own model for tests, which is whole and has no weights.
fn empty_model() -> Option<PathBuf> {
    model("speech/for-tests-ggml-tiny.en.bin")
}

fn jfk() -> Option<Vec<f32>> {
    let (mut recording, mut sound) =
        (Recording::open(&model("speech/jfk.wav")?).expect("it can be opened"), Vec::new());
    while let Some(piece) = recording.next_piece().expect("it is whole") {
        sound.extend(piece);
    }
    Some(sound)
}

/// A quarter of a second that is loud enough.
fn sound() -> Vec<f32> {
    (0..4_000).map(|at| 0.3 * (at as f32 * 0.1).sin()).collect()
}

fn listen() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_inner-room"));
    program.arg("listen");
    program
}

#[test]
fn a_model_without_weights_is_loaded_and_makes_no_words() {
    let (Some(path), Some(jfk)) = (empty_model(), jfk()) else { return };
    let _alone = alone();
    let mut whisper = Whisper::load(&path).expect("it can be loaded");
    assert_eq!(whisper.name(), "whisper for-tests-ggml-tiny.en, which knows nothing");
    let begun = Instant::now();
    for (sound, lang) in [(&jfk[..], "en"), (&jfk[..4_000], "en-GB"), (&[], "no language")] {
        let heard = whisper.transcribe(sound, lang, &Cancel::default()).expect("it comes to an end");
        assert_eq!((heard.text.as_str(), heard.no_speech, heard.confidence), ("", 1.0, None));
    }
    let whole = begun.elapsed() / 3;
    assert!(whisper.takes() > Duration::ZERO);
    let begun = Instant::now();
    whisper.partial(&jfk, "en", &Cancel::default()).expect("it comes to an end");
    eprintln!(
        "whisper without weights: {whole:?} a sound, {:?} for words so far of eleven seconds",
        begun.elapsed()
    );
}

#[test]
fn whisper_is_cancelled_at_once_and_hears_the_next_sound() {
    let (Some(path), Some(jfk)) = (empty_model(), jfk()) else { return };
    let _alone = alone();
    let mut whisper = Whisper::load(&path).expect("it can be loaded");
    let mut longest = Duration::ZERO;
    // At every stage of its work: before it, in the encoder, and wherever it is by then.
    for after in [0, 5, 50, 150, 300] {
        let cancel = Cancel::default();
        let (told, (begin, begins)) = (cancel.clone(), sync_channel(1));
        let other = std::thread::Builder::new().name("cancels".to_owned());
        let other = other.spawn(move || {
            begins.recv().expect("it begins");
            std::thread::sleep(Duration::from_millis(after));
            told.cancel();
            Instant::now()
        });
        begin.send(()).expect("it waits");
        let ended = whisper.transcribe(&jfk, "en", &cancel);
        let now = Instant::now();
        let cancelled = other.expect("a thread").join().expect("it ends");
        match ended {
            Err(TranscriptError::Cancelled) => {
                longest = longest.max(now.saturating_duration_since(cancelled));
            }
            // It was through before.
            ended => assert_eq!(ended.expect("it comes to an end").text, ""),
        }
    }
    eprintln!("whisper was cancelled within {longest:?}");
    assert!(longest < Duration::from_secs(1), "{longest:?}");
    whisper.transcribe(&jfk, "en", &Cancel::default()).expect("it hears on");
}

#[test]
fn a_file_that_is_no_whole_model_is_refused_in_one_line_and_the_program_says_no_more() {
    let (Some(path), Some(jfk)) = (empty_model(), model("speech/jfk.wav")) else { return };
    let whole = std::fs::read(path).expect("the model");
    let garbage: Vec<u8> = (0..90_000_u32).map(|at| (at * 7) as u8).collect();
    let half_a_tensor = [&whole[..], &[2, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 4]].concat();
    let cuts = [&whole[..whole.len() / 2], &whole[..100], &whole[..0], &garbage, &half_a_tensor];
    for (number, bytes) in cuts.into_iter().enumerate() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("speech/ggml-tiny.en.bin");
        std::fs::create_dir(folder.path().join("speech")).expect("a folder in it");
        std::fs::write(&file, bytes).expect("the file");
        let error = Whisper::load(&file).expect_err("it is not whole").to_string();
        assert!(error.contains("cannot be used") && error.lines().count() == 1, "{number}: {error}");
        let heard = listened(&jfk, folder.path());
        assert_eq!(heard.said.len(), 2, "{number}: {:?}", heard.said);
        assert!(heard.said.iter().any(|line| line.contains(&error)), "{number}: {:?}", heard.said);
        assert!(heard.texts.is_empty() && heard.segments > 0);
    }
    let error = Whisper::load(Path::new("/nowhere/ggml-tiny.en.bin")).expect_err("it is not there");
    assert!(error.to_string().contains("/nowhere/ggml-tiny.en.bin cannot be used"), "{error}");
}

#[test]
fn a_model_that_is_there_hears_what_is_listened_to_and_c_says_nothing() {
    let (Some(path), Some(jfk)) = (empty_model(), jfk()) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("speech")).expect("a folder in it");
    std::fs::copy(path, folder.path().join("speech/ggml-tiny.en.bin")).expect("the file");
    // Its first words: whisper takes as long for each stretch as for half a minute.
    let recording = folder.path().join("heard.wav");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut file = hound::WavWriter::create(&recording, spec).expect("a file");
    jfk[..44_000].iter().for_each(|sample| file.write_sample(*sample).expect("a sample"));
    file.finalize().expect("the file");
    let _alone = alone();
    let heard = listened(&recording, folder.path());
    assert!(heard.said.len() == 1 && heard.said[0].contains("built in"), "{:?}", heard.said);
    assert!(heard.texts.is_empty() && heard.segments == 1, "{:?}", heard.texts);
}

/// What the program printed of a recording.
struct Listened {
    segments: usize,
    texts: Vec<String>,
    said: Vec<String>,
}

/// Listens to a recording with the models of a folder and no others.
fn listened(recording: &Path, models: &Path) -> Listened {
    let mut program = listen();
    program.arg(recording).arg("--models").arg(models).env("INNER_ROOM_MODELS", models);
    let heard = program.env("XDG_DATA_HOME", models).output().expect("it runs");
    assert!(heard.status.success(), "{}", String::from_utf8_lossy(&heard.stderr));
    read(&heard.stdout, &heard.stderr)
}

fn read(out: &[u8], said: &[u8]) -> Listened {
    let lines: Vec<serde_json::Value> = String::from_utf8_lossy(out)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    let texts = lines.iter().filter(|line| line["kind"] == "text");
    Listened {
        segments: lines.iter().filter(|line| line["kind"] == "segment").count(),
        texts: texts.map(|line| line["text"].as_str().expect("a text").to_owned()).collect(),
        said: String::from_utf8_lossy(said).lines().map(str::to_owned).collect(),
    }
}

/// A real recogniser behind a real server; it ends with this.
struct Pocketsphinx {
    process: Child,
    address: String,
}

impl Pocketsphinx {
    /// None, and a word, where there is none.
    fn start() -> Option<Self> {
        let found = Command::new("python3").args(["-c", "import pocketsphinx"]).output();
        if !found.is_ok_and(|found| found.status.success()) {
            assert!(
                !requires("audio"),
                "python3 has no pocketsphinx, and INNER_ROOM_REQUIRE asks for audio: python3 -m pip install pocketsphinx"
            );
            eprintln!("skipped: a real recogniser (python3 with pocketsphinx is not installed)");
            return None;
        }
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/pocketsphinx_server.py");
        let mut server = Command::new("python3");
        server.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = server.spawn().expect("it runs");
        let mut port = String::new();
        let out = process.stdout.take().expect("it has an output");
        BufReader::new(out).read_line(&mut port).expect("it says its port");
        let address = format!("http://127.0.0.1:{}/v1", port.trim().parse::<u16>().expect("a port"));
        Some(Self { process, address })
    }
}

impl Drop for Pocketsphinx {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[test]
fn a_real_recogniser_behind_a_server_hears_a_speech() {
    let Some(jfk) = jfk() else { return };
    let Some(pocketsphinx) = Pocketsphinx::start() else { return };
    let begun = Instant::now();
    // A machine that builds beside it takes its time.
    let heard = server(&pocketsphinx.address)
        .within(Duration::from_secs(90))
        .transcribe(&jfk, "en", &Cancel::default())
        .expect("it is heard");
    eprintln!("pocketsphinx, {:?} for eleven seconds: {}", begun.elapsed(), heard.text);
    assert!(heard.text.contains("country can do for you"), "{}", heard.text);
    let text = credible(&heard, &jfk, 7_400).expect("it was said");
    assert_eq!(text, heard.text);
}

#[test]
fn the_words_of_each_stretch_of_speech_are_printed_after_it() {
    let (Some(jfk), Some(silero)) = (model("speech/jfk.wav"), model(SILERO)) else { return };
    let Some(pocketsphinx) = Pocketsphinx::start() else { return };
    let models = silero.parent().and_then(Path::parent).expect("a folder");
    let mut program = listen();
    program.arg(&jfk).arg("--models").arg(models).args(["--transcribe", &pocketsphinx.address]);
    let heard = program.output().expect("it runs");
    let said = String::from_utf8_lossy(&heard.stderr);
    assert!(heard.status.success() && said.is_empty(), "{said}");
    let lines: Vec<serde_json::Value> = String::from_utf8_lossy(&heard.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    let kinds: Vec<&str> = lines.iter().map(|line| line["kind"].as_str().expect("a kind")).collect();
    assert_eq!(kinds, ["segment", "text"].repeat(4), "{lines:?}");
    for pair in lines.chunks(2) {
        assert_eq!((&pair[0]["from"], &pair[0]["to"]), (&pair[1]["from"], &pair[1]["to"]));
    }
    let texts = read(&heard.stdout, b"").texts;
    eprintln!("pocketsphinx, stretch by stretch: {texts:?}");
    assert!(texts[0].contains("fellow american") && texts[2].contains("can do for you"), "{texts:?}");
}

fn server(address: &str) -> Server {
    Server::new(Endpoint::new(address, None).expect("an address"), None).expect("a client")
}

/// What is heard from a server that always answers like this.
fn heard_from(steps: Vec<Step>) -> Result<Transcript, NetError> {
    let wire = WireServer::new(move |_| steps.clone());
    heard(&mut server(&wire.address))
}

fn heard(server: &mut Server) -> Result<Transcript, NetError> {
    server.transcribe(&sound(), "en-GB", &Cancel::default()).map_err(|error| match error {
        TranscriptError::Server { why, .. } => why,
        error => panic!("{error}"),
    })
}

fn text(kind: &str, body: &str) -> Vec<Step> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
    vec![Step::Send(format!("{head}{body}").into_bytes())]
}

#[test]
fn a_server_is_sent_a_wav_file_a_model_and_a_language() {
    let wire = WireServer::new(|_| {
        let body = r#"{"text":" You were tired.","language":"english",
            "segments":[{"text":" You were tired.","avg_logprob":-0.1,"no_speech_prob":0.02}]}"#;
        status("200 OK", "", body)
    });
    let heard = heard(&mut server(&wire.address)).expect("it is heard");
    assert_eq!((heard.text.as_str(), heard.lang.as_deref()), (" You were tired.", Some("english")));
    assert!(heard.no_speech < 0.03 && heard.confidence.is_some_and(|it| it > 0.9), "{heard:?}");
    let [seen] = &wire.seen()[..] else { panic!("one request") };
    assert!(seen.head.starts_with("POST /v1/audio/transcriptions "), "{}", seen.head);
    for part in [
        "name=\"file\"; filename=\"utterance.wav\"",
        "Content-Type: audio/wav",
        "RIFF",
        "name=\"model\"\r\n\r\nwhisper-1\r\n",
        "name=\"language\"\r\n\r\nen\r\n",
        "name=\"response_format\"\r\n\r\nverbose_json\r\n",
    ] {
        assert!(seen.body.contains(part), "{part}");
    }
}

#[test]
fn a_server_that_says_no_more_than_the_words_is_asked_for_the_words_and_that_is_remembered() {
    for refusal in [
        r#"{"error":{"message":"response_format 'verbose_json' is not compatible with model"}}"#,
        r#"{"detail":"unknown format"}"#,
    ] {
        let wire = WireServer::new(move |seen| {
            if seen.body.contains("verbose_json") {
                status("400 Bad Request", "", refusal)
            } else {
                status("200 OK", "", r#"{"text":"No."}"#)
            }
        });
        let mut server = server(&wire.address);
        for asked in [2, 3] {
            let heard = heard(&mut server).expect("it is heard");
            assert_eq!((heard.text.as_str(), heard.no_speech, heard.confidence), ("No.", 0.0, None));
            assert_eq!(wire.seen().len(), asked);
        }
    }
}

#[test]
fn an_answer_in_plain_text_is_read() {
    for kind in ["text/plain; charset=utf-8", "application/octet-stream"] {
        assert_eq!(
            heard_from(text(kind, "You were tired.\n")).map(|it| it.text).as_deref(),
            Ok("You were tired.")
        );
    }
}

#[test]
fn what_goes_wrong_with_a_server_is_told_apart() {
    let error =
        heard_from(status("500 Internal Server Error", "", r#"{"error":{"message":"out of memory"}}"#));
    let expected = NetError::Status { status: 500, message: "out of memory".to_owned(), retry_after: None };
    assert_eq!(error, Err(expected));
    let error = heard_from(status("401 Unauthorized", "", r#"{"error":"no key"}"#));
    assert!(matches!(error, Err(NetError::Status { status: 401, .. })), "{error:?}");
    let error = heard_from(status("200 OK", "", "<html>Sign in</html>"));
    assert!(matches!(error, Err(NetError::NoTranscriptions(_))), "{error:?}");
    let error = heard_from(status("302 Found", "Location: /login\r\n", ""));
    assert!(matches!(error, Err(NetError::NoTranscriptions(_))), "{error:?}");
    let error = heard_from(text("application/json", "You were {tired"));
    assert!(matches!(error, Err(NetError::Malformed(_))), "{error:?}");
    let cut =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"text\":\"You";
    let error = heard_from(vec![Step::Send(cut.to_vec()), Step::Reset]);
    assert_eq!(error, Err(NetError::CutOff));
    let error = heard_from(vec![Step::Reset]);
    assert!(matches!(error, Err(NetError::Unreachable(_))), "{error:?}");
    let error = heard(&mut server("http://127.0.0.1:9/v1"));
    assert!(matches!(error, Err(NetError::Unreachable(_))), "{error:?}");
}

#[test]
fn a_body_without_end_is_given_up_at_a_megabyte() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"text\":\"";
    let steps = vec![Step::Send(head.to_vec()), Step::Forever(vec![b'a'; 65_536])];
    let wire = WireServer::new(move |_| steps.clone());
    let error = heard(&mut server(&wire.address));
    assert!(matches!(error, Err(NetError::TooMuch(_))), "{error:?}");
    assert!(wire.closed().is_some(), "the connection is closed");
}

#[test]
fn a_server_that_never_answers_is_given_up_and_can_be_cancelled_at_once() {
    let wire = WireServer::new(|_| vec![Step::Hold]);
    let mut patient = server(&wire.address).within(Duration::from_millis(300));
    assert!(matches!(heard(&mut patient), Err(NetError::TimedOut(_))));
    assert!(wire.closed().is_some(), "the connection is closed");
    // Before it answers, and in the middle of its answer.
    let half =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{\"te".to_vec();
    for steps in [vec![Step::Hold], vec![Step::Send(half), Step::Hold]] {
        let (tell, begins) = sync_channel(1);
        let wire = WireServer::new(move |_| {
            tell.send(()).ok();
            steps.clone()
        });
        let cancel = Cancel::default();
        let told = cancel.clone();
        let other = std::thread::Builder::new().name("cancels".to_owned());
        let other = other.spawn(move || {
            begins.recv().expect("it begins");
            told.cancel();
            Instant::now()
        });
        let ended = server(&wire.address).transcribe(&sound(), "en", &cancel);
        let now = Instant::now();
        let took = now.saturating_duration_since(other.expect("a thread").join().expect("it ends"));
        assert_eq!(ended, Err(TranscriptError::Cancelled));
        eprintln!("a server was cancelled within {took:?}");
        assert!(took < Duration::from_secs(1), "{took:?}");
        assert!(wire.closed().is_some(), "the connection is closed, so that its slot frees");
    }
}

#[test]
fn a_key_that_a_server_sends_back_is_in_no_message() {
    let wire =
        WireServer::new(|_| status("401 Unauthorized", "", r#"{"error":{"message":"wrong: sk-canary"}}"#));
    let endpoint = Endpoint::new(&wire.address, Some(Secret::new("sk-canary"))).expect("an address");
    let mut server = Server::new(endpoint, Some("base.en")).expect("a client");
    let error = server.transcribe(&sound(), "", &Cancel::default()).expect_err("it is refused").to_string();
    assert!(error.contains("401") && !error.contains("canary"), "{error}");
    let seen = &wire.seen()[0];
    assert!(seen.head.to_lowercase().contains("authorization: bearer sk-canary"), "{}", seen.head);
    assert!(seen.body.contains("base.en") && !seen.body.contains("name=\"language\""), "{}", seen.body);
}

/// A9: a server that makes the words hangs.
#[test]
fn a_server_that_hangs_is_left_behind_by_the_worker_within_the_limit() {
    let wire = WireServer::new(|_| vec![Step::Hold]);
    let address = wire.address.clone();
    let make: Factory = Arc::new(move || {
        let endpoint = Endpoint::new(&address, None).expect("an address");
        Ok(Box::new(Server::new(endpoint, None)?))
    });
    let limits = Limits { at_least: Duration::from_millis(200), per_second: 0.0, ..Limits::default() };
    let mut transcriber = Transcriber::start(make, limits).expect("a thread");
    let job = Job {
        utterance: inner_room::dialogue::ids::UtteranceId(1),
        sound: sound().into(),
        kind: Kind::Final,
        lang: "en".to_owned(),
    };
    transcriber.hear(job).expect("taken");
    let begun = Instant::now();
    let heard: Heard = loop {
        transcriber.overdue(Instant::now());
        match transcriber.poll() {
            Some(heard) => break heard,
            None => std::thread::yield_now(),
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "nothing is noticed");
    };
    assert_eq!(heard.result, Err(TranscriptError::Late));
    // What was left behind lets go of its connection.
    assert!(wire.closed().is_some());
}

#[test]
fn a_wrong_address_is_a_wrong_call_and_a_server_that_fails_is_said_once() {
    let Some(jfk) = model("speech/jfk.wav") else { return };
    let empty = tempfile::tempdir().expect("a folder");
    let call = |address: &str| {
        let mut program = listen();
        program.arg(&jfk).args(["--transcribe", address]).env("INNER_ROOM_MODELS", empty.path());
        program.env("XDG_DATA_HOME", empty.path()).output().expect("it runs")
    };
    let wrong = call("localhost:8000");
    assert_eq!((wrong.status.code(), wrong.stdout.len()), (Some(2), 0));
    let nobody = call("http://127.0.0.1:9/v1");
    let heard = read(&nobody.stdout, &nobody.stderr);
    assert_eq!((nobody.status.code(), heard.segments, heard.texts.len()), (Some(1), 4, 0));
    assert!(heard.said.len() == 2 && heard.said[1].contains("no words come from"), "{:?}", heard.said);
}
