//! DEAR MAN, rated by rule: what is explicit counts as strong, what is implied as weak.

use super::pattern::Words;
use super::{Lexicon, Reading};
use crate::dialogue::moves::{Addressee, Move};
use crate::dialogue::skills::{Rating, SkillRatings};

impl Lexicon {
    /// Rates an utterance.
    pub(crate) fn rate(&self, text: &str, reading: &Reading) -> SkillRatings {
        let words = Words::read(text);
        let joined = format!(" {} ", words.words.join(" "));
        let any = |phrases: &[&str]| {
            phrases
                .iter()
                .any(|phrase| joined.contains(&format!(" {phrase} ")))
        };
        let judges = any(&[
            "always", "never", "stupid", "idiot", "liar", "useless", "pathetic", "horrible", "lazy",
        ]);
        let tells_fact = reading.spans.tells_past
            || any(&[
                "when you",
                "every time you",
                "you read me",
                "you tell me",
                "you say",
                "you said",
                "you keep",
                "last week",
                "yesterday",
            ]);
        let feels = any(&[
            "i feel",
            "i am",
            "im",
            "it makes me",
            "i felt",
            "makes me feel",
        ]) && words.words.iter().any(|word| self.feelings.contains(word));
        let asks = any(&[
            "i want you to",
            "i want",
            "i need you to",
            "i would like",
            "id like",
            "i wont",
            "i will not",
            "stop",
            "no more",
        ]);
        let hints = any(&[
            "maybe",
            "could you",
            "would you",
            "perhaps",
            "a bit",
            "please",
        ]);
        let rewards = any(&[
            "then you",
            "you can rest",
            "so that you",
            "and ill",
            "then ill",
            "then we",
            "if you do",
        ]);
        let trades = any(&[
            "instead",
            "what if",
            "how about",
            "you can have",
            "you may",
            "ask me",
            "meet me",
            "half",
        ]);
        let attacks = reading
            .moves
            .iter()
            .any(|found| matches!(found.kind, Move::Arguing | Move::SelfAttack));
        let wavers = any(&[
            "maybe",
            "i guess",
            "sort of",
            "kind of",
            "i dont know",
            "idk",
            "sorry but",
            "probably",
            "im not sure",
        ]);
        let graded = |strong: bool, weak: bool| {
            if strong {
                Rating::Strong
            } else if weak {
                Rating::Weak
            } else {
                Rating::Absent
            }
        };
        SkillRatings {
            describe: graded(
                tells_fact && !judges,
                tells_fact || any(&["you always", "you never"]),
            ),
            express: graded(
                feels,
                any(&["hurts", "it hurts", "hard", "i hate", "i love"]),
            ),
            assert: graded(
                asks && !hints,
                asks || hints && reading.addressee == Addressee::Devil,
            ),
            reinforce: graded(rewards, any(&["better for", "good for", "it would help"])),
            negotiate: graded(trades && !judges, trades),
            mindful: !attacks && !reading.moves.is_empty(),
            confident: !wavers && words.len() > 2,
        }
    }
}
