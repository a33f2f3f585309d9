//! From the end of what is said to the first sound of the answer, stage by stage, and how soon a figure falls silent that is
//! spoken into: the program's own hearing, session, voice and mixer, between devices that are none.

mod evening;
mod known;
mod person;
mod stages;
mod twins;

use std::io::Write as _;
use std::time::Duration;

use self::evening::{Evening, Terms};
use self::person::Person;
use self::stages::{Interrupted, Spans, Stages, rows};
use super::machine;
use crate::cli::CliError;
use crate::cli::bench::args::SpeechArgs;
use crate::models::{Folders, SILERO};
use crate::senses::patience::Patience;

/// So many utterances an evening has, before the next one begins.
const OF_AN_EVENING: usize = 10;
/// What is asked: our own share at most, and how soon a figure is ducked, in milliseconds.
const OWN: f64 = 60.0;
const DUCKED: f64 = 150.0;

pub(super) fn run(args: &SpeechArgs) -> Result<(), CliError> {
    let models = Folders::new(args.models.clone());
    let person = Person::of(args.file.as_deref())?;
    let silero = models.find(SILERO).is_some();
    let terms = Terms {
        by_key: !(silero && person.is_speech),
        models,
        recogniser: Duration::from_millis(args.recogniser),
        synthesiser: Duration::from_millis(args.synthesiser),
    };
    let mut out = std::io::stdout();
    for line in head(args, &terms, &person) {
        writeln!(out, "{line}")?;
    }
    let (mut stages, mut interrupted, mut lost) = (Vec::new(), Vec::new(), 0);
    let (mut done, mut seed) = (0, 1);
    while done < args.rounds as usize {
        let count = OF_AN_EVENING.min(args.rounds as usize - done);
        let mut evening = Evening::begin(&terms, seed)?;
        evening.hold(&person, done, count)?;
        stages.append(&mut evening.stages);
        interrupted.append(&mut evening.interrupted);
        lost += evening.lost;
        evening.end()?;
        (done, seed) = (done + count, seed + 1);
    }
    writeln!(out, "{:<66} {:>8} {:>8} {:>8} {:>8}   n", "milliseconds", "median", "p95", "least", "most")?;
    for line in rows(&stages).into_iter().chain(barge_in(&interrupted)) {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "utterances that were not answered in time: {lost} of {}", args.rounds)?;
    for line in asked(&stages, &interrupted) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// What it ran, on what.
fn head(args: &SpeechArgs, terms: &Terms, person: &Person) -> Vec<String> {
    let wait = |words: &str| f64::from(Patience::after(words, false).0) / 1e3;
    let heard = match (terms.by_key, person.is_speech) {
        (false, _) => "by Silero, whenever they speak",
        (true, true) => "while a key is held, because Silero is not here",
        (true, false) => "while a key is held, because no detector hears a voice in that",
    };
    let waited = if terms.by_key {
        "none, the key says where it ends".to_owned()
    } else {
        format!("{} s of silence, because nothing is known of the words", wait(""))
    };
    vec![
        format!("bench speech: {}; devices that are none, in real time", machine()),
        format!(
            "{} utterances by {}, heard {heard}; the recogniser takes {} ms, the synthesiser {} ms a sentence",
            args.rounds, person.who, args.recogniser, args.synthesiser
        ),
        format!(
            "the deliberate wait for the end: {waited}; where words come before the end, {} s after a finished sentence and {} s in mid-thought",
            wait("Yes."),
            wait("and")
        ),
    ]
}

fn barge_in(all: &[Interrupted]) -> Vec<String> {
    vec![
        Spans::of(all, |it| it.ducked.0).row("spoken into: onset to half as loud, as it leaves the mixer"),
        Spans::of(all, |it| it.ducked.1).row("  the same, as it is heard"),
        Spans::of(all, |it| it.silent).row("  onset to silence, as it is heard"),
        Spans::of(all, |it| it.after).row("  taken for meant to silence"),
    ]
}

/// What was asked, and whether it holds.
fn asked(stages: &[Stages], interrupted: &[Interrupted]) -> Vec<String> {
    let holds = |it: bool| if it { "holds" } else { "does not hold" };
    let figure = |what: &str, found: Option<f64>, most: f64| {
        found.map_or_else(
            || format!("{what} nothing was measured"),
            |found| format!("{what} {found:.1} ms; at most {most} is asked: {}", holds(found <= most)),
        )
    };
    let own = Spans::of(stages, Stages::own);
    let ducked = Spans::of(interrupted, |it| it.ducked.1);
    let within = interrupted.iter().filter(|it| it.within_a_word).count();
    vec![
        figure("own share, median:", own.at_most(0.5), OWN),
        figure("own share, p95:", own.at_most(0.95), OWN),
        figure("onset to ducked, median:", ducked.at_most(0.5), DUCKED),
        figure("onset to ducked, p95:", ducked.at_most(0.95), DUCKED),
        format!(
            "silent within one word of being taken for meant: {within} of {}: {}",
            interrupted.len(),
            holds(within == interrupted.len() && within > 0)
        ),
    ]
}
