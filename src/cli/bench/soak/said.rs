//! What the exhibition and its visitors said on standard error.

use std::collections::BTreeSet;
use std::time::Duration;

/// What was read there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) panics: usize,
    /// Who asked for help, and who got it.
    asked: BTreeSet<u64>,
    got: BTreeSet<u64>,
    /// How long that took.
    pub(super) helped: Vec<Duration>,
    /// Who did not come in.
    pub(super) outside: BTreeSet<u64>,
}

impl Said {
    /// How many asked in vain, without those whose visit was disturbed or goes on.
    pub(super) fn in_vain<'a>(
        &self,
        disturbed: &BTreeSet<u64>,
        here: impl Iterator<Item = &'a u64> + Clone,
    ) -> usize {
        let counts = |guest: &&u64| !disturbed.contains(guest) && !here.clone().any(|it| it == *guest);
        self.asked.difference(&self.got).filter(counts).count()
    }
}

/// Reads it.
pub(super) fn read(text: &str) -> Said {
    let mut said = Said::default();
    for line in text.lines() {
        said.panics += usize::from(line.contains("panicked"));
        let Some((number, what)) = line.split_once("guest ").and_then(|(_, rest)| rest.split_once(": "))
        else {
            continue;
        };
        let Ok(guest) = number.parse() else { continue };
        let took = what.strip_prefix("the help card stood after ").and_then(|rest| rest.strip_suffix(" ms"));
        if let Some(took) = took.and_then(|took| took.parse().ok()) {
            said.got.insert(guest);
            said.helped.push(Duration::from_millis(took));
        } else if what == "asks for help" {
            said.asked.insert(guest);
        } else if what == "the way in was not found" {
            said.outside.insert(guest);
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_panics_and_whoever_stayed_outside_are_read_from_what_was_said() {
        let said = read(
            "2026-11-28T09:00:00Z  WARN inner_room::desk::guest: guest 7: asks for help\n\
             2026-11-28T09:00:00Z  WARN inner_room::desk::guest: guest 7: the help card stood after 120 ms\n\
             thread 'main' panicked at src/lib.rs:1:1:\n\
             WARN inner_room::desk::guest: guest 8: asks for help\n\
             WARN inner_room::desk::guest: guest 9: asks for help\n\
             WARN inner_room::desk::guest: guest 10: the way in was not found\n",
        );
        assert_eq!((said.panics, said.helped.as_slice()), (1, &[Duration::from_millis(120)][..]));
        assert_eq!(said.outside, BTreeSet::from([10]));
        assert_eq!(said.in_vain(&BTreeSet::new(), [].iter()), 2);
        assert_eq!(said.in_vain(&BTreeSet::from([8]), [].iter()), 1);
        assert_eq!(said.in_vain(&BTreeSet::from([8]), [9].iter()), 0);
    }
}
