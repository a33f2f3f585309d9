//! Measures by the names that the program gives them in the person's language.

use super::Words;
use crate::dialogue::measures::{Instrument, Score};

/// What an instrument is called, so that one knows what is asked.
#[must_use]
pub fn name(words: &Words, instrument: Instrument) -> String {
    words.get(match instrument {
        Instrument::Belief => "measure-belief",
        Instrument::IPanasSf => "measure-i_panas_sf",
        Instrument::Panas => "measure-panas",
        Instrument::ScsSf => "measure-scs_sf",
        Instrument::Imbue => "measure-imbue",
        Instrument::Mind => "measure-mind",
    })
}

/// What a scale is called; by the instrument's own name where the program has no other for it.
#[must_use]
pub fn scale(words: &Words, score: &Score) -> String {
    let name = match score.scale.as_str() {
        "belief" => "scale-belief",
        "positive_affect" => "scale-positive_affect",
        "negative_affect" => "scale-negative_affect",
        "total" => "scale-total",
        "self_kindness" => "scale-self_kindness",
        "self_judgment" => "scale-self_judgment",
        "common_humanity" => "scale-common_humanity",
        "isolation" => "scale-isolation",
        "mindfulness" => "scale-mindfulness",
        "over_identification" => "scale-over_identification",
        "confident" => "scale-confident",
        "worried" => "scale-worried",
        "hopeful" => "scale-hopeful",
        "motivated" => "scale-motivated",
        "anger" => "scale-anger",
        "fear" => "scale-fear",
        "sadness" => "scale-sadness",
        "disgust" => "scale-disgust",
        "all" => "scale-all",
        "immersion" => "scale-immersion",
        "coherence" => "scale-coherence",
        "engagement" => "scale-engagement",
        "relief" => "scale-relief",
        "satisfaction" => "scale-satisfaction",
        "interest" => "scale-interest",
        _ => return score.name.clone(),
    };
    words.get(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::measures::{Answers, Measure};
    use crate::words::LANGUAGES;

    #[test]
    fn every_measure_and_every_scale_has_a_name_in_every_language() {
        for (lang, _) in LANGUAGES {
            let words = Words::load(lang).expect("the words are there");
            for measure in Measure::all() {
                assert!(!name(&words, measure.instrument).starts_with("measure-"));
                for score in measure.scores(&Answers::default()).expect("no answers are answers") {
                    let called = scale(&words, &score);
                    assert!(!called.starts_with("scale-"), "{called}");
                    assert!(lang == "en" || called != score.name, "{called} is not translated");
                }
            }
        }
    }
}
