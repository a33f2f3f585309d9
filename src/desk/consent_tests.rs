//! What a visitor reads before they sit down: whether what is read aloud is what stands there, and stops when it should.

use std::collections::BTreeSet;

use bevy_egui::egui::accesskit::Role;
use bevy_egui::egui::{Context, Event, Modifiers, PointerButton, Pos2, RawInput, Rect, pos2, vec2};

use super::fits::with_panel;
use super::theme;
use super::visitor::Visitor;
use super::visitor_tests::{exhibition, welcome};
use crate::host::{Aloud, Exhibition, FromStage, Look, Welcome};
use crate::words::{LANGUAGES, Words};

/// A visitor before the page, on a screen that is high enough for all of it.
struct Reads {
    ctx: Context,
    visitor: Visitor,
    words: Words,
    exhibition: Exhibition,
    high: f32,
    size: u16,
    now: f32,
    said: Vec<FromStage>,
    /// What stood there last: its words, whether something can be done with them, and where they are.
    stood: Vec<(String, Role, Rect)>,
}

impl Reads {
    fn new(lang: &str, family: bool) -> Self {
        let ctx = Context::default();
        theme::dress(&ctx, false);
        ctx.enable_accesskit();
        let mut reads = Self {
            ctx,
            visitor: Visitor::at_step(2),
            words: Words::load(lang).expect("the words are there"),
            exhibition: Exhibition { family, ..exhibition() },
            high: 2_400.0,
            size: 125,
            now: 0.0,
            said: Vec::new(),
            stood: Vec::new(),
        };
        reads.settle();
        reads
    }

    fn settle(&mut self) {
        for _ in 0..3 {
            self.pass(Vec::new());
        }
    }

    fn pass(&mut self, events: Vec<Event>) {
        let screen = Rect::from_min_size(Pos2::ZERO, vec2(1_280.0, self.high));
        self.ctx.begin_pass(RawInput { screen_rect: Some(screen), events, ..RawInput::default() });
        let welcome = Welcome { notes: vec!["Something to be known.".to_owned()], ..welcome() };
        with_panel(&self.words, |panel| {
            panel.wanted.look.text_size = self.size;
            self.visitor.at_door(&self.ctx, panel, (&welcome, &self.exhibition), self.now);
            self.size = panel.wanted.look.text_size;
            self.said.append(&mut panel.wishes.0);
        });
        let mut output = self.ctx.end_pass();
        output.textures_delta.clear();
        let update = output.platform_output.accesskit_update.expect("somebody reads the screen");
        let words = update.nodes.iter().filter_map(|(_, node)| {
            let text = node.label().or(node.value()).map(str::trim).filter(|text| !text.is_empty())?;
            let place = node.bounds()?;
            let place = Rect::from_min_max(
                pos2(place.x0 as f32, place.y0 as f32),
                pos2(place.x1 as f32, place.y1 as f32),
            );
            Some((text.to_owned(), node.role(), place))
        });
        let said = |role| matches!(role, Role::Label | Role::Button | Role::CheckBox);
        self.stood = words.filter(|(_, role, _)| said(*role)).collect();
    }

    fn press(&mut self, name: &str) {
        let text = self.words.get(name);
        let found = self.stood.iter().find(|(there, role, _)| *there == text && *role != Role::Label);
        let at = found.unwrap_or_else(|| panic!("{text} does not stand there")).2.center();
        let button = |pressed| Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        self.pass(vec![Event::PointerMoved(at)]);
        self.pass(vec![button(true)]);
        self.pass(vec![button(false)]);
        self.settle();
    }

    fn stands(&self, name: &str) -> bool {
        let text = self.words.get(name);
        self.stood.iter().any(|(there, ..)| *there == text)
    }

    fn aloud(&self) -> Option<&Aloud> {
        self.said.iter().rev().find_map(|said| match said {
            FromStage::Read(what) => Some(what.as_ref()),
            _ => None,
        })?
    }

    fn told(&self, is: impl Fn(&FromStage) -> bool) -> usize {
        self.said.iter().filter(|said| is(said)).count()
    }
}

fn is_silence(said: &FromStage) -> bool {
    matches!(said, FromStage::Read(None))
}

#[test]
fn what_is_read_aloud_is_what_stands_there() {
    for (lang, _) in LANGUAGES {
        for family in [false, true] {
            let mut reads = Reads::new(lang, family);
            let own = ["exhibit-consent-listen", "exhibit-consent-large"].map(|name| reads.words.get(name));
            let stood: BTreeSet<String> = reads
                .stood
                .iter()
                .map(|(text, ..)| text.trim_start_matches("•  ").to_owned())
                .filter(|text| !own.contains(text))
                .collect();
            reads.press("exhibit-consent-listen");
            let aloud = reads.aloud().expect("it is read");
            let read: BTreeSet<String> = aloud.paragraphs.iter().cloned().collect();
            assert_eq!(read, stood, "{lang}");
            assert_eq!((aloud.lang.as_str(), read.len()), (lang, aloud.paragraphs.len()));
            assert!(read.len() > 15, "{read:?}");
        }
    }
}

#[test]
fn the_button_stands_only_where_it_can_be_read_in_this_language() {
    let mut reads = Reads::new("zh", false);
    assert!(reads.stands("exhibit-consent-listen"));
    reads.exhibition.reads = vec!["en".to_owned()];
    reads.settle();
    assert!(!reads.stands("exhibit-consent-listen"));
}

#[test]
fn it_is_stopped_by_the_same_button_and_by_leaving_and_by_beginning() {
    for leaves in ["exhibit-consent-listen-stop", "exhibit-consent-no", "exhibit-consent-begin"] {
        let mut reads = Reads::new("en", false);
        reads.press("exhibit-consent-listen");
        assert_eq!(reads.told(is_silence), 0);
        reads.press(leaves);
        assert_eq!(reads.told(is_silence), 1, "{leaves}: {:?}", reads.said);
        reads.settle();
        assert_eq!(reads.told(is_silence), 1, "it is told once");
    }
}

#[test]
fn once_it_was_read_the_button_offers_it_again_and_an_old_end_is_not_that_of_a_new_one() {
    let mut reads = Reads::new("en", false);
    reads.press("exhibit-consent-listen");
    let first = reads.aloud().expect("it is read").number;
    reads.press("exhibit-consent-listen-stop");
    reads.press("exhibit-consent-listen");
    let second = reads.aloud().expect("it is read").number;
    reads.visitor.consent.is_read_out(first);
    reads.settle();
    assert!(reads.stands("exhibit-consent-listen-stop"), "it still reads");
    reads.visitor.consent.is_read_out(second);
    reads.settle();
    assert!(reads.stands("exhibit-consent-listen"));
    assert_eq!(reads.told(is_silence), 1);
}

#[test]
fn whoever_listens_is_there_and_whoever_has_gone_is_read_to_no_more() {
    let mut reads = Reads::new("en", false);
    reads.press("exhibit-consent-listen");
    let number = reads.aloud().expect("it is read").number;
    reads.now = 300.0;
    reads.settle();
    assert!(reads.stands("exhibit-consent-title"), "it takes its time");
    reads.visitor.consent.is_read_out(number);
    reads.now = 350.0;
    reads.settle();
    assert!(reads.stands("exhibit-consent-title"), "they have theirs from then on");
    reads.now = 400.0;
    reads.settle();
    assert!(!reads.stands("exhibit-consent-title"));
}

#[test]
fn larger_words_are_for_this_visit() {
    let mut reads = Reads::new("en", false);
    reads.press("exhibit-consent-large");
    assert_eq!(reads.size, 187);
    reads.press("exhibit-consent-large");
    assert_eq!(reads.size, 125);
    reads.press("exhibit-consent-large");
    reads.press("exhibit-consent-no");
    assert_eq!(reads.size, 125, "whoever comes next finds nothing of theirs");
    let mut reads = Reads::new("en", false);
    reads.size = Look::LARGEST;
    reads.settle();
    assert!(!reads.stands("exhibit-consent-large"), "they are as large as they get");
}

#[test]
fn where_more_stands_below_a_button_goes_on_to_it() {
    let mut reads = Reads::new("en", false);
    assert!(!reads.stands("exhibit-consent-more"), "all of it is seen");
    reads.high = 480.0;
    reads.settle();
    let at = |reads: &Reads| {
        let text = reads.words.get("exhibit-consent-kept");
        reads.stood.iter().find(|(there, ..)| *there == text).expect("it is on the page").2.min.y
    };
    let before = at(&reads);
    for _ in 0..40 {
        if !reads.stands("exhibit-consent-more") {
            break;
        }
        reads.press("exhibit-consent-more");
        for _ in 0..120 {
            // Pages turn smoothly.
            reads.pass(Vec::new());
        }
    }
    assert!(!reads.stands("exhibit-consent-more"), "it never ends");
    assert!(at(&reads) < before - 100.0, "{} after {before}", at(&reads));
}
