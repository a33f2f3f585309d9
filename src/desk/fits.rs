//! Whether what is to be read fits into its window: every panel, in windows of two sizes, with words of two sizes.

use bevy_egui::egui::{Context, Id, Pos2, RawInput, Rect, vec2};

use super::{Draft, Panel, Wishes, captions, door, line, settings, shelter, theme};
use crate::dialogue::agent::Agent;
use crate::dialogue::event::Question;
use crate::dialogue::ids::LineId;
use crate::dialogue::safety::{Card, CardKind, Choice};
use crate::dialogue::view::Caption;
use crate::dialogue::{Phase, Session, View};
use crate::host::{FoundServer, Look, Welcome};
use crate::words::Words;

/// Width and height in pixels, and how large words are.
const SCREENS: [(f32, f32, f32); 4] =
    [(1280.0, 720.0, 1.0), (1280.0, 720.0, 2.0), (3840.0, 2160.0, 1.0), (3840.0, 2160.0, 2.0)];

/// Draws until everything has found its place, and looks where that is.
fn assert_fits(areas: &[&str], mut draw: impl FnMut(&Context, &mut Panel<'_>)) {
    let words = Words::load("en").expect("the words are there");
    for (width, height, zoom) in SCREENS {
        let ctx = Context::default();
        theme::dress(&ctx);
        ctx.set_zoom_factor(zoom);
        let screen = Rect::from_min_size(Pos2::ZERO, vec2(width, height) / zoom);
        for _ in 0..5 {
            ctx.begin_pass(RawInput { screen_rect: Some(screen), ..RawInput::default() });
            let (mut wishes, mut settings) = (Wishes::default(), false);
            let panel =
                &mut Panel { words: &words, devil: "Devil", wishes: &mut wishes, settings: &mut settings };
            draw(&ctx, panel);
            // Nothing is painted.
            ctx.end_pass().textures_delta.clear();
        }
        for area in areas {
            let place = ctx.memory(|memory| memory.area_rect(Id::new(*area))).expect("it was drawn");
            let within = screen.expand(0.5).contains_rect(place) && place.area() > 0.0;
            assert!(within, "{area} is at {place:?} of {screen:?}, words at {zoom}");
        }
    }
}

fn view(phase: Phase, question: Option<Question>) -> View {
    View { phase, question, ..Session::default().view() }
}

fn caption(text: &str) -> Caption {
    Caption { agent: Agent::Patient, line: LineId(1), text: text.to_owned(), speaking: true }
}

#[test]
fn the_door_fits_with_everything_that_can_stand_on_it() {
    let welcome = Welcome {
        ask_keep: true,
        server: Some(FoundServer {
            name: "llama.cpp".to_owned(),
            model: "a-model-with-a-long-name-q4_k_m.gguf".to_owned(),
            address: "http://127.0.0.1:11434/v1".to_owned(),
        }),
        cut_off: Some("Thursday, 26 November, 21:40".to_owned()),
        notes: vec!["The journal cannot be opened: it is damaged, and was set aside.".to_owned()],
        ..Welcome::default()
    };
    let mut deciding = door::Deciding::default();
    assert_fits(&["door"], |ctx, panel| deciding.show(ctx, panel, &welcome));
}

#[test]
fn the_help_card_fits_with_three_things_to_do() {
    let directory =
        Choice::Directory { emergency: "112".to_owned(), directory: "findahelpline.com".to_owned() };
    let choices = vec![Choice::Person { who: "Maria at the desk".to_owned() }, directory, Choice::Breath];
    let card = Card { about: CardKind::Crisis, choices };
    assert_fits(&["card"], |ctx, panel| {
        shelter::card(ctx, panel, &card);
    });
}

#[test]
fn the_plain_question_and_the_held_evening_fit() {
    assert_fits(&["check-in"], shelter::question);
    assert_fits(&["held"], line::held);
    assert_fits(&["goodbye"], |ctx, panel| {
        line::goodbye(ctx, panel, true);
    });
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
        assert_fits(&["line", "buttons", "caption"], |ctx, panel| {
            reading.show(ctx, panel, &seen, (0.0, draft.reaches()));
            line::buttons(ctx, panel, &seen);
            draft.show(ctx, panel, &seen);
            let at = |area: &str| ctx.memory(|memory| memory.area_rect(Id::new(area)));
            if let (Some(line), Some(caption), Some(buttons)) = (at("line"), at("caption"), at("buttons"))
                && ctx.cumulative_pass_nr() > 3
            {
                assert!(caption.max.y <= line.min.y + 0.5, "{question:?}: {caption:?} lies on {line:?}");
                assert!(
                    buttons.max.y <= caption.min.y + 0.5,
                    "{question:?}: {buttons:?} lies on {caption:?}"
                );
            }
        });
    }
}

#[test]
fn the_settings_fit() {
    let mut look = Look::default();
    assert_fits(&["settings"], |ctx, panel| {
        settings::draw(ctx, panel.words, &mut look);
    });
}
