//! The runtime: the only place that names OpenXR and its crates. It makes an app for a headset, says what the runtime says,
//! follows head, hands and controllers, and hands the eyes' pictures over.

mod actions;
mod eyes;
mod tracking;
mod work;

use bevy::app::PluginGroupBuilder;
use bevy::prelude::*;
use bevy_mod_openxr::add_xr_plugins;
use bevy_mod_openxr::init::OxrInitPlugin;
use bevy_mod_openxr::poll_events::{OxrEventHandlerExt as _, OxrEventIn};
use bevy_mod_openxr::reference_space::OxrReferenceSpacePlugin;
use bevy_mod_openxr::resources::OxrFrameState;
use bevy_mod_openxr::session::OxrSession;
use bevy_mod_openxr::types::{AppInfo, OxrExtensions, Version};
use bevy_mod_xr::session::{
    XrBeginSessionMessage, XrCreateSessionMessage, XrDestroySessionMessage, XrEndSessionMessage, XrFirst,
    XrHandleEvents, XrRequestExitMessage, XrSessionCreated, XrSessionPlugin, XrState, XrTrackingRoot,
};
use bevy_mod_xr::spaces::{XrPrimaryReferenceSpace, XrSpaceSyncSet};
use openxr::Event;

pub use eyes::{EyeScale, Eyes, EyesWide, FramesShown};
pub use tracking::{Display, Fingers, Tracked, put_root};
pub use work::Work;

use super::states::{Duty, Graph, RuntimeEvent, SessionState};
use crate::app::StageSystems;

/// What the runtime said, in order.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said(pub RuntimeEvent);

/// The session, as far as the runtime has told.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub struct Session(pub Graph);

/// The person goes: the session is to end as the standard wants it.
#[derive(Message, Clone, Copy, Debug, Default)]
pub struct GoHome;

/// Whether a person sits, and the height of their eyes is that of the seat; or stands, on the floor that the runtime knows.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stance {
    /// They sit.
    #[default]
    Sits,
    /// They stand.
    Stands,
}

/// Adds the plugins of an app for a headset to those of the stage. False, and an app that can show nothing, where no runtime
/// answers, or no headset is on.
pub fn open(app: &mut App, group: PluginGroupBuilder, stance: Stance) -> bool {
    let mut extensions = OxrExtensions::default();
    extensions.enable_hand_tracking();
    extensions.raw_mut().ext_user_presence = true;
    let init = OxrInitPlugin {
        app_info: AppInfo { name: "Inner Room".into(), version: Version(0, 1, 0) },
        exts: extensions,
        synchronous_pipeline_compilation: true,
        ..default()
    };
    let group = add_xr_plugins(group)
        .set(init)
        .set(XrSessionPlugin { auto_handle: false })
        .set(OxrReferenceSpacePlugin { default_primary_ref_space: space(stance) });
    app.add_plugins(group);
    if app.world().get_resource::<XrState>() != Some(&XrState::Available) {
        return false;
    }
    app.insert_resource(stance)
        .init_resource::<Session>()
        .add_message::<Said>()
        .add_message::<GoHome>()
        .init_resource::<Recentring>()
        .add_oxr_event_handler(hear)
        .add_systems(Startup, create)
        .add_systems(XrSessionCreated, note_failure)
        .add_systems(
            PreUpdate,
            sit_instead
                .before(StageSystems::Drain)
                .run_if(resource_exists::<OxrSession>)
                .run_if(not(resource_exists::<XrPrimaryReferenceSpace>)),
        )
        .add_systems(PreUpdate, recentre.after(XrSpaceSyncSet).run_if(resource_exists::<OxrFrameState>))
        .add_systems(XrFirst, (go_home, do_duties).chain().in_set(XrHandleEvents::ExitEvents));
    tracking::plugin(app);
    actions::plugin(app);
    eyes::plugin(app);
    work::plugin(app);
    true
}

fn create(mut create: MessageWriter<XrCreateSessionMessage>) {
    create.write_default();
}

/// The runtime's crate goes on without a session that it could not make. The evening must not wait for it.
fn note_failure(made: Option<Res<OxrSession>>, mut said: MessageWriter<Said>) {
    if made.is_none() {
        said.write(Said(RuntimeEvent::InstanceLoss));
    }
}

/// A runtime that knows no floor refuses the space of those who stand, and without any nothing would ever be seen. They are
/// placed by the height of their eyes then, as those who sit. Where it refuses that as well, the evening must not wait.
fn sit_instead(
    mut commands: Commands,
    session: Res<OxrSession>,
    mut tried: Local<bool>,
    mut stance: ResMut<Stance>,
    mut said: MessageWriter<Said>,
) {
    if std::mem::replace(&mut *tried, true) {
        return;
    }
    match session.create_reference_space(space(Stance::Sits), Isometry3d::IDENTITY) {
        Ok(space) => {
            if *stance == Stance::Stands {
                warn!("the runtime knows no floor; whoever stands is placed as if they sat");
            }
            *stance = Stance::Sits;
            commands.insert_resource(XrPrimaryReferenceSpace(space));
        }
        Err(error) => {
            error!("the runtime gives no space to be in: {error}");
            said.write(Said(RuntimeEvent::InstanceLoss));
        }
    }
}

/// When the person's place is set anew in the runtime's own menu: not before that moment is head or hand seen from it.
#[derive(Resource, Clone, Copy, Debug, Default)]
struct Recentring(Option<openxr::Time>);

fn recentre(frame: Res<OxrFrameState>, mut recentring: ResMut<Recentring>, mut said: MessageWriter<Said>) {
    let has_come = |at: openxr::Time| frame.predicted_display_time.as_nanos() >= at.as_nanos();
    if recentring.0.is_some_and(has_come) {
        recentring.0 = None;
        said.write(Said(RuntimeEvent::Recentred));
    }
}

fn space(stance: Stance) -> openxr::ReferenceSpaceType {
    match stance {
        Stance::Sits => openxr::ReferenceSpaceType::LOCAL,
        Stance::Stands => openxr::ReferenceSpaceType::STAGE,
    }
}

/// What the runtime says, in our words. `bevy_mod_xr` calls three of its states one, and leaves the loss of the instance out.
fn hear(
    event: OxrEventIn<'_>,
    stance: Res<Stance>,
    mut recentring: ResMut<Recentring>,
    mut said: MessageWriter<Said>,
) {
    let event = match *event {
        Event::SessionStateChanged(changed) => {
            use openxr::SessionState as State;
            let state = match changed.state() {
                State::IDLE => SessionState::Idle,
                State::READY => SessionState::Ready,
                State::SYNCHRONIZED => SessionState::Synchronized,
                State::VISIBLE => SessionState::Visible,
                State::FOCUSED => SessionState::Focused,
                State::STOPPING => SessionState::Stopping,
                State::LOSS_PENDING => SessionState::LossPending,
                State::EXITING => SessionState::Exiting,
                _ => SessionState::Unknown,
            };
            RuntimeEvent::State(state)
        }
        Event::InstanceLossPending(_) => RuntimeEvent::InstanceLoss,
        // Of the spaces that there are the person is in one; a boundary that is drawn anew does not move who sits.
        Event::ReferenceSpaceChangePending(change) => {
            if change.reference_space_type() == space(*stance) {
                recentring.0 = Some(change.change_time());
            }
            return;
        }
        Event::UserPresenceChangedEXT(presence) => RuntimeEvent::Worn(presence.is_user_present()),
        _ => return,
    };
    said.write(Said(event));
}

/// Calls what the session is due, and nothing that it is not.
fn do_duties(
    mut said: MessageReader<Said>,
    mut session: ResMut<Session>,
    mut begin: MessageWriter<XrBeginSessionMessage>,
    mut end: MessageWriter<XrEndSessionMessage>,
    mut destroy: MessageWriter<XrDestroySessionMessage>,
) {
    for Said(event) in said.read() {
        debug!("the runtime: {event:?}");
        match session.0.take(*event) {
            Some(Duty::Begin) => {
                begin.write_default();
            }
            Some(Duty::End) => {
                end.write_default();
            }
            None => {}
        }
        if session.0.gone().is_some() {
            destroy.write_default();
        }
    }
}

/// Asks the runtime to let the person go, if it has them.
fn go_home(
    mut wished: MessageReader<GoHome>,
    session: Res<Session>,
    mut exit: MessageWriter<XrRequestExitMessage>,
) {
    if wished.read().last().is_some() && session.0.runs() {
        exit.write_default();
    }
}

/// What follows the head hangs from this: where it is put in the room is where the person sits.
pub type Root = XrTrackingRoot;
