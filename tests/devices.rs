//! An evening with devices: somebody speaks into a microphone, and the figures answer from a loudspeaker. Both are this
//! machine's own making.

#![cfg(all(unix, feature = "speech"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::{Duration, Instant};

use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::input::Via;
use inner_room::dialogue::mouth::MouthAt;
use inner_room::dialogue::{Kind, Phase};
use support::evening::{Evening, envelope, is_phase, is_well, pocketsphinx};
use support::sound_card::{SoundCard, with_devices};

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

/// A1, A12: a sound system that ends, and is there again.
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
    evening.wait("the microphone", is_well("microphone", true));
    evening.come_in();
    evening.wait("the Devil", |kind| matches!(kind, Kind::Line { agent: Agent::Devil, .. }));
    card.pull_out();
    let pulled = Instant::now();
    evening.wait("that the microphone is gone", is_well("microphone", false));
    eprintln!("missed after {} ms", pulled.elapsed().as_millis());
    assert!(pulled.elapsed() < Duration::from_secs(3));
    // It goes on, to be read.
    evening.wait("the person's turn", is_phase(Phase::Open));
    card.plug_in();
    let plugged = Instant::now();
    evening.wait("that the microphone is there", is_well("microphone", true));
    eprintln!("found again after {} ms", plugged.elapsed().as_millis());
    assert!(plugged.elapsed() < Duration::from_secs(5));
    card.say(&jfk);
    evening.wait("words", |kind| matches!(kind, Kind::Said { via: Via::Voice, .. }));
    evening.end();
}
