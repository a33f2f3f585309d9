//! Whether everything on the desk can be reached with the keyboard alone, and whether a screen reader finds a name for it.

use std::collections::BTreeSet;

use bevy_egui::egui::accesskit::{Node, NodeId, Role};
use bevy_egui::egui::{Context, Event, Key, Modifiers, Pos2, RawInput, Rect, vec2};

use super::asking::Questions;
use super::fits::{devices, full_welcome, in_change, with_panel};
use super::past::OverTime;
use super::past::tests::answers_of;
use super::{Draft, Panel, door, goodbye, line, settings, shelter, theme};
use crate::dialogue::agent::Intensity;
use crate::dialogue::change::ChangeStep;
use crate::dialogue::event::Question;
use crate::dialogue::face::Level as FaceLevel;
use crate::dialogue::input::Control;
use crate::dialogue::measures::When;
use crate::dialogue::safety::{Card, CardKind, Choice};
use crate::dialogue::view::Shelter;
use crate::dialogue::{Input, Phase, Session, View};
use crate::host::{CanHear, CanSee, FromStage, Past, Play, Preferences, Seeing, Shown, Trial, VisionServer};
use crate::words::{LANGUAGES, Words};

/// More often than there are things on any screen.
const PRESSES: usize = 60;

/// Walks through with Tab. Everything that can be pressed, chosen or typed into has a name, and comes to be where one is.
fn assert_reached(mut draw: impl FnMut(&Context, &mut Panel<'_>)) {
    for (lang, _) in LANGUAGES {
        let words = Words::load(lang).expect("the words are there");
        let ctx = Context::default();
        theme::dress(&ctx, false);
        ctx.enable_accesskit();
        let (mut there, mut reached) = (BTreeSet::new(), BTreeSet::new());
        for press in 0..PRESSES {
            let screen = Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 720.0));
            let tab = Event::Key {
                key: Key::Tab,
                physical_key: None,
                pressed: true,
                repeat: false,
                modifiers: Modifiers::NONE,
            };
            let events = if press > 3 { vec![tab] } else { Vec::new() };
            ctx.begin_pass(RawInput { screen_rect: Some(screen), events, ..RawInput::default() });
            with_panel(&words, |panel| draw(&ctx, panel));
            let mut output = ctx.end_pass();
            output.textures_delta.clear();
            let update = output.platform_output.accesskit_update.expect("somebody reads the screen");
            reached.insert(update.focus.0);
            there.extend(named(&update.nodes, lang));
        }
        let missed: Vec<_> = there.iter().filter(|(id, _)| !reached.contains(id)).collect();
        assert!(!there.is_empty() && missed.is_empty(), "not reached in {lang}: {missed:?}");
    }
}

/// What somebody can do something with, by number and name.
fn named(nodes: &[(NodeId, Node)], lang: &str) -> Vec<(u64, String)> {
    let does = |role| {
        use Role::{Button, CheckBox, MultilineTextInput, RadioButton, TextInput};
        matches!(role, Button | CheckBox | MultilineTextInput | RadioButton | TextInput)
    };
    nodes
        .iter()
        .filter(|(_, node)| does(node.role()) && !node.is_disabled())
        .map(|(id, node)| {
            let name = node.label().unwrap_or_default().trim().to_owned();
            assert!(!name.is_empty(), "something has no name in {lang}: {node:?}");
            (id.0, name)
        })
        .collect()
}

fn view(phase: Phase, question: Option<Question>) -> View {
    View { phase, question, ..Session::default().view() }
}

#[test]
fn the_change_of_places_can_be_answered_and_left_with_the_keyboard() {
    for step in [ChangeStep::Asked, ChangeStep::Words, ChangeStep::Keep] {
        let (seen, mut draft) = (in_change(step, false), Draft::default());
        assert_reached(|ctx, panel| {
            line::buttons(ctx, panel, &seen);
            draft.show(ctx, panel, &seen);
        });
    }
}

#[test]
fn the_door_can_be_walked_through_with_the_keyboard() {
    let (welcome, mut deciding) = (full_welcome(), door::Deciding::default());
    assert_reached(|ctx, panel| deciding.show(ctx, panel, &welcome));
}

/// The settings, with a server that was tried.
pub(super) fn full_settings() -> settings::Open {
    let (model, usable) = ("a-model-with-a-long-name-q4_k_m.gguf".to_owned(), 11);
    let trial = Some(Trial::Answered { model, usable, asked: 12, first_word_ms: 1_840 });
    let mut open = settings::Open::default();
    open.trial = trial;
    open.open(&server_wanted());
    open
}

/// What somebody wants who has a server.
pub(super) fn server_wanted() -> Preferences {
    let play = Play { cast: "http://127.0.0.1:11434/v1".to_owned(), model: "a-model".to_owned() };
    Preferences { play, ..Preferences::default() }
}

/// A server that may see a picture.
pub(super) fn vision() -> VisionServer {
    let model = "a-model-with-eyes-and-a-long-name-q4_k_m.gguf".to_owned();
    VisionServer { model, address: "http://192.168.178.120:8081/v1".to_owned() }
}

#[test]
fn the_settings_can_be_walked_through_with_the_keyboard() {
    let server = vision();
    let place = settings::Place {
        can_keep: true,
        hearing: CanHear::Openly,
        seeing: CanSee::UpTo(FaceLevel::Aware),
        vision: Some(&server),
        intensity: Some(Intensity::Full),
        wears: (true, Shown::Screen),
        measures: (true, true),
    };
    let sight = Seeing { level: FaceLevel::Aware, ..Seeing::default() };
    let (mut open, mut wanted) = (full_settings(), Preferences { sight, ..server_wanted() });
    assert_reached(|ctx, panel| {
        open.draw(ctx, (panel.words, &devices()), &mut wanted, place);
    });
}

#[test]
fn the_evening_can_be_walked_through_with_the_keyboard() {
    for (phase, question) in [(Phase::Open, None), (Phase::Intake, Some(Question::Belief))] {
        let (mut draft, seen) = (Draft::default(), view(phase, question));
        assert_reached(|ctx, panel| {
            line::buttons(ctx, panel, &seen);
            draft.show(ctx, panel, &seen);
        });
    }
}

#[test]
fn the_goodbye_can_be_walked_through_and_asks_for_nothing_where_help_stands() {
    let kept = View { kept: Some("Enough.".to_owned()), measured: true, ..view(Phase::Ended, None) };
    assert_reached(|ctx, panel| {
        goodbye::show(ctx, panel, &kept);
    });
    assert!(matches!(pressed_at_goodbye(&kept, None, 0), (Some(FromStage::TakeAway), false, false)));
    assert!(matches!(pressed_at_goodbye(&kept, None, 1), (None, true, false)), "the questions once more");
    assert!(matches!(pressed_at_goodbye(&kept, None, 2), (None, false, true)), "and the way out");
    let (lies, not) = (Some(Ok("It lies there.")), Some(Err("The disk is full.")));
    assert!(matches!(pressed_at_goodbye(&kept, lies, 0), (None, true, false)), "it is saved once");
    assert!(matches!(pressed_at_goodbye(&kept, not, 0), (Some(FromStage::TakeAway), ..)), "or again");
    let nothing = View { kept: None, measured: false, ..kept.clone() };
    for without in [View { safe: true, ..kept }, nothing] {
        assert!(matches!(pressed_at_goodbye(&without, None, 0), (None, false, true)));
    }
}

/// What comes of pressing a button of the goodbye that can be pressed, counted from the left, after this of the card: what is said to the host, whether questions come
/// up, and whether the person leaves.
fn pressed_at_goodbye(
    seen: &View,
    taken: Option<Result<&'static str, &'static str>>,
    which: usize,
) -> (Option<FromStage>, bool, bool) {
    let words = Words::load("en").expect("the words are there");
    let ctx = Context::default();
    theme::dress(&ctx, false);
    let (mut wished, mut asks, mut leaves) = (None, false, false);
    let steps = (0..4).map(|_| Event::PointerGone).chain((0..=which).map(|_| key(Key::Tab)));
    for event in steps.chain([key(Key::Enter), Event::PointerGone]) {
        ctx.begin_pass(RawInput { events: vec![event], ..RawInput::default() });
        with_panel(&words, |panel| {
            panel.taken = taken;
            leaves |= goodbye::show(&ctx, panel, seen).0;
            wished = wished.take().or_else(|| panel.wishes.0.pop());
            asks |= panel.questions.stand();
        });
        ctx.end_pass().textures_delta.clear();
    }
    (wished, asks, leaves)
}

fn key(key: Key) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }
}

#[test]
fn the_questions_can_be_answered_left_out_and_left_with_the_keyboard() {
    let welcome = full_welcome();
    let mut questions = Questions::default();
    questions.open(&welcome, When::Before);
    assert_reached(|ctx, panel| {
        questions.draw(ctx, panel.words, None);
    });
    let mut questions = Questions::at(&welcome, When::Before, 0);
    assert_reached(|ctx, panel| {
        questions.draw(ctx, panel.words, None);
    });
    // Wherever a question comes up, the keyboard begins at its first answer, or at the one that was given.
    let words = Words::load("en").expect("the words are there");
    let ctx = Context::default();
    theme::dress(&ctx, false);
    ctx.enable_accesskit();
    let mut questions = Questions::at(&welcome, When::Before, 0);
    let mut name = |event: Event| {
        let mut at = press(&ctx, event, |ctx| drop(questions.draw(ctx, &words, None)));
        for _ in 0..3 {
            at = press(&ctx, Event::PointerGone, |ctx| drop(questions.draw(ctx, &words, None)));
        }
        at
    };
    assert_eq!(name(Event::PointerGone), "0 not at all");
    assert_eq!(name(key(Key::Tab)), "1");
    assert_eq!(name(key(Key::Enter)), "1 Almost never");
    let back = ["2", "3", "4", "5 Almost always", "Back"];
    assert_eq!(back.map(|_| name(key(Key::Tab))), back);
    assert_eq!(name(key(Key::Enter)), "1", "it was the answer");
    // Enter answers where the keyboard has come to, a figure answers wherever that is, and Escape leaves the rest.
    let ctx = Context::default();
    theme::dress(&ctx, false);
    let mut questions = Questions::at(&welcome, When::Before, 0);
    let mut done = None;
    let events = [key(Key::Tab), key(Key::Enter), Event::Text("4".to_owned()), Event::Text("9".to_owned())];
    for event in (0..3).map(|_| Event::PointerGone).chain(events).chain([key(Key::Escape)]) {
        ctx.begin_pass(RawInput { events: vec![event, Event::PointerGone], ..RawInput::default() });
        done = questions.draw(&ctx, &words, Some(true));
        ctx.end_pass().textures_delta.clear();
    }
    let (_, taken) = done.expect("the rest was left");
    let answers: Vec<_> = taken.iter().flat_map(|taken| taken.answers.iter()).collect();
    assert_eq!(answers, [("belief", 1), ("1", 4)], "nine is no answer of the second");
}

#[test]
fn the_answers_over_time_can_be_walked_through_and_read_aloud() {
    let (rows, mut over_time) = (Past::Rows(answers_of(3)), OverTime::default());
    assert_reached(|ctx, panel| over_time.draw(ctx, panel.words, Some(&rows)));
    let ctx = Context::default();
    theme::dress(&ctx, false);
    ctx.enable_accesskit();
    let words = Words::load("en").expect("the words are there");
    let mut read = BTreeSet::new();
    for _ in 0..4 {
        ctx.begin_pass(RawInput::default());
        over_time.draw(&ctx, &words, Some(&rows));
        let mut output = ctx.end_pass();
        output.textures_delta.clear();
        let update = output.platform_output.accesskit_update.expect("somebody reads the screen");
        read.extend(update.nodes.iter().filter_map(|(_, node)| node.value().map(str::to_owned)));
    }
    for wanted in ["before", "after", "2.00", "1/1", "-"] {
        assert!(read.contains(wanted), "{wanted} is not read: {read:?}");
    }
}

#[test]
fn what_cannot_be_pressed_is_brought_into_sight_by_the_keys_for_pages() {
    let (rows, mut over_time) = (Past::Rows(answers_of(3)), OverTime::default());
    let ctx = Context::default();
    theme::dress(&ctx, false);
    ctx.enable_accesskit();
    let words = Words::load("en").expect("the words are there");
    let mut top = |event: Event, time: f64| {
        let screen = Some(Rect::from_min_size(Pos2::ZERO, vec2(640.0, 360.0)));
        ctx.begin_pass(RawInput {
            screen_rect: screen,
            time: Some(time),
            events: vec![event],
            ..RawInput::default()
        });
        over_time.draw(&ctx, &words, Some(&rows));
        let mut output = ctx.end_pass();
        output.textures_delta.clear();
        let update = output.platform_output.accesskit_update.expect("somebody reads the screen");
        let about = words.get("past-about");
        let node = update.nodes.into_iter().find(|(_, node)| node.value() == Some(&about));
        node.and_then(|(_, node)| node.bounds()).expect("it is there").y0
    };
    let passes = |top: &mut dyn FnMut(Event, f64) -> f64, first: Event, from: f64| {
        let mut at = top(first, from);
        for pass in 1..30 {
            at = top(Event::PointerGone, from + f64::from(pass) * 0.05);
        }
        at
    };
    let before = passes(&mut top, Event::PointerGone, 0.0);
    let down = passes(&mut top, key(Key::PageDown), 2.0);
    let back = passes(&mut top, key(Key::PageUp), 4.0);
    assert!(down < before - 80.0 && (back - before).abs() < 1.0, "{before}, {down}, {back}");
}

/// One pass with this, and the name of what the keyboard has come to.
fn press(ctx: &Context, event: Event, draw: impl FnOnce(&Context)) -> String {
    let screen = Some(Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 720.0)));
    ctx.begin_pass(RawInput { screen_rect: screen, events: vec![event], ..RawInput::default() });
    draw(ctx);
    let mut output = ctx.end_pass();
    output.textures_delta.clear();
    let update = output.platform_output.accesskit_update.expect("somebody reads the screen");
    let focused = update.nodes.iter().find(|(id, _)| *id == update.focus);
    focused.and_then(|(_, node)| node.label()).unwrap_or_default().to_owned()
}

#[test]
fn letters_go_into_the_line_wherever_the_keyboard_has_come_to_and_sos_is_come_to_last() {
    let words = Words::load("en").expect("the words are there");
    let (ctx, mut draft, seen) =
        (Context::default(), Draft::default(), view(Phase::Intake, Some(Question::Belief)));
    theme::dress(&ctx, false);
    ctx.enable_accesskit();
    let mut wishes = 0;
    let mut pressed = |event| {
        press(&ctx, event, |ctx| {
            with_panel(&words, |panel| {
                line::buttons(ctx, panel, &seen);
                draft.show(ctx, panel, &seen);
                wishes += panel
                    .wishes
                    .0
                    .iter()
                    .filter(|it| matches!(it, FromStage::Input(Input::Control(_))))
                    .count();
            });
        })
    };
    for _ in 0..4 {
        pressed(Event::PointerGone);
    }
    let tab = || Event::Key {
        key: Key::Tab,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    let above: Vec<String> =
        (0..PRESSES).map(|_| pressed(tab())).skip_while(|name| *name != "Pause").take(4).collect();
    assert_eq!(above, ["Pause", "Close the evening", "Settings", "SOS"]);
    for letter in ["h", "i"] {
        pressed(Event::Text(letter.to_owned()));
    }
    assert_eq!((draft.text(), wishes), ("hi", 0));
}

#[test]
fn help_can_be_walked_through_with_the_keyboard() {
    let choices = vec![Choice::Person { who: "Maria at the desk".to_owned() }, Choice::Breath];
    let card = Card { about: CardKind::Crisis, choices };
    let seen = view(Phase::Safe, None);
    assert_reached(|ctx, panel| {
        line::buttons(ctx, panel, &seen);
        shelter::card(ctx, panel, &card);
    });
    let shelter = Shelter::Asked { about: CardKind::Crisis };
    let (mut draft, seen) = (Draft::default(), View { shelter, ..view(Phase::Safe, None) });
    assert_reached(|ctx, panel| {
        line::buttons(ctx, panel, &seen);
        draft.show(ctx, panel, &seen);
    });
}

#[test]
fn sos_is_heard_over_the_settings_and_help_never_comes_up_under_them() {
    let words = Words::load("en").expect("the words are there");
    let card = Card { about: CardKind::Crisis, choices: vec![Choice::Breath] };
    let helped = View { shelter: Shelter::Card { card }, ..view(Phase::Safe, None) };
    let (ctx, mut draft) = (Context::default(), Draft::default());
    theme::dress(&ctx, false);
    ctx.begin_pass(RawInput::default());
    ctx.end_pass().textures_delta.clear();
    let sos = Event::Key {
        key: Key::F12,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    ctx.begin_pass(RawInput { events: vec![sos], ..RawInput::default() });
    with_panel(&words, |panel| {
        super::open_settings(panel, &view(Phase::Open, None));
        super::attend(&ctx, panel, &view(Phase::Open, None), &mut draft);
        let asked = |wish: &FromStage| matches!(wish, FromStage::Input(Input::Control(Control::Sos)));
        assert!(panel.settings.stands && panel.wishes.0.iter().any(asked));
        super::attend(&ctx, panel, &helped, &mut draft);
        assert!(!panel.settings.stands && !panel.settings.holds);
        super::open_settings(panel, &helped);
        super::attend(&ctx, panel, &helped, &mut draft);
        assert!(panel.settings.stands, "words can be made larger beside help, too");
    });
    ctx.end_pass().textures_delta.clear();
}
