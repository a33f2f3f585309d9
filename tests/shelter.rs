//! What the room does when a person may be in danger: the Devil is gone for good, help by people stands in the
//! foreground, and the words are written nowhere.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cognitive_complexity,
    clippy::too_many_lines,
    clippy::allow_attributes,
    reason = "a test that cannot go on fails"
)]

mod support;

use inner_room::dialogue::agent::{Agent, Intensity};
use inner_room::dialogue::effect::{Effect, Hush};
use inner_room::dialogue::event::{EndReason, Event, Kind, Phase};
use inner_room::dialogue::face::Level;
use inner_room::dialogue::ids::{Millis, UtteranceId};
use inner_room::dialogue::input::{Control, Sense, Setup, Via};
use inner_room::dialogue::request::Task;
use inner_room::dialogue::safety::{CardKind, Category, CheckIn, Choice, Help, Tier};
use inner_room::dialogue::view::Shelter;
use inner_room::dialogue::{Input, Session};
use support::{Evening, Visitor, setup};

const CONCERN: &str = "I froze in the meeting on Thursday and my boss wrote it down";
const RED: &str = "I'm going to kill myself tonight";
const AMBER: &str = "everybody would be better off without me";

fn evening(turns: &[&str]) -> Evening {
    Visitor::new(CONCERN, 7, turns).evening(7)
}

fn safety(evening: &Evening) -> Vec<(Tier, Category)> {
    evening.find(|event| match event.kind {
        Kind::Safety { tier, category, .. } => Some((tier, category)),
        _ => None,
    })
}

fn devil_after_the_stop(evening: &Evening) -> usize {
    let stop =
        evening.events.iter().position(|event| matches!(event.kind, Kind::Safety { .. })).expect("a stop");
    evening.events[stop..]
        .iter()
        .filter(|event| matches!(event.kind, Kind::Line { agent: Agent::Devil, .. }))
        .count()
}

/// A session in which it is the person's turn, and the time.
fn open_turn() -> (Session, Millis) {
    let mut session = Session::default();
    let mut now = Millis(0);
    session.handle(Input::Begin(Box::new(setup(7))), now);
    for answer in [CONCERN, "half"] {
        session.handle(Input::Intake(answer.to_owned()), now);
    }
    // Without a cast every request fails in its time.
    for _ in 0..2_000 {
        if session.phase() == Phase::Open {
            return (session, now);
        }
        now = session.next_deadline().expect("it waits for something");
        session.handle(Input::Tick, now);
    }
    panic!("it is never their turn: {:?}", session.view());
}

fn said(text: &str) -> Input {
    Input::Said { utterance: UtteranceId(9), text: text.to_owned(), via: Via::Keys, face: None }
}

#[test]
fn a_red_line_ends_the_devil_and_brings_the_card_at_once() {
    let evening = evening(&["No wonder you keep going back to it.", RED, "I was only joking"]);
    assert_eq!(safety(&evening)[0].0, Tier::Red);
    let at = |pick: fn(&Kind) -> bool| {
        evening.events.iter().find(|event| pick(&event.kind)).map(|event| event.at_ms).expect("it happened")
    };
    let stop = at(|kind| matches!(kind, Kind::Safety { .. }));
    assert!(at(|kind| matches!(kind, Kind::Card { .. })) <= stop + 1_000);
    assert_eq!(devil_after_the_stop(&evening), 0);
    let ends = evening.find(|event| match event.kind {
        Kind::End { because, .. } => Some(because),
        _ => None,
    });
    assert_eq!(ends, [EndReason::Safety]);
}

#[test]
fn the_words_that_stopped_the_room_are_written_nowhere() {
    for line in [RED, AMBER] {
        let evening = evening(&["I'm here.", line, "no", "I'm still here."]);
        assert!(!safety(&evening).is_empty());
        let log = serde_json::to_string(&evening.events).expect("events can be written");
        assert!(!log.contains(line), "{line}");
    }
    let (mut session, now) = open_turn();
    let effects = session.handle(said(RED), now);
    let written = serde_json::to_string(&(&session, effects)).expect("both can be written");
    assert!(!written.contains("kill myself"));
}

#[test]
fn a_sentence_in_two_pieces_is_read_whole() {
    let (first, second) = ("They all want you", "dead");
    let (mut session, now) = open_turn();
    session.handle(said(first), now);
    assert_eq!(session.phase(), Phase::Breath);
    let rest = Input::Said { utterance: UtteranceId(10), text: second.into(), via: Via::Keys, face: None };
    let effects = session.handle(rest, now + Millis(800));
    assert!(session.view().safe);
    let written = serde_json::to_string(&effects).expect("effects can be written");
    assert!(!written.contains(second), "{written}");
    let told = evening(&["I'm here.", first, second]);
    assert_eq!(safety(&told)[0].0, Tier::Red, "in two turns");
    assert!(
        safety(&evening(&["I know what you want to say.", "Be here with me, that's enough."])).is_empty()
    );
}

#[test]
fn an_evening_that_is_taken_up_again_knows_of_a_stop_and_of_what_has_changed() {
    let (mut session, now) = open_turn();
    let again = Setup { after_stop: true, ..setup(7) };
    session.handle(Input::Resume(Box::new(again)), now);
    assert!(matches!(session.view().shelter, Shelter::Card { .. }));
    let (mut session, now) = open_turn();
    let help = Help { staff: Some("Maria".to_owned()), ..Help::default() };
    let again = Setup { intensity: Intensity::Off, help, ..setup(7) };
    session.handle(Input::Resume(Box::new(again)), now);
    assert_eq!((session.view().safe, session.view().intensity), (false, Intensity::Off));
    session.handle(Input::Control(Control::Sos), now);
    let Shelter::Card { card } = session.view().shelter else { panic!("the card stands") };
    assert!(card.choices.contains(&Choice::Person { who: "Maria".to_owned() }), "{card:?}");
}

#[test]
fn the_microphone_can_be_closed_and_opened_again_while_the_question_stands() {
    let (mut session, now) = open_turn();
    session.handle(Input::Consent(Sense::Microphone, Level::Aware), now);
    session.handle(said(AMBER), now);
    let device = |on| Effect::Device { sense: Sense::Microphone, on };
    let effects = session.handle(Input::Consent(Sense::Microphone, Level::Off), now);
    assert!(effects.contains(&device(false)), "{effects:?}");
    let effects = session.handle(Input::Consent(Sense::Microphone, Level::Aware), now);
    assert!(effects.contains(&device(true)), "{effects:?}");
    let effects = session.handle(Input::Consent(Sense::Face, Level::Aware), now);
    assert!(!effects.contains(&Effect::Device { sense: Sense::Face, on: true }), "{effects:?}");
}

#[test]
fn words_on_their_way_before_the_question_is_put_are_no_answer() {
    let (mut session, now) = open_turn();
    session.handle(said(AMBER), now);
    session.handle(said("no I should go to bed"), now + Millis(1));
    assert!(matches!(session.view().shelter, Shelter::Asked { .. }), "{:?}", session.view().shelter);
    session.handle(said("yes"), now + Millis(2));
    assert!(matches!(session.view().shelter, Shelter::Card { .. }), "a yes is a yes at any time");
}

#[test]
fn after_a_stop_nobody_speaks_of_the_devil() {
    let (mut session, now) = open_turn();
    session.handle(said(AMBER), now);
    session.handle(Input::Control(Control::CheckIn(CheckIn::No)), now);
    assert!(session.view().captions.iter().all(|caption| caption.agent != Agent::Devil));
    let mut effects = session.handle(said("I'm here with you."), now + Millis(1_000));
    effects.extend(session.handle(Input::Control(Control::Stop), now + Millis(2_000)));
    let farewells: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Ask { request, .. } => match request.task {
                Task::Farewell(farewell) => Some(farewell.stopped),
                _ => None,
            },
            _ => None,
        })
        .collect();
    assert_eq!(farewells, [true]);
}

#[test]
fn amber_is_asked_about_once_and_a_clear_no_leads_back_without_the_devil() {
    let evening = evening(&[
        "I'm here.",
        AMBER,
        "No, I'm just tired.",
        "You finished the report on Tuesday.",
        "I'm here.",
    ]);
    assert_eq!(safety(&evening), [(Tier::Amber, Category::Burden)]);
    let asked = evening.find(|event| matches!(event.kind, Kind::CheckIn { .. }).then_some(()));
    assert_eq!(asked.len(), 1);
    assert!(evening.find(|event| matches!(event.kind, Kind::Card { .. }).then_some(())).is_empty());
    assert_eq!(devil_after_the_stop(&evening), 0);
    let told = evening.find(|event| match &event.kind {
        Kind::Said { text, .. } => Some(text.clone()),
        _ => None,
    });
    assert!(told.iter().any(|text| text.contains("report")), "the evening goes on: {told:?}");
    assert!(!told.iter().any(|text| text.contains("just tired")), "the answer is nobody's: {told:?}");
}

#[test]
fn anything_but_a_clear_no_brings_the_card() {
    for answer in ["yes", "not sure", "I'd rather not say", "The weather is fine", "no, but I want to die"] {
        let evening = evening(&["I'm here.", AMBER, answer]);
        let card = evening.find(|event| matches!(event.kind, Kind::Card { .. }).then_some(()));
        assert_eq!(card.len(), 1, "{answer}");
    }
}

#[test]
fn ten_seconds_without_an_answer_bring_the_card_and_typing_is_waited_for() {
    let (mut session, mut now) = open_turn();
    session.handle(said(AMBER), now);
    assert!(matches!(session.view().shelter, Shelter::Asked { about: CardKind::Crisis }));
    let mut quiet_since = now;
    let mut steps = 0;
    while !matches!(session.view().shelter, Shelter::Card { .. }) {
        now = session.next_deadline().expect("it waits");
        for effect in session.handle(Input::Tick, now) {
            if let Effect::Record(Event { kind: Kind::Heard { .. }, .. }) = effect {
                quiet_since = now;
            }
        }
        steps += 1;
        assert!(steps < 100);
    }
    assert_eq!(now.since(quiet_since), inner_room::dialogue::timing::CHECK_IN);
    let (mut session, now) = open_turn();
    session.handle(said(AMBER), now);
    for second in 1..60 {
        let draft = Input::Draft { utterance: UtteranceId(10), text: "I do".to_owned() };
        session.handle(draft, now + Millis(second * 1_000));
    }
    assert!(matches!(session.view().shelter, Shelter::Asked { .. }), "whoever types is waited for");
}

#[test]
fn after_a_no_a_second_sign_is_not_asked_about_again() {
    let asked = evening(&["I'm here.", AMBER, "no", "I wish I had never been born"]);
    let tiers: Vec<Tier> = safety(&asked).into_iter().map(|(tier, _)| tier).collect();
    assert_eq!(tiers, [Tier::Amber, Tier::Red]);
    let stopped = evening(&["I'm here.", AMBER, "no", "stop everything"]);
    let tiers: Vec<Tier> = safety(&stopped).into_iter().map(|(tier, _)| tier).collect();
    assert_eq!(tiers, [Tier::Amber, Tier::Sos], "who asked for it is told nothing about what they said");
}

#[test]
fn the_devil_cannot_be_switched_on_again() {
    let (mut session, now) = open_turn();
    session.handle(said(AMBER), now);
    session.handle(Input::Control(Control::CheckIn(CheckIn::No)), now);
    session.handle(Input::Control(Control::Devil(Intensity::Gentle)), now);
    session.handle(Input::Control(Control::Devil(Intensity::Full)), now);
    let effects = session.handle(said("I'm here with you."), now + Millis(1_000));
    let asks: Vec<_> = effects
        .iter()
        .filter_map(|effect| if let Effect::Ask { request, .. } = effect { Some(request) } else { None })
        .collect();
    assert!(!asks.is_empty(), "the evening goes on");
    assert!(asks.iter().all(|request| request.context.intensity == Intensity::Off), "a cast knows it, too");
    assert!(session.view().safe);
}

#[test]
fn a_transcript_can_only_hush_until_it_is_final_or_two_seconds_old() {
    let (mut session, now) = open_turn();
    let utterance = UtteranceId(9);
    session.handle(Input::Onset { utterance }, now);
    session.handle(Input::Draft { utterance, text: "I'm going to kill myself".to_owned() }, now);
    assert!(!session.view().safe, "it only hushes");
    session.handle(
        Input::Draft { utterance, text: "I'm going to kill myself laughing".to_owned() },
        now + Millis(1_000),
    );
    session.handle(Input::Tick, now + Millis(4_000));
    assert!(!session.view().safe, "it was misheard");
    session
        .handle(Input::Draft { utterance, text: "I'm going to kill myself".to_owned() }, now + Millis(5_000));
    assert_eq!(session.next_deadline(), Some(now + Millis(7_000)));
    session.handle(Input::Tick, now + Millis(7_000));
    assert!(session.view().safe, "two seconds without a final text");
}

#[test]
fn a_transcript_that_grows_counts_from_its_first_sign() {
    let (mut session, now) = open_turn();
    let utterance = UtteranceId(9);
    session.handle(Input::Onset { utterance }, now);
    for (after, more) in [(0, ""), (900, " tonight"), (1_800, " tonight and"), (2_000, " tonight and I")] {
        let text = format!("I'm going to kill myself{more}");
        session.handle(Input::Draft { utterance, text }, now + Millis(after));
    }
    assert!(session.view().safe);
}

#[test]
fn what_a_recogniser_still_holds_stands_when_something_else_is_typed() {
    let (mut session, now) = open_turn();
    let utterance = UtteranceId(5);
    session.handle(Input::Onset { utterance }, now);
    session.handle(Input::Draft { utterance, text: RED.to_owned() }, now);
    session.handle(said("I'm here"), now + Millis(500));
    session.handle(Input::Tick, now + Millis(2_000));
    assert!(session.view().safe);
}

#[test]
fn whoever_speaks_is_hushed_at_the_first_sign() {
    let mut session = Session::default();
    session.handle(Input::Begin(Box::new(setup(7))), Millis(0));
    let draft = Input::Draft { utterance: UtteranceId(9), text: RED.to_owned() };
    let effects = session.handle(draft, Millis(100));
    assert!(effects.contains(&Effect::Hush(Hush::Now)), "{effects:?}");
}

#[test]
fn a_concern_that_is_a_sign_is_no_concern_of_the_evening() {
    let evening = Visitor::new(AMBER, 7, &[]).evening(7);
    assert_eq!(safety(&evening)[0].1, Category::Burden);
    assert!(evening.lines(Agent::Devil).is_empty());
}

#[test]
fn the_breath_is_led_by_the_guide_and_the_card_stays() {
    let (mut session, now) = open_turn();
    session.handle(Input::Control(Control::Sos), now);
    let Shelter::Card { card } = session.view().shelter else { panic!("the card stands") };
    let breath = card.choices.iter().position(|choice| *choice == Choice::Breath).expect("a breath");
    session.handle(Input::Control(Control::Choose(breath)), now + Millis(20_000));
    let mut spoken = String::new();
    let mut now = now + Millis(20_000);
    for _ in 0..20 {
        for effect in session.handle(Input::Tick, now) {
            if let Effect::Speak(line) = effect {
                spoken.push_str(line.text.as_str());
            }
        }
        now = now + Millis(15_000);
    }
    assert!(spoken.contains("feet on the floor"), "{spoken}");
    assert!(matches!(session.view().shelter, Shelter::Card { .. }));
}

#[test]
fn violence_has_a_card_of_its_own() {
    let evening = evening(&["I'm here.", "my husband hits me every night and I'm scared to go home", "yes"]);
    let about = evening.find(|event| match &event.kind {
        Kind::Card { card } => Some(card.about),
        _ => None,
    });
    assert_eq!(about, [CardKind::Danger]);
}

#[test]
fn the_stop_words_stop_everything_as_the_whole_of_what_is_said() {
    for words in ["Stop everything.", "STOP EVERYTHING", "um, SOS", "全部停下"] {
        let evening = evening(&["I'm here.", words]);
        assert_eq!(safety(&evening), [(Tier::Sos, Category::Sos)], "{words}");
    }
    assert!(safety(&evening(&["You can't stop everything from going wrong."])).is_empty());
}

#[test]
fn a_stop_is_logged_with_the_version_of_the_check_and_nothing_else() {
    let evening = evening(&[RED]);
    let stop = evening.events.iter().find(|event| matches!(event.kind, Kind::Safety { .. })).expect("a stop");
    let fields = serde_json::to_value(&stop.kind).expect("it can be written");
    let mut names: Vec<_> = fields.as_object().expect("fields").keys().cloned().collect();
    names.sort();
    assert_eq!(names, ["category", "detector", "kind", "tier"]);
}
