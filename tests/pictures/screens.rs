//! Every screen of the desk as it was judged by eye: in both languages, with words at 100 % and at 200 %. And the cover over a
//! stage that has just come, which is seen again when one has fallen.

use std::time::Duration;

use bevy::prelude::*;
use bevy_egui::{EguiInput, egui};
use image::RgbImage;
use image::imageops::{FilterType, resize};
use inner_room::app::offscreen::Pictures;
use inner_room::app::{AtDoor, Flow, InSight, Lit, OfPast, Shown, Wanted};
use inner_room::desk::{self, Desk};
use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::change::ChangeStep;
use inner_room::dialogue::event::Question;
use inner_room::dialogue::face::{Expression as Shows, Level, Seen, Sight};
use inner_room::dialogue::ids::LineId;
use inner_room::dialogue::measures::{Answers, Instrument, Measure, Row, When};
use inner_room::dialogue::safety::{Card, CardKind, Choice};
use inner_room::dialogue::view::{Caption, ChangeView, Shelter};
use inner_room::dialogue::{Phase, Session, View};
use inner_room::host::{CanSee, FoundServer, HostLink, Look, Past, Preferences, Welcome};
use inner_room::room::Expression;
use inner_room::words::{LANGUAGES, Words};

use crate::likeness::assert_like;
use crate::{at, draw, flashes, put, stage_with};

/// A screen is drawn as large as a small monitor has it, and kept so large that one can still read it.
const DRAWN: (u32, u32) = (1280, 720);
const KEPT: (u32, u32) = (640, 360);
/// How large words are, in percent.
const SIZES: [u16; 2] = [100, 200];

fn desk(size: (u32, u32)) -> Option<(Pictures, HostLink)> {
    let words = Words::load("en").expect("the words are there");
    stage_with(size, |app| desk::plugin(app, words, Desk::Attended))
}

/// Shows a screen to somebody who wants it so.
pub(crate) fn show(stage: &mut Pictures, flow: Flow, view: Option<View>, preferences: &Preferences) {
    let server = Some(FoundServer {
        name: "llama.cpp".to_owned(),
        model: "a-model-q4_k_m.gguf".to_owned(),
        address: "http://127.0.0.1:8080/v1".to_owned(),
    });
    let preferences = preferences.clone();
    let app = stage.app();
    let (can_keep, is_own, measured) = (true, true, true);
    let seeing = CanSee::UpTo(Level::Aware);
    let welcome = Welcome { preferences, can_keep, is_own, measured, server, seeing, ..Welcome::default() };
    app.insert_resource(Wanted(welcome.preferences.clone()))
        .insert_resource(AtDoor(welcome))
        .insert_resource(OfPast(Some(Past::Rows(answers()))))
        .insert_resource(Shown(view))
        .insert_resource(InSight(Some(seen())))
        .insert_resource(Lit(true));
    app.world_mut().resource_mut::<NextState<Flow>>().set(flow);
}

fn press(stage: &mut Pictures, key: egui::Key) {
    let world = stage.app().world_mut();
    let mut inputs = world.query::<&mut EguiInput>();
    for mut input in inputs.iter_mut(world) {
        let modifiers = egui::Modifiers::NONE;
        input.events.push(egui::Event::Key {
            key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers,
        });
    }
}

/// Presses one key after another, with time for each to take effect.
pub(crate) fn walk(stage: &mut Pictures, keys: &[egui::Key]) {
    for key in keys {
        press(stage, *key);
        for _ in 0..3 {
            stage.advance(Duration::from_millis(100));
        }
    }
}

fn view(phase: Phase) -> View {
    View { phase, ..Session::default().view() }
}

pub(crate) fn says(agent: Agent, text: &str, view: View) -> View {
    let caption = Caption { agent, line: LineId(7), text: text.to_owned(), speaking: true };
    View { captions: vec![caption], ..view }
}

/// Answers of five evenings, a week apart.
fn answers() -> Vec<Row> {
    let measure = Measure::of(Instrument::Belief).expect("its file is in its form");
    let row = |(session, (when, value)): (i64, (When, u8))| {
        let mut answers = Answers::default();
        answers.set(measure, "belief", Some(value)).expect("an answer");
        let score = measure.scores(&answers).expect("they are its answers").remove(0);
        let begun_ms = 1_790_000_000_000 + session * 604_800_000;
        Row { session, begun_ms, measure: Instrument::Belief, when, score }
    };
    let values = [(8, 5), (7, 6), (9, 4), (6, 6), (7, 3)];
    let both = values.into_iter().flat_map(|(before, after)| [(When::Before, before), (When::After, after)]);
    both.enumerate().map(|(at, answer)| row((at as i64 / 2, answer))).collect()
}

/// What a camera sees: a drawing of a head, for no picture of a person is kept here.
fn seen() -> Seen {
    const SIDE: u32 = 240;
    let head = RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let (x, y) = (x as f32 / SIDE as f32 - 0.5, y as f32 / SIDE as f32 - 0.5);
        let within = |x: f32, y: f32, wide: f32, high: f32| (x / wide).powi(2) + (y / high).powi(2) < 1.0;
        let eye = within(x.abs() - 0.1, y + 0.06, 0.025, 0.02);
        let mouth = within(x, y - 0.13, 0.09, 0.02);
        image::Rgb(match within(x, y, 0.24, 0.32) {
            true if eye || mouth => [70, 50, 48],
            true => [222, 184, 160],
            false => [88, 96, 112],
        })
    });
    let mut jpeg = std::io::Cursor::new(Vec::new());
    head.write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("it can be written");
    Seen {
        sight: Sight::Face,
        bounds: Some([0.24, 0.17, 0.52, 0.66]),
        points: vec![[0.4, 0.44], [0.6, 0.44], [0.5, 0.54], [0.42, 0.63], [0.58, 0.63]],
        likely: vec![
            (Shows::Neutral, 0.42),
            (Shows::Happy, 0.08),
            (Shows::Sad, 0.36),
            (Shows::Angry, 0.05),
            (Shows::Fearful, 0.04),
            (Shows::Disgusted, 0.0),
            (Shows::Surprised, 0.05),
            (Shows::Contempt, 0.0),
        ],
        affect: [-0.25, -0.1],
        confidence: 0.72,
        caption: "what may be sadness, coming and going".to_owned(),
        rate: 5.0,
        picture: Some(data_encoding::BASE64.encode(jpeg.get_ref())),
    }
}

/// What is pressed to come to a screen from the one below it, and to leave it.
pub(crate) fn way(name: &str) -> (Vec<egui::Key>, Vec<egui::Key>) {
    use egui::Key::{Enter, Escape, F3, F5, Tab};
    match name {
        "settings" => (vec![F3], vec![Escape]),
        // From the button that one comes in by, past the settings and the question about keeping.
        "questions" => (vec![Tab, Tab, Tab, Enter], vec![Escape]),
        "question" => (vec![Tab, Tab, Tab, Enter, Enter, Tab, Enter, Tab, Tab, Enter], vec![Escape, Escape]),
        "past" => (vec![Tab, Tab, Tab, Tab, Enter], vec![Escape]),
        "sight" => (vec![F5], vec![F5]),
        _ => (Vec::new(), Vec::new()),
    }
}

/// Each screen: its name, where the person is, and what the session shows.
pub(crate) fn screens() -> Vec<(&'static str, Flow, Option<View>)> {
    let card = Card {
        about: CardKind::Crisis,
        choices: vec![
            Choice::Person { who: String::new() },
            Choice::Directory { emergency: "112".to_owned(), directory: "findahelpline.com".to_owned() },
            Choice::Breath,
        ],
    };
    let question = "Are you thinking about ending your life?";
    let stopped = "Everything has stopped. Please talk to a person now. The card shows who you can reach.";
    let asked = View { question: Some(Question::Belief), ..view(Phase::Intake) };
    let door = ["door", "questions", "question", "past", "settings"].map(|name| (name, Flow::Door, None));
    let evening = vec![
        (
            "intake",
            Flow::Evening,
            Some(says(
                Agent::Guide,
                "How much of you believes what it says: a small corner, half, most, all?",
                asked,
            )),
        ),
        (
            "turn",
            Flow::Evening,
            Some(says(Agent::Patient, "My boss said good morning. I answered twice.", view(Phase::Open))),
        ),
        ("held", Flow::Evening, Some(View { paused: true, ..view(Phase::Open) })),
        (
            "asked",
            Flow::Evening,
            Some(says(
                Agent::Guide,
                question,
                View { shelter: Shelter::Asked { about: CardKind::Crisis }, safe: true, ..view(Phase::Safe) },
            )),
        ),
        (
            "card",
            Flow::Evening,
            Some(says(
                Agent::Guide,
                stopped,
                View { shelter: Shelter::Card { card }, safe: true, ..view(Phase::Safe) },
            )),
        ),
        ("goodbye", Flow::Over, Some(view(Phase::Ended))),
        (
            "goodbye-kept",
            Flow::Over,
            Some(View {
                kept: Some("No wonder you froze.".to_owned()),
                measured: true,
                ..view(Phase::Ended)
            }),
        ),
    ];
    door.into_iter().chain(evening).chain([sight()]).chain(changes()).collect()
}

/// The person's turn, while a camera sees them.
fn sight() -> (&'static str, Flow, Option<View>) {
    let seen = View { face: Level::Aware, ..view(Phase::Open) };
    let says = says(Agent::Patient, "My boss said good morning. I answered twice.", seen);
    ("sight", Flow::Evening, Some(says))
}

/// The screens of the change of places.
fn changes() -> impl Iterator<Item = (&'static str, Flow, Option<View>)> {
    [
        ("change-asked", in_change(ChangeStep::Asked, None)),
        ("change-words", in_change(ChangeStep::Words, Some(0))),
        ("change-keep", in_change(ChangeStep::Keep, None)),
    ]
    .into_iter()
    .map(|(name, view)| (name, Flow::Evening, Some(view)))
}

/// In the change of places: at this step, one of their clauses being heard.
fn in_change(step: ChangeStep, heard: Option<usize>) -> View {
    let clauses: Vec<String> = [
        "You were tired, and you still went in.",
        "No wonder you went quiet. I have sat in that silence, too, and it passes.",
        "It was one meeting.",
    ]
    .map(str::to_owned)
    .to_vec();
    let words = heard.and_then(|at| clauses.get(at)).cloned();
    let change = Some(ChangeView { step, words, clauses });
    let asks = match step {
        ChangeStep::Asked => "Before you go: will you sit over there, and hear what you said?",
        _ => "Which of those words would you keep?",
    };
    says(Agent::Guide, asks, View { change, ..view(Phase::Change) })
}

#[test]
fn every_screen_is_as_it_was_judged_in_both_languages_and_two_sizes() {
    for (lang, _) in LANGUAGES {
        for text_size in SIZES {
            // A desk of its own for each: what was opened or typed on one is not on the next.
            let Some((mut stage, _host)) = desk(DRAWN) else { return };
            let look = Look { lang: lang.to_owned(), text_size, ..Look::default() };
            let preferences = Preferences { look, ..Preferences::default() };
            for (name, flow, view) in screens() {
                put(&mut stage, at(0.5, Expression::Doubt));
                show(&mut stage, flow, view, &preferences);
                stage.advance(Duration::from_millis(300));
                let (there, back) = way(name);
                walk(&mut stage, &there);
                // The cover goes, captions come, and everything finds its place.
                for _ in 0..12 {
                    stage.advance(Duration::from_millis(190));
                }
                let small: RgbImage = resize(&draw(&mut stage), KEPT.0, KEPT.1, FilterType::Triangle);
                assert_like(&format!("screen-{name}-{lang}-{text_size}"), &small);
                walk(&mut stage, &back);
            }
        }
    }
}

#[test]
fn the_cover_and_a_stage_that_falls_never_flash() {
    const RATE: usize = 15;
    let mut frames = Vec::new();
    // Three stages after each other, as when two of them fall: each comes up under its cover.
    for _ in 0..3 {
        let Some((mut stage, _host)) = desk((288, 160)) else { return };
        put(&mut stage, at(0.0, Expression::Calm));
        let preferences = Preferences::default();
        show(&mut stage, Flow::Evening, Some(view(Phase::Open)), &preferences);
        stage.app().insert_resource(Lit(false));
        for frame in 0..RATE * 3 {
            if frame == 6 {
                stage.app().insert_resource(Lit(true));
            }
            stage.advance(Duration::from_secs_f32(1.0 / RATE as f32));
            frames.push(flashes::luminance(&draw(&mut stage)));
        }
    }
    let most = flashes::most_in_a_second(&frames, RATE);
    assert!(most <= 3, "{most} flashes in a second");
    // Where the lamp stands it grows lighter as the cover goes.
    let (covered, seen) = (&frames[4], &frames[RATE * 3 - 1]);
    let most = covered.iter().zip(seen).map(|(covered, seen)| seen - covered).fold(0.0, f32::max);
    assert!(most > 0.02, "the cover did not go: {most}");
}
