//! What stands on the screen while nobody can come in: it is closed, or it rests after too many falls. On a
//! screen the room is not drawn then.

use bevy_egui::egui;

use super::{Panel, theme};
use crate::dialogue::safety::{Card, Choice};
use crate::host::{Exhibition, Shown, Shut};
use crate::words::card;

/// The dusk of the room, and a picture of it, which stands where the room itself is not drawn.
const GROUND: egui::Color32 = egui::Color32::from_rgb(0x1B, 0x14, 0x20);
const STILL: &[u8] = include_bytes!("../../assets/still.jpg");
/// How much of its light the picture has, of 255: what is to be read on it is lighter.
const DIM: u8 = 150;
/// How far above the foot of the screen it stands, in logical pixels.
const FOOT: f32 = 48.0;

/// Draws it. `sway`: where what stands for hours is moved to, so that nothing burns into a screen.
pub(super) fn draw(
    ctx: &egui::Context,
    panel: &Panel<'_>,
    (exhibition, shut): (&Exhibition, &Shut),
    sway: egui::Vec2,
) {
    // In a headset the room is around whoever reads.
    if panel.door.shown == Shown::Screen {
        ground(ctx);
    }
    // Below the faces, where there is room for that.
    let (corner, place) = match panel.door.shown {
        Shown::Headset => (egui::Align2::CENTER_BOTTOM, egui::Vec2::ZERO),
        Shown::Screen if theme::is_small(ctx) => (egui::Align2::CENTER_CENTER, sway),
        Shown::Screen => (egui::Align2::CENTER_BOTTOM, sway - egui::vec2(0.0, FOOT)),
    };
    egui::Area::new("shut".into()).anchor(corner, place).interactable(false).show(ctx, |ui| {
        theme::frame(ui.style()).show(ui, |ui| {
            ui.set_max_width(theme::width(ctx, theme::COLUMN, 100.0));
            ui.vertical_centered(|ui| match shut {
                Shut::Closed { at, day } => closed(ui, panel, (at.as_deref(), day.as_deref())),
                Shut::Rest => rest(ui, panel, exhibition),
            });
        });
    });
}

/// The picture in the place of the room.
fn ground(ctx: &egui::Context) {
    let screen = ctx.content_rect();
    let ground = ctx.layer_painter(egui::LayerId::background());
    ground.rect_filled(screen, 0.0, GROUND);
    if let Some(still) = still(ctx) {
        let whole = egui::Rect::from_min_max(egui::Pos2::ZERO, egui::pos2(1.0, 1.0));
        let tint = egui::Color32::from_gray(DIM);
        ground.image(still.id(), covering(screen, still.size_vec2()), whole, tint);
    }
}

/// The picture, decoded once.
fn still(ctx: &egui::Context) -> Option<egui::TextureHandle> {
    let id = egui::Id::new("still");
    if let Some(still) = ctx.data(|data| data.get_temp::<egui::TextureHandle>(id)) {
        return Some(still);
    }
    let decoded = image::load_from_memory_with_format(STILL, image::ImageFormat::Jpeg).ok()?.into_rgb8();
    let size = [decoded.width() as usize, decoded.height() as usize];
    let image = egui::ColorImage::from_rgb(size, decoded.as_raw());
    let still = ctx.load_texture("still", image, egui::TextureOptions::LINEAR);
    ctx.data_mut(|data| data.insert_temp(id, still.clone()));
    Some(still)
}

/// Where a picture of this size covers the screen whole, and stands out of it as little as it can.
fn covering(screen: egui::Rect, size: egui::Vec2) -> egui::Rect {
    let scale = (screen.width() / size.x).max(screen.height() / size.y);
    egui::Rect::from_center_size(screen.center(), size * scale)
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
