//! Colours, spacing and type of the desk, in one place.

use std::collections::BTreeSet;

use bevy::prelude::*;
use bevy_egui::{EguiContexts, egui};
use egui::{Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke, TextStyle};

use crate::app::Wanted;
use crate::dialogue::agent::Agent;
use crate::words;

/// The paper that panels are made of, and the same where the room is seen through.
pub const PAPER: Color32 = Color32::from_rgb(0xF4, 0xE8, 0xD2);
/// Behind captions: dark enough to read on anything.
pub const SHADE: Color32 = Color32::from_rgba_premultiplied(0x13, 0x0D, 0x17, 0xD8);
/// Panels in the room: nothing shines through what is to be read.
pub const DUSK: Color32 = Color32::from_rgb(0x20, 0x17, 0x26);
/// What buttons in the room are made of.
pub const BUTTON: Color32 = Color32::from_rgba_premultiplied(0x1A, 0x12, 0x1E, 0xC8);
/// Lines around panels.
pub const EDGE: Color32 = Color32::from_rgba_premultiplied(0x58, 0x46, 0x55, 0xB0);
/// Text.
pub const TEXT: Color32 = Color32::from_rgb(0xF3, 0xE9, 0xDA);
/// Text beside the matter.
pub const FAINT: Color32 = Color32::from_rgb(0xBF, 0xB0, 0xAE);
/// The lamp: what can be done next.
pub const LAMP: Color32 = Color32::from_rgb(0xFF, 0xC2, 0x7A);
/// What stands behind words of the lamp's colour.
const EMBERS: Color32 = Color32::from_rgb(0x4A, 0x2E, 0x1C);
/// Ink on the lamp's colour.
pub const INK: Color32 = Color32::from_rgb(0x35, 0x24, 0x2B);

/// The width of a panel with reading in it.
pub const COLUMN: f32 = 620.0;
/// The width of a panel with a few things to choose.
pub const NARROW: f32 = 480.0;
/// The width of what is read in one line, below.
pub const LINE: f32 = 820.0;
/// The height of a row with a button or a field in it.
pub const ROW: f32 = 38.0;
/// Between things that belong together, and between those that do not.
pub const NEAR: f32 = 8.0;
/// See [`NEAR`].
pub const APART: f32 = 18.0;

/// How wide a panel is: as wide as it wants to be, and no wider than the window less a margin. A window may be smaller
/// than any margin, and no width is less than none.
pub fn width(ctx: &egui::Context, wanted: f32, margin: f32) -> f32 {
    wanted.min(ctx.content_rect().width() - margin).max(LEAST)
}

/// The same for its height.
pub fn height(ctx: &egui::Context, margin: f32) -> f32 {
    (ctx.content_rect().height() - margin).max(LEAST)
}

/// Whether there is so little room for words of this size that only one thing can be read at a time.
pub fn is_small(ctx: &egui::Context) -> bool {
    ctx.content_rect().height() < 520.0
}

/// How far above the lower edge of the window what stands there is, in logical pixels.
pub fn foot(ctx: &egui::Context) -> f32 {
    if is_small(ctx) { 10.0 } else { 22.0 }
}

/// The least that a panel is wide or high: nothing can be read in it, and nothing breaks.
const LEAST: f32 = 40.0;

/// The colour of a speaker's name. The name itself says who it is, too.
#[must_use]
pub fn of(agent: Agent) -> Color32 {
    match agent {
        Agent::Trigger => Color32::from_rgb(0x9C, 0xBD, 0xF2),
        Agent::Devil => Color32::from_rgb(0xE8, 0x9A, 0xB0),
        Agent::Patient => Color32::from_rgb(0xF4, 0xDC, 0xB8),
        Agent::Guide => Color32::from_rgb(0xF2, 0xE8, 0x9A),
    }
}

/// In a headset what stands behind words lets nothing through: light mixes there as light does, and more of it is seen than
/// on a screen.
pub(super) fn solid(ctx: &egui::Context) {
    ctx.all_styles_mut(|style| {
        style.visuals.extreme_bg_color = style.visuals.extreme_bg_color.to_opaque();
        style.visuals.widgets.inactive.weak_bg_fill = style.visuals.widgets.inactive.weak_bg_fill.to_opaque();
    });
    ctx.data_mut(|data| data.insert_temp(egui::Id::new(SOLID), true));
}

/// What a context remembers that stands in the room.
const SOLID: &str = "stands in the room";

/// Whether what this context draws stands in the room.
fn is_solid(ctx: &egui::Context) -> bool {
    ctx.data(|data| data.get_temp(egui::Id::new(SOLID)).unwrap_or(false))
}

/// A panel.
pub fn frame(style: &egui::Style) -> egui::Frame {
    egui::Frame::new()
        .fill(style.visuals.window_fill)
        .stroke(style.visuals.window_stroke)
        .corner_radius(CornerRadius::same(14))
        .inner_margin(Margin::symmetric(26, 22))
}

/// A panel with more on it than may fit: it is scrolled where the window is small or words are large.
pub fn sheet<R>(ui: &mut egui::Ui, wanted: f32, add: impl FnOnce(&mut egui::Ui) -> R) -> R {
    sheet_above(ui, wanted, 0.0, add)
}

/// The same, so far above the foot of the window at least.
pub fn sheet_above<R>(ui: &mut egui::Ui, wanted: f32, foot: f32, add: impl FnOnce(&mut egui::Ui) -> R) -> R {
    let (wide, high) = (width(ui.ctx(), wanted, 80.0), height(ui.ctx(), 84.0 + foot));
    frame(ui.style())
        .show(ui, |ui| {
            ui.set_width(wide);
            scrolled(ui, high, add)
        })
        .inner
}

/// A part of a [`page`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What stays above.
    Head,
    /// What is scrolled where it does not fit.
    Body,
    /// What stays below.
    Foot,
}

/// A panel whose head and foot stay in sight while what is between them is scrolled.
pub fn page(ui: &mut egui::Ui, wanted: f32, mut add: impl FnMut(&mut egui::Ui, Part)) {
    let (wide, high) = (width(ui.ctx(), wanted, 80.0), height(ui.ctx(), 84.0));
    // How high the foot is, is known once it was drawn.
    let foot_id = ui.id().with("foot");
    let foot: f32 = ui.data(|data| data.get_temp(foot_id)).unwrap_or(ROW);
    frame(ui.style()).show(ui, |ui| {
        ui.set_width(wide);
        let head = ui.scope(|ui| add(ui, Part::Head)).response.rect.height();
        let rest = high - head - foot - 2.0 * NEAR;
        scrolled(ui, rest.max(LEAST), |ui| add(ui, Part::Body));
        let drawn = ui.scope(|ui| add(ui, Part::Foot)).response.rect.height();
        ui.data_mut(|data| data.insert_temp(foot_id, drawn));
        if (drawn - foot).abs() > 0.5 {
            ui.ctx().request_discard("the foot of the page is of another height");
        }
    });
}

/// As high as what is on it, and no higher than this.
fn scrolled<R>(ui: &mut egui::Ui, high: f32, add: impl FnOnce(&mut egui::Ui) -> R) -> R {
    let scroll = egui::ScrollArea::vertical().max_height(high).min_scrolled_height(high);
    let shown = scroll.show(ui, |ui| {
        let made = add(ui);
        follow_focus(ui);
        turn_pages(ui, high);
        made
    });
    shown.inner
}

/// Whoever walks through with the keyboard sees where they have come to.
fn follow_focus(ui: &egui::Ui) {
    let walks = ui.input(|input| input.key_pressed(egui::Key::Tab));
    if !walks {
        return;
    }
    let focused = ui.memory(egui::Memory::focused).and_then(|id| ui.ctx().read_response(id));
    if let Some(response) = focused.filter(egui::Response::gained_focus) {
        ui.scroll_to_rect(response.rect.expand(APART), None);
    }
}

/// Where there is more to read than to press, the keys for pages bring it into sight.
fn turn_pages(ui: &egui::Ui, high: f32) {
    let pressed = |key| ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
    let by = high * 0.8;
    let down = if pressed(egui::Key::PageDown) { -by } else { 0.0 };
    let up = if pressed(egui::Key::PageUp) { by } else { 0.0 };
    if down + up != 0.0 {
        ui.scroll_with_delta(egui::vec2(0.0, down + up));
    }
}

/// What stands behind a caption.
pub fn caption(style: &egui::Style) -> egui::Frame {
    egui::Frame::new()
        .fill(style.visuals.extreme_bg_color)
        .corner_radius(CornerRadius::same(12))
        .inner_margin(Margin::symmetric(18, 10))
}

/// The one thing to do next. Where the keyboard has come to it, a ring stands around it: the lamp's own colour would not be
/// seen on it.
pub fn lamp_button(ui: &mut egui::Ui, text: String) -> egui::Response {
    const ROUND: u8 = 10;
    let text = egui::RichText::new(text);
    // Light mixes in a headset as light does: dark letters on something light are eaten away, light ones on dark stand.
    let button = if is_solid(ui.ctx()) {
        let text = text.font(FontId::new(BODY, bold())).color(LAMP);
        egui::Button::new(text).fill(EMBERS).stroke(Stroke::new(2.0, LAMP))
    } else {
        egui::Button::new(text.color(INK).strong()).fill(LAMP)
    };
    let button = button.corner_radius(CornerRadius::same(ROUND)).min_size(egui::vec2(120.0, ROW));
    let button = ui.add(button);
    if button.has_focus() {
        let ring = Stroke::new(2.0, ui.visuals().text_color());
        let (place, round) = (button.rect.expand(3.0), CornerRadius::same(ROUND + 3));
        ui.painter().rect_stroke(place, round, ring, egui::StrokeKind::Middle);
    }
    button
}

/// Anything else that can be done.
pub fn quiet_button(text: String) -> egui::Button<'static> {
    egui::Button::new(text).corner_radius(CornerRadius::same(9)).min_size(egui::vec2(64.0, 32.0))
}

/// One of a few things of which one is chosen.
pub fn choice<T: PartialEq>(ui: &mut egui::Ui, chosen: &mut T, this: T, text: String) -> egui::Response {
    let button = ui.add(quiet_button(text).selected(*chosen == this));
    if button.clicked() {
        *chosen = this;
    }
    button
}

/// Things in the order in which they are added, so that they read from left to right in a row that is filled from its right
/// end, too.
pub fn in_order<T, const N: usize>(ui: &egui::Ui, mut things: [T; N]) -> [T; N] {
    if ui.layout().prefer_right_to_left() {
        things.reverse();
    }
    things
}

/// What is said beside the matter.
pub fn faint(ui: &mut egui::Ui, text: impl Into<String>) -> egui::Response {
    let colour = ui.visuals().weak_text_color();
    ui.label(egui::RichText::new(text).size(SMALL).color(colour))
}

/// What a group of things to choose is called.
pub fn section(ui: &mut egui::Ui, text: String) {
    ui.add_space(APART);
    ui.label(egui::RichText::new(text).font(FontId::new(BODY, bold())).color(LAMP));
}

const LATIN: &[u8] = include_bytes!("../../assets/fonts/Nunito-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../assets/fonts/Nunito-SemiBold.ttf");
const CHINESE: &[u8] = include_bytes!("../../assets/fonts/PaperLanternKai-Medium.ttf");

/// Whether fonts and style are there: they are from the frame after the one in which they were set.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Dressed {
    /// Nothing is.
    #[default]
    Not,
    /// They were set in this frame.
    Set,
    /// They are there.
    There,
}

/// Fonts and style, once the panels have something to stand on.
pub(super) fn apply(
    mut contexts: EguiContexts,
    mut dressed: ResMut<Dressed>,
    wanted: Res<Wanted>,
    mut contrast: Local<bool>,
) -> Result {
    match *dressed {
        Dressed::Not => {
            let ctx = contexts.ctx_mut()?;
            dress(ctx, wanted.0.look.contrast);
            *dressed = Dressed::Set;
        }
        Dressed::Set => *dressed = Dressed::There,
        Dressed::There => {
            let wanted = wanted.0.look.contrast;
            if *contrast != wanted {
                restyle(contexts.ctx_mut()?, wanted);
                *contrast = wanted;
            }
        }
    }
    Ok(())
}

/// Every letter is drawn once, unseen, before it is needed: one that has never been is there a frame late. Again where words
/// become larger, or another language is chosen.
pub(super) fn warm(
    mut contexts: EguiContexts,
    words: Res<super::DeskWords>,
    mut warmed: Local<Option<(f32, String)>>,
) -> Result {
    let ctx = contexts.ctx_mut()?;
    let now = (ctx.pixels_per_point(), words.0.lang().to_owned());
    if warmed.as_ref() == Some(&now) {
        return Ok(());
    }
    let mut letters: String =
        (' '..='~').chain('\u{a1}'..='\u{ff}').chain("\u{2018}\u{2019}\u{2026}\u{2013}".chars()).collect();
    if words.0.lang() != "en" {
        letters.extend(words::letters());
    }
    ctx.fonts_mut(|fonts| {
        for size in [SMALL, BODY, CAPTION] {
            fonts.layout_no_wrap(letters.clone(), FontId::proportional(size), Color32::WHITE);
        }
        fonts.layout_no_wrap((' '..='~').collect(), FontId::new(SMALL, bold()), Color32::WHITE);
        fonts.layout_no_wrap((' '..='~').collect(), FontId::new(TITLE, bold()), Color32::WHITE);
    });
    *warmed = Some(now);
    Ok(())
}

pub(super) fn dress(ctx: &egui::Context, contrast: bool) {
    ctx.set_fonts(fonts());
    ctx.all_styles_mut(|it| style(it, contrast));
}

/// Another contrast is wanted.
pub(super) fn restyle(ctx: &egui::Context, contrast: bool) {
    ctx.all_styles_mut(|it| style(it, contrast));
    if is_solid(ctx) {
        solid(ctx);
    }
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    for (name, bytes) in [("latin", LATIN), ("bold", BOLD), ("chinese", CHINESE)] {
        fonts.font_data.insert(name.to_owned(), FontData::from_static(bytes).into());
    }
    let with = |first: &str| vec![first.to_owned(), "chinese".to_owned()];
    fonts.families.insert(FontFamily::Proportional, with("latin"));
    fonts.families.insert(FontFamily::Monospace, with("latin"));
    fonts.families.insert(bold(), with("bold"));
    fonts
}

/// Every letter of the program's own words that has no shape in these fonts: none, where nothing is damaged.
#[must_use]
pub fn unreadable() -> String {
    let ctx = egui::Context::default();
    dress(&ctx, false);
    // Fonts are there from the second pass on.
    for _ in 0..2 {
        ctx.begin_pass(egui::RawInput::default());
        ctx.end_pass().textures_delta.clear();
    }
    let letters: BTreeSet<char> = words::letters().filter(|letter| !letter.is_control()).collect();
    let mut missing = String::new();
    ctx.fonts_mut(|fonts| {
        let mut font = fonts.fonts.font(&FontFamily::Proportional);
        let there = font.characters();
        missing.extend(letters.into_iter().filter(|letter| !there.contains_key(letter)));
    });
    missing
}

/// The family of what is said with weight: names, titles.
#[must_use]
pub fn bold() -> FontFamily {
    FontFamily::Name("bold".into())
}

/// Sizes of type: small, body, caption, title.
pub const SMALL: f32 = 15.0;
/// See [`SMALL`].
pub const BODY: f32 = 18.0;
/// See [`SMALL`].
pub const CAPTION: f32 = 21.0;
/// See [`SMALL`].
pub const TITLE: f32 = 34.0;

fn style(style: &mut egui::Style, contrast: bool) {
    style.text_styles = [
        (TextStyle::Small, FontId::proportional(SMALL)),
        (TextStyle::Body, FontId::proportional(BODY)),
        (TextStyle::Button, FontId::proportional(BODY)),
        (TextStyle::Heading, FontId::new(TITLE, bold())),
        (TextStyle::Monospace, FontId::monospace(BODY)),
    ]
    .into();
    style.spacing.item_spacing = egui::vec2(NEAR, NEAR);
    style.spacing.button_padding = egui::vec2(14.0, 6.0);
    style.interaction.selectable_labels = false;
    // On solid black, white and bright edges; else what the room is seen through a little.
    let either = |room: Color32, strong: Color32| if contrast { strong } else { room };
    let (text, edge) = (either(TEXT, Color32::WHITE), either(EDGE, Color32::WHITE));
    let visuals = &mut style.visuals;
    *visuals = egui::Visuals::dark();
    visuals.override_text_color = Some(text);
    visuals.weak_text_color = Some(either(FAINT, Color32::WHITE));
    visuals.panel_fill = Color32::TRANSPARENT;
    visuals.window_fill = either(DUSK, Color32::BLACK);
    visuals.window_stroke = Stroke::new(1.0, edge);
    visuals.extreme_bg_color = either(SHADE, Color32::BLACK);
    visuals.text_edit_bg_color = Some(either(Color32::from_rgb(0x2C, 0x21, 0x31), Color32::BLACK));
    visuals.selection.bg_fill = Color32::from_rgb(0x6B, 0x4A, 0x3E);
    visuals.selection.stroke = Stroke::new(2.0, LAMP);
    visuals.widgets.inactive.weak_bg_fill = either(BUTTON, Color32::BLACK);
    visuals.widgets.inactive.bg_fill = either(Color32::from_rgb(0x3A, 0x2C, 0x40), Color32::BLACK);
    visuals.widgets.inactive.bg_stroke = Stroke::new(1.0, edge);
    visuals.widgets.inactive.fg_stroke = Stroke::new(1.5, text);
    visuals.widgets.hovered.bg_stroke = Stroke::new(1.5, LAMP);
    visuals.widgets.active.bg_stroke = Stroke::new(2.0, LAMP);
    // Whoever walks through with the keyboard sees where they are.
    visuals.widgets.active.fg_stroke = Stroke::new(2.0, LAMP);
    // What is scrolled fades at its edges, but for those who need it strong.
    style.spacing.scroll.fade.strength = if contrast { 0.0 } else { 0.5 };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_both_languages_has_a_shape() {
        assert_eq!(unreadable(), "");
    }
}
