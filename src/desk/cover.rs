//! The cover over the room until it is lit: dusk, and one line. It goes slowly, so that nothing flashes.

use bevy::prelude::*;
use bevy_egui::{EguiContexts, egui};

use super::{DeskWords, theme};
use crate::app::Lit;

/// How long it takes to go, in seconds.
const GOES: f32 = 1.6;

/// Draws the cover over everything.
pub(super) fn draw(
    mut contexts: EguiContexts,
    words: Res<DeskWords>,
    lit: Res<Lit>,
    time: Res<Time>,
    mut gone: Local<f32>,
) -> Result {
    if lit.0 {
        *gone = (*gone + time.delta_secs().min(0.2) / GOES).min(1.0);
    }
    let there = 1.0 - *gone * *gone * (3.0 - 2.0 * *gone);
    if there <= 0.0 {
        return Ok(());
    }
    let ctx = contexts.ctx_mut()?;
    let screen = ctx.content_rect();
    let layer = egui::LayerId::new(egui::Order::Tooltip, "cover".into());
    let painter = ctx.layer_painter(layer);
    let fade = |colour: egui::Color32| colour.gamma_multiply(there);
    painter.rect_filled(screen, 0.0, fade(egui::Color32::from_rgb(0x1B, 0x14, 0x20)));
    let middle = screen.center();
    painter.circle_filled(middle - egui::vec2(0.0, 34.0), 9.0, fade(theme::LAMP));
    painter.text(
        middle + egui::vec2(0.0, 12.0),
        egui::Align2::CENTER_CENTER,
        words.0.get("desk-lighting"),
        egui::FontId::proportional(theme::BODY),
        fade(theme::FAINT),
    );
    ctx.request_repaint();
    Ok(())
}
