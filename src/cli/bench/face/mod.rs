//! From a picture to what the nearest face in it may show, on one thread: with each of what runs networks here, and beside it
//! the same in Python with ONNX Runtime, one after the other for each picture.

mod peer;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use self::peer::{Looked, Peer};
use super::{Times, machine};
use crate::cli::bench::args::LooksArgs;
use crate::cli::{CliError, backend, complain, face, load_settings};
use crate::config::Settings;
use crate::models::Folders;
use crate::models::catalogue::{Catalogue, Entry, Role};
use crate::models::onnx::{Backend, Worker};
use crate::senses::face::{Choice, Picture, Reader, Reading, name};

/// How often each picture is looked at before anything counts.
const BEFORE: usize = 2;
/// How many pictures a second are looked at in the room.
const A_SECOND: f64 = 5.0;

/// What is asked of each: the share of a core at most, in percent, and how long it may take by the time of Python.
fn asked_of(backend: Backend) -> (f64, f64) {
    match backend {
        Backend::OnnxRuntime => (10.0, 1.0),
        Backend::Rten => (25.0, 4.0),
    }
}

/// One of what runs networks, and how long it took.
struct Ours {
    backend: Backend,
    reader: Reader,
    times: Times,
}

pub(super) fn run(args: &LooksArgs) -> Result<(), CliError> {
    if let Some(name) = &args.expression {
        face::known(name)?;
    }
    let models = Folders::new(args.models.clone());
    let files = files(args, &models)?;
    let mut ours = ours(args, &load_settings(None)?, &models)?;
    let mut out = std::io::stdout();
    let Some(first) = ours.first() else { return Ok(()) };
    let names: Vec<&str> = first.reader.expressions().names().collect();
    writeln!(
        out,
        "bench face: {}; {} pictures, {} times each, one thread; yunet and {}",
        machine(),
        files.len(),
        args.rounds,
        names.join(", ")
    )?;
    let mut peer = match Peer::start(&used(&models, &names)?, &files) {
        Ok(peer) => {
            writeln!(out, "beside it: {}", peer.title)?;
            Some(peer)
        }
        Err(why) => {
            writeln!(out, "beside it nothing, because Python cannot do the same here: {why}")?;
            None
        }
    };
    let apart = measure(args.rounds as usize, &mut ours, &mut peer, &files)?;
    writeln!(out, "{:<58} {:>9} {:>9} {:>9}   n", "ms", "median", "least", "most")?;
    for line in rows(&ours, peer.as_ref()) {
        writeln!(out, "{line}")?;
    }
    if let Some(peer) = &peer {
        writeln!(
            out,
            "largest difference of a probability from Python, which cuts faces out otherwise: {apart:.3}"
        )?;
        writeln!(out, "pictures in which Python saw no face: {}", peer.blind)?;
    }
    Ok(())
}

/// The pictures that were named, or those beside a folder of models.
fn files(args: &LooksArgs, models: &Folders) -> Result<Vec<PathBuf>, CliError> {
    if !args.files.is_empty() {
        return Ok(args.files.clone());
    }
    let beside = models.paths().iter().filter_map(|folder| Some(folder.parent()?.join("faces")));
    let picture = |path: &PathBuf| path.extension().is_some_and(|it| it == "jpg" || it == "png");
    let mut found: Vec<PathBuf> = beside
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path()).filter(picture))
        .collect();
    found.sort();
    if found.is_empty() {
        let why = "no picture of a face is here; name some: inner-room bench face FILE";
        return Err(CliError::Call(why.to_owned()));
    }
    Ok(found)
}

/// All that can run the networks here.
fn ours(args: &LooksArgs, settings: &Settings, models: &Folders) -> Result<Vec<Ours>, CliError> {
    let choice = Choice { expression: args.expression.clone(), points: false };
    let mut workers = vec![Worker::default()];
    match backend::worker(Some(Backend::OnnxRuntime), settings, models) {
        Ok(worker) => workers.insert(0, worker),
        Err(why) => complain(&why.to_string()),
    }
    let ours = |worker: Worker| {
        let reader = Reader::load_on(models, &choice, &worker)?;
        Ok(Ours { backend: worker.backend(), reader, times: Times::default() })
    };
    workers.into_iter().map(ours).collect()
}

/// The entries that are used, the detector first, with their files.
fn used(models: &Folders, names: &[&str]) -> Result<Vec<(Entry, PathBuf)>, CliError> {
    let all = Catalogue::built_in()?;
    let expressions = names.iter().filter_map(|name| all.find(name).cloned());
    let expressions = expressions.filter_map(|entry| Some((models.find(&entry.file)?, entry)));
    let detector = models.find_role(Role::FaceDetector, "");
    Ok(detector.into_iter().chain(expressions.map(|(path, entry)| (entry, path))).collect())
}

/// Each picture by each, one after the other. How far the likeliest that we say is from Python's, at most.
fn measure(
    rounds: usize,
    ours: &mut [Ours],
    peer: &mut Option<Peer>,
    files: &[PathBuf],
) -> Result<f32, CliError> {
    let open = |path: &Path| {
        let why = |error| CliError::Call(format!("{}: {error}", path.display()));
        Picture::open(path).map_err(why)
    };
    let pictures = files.iter().map(|path| open(path)).collect::<Result<Vec<_>, _>>()?;
    let mut apart = 0.0_f32;
    for round in 0..BEFORE + rounds {
        for (at, picture) in pictures.iter().enumerate() {
            let mut seen = None;
            for one in &mut *ours {
                let begun = Instant::now();
                seen = one.reader.read(picture)?;
                if round >= BEFORE {
                    one.times.0.push(begun.elapsed());
                }
            }
            let Some(peer) = peer else { continue };
            let looked = peer.look(at, round >= BEFORE)?;
            apart = apart.max(difference(seen.as_ref(), &looked));
        }
    }
    Ok(apart)
}

fn difference(ours: Option<&Reading>, theirs: &Looked) -> f32 {
    let likely = ours.into_iter().flat_map(|reading| &reading.guess.likely);
    let apart = likely.filter_map(|(expression, likely)| {
        let other = theirs.iter().find(|it| it.0 == name(*expression))?;
        Some((other.1 - likely).abs())
    });
    apart.fold(0.0, f32::max)
}

fn ms(time: Option<Duration>) -> f64 {
    time.map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

fn rows(ours: &[Ours], peer: Option<&Peer>) -> Vec<String> {
    let mut lines: Vec<String> = ours.iter().map(|it| it.times.row(it.backend.name())).collect();
    lines.extend(peer.map(|peer| peer.times.row("Python with ONNX Runtime")));
    let holds = |it: bool| if it { "holds" } else { "does not hold" };
    for one in ours {
        let (share, times) = asked_of(one.backend);
        let (name, took) = (one.backend.name(), ms(one.times.median()));
        let is = took * A_SECOND / 10.0;
        lines.push(format!(
            "{name}: {is:.1} % of a core at {A_SECOND} pictures a second; at most {share} is asked: {}",
            holds(is <= share)
        ));
        let theirs = peer.map(|peer| ms(peer.times.median())).filter(|it| *it > 0.0);
        lines.extend(theirs.map(|theirs| {
            let by = took / theirs;
            format!(
                "{name}: {by:.2} times as long as Python; at most {times} is asked: {}",
                holds(by <= times)
            )
        }));
    }
    lines
}
