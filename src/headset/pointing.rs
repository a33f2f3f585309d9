//! What the person points with reaches the panels as a pointer of the desk's own: a controller, a bare hand, or, where neither
//! is seen, a look that stays. What is held while it points at nothing is held to talk.

use bevy::light::{NotShadowCaster, NotShadowReceiver};
use bevy::prelude::*;
use bevy_egui::input::{EguiInputEvent, FocusedNonWindowEguiContext};
use bevy_egui::{EguiContext, EguiInputSet, egui};

use super::boards::Panel;
use super::hands::{Buttons, Side, Trigger};
use super::pointer::{Dwell, Hit, Ray, meet, pinches};
use super::runtime::{Root, Session, Tracked};
use super::seat::rays;
use crate::app::{Board, Say, StageSystems};
use crate::host::FromStage;

/// What the person points at just now.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
struct Points {
    /// The hand that points: the one that pressed last. None: they look.
    hand: Option<Side>,
    /// The ray, and where it meets the desk.
    ray: Option<Ray>,
    hit: Option<Hit>,
    /// How far a look has come to be a press.
    so_far: Option<f32>,
}

/// What each hand's trigger means, what it pinches, and where the pointer was.
#[derive(Default)]
struct Pressing {
    triggers: [Trigger; 2],
    pinched: [bool; 2],
    dwell: Dwell,
    /// The hand that pressed last.
    leads: Option<Side>,
    was_at: Option<egui::Pos2>,
    /// A look has pressed, and lets go with the next frame.
    looked: bool,
}

/// The dot where the ray meets a panel, and the ray itself.
#[derive(Component)]
enum Mark {
    Dot,
    Beam,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Points>()
        .add_systems(Startup, (spawn, focus))
        .add_systems(
            PreUpdate,
            point
                .after(EguiInputSet::InitReading)
                .before(EguiInputSet::WriteEguiEvents)
                .after(StageSystems::Drain),
        )
        .add_systems(Update, show.in_set(StageSystems::Paint));
}

/// The keyboard types onto the desk, whatever the window beside it shows.
fn focus(mut commands: Commands, boards: Query<(Entity, &Board)>) {
    if let Some((desk, _)) = boards.iter().find(|(_, board)| **board == Board::Desk) {
        commands.insert_resource(FocusedNonWindowEguiContext(desk));
    }
}

type Contexts<'w, 's> = Query<'w, 's, &'static mut EguiContext>;

fn point(
    time: Res<Time<Real>>,
    (tracked, buttons, session): (Res<Tracked>, Res<Buttons>, Res<Session>),
    roots: Query<&Transform, With<Root>>,
    panels: Query<(&Panel, &Transform), Without<Root>>,
    (mut contexts, mut input): (Contexts<'_, '_>, MessageWriter<EguiInputEvent>),
    (mut points, mut pressing): (ResMut<Points>, Local<Pressing>),
    mut say: MessageWriter<Say>,
) {
    let Some(root) = roots.iter().next() else { return };
    let Some((panel, at)) = panels.iter().find(|(panel, _)| panel.board == Board::Desk) else { return };
    let Ok(mut context) = contexts.get_mut(panel.camera) else { return };
    let rect = context.get_mut().content_rect();
    let rays = rays(&tracked, *root);
    let place = Transform { scale: Vec3::ONE, ..*at };
    let hit = |ray: Option<Ray>| ray.and_then(|ray| meet(ray, place, panel.size));
    let downs = pressing.downs(&tracked, &buttons, session.0.is_present());
    let talked = pressing.triggers.contains(&Trigger::Talks);
    let before = pressing.triggers;
    for side in Side::BOTH {
        let on_panel = hit(rays[side.index()]).is_some();
        pressing.triggers[side.index()] = before[side.index()].next(downs[side.index()], on_panel);
        if pressing.triggers[side.index()] != Trigger::Up && before[side.index()] == Trigger::Up {
            pressing.leads = Some(side);
        }
    }
    let talks = pressing.triggers.contains(&Trigger::Talks);
    if talks != talked {
        say.write(Say(FromStage::Hold(talks)));
    }
    let hand = pressing.hand(&rays);
    let ray = hand.map_or_else(|| Some(Ray::of(*root * tracked.head)), |side| rays[side.index()]);
    let hit = hit(ray);
    let pos = hit.map(|hit| rect.min + egui::vec2(hit.at.x * rect.width(), hit.at.y * rect.height()));
    let mut tell = |event| {
        input.write(EguiInputEvent { context: panel.camera, event });
    };
    if pos != pressing.was_at {
        tell(pos.map_or(egui::Event::PointerGone, egui::Event::PointerMoved));
        pressing.was_at = pos;
    }
    let press = |pos, pressed| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: egui::Modifiers::NONE,
    };
    let Some(pos) = pos else {
        pressing.dwell = Dwell::default();
        *points = Points { hand, ray, hit, so_far: None };
        return;
    };
    if let Some(side) = hand {
        let (was, is) = (before[side.index()], pressing.triggers[side.index()]);
        if (was == Trigger::Chooses) != (is == Trigger::Chooses) {
            tell(press(pos, is == Trigger::Chooses));
        }
        pressing.dwell = Dwell::default();
    } else if std::mem::take(&mut pressing.looked) {
        tell(press(pos, false));
    } else if pressing.dwell.look(hit.map(|hit| hit.at), time.delta_secs()) {
        pressing.looked = true;
        tell(press(pos, true));
    }
    let so_far = if hand.is_none() { pressing.dwell.so_far() } else { None };
    points.set_if_neq(Points { hand, ray, hit, so_far });
}

impl Pressing {
    /// Which hands press. Nobody presses who is not there.
    fn downs(&mut self, tracked: &Tracked, buttons: &Buttons, present: bool) -> [bool; 2] {
        for at in 0..2 {
            let apart = tracked.fingers[at].map(|fingers| fingers.thumb.distance(fingers.index));
            self.pinched[at] = apart.is_some_and(|apart| pinches(self.pinched[at], apart));
        }
        [0, 1].map(|at| present && (buttons.select[at] || (self.pinched[at] && tracked.aims[at].is_none())))
    }

    /// The hand that points: the one that pressed last, as long as it is seen; else the right one, else the left.
    fn hand(&self, rays: &[Option<Ray>; 2]) -> Option<Side> {
        let order = [self.leads, Some(Side::Right), Some(Side::Left)];
        order.into_iter().flatten().find(|side| rays[side.index()].is_some())
    }
}

fn spawn(
    mut commands: Commands,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
) {
    let paint = |colour: Color| StandardMaterial {
        base_color: colour,
        unlit: true,
        alpha_mode: AlphaMode::Blend,
        fog_enabled: false,
        ..default()
    };
    let dot = (
        meshes.add(Sphere::new(1.0).mesh().ico(3).unwrap_or_else(|_| Cuboid::new(1.0, 1.0, 1.0).into())),
        paint(Color::srgba(1.0, 0.86, 0.62, 0.95)),
    );
    let beam = (
        meshes.add(Cylinder::new(1.0, 1.0).mesh().resolution(8).build()),
        paint(Color::srgba(1.0, 0.86, 0.62, 0.22)),
    );
    for (mark, (mesh, material)) in [(Mark::Dot, dot), (Mark::Beam, beam)] {
        commands.spawn((
            mark,
            Mesh3d(mesh),
            MeshMaterial3d(materials.add(material)),
            Visibility::Hidden,
            (NotShadowCaster, NotShadowReceiver),
        ));
    }
}

/// How large the dot is for how far away it is, and how thick the beam; how long the beam is where it meets nothing, in metres.
const DOT: f32 = 0.005;
const BEAM: f32 = 0.0016;
const SHORT: f32 = 0.6;

fn show(points: Res<Points>, mut marks: Query<(&Mark, &mut Transform, &mut Visibility)>) {
    for (mark, mut at, mut seen) in &mut marks {
        let place = points.ray.and_then(|ray| match mark {
            Mark::Dot => {
                let hit = points.hit?;
                let large = DOT * hit.away * (1.0 + points.so_far.unwrap_or(0.0));
                Some(
                    Transform::from_translation(ray.from + ray.along * hit.away)
                        .with_scale(Vec3::splat(large)),
                )
            }
            // A look has no beam: it would begin in the eye.
            Mark::Beam => {
                points.hand?;
                let long = points.hit.map_or(SHORT, |hit| hit.away);
                let turn = Quat::from_rotation_arc(Vec3::Y, ray.along);
                let middle = ray.from + ray.along * (long / 2.0);
                Some(
                    Transform::from_translation(middle)
                        .with_rotation(turn)
                        .with_scale(Vec3::new(BEAM, long, BEAM)),
                )
            }
        });
        let wanted = if place.is_some() { Visibility::Inherited } else { Visibility::Hidden };
        if *seen != wanted {
            *seen = wanted;
        }
        if let Some(place) = place {
            *at = place;
        }
    }
}
