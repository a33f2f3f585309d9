//! What is seen of the person: which level they allow, a sign while the camera is on, and a panel with all that its models make
//! of it.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use bevy::prelude::*;
use bevy_egui::egui;

use super::sound::device;
use super::theme::{self, faint};
use crate::dialogue::face::{Expression, Level, Seen, Sight};
use crate::host::{CanSee, Device, FromStage, Seeing, VisionServer};
use crate::words::Words;

/// Whether the panel stands, and the picture on it.
#[derive(Resource, Default)]
pub(super) struct Looking {
    pub(super) stands: bool,
    /// What the host was told last.
    told: bool,
    picture: Option<(u64, egui::TextureHandle)>,
}

/// The sign that the camera is on, and the picture on the panel, in logical pixels.
const SIGN: egui::Vec2 = egui::vec2(26.0, 26.0);
const PICTURE: f32 = 112.0;
/// How wide the panel is, and how high its lines are.
const WIDE: f32 = 300.0;
/// How far it is below the upper edge of the window: the buttons stay in sight.
const BELOW: f32 = 64.0;
const BAR: egui::Vec2 = egui::vec2(120.0, 8.0);

/// What the person allows of their face. `seeing`: what can be allowed here; `vision`: who may see a picture of it.
pub(super) fn allows(
    ui: &mut egui::Ui,
    words: &Words,
    sight: &mut Seeing,
    ((seeing, vision), cameras): ((CanSee, Option<&VisionServer>), &[Device]),
) {
    ui.label(words.get("settings-see"));
    let CanSee::UpTo(most) = seeing else {
        faint(ui, words.get(if seeing == CanSee::No { "sense-camera-none" } else { "sense-camera-missing" }));
        (sight.level, sight.portrait) = (Level::Off, false);
        return;
    };
    for (level, name) in [
        (Level::Off, "settings-see-off"),
        (Level::Mirror, "settings-see-mirror"),
        (Level::Aware, "settings-see-aware"),
    ] {
        if level <= most {
            ui.radio_value(&mut sight.level, level, words.get(name));
        }
    }
    let is_own = if vision.is_some() { "yes" } else { "no" };
    faint(ui, words.with("settings-see-note", &[("server", is_own)]));
    portrait(ui, words, sight, vision);
    if most < Level::Aware {
        faint(ui, words.get("settings-see-barred"));
    }
    if !cameras.is_empty() {
        device(ui, words, "settings-camera", (&mut sight.camera, cameras));
    }
}

/// Whether a picture of them goes to their own server. It is another yes, which goes with the level that it belongs to.
fn portrait(ui: &mut egui::Ui, words: &Words, sight: &mut Seeing, vision: Option<&VisionServer>) {
    let Some(server) = vision.filter(|_| sight.level == Level::Aware) else {
        sight.portrait = false;
        return;
    };
    ui.checkbox(&mut sight.portrait, words.get("settings-portrait"));
    let about = [("model", server.model.as_str()), ("address", &server.address)];
    faint(ui, words.with("settings-portrait-note", &about));
}

/// That the camera is on: an eye, in sight for as long as it is. Pressed, it opens what is seen.
pub(super) fn sign(ui: &mut egui::Ui, name: String) -> bool {
    let (place, drawn) = ui.allocate_exact_size(SIGN, egui::Sense::click());
    let (painter, middle) = (ui.painter(), place.center());
    let stroke = egui::Stroke::new(1.5, theme::LAMP);
    let (half, up) = (egui::vec2(11.0, 0.0), egui::vec2(0.0, 9.0));
    for lid in [up, -up] {
        let curve = [middle - half, middle + lid, middle + half];
        painter.add(egui::epaint::QuadraticBezierShape::from_points_stroke(
            curve,
            false,
            egui::Color32::TRANSPARENT,
            stroke,
        ));
    }
    painter.circle_filled(middle, 3.0, theme::LAMP);
    if drawn.has_focus() {
        painter.rect_stroke(place, 6.0, egui::Stroke::new(2.0, theme::LAMP), egui::StrokeKind::Inside);
    }
    drawn.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &name));
    let clicked = drawn.clicked();
    drawn.on_hover_text(name);
    clicked
}

impl Looking {
    /// The panel, if it stands; and what the host is to be told of that. `on`: whether the camera is. `above`: how far up from
    /// the foot of the window the line reaches, in logical pixels.
    pub(super) fn draw(
        &mut self,
        ctx: &egui::Context,
        words: &Words,
        (seen, on): (Option<&Seen>, bool),
        above: f32,
    ) -> Option<FromStage> {
        self.stands &= on;
        if self.stands {
            let corner = egui::vec2(-18.0, BELOW);
            let area = egui::Area::new("sight".into()).anchor(egui::Align2::RIGHT_TOP, corner);
            area.show(ctx, |ui| {
                theme::sheet_above(ui, WIDE, BELOW + above - 30.0, |ui| self.fill(ui, words, seen));
            });
        } else {
            self.picture = None;
        }
        let news = std::mem::replace(&mut self.told, self.stands) != self.stands;
        news.then_some(FromStage::Look(self.stands))
    }

    fn fill(&mut self, ui: &mut egui::Ui, words: &Words, seen: Option<&Seen>) {
        ui.horizontal_wrapped(|ui| {
            ui.label(
                egui::RichText::new(words.get("sight-title"))
                    .font(egui::FontId::new(theme::BODY, theme::bold())),
            );
            if ui.add(theme::quiet_button(words.get("sight-close"))).clicked() {
                self.stands = false;
            }
        });
        let Some(seen) = seen else {
            faint(ui, words.get("sight-waiting"));
            return;
        };
        self.show_picture(ui, words, seen);
        ui.label(words.get(match seen.sight {
            Sight::Waiting => "sight-waiting",
            Sight::Learning => "sight-learning",
            Sight::Face => "sight-face",
            Sight::Away => "sight-away",
            Sight::Nobody => "sight-nobody",
            Sight::Several => "sight-several",
            Sight::Dark => "sight-dark",
        }));
        ui.spacing_mut().item_spacing.y = 1.0;
        for (expression, much) in &seen.likely {
            bar(ui, &words.get(name(*expression)), *much);
        }
        bar(ui, &words.get("sight-valence"), (seen.affect[0] + 1.0) / 2.0);
        bar(ui, &words.get("sight-arousal"), (seen.affect[1] + 1.0) / 2.0);
        bar(ui, &words.get("sight-confidence"), seen.confidence);
        ui.add_space(theme::NEAR);
        if seen.caption.is_empty() {
            faint(ui, words.get("sight-told-nothing"));
        } else {
            faint(ui, words.with("sight-told", &[("caption", &seen.caption)]));
        }
        faint(ui, words.get("sight-note"));
    }

    /// The picture, as in a mirror, with the face's box and its landmarks.
    fn show_picture(&mut self, ui: &mut egui::Ui, words: &Words, seen: &Seen) {
        let Some(texture) = seen.picture.as_ref().and_then(|picture| self.texture(ui.ctx(), picture)) else {
            return;
        };
        let [wide, high] = texture.size();
        let size = egui::vec2(PICTURE, PICTURE * high as f32 / wide.max(1) as f32);
        let (place, drawn) = ui.allocate_exact_size(size, egui::Sense::hover());
        let mirrored = egui::Rect::from_min_max(egui::pos2(1.0, 0.0), egui::pos2(0.0, 1.0));
        let painter = ui.painter().with_clip_rect(place);
        painter.image(texture.id(), place, mirrored, egui::Color32::WHITE);
        let at = |[x, y]: [f32; 2]| egui::pos2(place.max.x - x * size.x, place.min.y + y * size.y);
        if let Some([left, top, wide, high]) = seen.bounds {
            let face = egui::Rect::from_two_pos(at([left, top]), at([left + wide, top + high]));
            painter.rect_stroke(face, 4.0, egui::Stroke::new(1.5, theme::LAMP), egui::StrokeKind::Middle);
        }
        for point in &seen.points {
            painter.circle_filled(at(*point), 1.4, theme::LAMP);
        }
        let label = words.get("sight-picture");
        drawn.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, &label));
    }

    fn texture(&mut self, ctx: &egui::Context, picture: &str) -> Option<egui::TextureHandle> {
        let mut hasher = DefaultHasher::new();
        picture.hash(&mut hasher);
        let now = hasher.finish();
        if let Some((_, texture)) = self.picture.as_ref().filter(|(before, _)| *before == now) {
            return Some(texture.clone());
        }
        let bytes = data_encoding::BASE64.decode(picture.as_bytes()).ok()?;
        let decoded = image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg).ok()?.into_rgb8();
        let size = [decoded.width() as usize, decoded.height() as usize];
        let image = egui::ColorImage::from_rgb(size, decoded.as_raw());
        let smooth = egui::TextureOptions::LINEAR;
        // The same texture goes on: a new one would be empty for a frame.
        let texture = match self.picture.take() {
            Some((_, mut texture)) => {
                texture.set(image, smooth);
                texture
            }
            None => ctx.load_texture("sight", image, smooth),
        };
        self.picture = Some((now, texture.clone()));
        Some(texture)
    }
}

/// A word, and how much of it there is.
fn bar(ui: &mut egui::Ui, name: &str, much: f32) {
    ui.horizontal(|ui| {
        let (place, drawn) = ui.allocate_exact_size(BAR, egui::Sense::hover());
        let painter = ui.painter();
        painter.rect_filled(place, 3.0, theme::LAMP.gamma_multiply(0.18));
        let filled = place.width() * if much.is_finite() { much.clamp(0.0, 1.0) } else { 0.0 };
        painter.rect_filled(
            egui::Rect::from_min_size(place.min, egui::vec2(filled, place.height())),
            3.0,
            theme::LAMP,
        );
        drawn.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::ProgressIndicator, true, name));
        faint(ui, name);
    });
}

fn name(expression: Expression) -> &'static str {
    match expression {
        Expression::Neutral => "sight-neutral",
        Expression::Happy => "sight-happy",
        Expression::Sad => "sight-sad",
        Expression::Angry => "sight-angry",
        Expression::Fearful => "sight-fearful",
        Expression::Disgusted => "sight-disgusted",
        Expression::Surprised => "sight-surprised",
        Expression::Contempt => "sight-contempt",
    }
}
