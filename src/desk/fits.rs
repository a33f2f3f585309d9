//! Whether what is to be read fits into its window: every panel, in both languages, in windows of two sizes, with words of
//! two sizes.

use bevy_egui::egui::{Context, Id, Pos2, RawInput, Rect, vec2};

use super::cards::{self, CardOf};
use super::past::tests::answers_of;
use super::reach::{full_settings, server_wanted, vision};
use super::{Draft, Panel, Wishes, asking, captions, door, line, past, settings, shelter, sight, theme};
use crate::config::Hear;
use crate::dialogue::agent::{Agent, Intensity};
use crate::dialogue::change::{ChangeStep, MOST_CLAUSES};
use crate::dialogue::event::Question;
use crate::dialogue::face::{Expression, Level, Seen, Sight};
use crate::dialogue::ids::LineId;
use crate::dialogue::measures::When;
use crate::dialogue::safety::{Card, CardKind, Choice};
use crate::dialogue::view::{Caption, ChangeView, Shelter};
use crate::dialogue::{Phase, Session, View};
use crate::host::{
    CanHear, CanSee, Care, Device, Devices, FoundServer, FromStage, Past, Preferences, Seeing, Shown, Sound,
    Welcome,
};
use crate::words::{LANGUAGES, Words};

/// Width and height in pixels, and how large words are.
const SCREENS: [(f32, f32, f32); 4] =
    [(1280.0, 720.0, 1.0), (1280.0, 720.0, 2.0), (3840.0, 2160.0, 1.0), (3840.0, 2160.0, 2.0)];

/// Draws until everything has found its place, and looks where that is.
pub(super) fn assert_fits(areas: &[&str], mut draw: impl FnMut(&Context, &mut Panel<'_>)) {
    for (lang, _) in LANGUAGES {
        let words = Words::load(lang).expect("the words are there");
        for screen in SCREENS {
            assert_fits_into(screen, &words, areas, &mut draw);
        }
    }
}

fn assert_fits_into(
    (width, height, zoom): (f32, f32, f32),
    words: &Words,
    areas: &[&str],
    mut draw: impl FnMut(&Context, &mut Panel<'_>),
) {
    let ctx = Context::default();
    theme::dress(&ctx, false);
    ctx.set_zoom_factor(zoom);
    let screen = Rect::from_min_size(Pos2::ZERO, vec2(width, height) / zoom);
    for _ in 0..5 {
        ctx.begin_pass(RawInput { screen_rect: Some(screen), ..RawInput::default() });
        with_panel(words, |panel| draw(&ctx, panel));
        // Nothing is painted.
        ctx.end_pass().textures_delta.clear();
    }
    for area in areas {
        let place = ctx.memory(|memory| memory.area_rect(Id::new(*area))).expect("it was drawn");
        let within = screen.expand(0.5).contains_rect(place) && place.area() > 0.0;
        assert!(within, "{area} is at {place:?} of {screen:?}, words at {zoom}, in {}", words.lang());
    }
}

/// A panel for somebody who has decided nothing yet.
pub(super) fn with_panel(words: &Words, draw: impl FnOnce(&mut Panel<'_>)) {
    let (mut wishes, mut settings) = (Wishes::default(), settings::Open::default());
    // Somebody who is heard has more to decide.
    let sound = Sound { hear: Hear::Open, recording: true, ..Sound::default() };
    let sight = Seeing { level: Level::Aware, ..Seeing::default() };
    let mut wanted = Preferences { sound, sight, ..Preferences::default() };
    draw(&mut Panel {
        words,
        devil: &words.get("speaker-devil"),
        wishes: &mut wishes,
        settings: &mut settings,
        wanted: &mut wanted,
        level: Some(0.1),
        devices: &devices(),
        door: &full_welcome(),
        taken: None,
        questions: &mut asking::Questions::default(),
        over_time: &mut past::OverTime::default(),
        past: None,
        looking: &mut sight::Looking::default(),
        in_sight: None,
        care: &Care::default(),
    });
}

fn view(phase: Phase, question: Option<Question>) -> View {
    View { phase, question, hears: true, records: true, face: Level::Aware, ..Session::default().view() }
}

fn caption(text: &str) -> Caption {
    Caption { agent: Agent::Patient, line: LineId(1), text: text.to_owned(), speaking: true }
}

/// A door with everything that can stand on it.
pub(super) fn full_welcome() -> Welcome {
    Welcome {
        can_keep: true,
        is_own: true,
        measured: true,
        server: Some(FoundServer {
            name: "llama.cpp".to_owned(),
            model: "a-model-with-a-long-name-q4_k_m.gguf".to_owned(),
            address: "http://127.0.0.1:11434/v1".to_owned(),
        }),
        cut_off: Some("Thursday, 26 November, 21:40".to_owned()),
        hearing: CanHear::Openly,
        seeing: CanSee::UpTo(Level::Aware),
        vision: Some(vision()),
        notes: vec!["The journal cannot be opened: it is damaged, and was set aside.".to_owned()],
        ..Welcome::default()
    }
}

#[test]
fn the_door_fits_with_everything_that_can_stand_on_it() {
    let (welcome, mut deciding) = (full_welcome(), door::Deciding::default());
    assert_fits(&["door"], |ctx, panel| deciding.show(ctx, panel, &welcome));
}

#[test]
fn the_help_card_fits_with_three_things_to_do() {
    let directory =
        Choice::Directory { emergency: "112".to_owned(), directory: "findahelpline.com".to_owned() };
    let choices = vec![Choice::Person { who: "Maria at the desk".to_owned() }, directory, Choice::Breath];
    let card = Card { about: CardKind::Crisis, choices };
    let mut seen = view(Phase::Safe, None);
    seen.captions = vec![caption(
        "Everything has stopped. Please talk to a person now. The card shows who you can reach.",
    )];
    let mut reading = captions::Reading::default();
    assert_fits(&["card", "buttons", "sos"], |ctx, panel| {
        if !theme::is_small(ctx) {
            reading.show(ctx, panel, &seen, (0.0, None), |_| false);
        }
        line::buttons(ctx, panel, &seen);
        shelter::card(ctx, panel, &card);
        let at = |area: &str| ctx.memory(|memory| memory.area_rect(Id::new(area)));
        if let (Some(card), Some(buttons)) = (at("card"), at("buttons"))
            && ctx.cumulative_pass_nr() > 3
        {
            let below = at("caption").map_or(f32::INFINITY, |caption| caption.min.y);
            assert!(card.max.y <= below + 0.5, "{card:?} lies on the caption at {below}");
            assert!(buttons.max.y <= card.min.y + 0.5, "{card:?} lies on {buttons:?}");
        }
    });
}

#[test]
fn the_plain_question_and_the_held_evening_fit() {
    let asked = View { shelter: Shelter::Asked { about: CardKind::Crisis }, ..view(Phase::Safe, None) };
    let mut draft = Draft::default();
    assert_fits(&["line"], |ctx, panel| draft.show(ctx, panel, &asked));
    assert_fits(&["held"], |ctx, panel| {
        draft.rest(ctx, panel, &View { paused: true, ..view(Phase::Open, None) });
    });
    let ended = |kept: Option<&str>| View { kept: kept.map(str::to_owned), ..view(Phase::Ended, None) };
    let helped = View { shelter: asked.shelter.clone(), safe: true, ..ended(None) };
    let lies = "The card lies in /home/somebody-with-a-long-name/Pictures/Saved from everywhere, as inner-room 2026-11-27 (2).png.";
    for (seen, taken) in
        [(helped, None), (ended(Some("Enough.")), None), (ended(Some("Enough.")), Some(Ok(lies)))]
    {
        let (mut draft, mut reading) = (Draft::default(), captions::Reading::default());
        let seen = View { captions: vec![caption("It never agreed with you. It just ran out.")], ..seen };
        assert_fits(&["goodbye", "caption"], |ctx, panel| {
            panel.taken = taken;
            reading.show(ctx, panel, &seen, (0.0, Some(draft.reaches())), |_| false);
            draft.leave(ctx, panel, &seen);
            let at = |area: &str| ctx.memory(|memory| memory.area_rect(Id::new(area)));
            if let (Some(goodbye), Some(caption)) = (at("goodbye"), at("caption"))
                && ctx.cumulative_pass_nr() > 3
            {
                assert!(caption.max.y <= goodbye.min.y + 0.5, "{caption:?} lies on {goodbye:?}");
            }
        });
    }
}

#[test]
fn the_line_the_buttons_and_a_long_caption_fit_and_none_lies_on_another() {
    let words = "It was in the corridor after the meeting, and everybody had already gone back to their desks. \
                 I said that it was fine, and then I stood there and could not think of the way to my own chair.";
    let asked = "How much of you believes that, from 0, not at all, to 10, all of you?";
    for (question, words) in
        [(None, words), (Some(Question::Belief), asked), (Some(Question::When), "When does it find you?")]
    {
        // Questions are asked before the room is entered.
        let phase = if question.is_some() { Phase::Intake } else { Phase::Open };
        let mut seen = view(phase, question);
        seen.captions = vec![caption(words)];
        let (mut draft, mut reading) = (Draft::default(), captions::Reading::default());
        assert_fits(&["line", "buttons", "sos", "caption"], |ctx, panel| {
            reading.show(ctx, panel, &seen, (0.0, Some(draft.reaches())), |_| false);
            line::buttons(ctx, panel, &seen);
            draft.show(ctx, panel, &seen);
            let at = |area: &str| ctx.memory(|memory| memory.area_rect(Id::new(area)));
            if let (Some(line), Some(caption), Some(buttons)) = (at("line"), at("caption"), at("buttons"))
                && ctx.cumulative_pass_nr() > 3
            {
                assert!(caption.max.y <= line.min.y + 0.5, "{question:?}: {caption:?} lies on {line:?}");
                let sos = at("sos").expect("it was drawn");
                assert!(!sos.intersects(buttons), "{question:?}: {sos:?} lies on {buttons:?}");
                assert!(
                    buttons.max.y <= caption.min.y + 0.5,
                    "{question:?}: {buttons:?} lies on {caption:?}"
                );
            }
        });
    }
}

/// In the change of places: what is asked at this step, with as much to choose from as there can be.
pub(super) fn in_change(step: ChangeStep, heard: bool) -> View {
    let clause = "No wonder you went quiet. I have sat in that silence, too, in the car in front of the house, and it passes.";
    let clauses = vec![clause.to_owned(); MOST_CLAUSES];
    let change = Some(ChangeView { step, words: heard.then(|| clause.to_owned()), clauses });
    let asks = "If you could keep one of those, which would it be?";
    View { change, captions: vec![caption(asks)], ..view(Phase::Change, None) }
}

#[test]
fn the_change_of_places_fits_at_every_step_and_nothing_lies_on_another() {
    for (step, heard, foot) in [
        (ChangeStep::Asked, false, "line"),
        (ChangeStep::Settling, false, "back"),
        (ChangeStep::Words, true, "back"),
        (ChangeStep::Keep, false, "line"),
    ] {
        let seen = in_change(step, heard);
        let (mut draft, mut reading) = (Draft::default(), captions::Reading::default());
        assert_fits(&[foot, "buttons", "sos"], |ctx, panel| {
            reading.show(ctx, panel, &seen, (0.0, Some(draft.reaches())), |_| false);
            line::buttons(ctx, panel, &seen);
            draft.show(ctx, panel, &seen);
            let at = |area: &str| ctx.memory(|memory| memory.area_rect(Id::new(area)));
            // In a small window the field asks alone.
            if step == ChangeStep::Keep && theme::is_small(ctx) {
                return;
            }
            let places = (at(foot), at("caption"), at("buttons"));
            let (Some(foot), Some(caption), Some(buttons)) = places else { return };
            if ctx.cumulative_pass_nr() > 3 {
                assert!(caption.max.y <= foot.min.y + 0.5, "{step:?}: {caption:?} lies on {foot:?}");
                assert!(buttons.max.y <= caption.min.y + 0.5, "{step:?}: {buttons:?} lies on {caption:?}");
            }
        });
    }
}

/// Where the Patient's chin is, in shares of the window's height from above: measured in the pictures of the screens.
pub(super) const CHIN: f32 = 0.53;

#[test]
fn in_a_small_window_a_question_leaves_the_face_of_whom_it_is_about_free() {
    let asked = View {
        captions: vec![caption("Before you go: will you sit over there, and hear what you said?")],
        ..in_change(ChangeStep::Asked, false)
    };
    let plain = View {
        captions: vec![caption("Are you thinking about ending your life?")],
        shelter: Shelter::Asked { about: CardKind::Crisis },
        ..view(Phase::Open, None)
    };
    let belief = View {
        captions: vec![caption("How much of you believes what it says: a small corner, half, most, all?")],
        ..view(Phase::Intake, Some(Question::Belief))
    };
    let words = Words::load("en").expect("the words are there");
    for seen in [asked, plain, belief] {
        let (mut draft, mut reading) = (Draft::default(), captions::Reading::default());
        assert_fits_into((1280.0, 720.0, 2.0), &words, &["line", "caption"], |ctx, panel| {
            reading.show(ctx, panel, &seen, (0.0, Some(draft.reaches())), |_| false);
            draft.show(ctx, panel, &seen);
            let place = ctx.memory(|memory| memory.area_rect(Id::new("caption")));
            let Some(place) = place.filter(|_| ctx.cumulative_pass_nr() > 3) else { return };
            let from = place.min.y / ctx.content_rect().height();
            assert!(from > CHIN, "{:?} begins at {from}", seen.captions);
        });
    }
}

#[test]
fn what_is_typed_grows_row_by_row_and_then_scrolls() {
    let screen = (1280.0, 720.0, 1.0);
    let words = Words::load("en").expect("the words are there");
    let height = |text: &str| {
        let (mut draft, mut reaches) = (Draft::typed(text), 0.0);
        assert_fits_into(screen, &words, &["line"], |ctx, panel| {
            draft.show(ctx, panel, &view(Phase::Open, None));
            reaches = draft.reaches();
        });
        reaches
    };
    let (empty, row, two, much) = (
        height(""),
        height(&"Some words. ".repeat(5)),
        height(&"Some words. ".repeat(10)),
        height(&"Much. ".repeat(600)),
    );
    assert!((empty - row).abs() < 0.5, "a first row makes it grow from {empty} to {row}");
    assert!(row < two && two < much && much < 200.0, "{row}, {two}, {much}");
}

/// What a machine has, one of it with a long name.
pub(super) fn devices() -> Devices {
    let device = |title: &str| Device { id: title.to_lowercase(), title: title.to_owned() };
    let microphones = vec![
        device("USB Microphone"),
        device(
            "Family 17h/19h/1ah HD Audio Controller Analogue Stereo, Front Microphone, Input 2 of the desk in the hall",
        ),
    ];
    Devices {
        microphones,
        loudspeakers: vec![device("Built-in Audio")],
        cameras: vec![device("Integrated Camera")],
    }
}

#[test]
fn the_settings_fit() {
    let place = settings::Place {
        can_keep: true,
        hearing: CanHear::Openly,
        seeing: CanSee::UpTo(Level::Mirror),
        vision: None,
        intensity: Some(Intensity::Full),
        wears: (true, Shown::Screen),
        measures: (true, true),
    };
    assert_fits(&["settings"], |ctx, panel| {
        full_settings().draw(ctx, (panel.words, &devices()), &mut server_wanted(), place);
    });
}

#[test]
fn the_questions_and_the_answers_over_time_fit() {
    let welcome = full_welcome();
    for keeps in [Some(true), Some(false), None] {
        let mut questions = asking::Questions::default();
        questions.open(&welcome, When::Before);
        assert_fits(&["questions"], |ctx, panel| {
            questions.draw(ctx, panel.words, keeps);
        });
    }
    // Belief with its eleven answers, the longest sentence of the SCS-SF, and the first of IMBUE's.
    for (when, question) in [(When::Before, 0), (When::Before, 12), (When::Before, 13), (When::After, 14)] {
        let mut questions = asking::Questions::at(&welcome, when, question);
        assert_fits(&["questions"], |ctx, panel| {
            questions.draw(ctx, panel.words, Some(true));
        });
        assert!(questions.stand());
    }
    let told = [
        None,
        Some(Past::Unreadable("the disk reports an error".to_owned())),
        Some(Past::Rows(answers_of(40))),
    ];
    for past in &told {
        let mut over_time = past::OverTime::default();
        assert_fits(&["past"], |ctx, panel| over_time.draw(ctx, panel.words, past.as_ref()));
    }
}

#[test]
fn what_is_seen_fits_in_every_language_and_says_so_where_nothing_is() {
    let seen = |sight| Seen {
        sight,
        likely: vec![(Expression::Neutral, 0.4), (Expression::Angry, 0.6)],
        caption: "tight brows, which may be anger or effort, and they stay".to_owned(),
        ..Seen::default()
    };
    let all = [Sight::Waiting, Sight::Learning, Sight::Face, Sight::Away, Sight::Nobody, Sight::Several];
    for seen in all.map(|sight| Some(seen(sight))).into_iter().chain([None]) {
        let mut looking = sight::Looking::default();
        looking.stands = true;
        assert_fits(&["sight"], |ctx, panel| {
            looking.draw(ctx, panel.words, (seen.as_ref(), true), 90.0);
        });
        let words = Words::load("en").expect("the words are there");
        let gone = looking.draw(&Context::default(), &words, (None, false), 0.0);
        assert!(matches!(gone, Some(FromStage::Look(false))), "the camera is off, and nobody looks");
    }
}

#[test]
fn a_hint_fits_beside_the_figures_and_lies_on_nothing() {
    let hint = "You could name what you see: a shoulder that is pulled up, a voice that has gone quiet. Then say \
                what you would say to a friend who sat there, and leave it at that.";
    let (mut draft, mut reading) = (Draft::default(), captions::Reading::default());
    let mut seen = view(Phase::Open, None);
    seen.captions = vec![caption("Nobody said a word to me about it afterwards, and I did not ask.")];
    for (width, height) in [(1280.0, 720.0), (3840.0, 2160.0)] {
        for (lang, _) in LANGUAGES {
            let words = Words::load(lang).expect("the words are there");
            let areas = ["guide", "line", "caption", "buttons", "sos"];
            assert_fits_into((width, height, 1.0), &words, &areas, |ctx, panel| {
                reading.show(ctx, panel, &seen, (0.0, Some(draft.reaches())), |_| false);
                line::buttons(ctx, panel, &seen);
                draft.show(ctx, panel, &seen);
                cards::show(ctx, panel.words, (CardOf::Hint, hint), 1.0);
                let at = |area: &str| ctx.memory(|memory| memory.area_rect(Id::new(area)));
                let Some(card) = at("guide").filter(|_| ctx.cumulative_pass_nr() > 3) else { return };
                for other in ["line", "caption", "buttons", "sos"].into_iter().filter_map(at) {
                    assert!(!card.shrink(0.5).intersects(other), "{card:?} lies on {other:?}, in {lang}");
                }
            });
        }
    }
}
