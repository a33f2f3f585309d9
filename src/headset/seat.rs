//! Where the person sits in the room: on the seat that the room says, from the first moment in which they wear the headset and
//! their head is followed, and anew each time they have put it on. They are never moved but when they change places, in the
//! dark, and when they ask to sit anew.

use bevy::prelude::*;

use super::hands::{Buttons, HOLD, Held, Press};
use super::pointer::{Ray, of_hand};
use super::runtime::{Root, Said, Session, Stance, Tracked};
use super::states::RuntimeEvent;
use super::{placing, runtime};
use crate::app::{PersonsHands, PersonsHead, Say, SeatEyes, StageSystems};
use crate::dialogue::Input;
use crate::dialogue::input::Control;
use crate::host::FromStage;

/// Whether the person is to be put on their seat, at the next moment at which they are there and their head is followed. Until
/// then what they would see is no place of theirs.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SitsAnew(pub(super) bool);

pub(super) fn plugin(app: &mut App) {
    app.insert_resource(SitsAnew(true))
        .add_systems(PreUpdate, follow.in_set(StageSystems::Drain))
        .add_systems(Update, (ask_to_sit, sit).chain().in_set(StageSystems::React));
}

/// The menu, held; the runtime's own recentring; another seat.
fn ask_to_sit(
    time: Res<Time<Real>>,
    buttons: Res<Buttons>,
    seat: Res<SeatEyes>,
    mut said: MessageReader<Said>,
    mut held: Local<Held>,
    mut anew: ResMut<SitsAnew>,
    mut say: MessageWriter<Say>,
) {
    let recentred = said.read().any(|Said(event)| *event == RuntimeEvent::Recentred);
    let press = held.go_on(buttons.menu.contains(&true), time.delta_secs(), HOLD);
    if recentred || seat.is_changed() || press == Some(Press::Long) {
        anew.0 = true;
    }
    if press == Some(Press::Short) {
        say.write(Say(FromStage::Input(Input::Control(Control::Pause))));
    }
}

/// Not where the headset lay before it was put on: that is on a desk, or in the hands that lift it. Whoever comes back from
/// the runtime's menu has seen the room behind it all the time, and stays where they are.
pub(super) fn sit(
    (tracked, session): (Res<Tracked>, Res<Session>),
    seat: Res<SeatEyes>,
    stance: Res<Stance>,
    mut anew: ResMut<SitsAnew>,
    mut roots: Query<&mut Transform, With<Root>>,
) {
    if !session.0.is_seen() {
        anew.set_if_neq(SitsAnew(true));
    }
    if !anew.0 || !session.0.is_present() || !tracked.is_followed {
        return;
    }
    anew.0 = false;
    let root = placing::room_around(seat.0, tracked.head, *stance == Stance::Stands);
    runtime::put_root(&mut roots, root);
}

/// Tells the room where head and hands are.
fn follow(
    tracked: Res<Tracked>,
    roots: Query<&Transform, With<Root>>,
    mut head: ResMut<PersonsHead>,
    mut hands: ResMut<PersonsHands>,
) {
    let Some(root) = roots.iter().next() else { return };
    head.0 = Some(*root * tracked.head);
    let side = |at: usize| {
        let bare = tracked.fingers[at].map(|fingers| fingers.palm);
        let held = tracked.grips[at].map(|grip| grip * Transform::from_rotation(palm_of_grip(at)));
        bare.or(held).map(|palm| *root * palm)
    };
    hands.0 = [side(0), side(1)];
}

/// How a palm is turned in the frame of a grip, left and right. A grip's X goes through the palm, into the right one and out of
/// the left one, and its -Z from the little finger to the thumb (OpenXR 1.0, 6.3.1); a palm's -Z goes along the fingers, and
/// its Y out of the back of the hand (12.31.3).
fn palm_of_grip(side: usize) -> Quat {
    let axes = if side == 0 { [Vec3::NEG_Z, Vec3::NEG_X, Vec3::Y] } else { [Vec3::Z, Vec3::X, Vec3::Y] };
    Quat::from_mat3(&Mat3::from_cols(axes[0], axes[1], axes[2]))
}

/// The rays that the person points with, left and right, in the room: a controller's, else a bare hand's.
pub(super) fn rays(tracked: &Tracked, root: Transform) -> [Option<Ray>; 2] {
    [0, 1].map(|at| {
        let aim = tracked.aims[at].map(|aim| Ray::of(root * aim));
        aim.or_else(|| {
            let fingers = tracked.fingers[at]?;
            let tips = root.transform_point((fingers.thumb + fingers.index) / 2.0);
            Some(of_hand(tips, root * tracked.head, at == 0))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headset::states::SessionState::{Focused, Idle, Ready, Synchronized, Visible};

    /// Somebody whose headset says these, each with the head there; where their eyes are in the room after each.
    fn eyes(course: &[(RuntimeEvent, Transform)]) -> Vec<Transform> {
        let mut app = App::new();
        app.init_resource::<Tracked>()
            .init_resource::<Session>()
            .init_resource::<SeatEyes>()
            .insert_resource(Stance::Sits)
            .insert_resource(SitsAnew(true))
            .add_systems(Update, sit);
        let root = app.world_mut().spawn((Root {}, Transform::IDENTITY)).id();
        let after = |(event, head): &(RuntimeEvent, Transform)| {
            app.world_mut().resource_mut::<Session>().0.take(*event);
            app.insert_resource(Tracked { head: *head, is_followed: true, ..Tracked::default() });
            app.update();
            app.world().get::<Transform>(root).map_or(*head, |root| *root * *head)
        };
        course.iter().map(after).collect()
    }

    fn is_seated(eyes: &Transform) -> bool {
        eyes.translation.abs_diff_eq(SeatEyes::default().0.translation, 1e-4)
    }

    /// A headset on a desk, turned to the wall; and the same on a head.
    fn lying() -> Transform {
        Transform::from_xyz(-0.6, 0.75, -0.3).with_rotation(Quat::from_rotation_y(2.0))
    }

    fn worn(aside: f32) -> Transform {
        Transform::from_xyz(aside, 1.21, 0.1)
    }

    fn put_on(head: Transform) -> Vec<(RuntimeEvent, Transform)> {
        [Idle, Ready, Synchronized, Visible, Focused].map(|state| (RuntimeEvent::State(state), head)).to_vec()
    }

    #[test]
    fn a_headset_on_a_desk_takes_no_seat_and_whoever_puts_it_on_sits() {
        let mut course = put_on(lying());
        course.insert(0, (RuntimeEvent::Worn(false), lying()));
        course.push((RuntimeEvent::Worn(true), worn(0.3)));
        let eyes = eyes(&course);
        assert!(eyes[..6].iter().all(|it| !is_seated(it)), "the seat was taken by nobody: {eyes:?}");
        assert!(is_seated(&eyes[6]), "{:?}", eyes[6]);
    }

    #[test]
    fn whoever_takes_it_off_and_puts_it_on_elsewhere_sits_anew() {
        let mut course = put_on(worn(0.0));
        course.extend([Visible, Synchronized].map(|state| (RuntimeEvent::State(state), lying())));
        course.extend([Visible, Focused].map(|state| (RuntimeEvent::State(state), worn(0.5))));
        course.push((RuntimeEvent::Worn(false), lying()));
        course.push((RuntimeEvent::Worn(true), worn(-0.4)));
        let eyes = eyes(&course);
        for at in [4, 8, 10] {
            assert!(is_seated(&eyes[at]), "{at}: {:?}", eyes[at]);
        }
    }

    #[test]
    fn whoever_comes_back_from_the_menu_of_the_runtime_is_not_moved() {
        let mut course = put_on(worn(0.0));
        course.push((RuntimeEvent::State(Visible), worn(0.0)));
        course.push((RuntimeEvent::State(Focused), worn(0.2)));
        let eyes = eyes(&course);
        let moved = eyes[6].translation - eyes[5].translation;
        assert!((moved.length() - 0.2).abs() < 1e-4, "they lean, and the room stands: {moved}");
    }

    #[test]
    fn whoever_holds_controllers_upright_before_them_has_their_palms_to_each_other_and_fingers_ahead() {
        // Thumbs up: a grip's -Z is up, its -Y ahead.
        let upright = Quat::from_mat3(&Mat3::from_cols(Vec3::X, Vec3::Z, Vec3::NEG_Y));
        for (side, back) in [(0, Vec3::NEG_X), (1, Vec3::X)] {
            let palm = upright * palm_of_grip(side);
            assert!((palm * Vec3::NEG_Z).abs_diff_eq(Vec3::NEG_Z, 1e-5), "fingers of {side}");
            assert!((palm * Vec3::Y).abs_diff_eq(back, 1e-5), "back of {side}");
        }
    }
}
