//! Looks for bytes in the memory of another process, and in files.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// So many bytes are looked up at once.
const KEY: usize = 8;
/// Bits of the table that most bytes are turned away by.
const BITS: u32 = 24;
const PAGE: usize = 4_096;
static ZERO: [u8; PAGE] = [0; PAGE];

/// What is looked for: runs of bytes, each by its first eight.
#[derive(Default)]
pub(crate) struct Sought {
    runs: Vec<(String, Vec<u8>)>,
    by_key: HashMap<u64, Vec<usize>>,
    table: Vec<u64>,
}

/// What was found: what it is, where, and how often.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) places: Vec<String>,
    pub(crate) windows: usize,
}

impl Sought {
    /// Looks for these bytes, too.
    pub(crate) fn add(&mut self, what: &str, bytes: Vec<u8>) {
        let Some(key) = key(&bytes, 0) else { return };
        if self.table.is_empty() {
            self.table = vec![0; 1 << (BITS - 6)];
        }
        let (word, bit) = slot(key);
        self.table[word] |= bit;
        self.by_key.entry(key).or_default().push(self.runs.len());
        self.runs.push((what.to_owned(), bytes));
    }

    /// Every window of so many samples of a sound in which it is loud, as whole numbers and as fractions.
    pub(crate) fn add_sound(&mut self, sound: &[i16], window: usize) {
        for (at, samples) in sound.windows(window).enumerate() {
            let loud = samples.iter().map(|it| it.unsigned_abs()).max().unwrap_or(0) > 1_500;
            let steady = samples.windows(2).filter(|two| two[0] == two[1]).count() > window / 4;
            if loud && !steady {
                self.add(&format!("i16 {at}"), samples.iter().flat_map(|it| it.to_le_bytes()).collect());
                let fraction = |it: &i16| (f32::from(*it) / 32_768.0).to_le_bytes();
                self.add(&format!("f32 {at}"), samples.iter().flat_map(fraction).collect());
            }
        }
    }

    /// Every run of so many bytes of a text, as it is and in small letters.
    pub(crate) fn add_text(&mut self, text: &str, length: usize) {
        for form in [text.to_owned(), text.to_lowercase()] {
            for (at, run) in form.as_bytes().windows(length).enumerate() {
                self.add(&format!("text {at}"), run.to_vec());
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.runs.len()
    }

    fn look(&self, bytes: &[u8], place: &str, found: &mut Found) {
        let mut told = 0;
        for (number, page) in bytes.chunks(PAGE).enumerate() {
            if page == &ZERO[..page.len()] {
                continue;
            }
            let from = number * PAGE;
            for at in from..from + page.len() {
                let Some(key) = key(bytes, at) else { break };
                let (word, bit) = slot(key);
                if self.table[word] & bit == 0 {
                    continue;
                }
                let Some(runs) = self.by_key.get(&key) else { continue };
                let is_there = |run: &&usize| bytes[at..].starts_with(&self.runs[**run].1);
                let Some(run) = runs.iter().find(is_there) else { continue };
                found.windows += 1;
                if told < 3 {
                    told += 1;
                    found.places.push(format!("{} at {at:#x} of {place}", self.runs[*run].0));
                }
            }
        }
    }

    /// In all of a process's memory that can be read.
    pub(crate) fn in_process(&self, id: u32) -> Found {
        let mut found = Found::default();
        let maps = fs::read_to_string(format!("/proc/{id}/maps")).expect("it lives");
        let mut memory = File::open(format!("/proc/{id}/mem")).expect("it is ours");
        // What is a file's and cannot be written is what lies on the disk.
        let is_program = |line: &str| !line.contains(" rw") && line.contains(" /");
        let can_be_read = |line: &&str| line.split(' ').nth(1).is_some_and(|it| it.starts_with('r'));
        for line in maps.lines().filter(can_be_read).filter(|line| !is_program(line)) {
            let (from, to) = line.split_once(' ').and_then(|(it, _)| it.split_once('-')).expect("a range");
            let at = |hex: &str| u64::from_str_radix(hex, 16).expect("a number");
            let (from, to) = (at(from), at(to));
            // What the kernel lends cannot be read, and holds nothing of ours.
            if memory.seek(SeekFrom::Start(from)).is_err() {
                continue;
            }
            let mut bytes = vec![0; (to - from) as usize];
            if memory.read_exact(&mut bytes).is_ok() {
                self.look(&bytes, line, &mut found);
            }
        }
        found
    }

    /// In every file of a folder and of those in it. How many there were.
    pub(crate) fn in_files(&self, folder: &Path, found: &mut Found) -> usize {
        let mut count = 0;
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let (path, kind) = (entry.path(), entry.file_type().expect("a kind"));
            if kind.is_dir() {
                count += self.in_files(&path, found);
            } else if kind.is_file() {
                count += 1;
                self.look(&fs::read(&path).expect("it can be read"), &path.display().to_string(), found);
            }
        }
        count
    }
}

fn key(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + KEY)?.try_into().ok()?))
}

fn slot(key: u64) -> (usize, u64) {
    let hash = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS);
    ((hash >> 6) as usize, 1 << (hash & 63))
}
