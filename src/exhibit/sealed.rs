//! A process whose memory is its own: it holds what a visitor says.

use rustix::io;
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// No core file is written of this process and of what it starts, and no other process of the same account can read its
/// memory or trace it (`PR_SET_DUMPABLE` of prctl(2), `RLIMIT_CORE` of getrlimit(2)). Root can.
///
/// What it starts is another program, and has to seal itself.
///
/// # Errors
/// When the system refuses it.
pub fn seal() -> io::Result<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
}

#[cfg(test)]
mod tests {
    use rustix::process::{dumpable_behavior, getrlimit};

    use super::*;

    #[test]
    fn a_sealed_process_leaves_no_core_and_can_still_look_at_itself() {
        seal().expect("it is sealed");
        assert_eq!(dumpable_behavior().expect("it is known"), DumpableBehavior::NotDumpable);
        let core = getrlimit(Resource::Core);
        assert_eq!((core.current, core.maximum), (Some(0), Some(0)));
        // It starts its stage by this name.
        assert!(std::env::current_exe().expect("its name").is_file());
        seal().expect("once more changes nothing");
    }
}
