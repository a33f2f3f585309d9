//! Hearing at work, without devices: a microphone and a recogniser that do what no real one would on demand, and a loudspeaker
//! that there is not.

#![cfg(feature = "speech")]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use inner_room::dialogue::Input;
use inner_room::dialogue::effect::{Hush, Line};
use inner_room::dialogue::ids::{LineId, Millis, UtteranceId};
use inner_room::dialogue::input::Health;
use inner_room::models::Folders;
use inner_room::senses::ear::Mode;
use inner_room::senses::hearing::{Hearing, Open, Parts, Wishes};
use inner_room::senses::scribe::Scribe;
use inner_room::senses::transcript::{
    Cancel, Factory, Limits, Recogniser, Transcriber, Transcript, TranscriptError,
};
use inner_room::sound::device::{DeviceError, Direction};
use inner_room::sound::{Lost, Sink, Source, Stereo};
use inner_room::voice::level::Levels;
use inner_room::voice::player::{self, Player};
use inner_room::voice::speech::{RATE as SPOKEN, Sentence, Speech, Synthesizer, VoiceError};
use inner_room::voice::studio::Studio;
use inner_room::voice::{Outlet, OwnVoice, Spoken, Voice as _};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Hears the same words in everything.
struct Parrot;

impl Recogniser for Parrot {
    fn transcribe(&mut self, _: &[f32], _: &str, _: &Cancel) -> Result<Transcript, TranscriptError> {
        Ok(Transcript { text: "I am here with you.".to_owned(), ..Transcript::default() })
    }

    fn name(&self) -> String {
        "a parrot".to_owned()
    }

    fn gives_partials(&self) -> bool {
        false
    }
}

/// Somebody who hums a tone, in real time, for so long; then the microphone is lost.
struct Hum {
    since: Instant,
    given: u64,
    lasts: Duration,
}

impl Source for Hum {
    fn take(&mut self, out: &mut Vec<f32>) -> Result<(), Lost> {
        if self.since.elapsed() > self.lasts {
            return Err(Lost("it was pulled out".to_owned()));
        }
        let due = self.since.elapsed().as_micros() as u64 * 16 / 1_000;
        out.extend((self.given..due).map(|at| 0.3 * (at as f32 * 0.08).sin()));
        self.given = due;
        Ok(())
    }
}

fn hearing(open: Open) -> Hearing {
    let make: Factory = Arc::new(|| Ok(Box::new(Parrot) as Box<dyn Recogniser>));
    let scribe = Scribe::new(Transcriber::start(make, Limits::default()).expect("a thread"));
    let parts = Parts { open, ..Parts::of(scribe, Folders::default()) };
    let wishes = Wishes { mode: Mode::PushToTalk, lang: "en".to_owned(), ..Wishes::default() };
    let mut hearing = Hearing::start(parts, wishes).expect("a thread");
    hearing.switch(true);
    hearing
}

fn next(hearing: &Hearing) -> Input {
    hearing.told().recv_timeout(PATIENCE).expect("it tells")
}

fn is_gone(input: &Input) -> bool {
    matches!(input, Input::Health { part, state: Health::Gone(_) } if part == "microphone")
}

/// A4: no microphone at all.
#[test]
fn without_a_microphone_that_is_said_once_and_the_evening_goes_on() {
    let hearing = hearing(Box::new(|_| Err(DeviceError::None(Direction::In))));
    let begun = Instant::now();
    let told = next(&hearing);
    assert!(is_gone(&told), "{told:?}");
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert!(hearing.told().recv_timeout(Duration::from_millis(2_500)).is_err(), "it is not said again");
}

/// A1: a microphone that says that it was pulled out, and is looked for until it is back.
#[test]
fn a_microphone_that_is_lost_is_missed_and_taken_again() {
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let hearing = hearing(Box::new(move |_| match count.fetch_add(1, Ordering::Relaxed) {
        // The second time it is not there yet.
        1 => Err(DeviceError::None(Direction::In)),
        _ => Ok(Box::new(Hum { since: Instant::now(), given: 0, lasts: Duration::from_millis(300) })),
    }));
    let well = |input: &Input| matches!(input, Input::Health { state: Health::Well, .. });
    let told = [next(&hearing), next(&hearing), next(&hearing)];
    assert!(well(&told[0]) && is_gone(&told[1]) && well(&told[2]), "{told:?}");
}

#[test]
fn what_is_said_while_the_key_is_held_is_written_down() {
    let hearing = hearing(Box::new(|_| {
        Ok(Box::new(Hum { since: Instant::now(), given: 0, lasts: Duration::from_secs(600) }))
    }));
    assert!(matches!(next(&hearing), Input::Health { state: Health::Well, .. }));
    hearing.hold(true);
    let Input::Onset { utterance } = next(&hearing) else { unreachable!("the key is held") };
    std::thread::sleep(Duration::from_millis(1_200));
    hearing.hold(false);
    let words = next(&hearing);
    let Input::Transcript { utterance: of, text, whole: true } = words else { unreachable!("{words:?}") };
    assert_eq!((of, text.as_str()), (utterance, "I am here with you."));
}

#[test]
fn nothing_is_heard_once_the_microphone_is_closed() {
    let mut hearing = hearing(Box::new(|_| {
        Ok(Box::new(Hum { since: Instant::now(), given: 0, lasts: Duration::from_secs(600) }))
    }));
    assert!(matches!(next(&hearing), Input::Health { state: Health::Well, .. }));
    hearing.hold(true);
    let Input::Onset { utterance } = next(&hearing) else { unreachable!("the key is held") };
    hearing.switch(false);
    assert_eq!(next(&hearing), Input::FalseOnset { utterance }, "what was begun is nothing");
    assert!(hearing.told().recv_timeout(Duration::from_millis(1_500)).is_err());
    assert!(hearing.level() <= 0.0);
}

/// Cannot speak.
struct Mute;

impl Synthesizer for Mute {
    fn speak(&mut self, _: &Sentence<'_>) -> Result<Speech, VoiceError> {
        Err(VoiceError::Late("a mute".to_owned()))
    }

    fn name(&self) -> String {
        "a mute".to_owned()
    }
}

/// A loudspeaker in real time that nobody hears.
struct Nowhere {
    since: Instant,
    written: usize,
}

impl Sink for Nowhere {
    fn room(&mut self) -> Result<usize, Lost> {
        Ok((self.since.elapsed().as_millis() as usize * 48).saturating_sub(self.written))
    }

    fn write(&mut self, frames: &[Stereo]) {
        self.written += frames.len();
    }

    fn delay_ms(&self) -> u32 {
        0
    }
}

/// Speaks a tone for everything.
struct Tone;

impl Synthesizer for Tone {
    fn speak(&mut self, _: &Sentence<'_>) -> Result<Speech, VoiceError> {
        let samples = (0..3 * SPOKEN).map(|at| 0.1 * (at as f32 * 0.05).sin()).collect::<Vec<f32>>().into();
        Ok(Speech { samples, ..Speech::default() })
    }

    fn name(&self) -> String {
        "a tone".to_owned()
    }
}

/// What lets a line be heard with this voice, where this opens a loudspeaker.
fn spoken(synthesizer: Box<dyn Synthesizer>, open: player::Open) -> Spoken {
    let player = Player::start_with(open, Outlet::System, 1).expect("a thread");
    let studio = Studio::open(synthesizer, Levels::default(), player.ducking()).expect("a thread");
    Spoken::new(studio, player, (Outlet::System, "en"))
}

fn a_line() -> Line {
    let text = inner_room::dialogue::safety::Gate
        .pass(inner_room::dialogue::agent::Agent::Patient, "I kept the lamp on.")
        .expect("it passes");
    Line {
        id: LineId(3),
        agent: inner_room::dialogue::agent::Agent::Patient,
        text,
        manner: inner_room::dialogue::agent::Manner::Plain,
        own: None,
        from: 0,
    }
}

#[test]
fn voices_that_are_switched_off_in_mid_line_leave_the_rest_of_it_to_be_read() {
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let open = Box::new(move |_: Option<&str>| {
        count.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(Nowhere { since: Instant::now(), written: 0 }) as Box<dyn Sink>)
    });
    let (mut voice, line) = (spoken(Box::new(Tone), open), a_line());
    let (mut told, begun) = (Vec::new(), Instant::now());
    let now = || Millis(begun.elapsed().as_millis() as u64);
    let mut until = |voice: &mut Spoken, what: &dyn Fn(&Input) -> bool| {
        while !told.iter().any(what) {
            assert!(begun.elapsed() < PATIENCE, "{told:?}");
            std::thread::sleep(Duration::from_millis(5));
            voice.poll(now(), &mut told);
        }
        told.clone()
    };
    voice.speak(&line, now(), &mut Vec::new());
    until(&mut voice, &|input| matches!(input, Input::LineStarted(_)));
    voice.outlet(&Outlet::Off);
    let all = until(&mut voice, &|input| matches!(input, Input::LineEnded { .. }));
    assert!(all.contains(&Input::LineEnded { line: line.id, heard: 19 }), "{all:?}");
    let health = all.iter().any(|input| matches!(input, Input::Health { state: Health::Gone(_), .. }));
    assert!(!health, "nothing is amiss: {all:?}");
    voice.outlet(&Outlet::Named("another".to_owned()));
    while opened.load(Ordering::Relaxed) < 2 {
        assert!(begun.elapsed() < PATIENCE, "no loudspeaker is opened again");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Has a line spoken without a loudspeaker, or without a voice, and tells what became of it.
fn without_sound(synthesizer: Box<dyn Synthesizer>) -> Vec<Input> {
    let none = Box::new(|_: Option<&str>| Err(DeviceError::None(Direction::Out)));
    let mut voice = spoken(synthesizer, none);
    let line = a_line();
    let (mut told, begun) = (Vec::new(), Instant::now());
    let now = || Millis(begun.elapsed().as_millis() as u64);
    voice.speak(&line, now(), &mut told);
    while !told.iter().any(|input| matches!(input, Input::LineEnded { .. })) {
        assert!(begun.elapsed() < PATIENCE, "{told:?}");
        std::thread::sleep(Duration::from_millis(10));
        voice.poll(now(), &mut told);
    }
    told
}

/// A11: no voice speaks. A12: no loudspeaker is there.
#[test]
fn a_line_that_cannot_be_heard_is_read_from_its_beginning_to_its_end() {
    let told = without_sound(Box::new(Mute));
    let began = told.iter().filter(|it| matches!(it, Input::LineStarted(LineId(3)))).count();
    assert_eq!(began, 1, "{told:?}");
    assert!(told.contains(&Input::LineEnded { line: LineId(3), heard: 19 }), "{told:?}");
    assert!(
        told.iter().any(|it| matches!(it, Input::Health { part, state: Health::Gone(_) } if part == "voice"))
    );
}

/// Words of the person's own, as they were kept: a tone with a pause in it.
fn own_words() -> (Line, OwnVoice) {
    let line = Line { own: Some(UtteranceId(5)), ..a_line() };
    let tone = |at: u32| if (24_000..36_000).contains(&at) { 0.0 } else { 0.3 * (at as f32 * 0.05).sin() };
    let own = OwnVoice {
        utterance: UtteranceId(5),
        sound: (0..72_000).map(tone).collect::<Vec<f32>>().into(),
        rate: SPOKEN,
        said: line.text.as_str().to_owned().into(),
        gain: 0.5,
    };
    (line, own)
}

fn nowhere() -> player::Open {
    Box::new(|_| Ok(Box::new(Nowhere { since: Instant::now(), written: 0 })))
}

/// Lets the person hear themselves, and does something once they do. What was told until it was over, and how the mouth moved.
fn replay(
    mut voice: Spoken,
    mut then: impl FnMut(&mut Spoken, Millis, &mut Vec<Input>),
) -> (Vec<Input>, usize) {
    let (line, own) = own_words();
    let (mut told, begun) = (Vec::new(), Instant::now());
    let (mut shapes, mut done) = (0, false);
    let now = || Millis(begun.elapsed().as_millis() as u64);
    voice.replay(&line, own, now(), &mut told);
    while !told.iter().any(|input| matches!(input, Input::LineEnded { .. })) {
        assert!(begun.elapsed() < PATIENCE, "{told:?}");
        std::thread::sleep(Duration::from_millis(5));
        voice.poll(now(), &mut told);
        shapes += voice.mouth().map_or(0, |mouth| mouth.len());
        if !done && told.contains(&Input::LineStarted(line.id)) {
            done = true;
            then(&mut voice, now(), &mut told);
        }
    }
    assert!(voice.is_quiet());
    (told, shapes)
}

#[test]
fn the_person_is_heard_by_themselves_although_nothing_can_speak_and_the_mouth_moves() {
    let (told, shapes) = replay(spoken(Box::new(Mute), nowhere()), |_, _, _| {});
    assert_eq!(told, [Input::LineStarted(LineId(3)), Input::LineEnded { line: LineId(3), heard: 19 }]);
    assert!(shapes > 4, "{shapes} shapes of the mouth");
}

#[test]
fn whoever_hears_themselves_can_have_it_broken_off_or_read() {
    let (told, _) = replay(spoken(Box::new(Mute), nowhere()), |voice, now, told| {
        voice.hush(Hush::Now, now, told);
    });
    let Some(Input::LineEnded { heard, .. }) = told.last() else { unreachable!("{told:?}") };
    assert!(*heard < 19, "{told:?}");
    let (told, _) = replay(spoken(Box::new(Mute), nowhere()), |voice, _, _| voice.outlet(&Outlet::Off));
    assert!(told.contains(&Input::LineEnded { line: LineId(3), heard: 19 }), "{told:?}");
    let none = Box::new(|_: Option<&str>| Err(DeviceError::None(Direction::Out)));
    let (told, _) = replay(spoken(Box::new(Mute), none), |_, _, _| {});
    let began = told.iter().filter(|it| matches!(it, Input::LineStarted(_))).count();
    assert!(began == 1 && told.contains(&Input::LineEnded { line: LineId(3), heard: 19 }), "{told:?}");
}

#[test]
fn no_voice_is_lent_to_words_of_the_persons_own_that_were_not_kept() {
    let mut voice = spoken(Box::new(Tone), nowhere());
    let (line, _) = own_words();
    let mut told = Vec::new();
    voice.speak(&line, Millis(0), &mut told);
    assert_eq!(told, [Input::LineStarted(line.id)], "they are shown at once, and no voice is waited for");
    assert!(voice.mouth().is_none());
}
