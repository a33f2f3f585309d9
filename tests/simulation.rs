//! Ten thousand evenings with random people and a cast that is late, loses answers and gives them twice: what must
//! hold in every one of them is checked at every effect.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "support/chaos.rs"]
mod chaos;

use std::collections::BTreeMap;

use inner_room::dialogue::visit::Visit;

#[test]
fn ten_thousand_random_evenings_keep_every_invariant() {
    let mut reasons: BTreeMap<String, u32> = BTreeMap::new();
    let mut long = 0;
    let mut calls = 0;
    for seed in 0..10_000 {
        let mut evening = chaos::Chaos::new(seed);
        evening.run();
        let (reason, rounds) = evening.end().expect("every evening ends");
        *reasons.entry(format!("{reason:?}")).or_default() += 1;
        long += u32::from(rounds >= 3);
        calls += evening.took.len();
    }
    println!("{calls} calls; {long} evenings of three rounds and more; ended by {reasons:?}");
    // A simulation that ends everything at once would hold all its invariants, too.
    assert!(long > 3_000, "{long}");
    assert!(reasons.len() >= 5, "{reasons:?}");
}

#[test]
fn random_visits_with_a_time_plan_keep_every_invariant_and_end_too() {
    for seed in 0..1_500 {
        let mut evening = chaos::Chaos::new(seed);
        evening.visit = Some(Visit::default());
        evening.run();
        let mut stopped = chaos::Chaos::new(seed);
        stopped.visit = Some(Visit::default());
        stopped.run_with_a_red_line(u32::try_from(seed % 160).expect("a small number"));
    }
}

#[test]
fn from_any_state_one_red_line_brings_the_card_and_the_devil_never_speaks_again() {
    for seed in 0..2_000 {
        let mut evening = chaos::Chaos::new(seed);
        evening.run_with_a_red_line(u32::try_from(seed % 160).expect("a small number"));
    }
}
