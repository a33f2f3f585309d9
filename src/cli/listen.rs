//! `inner-room listen`: what is heard in a recording, as JSON Lines.

use std::collections::VecDeque;
use std::io::Write as _;

use serde::Serialize;

use super::args::ListenArgs;
use super::{CliError, complain};
use crate::models::Folders;
use crate::net::endpoint::Endpoint;
use crate::senses::transcript::{
    Cancel, Recogniser, Server, TranscriptError, Whisper, Why, credible, whisper_model,
};
use crate::senses::voice_activity::{self, Listener, Segment};
use crate::sound::{RATE, Recording, samples};

/// A line of what was heard, from when to when, in seconds.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Heard {
    /// Somebody spoke.
    Segment { from: f64, to: f64 },
    /// What they said.
    Text { from: f64, to: f64, text: String },
}

impl Heard {
    fn segment(segment: Segment) -> Self {
        let (from, to) = seconds(segment);
        Self::Segment { from, to }
    }

    fn text(segment: Segment, text: String) -> Self {
        let (from, to) = seconds(segment);
        Self::Text { from, to, text }
    }
}

/// To the thousandth.
fn seconds(segment: Segment) -> (f64, f64) {
    let thousandths = |seconds: f64| (seconds * 1_000.0).round() / 1_000.0;
    let (from, to) = segment.seconds();
    (thousandths(from), thousandths(to))
}

/// Hears a recording, and prints each stretch of speech as it ends, and its words where something makes them.
pub(super) fn run(args: &ListenArgs) -> Result<(), CliError> {
    let models = Folders::new(args.models.clone());
    let mut words = recogniser(args, &models)?.map(|recogniser| Words::new(recogniser, &args.lang));
    let mut recording = Recording::open(&args.file)?;
    let (detector, built_in) = voice_activity::best(&models);
    if let Some(why) = built_in {
        complain(&format!("{why}; the detector that is built in hears, which takes music for speech"));
    }
    let mut listener = Listener::new(detector);
    let cut = loop {
        match recording.next_piece() {
            Ok(Some(piece)) => {
                let segments = listener.push(&piece)?;
                if let Some(words) = &mut words {
                    words.keep(&piece);
                }
                tell(&segments, words.as_mut(), listener.begun(), false)?;
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    let last: Vec<Segment> = listener.finish().into_iter().collect();
    tell(&last, words.as_mut(), None, true)?;
    if let Some(error) = cut {
        return Err(error.into());
    }
    words.and_then(|words| words.failed).map_or(Ok(()), |error: TranscriptError| Err(error.into()))
}

/// What makes the words: the server that was named, else the whisper model that there is, else nothing.
fn recogniser(args: &ListenArgs, models: &Folders) -> Result<Option<Box<dyn Recogniser>>, CliError> {
    if let Some(address) = &args.transcribe {
        let endpoint = Endpoint::new(address, None).map_err(|error| CliError::Call(error.to_string()))?;
        return Ok(Some(Box::new(Server::new(endpoint, args.model.as_deref())?)));
    }
    let Some(path) = whisper_model(models) else { return Ok(None) };
    match Whisper::load(&path) {
        Ok(whisper) => Ok(Some(Box::new(whisper))),
        Err(error) => {
            complain(&format!("{error}; no words are made"));
            Ok(None)
        }
    }
}

/// Prints stretches of speech, and the words of all whose sound is there.
fn tell(
    segments: &[Segment],
    words: Option<&mut Words>,
    begun: Option<u64>,
    over: bool,
) -> Result<(), CliError> {
    let Some(words) = words else {
        return segments.iter().try_for_each(|segment| print(&Heard::segment(*segment)));
    };
    for (at, &segment) in segments.iter().enumerate() {
        // The words of the one before come before it.
        words.speak_until(Some(segment.from), over)?;
        print(&Heard::segment(segment))?;
        words.waiting.push_back(segment);
        let next = segments.get(at + 1).map(|next| next.from).or(begun);
        words.speak_until(next, over)?;
    }
    words.speak_until(begun, over)?;
    words.forget(begun);
    Ok(())
}

fn print(heard: &Heard) -> Result<(), CliError> {
    let line = serde_json::to_string(heard).map_err(std::io::Error::other)?;
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

/// So much of the sound around a stretch of speech is heard with it, in milliseconds: soft sounds at its ends are no voice.
const AROUND_MS: u32 = 200;

/// Makes words of stretches of speech, and keeps as much of the sound as they need.
struct Words {
    recogniser: Box<dyn Recogniser>,
    lang: String,
    sound: Vec<f32>,
    /// Where the sound that is kept begins, in samples.
    from: u64,
    /// Stretches whose sound is not all there yet.
    waiting: VecDeque<Segment>,
    /// Where the last one ended whose words were made: nothing is heard twice.
    heard: u64,
    /// Why no more words are made.
    failed: Option<TranscriptError>,
}

impl Words {
    fn new(recogniser: Box<dyn Recogniser>, lang: &str) -> Self {
        let (sound, waiting) = (Vec::new(), VecDeque::new());
        Self { recogniser, lang: lang.to_owned(), sound, from: 0, waiting, heard: 0, failed: None }
    }

    fn keep(&mut self, piece: &[f32]) {
        self.sound.extend_from_slice(piece);
    }

    fn end(&self) -> u64 {
        self.from + self.sound.len() as u64
    }

    /// Makes the words of every stretch whose sound is there; `next` is where the one after the last of them begins.
    fn speak_until(&mut self, next: Option<u64>, over: bool) -> Result<(), CliError> {
        while let Some(&segment) = self.waiting.front() {
            let next = self.waiting.get(1).map(|next| next.from).or(next).unwrap_or(u64::MAX);
            let to = (segment.to + samples(AROUND_MS)).min(next.max(segment.to));
            if to > self.end() && !over {
                break;
            }
            self.waiting.pop_front();
            if self.failed.is_none() {
                self.speak(segment, to)?;
            }
            self.heard = segment.to;
        }
        Ok(())
    }

    fn speak(&mut self, segment: Segment, to: u64) -> Result<(), CliError> {
        let from = segment.from.saturating_sub(samples(AROUND_MS)).max(self.heard).max(self.from);
        let within = |at: u64| (at.max(self.from) - self.from).min(self.sound.len() as u64) as usize;
        let sound = &self.sound[within(from)..within(to).max(within(from))];
        let voiced_ms = (segment.to - segment.from) * 1_000 / u64::from(RATE);
        let transcript = match self.recogniser.transcribe(sound, &self.lang, &Cancel::default()) {
            Ok(transcript) => transcript,
            Err(error) => {
                self.failed = Some(error);
                return Ok(());
            }
        };
        match credible(&transcript, sound, u32::try_from(voiced_ms).unwrap_or(u32::MAX)) {
            Ok(text) => print(&Heard::text(segment, text)),
            Err(Why::Empty) => Ok(()),
            Err(why) => {
                let (from, to) = seconds(segment);
                complain(&format!("what was made of {from} to {to} seconds is left out: {why}"));
                Ok(())
            }
        }
    }

    /// Lets go of the sound that no stretch needs any more.
    fn forget(&mut self, begun: Option<u64>) {
        // What speaks next may have begun with the latest frames, which are no stretch yet.
        let latest = self.end().saturating_sub(samples(AROUND_MS));
        let waits = self.waiting.front().map(|segment| segment.from);
        let needed = waits.or(begun).unwrap_or(latest).min(latest).saturating_sub(samples(AROUND_MS));
        let gone = needed.saturating_sub(self.from).min(self.sound.len() as u64);
        self.sound.drain(..gone as usize);
        self.from += gone;
    }
}
