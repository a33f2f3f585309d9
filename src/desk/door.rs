//! Before the evening: what this is, in plain words, and what there is to decide.

use bevy::prelude::*;
use bevy_egui::egui;

use super::{Panel, settings, sight, sound, theme};
use crate::config::CastChoice;
use crate::dialogue::Input;
use crate::dialogue::agent::Intensity;
use crate::dialogue::measures::When;
use crate::host::{CanHear, CanSee, Choices, FromStage, Welcome};

/// How wide the field for a name is, in logical pixels.
const NAME: f32 = 220.0;

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
        if panel.questions.stand() {
            let decided = panel.wanted.keep.or(self.keep.then_some(true));
            let keeps = if welcome.can_keep { decided } else { Some(false) };
            panel.questions.draw(ctx, panel.words, keeps);
            return;
        }
        egui::Area::new("door".into()).anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO).show(
            ctx,
            |ui| {
                theme::page(ui, theme::COLUMN, |ui, part| match part {
                    theme::Part::Head => {
                        ui.heading(panel.word("door-title"));
                    }
                    theme::Part::Body => {
                        say_what_it_is(ui, panel, welcome);
                        self.decide(ui, panel, welcome);
                    }
                    theme::Part::Foot => self.enter(ui, panel, welcome),
                });
            },
        );
    }

    fn decide(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>, welcome: &Welcome) {
        ui.add_space(theme::NEAR);
        match panel.wanted.keep {
            None if welcome.can_keep => {
                ui.checkbox(&mut self.keep, panel.word("door-keep"));
                theme::faint(ui, panel.word("door-keep-note"));
            }
            Some(true) if welcome.can_keep => {
                theme::faint(ui, panel.word("door-kept"));
            }
            _ => {
                theme::faint(ui, panel.word("door-not-kept"));
            }
        }
        offer_questions(ui, panel, welcome);
        if let Some(server) = &welcome.server {
            let about =
                [("server", server.name.as_str()), ("model", &server.model), ("address", &server.address)];
            ui.checkbox(&mut self.server, panel.words.with("door-server", &about));
            theme::faint(ui, panel.words.with("door-server-note", &about));
        }
        if welcome.hearing != CanHear::No {
            sound::hears(ui, panel.words, &mut panel.wanted.sound, welcome.hearing);
        }
        if matches!(welcome.seeing, CanSee::UpTo(_)) {
            let here = (welcome.seeing, welcome.vision.as_ref());
            sight::allows(ui, panel.words, &mut panel.wanted.sight, (here, &[]));
        }
        ui.horizontal_wrapped(|ui| {
            settings::loudness(ui, panel.words, self.intensity.get_or_insert(welcome.intensity));
        });
        // The word stands at the height of the field beside it.
        let row = egui::vec2(ui.available_width(), theme::ROW);
        ui.allocate_ui_with_layout(row, egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.label(panel.word("door-devil-name"));
            let own = panel.word("speaker-devil");
            let name = ("door-devil-name", NAME);
            settings::field_of(ui, panel.words, name, &mut panel.wanted.devil, &own);
        });
    }

    fn enter(&mut self, ui: &mut egui::Ui, panel: &mut Panel<'_>, welcome: &Welcome) {
        ui.horizontal_wrapped(|ui| {
            let mut go_on = false;
            let name = if let Some(when) = &welcome.cut_off {
                let text = panel.words.with("door-go-on", &[("when", when)]);
                go_on = theme::lamp_button(ui, text).clicked();
                "door-anew"
            } else {
                "door-begin"
            };
            let begin = theme::lamp_button(ui, panel.word(name));
            if ui.memory(|memory| memory.focused().is_none()) {
                begin.request_focus();
            }
            if ui.add(theme::quiet_button(panel.word("desk-settings"))).clicked() {
                panel.settings.open(panel.wanted);
            }
            if begin.clicked() || go_on {
                self.begun = true;
                // What was decided in the settings holds for this evening already.
                panel.wishes.0.push(FromStage::Prefer(Box::new(panel.wanted.clone())));
                panel.wishes.0.push(FromStage::Begin(Choices {
                    keep: (welcome.can_keep && panel.wanted.keep.is_none()).then_some(self.keep),
                    server: welcome.server.is_some().then_some(self.server),
                    intensity: self.intensity,
                    go_on,
                }));
                let answered = panel.questions.take_before().into_iter();
                panel.wishes.0.extend(answered.map(|taken| FromStage::Input(Input::Measured(taken))));
            }
        });
    }
}

/// Questions before and after, to whoever wants them; and what was answered on other evenings.
fn offer_questions(ui: &mut egui::Ui, panel: &mut Panel<'_>, welcome: &Welcome) {
    if !welcome.is_own {
        return;
    }
    theme::faint(
        ui,
        panel.word(if panel.questions.answered().0 { "questions-answered" } else { "questions-offer" }),
    );
    if welcome.cut_off.is_some() {
        theme::faint(ui, panel.word("questions-anew"));
    }
    ui.horizontal_wrapped(|ui| {
        if ui.add(theme::quiet_button(panel.word("questions-open"))).clicked() {
            panel.questions.open(welcome, When::Before);
        }
        if welcome.measured && ui.add(theme::quiet_button(panel.word("past-title"))).clicked() {
            panel.look_back();
        }
    });
}

/// The model that plays if the person comes in now, as it may be shown: what was chosen here goes before what was set.
fn played_by(panel: &Panel<'_>, welcome: &Welcome) -> Option<String> {
    let (now, before) = (&panel.wanted.play, &welcome.preferences.play);
    match now.cast.parse() {
        Ok(CastChoice::Server(address)) if now != before => {
            Some(if now.model.is_empty() { address } else { format!("{} ({address})", now.model) })
        }
        Ok(CastChoice::Story) => None,
        _ => welcome.played_by.clone(),
    }
}

fn say_what_it_is(ui: &mut egui::Ui, panel: &Panel<'_>, welcome: &Welcome) {
    ui.label(panel.word("door-what"));
    ui.label(match played_by(panel, welcome) {
        Some(model) => panel.words.with("door-model", &[("model", &model)]),
        None => panel.word("door-story"),
    });
    theme::faint(ui, panel.word("door-senses"));
    theme::faint(ui, panel.word("door-leave"));
    theme::faint(ui, panel.word("door-sos"));
    for note in &welcome.notes {
        theme::faint(ui, note.clone());
    }
}
