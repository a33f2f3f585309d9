//! A hall that is heard, and a page that is read aloud, with devices of this machine's own making.

#![cfg(all(unix, feature = "exhibit", feature = "speech"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use inner_room::sound::{BackgroundError, measure};
use inner_room::voice::aloud::{Reader, Script};
use inner_room::voice::espeak::Espeak;
use inner_room::voice::{Outlet, Volume};
use support::sound_card::{SoundCard, with_devices};

const RATE: u32 = 48_000;
/// The rate of the noise: nothing of it is above what is heard.
const NOISE: u32 = 16_000;
/// The longest that anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Writes even noise of this level in dBFS, for so many seconds.
fn noise(file: &Path, level: f32, seconds: u32) {
    let most = 10_f32.powf(level / 20.0) * 3.0_f32.sqrt() * f32::from(i16::MAX);
    let mut state = 1_u32;
    let mut bytes = Vec::new();
    for _ in 0..seconds * NOISE {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let sample = (state as f32 / u32::MAX as f32 * 2.0 - 1.0) * most;
        bytes.extend((sample as i16).to_le_bytes());
    }
    let length = bytes.len() as u32;
    let mut wav = b"RIFF".to_vec();
    wav.extend((length + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(NOISE.to_le_bytes());
    wav.extend((NOISE * 2).to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(length.to_le_bytes());
    wav.extend(bytes);
    fs::write(file, wav).expect("written");
}

/// Does something while this is heard in the hall, and ends before it does.
fn in_noise<T>(card: &SoundCard, level: f32, then: impl FnOnce() -> T) -> T {
    let file = card.file("noise.wav");
    noise(&file, level, 12);
    std::thread::scope(|scope| {
        let plays = scope.spawn(|| card.say(&file));
        // It is heard once it has come through the sound server.
        std::thread::sleep(Duration::from_millis(700));
        let made = then();
        assert!(!plays.is_finished(), "the noise was over too early");
        made
    })
}

/// What `inner-room exhibit check` says.
fn check(card: &SoundCard) -> String {
    let config = card.file("config.toml");
    let data = card.file("data");
    let set =
        format!("venue = \"exhibition\"\ndata_dir = \"{}\"\n[exhibit]\nloudest_db = -40\n", data.display());
    fs::write(&config, set).expect("written");
    let program = env!("CARGO_BIN_EXE_inner-room");
    let run =
        Command::new(program).args(["exhibit", "check", "--config"]).arg(&config).output().expect("it runs");
    String::from_utf8_lossy(&run.stdout).into_owned()
}

#[test]
fn a_hall_is_as_loud_as_the_microphone_says() {
    with_devices("is_as_loud");
}

#[test]
#[ignore = "the test above runs it, with devices"]
fn is_as_loud() {
    let mut card = SoundCard::start();
    let silence = measure(None, 1);
    assert!(matches!(silence, Err(BackgroundError::Muted)), "nobody is there: {silence:?}");
    let said = check(&card);
    assert!(
        said.contains(
            "note: how loud the hall is could not be measured well: the microphone gives nothing but silence"
        ),
        "{said}"
    );
    for level in [-50.0, -25.0] {
        let heard = in_noise(&card, level, || measure(None, 3)).expect("it is heard");
        eprintln!("{level} dBFS are heard as {:.1}", heard.level_db);
        // A busy machine leaves gaps in what it plays.
        assert!((heard.level_db - level).abs() < 4.0 && !heard.overdriven, "{heard:?}");
    }
    let said = in_noise(&card, -25.0, || check(&card));
    let loud = said.lines().find(|line| line.contains("loudest_db")).expect("it is said");
    assert!(loud.starts_with("note: the hall has -2") && loud.contains("over the -40"), "{loud}");
    card.pull_out();
    let begun = Instant::now();
    let gone = measure(None, 1).expect_err("there is no microphone");
    assert!(matches!(gone, BackgroundError::Device(_)), "{gone}");
    assert!(begun.elapsed() < PATIENCE);
}

#[test]
fn what_is_read_aloud_is_heard_and_falls_silent_when_it_is_stopped() {
    with_devices("falls_silent");
}

/// What of a recording has been written down so far: the loudest of each hundredth of a second.
fn heard(file: &Path) -> Vec<f32> {
    let bytes = fs::read(file).unwrap_or_default();
    let samples = bytes.get(44..).unwrap_or_default().as_chunks::<2>().0;
    let each = RATE as usize * 2 / 100;
    let loudest = |piece: &[[u8; 2]]| {
        let most = piece.iter().map(|it| i16::from_le_bytes(*it).unsigned_abs()).max().unwrap_or_default();
        f32::from(most) / f32::from(i16::MAX)
    };
    samples.chunks_exact(each).map(loudest).collect()
}

#[test]
#[ignore = "the test above runs it, with devices"]
fn falls_silent() {
    let Some(espeak) = Espeak::find() else {
        let required = std::env::var("INNER_ROOM_REQUIRE").is_ok_and(|it| it.contains("audio"));
        assert!(!required, "espeak-ng is not installed, and INNER_ROOM_REQUIRE asks for audio");
        eprintln!("skipped: a voice (espeak-ng is not installed)");
        return;
    };
    let card = SoundCard::start();
    let reader = Reader::start(Box::new(espeak)).expect("a thread");
    for (number, lang, text) in [
        (1, "en", "In a moment you will sit in a small room. Somebody sits there who is hurt. "),
        (2, "zh", "过一会儿，你会在一间小屋子里坐下。屋里坐着一个受了伤的人。"),
    ] {
        let file = card.file(&format!("read{number}.wav"));
        let recorder = card.record(&file);
        let script = Script {
            number,
            lang: lang.to_owned(),
            paragraphs: vec![text.repeat(4); 6],
            volume: Volume::default(),
            outlet: Outlet::System,
        };
        let asked = Instant::now();
        reader.read(script);
        while !heard(&file).iter().any(|loud| *loud > 0.05) {
            assert!(asked.elapsed() < PATIENCE, "nothing is heard");
            std::thread::sleep(Duration::from_millis(20));
        }
        let began = asked.elapsed();
        // In the middle of it.
        std::thread::sleep(Duration::from_millis(1_500));
        reader.stop();
        let stopped = Instant::now();
        std::thread::sleep(Duration::from_millis(1_500));
        let since = stopped.elapsed();
        drop(recorder);
        let loud = heard(&file);
        let silent = loud.iter().rev().take_while(|loud| **loud < 0.005).count();
        // When a recorder begins is not known; it ends when it is told to.
        let sounded = since.saturating_sub(Duration::from_millis(10 * silent as u64));
        eprintln!(
            "{lang}: heard {} ms after it was asked for, silent {} ms after the stop",
            began.as_millis(),
            sounded.as_millis()
        );
        assert!(sounded < Duration::from_millis(500), "it reads on for {sounded:?}");
        assert!(reader.over().is_empty(), "what was broken off is not over by itself");
    }
    reader.read(Script {
        number: 3,
        lang: "en".to_owned(),
        paragraphs: vec!["Yes, let me in".to_owned()],
        volume: Volume::default(),
        outlet: Outlet::System,
    });
    assert_eq!(reader.over().recv_timeout(PATIENCE), Ok(3));
}
