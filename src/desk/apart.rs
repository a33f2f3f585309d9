//! What is said, and the Guide's card, on panels of their own that stand in the room, and what the window beside a headset
//! shows. In front of a window everything is laid over one picture, and nothing of this runs.

use bevy::ecs::schedule::ScheduleLabel;
use bevy::prelude::*;
use bevy_egui::{EguiContext, EguiSchedule, EguiTextureHandle, EguiUserTextures, egui};

use super::captions::{self, Reading, Speakers};
use super::cards::{self, Cards};
use super::{DeskWords, settings, theme};
use crate::app::{Board, Flow, Mirror, OnBoards, Shown, Speaks, Wanted};
use crate::dialogue::Phase;
use crate::dialogue::view::Shelter;
use crate::words::card;

/// What draws each of the panels.
#[derive(ScheduleLabel, Clone, Debug, PartialEq, Eq, Hash)]
struct CaptionPass;
#[derive(ScheduleLabel, Clone, Debug, PartialEq, Eq, Hash)]
struct CardPass;
#[derive(ScheduleLabel, Clone, Debug, PartialEq, Eq, Hash)]
struct MirrorPass;

/// A context whose letters and colours are there; in its first pass they are not.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Dressed {
    passes: u8,
    contrast: bool,
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(PreUpdate, stand)
        .add_systems(CaptionPass, caption)
        .add_systems(CardPass, card_apart)
        .add_systems(MirrorPass, mirror);
}

/// Gives each panel what it is drawn with.
fn stand(
    mut commands: Commands,
    boards: Query<(Entity, &Board), Added<Board>>,
    mirrors: Query<(Entity, &Mirror), Added<Mirror>>,
    mut textures: ResMut<EguiUserTextures>,
) {
    for (camera, board) in &boards {
        let pass = match board {
            // It is the desk's own.
            Board::Desk => continue,
            Board::Caption => EguiSchedule::new(CaptionPass),
            Board::Card => EguiSchedule::new(CardPass),
        };
        commands.entity(camera).insert((EguiContext::default(), pass, Dressed::default()));
    }
    for (camera, mirror) in &mirrors {
        textures.add_image(EguiTextureHandle::Strong(mirror.0.clone()));
        commands.entity(camera).insert((
            EguiContext::default(),
            EguiSchedule::new(MirrorPass),
            Dressed::default(),
        ));
    }
}

type Contexts<'w, 's> = Query<'w, 's, (&'static Board, &'static mut EguiContext, &'static mut Dressed)>;

/// The context of a board, once it can be drawn with.
fn of<'a>(contexts: &'a mut Contexts<'_, '_>, board: Board, wanted: &Wanted) -> Option<&'a egui::Context> {
    let (_, context, mut dressed) = contexts.iter_mut().find(|(it, ..)| **it == board)?;
    ready(context.into_inner().get_mut(), &mut dressed, wanted)
}

fn ready<'a>(ctx: &'a egui::Context, dressed: &mut Dressed, wanted: &Wanted) -> Option<&'a egui::Context> {
    let contrast = wanted.0.look.contrast;
    if dressed.passes == 0 {
        theme::dress(ctx, contrast);
        theme::solid(ctx);
    } else if dressed.contrast != contrast {
        theme::restyle(ctx, contrast);
    }
    *dressed = Dressed { passes: (dressed.passes + 1).min(2), contrast };
    // Words are as large as the person wants them, and no larger than the panel is made for.
    let zoom = settings::zoom(&wanted.0.look).min(super::LARGEST_IN_HEADSET);
    if (ctx.zoom_factor() - zoom).abs() > 1e-3 {
        ctx.set_zoom_factor(zoom);
    }
    (dressed.passes == 2).then_some(ctx)
}

fn caption(
    mut contexts: Contexts<'_, '_>,
    (words, wanted, shown): (Res<DeskWords>, Res<Wanted>, Res<Shown>),
    (time, flow): (Res<Time>, Res<State<Flow>>),
    (mut reading, cards): (ResMut<Reading>, Res<Cards>),
    mut on: ResMut<OnBoards>,
) {
    let Some(ctx) = of(&mut contexts, Board::Caption, &wanted) else { return };
    let name = &wanted.0.devil;
    let devil = if name.trim().is_empty() { words.0.get("speaker-devil") } else { name.clone() };
    let speakers = Speakers { words: &words.0, devil: &devil, captions: wanted.0.look.captions };
    let line = shown
        .view()
        .filter(|_| *flow.get() != Flow::Door && !on.raised)
        .and_then(|view| reading.line(&speakers, view, time.elapsed_secs(), |line| cards.hold_apart(line)));
    let mut stands: (Option<Speaks>, Vec2) = (None, Vec2::ZERO);
    if let Some(line) = line {
        let area = egui::Area::new("caption".into()).anchor(egui::Align2::CENTER_TOP, egui::Vec2::ZERO);
        let drawn = area.interactable(false).show(ctx, |ui| {
            ui.set_opacity(line.there);
            ui.set_max_width(ctx.content_rect().width());
            captions::sheet(ui, line.name, line.text, false);
        });
        let size = drawn.response.rect.size() * ctx.zoom_factor();
        stands = (Some(line.speaks), Vec2::new(size.x, size.y));
    }
    if (on.caption, on.caption_size) != stands {
        (on.caption, on.caption_size) = stands;
    }
}

fn card_apart(
    mut contexts: Contexts<'_, '_>,
    (words, wanted): (Res<DeskWords>, Res<Wanted>),
    time: Res<Time>,
    mut cards: ResMut<Cards>,
    mut on: ResMut<OnBoards>,
) {
    let Some(ctx) = of(&mut contexts, Board::Card, &wanted) else { return };
    let card = cards.stands(time.elapsed_secs());
    let stands = card.is_some() && !on.raised;
    if let Some((of, text, there)) = card.filter(|_| stands) {
        egui::Area::new("card".into())
            .anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO)
            .interactable(false)
            .show(ctx, |ui| {
                ui.set_opacity(there);
                cards::sheet(ui, &words.0, (of, text));
            });
    }
    if on.card != stands {
        on.card = stands;
    }
}

/// What those who stand by see: what the person sees, and, where there is help to be had, what can be dialled here.
fn mirror(
    mut contexts: Query<(&Mirror, &mut EguiContext, &mut Dressed)>,
    textures: Res<EguiUserTextures>,
    (words, wanted, shown): (Res<DeskWords>, Res<Wanted>, Res<Shown>),
) {
    for (mirror, context, mut dressed) in &mut contexts {
        let Some(ctx) = ready(context.into_inner().get_mut(), &mut dressed, &wanted) else { continue };
        if let Some(picture) = textures.image_id(&mirror.0) {
            lay(ctx, picture, mirror.1);
        }
        let Some(view) = shown.view() else { continue };
        if let Shelter::Card { card } = &view.shelter {
            help(ctx, &words, card);
        } else if view.paused && view.phase != Phase::Ended {
            let area =
                egui::Area::new("away".into()).anchor(egui::Align2::CENTER_BOTTOM, egui::vec2(0.0, -22.0));
            area.show(ctx, |ui| {
                theme::caption(ui.style()).show(ui, |ui| ui.label(words.0.get("mirror-away")));
            });
        }
    }
}

/// Lays an eye's picture over the window: all of its width, or all of its height, and nothing of it stretched.
fn lay(ctx: &egui::Context, picture: egui::TextureId, eye: Vec2) {
    let window = ctx.content_rect();
    let (shape, seen) = (window.width() / window.height().max(1.0), eye.x / eye.y.max(1.0));
    let share = if shape > seen { egui::vec2(1.0, seen / shape) } else { egui::vec2(shape / seen, 1.0) };
    let part = egui::Rect::from_center_size(egui::pos2(0.5, 0.5), share);
    ctx.layer_painter(egui::LayerId::background()).image(picture, window, part, egui::Color32::WHITE);
}

/// The help card on the screen: a number that is seen in a headset cannot be dialled.
fn help(ctx: &egui::Context, words: &DeskWords, card: &crate::dialogue::safety::Card) {
    let area = egui::Area::new("help".into()).anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO);
    area.show(ctx, |ui| {
        theme::sheet(ui, theme::COLUMN, |ui| {
            ui.heading(words.0.get("card-title"));
            theme::faint(ui, words.0.get("mirror-help"));
            ui.add_space(theme::NEAR);
            for choice in &card.choices {
                for line in card::choice(&words.0, choice) {
                    ui.label(egui::RichText::new(line).size(theme::CAPTION));
                }
                ui.add_space(theme::NEAR);
            }
        });
    });
}
