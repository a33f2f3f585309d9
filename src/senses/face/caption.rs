//! The careful words for what a face did over a while.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::dialogue::face::Expression;

/// How an expression ran over a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// It was there nearly all the time.
    Steady,
    /// It came and went.
    Fleeting,
    /// There was more of it in the end.
    Growing,
    /// There was less of it in the end.
    Fading,
    /// There was little of it.
    Faint,
}

/// What is to be put into words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Told {
    /// What showed most, and how it ran; none where the face was still.
    pub(super) leading: Option<(Expression, Course)>,
    /// What showed beside it.
    pub(super) runner_up: Option<Expression>,
    /// How much of the time it was turned away, 0 to 1.
    pub(super) away: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrases {
    steady: String,
    fleeting: String,
    growing: String,
    fading: String,
    faint: String,
    beside: String,
}

#[derive(Deserialize)]
struct Captions {
    still: String,
    beside: String,
    away: String,
    partly_away: String,
    #[serde(flatten)]
    of: BTreeMap<String, Phrases>,
}

static CAPTIONS: LazyLock<Option<Captions>> =
    LazyLock::new(|| toml::from_str(include_str!("../../../prompts/face/captions.toml")).ok());

/// Turned away for longer than this share of the time is told; for longer than the second, nothing else is.
const PARTLY: f32 = 0.25;
const MOSTLY: f32 = 0.75;

/// The words; none where the file of them is broken, which a test would find.
pub(super) fn caption(told: Told) -> String {
    let Some(all) = CAPTIONS.as_ref() else { return String::new() };
    if told.away > MOSTLY {
        return all.away.clone();
    }
    let leading = told.leading.and_then(|(expression, course)| {
        let phrases = all.of.get(key(expression))?;
        Some(match course {
            Course::Steady => &phrases.steady,
            Course::Fleeting => &phrases.fleeting,
            Course::Growing => &phrases.growing,
            Course::Fading => &phrases.fading,
            Course::Faint => &phrases.faint,
        })
    });
    let mut caption = leading.unwrap_or(&all.still).clone();
    // One thing beside it is enough to tell.
    let tells_more = leading.is_some() && told.away <= PARTLY;
    if let Some(runner) = told.runner_up.and_then(|it| all.of.get(key(it))).filter(|_| tells_more) {
        caption = all.beside.replace("{caption}", &caption).replace("{runner}", &runner.beside);
    }
    if told.away > PARTLY {
        caption = all.partly_away.replace("{caption}", &caption);
    }
    caption
}

fn key(expression: Expression) -> &'static str {
    match expression {
        Expression::Neutral => "neutral",
        Expression::Happy => "happy",
        Expression::Sad => "sad",
        Expression::Angry => "angry",
        Expression::Fearful => "fearful",
        Expression::Disgusted => "disgusted",
        Expression::Surprised => "surprised",
        Expression::Contempt => "contempt",
    }
}

#[cfg(test)]
mod tests {
    use super::super::sense::EXPRESSIONS;
    use super::*;

    #[test]
    fn every_course_of_every_expression_has_careful_words_without_a_number() {
        use Course as C;
        let courses = [C::Steady, C::Fleeting, C::Growing, C::Fading, C::Faint];
        for expression in EXPRESSIONS.into_iter().filter(|it| *it != Expression::Neutral) {
            for course in courses {
                for away in [0.0, 0.5] {
                    let told =
                        Told { leading: Some((expression, course)), runner_up: Some(Expression::Sad), away };
                    let words = caption(told);
                    assert!(!words.is_empty() && !words.contains('{'), "{expression:?} {course:?}: {words}");
                    assert!(!words.chars().any(char::is_numeric) && words.len() < 120, "{words}");
                    for diagnosis in ["is sad", "is angry", "depress", "anxi", "lying", "disorder"] {
                        assert!(!words.contains(diagnosis), "{words}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_still_face_and_one_that_is_turned_away_are_said_as_that() {
        let still = Told { leading: None, runner_up: None, away: 0.0 };
        assert_eq!(caption(still), "mostly still");
        assert_eq!(caption(Told { away: 0.9, ..still }), "turned away");
    }
}
