//! Where ONNX Runtime's library may be on this machine, and whether a file can be it at all: a file that breaks off would
//! take the program down with it when the system loads it.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use crate::models::Folders;

/// The variable by which others, too, name the library.
const VARIABLE: &str = "ORT_DYLIB_PATH";

/// Where systems keep libraries.
const SYSTEM: [&str; 9] = [
    "/usr/local/lib",
    "/usr/local/lib64",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/lib64",
    "/lib",
    "/opt/homebrew/lib",
];

/// How many bytes from the beginning of a library its version is looked for.
const LOOKS_AT: u64 = 4 * 1024 * 1024;
/// What stands before it.
const MARK: &[u8] = b"VERS_";

/// Where the library is looked for, the first before the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Files that were named, by the settings or the environment.
    named: Vec<PathBuf>,
    /// Folders in which it may lie.
    folders: Vec<PathBuf>,
}

impl Search {
    /// The file that the settings name, the one in `ORT_DYLIB_PATH`, the folders of models, then those of the system.
    #[must_use]
    pub fn new(named: Option<&Path>, models: &Folders) -> Self {
        let mut search = Self::only(named, models);
        let variable = std::env::var_os(VARIABLE).filter(|it| !it.is_empty()).map(PathBuf::from);
        search.named.extend(variable);
        search.folders.extend(SYSTEM.map(PathBuf::from));
        search
    }

    /// Only the file that is named, and the folders of models.
    #[must_use]
    pub fn only(named: Option<&Path>, models: &Folders) -> Self {
        let named = named.map(Path::to_owned).into_iter().collect();
        Self { named, folders: models.paths().to_vec() }
    }

    /// Files that may be it: those that were named, whether they are there or not, then those that lie in the folders.
    pub(super) fn candidates(&self) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = self
            .named
            .iter()
            .map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone()))
            .collect();
        for folder in &self.folders {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let mut here: Vec<PathBuf> = entries
                .map(|entry| entry.path())
                .filter(|path| is_called_so(path) && path.is_file())
                .collect();
            here.sort_by_key(|path| std::cmp::Reverse(numbers(path)));
            found.extend(here);
        }
        let mut seen = Vec::new();
        found.retain(|path| {
            let real = path.canonicalize().unwrap_or_else(|_| path.clone());
            let new = !seen.contains(&real);
            seen.push(real);
            new
        });
        found
    }
}

/// Whether a file is called as the library is: `libonnxruntime.so`, with a version behind it or not, and what that is on other
/// systems.
fn is_called_so(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let version = |rest: &str| rest.chars().all(|it| it.is_ascii_digit() || it == '.');
    if cfg!(windows) {
        return name.eq_ignore_ascii_case("onnxruntime.dll");
    }
    let Some(rest) = name.strip_prefix("libonnxruntime.") else { return false };
    if cfg!(target_vendor = "apple") {
        return rest.strip_suffix("dylib").is_some_and(version);
    }
    rest.strip_prefix("so").is_some_and(version)
}

/// The numbers in the name of a file, so that 1.31 comes after 1.4.
fn numbers(path: &Path) -> Vec<u32> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.split('.').filter_map(|part| part.parse().ok()).collect()
}

/// What can be known of a library before it is loaded: its version, where it says one. Else why it must not be loaded.
pub(super) fn look_into(path: &Path) -> Result<Option<[u32; 2]>, String> {
    let unread = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "it is not there".to_owned(),
        _ => format!("it cannot be read: {error}"),
    };
    if path.metadata().map_err(unread)?.is_dir() {
        return Err("it is a folder; name the library in it".to_owned());
    }
    if !path.is_file() {
        return Err("it is no file".to_owned());
    }
    let mut file = std::fs::File::open(path).map_err(unread)?;
    let length = file.metadata().map_err(unread)?.len();
    let mut head = Vec::new();
    file.by_ref().take(LOOKS_AT).read_to_end(&mut head).map_err(unread)?;
    if cfg!(target_os = "linux") {
        let table = elf(&head, length)?;
        file.seek(SeekFrom::Start(table)).map_err(unread)?;
        let mut last = [0; SECTION];
        file.read_exact(&mut last).map_err(unread)?;
        // A disk that was full, or a power cut, leaves zeros.
        if last[4..8] != STRINGS {
            return Err("it is damaged".to_owned());
        }
    }
    Ok(version(&head))
}

/// How long the header of a segment is, and that of a section.
const SEGMENT: usize = 56;
const SECTION: usize = 64;
/// The kind of a section that holds the names of all sections (`SHT_STRTAB`).
const STRINGS: [u8; 4] = [3, 0, 0, 0];

/// The machines that a library can be made for, by the number in its header.
const MACHINES: [(&str, u64); 4] = [("x86_64", 62), ("aarch64", 183), ("riscv64", 243), ("loongarch64", 258)];

/// Whether a library of Linux (ELF, 64 bits, as in the *System V ABI*, chapter 4) is made for this machine, and whole; then
/// where the header of the names of its sections lies, which is near its end.
fn elf(head: &[u8], length: u64) -> Result<u64, String> {
    if head.len() < 64 || head[..4] != *b"\x7FELF" {
        return Err("it is no library".to_owned());
    }
    let number = |from, count| at(head, from, count);
    let own = MACHINES.iter().find(|it| it.0 == std::env::consts::ARCH);
    if head[4..6] != [2, 1] || own.is_some_and(|it| it.1 != number(18, 2)) {
        return Err(format!("it is made for another machine than this one ({})", std::env::consts::ARCH));
    }
    let cut = || "it breaks off before its end".to_owned();
    let segments = usize::try_from(number(32, 8)).unwrap_or(usize::MAX);
    let headers = head.get(segments..).unwrap_or_default().as_chunks::<SEGMENT>().0;
    let headers = headers.get(..number(56, 2) as usize).ok_or_else(cut)?;
    let end = |it: &[u8; SEGMENT]| at(it, 8, 8).checked_add(at(it, 32, 8));
    if headers.iter().any(|it| end(it).is_none_or(|end| end > length)) {
        return Err(cut());
    }
    let (sections, count, names) = (number(40, 8), number(60, 2), number(62, 2));
    let end = sections.checked_add(count * SECTION as u64);
    if sections == 0 || names >= count || end.is_none_or(|end| end > length) {
        return Err(cut());
    }
    Ok(sections + names * SECTION as u64)
}

/// A number of so many bytes, the lowest first; nothing where there are none.
fn at(head: &[u8], from: usize, count: usize) -> u64 {
    let bytes = head.get(from..from + count).unwrap_or_default();
    bytes.iter().rev().fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// The version of which a library says that its functions are, such as `VERS_1.24.4`.
fn version(head: &[u8]) -> Option<[u32; 2]> {
    let found = head.windows(MARK.len()).enumerate().filter(|(_, it)| *it == MARK);
    found.map(|(at, _)| &head[at + MARK.len()..]).find_map(|rest| {
        let text = rest.split(|byte| *byte == 0).next()?;
        let text = std::str::from_utf8(text.get(..text.len().min(16))?).ok()?;
        let mut parts = text.split('.').map(str::parse);
        let (Some(Ok(major)), Some(Ok(minor))) = (parts.next(), parts.next()) else { return None };
        Some([major, minor])
    })
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};

    use super::*;

    #[test]
    fn what_was_named_comes_first_and_of_a_folder_the_newest() {
        let folder = tempfile::tempdir().expect("a folder");
        let (older, newer) = if cfg!(target_os = "linux") {
            ("libonnxruntime.so.1.4.0", "libonnxruntime.so.1.31.1")
        } else {
            return;
        };
        for name in [older, newer, "libonnxruntime.so.txt", "libonnxruntime_providers_shared.so"] {
            std::fs::write(folder.path().join(name), "").expect("written");
        }
        let named = Path::new("/nowhere/libonnxruntime.so");
        let search = Search::only(Some(named), &Folders::of(vec![folder.path().to_owned()]));
        assert_eq!(
            search.candidates(),
            [named.to_owned(), folder.path().join(newer), folder.path().join(older)]
        );
    }

    /// As small as a library can be: a header, a segment that is all of it, and two sections, of which the second has names.
    fn library(machine: u64) -> Vec<u8> {
        let mut bytes = vec![0; 64 + 56 + 2 * SECTION];
        let mut put = |at: usize, of: &[u8]| bytes[at..at + of.len()].copy_from_slice(of);
        put(0, b"\x7FELF\x02\x01");
        for (at, number) in [(18, machine), (32, 64), (40, 120), (64 + 32, 248)] {
            put(at, &u16::try_from(number).expect("it fits").to_le_bytes());
        }
        put(56, &[1]);
        put(60, &[2, 0, 1]);
        put(120 + SECTION + 4, &STRINGS);
        bytes
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_library_that_is_cut_damaged_or_for_another_machine_is_known_before_it_is_loaded() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("libonnxruntime.so");
        let said = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            look_into(&path).err().unwrap_or_default()
        };
        let own = MACHINES.iter().find(|it| it.0 == std::env::consts::ARCH).map_or(0, |it| it.1);
        let whole = library(own);
        assert_eq!(said(&whole), "");
        for length in [64, 100, 120, 200, whole.len() - 1] {
            assert!(said(&whole[..length]).contains("breaks off"), "{length}");
        }
        assert!(said(&whole[..40]).contains("no library") && said(b"a page").contains("no library"));
        assert!(said(&library(own + 1)).contains("another machine"));
        let mut zeros = whole;
        zeros[120..].fill(0);
        assert!(said(&zeros).contains("damaged"));
        assert_eq!(look_into(folder.path()).err().as_deref(), Some("it is a folder; name the library in it"));
        assert_eq!(look_into(&folder.path().join("x")).err().as_deref(), Some("it is not there"));
    }

    #[test]
    fn a_header_of_any_numbers_is_looked_into_to_an_end() {
        let mut random = rand_pcg::Pcg32::seed_from_u64(5);
        let whole = library(62);
        for _ in 0..2_000 {
            let mut bytes = whole.clone();
            for _ in 0..random.random_range(1..9) {
                let at = random.random_range(16..bytes.len());
                bytes[at] = random.random();
            }
            let length = random.random_range(0..=u64::from(u16::MAX));
            if let Ok(table) = elf(&bytes, length) {
                assert!(table + SECTION as u64 <= length, "{table} {length}");
            }
        }
    }

    #[test]
    fn the_version_is_read_out_of_the_library() {
        assert_eq!(version(b"\0VERS_\0..VERS_1.24.4\0"), Some([1, 24]));
        assert_eq!(version(b"GLIBC_2.3\0VERS_new\0VERS_"), None);
    }
}
