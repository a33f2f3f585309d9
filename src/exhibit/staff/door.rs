//! The accept loop: how many connect at once, and for how long.
//!
//! A connection carries one request. So whoever holds one open does not hold a place, and a slow one loses it after
//! [`HEADERS`] or [`REQUEST`](super::REQUEST); who comes meanwhile waits in the system's queue. That is the answer to
//! slow requests ("Slowloris", OWASP's Denial of Service Cheat Sheet).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{sleep, timeout};

use super::routes::Peer;
use super::{CONNECTIONS, HEADERS};

/// The longest head of a request, in bytes, and the most lines in it.
const HEAD: usize = 16 * 1024;
const LINES: usize = 64;
/// How long a connection may take with all of it, the answer's way included.
const CONNECTION: Duration = Duration::from_secs(15);
/// How long nobody is let in where the system gives no connection, so that the loop does not spin.
const BREATH: Duration = Duration::from_millis(100);

/// Lets in whoever comes, until it is told to stop.
pub(super) async fn serve(listener: TcpListener, router: Router, mut stop: oneshot::Receiver<()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            Some((place, listener.accept().await))
        };
        let (place, accepted) = tokio::select! {
            biased;
            _ = &mut stop => return,
            next = next => match next {
                Some(next) => next,
                None => return,
            },
        };
        match accepted {
            Ok((stream, from)) => {
                let router = router.clone();
                tokio::spawn(async move {
                    // Whoever does not get all of the answer in time has had it.
                    timeout(CONNECTION, answer(stream, from, router)).await.ok();
                    drop(place);
                });
            }
            // The other side is gone already, or there are too many open files: it passes.
            Err(_passes) => sleep(BREATH).await,
        }
    }
}

/// One request and its answer.
async fn answer(stream: TcpStream, from: SocketAddr, router: Router) {
    let Ok(reached) = stream.local_addr() else { return };
    let service = TowerToHyperService::new(router.layer(Extension(Peer { from: from.ip(), reached })));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .keep_alive(false)
        .max_headers(LINES)
        .max_header_size(HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    // One that broke off, or was no request, is over; there is nobody to tell.
    served.ok();
}
