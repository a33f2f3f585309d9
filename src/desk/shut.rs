//! What stands on the screen while nobody can come in: it is closed, or it rests after too many falls. The room is not drawn then.

use bevy_egui::egui;

use super::{Panel, theme};
use crate::dialogue::safety::{Card, Choice};
use crate::host::{Exhibition, Shut};
use crate::words::card;

/// The dusk of the room, without the room.
const GROUND: egui::Color32 = egui::Color32::from_rgb(0x1B, 0x14, 0x20);
/// The lamp, as a light in it: its size in logical pixels.
const LAMP: f32 = 9.0;

/// Draws it. `sway`: where what stands for hours is moved to, so that nothing burns into a screen.
pub(super) fn draw(
    ctx: &egui::Context,
    panel: &Panel<'_>,
    (exhibition, shut): (&Exhibition, &Shut),
    sway: egui::Vec2,
) {
    let screen = ctx.content_rect();
    let ground = ctx.layer_painter(egui::LayerId::background());
    ground.rect_filled(screen, 0.0, GROUND);
    let middle = screen.center() + sway;
    let rests = *shut == Shut::Rest;
    let lamp = if rests { egui::vec2(0.0, -screen.height() * 0.40) } else { egui::vec2(0.0, -120.0) };
    for (size, share) in [(7.0, 0.04), (4.0, 0.07), (2.2, 0.14), (1.0, 1.0)] {
        ground.circle_filled(middle + lamp, LAMP * size, theme::LAMP.gamma_multiply(share));
    }
    egui::Area::new("shut".into()).anchor(egui::Align2::CENTER_CENTER, sway).interactable(false).show(
        ctx,
        |ui| {
            ui.set_max_width(theme::width(ctx, theme::COLUMN, 48.0));
            ui.vertical_centered(|ui| match shut {
                Shut::Closed { at, day } => closed(ui, panel, (at.as_deref(), day.as_deref())),
                Shut::Rest => rest(ui, panel, exhibition),
            });
        },
    );
}

fn closed(ui: &mut egui::Ui, panel: &Panel<'_>, opens: (Option<&str>, Option<&str>)) {
    ui.heading(panel.word("exhibit-closed"));
    match opens {
        (Some(time), None) => {
            ui.label(panel.words.with("exhibit-closed-until", &[("time", time)]));
        }
        (Some(time), Some(day)) => {
            ui.label(panel.words.with("exhibit-closed-day", &[("day", day), ("time", time)]));
        }
        (None, _) => {}
    }
    theme::faint(ui, panel.word("exhibit-closed-staff"));
}

/// Whoever needs somebody finds out here, too, whom they can reach.
fn rest(ui: &mut egui::Ui, panel: &Panel<'_>, exhibition: &Exhibition) {
    ui.heading(panel.word("exhibit-rest"));
    if !theme::is_small(ui.ctx()) {
        ui.label(panel.word("exhibit-rest-about"));
        ui.add_space(theme::APART);
    }
    if let Some(card) = &exhibition.card {
        help(ui, panel, card);
    }
}

/// The lines of the help card, to be read.
pub(super) fn help(ui: &mut egui::Ui, panel: &Panel<'_>, card: &Card) {
    let size = if theme::is_small(ui.ctx()) { theme::SMALL } else { theme::CAPTION };
    theme::caption(ui.style()).show(ui, |ui| {
        ui.label(egui::RichText::new(panel.word("card-title")).strong());
        for choice in card.choices.iter().filter(|choice| **choice != Choice::Breath) {
            for line in card::choice(panel.words, choice) {
                ui.label(egui::RichText::new(line).size(size));
            }
            ui.add_space(theme::NEAR);
        }
    });
}
