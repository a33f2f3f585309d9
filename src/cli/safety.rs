//! `inner-room safety`: what the crisis check makes of each line by itself, so that anybody can audit it.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::Path;
use std::time::Instant;

use serde::Serialize;

use super::CliError;
use crate::dialogue::safety::{Category, Tier, check};

/// The longest line that is read, in bytes; the check reads what stands before it.
const LONGEST_LINE: u64 = 1024 * 1024;

/// What is printed for a line. Its words are not repeated.
#[derive(Serialize)]
struct Judged {
    /// Number of the line, from 1.
    line: u64,
    tier: &'static str,
    category: Option<Category>,
    /// How long the check took, in milliseconds.
    ms: f64,
}

/// Judges every line of a file, or of standard input.
pub(super) fn run(path: &Path) -> Result<(), CliError> {
    let shown = path.display();
    let input: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        let file = std::fs::File::open(path).map_err(|error| {
            CliError::Call(format!(
                "{shown} cannot be read: {error}. Name a text file, or - for standard input"
            ))
        })?;
        Box::new(file)
    };
    // The tables are read once, and are no part of a line's time.
    let _warm = check("It is read once before.");
    let mut input = BufReader::new(input);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in 1.. {
        let mut bytes = Vec::new();
        let read = input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes).map_err(|error| {
            CliError::Call(format!("{shown}, line {line} cannot be read: {error}. Name a text file"))
        })?;
        if read == 0 {
            break;
        }
        if !bytes.ends_with(b"\n") {
            input.skip_until(b'\n')?;
        }
        let judged = serde_json::to_string(&judge(line, &bytes)).map_err(std::io::Error::other)?;
        writeln!(out, "{judged}")?;
    }
    out.flush()?;
    Ok(())
}

fn judge(line: u64, bytes: &[u8]) -> Judged {
    let text = String::from_utf8_lossy(bytes);
    let before = Instant::now();
    let finding = check(&text).finding;
    let ms = (before.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    let tier = match finding.map(|finding| finding.tier) {
        Some(Tier::Red | Tier::Sos) => "red",
        Some(Tier::Amber) => "amber",
        None => "none",
    };
    Judged { line, tier, category: finding.map(|finding| finding.category), ms }
}
