//! The change of places: the person sits where the Patient sat, and hears what they said. In Falconer's study (2014) giving
//! comfort and receiving it raised self-compassion, where giving it alone did not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ids::UtteranceId;

/// How far the change of places has come.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ChangeStep {
    /// The Guide asks whether they will. They still sit on their own side.
    #[default]
    Asked,
    /// They sit in the Patient's place, and nothing happens.
    Settling,
    /// The Devil, small, says half of its first line.
    Critic,
    /// They hear what they said.
    Words,
    /// Nothing again.
    Still,
    /// The Guide asks which of the words they would keep.
    Keep,
    /// They sit on their own side, and the Patient has the last word.
    Back,
}

impl ChangeStep {
    /// Whether they sit in the Patient's place.
    #[must_use]
    pub fn is_over_there(self) -> bool {
        !matches!(self, Self::Asked | Self::Back)
    }

    /// Whether an answer of the person's is waited for.
    #[must_use]
    pub fn asks(self) -> bool {
        matches!(self, Self::Asked | Self::Keep)
    }
}

/// A clause of the person's that moved something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// The turn in which it was said.
    pub turn: u32,
    /// The utterance that it is a part of.
    pub utterance: UtteranceId,
    /// The clause, word for word.
    pub clause: String,
    /// What the turn took from the Devil's strength, 0 to 0.22.
    pub drop: f32,
}

/// So many clauses are heard at most.
pub const MOST_CLAUSES: usize = 3;
/// A turn that took less than this from the Devil's strength moved nothing: any word takes 0.03.
const LEAST_DROP: f32 = 0.05;

/// The clauses to be heard: those of the turns that took the most from the Devil's strength, in the order in which they were
/// said. The same words are heard once.
#[must_use]
pub fn to_be_heard(moved: &[Moved]) -> Vec<Moved> {
    let mut best: Vec<&Moved> = moved.iter().filter(|moved| moved.drop >= LEAST_DROP).collect();
    best.sort_by(|a, b| b.drop.total_cmp(&a.drop));
    let mut chosen: Vec<Moved> = Vec::new();
    for moved in best {
        let is_said = |before: &Moved| before.clause.to_lowercase() == moved.clause.to_lowercase();
        if chosen.len() < MOST_CLAUSES && !chosen.iter().any(is_said) {
            chosen.push(moved.clone());
        }
    }
    chosen.sort_by_key(|moved| moved.turn);
    chosen
}

/// Which of the clauses somebody means who is asked which they would keep: "the first", "both", or words of one of them. What is
/// none of them is kept as it was said; none where they keep nothing.
#[must_use]
pub fn kept(answer: &str, clauses: &[String]) -> Option<String> {
    let words = plain(answer);
    if let Some(clause) = clauses.iter().find(|clause| plain(clause) == words && !words.is_empty()) {
        return Some(clause.clone());
    }
    let says = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    const NOTHING: [&str; 12] =
        ["no", "none", "nothing", "neither", "of", "them", "those", "thanks", "thank", "you", "不", "没有"];
    // "No wonder" is no no.
    if words.iter().all(|word| NOTHING.contains(&word.as_str())) {
        return None;
    }
    if words.len() <= 4 {
        let places: [&[&str]; MOST_CLAUSES] =
            [&["first", "1", "one"], &["second", "2", "two"], &["third", "3", "three"]];
        // "The second one" is not the first.
        let place = places.iter().rposition(|names| says(names));
        let last = says(&["last"]).then(|| clauses.len().saturating_sub(1));
        if let Some(clause) = place.or(last).and_then(|place| clauses.get(place)) {
            return Some(clause.clone());
        }
        if says(&["both", "all", "everything"]) && !clauses.is_empty() {
            return Some(clauses.join(" "));
        }
    }
    let shared = |clause: &String| plain(clause).iter().filter(|word| words.contains(word)).count();
    let best = clauses.iter().max_by_key(|clause| shared(clause));
    match best {
        // Most of what they say stands in it.
        Some(clause) if 2 * shared(clause) > words.len() => Some(clause.clone()),
        _ => Some(answer.trim().to_owned()),
    }
}

/// Whether words are those of a line of the Devil's, or have one in them. A line of one or two words is nobody's.
#[must_use]
pub fn repeats(kept: &str, line: &str) -> bool {
    let whole = |text: &str| format!(" {} ", plain(text).join(" "));
    let (kept, line) = (whole(kept), whole(line));
    let is_long = |text: &str| text.split_whitespace().count() > 2;
    (is_long(&line) && kept.contains(&line)) || (is_long(&kept) && line.contains(&kept))
}

/// Whether somebody who is asked to sit over there will: none where they did not say.
#[must_use]
pub fn will(answer: &str) -> Option<bool> {
    const YES: [&str; 13] =
        ["yes", "yeah", "yep", "ok", "okay", "sure", "please", "alright", "right", "y", "好", "是", "嗯"];
    const NO: [&str; 11] = ["no", "not", "nope", "stay", "dont", "rather", "skip", "n", "不", "算了", "留"];
    let words = plain(answer);
    let says = |wanted: &[&str]| words.iter().any(|word| wanted.iter().any(|it| word == it));
    let has = |wanted: &[&str]| wanted.iter().any(|it| !it.is_ascii() && answer.contains(it));
    if says(&NO) || has(&NO) {
        Some(false)
    } else if says(&YES) || has(&YES) || words.join(" ").contains("i will") {
        Some(true)
    } else {
        None
    }
}

fn plain(text: &str) -> Vec<String> {
    let lower: String = text.to_lowercase().chars().filter(|c| !matches!(c, '\'' | '\u{2019}')).collect();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(turn: u32, clause: &str, drop: f32) -> Moved {
        Moved { turn, utterance: UtteranceId(u64::from(turn)), clause: clause.to_owned(), drop }
    }

    #[test]
    fn the_three_clauses_that_moved_most_are_heard_in_their_order() {
        let all = [
            moved(1, "I'm here.", 0.07),
            moved(2, "No wonder you froze.", 0.2),
            moved(3, "ok", 0.03),
            moved(4, "i'm here.", 0.1),
            moved(5, "I did that too.", 0.12),
        ];
        let heard: Vec<u32> = to_be_heard(&all).iter().map(|moved| moved.turn).collect();
        assert_eq!(heard, [2, 4, 5], "the same words are heard once, and where they moved most");
        assert!(to_be_heard(&all[2..3]).is_empty(), "what moved nothing is not heard");
    }

    #[test]
    fn the_words_that_are_kept_are_those_that_were_meant() {
        let clauses = ["No wonder you froze.".to_owned(), "I sat in the car, too.".to_owned()];
        let keeps = |answer| kept(answer, &clauses);
        assert_eq!(keeps("the second one").as_ref(), Some(&clauses[1]));
        assert_eq!(keeps("The first.").as_ref(), Some(&clauses[0]));
        let first = ["The first time hurts.".to_owned(), "No.".to_owned()];
        assert_eq!(
            kept("The first time hurts.", &first).as_ref(),
            Some(&first[0]),
            "it was said word for word"
        );
        assert_eq!(keeps("the last").as_ref(), Some(&clauses[1]));
        assert_eq!(keeps("no wonder").as_ref(), Some(&clauses[0]));
        assert_eq!(keeps("both").as_deref(), Some("No wonder you froze. I sat in the car, too."));
        assert_eq!(keeps("That nobody minded").as_deref(), Some("That nobody minded"));
        assert_eq!(keeps("the third"), Some("the third".to_owned()), "there is none, and it is not guessed");
        for nothing in ["none", "nothing", "no", "None of them, thank you.", " ", "…"] {
            assert_eq!(keeps(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn the_devils_line_is_known_again_in_what_somebody_would_keep() {
        let line = "You always freeze, and everybody saw.";
        for its in [
            "you always freeze and everybody saw",
            "That you always freeze, and everybody saw!",
            "everybody saw, you always freeze... you always freeze, and everybody saw",
            "and everybody saw",
        ] {
            assert!(repeats(its, line), "{its}");
        }
        for own in ["Everybody was tired.", "You never freeze", "freeze", ""] {
            assert!(!repeats(own, line), "{own}");
        }
        assert!(!repeats("And so you rested.", "And so."), "two words are nobody's");
    }

    #[test]
    fn a_yes_a_no_and_neither_are_told_apart() {
        for yes in ["yes", "Yes please.", "ok", "I will", "好的"] {
            assert_eq!(will(yes), Some(true), "{yes}");
        }
        for no in ["no", "I'd rather stay here", "not tonight", "don't", "不了", "留在这里"] {
            assert_eq!(will(no), Some(false), "{no}");
        }
        assert_eq!(will("what for?"), None);
    }
}
