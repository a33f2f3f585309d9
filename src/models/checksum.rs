//! Checksums: what a model file must be, to the last bit.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::str::FromStr;

use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use serde::Deserialize;

/// How much of a file is read at once, in bytes.
const PIECE: usize = 256 * 1024;

/// What a checksum is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sha256,
    Sha1,
    /// The name that git gives a file: SHA-1 of a line with its size, and then of the file.
    GitBlobSha1,
}

impl Kind {
    const ALL: [(Self, &'static str, usize); 3] =
        [(Self::Sha256, "sha256", 32), (Self::Sha1, "sha1", 20), (Self::GitBlobSha1, "git-blob-sha1", 20)];
}

/// The checksum of a file, written as `sha256:…`, `sha1:…` or `git-blob-sha1:…` in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Checksum {
    kind: Kind,
    digest: Vec<u8>,
}

/// Text that is no checksum.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no checksum; it looks like sha256:…, sha1:… or git-blob-sha1:…, with 64 or 40 digits")]
pub struct ChecksumError(String);

impl FromStr for Checksum {
    type Err = ChecksumError;

    fn from_str(text: &str) -> Result<Self, ChecksumError> {
        let wrong = || ChecksumError(text.to_owned());
        let (name, digits) = text.split_once(':').ok_or_else(wrong)?;
        let (kind, _, length) = Kind::ALL.into_iter().find(|kind| kind.1 == name).ok_or_else(wrong)?;
        let digest = bytes(digits).filter(|digest| digest.len() == length).ok_or_else(wrong)?;
        Ok(Self { kind, digest })
    }
}

impl TryFrom<String> for Checksum {
    type Error = ChecksumError;

    fn try_from(text: String) -> Result<Self, ChecksumError> {
        text.parse()
    }
}

impl std::fmt::Display for Checksum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = Kind::ALL.into_iter().find(|kind| kind.0 == self.kind).map_or("", |kind| kind.1);
        write!(f, "{name}:{}", digits(&self.digest))
    }
}

/// What a file was found to be: its checksum of every kind, from one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    sha256: Vec<u8>,
    sha1: Vec<u8>,
    git_blob_sha1: Vec<u8>,
}

impl Sums {
    /// Reads a file from its beginning to its end.
    ///
    /// # Errors
    /// When it cannot be opened or read.
    pub fn of(path: &Path) -> io::Result<Self> {
        Self::read(&File::open(path)?)
    }

    /// Reads a file that is open already, from its beginning to its end.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(mut file: &File) -> io::Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        let size = file.metadata()?.len();
        let (mut sha256, mut sha1) = (Context::new(&SHA256), Context::new(&SHA1_FOR_LEGACY_USE_ONLY));
        let mut blob = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
        blob.update(format!("blob {size}\0").as_bytes());
        let mut piece = vec![0; PIECE];
        loop {
            let read = match file.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            for sum in [&mut sha256, &mut sha1, &mut blob] {
                sum.update(&piece[..read]);
            }
        }
        let digest = |sum: Context| sum.finish().as_ref().to_vec();
        Ok(Self { sha256: digest(sha256), sha1: digest(sha1), git_blob_sha1: digest(blob) })
    }

    /// Of a file whose bytes are in memory.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let digest = |kind, parts: [&[u8]; 2]| {
            let mut sum = Context::new(kind);
            parts.into_iter().for_each(|part| sum.update(part));
            sum.finish().as_ref().to_vec()
        };
        let blob = format!("blob {}\0", bytes.len());
        Self {
            sha256: digest(&SHA256, [b"", bytes]),
            sha1: digest(&SHA1_FOR_LEGACY_USE_ONLY, [b"", bytes]),
            git_blob_sha1: digest(&SHA1_FOR_LEGACY_USE_ONLY, [blob.as_bytes(), bytes]),
        }
    }

    /// Whether it is the file that has this checksum.
    #[must_use]
    pub fn fit(&self, checksum: &Checksum) -> bool {
        let own = match checksum.kind {
            Kind::Sha256 => &self.sha256,
            Kind::Sha1 => &self.sha1,
            Kind::GitBlobSha1 => &self.git_blob_sha1,
        };
        *own == checksum.digest
    }
}

/// Bytes from hexadecimal digits; none where they are none.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let nibbles: Vec<u8> =
        digits.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect::<Option<_>>()?;
    let (pairs, rest) = nibbles.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into memory cannot fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `sha256sum`, `sha1sum` and `git hash-object` say of a file with the line "hello".
    const HELLO: [&str; 3] = [
        "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
        "sha1:f572d396fae9206628714fb2ce00f72e94f2258f",
        "git-blob-sha1:ce013625030ba8dba906f756967f9e9ca394464a",
    ];

    #[test]
    fn a_file_fits_its_own_checksum_of_every_kind_and_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let (hello, other) = (folder.path().join("hello"), folder.path().join("other"));
        std::fs::write(&hello, "hello\n").expect("written");
        std::fs::write(&other, "hello\r").expect("written");
        for text in HELLO {
            let checksum: Checksum = text.parse().expect("a checksum");
            assert!(Sums::of(&hello).expect("read").fit(&checksum), "{text}");
            assert!(Sums::of_bytes(b"hello\n").fit(&checksum), "{text}");
            assert!(!Sums::of(&other).expect("read").fit(&checksum), "{text}");
            assert_eq!(checksum.to_string(), text);
        }
    }

    #[test]
    fn a_file_that_is_longer_than_a_piece_is_read_to_its_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("long");
        let mut long: Vec<u8> = (0..=250).cycle().take(2 * PIECE + 7).collect();
        std::fs::write(&path, &long).expect("written");
        let sums = Sums::of(&path).expect("read");
        long[2 * PIECE + 6] ^= 1;
        std::fs::write(&path, &long).expect("written");
        assert_ne!(Sums::of(&path).expect("read"), sums);
    }

    #[test]
    fn what_is_no_checksum_is_refused() {
        let cut = &HELLO[1][..HELLO[1].len() - 2];
        for text in
            ["", "sha1", "sha1:", "md5:00", "sha1:xy", cut, "sha256:f572d396fae9206628714fb2ce00f72e94f2258f"]
        {
            let error = text.parse::<Checksum>().expect_err("it is none").to_string();
            assert!(error.contains("is no checksum"), "{error}");
        }
    }
}
