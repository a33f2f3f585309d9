//! How long one call of `Session::handle` takes, over random evenings with every fault that the simulation knows.
//! Prints median, p95, p99 and the longest; asserts nothing.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![expect(clippy::expect_used, reason = "a measurement that cannot go on fails")]

#[path = "../tests/support/chaos.rs"]
#[expect(dead_code, reason = "the simulation test uses the rest of it")]
mod chaos;

/// Evenings that are held.
const EVENINGS: u64 = 2_000;

fn main() {
    let mut took = Vec::new();
    for seed in 0..EVENINGS {
        let mut evening = chaos::Chaos::new(seed);
        evening.run();
        took.append(&mut evening.took);
    }
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_nanos() as f64 / 1_000.0;
    println!("Session::handle: {EVENINGS} random evenings, {} calls", took.len());
    println!(
        "median {:.1} µs, p95 {:.1} µs, p99 {:.1} µs, longest {:.1} µs",
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0)
    );
}
