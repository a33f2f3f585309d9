//! Why a file did not come.

/// Why a file did not come whole. What came of it before that stays with its target.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// The address is none.
    #[error("{0} is no address of a file; it looks like https://…")]
    Address(String),
    /// The file would travel in the clear, where anybody on the way could change it.
    #[error(
        "the way leads to {0}, which is not https. If this network wants you to sign in first, do that, and try again"
    )]
    InTheClear(String),
    /// Nobody can be reached there.
    #[error("{host} cannot be reached: {why}. See whether this machine is on the network, and try again")]
    Unreachable {
        /// Who.
        host: String,
        /// Why.
        why: String,
    },
    /// The certificate is not good, or this machine's clock is wrong.
    #[error("the certificate of {host} was refused: {why}. Check this machine's clock and its network")]
    Certificate {
        /// Whose.
        host: String,
        /// Why.
        why: String,
    },
    /// Nothing came for a while.
    #[error("{0} sent nothing for too long. Try again: it goes on where it stopped")]
    Late(String),
    /// The connection broke before the end.
    #[error("the connection to {0} broke off. Try again: it goes on where it stopped")]
    CutOff(String),
    /// The server says no.
    #[error("{host} answered {status}. Try again later, or get the file elsewhere")]
    Status {
        /// Who.
        host: String,
        /// HTTP status.
        status: u16,
    },
    /// A page for a browser came in the place of the file.
    #[error(
        "{0} sent a page for a browser and not the file. If this network wants you to sign in first, do that, and try again"
    )]
    Page(String),
    /// The server sends on and on.
    #[error("{0} sends on to other addresses without end. Try again later, or get the file elsewhere")]
    Redirects(String),
    /// It is larger than it may be.
    #[error(
        "{host} has a file of more than {most} bytes there, which is too large. Get the right one elsewhere"
    )]
    TooLarge {
        /// Who.
        host: String,
        /// The most bytes that it may have.
        most: u64,
    },
    /// It is another file, by its size.
    #[error("{host} has a file of {said} bytes there, and the right one has {size}. Get it elsewhere")]
    Size {
        /// Who.
        host: String,
        /// What the server says.
        said: u64,
        /// What it must be.
        size: u64,
    },
    /// It cannot be written.
    #[error("it cannot be written: {0}")]
    Write(std::io::Error),
    /// This machine gives no sockets.
    #[error("this machine lets nothing onto the network: {0}")]
    System(std::io::Error),
}

impl DownloadError {
    /// Whether it may go on where it stopped, if it is tried again at once.
    #[must_use]
    pub fn may_go_on(&self) -> bool {
        matches!(self, Self::CutOff(_) | Self::Late(_) | Self::Unreachable { .. })
    }
}
