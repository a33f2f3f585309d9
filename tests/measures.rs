//! Measures: scored as published, nothing taken that is no answer, and kept only where the evening is kept.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "support/kept.rs"]
mod kept;

use std::path::Path;
use std::time::{Duration, Instant};

use inner_room::cast::story::{StoryCast, fixed_lines};
use inner_room::config::{Settings, measures};
use inner_room::dialogue::ids::UtteranceId;
use inner_room::dialogue::input::Via;
use inner_room::dialogue::measures::{
    AnswerError, Answers, FormError, Instrument, Measure, Score, Taken, When, rows,
};
use inner_room::dialogue::{Control, Event, Input, Kind, Millis, Phase, Setup, View};
use inner_room::host::{EventLog, Host, Link, LinkClosed, Parts, RunningHost, Shown, ToStage, link, spawn};
use inner_room::journal::{About, ImportError, Imported, Journal, Recorder, State, export};
use kept::{Home, refused, text};

fn measure(instrument: Instrument) -> &'static Measure {
    Measure::of(instrument).expect("its file is in its form")
}

/// Answers to the items in the published order; 0 leaves one out.
fn answers(of: &Measure, values: &[u8]) -> Answers {
    assert_eq!(of.items().len(), values.len(), "one for each item");
    let mut answers = Answers::default();
    for (item, &value) in of.items().iter().zip(values) {
        answers.set(of, item, Some(value).filter(|&value| value > 0)).expect("an answer");
    }
    answers
}

fn scores(instrument: Instrument, values: &[u8]) -> Vec<Score> {
    let measure = measure(instrument);
    measure.scores(&answers(measure, values)).expect("they are its answers")
}

fn sums(scores: &[Score]) -> Vec<Option<u32>> {
    scores.iter().map(|score| score.sum).collect()
}

/// Means to a hundredth, as they are shown.
fn means(scores: &[Score]) -> Vec<Option<f64>> {
    scores.iter().map(|score| score.mean.map(|mean| (mean * 100.0).round() / 100.0)).collect()
}

#[test]
fn every_file_is_in_its_form_and_says_whose_it_is() {
    assert_eq!(Measure::all().len(), Instrument::ALL.len());
    for instrument in Instrument::ALL {
        let measure = measure(instrument);
        assert!(measure.source.len() > 40 && measure.licence.len() > 15, "{}", measure.name);
        assert!(measure.permission.len() > 40, "{}", measure.name);
        assert_eq!(serde_json::to_value(instrument).expect("JSON"), instrument.name());
        let counted: Vec<&String> = measure.scales().iter().flat_map(|scale| &scale.items).collect();
        assert!(measure.items().iter().all(|item| counted.contains(&item)), "{}", measure.name);
    }
    let offered = |when| Instrument::ALL.into_iter().filter(move |&it| measure(it).is_offered(when));
    use Instrument::{Belief, IPanasSf, Imbue, Mind, Panas, ScsSf};
    assert_eq!(offered(When::Before).collect::<Vec<_>>(), [Belief, ScsSf, Imbue]);
    assert_eq!(offered(When::After).collect::<Vec<_>>(), [Belief, Imbue, Mind]);
    for without_words in [Panas, IPanasSf] {
        assert!(measure(without_words).wording("en").is_none(), "its words may not be passed on");
        assert!(measure(without_words).is_for(When::Before) && measure(without_words).is_for(When::After));
    }
}

/// Answers and results as published in the test data of `BioPsyKit` 0.13 (MIT; Richer et al. 2021, Journal of Open
/// Source Software 6, 3702), `questionnaire_correct.csv` and `questionnaire_results.csv`, `Vp01` and `Vp04`. It gives
/// item means: 2.5 and 2.7, 2.1 and 1.8.
///
/// By hand, with the key of Watson, Clark and Tellegen (1988): `Vp01` positive (1, 3, 5, 9, 10, 12, 14, 16, 17, 19)
/// 3+5+1+1+3+2+1+3+4+2 = 25, negative (2, 4, 6, 7, 8, 11, 13, 15, 18, 20) 1+4+4+1+1+3+4+4+4+1 = 27.
#[test]
fn panas_is_scored_as_published() {
    let vp01 = scores(Instrument::Panas, &[3, 1, 5, 4, 1, 4, 1, 1, 1, 3, 3, 2, 4, 1, 4, 3, 4, 4, 2, 1]);
    assert_eq!((sums(&vp01), means(&vp01)), (vec![Some(25), Some(27)], vec![Some(2.5), Some(2.7)]));
    let vp04 = scores(Instrument::Panas, &[1, 2, 4, 1, 1, 2, 1, 1, 1, 2, 2, 2, 1, 1, 3, 4, 3, 3, 2, 2]);
    assert_eq!((sums(&vp04), means(&vp04)), (vec![Some(21), Some(18)], vec![Some(2.1), Some(1.8)]));
    // The published bounds, 10 to 50 each.
    assert_eq!(sums(&scores(Instrument::Panas, &[1; 20])), [Some(10), Some(10)]);
    assert_eq!(sums(&scores(Instrument::Panas, &[5; 20])), [Some(50), Some(50)]);
}

/// Thompson (2007): positive 3, 5, 7, 8, 10 and negative 1, 2, 4, 6, 9, each 5 to 25. No worked example was found; by
/// hand, positive 4+3+4+5+2 = 18, negative 2+1+1+3+2 = 9.
#[test]
fn i_panas_sf_is_scored_by_the_published_key() {
    let found = scores(Instrument::IPanasSf, &[2, 1, 4, 1, 3, 3, 4, 5, 2, 2]);
    assert_eq!((sums(&found), means(&found)), (vec![Some(18), Some(9)], vec![Some(3.6), Some(1.8)]));
    assert_eq!(sums(&scores(Instrument::IPanasSf, &[1; 10])), [Some(5), Some(5)]);
    assert_eq!(sums(&scores(Instrument::IPanasSf, &[5; 10])), [Some(25), Some(25)]);
}

/// Raes et al. (2011) and Neff's sheet: the items of self-judgment, isolation and over-identification count the other
/// way round in the total (1 = 5, 2 = 4, 3 = 3), and as they are in scales of their own. By hand: reversed 1, 4, 8, 9,
/// 11, 12 give 2, 1, 3, 2, 1, 2; with 3, 3, 2, 2, 4, 3 that is 28, and 28 / 12 = 2.33. The mean of the six parts, the
/// dark ones reversed, is the same: (2.5 + 1.5 + 2.5 + 2 + 3.5 + 2) / 6.
#[test]
fn scs_sf_is_scored_by_the_published_key() {
    let found = scores(Instrument::ScsSf, &[4, 3, 3, 5, 2, 2, 4, 3, 4, 3, 5, 4]);
    assert_eq!(sums(&found), [28, 5, 9, 5, 8, 7, 8].map(Some));
    assert_eq!(means(&found), [2.33, 2.5, 4.5, 2.5, 4.0, 3.5, 4.0].map(Some));
    // The published bounds, 12 to 60: dark items at their highest and bright ones at their lowest, and the reverse.
    let dark = [1, 4, 8, 9, 11, 12];
    let all = |at_dark, at_bright| -> Vec<u8> {
        (1..=12).map(|item| if dark.contains(&item) { at_dark } else { at_bright }).collect()
    };
    assert_eq!(scores(Instrument::ScsSf, &all(5, 1))[0].sum, Some(12));
    assert_eq!(scores(Instrument::ScsSf, &all(1, 5))[0].mean, Some(5.0));
    assert_eq!(scores(Instrument::ScsSf, &[3; 12])[0].mean, Some(3.0));
}

#[test]
fn single_items_stand_by_themselves_and_minds_six_have_a_mean() {
    let imbue = scores(Instrument::Imbue, &[4, 5, 5, 5, 4, 5, 5, 3]);
    assert_eq!(sums(&imbue), [4, 5, 5, 5, 4, 5, 5, 3].map(Some), "nothing adds fear to hope");
    let mind = scores(Instrument::Mind, &[4, 5, 3, 4, 4, 5]);
    assert_eq!((mind[0].sum, means(&mind)[0]), (Some(25), Some(4.17)));
    // Nought is an answer here, and none is not nought.
    let belief = measure(Instrument::Belief);
    let mut given = Answers::default();
    assert_eq!(belief.scores(&given).expect("none")[0].sum, None);
    given.set(belief, "belief", Some(0)).expect("an answer");
    assert_eq!(belief.scores(&given).expect("one")[0].sum, Some(0));
}

#[test]
fn a_missing_answer_leaves_its_scales_without_sum_and_mean_and_the_others_as_they_are() {
    let found = scores(Instrument::ScsSf, &[4, 3, 3, 5, 2, 0, 4, 3, 4, 3, 5, 4]);
    let missing: Vec<&str> =
        found.iter().filter(|score| score.sum.is_none()).map(|score| score.scale.as_str()).collect();
    assert_eq!(missing, ["total", "self_kindness"]);
    assert!(found.iter().all(|score| score.sum.is_some() == score.mean.is_some()));
    assert_eq!((found[0].answered, found[0].items, found[1].answered), (11, 12, 1));
    assert_eq!((found[2].scale.as_str(), found[2].sum), ("self_judgment", Some(9)));
}

#[test]
fn wrong_answers_are_refused_and_changed_ones_take_the_place_of_the_first() {
    let panas = measure(Instrument::Panas);
    let mut given = Answers::default();
    given.set(panas, "7", Some(2)).expect("an answer");
    for value in [0, 6, u8::MAX] {
        let error = given.set(panas, "7", Some(value)).expect_err("no answer");
        assert_eq!(error, AnswerError::OutOfRange { item: "7".to_owned(), value, lowest: 1, highest: 5 });
    }
    for item in ["21", "", "07", "joyful"] {
        let error = given.set(panas, item, Some(3)).expect_err("no item");
        assert_eq!(error, AnswerError::NoItem { instrument: Instrument::Panas, item: item.to_owned() });
        given.set(panas, item, None).expect_err("nothing to take back");
    }
    assert_eq!(given.get("7"), Some(2), "what was there stays");
    given.set(panas, "7", Some(5)).expect("another answer");
    assert_eq!(given.iter().collect::<Vec<_>>(), [("7", 5)]);
    given.set(panas, "7", None).expect("taken back");
    assert!(given.is_empty());
    let foreign = answers(measure(Instrument::Belief), &[4]);
    assert!(panas.scores(&foreign).is_err(), "those of another instrument are none of this");
}

#[test]
fn a_file_that_does_not_hold_together_is_refused_with_what_is_wrong() {
    let good = "instrument = \"belief\"\nname = \"n\"\nabout = \"a\"\nwhen = [\"after\"]\nlowest = 1\nhighest = 3\n\
        source = \"s\"\nlicence = \"l\"\npermission = \"p\"\nitems = [\"a\", \"b\"]\n\
        [[scale]]\nid = \"x\"\nname = \"x\"\nitems = [\"a\", \"b\"]\nreversed = [\"b\"]\n\
        [words.en]\ninstruction = \"i\"\nlabels = [\"low\", \"\", \"high\"]\nitems = [\"A\", \"B\"]\n";
    assert!(Measure::from_toml(good).is_ok());
    let broken = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        Measure::from_toml(&good.replacen(from, to, 1)).expect_err(to).to_string()
    };
    for (from, to, says) in [
        ("lowest = 1", "lowest = 3", "lowest must be below highest"),
        ("items = [\"a\", \"b\"]", "items = [\"a\", \"a\"]", "every item must be there once"),
        ("reversed = [\"b\"]", "reversed = [\"c\"]", "the scale x names the item c"),
        ("items = [\"a\", \"b\"]\nreversed", "items = [\"a\", \"a\"]\nreversed", "which it does not have"),
        ("items = [\"A\", \"B\"]", "items = [\"A\"]", "there are 1 items; there must be 2"),
        ("items = [\"A\", \"B\"]", "items = [\"A\", \" \"]", "none of them empty"),
        ("labels = [\"low\", \"\", \"high\"]", "labels = [\"\", \"low\", \"high\"]", "3 labels"),
        ("when = [\"after\"]", "when = []", "before, after, or both"),
        ("licence = \"l\"\n", "", "licence"),
        ("highest = 3", "highest = 3\nbands = 3", "bands"),
        ("belief", "phq9", "phq9"),
    ] {
        let said = broken(from, to);
        assert!(said.contains(says) && !said.contains('\n'), "{to}: {said}");
    }
    assert!(matches!(Measure::from_toml("= 3"), Err(FormError::Toml(_))));
}

#[test]
fn words_that_are_brought_along_let_an_instrument_be_offered_and_a_wrong_file_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("words.toml");
    let text = format!("[measures]\npanas = {:?}\n", file.display().to_string());
    let settings: Settings = toml::from_str(&text).expect("settings");
    let error = measures::load(&settings).expect_err("there is no file").to_string();
    assert!(error.contains("words.toml cannot be read"), "{error}");
    let items: Vec<String> = (1..=20).map(|number| format!("word {number}")).collect();
    let write = |items: &[String]| {
        let labels = ["least", "", "", "", "most"];
        let text = format!("instruction = \"Right now\"\nlabels = {labels:?}\nitems = {items:?}\n");
        std::fs::write(&file, text).expect("written");
    };
    write(&items[..19]);
    let error = measures::load(&settings).expect_err("one is missing").to_string();
    assert!(error.contains("words.toml: there are 19 items; there must be 20"), "{error}");
    write(&items);
    let all = measures::load(&settings).expect("it loads");
    let panas = all.iter().find(|it| it.instrument == Instrument::Panas).expect("it is there");
    assert!(panas.is_offered(When::Before));
    let words = panas.wording("zh").expect("words");
    assert_eq!((words.items[6].as_str(), words.label(panas, 5)), ("word 7", Some("most")));
    assert_eq!(words.label(panas, 3), None);
    assert!(toml::from_str::<Settings>("[measures]\nphq9 = \"x\"\n").is_err(), "there is none such");
}

/// An evening that a test goes through by hand.
struct Evening {
    host: Host,
    now: u64,
    events: Vec<Event>,
}

impl Evening {
    fn new(journal: Option<Recorder>, log: Option<EventLog>) -> Self {
        let cast = Box::new(StoryCast::new().expect("the material"));
        let host = Host::new(Parts { journal, log, ..Parts::of(cast) });
        let mut evening = Self { host, now: 0, events: Vec::new() };
        let fixed = fixed_lines(7).expect("the material");
        evening.feed(Input::Begin(Box::new(Setup { seed: 7, ask_when: false, fixed, ..Setup::default() })));
        evening
    }

    fn feed(&mut self, input: Input) {
        self.events.extend(self.host.feed(input, Millis(self.now)));
    }

    /// Whether something was written down of it.
    fn measure(&mut self, instrument: Instrument, when: When, values: &[u8]) -> bool {
        let answers = answers(measure(instrument), values);
        self.take(Taken { measure: instrument, when, answers })
    }

    fn take(&mut self, taken: Taken) -> bool {
        let before = self.events.len();
        let view = self.host.view();
        self.feed(Input::Measured(taken));
        let said = self.events[before..].iter().any(|event| matches!(event.kind, Kind::Measured(_)));
        assert!(said || self.host.view() == view, "what is refused changes nothing");
        said
    }

    /// Lets time pass until the evening is there.
    fn until(&mut self, phase: Phase) {
        for _ in 0..10_000 {
            if self.host.view().phase == phase {
                break;
            }
            self.now = self.host.next_deadline().map_or(self.now + 50, |due| due.0.max(self.now));
            self.feed(Input::Tick);
        }
        assert_eq!(self.host.view().phase, phase, "it comes there at last");
    }

    fn say(&mut self, text: &str) {
        let said =
            Input::Said { utterance: UtteranceId(1), text: text.to_owned(), via: Via::Keys, face: None };
        self.feed(said);
    }

    /// To the first turn.
    fn open(&mut self) {
        self.feed(Input::Intake("that I am lazy".to_owned()));
        self.feed(Input::Intake("7".to_owned()));
        self.until(Phase::Open);
    }

    /// A comfort, and then the close of the evening.
    fn close(&mut self) {
        self.say("No wonder you are tired. You were up with the child four nights.");
        self.until(Phase::Answer);
        self.feed(Input::Control(Control::Stop));
        assert_eq!(self.host.view().phase, Phase::Closing);
    }
}

fn record(folder: &Path) -> Recorder {
    Journal::open(folder).expect("it opens").0.record(&About::default()).expect("it begins")
}

const IMBUE: [u8; 8] = [4, 5, 5, 5, 4, 5, 5, 3];

#[test]
fn a_measure_is_taken_before_the_first_comfort_and_from_when_the_evening_closes_and_at_no_other_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut evening = Evening::new(Some(record(folder.path())), None);
    assert!(evening.measure(Instrument::Imbue, When::Before, &IMBUE), "in the intake");
    assert!(!evening.measure(Instrument::Imbue, When::After, &IMBUE), "nothing is over yet");
    assert!(!evening.measure(Instrument::Mind, When::Before, &[4; 6]), "it asks about an evening that was");
    assert!(!evening.measure(Instrument::Belief, When::Before, &[0]), "nothing was answered");
    let json = r#"{"measure": "imbue", "when": "before", "answers": {"fear": 8}}"#;
    assert!(!evening.take(serde_json::from_str(json).expect("its form")), "no such answer");
    let json = r#"{"measure": "imbue", "when": "before", "answers": {"joy": 3}}"#;
    assert!(!evening.take(serde_json::from_str(json).expect("its form")), "no such item");
    evening.open();
    assert!(evening.measure(Instrument::ScsSf, When::Before, &[3; 12]), "nothing was said yet");
    evening.close();
    assert!(!evening.measure(Instrument::Imbue, When::Before, &IMBUE), "it is no longer before");
    assert!(evening.measure(Instrument::Imbue, When::After, &IMBUE));
    assert!(evening.measure(Instrument::Mind, When::After, &[4, 5, 0, 4, 4, 5]), "one may be left out");
    evening.until(Phase::Ended);
    assert!(!evening.measure(Instrument::Imbue, When::Before, &IMBUE), "it is over");
    assert!(evening.measure(Instrument::Imbue, When::After, &IMBUE), "they are still there");
    assert!(evening.host.view().measured && evening.host.view().keeps);
    assert!(evening.events.iter().enumerate().all(|(at, event)| event.seq == at as u64), "without a gap");
}

#[test]
fn nobody_is_measured_in_an_evening_that_was_stopped_for_their_sake() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut evening = Evening::new(Some(record(folder.path())), None);
    evening.open();
    evening.feed(Input::Control(Control::Sos));
    for when in [When::Before, When::After] {
        assert!(!evening.measure(Instrument::Imbue, when, &IMBUE));
    }
}

#[test]
fn a_measure_does_not_change_the_evening() {
    let folder = tempfile::tempdir().expect("a folder");
    let hold = |measured: bool, folder: &Path| {
        let mut evening = Evening::new(Some(record(folder)), None);
        if measured {
            assert!(evening.measure(Instrument::Belief, When::Before, &[10]));
        }
        evening.open();
        evening.close();
        if measured {
            assert!(evening.measure(Instrument::Mind, When::After, &[1; 6]));
        }
        evening.until(Phase::Ended);
        let others = evening.events.into_iter().filter(|event| !matches!(event.kind, Kind::Measured(_)));
        others.map(|event| (event.at_ms, event.kind)).collect::<Vec<_>>()
    };
    assert_eq!(hold(true, &folder.path().join("a")), hold(false, &folder.path().join("b")));
}

#[test]
fn without_a_journal_no_answer_is_written_anywhere_not_even_into_the_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log.jsonl");
    let mut evening = Evening::new(None, Some(EventLog::create(&log).expect("a log")));
    assert!(!evening.measure(Instrument::Imbue, When::Before, &IMBUE));
    drop(evening);
    assert!(!std::fs::read_to_string(&log).expect("the log").contains("measured"));
    let journal = record(&folder.path().join("journal"));
    let mut evening = Evening::new(Some(journal), Some(EventLog::create(&log).expect("a log")));
    assert!(evening.measure(Instrument::Imbue, When::Before, &IMBUE));
    drop(evening);
    let schema = jsonschema::validator_for(&Event::schema()).expect("the schema is a schema");
    let text = std::fs::read_to_string(&log).expect("the log");
    let line =
        text.lines().find(|line| line.contains("\"measured\"")).expect("where it is kept, it is there");
    let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert!(schema.is_valid(&value), "{line}");
    assert_eq!((&value["measure"], &value["when"]), (&"imbue".into(), &"before".into()));
    assert_eq!(value["answers"]["fear"], 5);
    assert!(value.get("scores").is_none(), "no score is kept");
    let read: Event = serde_json::from_str(line).expect("an event");
    assert_eq!(serde_json::to_value(read).expect("JSON"), value);
}

/// A host on the machine's clock, in an evening that was closed before it began, and what its stage was told.
fn ended(journal: Option<Recorder>) -> (RunningHost, Link) {
    let (stage, hosts) = link();
    let cast = Box::new(StoryCast::new().expect("the material"));
    let host = spawn(Parts { journal, ..Parts::of(cast) }, hosts).expect("it starts");
    let fixed = fixed_lines(7).expect("the material");
    stage.send(Input::Begin(Box::new(Setup { fixed, ..Setup::default() }))).expect("it listens");
    stage.send(Input::Control(Control::Stop)).expect("it listens");
    (host, stage)
}

/// What a stage is told, until something of it is what is waited for.
fn told<T>(stage: &Link, wanted: impl Fn(ToStage) -> Option<T>) -> Option<T> {
    let patience = Instant::now() + Duration::from_secs(30);
    while Instant::now() < patience {
        match stage.receive(Duration::from_millis(100)) {
            Ok(Some(message)) => {
                if let Some(found) = wanted(message) {
                    return Some(found);
                }
            }
            Ok(None) => {}
            Err(LinkClosed) => return None,
        }
    }
    None
}

fn end_of(message: ToStage) -> Option<View> {
    if let ToStage::View(view) = message {
        Some(*view).filter(|view| view.phase == Phase::Ended)
    } else {
        None
    }
}

/// How much they believe the critic's sentence after the evening, 1 to 10.
fn belief(value: u8) -> Input {
    let answers = answers(measure(Instrument::Belief), &[value]);
    Input::Measured(Taken { measure: Instrument::Belief, when: When::After, answers })
}

#[test]
fn what_is_answered_right_before_they_leave_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let (host, stage) = ended(Some(record(folder.path())));
    assert!(told(&stage, end_of).expect("it ends").keeps);
    for value in 1..=10 {
        stage.send(belief(value)).expect("it listens");
    }
    // Nobody reads any more, and no other stage comes.
    host.join().expect("it ended well");
    drop(stage);
    let stored = Journal::open(folder.path()).expect("it opens").0.session(1).expect("it is there");
    let taken = stored.events.iter().filter(|event| matches!(event.kind, Kind::Measured(_)));
    assert_eq!(taken.count(), 10);
    assert_eq!(rows(1, 0, &stored.events).first().and_then(|row| row.score.sum), Some(10));
}

#[test]
fn what_is_answered_at_the_goodbye_is_kept_with_the_evening_on_another_stage_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let (host, stage) = ended(Some(record(folder.path())));
    assert!(told(&stage, end_of).expect("it ends").keeps);
    let taken = |message: ToStage| match message {
        ToStage::Event(Event { kind: Kind::Measured(taken), .. }) => Some(taken),
        _ => None,
    };
    stage.send(belief(6)).expect("it listens");
    assert!(told(&stage, taken).is_some());
    // Nothing else happens any more.
    stage.send(Input::Intake("that I am lazy".to_owned())).expect("it listens");
    drop(stage);
    let (next, hosts) = link();
    host.attach(hosts, Shown::Screen).expect("it waits for the next");
    assert!(told(&next, end_of).is_some());
    next.send(belief(3)).expect("it listens");
    assert_eq!(told(&next, taken).and_then(|taken| taken.answers.get("belief")), Some(3));
    // It goes when nobody can come any more, though the stage still stands.
    host.join().expect("it ended well");
    let stored = Journal::open(folder.path()).expect("it opens").0.session(1).expect("it is there");
    let rows = rows(1, 0, &stored.events);
    assert_eq!(rows.iter().map(|row| row.score.sum).collect::<Vec<_>>(), [Some(3)], "the later one stands");
    assert!(matches!(stored.state, State::Ended { .. }) && stored.ending().is_some());
    let last = stored.events.iter().rev().take(3).map(|event| matches!(event.kind, Kind::Measured(_)));
    assert_eq!(last.collect::<Vec<_>>(), [true, true, false], "two answers, and before them the end");
}

#[test]
fn a_host_whose_evening_is_not_kept_ends_with_it() {
    let (host, stage) = ended(None);
    assert!(!told(&stage, end_of).expect("it ends").keeps);
    assert!(told(&stage, |_| None::<()>).is_none());
    assert_eq!(stage.receive(Duration::from_secs(30)).err(), Some(LinkClosed));
    host.join().expect("it ended well");
}

#[test]
fn in_the_terminal_questions_are_answered_before_and_after_and_kept_where_the_evening_is() {
    let script = "I froze in the meeting on Thursday and my boss wrote it down\n7\n\
        !measures\n1 3\n8\n\n5\n!done\n\
        No wonder you froze, you had slept three hours.\n\
        !measures\n\
        You finished the report on Tuesday, and she thanked you for it.\n\
        !measures\n1\n11\n3\n";
    for keeps in [true, false] {
        let home = Home::new();
        let journal = format!("--journal={keeps}");
        let said =
            run_with(&home, &["talk", "--script", "-", "--rounds", "2", "--seed", "3", &journal], script);
        for asked in ["(2 of 9)", "(3 of 9)", "(4 of 9)"] {
            assert!(said.contains(asked), "{asked} is missing in: {said}");
        }
        assert!(!said.contains("(5 of 9)"), "the rest was left: {said}");
        assert!(said.contains("for before your first words"), "in the middle nothing is asked: {said}");
        assert_eq!(said.contains("kept nowhere"), !keeps, "{said}");
        assert!(said.contains("0 to 10"), "eleven is no answer: {said}");
        let csv = run(&home, &["measures", "--csv"]);
        let sums: Vec<&str> = csv
            .lines()
            .filter(|line| line.contains(",belief,") || line.contains(",worried,"))
            .map(|line| line.split(',').nth(6).unwrap_or_default())
            .collect();
        let wanted: &[&str] = if keeps { &["8", "5", "3"] } else { &[] };
        assert_eq!(sums, wanted, "{csv}");
    }
}

/// A home with an evening in it that was measured on both sides, and its rows.
fn measured_home() -> Home {
    let home = Home::new();
    let mut evening = Evening::new(Some(record(&home.data())), None);
    assert!(evening.measure(Instrument::Belief, When::Before, &[7]));
    assert!(evening.measure(Instrument::Belief, When::Before, &[8]), "they thought again");
    evening.open();
    evening.close();
    assert!(evening.measure(Instrument::Belief, When::After, &[4]));
    assert!(evening.measure(Instrument::Mind, When::After, &[4, 5, 0, 4, 4, 5]));
    evening.until(Phase::Ended);
    home
}

fn run(home: &Home, args: &[&str]) -> String {
    run_with(home, args, "")
}

fn run_with(home: &Home, args: &[&str], input: &str) -> String {
    let output = home.run(args, input);
    assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn an_export_comes_back_with_its_measures_and_is_not_taken_in_twice() {
    let home = measured_home();
    let exported = home.exported();
    let file = home.path().join("out.json");
    home.sessions(&["export", "--all", "--format", "json", "--out", file.to_str().expect("a path")]);
    let other = Home::new();
    other.evening(kept::SCRIPT, 7);
    let import = ["import", file.to_str().expect("a path")];
    assert_eq!(other.sessions(&import), "Taken in: session 2.\n");
    assert_eq!(other.sessions(&import), "One session of it was here already.\n");
    let mut again = other.exported()[1].clone();
    assert_eq!(again["events"], exported[0]["events"]);
    again["number"] = 1.into();
    assert_eq!(again, exported[0], "all of it is as it was but the number");
    let values = |home: &Home| -> Vec<serde_json::Value> {
        let mut rows: Vec<serde_json::Value> =
            serde_json::from_str(&run(home, &["measures", "--json"])).expect("JSON");
        rows.iter_mut().for_each(|row| row["session"] = 0.into());
        rows
    };
    assert_eq!(values(&other), values(&home));
    assert_eq!(values(&home).len(), 9, "belief twice, and MIND's seven scales");
    run(&other, &["sessions", "delete", "2", "--yes"]);
    assert!(values(&other).is_empty(), "erased with the evening");
    // One evening by itself comes back, too.
    home.sessions(&["export", "1", "--format", "json", "--out", file.to_str().expect("a path")]);
    assert_eq!(other.sessions(&import), "Taken in: session 3.\n");
}

#[test]
fn what_is_no_export_is_refused_and_changes_nothing() {
    let home = measured_home();
    let whole = home.sessions(&["export", "--all", "--format", "json"]);
    let file = home.path().join("in.json");
    let import = |text: &str| {
        std::fs::write(&file, text).expect("written");
        home.run(&["sessions", "import", file.to_str().expect("a path")], "")
    };
    refused(&home.run(&["sessions", "import", "/nowhere.json"], ""), 2, "/nowhere.json cannot be read");
    refused(&import("# An evening in Inner Room\n"), 2, "no export of sessions");
    refused(&import("[{\"begun\": 3}]"), 2, "no export of sessions");
    refused(&import(&whole[..whole.len() / 2]), 2, "no export of sessions");
    let mut torn: serde_json::Value = serde_json::from_str(&whole).expect("JSON");
    torn[0]["begun"] = "2026-01-01T00:00:00Z".into();
    torn[0]["events"].as_array_mut().expect("events").remove(3);
    refused(&import(&torn.to_string()), 2, "the session of 2026-01-01T00:00:00Z is not whole");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&whole).expect("JSON").as_array(),
        Some(&home.exported())
    );
    let mut journal = Journal::open(&home.data()).expect("it opens").0;
    assert!(matches!(journal.import("{}"), Err(ImportError::Form(_))));
    assert_eq!(journal.import("[]").expect("nothing"), Imported::default());
}

#[test]
fn the_table_shows_numbers_evening_by_evening_and_says_nothing_about_them() {
    let home = measured_home();
    let table = run(&home, &["measures"]);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 10, "{table}");
    let cells = |line: &str| -> Vec<String> {
        line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
    };
    assert_eq!(cells(lines[0]), ["evening", "measure", "when", "scale", "sum", "mean", "answered"]);
    assert_eq!(cells(lines[1])[1..], ["Belief in the thought", "before", "belief", "8", "8.00", "1/1"]);
    assert_eq!(cells(lines[2])[2..], ["after", "belief", "4", "4.00", "1/1"]);
    assert_eq!(cells(lines[3])[2..], ["after", "all six", "-", "-", "5/6"], "one was left out");
    let csv = run(&home, &["measures", "--csv"]);
    assert!(csv.starts_with("session,begun,measure,when,scale,name,sum,mean,answered,items\n1,20"), "{csv}");
    assert!(csv.contains(",mind,after,all,all six,,,5,6\n"), "{csv}");
    assert!(csv.lines().all(|line| line.split(',').count() == 10), "{csv}");
    let licences = run(&home, &["measures", "--licences"]);
    for instrument in Instrument::ALL {
        assert!(licences.contains(&format!("({}): ", instrument.name())), "{licences}");
    }
    assert_eq!(licences.matches("\nLicence: ").count(), 6);
    assert!(licences.contains("Copyright 1988 by the American Psychological Association"));
    for verdict in ["better", "worse", "success", "improve", "progress", "normal", "well done"] {
        assert!(!table.to_lowercase().contains(verdict), "{verdict}: {table}");
    }
    refused(&home.run(&["measures", "--json", "--csv"], ""), 2, "cannot be used with");
    let nothing = run(&Home::new(), &["measures"]);
    assert_eq!(nothing, "No measure was answered in an evening that is kept.\n");
}

#[test]
fn an_answer_that_its_instrument_does_not_know_is_left_out_of_the_rows() {
    let json = r#"{"v":1,"seq":0,"at_ms":0,"turn":0,"kind":"measured","measure":"imbue","when":"after","answers":{"fear":99}}"#;
    let event: Event = serde_json::from_str(json).expect("it is in its form");
    assert_eq!(rows(1, 0, &[event]), []);
    assert_eq!(export::timestamp(0), "1970-01-01T00:00:00Z");
}
