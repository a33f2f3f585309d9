//! How pleasant words are, by a lexicon (VADER, Hutto and Gilbert 2014), to be put beside a face.

use std::sync::LazyLock;

use vader_parity::SentimentIntensityAnalyzer;

use crate::dialogue::face::FaceSummary;

static LEXICON: LazyLock<SentimentIntensityAnalyzer> = LazyLock::new(SentimentIntensityAnalyzer::new);

/// So far apart on the circumplex, and face and words disagree (`papers.md` 2.6 of the design's reference). The lexicon knows
/// how pleasant words are, and not how stirred.
const APART: f32 = 0.5;

/// How pleasant words are, -1 to 1; none where the lexicon knows none of them.
#[must_use]
pub fn valence(words: &str) -> Option<f32> {
    let scores = LEXICON.polarity_scores(words);
    (scores.pos > 0.0 || scores.neg > 0.0).then_some(scores.compound as f32)
}

/// The summary beside the words that it came with.
#[must_use]
pub fn beside(summary: FaceSummary, words: &str) -> FaceSummary {
    let words = valence(words);
    let disagrees = words.is_some_and(|words| (summary.valence - words).abs() >= APART);
    FaceSummary { disagrees, words, ..summary }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_pleasant_as_they_sound_and_plain_ones_say_nothing() {
        assert!(valence("You did something brave and kind.").is_some_and(|it| it > 0.4));
        assert!(valence("That was not good.").is_some_and(|it| it < -0.2));
        assert!(valence("It's fine.").is_some_and(|it| it > 0.1));
        assert_eq!(
            (valence("You went in on Monday."), valence(""), valence("你已经尽力了。")),
            (None, None, None)
        );
    }

    #[test]
    fn bright_words_with_a_heavy_face_disagree_and_plain_words_do_not() {
        let heavy = FaceSummary { valence: -0.5, ..FaceSummary::default() };
        assert!(beside(heavy.clone(), "You did something brave and kind.").disagrees);
        assert!(!beside(heavy.clone(), "You went in on Monday.").disagrees);
        assert!(!beside(heavy, "It was terrible, and it hurt.").disagrees);
    }
}
