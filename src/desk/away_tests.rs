//! Whether whoever walks away from a visit is noticed, and nobody else.

use bevy_egui::egui::Key;

use super::visitor_tests::{Met, exhibition, key, view};
use crate::dialogue::agent::Agent;
use crate::dialogue::change::ChangeStep;
use crate::dialogue::ids::LineId;
use crate::dialogue::view::{Caption, ChangeView, Shelter};
use crate::dialogue::{Phase, View};
use crate::host::FromStage;

#[test]
fn whoever_is_silent_in_their_turn_is_asked_and_then_let_go() {
    let mut met = Met::new();
    let open = view(Phase::Open);
    assert!(!met.is_gone(&open, 0.0, vec![key(Key::Space)]));
    for now in [10.0, 39.0] {
        assert!(!met.is_gone(&open, now, Vec::new()));
        assert!(!met.stands("there"));
    }
    assert!(!met.is_gone(&open, 41.0, Vec::new()));
    assert!(!met.is_gone(&open, 45.0, vec![key(Key::Space)]), "any key is an answer");
    assert!(!met.is_gone(&open, 84.0, Vec::new()), "and they have their time again");
    assert!(met.is_gone(&open, 106.0, Vec::new()));
}

#[test]
fn whoever_paused_and_walked_away_is_asked_and_what_the_staff_hold_waits_for_the_staff() {
    let mut met = Met::new();
    let paused = View { paused: true, ..view(Phase::Scene) };
    let held = View { held: true, ..paused.clone() };
    assert!(!met.is_gone(&paused, 0.0, vec![key(Key::Space)]));
    assert!(!met.is_gone(&paused, 59.0, Vec::new()));
    for now in [100.0, 300.0, 599.0] {
        assert!(!met.is_gone(&held, now, Vec::new()), "{now}");
    }
    assert!(met.is_gone(&paused, 601.0, Vec::new()), "their own time goes on where it was");
}

#[test]
fn nobody_is_asked_while_they_listen_or_write() {
    let mut met = Met::new();
    let line = Caption {
        agent: Agent::Patient,
        line: LineId(1),
        text: "I answered twice.".to_owned(),
        speaking: true,
    };
    let speaks = View { captions: vec![line], ..view(Phase::Scene) };
    let types = View { composing: true, ..view(Phase::Open) };
    for (at, seen) in [&speaks, &types].into_iter().enumerate() {
        for step in 0..10 {
            let now = 1_000.0 * at as f32 + 30.0 * step as f32;
            assert!(!met.is_gone(seen, now, Vec::new()));
        }
    }
}

fn helped() -> View {
    let card = exhibition().card.expect("there is one");
    View { shelter: Shelter::Card { card }, ..view(Phase::Safe) }
}

#[test]
fn the_help_card_stands_for_as_long_however_late_in_the_visit_it_comes() {
    let mut met = Met::new();
    assert!(!met.is_gone(&view(Phase::Scene), 0.0, vec![key(Key::Space)]));
    assert!(!met.is_gone(&view(Phase::Scene), 299.0, Vec::new()));
    for now in [300.0, 301.0, 539.0] {
        assert!(!met.is_gone(&helped(), now, Vec::new()), "{now}");
    }
    assert!(!met.is_gone(&helped(), 539.5, vec![key(Key::Tab)]), "they write the number down");
    assert!(!met.is_gone(&helped(), 779.0, Vec::new()));
    assert!(met.is_gone(&helped(), 780.0, Vec::new()));
}

#[test]
fn whoever_hears_their_own_words_in_the_other_seat_is_not_asked_whether_they_are_there() {
    let mut met = Met::new();
    let change = |step| {
        let change = ChangeView { step, words: None, clauses: Vec::new() };
        View { change: Some(change), ..view(Phase::Change) }
    };
    assert!(!met.is_gone(&change(ChangeStep::Settling), 0.0, vec![key(Key::Space)]));
    for now in [39.0, 70.0, 140.0] {
        assert!(!met.is_gone(&change(ChangeStep::Still), now, Vec::new()), "{now}");
        assert!(!met.stands("there"));
    }
    assert!(!met.is_gone(&change(ChangeStep::Keep), 150.0, Vec::new()));
    assert!(met.is_gone(&change(ChangeStep::Keep), 211.0, Vec::new()), "the question is theirs to answer");
}

#[test]
fn the_farewell_stands_for_a_while_and_the_room_is_made_ready_once() {
    let mut met = Met::new();
    let ended = view(Phase::Ended);
    assert!(!met.is_gone(&ended, 5.0, Vec::new()));
    assert!(!met.is_gone(&ended, 30.0, Vec::new()));
    assert!(met.is_gone(&ended, 36.0, Vec::new()));
    assert!(met.visitor.has_gone());
    met.is_gone(&ended, 37.0, Vec::new());
    let told = met.said.iter().filter(|said| matches!(said, FromStage::Done)).count();
    assert_eq!(told, 1, "{:?}", met.said);
}
