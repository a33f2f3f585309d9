//! Where head and hands are, and how fast the display is.

use bevy::prelude::*;
use bevy_mod_openxr::resources::OxrFrameState;
use bevy_mod_openxr::session::OxrSession;
use bevy_mod_xr::hands::{HandBone, LeftHand, RightHand};
use bevy_mod_xr::session::{XrSessionCreated, XrTrackingRoot};
use bevy_mod_xr::spaces::{XrSpaceLocationFlags, XrSpaceSyncSet};
use openxr::ReferenceSpaceType;

use super::actions::{Aim, Grip};

/// What is followed of the person, in the space of the runtime, seen from the root that they hang from.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub struct Tracked {
    /// Their head; the last that was known.
    pub head: Transform,
    /// Whether the head is followed just now.
    pub is_followed: bool,
    /// Left and right: how a controller aims.
    pub aims: [Option<Transform>; 2],
    /// Left and right: where a controller is held.
    pub grips: [Option<Transform>; 2],
    /// Left and right, of a bare hand: where thumb and forefinger are, and the palm.
    pub fingers: [Option<Fingers>; 2],
}

/// A bare hand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fingers {
    /// The tip of the thumb.
    pub thumb: Vec3,
    /// The tip of the forefinger.
    pub index: Vec3,
    /// The palm: fingers along -Z.
    pub palm: Transform,
}

/// How many frames a second the display shows; none where that is not known.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub struct Display(pub Option<f32>);

/// The head.
#[derive(Component)]
struct Head;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Tracked>()
        .init_resource::<Display>()
        .add_systems(XrSessionCreated, follow_head)
        .add_systems(
            PreUpdate,
            (locate, note_display).after(XrSpaceSyncSet).run_if(resource_exists::<OxrFrameState>),
        );
}

fn follow_head(mut commands: Commands, session: Res<OxrSession>) {
    match session.create_reference_space(ReferenceSpaceType::VIEW, Isometry3d::IDENTITY) {
        // The space alone: as a reference space it would be one that others are seen from.
        Ok(space) => {
            commands.spawn((Head, space.0));
        }
        Err(error) => error!("the head cannot be followed: {error}"),
    }
}

type Part = (&'static Transform, &'static XrSpaceLocationFlags);

fn locate(
    heads: Query<Part, With<Head>>,
    aims: Query<(Part, &Aim)>,
    grips: Query<(Part, &Grip)>,
    bones: Query<(Part, &HandBone, Has<LeftHand>, Has<RightHand>)>,
    mut tracked: ResMut<Tracked>,
) {
    let seen = |(place, flags): (&Transform, &XrSpaceLocationFlags)| {
        (flags.position_tracked && flags.rotation_tracked).then_some(*place)
    };
    let head = heads.iter().next().and_then(seen);
    let mut now = Tracked { head: head.unwrap_or(tracked.head), is_followed: head.is_some(), ..default() };
    for (part, aim) in &aims {
        now.aims[aim.0.index()] = seen(part);
    }
    for (part, grip) in &grips {
        now.grips[grip.0.index()] = seen(part);
    }
    for (part, bone, left, right) in &bones {
        let Some(place) = seen(part) else { continue };
        if !left && !right {
            continue;
        }
        let hand = now.fingers[usize::from(right)].get_or_insert_default();
        match bone {
            HandBone::ThumbTip => hand.thumb = place.translation,
            HandBone::IndexTip => hand.index = place.translation,
            HandBone::Palm => hand.palm = place,
            _ => {}
        }
    }
    *tracked = now;
}

fn note_display(frame: Res<OxrFrameState>, mut display: ResMut<Display>) {
    let period = frame.predicted_display_period.as_nanos();
    let rate = (period > 0).then(|| 1e9 / period as f32);
    display.set_if_neq(Display(rate));
}

/// Puts the root somewhere in the room: the runtime's own origin is there then.
pub fn put_root(roots: &mut Query<&mut Transform, With<XrTrackingRoot>>, at: Transform) {
    for mut root in roots.iter_mut() {
        root.set_if_neq(at);
    }
}
