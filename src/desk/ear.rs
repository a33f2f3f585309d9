//! Whether the person is heard, and how loud they are: beside the line, always in sight while the microphone is open.

use bevy_egui::egui;

use super::{Panel, sight, theme};
use crate::config::Hear;
use crate::dialogue::View;
use crate::dialogue::face::Level as Face;
use crate::host::FromStage;

/// The key that is held to talk.
const KEY: egui::Key = egui::Key::F4;
/// The meter, in logical pixels.
const METER: egui::Vec2 = egui::vec2(6.0, 26.0);
/// The sign that their voice is kept, likewise.
const KEPT: egui::Vec2 = egui::vec2(15.0, 26.0);
/// What the meter shows as nothing, in decibels.
const QUIETEST: f32 = -54.0;

/// The key to talk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Talking {
    held: bool,
}

impl Talking {
    /// The sign that the camera is on where it is, the meter, the sign that their voice is kept where it is, and the button that is held to talk where one has to be. `level`:
    /// how loud the person is, 0 to 1; none while nobody hears them.
    pub(super) fn show(
        &mut self,
        ui: &mut egui::Ui,
        panel: &mut Panel<'_>,
        (level, view): (Option<f32>, &View),
    ) {
        if view.face != Face::Off && sight::sign(ui, panel.word("desk-seen")) {
            panel.looking.stands = !panel.looking.stands;
        }
        let records = view.records;
        if records {
            kept(ui, panel.word("desk-recorded"));
        }
        let Some(level) = level else {
            self.tell(panel, false);
            return;
        };
        meter(ui, level, panel.word("desk-meter"));
        if panel.wanted.sound.hear != Hear::Key {
            self.tell(panel, false);
            return;
        }
        let button =
            ui.add(theme::quiet_button(panel.word("desk-talk"))).on_hover_text(panel.word("desk-talk-about"));
        let key = ui.input(|input| input.key_down(KEY) && input.modifiers.is_none());
        self.tell(panel, key || button.is_pointer_button_down_on());
    }

    /// Nobody talks while the evening is held.
    pub(super) fn rest(&mut self, panel: &mut Panel<'_>) {
        self.tell(panel, false);
    }

    fn tell(&mut self, panel: &mut Panel<'_>, held: bool) {
        if std::mem::replace(&mut self.held, held) != held {
            panel.wishes.0.push(FromStage::Hold(held));
        }
    }
}

/// That their voice is kept: a disc in a ring, and for a screen reader its name.
fn kept(ui: &mut egui::Ui, name: String) {
    let (place, drawn) = ui.allocate_exact_size(KEPT, egui::Sense::hover());
    let painter = ui.painter();
    painter.circle_stroke(place.center(), 6.0, egui::Stroke::new(1.5, theme::LAMP));
    painter.circle_filled(place.center(), 3.0, theme::LAMP);
    drawn.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, &name));
    drawn.on_hover_text(name);
}

/// How loud it is, as a bar that grows, and for a screen reader by its name.
fn meter(ui: &mut egui::Ui, level: f32, name: String) {
    let (place, drawn) = ui.allocate_exact_size(METER, egui::Sense::hover());
    let share = (1.0 - 20.0 * level.max(1e-4).log10() / QUIETEST).clamp(0.0, 1.0);
    let painter = ui.painter();
    painter.rect_filled(place, 3.0, theme::LAMP.gamma_multiply(0.18));
    let top = place.max.y - place.height() * share;
    let bar = egui::Rect::from_min_max(egui::pos2(place.min.x, top), place.max);
    painter.rect_filled(bar, 3.0, theme::LAMP);
    drawn.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::ProgressIndicator, true, &name));
    drawn.on_hover_text(name);
}
