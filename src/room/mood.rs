//! What the room shows just now: eased, so that nothing snaps.

use bevy::prelude::*;

use super::face::{Expression, Face};
use super::life::{Glide, blink, breath, breaths_in};
use super::mirror;
use super::morph::{Morph, Morphs};
use super::mouth::{opening, viseme};
use super::outlook::{Outlook, Outside};
use super::regard::{self, Person};
use super::seats::{DEVILS_STOOL, FADE, Seat};
use crate::dialogue::Phase;
use crate::dialogue::face::Mien;
use crate::dialogue::mouth::Viseme;

/// What the room is to become: told by the evening, and reached in time.
#[derive(Resource, Clone, Debug, PartialEq)]
pub struct Scene {
    /// The Devil's strength, as far as it was shown.
    pub strength: f32,
    /// How the Patient holds itself, as the strength at which the posture is taken.
    pub held: f32,
    /// How much of the Devil there is: 0 when it is gone.
    pub devil: f32,
    /// How far it has stepped back, 0 to 1.
    pub back: f32,
    /// Whether the person is in the room, and not still at its door.
    pub inside: bool,
    /// What the Patient's face says.
    pub expression: Expression,
    /// Who speaks, which words, and since when (seconds of the room).
    pub speaking: Option<(Speaker, String, f32)>,
    /// The shape of the mouth of whoever speaks, where they are heard; else it follows the words.
    pub mouth: Option<(Viseme, f32)>,
    /// How the person's face moves, where they allow the Patient's to follow it.
    pub mien: Mien,
    /// Whether the camera is on.
    pub seen: bool,
    /// Whether the person is typing or speaking: the Patient looks up at them, and waits.
    pub person_speaks: bool,
    /// What stands in the window.
    pub outlook: Outlook,
    /// On which seat the person sits.
    pub seat: Seat,
    /// Where the person's head is.
    pub person: Person,
    /// Whether as little as can be moves: breath, blinks, and what figures do on purpose.
    pub still: bool,
    /// The phase that was shown last, and since when.
    pub phase: Phase,
    /// See [`Scene::phase`].
    pub phase_since: f32,
}

/// Whose mouth moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The Patient.
    Patient,
    /// The Devil.
    Devil,
    /// The Guide, whose light moves.
    Guide,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            strength: 1.0,
            held: 1.0,
            devil: 1.0,
            back: 0.0,
            inside: true,
            expression: Expression::Hurt,
            speaking: None,
            mouth: None,
            mien: Mien::default(),
            seen: false,
            person_speaks: false,
            outlook: Outlook::default(),
            seat: Seat::Own,
            person: Person::default(),
            still: false,
            phase: Phase::Waiting,
            phase_since: 0.0,
        }
    }
}

/// How long a change of strength takes, in seconds; and one of the face, of the gaze, of a mouth.
const STRENGTH: f32 = 3.0;
const FACE: f32 = 0.9;
const GAZE: f32 = 0.5;
/// How long the room takes to turn to the person who speaks, and the Devil to go or to come.
const ATTENTION: f32 = 1.2;
const DEVIL: f32 = 2.5;
const MOUTH: f32 = 0.09;

/// The room as it is seen just now: everything in it glides.
#[derive(Resource, Clone, Debug)]
pub struct Mood {
    /// The Devil's strength, 1 to 0.
    pub strength: f32,
    /// How the Patient holds itself, 1 to 0.
    pub held: f32,
    /// How much of the Devil there is, 0 to 1, and how far it has stepped back.
    pub devil: f32,
    /// See [`Mood::devil`].
    pub back: f32,
    /// How far the room has turned to the person, who is typing or speaking.
    pub attention: f32,
    /// On which seat the person sits.
    pub seat: Seat,
    /// Where their head is, and how near it is to the head of whoever sits across, 0 to 1.
    pub person: Person,
    /// See [`Mood::person`].
    pub near: f32,
    /// How dark it is before their eyes while they change places, 0 to 1.
    pub cover: f32,
    /// How far the light is up: the person is in the room.
    pub inside: f32,
    /// Whose words are being spoken: the Patient's, the Devil's, the Guide's, each 0 to 1.
    pub voices: Vec3,
    /// Whom the moment belongs to: where the Guide's light rests, in metres.
    pub subject: Vec3,
    /// What stands in the window, and what stood there before.
    pub outside: Outside,
    /// Seconds since the room was there.
    pub seconds: f32,
    /// The same for what moves by itself: smoke, rain, what sways and swings. They stand while the room is to be still.
    pub drift: f32,
    /// The shapes of the Patient's face, and the face that they make.
    pub morphs: Morphs,
    /// See [`Mood::morphs`].
    pub face: Face,
    /// How far the Devil's eyes are shut by a blink.
    pub devil_shut: f32,
    /// How far the Devil's mouth is open.
    pub devil_open: f32,
    /// How the Patient's head goes with the person's: turned, nodded and tilted, in radians.
    pub with_head: Vec3,
    /// How bright the light is that says that the camera is on, 0 to 1.
    pub seen: f32,
    /// How deep the Patient's breath is, 0 to 1; the Devil's is the other way round.
    pub breath: f32,
    breaths: f32,
    strength_glide: Glide,
    held_glide: Glide,
    devil_glide: Glide,
    back_glide: Glide,
    attention_glide: Glide,
    inside_glide: Glide,
    voice_glides: [Glide; 3],
    subject_glides: [Glide; 3],
    morph_glides: [Glide; Morph::ALL.len()],
    tint_glides: [Glide; 2],
    gaze: [Glide; 2],
    head_glides: [Glide; 3],
    person_glides: [Glide; 3],
    near_glide: Glide,
    seen_glide: Glide,
    motion: Glide,
    devil_mouth: Glide,
}

impl Default for Mood {
    fn default() -> Self {
        Self::at(&Scene::default())
    }
}

impl Mood {
    /// The room as it is when nothing has changed for a while.
    #[must_use]
    pub fn at(scene: &Scene) -> Self {
        let (morphs, tint) = (scene.expression.morphs(), scene.expression.tint());
        Self {
            strength: scene.strength,
            held: scene.held,
            devil: scene.devil,
            back: scene.back,
            attention: 0.0,
            seat: scene.seat,
            person: scene.person,
            near: 0.0,
            cover: 0.0,
            inside: f32::from(u8::from(scene.inside)),
            voices: Vec3::ZERO,
            subject: subject_of(scene),
            outside: Outside::at(scene.outlook),
            seconds: 0.0,
            drift: 0.0,
            morphs,
            face: Face::with(&morphs, tint),
            devil_shut: 0.0,
            devil_open: 0.0,
            with_head: Vec3::ZERO,
            seen: f32::from(u8::from(scene.seen)),
            breath: 0.0,
            breaths: 0.0,
            strength_glide: Glide::at(scene.strength),
            held_glide: Glide::at(scene.held),
            devil_glide: Glide::at(scene.devil),
            back_glide: Glide::at(scene.back),
            attention_glide: Glide::default(),
            inside_glide: Glide::at(f32::from(u8::from(scene.inside))),
            voice_glides: [Glide::default(); 3],
            subject_glides: subject_of(scene).to_array().map(Glide::at),
            morph_glides: Morph::ALL.map(|morph| Glide::at(morphs.get(morph))),
            tint_glides: tint.to_array().map(Glide::at),
            gaze: [Glide::default(); 2],
            head_glides: [Glide::default(); 3],
            person_glides: scene.person.moved.to_array().map(Glide::at),
            near_glide: Glide::default(),
            seen_glide: Glide::at(f32::from(u8::from(scene.seen))),
            motion: Glide::at(f32::from(u8::from(!scene.still))),
            devil_mouth: Glide::default(),
        }
    }

    /// Goes on for `dt` seconds towards what the scene says.
    pub fn follow(&mut self, scene: &Scene, dt: f32) {
        self.seconds += dt;
        self.motion.towards(f32::from(u8::from(!scene.still)), ATTENTION, dt);
        self.drift += dt * self.motion.value.clamp(0.0, 1.0);
        self.outside.towards(scene.outlook, dt);
        self.change_places(scene, dt);
        self.strength_glide.towards(
            self.stays(scene, scene.strength, self.strength).clamp(0.0, 1.0),
            STRENGTH,
            dt,
        );
        self.strength = self.strength_glide.value;
        let held = self.stays(scene, scene.held, self.held);
        let go = |glide: &mut Glide, goal: f32, settles: f32| {
            glide.towards(goal, settles, dt);
            glide.value
        };
        self.held = go(&mut self.held_glide, held, STRENGTH);
        self.devil = go(&mut self.devil_glide, scene.devil, DEVIL).clamp(0.0, 1.0);
        self.back = go(&mut self.back_glide, scene.back, STRENGTH);
        self.attention = go(&mut self.attention_glide, f32::from(u8::from(scene.person_speaks)), ATTENTION);
        self.inside = go(&mut self.inside_glide, f32::from(u8::from(scene.inside)), STRENGTH);
        let speaks = |who: Speaker| scene.speaking.as_ref().is_some_and(|(speaker, ..)| *speaker == who);
        for (at, who) in [Speaker::Patient, Speaker::Devil, Speaker::Guide].into_iter().enumerate() {
            self.voices[at] = go(&mut self.voice_glides[at], f32::from(u8::from(speaks(who))), FACE);
        }
        self.breaths += breaths_in(self.strength, dt);
        self.breath = breath(self.breaths);
        for (at, goal) in subject_of(scene).to_array().into_iter().enumerate() {
            self.subject[at] = go(&mut self.subject_glides[at], goal, ATTENTION * 1.5);
        }
        self.seen = go(&mut self.seen_glide, f32::from(u8::from(scene.seen)), GAZE).clamp(0.0, 1.0);
        // Who sits across there now is a figure of their own, and nobody's mirror.
        let mien = if scene.seat == Seat::Own { scene.mien } else { Mien::default() };
        for (at, goal) in mirror::head(&mien).to_array().into_iter().enumerate() {
            self.with_head[at] = go(&mut self.head_glides[at], goal, FACE);
        }
        let goal = mirror::onto(scene.expression.morphs(), &mien);
        for (morph, glide) in Morph::ALL.into_iter().zip(&mut self.morph_glides) {
            glide.towards(goal.get(morph), FACE, dt);
            self.morphs = self.morphs.with(morph, glide.value);
        }
        let tint = scene.expression.tint();
        let [wet, blush] = &mut self.tint_glides;
        wet.towards(tint.x, FACE, dt);
        blush.towards(tint.y, FACE, dt);
        let tint = Vec2::new(wet.value, blush.value);
        self.regard(scene, dt);
        self.look(scene, dt);
        self.speak(scene, dt);
        let shut = self.morphs.get(Morph::Blink).max(blink(self.seconds, 1, 1.0));
        self.morphs = self.morphs.with(Morph::Blink, shut);
        self.face = Face::with(&self.morphs, tint);
        self.devil_shut = blink(self.seconds, 2, 2.0);
    }

    /// The light goes; where it is gone they sit on the other seat, with everything there as it is to be; it comes back.
    fn change_places(&mut self, scene: &Scene, dt: f32) {
        if self.seat == scene.seat {
            self.cover = (self.cover - dt / FADE).max(0.0);
            return;
        }
        self.cover = (self.cover + dt / FADE).min(1.0);
        if self.cover >= 1.0 {
            let (outside, breaths, motion) = (self.outside, self.breaths, self.motion);
            let (seconds, drift, breath) = (self.seconds, self.drift, self.breath);
            *self = Self { outside, breaths, motion, seconds, drift, breath, cover: 1.0, ..Self::at(scene) };
        }
    }

    /// What is to be on the other seat is not seen on this one.
    fn stays(&self, scene: &Scene, goal: f32, now: f32) -> f32 {
        if self.seat == scene.seat { goal } else { now }
    }

    /// Whoever is looked at is followed, a little late.
    fn regard(&mut self, scene: &Scene, dt: f32) {
        self.person.seat = scene.person.seat;
        if scene.person.moved == Vec3::ZERO && self.person.moved == Vec3::ZERO {
            return;
        }
        for (at, goal) in scene.person.moved.to_array().into_iter().enumerate() {
            self.person_glides[at].towards(goal, GAZE, dt);
            self.person.moved[at] = self.person_glides[at].value;
        }
        let head = super::figures::patients_head(self).translation;
        let near = if scene.seat == Seat::Own { regard::nearness(head, self.person) } else { 0.0 };
        self.near_glide.towards(near, ATTENTION, dt);
        self.near = self.near_glide.value;
    }

    /// It looks at the person while they speak, at the Devil while that one does, and else down and aside.
    fn look(&mut self, scene: &Scene, dt: f32) {
        let goal = match &scene.speaking {
            _ if scene.person_speaks => Vec2::new(-0.1, 0.35),
            Some((Speaker::Devil, ..)) if scene.seat == Seat::Own => Vec2::new(-0.8, 0.1),
            Some((Speaker::Patient, ..)) => Vec2::new(-0.1, 0.1),
            // Who sits across there does not look away.
            _ if scene.seat == Seat::Patients => Vec2::new(-0.1, 0.08),
            _ => Vec2::new(0.1 * (self.seconds * 0.37).sin(), -0.45 * self.held),
        };
        let [x, y] = &mut self.gaze;
        x.towards(goal.x, GAZE, dt);
        y.towards(goal.y, GAZE, dt);
        self.morphs = self.morphs.looking(Vec2::new(x.value, y.value));
    }

    fn speak(&mut self, scene: &Scene, dt: f32) {
        let shape = |who: Speaker| match &scene.speaking {
            Some((speaker, words, since)) if *speaker == who => scene
                .mouth
                .unwrap_or_else(|| (viseme(words, ((self.seconds - since).max(0.0) * 1_000.0) as u64), READ)),
            _ => (Viseme::Closed, 0.0),
        };
        let ((patient, open), (devil, devil_open)) = (shape(Speaker::Patient), shape(Speaker::Devil));
        self.morphs = self.morphs.saying(patient, open);
        self.devil_mouth.towards(opening(devil).1 * devil_open, MOUTH, dt);
        self.devil_open = self.devil_mouth.value;
    }
}

/// How far a mouth opens that nobody hears.
const READ: f32 = 0.8;

/// Where the Guide's light rests when nothing else asks for it: on the Patient's lap.
const LAP: Vec3 = Vec3::new(0.18, 0.55, -0.55);

/// Whom the moment belongs to.
fn subject_of(scene: &Scene) -> Vec3 {
    let here = match &scene.speaking {
        // The rug between the two of them.
        _ if scene.person_speaks => Vec3::new(0.12, 0.0, 0.15),
        Some((Speaker::Devil, ..)) => Vec3::new(-0.35, 0.9, -1.0),
        Some((Speaker::Patient, ..)) => Vec3::new(0.20, 0.8, -0.65),
        Some((Speaker::Guide, ..)) => Vec3::new(0.35, 0.0, 0.35),
        None => LAP,
    };
    match (scene.seat, &scene.speaking) {
        (Seat::Patients, Some((Speaker::Devil, ..))) => DEVILS_STOOL + Vec3::Y * 0.3,
        _ => scene.seat.across().transform_point(here),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_room_that_changes_jumps() {
        let mut mood = Mood::default();
        let scene = Scene { strength: 0.2, expression: Expression::Comfort, ..Scene::default() };
        let mut last = mood.clone();
        for _ in 0..300 {
            mood.follow(&scene, 1.0 / 60.0);
            assert!((mood.strength - last.strength).abs() < 0.02);
            assert!((mood.face.brows - last.face.brows).abs().max_element() < 0.02);
            last = mood.clone();
        }
        assert!((mood.strength - 0.2).abs() < 0.01, "{}", mood.strength);
    }

    #[test]
    fn a_room_that_is_to_be_still_comes_to_rest_and_breathes_on() {
        let mut mood = Mood::default();
        let scene = Scene { still: true, ..Scene::default() };
        for _ in 0..300 {
            mood.follow(&scene, 1.0 / 60.0);
        }
        let before = mood.clone();
        for _ in 0..60 {
            mood.follow(&scene, 1.0 / 60.0);
        }
        assert!((mood.drift - before.drift).abs() < 0.01, "{} to {}", before.drift, mood.drift);
        assert!(mood.seconds > before.seconds + 0.9 && mood.breath != before.breath);
    }

    #[test]
    fn who_changes_places_sits_there_only_once_nothing_is_seen() {
        let mut mood = Mood::at(&Scene { strength: 0.4, ..Scene::default() });
        let there = Scene { seat: Seat::Patients, strength: 0.0, ..Scene::default() };
        let (mut darkest, mut sat) = (0.0_f32, Seat::Own);
        for _ in 0..90 {
            mood.follow(&there, 1.0 / 60.0);
            if mood.seat != sat {
                assert_eq!((mood.cover, mood.strength), (1.0, 0.0), "what changes does so in the dark");
                assert!(mood.subject.z > 0.5, "and the Guide's light rests there already: {}", mood.subject);
                sat = mood.seat;
            } else if mood.seat == Seat::Own {
                assert!((mood.strength - 0.4).abs() < 1e-3, "nothing begins on the way");
            }
            darkest = darkest.max(mood.cover);
        }
        assert_eq!((sat, mood.cover, darkest), (Seat::Patients, 0.0, 1.0));
    }

    #[test]
    fn a_face_that_is_told_nothing_new_stays_as_it_is() {
        let scene = Scene { expression: Expression::Hurt, ..Scene::default() };
        let mut mood = Mood::at(&scene);
        mood.follow(&scene, 0.05);
        let hurt = Face::of(Expression::Hurt);
        assert!(mood.face.brows.distance(hurt.brows) < 1e-4 && mood.face.mouth.distance(hurt.mouth) < 1e-4);
    }
}
