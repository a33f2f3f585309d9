//! The questions before the room, spoken rather than filled in.

use serde::{Deserialize, Serialize};

use super::Session;
use super::speech::Spoken;
use crate::dialogue::agent::Agent;
use crate::dialogue::effect::Hush;
use crate::dialogue::event::{Kind, Phase, Question, SaidPart};
use crate::dialogue::ids::{Millis, UtteranceId};
use crate::dialogue::input::{Setup, Via};
use crate::dialogue::strength::{Stage, Strength};
use crate::dialogue::text;

/// What the person told before the room appeared.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Answers {
    pub(super) question: Option<Question>,
    pub(super) concern: String,
    pub(super) when: String,
    pub(super) belief: u8,
    asked_again: bool,
}

/// What the words for how much one believes it stand for: a corner, half, most, all.
pub const BELIEF_WORDS: [(&str, u8); 4] = [("corner", 2), ("half", 5), ("most", 7), ("all", 9)];
/// Further words that people answer with.
const MORE_BELIEF_WORDS: [(&str, u8); 8] = [
    ("not at all", 0),
    ("none", 0),
    ("nothing", 0),
    ("little", 2),
    ("bit", 2),
    ("everything", 9),
    ("every", 9),
    ("completely", 9),
];

/// Reads "half", "most of it", "7", "7/10", "70 %" as 0 to 10.
#[must_use]
pub fn read_belief(text: &str) -> Option<u8> {
    let text = text.trim().to_lowercase();
    let digits: String =
        text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    if let Ok(number) = digits.parse::<u32>() {
        let negative = text.starts_with('-');
        let of_hundred = text.contains('%') || text.contains("percent") || text.contains("per cent");
        let number = if of_hundred { (number + 5) / 10 } else { number };
        return u8::try_from(number).ok().filter(|&belief| belief <= 10 && !negative);
    }
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '\'').collect();
    let says = |word: &str| words.contains(&word) || (word.contains(' ') && text.contains(word));
    // "I don't believe it at all" is none of it, and "not all" is less than all.
    if words
        .iter()
        .any(|word| matches!(*word, "not" | "no" | "never") || word.ends_with("n't") || *word == "dont")
    {
        return if text.contains("at all") || text.contains("any") || says("no") || says("never") {
            Some(0)
        } else if says("all") || says("everything") || says("completely") || says("most") {
            Some(5)
        } else if says("much") || says("really") {
            Some(2)
        } else {
            None
        };
    }
    MORE_BELIEF_WORDS
        .iter()
        .chain(BELIEF_WORDS.iter())
        .find(|(word, _)| says(word))
        .map(|&(_, belief)| belief)
}

impl Session {
    pub(super) fn begin(&mut self, mut setup: Setup) {
        if self.phase != Phase::Waiting {
            return;
        }
        setup.rounds = setup.rounds.clamp(1, 12);
        self.record(Kind::Begin {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            seed: setup.seed,
            lang: setup.lang.clone(),
            rounds: setup.rounds,
        });
        self.record(Kind::Cast { now: setup.cast.clone(), why: "chosen at the start".to_owned() });
        self.setup = setup;
        self.begin_visit();
        self.enter(Phase::Intake);
        if self.setup.after_stop {
            self.take_over_latch();
        } else {
            self.guide(self.fixed().welcome.clone());
        }
        self.put_question(Question::Concern);
    }

    fn guide(&mut self, text: String) {
        if !text.is_empty() {
            self.say(Spoken::plain(Agent::Guide, text), Millis(0));
        }
    }

    pub(super) fn put_question(&mut self, question: Question) {
        self.intake.question = Some(question);
        let text = match question {
            Question::Concern => self.fixed().concern.clone(),
            Question::When => self.fixed().when.clone(),
            Question::Belief => self.fixed().belief.clone(),
        };
        self.record(Kind::Question { question });
        self.guide(text);
    }

    /// The question that was put and not answered, whatever the session is at.
    pub(super) fn question_waiting(&self) -> Option<Question> {
        self.intake.question
    }

    /// Takes an answer to the question that stands.
    pub(super) fn take_intake(&mut self, answer: &str, utterance: Option<UtteranceId>, via: Via) {
        let Some(question) = self.question() else {
            return;
        };
        let (text, cut) = text::clean_utterance(answer);
        if cut {
            self.record_cut();
        }
        self.hush(Hush::AfterWord);
        self.clear_queue();
        let part = match question {
            Question::Concern => SaidPart::Concern,
            Question::When => SaidPart::When,
            Question::Belief => SaidPart::Belief,
        };
        if !text.is_empty() {
            let next = self.utterance.map_or(UtteranceId(0), |last| UtteranceId(last.0 + 1));
            let utterance = utterance.unwrap_or(next);
            self.utterance = Some(utterance);
            self.record(Kind::Said { utterance, text: text.clone(), via, part });
        }
        match question {
            Question::Concern if !text.chars().any(char::is_alphanumeric) => {
                self.put_question(Question::Concern);
            }
            Question::Concern => {
                self.intake.concern = text;
                let next =
                    if self.setup.ask_when && self.when_fits() { Question::When } else { Question::Belief };
                self.put_question(next);
            }
            Question::When => {
                self.intake.when = text;
                self.put_question(Question::Belief);
            }
            Question::Belief => self.take_belief(&text),
        }
    }

    /// Past the question that stands, with nothing told. The concern is what the evening is about: it stays.
    pub(super) fn skip_question(&mut self) {
        match self.question() {
            Some(Question::When) => self.put_question(Question::Belief),
            Some(Question::Belief) => {
                self.intake.asked_again = true;
                self.take_belief("");
            }
            Some(Question::Concern) | None => {}
        }
    }

    /// An answer that says no amount is asked for once more, and then taken as half.
    fn take_belief(&mut self, text: &str) {
        match read_belief(text) {
            Some(belief) => self.settle_intake(belief),
            None if self.intake.asked_again => self.settle_intake(5),
            None => {
                self.intake.asked_again = true;
                self.put_question(Question::Belief);
            }
        }
    }

    pub(super) fn settle_intake(&mut self, belief: u8) {
        self.intake.belief = belief;
        self.intake.question = None;
        self.strength = Strength::from_belief(belief);
        self.shown = (self.strength, Stage::Shut);
        self.record(Kind::Strength { value: self.strength });
        self.guide(self.fixed().ready.clone());
        self.prepare_round(1);
        self.enter_round();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn belief_is_read_as_people_say_it() {
        let cases = [
            ("half", Some(5)),
            ("Most of it, honestly", Some(7)),
            ("a corner", Some(2)),
            ("all.", Some(9)),
            ("not at all", Some(0)),
            ("I do not believe it at all", Some(0)),
            ("I don't believe any of it", Some(0)),
            ("Not all of it", Some(5)),
            ("not completely", Some(5)),
            ("no", Some(0)),
            ("7", Some(7)),
            ("7/10", Some(7)),
            ("about 70%", Some(7)),
            ("11", None),
            ("-3", None),
            ("999999999999", None),
            ("what?", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(read_belief(text), expected, "{text}");
        }
    }
}
