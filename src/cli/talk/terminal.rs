//! The terminal as it was found.
//!
//! The thread that reads lines holds the terminal in a mode of its own while it waits for a key, and the evening can
//! end in the middle of that. Whoever comes after must find the terminal as it was.

/// Puts the terminal back when it is dropped.
#[cfg(unix)]
pub(super) struct Terminal(Option<nix::sys::termios::Termios>);

#[cfg(unix)]
impl Terminal {
    /// Remembers how the terminal is now.
    pub(super) fn remember() -> Self {
        Self(nix::sys::termios::tcgetattr(std::io::stdin()).ok())
    }
}

#[cfg(unix)]
impl Drop for Terminal {
    fn drop(&mut self) {
        use nix::sys::termios::{SetArg, tcsetattr};
        if let Some(found) = &self.0
            && tcsetattr(std::io::stdin(), SetArg::TCSADRAIN, found).is_err()
        {
            super::super::complain("the terminal could not be put back as it was; type `reset`");
        }
    }
}

/// Elsewhere the terminal needs no help.
#[cfg(not(unix))]
pub(super) struct Terminal;

#[cfg(not(unix))]
impl Terminal {
    /// Nothing to remember.
    pub(super) fn remember() -> Self {
        Self
    }
}
