use super::*;
use crate::sound::Lowering;
use crate::voice::speech::WordEnd;

/// A second of a steady voice with a word each quarter of it.
fn voice() -> Arc<Speech> {
    let samples = (0..RATE).map(|at| 0.5 * (at as f32 * 0.05).sin()).collect::<Vec<f32>>().into();
    let words = (1..=4).map(|word| WordEnd { at_ms: 250 * word, chars: 5 * word as usize }).collect();
    Arc::new(Speech { samples, mouth: Vec::new(), words })
}

fn piece(number: usize, last: bool) -> Piece {
    Piece { line: LineId(7), number, last, agent: Agent::Patient, speech: voice() }
}

/// So many milliseconds of what is mixed.
fn hear(mixer: &mut Mixer, ms: u32) -> (Vec<Stereo>, Vec<Played>) {
    let (mut heard, mut notes) = (Vec::new(), Vec::new());
    for _ in 0..ms / 10 {
        let mut block = vec![[0.0; 2]; RATE as usize / 100];
        notes.extend(mixer.mix(&mut block));
        heard.extend(block);
    }
    (heard, notes)
}

fn loudness(heard: &[Stereo]) -> f32 {
    let power: f32 = heard.iter().flatten().map(|side| side * side).sum();
    (power / (2 * heard.len()) as f32).sqrt()
}

const SECOND: usize = RATE as usize;

#[test]
fn pieces_of_a_line_are_heard_one_after_another_and_told() {
    let mut mixer = Mixer::new(1);
    mixer.play(piece(0, false));
    mixer.play(piece(1, true));
    let (heard, notes) = hear(&mut mixer, 2_600);
    let line = LineId(7);
    assert_eq!(
        notes,
        [
            Played::Began { line, number: 0 },
            Played::Ended { line, number: 0, at_ms: 1_000, over: false },
            Played::Began { line, number: 1 },
            Played::Ended { line, number: 1, at_ms: 1_000, over: true },
        ]
    );
    assert!(mixer.is_quiet());
    assert!(loudness(&heard[SECOND / 10..SECOND]) > 10.0 * loudness(&heard[5 * SECOND / 2..]));
}

#[test]
fn a_voice_that_is_hushed_ends_with_its_word_or_at_once() {
    let mut mixer = Mixer::new(1);
    mixer.play(piece(0, false));
    mixer.play(piece(1, true));
    hear(&mut mixer, 300);
    mixer.hush(Hush::AfterWord);
    let (_, notes) = hear(&mut mixer, 400);
    let [Played::Ended { at_ms, over: true, .. }] = notes[..] else { panic!("{notes:?}") };
    assert!((500..530).contains(&at_ms), "{at_ms}");
    assert!(mixer.is_quiet());

    mixer.play(piece(0, true));
    hear(&mut mixer, 300);
    mixer.hush(Hush::AfterWord);
    mixer.hush(Hush::Now);
    let (_, notes) = hear(&mut mixer, 100);
    let [Played::Ended { at_ms, over: true, .. }] = notes[..] else { panic!("{notes:?}") };
    assert!((300..330).contains(&at_ms), "{at_ms}");
}

#[test]
fn what_waits_and_is_hushed_was_never_heard() {
    let mut mixer = Mixer::new(1);
    mixer.play(piece(0, true));
    mixer.hush(Hush::Now);
    let (_, notes) = hear(&mut mixer, 100);
    assert_eq!(notes, [Played::Ended { line: LineId(7), number: 0, at_ms: 0, over: true }]);
}

#[test]
fn while_the_person_speaks_whoever_speaks_is_quiet_and_comes_back() {
    let mut mixer = Mixer::new(1);
    mixer.play(piece(0, false));
    mixer.play(piece(1, false));
    let (before, _) = hear(&mut mixer, 300);
    mixer.duck(true);
    let (ducked, _) = hear(&mut mixer, 300);
    mixer.duck(false);
    let (after, _) = hear(&mut mixer, 400);
    let (before, ducked, after) = (
        loudness(&before[SECOND / 10..]),
        loudness(&ducked[SECOND / 20..]),
        loudness(&after[SECOND * 35 / 100..]),
    );
    assert!(ducked < 0.3 * before, "{ducked} beside {before}");
    assert!((after / before - 1.0).abs() < 0.25, "{after} beside {before}");
}

#[test]
fn what_lies_ready_and_what_is_mixed_after_it_go_down_as_one() {
    let mut mixer = Mixer::new(1);
    mixer.volume(Volume { ambience: 0.0, ..Volume::default() });
    mixer.place(Agent::Patient, Place { azimuth: 0.8, distance: 1.5 });
    mixer.play(piece(0, true));
    hear(&mut mixer, 300);
    let (mut heard, _) = hear(&mut mixer, 50);
    let ready = heard.len();
    mixer.begin_low();
    heard.extend(hear(&mut mixer, 100).0);
    let mut lowering = Lowering::at(RATE);
    for frame in &mut heard {
        let gain = lowering.next(ready as u64, DUCKED);
        *frame = frame.map(|side| side * gain);
    }
    let leap = heard.windows(2).map(|two| (two[1][1] - two[0][1]).abs()).fold(0.0, f32::max);
    let (first, last) = (loudness(&heard[..200]), loudness(&heard[ready..]));
    assert!(leap < 0.05, "{leap}");
    assert!((0.15..0.3).contains(&(last / first)), "{first} to {last}");
}

#[test]
fn nothing_clicks_and_nothing_is_too_loud_however_it_is_cut() {
    let mut mixer = Mixer::new(1);
    for _ in 0..3 {
        mixer.play(piece(0, true));
        let (mut heard, _) = hear(&mut mixer, 470);
        mixer.hush(Hush::Now);
        heard.extend(hear(&mut mixer, 200).0);
        let leap = heard.windows(2).map(|two| (two[1][0] - two[0][0]).abs()).fold(0.0, f32::max);
        assert!(leap < 0.08, "{leap}");
        assert!(heard.iter().flatten().all(|side| side.is_finite() && side.abs() <= 1.0));
    }
}

/// A11: samples that are no numbers.
#[test]
fn sound_that_is_no_number_is_silence() {
    let mut mixer = Mixer::new(1);
    let speech = Speech { samples: vec![f32::NAN; SECOND / 10].into(), ..Speech::default() };
    mixer.play(Piece { speech: Arc::new(speech), ..piece(0, true) });
    let (heard, notes) = hear(&mut mixer, 200);
    assert!(heard.iter().flatten().all(|side| side.is_finite()));
    assert_eq!(notes.len(), 2);
    mixer.play(piece(0, true));
    let (heard, _) = hear(&mut mixer, 200);
    assert!(loudness(&heard[SECOND / 10..]) > 0.01, "and it does not stay");
}
