//! Evenings with a face: pictures of real faces go through the real networks and the sense, and what comes of them stands
//! beside the same evening without. The Devil's strength and the ending are the same in both.

#![cfg(feature = "face")]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "a skip has a name, and what changed is printed")]

#[path = "support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use inner_room::cast::Cast;
use inner_room::cast::story::StoryCast;
use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::event::{Event, Kind};
use inner_room::dialogue::face::{Expression, FaceCue, FaceSummary, Level, Sight};
use inner_room::dialogue::ids::{AskId, Millis, UtteranceId};
use inner_room::dialogue::input::{Sense, Via};
use inner_room::dialogue::request::AgentRequest;
use inner_room::dialogue::{Input, Phase};
use inner_room::host::script::RecordedFace;
use inner_room::host::{Host, Parts};
use inner_room::models::Folders;
use inner_room::senses::camera::{Frame, Keeper, Lost, Source};
use inner_room::senses::face::sense::{EXPRESSIONS, Glance, Look, Sense as FaceSense};
use inner_room::senses::face::watch::{self, Looks, Watch};
use inner_room::senses::face::{Choice, Picture, Reader, circumplex, words};
use support::{Evening, Visitor, setup};

/// The models and the pictures, or a skip that says what is missing.
fn at_hand() -> Option<(Reader, PathBuf)> {
    let models = PathBuf::from(std::env::var_os("INNER_ROOM_MODELS").unwrap_or_default());
    let faces = models.parent().map(|folder| folder.join("faces")).unwrap_or_default();
    let there = models.join("face/faceapi_expression.onnx").is_file()
        && models.join("face/yunet_n_320_320.onnx").is_file()
        && faces.join("syn_neutral.jpg").is_file();
    if !there {
        let asked = std::env::var("INNER_ROOM_REQUIRE").unwrap_or_default();
        assert!(!asked.split(',').any(|it| it == "models"), "INNER_ROOM_REQUIRE asks for models and faces");
        eprintln!("skipped: models or faces are not here (INNER_ROOM_MODELS)");
        return None;
    }
    Some((reader(&models), faces))
}

fn reader(models: &Path) -> Reader {
    let choice = Choice { expression: Some("faceapi".to_owned()), ..Choice::default() };
    Reader::load(&Folders::of(vec![models.to_owned()]), &choice).expect("the models can be used")
}

/// Somebody before a camera: five pictures a second, of which the networks look at each once.
struct Sitting<'a> {
    reader: &'a Reader,
    faces: &'a Path,
    sense: FaceSense,
    at: Duration,
}

impl<'a> Sitting<'a> {
    /// Whose neutral is known.
    fn known(reader: &'a Reader, faces: &'a Path) -> Self {
        let mut sitting = Self { reader, faces, sense: FaceSense::default(), at: Duration::ZERO };
        sitting.shows(&sitting.look("syn_neutral"), 4.0);
        sitting
    }

    fn look(&self, name: &str) -> Look {
        let picture = Picture::open(&self.faces.join(format!("{name}.jpg"))).expect("a picture");
        self.reader.look(&picture, None).expect("it is looked at").0
    }

    fn shows(&mut self, look: &Look, seconds: f32) {
        let end = self.at + Duration::from_secs_f32(seconds);
        while self.at < end {
            self.at += Duration::from_millis(200);
            self.sense.see(self.at, look);
        }
    }

    /// What was seen while this was said.
    fn utterance(&mut self, look: &Look, said: &str) -> FaceSummary {
        let from = self.at;
        self.shows(look, 4.0);
        words::beside(self.sense.utterance(from, self.at).expect("it is summed up"), said)
    }
}

const CONCERN: &str = "I froze in the meeting and everybody saw it.";

/// The same words with these faces, and without.
fn pair(turns: &[&str], faces: &[RecordedFace]) -> (Evening, Evening) {
    let without = Visitor::new(CONCERN, 7, turns).evening(7);
    (without, Visitor::new(CONCERN, 7, turns).evening_with(setup(7), faces))
}

fn on(utterance: u32, summary: FaceSummary) -> RecordedFace {
    RecordedFace { utterance: Some(utterance), at_ms: None, summary }
}

/// What a face changed, for the table; and that strength and ending are as they were.
fn changed(row: &str, caption: &str, (without, with): &(Evening, Evening)) -> Vec<FaceCue> {
    assert_eq!(without.strengths(), with.strengths(), "{row}: a face never changes strength");
    let end = |evening: &Evening| {
        evening.find(|event| match event.kind {
            Kind::End { ending, because, .. } => Some((ending, because)),
            _ => None,
        })
    };
    assert_eq!(end(without), end(with), "{row}: nor the ending");
    let cues = with.find(|event| if let Kind::Face { cue } = event.kind { Some(cue) } else { None });
    eprintln!("{row}\n  seen: {caption}\n  cue: {cues:?}");
    for agent in [Agent::Guide, Agent::Devil, Agent::Patient] {
        let (before, after) = (without.lines(agent), with.lines(agent));
        for line in after.iter().filter(|line| !before.contains(line)) {
            eprintln!("  {agent:?} says: {line}");
            assert_unnamed(line);
        }
        for line in before.iter().filter(|line| !after.contains(line)) {
            eprintln!("  {agent:?} does not say: {line}");
        }
    }
    let moves = with.find(|event| match event.kind {
        Kind::Move { technique, resistance } => Some((technique, resistance.kind)),
        _ => None,
    });
    eprintln!("  moves: {moves:?}; {} strengths and the ending as without", with.strengths().len());
    cues
}

/// Nobody speaks of a face.
fn assert_unnamed(line: &str) {
    for word in ["face", "eyes", "smile", "look", "seem"] {
        assert!(!line.to_lowercase().split(|c: char| !c.is_alphabetic()).any(|it| it == word), "{line}");
    }
}

#[test]
fn each_row_of_what_a_face_may_do_is_reached_by_recorded_faces_and_leaves_strength_and_ending_alone() {
    let Some((reader, faces)) = at_hand() else { return };
    let sitting = || Sitting::known(&reader, &faces);
    let heavy = sitting().look("pd_darwin2_man_grief");

    let bright = "You did something brave and kind when you kept going.";
    let summary = sitting().utterance(&heavy, bright);
    assert!(summary.disagrees, "{summary:?}");
    let evenings = pair(&["No wonder you froze.", bright, "I'm here."], &[on(2, summary.clone())]);
    assert_eq!(changed("bright words, heavy face", &summary.caption, &evenings), [FaceCue::BrightWordsHeavy]);

    let fine = "It's fine, you are fine.";
    let summary = sitting().utterance(&heavy, fine);
    let evenings = pair(&["No wonder you froze.", fine, "I'm here."], &[on(2, summary.clone())]);
    assert_eq!(changed("\"fine\", doubtful", &summary.caption, &evenings), [FaceCue::DoubtfulFine]);
    let named = evenings.1.find(|event| if let Kind::Move { .. } = event.kind { Some(()) } else { None });
    assert!(!named.is_empty(), "the move that meets it stands in the log");

    let mut softens = sitting();
    let first = softens.utterance(&heavy, "No wonder you froze.");
    let second = softens.utterance(&softens.look("syn_happy"), "I do it too, in the car.");
    assert!(second.valence_change > 0.35, "{second:?}");
    // What the first one asks for would be the one consequence of the evening: the words are plain, so that it asks for none.
    let evenings = pair(
        &["No wonder you froze.", "I do it too, in the car.", "I'm here."],
        &[on(1, first), on(2, second.clone())],
    );
    assert_eq!(changed("softening", &second.caption, &evenings), [FaceCue::Softening]);
}

#[test]
fn distress_turning_away_and_scorn_are_told_as_what_they_are() {
    let Some((reader, faces)) = at_hand() else { return };
    for fear in ["pd_darwin7_fear", "syn_angry"] {
        let mut sitting = Sitting::known(&reader, &faces);
        let look = sitting.look(fear);
        sitting.shows(&look, 3.0);
        let aside = sitting.sense.aside(sitting.at).expect("it is told");
        assert_eq!(FaceCue::read(&aside, ""), Some(FaceCue::Distress), "{fear}: {aside:?}");
        let evenings = pair(
            &["No wonder.", "I'm here."],
            &[RecordedFace { utterance: None, at_ms: Some(20_000), summary: aside.clone() }],
        );
        assert_eq!(changed("distress", &aside.caption, &evenings), [FaceCue::Distress]);
    }
    let mut sitting = Sitting::known(&reader, &faces);
    sitting.shows(&sitting.look("syn_neutral"), 3.0);
    sitting.shows(&Look::Nobody, 5.0);
    let aside = sitting.sense.aside(sitting.at).expect("it is told");
    assert_eq!(FaceCue::read(&aside, ""), Some(FaceCue::TurnedAway), "{aside:?}");
    // No picture here reads as scorn: these numbers are made up.
    let mut sitting = Sitting::known(&reader, &faces);
    let mut likely = [0.0; EXPRESSIONS.len()];
    (likely[0], likely[7]) = (0.1, 0.9);
    let affect = circumplex(&[(Expression::Contempt, 0.9)]);
    let scorn = Look::Face(Glance { likely, affect, score: 0.9, mien: None, turn: [0.0; 3] });
    let summary = sitting.utterance(&scorn, "What did she say then?");
    let evenings = pair(&["No wonder.", "What did she say then?", "I'm here."], &[on(2, summary.clone())]);
    assert_eq!(changed("scorn", &summary.caption, &evenings), [FaceCue::Scorn]);
}

/// The story cast, and everything that it was asked.
struct Overheard(StoryCast, Arc<Mutex<Vec<AgentRequest>>>);

impl Cast for Overheard {
    fn start(&mut self, request: AgentRequest) {
        self.1.lock().expect("nobody panicked").push(request.clone());
        self.0.start(request);
    }

    fn cancel(&mut self, ask: AskId) {
        self.0.cancel(ask);
    }

    fn poll(&mut self, inputs: &mut Vec<Input>) {
        self.0.poll(inputs);
    }
}

/// An evening with somebody whom a camera sees at this level: neutral first, and then with a heavy face.
fn seen_evening(models: &Path, faces: &Path, level: Level) -> (Vec<Event>, Vec<AgentRequest>) {
    let asked = Arc::default();
    let cast = Overheard(StoryCast::new().expect("the material is in its form"), Arc::clone(&asked));
    let heavy = Arc::new(AtomicBool::new(false));
    let mut watch = watching(models, faces, &heavy);
    watch.allow(level);
    if level != Level::Off {
        watch.show(true);
        until(|| watch.seen().is_some_and(|seen| seen.sight == Sight::Face));
        heavy.store(true, Ordering::SeqCst);
        until(|| watch.mien().is_some_and(|mien| mien.frown > 0.8));
    }
    let mut host = Host::new(Parts { sight: Some(Box::new(watch)), ..Parts::of(Box::new(cast)) });
    let events = hold(&mut host, level);
    let asked = std::mem::take(&mut *asked.lock().expect("nobody panicked"));
    (events, asked)
}

/// Waits until it holds.
fn until(mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "in vain");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Gives one picture until it is told to give the other.
struct Sitter([Picture; 2], Arc<AtomicBool>);

impl Source for Sitter {
    fn latest(&mut self) -> Result<Option<Frame>, Lost> {
        let picture = self.0[usize::from(self.1.load(Ordering::SeqCst))].clone();
        Ok(Some(Frame { picture, at: Duration::ZERO }))
    }
}

fn watching(models: &Path, faces: &Path, heavy: &Arc<AtomicBool>) -> Watch {
    let picture = |name| Picture::open(&faces.join(name)).expect("a picture");
    let pictures = [picture("syn_neutral.jpg"), picture("pd_darwin2_man_grief.jpg")];
    let (models, heavy) = (models.to_owned(), Arc::clone(heavy));
    let open: watch::Open = Box::new(move |_| {
        let (pictures, heavy) = (pictures.clone(), Arc::clone(&heavy));
        Keeper::new(move || Ok(Box::new(Sitter(pictures.clone(), Arc::clone(&heavy)))))
    });
    let load: watch::Load = Box::new(move || Ok(Box::new(reader(&models)) as Box<dyn Looks>));
    Watch::start(watch::Parts { open, load, vision: None }, None).expect("a thread")
}

/// One evening on a virtual clock, with the same words each time.
fn hold(host: &mut Host, level: Level) -> Vec<Event> {
    let mut now = Millis(0);
    let mut events = host.feed(Input::Begin(Box::new(setup(7))), now);
    if level != Level::Off {
        events.extend(host.feed(Input::Consent(Sense::Face, level), now));
    }
    let mut answers = vec!["7", CONCERN];
    let mut comforts = vec!["I'm here.", "It's fine, you are fine.", "No wonder you froze."];
    for utterance in 1..4_000 {
        let view = host.view();
        match view.phase {
            Phase::Ended => return events,
            Phase::Intake if host.is_quiet() && view.question.is_some() => {
                let answer = answers.pop().unwrap_or("7").to_owned();
                events.extend(host.feed(Input::Intake(answer), now));
            }
            Phase::Open if host.is_quiet() && !comforts.is_empty() => {
                let text = comforts.pop().unwrap_or_default().to_owned();
                let utterance = UtteranceId(utterance);
                events.extend(host.feed(Input::Said { utterance, text, via: Via::Keys, face: None }, now));
            }
            _ => {}
        }
        now = host.next_deadline().unwrap_or(now + Millis(500)).max(now + Millis(1));
        events.extend(host.feed(Input::Tick, now));
    }
    unreachable!("the evening does not end: {:?}", host.view());
}

/// What happened, but for the consent itself.
fn told(events: &[Event]) -> Vec<&Kind> {
    events.iter().map(|event| &event.kind).filter(|kind| !matches!(kind, Kind::Sense { .. })).collect()
}

#[test]
fn an_evening_at_mirror_is_one_without_a_camera_and_no_number_of_a_face_goes_anywhere() {
    let Some((_, faces)) = at_hand() else { return };
    let models = PathBuf::from(std::env::var_os("INNER_ROOM_MODELS").unwrap_or_default());
    let (off, asked_off) = seen_evening(&models, &faces, Level::Off);
    let (mirror, asked_mirror) = seen_evening(&models, &faces, Level::Mirror);
    assert_eq!(told(&off), told(&mirror));
    assert_eq!(asked_off, asked_mirror);
    let cues = |events: &[Event]| events.iter().filter(|it| matches!(it.kind, Kind::Face { .. })).count();
    assert_eq!((cues(&off), cues(&mirror)), (0, 0));
    // The evening is over within a second of the machine's time, and a busy machine may not have looked in it.
    let mut aware = (0..3).map(|_| seen_evening(&models, &faces, Level::Aware));
    let (aware, asked_aware) =
        aware.find(|(events, _)| cues(events) > 0).expect("the face would have been seen");
    let captions = asked_aware.iter().flat_map(|it| it.context.faces.iter().chain([&it.context.caption]));
    let captions: Vec<&String> = captions.filter(|it| !it.is_empty()).collect();
    assert!(
        !captions.is_empty() && captions.iter().all(|it| !it.chars().any(char::is_numeric)),
        "{captions:?}"
    );
    let written = serde_json::to_string(&(&aware, &asked_aware)).expect("it can be written");
    for number in ["valence", "arousal", "confidence", "observed_ms", "away_ms"] {
        assert!(!written.contains(number), "{number} is in a log or a request");
    }
}
