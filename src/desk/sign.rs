//! What stands on the screen while nobody sits before it: the sign, that the room is made ready, that the staff hold it.

use bevy_egui::egui;

use super::{Panel, theme};
use crate::host::{Exhibition, Shown};

/// How far the sign wanders, in logical pixels, and how long it takes to come back, in seconds: nothing burns into a screen.
const WANDERS: egui::Vec2 = egui::vec2(46.0, 18.0);
const WANDER_TAKES: (f32, f32) = (660.0, 420.0);

/// Where what stands for hours is moved to.
pub(super) fn sway(now: f32) -> egui::Vec2 {
    let turn = |takes: f32| (now * std::f32::consts::TAU / takes).sin();
    WANDERS * egui::vec2(turn(WANDER_TAKES.0), turn(WANDER_TAKES.1))
}

/// The staff hold the room, and nobody is in it.
pub(super) fn held(ctx: &egui::Context, panel: &Panel<'_>, exhibition: &Exhibition) {
    at_foot(ctx, "held", theme::caption, |ui| {
        ui.label(panel.word("exhibit-paused"));
        theme::faint(ui, panel.word("exhibit-paused-about"));
        counts(ui, panel, exhibition);
    });
}

/// That a camera counts who stands here, where it does: wherever it looks it is said.
pub(super) fn counts(ui: &mut egui::Ui, panel: &Panel<'_>, exhibition: &Exhibition) {
    if exhibition.counts {
        theme::faint(ui, panel.word("exhibit-sign-counts"));
    }
}

/// Something to read below, over the room.
pub(super) fn at_foot(
    ctx: &egui::Context,
    name: &'static str,
    frame: fn(&egui::Style) -> egui::Frame,
    add: impl FnOnce(&mut egui::Ui),
) {
    let foot = egui::Area::new(name.into()).anchor(egui::Align2::CENTER_BOTTOM, egui::vec2(0.0, -28.0));
    foot.show(ctx, |ui| frame(ui.style()).show(ui, add));
}

/// The sign, while nobody is there.
pub(super) fn draw(ctx: &egui::Context, panel: &Panel<'_>, exhibition: &Exhibition, now: f32) {
    let place = sway(now) - egui::vec2(0.0, 64.0);
    egui::Area::new("sign".into()).anchor(egui::Align2::CENTER_BOTTOM, place).interactable(false).show(
        ctx,
        |ui| {
            theme::caption(ui.style()).show(ui, |ui| {
                ui.set_max_width(theme::width(ctx, theme::COLUMN, 48.0));
                ui.vertical_centered(|ui| {
                    ui.heading(panel.word("exhibit-sign"));
                    ui.label(panel.word("exhibit-sign-who"));
                    ui.label(panel.word(match panel.door.shown {
                        Shown::Screen => "exhibit-sign-touch",
                        Shown::Headset => "exhibit-sign-headset",
                    }));
                    let long = [("minutes", exhibition.minutes.to_string())];
                    let long = long.each_ref().map(|(name, value)| (*name, value.as_str()));
                    theme::faint(ui, panel.words.with("exhibit-sign-long", &long));
                    theme::faint(ui, panel.word("exhibit-sign-figures"));
                    counts(ui, panel, exhibition);
                });
            });
        },
    );
}

/// The next room is lit beside this one. Nothing of the visit stands here any more.
pub(super) fn made_ready(ctx: &egui::Context, panel: &Panel<'_>) {
    at_foot(ctx, "ready", theme::caption, |ui| {
        ui.label(panel.word("exhibit-ready"));
        theme::faint(ui, panel.word("exhibit-ready-about"));
    });
}
