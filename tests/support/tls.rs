//! A server whose certificate nobody has signed but itself.

use std::net::TcpListener;
use std::sync::Arc;

/// Starts it; returns its address. It ends with the test's process.
pub(crate) fn self_signed() -> String {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a certificate with its key");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let serve = move || {
        for mut stream in listener.incoming().flatten() {
            let mut tls = rustls::ServerConnection::new(Arc::clone(&config)).expect("a connection");
            // The client breaks off when it has seen the certificate.
            while tls.is_handshaking() && tls.complete_io(&mut stream).is_ok() {}
        }
    };
    std::thread::Builder::new().name("tls".to_owned()).spawn(serve).expect("a thread");
    format!("https://localhost:{port}/v1")
}
