//! The shapes of a face by the names of VRM 1.0 (`VRMC_vrm-1.0`, `expressions.preset`), each from 0 to 1. Whatever has a
//! face can take these: a figure of one's own has them as morph targets. The built-in figure is not driven by them yet.

use bevy::prelude::*;

use super::face::{Expression, Face};
use super::mouth::Viseme;

/// A shape of a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names of the standard say what they are")]
pub enum Morph {
    Happy,
    Angry,
    Sad,
    Relaxed,
    Surprised,
    Aa,
    Ih,
    Ou,
    Ee,
    Oh,
    Blink,
    LookUp,
    LookDown,
    LookLeft,
    LookRight,
}

impl Morph {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Happy,
        Self::Angry,
        Self::Sad,
        Self::Relaxed,
        Self::Surprised,
        Self::Aa,
        Self::Ih,
        Self::Ou,
        Self::Ee,
        Self::Oh,
        Self::Blink,
        Self::LookUp,
        Self::LookDown,
        Self::LookLeft,
        Self::LookRight,
    ];

    /// Its name in the standard.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Happy => "happy",
            Self::Angry => "angry",
            Self::Sad => "sad",
            Self::Relaxed => "relaxed",
            Self::Surprised => "surprised",
            Self::Aa => "aa",
            Self::Ih => "ih",
            Self::Ou => "ou",
            Self::Ee => "ee",
            Self::Oh => "oh",
            Self::Blink => "blink",
            Self::LookUp => "lookUp",
            Self::LookDown => "lookDown",
            Self::LookLeft => "lookLeft",
            Self::LookRight => "lookRight",
        }
    }

    /// The shape of that name, or none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|morph| morph.name() == name)
    }
}

/// How much there is of each shape.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Morphs([f32; Morph::ALL.len()]);

impl Morphs {
    /// How much there is of one, 0 to 1.
    #[must_use]
    pub fn get(&self, morph: Morph) -> f32 {
        self.0[morph as usize]
    }

    /// The same with so much of one; what is no number is none of it.
    #[must_use]
    pub fn with(mut self, morph: Morph, weight: f32) -> Self {
        self.0[morph as usize] = if weight.is_nan() { 0.0 } else { weight.clamp(0.0, 1.0) };
        self
    }

    /// What an expression is made of.
    #[must_use]
    pub fn of(expression: Expression) -> Self {
        let none = Self::default();
        match expression {
            Expression::Hurt => none.with(Morph::Sad, 0.9),
            Expression::Doubt => none.with(Morph::Sad, 0.35),
            Expression::Calm => none.with(Morph::Relaxed, 0.7),
            Expression::Comfort => none.with(Morph::Happy, 0.45).with(Morph::Sad, 0.25),
            Expression::Surprise => none.with(Morph::Surprised, 0.9),
            Expression::Eased => none.with(Morph::Relaxed, 1.0).with(Morph::Blink, 1.0),
        }
    }

    /// The same with a mouth of this shape.
    #[must_use]
    pub fn saying(self, viseme: Viseme, open: f32) -> Self {
        match viseme {
            Viseme::Closed => self,
            Viseme::Aa => self.with(Morph::Aa, open),
            Viseme::Ih => self.with(Morph::Ih, open),
            Viseme::Ou => self.with(Morph::Ou, open),
            Viseme::Ee => self.with(Morph::Ee, open),
            Viseme::Oh => self.with(Morph::Oh, open),
        }
    }

    /// The same with eyes that look there: to the right and up, each -1 to 1.
    #[must_use]
    pub fn looking(self, gaze: Vec2) -> Self {
        self.with(Morph::LookRight, gaze.x)
            .with(Morph::LookLeft, -gaze.x)
            .with(Morph::LookUp, gaze.y)
            .with(Morph::LookDown, -gaze.y)
    }
}

impl Face {
    /// The built-in figure's face with these shapes: each moves it away from a face that says nothing, and they add up.
    #[must_use]
    pub fn with_morphs(morphs: &Morphs) -> Self {
        let neutral = Self { wet: 0.0, blush: 0.3, ..Self::of(Expression::Doubt) };
        let moods = [
            (Morph::Happy, Self { mouth: Vec2::new(0.20, 0.11), blush: 0.6, ..Self::of(Expression::Calm) }),
            (
                Morph::Angry,
                Self { brows: Vec3::new(0.20, 0.27, 0.33), mouth: Vec2::new(0.12, -0.05), ..neutral },
            ),
            (Morph::Sad, Self::of(Expression::Hurt)),
            (Morph::Relaxed, Self::of(Expression::Calm)),
            (Morph::Surprised, Self::of(Expression::Surprise)),
        ];
        let mut face = moods
            .iter()
            .fold(neutral, |face, (morph, shape)| face.moved(&neutral, shape, morphs.get(*morph)));
        for viseme in [Viseme::Aa, Viseme::Ih, Viseme::Ou, Viseme::Ee, Viseme::Oh] {
            let morph = Morphs::default().saying(viseme, 1.0);
            let weight = Morph::ALL.into_iter().map(|it| morph.get(it) * morphs.get(it)).sum::<f32>();
            face.open += Vec2::from(viseme.opening()) * 0.8 * weight;
        }
        face.open = face.open.min(Vec2::new(0.22, 0.20));
        face.shut = morphs.get(Morph::Blink);
        face.gaze = Vec2::new(
            morphs.get(Morph::LookRight) - morphs.get(Morph::LookLeft),
            morphs.get(Morph::LookUp) - morphs.get(Morph::LookDown),
        );
        face
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_found_by_its_name_and_stands_at_its_place() {
        for (at, morph) in Morph::ALL.into_iter().enumerate() {
            assert_eq!(Morph::from_name(morph.name()), Some(morph));
            assert_eq!(morph as usize, at);
        }
        assert_eq!(Morph::from_name("Happy"), None);
    }

    #[test]
    fn a_face_that_is_all_sad_is_the_hurt_one() {
        let (sad, hurt) =
            (Face::with_morphs(&Morphs::default().with(Morph::Sad, 1.0)), Face::of(Expression::Hurt));
        assert!(sad.brows.distance(hurt.brows) < 1e-5 && sad.mouth.distance(hurt.mouth) < 1e-5);
    }

    #[test]
    fn a_mouth_opens_by_its_viseme_and_no_farther_than_the_face_is_large() {
        let closed = Face::with_morphs(&Morphs::default());
        let open = Face::with_morphs(&Morphs::default().saying(Viseme::Aa, 1.0));
        assert!(closed.open == Vec2::ZERO && open.open.y > 0.1);
        let all = Morph::ALL.into_iter().fold(Morphs::default(), |all, morph| all.with(morph, 7.0));
        assert!(Face::with_morphs(&all).open.max_element() <= 0.22);
    }

    #[test]
    fn what_is_no_number_is_none_of_it() {
        assert_eq!(Morphs::default().with(Morph::Happy, f32::NAN).get(Morph::Happy), 0.0);
    }

    #[test]
    fn eyes_look_where_they_are_told() {
        let face = Face::with_morphs(&Morphs::default().looking(Vec2::new(-0.4, 0.2)));
        assert!(face.gaze.distance(Vec2::new(-0.4, 0.2)) < 1e-6);
    }
}
