//! What becomes of an evening when sound fails, fault by fault (`safety.md` A1 to A13 of the design's reference). Those here need no device;
//! `audio_faults_devices` has some of its own making.
//!
//! | fault | held by |
//! |---|---|
//! | A1 the microphone is pulled out, and says so | `hearing`: `a_microphone_that_is_lost_is_missed_and_taken_again`; `devices`: `devices_that_are_taken_away_in_mid_evening_are_missed_and_found_again` |
//! | A2 it falls silent without a word | `audio_faults_devices`: `a_sound_server_that_stands_still_is_missed_within_two_seconds`, `a_microphone_that_can_be_opened_and_gives_nothing_is_gone`; the thread that opens devices: `sound::opener` |
//! | A3 plugged in again; another default | `audio_faults_devices`: `a_chosen_microphone_is_taken_back_and_no_other_is_taken_for_it` |
//! | A4 none, or refused | `without_a_microphone_one_writes_and_help_is_there`; `hearing`: `without_a_microphone_that_is_said_once_and_the_evening_goes_on` |
//! | A5 other rates, forms and channels | `sound::resample`: `a_tone_of_any_rate_comes_out_as_itself_and_in_time`; `sound::recording`: `a_recording_of_any_rate_form_and_number_of_channels_is_heard_the_same` |
//! | A6 clipping, hum, noise, music | `listen`: `an_hour_of_noise_hum_and_music_is_no_utterance`; `what_cannot_be_made_out_is_said_and_stops_nothing`; `words::notice`: `who_cannot_be_made_out_twice_in_a_row_is_advised_to_write` |
//! | A7 our own loudspeaker | `echo`: `our_own_voice_is_nobody_speaking`; `round`: `what_the_room_says_itself_is_nobodys_word_and_stops_nothing` |
//! | A8 text invented over silence | `senses::transcript::invented`: `nothing_is_said_in_silence_and_without_a_voice` and those after it |
//! | A9 the recogniser hangs | `while_a_recogniser_hangs_nobody_speaks_and_the_next_one_hears`, `while_words_are_awaited_it_is_told_again_that_somebody_speaks`; `senses::transcript::worker`: `one_that_hangs_is_left_behind_and_its_late_answer_is_nobody_s` |
//! | A10 several people, a child | `a_child_that_says_so_aloud_is_spared_the_devil`; `dialogue::safety::age`; nothing knows a voice: there is no identity to be mistaken |
//! | A11 no voice, no numbers, ten minutes | `hearing`: `a_line_that_cannot_be_heard_is_read_from_its_beginning_to_its_end`; `voices`: `what_is_no_sound_is_a_fault_in_words_without_the_servers_own`, `sounds_that_are_none_are_made_silence`, `ten_minutes_of_text_are_capped_at_one`; `voice::mixer`: `sound_that_is_no_number_is_silence` |
//! | A12 the loudspeaker is lost | `audio_faults_devices`: `without_a_loudspeaker_lines_are_read_and_with_one_they_are_heard_again`, `audio_faults_devices`: `a_sound_server_that_stands_still_is_missed_within_two_seconds` |
//! | A13 the machine sleeps | `audio_faults_devices`: `an_evening_that_was_asleep_waits_for_the_person`; `host::clock`: `what_the_machine_sleeps_through_is_no_time` |

#![cfg(all(unix, feature = "speech"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

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
use support::evening::{Evening, PATIENCE, is_phase, is_well};

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
