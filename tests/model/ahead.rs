//! What stands before the Patient's first word, what is prepared meanwhile, and the Guide's plan.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::effect::Priority;
use inner_room::dialogue::event::{Event, Kind, Question};
use inner_room::dialogue::face::FaceSummary;
use inner_room::dialogue::ids::UtteranceId;
use inner_room::dialogue::input::Via;
use inner_room::dialogue::request::TaskKind;
use inner_room::dialogue::{Input, Phase};
use inner_room::host::script::RecordedFace;
use inner_room::host::{Link, Parts, ToStage, link, spawn};

use crate::server::{CONCERN, TURNS, cast_of, evening, good, task};
use crate::support;
use crate::wire::{Step, WireServer, stream_head};

/// Holds an evening in its own time up to a moment, and answers what is asked.
fn live_until(link: &Link, seen: &mut Vec<(Event, Instant)>, done: impl Fn(&Event) -> bool) {
    loop {
        let message = link.receive(Duration::from_secs(40)).expect("the session goes on");
        let event = match message {
            Some(ToStage::Event(event)) => event,
            Some(_) => continue,
            None => panic!("nothing more happens after {seen:?}"),
        };
        if let Kind::Question { question } = event.kind {
            let answer = if question == Question::Concern { CONCERN } else { "7" };
            link.send(Input::Intake(answer.to_owned())).expect("the session goes on");
        }
        let over = done(&event);
        seen.push((event, Instant::now()));
        if over {
            return;
        }
    }
}

#[test]
fn exactly_one_ask_stands_before_the_patient_s_first_word() {
    // From the first comfort on, the server answers nothing but the Patient.
    let (spoken, count) = (Arc::new(AtomicBool::new(false)), AtomicUsize::new(3));
    let said = Arc::clone(&spoken);
    let server = WireServer::new(move |seen| {
        if said.load(Ordering::Relaxed) && task(seen) != "Patient" {
            vec![stream_head(), Step::Hold]
        } else {
            good(seen, &count)
        }
    });
    let (link, host) = link();
    let parts = Parts::of(Box::new(cast_of(&server, 1)));
    spawn(parts, host).expect("a thread");
    link.send(Input::Begin(Box::new(support::setup(1)))).expect("the session goes on");
    let mut seen = Vec::new();
    live_until(&link, &mut seen, |event| matches!(event.kind, Kind::Phase { phase: Phase::Open, .. }));
    spoken.store(true, Ordering::Relaxed);
    let (utterance, text) = (UtteranceId(1), TURNS[0].to_owned());
    link.send(Input::Said { utterance, text, via: Via::Keys, face: None }).expect("the session goes on");
    let from = seen.len();
    live_until(&link, &mut seen, |event| matches!(event.kind, Kind::Line { agent: Agent::Patient, .. }));
    let after = &seen[from..];
    let (answered, now): (Vec<_>, Vec<_>) = (
        after.iter().filter(|(event, _)| matches!(event.kind, Kind::Answered { .. })).collect(),
        after
            .iter()
            .filter(|(event, _)| matches!(event.kind, Kind::Ask { priority: Priority::Now, .. }))
            .collect(),
    );
    assert_eq!(now.len(), 1, "{after:#?}");
    assert!(matches!(now[0].0.kind, Kind::Ask { task: TaskKind::Patient, .. }));
    let others = |(event, _): &&&(Event, Instant)| {
        !matches!(event.kind, Kind::Answered { task: TaskKind::Patient, .. })
    };
    // What was prepared and is dropped because the person spoke counts as answered, too.
    let waited_for = answered.iter().filter(others).filter(|(event, _)| {
        !matches!(event.kind, Kind::Answered { outcome: inner_room::dialogue::event::Outcome::Dropped, .. })
    });
    assert_eq!(waited_for.count(), 0, "the Patient speaks while everything else is still out: {after:#?}");
    let took = seen.last().expect("a line").1.duration_since(seen[from].1);
    assert!(took < Duration::from_secs(6), "{took:?}");
}

#[test]
fn what_was_prepared_on_words_that_are_no_longer_the_last_ones_is_dropped() {
    let count = AtomicUsize::new(3);
    let server = WireServer::new(move |seen| good(seen, &count));
    let evening = evening(&server, &TURNS, 2);
    // Every ask carries the basis it was made on, and none that was answered later was made on another.
    let mut basis = 0;
    let mut asks = std::collections::BTreeMap::new();
    for event in &evening.events {
        match &event.kind {
            Kind::Ask { ask, basis: on, task, .. } => {
                assert!(on.0 >= basis, "a basis never goes back");
                basis = on.0;
                asks.insert(*ask, (*on, *task));
            }
            Kind::Answered { ask, task, .. } => assert_eq!(asks[ask].1, *task),
            _ => {}
        }
    }
    assert!(basis > 5, "each comfort and each verdict makes a new one");
}

/// The requests for hints, in their order: what the model was told.
fn hints(server: &WireServer) -> Vec<String> {
    let hints = server.seen().into_iter().filter(|seen| task(seen) == "hint");
    hints.map(|seen| seen.json()["messages"][1]["content"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_guide_s_plan_is_kept_from_turn_to_turn_and_revised_after_a_miss() {
    let count = AtomicUsize::new(3);
    let server = WireServer::new(move |seen| {
        let miss = seen.body.contains("Weigh this: <person>Cheer up");
        if task(seen) == "verdict" && miss {
            return crate::wire::stream(
                "{\"reasoning\":\"A bright side.\",\"addressee\":\"patient\",\"moves\":[{\"move\":\"cheer_up\",\"anchor\":\"none\"}],\"raw\":false,\"resistance\":null,\"direction\":\"keep\",\"end\":false}",
            );
        }
        good(seen, &count)
    });
    let turns = [TURNS[0], "Cheer up, it could be worse.", TURNS[1], TURNS[2]];
    let evening = evening(&server, &turns, 2);
    let hints = hints(&server);
    assert!(hints[0].contains("The plan so far: none yet"), "{}", hints[0]);
    let plans = evening.find(|event| match &event.kind {
        Kind::Plan { text, revision, .. } if !text.is_empty() => Some((text.clone(), *revision)),
        _ => None,
    });
    for (number, hint) in hints.iter().enumerate().skip(1) {
        assert!(plans.iter().any(|(plan, _)| hint.contains(plan.as_str())), "hint {number}: {hint}");
    }
    assert!(hints.iter().any(|hint| hint.contains("How often it had to be revised: 1")), "{hints:#?}");
    assert!(plans.iter().any(|(_, revision)| *revision == 1), "{plans:?}");
}

#[test]
fn the_devil_s_direction_goes_one_step_at_a_time_whatever_the_model_says() {
    let count = AtomicUsize::new(3);
    let server = WireServer::new(move |seen| {
        if task(seen) == "verdict" {
            return crate::wire::stream(
                "{\"reasoning\":\"All at once.\",\"addressee\":\"patient\",\"moves\":[{\"move\":\"validation\",\"anchor\":\"their_word\"}],\"raw\":false,\"resistance\":null,\"direction\":\"agree\",\"end\":true}",
            );
        }
        good(seen, &count)
    });
    let evening = evening(&server, &TURNS, 2);
    let directions = evening.find(|event| match &event.kind {
        Kind::Verdict { direction, .. } => Some(format!("{direction:?}")),
        _ => None,
    });
    assert_eq!(directions[..3], ["Reflect", "Doubt", "Agree"]);
}

#[test]
fn the_hint_of_the_next_round_is_asked_for_while_this_one_is_still_answered() {
    let count = AtomicUsize::new(3);
    let server = WireServer::new(move |seen| good(seen, &count));
    let evening = evening(&server, &TURNS, 2);
    let quiets = evening.began(Phase::Quiet);
    let hints = evening.find(|event| match event.kind {
        Kind::Ask { task: TaskKind::Hint, .. } => Some(event.at_ms),
        _ => None,
    });
    assert!(quiets.len() > 2, "{quiets:?}");
    // The first hint belongs to round one, which nothing goes before.
    for (quiet, hint) in quiets.iter().zip(&hints[1..]) {
        assert!(hint < quiet, "asked for at {hint}, quiet from {quiet} on");
    }
    assert_eq!(hints.len(), quiets.len() + 1, "each round has one");
}

#[test]
fn what_the_face_did_reaches_guide_and_devil_in_words_and_nobody_else() {
    let count = AtomicUsize::new(3);
    let server = WireServer::new(move |seen| good(seen, &count));
    let summary = FaceSummary {
        caption: "a smile that comes and goes".to_owned(),
        valence: -0.43,
        confidence: 0.87,
        observed_ms: 3_210,
        disagrees: true,
        ..FaceSummary::default()
    };
    let faces = [RecordedFace { utterance: Some(1), at_ms: None, summary }];
    let visitor = support::Visitor::new(CONCERN, 7, &["It's fine.", TURNS[1], TURNS[2]]);
    visitor.evening_of(Box::new(cast_of(&server, 2)), support::setup(2), &faces);
    let mut told = std::collections::BTreeSet::new();
    for seen in server.seen() {
        let user = seen.json()["messages"][1]["content"].as_str().unwrap_or_default().to_owned();
        for number in ["0.43", "0.87", "3210", "3.2"] {
            assert!(!user.contains(number), "{number} in {user}");
        }
        if user.contains("a smile that comes and goes") {
            told.insert(task(&seen));
        }
    }
    assert!(told.contains("feedback"), "{told:?}");
    let may = ["feedback", "hint", "thought"];
    assert!(told.iter().all(|task| may.contains(&task.as_str())), "{told:?}");
}
