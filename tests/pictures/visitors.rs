//! What a visitor of an exhibition sees from the sign to the farewell, and what the staff see, as it was judged by eye: in both
//! languages.

use std::time::Duration;

use bevy::prelude::*;
use bevy_egui::{EguiInput, egui};
use image::imageops::{FilterType, resize};
use inner_room::app::offscreen::Pictures;
use inner_room::app::{AtDoor, Faces, Flow, Lit, OfCare, Shown, Wanted};
use inner_room::desk::{self, Desk};
use inner_room::dialogue::agent::Agent;
use inner_room::dialogue::face::Level;
use inner_room::dialogue::safety::{Card, CardKind, Freshness, Help, HelpLine};
use inner_room::dialogue::{Phase, Session, View};
use inner_room::host::{
    self, Call, CallTrial, CanHear, CanSee, Care, Duty, Exhibition, HostLink, Look, Panel, Preferences, Shut,
    Welcome,
};
use inner_room::room::Expression;
use inner_room::words::{LANGUAGES, Words};

#[cfg(feature = "headset")]
use crate::eyes;
use crate::likeness::assert_like;
use crate::screens::{says, walk};
use crate::{at, draw, put, stage_with};

const DRAWN: (u32, u32) = (1280, 720);
const KEPT: (u32, u32) = (640, 360);
/// How long nobody may stir before they are asked, in seconds.
const IDLE: u16 = 20;

fn help() -> Help {
    let line = |name: &str, phone: &str| {
        Some(HelpLine {
            name: name.to_owned(),
            phone: phone.to_owned(),
            hours: "day and night".to_owned(),
            freshness: Freshness::Verified,
            ..HelpLine::default()
        })
    };
    Help {
        staff: Some("Maria at the desk".to_owned()),
        crisis: line("Samaritans", "116 123"),
        danger: None,
        emergency: "999".to_owned(),
        directory: "findahelpline.com".to_owned(),
    }
}

fn exhibition() -> Exhibition {
    Exhibition {
        minutes: 8,
        languages: vec!["en".to_owned(), "zh".to_owned()],
        staff: help().staff,
        age: Some(16),
        family: false,
        camera: true,
        idle_s: IDLE,
        leaves_s: 20,
        card: Some(Card::new(CardKind::Crisis, &help())),
        ..Exhibition::default()
    }
}

fn duty() -> Duty {
    Duty {
        station: "foyer-1".to_owned(),
        state: "visit".to_owned(),
        visits: 31,
        unwell: vec!["microphone".to_owned()],
        volume: 80,
        lang: "en".to_owned(),
        languages: exhibition().languages,
        trial: CallTrial::Worked("09:58".to_owned()),
        called: Some("14:02".to_owned()),
        ..Duty::default()
    }
}

/// A screen of a visitor, in their language.
struct Hall {
    stage: Pictures,
    _host: HostLink,
    lang: &'static str,
    exhibition: Exhibition,
    /// Where it is shown, and how that is looked at.
    seen: Seen,
}

type Seen = (host::Shown, fn(&mut Pictures, &str));

impl Hall {
    fn open(lang: &'static str) -> Option<Self> {
        let words = Words::load(lang).expect("the words are there");
        let stage = stage_with(DRAWN, |app| desk::plugin(app, words, Desk::Attended))?;
        Some(Self::with(stage, lang, (host::Shown::Screen, look)))
    }

    /// The same in a headset.
    #[cfg(feature = "headset")]
    fn worn(lang: &'static str) -> Option<Self> {
        Some(Self::with(eyes::worn(lang)?, lang, (host::Shown::Headset, eyes::look)))
    }

    fn with((mut stage, host): (Pictures, HostLink), lang: &'static str, seen: Seen) -> Self {
        put(&mut stage, at(0.5, Expression::Doubt));
        stage.app().insert_resource(Lit(true));
        Self { stage, _host: host, lang, exhibition: exhibition(), seen }
    }

    /// Where the visitor is, and what the host tells.
    fn show(&mut self, flow: Flow, view: Option<View>, shut: Option<Shut>) {
        let look = Look { lang: self.lang.to_owned(), ..Look::default() };
        let welcome = Welcome {
            preferences: Preferences { look, ..Preferences::default() },
            hearing: CanHear::Openly,
            seeing: CanSee::UpTo(Level::Aware),
            exhibition: Some(Exhibition { shut, ..self.exhibition.clone() }),
            shown: self.seen.0,
            ..Welcome::default()
        };
        let app = self.stage.app();
        app.insert_resource(Wanted(welcome.preferences.clone()))
            .insert_resource(AtDoor(welcome))
            .insert_resource(Shown(view));
        app.world_mut().resource_mut::<NextState<Flow>>().set(flow);
        self.pass(300);
    }

    fn care(&mut self, care: Care) {
        self.stage.app().insert_resource(OfCare(care));
        self.pass(300);
    }

    /// So many faces are before the camera, for so long.
    fn faces(&mut self, faces: u8, seconds: u64) {
        self.stage.app().insert_resource(Faces(Some(faces)));
        for _ in 0..seconds * 4 {
            self.pass(250);
        }
    }

    fn pass(&mut self, ms: u64) {
        self.stage.advance(Duration::from_millis(ms));
    }

    fn walk(&mut self, keys: &[egui::Key]) {
        walk(&mut self.stage, keys);
    }

    /// The staff's own keys.
    fn call_for_panel(&mut self) {
        let world = self.stage.app().world_mut();
        let mut inputs = world.query::<&mut EguiInput>();
        for mut input in inputs.iter_mut(world) {
            input.events.push(egui::Event::Key {
                key: egui::Key::S,
                physical_key: None,
                pressed: true,
                repeat: false,
                modifiers: egui::Modifiers::CTRL | egui::Modifiers::SHIFT,
            });
        }
        self.pass(300);
    }

    fn is_like(&mut self, name: &str) {
        (self.seen.1)(&mut self.stage, &format!("visitor-{name}-{}", self.lang));
    }
}

/// What is on the screen is as it was judged.
fn look(stage: &mut Pictures, name: &str) {
    // Captions come, and everything finds its place.
    for _ in 0..12 {
        stage.advance(Duration::from_millis(190));
    }
    let small = resize(&draw(stage), KEPT.0, KEPT.1, FilterType::Triangle);
    assert_like(name, &small);
}

fn turn() -> View {
    let view = View { phase: Phase::Open, ..Session::default().view() };
    says(Agent::Patient, "My boss said good morning. I answered twice.", view)
}

fn before(hall: &mut Hall, number: usize) {
    use egui::Key::{Enter, PageDown, Space, Tab};
    hall.show(Flow::Door, None, None);
    hall.is_like("sign");
    hall.walk(&[Space]);
    hall.is_like("language");
    let language = vec![Tab; number + 1];
    hall.walk(&language);
    hall.walk(&[Enter]);
    hall.is_like("consent");
    hall.walk(&[PageDown, PageDown, PageDown]);
    hall.is_like("consent-below");
}

fn within(hall: &mut Hall) {
    use egui::Key::{Enter, Space, Tab};
    hall.show(Flow::Evening, Some(turn()), None);
    hall.is_like("turn");
    hall.care(Care { call: Call::Told, ..Care::default() });
    hall.is_like("called");
    hall.care(Care::default());
    hall.pass(u64::from(IDLE) * 1_000 + 3_000);
    hall.is_like("there");
    hall.walk(&[Space]);
    hall.show(Flow::Over, Some(View { phase: Phase::Ended, ..Session::default().view() }), None);
    hall.is_like("farewell");
    hall.walk(&[Tab, Tab, Enter]);
    hall.is_like("farewell-help");
    // Longer than anybody reads.
    hall.pass(300_000);
    hall.is_like("ready");
}

#[test]
fn every_screen_of_a_visitor_is_as_it_was_judged() {
    for (number, (lang, _)) in LANGUAGES.into_iter().enumerate() {
        let Some(mut hall) = Hall::open(lang) else { return };
        before(&mut hall, number);
        within(&mut hall);
    }
}

#[cfg(feature = "headset")]
#[test]
fn every_screen_of_a_visitor_in_a_headset_is_as_it_was_judged() {
    let Some(mut hall) = Hall::worn("en") else { return };
    before(&mut hall, 0);
    within(&mut hall);
    let Some(mut hall) = Hall::worn("en") else { return };
    hall.show(Flow::Door, None, Some(Shut::Closed { at: Some("10:00".to_owned()), day: None }));
    hall.is_like("closed");
    hall.show(Flow::Door, None, Some(Shut::Rest));
    hall.is_like("rest");
    hall.show(Flow::Door, None, None);
    hall.care(Care { paused: true, ..Care::default() });
    hall.is_like("paused");
}

#[test]
fn whoever_stands_before_a_sign_that_counts_is_told_so_and_met() {
    for (lang, _) in LANGUAGES {
        let Some(mut hall) = Hall::open(lang) else { return };
        hall.exhibition.counts = true;
        // One language only: the consent is the first thing to read.
        hall.exhibition.languages = vec![lang.to_owned()];
        hall.show(Flow::Door, None, None);
        hall.is_like("sign-counted");
        hall.faces(0, 1);
        hall.faces(1, 4);
        hall.walk(&[egui::Key::PageDown, egui::Key::PageDown]);
        hall.is_like("consent-counted");
    }
}

#[test]
fn every_screen_of_the_staff_and_of_a_room_that_is_shut_is_as_it_was_judged() {
    for (lang, _) in LANGUAGES {
        let Some(mut hall) = Hall::open(lang) else { return };
        hall.show(Flow::Door, None, Some(Shut::Closed { at: Some("10:00".to_owned()), day: None }));
        hall.is_like("closed");
        hall.show(Flow::Door, None, Some(Shut::Rest));
        hall.is_like("rest");
        hall.show(Flow::Door, None, None);
        hall.care(Care { paused: true, ..Care::default() });
        hall.is_like("paused");
        hall.care(Care::default());
        hall.call_for_panel();
        hall.is_like("pin");
        hall.care(Care { panel: Panel::Waits(40), ..Care::default() });
        hall.is_like("pin-waits");
        hall.care(Care { panel: Panel::Open(Box::new(duty())), ..Care::default() });
        hall.is_like("staff");
    }
}
