//! The sense of a face, on readings alone: the person's own neutral, smoothing, what fades, and the summary of a while. It
//! knows no clock and no device, and keeps no picture.

use std::collections::VecDeque;
use std::time::Duration;

use super::affect::Affect;
use super::caption::{Course, Told, caption};
use super::neutral::Neutral;
use crate::dialogue::face::{Expression, FaceSummary, Mien, Sight, TURNED_AWAY_MS};

/// All expressions, in the order in which they are counted.
pub const EXPRESSIONS: [Expression; 8] = [
    Expression::Neutral,
    Expression::Happy,
    Expression::Sad,
    Expression::Angry,
    Expression::Fearful,
    Expression::Disgusted,
    Expression::Surprised,
    Expression::Contempt,
];

/// How likely each of [`EXPRESSIONS`] is; together 1.
pub type Likely = [f32; EXPRESSIONS.len()];

/// What one picture showed of a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glance {
    /// How likely each expression is.
    pub likely: Likely,
    /// How pleasant and how stirred it looks.
    pub affect: Affect,
    /// How sure the detector is that this is a face, 0 to 1.
    pub score: f32,
    /// How it moves, as far as its shapes are known; without them its movements follow from the expressions.
    pub mien: Option<Mien>,
    /// Head turned to its own left, up, and tilted to its own left, in radians.
    pub turn: [f32; 3],
}

impl Glance {
    /// Whether every number is one and within its range.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let sum: f32 = self.likely.iter().sum();
        self.likely.iter().all(|it| (0.0..=1.0).contains(it))
            && (0.9..1.1).contains(&sum)
            && Affect::within(self.affect.valence, self.affect.arousal) == Some(self.affect)
            && (0.0..=1.0).contains(&self.score)
            && self.turn.iter().all(|it| it.is_finite())
    }
}

/// What one picture showed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    /// A face.
    Face(Glance),
    /// None.
    Nobody,
    /// Several, and none of them nearest.
    Several,
    /// Too dark to tell.
    Dark,
    /// There is no picture: the camera is not there.
    Blind,
    /// A network failed, or answered with nonsense.
    Nonsense,
}

/// Turned farther than this to a side, or down, a face is turned away, in radians.
const AWAY: [f32; 2] = [0.6, 0.6];
/// How long a smoothed number takes for most of a change.
const SMOOTH: Duration = Duration::from_millis(500);
/// How long a face that is gone takes to fade.
const FADE: Duration = Duration::from_millis(1_500);
/// One picture stands for so long at most.
const LONGEST_GAP: Duration = Duration::from_millis(600);
/// What is kept of the past.
const KEPT: Duration = Duration::from_secs(90);
/// Nobody for so long, and whoever comes may be somebody else.
const SOMEBODY_ELSE: Duration = Duration::from_secs(30);
/// So many readings that are none in a row, and the face is taken for neutral.
const MOST_NONSENSE: u32 = 10;

/// What is kept of one picture.
#[derive(Clone, Copy, Debug)]
struct Moment {
    at: Duration,
    sight: Sight,
    likely: Likely,
    affect: Affect,
    confidence: f32,
}

/// Follows a face. Times are since any moment that stays the same.
#[derive(Debug, Default)]
pub struct Sense {
    neutral: Neutral,
    smooth: Option<(Duration, Likely, Affect)>,
    mien: Mien,
    moments: VecDeque<Moment>,
    /// When a face was seen last.
    face_at: Option<Duration>,
    /// Valence over the last utterance.
    before: Option<f32>,
    nonsense: u32,
    /// Until when nothing is said outside of an utterance.
    quiet_until: Duration,
}

impl Sense {
    /// Takes in what a picture showed.
    pub fn see(&mut self, at: Duration, look: &Look) {
        if self.moments.back().is_some_and(|last| at <= last.at) {
            return;
        }
        let moment = match look {
            Look::Face(glance) if glance.is_sound() => self.face(at, glance),
            Look::Face(_) | Look::Nonsense => {
                self.nonsense += 1;
                if self.nonsense >= MOST_NONSENSE {
                    self.fade(at);
                }
                return;
            }
            Look::Nobody => self.blank(at, Sight::Nobody),
            Look::Several => self.blank(at, Sight::Several),
            Look::Blind => self.blank(at, Sight::Waiting),
            Look::Dark => self.blank(at, Sight::Dark),
        };
        self.moments.push_back(moment);
        while self.moments.front().is_some_and(|first| at.saturating_sub(first.at) > KEPT) {
            self.moments.pop_front();
        }
    }

    fn face(&mut self, at: Duration, glance: &Glance) -> Moment {
        self.nonsense = 0;
        if self.face_at.is_some_and(|last| at.saturating_sub(last) > SOMEBODY_ELSE) {
            *self = Self::default();
        }
        self.face_at = Some(at);
        let away = glance.turn[0].abs() > AWAY[0] || -glance.turn[1] > AWAY[1];
        if !away {
            self.neutral.learn(at, glance);
        }
        let (likely, affect) = self.neutral.against(glance);
        let (likely, affect) = match self.smooth {
            Some((then, likely_then, affect_then)) => {
                let share = share_of(at.saturating_sub(then), SMOOTH);
                let mix = |from: f32, to: f32| from + (to - from) * share;
                let affect = Affect {
                    valence: mix(affect_then.valence, affect.valence),
                    arousal: mix(affect_then.arousal, affect.arousal),
                };
                (std::array::from_fn(|it| mix(likely_then[it], likely[it])), affect)
            }
            None => (likely, affect),
        };
        self.smooth = Some((at, likely, affect));
        let sight = match () {
            () if away => Sight::Away,
            () if !self.neutral.is_known() => Sight::Learning,
            () => Sight::Face,
        };
        let mien = self.neutral.mien(glance, &likely);
        self.mien = self.mien.towards(&Mien { there: 1.0, ..mien }, 0.6);
        let leading = likely.iter().copied().fold(0.0, f32::max);
        Moment { at, sight, likely, affect, confidence: (glance.score * leading).clamp(0.0, 1.0) }
    }

    fn blank(&mut self, at: Duration, sight: Sight) -> Moment {
        self.fade(at);
        let (likely, affect) = (neutral(), Affect::default());
        Moment { at, sight, likely, affect, confidence: 0.0 }
    }

    /// What is not seen any more fades.
    fn fade(&mut self, at: Duration) {
        let Some(last) = self.face_at else { return };
        let left = (-at.saturating_sub(last).as_secs_f32() / FADE.as_secs_f32()).exp();
        self.mien = Mien { there: self.mien.there.min(left), ..self.mien };
        if left < 0.1 {
            self.smooth = None;
        }
    }

    /// How the face moves, for the Patient's.
    #[must_use]
    pub fn mien(&self) -> Mien {
        self.mien
    }

    /// What there is to see just now.
    #[must_use]
    pub fn sight(&self) -> Sight {
        self.moments.back().map_or(Sight::Waiting, |moment| moment.sight)
    }

    /// The face as it is just now: how likely each expression is, its place on the circumplex, and how far that can be relied
    /// on.
    #[must_use]
    pub fn now(&self) -> (Likely, Affect, f32) {
        self.moments
            .back()
            .map_or((neutral(), Affect::default(), 0.0), |it| (it.likely, it.affect, it.confidence))
    }

    /// What the face did from then until then. None while the person's own neutral is not known, or nothing was seen.
    #[must_use]
    pub fn summary(&self, from: Duration, to: Duration) -> Option<FaceSummary> {
        if !self.neutral.is_known() {
            return None;
        }
        let while_ = While::of(&self.moments, from, to);
        (while_.observed > Duration::ZERO || while_.away > Duration::ZERO)
            .then(|| while_.summary(self.before))
    }

    /// The same, of an utterance: the next one is compared to it.
    pub fn utterance(&mut self, from: Duration, to: Duration) -> Option<FaceSummary> {
        let summary = self.summary(from, to)?;
        if summary.observed_ms > 0 {
            self.before = Some(summary.valence);
        }
        Some(summary)
    }

    /// What a face does outside of an utterance, where that is worth telling: it may be in distress, or turned away. Once in a
    /// while at most.
    pub fn aside(&mut self, at: Duration) -> Option<FaceSummary> {
        const JUST_NOW: Duration = Duration::from_secs(2);
        const A_WHILE: Duration = Duration::from_millis(TURNED_AWAY_MS + 4_000);
        const QUIET: Duration = Duration::from_secs(10);
        if at < self.quiet_until {
            return None;
        }
        let just_now = self.summary(at.saturating_sub(JUST_NOW), at);
        let distress = just_now.filter(|it| it.valence <= -0.5 && it.arousal >= 0.3);
        let away = || {
            let since = self.moments.iter().rev().take_while(|it| it.is_away()).last()?.at;
            let long = at.saturating_sub(since) >= Duration::from_millis(TURNED_AWAY_MS);
            long.then(|| self.summary(at.saturating_sub(A_WHILE), at)).flatten()
        };
        let found = distress.or_else(away)?;
        self.quiet_until = at + QUIET;
        Some(found)
    }
}

impl Moment {
    /// Whether somebody who was there looks elsewhere.
    fn is_away(&self) -> bool {
        matches!(self.sight, Sight::Away | Sight::Nobody)
    }
}

/// A stretch of time, weighed.
#[derive(Default)]
struct While {
    observed: Duration,
    away: Duration,
    likely: Likely,
    affect: Affect,
    confidence: f32,
    seen: Vec<(Duration, Likely)>,
}

impl While {
    fn of(moments: &VecDeque<Moment>, from: Duration, to: Duration) -> Self {
        let mut all = Self::default();
        let mut was_there = moments.iter().any(|it| it.at < from && !it.is_away());
        for (at, moment) in moments.iter().enumerate().filter(|(_, it)| it.at >= from && it.at <= to) {
            let until = moments.get(at + 1).map_or(moment.at, |next| next.at.min(to));
            let long = until.saturating_sub(moment.at).min(LONGEST_GAP);
            match moment.sight {
                Sight::Face => all.add(moment, long),
                // Somebody who never was there is not turned away.
                Sight::Away => all.away += long,
                Sight::Nobody if was_there => all.away += long,
                _ => {}
            }
            was_there |= moment.sight == Sight::Face;
        }
        all
    }

    fn add(&mut self, moment: &Moment, long: Duration) {
        let weight = long.as_secs_f32();
        self.observed += long;
        self.seen.push((moment.at, moment.likely));
        for (sum, it) in self.likely.iter_mut().zip(moment.likely) {
            *sum += weight * it;
        }
        self.affect.valence += weight * moment.affect.valence;
        self.affect.arousal += weight * moment.affect.arousal;
        self.confidence += weight * moment.confidence;
    }

    fn summary(&self, before: Option<f32>) -> FaceSummary {
        let weight = self.observed.as_secs_f32().max(f32::EPSILON);
        let likely = self.likely.map(|it| it / weight);
        let affect = Affect::within(self.affect.valence / weight, self.affect.arousal / weight);
        let affect = affect.unwrap_or_default();
        let (leading, runner_up) = leading(&likely);
        let all = (self.observed + self.away).as_secs_f32().max(f32::EPSILON);
        let told = Told {
            leading: leading.map(|it| (EXPRESSIONS[it], course(&self.seen, it))),
            runner_up: runner_up.map(|it| EXPRESSIONS[it]),
            away: self.away.as_secs_f32() / all,
        };
        FaceSummary {
            caption: caption(told),
            valence: affect.valence,
            arousal: affect.arousal,
            confidence: (self.confidence / weight).clamp(0.0, 1.0),
            observed_ms: self.observed.as_millis() as u64,
            valence_change: before.map_or(0.0, |before| affect.valence - before),
            expression: leading.map_or(Expression::Neutral, |it| EXPRESSIONS[it]),
            runner_up: told.runner_up,
            away_ms: self.away.as_millis() as u64,
            disagrees: false,
            words: None,
        }
    }
}

/// Less of an expression than this is none; and than this is little.
const SHOWS: f32 = 0.2;
const THERE: f32 = 0.35;

/// Which expression leads, besides neutral, and which comes next, where they show at all.
fn leading(likely: &Likely) -> (Option<usize>, Option<usize>) {
    let mut order: Vec<usize> = (1..likely.len()).collect();
    order.sort_by(|one, other| likely[*other].total_cmp(&likely[*one]));
    let shows = |at: usize| order.get(at).copied().filter(|it| likely[*it] >= SHOWS);
    (shows(0), shows(1))
}

/// How one expression ran.
fn course(seen: &[(Duration, Likely)], which: usize) -> Course {
    let run: Vec<f32> = seen.iter().map(|(_, likely)| likely[which]).collect();
    let mean = |of: &[f32]| of.iter().sum::<f32>() / of.len().max(1) as f32;
    let there = run.iter().filter(|it| **it >= THERE).count() as f32 / run.len().max(1) as f32;
    let rises = run.windows(2).filter(|two| two[0] < THERE && two[1] >= THERE).count();
    let (first, second) = run.split_at(run.len() / 2);
    let change = mean(second) - mean(first);
    match () {
        () if there == 0.0 => Course::Faint,
        () if there >= 0.8 => Course::Steady,
        () if rises >= 2 => Course::Fleeting,
        () if change > 0.2 => Course::Growing,
        () if change < -0.2 => Course::Fading,
        () => Course::Fleeting,
    }
}

/// A face that says nothing.
pub(super) fn neutral() -> Likely {
    std::array::from_fn(|at| if at == 0 { 1.0 } else { 0.0 })
}

/// How much of a change is made after this time, where most of it takes so long.
fn share_of(after: Duration, takes: Duration) -> f32 {
    1.0 - (-after.as_secs_f32() / takes.as_secs_f32()).exp()
}

#[cfg(test)]
#[path = "sense_tests.rs"]
mod tests;
