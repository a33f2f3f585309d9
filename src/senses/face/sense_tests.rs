use std::time::Duration;

use super::*;
use crate::dialogue::face::FaceCue;
use crate::senses::face::circumplex;

/// A face that shows this much of an expression, and is still for the rest.
fn showing(expression: Expression, much: f32) -> Look {
    let mut likely = neutral();
    let at = EXPRESSIONS.iter().position(|it| *it == expression).expect("it is counted");
    likely[0] -= much;
    likely[at] += much;
    let pairs: Vec<_> = EXPRESSIONS.into_iter().zip(likely).collect();
    Look::Face(Glance { likely, affect: circumplex(&pairs), score: 0.95, mien: None, turn: [0.0; 3] })
}

fn turned(by: f32) -> Look {
    match showing(Expression::Neutral, 0.0) {
        Look::Face(glance) => Look::Face(Glance { turn: [by, 0.0, 0.0], ..glance }),
        other => other,
    }
}

/// Somebody before a camera with five pictures a second.
#[derive(Default)]
struct Sitting {
    sense: Sense,
    at: Duration,
}

impl Sitting {
    /// Whose neutral is known.
    fn known() -> Self {
        let mut sitting = Self::default();
        sitting.shows(&showing(Expression::Neutral, 0.0), 4.0);
        sitting
    }

    fn shows(&mut self, look: &Look, seconds: f32) {
        let end = self.at + Duration::from_secs_f32(seconds);
        while self.at < end {
            self.at += Duration::from_millis(200);
            self.sense.see(self.at, look);
        }
    }

    fn last(&self, seconds: f32) -> Option<FaceSummary> {
        self.sense.summary(self.at.saturating_sub(Duration::from_secs_f32(seconds)), self.at)
    }
}

#[test]
fn nothing_is_told_before_the_persons_own_neutral_is_known() {
    let mut sitting = Sitting::default();
    sitting.shows(&showing(Expression::Sad, 0.4), 2.0);
    assert_eq!((sitting.sense.sight(), sitting.last(2.0)), (Sight::Learning, None));
    sitting.shows(&showing(Expression::Sad, 0.4), 3.0);
    let summary = sitting.last(1.0).expect("it is known");
    assert_eq!(sitting.sense.sight(), Sight::Face);
    // A face that always looks a little sad says nothing by it.
    assert!(summary.valence.abs() < 0.05 && summary.expression == Expression::Neutral, "{summary:?}");
    assert_eq!(summary.caption, "mostly still");
}

#[test]
fn whoever_smiled_at_first_is_not_taken_for_sad_afterwards() {
    let mut sitting = Sitting::default();
    sitting.shows(&showing(Expression::Happy, 0.9), 4.0);
    sitting.shows(&showing(Expression::Neutral, 0.0), 4.0);
    let summary = sitting.last(2.0).expect("it is known");
    assert_eq!(summary.expression, Expression::Neutral);
    assert!(summary.valence > -0.4 && FaceCue::read(&summary, "You did it.").is_none(), "{summary:?}");
}

#[test]
fn a_smile_is_told_by_how_it_ran() {
    let (smile, still) = (showing(Expression::Happy, 0.9), showing(Expression::Neutral, 0.0));
    let told = |run: &[(&Look, f32)]| {
        let mut sitting = Sitting::known();
        for (look, seconds) in run {
            sitting.shows(look, *seconds);
        }
        sitting.last(run.iter().map(|it| it.1).sum()).expect("it is known")
    };
    assert_eq!(told(&[(&smile, 6.0)]).caption, "a smile that stays");
    let run = [(&smile, 2.0), (&still, 3.0), (&smile, 2.0), (&still, 3.0), (&smile, 2.0)];
    assert_eq!(told(&run).caption, "a smile that comes and goes");
    assert_eq!(told(&[(&still, 4.0), (&smile, 3.0)]).caption, "a smile that grows");
    let summary = told(&[(&smile, 3.0), (&still, 4.0)]);
    assert_eq!((summary.caption.as_str(), summary.expression), ("a smile that fades", Expression::Happy));
}

#[test]
fn the_runner_up_and_the_change_since_the_last_utterance_are_told() {
    let mut sitting = Sitting::known();
    let utter = |sitting: &mut Sitting| {
        let (from, to) = (sitting.at.saturating_sub(Duration::from_secs(3)), sitting.at);
        sitting.sense.utterance(from, to).expect("it is known")
    };
    sitting.shows(&showing(Expression::Sad, 0.9), 4.0);
    let first = utter(&mut sitting);
    assert!(first.valence < -0.5 && first.valence_change == 0.0, "{first:?}");
    sitting.shows(&showing(Expression::Happy, 0.9), 4.0);
    let second = utter(&mut sitting);
    assert!(second.valence_change > 1.0 && second.confidence > 0.6, "{second:?}");
    let mut both = neutral();
    (both[0], both[1], both[2]) = (0.1, 0.3, 0.6);
    let Look::Face(still) = showing(Expression::Neutral, 0.0) else { panic!("a face") };
    sitting.shows(&Look::Face(Glance { likely: both, ..still }), 5.0);
    let third = utter(&mut sitting);
    assert_eq!((third.expression, third.runner_up), (Expression::Sad, Some(Expression::Happy)));
    assert_eq!(third.caption, "what may be sadness, and it stays, with something of a smile beside it");
}

#[test]
fn whoever_turns_away_or_leaves_is_away_and_the_dark_is_no_turning_away() {
    for away in [turned(0.9), turned(-0.9), Look::Nobody] {
        let mut sitting = Sitting::known();
        sitting.shows(&showing(Expression::Neutral, 0.0), 3.0);
        sitting.shows(&away, 3.0);
        assert_eq!(sitting.sense.aside(sitting.at), None);
        sitting.shows(&away, 2.0);
        let summary = sitting.sense.aside(sitting.at).expect("it is told");
        assert!(summary.away_ms >= TURNED_AWAY_MS, "{summary:?}");
        assert_eq!(FaceCue::read(&summary, ""), Some(FaceCue::TurnedAway));
        sitting.shows(&away, 1.0);
        assert_eq!(sitting.sense.aside(sitting.at), None, "once in a while");
    }
    for nothing in [Look::Dark, Look::Several, Look::Blind] {
        let mut sitting = Sitting::known();
        sitting.shows(&nothing, 6.0);
        assert_eq!(sitting.sense.aside(sitting.at), None, "{nothing:?}");
    }
}

#[test]
fn distress_outside_of_an_utterance_is_told_once() {
    let mut sitting = Sitting::known();
    sitting.shows(&showing(Expression::Fearful, 0.95), 3.0);
    let summary = sitting.sense.aside(sitting.at).expect("it is told");
    assert_eq!(FaceCue::read(&summary, ""), Some(FaceCue::Distress));
    sitting.shows(&showing(Expression::Fearful, 0.95), 3.0);
    assert_eq!(sitting.sense.aside(sitting.at), None);
}

#[test]
fn what_is_not_seen_any_more_fades_and_whoever_comes_much_later_is_learned_anew() {
    let mut sitting = Sitting::known();
    sitting.shows(&showing(Expression::Happy, 0.9), 3.0);
    assert!(sitting.sense.mien().smile > 0.7 && sitting.sense.mien().there > 0.9);
    sitting.shows(&Look::Nobody, 1.0);
    assert!((0.3..0.8).contains(&sitting.sense.mien().there), "{:?}", sitting.sense.mien());
    sitting.shows(&Look::Nobody, 5.0);
    assert!(sitting.sense.mien().there < 0.05);
    sitting.shows(&Look::Nobody, 30.0);
    sitting.shows(&showing(Expression::Happy, 0.4), 1.0);
    assert_eq!(sitting.sense.sight(), Sight::Learning);
}

#[test]
fn nonsense_changes_nothing_and_after_ten_times_the_face_fades() {
    let Look::Face(smile) = showing(Expression::Happy, 0.9) else { panic!("a face") };
    let mut broken = smile;
    broken.likely[1] = f32::NAN;
    let wrong = [
        broken,
        Glance { likely: [0.9; 8], ..smile },
        Glance { affect: Affect { valence: 7.0, arousal: 0.0 }, ..smile },
        Glance { score: f32::INFINITY, ..smile },
        Glance { turn: [f32::NAN, 0.0, 0.0], ..smile },
    ];
    let mut sitting = Sitting::known();
    sitting.shows(&Look::Face(smile), 3.0);
    let before = (sitting.sense.mien(), sitting.sense.now());
    for (nth, glance) in wrong.iter().cycle().take(20).enumerate() {
        sitting.at += Duration::from_millis(200);
        sitting.sense.see(sitting.at, &Look::Face(*glance));
        if nth < 8 {
            assert_eq!((sitting.sense.mien(), sitting.sense.now()), before, "{glance:?}");
        }
    }
    assert!(sitting.sense.mien().there < 0.3, "{:?}", sitting.sense.mien());
}

#[test]
fn what_is_kept_of_the_past_is_bounded_and_time_that_runs_back_is_left_out() {
    let mut sitting = Sitting::known();
    sitting.shows(&showing(Expression::Sad, 0.7), 300.0);
    assert!(sitting.sense.moments.len() < 500, "{}", sitting.sense.moments.len());
    let before = sitting.sense.moments.len();
    sitting.sense.see(Duration::from_secs(1), &showing(Expression::Happy, 1.0));
    assert_eq!(sitting.sense.moments.len(), before);
}

#[test]
fn no_number_of_a_face_breaks_it_whatever_it_is() {
    use proptest::prelude::*;
    let number = || prop_oneof![any::<f32>(), -1.5_f32..1.5];
    let glance =
        (proptest::array::uniform8(number()), proptest::array::uniform3(number()), number(), number());
    let looks = proptest::collection::vec((glance, 0_u64..2_000), 0..60);
    proptest!(ProptestConfig::with_cases(200), |(looks in looks)| {
        let mut sitting = Sitting::known();
        for ((likely, turn, valence, score), after) in looks {
            sitting.at += Duration::from_millis(after);
            let affect = Affect { valence, arousal: -valence };
            sitting.sense.see(sitting.at, &Look::Face(Glance { likely, affect, score, mien: None, turn }));
            let mien = sitting.sense.mien();
            prop_assert!([mien.there, mien.smile, mien.frown].iter().all(|it| (0.0..=1.0).contains(it)));
        }
        if let Some(summary) = sitting.last(60.0) {
            prop_assert!(summary.valence.abs() <= 1.0 && (0.0..=1.0).contains(&summary.confidence));
        }
    });
}
