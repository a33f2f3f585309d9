//! The line that a person types into, and the few buttons around it.

use std::time::{SystemTime, UNIX_EPOCH};

use bevy::prelude::*;
use bevy_egui::egui;

use super::{Panel, settings, shelter, theme};
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
    /// How far up from the foot of the window it reached when it was drawn last, in logical pixels.
    reaches: f32,
}

impl Default for Draft {
    fn default() -> Self {
        // Another stage of the same evening counts on from another number: the same one again would be a correction.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_millis() as u64);
        Self { text: String::new(), utterance: UtteranceId(now), told: String::new(), reaches: 0.0 }
    }
}

/// The longest that can be typed, in characters.
const LONGEST: usize = 4_000;

impl Draft {
    /// The line, at the foot of the screen, always: words are welcome at any time.
    pub(super) fn show(&mut self, ctx: &egui::Context, panel: &mut Panel<'_>, view: &View) {
        let width = theme::width(ctx, theme::LINE, 48.0);
        let foot = egui::Area::new("line".into()).anchor(egui::Align2::CENTER_BOTTOM, egui::vec2(0.0, -22.0));
        let drawn = foot.show(ctx, |ui| {
            theme::caption(ui.style()).show(ui, |ui| {
                ui.set_width(width);
                if view.question == Some(Question::Belief) {
                    self.believe(ui, panel);
                }
                if matches!(view.shelter, Shelter::Asked { .. }) {
                    shelter::answers(ui, panel);
                }
                // The button stands at the right edge, however long its word is.
                let from_right = egui::Layout::right_to_left(egui::Align::Min);
                ui.with_layout(from_right, |ui| self.write(ui, panel, view));
            });
        });
        self.reaches = ctx.content_rect().max.y - drawn.response.rect.min.y;
        self.tell(panel);
    }

    /// How far up from the foot of the window it reaches, in logical pixels.
    pub(super) fn reaches(&self) -> f32 {
        self.reaches
    }

    fn write(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>, view: &View) {
        let stays = view.phase == Phase::Open && self.text.trim().is_empty();
        let leaves_open = view.question == Some(Question::When) && self.text.trim().is_empty();
        let name = match (stays, leaves_open) {
            (true, _) => "desk-stay",
            (_, true) => "desk-leave-open",
            _ => "desk-send",
        };
        let pressed = ui.add(theme::quiet_button(panel.word(name))).clicked();
        let hint = panel.word(if view.question.is_some() { "desk-answer" } else { "desk-say" });
        let shift_enter = egui::KeyboardShortcut::new(egui::Modifiers::SHIFT, egui::Key::Enter);
        let rows = (self.text.chars().count() / 70 + self.text.matches('\n').count() + 1).min(5);
        let edit = egui::TextEdit::multiline(&mut self.text)
            .hint_text(hint.clone())
            .desired_rows(rows)
            .desired_width(f32::INFINITY)
            .char_limit(LONGEST)
            .return_key(shift_enter)
            .frame(egui::Frame::NONE);
        let field = ui.add(edit);
        settings::name_it(ui.ctx(), &field, hint);
        let entered = field.has_focus()
            && ui.input(|input| input.key_pressed(egui::Key::Enter) && !input.modifiers.shift);
        if pressed || entered {
            self.send(panel, stays, leaves_open);
            field.request_focus();
        } else if ui.memory(|memory| memory.focused().is_none()) {
            field.request_focus();
        }
    }

    /// From "not at all" to "all of you", for those who would rather choose than write.
    fn believe(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>) {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
            ui.spacing_mut().button_padding = egui::vec2(6.0, 2.0);
            theme::faint(ui, panel.word("desk-belief"));
            for value in 0..=10_u8 {
                let button = egui::Button::new(value.to_string()).min_size(egui::vec2(28.0, 28.0));
                if ui.add(button).clicked() {
                    self.text = value.to_string();
                    self.send(panel, false, false);
                }
            }
        });
    }

    fn send(&mut self, panel: &mut Panel<'_>, stays: bool, leaves_open: bool) {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        self.told.clear();
        if leaves_open {
            panel.wishes.control(Control::Skip);
        } else if stays || !text.is_empty() {
            let utterance = self.utterance.take_next();
            panel.wishes.0.push(FromStage::Input(Input::Said {
                utterance,
                text,
                via: Via::Keys,
                face: None,
            }));
        }
    }

    /// The session knows that somebody is typing, so that nobody speaks into it.
    fn tell(&mut self, panel: &mut Panel<'_>) {
        if self.text != self.told {
            self.told.clone_from(&self.text);
            let (utterance, text) = (self.utterance, self.text.clone());
            panel.wishes.0.push(FromStage::Input(Input::Draft { utterance, text }));
        }
    }
}

/// What can be done at any time, above on the right. SOS stands a little apart.
pub(super) fn buttons(ctx: &egui::Context, panel: &mut Panel<'_>, view: &View) {
    egui::Area::new("buttons".into()).anchor(egui::Align2::RIGHT_TOP, egui::vec2(-18.0, 16.0)).show(
        ctx,
        |ui| {
            ui.set_max_width(theme::width(ctx, f32::INFINITY, 36.0));
            ui.horizontal_wrapped(|ui| {
                let in_room = !matches!(view.phase, Phase::Intake | Phase::Safe | Phase::Closing);
                let mut button = |ui: &mut egui::Ui, name: &str, control: Control| {
                    if ui.add(theme::quiet_button(panel.words.get(name))).clicked() {
                        panel.wishes.control(control);
                    }
                };
                if in_room {
                    button(ui, "desk-hint", Control::Hint);
                    button(ui, "desk-skip", Control::Skip);
                }
                button(ui, "desk-pause", Control::Pause);
                if view.phase != Phase::Closing {
                    button(ui, "desk-stop", Control::Stop);
                }
                let settings = theme::quiet_button(panel.words.get("desk-settings"));
                if ui.add_enabled(!panel.settings.stands, settings).clicked() {
                    super::open_settings(panel, view);
                }
                ui.add_space(theme::NEAR);
                if ui.add(theme::lamp_button(panel.words.get("desk-sos"))).clicked() {
                    panel.wishes.control(Control::Sos);
                }
            });
        },
    );
}

/// While everything is held.
pub(super) fn held(ctx: &egui::Context, panel: &mut Panel<'_>) {
    egui::Area::new("held".into()).anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO).show(ctx, |ui| {
        theme::frame(ui.style()).show(ui, |ui| {
            ui.set_max_width(420.0);
            ui.label(panel.word("desk-paused"));
            ui.add_space(theme::NEAR);
            ui.horizontal(|ui| {
                let button = ui.add(theme::lamp_button(panel.word("desk-go-on")));
                button.request_focus();
                if button.clicked() {
                    panel.wishes.control(Control::Resume);
                }
            });
        });
    });
}

/// After the evening. True when the person leaves.
pub(super) fn goodbye(ctx: &egui::Context, panel: &Panel<'_>, help: bool) -> bool {
    let mut leaves = false;
    egui::Area::new("goodbye".into()).anchor(egui::Align2::CENTER_BOTTOM, egui::vec2(0.0, -28.0)).show(
        ctx,
        |ui| {
            theme::caption(ui.style()).show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.label(panel.word(if help { "desk-over-help" } else { "desk-over" }));
                    leaves = ui.add(theme::quiet_button(panel.word("desk-goodbye"))).clicked();
                });
            });
        },
    );
    leaves
}
