//! A visitor of an exhibition calls a person who works there, and reads what became of that.

use bevy_egui::egui;

use super::{Panel, theme};
use crate::host::{Call, FromStage, StaffWish};

/// The button, beside the others.
pub(super) fn button(ui: &mut egui::Ui, panel: &mut Panel<'_>) {
    let again = matches!(panel.care.call, Call::Told | Call::Failed);
    let name = if again { "exhibit-call-again" } else { "exhibit-call" };
    let button = theme::quiet_button(panel.word(name));
    let there = panel.care.call != Call::Runs;
    if ui.add_enabled(there, button).on_hover_text(panel.word("exhibit-call-about")).clicked() {
        panel.wishes.0.push(FromStage::Staff(StaffWish::VisitorCalls));
    }
}

/// What became of it, below the buttons. `at`: how far from the right edge and from the upper one, in logical pixels.
pub(super) fn note(ctx: &egui::Context, panel: &Panel<'_>, (right, below): (f32, f32)) {
    let name = match panel.care.call {
        Call::None => return,
        Call::Nobody => "exhibit-call-none",
        Call::Runs => "exhibit-call-wait",
        Call::Told => "exhibit-call-told",
        Call::Failed => "exhibit-call-failed",
    };
    let place = egui::vec2(right, below + theme::NEAR);
    let note = egui::Area::new("called".into()).anchor(egui::Align2::RIGHT_TOP, place);
    note.order(egui::Order::Foreground).interactable(false).show(ctx, |ui| {
        theme::caption(ui.style()).show(ui, |ui| {
            ui.set_max_width(theme::width(ctx, WIDE, 48.0));
            ui.label(panel.word(name));
        });
    });
}

/// The widest that the note is, in logical pixels.
const WIDE: f32 = 360.0;
