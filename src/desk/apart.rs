//! What is said, and the Guide's card, on panels of their own that stand in the room, and what the window beside a headset
//! shows. In front of a window everything is laid over one picture, and nothing of this runs.

use bevy::ecs::schedule::ScheduleLabel;
use bevy::prelude::*;
use bevy_egui::{EguiContext, EguiSchedule, EguiTextureHandle, EguiUserTextures, egui};

use super::captions::{self, Reading, Speakers};
use super::cards::{self, Cards};
use super::{DeskWords, settings, theme};
use crate::app::{AtDoor, Board, Flow, Mirror, OnBoards, Say, Shown, Speaks, Wanted, Worn};
use crate::dialogue::input::Control;
use crate::dialogue::safety::Card;
use crate::dialogue::view::Shelter;
use crate::dialogue::{Input, Phase, View};
use crate::host::{FromStage, Headset};
use crate::words::{Words, card};

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

/// What those who stand by see: what the person sees, and, where there is help to be had, what can be dialled here. While nobody
/// wears the headset it is a way back as well, and to help.
fn mirror(
    mut contexts: Query<(&Mirror, &mut EguiContext, &mut Dressed)>,
    textures: Res<EguiUserTextures>,
    (words, wanted, shown): (Res<DeskWords>, Res<Wanted>, Res<Shown>),
    (worn, door): (Res<Worn>, Res<AtDoor>),
    mut say: MessageWriter<Say>,
) {
    for (mirror, context, mut dressed) in &mut contexts {
        let Some(ctx) = ready(context.into_inner().get_mut(), &mut dressed, &wanted) else { continue };
        if let Some(picture) = textures.image_id(&mirror.0) {
            lay(ctx, picture, mirror.1);
        }
        // Where a visitor is the operator's, so is the place.
        let beside = Beside { worn: worn.0, own: door.0.exhibition.is_none() };
        for wish in beside.draw(ctx, &words.0, shown.view()) {
            say.write(Say(wish));
        }
    }
}

/// What is known of the headset that the window stands beside.
#[derive(Clone, Copy, Debug)]
struct Beside {
    /// Whether somebody wears it.
    worn: bool,
    /// Whether the person decides where the room is shown.
    own: bool,
}

impl Beside {
    /// Draws what is laid over the picture. What is wished for there.
    fn draw(self, ctx: &egui::Context, words: &Words, view: Option<&View>) -> Vec<FromStage> {
        let mut wishes = Vec::new();
        if let Some(Shelter::Card { card }) = view.map(|view| &view.shelter) {
            help(ctx, words, card, |ui| self.way_back(ui, words, &mut wishes));
            return wishes;
        }
        let going = view.filter(|view| view.phase != Phase::Ended);
        let waits = going.is_some_and(|view| view.paused);
        let (back, sos) = (self.own && !self.worn, going.is_some() && !self.worn);
        if !(waits || back || sos) {
            return wishes;
        }
        let area = egui::Area::new("away".into()).anchor(egui::Align2::CENTER_BOTTOM, egui::vec2(0.0, -22.0));
        let mut calls =
            sos && ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::F12));
        area.show(ctx, |ui| {
            theme::caption(ui.style()).show(ui, |ui| {
                ui.set_max_width(theme::width(ctx, f32::INFINITY, 72.0));
                ui.horizontal_wrapped(|ui| {
                    if waits {
                        ui.label(words.get("mirror-away"));
                    }
                    self.way_back(ui, words, &mut wishes);
                    calls |= sos && theme::lamp_button(ui, words.get("desk-sos")).clicked();
                });
            });
        });
        wishes.extend(calls.then_some(FromStage::Input(Input::Control(Control::Sos))));
        wishes
    }

    /// The way back to the screen, for whoever has taken the headset off for good.
    fn way_back(self, ui: &mut egui::Ui, words: &Words, wishes: &mut Vec<FromStage>) {
        let back = || theme::quiet_button(words.get("desk-headset-off"));
        if self.own && !self.worn && ui.add(back()).clicked() {
            wishes.push(FromStage::Headset(Headset::Leave));
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
fn help(ctx: &egui::Context, words: &Words, card: &Card, below: impl FnOnce(&mut egui::Ui)) {
    let area = egui::Area::new("help".into()).anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO);
    area.show(ctx, |ui| {
        theme::sheet(ui, theme::COLUMN, |ui| {
            ui.heading(words.get("card-title"));
            theme::faint(ui, words.get("mirror-help"));
            ui.add_space(theme::NEAR);
            for choice in &card.choices {
                for line in card::choice(words, choice) {
                    ui.label(egui::RichText::new(line).size(theme::CAPTION));
                }
                ui.add_space(theme::NEAR);
            }
            below(ui);
        });
    });
}

#[cfg(test)]
mod tests {
    use bevy_egui::egui::{Context, Event, Key, Modifiers, PointerButton, Pos2, RawInput, Rect, pos2, vec2};

    use super::*;
    use crate::dialogue::Session;
    use crate::dialogue::safety::{CardKind, Choice};

    /// Somebody before the window beside a headset.
    struct Before {
        ctx: Context,
        words: Words,
        beside: Beside,
        view: Option<View>,
        /// What can be pressed, and where.
        there: Vec<(String, Rect)>,
    }

    impl Before {
        fn a_mirror(beside: Beside, view: Option<View>) -> Self {
            let ctx = Context::default();
            theme::dress(&ctx, false);
            theme::solid(&ctx);
            ctx.enable_accesskit();
            let words = Words::load("en").expect("the words are there");
            let mut before = Self { ctx, words, beside, view, there: Vec::new() };
            for _ in 0..4 {
                assert!(before.pass(Vec::new()).is_empty());
            }
            before
        }

        fn pass(&mut self, events: Vec<Event>) -> Vec<FromStage> {
            let screen = Rect::from_min_size(Pos2::ZERO, vec2(960.0, 540.0));
            self.ctx.begin_pass(RawInput { screen_rect: Some(screen), events, ..RawInput::default() });
            let wishes = self.beside.draw(&self.ctx, &self.words, self.view.as_ref());
            let mut output = self.ctx.end_pass();
            output.textures_delta.clear();
            let update = output.platform_output.accesskit_update.expect("somebody reads the screen");
            let buttons =
                update.nodes.iter().filter(|(_, node)| node.role() == egui::accesskit::Role::Button);
            let place = |it: egui::accesskit::Rect| {
                Rect::from_min_max(pos2(it.x0 as f32, it.y0 as f32), pos2(it.x1 as f32, it.y1 as f32))
            };
            let named =
                buttons.filter_map(|(_, node)| Some((node.label()?.to_owned(), place(node.bounds()?))));
            self.there = named.collect();
            self.there.sort_by(|one, other| one.1.min.x.total_cmp(&other.1.min.x));
            wishes
        }

        fn names(&self) -> Vec<&str> {
            self.there.iter().map(|(name, _)| name.as_str()).collect()
        }

        fn clicks(&mut self, name: &str) -> Vec<FromStage> {
            let at = self.there.iter().find(|(there, _)| there == name).expect("it stands there").1.center();
            let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
            let press = |pressed| Event::PointerButton { pos: at, button, pressed, modifiers };
            [Event::PointerMoved(at), press(true), press(false)]
                .into_iter()
                .flat_map(|event| self.pass(vec![event]))
                .collect()
        }

        fn presses(&mut self, keys: &[Key]) -> Vec<FromStage> {
            let event = |key: Key, pressed| Event::Key {
                key,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers: Modifiers::NONE,
            };
            keys.iter()
                .flat_map(|key| [event(*key, true), event(*key, false)])
                .flat_map(|event| self.pass(vec![event]))
                .collect()
        }
    }

    const BACK: &str = "Back to the screen";
    const TAKEN_OFF: Beside = Beside { worn: false, own: true };

    fn held(phase: Phase) -> Option<View> {
        Some(View { phase, paused: true, ..Session::default().view() })
    }

    fn is_back(wishes: &[FromStage]) -> bool {
        matches!(wishes, [FromStage::Headset(Headset::Leave)])
    }

    fn is_sos(wishes: &[FromStage]) -> bool {
        matches!(wishes, [FromStage::Input(Input::Control(Control::Sos))])
    }

    #[test]
    fn whoever_has_taken_it_off_comes_back_to_the_screen_and_to_help_by_mouse_and_by_key() {
        let mut before = Before::a_mirror(TAKEN_OFF, held(Phase::Open));
        assert_eq!(before.names(), [BACK, "SOS"]);
        let (back, sos) = (before.clicks(BACK), before.clicks("SOS"));
        assert!(is_back(&back) && is_sos(&sos), "{back:?} {sos:?}");
        let mut before = Before::a_mirror(TAKEN_OFF, held(Phase::Open));
        let (back, sos) = (before.presses(&[Key::Tab, Key::Enter]), before.presses(&[Key::Tab, Key::Enter]));
        assert!(is_back(&back) && is_sos(&sos), "{back:?} {sos:?}");
        let sos = before.presses(&[Key::F12]);
        assert!(is_sos(&sos), "{sos:?}");
    }

    #[test]
    fn nobody_who_stands_by_presses_anything_while_it_is_worn() {
        let mut before = Before::a_mirror(Beside { worn: true, own: true }, held(Phase::Open));
        assert!(before.names().is_empty(), "{:?}", before.there);
        assert!(before.presses(&[Key::Tab, Key::Enter, Key::F12]).is_empty());
    }

    #[test]
    fn the_way_back_stands_at_the_door_at_the_end_and_under_help_too() {
        assert_eq!(Before::a_mirror(TAKEN_OFF, None).names(), [BACK]);
        assert_eq!(Before::a_mirror(TAKEN_OFF, held(Phase::Ended)).names(), [BACK]);
        let card = Card { about: CardKind::Crisis, choices: vec![Choice::Breath] };
        let helped = View { shelter: Shelter::Card { card }, ..Session::default().view() };
        let mut before = Before::a_mirror(TAKEN_OFF, Some(helped));
        assert_eq!(before.names(), [BACK]);
        assert!(is_back(&before.clicks(BACK)));
    }

    #[test]
    fn a_visitor_of_an_exhibition_has_help_there_and_no_way_elsewhere() {
        let before = Before::a_mirror(Beside { worn: false, own: false }, held(Phase::Open));
        assert_eq!(before.names(), ["SOS"]);
    }
}
