//! The desk: flat panels over the room, for somebody in front of a screen. Just enough to hold an evening.

mod captions;
mod cover;
mod door;
#[cfg(test)]
mod fits;
mod line;
mod notice;
mod settings;
mod shelter;
pub mod theme;

use bevy::prelude::*;
use bevy_egui::{
    EguiContexts, EguiGlobalSettings, EguiPlugin, EguiPrimaryContextPass, PrimaryEguiContext, egui,
};

pub use line::Draft;

use self::theme::Dressed;
use crate::app::{AtDoor, Flow, PanelCamera, Say, Shown, StageSystems};
use crate::dialogue::input::Control;
use crate::dialogue::view::Shelter;
use crate::dialogue::{Input, Phase, View};
use crate::host::FromStage;
use crate::words::Words;

/// Whether somebody sits at it: without a person there are captions, and nothing to type into.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    /// Somebody does.
    Attended,
    /// Pictures are taken of it.
    Unattended,
}

/// The words that stand on it.
#[derive(Resource)]
struct DeskWords(Words);

/// What was said at the desk in this frame, until it goes to the host.
#[derive(Default)]
struct Wishes(Vec<FromStage>);

impl Wishes {
    fn control(&mut self, control: Control) {
        self.0.push(FromStage::Input(Input::Control(control)));
    }
}

/// Puts a desk in front of the room, with the words of this language.
pub fn plugin(app: &mut App, words: Words, desk: Desk) {
    app.add_plugins(EguiPlugin::default())
        .insert_resource(EguiGlobalSettings { auto_create_primary_context: false, ..default() })
        .insert_resource(DeskWords(words))
        .insert_resource(desk)
        .init_resource::<Draft>()
        .init_resource::<Dressed>()
        .init_resource::<door::Deciding>()
        .init_resource::<captions::Reading>()
        .init_resource::<notice::Standing>()
        .init_resource::<settings::Open>()
        .add_systems(Startup, stand)
        .add_systems(Update, notice::listen.in_set(StageSystems::React))
        .add_systems(
            EguiPrimaryContextPass,
            (
                theme::apply,
                (settings::enlarge, settings::show, show, notice::draw, cover::draw)
                    .chain()
                    .run_if(resource_equals(Dressed::There)),
            )
                .chain(),
        );
}

/// Panels are laid over the camera that is there for them.
fn stand(mut commands: Commands, cameras: Query<Entity, With<PanelCamera>>) {
    for camera in &cameras {
        commands.entity(camera).insert(PrimaryEguiContext);
    }
}

/// What a panel is made from.
struct Panel<'a> {
    words: &'a Words,
    devil: &'a str,
    wishes: &'a mut Wishes,
    /// Whether the settings stand.
    settings: &'a mut bool,
}

impl Panel<'_> {
    fn word(&self, name: &str) -> String {
        self.words.get(name)
    }
}

#[expect(clippy::too_many_arguments, reason = "each is one resource that the desk reads or writes")]
fn show(
    mut contexts: EguiContexts,
    words: Res<DeskWords>,
    desk: Res<Desk>,
    (flow, shown, door): (Res<State<Flow>>, Res<Shown>, Res<AtDoor>),
    mut draft: ResMut<Draft>,
    mut deciding: ResMut<door::Deciding>,
    mut reading: ResMut<captions::Reading>,
    mut settings: ResMut<settings::Open>,
    time: Res<Time>,
    (mut say, mut exit): (MessageWriter<Say>, MessageWriter<AppExit>),
) -> Result {
    let ctx = contexts.ctx_mut()?;
    let mut wishes = Wishes::default();
    let devil = if door.0.devil.is_empty() { words.0.get("speaker-devil") } else { door.0.devil.clone() };
    let mut panel = Panel { words: &words.0, devil: &devil, wishes: &mut wishes, settings: &mut settings.0 };
    let mut leaves = false;
    match (flow.get(), shown.view()) {
        (Flow::Waiting, _) => {}
        (Flow::Door, _) if *desk == Desk::Unattended => {}
        // One thing to read at a time.
        (Flow::Door, _) if *panel.settings => {}
        (Flow::Door, _) => deciding.show(ctx, &mut panel, &door.0),
        (_, Some(view)) => {
            reading.show(ctx, &panel, view, (time.elapsed_secs(), draft.reaches()));
            if *desk == Desk::Attended {
                leaves = attend(ctx, &mut panel, view, &mut draft);
            } else if let Shelter::Card { card } = &view.shelter {
                shelter::card(ctx, &mut panel, card);
            }
        }
        (_, None) => {}
    }
    for wish in wishes.0 {
        say.write(Say(wish));
    }
    if leaves {
        exit.write(AppExit::Success);
    }
    Ok(())
}

/// The panels of somebody who is there. True when they leave.
fn attend(ctx: &egui::Context, panel: &mut Panel<'_>, view: &View, draft: &mut Draft) -> bool {
    let over = view.phase == Phase::Ended;
    if !over {
        keys(ctx, panel, view);
        line::buttons(ctx, panel, view);
    }
    match &view.shelter {
        Shelter::Card { card } => {
            if shelter::card(ctx, panel, card) && over {
                return true;
            }
        }
        Shelter::Asked { .. } => shelter::question(ctx, panel),
        Shelter::Open | Shelter::WithoutDevil => {}
    }
    if view.paused {
        line::held(ctx, panel);
    } else if over {
        return line::goodbye(ctx, panel, matches!(view.shelter, Shelter::Card { .. }));
    } else if !matches!(view.shelter, Shelter::Card { .. }) {
        draft.show(ctx, panel, view);
    }
    false
}

/// What can be done with one key at any time.
fn keys(ctx: &egui::Context, panel: &mut Panel<'_>, view: &View) {
    use egui::Key;
    let wish = ctx.input_mut(|input| {
        let mut pressed = |key| input.consume_key(egui::Modifiers::NONE, key);
        if pressed(Key::F3) {
            *panel.settings = !*panel.settings;
        }
        if pressed(Key::F1) {
            Some(Control::Hint)
        } else if pressed(Key::F2) {
            Some(Control::Skip)
        } else if pressed(Key::Escape) {
            Some(if view.paused { Control::Resume } else { Control::Pause })
        } else {
            None
        }
    });
    if let Some(wish) = wish {
        panel.wishes.control(wish);
    }
}
