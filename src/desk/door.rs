//! Before the evening: what this is, in plain words, and what there is to decide.

use bevy::prelude::*;
use bevy_egui::egui;

use super::{Panel, theme};
use crate::dialogue::agent::Intensity;
use crate::host::{Choices, FromStage, Welcome};

/// What the person has decided so far.
#[derive(Resource, Debug, Default)]
pub(super) struct Deciding {
    keep: bool,
    server: bool,
    intensity: Option<Intensity>,
    begun: bool,
}

impl Deciding {
    pub(super) fn show(&mut self, ctx: &egui::Context, panel: &mut Panel<'_>, welcome: &Welcome) {
        if self.begun {
            return;
        }
        egui::Area::new("door".into()).anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO).show(
            ctx,
            |ui| {
                theme::sheet(ui, theme::COLUMN, |ui| {
                    say_what_it_is(ui, panel, welcome);
                    self.decide(ui, panel, welcome);
                    ui.add_space(theme::NEAR);
                    self.enter(ui, panel, welcome);
                });
            },
        );
    }

    fn decide(&mut self, ui: &mut egui::Ui, panel: &Panel<'_>, welcome: &Welcome) {
        ui.add_space(theme::NEAR);
        if welcome.ask_keep {
            ui.checkbox(&mut self.keep, panel.word("door-keep"));
            faint(ui, panel.word("door-keep-note"));
        } else {
            faint(ui, panel.word(if welcome.keeps { "door-kept" } else { "door-not-kept" }));
        }
        if let Some(server) = &welcome.server {
            let about =
                [("server", server.name.as_str()), ("model", &server.model), ("address", &server.address)];
            ui.checkbox(&mut self.server, panel.words.with("door-server", &about));
            faint(ui, panel.words.with("door-server-note", &about));
        }
        ui.horizontal_wrapped(|ui| {
            ui.label(panel.word("door-devil"));
            let chosen = self.intensity.get_or_insert(welcome.intensity);
            for (intensity, name) in [
                (Intensity::Full, "door-devil-full"),
                (Intensity::Gentle, "door-devil-gentle"),
                (Intensity::Off, "door-devil-off"),
            ] {
                ui.radio_value(chosen, intensity, panel.word(name));
            }
        });
    }

    fn enter(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>, welcome: &Welcome) {
        ui.horizontal_wrapped(|ui| {
            let mut go_on = false;
            let name = if let Some(when) = &welcome.cut_off {
                let text = panel.words.with("door-go-on", &[("when", when)]);
                go_on = ui.add(theme::lamp_button(text)).clicked();
                "door-anew"
            } else {
                "door-begin"
            };
            let button = theme::lamp_button(panel.word(name));
            let begin = ui.add(button);
            if ui.memory(|memory| memory.focused().is_none()) {
                begin.request_focus();
            }
            if ui.add(theme::quiet_button(panel.word("desk-settings"))).clicked() {
                *panel.settings = !*panel.settings;
            }
            if begin.clicked() || go_on {
                self.begun = true;
                panel.wishes.0.push(FromStage::Begin(Choices {
                    keep: welcome.ask_keep.then_some(self.keep),
                    server: welcome.server.is_some().then_some(self.server),
                    intensity: self.intensity,
                    go_on,
                }));
            }
        });
    }
}

fn say_what_it_is(ui: &mut egui::Ui, panel: &Panel<'_>, welcome: &Welcome) {
    ui.heading(panel.word("door-title"));
    ui.add_space(theme::NEAR);
    ui.label(panel.word("door-what"));
    ui.label(match &welcome.played_by {
        Some(model) => panel.words.with("door-model", &[("model", model)]),
        None => panel.word("door-story"),
    });
    faint(ui, panel.word("door-leave"));
    faint(ui, panel.word("door-sos"));
    for note in &welcome.notes {
        faint(ui, note.clone());
    }
}

fn faint(ui: &mut egui::Ui, text: String) {
    ui.label(egui::RichText::new(text).size(theme::SMALL).color(theme::FAINT));
}
