//! What becomes of an evening when devices fail: the faults of `audio_faults` that are only to be had with devices, which are of this
//! machine's own making.

#![cfg(all(unix, feature = "speech"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::event::Event;
use inner_room::dialogue::input::{Control, Health};
use inner_room::dialogue::{Input, Kind, Phase};
use inner_room::models::Folders;
use inner_room::senses::ear::Mode;
use inner_room::senses::hearing::{self, Hearing, Wishes};
use inner_room::senses::scribe::Scribe;
use inner_room::senses::transcript::{Limits, Transcriber, TranscriptError};
use support::evening::{Evening, PATIENCE, envelope, is_phase, is_well};
use support::sound_card::{SoundCard, with_devices};

/// Nobody is there: a recogniser is not needed.
const NOBODY: &str = "http://127.0.0.1:9/v1";

fn devil_speaks(kind: &Kind) -> bool {
    matches!(kind, Kind::Line { agent: Agent::Devil, .. })
}

#[test]
fn a_sound_server_that_stands_still_is_missed_within_two_seconds() {
    with_devices("is_missed_within_two_seconds");
}

/// A2: the microphone gives nothing and says nothing, and neither does who is asked for another one. A12, for the loudspeaker.
#[test]
#[ignore = "the test above runs it, with devices"]
fn is_missed_within_two_seconds() {
    let card = SoundCard::start();
    let mut evening = Evening::begin(NOBODY);
    evening.wait("the microphone", is_well("microphone", true));
    card.freeze();
    let frozen = Instant::now();
    evening.wait("that the microphone is gone", is_well("microphone", false));
    let missed = frozen.elapsed();
    let voice = |event: &Event| is_well("voice", false)(&event.kind);
    if !evening.events.iter().any(voice) {
        evening.wait("that the loudspeaker is gone", is_well("voice", false));
    }
    eprintln!("missed after {} and {} ms", missed.as_millis(), frozen.elapsed().as_millis());
    assert!(missed < Duration::from_millis(2_500) && frozen.elapsed() < Duration::from_secs(5));
    // It goes on, to be read, while nobody answers.
    evening.come_in();
    evening.wait("the person's turn", is_phase(Phase::Open));
    card.thaw();
    let thawed = Instant::now();
    evening.wait("that the microphone is there", is_well("microphone", true));
    eprintln!("found again after {} ms", thawed.elapsed().as_millis());
    assert!(thawed.elapsed() < Duration::from_secs(5));
    evening.end();
}

#[test]
fn a_chosen_microphone_is_taken_back_and_no_other_is_taken_for_it() {
    with_devices("no_other_is_taken_for_it");
}

/// A3: the headset that was chosen is pulled out while another microphone is there, and plugged in again.
#[test]
#[ignore = "the test above runs it, with devices"]
fn no_other_is_taken_for_it() {
    let card = SoundCard::start();
    let plugged = card.plug_in_headset(440);
    let none = Transcriber::start(Arc::new(|| Err(TranscriptError::Gone)), Limits::default());
    let parts = hearing::Parts::of(Scribe::new(none.expect("a thread")), Folders::default());
    let device = Some("headset".to_owned());
    let wishes = Wishes { device, mode: Mode::PushToTalk, lang: "en".to_owned(), ..Wishes::default() };
    let mut hearing = Hearing::start(parts, wishes).expect("a thread");
    hearing.switch(true);
    let is_there = |hearing: &Hearing, there: bool| {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            match hearing.told().recv_timeout(Duration::from_millis(50)) {
                Ok(Input::Health { part, state }) if part == "microphone" => {
                    eprintln!("{state:?}");
                    assert_eq!(matches!(state, Health::Well), there, "{state:?}");
                    return Instant::now();
                }
                _ => {}
            }
        }
        unreachable!("nothing is told of the microphone");
    };
    is_there(&hearing, true);
    card.pull_out_headset(&plugged);
    is_there(&hearing, false);
    // The system's own microphone is there all the while, and is silent: the tone would be heard if it were another.
    let until = Instant::now() + Duration::from_secs(3);
    while Instant::now() < until {
        assert!(hearing.told().recv_timeout(Duration::from_millis(50)).is_err(), "another one was taken");
        assert!(hearing.level() <= 0.0, "another one is heard");
    }
    let back = Instant::now();
    card.plug_in_headset(440);
    let found = is_there(&hearing, true).duration_since(back);
    eprintln!("taken back after {} ms", found.as_millis());
    assert!(found < Duration::from_secs(5));
    let until = Instant::now() + PATIENCE;
    while hearing.level() < 0.01 {
        assert!(Instant::now() < until, "its tone is not heard");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn without_a_loudspeaker_lines_are_read_and_with_one_they_are_heard_again() {
    with_devices("with_one_they_are_heard_again");
}

/// A12: the loudspeaker is gone in mid-evening. That is said, lines take the time that they take to be read, and once it is back
/// the next one is heard.
#[test]
#[ignore = "the test above runs it, with devices"]
fn with_one_they_are_heard_again() {
    let mut card = SoundCard::start();
    let mut evening = Evening::begin(NOBODY);
    evening.wait("the microphone", is_well("microphone", true));
    evening.come_in();
    let begun = evening.wait("the Devil", devil_speaks);
    let Kind::Line { text, .. } = evening.events[begun].kind.clone() else { unreachable!("just found") };
    // Into its first words.
    std::thread::sleep(Duration::from_millis(700));
    card.pull_out();
    let pulled = Instant::now();
    evening.wait("that the loudspeaker is gone", is_well("voice", false));
    eprintln!("missed after {} ms", pulled.elapsed().as_millis());
    assert!(pulled.elapsed() < Duration::from_secs(5));
    // Nothing of it is lost.
    let whole = text.chars().count();
    evening.wait("its end", |kind| matches!(kind, Kind::Heard { chars, .. } if *chars == whole));
    card.plug_in();
    let plugged = Instant::now();
    evening.wait("that the loudspeaker is there", is_well("voice", true));
    eprintln!("found again after {} ms", plugged.elapsed().as_millis());
    assert!(plugged.elapsed() < Duration::from_secs(5));
    let file = card.file("again.wav");
    let recorder = card.record(&file);
    evening.wait("the person's turn", is_phase(Phase::Open));
    // The Guide, whoever stays silent.
    evening.wait("a hint", |kind| matches!(kind, Kind::Hint { .. }));
    evening.wait("its end", |kind| matches!(kind, Kind::Heard { .. }));
    drop(recorder);
    let loudest = envelope(&file).0.into_iter().fold(0.0_f32, f32::max);
    assert!(loudest > 0.01, "nobody is heard: {loudest}");
    assert!(
        !evening.events.iter().any(|event| matches!(event.kind, Kind::Fault { .. })),
        "{:#?}",
        evening.events
    );
    evening.end();
}

#[test]
fn an_evening_that_was_asleep_waits_for_the_person() {
    with_devices("waits_for_the_person");
}

/// A13: the whole program stands still for eight seconds, as it does while the machine sleeps. It then waits, with the streams
/// built anew; no time has passed in the evening, and it goes on and ends as ever.
#[test]
#[ignore = "the test above runs it, with devices"]
fn waits_for_the_person() {
    let _card = SoundCard::start();
    let mut evening = Evening::begin(NOBODY);
    evening.wait("the microphone", is_well("microphone", true));
    evening.come_in();
    evening.wait("the Devil", devil_speaks);
    let (before, begun) = (evening.at_ms(), Instant::now());
    let program = std::process::id();
    let sleep = format!("kill -STOP {program}; sleep 8; kill -CONT {program}");
    let mut sleeper = Command::new("sh").args(["-c", &sleep]).spawn().expect("sh is there");
    let from = evening.events.len();
    let held = evening.wait("that it is held", |kind| matches!(kind, Kind::Paused { paused: true }));
    assert!(sleeper.wait().expect("it ends").success());
    let slept = begun.elapsed();
    let passed = evening.events[held].at_ms - before;
    eprintln!("asleep for {} ms, of which {passed} passed", slept.as_millis());
    assert!(slept > Duration::from_secs(8) && passed < 3_000);
    // What was said up to its word; nobody began anything.
    let began =
        |event: &Event| matches!(event.kind, Kind::Line { .. } | Kind::Phase { .. } | Kind::Ask { .. });
    assert!(!evening.events[from..=held].iter().any(began), "{:#?}", &evening.events[from..]);
    let woken = Instant::now();
    while woken.elapsed() < Duration::from_secs(2) {
        evening.hears_within(Duration::from_millis(50));
    }
    assert!(!evening.events[held..].iter().any(began), "{:#?}", &evening.events[held..]);
    evening.control(Control::Resume);
    evening.wait("the person's turn", is_phase(Phase::Open));
    let of_microphone =
        |event: &&Event| matches!(&event.kind, Kind::Health { part, .. } if part == "microphone");
    let last = evening.events.iter().rev().find(of_microphone).expect("it was there");
    assert!(is_well("microphone", true)(&last.kind), "the microphone is not there: {last:?}");
    evening.control(Control::Stop);
    evening.wait("the end", |kind| matches!(kind, Kind::End { .. }));
    evening.end();
}
