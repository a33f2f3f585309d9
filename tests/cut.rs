//! A clause is cut out of real recordings where it was said, and no word is cut.

#![cfg(feature = "speech")]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use std::ops::Range;

use inner_room::sound::{RATE, Recording};
use inner_room::voice::cut;
use support::speech::{jfk, spoken};

/// What somebody says in one breath after another.
const SAID: [[&str; 3]; 6] = [
    ["No wonder you froze.", "You had slept three hours, and nobody had told you.", "I'm here now."],
    ["You are not alone with it.", "I do it too, in the car, every week.", "Nobody hears it there."],
    [
        "I saw what you did on Tuesday.",
        "She thanked you.",
        "You finished the report before anybody asked for it.",
    ],
    ["It was a hard day.", "Anybody would have stumbled over that question.", "Let it be."],
    ["Stay.", "You can be as tired as you are, and I will sit here with you.", "There is time."],
    [
        "What would you say to her if she were in your place?",
        "You would be kind.",
        "Be kind to yourself as well.",
    ],
];

/// Milliseconds of quiet before it, between two sentences, and behind it.
const QUIET: [usize; 4] = [600, 450, 380, 400];

/// The sentences in this voice with quiet around each, a room that hums a little, and where each of them is.
fn in_one(sentences: &[&str], voice: usize) -> Option<(Vec<f32>, Vec<Range<usize>>)> {
    let mut sound = Vec::new();
    let mut places = Vec::new();
    for (sentence, quiet) in sentences.iter().zip(QUIET) {
        sound.extend(vec![0.0; quiet * RATE as usize / 1_000]);
        let said = spoken(sentence, voice)?;
        let heard = |it: &f32| it.abs() > 0.01;
        let from = said.iter().position(heard).expect("it is heard");
        let to = said.iter().rposition(heard).expect("it is heard");
        places.push(sound.len()..sound.len() + to - from);
        sound.extend(&said[from..to]);
    }
    sound.extend(vec![0.0; QUIET[3] * RATE as usize / 1_000]);
    for (at, sample) in sound.iter_mut().enumerate() {
        *sample += 0.002 * ((at * at % 127) as f32 / 63.5 - 1.0);
    }
    Some((sound, places))
}

#[test]
fn a_sentence_is_cut_where_it_was_said_and_no_word_is_cut() {
    let (mut all, mut cut_out, mut close) = (0, 0, 0);
    for voice in 0..10 {
        for sentences in SAID {
            let Some((sound, places)) = in_one(&sentences, voice) else { return };
            let said = sentences.join(" ");
            for (sentence, place) in sentences.iter().zip(&places) {
                all += 1;
                // Where its pauses are in doubt there is no voice for it.
                let Some(cut) = cut::clause(&sound, RATE, &said, sentence) else { continue };
                cut_out += 1;
                let slack = RATE as usize / 25;
                assert!(
                    cut.start <= place.start + slack && cut.end + slack >= place.end,
                    "voice {voice}: {sentence:?} is at {place:?}, and {cut:?} was taken"
                );
                let over = (place.start - cut.start.min(place.start)) + (cut.end - place.end.min(cut.end));
                close += usize::from(over < RATE as usize / 2);
            }
        }
    }
    eprintln!("of {all} sentences {cut_out} were cut, {close} of them without another beside them");
    assert!(close * 10 >= all * 7, "{close} of {all}");
    assert!(close * 20 >= cut_out * 19, "{close} of {cut_out}");
}

#[test]
fn a_speech_is_cut_at_the_pauses_that_the_speaker_made() {
    let Some(jfk) = jfk() else { return };
    let (mut recording, mut sound) = (Recording::open(&jfk).expect("a recording"), Vec::new());
    while let Some(piece) = recording.next_piece().expect("it is whole") {
        sound.extend(piece);
    }
    let said = "And so, my fellow Americans, ask not what your country can do for you, \
                ask what you can do for your country.";
    // Where he says them, in seconds, as Silero hears it.
    for (words, from, to) in [
        ("And so, my fellow Americans,", 0.32, 2.27),
        ("ask what you can do for your country.", 8.1, 10.7),
        (said, 0.32, 10.7),
    ] {
        let cut = cut::clause(&sound, RATE, said, words).expect("it is one sentence");
        let (begins, ends) = (cut.start as f32 / RATE as f32, cut.end as f32 / RATE as f32);
        eprintln!("{words:?}: from {begins:.2} to {ends:.2} s");
        assert!(begins <= from + 0.05 && ends >= to - 0.15, "{words:?}: from {begins:.2} to {ends:.2}");
    }
}
