//! What sort of utterance it is, when it is no comfort; and whether it is English at all.

use super::classifier::Label;
use super::pattern::Words;
use super::{Lexicon, NATURES, Nature, Reading};
use crate::dialogue::moves::Addressee;
use crate::dialogue::request::Context;

impl Lexicon {
    pub(super) fn nature_by_signs(&self, words: &Words) -> Option<Nature> {
        NATURES
            .iter()
            .filter_map(|&(name, nature)| Some((self.natures.get(name)?.strength(words), nature)))
            .filter(|&(strength, _)| strength > 0)
            .max_by_key(|&(strength, _)| strength)
            .map(|(_, nature)| nature)
    }

    pub(super) fn nature(
        &self,
        words: &Words,
        text: &str,
        best: Option<Label>,
        reading: &Reading,
        context: &Context,
    ) -> Nature {
        if let Some(nature) = self.nature_by_signs(words) {
            return nature;
        }
        if reading.addressee == Addressee::Machine {
            return Nature::Machine;
        }
        if words.len() <= 2 && !text.contains('?') {
            return Nature::Unclear;
        }
        match best {
            Some(Label::OffTopic) => return Nature::OffTopic,
            Some(Label::SharesOwn) => return Nature::SharesOwn,
            _ if reading.addressee == Addressee::Oneself => return Nature::SharesOwn,
            _ => {}
        }
        let of_the_evening =
            self.content_words(&format!("{} {} {}", context.concern, context.when, context.scene));
        let speaks_of_you = words.words.iter().any(|word| word.starts_with("you"));
        if !speaks_of_you && reading.content.is_disjoint(&of_the_evening) {
            return Nature::OffTopic;
        }
        Nature::Comfort
    }
}

/// Whether a text is not English: another script, or a language that a detector is sure of and no English word in it.
pub(super) fn is_other_language(text: &str, words: &Words) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let latin = text.chars().filter(|c| c.is_alphabetic() && u32::from(*c) < 0x250).count();
    if letters > 0 && latin * 2 < letters {
        return true;
    }
    const COMMON: [&str; 36] = [
        "the", "you", "i", "is", "are", "it", "its", "that", "this", "and", "to", "of", "not", "no", "yes",
        "my", "your", "we", "what", "why", "how", "dont", "im", "youre", "be", "was", "have", "just", "so",
        "but", "for", "with", "ok", "like", "feel", "haha",
    ];
    let english = words.words.iter().filter(|word| COMMON.contains(&word.as_str())).count();
    words.len() >= 3
        && english * 8 <= words.len()
        && whatlang::detect(text).is_some_and(|info| {
            info.lang() != whatlang::Lang::Eng && (info.is_reliable() || words.len() >= 4 && english == 0)
        })
}
