//! The change of places at the desk: whether they will, a way back at every second, and which of the words they keep.

use bevy_egui::egui;

use super::{Panel, theme};
use crate::dialogue::View;
use crate::dialogue::change::ChangeStep;
use crate::dialogue::input::Control;

/// What the empty field asks for in it.
pub(super) fn asks(view: &View) -> Option<&'static str> {
    match view.change.as_ref()?.step {
        ChangeStep::Asked => Some("desk-answer-change"),
        ChangeStep::Keep => Some("desk-answer-keep"),
        _ => None,
    }
}

/// Whether they sit over there, and nothing is asked of them: there is nothing to type then.
pub(super) fn listens(view: &View) -> bool {
    view.change.as_ref().is_some_and(|change| change.step.is_over_there() && !change.step.asks())
}

/// The way back, and beside it which senses are on. How far up from the foot of the window it reaches, in logical pixels.
pub(super) fn back(
    ctx: &egui::Context,
    panel: &mut Panel<'_>,
    senses: impl FnOnce(&mut egui::Ui, &mut Panel<'_>),
) -> f32 {
    let foot = egui::Area::new("back".into())
        .anchor(egui::Align2::CENTER_BOTTOM, egui::vec2(0.0, -theme::foot(ctx)));
    let drawn = foot.show(ctx, |ui| {
        ui.horizontal(|ui| {
            senses(ui, panel);
            if ui.add(theme::quiet_button(panel.word("desk-change-back"))).clicked() {
                panel.wishes.control(Control::Skip);
            }
        });
    });
    ctx.content_rect().max.y - drawn.response.rect.min.y
}

/// Whether they are asked if they will sit over there.
pub(super) fn is_asked(view: &View) -> bool {
    view.change.as_ref().is_some_and(|change| change.step == ChangeStep::Asked)
}

/// The two answers to that. A yes, as words.
pub(super) fn answers(ui: &mut egui::Ui, panel: &mut Panel<'_>, view: &View) -> Option<String> {
    let mut chosen = None;
    for goes in theme::in_order(ui, [true, false]).into_iter().filter(|_| is_asked(view)) {
        let word = panel.word(if goes { "desk-change-yes" } else { "desk-change-stay" });
        if goes && theme::lamp_button(ui, word.clone()).clicked() {
            chosen = Some(word);
        } else if !goes && ui.add(theme::quiet_button(word)).clicked() {
            panel.wishes.control(Control::Skip);
        }
    }
    chosen
}

/// Whether they are asked which words they keep: then nothing typed is none of them.
pub(super) fn keeps(view: &View) -> bool {
    view.change.as_ref().is_some_and(|change| change.step == ChangeStep::Keep)
}

/// So much of the window's height what they may keep takes up at most.
const HIGHEST: f32 = 0.34;

/// The words that they may keep. The chosen ones, word for word.
pub(super) fn to_keep(ui: &mut egui::Ui, view: &View) -> Option<String> {
    let change = view.change.as_ref().filter(|change| change.step == ChangeStep::Keep)?;
    let mut chosen = None;
    let most = ui.ctx().content_rect().height() * HIGHEST;
    egui::ScrollArea::vertical().id_salt("to keep").max_height(most).show(ui, |ui| {
        for clause in &change.clauses {
            if ui.add(theme::quiet_button(clause.clone()).wrap()).clicked() {
                chosen = Some(clause.clone());
            }
        }
    });
    ui.add_space(theme::NEAR);
    chosen
}
