//! The person's own figure, on their seat while they sit in the Patient's place; what they see of themselves there, two paper
//! hands; the stool that the Devil sits on; and the door that they came in by, which is behind them else.

use std::f32::consts::{PI, TAU};

use bevy::camera::visibility::NoFrustumCulling;
use bevy::prelude::*;

use super::figures::{self, HALF_WIDTH, Patients};
use super::gesture::{Gestures, Held};
use super::head::Drop;
use super::life::sway;
use super::loft::{Shape, Sweep};
use super::moment::{Canvas, Sheet};
use super::mood::Mood;
use super::palette::{self, Triple};
use super::patient::{Posture, sleeve};
use super::place::RADIUS;
use super::regard;
use super::seats::{ACROSS, DEVILS_STOOL, OverThere, Seat, over_there};
use super::workshop::{Made, MadeOf, Workshop};
use crate::app::InHeadset;

/// Its body.
#[derive(Component)]
pub(super) struct Body;

/// Its head.
#[derive(Component)]
pub(super) struct Head;

/// Its arms, as they rest.
#[derive(Component)]
pub(super) struct Arms;

/// One of its hands where the person held theirs: 0 left, 1 right.
#[derive(Component)]
pub(super) struct Gesturing(usize);

/// The hands that the person sees before them.
#[derive(Component)]
pub(super) struct OwnHands;

/// How it holds itself: upright, turned to whoever sits across.
const SITS: Posture = Posture::Upright;

/// A coat of another colour than the Patient's: one of those two comforts the other.
pub(super) const COAT: u32 = 0x8FA8A2;
const TROUSERS: u32 = 0x6C7A78;
const COLLAR: u32 = 0xD8A25E;

pub(super) fn spawn(mut workshop: Workshop, patient: Res<Patients>) {
    body(&mut workshop);
    hands(&mut workshop, &patient);
    stool(&mut workshop);
    door(&mut workshop);
}

fn body(workshop: &mut Workshop) {
    let ribs = |metres: f32| Sheet { form: Vec4::ZERO.with_x(metres), ..Sheet::PAPER };
    let coat = workshop.plain(Sheet::PAPER, COAT);
    let legs = workshop.plain(ribs(0.042), TROUSERS);
    let collar = workshop.plain(ribs(0.018), COLLAR);
    let face =
        Sheet { form: Vec4::new(0.0, 14.0, 0.0, 1.0), look: Vec4::new(0.0, 8.0, 0.6, 0.0), ..Sheet::PAPER };
    let face = workshop.matter(face, palette::SKIN);
    let skin = workshop.matter(Sheet { look: Vec4::new(0.0, 8.0, 0.5, 0.0), ..Sheet::PAPER }, palette::SKIN);
    let (sleeves, mittens) = SITS.arms();
    let (trousers, shoes) = SITS.legs();
    let parts = [
        (SITS.coat(), &coat, false),
        (sleeves, &coat, true),
        (mittens, &skin, true),
        (trousers, &legs, false),
        (shoes, &legs, false),
        (SITS.collar(), &collar, false),
    ];
    for (shape, made, is_arm) in parts {
        let part = (Body, OverThere, Visibility::Hidden, NoFrustumCulling);
        let mut made = workshop.put(shape.mesh(), made, ACROSS);
        made.insert(part);
        if is_arm {
            made.insert(Arms);
        }
    }
    for hand in 0..2 {
        let (arm, mitten) = super::hands::shapes(hand);
        for (shape, made) in [(arm, &coat), (mitten, &skin)] {
            let part = (Gesturing(hand), Body, Visibility::Hidden, NoFrustumCulling);
            workshop.put(shape.mesh(), made, Transform::IDENTITY).insert(part);
        }
    }
    // Its tip leans to the other side.
    let lean = Vec2::new(-1.0, 0.25);
    let head = Drop { half_width: HALF_WIDTH, depth: 0.94, tip: 0.17, lean, curl: 1.3 }.shape();
    workshop.put(head.mesh(), &face, ACROSS).insert((Head, OverThere, Visibility::Hidden, NoFrustumCulling));
}

/// From the elbow, at the lower edge of what is seen, to the wrist: in the frame of the eyes, in metres.
const ARM: [(f32, f32, f32); 4] =
    [(0.42, -0.60, -0.22), (0.40, -0.53, -0.42), (0.31, -0.42, -0.57), (0.20, -0.335, -0.665)];
const SLEEVE: [f32; 4] = [0.078, 0.076, 0.066, 0.058];

/// The Patient's own sleeves and mittens, seen from above them: open, as one holds them to be given something.
fn hands(workshop: &mut Workshop, patient: &Patients) {
    let [mut sleeves, mut mittens, mut cuffs] = [(); 3].map(|()| Shape::default());
    for side in [-1.0, 1.0] {
        let line: Vec<Vec3> = ARM.iter().map(|(x, y, z)| Vec3::new(side * x, *y, *z)).collect();
        // Palms up: the thumbs point away from each other.
        let (sleeve, mitten) = sleeve(&line, &SLEEVE, Vec3::new(side * 0.8, 0.55, 0.0));
        sleeves.add(sleeve);
        mittens.add(mitten);
        cuffs.add(cuff(&line));
    }
    let parts: [(Shape, &Made); 3] =
        [(sleeves, &patient.coat), (mittens, &patient.skin), (cuffs, &patient.collar)];
    for (shape, made) in parts {
        let part = (OwnHands, OverThere, Visibility::Hidden, NoFrustumCulling);
        workshop.put(shape.mesh(), made, over_there()).insert(part);
    }
}

/// A folded ring of paper round a wrist.
fn cuff(arm: &[Vec3]) -> Shape {
    let [.., before, wrist] = arm else { return Shape::default() };
    let ahead = (*wrist - *before).normalize_or(Vec3::NEG_Z);
    let turn = Quat::from_rotation_arc(Vec3::Y, ahead);
    let ring = [(0.060, -0.034), (0.067, -0.018), (0.066, -0.002), (0.058, 0.012), (0.044, 0.018)];
    Shape::turned(&ring, 40, Vec2::ONE).moved(|point| *wrist + turn * point)
}

/// As high as the Devil sits on it.
fn stool(workshop: &mut Workshop) {
    let cloth = workshop.plain(Sheet::CLOTH, palette::SEAT);
    let high = DEVILS_STOOL.y;
    let profile = [(0.21, 0.0), (0.235, 0.03), (0.24, high * 0.6), (0.20, high - 0.03), (0.01, high)];
    let place = Transform::from_translation(DEVILS_STOOL.with_y(0.0));
    let stool = Shape::turned(&profile, 32, Vec2::new(1.0, 0.9));
    workshop.put(stool.mesh(), &cloth, place).insert((OverThere, Visibility::Hidden));
}

/// The door: half its width, where its arch begins, and how far to the side of straight ahead it is from over there.
const HALF: f32 = 0.46;
const SPRING: f32 = 1.42;
const ASIDE: f32 = 33.0;

fn door(workshop: &mut Workshop) {
    let turn = Quat::from_rotation_y(PI - ASIDE.to_radians());
    let place = Transform::from_translation(turn * Vec3::NEG_Z * (RADIUS - 0.05)).with_rotation(turn);
    let wood = workshop.matter(Sheet::WOOD, palette::FRAME);
    let paper = workshop.matter(Sheet::PAPER, Triple(0x7A6068, 0x86686A, 0x9A766C));
    let brass = workshop.plain(Sheet::BRASS, 0x9A6B3A);
    let edge = outline(HALF + 0.03);
    let rim: Vec<Vec3> = edge.iter().map(|point| point.extend(0.02)).collect();
    let sweep = Sweep { around: 10, front: Vec3::Z, closed: false, ..default() };
    workshop.put(Shape::swept(&rim, &vec![0.045; rim.len()], sweep).mesh(), &wood, place);
    workshop.put(leaf().mesh(), &paper, place);
    for x in [-0.16, 0.16] {
        let bar: Vec<Vec3> = [0.16, 0.9, SPRING + 0.18].map(|up| Vec3::new(x, up, 0.012)).to_vec();
        workshop.put(Shape::swept(&bar, &[0.012; 3], sweep).mesh(), &wood, place);
    }
    let knob = Shape::turned(
        &[(0.0, -0.03), (0.026, -0.015), (0.03, 0.0), (0.026, 0.015), (0.0, 0.03)],
        20,
        Vec2::ONE,
    );
    workshop.put(knob.mesh(), &brass, place * Transform::from_xyz(-HALF + 0.10, 0.98, 0.05));
}

/// From its lower left corner round to its lower right one.
fn outline(half: f32) -> Vec<Vec2> {
    const STEPS: usize = 24;
    let mut points = vec![Vec2::new(-half, 0.0), Vec2::new(-half, 0.7)];
    let bend = (0..=STEPS).map(|step| PI - PI * step as f32 / STEPS as f32);
    points.extend(bend.map(|angle| Vec2::new(half * angle.cos(), SPRING + half * angle.sin())));
    points.extend([Vec2::new(half, 0.7), Vec2::new(half, 0.0)]);
    points
}

/// The door's own leaf: flat, of paper.
fn leaf() -> Shape {
    let outline = outline(HALF);
    let mut leaf =
        Shape { positions: vec![Vec3::new(0.0, 0.9, 0.0)], uvs: vec![Vec2::ZERO], indices: vec![] };
    for (number, point) in outline.iter().enumerate() {
        leaf.positions.push(point.extend(0.0));
        leaf.uvs.push(*point / TAU);
        let next = (number + 1) % outline.len();
        leaf.indices.extend([0, next as u32 + 1, number as u32 + 1]);
    }
    leaf
}

/// The head of the person's figure: it listens, and says what it said.
pub(super) fn head(mood: &Mood) -> Transform {
    let (place, turn) = SITS.head();
    let turn = Quat::from_rotation_y(turn.x) * Quat::from_rotation_x(0.03 - 0.012 * mood.breath);
    let mut head = Transform::from_translation(place + Vec3::Y * 0.004 * mood.breath).with_rotation(turn);
    head.rotate_local_z(0.6 * sway(mood.drift, 3));
    let mut head = ACROSS * head;
    regard::turn(&mut head, mood.person, regard::HEAD);
    head
}

/// How far a head goes along with the one that was held so, at most, in metres.
const GOES: f32 = 0.22;

/// The same, held as the person held theirs when they said what is heard now. `middle`: where theirs was most of the time.
fn gesturing(head: Transform, held: &Held, middle: Vec3) -> Transform {
    let moved = (held.head.translation - middle).clamp_length_max(GOES);
    // The person looks along -Z, and a head that is seen along its +Z.
    let half = Quat::from_rotation_y(PI);
    let turn = half.inverse() * held.head.rotation * half;
    Transform { translation: head.translation + moved, rotation: ACROSS.rotation * turn, ..head }
}

/// The hands of the figure, where the person had theirs; while it gestures its arms do not rest.
pub(super) fn gesture(
    (mood, gestures): (Res<Mood>, Res<Gestures>),
    mut heads: Query<&mut Transform, With<Head>>,
    mut hands: Query<(&Gesturing, &mut Transform, &mut Visibility), Without<Head>>,
    mut arms: Query<&mut Visibility, (With<Arms>, Without<Gesturing>)>,
) {
    let held = gestures.seen.filter(|_| mood.seat == Seat::Patients);
    let base = head(&mood);
    if let Some(held) = &held {
        for mut head in &mut heads {
            *head = gesturing(base, held, gestures.middle);
        }
    }
    let shown = |there: bool| if there { Visibility::Inherited } else { Visibility::Hidden };
    for (Gesturing(hand), mut at, mut seen) in &mut hands {
        let place = held.and_then(|held| Some((held.hands[*hand]?, held.head)));
        seen.set_if_neq(shown(place.is_some()));
        if let Some((palm, head)) = place {
            let held = held.unwrap_or(Held { head, hands: [None; 2] });
            let to = gesturing(base, &held, gestures.middle).translation;
            *at = Transform { translation: to + palm.translation - head.translation, ..palm };
        }
    }
    let moves = held.is_some_and(|held| held.hands.iter().any(Option::is_some));
    for mut seen in &mut arms {
        if mood.seat == Seat::Patients {
            seen.set_if_neq(shown(!moves));
        }
    }
}

/// What is there only while the person sits over there: whether it is the head of their figure, or their own hands.
type There = (&'static mut Transform, Has<Head>, Has<OwnHands>);
/// The parts of their figure.
type Figures = Or<(With<Head>, With<Body>)>;

/// It lives: it breathes, holds its head, and shines as the Patient does; and so do the hands of whoever looks at it.
pub(super) fn live(
    mood: Res<Mood>,
    headset: Option<Res<InHeadset>>,
    mut parts: Query<There, With<OverThere>>,
    bodies: Query<(), With<Body>>,
) {
    if mood.seat != Seat::Patients || bodies.is_empty() {
        return;
    }
    for (mut place, is_head, is_hand) in &mut parts {
        if is_head {
            *place = head(&mood);
        } else if is_hand && headset.is_some() {
            // In a headset they have hands of their own.
            place.scale = Vec3::splat(1e-4);
        } else if is_hand {
            let eyes = over_there();
            place.translation = eyes.translation + eyes.rotation * (Vec3::Y * 0.006 * (mood.breath - 0.5));
        }
    }
}

/// What shines through its paper, and its face.
pub(super) fn paint(
    mood: Res<Mood>,
    parts: Query<(&MadeOf, Has<Head>), Figures>,
    mut canvas: ResMut<Canvas>,
) {
    if mood.seat != Seat::Patients {
        return;
    }
    let chest = ACROSS.transform_point(SITS.chest());
    let colour = palette::GLOW.at(0.0).to_vec3() * 1.3;
    for (made, is_head) in &parts {
        let (up, share) = if is_head { (0.22, 0.5) } else { (0.0, 1.0) };
        let sheet = canvas.sheet(made.0);
        sheet.chest = (chest + Vec3::Y * up).extend(0.36);
        sheet.glow = colour.extend(0.42 * share * (0.94 + 0.12 * mood.breath + 0.2 * mood.voices.x));
        sheet.look.w = 0.045;
    }
    canvas.moment.face = mood.face.drawing(figures::into_head(head(&mood)));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head and the right hand of the figure, and its arms, as they are for somebody who said something so.
    struct Figure {
        app: App,
        head: Entity,
        hand: Entity,
        arms: Entity,
    }

    impl Figure {
        fn of(held: Option<Held>, middle: Vec3) -> Self {
            let mut app = App::new();
            let mut gestures = Gestures::default();
            (gestures.seen, gestures.middle) = (held, middle);
            app.init_resource::<Mood>().insert_resource(gestures).add_systems(Update, gesture);
            let world = app.world_mut();
            world.resource_mut::<Mood>().seat = Seat::Patients;
            let head = world.spawn((Head, head(&Mood::default()))).id();
            let hand = world.spawn((Gesturing(1), Transform::IDENTITY, Visibility::Hidden)).id();
            let arms = world.spawn((Arms, Visibility::Inherited)).id();
            app.update();
            Self { app, head, hand, arms }
        }

        fn at(&self, part: Entity) -> Vec3 {
            self.app.world().get::<Transform>(part).expect("it is there").translation
        }

        fn is_seen(&self, part: Entity) -> bool {
            self.app.world().get::<Visibility>(part) == Some(&Visibility::Inherited)
        }
    }

    /// Somebody whose eyes are so high, and who leans to the right and holds a hand out.
    fn leans(high: f32) -> Held {
        let head = Transform::from_xyz(0.08, high, 1.78);
        Held { head, hands: [None, Some(Transform::from_xyz(0.3, high - 0.35, 1.4))] }
    }

    #[test]
    fn the_figure_gestures_as_the_person_did_whether_they_sat_or_stood() {
        let rests = Figure::of(None, Vec3::ZERO);
        let base = rests.at(rests.head);
        assert!(rests.is_seen(rests.arms) && !rests.is_seen(rests.hand));
        let [sat, stood] = [1.2, 1.68].map(|high| {
            let figure = Figure::of(Some(leans(high)), Vec3::new(0.0, high, 1.78));
            assert!(!figure.is_seen(figure.arms) && figure.is_seen(figure.hand));
            (figure.at(figure.head) - base, figure.at(figure.hand) - figure.at(figure.head))
        });
        assert!(sat.0.abs_diff_eq(Vec3::X * 0.08, 1e-4), "the head leans, and stays on its neck: {sat:?}");
        assert!(sat.1.abs_diff_eq(Vec3::new(0.22, -0.35, -0.38), 1e-4), "{sat:?}");
        assert!(sat.0.abs_diff_eq(stood.0, 1e-4) && sat.1.abs_diff_eq(stood.1, 1e-4), "{sat:?} {stood:?}");
    }
}
