//! What is passed on of a face besides its summary: how it moves, for the Patient's, and what was seen, for the person alone.

use serde::{Deserialize, Serialize};

use super::Expression;

/// How a face moves, measured against the person's own neutral; each movement 0 to 1. Named after the action units of the
/// Facial Action Coding System that they stand for (EMFACS-style, and no more than that).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mien {
    /// How much of it counts: 0 while nobody is seen, 1 while a face is.
    pub there: f32,
    /// Corners of the mouth up (action unit 12).
    pub smile: f32,
    /// Corners of the mouth down (15).
    pub frown: f32,
    /// Inner brows up (1).
    pub brows_up: f32,
    /// Brows together and down (4).
    pub brows_down: f32,
    /// Upper lids up (5).
    pub wide: f32,
    /// Eyes shut (43, 45).
    pub shut: f32,
    /// Head turned to its own left, up, and tilted to its own left, in radians.
    pub turn: [f32; 3],
}

impl Mien {
    /// Between this one and another, 0 to 1.
    #[must_use]
    pub fn towards(&self, other: &Self, share: f32) -> Self {
        let mix = |from: f32, to: f32| from + (to - from) * share.clamp(0.0, 1.0);
        Self {
            there: mix(self.there, other.there),
            smile: mix(self.smile, other.smile),
            frown: mix(self.frown, other.frown),
            brows_up: mix(self.brows_up, other.brows_up),
            brows_down: mix(self.brows_down, other.brows_down),
            wide: mix(self.wide, other.wide),
            shut: mix(self.shut, other.shut),
            turn: std::array::from_fn(|at| mix(self.turn[at], other.turn[at])),
        }
    }
}

/// Why there is nothing to read just now, or that there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// No picture has come yet.
    #[default]
    Waiting,
    /// The person's own neutral is being learned.
    Learning,
    /// A face.
    Face,
    /// One that is turned away.
    Away,
    /// No face.
    Nobody,
    /// Several, and none of them nearest.
    Several,
    /// Too dark to see.
    Dark,
}

/// What the camera's models see, for the person to look at. It reaches nobody else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// What there is to see.
    pub sight: Sight,
    /// Left, top, width and height of the face, each as a share of the picture's side.
    pub bounds: Option<[f32; 4]>,
    /// Landmarks, as shares of the picture's sides.
    pub points: Vec<[f32; 2]>,
    /// How likely each expression is, against the person's own neutral; together 1.
    pub likely: Vec<(Expression, f32)>,
    /// Unpleasant to pleasant, calm to stirred; each -1 to 1.
    pub affect: [f32; 2],
    /// How far it can be relied on, 0 to 1.
    pub confidence: f32,
    /// The words that Guide and Devil would get of the last few seconds; empty where they get none.
    pub caption: String,
    /// How often a picture is looked at, a second.
    pub rate: f32,
    /// The picture, while the person looks at it: JPEG in Base64, small. It is never kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}
