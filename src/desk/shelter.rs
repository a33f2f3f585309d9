//! What stands in the foreground for the person's safety: the plain question, and the help card.

use bevy_egui::egui;

use super::{Panel, theme};
use crate::dialogue::input::Control;
use crate::dialogue::safety::{Card, CardKind, CheckIn, Choice};
use crate::words::{Words, card};

/// The plain question, where the desk does not speak the evening's language: so that nobody is asked what they cannot read.
/// Else it is the Guide's line.
pub(super) fn question(ui: &mut egui::Ui, panel: &Panel<'_>, about: CardKind) {
    if asks_itself(panel.words) {
        let name = match about {
            CardKind::Crisis => "check-in-about-crisis",
            CardKind::Danger => "check-in-about-danger",
            CardKind::Health => "check-in-about-health",
        };
        ui.label(egui::RichText::new(panel.word(name)).size(theme::CAPTION));
    }
}

/// The four answers to it.
pub(super) fn answers(ui: &mut egui::Ui, panel: &mut Panel<'_>) {
    for answer in theme::in_order(ui, CheckIn::ALL) {
        let name = match answer {
            CheckIn::Yes => "check-in-yes",
            CheckIn::NotSure => "check-in-not-sure",
            CheckIn::No => "check-in-no",
            CheckIn::RatherNot => "check-in-rather-not",
        };
        if ui.add(theme::quiet_button(panel.word(name))).clicked() {
            panel.wishes.control(Control::CheckIn(answer));
        }
    }
}

/// Whether the desk puts the plain question itself: it does where the Guide, who speaks English, might not be understood.
pub(super) fn asks_itself(words: &Words) -> bool {
    words.lang() != "en"
}

/// How far the card is below the upper edge of the window, how much room the caption below it takes, and what a sheet
/// leaves above and below itself anyway, in logical pixels.
const BELOW: f32 = 62.0;
const CAPTION: f32 = 150.0;
const HALF: f32 = 42.0;

/// The help card. True when the person leaves.
pub(super) fn card(ctx: &egui::Context, panel: &mut Panel<'_>, card: &Card) -> bool {
    let mut leaves = false;
    egui::Area::new("card".into()).anchor(egui::Align2::CENTER_TOP, egui::vec2(0.0, BELOW)).show(ctx, |ui| {
        // Where there is little room the card stands alone.
        let foot = if theme::is_small(ctx) { BELOW } else { BELOW + CAPTION };
        theme::sheet_above(ui, theme::COLUMN, foot - HALF, |ui| {
            ui.heading(panel.word("card-title"));
            ui.add_space(theme::NEAR);
            for (at, choice) in card.choices.iter().enumerate() {
                if *choice == Choice::Breath {
                    if ui.add(theme::quiet_button(panel.word("card-breathe"))).clicked() {
                        panel.wishes.control(Control::Choose(at));
                    }
                } else {
                    for line in card::choice(panel.words, choice) {
                        ui.label(egui::RichText::new(line).size(theme::CAPTION));
                    }
                }
                ui.add_space(theme::NEAR);
            }
            if ui.add(theme::quiet_button(panel.word("card-close"))).clicked() {
                panel.wishes.control(Control::Stop);
                leaves = true;
            }
        });
    });
    leaves
}
