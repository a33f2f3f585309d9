//! Hearing past our own voice: a figure speaks from the loudspeaker, its echo comes back by way of a room, and the person is
//! silent, or speaks over it. The voices are espeak-ng's, the room is a few lines.

#![cfg(feature = "speech")]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use inner_room::config::Echo;
use inner_room::models::Folders;
use inner_room::senses::ear::{Ear, Heard, Mode};
use inner_room::senses::gate::Gate;
use inner_room::senses::voice_activity;
use inner_room::sound::RATE;
use rand::{RngExt as _, SeedableRng as _};
use support::speech::{models, spoken};

const SECOND: usize = RATE as usize;
/// Pieces as they come from a microphone.
const PIECE: usize = SECOND / 100;

/// What a loudspeaker at arm's length sounds like at the microphone: late, with the room's walls, and duller.
fn in_the_room(played: &[f32]) -> Vec<f32> {
    let walls = [
        (640, 1.0),
        (901, 0.45),
        (1_330, 0.32),
        (1_777, -0.25),
        (2_411, 0.18),
        (3_301, 0.11),
        (4_507, -0.07),
    ];
    let mut heard = vec![0.0; played.len()];
    for (late, share) in walls {
        for (at, &sample) in played.iter().enumerate().take(played.len().saturating_sub(late)) {
            heard[at + late] += share * sample;
        }
    }
    let mut dull = 0.0;
    for sample in &mut heard {
        dull += (*sample - dull) * 0.6;
        *sample = dull;
    }
    heard
}

fn loudness(sound: &[f32]) -> f32 {
    let voiced: Vec<f32> =
        sound.chunks(PIECE).map(|it| it.iter().map(|s| s * s).sum::<f32>() / it.len() as f32).collect();
    let loudest = voiced.iter().fold(0.0, |most: f32, &it| most.max(it));
    let heard: Vec<&f32> = voiced.iter().filter(|&&it| it > loudest / 100.0).collect();
    (heard.iter().copied().sum::<f32>() / heard.len().max(1) as f32).sqrt()
}

/// As loud as this, in decibels of full scale.
fn at(sound: &[f32], decibels: f32) -> Vec<f32> {
    let factor = 10_f32.powf(decibels / 20.0) / loudness(sound).max(1e-9);
    sound.iter().map(|it| it * factor).collect()
}

const FIGURE: [&str; 5] = [
    "You always do this. You begin something and then you let it fall, and everybody in that room could see it.",
    "They were being polite. That is all it was, and you know it, because you would have done the same.",
    "I kept hoping that nobody would ask. Then she looked at me, and there was nothing left to say.",
    "It would have been better not to come. You could have stayed at home, and nobody would have missed you.",
    "I counted the tiles on the floor until it was over. I could not even look up, not once, the whole time.",
];

const PERSON: [&str; 5] = [
    "Stop. That is not true, and I am here with you now.",
    "Wait a moment. I would like to say something to you.",
    "No. You were tired, and you still went there and tried.",
    "Listen to me. Nobody was counting, only you were.",
    "I don't believe that. I saw how hard you worked on it.",
];

/// Hears a microphone, with what is played meanwhile; when each thing was heard, in samples.
fn hear(microphone: &[f32], played: &[f32]) -> Vec<(usize, Heard)> {
    let (detector, _) =
        voice_activity::best(&models().map(|folder| Folders::of(vec![folder])).unwrap_or_default());
    let mut ear = Ear::new(Gate::new(detector), Mode::Open, Echo::Loudspeaker);
    let pieces = microphone.chunks(PIECE).zip(played.chunks(PIECE)).enumerate();
    pieces
        .flat_map(|(number, (heard, played))| {
            let heard = ear.hear(heard, played, true).expect("it hears");
            heard.into_iter().map(move |it| (number * PIECE, it))
        })
        .collect()
}

fn quiet(length: usize, seed: u64) -> Vec<f32> {
    let mut chance = rand_pcg::Pcg32::seed_from_u64(seed);
    (0..length).map(|_| 5e-4 * chance.random_range(-1.0..1.0)).collect()
}

fn add(to: &mut [f32], sound: &[f32], from: usize) {
    for (sample, add) in to.iter_mut().skip(from).zip(sound) {
        *sample += add;
    }
}

/// A7: the microphone hears the loudspeaker.
#[test]
fn our_own_voice_is_nobody_speaking() {
    if models().is_none() {
        return;
    }
    let mut taken = Vec::new();
    for number in 0..50 {
        let Some(voice) = spoken(FIGURE[number % FIGURE.len()], number) else { return };
        let played = at(&voice, -20.0);
        let mut microphone = at(&in_the_room(&played), -26.0);
        add(&mut microphone, &quiet(played.len(), number as u64), 0);
        let heard = hear(&microphone, &played);
        if heard.iter().any(|(_, it)| matches!(it, Heard::Meant | Heard::Over { .. })) {
            taken.push(number);
        }
    }
    eprintln!("our own voice was taken for the person's in {} of 50 tries: {taken:?}", taken.len());
    assert!(taken.is_empty());
}

#[test]
fn whoever_speaks_over_our_own_voice_is_heard() {
    if models().is_none() {
        return;
    }
    let (mut found, mut late) = (0, Vec::new());
    for number in 0..50 {
        let Some(voice) = spoken(FIGURE[number % FIGURE.len()], number) else { return };
        let Some(person) = spoken(PERSON[number / FIGURE.len() % PERSON.len()], number + 3) else { return };
        let two: Vec<f32> = [&voice[..], &voice].concat();
        let played = at(&two, -20.0);
        let mut microphone = at(&in_the_room(&played), -32.0);
        add(&mut microphone, &quiet(played.len(), number as u64), 0);
        let from = 4 * SECOND;
        add(&mut microphone, &at(&person, -26.0), from);
        let heard = hear(&microphone, &played);
        let onset = heard.iter().find(|(when, it)| *when + SECOND / 10 >= from && matches!(it, Heard::Onset));
        if let Some((when, _)) = onset.filter(|(when, _)| *when <= from + 3 * SECOND / 2) {
            found += 1;
            late.push((*when as i64 - from as i64) * 1_000 / i64::from(RATE));
        }
    }
    late.sort_unstable();
    let middle = late.get(late.len() / 2);
    eprintln!(
        "the person was heard over our own voice in {found} of 50 tries, after {middle:?} ms in the middle"
    );
    assert!(found >= 45);
}
