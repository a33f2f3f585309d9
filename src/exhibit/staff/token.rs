//! The token of the staff's page, from a file that only its owner may read, or from systemd.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::exhibit::check::TokenFact;
use crate::exhibit::proof::Proof;

/// The fewest letters it has.
pub const SHORTEST: usize = 16;
/// What it is called among systemd's credentials (`LoadCredential=` of systemd.exec(5)).
pub const CREDENTIAL: &str = "inner-room-token";
/// The most that is read of the file, in bytes.
const LONGEST: u64 = 1024;

/// What the token is told by. It is not in it, and no debug output shows anything.
#[derive(Clone, Debug)]
pub struct Token(Proof);

/// Why a file holds no token that can be used. Each message is one line that says what to do, and none holds the token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It is not there, or cannot be read.
    #[error(
        "{path} cannot be read for the token of the staff's page: {error}. Correct token_file in [exhibit]"
    )]
    Missing {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Others may read it.
    #[error(
        "{0} holds the token of the staff's page and others may read it. chmod 600 it, and put a new token into it"
    )]
    TooOpen(PathBuf),
    /// It is too short.
    #[error(
        "the token in {0} is shorter than 16 letters. Make a longer one, like with: openssl rand -hex 16"
    )]
    TooShort(PathBuf),
    /// It is no text that a header can carry.
    #[error(
        "the token in {0} is not one word of letters, digits and signs. Make one, like with: openssl rand -hex 16"
    )]
    Form(PathBuf),
}

/// Where the token lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFile {
    /// In a file that is named.
    Named(PathBuf),
    /// Among the credentials that systemd hands over, in a folder that only this unit may enter.
    Credential(PathBuf),
}

impl TokenFile {
    /// The file that is named; else the credential in the folder of credentials, where there is one.
    #[must_use]
    pub fn find(named: Option<&Path>, credentials: Option<&Path>) -> Option<Self> {
        let credential = || credentials.map(|folder| folder.join(CREDENTIAL)).filter(|path| path.is_file());
        named.map(|path| Self::Named(path.to_owned())).or_else(|| credential().map(Self::Credential))
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn read(&self) -> Result<Token, TokenError> {
        match self {
            Self::Named(path) => Token::read(path),
            // Where a unit runs as another account than its manager, the file is that manager's and an access list lets the
            // account in. The mask of such a list stands where the group's rights do.
            Self::Credential(path) => Token::read_closed_to(path, 0o007),
        }
    }
}

impl TokenError {
    /// As `check` takes it.
    #[must_use]
    pub fn fact(&self) -> TokenFact {
        match self {
            Self::Missing { .. } => TokenFact::Missing,
            Self::TooOpen(_) => TokenFact::TooOpen,
            Self::TooShort(_) => TokenFact::TooShort,
            Self::Form(_) => TokenFact::Unfit,
        }
    }
}

impl Token {
    /// A token as it is given; none where it is shorter than [`SHORTEST`] or no single word of ASCII.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        (text.len() >= SHORTEST && is_word(text)).then(|| Self(Proof::of(text)))
    }

    /// Reads the token of a file. White space around it is none of it.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn read(path: &Path) -> Result<Self, TokenError> {
        Self::read_closed_to(path, 0o077)
    }

    /// The same of a file that none of these rights is given for.
    #[cfg_attr(not(unix), expect(unused_variables, reason = "there are other rights"))]
    fn read_closed_to(path: &Path, rights: u32) -> Result<Self, TokenError> {
        let missing = |error| TokenError::Missing { path: path.to_owned(), error };
        let mut file = std::fs::File::open(path).map_err(missing)?;
        let about = file.metadata().map_err(missing)?;
        if !about.is_file() {
            return Err(missing(std::io::Error::other("it is no file")));
        }
        #[cfg(unix)]
        if std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & rights != 0 {
            return Err(TokenError::TooOpen(path.to_owned()));
        }
        let mut bytes = Vec::new();
        file.by_ref().take(LONGEST + 1).read_to_end(&mut bytes).map_err(missing)?;
        let text = std::str::from_utf8(&bytes).ok().map(str::trim).filter(|text| is_word(text));
        let Some(text) = text.filter(|_| bytes.len() as u64 <= LONGEST) else {
            let empty = bytes.trim_ascii().is_empty();
            let error = if empty { TokenError::TooShort } else { TokenError::Form };
            return Err(error(path.to_owned()));
        };
        Self::new(text).ok_or_else(|| TokenError::TooShort(path.to_owned()))
    }

    /// Whether this is the token. The time that it takes says nothing.
    pub(super) fn is(&self, entered: &str) -> bool {
        self.0.is(entered)
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const GOOD: &str = "0123456789abcdef";

    fn read(contents: &[u8], mode: u32) -> Result<Token, TokenError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("token");
        std::fs::write(&path, contents).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
        Token::read(&path)
    }

    #[test]
    fn a_file_of_its_owner_alone_holds_a_token() {
        for (contents, mode) in [(format!("{GOOD}\n"), 0o600), (format!("  {GOOD}"), 0o400)] {
            let token = read(contents.as_bytes(), mode).expect("a token");
            assert!(token.is(GOOD) && !token.is("0123456789abcdeF") && !token.is(""));
            assert!(!format!("{token:?}").contains(GOOD));
        }
    }

    #[test]
    fn d6_a_file_that_others_may_read_holds_none() {
        for mode in [0o640, 0o604, 0o660, 0o610, 0o644] {
            let error = read(GOOD.as_bytes(), mode).expect_err("too open");
            assert_eq!(error.fact(), TokenFact::TooOpen, "{mode:o}");
            assert!(error.to_string().contains("chmod 600") && !error.to_string().contains(GOOD));
        }
    }

    #[test]
    fn what_is_short_or_no_word_is_no_token() {
        for contents in ["", "\n", "0123456789abcde", "0123456789abcde \n"] {
            assert_eq!(read(contents.as_bytes(), 0o600).expect_err("short").fact(), TokenFact::TooShort);
        }
        for contents in ["two words of a token", "schlüsselschlüssel", &"x".repeat(1025)] {
            assert_eq!(read(contents.as_bytes(), 0o600).expect_err("no word").fact(), TokenFact::Unfit);
        }
        assert_eq!(read(&[0xff; 20], 0o600).expect_err("no text").fact(), TokenFact::Unfit);
        assert!(Token::new("short").is_none() && Token::new("with a blank in the middle").is_none());
    }

    #[test]
    fn a_credential_of_systemd_is_taken_where_no_file_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(TokenFile::find(None, Some(folder.path())), None, "none was handed over");
        let path = folder.path().join(CREDENTIAL);
        std::fs::write(&path, GOOD).expect("written");
        let found = TokenFile::find(None, Some(folder.path())).expect("it is there");
        assert_eq!(found, TokenFile::Credential(path.clone()));
        for (mode, fits) in [(0o400, true), (0o440, true), (0o644, false)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
            assert_eq!(found.read().is_ok_and(|token| token.is(GOOD)), fits, "{mode:o}");
        }
        let named = Path::new("/no/such/token");
        let found = TokenFile::find(Some(named), Some(folder.path()));
        assert_eq!(found, Some(TokenFile::Named(named.to_owned())), "what is named goes first");
        assert_eq!(TokenFile::find(None, None), None);
    }

    #[test]
    fn a_file_that_is_not_there_is_said() {
        for path in ["/no/such/token", "/"] {
            let error = Token::read(Path::new(path)).expect_err("none");
            assert_eq!(error.fact(), TokenFact::Missing);
            assert!(!error.to_string().contains('\n'), "{error}");
        }
    }
}
