//! How pleasant and how stirred a face looks, from how likely each expression is.

use crate::dialogue::face::Expression;

/// A point on the circumplex: each from -1 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Affect {
    /// Unpleasant to pleasant.
    pub valence: f32,
    /// Calm to stirred.
    pub arousal: f32,
}

impl Affect {
    /// Within its range; none where a number is none.
    #[must_use]
    pub fn within(valence: f32, arousal: f32) -> Option<Self> {
        let sound = valence.is_finite() && arousal.is_finite();
        sound.then(|| Self { valence: valence.clamp(-1.0, 1.0), arousal: arousal.clamp(-1.0, 1.0) })
    }
}

/// Where an expression stands on the circumplex: round figures from general knowledge, nothing that was measured here.
fn place(expression: Expression) -> (f32, f32) {
    match expression {
        Expression::Neutral => (0.0, 0.0),
        Expression::Happy => (0.8, 0.5),
        Expression::Surprised => (0.2, 0.8),
        Expression::Fearful => (-0.6, 0.7),
        Expression::Angry => (-0.6, 0.6),
        Expression::Disgusted => (-0.6, 0.3),
        Expression::Contempt => (-0.5, 0.2),
        Expression::Sad => (-0.7, -0.4),
    }
}

/// The mean of the places of the expressions, each weighted by how likely it is: a smooth point.
#[must_use]
pub fn circumplex(likely: &[(Expression, f32)]) -> Affect {
    let mut mean = Affect::default();
    for &(expression, weight) in likely {
        let (valence, arousal) = place(expression);
        mean.valence += weight * valence;
        mean.arousal += weight * arousal;
    }
    Affect::within(mean.valence, mean.arousal).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_between_two_expressions_stands_between_their_places() {
        let both = circumplex(&[(Expression::Happy, 0.5), (Expression::Sad, 0.5)]);
        assert!((both.valence - 0.05).abs() < 1e-6 && (both.arousal - 0.05).abs() < 1e-6, "{both:?}");
        assert_eq!(circumplex(&[(Expression::Neutral, 1.0)]), Affect::default());
        assert!(circumplex(&[(Expression::Sad, 1.0)]).arousal < 0.0);
    }

    #[test]
    fn nonsense_is_clamped_or_nothing() {
        let most = Affect { valence: 1.0, arousal: -1.0 };
        assert_eq!(Affect::within(7.0, -3.0), Some(most));
        assert_eq!(Affect::within(f32::NAN, 0.0), None);
        assert_eq!(circumplex(&[(Expression::Happy, f32::NAN)]), Affect::default());
    }
}
