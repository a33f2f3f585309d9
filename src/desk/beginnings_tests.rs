//! Beginnings of sentences: when they stand there, which, what becomes of one, and whether they leave everything else free.

use bevy_egui::egui::accesskit::Role;
use bevy_egui::egui::{
    Context, Event, Id, Modifiers, PointerButton, Pos2, RawInput, Rect, TextEdit, pos2, vec2,
};

use super::beginnings::Beginnings;
use super::fits::{CHIN, assert_fits, with_panel};
use super::visitor_tests::{in_exhibition, welcome};
use super::{Draft, captions, line, theme};
use crate::dialogue::agent::{Agent, Intensity};
use crate::dialogue::event::Question;
use crate::dialogue::ids::LineId;
use crate::dialogue::strength::Strength;
use crate::dialogue::view::{Caption, Shelter};
use crate::dialogue::{Input, Phase, Session, View};
use crate::host::{Exhibition, FromStage, Welcome};
use crate::words::Words;

fn view(round: u32) -> View {
    View {
        phase: Phase::Open,
        round,
        turn: round,
        strength: Strength::from_belief(8),
        ..Session::default().view()
    }
}

fn says(agent: Agent, line: u64, text: &str) -> Caption {
    Caption { agent, line: LineId(line), text: text.to_owned(), speaking: false }
}

/// Somebody before the line, in a hall that is loud or not.
struct Sits {
    ctx: Context,
    draft: Draft,
    words: Words,
    welcome: Welcome,
    said: Vec<FromStage>,
    buttons: Vec<(String, Rect)>,
}

impl Sits {
    fn new(lang: &str, loud: bool) -> Self {
        let ctx = Context::default();
        theme::dress(&ctx, false);
        ctx.enable_accesskit();
        let welcome = welcome();
        let exhibition = welcome.exhibition.clone().map(|it| Exhibition { loud, ..it });
        Self {
            ctx,
            draft: Draft::default(),
            words: Words::load(lang).expect("the words are there"),
            welcome: Welcome { exhibition, ..welcome },
            said: Vec::new(),
            buttons: Vec::new(),
        }
    }

    fn pass(&mut self, view: &View, events: Vec<Event>) {
        let screen = Rect::from_min_size(Pos2::ZERO, vec2(1_280.0, 720.0));
        self.ctx.begin_pass(RawInput { screen_rect: Some(screen), events, ..RawInput::default() });
        with_panel(&self.words, |panel| {
            let mut panel = in_exhibition(panel, &self.welcome);
            self.draft.show(&self.ctx, &mut panel, view);
            self.said.append(&mut panel.wishes.0);
        });
        let mut output = self.ctx.end_pass();
        output.textures_delta.clear();
        let update = output.platform_output.accesskit_update.expect("somebody reads the screen");
        let buttons = update.nodes.iter().filter(|(_, node)| node.role() == Role::Button);
        self.buttons = buttons
            .filter_map(|(_, node)| {
                let place = node.bounds()?;
                let place = Rect::from_min_max(
                    pos2(place.x0 as f32, place.y0 as f32),
                    pos2(place.x1 as f32, place.y1 as f32),
                );
                Some((node.label()?.to_owned(), place))
            })
            .collect();
        self.buttons.sort_by(|(_, one), (_, other)| {
            (one.min.y.round(), one.min.x).partial_cmp(&(other.min.y.round(), other.min.x)).expect("numbers")
        });
    }

    fn offered(&mut self, view: &View) -> Vec<String> {
        for _ in 0..3 {
            self.pass(view, Vec::new());
        }
        let texts = self.buttons.iter().map(|(text, _)| text.clone());
        texts.filter(|text| text.contains('…')).collect()
    }

    fn press(&mut self, view: &View, text: &str) {
        self.offered(view);
        let at = self.buttons.iter().find(|(there, _)| there == text).expect("it stands there").1.center();
        let button = |pressed| Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        self.pass(view, vec![Event::PointerMoved(at)]);
        self.pass(view, vec![button(true)]);
        self.pass(view, vec![button(false)]);
        self.pass(view, Vec::new());
    }

    fn sent(&self) -> Vec<&str> {
        let said = self.said.iter().filter_map(|said| match said {
            FromStage::Input(Input::Said { text, .. }) => Some(text.as_str()),
            _ => None,
        });
        said.collect()
    }
}

#[test]
fn they_stand_there_in_a_loud_hall_in_the_visitors_turn_and_nowhere_else() {
    let mut loud = Sits::new("en", true);
    assert_eq!(loud.offered(&view(1)), ["I am here, and I…", "No wonder you…", "What happened before…"]);
    let asked = View { question: Some(Question::Concern), ..view(1) };
    let answers = View { phase: Phase::Answer, ..view(1) };
    for other in [asked, answers] {
        assert!(loud.offered(&other).is_empty(), "{:?}", other.phase);
    }
    let mut quiet = Sits::new("en", false);
    assert!(quiet.offered(&view(1)).is_empty());
    quiet.draft.beginnings = Beginnings::in_a_loud_hall();
    assert_eq!(quiet.offered(&view(1)).len(), 3, "it grew loud");
    quiet.welcome.exhibition = None;
    assert!(quiet.offered(&view(1)).is_empty(), "at home nobody is offered any");
}

#[test]
fn one_that_is_chosen_stands_in_the_line_with_the_cursor_behind_it_and_nothing_is_sent() {
    let mut sits = Sits::new("en", true);
    sits.press(&view(1), "No wonder you…");
    assert_eq!(sits.draft.text(), "No wonder you ");
    assert!(sits.offered(&view(1)).is_empty(), "the others are gone");
    let id = Id::new("what is typed");
    let cursor = TextEdit::load_state(&sits.ctx, id).and_then(|state| state.cursor.char_range());
    assert_eq!(cursor.map(|range| range.primary.index.into()), Some("No wonder you ".chars().count()));
    assert_eq!(sits.ctx.memory(|memory| memory.focused()), Some(id));
    sits.press(&view(1), &sits.words.get("desk-send"));
    assert!(sits.sent().is_empty(), "it is no sentence yet");
    sits.pass(&view(1), vec![Event::Text("went quiet.".to_owned())]);
    sits.press(&view(1), &sits.words.get("desk-send"));
    assert_eq!(sits.sent(), ["No wonder you went quiet."]);
}

#[test]
fn another_one_can_be_taken_and_one_that_was_sent_does_not_come_again() {
    let mut sits = Sits::new("en", true);
    let first = sits.offered(&view(1));
    sits.press(&view(1), &first[0]);
    sits.press(&view(1), &sits.words.get("exhibit-beginnings-other"));
    assert_eq!(sits.draft.text(), "");
    let others = sits.offered(&view(1));
    assert!(others.len() == 3 && others.iter().all(|it| !first.contains(it)), "{others:?}");
    sits.press(&view(1), &others[1]);
    sits.pass(&view(1), vec![Event::Text("and so on".to_owned())]);
    sits.press(&view(1), &sits.words.get("desk-send"));
    let mut later = Vec::new();
    for round in 1..4 {
        for _ in 0..12 {
            later.extend(sits.offered(&view(round)));
            sits.press(&view(round), &sits.words.get("exhibit-beginnings-other"));
        }
    }
    assert!(!later.contains(&others[1]) && later.contains(&first[0]), "{later:?}");
}

#[test]
fn whom_they_speak_to_and_how_far_the_visit_is_decides_which_stand_first() {
    let mut sits = Sits::new("en", true);
    let near = says(Agent::Patient, 2, "I did not sleep.");
    let devil = says(Agent::Devil, 3, "You never will.");
    let to_devil = View { captions: vec![near, devil], ..view(2) };
    let high = ["That is only a thought, and…", "What are you afraid would…", "Stop telling me that…"];
    assert_eq!(sits.offered(&to_devil), high);
    let low = View { strength: Strength::from_belief(8).at_most(0.2), ..to_devil.clone() };
    assert_eq!(sits.offered(&low)[0], "You may stay, but please…");
    for without in [
        View { intensity: Intensity::Off, ..to_devil.clone() },
        View { safe: true, ..to_devil.clone() },
        View { shelter: Shelter::WithoutDevil, ..to_devil },
    ] {
        let offered = sits.offered(&without);
        assert!(offered.len() == 3 && offered.iter().all(|it| !high.contains(&it.as_str())), "{offered:?}");
    }
    assert_eq!(
        sits.offered(&view(3)),
        ["We could take five minutes to…", "Maybe the others…", "That is only a thought, and…"]
    );
    let last = View { minutes_left: Some(2), ..view(3) };
    assert_eq!(sits.offered(&last)[0], "What I would like you to keep is…");
}

#[test]
fn whoever_reads_chinese_sees_both_and_the_figures_are_given_english() {
    let mut sits = Sits::new("zh", true);
    let offered = sits.offered(&view(1));
    assert_eq!(offered[1], "难怪你会……  No wonder you…");
    sits.press(&view(1), &offered[1]);
    assert_eq!(sits.draft.text(), "No wonder you ");
}

#[test]
fn they_lie_on_nothing_and_leave_the_face_free() {
    let need = "I answered twice, and then I just stood there.";
    for round in [1, 3] {
        let seen = View { captions: vec![says(Agent::Patient, 1, need)], hears: true, ..view(round) };
        let (mut draft, mut reading) = (Draft::default(), captions::Reading::default());
        let mut welcome = welcome();
        if let Some(exhibition) = &mut welcome.exhibition {
            exhibition.loud = true;
        }
        assert_fits(&["line", "caption", "buttons", "sos"], |ctx, panel| {
            let mut panel = in_exhibition(panel, &welcome);
            reading.show(ctx, &panel, &seen, (0.0, Some(draft.reaches())), |_| false);
            line::buttons(ctx, &mut panel, &seen);
            draft.show(ctx, &mut panel, &seen);
            let at = |area: &str| ctx.memory(|memory| memory.area_rect(Id::new(area)));
            let (Some(line), Some(caption)) = (at("line"), at("caption")) else { return };
            if ctx.cumulative_pass_nr() > 3 {
                assert!(line.height() > 80.0, "nothing stands above the line: {line:?}");
                assert!(caption.max.y <= line.min.y + 0.5, "{caption:?} lies on {line:?}");
                let from = caption.min.y / ctx.content_rect().height();
                assert!(from > CHIN, "round {round}, {:?}: it begins at {from}", ctx.content_rect());
            }
        });
    }
}
