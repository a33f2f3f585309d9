//! `inner-room listen`: what is heard in a recording, as JSON Lines.

use std::io::Write as _;

use serde::Serialize;

use super::args::ListenArgs;
use super::{CliError, complain};
use crate::models::Folders;
use crate::senses::sound::{Recording, SoundError};
use crate::senses::voice_activity::{self, Listener, Segment};

/// A line of what was heard.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Heard {
    /// Somebody spoke: from when to when, in seconds.
    Segment { from: f64, to: f64 },
}

impl Heard {
    fn segment(segment: Segment) -> Self {
        let thousandths = |seconds: f64| (seconds * 1_000.0).round() / 1_000.0;
        let (from, to) = segment.seconds();
        Self::Segment { from: thousandths(from), to: thousandths(to) }
    }
}

/// Hears a recording, and prints each stretch of speech as it ends.
pub(super) fn run(args: &ListenArgs) -> Result<(), CliError> {
    let mut recording = Recording::open(&args.file)?;
    let (detector, built_in) = voice_activity::best(&Folders::new(args.models.clone()));
    if let Some(why) = built_in {
        complain(&format!("{why}; the detector that is built in hears, which takes music for speech"));
    }
    let mut listener = Listener::new(detector);
    let cut = loop {
        match recording.next_piece() {
            Ok(Some(piece)) => print(listener.push(&piece)?)?,
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    print(listener.finish())?;
    cut.map_or(Ok(()), |error: SoundError| Err(error.into()))
}

fn print(segments: impl IntoIterator<Item = Segment>) -> Result<(), CliError> {
    let mut out = std::io::stdout();
    for segment in segments {
        let line = serde_json::to_string(&Heard::segment(segment)).map_err(std::io::Error::other)?;
        writeln!(out, "{line}")?;
    }
    Ok(())
}
