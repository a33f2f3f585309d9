//! A server with one file, which does what it is told.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use inner_room::models::catalogue::{Catalogue, Entry};

use crate::wire::{Seen, Step, WireServer};

/// Something to get: not alike at any two places, so that a piece at the wrong one is seen.
pub(crate) fn file() -> Vec<u8> {
    (0..90_000_u32).flat_map(u32::to_le_bytes).collect()
}

/// An entry for a file with these bytes. The size is in it, or not.
pub(crate) fn entry(bytes: &[u8], size: Option<usize>) -> Entry {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    let digits = digest.as_ref().iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").expect("memory");
        digits
    });
    let size = size.map_or_else(String::new, |size| format!("size = {size}\n"));
    let text = format!(
        "[[model]]\nname = \"test\"\nfile = \"speech/test.onnx\"\nrole = \"voice_activity\"\nabout = \"A test.\"\n\
         licence = \"MIT\"\naddress = \"https://example.org/test.onnx\"\nchecksum = \"sha256:{digits}\"\n{size}"
    );
    Catalogue::read(&text).expect("an entry").entries()[0].clone()
}

/// Where the file of [`entry`] lies in a folder of models, and where it stands while it comes.
pub(crate) fn places(folder: &Path) -> (PathBuf, PathBuf) {
    (folder.join("speech/test.onnx"), folder.join("speech/test.onnx.part"))
}

/// What a request wants to have: from which byte, and if the file is still the one with this mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) path: String,
    pub(crate) from: Option<usize>,
    pub(crate) tag: Option<String>,
}

impl Wanted {
    fn read(seen: &Seen) -> Self {
        let header = |name: &str| {
            let line = seen.head.lines().find(|line| line.to_lowercase().starts_with(name))?;
            Some(line[name.len()..].trim().to_owned())
        };
        let range =
            header("range:").map(|range| range.trim_start_matches("bytes=").trim_end_matches('-').to_owned());
        Self {
            path: seen.head.split(' ').nth(1).expect("a path").to_owned(),
            from: range.map(|from| from.parse().expect("a number")),
            tag: header("if-range:"),
        }
    }
}

/// A server, and what it was asked for.
pub(crate) struct FileServer {
    server: WireServer,
    asked: Arc<Mutex<Vec<Wanted>>>,
}

impl FileServer {
    /// A server that answers what is wanted, the how-manieth time it is asked, from 0.
    pub(crate) fn new(answer: impl Fn(&Wanted, usize) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let asked: Arc<Mutex<Vec<Wanted>>> = Arc::default();
        let kept = Arc::clone(&asked);
        let server = WireServer::new(move |seen| {
            let wanted = Wanted::read(seen);
            let mut asked = kept.lock().expect("no thread broke off");
            asked.push(wanted.clone());
            let before = asked.len() - 1;
            drop(asked);
            answer(&wanted, before)
        });
        Self { server, asked }
    }

    pub(crate) fn address(&self) -> String {
        format!("{}/test.onnx", self.server.address)
    }

    pub(crate) fn asked(&self) -> Vec<Wanted> {
        self.asked.lock().expect("no thread broke off").clone()
    }

    /// From which byte it was asked, each time.
    pub(crate) fn ranges(&self) -> Vec<Option<usize>> {
        self.asked().into_iter().map(|wanted| wanted.from).collect()
    }
}

/// A head with a line that says how it is, and more lines.
pub(crate) fn head(status: &str, length: Option<usize>, more: &str) -> Step {
    let length = length.map_or_else(String::new, |length| format!("Content-Length: {length}\r\n"));
    let kind = if more.contains("Content-Type") { "" } else { "Content-Type: application/octet-stream\r\n" };
    Step::Send(format!("HTTP/1.1 {status}\r\n{kind}{length}Connection: close\r\n{more}\r\n").into_bytes())
}

/// What is left of the file, as it is wanted, cut off after so many bytes; with a mark.
pub(crate) fn rest(bytes: &[u8], wanted: &Wanted, most: usize, tag: &str) -> Vec<Step> {
    let tag = if tag.is_empty() { String::new() } else { format!("ETag: {tag}\r\n") };
    let Some(from) = wanted.from else {
        return vec![
            head("200 OK", Some(bytes.len()), &tag),
            Step::Send(bytes[..most.min(bytes.len())].to_vec()),
        ];
    };
    let size = bytes.len();
    if from >= size {
        let page = format!("Content-Type: text/html\r\nContent-Range: bytes */{size}\r\n");
        return vec![head("416 Range Not Satisfiable", Some(0), &page)];
    }
    let range = format!("Content-Range: bytes {from}-{}/{size}\r\n{tag}", size - 1);
    let left = &bytes[from..];
    vec![
        head("206 Partial Content", Some(left.len()), &range),
        Step::Send(left[..most.min(left.len())].to_vec()),
    ]
}
