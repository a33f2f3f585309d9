//! A visit with a time plan: it closes by itself, in time and kindly, whoever comes.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "how the visits went is worth reading")]

#[path = "support/guest.rs"]
mod guest;

use std::collections::BTreeMap;

use guest::{Guest, Shared, Visited, exhibited};
use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::effect::Effect;
use inner_room::dialogue::event::{EndReason, SaidPart};
use inner_room::dialogue::face::Level;
use inner_room::dialogue::ids::{LineId, Millis, UtteranceId};
use inner_room::dialogue::input::{Attention, Control, Sense, Via};
use inner_room::dialogue::safety::{self, CheckIn};
use inner_room::dialogue::strength::Ending;
use inner_room::dialogue::view::Shelter;
use inner_room::dialogue::visit::Visit;
use inner_room::dialogue::{Input, Kind, Phase, Session, Setup, timing};
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

const WORDS: [&str; 4] = [
    "No wonder you froze, you had slept three hours.",
    "I do it too, in the car, every week. You are not alone with it.",
    "You finished the report on Tuesday, and she thanked you for it.",
    "You're allowed to be tired. Rest a little, I'm here.",
];

/// Words that move so little that only the time ends the evening.
const LITTLE: [&str; 1] = ["I'm here."];

/// How a visit went, in what can be counted.
struct Went {
    ends: u64,
    rounds: u32,
    changed: bool,
    ending: Ending,
    reason: EndReason,
    /// When the first round began, each of the others, and the close.
    began: Vec<u64>,
    closes: u64,
}

fn went(visit: &Visited) -> Went {
    let began = |wanted: Phase| {
        let is = |kind: &Kind| matches!(kind, Kind::Phase { phase, .. } if *phase == wanted);
        visit.events.iter().filter(|event| is(&event.kind)).map(|event| event.at_ms).collect::<Vec<_>>()
    };
    let end = visit.events.iter().find_map(|event| match event.kind {
        Kind::End { ending, because, rounds } => Some((ending, because, rounds, event.at_ms)),
        _ => None,
    });
    let (ending, reason, rounds, _) = end.expect("it has an end");
    Went {
        ends: visit.now.0,
        rounds,
        changed: !began(Phase::Change).is_empty(),
        ending,
        reason,
        closes: began(Phase::Closing)[0],
        began: began(Phase::Scene),
    }
}

fn lines(visit: &Visited) -> Vec<(Agent, LineId, String)> {
    let line = |kind: &Kind| match kind {
        Kind::Line { agent, line, text, .. } => Some((*agent, *line, text.clone())),
        _ => None,
    };
    visit.events.iter().filter_map(|event| line(&event.kind)).collect()
}

/// What holds in every visit: the Guide says goodbye, the Patient has the last word, no line is cut, no words of theirs fall into
/// the close, and it is over in time.
fn check(visit: &Visited, what: &str) {
    let lines = lines(visit);
    let last: Vec<Agent> = lines.iter().rev().take(2).map(|(agent, ..)| *agent).collect();
    assert_eq!(last[0], Agent::Patient, "{what}: {lines:?}");
    let blocked = |kind: &Kind| matches!(kind, Kind::Fault { part, .. } if part == "gate");
    let all_said = !visit.events.iter().any(|event| blocked(&event.kind));
    assert!(last[1] == Agent::Guide || !all_said, "{what}: {lines:?}");
    for event in &visit.events {
        match &event.kind {
            Kind::Heard { line, chars } => {
                let text = lines.iter().find(|(_, id, _)| id == line).map(|(.., text)| text.chars().count());
                assert!(text.is_none_or(|all| all == *chars), "{what}: line {line:?} was cut at {chars}");
            }
            Kind::Said { part, text, .. } => assert_ne!(*part, SaidPart::Afterwards, "{what}: {text}"),
            _ => {}
        }
    }
    let longest = lines.iter().map(|(.., text)| timing::reading_time(text).0).max().unwrap_or_default();
    let whole = Visit::default().whole.0;
    assert!(visit.now.0 <= whole + longest, "{what}: it took {} ms", visit.now.0);
    assert!(went(visit).rounds >= 1, "{what}: one round is always held");
}

/// What it is, and the words, of each line. What would stop the room has tests of its own.
fn of_tsv(text: &'static str, column: usize) -> Vec<(&'static str, &'static str)> {
    let line = |line: &'static str| Some((line.split('\t').next()?, line.split('\t').nth(column)?));
    text.lines().filter_map(line).filter(|(_, words)| safety::check(words).finding.is_none()).collect()
}

/// What comforts nobody.
const ANTI: [&str; 7] =
    ["cheer_up", "advice_early", "arguing", "bare_denial", "self_attack", "agreeing", "dismissal"];

/// A sort of visitor.
type Sort = (&'static str, (u64, u64), u64, (usize, usize), u32);

/// Who comes: how long they think, how long they take for a character, how many sentences they say, how often they are silent.
const CROWD: [Sort; 8] = [
    ("usual", (5_000, 13_000), 80, (1, 3), 4),
    ("usual, and changes places", (5_000, 13_000), 80, (1, 3), 4),
    ("quick", (300, 1_500), 50, (1, 2), 0),
    ("slow", (8_000, 24_000), 130, (1, 3), 15),
    ("talkative", (1_000, 4_000), 65, (5, 8), 0),
    ("shy", (2_000, 9_000), 65, (1, 2), 60),
    ("silent", (2_000, 6_000), 65, (1, 2), 100),
    ("very slow", (15_000, 70_000), 150, (1, 3), 10),
];

fn somebody(of: usize, seed: u64) -> Guest {
    let (name, thinks, speaks, sentences, silent) = CROWD[of];
    let mut rng = Pcg64Mcg::seed_from_u64(seed * 31 + of as u64);
    let words = of_tsv(include_str!("utterances.tsv"), 1);
    let concerns = of_tsv(include_str!("concerns.tsv"), 2);
    let mut say = |from: &[(&str, &str)], (least, most): (usize, usize)| {
        let count = rng.random_range(least..=most);
        let said: Vec<&str> = (0..count).map(|_| from.choose(&mut rng).expect("there are some").1).collect();
        (said.join(" "), rng.random_range(0..100) < silent, rng.random_range(0..4))
    };
    // Most of what people say comforts somehow.
    let kind: Vec<_> = words.iter().filter(|(of, _)| !ANTI.contains(of)).copied().collect();
    let words = [kind.clone(), kind, words].concat();
    let turns =
        (0..16).map(|_| say(&words, sentences)).map(|(text, no, _)| if no { String::new() } else { text });
    let turns = turns.collect();
    let (concern, _, chance) = say(&concerns, if name == "talkative" { (3, 5) } else { (1, 1) });
    let concern = (name != "silent" || chance == 0).then_some(concern);
    let changes = match (name, chance) {
        ("usual, and changes places", _) => Some(true),
        ("silent", _) | (_, 3) => None,
        (_, chance) => Some(chance != 2),
    };
    Guest { thinks, speaks, turns, concern, changes, pause: None }
}

fn quantile(sorted: &[u64], of: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * of).round() as usize] as f64 / 1_000.0
}

/// So many visits of each sort.
const VISITS: u64 = 30;

/// Lets these people come, one after another. The median of their visits in seconds, and how many had three rounds and more.
fn let_come(of: usize) -> (f64, f64) {
    let (name, cast) = (CROWD[of].0, Shared::new());
    let mut all = Vec::new();
    for seed in 0..VISITS {
        let visit = Visited::of(&cast, exhibited(seed), somebody(of, seed));
        // Words that are harmless one by one may not be so together.
        if visit.host.view().safe {
            continue;
        }
        check(&visit, &format!("{name} {seed}"));
        all.push(went(&visit));
    }
    assert!(all.len() as u64 > VISITS * 3 / 4, "{name}: {} visits", all.len());
    let three = all.iter().filter(|went| went.rounds >= 3).count();
    (tell(name, &all), three as f64 / all.len() as f64)
}

#[test]
fn whoever_answers_in_a_usual_time_has_three_rounds_and_a_visit_that_closes_by_itself_in_time() {
    for of in [0, 1] {
        let (median, three) = let_come(of);
        assert!((300.0..=480.0).contains(&median), "{median} s");
        assert!(three > 0.75, "{three} of them had three rounds");
    }
}

#[test]
fn the_visits_of_quick_and_slow_people_close_by_themselves_in_time_too() {
    for of in [2, 3, 7] {
        let_come(of);
    }
}

#[test]
fn the_visits_of_silent_and_talkative_people_close_by_themselves_in_time_too() {
    for of in [4, 5, 6] {
        let_come(of);
    }
}

/// Prints how these visits went. Their median in seconds.
fn tell(name: &str, all: &[Went]) -> f64 {
    let sorted = |pick: &dyn Fn(&Went) -> Vec<u64>| {
        let mut values: Vec<u64> = all.iter().flat_map(pick).collect();
        values.sort_unstable();
        values
    };
    let ends = sorted(&|went| vec![went.ends]);
    let mut rounds: BTreeMap<u32, u32> = BTreeMap::new();
    let mut endings: BTreeMap<String, u32> = BTreeMap::new();
    for went in all {
        *rounds.entry(went.rounds).or_default() += 1;
        *endings.entry(format!("{:?}/{:?}", went.ending, went.reason)).or_default() += 1;
    }
    let intake = sorted(&|went| went.began.first().copied().into_iter().collect());
    let each = sorted(&|went| {
        let next = went.began.iter().skip(1).copied().chain([went.closes]);
        went.began.iter().zip(next).map(|(from, to)| to.saturating_sub(*from)).collect()
    });
    let rest = sorted(&|went| vec![went.ends.saturating_sub(went.closes)]);
    let changed = all.iter().filter(|went| went.changed).count();
    let of = |values: &[u64]| [0.0, 0.1, 0.5, 0.9, 1.0].map(|part| quantile(values, part));
    println!("{name}: least, 10 %, median, 90 %, most, in seconds");
    println!("  whole {:?}; intake {:?}", of(&ends), of(&intake));
    println!("  round {:?}; from the close on {:?}", of(&each), of(&rest));
    println!("  rounds {rounds:?}; asked to change places {changed} of {}; {endings:?}", all.len());
    quantile(&ends, 0.5)
}

fn is_phase(event: &inner_room::dialogue::Event, wanted: Phase) -> bool {
    matches!(event.kind, Kind::Phase { phase, .. } if phase == wanted)
}

fn steady_for(ms: u64) -> Setup {
    Setup { visit: Some(Visit { whole: Millis(ms) }), ..exhibited(3) }
}

#[test]
fn another_round_is_left_out_when_it_would_not_fit() {
    let cast = Shared::new();
    let rounds = |setup, guest| {
        let visit = Visited::of(&cast, setup, guest);
        check(&visit, "a steady visitor");
        (went(&visit).rounds, went(&visit).reason)
    };
    let (long, _) = rounds(steady_for(480_000), Guest::steady(&LITTLE));
    let (short, reason) = rounds(steady_for(300_000), Guest::steady(&LITTLE));
    assert!(long >= 3 && short < long && reason == EndReason::Rounds, "{long} and {short}");
    // A round is taken to be as long as the longest so far, and their first silence took 90 seconds.
    let (slow, reason) = rounds(steady_for(480_000), Guest::steady(&["", LITTLE[0]]));
    assert_eq!((slow, reason), (3, EndReason::Rounds), "a fourth of 75 seconds would have fitted");
}

#[test]
fn the_change_of_places_is_left_out_when_it_would_not_fit_and_the_goodbye_is_said_all_the_same() {
    let cast = Shared::new();
    let usual = Visited::of(&cast, Setup { rounds: 2, ..exhibited(3) }, Guest::steady(&LITTLE));
    assert!(went(&usual).changed);
    let guest = Guest { pause: Some((Phase::Answer, 2, 280_000)), ..Guest::steady(&LITTLE) };
    let late = Visited::of(&cast, Setup { rounds: 2, ..exhibited(3) }, guest);
    assert!(!went(&late).changed && went(&late).rounds == 2);
    let last: Vec<Agent> = lines(&late).iter().rev().take(2).map(|(agent, ..)| *agent).collect();
    assert_eq!(last, [Agent::Patient, Agent::Guide]);
}

#[test]
fn a_pause_counts() {
    let cast = Shared::new();
    let without = Visited::of(&cast, exhibited(3), Guest::steady(&LITTLE));
    let guest = Guest { pause: Some((Phase::Open, 1, 120_000)), ..Guest::steady(&LITTLE) };
    let paused = Visited::of(&cast, exhibited(3), guest);
    assert!(went(&paused).rounds < went(&without).rounds);
    assert!(paused.now <= Visit::default().whole, "{:?}", paused.now);
    assert!(went(&paused).rounds > 2, "the round that was held was no longer than others: {:?}", paused.now);
}

#[test]
fn a_visit_that_was_held_and_left_closes_kindly_by_itself() {
    let cast = Shared::new();
    for (control, most) in [(Control::Pause, timing::PAUSED), (Control::Hold, timing::HELD)] {
        for phase in [Phase::Intake, Phase::Thought, Phase::Open, Phase::Quiet, Phase::Change] {
            let mut visit = Visited::begin(&cast, exhibited(3), Guest::steady(&LITTLE));
            assert!(visit.until(|view| view.phase == phase), "{phase:?}");
            visit.feed(Input::Control(control));
            let (view, from) = (visit.host.view(), visit.now);
            assert_eq!((view.paused, view.held), (true, control == Control::Hold));
            visit.now = from + most;
            visit.now.0 -= 1;
            visit.feed(Input::Tick);
            assert!(visit.host.view().paused && visit.host.next_deadline() == Some(from + most), "{phase:?}");
            visit.now = from + most;
            visit.feed(Input::Tick);
            let view = visit.host.view();
            assert_eq!((view.paused, view.held), (false, false), "{phase:?}");
            assert!(visit.until(|view| view.phase == Phase::Ended), "{phase:?}");
            assert!(visit.now <= from + most + Millis(120_000), "{phase:?}: {:?}", visit.now);
            // Before the room there is nobody yet who could see them off, and the change of places has its own way out.
            if !matches!(phase, Phase::Intake | Phase::Change) {
                let last = lines(&visit).pop().expect("a line");
                assert_eq!(last.0, Agent::Patient, "{phase:?}: {last:?}");
            }
        }
    }
}

#[test]
fn whoever_looks_after_the_room_takes_a_pause_over_and_only_they_let_it_go_on() {
    let cast = Shared::new();
    let mut visit = Visited::begin(&cast, exhibited(3), Guest::steady(&[""]));
    assert!(visit.until(|view| view.phase == Phase::Open));
    visit.feed(Input::Attention(Attention::Away));
    visit.now = visit.now + Millis(100_000);
    visit.feed(Input::Control(Control::Hold));
    assert_eq!(visit.host.next_deadline(), Some(visit.now + timing::HELD), "from when they held it");
    visit.feed(Input::Attention(Attention::Present));
    assert!(visit.host.view().held, "the headset is on again");
    visit.feed(Input::Control(Control::Resume));
    assert!(!visit.host.view().held && !visit.host.view().paused);
    visit.feed(Input::Control(Control::Pause));
    assert!(visit.host.view().paused && !visit.host.view().held, "the next pause is somebody else's");
}

#[test]
fn among_strangers_the_camera_is_closed_while_a_visit_is_held_and_at_home_it_stays_open() {
    for (visit, closes) in [(Some(Visit::default()), true), (None, false)] {
        let mut session = Session::default();
        let mut camera = |input, second: u64| {
            let effects = session.handle(input, Millis(second * 1_000));
            let of_camera = |effect| match effect {
                Effect::Device { sense: Sense::Face, on } => Some(on),
                _ => None,
            };
            effects.into_iter().filter_map(of_camera).collect::<Vec<_>>()
        };
        camera(Input::Begin(Box::new(Setup { visit, ..exhibited(3) })), 0);
        assert_eq!(camera(Input::Consent(Sense::Face, Level::Aware), 1), [true]);
        let told = |on: bool| if closes { vec![on] } else { Vec::new() };
        for hold in [Control::Hold, Control::Pause] {
            assert_eq!(camera(Input::Control(hold), 2), told(false), "{hold:?}");
            assert_eq!(camera(Input::Control(Control::Resume), 3), told(true), "{hold:?}");
        }
    }
}

#[test]
fn at_home_an_evening_is_held_for_as_long_as_one_likes() {
    let cast = Shared::new();
    for control in [Control::Pause, Control::Hold] {
        let mut evening = Visited::begin(&cast, Setup { visit: None, ..exhibited(3) }, Guest::steady(&[""]));
        assert!(evening.until(|view| view.phase == Phase::Open));
        evening.feed(Input::Control(control));
        evening.now = evening.now + Millis(36_000_000);
        evening.feed(Input::Tick);
        assert!(evening.host.view().paused && evening.host.next_deadline().is_none());
    }
}

#[test]
fn one_round_is_held_whatever_was_paused_before_it() {
    let cast = Shared::new();
    let guest = Guest { pause: Some((Phase::Intake, 1, 590_000)), ..Guest::steady(&LITTLE) };
    let visit = Visited::of(&cast, exhibited(3), guest);
    assert_eq!((went(&visit).rounds, went(&visit).changed), (1, false));
    let said = |kind: &Kind| matches!(kind, Kind::Said { part: SaidPart::Comfort, .. });
    assert_eq!(visit.events.iter().filter(|event| said(&event.kind)).count(), 1);
}

#[test]
fn questions_that_nobody_answers_do_not_keep_the_room_shut() {
    let cast = Shared::new();
    let guest = Guest { concern: None, changes: None, ..Guest::steady(&[""]) };
    let mut visit = Visited::begin(&cast, exhibited(3), guest);
    assert!(visit.until(|view| view.phase == Phase::Scene));
    assert_eq!(visit.now, Visit::default().intake() + Visit::ROUND, "one round is left out for the concern");
    assert!(visit.until(|view| view.phase == Phase::Ended));
    check(&visit, "nobody says a word");
}

#[test]
fn whoever_speaks_when_the_time_is_over_speaks_to_their_end_and_is_answered() {
    let cast = Shared::new();
    let guest = Guest { pause: Some((Phase::Open, 2, 300_000)), speaks: 500, ..Guest::steady(&LITTLE) };
    let visit = Visited::of(&cast, exhibited(3), guest);
    let over = Visit::default().closes_at().0;
    let closes = visit.events.iter().position(|event| is_phase(event, Phase::Closing)).expect("it closes");
    let said = visit.events.iter().rposition(|event| matches!(event.kind, Kind::Said { .. })).expect("words");
    let (began, ended) = (Phase::Open, visit.host.session().host_time());
    assert!(said < closes, "they were not cut: {began:?} {ended:?}");
    let answered = visit.events[said..closes].iter();
    let mut answers = answered.filter(|event| matches!(event.kind, Kind::Line { agent: Agent::Patient, .. }));
    assert!(answers.next().is_some(), "the Patient answers what they said");
    assert!(visit.now.0 > over, "{:?}", visit.now);
}

#[test]
fn whoever_speaks_in_the_room_when_the_time_is_over_comes_to_the_end_of_the_line() {
    let guest = Guest { pause: Some((Phase::Thought, 2, 400_000)), ..Guest::steady(&LITTLE) };
    let visit = Visited::of(&Shared::new(), exhibited(3), guest);
    let thought = |kind: &Kind| matches!(kind, Kind::Phase { phase: Phase::Thought, round: 2 });
    let from = visit.events.iter().position(|event| thought(&event.kind)).expect("it began");
    let to = visit.events.iter().position(|event| is_phase(event, Phase::Closing)).expect("it closes");
    let mut heard = visit.events[from..to].iter().filter_map(|event| match event.kind {
        Kind::Heard { line, chars } => Some((line, chars)),
        _ => None,
    });
    let lines = lines(&visit);
    let (id, chars) = heard.next_back().expect("something was heard");
    let text = lines.iter().find(|(_, line, _)| *line == id).expect("the line");
    assert_eq!((text.0, text.2.chars().count()), (Agent::Devil, chars), "{text:?}");
    assert!(!visit.events[from..to].iter().any(|event| is_phase(event, Phase::Need)), "and there it closes");
}

#[test]
fn a_crisis_is_not_hurried_and_takes_no_time_from_the_visit() {
    let cast = Shared::new();
    let said = |text: &str| Input::Said {
        utterance: UtteranceId(99),
        text: text.to_owned(),
        via: Via::Voice,
        face: None,
    };
    let mut visit = Visited::begin(&cast, exhibited(3), Guest::steady(&[""]));
    assert!(visit.until(|view| view.phase == Phase::Open));
    visit.feed(said("I want to kill myself tonight"));
    let came = visit.now;
    assert!(visit.until(|view| view.phase == Phase::Ended));
    assert!(visit.now >= came + timing::CARD, "the card stands as long as ever: {:?}", visit.now);

    let mut visit = Visited::begin(&cast, exhibited(3), Guest::steady(&[""]));
    assert!(visit.until(|view| view.phase == Phase::Open));
    visit.feed(said("I don't want to be here anymore"));
    let left = visit.host.view().minutes_left;
    assert!(matches!(visit.host.view().shelter, Shelter::Asked { .. }), "{:?}", visit.host.view().shelter);
    // They look at the question, and do something, for longer than the whole visit.
    for _ in 0..60 {
        visit.now = visit.now + Millis(10_000);
        let draft = Input::Draft { utterance: UtteranceId(100), text: "I".to_owned() };
        visit.feed(draft);
    }
    assert!(matches!(visit.host.view().shelter, Shelter::Asked { .. }), "nothing is cut");
    assert_eq!(visit.host.view().minutes_left, left);
    visit.feed(Input::Control(Control::CheckIn(CheckIn::No)));
    assert!(visit.until(|view| view.phase == Phase::Breath), "their turn is whole again");
    assert_eq!(visit.host.view().shelter, Shelter::WithoutDevil);
}

#[test]
fn without_a_visit_nothing_changes() {
    let cast = Shared::new();
    let evening = Setup { visit: None, ..exhibited(3) };
    let kept = serde_json::to_value(&evening).expect("it can be kept");
    assert!(kept.get("visit").is_none(), "a setup looks as it did");
    assert_eq!(serde_json::from_value::<Setup>(kept).expect("and be read"), evening);
    let slow = Guest { thinks: (60_000, 60_001), ..Guest::steady(&["", WORDS[0], ""]) };
    let visit = Visited::of(&cast, evening, slow);
    assert!(visit.now > Visit::default().whole + Visit::ROUND, "it takes its time: {:?}", visit.now);
    assert!(went(&visit).changed && visit.host.view().minutes_left.is_none());
    let mut waits = Session::default();
    waits.handle(Input::Begin(Box::new(Setup { visit: None, ..Setup::default() })), Millis(0));
    waits.handle(Input::Tick, Millis(3_600_000));
    assert_eq!((waits.next_deadline(), waits.phase()), (None, Phase::Intake), "it waits for the concern");
}

#[test]
fn a_session_that_was_kept_before_there_were_visits_can_be_read() {
    let mut session = serde_json::to_value(Session::default()).expect("it can be kept");
    assert!(session.as_object_mut().expect("an object").remove("pace").is_some());
    let read: Session = serde_json::from_value(session).expect("and be read");
    assert_eq!(read.view().minutes_left, None);
}
