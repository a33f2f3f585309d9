//! What the person points with reaches the panels as a pointer of the desk's own: a controller, a bare hand, or, where neither
//! is seen, a look that stays. What is held while it points at nothing is held to talk.

use bevy::light::{NotShadowCaster, NotShadowReceiver};
use bevy::prelude::*;
use bevy_egui::input::{EguiInputEvent, FocusedNonWindowEguiContext};
use bevy_egui::{EguiContext, EguiInputSet, egui};

use super::boards::Panel;
use super::hands::{Buttons, Pulls, Side, Trigger};
use super::pointer::{Dwell, Hit, Ray, meet, pinches};
use super::runtime::{Root, Session, Tracked};
use super::seat::rays;
use crate::app::{AtDoor, Board, Mirror, Say, StageSystems};
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

/// What each hand's trigger means, and what the desk was told last.
#[derive(Debug, Default)]
struct Pressing {
    triggers: [Trigger; 2],
    dwell: Dwell,
    /// The hand that pressed last.
    leads: Option<Side>,
    /// Where the pointer was, and whether it was down.
    was_at: Option<egui::Pos2>,
    was_down: bool,
    /// Where it was last that it was anywhere.
    last: egui::Pos2,
}

/// The dot where the ray meets a panel, and the ray itself.
#[derive(Component)]
enum Mark {
    Dot,
    Beam,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Points>()
        .init_resource::<Pulls>()
        .add_systems(Startup, spawn)
        .add_systems(
            PreUpdate,
            (
                focus.after(EguiInputSet::FocusContext).before(EguiInputSet::ReadBevyMessages),
                (pull, point)
                    .chain()
                    .after(EguiInputSet::InitReading)
                    .before(EguiInputSet::WriteEguiEvents)
                    .after(StageSystems::Drain),
            ),
        )
        .add_systems(Update, show.in_set(StageSystems::Paint));
}

/// The keyboard types onto the desk, whatever the window beside it shows; while nobody wears the headset, onto what that
/// window asks. (What is typed in an exhibition then is the staff's, and theirs is the desk.) A mouse in the window takes it
/// away from either, so that this is said over and over.
fn focus(
    mut commands: Commands,
    boards: Query<(Entity, &Board)>,
    mirrors: Query<Entity, With<Mirror>>,
    (session, door): (Res<Session>, Res<AtDoor>),
    focused: Option<Res<FocusedNonWindowEguiContext>>,
) {
    let beside = !session.0.is_present() && door.0.exhibition.is_none();
    let desk = || boards.iter().find(|(_, board)| **board == Board::Desk).map(|(desk, _)| desk);
    let wanted = mirrors.iter().next().filter(|_| beside).or_else(desk);
    if let Some(wanted) = wanted
        && focused.is_none_or(|focused| focused.0 != wanted)
    {
        commands.insert_resource(FocusedNonWindowEguiContext(wanted));
    }
}

/// Which hands pull.
pub(super) fn pull(
    (tracked, buttons, session): (Res<Tracked>, Res<Buttons>, Res<Session>),
    mut pinched: Local<[bool; 2]>,
    mut pulls: ResMut<Pulls>,
) {
    for at in 0..2 {
        let apart = tracked.fingers[at].map(|fingers| fingers.thumb.distance(fingers.index));
        pinched[at] = apart.is_some_and(|apart| pinches(pinched[at], apart));
    }
    let present = session.0.is_present();
    let pulled = |at: usize| buttons.select[at] || (pinched[at] && tracked.aims[at].is_none());
    pulls.set_if_neq(Pulls([0, 1].map(|at| present && pulled(at))));
}

type Contexts<'w, 's> = Query<'w, 's, &'static mut EguiContext>;

fn point(
    time: Res<Time<Real>>,
    (tracked, pulls, session): (Res<Tracked>, Res<Pulls>, Res<Session>),
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
    let place = Transform { scale: Vec3::ONE, ..*at };
    let meets = |ray: Option<Ray>| ray.and_then(|ray| meet(ray, place, panel.size));
    // What lies somewhere points at nothing, and looks at nothing; and a head that is not followed stays at nothing.
    let present = session.0.is_present();
    let rays = if present { rays(&tracked, *root) } else { [None, None] };
    if let Some(talks) = pressing.take(pulls.0, rays.map(|ray| meets(ray).is_some())) {
        say.write(Say(FromStage::Hold(talks)));
    }
    let hand = pressing.hand(&rays);
    let looks = present && tracked.is_followed;
    let look = || looks.then(|| Ray::of(*root * tracked.head));
    let ray = hand.map_or_else(look, |side| rays[side.index()]);
    let hit = meets(ray);
    let down = pressing.is_down(hand, hit.map(|hit| hit.at), time.delta_secs());
    let pos = hit.map(|hit| rect.min + egui::vec2(hit.at.x * rect.width(), hit.at.y * rect.height()));
    for event in pressing.tell(pos, down) {
        input.write(EguiInputEvent { context: panel.camera, event });
    }
    let so_far = if hand.is_none() { pressing.dwell.so_far() } else { None };
    points.set_if_neq(Points { hand, ray, hit, so_far });
}

impl Pressing {
    /// Takes up which hands press, and whether they point at the desk. Whether the person talks now, where that has changed.
    fn take(&mut self, downs: [bool; 2], on_panel: [bool; 2]) -> Option<bool> {
        let talked = self.triggers.contains(&Trigger::Talks);
        for side in Side::BOTH {
            let at = side.index();
            let before = self.triggers[at];
            self.triggers[at] = before.next(downs[at], on_panel[at]);
            if before == Trigger::Up && self.triggers[at] != Trigger::Up {
                self.leads = Some(side);
            }
        }
        let talks = self.triggers.contains(&Trigger::Talks);
        (talks != talked).then_some(talks)
    }

    /// The hand that points: the one that pressed last, as long as it is seen; else the right one, else the left.
    fn hand(&self, rays: &[Option<Ray>; 2]) -> Option<Side> {
        let order = [self.leads, Some(Side::Right), Some(Side::Left)];
        order.into_iter().flatten().find(|side| rays[side.index()].is_some())
    }

    /// Whether the pointer is down: the hand that points presses, or a look has stayed.
    fn is_down(&mut self, hand: Option<Side>, at: Option<Vec2>, dt: f32) -> bool {
        match hand {
            Some(side) => {
                self.dwell = Dwell::default();
                self.triggers[side.index()] == Trigger::Chooses
            }
            // It is down for the moment in which it presses, and up with the next.
            None => self.dwell.look(at, dt),
        }
    }

    /// What the desk is to know. What was pressed is let go, too, where the pointer has left it.
    fn tell(&mut self, pos: Option<egui::Pos2>, down: bool) -> Vec<egui::Event> {
        let mut events = Vec::new();
        if pos != self.was_at {
            events.push(pos.map_or(egui::Event::PointerGone, egui::Event::PointerMoved));
            self.was_at = pos;
        }
        self.last = pos.unwrap_or(self.last);
        if down != self.was_down && (pos.is_some() || !down) {
            self.was_down = down;
            let (pos, button) = (self.last, egui::PointerButton::Primary);
            let press =
                egui::Event::PointerButton { pos, button, pressed: down, modifiers: egui::Modifiers::NONE };
            // What has left is let go first.
            let at = if self.was_at.is_none() { 0 } else { events.len() };
            events.insert(at, press);
        }
        events
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
        // Over the panel that it lies on, and every other.
        depth_bias: 100.0,
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bevy::time::TimeUpdateStrategy;

    use super::*;
    use crate::headset::runtime::Fingers;
    use crate::headset::states::{Graph, RuntimeEvent, SessionState};

    const HERE: egui::Pos2 = egui::pos2(40.0, 30.0);

    fn presses(events: &[egui::Event]) -> Vec<bool> {
        let pressed = |event: &egui::Event| match event {
            egui::Event::PointerButton { pressed, .. } => Some(*pressed),
            _ => None,
        };
        events.iter().filter_map(pressed).collect()
    }

    #[test]
    fn what_is_pressed_on_a_panel_is_let_go_there_wherever_the_hand_has_gone_meanwhile() {
        let mut pressing = Pressing::default();
        assert_eq!(pressing.take([false, true], [false, true]), None, "nobody talks to a button");
        assert!(pressing.is_down(Some(Side::Right), Some(Vec2::ZERO), 0.01));
        assert_eq!(presses(&pressing.tell(Some(HERE), true)), [true]);
        assert_eq!(presses(&pressing.tell(None, true)), Vec::<bool>::new(), "it has left, and is held");
        let let_go = pressing.tell(None, false);
        assert!(
            matches!(let_go[..], [egui::Event::PointerButton { pos, pressed: false, .. }] if pos == HERE),
            "{let_go:?}"
        );
    }

    #[test]
    fn a_trigger_that_points_at_nothing_is_held_to_talk_and_presses_nothing() {
        let mut pressing = Pressing::default();
        assert_eq!(pressing.take([true, false], [false, false]), Some(true));
        assert!(!pressing.is_down(Some(Side::Left), None, 0.01));
        assert_eq!(pressing.take([true, false], [true, false]), None);
        assert!(!pressing.is_down(Some(Side::Left), Some(Vec2::ZERO), 0.01), "it talks, wherever it points");
        assert_eq!(pressing.take([false, false], [true, false]), Some(false));
    }

    #[test]
    fn the_hand_that_pressed_last_points_and_the_other_one_where_that_is_gone() {
        let ray = Some(Ray { from: Vec3::ZERO, along: Vec3::NEG_Z });
        let mut pressing = Pressing::default();
        assert_eq!(pressing.hand(&[ray, ray]), Some(Side::Right));
        pressing.take([true, false], [true, true]);
        assert_eq!(pressing.hand(&[ray, ray]), Some(Side::Left));
        assert_eq!(pressing.hand(&[None, ray]), Some(Side::Right));
        assert_eq!(pressing.hand(&[None, None]), None);
    }

    #[test]
    fn a_look_that_stays_presses_and_lets_go() {
        let (mut pressing, mut told) = (Pressing::default(), Vec::new());
        for _ in 0..200 {
            let down = pressing.is_down(None, Some(Vec2::splat(0.4)), 0.02);
            told.extend(presses(&pressing.tell(Some(HERE), down)));
        }
        assert_eq!(told, [true, false]);
    }

    /// Somebody before a desk, in a room of its own.
    struct Before(App);

    const DT: Duration = Duration::from_millis(20);

    impl Before {
        fn a_desk() -> Self {
            let mut app = App::new();
            app.add_plugins(MinimalPlugins)
                .insert_resource(TimeUpdateStrategy::ManualDuration(DT))
                .init_resource::<Buttons>()
                .init_resource::<Pulls>()
                .init_resource::<Points>()
                .insert_resource(Session(focused()))
                .insert_resource(Tracked { is_followed: true, ..Tracked::default() })
                .add_message::<EguiInputEvent>()
                .add_message::<Say>()
                .add_systems(Update, (pull, point).chain());
            let world = app.world_mut();
            world.spawn((Root {}, Transform::IDENTITY));
            let camera = world.spawn(EguiContext::default()).id();
            let panel = Panel { board: Board::Desk, camera, size: Vec2::new(1.0, 0.6) };
            world.spawn((panel, Transform::from_xyz(0.0, 0.0, -1.2)));
            Self(app)
        }

        fn is(&mut self, change: impl FnOnce(&mut Tracked)) -> &mut Self {
            change(&mut self.0.world_mut().resource_mut::<Tracked>());
            self
        }

        fn comes_to(&mut self, state: SessionState) -> &mut Self {
            let mut session = self.0.world_mut().resource_mut::<Session>();
            session.0.take(RuntimeEvent::State(state));
            self
        }

        /// What is pressed and let go on the desk in so many frames.
        fn presses(&mut self, frames: u32) -> Vec<bool> {
            let mut all = Vec::new();
            for _ in 0..frames {
                self.0.update();
                let mut events = self.0.world_mut().resource_mut::<Messages<EguiInputEvent>>();
                let events: Vec<egui::Event> = events.drain().map(|it| it.event).collect();
                all.extend(presses(&events));
            }
            all
        }
    }

    fn focused() -> Graph {
        let mut graph = Graph::default();
        for state in [
            SessionState::Idle,
            SessionState::Ready,
            SessionState::Synchronized,
            SessionState::Visible,
            SessionState::Focused,
        ] {
            graph.take(RuntimeEvent::State(state));
        }
        graph
    }

    /// More frames than a look takes to be a press.
    const LONG: u32 = 90;

    #[test]
    fn a_look_that_stays_on_the_desk_presses_it() {
        assert_eq!(Before::a_desk().presses(LONG), [true, false]);
    }

    #[test]
    fn a_look_presses_nothing_while_the_menu_of_the_runtime_has_the_person() {
        let mut before = Before::a_desk();
        assert_eq!(before.comes_to(SessionState::Visible).presses(LONG), [] as [bool; 0]);
        // Nor is what was looked at meanwhile taken for a look of theirs.
        assert_eq!(before.comes_to(SessionState::Focused).presses(LONG / 3), [] as [bool; 0]);
        assert_eq!(before.presses(LONG), [true, false]);
    }

    #[test]
    fn a_head_that_is_not_followed_looks_at_nothing() {
        let mut before = Before::a_desk();
        assert_eq!(before.is(|it| it.is_followed = false).presses(LONG), [] as [bool; 0]);
        assert_eq!(before.is(|it| it.is_followed = true).presses(LONG), [true, false]);
    }

    #[test]
    fn a_bare_hand_that_pinches_presses_what_it_points_at_and_lets_it_go() {
        let mut before = Before::a_desk();
        let opened = Fingers {
            thumb: Vec3::new(0.17, -0.2, -0.5),
            index: Vec3::new(0.22, -0.2, -0.5),
            palm: Transform::IDENTITY,
        };
        let pinched = Fingers { index: opened.thumb + Vec3::X * 0.01, ..opened };
        assert_eq!(before.is(|it| it.fingers[1] = Some(opened)).presses(3), [] as [bool; 0]);
        assert_eq!(before.is(|it| it.fingers[1] = Some(pinched)).presses(3), [true]);
        assert_eq!(before.is(|it| it.fingers[1] = Some(opened)).presses(3), [false]);
        // A look has no say as long as a hand is seen.
        assert_eq!(before.presses(LONG), [] as [bool; 0]);
    }

    #[test]
    fn nobody_pulls_who_does_not_wear_it() {
        let mut before = Before::a_desk();
        before.0.insert_resource(Buttons { select: [true, true], ..Buttons::default() });
        before.0.update();
        assert_eq!(before.0.world().resource::<Pulls>().0, [true, true]);
        before.comes_to(SessionState::Visible).0.update();
        assert_eq!(before.0.world().resource::<Pulls>().0, [false, false]);
    }
}
