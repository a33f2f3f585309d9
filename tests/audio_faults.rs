//! What becomes of an evening when sound fails, fault by fault (`safety.md` A1 to A13 of the design's reference). Most need no
//! device; those that do run on a sound card of air.
//!
//! | fault | held by |
//! |---|---|
//! | A1 the microphone is pulled out, and says so | `hearing`: `a_microphone_that_is_lost_is_missed_and_taken_again`; `devices`: `devices_that_are_taken_away_in_mid_evening_are_missed_and_found_again` |
//! | A2 it falls silent without a word | `a_sound_server_that_stands_still_is_missed_within_two_seconds`, `a_microphone_that_can_be_opened_and_gives_nothing_is_gone`; the thread that opens devices: `sound::opener` |
//! | A3 plugged in again; another default | `a_chosen_microphone_is_taken_back_and_no_other_is_taken_for_it` |
//! | A4 none, or refused | `without_a_microphone_one_writes_and_help_is_there`; `hearing`: `without_a_microphone_that_is_said_once_and_the_evening_goes_on` |
//! | A5 other rates, forms and channels | `sound::resample`: `a_tone_of_any_rate_comes_out_as_itself_and_in_time`; `sound::recording`: `a_recording_of_any_rate_form_and_number_of_channels_is_heard_the_same` |
//! | A6 clipping, hum, noise, music | `listen`: `an_hour_of_noise_hum_and_music_is_no_utterance`; `what_cannot_be_made_out_is_said_and_stops_nothing`; `words::notice`: `who_cannot_be_made_out_twice_in_a_row_is_advised_to_write` |
//! | A7 our own loudspeaker | `echo`: `our_own_voice_is_nobody_speaking`; `round`: `what_the_room_says_itself_is_nobodys_word_and_stops_nothing` |
//! | A8 text invented over silence | `senses::transcript::invented`: `nothing_is_said_in_silence_and_without_a_voice` and those after it |
//! | A9 the recogniser hangs | `while_a_recogniser_hangs_nobody_speaks_and_the_next_one_hears`, `while_words_are_awaited_it_is_told_again_that_somebody_speaks`; `senses::transcript::worker`: `one_that_hangs_is_left_behind_and_its_late_answer_is_nobody_s` |
//! | A10 several people, a child | `a_child_that_says_so_aloud_is_spared_the_devil`; `dialogue::safety::age`; nothing knows a voice: there is no identity to be mistaken |
//! | A11 no voice, no numbers, ten minutes | `hearing`: `a_line_that_cannot_be_heard_is_read_from_its_beginning_to_its_end`; `voices`: `what_is_no_sound_is_a_fault_in_words_without_the_servers_own`, `sounds_that_are_none_are_made_silence`, `ten_minutes_of_text_are_capped_at_one`; `voice::mixer`: `sound_that_is_no_number_is_silence` |
//! | A12 the loudspeaker is lost | `without_a_loudspeaker_lines_are_read_and_with_one_they_are_heard_again`, `a_sound_server_that_stands_still_is_missed_within_two_seconds` |
//! | A13 the machine sleeps | `an_evening_that_was_asleep_waits_for_the_person`; `host::clock`: `what_the_machine_sleeps_through_is_no_time` |

#![cfg(all(unix, feature = "speech"))]
#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test that cannot go on fails; what was measured is said"
)]

mod support;

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use inner_room::cast::story::StoryCast;
use inner_room::config::Hear;
use inner_room::dialogue::agent::{Agent, Intensity};
use inner_room::dialogue::event::Event;
use inner_room::dialogue::ids::UtteranceId;
use inner_room::dialogue::input::{Control, Health, Via};
use inner_room::dialogue::{Input, Kind, Phase};
use inner_room::host::{FromStage, Parts};
use inner_room::models::Folders;
use inner_room::senses::ear::Mode;
use inner_room::senses::hearing::{self, Hearing, Open, Wishes};
use inner_room::senses::scribe::Scribe;
use inner_room::senses::transcript::{
    Cancel, Factory, Limits, Recogniser, Transcriber, Transcript, TranscriptError,
};
use inner_room::sound::device::{DeviceError, Direction};
use inner_room::sound::{Lost, RATE, Source};
use support::evening::{Evening, PATIENCE, envelope, is_phase, is_well};
use support::sound_card::{SoundCard, with_devices};

/// Nobody is there: a recogniser is not needed.
const NOBODY: &str = "http://127.0.0.1:9/v1";

/// Does with each sound what the number of it says.
struct Does(fn(usize, &Cancel) -> Result<Transcript, TranscriptError>, Arc<AtomicUsize>);

impl Recogniser for Does {
    fn transcribe(&mut self, _: &[f32], _: &str, cancel: &Cancel) -> Result<Transcript, TranscriptError> {
        (self.0)(self.1.fetch_add(1, Ordering::SeqCst), cancel)
    }

    fn name(&self) -> String {
        "a recogniser of this test".to_owned()
    }

    fn gives_partials(&self) -> bool {
        false
    }
}

fn words(text: &str) -> Result<Transcript, TranscriptError> {
    Ok(Transcript { text: text.to_owned(), ..Transcript::default() })
}

/// Hears what is opened with what does this.
fn hearing(does: fn(usize, &Cancel) -> Result<Transcript, TranscriptError>, open: Open) -> Hearing {
    let count = Arc::new(AtomicUsize::new(0));
    let make: Factory = Arc::new(move || Ok(Box::new(Does(does, Arc::clone(&count))) as Box<dyn Recogniser>));
    let limits = Limits { at_least: Duration::from_secs(6), ..Limits::default() };
    let scribe = Scribe::new(Transcriber::start(make, limits).expect("a thread"));
    let parts = hearing::Parts { open, ..hearing::Parts::of(scribe, Folders::default()) };
    let wishes = Wishes { mode: Mode::PushToTalk, lang: "en".to_owned(), ..Wishes::default() };
    Hearing::start(parts, wishes).expect("a thread")
}

/// An evening that is read, with somebody who hears like this.
fn evening(hearing: Hearing) -> Evening {
    let cast = Box::new(StoryCast::new().expect("the material is in its form"));
    Evening::of(Parts { senses: Some(Box::new(hearing)), ..Parts::of(cast) }, Hear::Key)
}

/// A microphone in real time that gives whatever this makes of the number of a sample.
struct Given {
    since: Instant,
    given: u64,
    sample: fn(u64) -> f32,
}

impl Source for Given {
    fn take(&mut self, out: &mut Vec<f32>) -> Result<(), Lost> {
        let due = self.since.elapsed().as_micros() as u64 * u64::from(RATE) / 1_000_000;
        out.extend((self.given..due).map(self.sample));
        self.given = due;
        Ok(())
    }
}

fn microphone(sample: fn(u64) -> f32) -> Open {
    Box::new(move |_| Ok(Box::new(Given { since: Instant::now(), given: 0, sample })))
}

/// The mains, so loud that it clips, in hiss.
fn clipped_hum(at: u64) -> f32 {
    let hiss = (at.wrapping_mul(6_364_136_223_846_793_005).rotate_left(17) >> 40) as f32 / (1 << 24) as f32;
    (8.0 * (at as f32 * 0.019_635).sin() + hiss - 0.5).clamp(-1.0, 1.0)
}

fn devil_speaks(kind: &Kind) -> bool {
    matches!(kind, Kind::Line { agent: Agent::Devil, .. })
}

fn is_alarm(event: &Event) -> bool {
    matches!(event.kind, Kind::Safety { .. } | Kind::Card { .. } | Kind::CheckIn { .. })
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

/// A2: one that can be opened over and over, and never gives a sound, is none.
#[test]
fn a_microphone_that_can_be_opened_and_gives_nothing_is_gone() {
    struct Dead(Instant);
    impl Source for Dead {
        fn take(&mut self, _: &mut Vec<f32>) -> Result<(), Lost> {
            let gone = self.0.elapsed() > Duration::from_millis(100);
            if gone { Err(Lost("it gives no sound any more".to_owned())) } else { Ok(()) }
        }
    }
    let open: Open = Box::new(|_| Ok(Box::new(Dead(Instant::now()))));
    let mut hearing = hearing(|_, _| words("I am here."), open);
    hearing.switch(true);
    let told = hearing.told().recv_timeout(PATIENCE).expect("it tells");
    assert!(
        matches!(&told, Input::Health { part, state: Health::Gone(_) } if part == "microphone"),
        "{told:?}"
    );
    let more = hearing.told().recv_timeout(Duration::from_secs(2));
    assert!(more.is_err(), "it is said once: {more:?}");
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
    let open: Open = hearing::Parts::of(
        Scribe::new(
            Transcriber::start(Arc::new(|| Err(TranscriptError::Gone)), Limits::default()).expect("a thread"),
        ),
        Folders::default(),
    )
    .open;
    let mut hearing = hearing(|_, _| words("I am here."), open);
    hearing.change(Wishes { device: Some("headset".to_owned()), ..hearing.wishes().clone() });
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

/// A4: no microphone, and nobody asks for one twice. One writes, and SOS is there within a second.
#[test]
fn without_a_microphone_one_writes_and_help_is_there() {
    let none: Open = Box::new(|_| Err(DeviceError::None(Direction::In)));
    let mut evening = evening(hearing(|_, _| words("I am here."), none));
    evening.wait("that there is no microphone", is_well("microphone", false));
    evening.come_in();
    evening.wait("the person's turn", is_phase(Phase::Open));
    evening.type_in(3, "Anybody can freeze in a meeting.");
    evening.wait(
        "what was written",
        |kind| matches!(kind, Kind::Said { via: Via::Keys, text, .. } if text.contains("freeze")),
    );
    evening.control(Control::Sos);
    let asked = Instant::now();
    evening.wait("the card", |kind| matches!(kind, Kind::Card { .. }));
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    let gone = evening.events.iter().filter(|event| is_well("microphone", false)(&event.kind)).count();
    assert_eq!(gone, 1);
    evening.end();
}

/// A6: somebody speaks into hum that clips, and the recogniser writes what such ones write over noise. It is said that nothing
/// could be made out, nothing counts as said, and nothing stops.
#[test]
fn what_cannot_be_made_out_is_said_and_stops_nothing() {
    let invents: fn(usize, &Cancel) -> Result<Transcript, TranscriptError> = |number, _| {
        let text = ["[music]", "Thank you for watching.", ""][number % 3];
        Ok(Transcript { text: text.to_owned(), no_speech: 0.9, ..Transcript::default() })
    };
    let mut evening = evening(hearing(invents, microphone(clipped_hum)));
    evening.come_in();
    evening.wait("the person's turn", is_phase(Phase::Open));
    for _ in 0..3 {
        evening.stage.say(FromStage::Hold(true)).expect("the host is there");
        std::thread::sleep(Duration::from_millis(600));
        evening.stage.say(FromStage::Hold(false)).expect("the host is there");
        evening.wait("that nothing was made out", is_well("transcript", false));
    }
    let spoken = |event: &Event| matches!(event.kind, Kind::Said { via: Via::Voice, .. });
    assert!(!evening.events.iter().any(|event| spoken(event) || is_alarm(event)), "{:#?}", evening.events);
    evening.end();
}

/// A9: what makes the words hangs with an utterance. Nobody speaks into it, above all not the Devil; it is begun anew, that is
/// said, and the next utterance is heard. (The check for signs of danger hangs with nobody: it is a step of the session itself.)
#[test]
fn while_a_recogniser_hangs_nobody_speaks_and_the_next_one_hears() {
    let hangs: fn(usize, &Cancel) -> Result<Transcript, TranscriptError> = |number, cancel| {
        while number == 0 && !cancel.is_cancelled() {
            std::thread::sleep(Duration::from_millis(5));
        }
        words("Anybody can freeze.")
    };
    let mut evening = evening(hearing(hangs, microphone(|at| 0.3 * (at as f32 * 0.08).sin())));
    evening.come_in();
    // Into the scene, so that the Devil's thought is next.
    evening.wait("the scene", is_phase(Phase::Scene));
    evening.stage.say(FromStage::Hold(true)).expect("the host is there");
    std::thread::sleep(Duration::from_millis(900));
    evening.stage.say(FromStage::Hold(false)).expect("the host is there");
    let asked = evening.events.len();
    evening.wait("that it is begun anew", is_well("transcript", false));
    let meanwhile = &evening.events[asked..];
    assert!(!meanwhile.iter().any(|event| devil_speaks(&event.kind)), "{meanwhile:#?}");
    evening.wait("the Devil", devil_speaks);
    evening.stage.say(FromStage::Hold(true)).expect("the host is there");
    std::thread::sleep(Duration::from_millis(900));
    evening.stage.say(FromStage::Hold(false)).expect("the host is there");
    evening.wait(
        "the words",
        |kind| matches!(kind, Kind::Said { via: Via::Voice, text, .. } if text.contains("freeze")),
    );
    evening.end();
}

/// A9: for as long as words are awaited it is told over and over that somebody speaks, so that the session never takes them for
/// silent.
#[test]
fn while_words_are_awaited_it_is_told_again_that_somebody_speaks() {
    let hangs: fn(usize, &Cancel) -> Result<Transcript, TranscriptError> = |_, cancel| {
        while !cancel.is_cancelled() {
            std::thread::sleep(Duration::from_millis(5));
        }
        Err(TranscriptError::Cancelled)
    };
    let mut hearing = hearing(hangs, microphone(|at| 0.3 * (at as f32 * 0.08).sin()));
    hearing.switch(true);
    let next = |hearing: &Hearing| hearing.told().recv_timeout(PATIENCE).expect("it tells");
    assert!(matches!(next(&hearing), Input::Health { state: Health::Well, .. }));
    hearing.hold(true);
    let first = next(&hearing);
    assert!(matches!(first, Input::Onset { .. }), "{first:?}");
    std::thread::sleep(Duration::from_millis(900));
    hearing.hold(false);
    assert_eq!(next(&hearing), first, "its words are awaited");
    assert!(matches!(next(&hearing), Input::FalseOnset { .. }), "and are given up");
}

/// A10: a child, or somebody beside the person, says "I'm nine". There is no Devil any more, whatever is chosen after that.
#[test]
fn a_child_that_says_so_aloud_is_spared_the_devil() {
    let cast = Box::new(StoryCast::new().expect("the material is in its form"));
    let mut evening = Evening::of(Parts::of(cast), Hear::Off);
    evening.come_in();
    evening.wait("the Devil", devil_speaks);
    evening.wait("the person's turn", is_phase(Phase::Open));
    let heard =
        Input::Transcript { utterance: UtteranceId(1 << 50), text: "I'm nine".to_owned(), whole: true };
    evening.stage.send(heard).expect("the host is there");
    let told = evening.wait("the Guide", |kind| {
        matches!(kind, Kind::Line { agent: Agent::Guide, text, .. } if text.contains("grown-up you trust"))
    });
    evening.control(Control::Devil(Intensity::Full));
    // On to the next round, in which it would speak.
    evening.wait("the next scene", is_phase(Phase::Scene));
    evening.wait("the person's turn", is_phase(Phase::Open));
    let after = &evening.events[told..];
    assert!(!after.iter().any(|event| devil_speaks(&event.kind) || is_alarm(event)), "{after:#?}");
    evening.end();
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
    let gone = |event: &&Event| is_well("microphone", false)(&event.kind);
    let well = |event: &&Event| is_well("microphone", true)(&event.kind);
    let (gone, well) =
        (evening.events.iter().filter(gone).count(), evening.events.iter().filter(well).count());
    assert!(well == gone + 1, "the microphone is not there: {gone} and {well}");
    evening.control(Control::Stop);
    evening.wait("the end", |kind| matches!(kind, Kind::End { .. }));
    evening.end();
}
