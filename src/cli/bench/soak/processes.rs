//! The processes of the exhibition, as Linux shows them under `/proc`.

use std::fs;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// A process that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Process {
    pid: u32,
    parent: u32,
    group: u32,
}

/// A station, with its stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Station {
    pub(super) pid: u32,
    /// The number of its visitor.
    pub(super) guest: u64,
    /// Whoever shows it.
    pub(super) stage: Option<u32>,
    /// How many processes it is, itself and its stage among them.
    pub(super) size: usize,
}

/// Everything that runs. Whoever has ended and was not buried yet does not.
fn all() -> Vec<Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| process(entry.file_name().to_str()?.parse().ok()?)).collect()
}

fn process(pid: u32) -> Option<Process> {
    read_stat(pid, &fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The name of a program may have spaces and brackets in it.
fn read_stat(pid: u32, stat: &str) -> Option<Process> {
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    let (parent, group) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(Process { pid, parent, group })
}

fn arguments(pid: u32) -> Vec<String> {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    line.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

/// The number of the visitor that a process was started with.
fn guest_of(arguments: &[String]) -> Option<u64> {
    let at = arguments.iter().position(|word| word == "--guest")?;
    arguments.get(at + 1)?.parse().ok()
}

/// The stations of this supervisor, the one that was started first at first.
pub(super) fn stations(supervisor: u32) -> Vec<Station> {
    let all = all();
    let children = |of: u32| all.iter().filter(move |process| process.parent == of);
    let mut stations: Vec<Station> = children(supervisor)
        .filter_map(|process| {
            let arguments = arguments(process.pid);
            let guest = guest_of(&arguments).filter(|_| arguments.iter().any(|word| word == "station"))?;
            let is_stage = |pid: u32| self::arguments(pid).get(1).is_some_and(|word| word == "stage");
            let stage = children(process.pid).map(|child| child.pid).find(|pid| is_stage(*pid));
            let size = all.iter().filter(|other| other.group == process.pid).count();
            Some(Station { pid: process.pid, guest, stage, size })
        })
        .collect();
    stations.sort_by_key(|station| station.guest);
    stations
}

/// Everything that this process has started, and what that has.
pub(super) fn descendants(of: u32) -> Vec<u32> {
    let all = all();
    let mut found = vec![of];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        found.extend(all.iter().filter(|process| process.parent == parent).map(|process| process.pid));
        at += 1;
    }
    found.remove(0);
    found
}

/// Whether anything of a group of processes still runs.
pub(super) fn group_runs(group: u32) -> bool {
    all().iter().any(|process| process.group == group)
}

/// Whether a process still runs.
pub(super) fn runs(pid: u32) -> bool {
    process(pid).is_some()
}

/// What a process holds in memory, in MB.
pub(super) fn memory_mb(pid: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let kb = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"))?;
    Some(kb.trim().parse::<f64>().ok()? / 1024.0)
}

/// How many files, and how many threads a process has.
pub(super) fn handles(pid: u32) -> (usize, usize) {
    let count = |of: &str| fs::read_dir(format!("/proc/{pid}/{of}")).map_or(0, Iterator::count);
    (count("fd"), count("task"))
}

/// Sends a signal. One that has gone meanwhile needs none.
pub(super) fn signal(pid: u32, signal: Signal) {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    if pid.is_some_and(|pid| kill_process(pid, signal).is_err()) {}
}

/// Ends a group of processes.
pub(super) fn kill_group(group: u32) {
    let pid = i32::try_from(group).ok().and_then(Pid::from_raw);
    if pid.is_some_and(|pid| kill_process_group(pid, Signal::KILL).is_err()) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_whatever_its_program_is_called_and_one_that_has_ended_is_none() {
        let stat = "41 (inner) S 1 (room) S 7 41 41 0 -1 4194560";
        assert_eq!(read_stat(41, stat), Some(Process { pid: 41, parent: 7, group: 41 }));
        assert_eq!(read_stat(41, "41 (sh) Z 7 41 41 0"), None);
        assert_eq!(read_stat(41, ""), None);
    }

    #[test]
    fn the_number_of_a_visitor_is_among_the_arguments() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(guest_of(&words("inner-room exhibit --guest 12 --speed 20 station")), Some(12));
        assert_eq!(guest_of(&words("inner-room exhibit --guest")), None);
        assert_eq!(guest_of(&words("inner-room exhibit station")), None);
    }

    #[test]
    fn this_process_runs_and_has_memory_and_handles() {
        let this = std::process::id();
        assert!(runs(this) && memory_mb(this).is_some_and(|mb| mb > 1.0));
        let (files, threads) = handles(this);
        assert!(files > 2 && threads > 0);
        assert_eq!(memory_mb(u32::MAX), None);
    }
}
