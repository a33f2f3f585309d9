//! After the evening: the lamp stays on, and there is what one can take along before one goes.

use bevy_egui::egui;

use super::{Panel, theme};
use crate::dialogue::measures::When;
use crate::dialogue::view::Shelter;
use crate::dialogue::{Input, View};
use crate::host::FromStage;

/// What stands below once the evening is over. True when the person leaves, and how far up from the foot of the window it
/// reaches, in logical pixels.
pub(super) fn show(ctx: &egui::Context, panel: &mut Panel<'_>, view: &View) -> (bool, f32) {
    if panel.questions.stand() {
        if let Some((_, taken)) = panel.questions.draw(ctx, panel.words, Some(view.keeps)) {
            panel.wishes.0.extend(taken.into_iter().map(|taken| FromStage::Input(Input::Measured(taken))));
        }
        return (false, 0.0);
    }
    let mut leaves = false;
    let width = theme::width(ctx, theme::LINE, 48.0);
    let foot = egui::Area::new("goodbye".into()).anchor(egui::Align2::CENTER_BOTTOM, egui::vec2(0.0, -28.0));
    let drawn = foot.show(ctx, |ui| {
        theme::caption(ui.style()).show(ui, |ui| {
            ui.set_max_width(width);
            let help = matches!(view.shelter, Shelter::Card { .. });
            ui.label(panel.word(if help { "desk-over-help" } else { "desk-over" }));
            ui.horizontal_wrapped(|ui| {
                take_away(ui, panel, view);
                ask_again(ui, panel, view);
                leaves = ui.add(theme::quiet_button(panel.word("desk-goodbye"))).clicked();
            });
            if let Some(Ok(line) | Err(line)) = panel.taken {
                theme::faint(ui, line);
            }
            if panel.questions.answered().1 {
                let name = if view.keeps { "measures-done" } else { "measures-done-not-kept" };
                theme::faint(ui, panel.word(name));
            }
        });
    });
    (leaves, ctx.content_rect().max.y - drawn.response.rect.min.y)
}

/// The card, where there are words on it. It is saved once, and again only where it could not be.
fn take_away(ui: &mut egui::Ui, panel: &mut Panel<'_>, view: &View) {
    if view.kept.is_none() || view.safe || !panel.door.is_own {
        return;
    }
    let lies = matches!(panel.taken, Some(Ok(_)));
    let card = ui.add_enabled(!lies, theme::quiet_button(panel.word("desk-card")));
    if card.on_hover_text(panel.word("desk-card-about")).clicked() {
        panel.wishes.0.push(FromStage::TakeAway);
    }
}

/// The questions once more, for those who answered some before the evening, or who want to be asked.
fn ask_again(ui: &mut egui::Ui, panel: &mut Panel<'_>, view: &View) {
    let (before, _) = panel.questions.answered();
    let wanted = before || view.measured || panel.wanted.questions;
    if view.safe || !panel.door.is_own || !wanted {
        return;
    }
    if ui.add(theme::quiet_button(panel.word("questions-open-after"))).clicked() {
        panel.questions.open(panel.door, When::After);
    }
}
