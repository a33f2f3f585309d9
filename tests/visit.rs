//! A visit with a time plan: it closes by itself, in time and kindly, whoever comes.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "support/guest.rs"]
mod guest;

use std::collections::BTreeMap;

use guest::{Guest, Shared, Visited, exhibited};
use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::event::{EndReason, SaidPart};
use inner_room::dialogue::ids::{LineId, Millis, UtteranceId};
use inner_room::dialogue::input::{Control, Via};
use inner_room::dialogue::safety::CheckIn;
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
    assert_eq!(last, [Agent::Patient, Agent::Guide], "{what}: {lines:?}");
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

fn of_tsv(text: &'static str, column: usize) -> Vec<(&'static str, &'static str)> {
    let line = |line: &'static str| {
        let mut parts = line.split('\t');
        let first = parts.next()?;
        Some((first, line.split('\t').nth(column)?))
    };
    text.lines().filter_map(line).collect()
}

/// Who comes: how long they think, how long they take for a character, how many sentences they say, how often they are silent.
const CROWD: [(&str, (u64, u64), u64, (usize, usize), u32); 7] = [
    ("usual", (2_000, 6_000), 65, (1, 3), 4),
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
    let turns =
        (0..16).map(|_| say(&words, sentences)).map(|(text, no, _)| if no { String::new() } else { text });
    let turns = turns.collect();
    let (concern, _, chance) = say(&concerns, if name == "talkative" { (3, 5) } else { (1, 1) });
    let concern = (name != "silent" || chance == 0).then_some(concern);
    let changes = if chance == 3 { None } else { Some(chance != 2) }.filter(|_| name != "silent");
    Guest { thinks, speaks, turns, concern, changes, pause: None }
}

fn quantile(sorted: &[u64], of: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * of).round() as usize] as f64 / 1_000.0
}

/// So many visits of each sort.
const VISITS: u64 = 40;

#[test]
fn every_visit_closes_by_itself_in_time_with_the_patients_last_word() {
    let cast = Shared::new();
    for (of, (name, ..)) in CROWD.iter().enumerate() {
        let mut all = Vec::new();
        for seed in 0..VISITS {
            let visit = Visited::of(&cast, exhibited(seed), somebody(of, seed));
            check(&visit, &format!("{name} {seed}"));
            all.push(went(&visit));
        }
        let median = tell(name, &all);
        if *name == "usual" {
            assert!((400.0..=480.0).contains(&median), "{median}");
            let three = all.iter().filter(|went| went.rounds >= 3).count();
            assert!(3 * three > 2 * all.len(), "{three} of {} had three rounds", all.len());
        }
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
