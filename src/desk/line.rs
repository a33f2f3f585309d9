//! The line that a person types into, and the few buttons around it.

use std::time::{SystemTime, UNIX_EPOCH};

use bevy::prelude::*;
use bevy_egui::egui;

use super::beginnings::Beginnings;
use super::ear::Talking;
use super::{Panel, calling, change, goodbye, settings, shelter, theme};
use crate::dialogue::event::Question;
use crate::dialogue::ids::UtteranceId;
use crate::dialogue::input::{Control, Via};
use crate::dialogue::view::Shelter;
use crate::dialogue::{Input, Phase, View};
use crate::host::FromStage;

/// What the person has typed so far.
#[derive(Resource, Debug)]
pub struct Draft {
    text: String,
    utterance: UtteranceId,
    /// What the session was told last.
    told: String,
    /// What was heard and stands in it, to be corrected, and its number.
    heard: Option<(UtteranceId, String)>,
    talking: Talking,
    /// Where the hall is too loud to be heard in.
    pub(super) beginnings: Beginnings,
    /// Whether the cursor is to stand behind what was put there.
    to_end: bool,
    /// How far up from the foot of the window it reached when it was drawn last, in logical pixels.
    reaches: f32,
}

impl Default for Draft {
    fn default() -> Self {
        // Another stage of the same evening counts on from another number: the same one again would be a correction.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_millis() as u64);
        Self {
            text: String::new(),
            utterance: UtteranceId(now),
            told: String::new(),
            heard: None,
            talking: Talking::default(),
            beginnings: Beginnings::default(),
            to_end: false,
            reaches: 0.0,
        }
    }
}

/// The longest that can be typed, in characters.
const LONGEST: usize = 4_000;
/// So many rows of it are seen at once.
const ROWS: f32 = 5.0;

impl Draft {
    /// The line, at the foot of the screen, always: words are welcome at any time.
    pub(super) fn show(&mut self, ctx: &egui::Context, panel: &mut Panel<'_>, view: &View) {
        self.hear(view);
        if change::listens(view) {
            self.reaches = change::back(ctx, panel, |ui, panel| {
                self.talking.show(ui, panel, (panel.level, view));
            });
            return;
        }
        let width = theme::width(ctx, theme::LINE, 48.0);
        let foot = egui::Area::new("line".into())
            .anchor(egui::Align2::CENTER_BOTTOM, egui::vec2(0.0, -theme::foot(ctx)));
        let drawn = foot.show(ctx, |ui| {
            theme::caption(ui.style()).show(ui, |ui| {
                ui.set_width(width);
                if let Shelter::Asked { about } = view.shelter {
                    shelter::question(ui, panel, about);
                }
                if has_answers(view) && !self.beside(ctx, view) {
                    ui.horizontal_wrapped(|ui| {
                        if view.question == Some(Question::Belief) {
                            theme::faint(ui, panel.word("desk-belief"));
                        }
                        self.answers(ui, panel, view);
                    });
                }
                if let Some(answer) = change::to_keep(ui, view) {
                    self.text = answer;
                    self.send(panel, false, false);
                }
                self.to_end |= self.beginnings.show(ui, panel, view, &mut self.text);
                // The button stands at the right edge, however long its word is.
                let from_right = egui::Layout::right_to_left(egui::Align::Min);
                ui.with_layout(from_right, |ui| self.write(ui, panel, view));
            });
        });
        self.reaches = ctx.content_rect().max.y - drawn.response.rect.min.y;
        self.tell(panel);
    }

    /// Whether what is to be answered stands beside the empty field and not above it: where there is little room, so that
    /// the question above it leaves the face free.
    fn beside(&self, ctx: &egui::Context, view: &View) -> bool {
        theme::is_small(ctx) && has_answers(view) && self.text.trim().is_empty()
    }

    /// The answers to what is asked, for those who would rather choose than write.
    fn answers(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>, view: &View) {
        if view.question == Some(Question::Belief) {
            self.believe(ui, panel);
        }
        if matches!(view.shelter, Shelter::Asked { .. }) {
            shelter::answers(ui, panel);
        }
        if let Some(answer) = change::answers(ui, panel, view) {
            self.text = answer;
            self.send(panel, false, false);
        }
    }

    /// While the evening is held: what has been typed stays.
    pub(super) fn rest(&mut self, ctx: &egui::Context, panel: &mut Panel<'_>, view: &View) {
        self.talking.rest(panel);
        self.reaches = held(ctx, panel, view);
    }

    /// After the evening: what one can take along stands in its place. True when the person leaves.
    pub(super) fn leave(&mut self, ctx: &egui::Context, panel: &mut Panel<'_>, view: &View) -> bool {
        let (leaves, reaches) = goodbye::show(ctx, panel, view);
        self.reaches = reaches;
        leaves
    }

    /// What was heard stands in the line until it counts. Once a letter of it is changed it is the person's own.
    fn hear(&mut self, view: &View) {
        let untouched = self.heard.as_ref().map_or(self.text.is_empty(), |(_, heard)| *heard == self.text);
        if !untouched {
            return;
        }
        match &view.heard {
            Some(heard) => {
                self.text.clone_from(&heard.text);
                self.told.clone_from(&heard.text);
                self.heard = Some((heard.utterance, heard.text.clone()));
            }
            None if self.heard.take().is_some() => {
                self.text.clear();
                self.told.clear();
            }
            None => {}
        }
    }

    /// One in which this has been typed.
    #[cfg(test)]
    pub(super) fn typed(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// What stands in it.
    #[cfg(test)]
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How far up from the foot of the window it reaches, in logical pixels.
    pub(super) fn reaches(&self) -> f32 {
        self.reaches
    }

    fn write(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>, view: &View) {
        let stays = view.phase == Phase::Open && self.text.trim().is_empty();
        let leaves_open = view.question == Some(Question::When) && self.text.trim().is_empty();
        let none = change::keeps(view) && self.text.trim().is_empty();
        let name = match (stays, leaves_open) {
            _ if none => "desk-change-none",
            (true, _) => "desk-stay",
            (_, true) => "desk-leave-open",
            _ => "desk-send",
        };
        let pressed = if self.beside(ui.ctx(), view) {
            self.answers(ui, panel, view);
            false
        } else {
            ui.add(theme::quiet_button(panel.word(name))).clicked()
        };
        self.talking.show(ui, panel, (panel.level, view));
        let field = self.field(ui, panel.word(asks(view)));
        let entered = field.has_focus()
            && ui.input(|input| input.key_pressed(egui::Key::Enter) && !input.modifiers.shift);
        if pressed || entered {
            // Enter alone chooses nothing.
            self.send(panel, stays, leaves_open || (none && pressed));
            field.request_focus();
        } else if ui.memory(|memory| memory.focused().is_none()) {
            field.request_focus();
        }
    }

    /// The field itself: one row, and more as more is typed.
    fn field(&mut self, ui: &mut egui::Ui, hint: String) -> egui::Response {
        let shift_enter = egui::KeyboardShortcut::new(egui::Modifiers::SHIFT, egui::Key::Enter);
        // Letters belong into it, wherever the keyboard has come to.
        let id = egui::Id::new("what is typed");
        let letter =
            |event: &egui::Event| matches!(event, egui::Event::Text(text) if !text.trim().is_empty());
        if ui.input(|input| input.events.iter().any(letter)) {
            ui.memory_mut(|memory| memory.request_focus(id));
        }
        let row = ui.text_style_height(&egui::TextStyle::Body);
        // A single row stands as high as the button beside it.
        let beside = ui.spacing().button_padding.y;
        let edit = egui::TextEdit::multiline(&mut self.text)
            .id(id)
            .hint_text(hint.clone())
            .desired_rows(1)
            .desired_width(f32::INFINITY)
            .char_limit(LONGEST)
            .return_key(shift_enter)
            .margin(egui::Margin::symmetric(4, beside as i8))
            .frame(egui::Frame::NONE);
        let scroll = egui::ScrollArea::vertical().id_salt("typed").max_height(row * ROWS + 2.0 * beside);
        let field = scroll.show(ui, |ui| ui.add(edit)).inner;
        settings::name_it(ui.ctx(), &field, hint);
        if std::mem::take(&mut self.to_end) {
            let mut state = egui::TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
            let end = egui::text::CCursor::new(self.text.chars().count());
            state.cursor.set_char_range(Some(egui::text::CCursorRange::one(end)));
            state.store(ui.ctx(), id);
            field.request_focus();
        }
        field
    }

    /// From "not at all" to "all of you", for those who would rather choose than write.
    fn believe(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>) {
        ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
        ui.spacing_mut().button_padding = egui::vec2(6.0, 2.0);
        for value in theme::in_order(ui, std::array::from_fn::<_, 11, _>(|value| value)) {
            let button = egui::Button::new(value.to_string()).min_size(egui::vec2(28.0, 28.0));
            if ui.add(button).clicked() {
                self.text = value.to_string();
                self.send(panel, false, false);
            }
        }
    }

    fn send(&mut self, panel: &mut Panel<'_>, stays: bool, leaves_open: bool) {
        if self.beginnings.is_bare(&self.text) {
            // They are asked how it goes on.
            return;
        }
        self.beginnings.said(&self.text);
        let text = std::mem::take(&mut self.text).trim().to_owned();
        self.told.clear();
        if leaves_open {
            panel.wishes.control(Control::Skip);
        } else if stays || !text.is_empty() {
            let heard = self.heard.take();
            let via = if heard.is_some() { Via::Voice } else { Via::Keys };
            let utterance = heard.map_or_else(|| self.utterance.take_next(), |(utterance, _)| utterance);
            panel.wishes.0.push(FromStage::Input(Input::Said { utterance, text, via, face: None }));
        }
    }

    /// The session knows that somebody is typing, so that nobody speaks into it.
    fn tell(&mut self, panel: &mut Panel<'_>) {
        if self.text != self.told {
            self.told.clone_from(&self.text);
            let utterance = self.heard.as_ref().map_or(self.utterance, |(utterance, _)| *utterance);
            if self.text.is_empty() {
                // It was taken back, and with it that it was heard.
                self.heard = None;
            }
            let text = self.text.clone();
            panel.wishes.0.push(FromStage::Input(Input::Draft { utterance, text }));
        }
    }
}

/// Whether there is something to choose as an answer.
fn has_answers(view: &View) -> bool {
    let believes = view.question == Some(Question::Belief);
    believes || matches!(view.shelter, Shelter::Asked { .. }) || change::is_asked(view)
}

/// What the empty field asks for.
fn asks(view: &View) -> &'static str {
    if let Some(asks) = change::asks(view) {
        return asks;
    }
    match view.question {
        None if view.hears => "desk-say-aloud",
        None => "desk-say",
        Some(Question::Concern) => "desk-answer-concern",
        Some(Question::When) => "desk-answer-when",
        Some(Question::Belief) => "desk-answer-belief",
    }
}

/// How far what stands above on the right is from the corner, in logical pixels.
const CORNER: egui::Vec2 = egui::vec2(-18.0, 16.0);

/// What can be done at any time, above on the right. SOS stands in the corner itself, a little apart; with the keyboard it is
/// come to last, so that nobody stops everything by one press too many.
pub(super) fn buttons(ctx: &egui::Context, panel: &mut Panel<'_>, view: &View) {
    let corner = ctx.memory(|memory| memory.area_rect(egui::Id::new("sos")));
    let beside = corner.map_or(0.0, |corner| corner.width()) + 2.0 * theme::NEAR;
    let above =
        egui::Area::new("buttons".into()).anchor(egui::Align2::RIGHT_TOP, CORNER - egui::vec2(beside, 0.0));
    let drawn = above.show(ctx, |ui| {
        ui.set_max_width(theme::width(ctx, f32::INFINITY, 36.0 + beside));
        ui.horizontal_wrapped(|ui| {
            controls(ui, panel, view);
            if panel.door.exhibition.is_some() {
                // What is set is the operator's.
                calling::button(ui, panel);
                return;
            }
            let settings = theme::quiet_button(panel.words.get("desk-settings"));
            let about = panel.words.get("desk-settings-about");
            if ui.add_enabled(!panel.settings.stands, settings).on_hover_text(about).clicked() {
                super::open_settings(panel, view);
            }
        });
    });
    calling::note(ctx, panel, (CORNER.x, drawn.response.rect.max.y));
    egui::Area::new("sos".into()).anchor(egui::Align2::RIGHT_TOP, CORNER).show(ctx, |ui| {
        // In a row a word stands in the middle of its button.
        let sos = ui.horizontal(|ui| theme::lamp_button(ui, panel.words.get("desk-sos"))).inner;
        if sos.on_hover_text(panel.words.get("desk-sos-about")).clicked() {
            panel.wishes.control(Control::Sos);
        }
    });
}

/// What can be done in this phase.
fn controls(ui: &mut egui::Ui, panel: &mut Panel<'_>, view: &View) {
    let in_room = !matches!(view.phase, Phase::Intake | Phase::Safe | Phase::Closing);
    let closes = view.phase == Phase::Closing;
    // With the help card there is nothing left to hold, and one leaves by it.
    let helped = matches!(view.shelter, Shelter::Card { .. });
    let buttons = [
        ("desk-hint", "desk-hint-about", Control::Hint, in_room && view.phase != Phase::Change),
        ("desk-skip", "desk-skip-about", Control::Skip, in_room),
        ("desk-pause", "desk-pause-about", Control::Pause, !helped),
        ("desk-stop", "desk-stop-about", Control::Stop, !closes && !helped),
    ];
    for (name, about, control, there) in buttons {
        let button = theme::quiet_button(panel.words.get(name));
        if there && ui.add(button).on_hover_text(panel.words.get(about)).clicked() {
            panel.wishes.control(control);
        }
    }
}

/// While everything is held: in the place of the line, so that nobody's face is covered. How far up it reaches.
fn held(ctx: &egui::Context, panel: &mut Panel<'_>, view: &View) -> f32 {
    let foot = egui::Area::new("held".into())
        .anchor(egui::Align2::CENTER_BOTTOM, egui::vec2(0.0, -theme::foot(ctx)));
    let drawn = foot.show(ctx, |ui| {
        theme::frame(ui.style()).show(ui, |ui| {
            ui.set_max_width(theme::width(ctx, theme::NARROW, 48.0));
            if view.held {
                // Whoever holds it lets it go on.
                ui.label(panel.word("exhibit-paused"));
                theme::faint(ui, panel.word("exhibit-paused-about"));
                return;
            }
            ui.label(panel.word("desk-paused"));
            ui.add_space(theme::NEAR);
            ui.horizontal(|ui| {
                let button = theme::lamp_button(ui, panel.word("desk-go-on"));
                button.request_focus();
                if button.clicked() {
                    panel.wishes.control(Control::Resume);
                }
            });
        });
    });
    ctx.content_rect().max.y - drawn.response.rect.min.y
}
