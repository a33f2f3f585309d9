//! What the staff of an exhibition meet on the screen, and what stands on it while nobody can come in.

use bevy_egui::egui::{
    Context, Event, Id, Key, LayerId, Modifiers, Order, PointerButton, Pos2, RawInput, Rect, pos2, vec2,
};

use super::fits::{assert_fits, with_panel};
use super::staff::Staff;
use super::visitor::Visitor;
use super::visitor_tests::{exhibition, in_exhibition, welcome};
use super::{Panel, theme};
use crate::dialogue::{Phase, Session, View};
use crate::host::{
    Call, CallTrial, Care, Digits, Duty, Exhibition, FromStage, Panel as Door, Shut, StaffWish,
};
use crate::words::Words;

fn duty() -> Duty {
    Duty {
        station: "hall 2".to_owned(),
        state: "visit".to_owned(),
        visits: 31,
        unwell: ["microphone", "model", "call", "helplines"].map(str::to_owned).to_vec(),
        volume: 80,
        lang: "en".to_owned(),
        languages: vec!["en".to_owned(), "zh".to_owned()],
        trial: CallTrial::Failed(
            "/usr/local/bin/ring did not call the staff within 3 seconds and was ended. Run it by hand to see why"
                .to_owned(),
        ),
        called: Some("14:02".to_owned()),
        sos: true,
        helplines: Some(9),
    }
}

fn open() -> Care {
    Care { panel: Door::Open(Box::new(duty())), ..Care::default() }
}

fn key(key: Key, modifiers: Modifiers) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
}

fn pressed(at: Pos2, pressed: bool) -> Vec<Event> {
    let button = PointerButton::Primary;
    vec![
        Event::PointerMoved(at),
        Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE },
    ]
}

/// The staff before a screen.
struct Met {
    ctx: Context,
    staff: Staff,
    care: Care,
    said: Vec<StaffWish>,
}

impl Met {
    fn new(care: Care) -> Self {
        let ctx = Context::default();
        theme::dress(&ctx, false);
        let mut met = Self { ctx, staff: Staff::default(), care, said: Vec::new() };
        met.pass(0.0, Vec::new());
        met
    }

    fn pass(&mut self, now: f32, events: Vec<Event>) {
        let screen = Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 720.0));
        self.ctx.begin_pass(RawInput { screen_rect: Some(screen), events, ..RawInput::default() });
        let (words, welcome) = (Words::load("en").expect("the words are there"), welcome());
        with_panel(&words, |panel| {
            let mut panel = Panel { care: &self.care, ..in_exhibition(panel, &welcome) };
            self.staff.draw(&self.ctx, &mut panel, now);
            let said = panel.wishes.0.drain(..).filter_map(|said| match said {
                FromStage::Staff(wish) => Some(wish),
                _ => None,
            });
            self.said.extend(said);
        });
        self.ctx.end_pass().textures_delta.clear();
    }

    fn opens_with_keys(&mut self) {
        self.pass(0.0, vec![key(Key::S, Modifiers::CTRL | Modifiers::SHIFT)]);
        assert!(self.staff.stands());
    }

    /// Walks so far with Tab, and presses what is there.
    fn presses(&mut self, tabs: u32) {
        for _ in 0..tabs {
            self.pass(1.0, vec![key(Key::Tab, Modifiers::NONE)]);
        }
        self.pass(1.0, vec![key(Key::Space, Modifiers::NONE)]);
        self.pass(1.0, Vec::new());
    }
}

fn view() -> View {
    View { phase: Phase::Open, ..Session::default().view() }
}

#[test]
fn the_panel_and_its_pin_fit() {
    let welcome = welcome();
    let doors = [Door::Shut, Door::NoPin, Door::Wrong, Door::Waits(640), open().panel];
    for door in doors {
        let care = Care { panel: door, ..Care::default() };
        let mut staff = Staff::standing();
        assert_fits(&["staff"], |ctx, panel| {
            let mut panel = Panel { care: &care, ..in_exhibition(panel, &welcome) };
            staff.draw(ctx, &mut panel, 1.0);
        });
    }
}

#[test]
fn what_stands_while_nobody_can_come_in_fits() {
    let at =
        |at: &str, day: Option<&str>| Shut::Closed { at: Some(at.to_owned()), day: day.map(str::to_owned) };
    let all = [
        at("10:00", None),
        at("10:00", Some("2026-11-30")),
        Shut::Closed { at: None, day: None },
        Shut::Rest,
    ];
    for shut in all {
        let exhibition = Exhibition { shut: Some(shut), ..exhibition() };
        let mut visitor = Visitor::default();
        assert_fits(&["shut"], |ctx, panel| {
            visitor.at_door(ctx, panel, (&welcome(), &exhibition), 330.0);
        });
    }
}

#[test]
fn what_became_of_a_call_fits_beside_everything_else() {
    let welcome = welcome();
    for call in [Call::Nobody, Call::Runs, Call::Told, Call::Failed] {
        let care = Care { call, ..Care::default() };
        assert_fits(&["called", "buttons", "sos"], |ctx, panel| {
            let mut panel = Panel { care: &care, ..in_exhibition(panel, &welcome) };
            super::line::buttons(ctx, &mut panel, &view());
        });
    }
}

#[test]
fn a_corner_that_is_held_for_three_seconds_opens_it_and_nothing_shorter_does() {
    let mut met = Met::new(Care::default());
    met.pass(1.0, pressed(pos2(20.0, 30.0), true));
    for now in [2.0, 3.9] {
        met.pass(now, Vec::new());
        assert!(!met.staff.stands());
    }
    met.pass(3.95, pressed(pos2(20.0, 30.0), false));
    met.pass(5.0, Vec::new());
    assert!(!met.staff.stands(), "it was let go");
    met.pass(6.0, pressed(pos2(20.0, 30.0), true));
    met.pass(9.1, Vec::new());
    assert!(met.staff.stands());
}

#[test]
fn another_place_that_is_held_opens_nothing() {
    let mut met = Met::new(Care::default());
    met.pass(1.0, pressed(pos2(400.0, 300.0), true));
    met.pass(2.0, vec![Event::PointerMoved(pos2(20.0, 20.0))]);
    met.pass(9.0, Vec::new());
    assert!(!met.staff.stands());
}

#[test]
fn a_pin_that_is_typed_is_handed_on_and_stands_nowhere_after_it() {
    let mut met = Met::new(Care::default());
    met.opens_with_keys();
    met.pass(1.0, "0x4 17".chars().map(|letter| Event::Text(letter.to_string())).collect());
    met.pass(1.1, vec![key(Key::Enter, Modifiers::NONE)]);
    assert_eq!(met.said, [StaffWish::Enter(Digits("0417".to_owned()))]);
    assert!(!format!("{:?}", met.staff).contains("0417"));
}

#[test]
fn it_goes_by_itself_when_nobody_touches_it() {
    let mut met = Met::new(Care::default());
    met.opens_with_keys();
    met.pass(19.0, Vec::new());
    assert!(met.staff.stands());
    met.pass(21.0, Vec::new());
    assert!(!met.staff.stands());
    assert_eq!(met.said, [StaffWish::Leave]);
}

#[test]
fn what_cannot_be_taken_back_is_asked_once_more() {
    for (state, wish) in [("visit", StaffWish::Skip), ("attract", StaffWish::Restart)] {
        let mut care = open();
        if let Door::Open(duty) = &mut care.panel {
            duty.state = state.to_owned();
        }
        let after = |tabs: &[u32]| {
            let mut met = Met::new(care.clone());
            tabs.iter().for_each(|tabs| met.presses(*tabs));
            met
        };
        let asks = |tabs: &u32| {
            let met = after(&[*tabs]);
            met.staff.asks() && !met.said.contains(&wish)
        };
        // The first of the buttons that ask is the one for this.
        let first = (1..20).find(asks).expect("something is asked once more");
        assert!((1..24).any(|more| after(&[first, more]).said.contains(&wish)), "{state}");
    }
    // One press of each button in turn, and no second one: nothing of that kind is wished for.
    let mut met = Met::new(open());
    for _ in 0..3 {
        met.pass(1.0, vec![key(Key::Tab, Modifiers::NONE)]);
        met.pass(1.0, vec![key(Key::Space, Modifiers::NONE)]);
    }
    let done = [StaffWish::Skip, StaffWish::Restart, StaffWish::Close];
    assert!(!met.said.iter().any(|said| done.contains(said)), "{:?}", met.said);
}

#[test]
fn where_this_is_no_exhibition_there_is_no_panel() {
    let ctx = Context::default();
    theme::dress(&ctx, false);
    let mut staff = Staff::default();
    let words = Words::load("en").expect("the words are there");
    let events = vec![key(Key::S, Modifiers::CTRL | Modifiers::SHIFT)];
    ctx.begin_pass(RawInput { events, ..RawInput::default() });
    with_panel(&words, |panel| staff.draw(&ctx, panel, 1.0));
    ctx.end_pass().textures_delta.clear();
    assert!(!staff.stands());
}

#[test]
fn a_room_that_the_staff_hold_lets_nobody_in() {
    let ctx = Context::default();
    theme::dress(&ctx, false);
    let (mut visitor, words) = (Visitor::default(), Words::load("en").expect("the words are there"));
    let care = Care { paused: true, ..Care::default() };
    let (welcome, exhibition) = (welcome(), exhibition());
    for _ in 0..3 {
        let events = vec![key(Key::Space, Modifiers::NONE)];
        ctx.begin_pass(RawInput { events, ..RawInput::default() });
        with_panel(&words, |panel| {
            let mut panel = Panel { care: &care, ..in_exhibition(panel, &welcome) };
            visitor.at_door(&ctx, &mut panel, (&welcome, &exhibition), 1.0);
        });
        ctx.end_pass().textures_delta.clear();
    }
    let stands = |area: &str| {
        ctx.memory(|memory| memory.areas().visible_last_frame(&LayerId::new(Order::Middle, Id::new(area))))
    };
    assert!(stands("held") && !stands("door") && !stands("sign"));
}

#[test]
fn a_field_for_a_pin_goes_out_of_the_way_of_help_and_the_panel_of_the_staff_stays() {
    let way = |met: &mut Met, helped: bool| {
        let (words, welcome) = (Words::load("en").expect("the words are there"), welcome());
        with_panel(&words, |panel| {
            let mut panel = Panel { care: &met.care, ..in_exhibition(panel, &welcome) };
            met.staff.make_way(&mut panel, helped);
        });
    };
    let mut met = Met::new(Care::default());
    met.opens_with_keys();
    way(&mut met, false);
    assert!(met.staff.stands());
    way(&mut met, true);
    assert!(!met.staff.stands(), "somebody may have pressed SOS");
    met.opens_with_keys();
    way(&mut met, true);
    assert!(met.staff.stands(), "the staff can open it beside the card");
    let mut met = Met::new(open());
    met.pass(0.1, Vec::new());
    way(&mut met, true);
    assert!(met.staff.stands());
}

#[test]
fn a_panel_that_was_left_does_not_stand_again_before_that_is_known() {
    let mut met = Met::new(open());
    met.pass(0.1, Vec::new());
    assert!(met.staff.stands());
    met.pass(0.2, vec![key(Key::Escape, Modifiers::NONE)]);
    met.pass(0.3, Vec::new());
    assert!(!met.staff.stands(), "what was told last still says that it is open");
    met.care = Care::default();
    met.pass(0.4, Vec::new());
    met.care = open();
    met.pass(0.5, Vec::new());
    assert!(met.staff.stands());
}
