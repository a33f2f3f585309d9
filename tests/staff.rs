//! The staff's server over real sockets: who is let in, what is too much, and that it stays up meanwhile.

#![cfg(feature = "exhibit")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "a test that cannot go on fails"
)]

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use inner_room::exhibit::staff::{
    Board, CONNECTIONS, Config, Count, HEADERS, Order, Part, StaffError, StaffServer, State, Token, What,
    spawn,
};
use serde_json::Value;

const TOKEN: &str = "a-token-for-the-staff";
/// Nothing that goes well takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

struct Desk {
    server: StaffServer,
    board: Arc<Board>,
    orders: Receiver<Order>,
}

fn config(listen: &str) -> Config {
    Config {
        listen: listen.parse().expect("an address"),
        token: Some(Token::new(TOKEN).expect("a token")),
        station: "hall 2".to_owned(),
        languages: vec!["en".to_owned(), "zh".to_owned()],
    }
}

fn desk() -> Desk {
    desk_with(config("127.0.0.1:0"), 8)
}

fn desk_with(config: Config, room: usize) -> Desk {
    let (send, orders) = bounded(room);
    let board = Arc::new(Board::new());
    let server = spawn(config, Arc::clone(&board), send).expect("it starts");
    Desk { server, board, orders }
}

/// An answer as it came.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn read(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Self { status, head: head.to_lowercase(), body: body.to_owned() })
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

impl Desk {
    fn address(&self) -> SocketAddr {
        self.server.address()
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address()).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        stream
    }

    /// Sends bytes and reads until the other side closes; none where there came no answer.
    fn raw(&self, bytes: &[u8]) -> Option<Answer> {
        let mut stream = self.connect();
        // Who is refused in the middle of a request may find the way closed.
        stream.write_all(bytes).ok();
        Answer::read(&read_all(&mut stream))
    }

    fn ask(&self, line: &str, headers: &[&str], body: &str) -> Answer {
        let host = format!("Host: {}", self.address());
        let mut text = format!("{line} HTTP/1.1\r\n");
        if !headers.iter().any(|header| header.starts_with("Host:")) {
            text = text + &host + "\r\n";
        }
        for header in headers {
            text = text + header + "\r\n";
        }
        if !body.is_empty() {
            text += &format!("Content-Length: {}\r\n", body.len());
        }
        self.raw(format!("{text}\r\n{body}").as_bytes()).expect("an answer")
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path}"), &[&bearer(TOKEN)], "")
    }

    fn order(&self, body: &str) -> Answer {
        self.ask("POST /orders", &[&bearer(TOKEN), "Content-Type: application/json"], body)
    }

    /// It answers, and its thread runs.
    fn is_alive(&self) -> bool {
        self.server.runs() && self.ask("GET /healthz", &[], "").status == 200
    }
}

fn read_all(stream: &mut TcpStream) -> String {
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(read) => bytes.extend_from_slice(&part[..read]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("nothing came within {PATIENCE:?}"),
            // Closed with something unread.
            Err(_reset) => break,
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}")
}

#[test]
fn health_needs_no_token_and_names_what_is_not_well() {
    let desk = desk();
    let well = desk.ask("GET /healthz", &[], "");
    assert_eq!((well.status, well.body.as_str()), (200, "ok\n"));
    desk.board.fault(Part::Stage);
    desk.board.set_well(Part::Disk, false);
    let unwell = desk.ask("GET /healthz", &[], "");
    assert_eq!((unwell.status, unwell.body.as_str()), (503, "stage\ndisk\n"));
    desk.board.set_well(Part::Stage, true);
    desk.board.set_well(Part::Disk, true);
    assert_eq!(desk.ask("GET /healthz", &[], "").status, 200);
}

#[test]
fn the_page_comes_without_a_token_and_under_a_strict_policy() {
    let desk = desk();
    for (path, kind) in [("/", "text/html"), ("/staff.js", "text/javascript"), ("/staff.css", "text/css")] {
        let page = desk.ask(&format!("GET {path}"), &[], "");
        assert_eq!(page.status, 200, "{path}");
        assert!(page.header("content-type").expect("a type").starts_with(kind), "{path}");
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("access-control-allow-origin"), None);
    }
    let page = desk.ask("GET /", &[], "").body;
    for foreign in ["http:", "https:", "//", "style=", "onclick", "<style", "<script>"] {
        assert!(!page.contains(foreign), "the page has {foreign}");
    }
    assert!(!page.contains(TOKEN));
}

#[test]
fn without_a_token_nothing_is_told_and_nothing_done() {
    let desk = desk();
    for (line, headers) in [
        ("GET /metrics", &[][..]),
        ("GET /status", &[]),
        ("POST /orders", &["Content-Type: application/json"]),
        ("GET /status", &["Authorization: Basic YTpi"]),
        ("GET /status", &["Authorization:"]),
        ("GET /status", &["Cookie: token=a-token-for-the-staff"]),
    ] {
        let answer = desk.ask(line, headers, "");
        assert_eq!(answer.status, 401, "{line} {headers:?}");
        assert_eq!(answer.header("www-authenticate"), Some("bearer"));
    }
    let in_the_address = desk.ask(&format!("GET /status?token={TOKEN}"), &[], "");
    assert_eq!(in_the_address.status, 401);
    assert!(desk.orders.is_empty());
    for _ in 0..20 {
        assert_eq!(desk.ask("GET /status", &[], "").status, 401, "who has none has guessed nothing");
    }
    assert_eq!(desk.get("/status").status, 200);
}

#[test]
fn after_ten_wrong_tokens_their_address_waits_and_the_right_one_with_it() {
    let desk = desk();
    for number in 0..10 {
        let wrong = desk.ask("GET /status", &[&bearer(&format!("{TOKEN}{number}"))], "");
        assert_eq!(wrong.status, 401, "number {number}");
        assert!(!wrong.body.contains("token-for"), "nothing is repeated");
    }
    for token in [&format!("{TOKEN}x"), TOKEN] {
        let answer = desk.ask("POST /orders", &[&bearer(token), "Content-Type: application/json"], "{}");
        assert_eq!(answer.status, 429, "{token}");
        let wait: u64 = answer.header("retry-after").expect("how long").parse().expect("seconds");
        assert!((1..=60).contains(&wait), "{wait}");
    }
    assert_eq!(desk.board.counted(Count::Refused), 10);
    assert!(desk.is_alive(), "health needs no token");
}

#[test]
fn another_address_is_not_kept_waiting_for_it() {
    let desk = desk();
    for _ in 0..10 {
        desk.ask("GET /status", &[&bearer("wrong")], "");
    }
    assert_eq!(desk.get("/status").status, 429);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    rustls::crypto::ring::default_provider().install_default().ok();
    let client = reqwest::Client::builder().no_proxy().local_address(std::net::IpAddr::from([127, 0, 0, 2]));
    let client = client.build().expect("a client");
    let ask = client.get(format!("http://{}/status", desk.address())).bearer_auth(TOKEN).send();
    let status = runtime.block_on(ask).expect("an answer").status();
    assert_eq!(status, 200);
}

#[test]
fn an_order_arrives_as_it_was_given() {
    let desk = desk();
    for (body, order) in [
        ("{\"order\":\"pause\"}", Order { order: Some(What::Pause), volume: None, lang: None }),
        ("{\"order\":\"test_call\"}", Order { order: Some(What::TestCall), volume: None, lang: None }),
        (
            "{\"volume\":40,\"lang\":\"zh\"}",
            Order { order: None, volume: Some(40), lang: Some("zh".to_owned()) },
        ),
    ] {
        let answer = desk.order(body);
        assert_eq!((answer.status, answer.body.as_str()), (202, "taken\n"), "{body}");
        assert_eq!(desk.orders.try_recv().expect("an order"), order);
    }
}

#[test]
fn what_is_no_order_is_refused_and_not_repeated() {
    let desk = desk();
    for body in
        ["canary", "{\"order\":\"canary\"}", "{\"canary\":1}", "{\"lang\":\"canary\"}", "{\"volume\":101}"]
    {
        let answer = desk.order(body);
        assert_eq!(answer.status, 400, "{body}");
        assert!(!answer.body.contains("canary") && !answer.head.contains("canary"), "{}", answer.body);
    }
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "multipart/form-data"]
    {
        let kind = format!("Content-Type: {kind}");
        let answer = desk.ask("POST /orders", &[&bearer(TOKEN), &kind], "{\"order\":\"close\"}");
        assert_eq!(answer.status, 415, "{kind}");
    }
    assert_eq!(desk.ask("POST /orders", &[&bearer(TOKEN)], "{\"order\":\"close\"}").status, 415);
    assert!(desk.orders.is_empty());
}

#[test]
fn where_orders_wait_already_whoever_orders_is_told_so() {
    let desk = desk_with(config("127.0.0.1:0"), 2);
    for _ in 0..2 {
        assert_eq!(desk.order("{\"order\":\"skip\"}").status, 202);
    }
    let full = desk.order("{\"order\":\"skip\"}");
    assert_eq!((full.status, full.header("retry-after")), (503, Some("1")));
    assert_eq!(desk.orders.try_iter().count(), 2);
    assert_eq!(desk.order("{\"order\":\"skip\"}").status, 202);
}

#[test]
fn a_body_that_is_too_large_is_refused_by_its_length_and_by_what_comes() {
    let desk = desk();
    let kind = "Content-Type: application/json";
    let large = format!("{{\"order\":\"pause\"{}}}", " ".repeat(5000));
    assert_eq!(desk.ask("POST /orders", &[&bearer(TOKEN), kind], &large).status, 413);
    let said = desk.ask("POST /orders", &[&bearer(TOKEN), kind, "Content-Length: 99999999999"], "");
    assert_eq!(said.status, 413);
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    let chunked = format!(
        "POST /orders HTTP/1.1\r\nHost: {}\r\n{}\r\n{kind}\r\nTransfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n",
        desk.address(),
        bearer(TOKEN),
        chunk.repeat(3)
    );
    assert_eq!(desk.raw(chunked.as_bytes()).expect("an answer").status, 413);
    let fits = format!("{{\"order\":\"pause\"{}}}", " ".repeat(4000));
    assert_eq!(desk.order(&fits).status, 202);
    assert_eq!(desk.orders.try_iter().count(), 1);
    assert!(desk.is_alive());
}

#[test]
fn a_head_that_is_too_large_or_no_head_is_refused() {
    let desk = desk();
    let long = format!("X-Canary: {}", "x".repeat(100_000));
    let many: Vec<String> = (0..200).map(|number| format!("X-Canary-{number}: 1")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for headers in [&[long.as_str()][..], &many] {
        let answer = desk.ask("GET /healthz", headers, "");
        assert_eq!(answer.status, 431);
        assert!(!answer.body.contains('x'));
    }
    let path = desk.ask(&format!("GET /{}", "x".repeat(100_000)), &[], "");
    assert!([414, 431].contains(&path.status), "{}", path.status);
    for bytes in [
        &b"\0\0\0\0\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET /canary HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost localhost\r\n\r\n",
        b"POST /orders HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ] {
        if let Some(answer) = desk.raw(bytes) {
            assert!((400..500).contains(&answer.status), "{bytes:?}: {}", answer.status);
            assert!(!answer.body.contains("canary"));
        }
    }
    assert!(desk.is_alive());
}

#[test]
fn who_sends_a_byte_a_second_is_dropped_and_the_others_are_served_meanwhile() {
    let desk = desk();
    let since = Instant::now();
    let mut slow = desk.connect();
    let mut dropped = None;
    for byte in b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: yes\r\n" {
        let seen = Instant::now();
        if slow.write_all(&[*byte]).is_err() {
            dropped = Some(since.elapsed());
            break;
        }
        assert!(desk.is_alive(), "after {:?}", since.elapsed());
        slow.set_read_timeout(Some(
            Duration::from_secs(1).saturating_sub(seen.elapsed()).max(Duration::from_millis(1)),
        ))
        .expect("set");
        match slow.read(&mut [0; 512]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            _closed => {
                dropped = Some(since.elapsed());
                break;
            }
        }
    }
    let dropped = dropped.expect("it was dropped");
    assert!(dropped >= HEADERS && dropped < 2 * HEADERS, "after {dropped:?}");
    assert!(desk.is_alive());
}

#[test]
fn a_body_that_does_not_come_is_given_up() {
    let desk = desk();
    let mut slow = desk.connect();
    let head = format!(
        "POST /orders HTTP/1.1\r\nHost: {}\r\n{}\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{{",
        desk.address(),
        bearer(TOKEN)
    );
    slow.write_all(head.as_bytes()).expect("sent");
    assert!(desk.is_alive());
    assert_eq!(Answer::read(&read_all(&mut slow)).expect("an answer").status, 408);
    assert!(desk.orders.is_empty() && desk.is_alive());
}

#[test]
fn twice_as_many_connections_as_there_are_places_are_all_answered() {
    let desk = desk();
    let mut all: Vec<TcpStream> = (0..2 * CONNECTIONS).map(|_| desk.connect()).collect();
    let request = format!("GET /status HTTP/1.1\r\nHost: {}\r\n{}\r\n\r\n", desk.address(), bearer(TOKEN));
    // The last ones first: those who say nothing hold the places.
    for stream in all.iter_mut().rev() {
        stream.write_all(request.as_bytes()).expect("sent");
    }
    for stream in &mut all {
        assert_eq!(Answer::read(&read_all(stream)).expect("an answer").status, 200);
    }
}

#[test]
fn who_holds_every_place_in_silence_loses_them() {
    let desk = desk();
    let mut silent: Vec<TcpStream> = (0..2 * CONNECTIONS).map(|_| desk.connect()).collect();
    assert!(desk.is_alive(), "it waits in the queue, and is served");
    for stream in &mut silent {
        let said = read_all(stream);
        assert!(said.is_empty() || said.contains(" 408 "), "{said}");
    }
}

#[test]
fn who_connects_and_goes_costs_nothing() {
    let desk = desk();
    for number in 0..200 {
        let mut stream = desk.connect();
        if number % 2 == 0 {
            stream.write_all(b"GET /hea").ok();
        }
        if number % 3 == 0 {
            stream.shutdown(Shutdown::Both).ok();
        }
    }
    assert!(desk.is_alive());
}

#[test]
fn tricks_with_paths_lead_nowhere() {
    let desk = desk();
    for path in [
        "/../metrics",
        "/./status",
        "/..%2fmetrics",
        "/%2e%2e/metrics",
        "/%2e/metrics",
        "//metrics",
        "/metrics/",
        "/metrics%00",
        "/METRICS",
        "/metrics;x",
        "/%6detrics",
        "/staff.js/../status",
        "/assets/staff/index.html",
        "/index.html",
        "/etc/passwd",
        "/canary",
        "/\\..\\metrics",
    ] {
        let answer = desk.get(path);
        assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
        assert!(!answer.body.contains("canary") && !answer.body.contains("inner_room"), "{path}");
    }
    assert_eq!(desk.get("/../metrics").status, 404);
    assert_eq!(desk.get("/%2e%2e/metrics").status, 404);
    assert!(desk.is_alive());
}

#[test]
fn only_the_methods_that_there_are() {
    let desk = desk();
    for line in [
        "POST /",
        "DELETE /orders",
        "GET /orders",
        "PUT /orders",
        "OPTIONS /orders",
        "POST /metrics",
        "PATCH /status",
        "TRACE /healthz",
        "BREW /healthz",
    ] {
        let answer = desk.ask(line, &[&bearer(TOKEN)], "");
        assert_eq!(answer.status, 405, "{line}");
        assert_eq!(answer.header("access-control-allow-methods"), None);
    }
    assert!(desk.orders.is_empty());
}

#[test]
fn a_name_that_is_not_ours_reaches_nothing() {
    let desk = desk();
    let port = desk.address().port();
    for host in ["evil.example", &format!("evil.example:{port}"), "127.0.0.1:1", "", "localhost.evil.example"]
    {
        for path in ["/", "/healthz", "/metrics", "/canary"] {
            let answer = desk.ask(&format!("GET {path}"), &[&format!("Host: {host}"), &bearer(TOKEN)], "");
            assert_eq!(answer.status, 421, "{host} {path}");
            assert!(!answer.body.contains("evil"));
        }
    }
    let none = desk.raw(b"GET /healthz HTTP/1.1\r\n\r\n").expect("an answer");
    assert!([400, 421].contains(&none.status), "{}", none.status);
    for host in [format!("localhost:{port}"), format!("127.0.0.1:{port}")] {
        assert_eq!(desk.ask("GET /status", &[&format!("Host: {host}"), &bearer(TOKEN)], "").status, 200);
    }
}

#[test]
fn status_tells_the_page_what_it_shows() {
    let desk = desk();
    desk.board.set_state(State::Visit);
    desk.board.count(Count::Begun);
    desk.board.fault(Part::Camera);
    desk.board.show(|shown| {
        (shown.volume, shown.family, shown.next) = (70, true, Some("12:00".to_owned()));
    });
    let answer = desk.get("/status");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let status: Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!((&status["state"], &status["station"]), (&"visit".into(), &"hall 2".into()));
    assert_eq!((&status["volume"], &status["family"]), (&70.into(), &true.into()));
    assert_eq!((&status["next"], &status["unwell"][0]), (&"12:00".into(), &"camera".into()));
    assert_eq!((&status["visits"]["begun"], &status["faults"]), (&1.into(), &1.into()));
    let script = desk.ask("GET /staff.js", &[], "").body;
    for state in State::ALL {
        assert!(script.contains(&format!("\n  {}: ", state.name())), "the page has no words for {state:?}");
    }
    for part in Part::ALL {
        assert!(script.contains(&format!("\n  {}: ", part.name())), "the page has no words for {part:?}");
    }
}

/// The text exposition format 0.0.4: comments that name a family and its type, then a number for each set of labels.
#[test]
fn metrics_are_read_line_by_line_and_hold_numbers_alone() {
    let desk = desk();
    desk.board.count(Count::Sos);
    desk.board.show(|shown| shown.next = Some("canary".to_owned()));
    let answer = desk.get("/metrics");
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert!(!answer.body.contains("canary") && answer.body.ends_with('\n'));
    let (mut typed, mut samples) = (String::new(), 0);
    for line in answer.body.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let mut words = comment.split(' ');
            let (kind, name) = (words.next().expect("HELP or TYPE"), words.next().expect("a name"));
            if kind == "TYPE" {
                assert!(["counter", "gauge"].contains(&words.next().expect("a type")), "{line}");
                name.clone_into(&mut typed);
            } else {
                assert!(kind == "HELP" && words.next().is_some(), "{line}");
            }
            continue;
        }
        let (name, rest) = line.split_once('{').expect("labels");
        let (labels, value) = rest.split_once("} ").expect("a value");
        assert_eq!(name, typed, "each sample stands under its type");
        assert!(value.parse::<f64>().is_ok_and(f64::is_finite), "{line}");
        for label in labels.split(',') {
            let (label, its) = label.split_once('=').expect("a label");
            let its = its.strip_prefix('"').and_then(|its| its.strip_suffix('"')).expect("quoted");
            let known = match label {
                "station" => its == "hall 2",
                "part" => Part::ALL.iter().any(|part| part.name() == its),
                "state" => State::ALL.iter().any(|state| state.name() == its),
                _ => false,
            };
            assert!(known, "{line}");
        }
        samples += 1;
    }
    assert_eq!(samples, Count::ALL.len() + 2 * Part::ALL.len() + State::ALL.len() + 2);
    assert!(answer.body.contains("\ninner_room_sos_total{station=\"hall 2\"} 1\n"), "{}", answer.body);
}

#[test]
fn a_port_that_is_taken_is_said_in_one_line() {
    let desk = desk();
    let (send, _orders) = bounded(1);
    let taken = spawn(config(&desk.address().to_string()), Arc::default(), send.clone()).expect_err("taken");
    assert!(matches!(taken, StaffError::Taken(_)), "{taken}");
    assert!(taken.to_string().contains(&desk.address().to_string()) && !taken.to_string().contains('\n'));
    // TEST-NET-1 of RFC 5737 is nobody's.
    let nowhere =
        spawn(config("192.0.2.1:8414"), Arc::default(), send.clone()).expect_err("not of this machine");
    assert!(matches!(nowhere, StaffError::Listen { .. }), "{nowhere}");
    assert!(desk.is_alive());
}

#[test]
fn without_a_token_it_listens_on_this_machine_alone_and_takes_no_orders() {
    let (send, orders) = bounded(1);
    let open = Config { token: None, ..config("0.0.0.0:0") };
    let error = spawn(open, Arc::default(), send).expect_err("open to the network");
    assert!(matches!(error, StaffError::NoToken(_)), "{error}");
    assert!(orders.is_empty());
    let desk = desk_with(Config { token: None, ..config("127.0.0.1:0") }, 1);
    for token in ["", TOKEN] {
        assert_eq!(desk.ask("GET /status", &[&bearer(token)], "").status, 403);
        let order = desk.ask(
            "POST /orders",
            &[&bearer(token), "Content-Type: application/json"],
            "{\"order\":\"open\"}",
        );
        assert_eq!(order.status, 403);
    }
    assert!(desk.is_alive() && desk.orders.is_empty());
}

#[test]
fn one_that_is_dropped_stops_and_gives_its_port_back() {
    let desk = desk();
    let address = desk.address();
    let mut open = desk.connect();
    open.write_all(b"GET /heal").expect("sent");
    drop(desk);
    assert!(read_all(&mut open).is_empty(), "who was inside is put out");
    assert!(TcpStream::connect(address).is_err(), "nobody listens");
    let again = desk_with(config(&address.to_string()), 1);
    assert!(again.is_alive());
}
