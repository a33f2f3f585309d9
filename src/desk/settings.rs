//! How the room is shown: what a person needs in order to read it and to bear it. It holds at once, and is remembered.

use bevy::prelude::*;
use bevy_egui::{EguiContexts, egui};

use super::{DeskWords, theme};
use crate::app::{Looks, Say};
use crate::host::{FromStage, Look};
use crate::words::Words;

/// Whether the panel stands.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Open(pub(super) bool);

/// The sizes that words come in, in percent.
const SIZES: [u16; 5] = [100, 125, 150, 175, Look::LARGEST];

/// Words are as large as the person wants them.
pub(super) fn enlarge(mut contexts: EguiContexts, looks: Res<Looks>) -> Result {
    let zoom = f32::from(looks.0.text_size.clamp(SIZES[0], Look::LARGEST)) / 100.0;
    let ctx = contexts.ctx_mut()?;
    if (ctx.zoom_factor() - zoom).abs() > 1e-3 {
        ctx.set_zoom_factor(zoom);
    }
    Ok(())
}

/// The panel, while it stands.
pub(super) fn show(
    mut contexts: EguiContexts,
    words: Res<DeskWords>,
    mut open: ResMut<Open>,
    mut looks: ResMut<Looks>,
    mut say: MessageWriter<Say>,
) -> Result {
    if !open.0 {
        return Ok(());
    }
    let ctx = contexts.ctx_mut()?;
    let mut look = looks.0;
    let closes = draw(ctx, &words.0, &mut look);
    if closes || ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::F3)) {
        open.0 = false;
    }
    if look != looks.0 {
        looks.0 = look;
        say.write(Say(FromStage::Look(look)));
    }
    Ok(())
}

/// True when it is to go.
pub(super) fn draw(ctx: &egui::Context, words: &Words, look: &mut Look) -> bool {
    let middle = egui::Area::new("settings".into()).order(egui::Order::Foreground);
    let shown = middle.anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO).show(ctx, |ui| {
        theme::sheet(ui, theme::NARROW, |ui| {
            ui.label(egui::RichText::new(words.get("settings-title")).heading().size(theme::CAPTION));
            ui.add_space(theme::NEAR);
            choose(ui, words, look);
            ui.add_space(theme::NEAR);
            ui.horizontal(|ui| ui.add(theme::lamp_button(words.get("settings-close"))).clicked()).inner
        })
    });
    shown.inner
}

fn choose(ui: &mut egui::Ui, words: &Words, look: &mut Look) {
    ui.label(words.get("settings-text-size"));
    ui.horizontal_wrapped(|ui| {
        for size in SIZES {
            let text = words.with("settings-percent", &[("size", &size.to_string())]);
            ui.selectable_value(&mut look.text_size, size, text);
        }
    });
    ui.add_space(theme::NEAR);
    ui.checkbox(&mut look.reduced_motion, words.get("settings-motion"));
    let note = egui::RichText::new(words.get("settings-motion-note")).size(theme::SMALL).color(theme::FAINT);
    ui.label(note);
}
