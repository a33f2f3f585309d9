//! DEAR MAN, rated by rule: what is explicit counts as strong, what is implied as weak.

use super::pattern::Words;
use super::{Lexicon, Reading};
use crate::dialogue::moves::{Addressee, Move};
use crate::dialogue::skills::{Rating, SkillRatings};

/// Words that judge; a description with one of them is no bare fact.
const JUDGES: &[&str] =
    &["always", "never", "stupid", "idiot", "liar", "useless", "pathetic", "horrible", "lazy"];
const TELLS: &[&str] = &[
    "when you",
    "every time you",
    "you read me",
    "you tell me",
    "you say",
    "you said",
    "you keep",
    "last week",
    "yesterday",
];
const TELLS_ROUGHLY: &[&str] = &["you always", "you never"];
const FEELS: &[&str] = &["i feel", "i am", "im", "it makes me", "i felt", "makes me feel"];
const FEELS_ROUGHLY: &[&str] = &["hurts", "it hurts", "hard", "i hate", "i love"];
const ASKS: &[&str] = &[
    "i want you to",
    "i want",
    "i need you to",
    "i would like",
    "id like",
    "i wont",
    "i will not",
    "stop",
    "no more",
];
const ASKS_SOFTLY: &[&str] = &["maybe", "could you", "would you", "perhaps", "a bit", "please"];
const REWARDS: &[&str] =
    &["then you", "you can rest", "so that you", "and ill", "then ill", "then we", "if you do"];
const REWARDS_ROUGHLY: &[&str] = &["better for", "good for", "it would help"];
const TRADES: &[&str] =
    &["instead", "what if", "how about", "you can have", "you may", "ask me", "meet me", "half"];
const WAVERS: &[&str] =
    &["maybe", "i guess", "sort of", "kind of", "i dont know", "idk", "sorry but", "probably", "im not sure"];

impl Lexicon {
    /// Rates an utterance.
    pub(crate) fn rate(&self, text: &str, reading: &Reading) -> SkillRatings {
        let words = Words::read(text);
        let joined = format!(" {} ", words.words.join(" "));
        let any = |phrases: &[&str]| phrases.iter().any(|phrase| joined.contains(&format!(" {phrase} ")));
        let judges = any(JUDGES);
        let tells = reading.spans.tells_past || any(TELLS);
        let feels = any(FEELS) && words.words.iter().any(|word| self.feelings.contains(word));
        let (asks, softly) = (any(ASKS), any(ASKS_SOFTLY));
        let trades = any(TRADES);
        let attacks =
            reading.moves.iter().any(|found| matches!(found.kind, Move::Arguing | Move::SelfAttack));
        SkillRatings {
            describe: graded(tells && !judges, tells || any(TELLS_ROUGHLY)),
            express: graded(feels, any(FEELS_ROUGHLY)),
            assert: graded(asks && !softly, asks || softly && reading.addressee == Addressee::Devil),
            reinforce: graded(any(REWARDS), any(REWARDS_ROUGHLY)),
            negotiate: graded(trades && !judges, trades),
            mindful: !attacks && !reading.moves.is_empty(),
            confident: !any(WAVERS) && words.len() > 2,
        }
    }
}

fn graded(strong: bool, weak: bool) -> Rating {
    if strong {
        Rating::Strong
    } else if weak {
        Rating::Weak
    } else {
        Rating::Absent
    }
}
