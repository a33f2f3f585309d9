//! Ten thousand evenings with random people and a cast that is late, loses answers and gives them twice: what must
//! hold in every one of them.

mod support;

#[path = "support/chaos.rs"]
mod chaos;

#[test]
fn ten_thousand_random_evenings_keep_every_invariant() {
    let mut ended = 0;
    for seed in 0..10_000 {
        let mut evening = chaos::Chaos::new(seed);
        evening.run();
        ended += u32::from(evening.has_ended());
    }
    assert_eq!(ended, 10_000);
}
