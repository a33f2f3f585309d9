//! Whether the file of a whisper model is whole. whisper.cpp takes a file at its word: one that is cut off or of another
//! kind can end the whole program there. So it is walked through here before, from its first number to its last tensor.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read as _};
use std::path::Path;

use super::TranscriptError;

/// The first four bytes of the format, "ggml" as one number.
const MAGIC: u32 = 0x6767_6d6c;
/// Width, heads and layers of the encoders there are, from tiny to large.
const ENCODERS: [(u32, u32, u32); 5] =
    [(384, 6, 4), (512, 8, 6), (768, 12, 12), (1024, 16, 24), (1280, 20, 32)];
/// How many words a vocabulary has: of the English ones, the others, and the third large one.
const VOCABULARIES: std::ops::RangeInclusive<u32> = 51_864..=51_866;
/// Points of the mel filters.
const FILTER: u32 = 201;
/// The longest word, and the longest name of a tensor, in bytes.
const LONGEST_NAME: u32 = 1_024;

/// What is wrong with a file.
#[derive(Debug)]
enum Wrong {
    Read(std::io::Error),
    CutOff(u64),
    Foreign,
    Unknown(&'static str),
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Read(error) => write!(f, "{error}"),
            Self::CutOff(length) => write!(f, "it breaks off after {length} bytes"),
            Self::Foreign => f.write_str("it is no model of whisper's"),
            Self::Unknown(what) => write!(f, "it is a whisper model of a kind that is not known: {what}"),
        }
    }
}

/// Walks through the file of a model, and gives out how many tensors it holds. A file without any is whole, too: with such a
/// one whisper is tested.
///
/// # Errors
/// [`TranscriptError::Model`] for a file that cannot be read, is cut off, or is no whisper model.
pub(super) fn check(path: &Path) -> Result<u32, TranscriptError> {
    walk(path).map_err(|wrong| TranscriptError::Model { path: path.to_owned(), why: wrong.to_string() })
}

fn walk(path: &Path) -> Result<u32, Wrong> {
    let file = File::open(path).map_err(Wrong::Read)?;
    let length = file.metadata().map_err(Wrong::Read)?.len();
    let mut file = Walker { file: BufReader::new(file), at: 0, length };
    if file.number()? != MAGIC {
        return Err(Wrong::Foreign);
    }
    let mels = head(&mut file)?;
    let (rows, columns) = (file.number()?, file.number()?);
    if (rows, columns) != (mels, FILTER) {
        return Err(Wrong::Unknown("its filters"));
    }
    file.skip(u64::from(rows) * u64::from(columns) * 4)?;
    let words = file.number()?;
    if words > *VOCABULARIES.end() {
        return Err(Wrong::Unknown("its vocabulary"));
    }
    for _ in 0..words {
        let word = file.number()?;
        if word > LONGEST_NAME {
            return Err(Wrong::Unknown("its words"));
        }
        file.skip(u64::from(word))?;
    }
    let mut tensors = 0;
    while file.at < file.length {
        tensor(&mut file)?;
        tensors += 1;
    }
    Ok(tensors)
}

/// The numbers that say how large everything is. Gives out how many mel bands it hears.
fn head(file: &mut Walker) -> Result<u32, Wrong> {
    let mut numbers = [0; 11];
    for number in &mut numbers {
        *number = file.number()?;
    }
    let [words, hears, width, heads, layers, writes, text_width, text_heads, text_layers, mels, _] = numbers;
    let known = VOCABULARIES.contains(&words)
        && (hears, writes) == (1_500, 448)
        && ENCODERS.contains(&(width, heads, layers))
        && (text_width, text_heads) == (width, heads)
        && (1..=layers).contains(&text_layers)
        && [80, 128].contains(&mels);
    if known { Ok(mels) } else { Err(Wrong::Unknown("its size")) }
}

fn tensor(file: &mut Walker) -> Result<(), Wrong> {
    let (axes, name, kind) = (file.number()?, file.number()?, file.number()?);
    if !(1..=4).contains(&axes) || name > LONGEST_NAME {
        return Err(Wrong::Unknown("its tensors"));
    }
    let mut numbers: u64 = 1;
    for _ in 0..axes {
        numbers = numbers.saturating_mul(u64::from(file.number()?));
    }
    let (block, bytes) = block(kind).ok_or(Wrong::Unknown("its numbers"))?;
    file.skip(u64::from(name))?;
    file.skip(numbers.div_ceil(block).saturating_mul(bytes))
}

/// How many numbers of a kind lie together, and in how many bytes.
fn block(kind: u32) -> Option<(u64, u64)> {
    Some(match kind {
        0 => (1, 4),
        1 | 30 => (1, 2),
        2 => (32, 18),
        3 => (32, 20),
        6 => (32, 22),
        7 => (32, 24),
        8 => (32, 34),
        10 => (256, 84),
        11 => (256, 110),
        12 => (256, 144),
        13 => (256, 176),
        14 => (256, 210),
        _ => return None,
    })
}

struct Walker {
    file: BufReader<File>,
    at: u64,
    length: u64,
}

impl Walker {
    /// The next number.
    fn number(&mut self) -> Result<u32, Wrong> {
        let mut bytes = [0; 4];
        self.file.read_exact(&mut bytes).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => Wrong::CutOff(self.length),
            _ => Wrong::Read(error),
        })?;
        self.at += 4;
        Ok(u32::from_le_bytes(bytes))
    }

    fn skip(&mut self, bytes: u64) -> Result<(), Wrong> {
        let to = self.at.saturating_add(bytes);
        let step = i64::try_from(bytes).ok().filter(|_| to <= self.length);
        let step = step.ok_or(Wrong::CutOff(self.length))?;
        self.file.seek_relative(step).map_err(Wrong::Read)?;
        self.at = to;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model as small as the format allows: no word is longer than a letter, and one tensor.
    fn model() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut put = |numbers: &[u32]| bytes.extend(numbers.iter().flat_map(|it| it.to_le_bytes()));
        put(&[MAGIC, 51_864, 1_500, 384, 6, 4, 448, 384, 6, 4, 80, 1]);
        put(&[80, FILTER]);
        bytes.extend(vec![0; 80 * FILTER as usize * 4]);
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend([1, 0, 0, 0, b'a']);
        for number in [2_u32, 4, 8, 33, 2] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(b"name");
        bytes.extend([0; 34 * 3]);
        bytes
    }

    fn said(bytes: &[u8]) -> Result<u32, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ggml-tiny.en.bin");
        std::fs::write(&path, bytes).expect("the file");
        walk(&path).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn a_whole_model_is_walked_through_to_its_last_tensor() {
        assert_eq!(said(&model()), Ok(1));
    }

    #[test]
    fn wherever_a_model_is_cut_it_breaks_off() {
        let whole = model();
        let before_tensors = whole.len() - 126;
        let cuts = [4, 47, 48, 60, 5_000, before_tensors - 1, before_tensors + 3, whole.len() - 1];
        for cut in cuts {
            let error = said(&whole[..cut]).expect_err("it is cut");
            assert_eq!(error, format!("it breaks off after {cut} bytes"));
        }
        // Without a single tensor it is a model that is there for tests.
        assert_eq!(said(&whole[..before_tensors]), Ok(0));
    }

    #[test]
    fn a_file_of_another_kind_is_refused() {
        for bytes in [&b"RIFF and so on"[..], b"GGUF\x03\0\0\0", &[0; 64]] {
            assert_eq!(said(bytes), Err("it is no model of whisper's".to_owned()));
        }
        assert_eq!(said(b""), Err("it breaks off after 0 bytes".to_owned()));
        // As many layers as nothing can hold, words as long as nothing can hold, numbers of no kind.
        for (at, what) in
            [(20, "its size"), (48, "its filters"), (64_380, "its words"), (64_393, "its numbers")]
        {
            let mut bytes = model();
            bytes[at..at + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f]);
            let error = said(&bytes).expect_err("it is another");
            assert!(error.ends_with(what), "{at}: {error}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_and_a_folder_are_said() {
        let folder = tempfile::tempdir().expect("a folder");
        for path in [folder.path().join("none.bin"), folder.path().to_owned()] {
            let error = check(&path).expect_err("it is no file").to_string();
            assert!(error.contains("cannot be used") && error.lines().count() == 1, "{error}");
        }
    }
}
