//! What is heard in real recordings: with a real model where there is one, and real voices where a program makes them.

#![cfg(feature = "speech")]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "a skip has a name")]

use std::path::{Path, PathBuf};
use std::process::Command;

use inner_room::models::{Folders, SILERO};
use inner_room::senses::gate::Gate;
use inner_room::senses::turn::{Pace, Turn, TurnTaking};
use inner_room::senses::voice_activity::{Earshot, Listener, Silero, VoiceActivity};
use inner_room::sound::{RATE, Recording};
use rand::{RngExt as _, SeedableRng as _};

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

fn silero() -> Option<Silero> {
    Some(Silero::load(&model(SILERO)?).expect("the model can be used"))
}

fn recording(path: &Path) -> Vec<f32> {
    let (mut recording, mut sound) = (Recording::open(path).expect("it can be opened"), Vec::new());
    while let Some(piece) = recording.next_piece().expect("it is whole") {
        sound.extend(piece);
    }
    sound
}

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_inner-room"));
    program.arg("listen");
    program
}

/// Silero's own segments of jfk.wav, worked out with ONNX Runtime by `get_speech_timestamps` as it ships, in seconds.
const JFK: [(f64, f64); 4] = [(0.322, 2.27), (3.266, 4.446), (5.378, 7.678), (8.162, 10.622)];

#[test]
fn a_speech_is_cut_where_silero_itself_cuts_it() {
    let (Some(jfk), Some(models)) = (model("speech/jfk.wav"), std::env::var_os("INNER_ROOM_MODELS")) else {
        return;
    };
    if model(SILERO).is_none() {
        return;
    }
    let heard = program().arg(&jfk).arg("--models").arg(models).output().expect("it runs");
    assert!(heard.status.success() && heard.stderr.is_empty(), "{}", String::from_utf8_lossy(&heard.stderr));
    let lines: Vec<serde_json::Value> = String::from_utf8_lossy(&heard.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    assert_eq!(lines.len(), JFK.len(), "{lines:?}");
    for (line, (from, to)) in lines.iter().zip(JFK) {
        let number = |name: &str| line.get(name).and_then(serde_json::Value::as_f64).expect("a number");
        assert_eq!(line.get("kind").and_then(|it| it.as_str()), Some("segment"));
        assert!(
            (number("from") - from).abs() < 0.15 && (number("to") - to).abs() < 0.15,
            "{line} for {from} to {to}"
        );
    }
}

#[test]
fn without_a_model_the_built_in_detector_hears_and_says_so() {
    let Some(jfk) = model("speech/jfk.wav") else { return };
    let empty = tempfile::tempdir().expect("a folder");
    let mut heard = program();
    heard.arg(&jfk).env("INNER_ROOM_MODELS", empty.path()).env("XDG_DATA_HOME", empty.path());
    let heard = heard.output().expect("it runs");
    let (lines, said) = (String::from_utf8_lossy(&heard.stdout), String::from_utf8_lossy(&heard.stderr));
    assert!(heard.status.success() && lines.lines().count() == JFK.len(), "{lines}");
    assert!(said.lines().count() == 1 && said.contains("built in"), "{said}");
}

#[test]
fn a_damaged_model_is_said_and_the_built_in_detector_hears() {
    let (Some(jfk), Some(model)) = (model("speech/jfk.wav"), model(SILERO)) else { return };
    let whole = std::fs::read(model).expect("the model");
    let garbage: Vec<u8> = (0..9_000_u32).map(|at| (at * 7) as u8).collect();
    for (name, bytes) in [("cut", &whole[..whole.len() / 2]), ("empty", b""), ("garbage", &garbage)] {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("speech")).expect("a folder in it");
        std::fs::write(folder.path().join(SILERO), bytes).expect("the file");
        let heard = program().arg(&jfk).arg("--models").arg(folder.path()).output().expect("it runs");
        let said = String::from_utf8_lossy(&heard.stderr);
        assert!(heard.status.success() && !heard.stdout.is_empty(), "{name}: {said}");
        assert!(said.lines().count() == 1 && said.contains("cannot be used"), "{name}: {said}");
    }
}

/// Sounds that are no speech, a minute of each at a time, from one seed.
struct Noise {
    chance: rand_pcg::Pcg32,
    heard: u64,
    low: f64,
}

impl Noise {
    fn new() -> Self {
        Self { chance: rand_pcg::Pcg32::seed_from_u64(7), heard: 0, low: 0.0 }
    }

    /// The next sample of the kind of this minute. Music stands in another key each time.
    fn sample(&mut self, minute: u32) -> f32 {
        let at = self.heard as f64 / f64::from(RATE);
        self.heard += 1;
        let tone = |pitch: f64| (at * pitch * std::f64::consts::TAU).sin();
        let note = |steps: f64| 196.0 * 2.0_f64.powf((steps + f64::from(minute / 6)) / 12.0);
        let white: f64 = self.chance.random_range(-1.0..1.0);
        self.low += (white - self.low) * 0.02;
        // Every other time so loud that it clips.
        let drive = if (minute / 6).is_multiple_of(2) { 1.0 } else { 12.0 };
        let sample = match minute % 6 {
            // Hiss, a rumble, the mains with its overtones, an air conditioner.
            0 => drive * 0.1 * white,
            1 => drive * 1.5 * self.low,
            2 => drive * (0.2 * tone(50.0) + 0.1 * tone(100.0) + 0.05 * tone(150.0) + 0.02 * tone(250.0)),
            3 => 0.6 * self.low + 0.05 * tone(120.0) + 0.01 * white,
            // A chord that swells, and plucked notes of a scale.
            4 => {
                let swell = 0.5 + 0.5 * (at * 0.3).sin();
                0.1 * swell * (tone(note(0.0)) + tone(note(4.0)) + tone(note(7.0)))
            }
            _ => {
                let beat = at * 2.5;
                let pitch = note([0.0, 2.0, 4.0, 7.0, 9.0, 12.0][beat as usize % 6]);
                let dies = (-beat.fract() * 4.0).exp();
                0.3 * dies * (tone(pitch) + 0.4 * tone(2.0 * pitch) + 0.2 * tone(3.0 * pitch))
            }
        };
        sample.clamp(-1.0, 1.0) as f32
    }
}

/// A6: an hour of noise, hum that clips, and music: nothing is heard as words, so that nothing can stop the room.
#[test]
fn an_hour_of_noise_hum_and_music_is_no_utterance() {
    let Some(mut gate) = silero().map(|silero| Gate::new(Box::new(silero))) else { return };
    let mut turns = TurnTaking::new(Pace::default(), gate.frame(), gate.limits());
    let mut noise = Noise::new();
    let mut frame = vec![0.0; gate.frame()];
    let mut utterances = Vec::new();
    for minute in 0..60 {
        for _ in 0..60 * RATE as usize / frame.len() {
            frame.fill_with(|| noise.sample(minute));
            let speech = gate.hear(&frame).expect("it hears");
            let happened = turns.push(speech, false).into_iter().flatten();
            utterances.extend(happened.filter(|it| matches!(it, Turn::Over { .. })).map(|it| (minute, it)));
        }
    }
    assert_eq!(utterances, []);
}

/// What is said, for a program that speaks.
const SENTENCES: [&str; 20] = [
    "You were tired, and you still went in.",
    "Anybody can freeze in a meeting.",
    "I am here with you, take your time.",
    "That must have hurt, when they all looked at you.",
    "What happened before you went in?",
    "It was one evening, and not your whole life.",
    "You have asked good questions all year.",
    "A friend would have brought you some tea.",
    "Maybe she was in a hurry that day.",
    "Let's open the envelope together, only that.",
    "Please stop saying that to them.",
    "What are you afraid would happen?",
    "I do that too, in the car, on the way home.",
    "Nobody can carry all of that alone.",
    "That is a thought, it isn't a fact.",
    "You answered twice because you cared.",
    "Even if it goes wrong, there is a Friday after it.",
    "Rest a little, you are allowed to.",
    "I'm sorry I spoke to you like that.",
    "Tell me what you saw from where you sat.",
];

/// A sentence in one of ten voices, at 16,000 samples a second; none, and a word, where no program speaks.
fn spoken(sentence: &str, voice: usize) -> Option<Vec<f32>> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("said.wav");
    let kinds = ["m1", "f1", "m2", "f2", "m3", "f3", "m4", "f4", "m7", "f5"];
    let said = Command::new("espeak-ng")
        .args([
            "-v",
            &format!("en-us+{}", kinds[voice % kinds.len()]),
            "-s",
            &(140 + 6 * (voice % 10)).to_string(),
            "-w",
        ])
        .arg(&path)
        .arg(sentence)
        .output();
    if said.is_err() {
        assert!(!requires("audio"), "espeak-ng is not installed, and INNER_ROOM_REQUIRE asks for audio");
        eprintln!("skipped: spoken sentences (espeak-ng is not installed)");
        return None;
    }
    Some(recording(&path))
}

fn power(sound: &[f32]) -> f32 {
    sound.iter().map(|it| it * it).sum::<f32>() / sound.len().max(1) as f32
}

/// Eight of the voices at once, and far away: a room full of people, over and over, as loud as one.
fn babble() -> Option<Vec<f32>> {
    let mut all = vec![0.0; 30 * RATE as usize];
    for voice in 0..8 {
        let mut at = 0;
        let sentences =
            (0..).map(|number| spoken(SENTENCES[(number * 7 + voice * 3) % SENTENCES.len()], voice));
        for sentence in sentences {
            let sentence = sentence?;
            if at >= all.len() {
                break;
            }
            for (into, sample) in all[at..].iter_mut().zip(&sentence) {
                *into += sample;
            }
            at += sentence.len();
        }
    }
    let loud = power(&all).sqrt();
    all.iter_mut().for_each(|it| *it /= loud);
    Some(all)
}

#[test]
fn nobodys_first_word_is_lost_among_many_voices() {
    let Some(mut gate) = silero().map(|silero| Gate::new(Box::new(silero))) else { return };
    let Some(babble) = babble() else { return };
    let limits = gate.limits();
    let (mut lost, mut false_samples, mut samples) = (Vec::new(), 0, 0);
    for number in 0..200 {
        let Some(sentence) = spoken(SENTENCES[number % SENTENCES.len()], number / SENTENCES.len()) else {
            return;
        };
        // Where the voice itself begins and ends.
        let loud = power(&sentence).sqrt();
        let voiced = |it: &&f32| it.abs() > 0.1 * loud;
        let begins = sentence.iter().position(|it| voiced(&it)).expect("a voice");
        let ends = sentence.iter().rposition(|it| voiced(&it)).expect("a voice");
        // A second of babble, the sentence in it, a second and a half more: the babble is 10 dB below the voice.
        let quiet = RATE as usize;
        let scale = loud * 10_f32.powf(-10.0 / 20.0);
        let shift = number * 1_237;
        let mut sound: Vec<f32> = (0..2 * quiet + quiet / 2 + sentence.len())
            .map(|at| scale * babble[(at + shift) % babble.len()])
            .collect();
        sound[quiet..].iter_mut().zip(&sentence).for_each(|(into, sample)| *into += sample);
        gate.reset();
        let mut turns = TurnTaking::new(Pace::default(), gate.frame(), limits);
        let (begins, ends) = (quiet + begins, quiet + ends);
        let mut heard = false;
        for (frame, at) in sound.chunks_exact(gate.frame()).zip((0..).step_by(gate.frame())) {
            let speech = gate.hear(frame).expect("it hears");
            for turn in turns.push(speech, false).into_iter().flatten() {
                if let Turn::Onset { from } = turn {
                    heard |= from as usize <= begins && at < ends;
                }
            }
            // False is a voice that is found well before the sentence or well after it.
            let outside = at + RATE as usize / 10 < begins || at > ends + RATE as usize / 5;
            samples += usize::from(outside);
            false_samples += usize::from(outside && speech >= limits.0);
        }
        if !heard {
            lost.push(number);
        }
    }
    let false_share = false_samples as f32 / samples as f32;
    eprintln!(
        "onsets lost: {} of 200; false: {:.2} % of the time without the voice",
        lost.len(),
        false_share * 100.0
    );
    assert_eq!(lost, Vec::<usize>::new());
    assert!(false_share <= 0.05, "{false_share}");
}

#[test]
fn a_single_short_word_is_an_utterance() {
    let Some(mut gate) = silero().map(|silero| Gate::new(Box::new(silero))) else { return };
    let (mut lost, words) = (Vec::new(), ["No.", "Yes.", "Stop.", "Half.", "I'm here.", "Me too."]);
    for (number, word) in words.iter().cycle().take(60).enumerate() {
        let Some(said) = spoken(word, number / words.len()) else { return };
        let quiet = vec![0.0; RATE as usize];
        let sound = [&quiet[..], &said, &quiet, &quiet].concat();
        gate.reset();
        let mut turns = TurnTaking::new(Pace::default(), gate.frame(), gate.limits());
        let utterances = sound.chunks_exact(gate.frame()).flat_map(|frame| {
            let speech = gate.hear(frame).expect("it hears");
            turns.push(speech, false).into_iter().flatten().filter(|it| matches!(it, Turn::Over { .. }))
        });
        if utterances.count() != 1 {
            lost.push((word, number / words.len()));
        }
    }
    eprintln!("single words lost: {} of 60: {lost:?}", lost.len());
    assert!(lost.len() <= 2, "{lost:?}");
}

#[test]
fn the_built_in_detector_finds_the_same_speech_as_silero() {
    let (Some(jfk), Some(silero)) = (model("speech/jfk.wav"), silero()) else { return };
    let sound = recording(&jfk);
    let stretches = |detector: Box<dyn VoiceActivity>| {
        let mut listener = Listener::new(detector);
        let mut found = listener.push(&sound).expect("it hears");
        found.extend(listener.finish());
        found
    };
    let (one, other) = (stretches(Box::new(silero)), stretches(Box::<Earshot>::default()));
    assert_eq!(one.len(), other.len(), "{one:?} and {other:?}");
    for (one, other) in one.iter().zip(&other) {
        assert!(one.from.abs_diff(other.from) < 150 * 16, "{one:?} and {other:?}");
    }
}
