//! The Patient's face in numbers: what it says, and how that is drawn.

use bevy::prelude::*;

use super::moment::FaceDrawing;

/// How many numbers a face has that glide.
pub(super) const FIELDS: usize = 13;

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

impl Face {
    /// A face that says this.
    #[must_use]
    pub fn of(expression: Expression) -> Self {
        let calm = Self {
            lids: Vec2::new(0.95, 1.0),
            shut: 0.0,
            wide: 1.0,
            gaze: Vec2::ZERO,
            wet: 0.0,
            blush: 0.45,
            brows: Vec3::new(0.29, 0.325, 0.27),
            mouth: Vec2::new(0.18, 0.085),
            open: Vec2::ZERO,
        };
        match expression {
            Expression::Calm => calm,
            Expression::Hurt => Self {
                lids: Vec2::new(0.72, 1.0),
                brows: Vec3::new(0.33, 0.27, 0.18),
                mouth: Vec2::new(0.135, -0.05),
                blush: 0.15,
                ..calm
            },
            Expression::Doubt => Self {
                lids: Vec2::new(0.9, 1.0),
                brows: Vec3::new(0.315, 0.295, 0.24),
                mouth: Vec2::new(0.115, -0.008),
                blush: 0.25,
                ..calm
            },
            Expression::Comfort => Self {
                lids: Vec2::new(0.85, 0.90),
                wet: 0.8,
                brows: Vec3::new(0.37, 0.335, 0.23),
                mouth: Vec2::new(0.14, 0.055),
                blush: 0.55,
                ..calm
            },
            Expression::Surprise => Self {
                wide: 1.15,
                brows: Vec3::new(0.42, 0.44, 0.39),
                mouth: Vec2::new(0.06, 0.0),
                open: Vec2::new(0.06, 0.075),
                ..calm
            },
            Expression::Eased => Self { shut: 1.0, brows: Vec3::new(0.34, 0.33, 0.26), ..calm },
        }
    }

    pub(super) fn fields(&self) -> [f32; FIELDS] {
        [
            self.lids.x,
            self.lids.y,
            self.shut,
            self.wide,
            self.wet,
            self.blush,
            self.brows.x,
            self.brows.y,
            self.brows.z,
            self.mouth.x,
            self.mouth.y,
            self.open.x,
            self.open.y,
        ]
    }

    pub(super) fn from_fields(of: [f32; FIELDS]) -> Self {
        Self {
            lids: Vec2::new(of[0], of[1]),
            shut: of[2],
            wide: of[3],
            gaze: Vec2::ZERO,
            wet: of[4],
            blush: of[5],
            brows: Vec3::new(of[6], of[7], of[8]),
            mouth: Vec2::new(of[9], of[10]),
            open: Vec2::new(of[11], of[12]),
        }
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
