//! The Patient's face in numbers: what it says, and how that is drawn.

use bevy::prelude::*;

use super::moment::FaceDrawing;
use super::morph::{Morph, Morphs};
use super::mouth;
use crate::dialogue::mouth::Viseme;

/// What a face says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expression {
    /// Hurt by a thought.
    Hurt,
    /// Not so sure any more.
    Doubt,
    /// At rest.
    Calm,
    /// Comforted.
    Comfort,
    /// Something unexpected was said.
    Surprise,
    /// Sorrow that has eased.
    Eased,
}

/// A face in numbers; lengths in half widths of the head.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// How open the eyes are above, and below.
    pub lids: Vec2,
    /// Shut to an arc: a blink, or peace.
    pub shut: f32,
    /// How large the eyes are.
    pub wide: f32,
    /// Where they look.
    pub gaze: Vec2,
    /// How wet.
    pub wet: f32,
    /// How red the cheeks.
    pub blush: f32,
    /// Brows: inner, middle, outer.
    pub brows: Vec3,
    /// Mouth: half its width, its curve.
    pub mouth: Vec2,
    /// How far it is open: half width, half height.
    pub open: Vec2,
}

/// A face that says nothing: every shape moves it away from here.
const NEUTRAL: Face = Face {
    lids: Vec2::new(0.90, 1.0),
    shut: 0.0,
    wide: 1.0,
    gaze: Vec2::ZERO,
    wet: 0.0,
    blush: 0.25,
    brows: Vec3::new(0.315, 0.295, 0.24),
    mouth: Vec2::new(0.115, -0.008),
    open: Vec2::ZERO,
};

/// The face that is all of a shape.
const SHAPES: [(Morph, Face); 5] = [
    (
        Morph::Happy,
        Face {
            lids: Vec2::new(0.907, 0.833),
            brows: Vec3::new(0.399, 0.374, 0.253),
            mouth: Vec2::new(0.147, 0.118),
            ..NEUTRAL
        },
    ),
    (Morph::Angry, Face { brows: Vec3::new(0.20, 0.27, 0.33), mouth: Vec2::new(0.12, -0.05), ..NEUTRAL }),
    (
        Morph::Sad,
        Face {
            lids: Vec2::new(0.72, 1.0),
            brows: Vec3::new(0.33, 0.27, 0.18),
            mouth: Vec2::new(0.135, -0.05),
            ..NEUTRAL
        },
    ),
    (
        Morph::Relaxed,
        Face {
            lids: Vec2::new(0.95, 1.0),
            brows: Vec3::new(0.29, 0.325, 0.27),
            mouth: Vec2::new(0.18, 0.085),
            ..NEUTRAL
        },
    ),
    (
        Morph::Surprised,
        Face {
            lids: Vec2::new(0.95, 1.0),
            wide: 1.15,
            brows: Vec3::new(0.42, 0.44, 0.39),
            mouth: Vec2::new(0.06, 0.0),
            open: Vec2::new(0.06, 0.075),
            ..NEUTRAL
        },
    ),
];

/// How far a mouth opens at most: half width, half height.
const WIDEST: Vec2 = Vec2::new(0.22, 0.20);

impl Expression {
    /// The shapes that it is made of.
    #[must_use]
    pub fn morphs(self) -> Morphs {
        let none = Morphs::default();
        match self {
            Self::Doubt => none,
            Self::Hurt => none.with(Morph::Sad, 1.0),
            Self::Calm => none.with(Morph::Relaxed, 1.0),
            Self::Comfort => none.with(Morph::Happy, 0.6).with(Morph::Sad, 0.3),
            Self::Surprise => none.with(Morph::Surprised, 1.0),
            Self::Eased => none.with(Morph::Relaxed, 1.0).with(Morph::Blink, 1.0),
        }
    }

    /// What no shape of the standard has: how wet the eyes are, how red the cheeks.
    #[must_use]
    pub fn tint(self) -> Vec2 {
        match self {
            Self::Doubt => Vec2::new(0.0, 0.25),
            Self::Hurt => Vec2::new(0.0, 0.15),
            Self::Calm | Self::Surprise | Self::Eased => Vec2::new(0.0, 0.45),
            Self::Comfort => Vec2::new(0.8, 0.55),
        }
    }
}

impl Face {
    /// A face that says this.
    #[must_use]
    pub fn of(expression: Expression) -> Self {
        Self::with(&expression.morphs(), expression.tint())
    }

    /// A face of these shapes, so wet and so red: what they move adds up.
    #[must_use]
    pub fn with(morphs: &Morphs, tint: Vec2) -> Self {
        let mut face = Self { wet: tint.x, blush: tint.y, ..NEUTRAL };
        for (morph, shape) in SHAPES {
            let share = morphs.get(morph);
            face.lids += (shape.lids - NEUTRAL.lids) * share;
            face.wide += (shape.wide - NEUTRAL.wide) * share;
            face.brows += (shape.brows - NEUTRAL.brows) * share;
            face.mouth += (shape.mouth - NEUTRAL.mouth) * share;
            face.open += (shape.open - NEUTRAL.open) * share;
        }
        let said =
            Viseme::ALL.into_iter().filter_map(|viseme| Some((viseme, morphs.get(mouth::morph(viseme)?))));
        // A mouth that speaks is open as its sounds are, and not as its mood is.
        let (spoken, opening) =
            said.fold((0.0, Vec2::ZERO), |(spoken, opening): (f32, Vec2), (viseme, share)| {
                (spoken + share, opening + Vec2::from(mouth::opening(viseme)) * share)
            });
        face.open = (face.open * (1.0 - spoken.min(1.0)) + opening).min(WIDEST);
        face.shut = morphs.get(Morph::Blink);
        face.gaze = morphs.gaze();
        face
    }

    /// As the shader draws it.
    #[must_use]
    pub fn drawing(&self, to_head: Mat4) -> FaceDrawing {
        FaceDrawing {
            to_head,
            eyes: Vec4::new(self.lids.x, self.lids.y, self.shut, self.wide),
            look: Vec4::new(self.gaze.x, self.gaze.y, self.wet, self.blush),
            brows: self.brows.extend(0.026),
            mouth: Vec4::new(self.mouth.x, self.mouth.y, self.open.x, self.open.y),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mouth_opens_by_its_viseme_and_no_farther_than_the_face_is_large() {
        let with = |morphs: &Morphs| Face::with(morphs, Vec2::ZERO);
        let (closed, open) = (with(&Morphs::default()), with(&Morphs::default().saying(Viseme::Aa, 0.8)));
        assert!(closed.open == Vec2::ZERO && open.open.y > 0.1, "{open:?}");
        let all = Morph::ALL.into_iter().fold(Morphs::default(), |all, morph| all.with(morph, 7.0));
        assert!(with(&all).open.cmple(WIDEST).all());
    }

    #[test]
    fn eyes_look_where_they_are_told() {
        for gaze in [Vec2::new(-0.4, 0.2), Vec2::new(0.7, -0.9)] {
            let face = Face::with(&Morphs::default().looking(gaze), Vec2::ZERO);
            assert!(face.gaze.distance(gaze) < 1e-6);
        }
    }

    #[test]
    fn a_comforted_face_smiles_and_its_brows_are_up() {
        let (comfort, doubt) = (Face::of(Expression::Comfort), Face::of(Expression::Doubt));
        assert!(comfort.mouth.y > doubt.mouth.y + 0.05 && comfort.brows.x > doubt.brows.x + 0.04);
        assert!(comfort.lids.y < doubt.lids.y, "its cheeks are up");
    }
}
