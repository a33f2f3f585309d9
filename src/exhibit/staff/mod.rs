//! The page for the staff, and what a monitor reads: a small HTTP server in a thread of its own.
//!
//! It takes orders into a bounded channel and reads the [`Board`]; it knows no session, and no word of any visitor. It
//! is built to stay up: one request for each connection, at most [`CONNECTIONS`] at once, each with its limits in time
//! and size, so that who is slow, or sends too much, only loses their own turn.
//!
//! Deliberately absent: TLS. On a network that is not trusted it stands behind a proxy that has it.

mod board;
mod door;
mod guard;
mod metrics;
mod order;
mod routes;
mod token;

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

pub use board::{BEAT, Board, Count, Part, Shown, State};
use crossbeam_channel::Sender;
pub use guard::{PATIENCE, WINDOW};
pub use order::{Order, What};
use routes::Desk;
pub use token::{CREDENTIAL, SHORTEST, Token, TokenError, TokenFile};
use tokio::sync::oneshot;

/// The most connections at once; further ones wait.
pub const CONNECTIONS: usize = 32;
/// How long the head of a request may take.
pub const HEADERS: Duration = Duration::from_secs(5);
/// How long the rest of it may take.
pub const REQUEST: Duration = Duration::from_secs(5);
/// The largest body of a request, in bytes.
pub const BODY: usize = 4 * 1024;

/// How the server is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens; with port 0 at one that is free.
    pub listen: SocketAddr,
    /// What opens it. Without one only `/healthz` and the page itself answer, and it listens on this machine alone.
    pub token: Option<Token>,
    /// The station's label.
    pub station: String,
    /// The languages that are offered.
    pub languages: Vec<String>,
}

/// Why the server cannot be started. Each message is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// Somebody listens there already.
    #[error(
        "{0} is taken already: another copy of the program, or another one, listens there. End it, or set listen in [exhibit] to another port"
    )]
    Taken(SocketAddr),
    /// It cannot listen there.
    #[error(
        "the staff's page cannot listen at {listen}: {error}. Set listen in [exhibit] to an address of this machine"
    )]
    Listen {
        /// Where.
        listen: SocketAddr,
        /// Why.
        error: std::io::Error,
    },
    /// It would be open to the network without a token.
    #[error(
        "the staff's page would be open to the network at {0} without a token. Set token_file in [exhibit], or listen at 127.0.0.1"
    )]
    NoToken(SocketAddr),
    /// The system gives no thread, or nothing to wait with.
    #[error("the staff's page cannot be started: {0}. Close other programs")]
    Thread(std::io::Error),
}

/// A server that runs. It ends when this is dropped.
#[derive(Debug)]
pub struct StaffServer {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl StaffServer {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether its thread still runs.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }
}

impl Drop for StaffServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        // A thread that broke off has stopped, too.
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {}
    }
}

/// Starts the server. Orders go into `orders`, which is to be bounded; where it is full, whoever orders is told so.
///
/// # Errors
/// [`StaffError`].
pub fn spawn(config: Config, board: Arc<Board>, orders: Sender<Order>) -> Result<StaffServer, StaffError> {
    let listen = config.listen;
    if config.token.is_none() && !listen.ip().to_canonical().is_loopback() {
        return Err(StaffError::NoToken(listen));
    }
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::AddrInUse => StaffError::Taken(listen),
        _ => StaffError::Listen { listen, error },
    };
    let listener = TcpListener::bind(listen).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StaffError::Thread)?;
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener).map_err(failed)?
    };
    let router = routes::router(Arc::new(Desk::new(config, board, orders)));
    let (stop, stopped) = oneshot::channel();
    let work = move || runtime.block_on(door::serve(listener, router, stopped));
    let thread = crate::thread::spawn("staff", work).map_err(StaffError::Thread)?;
    Ok(StaffServer { address, stop: Some(stop), thread: Some(thread) })
}
