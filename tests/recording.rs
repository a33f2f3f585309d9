//! A yes of its own to being recorded, and what becomes of what was kept: asked for, taken back, ended.

#![cfg(feature = "speech")]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{Receiver, never};
use inner_room::cast::story::StoryCast;
use inner_room::config::Hear;
use inner_room::dialogue::change::ChangeStep;
use inner_room::dialogue::event::Event;
use inner_room::dialogue::face::Level;
use inner_room::dialogue::ids::{Millis, UtteranceId};
use inner_room::dialogue::input::{Control, Sense, Via};
use inner_room::dialogue::{Input, Kind, Line, Phase, Setup};
use inner_room::host::{Host, Parts, Preferences, Senses, Sound};
use inner_room::voice::{OwnVoice, SilentVoice, Voice};

const CONCERN: &str = "I froze in the meeting on Thursday and my boss wrote it down";
const KIND: &str = "No wonder you froze, you had slept three hours.";
/// What the person said stands in so many bytes.
const BYTES: u64 = 4_000;

/// Keeps a voice that there is not.
#[derive(Clone, Default)]
struct Tape {
    kept: Arc<AtomicU64>,
}

impl Senses for Tape {
    fn inputs(&self) -> Receiver<Input> {
        never()
    }

    fn switch(&mut self, sense: Sense, on: bool) {
        if sense == Sense::Recording && on {
            self.kept.store(BYTES, Ordering::Relaxed);
        }
    }

    fn hold(&mut self, _held: bool) {}

    fn wish(&mut self, _wanted: &Preferences) {}

    fn own_voice(&mut self, utterance: UtteranceId, words: &str) -> Option<OwnVoice> {
        (self.kept.load(Ordering::Relaxed) > 0).then(|| OwnVoice {
            utterance,
            sound: vec![0.5; 1_000].into(),
            rate: 48_000,
            said: words.to_owned().into(),
            gain: 1.0,
        })
    }

    fn wipe(&mut self) -> u64 {
        self.kept.swap(0, Ordering::Relaxed)
    }

    fn level(&self) -> Option<f32> {
        None
    }
}

/// Reads everything, and counts what it was given to play.
#[derive(Default)]
struct Listener {
    silent: SilentVoice,
    replayed: Arc<AtomicU64>,
}

impl Voice for Listener {
    fn speak(&mut self, line: &Line, now: Millis, inputs: &mut Vec<Input>) {
        self.silent.speak(line, now, inputs);
    }

    fn replay(&mut self, line: &Line, own: OwnVoice, now: Millis, inputs: &mut Vec<Input>) {
        assert_eq!(Some(own.utterance), line.own);
        self.replayed.fetch_add(1, Ordering::Relaxed);
        self.silent.speak(line, now, inputs);
    }

    fn hush(&mut self, hush: inner_room::dialogue::effect::Hush, now: Millis, inputs: &mut Vec<Input>) {
        self.silent.hush(hush, now, inputs);
    }

    fn poll(&mut self, now: Millis, inputs: &mut Vec<Input>) {
        self.silent.poll(now, inputs);
    }

    fn next_deadline(&self) -> Option<Millis> {
        self.silent.next_deadline()
    }

    fn is_quiet(&self) -> bool {
        self.silent.is_quiet()
    }
}

/// An evening of one round, by hand.
struct Evening {
    host: Host,
    now: Millis,
    events: Vec<Event>,
    kept: Arc<AtomicU64>,
    replayed: Arc<AtomicU64>,
}

impl Evening {
    fn begin(setup: Setup) -> Self {
        let (tape, voice) = (Tape::default(), Listener::default());
        let (kept, replayed) = (Arc::clone(&tape.kept), Arc::clone(&voice.replayed));
        let cast = Box::new(StoryCast::new().expect("the material is in its form"));
        let parts = Parts { voice: Box::new(voice), senses: Some(Box::new(tape)), ..Parts::of(cast) };
        let mut evening = Self { host: Host::new(parts), now: Millis(0), events: Vec::new(), kept, replayed };
        evening.feed(Input::Begin(Box::new(setup)));
        evening
    }

    fn with_change() -> Self {
        Self::begin(Setup { change: true, rounds: 1, ..support::setup(3) })
    }

    fn feed(&mut self, input: Input) {
        self.events.extend(self.host.feed(input, self.now));
    }

    /// They want to be heard, and to be recorded.
    fn prefer(&mut self, hear: Hear, recording: bool) {
        let wanted =
            Preferences { sound: Sound { hear, recording, ..Sound::default() }, ..Preferences::default() };
        for input in self.host.prefer(&wanted) {
            self.feed(input);
        }
    }

    fn say(&mut self, text: &str) {
        let utterance = UtteranceId(self.now.0 + 10);
        self.feed(Input::Said { utterance, text: text.to_owned(), via: Via::Voice, face: None });
    }

    fn until(&mut self, done: impl Fn(&Self) -> bool) {
        for _ in 0..2_000 {
            if done(self) {
                return;
            }
            let view = self.host.view();
            if view.phase == Phase::Intake && self.host.is_quiet() && view.question.is_some() {
                let belief = view.question == Some(inner_room::dialogue::event::Question::Belief);
                self.feed(Input::Intake(if belief { "9" } else { CONCERN }.to_owned()));
            }
            let next = self.host.next_deadline().unwrap_or(self.now + Millis(500));
            self.now = next.max(self.now + Millis(1));
            self.feed(Input::Tick);
        }
        unreachable!("it does not come: {:?}", self.host.view());
    }

    fn is(phase: Phase) -> impl Fn(&Self) -> bool {
        move |evening| evening.host.view().phase == phase && evening.host.is_quiet()
    }

    fn steps(step: ChangeStep) -> impl Fn(&Self) -> bool {
        move |evening| evening.host.view().change.is_some_and(|change| change.step == step)
    }

    fn wiped(&self) -> Vec<u64> {
        let bytes = |event: &Event| if let Kind::Wiped { bytes } = event.kind { Some(bytes) } else { None };
        self.events.iter().filter_map(bytes).collect()
    }

    fn switched(&self) -> Vec<Level> {
        let recording = |event: &Event| match event.kind {
            Kind::Sense { sense: Sense::Recording, level } => Some(level),
            _ => None,
        };
        self.events.iter().filter_map(recording).collect()
    }

    fn records(&self) -> bool {
        assert_eq!(self.host.view().records, self.kept.load(Ordering::Relaxed) > 0);
        self.host.view().records
    }
}

#[test]
fn nobody_is_recorded_who_did_not_say_so_or_is_not_heard_or_will_not_hear_themselves() {
    let mut evening = Evening::with_change();
    evening.prefer(Hear::Open, false);
    assert!(!evening.records(), "they are heard, and did not agree to more");
    evening.prefer(Hear::Off, true);
    assert!(!evening.records(), "nobody hears them");
    evening.feed(Input::Consent(Sense::Recording, Level::Aware));
    assert!(!evening.records() && evening.switched().is_empty(), "{:?}", evening.switched());
    evening.prefer(Hear::Open, true);
    assert!(evening.records());
    assert_eq!(evening.switched(), [Level::Aware]);
    let mut without = Evening::begin(Setup { rounds: 1, ..support::setup(3) });
    without.prefer(Hear::Open, true);
    assert!(!without.records(), "nobody changes places, and nothing is kept for it");
}

#[test]
fn whoever_takes_it_back_or_closes_the_microphone_has_everything_wiped_at_once() {
    for (hear, recording) in [(Hear::Open, false), (Hear::Off, true), (Hear::Off, false)] {
        let mut evening = Evening::with_change();
        evening.prefer(Hear::Open, true);
        evening.until(Evening::is(Phase::Open));
        evening.prefer(hear, recording);
        assert!(!evening.records());
        assert_eq!(evening.wiped(), [BYTES], "{hear:?} {recording}");
        assert_eq!(evening.switched(), [Level::Aware, Level::Off]);
    }
}

#[test]
fn what_was_kept_is_heard_and_wiped_before_the_last_words_of_the_evening() {
    let mut evening = Evening::with_change();
    evening.prefer(Hear::Open, true);
    evening.until(Evening::is(Phase::Open));
    evening.say(KIND);
    evening.until(Evening::steps(ChangeStep::Asked));
    evening.say("yes");
    evening.until(Evening::steps(ChangeStep::Still));
    assert_eq!(evening.replayed.load(Ordering::Relaxed), 1);
    assert!(evening.records(), "it can still be asked for");
    evening.until(|evening| evening.host.view().change.is_none());
    assert_eq!((evening.wiped(), evening.host.view().phase), (vec![BYTES], Phase::Closing));
    evening.feed(Input::Consent(Sense::Recording, Level::Aware));
    assert!(!evening.records(), "there is nothing left to keep it for");
    evening.until(Evening::is(Phase::Ended));
    assert_eq!(evening.wiped(), [BYTES]);
}

#[test]
fn words_that_are_heard_break_off_when_consent_is_taken_back() {
    let mut evening = Evening::with_change();
    evening.prefer(Hear::Open, true);
    evening.until(Evening::is(Phase::Open));
    evening.say(KIND);
    evening.until(Evening::steps(ChangeStep::Asked));
    evening.say("yes");
    evening.until(|evening| evening.replayed.load(Ordering::Relaxed) == 1);
    assert!(!evening.host.is_quiet());
    evening.prefer(Hear::Open, false);
    assert!(evening.host.is_quiet(), "nothing is heard any more");
    assert_eq!(evening.wiped(), [BYTES]);
    evening.until(Evening::is(Phase::Ended));
}

#[test]
fn words_that_broke_off_do_not_go_on_when_consent_is_taken_back_while_the_evening_is_held() {
    let mut evening = Evening::with_change();
    evening.prefer(Hear::Open, true);
    evening.until(Evening::is(Phase::Open));
    evening.say(KIND);
    evening.until(Evening::steps(ChangeStep::Asked));
    evening.say("yes");
    evening.until(|evening| evening.replayed.load(Ordering::Relaxed) == 1);
    evening.feed(Input::Control(Control::Pause));
    evening.prefer(Hear::Open, false);
    assert_eq!(evening.wiped(), [BYTES]);
    evening.feed(Input::Control(Control::Resume));
    assert!(evening.host.is_quiet(), "they are not shown again");
    evening.until(Evening::is(Phase::Ended));
}

#[test]
fn stop_sos_and_words_that_mean_danger_wipe_it_at_once() {
    let ends: [fn(&mut Evening); 4] = [
        |evening| evening.feed(Input::Control(Control::Stop)),
        |evening| evening.feed(Input::Control(Control::Sos)),
        |evening| evening.say("I want to kill myself tonight"),
        |evening| evening.say("I don't want to be here anymore"),
    ];
    for (number, end) in ends.into_iter().enumerate() {
        let mut evening = Evening::with_change();
        evening.prefer(Hear::Open, true);
        evening.until(Evening::is(Phase::Open));
        end(&mut evening);
        assert_eq!(evening.wiped(), [BYTES], "{number}");
        evening.prefer(Hear::Open, true);
        assert!(!evening.records(), "{number}: a stopped evening keeps nothing");
    }
}

#[test]
fn an_evening_that_goes_on_after_it_was_cut_off_has_kept_nothing() {
    let mut evening = Evening::with_change();
    evening.prefer(Hear::Open, true);
    evening.until(Evening::is(Phase::Open));
    let setup = Setup { change: true, rounds: 1, ..support::setup(3) };
    evening.feed(Input::Resume(Box::new(setup)));
    assert!(!evening.records());
    assert_eq!(evening.wiped(), [BYTES]);
}
