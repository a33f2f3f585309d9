//! Every screen as both eyes of a headset see it, and the room at full strength, at half and at none.

use std::time::Duration;

use image::RgbImage;
use image::imageops::{FilterType, resize};
use inner_room::app::Happened;
use inner_room::app::offscreen::Pictures;
use inner_room::config::Tier;
use inner_room::desk::{self, Desk};
use inner_room::dialogue::event::Event;
use inner_room::headset;
use inner_room::host::{HostLink, Preferences, link};
use inner_room::room::tier::WantedTier;
use inner_room::room::{self, Expression};
use inner_room::words::Words;

use crate::likeness::assert_like;
use crate::screens::{screens, show, walk, way};
use crate::{at, can_draw, draw, put};

/// How many pixels an eye is drawn with, each way, and how many are kept: words are read at the first.
const DRAWN: u32 = 1_000;
const KEPT: u32 = 400;

/// The room as it is worn, with everything that is written there in this language.
pub(crate) fn worn(lang: &str) -> Option<(Pictures, HostLink)> {
    if !can_draw() {
        return None;
    }
    let words = Words::load(lang).expect("the words are there");
    let (stage, host) = link();
    let mut app = headset::without_runtime(stage, DRAWN, true);
    app.insert_resource(WantedTier(Some(Tier::Low))).add_plugins(room::plugin);
    desk::plugin(&mut app, words, Desk::Attended);
    Some((Pictures::new(app), host))
}

/// What both eyes see now is as it was judged.
pub(crate) fn look(stage: &mut Pictures, name: &str) {
    for _ in 0..12 {
        stage.advance(Duration::from_millis(190));
    }
    let both = draw(stage);
    if let Some(folder) = std::env::var_os("LOOK_INTO") {
        let file = std::path::Path::new(&folder).join(format!("{name}.png"));
        both.save(file).expect("it is written");
    }
    let small: RgbImage = resize(&both, 2 * KEPT, KEPT, FilterType::Triangle);
    assert_like(&format!("eyes-{name}"), &small);
}

#[test]
fn every_screen_in_a_headset_is_as_it_was_judged() {
    let Some((mut stage, _host)) = worn("en") else { return };
    for (name, flow, view) in screens() {
        put(&mut stage, at(0.5, Expression::Doubt));
        show(&mut stage, flow, view, &Preferences::default());
        stage.advance(Duration::from_millis(300));
        let (there, back) = way(name);
        walk(&mut stage, &there);
        look(&mut stage, name);
        walk(&mut stage, &back);
    }
}

/// What happens in an evening, as its log has it.
fn happens(stage: &mut Pictures, kind: &str) {
    let event: Event =
        serde_json::from_str(&format!(r#"{{"v":1,"seq":1,"at_ms":0,"turn":1,{kind}}}"#)).expect("an event");
    stage.app().world_mut().write_message(Happened(event));
}

#[test]
fn what_the_guide_says_by_the_way_in_a_headset_is_as_it_was_judged() {
    let Some((mut stage, _host)) = worn("en") else { return };
    let (_, flow, view) = screens().into_iter().find(|(name, ..)| *name == "turn").expect("a turn");
    put(&mut stage, at(0.5, Expression::Doubt));
    show(&mut stage, flow, view, &Preferences::default());
    let skills = r#"{"describe":"strong","express":"weak","assert":"absent","reinforce":"absent","negotiate":"absent","mindful":true,"confident":true}"#;
    let cards = [
        (
            "hint",
            "You could say what you see in their face, before you say what they should do.",
            r#""kind":"hint","line":20,"aim":"presence","because":"asked""#.to_owned(),
        ),
        (
            "feedback",
            "Tuesday. You brought a fact with a day on it.",
            format!(r#""kind":"feedback","line":21,"skills":{skills}"#),
        ),
    ];
    for ((name, text, card), line) in cards.into_iter().zip(20..) {
        let said = format!(r#""kind":"line","agent":"guide","line":{line},"text":"{text}","manner":"plain""#);
        happens(&mut stage, &said);
        happens(&mut stage, &card);
        look(&mut stage, name);
    }
}

#[test]
fn the_room_in_a_headset_is_as_it_was_judged() {
    let Some((mut stage, _host)) = worn("en") else { return };
    let strengths = [
        ("strength-1.0", 1.0, Expression::Hurt),
        ("strength-0.5", 0.5, Expression::Doubt),
        ("strength-0.0", 0.0, Expression::Calm),
    ];
    for (name, strength, expression) in strengths {
        put(&mut stage, at(strength, expression));
        look(&mut stage, name);
    }
}
