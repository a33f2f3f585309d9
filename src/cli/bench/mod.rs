//! `inner-room bench`: what was measured, on what, how often, with median and spread.

mod args;
#[cfg(feature = "headset")]
mod eyes;
#[cfg(feature = "face")]
mod face;
#[cfg(feature = "room")]
mod frame;
#[cfg(feature = "room")]
mod scenes;
mod server;
#[cfg(all(feature = "room", feature = "face"))]
mod sight;
#[cfg(all(feature = "exhibit", feature = "room"))]
mod soak;
#[cfg(feature = "speech")]
mod speech;
mod turn;
mod watch;

use std::time::Duration;

use super::CliError;
pub(super) use args::BenchArgs;
use args::BenchCommand;

pub(super) fn run(args: &BenchArgs) -> Result<(), CliError> {
    match &args.what {
        BenchCommand::Turn(turn) => turn::run(turn),
        #[cfg(feature = "room")]
        BenchCommand::Frame(frame) => frame::run(frame),
        #[cfg(feature = "speech")]
        BenchCommand::Speech(speech) => speech::run(speech),
        #[cfg(feature = "face")]
        BenchCommand::Face(face) => face::run(face),
        #[cfg(all(feature = "exhibit", feature = "room"))]
        BenchCommand::Soak(soak) => soak::run(soak),
    }
}

/// What it ran on, in a line.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let build = if cfg!(debug_assertions) { "dev build" } else { "release build" };
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("inner-room {}, {build}, {os} {arch}, {cores} cores", env!("CARGO_PKG_VERSION"))
}

/// Times of one kind, in the order in which they were measured.
#[derive(Debug, Default)]
struct Times(Vec<Duration>);

impl Times {
    fn median(&self) -> Option<Duration> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let (low, high) = (sorted.get((sorted.len().max(1) - 1) / 2)?, sorted.get(sorted.len() / 2)?);
        Some((*low + *high) / 2)
    }

    /// Median, shortest, longest, and how many, as a line of a table.
    fn row(&self, what: &str) -> String {
        let ms = |time: Option<Duration>| {
            time.map_or_else(|| "none".to_owned(), |time| format!("{:.1}", time.as_secs_f64() * 1e3))
        };
        let (least, most) = (self.0.iter().min().copied(), self.0.iter().max().copied());
        format!("{what:<58} {:>9} {:>9} {:>9}   {}", ms(self.median()), ms(least), ms(most), self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        let times = |ms: &[u64]| Times(ms.iter().map(|ms| Duration::from_millis(*ms)).collect()).median();
        assert_eq!(times(&[30, 10, 20]), Some(Duration::from_millis(20)));
        assert_eq!(times(&[40, 10, 20, 30]), Some(Duration::from_millis(25)));
        assert_eq!(times(&[]), None);
    }
}
