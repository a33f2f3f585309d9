//! The lights, each at strength 1, ½ and 0 (`ART.md`, Light), and what casts their shadows. They never jump: everything
//! here follows [`Mood`].

use bevy::prelude::*;
use bevy::render::render_resource::ShaderType;

use super::devil;
use super::figures::devils_ground;
use super::loft::at;
use super::moment::Canvas;
use super::mood::Mood;
use super::palette::{GLOW, GUIDE, LAMP, Triple};
use super::patient::Posture;
use super::seats::Seat;

/// How many lights and balls there are, as in `shaders/moment.wgsl`.
const LIGHTS: usize = 7;
const BALLS: usize = 10;

/// As in `shaders/moment.wgsl`.
#[derive(Clone, Copy, Debug, Default, PartialEq, ShaderType)]
pub struct Rig {
    /// Where a light is, and how large, in metres.
    pub place: [Vec4; LIGHTS],
    /// Its colour with its strength, and how much of its shadows is seen.
    pub colour: [Vec4; LIGHTS],
    /// Whither the Guide's pool shines, and the cosine of its half width.
    pub pool: Vec4,
    /// Light from everywhere: from above.
    pub above: Vec4,
    /// And from below.
    pub below: Vec4,
    /// What casts shadows: middles and radii, in metres.
    pub balls: [Vec4; BALLS],
}

/// The lamp at strength 0: what every other light is measured by.
const FULL: f32 = 1.75;

/// Which light it is. The pool is the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lamp {
    /// The lamp on the right: the warm half of the room.
    Reading,
    /// The evening outside.
    Window,
    /// Where the viewer sits: soft, so that faces are never dark; and stronger while they speak.
    Viewer,
    /// The wall behind the Devil, without which it is a dark blob.
    Wall,
    /// What burns behind the Devil's back.
    Ember,
    /// What glows in the Patient's chest.
    Heart,
    /// What the Guide's lantern shows: its light glides to whoever the moment belongs to.
    Pool,
}

impl Lamp {
    const ALL: [Self; LIGHTS] =
        [Self::Reading, Self::Window, Self::Viewer, Self::Wall, Self::Ember, Self::Heart, Self::Pool];

    /// Where it is, how large, and how much of its shadows is seen.
    fn place(self, seat: Seat) -> (Vec3, f32, f32) {
        let across = |place: Vec3| seat.across().transform_point(place);
        match self {
            Self::Reading => (seat.table() + Vec3::Y * 0.97, 0.12, 0.85),
            Self::Window => (at(-1.36, 1.74, 1.35), 0.5, 0.0),
            Self::Viewer => (across(at(0.3, -2.2, 2.2)), 1.2, 0.0),
            Self::Wall => (at(-0.95, 2.12, 1.55), 0.15, 0.0),
            Self::Ember => (at(-0.30, 1.45, 1.1), 0.2, 0.0),
            Self::Heart => (across(at(0.20, 0.36, 0.80)), 0.15, 0.0),
            Self::Pool => (seat.lantern(), 0.1, 0.0),
        }
    }

    /// How strong it is for the lamp, and its colour.
    fn shines(self, strength: f32) -> Vec3 {
        let fixed = |hex: u32| Triple(hex, hex, hex);
        let (share, colour) = match self {
            Self::Reading => (Triple(1.05, 1.35, 1.60), fixed(LAMP)),
            // Its colour is that of what stands in it.
            Self::Window => (Triple(0.50, 0.62, 0.75), fixed(0xFFFFFF)),
            Self::Viewer => (Triple(0.62, 0.60, 0.58), Triple(0x7A669C, 0x9A82A4, 0xC8A08C)),
            Self::Wall => (Triple(0.17, 0.13, 0.04), fixed(0x8A5CE0)),
            Self::Ember => (Triple(0.06, 0.06, 0.0), Triple(0xFF5030, 0xA44CF0, 0x8FB0E8)),
            Self::Heart => (Triple(0.006, 0.02, 0.035), GLOW),
            Self::Pool => (Triple(0.42, 0.42, 0.40), fixed(GUIDE)),
        };
        colour.at(strength).to_vec3() * share.at(strength) * FULL
    }

    /// What the moment adds to it: who speaks, whether the person is there, the Patient's breath.
    fn moment(self, mood: &Mood) -> f32 {
        let inside = 0.55 + 0.45 * mood.inside;
        match self {
            Self::Reading => inside * (1.0 + 0.10 * mood.attention),
            Self::Viewer => inside * (1.0 + 0.55 * mood.attention),
            // It falls on whoever sits across from there, and on the door.
            Self::Window if mood.seat == Seat::Patients => 2.2,
            Self::Window => 1.0,
            Self::Wall => 1.0 - 0.25 * mood.attention,
            Self::Ember => mood.devil * (1.0 - 0.4 * mood.attention) * (1.0 + 0.5 * mood.voices.y),
            Self::Heart => (0.92 + 0.16 * mood.breath) * (1.0 + 0.4 * mood.attention),
            Self::Pool => inside * (0.7 + 0.5 * mood.voices.z + 0.3 * mood.attention),
        }
    }
}

/// How bright the lamp is just now, for its shade.
pub(super) fn lamp(mood: &Mood) -> f32 {
    Lamp::Reading.moment(mood)
}

/// How bright the lantern is just now, for its glass.
pub(super) fn lantern(mood: &Mood) -> f32 {
    Lamp::Pool.moment(mood)
}

impl Rig {
    /// The light of a moment.
    #[must_use]
    pub fn of(mood: &Mood) -> Self {
        let mut rig = Self::default();
        for (number, lamp) in Lamp::ALL.into_iter().enumerate() {
            let (place, size, shadows) = lamp.place(mood.seat);
            rig.place[number] = place.extend(size);
            let comes_in = if lamp == Lamp::Window { mood.outside.light(mood.strength) } else { Vec3::ONE };
            rig.colour[number] = (lamp.shines(mood.strength) * comes_in * lamp.moment(mood)).extend(shadows);
        }
        let down = (mood.subject - mood.seat.lantern()).normalize_or(Vec3::NEG_Y);
        rig.pool = down.extend(0.40_f32.cos());
        let dusk = Triple(0x2A2440, 0x342C46, 0x4A3A48).at(mood.strength).to_vec3();
        let floor = Triple(0x2A1A20, 0x2C1A16, 0x3A2014).at(mood.strength).to_vec3();
        let inside = 0.6 + 0.4 * mood.inside;
        (rig.above, rig.below) = ((dusk * 0.55 * inside).extend(0.0), (floor * 0.7 * inside).extend(0.0));
        rig.balls = balls(mood);
        rig
    }
}

/// What stands in the way of the light: the seat, the Patient, the Devil, the table.
fn balls(mood: &Mood) -> [Vec4; BALLS] {
    let of_three = |of: fn(Posture) -> Vec3, strength: f32| {
        let [one, half, none] = Posture::ALL.map(of);
        Triple(one, half, none).at(strength)
    };
    let head = of_three(|posture| posture.head().0, mood.held);
    let chest = of_three(Posture::chest, mood.held);
    let lap = chest.with_y(0.52) + Vec3::Z * 0.10;
    let (across, ground) = (mood.seat.across(), devils_ground(mood));
    let spine = |share: f32| {
        let [one, half, none] = Posture::ALL.map(|posture| {
            let (line, wide) = devil::spine(posture);
            let at = (share * (line.len() - 1) as f32) as usize;
            (line[at], wide[at])
        });
        let place = ground.transform_point(Triple(one.0, half.0, none.0).at(mood.strength));
        place.extend(Triple(one.1, half.1, none.1).at(mood.strength) * mood.devil)
    };
    let [one, half, none] = Posture::ALL.map(|posture| devil::head(posture).0);
    let [big, middle, small] = Posture::ALL.map(|posture| devil::head(posture).2.half_width);
    let devil_head = ground.transform_point(Triple(one, half, none).at(mood.strength));
    let devil_size = Triple(big, middle, small).at(mood.strength) * mood.devil;
    [
        across.transform_point(at(-0.14, 0.78, 0.16)).extend(0.30),
        across.transform_point(at(0.24, 0.78, 0.16)).extend(0.30),
        (mood.seat.table() + Vec3::Y * 0.47).extend(0.17),
        across.transform_point(head).extend(0.18),
        across.transform_point(chest).extend(0.19),
        across.transform_point(lap).extend(0.18),
        devil_head.extend(devil_size),
        spine(0.85),
        spine(0.60),
        spine(0.35),
    ]
}

/// Lets the light of the moment fall on everything.
pub(super) fn shine(mood: Res<Mood>, mut canvas: ResMut<Canvas>) {
    canvas.moment.rig = Rig::of(&mood);
}
