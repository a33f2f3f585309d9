//! Reading what a person writes, without a model: to whom it is said, what is done in it, and what can be given back.

use std::collections::{BTreeMap, BTreeSet};

use self::classifier::{Classifier, Label};
use self::pattern::{Pattern, Words};
use self::spans::Spans;
use super::material::{Material, MaterialError};
use crate::dialogue::moves::Move;
use crate::dialogue::theme::Theme;

pub(crate) mod classifier;
mod clause;
pub(crate) mod moves;
mod nature;
pub(crate) mod pattern;
mod quotes;
pub(crate) mod skills;
pub(crate) mod spans;
pub(crate) mod tokens;

/// The material's patterns and word lists, ready to be matched.
#[derive(Debug)]
pub(crate) struct Lexicon {
    classifier: Classifier<Label>,
    themes: Classifier<Theme>,
    moves: BTreeMap<Move, Signs>,
    natures: BTreeMap<&'static str, Signs>,
    to_devil: Vec<Pattern>,
    to_machine: Vec<Pattern>,
    self_talk: Vec<Pattern>,
    raw: Vec<Pattern>,
    contempt: Vec<Pattern>,
    resist: [Vec<Pattern>; 3],
    positive: BTreeSet<String>,
    negative: BTreeSet<String>,
    pub(crate) feelings: BTreeSet<String>,
    withheld: Vec<Pattern>,
    pub(crate) roles: BTreeSet<String>,
    pub(crate) places: BTreeSet<String>,
    pub(crate) times: BTreeSet<String>,
    pub(crate) time_phrases: Vec<String>,
    pub(crate) empty: BTreeSet<String>,
    function: BTreeSet<String>,
}

/// The patterns of one thing that can be done with words.
#[derive(Debug, Default)]
struct Signs {
    strong: Vec<Pattern>,
    weak: Vec<Pattern>,
    not: Vec<Pattern>,
}

/// What else an utterance can be than a comfort.
const NATURES: [(&str, Nature); 8] = [
    ("thanks", Nature::Thanks),
    ("greeting", Nature::Greeting),
    ("laughter", Nature::Laughter),
    ("machine", Nature::Machine),
    ("asks_patient_back", Nature::AsksPatientBack),
    ("says_no_idea", Nature::SaysNoIdea),
    ("shares_own", Nature::SharesOwn),
    ("unclear", Nature::Unclear),
];

/// What sort of utterance it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Nature {
    /// It does something for somebody, well or less well.
    #[default]
    Comfort,
    Silence,
    OffTopic,
    Unclear,
    Machine,
    OtherLanguage,
    Greeting,
    Thanks,
    Laughter,
    AsksPatientBack,
    SharesOwn,
    SaysNoIdea,
}

impl Nature {
    /// The table of `turns.toml` that answers it; none for a comfort.
    pub(crate) fn table(self) -> Option<&'static str> {
        match self {
            Self::Comfort => None,
            Self::Silence => Some("silence"),
            Self::OffTopic => Some("off_topic"),
            Self::Unclear => Some("unclear"),
            Self::Machine => Some("machine"),
            Self::OtherLanguage => Some("other_language"),
            Self::Greeting => Some("greeting"),
            Self::Thanks => Some("thanks"),
            Self::Laughter => Some("laughter"),
            Self::AsksPatientBack => Some("asks_patient_back"),
            Self::SharesOwn => Some("shares_own"),
            Self::SaysNoIdea => Some("says_no_idea"),
        }
    }
}

impl Lexicon {
    pub(crate) fn new(material: &Material) -> Self {
        let signs = |name: &str| -> Signs {
            material.reading.get(name).map_or_else(Signs::default, |file| Signs {
                strong: patterns(&file.strong),
                weak: patterns(&file.weak),
                not: patterns(&file.not),
            })
        };
        let listed = |name: &str| -> Vec<Pattern> {
            material.reading.get(name).map_or_else(Vec::new, |file| patterns(&file.words))
        };
        let set = |lines: &[String]| -> BTreeSet<String> { lines.iter().cloned().collect() };
        let words = |name: &str| -> BTreeSet<String> {
            material.reading.get(name).map_or_else(BTreeSet::new, |file| set(&file.words))
        };
        let nouns = &material.words;
        Self {
            classifier: Classifier::learn(material.examples.iter().map(String::as_str), Label::from_name),
            themes: Classifier::learn(material.concerns.iter().map(String::as_str), Theme::from_name),
            moves: Move::ALL.into_iter().map(|kind| (kind, signs(kind.name()))).collect(),
            natures: NATURES.iter().map(|&(name, _)| (name, signs(name))).collect(),
            to_devil: listed("to_devil"),
            to_machine: listed("to_machine"),
            self_talk: listed("self_talk"),
            raw: listed("raw"),
            contempt: listed("contempt"),
            resist: [listed("resist_cognitive"), listed("resist_emotional"), listed("resist_behavioral")],
            positive: words("positive"),
            negative: words("negative"),
            feelings: words("feelings"),
            withheld: listed("withheld"),
            roles: set(&nouns.roles),
            places: set(&nouns.places),
            times: set(&nouns.times),
            time_phrases: nouns.time_phrases.clone(),
            empty: set(&nouns.empty),
            function: set(&nouns.function),
        }
    }

    /// How likely each theme is for a concern, as log probabilities.
    pub(crate) fn themes_of(&self, concern: &str) -> Vec<(Theme, f32)> {
        self.themes.score(&Words::read(concern), false)
    }

    /// Whether a text holds a word that the figures never repeat.
    pub(crate) fn withholds(&self, text: &str) -> bool {
        let words = Words::read(text);
        self.withheld.iter().any(|pattern| pattern.find(&words).is_some())
    }

    /// Whether a word makes a sentence dark.
    pub(crate) fn is_dark(&self, word: &str) -> bool {
        self.negative.contains(word)
    }

    /// Whether a word leaves a quotation hanging in the air when it is its last.
    pub(crate) fn hangs(&self, word: &str) -> bool {
        self.function.contains(&word.to_lowercase().replace(['\'', '’'], ""))
    }

    /// The words of a text that carry something, in lower case.
    pub(crate) fn content_words(&self, text: &str) -> BTreeSet<String> {
        Words::read(text)
            .words
            .into_iter()
            .filter(|word| word.len() > 2 && !self.function.contains(word) && !self.empty.contains(word))
            .collect()
    }
}

/// The words of people who hurt. Whoever says them is given time.
#[derive(Clone, Debug)]
pub struct RawWords(Vec<Pattern>);

impl RawWords {
    /// Those that are built in, English.
    ///
    /// # Errors
    /// [`MaterialError`], when their file is not in its form.
    pub fn new() -> Result<Self, MaterialError> {
        Ok(Self(patterns(&super::material::listed("raw")?)))
    }

    /// Whether one of them is said.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        let words = Words::read(text);
        self.0.iter().any(|pattern| pattern.find(&words).is_some())
    }
}

fn patterns(lines: &[String]) -> Vec<Pattern> {
    lines.iter().filter_map(|line| Pattern::read(line)).collect()
}

/// What was read in an utterance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    pub(crate) nature: Nature,
    pub(crate) addressee: crate::dialogue::moves::Addressee,
    pub(crate) moves: Vec<crate::dialogue::moves::MoveReading>,
    pub(crate) raw: bool,
    pub(crate) resistance: Option<crate::dialogue::resistance::Resistance>,
    /// The word that a question to the Patient begins with: "what", "who", … or `yes_no`.
    pub(crate) asks: Option<&'static str>,
    pub(crate) spans: Spans,
    pub(crate) content: BTreeSet<String>,
}

impl Reading {
    /// The weightiest thing that was done.
    pub(crate) fn lead(&self) -> Option<Move> {
        self.moves.first().map(|reading| reading.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::RawWords;

    #[test]
    fn words_that_hurt_are_told_from_those_that_do_not() -> Result<(), super::MaterialError> {
        let raw = RawWords::new()?;
        for hurts in ["I can't stop crying", "and it broke my heart.", "It hurts so much, and"] {
            assert!(raw.are_in(hurts), "{hurts}");
        }
        for plain in ["You froze, and that is all that happened", "It is hard to say.", ""] {
            assert!(!raw.are_in(plain), "{plain}");
        }
        Ok(())
    }
}
