//! `inner-room bench soak`: an exhibition as it is opened to strangers, for hours or days, with visitors of the program's own
//! and with everything that goes wrong in a house. Whether it comes back, whether it grows, and whether anything of a visitor
//! is left.

mod faults;
mod house;
mod model;
mod page;
mod processes;
mod said;
mod table;
mod traces;
mod watch;

use std::io::Write as _;
use std::time::{Duration, Instant};

use super::machine;
use crate::cli::CliError;
use crate::cli::bench::args::SoakArgs;
use house::House;
use watch::Watch;

/// How often everything is looked at.
const GLANCE: Duration = Duration::from_millis(100);

pub(super) fn run(args: &SoakArgs) -> Result<(), CliError> {
    let mut out = std::io::stdout();
    writeln!(out, "{}", machine())?;
    let house = House::open(args.seed.wrapping_mul(1_000_003), args.speed)?;
    let how = if house.offscreen { "into memory" } else { "in a window" };
    let hours = args.hours / f64::from(args.speed);
    let minutes = hours * 60.0;
    writeln!(
        out,
        "an exhibition of {} hours, {} times as fast, drawn {how}, takes {minutes:.1} minutes; its folder is {}",
        args.hours,
        args.speed,
        house.folder().display()
    )?;
    out.flush()?;
    let end = Duration::from_secs_f64(hours * 3_600.0);
    let (begun, mut watch) = (Instant::now(), Watch::new(house, args));
    let mut said = 0;
    while begun.elapsed() < end && !watch.has_had_enough() {
        watch.look(Instant::now());
        for line in watch.news(&mut said) {
            writeln!(out, "{line}")?;
        }
        std::thread::sleep(GLANCE);
    }
    let (lines, well) = watch.finish().lines();
    writeln!(out)?;
    for line in lines {
        writeln!(out, "{line}")?;
    }
    if well { Ok(()) } else { Err(CliError::SoakFailed) }
}
