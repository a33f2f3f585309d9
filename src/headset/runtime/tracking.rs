//! Where head and hands are, and how fast the display is.

use bevy::prelude::*;
use bevy::render::renderer::RenderAdapterInfo;
use bevy_mod_openxr::resources::OxrFrameState;
use bevy_mod_openxr::session::OxrSession;
use bevy_mod_openxr::spaces::OxrSpaceLocationFlags;
use bevy_mod_xr::hands::{HandBone, LeftHand, RightHand};
use bevy_mod_xr::session::{XrSessionCreated, XrTrackingRoot};
use bevy_mod_xr::spaces::{XrSpaceLocationFlags, XrSpaceSyncSet};
use openxr::ReferenceSpaceType;

use super::actions::{Aim, Grip};
use crate::app::StageSystems;

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

/// How many frames a second the display shows; none where that is not known, and where nobody can wear what it shows: drawn
/// without a graphics card it is a trial.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub struct Display(pub Option<f32>);

/// No display is faster: a period that says so is a slip.
const FASTEST: f32 = 400.0;
/// So many frames in a row are shown alike before that is what the display does.
const HOLDS: u32 = 10;
/// No headset is slower: one that says so has been late from its first frame on.
const SLOWEST: f32 = 60.0;

/// What the runtime says of its display, over time.
#[derive(Clone, Copy, Debug, Default)]
struct Rate {
    /// The fastest that it kept up, and what it said last and how often in a row, in frames a second.
    held: f32,
    last: f32,
    times: u32,
}

impl Rate {
    /// How fast the display is, of which the runtime says how long the next frame is shown, in nanoseconds; none where it does
    /// not say. Where frames are late some show each for two or three of the display's own, and say that: what it once kept up
    /// is the display's.
    fn hear(&mut self, period: i64) -> Option<f32> {
        let rate = 1e9 / period as f32;
        if period <= 0 || rate > FASTEST {
            return (self.held > 0.0).then_some(self.held);
        }
        let alike = (rate - self.last).abs() < 0.02 * rate;
        (self.last, self.times) = (rate, if alike { self.times.saturating_add(1) } else { 1 });
        if self.times >= HOLDS {
            self.held = self.held.max(rate);
        }
        Some(rate.max(self.held).max(SLOWEST))
    }
}

/// The head.
#[derive(Component)]
struct Head;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Tracked>()
        .init_resource::<Display>()
        .add_systems(XrSessionCreated, follow_head)
        .add_systems(
            PreUpdate,
            (locate, note_display)
                .after(XrSpaceSyncSet)
                .before(StageSystems::Drain)
                .run_if(resource_exists::<OxrFrameState>),
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

/// Where something is, and what the runtime knows of that.
type Part = (&'static Transform, &'static OxrSpaceLocationFlags);
type Bone = (&'static Transform, &'static XrSpaceLocationFlags);

/// A place that is known, if only by what was seen a moment ago: a controller that lies on the lap is still held.
fn known((place, flags): (&Transform, &OxrSpaceLocationFlags)) -> Option<Transform> {
    (flags.pos_valid() && flags.rot_valid()).then_some(*place)
}

fn locate(
    heads: Query<Part, With<Head>>,
    aims: Query<(Part, &Aim)>,
    grips: Query<(Part, &Grip)>,
    bones: Query<(Bone, &HandBone, Has<LeftHand>, Has<RightHand>)>,
    // Whether this headset knows where it is, and not only how it is turned.
    mut walks: Local<bool>,
    mut tracked: ResMut<Tracked>,
) {
    let head = heads.iter().next().and_then(|(place, flags)| {
        *walks |= flags.pos_tracked();
        let is_followed = flags.rot_valid() && flags.rot_tracked() && (flags.pos_tracked() || !*walks);
        is_followed.then_some(*place)
    });
    let mut now = Tracked { head: head.unwrap_or(tracked.head), is_followed: head.is_some(), ..default() };
    for (part, aim) in &aims {
        now.aims[aim.0.index()] = known(part);
    }
    for (part, grip) in &grips {
        now.grips[grip.0.index()] = known(part);
    }
    // Thumb, forefinger and palm: a hand of which one is not seen does nothing.
    let mut joints = [[None; 3]; 2];
    for ((place, flags), bone, left, right) in &bones {
        let joint = match bone {
            HandBone::ThumbTip => 0,
            HandBone::IndexTip => 1,
            HandBone::Palm => 2,
            _ => continue,
        };
        if (left || right) && flags.position_tracked && flags.rotation_tracked {
            joints[usize::from(right)][joint] = Some(*place);
        }
    }
    now.fingers = joints.map(|[thumb, index, palm]| {
        Some(Fingers { thumb: thumb?.translation, index: index?.translation, palm: palm? })
    });
    *tracked = now;
}

fn note_display(
    (frame, adapter): (Res<OxrFrameState>, Res<RenderAdapterInfo>),
    mut rate: Local<Rate>,
    mut display: ResMut<Display>,
) {
    let said = rate.hear(frame.predicted_display_period.as_nanos());
    display.set_if_neq(Display(said.filter(|_| adapter.device_type != wgpu::DeviceType::Cpu)));
}

/// Puts the root somewhere in the room: the runtime's own origin is there then.
pub fn put_root(roots: &mut Query<&mut Transform, With<XrTrackingRoot>>, at: Transform) {
    for mut root in roots.iter_mut() {
        root.set_if_neq(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What it is taken for after so many frames of this period.
    fn after(rate: &mut Rate, frames: u32, period: i64) -> Option<f32> {
        (0..frames).map(|_| rate.hear(period)).last().flatten().map(f32::round)
    }

    #[test]
    fn a_display_whose_frames_are_shown_twice_is_as_fast_as_it_was() {
        let mut rate = Rate::default();
        assert_eq!(after(&mut rate, 1, 0), None);
        assert_eq!(after(&mut rate, HOLDS, 11_111_111), Some(90.0));
        for halved in [22_222_222, 33_333_333, 0, -1, 1_000] {
            assert_eq!(after(&mut rate, 9, halved), Some(90.0), "{halved}");
        }
        assert_eq!(after(&mut rate, HOLDS, 8_333_333), Some(120.0), "one that is set faster is");
    }

    #[test]
    fn one_that_is_late_from_early_on_is_as_fast_as_it_began_or_as_the_slowest_that_there_is() {
        let mut rate = Rate::default();
        assert_eq!(after(&mut rate, 30, 11_111_111), Some(90.0));
        assert_eq!(after(&mut rate, 400, 22_222_222), Some(90.0));
        let mut rate = Rate::default();
        assert_eq!(after(&mut rate, 400, 22_222_222), Some(60.0));
        assert_eq!(after(&mut rate, 3, 8_333_333), Some(120.0));
        assert_eq!(after(&mut rate, 1, 22_222_222), Some(60.0), "a slip");
    }
}
