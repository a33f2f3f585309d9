//! Whether anything of a visitor is left: their own word, in any file of the house, and in the memory of any process there.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use aho_corasick::AhoCorasick;

/// A page of memory, in bytes, and how many are looked at in one go.
const PAGE: u64 = 4_096;
const PAGES: u64 = 1_024;
/// Whether a page is in memory, or was moved out of it, in the kernel's `pagemap` (`Documentation/admin-guide/mm/pagemap.rst`).
const THERE: u64 = 0b11 << 62;

/// A word that is looked for, in every form that a program keeps text in.
pub(super) struct Word {
    forms: AhoCorasick,
    longest: usize,
}

impl Word {
    /// None where there is nothing to look for.
    pub(super) fn new(word: &str) -> Option<Self> {
        let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wider: Vec<u8> = word.chars().flat_map(|letter| (letter as u32).to_le_bytes()).collect();
        let longest = wider.len();
        let forms = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build([word.as_bytes().to_vec(), wide, wider])
            .ok()?;
        (!word.is_empty()).then_some(Self { forms, longest })
    }

    /// How many places of a process's memory it stands in. None where the system does not show them: it has ended, or belongs
    /// to somebody else.
    pub(super) fn in_memory_of(&self, pid: u32) -> Option<usize> {
        let maps = fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
        let memory = File::open(format!("/proc/{pid}/mem")).ok()?;
        let pages = File::open(format!("/proc/{pid}/pagemap")).ok()?;
        // What is freed is overwritten in this program, which takes its time: they are made once.
        let (mut bytes, mut entries) = (vec![0; (PAGES * PAGE) as usize], vec![0; (PAGES * 8) as usize]);
        let areas = maps.lines().filter_map(area);
        Some(areas.map(|area| self.in_area((&memory, &pages), area, (&mut bytes, &mut entries))).sum())
    }

    fn in_area(
        &self,
        (memory, pages): (&File, &File),
        (from, to): (u64, u64),
        (bytes, entries): (&mut [u8], &mut [u8]),
    ) -> usize {
        let (mut found, mut tail, mut at) = (0, Vec::new(), from);
        while at < to {
            let count = ((to - at) / PAGE).min(PAGES);
            if count == 0 {
                break;
            }
            let entries = &mut entries[..(count * 8) as usize];
            let seen = pages.read_exact_at(entries, at / PAGE * 8).is_ok();
            let is_there = entries
                .chunks_exact(8)
                .any(|entry| entry.try_into().is_ok_and(|entry| u64::from_le_bytes(entry) & THERE != 0));
            let bytes = &mut bytes[..(count * PAGE) as usize];
            // Where nothing has ever been written, nothing is read, so that it stays so.
            if (seen && !is_there) || memory.read_exact_at(bytes, at).is_err() {
                tail.clear();
            } else {
                found += self.in_piece(&mut tail, bytes);
            }
            at += count * PAGE;
        }
        found
    }

    /// How often it stands in a piece that goes on from another one, of whose end it keeps what it may have begun in.
    fn in_piece(&self, tail: &mut Vec<u8>, piece: &[u8]) -> usize {
        let whole = self.forms.find_iter(piece).count();
        let seam = tail.len();
        tail.extend(&piece[..piece.len().min(self.longest - 1)]);
        let across =
            self.forms.find_iter(&tail[..]).filter(|it| it.start() < seam && it.end() > seam).count();
        tail.clear();
        tail.extend(&piece[piece.len().saturating_sub(self.longest - 1)..]);
        whole + across
    }

    /// The files of a folder that it stands in, its own names included.
    pub(super) fn in_files_of(&self, folder: &Path) -> usize {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .map(|entry| {
                let named = usize::from(self.forms.is_match(entry.file_name().as_encoded_bytes()));
                let inside = match entry.file_type() {
                    Ok(kind) if kind.is_dir() => self.in_files_of(&entry.path()),
                    Ok(kind) if kind.is_file() => {
                        usize::from(fs::read(entry.path()).is_ok_and(|bytes| self.forms.is_match(&bytes)))
                    }
                    _ => 0,
                };
                named + inside
            })
            .sum()
    }
}

/// An area of memory that can be read and is more than a part of a program's file that never changes.
fn area(line: &str) -> Option<(u64, u64)> {
    let mut fields = line.split_whitespace();
    let (range, mode) = (fields.next()?, fields.next()?);
    let file = fields.nth(3).unwrap_or_default();
    let is_file = file.starts_with('/') && !file.starts_with("/dev") && !file.starts_with("/memfd");
    if !mode.starts_with('r') || (is_file && !mode.contains('w')) || file.starts_with("[v") {
        return None;
    }
    let (from, to) = range.split_once('-')?;
    Some((u64::from_str_radix(from, 16).ok()?, u64::from_str_radix(to, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Child, Command, Stdio};

    use super::*;

    #[test]
    fn areas_that_are_parts_of_programs_are_left_out() {
        assert_eq!(area("7f00-8000 rw-p 00000000 00:00 0 "), Some((0x7f00, 0x8000)));
        assert_eq!(area("7f00-8000 r--p 00000000 08:01 12 /usr/lib/libc.so.6"), None);
        assert_eq!(area("7f00-8000 rw-p 00000000 08:01 12 /usr/lib/libc.so.6"), Some((0x7f00, 0x8000)));
        assert_eq!(area("7f00-8000 ---p 00000000 00:00 0"), None);
        assert_eq!(area("7f00-8000 r--p 00000000 00:00 0 [vvar]"), None);
    }

    #[test]
    fn a_word_is_found_across_the_seam_of_two_pieces_and_once() {
        let word = Word::new("zq12").expect("a word");
        let mut tail = Vec::new();
        assert_eq!(word.in_piece(&mut tail, b"zq12 and then Z"), 1);
        assert_eq!(word.in_piece(&mut tail, b"q12 and z\0q\x001\x002\0"), 2);
        assert_eq!(word.in_piece(&mut tail, b"nothing"), 0);
    }

    /// A shell that knows a word which stands neither in its arguments nor in its surroundings.
    struct Shell(Child);

    impl Shell {
        fn that_keeps(first: &str, last: &str) -> Self {
            let mut command = Command::new("sh");
            command.args(["-c", "first=$1; last=$2; word=$first$last; echo ready; read -r end"]);
            command.args(["sh", first, last]).stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut child = command.spawn().expect("a shell");
            let mut line = String::new();
            let said = child.stdout.as_mut().expect("a pipe");
            BufReader::new(said).read_line(&mut line).expect("it is ready");
            Self(child)
        }
    }

    impl Drop for Shell {
        fn drop(&mut self) {
            let _ended = (self.0.kill(), self.0.wait());
        }
    }

    #[test]
    fn a_word_that_a_living_process_keeps_is_found_in_its_memory_and_another_is_not() {
        let shell = Shell::that_keeps("zqab", "cd98");
        let found = |word: &str| Word::new(word).expect("a word").in_memory_of(shell.0.id());
        assert!(found("zqabcd98").is_some_and(|found| found > 0), "{:?}", found("zqabcd98"));
        assert_eq!(found("zqabcd97"), Some(0));
        assert_eq!(Word::new("x").expect("a word").in_memory_of(u32::MAX), None);
    }

    #[test]
    fn a_word_in_a_file_or_in_its_name_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let word = Word::new("zq55aa").expect("a word");
        fs::create_dir(folder.path().join("deep")).expect("made");
        fs::write(folder.path().join("deep/one"), "nothing").expect("written");
        assert_eq!(word.in_files_of(folder.path()), 0);
        fs::write(folder.path().join("deep/two"), "my friend ZQ55AA said").expect("written");
        fs::write(folder.path().join("zq55aa.txt"), "").expect("written");
        assert_eq!(word.in_files_of(folder.path()), 2);
    }
}
