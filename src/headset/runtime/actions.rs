//! Controllers: what can be done with them, and the kinds of them that are known. What a hand does without one is read from
//! its joints.

use bevy::math::Isometry3d;
use bevy::prelude::*;
use bevy_mod_openxr::action_binding::{OxrSendActionBindings, OxrSuggestActionBinding};
use bevy_mod_openxr::action_set_attaching::OxrAttachActionSet;
use bevy_mod_openxr::action_set_syncing::{OxrActionSetSyncSet, OxrSyncActionSet};
use bevy_mod_openxr::openxr_session_running;
use bevy_mod_openxr::resources::OxrInstance;
use bevy_mod_openxr::session::OxrSession;
use bevy_mod_xr::session::XrSessionCreated;
use bevy_mod_xr::spaces::XrSpaceSyncSet;
use openxr::{Action, ActionSet, ActionTy, Path, Posef};

use crate::app::StageSystems;
use crate::headset::hands::{Buttons, Side};

/// How a controller of this side aims.
#[derive(Component, Clone, Copy, Debug)]
pub(super) struct Aim(pub(super) Side);

/// Where a controller of this side is held.
#[derive(Component, Clone, Copy, Debug)]
pub(super) struct Grip(pub(super) Side);

#[derive(Resource)]
struct Actions {
    set: ActionSet,
    aim: Action<Posef>,
    grip: Action<Posef>,
    select: Action<bool>,
    menu: Action<bool>,
    hands: [Path; 2],
}

/// The kinds of controllers, and where they are pressed: to choose, and for the menu. A trigger that gives a number counts as
/// pressed where the runtime thinks so (OpenXR 1.0, 11.4).
const KINDS: [(&str, &str, &[&str]); 6] = [
    ("khr/simple_controller", "select/click", &["left/input/menu/click", "right/input/menu/click"]),
    ("oculus/touch_controller", "trigger/value", &["left/input/menu/click", "right/input/b/click"]),
    ("valve/index_controller", "trigger/click", &["left/input/b/click", "right/input/b/click"]),
    ("htc/vive_controller", "trigger/click", &["left/input/menu/click", "right/input/menu/click"]),
    ("microsoft/motion_controller", "trigger/value", &["left/input/menu/click", "right/input/menu/click"]),
    ("google/daydream_controller", "select/click", &[]),
];

pub(super) fn plugin(app: &mut App) {
    // Where a hand is goes with what it presses.
    app.configure_sets(PreUpdate, XrSpaceSyncSet.after(OxrActionSetSyncSet))
        .add_systems(XrSessionCreated, (make, attach, follow).chain())
        .add_systems(OxrSendActionBindings, suggest.run_if(resource_exists::<Actions>))
        .add_systems(
            PreUpdate,
            (sync.before(OxrActionSetSyncSet), read.after(OxrActionSetSyncSet).before(StageSystems::Drain))
                .run_if(openxr_session_running)
                .run_if(resource_exists::<Actions>),
        );
}

fn make(mut commands: Commands, instance: Res<OxrInstance>, made: Option<Res<Actions>>) {
    if made.is_some() {
        return;
    }
    match actions(&instance) {
        Ok(actions) => commands.insert_resource(actions),
        Err(error) => error!("controllers cannot be used: {error}"),
    }
}

fn actions(instance: &OxrInstance) -> openxr::Result<Actions> {
    let set = instance.create_action_set("room", "In the room", 0)?;
    let hands = [instance.string_to_path("/user/hand/left")?, instance.string_to_path("/user/hand/right")?];
    Ok(Actions {
        aim: set.create_action("aim", "Point", &hands)?,
        grip: set.create_action("grip", "Hold", &hands)?,
        select: set.create_action("select", "Choose, and talk while it is held", &hands)?,
        menu: set.create_action("menu", "Pause; sit anew while it is held", &hands)?,
        set,
        hands,
    })
}

fn attach(actions: Option<Res<Actions>>, mut attach: MessageWriter<OxrAttachActionSet>) {
    if let Some(actions) = actions {
        attach.write(OxrAttachActionSet(actions.set.clone()));
    }
}

fn follow(mut commands: Commands, actions: Option<Res<Actions>>, session: Res<OxrSession>) {
    let Some(actions) = actions else { return };
    for side in Side::BOTH {
        let hand = actions.hands[side.index()];
        let space = |action: &Action<Posef>| session.create_action_space(action, hand, Isometry3d::IDENTITY);
        match (space(&actions.aim), space(&actions.grip)) {
            (Ok(aim), Ok(grip)) => {
                commands.spawn((Aim(side), aim));
                commands.spawn((Grip(side), grip));
            }
            (Err(error), _) | (_, Err(error)) => error!("a controller cannot be followed: {error}"),
        }
    }
}

fn suggest(actions: Res<Actions>, mut suggest: MessageWriter<OxrSuggestActionBinding>) {
    for (kind, select, menus) in KINDS {
        let profile = format!("/interaction_profiles/{kind}");
        let mut bind = |action: openxr::sys::Action, paths: Vec<String>| {
            suggest.write(OxrSuggestActionBinding {
                action,
                interaction_profile: profile.clone().into(),
                bindings: paths.into_iter().map(Into::into).collect(),
            });
        };
        let both =
            |input: &str| ["left", "right"].map(|hand| format!("/user/hand/{hand}/input/{input}")).to_vec();
        bind(raw(&actions.aim), both("aim/pose"));
        bind(raw(&actions.grip), both("grip/pose"));
        bind(raw(&actions.select), both(select));
        if !menus.is_empty() {
            bind(raw(&actions.menu), menus.iter().map(|menu| format!("/user/hand/{menu}")).collect());
        }
    }
}

fn raw<T: ActionTy>(action: &Action<T>) -> openxr::sys::Action {
    action.as_raw()
}

fn sync(actions: Res<Actions>, mut sync: MessageWriter<OxrSyncActionSet>) {
    sync.write(OxrSyncActionSet(actions.set.clone()));
}

/// What is pressed. While the session is not focused the runtime gives nothing, and nothing is pressed then.
fn read(actions: Res<Actions>, session: Res<OxrSession>, mut buttons: ResMut<Buttons>) {
    let pressed = |action: &Action<bool>, side: Side| {
        action
            .state(&session, actions.hands[side.index()])
            .is_ok_and(|state| state.is_active && state.current_state)
    };
    let now = Buttons {
        select: Side::BOTH.map(|side| pressed(&actions.select, side)),
        menu: Side::BOTH.map(|side| pressed(&actions.menu, side)),
    };
    buttons.set_if_neq(now);
}
