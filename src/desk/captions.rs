//! Captions: who speaks and what, on a backing that anything can be read on, below every face.

use bevy::prelude::*;
use bevy_egui::egui;

use super::{Panel, theme};
use crate::dialogue::View;
use crate::dialogue::agent::Agent;
use crate::dialogue::ids::LineId;
use crate::dialogue::view::Caption;

/// How long a line stays to be read after it was spoken, in seconds, and how long it takes to go.
const STAYS: f32 = 5.0;
const GOES: f32 = 0.8;

/// Which line stands, and until when.
#[derive(Resource, Debug, Default)]
pub(super) struct Reading {
    line: Option<LineId>,
    spoken_until: f32,
}

impl Reading {
    /// `above`: how far up from the foot of the window something else reaches; none where nothing stands there.
    /// `elsewhere`: whether a line is shown in another place.
    pub(super) fn show(
        &mut self,
        ctx: &egui::Context,
        panel: &Panel<'_>,
        view: &View,
        (now, above): (f32, Option<f32>),
        elsewhere: impl Fn(LineId) -> bool,
    ) {
        // What is asked is always shown.
        let wanted = panel.wanted.look.captions || view.question.is_some();
        let mut captions = view.captions.iter().filter(|it| wanted && !elsewhere(it.line));
        let speaking = captions.clone().find(|caption| caption.speaking);
        let last = |captions: &mut dyn Iterator<Item = _>| captions.max_by_key(|it: &&Caption| it.line);
        let Some(caption) = speaking.or_else(|| last(&mut captions)) else { return };
        if caption.speaking || self.line != Some(caption.line) {
            self.line = Some(caption.line);
            self.spoken_until = now;
        }
        // What somebody is to answer stays until they have.
        let awaited = view.question.is_some() || view.phase == crate::dialogue::Phase::Open;
        let since = now - self.spoken_until - STAYS;
        let there = if awaited { 1.0 } else { (1.0 - since / GOES).clamp(0.0, 1.0) };
        if there > 0.0 {
            draw(ctx, panel, caption, (there, above));
        }
    }
}

/// How far it is above the foot of the window, with the line there and without, and above what stands there, in logical
/// pixels.
const LOW: f32 = 96.0;
pub(super) const LOWEST: f32 = 22.0;
const GAP: f32 = 8.0;

fn draw(ctx: &egui::Context, panel: &Panel<'_>, caption: &Caption, (there, above): (f32, Option<f32>)) {
    let name = match caption.agent {
        Agent::Devil => panel.devil.to_owned(),
        Agent::Patient => panel.word("speaker-patient"),
        Agent::Guide => panel.word("speaker-guide"),
        Agent::Trigger => panel.word("speaker-window"),
    };
    let width = theme::width(ctx, theme::LINE, 48.0);
    let up = above.map_or(LOWEST, |above| LOW.max(above + GAP));
    egui::Area::new("caption".into())
        .anchor(egui::Align2::CENTER_BOTTOM, egui::vec2(0.0, -up))
        .interactable(false)
        .show(ctx, |ui| {
            ui.set_opacity(there);
            ui.set_max_width(width);
            theme::caption(ui.style()).show(ui, |ui| {
                ui.vertical_centered(|ui| {
                    let name = egui::RichText::new(name)
                        .font(egui::FontId::new(theme::SMALL, theme::bold()))
                        .color(theme::of(caption.agent));
                    ui.label(name);
                    let text = egui::RichText::new(&caption.text).size(theme::CAPTION);
                    ui.label(if caption.agent == Agent::Trigger { text.italics() } else { text });
                });
            });
        });
}
