//! Getting a file, from servers that do what they should not, into memory.

use std::time::{Duration, Instant};

use inner_room::net::download::{DownloadError, Held, Limits, Start, Target, fetch};

use crate::server::{FileServer, file, head, rest};
use crate::tls;
use crate::wire::Step;

/// Memory that takes a file, or no more than so much of it.
#[derive(Default)]
struct Memory {
    bytes: Vec<u8>,
    tag: Option<String>,
    starts: Vec<Start>,
    room: Option<usize>,
}

impl Target for Memory {
    fn held(&self) -> std::io::Result<Held> {
        Ok(Held { bytes: self.bytes.len() as u64, tag: self.tag.clone() })
    }

    fn start(&mut self, start: &Start) -> std::io::Result<()> {
        self.bytes.truncate(start.from as usize);
        self.starts.push(start.clone());
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if self.room.is_some_and(|room| self.bytes.len() + bytes.len() > room) {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend(bytes);
        Ok(())
    }
}

fn limits(size: Option<usize>) -> Limits {
    let patience = Duration::from_millis(1_500);
    Limits { connect: patience, idle: patience, size: size.map(|size| size as u64), most: 1_000_000 }
}

/// What comes from a server that always answers like this.
fn from(steps: Vec<Step>, size: Option<usize>) -> (Memory, Result<(), DownloadError>) {
    let server = FileServer::new(move |_, _| steps.clone());
    let mut memory = Memory::default();
    let ended = fetch(&server.address(), limits(size), &mut memory);
    (memory, ended)
}

#[test]
fn a_file_comes_whole_and_how_it_begins_is_told_before() {
    let bytes = file();
    let (memory, ended) = from(rest(&bytes, &Default::default(), usize::MAX, "\"a\""), Some(bytes.len()));
    ended.expect("it comes");
    assert!(memory.bytes == bytes);
    let start = Start { from: 0, total: Some(bytes.len() as u64), tag: Some("\"a\"".to_owned()) };
    assert_eq!(memory.starts, [start]);
}

#[test]
fn a_file_without_a_length_comes_to_its_end() {
    let bytes = file();
    let (memory, ended) = from(vec![head("200 OK", None, ""), Step::Send(bytes.clone())], None);
    ended.expect("it comes");
    assert!(memory.bytes == bytes);
    let (_, ended) = from(vec![head("200 OK", None, ""), Step::Send(bytes.clone())], Some(bytes.len() + 1));
    assert!(matches!(ended, Err(DownloadError::CutOff(_))), "{ended:?}");
}

#[test]
fn a_connection_that_breaks_is_a_cut_and_what_came_is_kept() {
    let bytes = file();
    for last in [vec![], vec![Step::Reset]] {
        let mut steps = rest(&bytes, &Default::default(), 100_000, "");
        // A reset throws away what the other side has not read yet.
        steps.push(Step::Wait(300));
        steps.extend(last);
        let (memory, ended) = from(steps, Some(bytes.len()));
        assert!(matches!(ended, Err(DownloadError::CutOff(_))), "{ended:?}");
        assert!(memory.bytes == bytes[..100_000] && ended.expect_err("a cut").may_go_on());
    }
}

#[test]
fn a_server_that_falls_silent_is_given_up() {
    let bytes = file();
    let mut steps = rest(&bytes, &Default::default(), 1_000, "");
    steps.push(Step::Hold);
    for (steps, came) in [(steps, 1_000), (vec![Step::Hold], 0)] {
        let begun = Instant::now();
        let (memory, ended) = from(steps, None);
        assert!(matches!(ended, Err(DownloadError::Late(_))), "{ended:?}");
        assert!(begun.elapsed() < Duration::from_secs(6) && memory.bytes.len() == came);
    }
}

#[test]
fn a_page_in_the_place_of_the_file_is_known_by_its_kind_or_by_its_beginning() {
    let page = b"<!DOCTYPE html><title>Sign in</title>".to_vec();
    for kind in ["text/html; charset=utf-8", "application/octet-stream"] {
        let steps =
            vec![head("200 OK", None, &format!("Content-Type: {kind}\r\n")), Step::Send(page.clone())];
        let server = FileServer::new(move |_, _| steps.clone());
        let mut memory = Memory { bytes: vec![7; 40], ..Memory::default() };
        let error = fetch(&server.address(), limits(None), &mut memory).expect_err("a page");
        assert!(matches!(error, DownloadError::Page(_)) && error.to_string().contains("sign in"), "{error}");
        assert_eq!(memory.bytes, [7; 40], "what was here is left as it is");
    }
}

#[test]
fn another_size_is_said_before_anything_is_taken() {
    let bytes = file();
    let (memory, ended) = from(rest(&bytes, &Default::default(), usize::MAX, ""), Some(1_000));
    assert!(matches!(ended, Err(DownloadError::Size { size: 1_000, .. })), "{ended:?}");
    assert!(memory.starts.is_empty());
    let large = vec![head("200 OK", Some(2_000_000), ""), Step::Forever(vec![0; 10_000])];
    let (memory, ended) = from(large, None);
    assert!(matches!(ended, Err(DownloadError::TooLarge { .. })) && memory.starts.is_empty(), "{ended:?}");
}

#[test]
fn a_server_that_sends_without_end_is_cut_off() {
    let (memory, ended) = from(vec![head("200 OK", None, ""), Step::Forever(vec![0; 10_000])], None);
    assert!(matches!(ended, Err(DownloadError::TooLarge { most: 1_000_000, .. })), "{ended:?}");
    assert!(memory.bytes.len() <= 1_000_000);
}

#[test]
fn a_server_that_sends_on_is_followed_and_asked_for_the_same_part() {
    let bytes = file();
    let kept = bytes.clone();
    let server = FileServer::new(move |wanted, _| match wanted.path.as_str() {
        "/v1/test.onnx" => vec![head("302 Found", Some(0), "Location: /elsewhere/a.bin\r\n")],
        "/elsewhere/a.bin" => vec![head("307 Temporary Redirect", Some(0), "Location: b.bin?key=1\r\n")],
        _ => rest(&kept, wanted, usize::MAX, "\"a\""),
    });
    let tag = Some("\"a\"".to_owned());
    let mut memory = Memory { bytes: bytes[..50_000].to_vec(), tag: tag.clone(), ..Memory::default() };
    fetch(&server.address(), limits(Some(bytes.len())), &mut memory).expect("it comes");
    assert!(memory.bytes == bytes);
    let asked = server.asked();
    assert_eq!(asked.last().map(|last| last.path.as_str()), Some("/elsewhere/b.bin?key=1"));
    assert!(asked.iter().all(|wanted| wanted.from == Some(50_000) && wanted.tag == tag), "{asked:?}");
}

#[test]
fn sending_on_ends_somewhere_and_never_leads_away_in_the_clear() {
    let (_, ended) = from(vec![head("302 Found", Some(0), "Location: /v1/test.onnx\r\n")], None);
    assert!(matches!(ended, Err(DownloadError::Redirects(_))), "{ended:?}");
    let (_, ended) = from(vec![head("302 Found", Some(0), "Location: http://example.org/a\r\n")], None);
    assert!(matches!(ended, Err(DownloadError::InTheClear(_))), "{ended:?}");
    let (_, ended) = from(vec![head("302 Found", Some(0), "")], None);
    assert!(matches!(ended, Err(DownloadError::Status { status: 302, .. })), "{ended:?}");
}

#[test]
fn what_is_refused_or_cannot_be_reached_is_one_clear_line() {
    let (_, missing) = from(vec![head("404 Not Found", Some(0), "")], None);
    assert!(missing.expect_err("refused").to_string().starts_with("127.0.0.1 answered 404."));
    let mut memory = Memory::default();
    let mut get = |address: &str| fetch(address, limits(None), &mut memory).expect_err("it fails");
    let certificate = get(&tls::self_signed());
    assert!(matches!(certificate, DownloadError::Certificate { .. }), "{certificate:?}");
    let nobody = get("http://127.0.0.1:1/a");
    assert!(matches!(nobody, DownloadError::Unreachable { .. }), "{nobody:?}");
    let no_host = get("https://nowhere.invalid/a");
    assert!(matches!(no_host, DownloadError::Unreachable { .. }), "{no_host:?}");
    for address in ["", "a/b", "ftp://example.org/a"] {
        assert!(matches!(get(address), DownloadError::Address(_)), "{address}");
    }
    for error in [certificate, nobody, no_host] {
        assert!(!error.to_string().contains('\n'), "{error}");
    }
}

#[test]
fn a_full_disk_ends_it() {
    let bytes = file();
    let steps = rest(&bytes, &Default::default(), usize::MAX, "");
    let server = FileServer::new(move |_, _| steps.clone());
    let mut memory = Memory { room: Some(100_000), ..Memory::default() };
    let error = fetch(&server.address(), limits(None), &mut memory).expect_err("no room");
    assert!(matches!(error, DownloadError::Write(_)) && !error.may_go_on(), "{error:?}");
    assert!(memory.bytes == bytes[..memory.bytes.len()]);
}
