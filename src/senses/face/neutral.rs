//! The person's own neutral: what their face does when it does nothing, learned in the first seconds. A mouth that turns down
//! by itself is no sadness.

use std::time::Duration;

use super::affect::Affect;
use super::sense::{EXPRESSIONS, Glance, Likely};
use crate::dialogue::face::{Expression, Mien};

/// How long it takes, and how many readings at least.
const TAKES: Duration = Duration::from_secs(3);
const LEAST: usize = 6;
const MOST: usize = 64;
/// Whoever smiled at first is not sad for the rest of the evening: so much of it is taken away at most.
const MOST_VALENCE: f32 = 0.3;
const MOST_LIKELY: f32 = 0.5;

/// What was learned, and what is being learned.
#[derive(Debug, Default)]
pub(super) struct Neutral {
    since: Option<Duration>,
    glances: Vec<Glance>,
    known: Option<(Likely, Affect, Mien)>,
}

impl Neutral {
    pub(super) fn is_known(&self) -> bool {
        self.known.is_some()
    }

    /// One more picture of the person's face, turned to the camera.
    pub(super) fn learn(&mut self, at: Duration, glance: &Glance) {
        if self.known.is_some() {
            return;
        }
        let since = *self.since.get_or_insert(at);
        if self.glances.len() < MOST {
            self.glances.push(*glance);
        }
        if at.saturating_sub(since) < TAKES || self.glances.len() < LEAST {
            return;
        }
        let likely = std::array::from_fn(|it| self.median(|glance| glance.likely[it]).min(MOST_LIKELY));
        let bounded = |it: f32| it.clamp(-MOST_VALENCE, MOST_VALENCE);
        let affect = Affect {
            valence: bounded(self.median(|glance| glance.affect.valence)),
            arousal: bounded(self.median(|glance| glance.affect.arousal)),
        };
        self.known = Some((likely, affect, self.median_mien()));
        self.glances = Vec::new();
    }

    fn median(&self, of: impl Fn(&Glance) -> f32) -> f32 {
        let mut all: Vec<f32> = self.glances.iter().map(of).collect();
        all.sort_by(f32::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or_default()
    }

    fn median_mien(&self) -> Mien {
        let of = |field: fn(&Mien) -> f32| self.median(|glance| glance.mien.as_ref().map_or(0.0, field));
        Mien {
            there: 1.0,
            smile: of(|it| it.smile),
            frown: of(|it| it.frown),
            brows_up: of(|it| it.brows_up),
            brows_down: of(|it| it.brows_down),
            wide: of(|it| it.wide),
            shut: of(|it| it.shut),
            turn: std::array::from_fn(|at| self.median(|glance| glance.turn[at])),
        }
    }

    /// A reading against it: how much more of each expression there is, and how far the affect has moved.
    pub(super) fn against(&self, glance: &Glance) -> (Likely, Affect) {
        let Some((likely, affect, _)) = &self.known else { return (glance.likely, glance.affect) };
        let mut more: Likely = std::array::from_fn(|it| (glance.likely[it] - likely[it]).max(0.0));
        more[0] = 0.0;
        let sum: f32 = more.iter().sum();
        if sum > 1.0 {
            more = more.map(|it| it / sum);
        }
        more[0] = (1.0 - sum).max(0.0);
        let moved =
            Affect::within(glance.affect.valence - affect.valence, glance.affect.arousal - affect.arousal);
        (more, moved.unwrap_or_default())
    }

    /// How the face moves against it: by its shapes where they are known, else by what it may show.
    pub(super) fn mien(&self, glance: &Glance, likely: &Likely) -> Mien {
        let own = self.known.as_ref().map(|(_, _, own)| *own).unwrap_or_default();
        let turn = std::array::from_fn(|at| (glance.turn[at] - own.turn[at]).clamp(-1.2, 1.2));
        let Some(now) = glance.mien else { return Mien { turn, ..of_expressions(likely) } };
        // What is left of its range counts as all of it.
        let more = |now: f32, own: f32| ((now - own) / (1.0 - own).max(0.2)).clamp(0.0, 1.0);
        Mien {
            there: 1.0,
            smile: more(now.smile, own.smile),
            frown: more(now.frown, own.frown),
            brows_up: more(now.brows_up, own.brows_up),
            brows_down: more(now.brows_down, own.brows_down),
            wide: more(now.wide, own.wide),
            shut: more(now.shut, own.shut),
            turn,
        }
    }
}

/// Movements that go with expressions (EMFACS-style prototypes; nothing that was measured here).
fn of_expressions(likely: &Likely) -> Mien {
    let of = |expression| EXPRESSIONS.iter().position(|it| *it == expression).map_or(0.0, |at| likely[at]);
    let (sad, fear, surprise) = (of(Expression::Sad), of(Expression::Fearful), of(Expression::Surprised));
    let (anger, disgust) = (of(Expression::Angry), of(Expression::Disgusted));
    Mien {
        there: 1.0,
        smile: of(Expression::Happy),
        frown: (sad + 0.5 * disgust + 0.3 * anger).min(1.0),
        brows_up: (0.8 * sad + 0.7 * fear + 0.8 * surprise).min(1.0),
        brows_down: (anger + 0.4 * disgust).min(1.0),
        wide: (surprise + 0.7 * fear).min(1.0),
        shut: 0.0,
        turn: [0.0; 3],
    }
}
