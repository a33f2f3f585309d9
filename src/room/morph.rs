//! The shapes of a face by the names of VRM 1.0 (`VRMC_vrm-1.0`, `expressions.preset`), each from 0 to 1.

use bevy::prelude::*;

use super::mouth;
use crate::dialogue::mouth::Viseme;

/// A shape of a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    missing_docs,
    reason = "the names of the standard say what they are; left and right are the figure's own"
)]
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

    /// The shape of that name in VRM 0.x: a preset's, or what a group of one's own is called; or none.
    #[must_use]
    pub fn from_old_name(name: &str) -> Option<Self> {
        Some(match name.to_lowercase().as_str() {
            "joy" | "happy" => Self::Happy,
            "angry" => Self::Angry,
            "sorrow" | "sad" => Self::Sad,
            "fun" | "relaxed" => Self::Relaxed,
            "surprised" | "surprise" => Self::Surprised,
            "a" | "aa" => Self::Aa,
            "i" | "ih" => Self::Ih,
            "u" | "ou" => Self::Ou,
            "e" | "ee" => Self::Ee,
            "o" | "oh" => Self::Oh,
            "blink" => Self::Blink,
            "lookup" => Self::LookUp,
            "lookdown" => Self::LookDown,
            "lookleft" => Self::LookLeft,
            "lookright" => Self::LookRight,
            _ => return None,
        })
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

    /// The same with a mouth of this shape, so far open, 0 to 1.
    #[must_use]
    pub fn saying(self, viseme: Viseme, open: f32) -> Self {
        mouth::morph(viseme).map_or(self, |morph| self.with(morph, open))
    }

    /// The same with eyes that look there, as a face's gaze has it: `x` towards the +X of a head that looks along +Z, which
    /// is the figure's own left, and `y` up, each -1 to 1.
    #[must_use]
    pub fn looking(self, gaze: Vec2) -> Self {
        self.with(Morph::LookLeft, gaze.x)
            .with(Morph::LookRight, -gaze.x)
            .with(Morph::LookUp, gaze.y)
            .with(Morph::LookDown, -gaze.y)
    }

    /// Where the eyes look, the same way.
    #[must_use]
    pub fn gaze(&self) -> Vec2 {
        let between = |to: Morph, from: Morph| self.get(to) - self.get(from);
        Vec2::new(between(Morph::LookLeft, Morph::LookRight), between(Morph::LookUp, Morph::LookDown))
    }

    /// A face for the Devil at a strength, its mouth so far open and its eyes so far shut: angry, then sad, then at rest.
    #[must_use]
    pub fn of_devil(strength: f32, open: f32, shut: f32) -> Self {
        Self::default()
            .with(Morph::Angry, strength * 2.0 - 0.9)
            .with(Morph::Sad, 0.8 - (strength - 0.4).abs() * 2.0)
            .with(Morph::Relaxed, 0.7 - strength * 3.0)
            .with(Morph::Aa, open * 4.0)
            .with(Morph::Blink, shut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_found_by_its_name_and_stands_at_its_place() {
        for (at, morph) in Morph::ALL.into_iter().enumerate() {
            assert_eq!(Morph::from_name(morph.name()), Some(morph));
            assert_eq!(Morph::from_old_name(morph.name()), Some(morph));
            assert_eq!(morph as usize, at);
        }
        assert_eq!((Morph::from_name("Happy"), Morph::from_old_name("neutral")), (None, None));
    }

    #[test]
    fn what_is_no_number_is_none_of_it() {
        assert_eq!(Morphs::default().with(Morph::Happy, f32::NAN).get(Morph::Happy), 0.0);
    }

    #[test]
    fn eyes_look_where_they_are_told() {
        let morphs = Morphs::default().looking(Vec2::new(-0.4, 0.2));
        assert_eq!((morphs.get(Morph::LookRight), morphs.get(Morph::LookLeft)), (0.4, 0.0));
        assert_eq!((morphs.get(Morph::LookUp), morphs.get(Morph::LookDown)), (0.2, 0.0));
    }
}
