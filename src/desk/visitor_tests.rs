//! What a visitor of an exhibition meets: whether it fits, and whether whoever walks away is noticed.

use bevy_egui::egui::{Context, Event, Id, Key, LayerId, Modifiers, Order, Pos2, RawInput, Rect, vec2};

use super::fits::{assert_fits, with_panel};
use super::visitor::Visitor;
use super::{Panel, sign, theme};
use crate::config::Hear;
use crate::dialogue::agent::{Agent, Intensity};
use crate::dialogue::ids::LineId;
use crate::dialogue::safety::{Card, CardKind, Help};
use crate::dialogue::view::Caption;
use crate::dialogue::{Phase, Session, View};
use crate::host::{CanHear, CanSee, Exhibition, FromStage, Welcome};
use crate::words::Words;

pub(super) fn exhibition() -> Exhibition {
    Exhibition {
        minutes: 8,
        languages: vec!["en".to_owned(), "zh".to_owned()],
        staff: Some("Maria at the desk".to_owned()),
        age: Some(16),
        family: false,
        camera: true,
        idle_s: 40,
        leaves_s: 20,
        card: Some(Card::new(CardKind::Crisis, &Help::default())),
        shut: None,
        heard_at: None,
        spoken_at: Some("https://mouth.example/v1".to_owned()),
        loud: false,
        counts: true,
        reads: vec!["en".to_owned(), "zh".to_owned()],
    }
}

pub(super) fn welcome() -> Welcome {
    let seeing = CanSee::UpTo(crate::dialogue::face::Level::Aware);
    Welcome {
        exhibition: Some(exhibition()),
        hearing: CanHear::Openly,
        seeing,
        played_by: Some("a-model-with-a-long-name (http://192.168.30.10:8000/v1)".to_owned()),
        ..Welcome::default()
    }
}

pub(super) fn key(key: Key) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }
}

/// A visitor on a screen of their own.
pub(super) struct Met {
    ctx: Context,
    pub(super) visitor: Visitor,
    /// What the host was told.
    pub(super) said: Vec<FromStage>,
}

impl Met {
    pub(super) fn new() -> Self {
        let ctx = Context::default();
        theme::dress(&ctx, false);
        let mut met = Self { ctx, visitor: Visitor::default(), said: Vec::new() };
        for _ in 0..3 {
            met.at_door(0.0, Vec::new());
        }
        met
    }

    fn pass(&mut self, events: Vec<Event>, draw: impl FnOnce(&mut Visitor, &Context, &mut Panel<'_>)) {
        let screen = Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 720.0));
        // Which a window tells in every frame.
        let events = [vec![Event::ModifiersChanged(Modifiers::NONE)], events].concat();
        self.ctx.begin_pass(RawInput { screen_rect: Some(screen), events, ..RawInput::default() });
        let words = Words::load("en").expect("the words are there");
        with_panel(&words, |panel| {
            draw(&mut self.visitor, &self.ctx, panel);
            self.said.append(&mut panel.wishes.0);
        });
        self.ctx.end_pass().textures_delta.clear();
    }

    fn at_door(&mut self, now: f32, events: Vec<Event>) {
        let (welcome, exhibition) = (welcome(), exhibition());
        self.pass(events, |visitor, ctx, panel| visitor.at_door(ctx, panel, (&welcome, &exhibition), now));
    }

    /// Walks through with Tab until something is pressed that has this to be said of it, or all were.
    fn press_until(&mut self, now: f32, is: impl Fn(&Self) -> bool) -> bool {
        (0..24).any(|tabs| {
            for _ in 0..tabs {
                self.at_door(now, vec![key(Key::Tab)]);
            }
            self.at_door(now, vec![key(Key::Enter)]);
            self.at_door(now, Vec::new());
            is(self)
        })
    }

    pub(super) fn stands(&self, area: &str) -> bool {
        let layer = LayerId::new(Order::Middle, Id::new(area));
        self.ctx.memory(|memory| memory.areas().visible_last_frame(&layer))
    }

    /// Whether they have gone, in the middle of a visit.
    pub(super) fn is_gone(&mut self, view: &View, now: f32, events: Vec<Event>) -> bool {
        let (welcome, mut gone) = (welcome(), false);
        self.pass(events, |visitor, ctx, panel| {
            let mut panel = in_exhibition(panel, &welcome);
            gone = visitor.look_after(ctx, &mut panel, view, (false, now));
        });
        gone
    }
}

/// The same panel, in an exhibition where nobody is heard.
pub(super) fn in_exhibition<'a>(panel: &'a mut Panel<'_>, welcome: &'a Welcome) -> Panel<'a> {
    Panel {
        words: panel.words,
        devil: panel.devil,
        wishes: panel.wishes,
        settings: panel.settings,
        wanted: panel.wanted,
        level: None,
        devices: panel.devices,
        door: welcome,
        taken: panel.taken,
        questions: panel.questions,
        over_time: panel.over_time,
        past: panel.past,
        looking: panel.looking,
        in_sight: panel.in_sight,
        care: panel.care,
    }
}

pub(super) fn view(phase: Phase) -> View {
    View { phase, ..Session::default().view() }
}

#[test]
fn everything_that_a_visitor_reads_fits() {
    let (welcome, exhibition) = (welcome(), exhibition());
    let mut visitor = Visitor::default();
    assert_fits(&["sign"], |ctx, panel| visitor.at_door(ctx, panel, (&welcome, &exhibition), 0.0));
    for (step, area) in [(1, "door"), (2, "consent")] {
        let mut visitor = Visitor::at_step(step);
        assert_fits(&[area], |ctx, panel| visitor.at_door(ctx, panel, (&welcome, &exhibition), 0.0));
    }
    let mut visitor = Visitor::default();
    assert_fits(&["there"], |ctx, panel| {
        let mut panel = in_exhibition(panel, &welcome);
        visitor.look_after(ctx, &mut panel, &view(Phase::Open), (false, 50.0));
    });
    let mut visitor = Visitor::default();
    assert_fits(&["goodbye"], |ctx, panel| {
        let mut panel = in_exhibition(panel, &welcome);
        visitor.look_after(ctx, &mut panel, &view(Phase::Ended), (false, 1.0));
    });
    assert_fits(&["ready"], |ctx, panel| sign::made_ready(ctx, panel));
}

#[test]
fn a_key_brings_them_from_the_sign_to_the_language_and_what_they_said_yes_to_is_told() {
    let mut met = Met::new();
    assert!(met.stands("sign") && met.said.is_empty());
    met.at_door(1.0, vec![key(Key::Space)]);
    met.at_door(1.0, Vec::new());
    assert!(met.stands("door"), "they choose a language");
    assert!(met.press_until(2.0, |met| met.stands("consent")));
    let begun = |met: &Met| met.said.iter().any(|said| matches!(said, FromStage::Begin(_)));
    assert!(!begun(&met), "reading is no consent");
    // The way there also passes the switches; each may have been pressed or not.
    assert!(met.press_until(3.0, begun));
    let prefers = met.said.iter().find_map(|said| match said {
        FromStage::Prefer(wanted) => Some(wanted),
        _ => None,
    });
    assert!(prefers.is_some(), "what they allow goes with it");
}

#[test]
fn nobody_is_heard_or_seen_who_has_not_switched_it_on() {
    let mut met = Met::new();
    met.visitor = Visitor::at_step(2);
    let (welcome, exhibition) = (welcome(), exhibition());
    met.pass(Vec::new(), |visitor, _, panel| visitor.begin(panel, &welcome, &exhibition));
    let Some(FromStage::Prefer(wanted)) = met.said.first() else { panic!("{:?}", met.said) };
    assert_eq!(wanted.sound.hear, Hear::Off);
    assert_eq!(wanted.sight.level, crate::dialogue::face::Level::Off);
    let family = Exhibition { family: true, ..exhibition };
    met.said.clear();
    met.pass(Vec::new(), |visitor, _, panel| visitor.begin(panel, &welcome, &family));
    let Some(FromStage::Begin(choices)) = met.said.last() else { panic!("{:?}", met.said) };
    assert_eq!(choices.intensity, Some(Intensity::Off), "families meet no Devil");
}

#[test]
fn whoever_leaves_while_they_read_leaves_the_sign_behind() {
    let mut met = Met::new();
    met.at_door(1.0, vec![key(Key::Space)]);
    met.at_door(2.0, Vec::new());
    assert!(met.stands("door"));
    met.at_door(60.0, Vec::new());
    assert!(met.stands("door"), "they read");
    met.at_door(100.0, Vec::new());
    met.at_door(101.0, Vec::new());
    assert!(met.stands("sign") && !met.stands("door"));
}

/// Somebody whom the camera has seen for long enough, after an empty hall.
fn seen() -> Met {
    let mut met = Met::new();
    met.visitor.see(0, 0.0);
    met.visitor.see(1, 100.0);
    met.at_door(101.0, Vec::new());
    assert!(met.stands("sign"), "they may only walk past");
    met.at_door(104.0, Vec::new());
    met.at_door(104.1, Vec::new());
    assert!(!met.stands("sign"));
    met
}

#[test]
fn whoever_stands_before_the_sign_is_met_and_once_they_turn_away_the_sign_stands_again() {
    let mut met = seen();
    met.visitor.see(0, 110.0);
    met.at_door(121.0, Vec::new());
    assert!(!met.stands("sign"), "they look down at the keys");
    for now in [131.0, 131.1] {
        met.at_door(now, Vec::new());
    }
    assert!(met.stands("sign"));
    met.at_door(140.0, Vec::new());
    assert!(
        met.stands("sign") && met.said.is_empty(),
        "nobody is there, and nothing was begun: {:?}",
        met.said
    );
}

#[test]
fn whoever_was_met_and_reads_on_without_being_seen_is_not_sent_away_while_they_do_something() {
    let mut met = seen();
    met.visitor.see(0, 105.0);
    for now in [110.0, 125.0, 140.0, 155.0] {
        met.at_door(now, vec![key(Key::Tab)]);
    }
    assert!(!met.stands("sign"));
}

#[test]
fn whoever_came_by_a_key_may_read_for_longer_where_no_face_is_seen() {
    let mut met = Met::new();
    met.visitor.see(0, 0.0);
    met.at_door(20.0, vec![key(Key::Space)]);
    for now in [45.0, 100.0] {
        met.at_door(now, Vec::new());
        assert!(!met.stands("sign"));
    }
}

#[test]
fn what_was_chosen_by_somebody_who_took_the_headset_off_is_not_the_next_ones() {
    let mut met = Met::new();
    met.at_door(1.0, vec![key(Key::Space)]);
    met.at_door(2.0, Vec::new());
    assert!(!met.stands("sign"));
    met.visitor.take_off();
    met.at_door(3.0, Vec::new());
    met.at_door(3.1, Vec::new());
    assert!(met.stands("sign"));
}

#[test]
fn whoever_says_goodbye_themselves_has_gone_and_no_window_closes_for_it() {
    let mut met = Met::new();
    let welcome = welcome();
    met.pass(Vec::new(), |visitor, ctx, panel| {
        let mut panel = in_exhibition(panel, &welcome);
        assert!(visitor.look_after(ctx, &mut panel, &view(Phase::Safe), (true, 9.0)));
    });
    assert!(met.visitor.has_gone() && met.said.iter().any(|said| matches!(said, FromStage::Done)));
}

#[test]
fn figures_that_speak_into_an_empty_room_do_not_keep_a_visit_going() {
    let mut met = Met::new();
    let line = Caption {
        agent: Agent::Guide,
        line: LineId(1),
        text: "Nothing has to be said.".to_owned(),
        speaking: true,
    };
    let speaks = View { captions: vec![line], ..view(Phase::Open) };
    met.is_gone(&speaks, 0.0, vec![key(Key::Space)]);
    assert!(!met.is_gone(&speaks, 55.0, Vec::new()));
    assert!(met.is_gone(&speaks, 61.0, Vec::new()));
}

#[test]
fn how_long_somebody_reads_at_the_door_is_no_silence_of_theirs_in_the_room() {
    let mut met = Met::new();
    met.at_door(1.0, vec![key(Key::Space)]);
    for now in [30.0, 60.0, 89.0] {
        met.at_door(now, Vec::new());
    }
    assert!(!met.is_gone(&view(Phase::Open), 90.0, Vec::new()));
    assert!(!met.stands("there"), "they have only just come in");
}

#[test]
fn whoever_leaves_before_they_sit_down_leaves_the_language_of_the_house() {
    let mut met = Met::new();
    met.visitor = Visitor::at_step(2);
    let (welcome, exhibition) = (welcome(), exhibition());
    let mut lang = String::new();
    for now in [1.0, 100.0] {
        met.pass(Vec::new(), |visitor, ctx, panel| {
            panel.wanted.look.lang = "zh".to_owned();
            visitor.at_door(ctx, panel, (&welcome, &exhibition), now);
            lang.clone_from(&panel.wanted.look.lang);
        });
    }
    assert_eq!(lang, "en");
}

#[test]
fn what_asks_whether_they_are_there_is_read_before_the_eyes_until_they_stir_or_the_evening_ends() {
    let mut met = Met::new();
    met.is_gone(&view(Phase::Open), 0.0, vec![key(Key::Space)]);
    met.is_gone(&view(Phase::Open), 39.0, Vec::new());
    assert!(!met.visitor.reads());
    met.is_gone(&view(Phase::Open), 41.0, Vec::new());
    assert!(met.visitor.reads());
    met.is_gone(&view(Phase::Open), 42.0, vec![key(Key::Space)]);
    assert!(!met.visitor.reads(), "they have stirred");
    met.is_gone(&view(Phase::Open), 83.0, Vec::new());
    met.is_gone(&view(Phase::Ended), 84.0, Vec::new());
    assert!(!met.visitor.reads(), "the farewell stands on the lap");
}
