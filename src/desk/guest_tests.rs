//! A visitor of the program's own on real panels, without a window.

use bevy_egui::egui::{Context, Pos2, RawInput, Rect, vec2};

use super::fits::with_panel;
use super::guest::{Guest, Manner, Sight, canary};
use super::visitor::Visitor;
use super::visitor_tests::in_exhibition;
use super::{Draft, attend, theme};
use crate::dialogue::event::Question;
use crate::dialogue::input::Control;
use crate::dialogue::safety::{Card, CardKind};
use crate::dialogue::view::Shelter;
use crate::dialogue::{Input, Phase, Session, View};
use crate::host::{CanHear, CanSee, Exhibition, FromStage, Welcome};
use crate::words::Words;

/// A guest before a screen, a thirtieth of a second at a time.
struct Met {
    ctx: Context,
    guest: Guest,
    visitor: Visitor,
    draft: Draft,
    lang: String,
    welcome: Welcome,
    now: f32,
    said: Vec<FromStage>,
    typed: usize,
}

impl Met {
    fn new(manner: Manner, seed: u64) -> Self {
        let exhibition = Exhibition {
            minutes: 8,
            languages: vec!["en".to_owned(), "zh".to_owned()],
            staff: Some("Maria".to_owned()),
            age: Some(16),
            family: false,
            camera: true,
            idle_s: 40,
            leaves_s: 20,
            ..Exhibition::default()
        };
        let seeing = CanSee::UpTo(crate::dialogue::face::Level::Aware);
        let welcome =
            Welcome { exhibition: Some(exhibition), hearing: CanHear::Openly, seeing, ..Welcome::default() };
        let ctx = Context::default();
        theme::dress(&ctx, false);
        let (visitor, draft) = (Visitor::default(), Draft::default());
        Self {
            ctx,
            guest: Guest::of(manner, seed),
            visitor,
            draft,
            lang: "en".to_owned(),
            welcome,
            now: 0.0,
            said: Vec::new(),
            typed: 0,
        }
    }

    fn frame(&mut self, view: Option<&View>) {
        let words = Words::load(&self.lang).expect("the words are there");
        let events = self.guest.act(&Sight { now: self.now, words: &words, view });
        self.typed += events.len();
        let screen = Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 720.0));
        self.ctx.begin_pass(RawInput { screen_rect: Some(screen), events, ..RawInput::default() });
        let (welcome, now) = (&self.welcome, self.now);
        with_panel(&words, |panel| {
            let mut panel = in_exhibition(panel, welcome);
            panel.wanted.look.lang.clone_from(&self.lang);
            match (view, &welcome.exhibition) {
                (None, Some(exhibition)) => {
                    self.visitor.at_door(&self.ctx, &mut panel, (welcome, exhibition), now);
                }
                (Some(view), _) => {
                    let leaves = attend(&self.ctx, &mut panel, view, &mut self.draft);
                    self.visitor.look_after(&self.ctx, &mut panel, view, (leaves, now));
                }
                (None, None) => {}
            }
            self.lang.clone_from(&panel.wanted.look.lang);
            self.said.append(&mut panel.wishes.0);
        });
        let mut output = self.ctx.end_pass();
        output.textures_delta.clear();
        self.guest.notice(&output.platform_output.events);
        self.now += 1.0 / 30.0;
    }

    /// Goes on for at most so long, until this has been said.
    fn until(&mut self, seconds: f32, view: Option<&View>, is: impl Fn(&FromStage) -> bool) -> bool {
        let end = self.now + seconds;
        while self.now < end {
            if self.said.iter().any(&is) {
                return true;
            }
            self.frame(view);
        }
        false
    }
}

fn view(phase: Phase) -> View {
    View { phase, ..Session::default().view() }
}

fn begins(said: &FromStage) -> bool {
    matches!(said, FromStage::Begin(_))
}

fn text(said: &FromStage) -> Option<&str> {
    match said {
        FromStage::Input(Input::Said { text, .. }) => Some(text),
        _ => None,
    }
}

fn controls(said: &FromStage, wanted: Control) -> bool {
    matches!(said, FromStage::Input(Input::Control(control)) if *control == wanted)
}

#[test]
fn a_guest_comes_in_by_the_keyboard_in_whichever_language_they_choose() {
    let mut langs = Vec::new();
    for seed in 0..12 {
        let mut met = Met::new(Manner::Kind, seed);
        assert!(met.until(120.0, None, begins), "guest {seed} stands before the door");
        langs.push(met.lang);
    }
    assert!(langs.iter().any(|lang| lang == "en") && langs.iter().any(|lang| lang == "zh"), "{langs:?}");
}

#[test]
fn a_guest_answers_speaks_of_somebody_nobody_else_knows_and_leaves_when_it_is_over() {
    let mut met = Met::new(Manner::Kind, 7);
    let asked = View { question: Some(Question::Concern), ..view(Phase::Intake) };
    let names = |said: &FromStage| text(said).is_some_and(|text| text.contains(&canary(7)));
    assert!(met.until(30.0, Some(&asked), names));
    met.said.clear();
    assert!(met.until(60.0, Some(&view(Phase::Open)), names));
    assert!(met.until(60.0, Some(&view(Phase::Ended)), |said| matches!(said, FromStage::Done)));
}

#[test]
fn whoever_presses_for_help_does_so_and_leaves_by_the_card() {
    // Of four one walks away from it.
    for seed in 0..8 {
        let mut met = Met::new(Manner::Sos, seed);
        assert!(met.until(120.0, Some(&view(Phase::Open)), |said| controls(said, Control::Sos)));
        let card = Card { about: CardKind::Crisis, choices: Vec::new() };
        let helped = View { shelter: Shelter::Card { card }, ..view(Phase::Safe) };
        assert!(met.until(300.0, Some(&helped), |said| matches!(said, FromStage::Done)), "guest {seed}");
    }
}

#[test]
fn whoever_walks_away_is_let_go_by_the_room_itself() {
    let mut met = Met::new(Manner::WalksAway, 3);
    assert!(met.until(240.0, Some(&view(Phase::Open)), |said| matches!(said, FromStage::Done)));
    let typed = met.typed;
    met.frame(Some(&view(Phase::Open)));
    assert_eq!(met.typed, typed, "they press nothing any more");
}

#[test]
fn whoever_stays_silent_is_not_sent_away() {
    let mut met = Met::new(Manner::Silent, 5);
    assert!(!met.until(200.0, Some(&view(Phase::Open)), |said| matches!(said, FromStage::Done)));
    assert!(met.said.iter().all(|said| text(said).is_none()), "{:?}", met.said);
}

#[test]
fn whatever_is_pasted_or_pressed_breaks_no_panel() {
    for (manner, seed) in [(Manner::Pastes, 1), (Manner::Meddles, 2), (Manner::Meddles, 3)] {
        let mut met = Met::new(manner, seed);
        assert!(met.until(120.0, None, begins));
        for phase in [Phase::Open, Phase::Answer, Phase::Open] {
            met.until(40.0, Some(&view(phase)), |_| false);
        }
        assert!(met.typed > 4);
        let longest = met.said.iter().filter_map(text).map(|text| text.chars().count()).max().unwrap_or(0);
        assert!(longest <= 4_000, "{longest}");
    }
}

#[test]
fn every_manner_is_drawn_and_every_name_is_another() {
    let mut names: Vec<String> = (0..2_000).map(canary).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 2_000);
    assert!(names.iter().all(|name| name.len() == 14 && name.starts_with("zq")));
    for manner in [Manner::Sos, Manner::Crisis, Manner::Meddles, Manner::WalksAway, Manner::Kind] {
        assert!((0..200).any(|seed| Manner::of(seed) == manner), "{manner:?}");
    }
}
