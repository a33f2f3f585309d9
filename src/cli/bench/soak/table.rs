//! What a soak found, and how it is printed.

use std::collections::BTreeMap;
use std::time::Duration;

use super::faults::Fault;
use super::page::Status;
use crate::cli::bench::Times;

/// The slope that the supervisor's memory may have, in MB per hour of real time, once it was watched for an hour (4.1 of
/// `safety.md`).
const STEEPEST: f64 = 1.0;
const LONG_ENOUGH: f64 = 1.0;
/// How soon the help card stands (C-3 of `safety.md`).
pub(super) const HELP: Duration = Duration::from_secs(1);

/// A fault that is over.
#[derive(Clone, Debug)]
pub(super) struct Over {
    pub(super) fault: Fault,
    /// In which state it came.
    pub(super) state: String,
    /// How long it took until everything was well again; none where it was given up.
    pub(super) took: Option<Duration>,
    /// Whether everything was silent within a second, where it had to be.
    pub(super) muted: Option<bool>,
}

impl Over {
    fn recovered(&self) -> bool {
        self.took.is_some_and(|took| took <= self.fault.limit())
    }
}

/// Sizes at moments, in hours of real time and MB.
pub(super) type Sizes = Vec<(f64, f64)>;

/// Everything that was found.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) overs: Vec<Over>,
    /// Whether faults are told apart by the state in which they came.
    pub(super) by_state: bool,
    /// How long it took, in hours of real time, and how many times as fast the exhibition's clock went.
    pub(super) hours: f64,
    pub(super) speed: u32,
    pub(super) status: Status,
    /// Visitors whose word was looked for when they had gone; how often it was found.
    pub(super) searched: usize,
    pub(super) traces: usize,
    /// How long help took, as visitors say, and who waited in vain.
    pub(super) helped: Vec<Duration>,
    pub(super) unhelped: usize,
    pub(super) panics: usize,
    /// Anything else that is not as it should be, a line each.
    pub(super) broken: Vec<String>,
    pub(super) supervisor: Sizes,
    pub(super) visits: Sizes,
    /// How often processes, files and threads were counted while nobody was there.
    pub(super) counted: usize,
}

impl Table {
    /// As it is printed. The second: whether everything is as it should be.
    pub(super) fn lines(&self) -> (Vec<String>, bool) {
        let mut lines = self.faults();
        let failed = self.failures();
        lines.extend(self.figures());
        lines.extend(failed.iter().map(|why| format!("FAILED: {why}")));
        if failed.is_empty() {
            lines.push("everything is as it should be".to_owned());
        }
        (lines, failed.is_empty())
    }

    fn faults(&self) -> Vec<String> {
        let mut kinds: BTreeMap<(Fault, &str), Vec<&Over>> = BTreeMap::new();
        for over in &self.overs {
            let state = if self.by_state { over.state.as_str() } else { "" };
            kinds.entry((over.fault, state)).or_default().push(over);
        }
        let head = ["fault", "times", "in time", "median s", "worst s", "silent in 1 s"];
        let mut lines = vec![row(&head.map(str::to_owned))];
        for ((fault, state), overs) in kinds {
            let times = Times(overs.iter().filter_map(|over| over.took).collect());
            let muted: Vec<bool> = overs.iter().filter_map(|over| over.muted).collect();
            let silent = muted.iter().filter(|muted| **muted).count();
            lines.push(row(&[
                if state.is_empty() { fault.name().to_owned() } else { format!("{}, {state}", fault.name()) },
                overs.len().to_string(),
                overs.iter().filter(|over| over.recovered()).count().to_string(),
                seconds(times.median()),
                seconds(times.0.iter().max().copied()),
                if muted.is_empty() { "-".to_owned() } else { format!("{silent} of {}", muted.len()) },
            ]));
        }
        lines
    }

    fn figures(&self) -> Vec<String> {
        let Status { begun, finished, left_early, wiped, sos, fell, .. } = &self.status;
        let hours = self.hours * f64::from(self.speed);
        let help = Times(self.helped.clone());
        let mut lines = vec![
            String::new(),
            format!(
                "{:.2} hours of the exhibition in {:.2} hours, {} times as fast",
                hours, self.hours, self.speed
            ),
            format!("visits: {begun} begun, {finished} finished, {left_early} left early, {wiped} wiped"),
            format!(
                "help cards: {sos}; asked for and there after a median of {} s, at worst {} s",
                seconds(help.median()),
                seconds(help.0.iter().max().copied())
            ),
            format!("fell: {fell}; panics: {}", self.panics),
            format!(
                "words of {} visitors looked for in files and memory: found {} times",
                self.searched, self.traces
            ),
            format!("processes, files and threads counted while nobody was there: {} times", self.counted),
        ];
        lines.push(self.memory("supervisor", &self.supervisor));
        lines.push(self.memory("station and stage, the most of each visit", &self.visits));
        lines.push("what a visit has in the room ends with its processes, and is not counted".to_owned());
        lines
    }

    /// The largest, and how it grows.
    fn memory(&self, of: &str, sizes: &[(f64, f64)]) -> String {
        let most = sizes.iter().map(|(_, mb)| *mb).fold(0.0, f64::max);
        let grows = slope(&self.settled(sizes)).map_or_else(
            || "watched too shortly to say how it grows".to_owned(),
            |slope| {
                let by_exhibition = slope / f64::from(self.speed.max(1));
                format!("slope {slope:+.2} MB an hour, {by_exhibition:+.3} MB an hour of the exhibition")
            },
        );
        format!("memory of {of}: at most {most:.0} MB, {grows}")
    }

    /// Without the first ten minutes of the exhibition.
    fn settled(&self, sizes: &[(f64, f64)]) -> Sizes {
        let from = 1.0 / 6.0 / f64::from(self.speed.max(1));
        sizes.iter().copied().filter(|(at, _)| *at >= from).collect()
    }

    fn failures(&self) -> Vec<String> {
        let mut failed = self.broken.clone();
        let mut when = |is: bool, why: String| {
            if is {
                failed.push(why);
            }
        };
        let late = self.overs.iter().filter(|over| !over.recovered()).count();
        when(late > 0, format!("{late} faults were not got over in time"));
        let loud = self.overs.iter().filter(|over| over.muted == Some(false)).count();
        when(loud > 0, format!("{loud} times something still ran a second after a kill"));
        when(self.traces > 0, format!("a visitor's word was found {} times", self.traces));
        when(self.panics > 0, format!("{} panics", self.panics));
        when(self.status.begun == 0, "nobody came in".to_owned());
        let unwiped = self.status.begun.saturating_sub(self.status.wiped);
        when(unwiped > 1, format!("{unwiped} visits were not wiped"));
        let slow = self.helped.iter().filter(|took| **took > HELP).count();
        when(slow > 0, format!("{slow} help cards took longer than a second"));
        when(self.unhelped > 0, format!("{} visitors asked for help in vain", self.unhelped));
        let watched = self.settled(&self.supervisor);
        let long = watched.last().zip(watched.first()).is_some_and(|(to, from)| to.0 - from.0 >= LONG_ENOUGH);
        let steep = slope(&watched).filter(|slope| long && *slope > STEEPEST);
        when(steep.is_some(), format!("the supervisor grows by {:.2} MB an hour", steep.unwrap_or_default()));
        failed
    }
}

fn row(cells: &[String; 6]) -> String {
    let [what, times, in_time, median, worst, silent] = cells;
    format!("{what:<38} {times:>6} {in_time:>8} {median:>9} {worst:>8} {silent:>14}")
}

fn seconds(time: Option<Duration>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| format!("{:.1}", time.as_secs_f64()))
}

/// How much the second grows with the first, by least squares; none with fewer than three moments.
fn slope(sizes: &[(f64, f64)]) -> Option<f64> {
    let count = sizes.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| sizes.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|it| it.0), mean(|it| it.1));
    let spread: f64 = sizes.iter().map(|it| (it.0 - x).powi(2)).sum();
    let both: f64 = sizes.iter().map(|it| (it.0 - x) * (it.1 - y)).sum();
    (sizes.len() >= 3 && spread > 0.0).then(|| both / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_by_two_an_hour_has_a_slope_of_two_whatever_trembles() {
        let even = (0..10).map(|at| (f64::from(at), 100.0 + 2.0 * f64::from(at)));
        assert!(slope(&even.clone().collect::<Sizes>()).is_some_and(|slope| (slope - 2.0).abs() < 1e-9));
        let trembles: Sizes =
            even.map(|(at, mb)| (at, mb + if (at % 2.0) < 0.5 { 0.5 } else { -0.5 })).collect();
        assert!(slope(&trembles).is_some_and(|slope| (slope - 2.0).abs() < 0.1));
        assert_eq!(slope(&[(0.0, 1.0), (1.0, 9.0)]), None);
        assert_eq!(slope(&[(1.0, 1.0), (1.0, 9.0), (1.0, 5.0)]), None);
    }

    fn good() -> Table {
        let status = Status { begun: 3, finished: 2, left_early: 1, wiped: 3, sos: 1, ..Status::default() };
        let over = Over {
            fault: Fault::StationKilled,
            state: "visit".to_owned(),
            took: Some(Duration::from_secs(4)),
            muted: Some(true),
        };
        let helped = vec![Duration::from_millis(200)];
        Table { overs: vec![over], speed: 20, status, helped, searched: 3, ..Table::default() }
    }

    #[test]
    fn a_good_day_fails_nothing_and_says_what_came() {
        let (lines, well) = good().lines();
        let text = lines.join("\n");
        assert!(well && text.contains("everything is as it should be"), "{text}");
        assert!(text.contains("station killed") && text.contains("4.0") && text.contains("1 of 1"), "{text}");
        assert!(text.contains("3 begun, 2 finished, 1 left early, 3 wiped"), "{text}");
    }

    #[test]
    fn each_thing_that_is_not_as_it_should_be_is_said() {
        let fails = |change: fn(&mut Table), why: &str| {
            let mut table = good();
            change(&mut table);
            let (lines, well) = table.lines();
            assert!(
                !well && lines.iter().any(|line| line.contains("FAILED") && line.contains(why)),
                "{lines:?}"
            );
        };
        fails(|it| it.overs[0].took = Some(Duration::from_secs(21)), "in time");
        fails(|it| it.overs[0].took = None, "in time");
        fails(|it| it.overs[0].muted = Some(false), "after a kill");
        fails(|it| it.traces = 1, "word was found");
        fails(|it| it.panics = 2, "2 panics");
        fails(|it| it.status.begun = 0, "nobody came in");
        fails(|it| it.status.wiped = 1, "not wiped");
        fails(|it| it.helped.push(Duration::from_millis(1_001)), "longer than a second");
        fails(|it| it.unhelped = 1, "in vain");
        fails(|it| it.broken.push("stuck".to_owned()), "stuck");
        let grows = |it: &mut Table| it.supervisor = vec![(1.0, 50.0), (2.0, 53.0), (3.0, 56.0)];
        fails(grows, "grows by 3.00");
    }

    #[test]
    fn what_hangs_may_take_longer_than_what_fell() {
        let mut table = good();
        table.overs[0] =
            Over { fault: Fault::StageHeld, took: Some(Duration::from_secs(28)), ..table.overs[0].clone() };
        assert!(table.lines().1);
    }

    #[test]
    fn kills_are_told_apart_by_the_moment_they_came_in() {
        let mut table = Table { by_state: true, ..good() };
        table.overs.push(Over { state: "attract".to_owned(), ..table.overs[0].clone() });
        let text = table.lines().0.join("\n");
        assert!(text.contains("station killed, visit") && text.contains("station killed, attract"), "{text}");
    }
}
