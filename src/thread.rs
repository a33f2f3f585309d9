//! Threads with a name, of which nothing is left when they end.
//!
//! The allocator of the program overwrites what is given back to it. Nobody does so for a stack: the system keeps the stack of a
//! thread that has ended for the next one, with whatever lay on it. A search for words, for one, works on 32 bytes of them at a
//! time, and puts them down there. So a thread begun here overwrites its stack last.

use std::hint::black_box;
use std::thread::{Builder, JoinHandle};

use zeroize::Zeroize as _;

/// So much of a stack is overwritten, in words of eight bytes: 256 KiB of the 2 MiB that a thread has. Traces of what was said
/// were found within 16 KiB.
const DEPTH: usize = 32 * 1_024;

/// Begins a thread with this name that overwrites its stack when it ends, by itself or by a panic.
///
/// # Errors
/// When the system gives none.
pub fn spawn<T: Send + 'static>(
    name: impl Into<String>,
    work: impl FnOnce() -> T + Send + 'static,
) -> std::io::Result<JoinHandle<T>> {
    Builder::new().name(name.into()).spawn(move || {
        let _last = Overwrites;
        apart(work)
    })
}

/// Overwrites what calls that have returned left on the stack of this thread.
#[inline(never)]
fn overwrite_stack() {
    #[expect(clippy::large_stack_arrays, reason = "the stack is what it is about")]
    let mut left = [0_u64; DEPTH];
    left.zeroize();
    black_box(&left);
}

struct Overwrites;

impl Drop for Overwrites {
    fn drop(&mut self) {
        overwrite_stack();
    }
}

/// Runs it in a frame of its own: what it leaves lies below that of whoever calls.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    black_box(work())
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::fs::{self, File};
    use std::io::{Read as _, Seek as _, SeekFrom};

    use zeroize::Zeroizing;

    use super::*;

    /// The number after this one in a row that no other memory has. So none of it need be kept by who looks for it.
    fn next(of: u64, row: u64) -> u64 {
        of.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(row)
    }

    #[inline(never)]
    fn leave(row: u64) {
        let mut left = [row; 512];
        for at in 1..left.len() {
            left[at] = next(left[at - 1], row);
        }
        black_box(&left);
    }

    /// How often eight numbers of a row lie side by side in what this process can write.
    fn traces(row: u64) -> usize {
        let maps = fs::read_to_string("/proc/self/maps").expect("maps");
        let mut memory = File::open("/proc/self/mem").expect("memory");
        let mut found = 0;
        for line in maps.lines().filter(|line| line.contains(" rw-p ")) {
            let (from, to) = line.split_once(' ').and_then(|(it, _)| it.split_once('-')).expect("a range");
            let at = |hex: &str| u64::from_str_radix(hex, 16).expect("a number");
            let (from, to) = (at(from), at(to));
            let mut bytes = Zeroizing::new(vec![0; (to - from) as usize]);
            // Another thread may have given it back meanwhile.
            if memory.seek(SeekFrom::Start(from)).is_err() || memory.read_exact(&mut bytes).is_err() {
                continue;
            }
            let word = |it: &[u8]| it.try_into().map(u64::from_le_bytes).unwrap_or_default();
            let is_next = |two: &[u8]| word(&two[8..]) == next(word(&two[..8]), row);
            let is_row = |eight: &&[u8]| (0..7).all(|at| is_next(&eight[8 * at..8 * at + 16]));
            found += bytes.windows(64).step_by(8).filter(is_row).count();
        }
        found
    }

    #[test]
    fn what_a_thread_computed_is_gone_when_it_has_ended() {
        let (go, waits) = std::sync::mpsc::sync_channel::<()>(1);
        let lives = move || (leave(41), waits.recv());
        let living = spawn("a thread", lives).expect("a thread");
        while traces(41) == 0 {
            assert!(!living.is_finished(), "the search finds nothing");
        }
        drop(go);
        living.join().expect("it ends").1.expect_err("nobody said anything");
        assert_eq!(traces(41), 0);
    }

    #[test]
    fn a_thread_that_breaks_off_leaves_nothing_either() {
        let breaks = || {
            leave(47);
            std::panic::resume_unwind(Box::new("it breaks off"));
        };
        let broken = spawn("a thread", breaks).expect("a thread").join();
        assert!(broken.is_err());
        assert_eq!(traces(47), 0);
    }
}
