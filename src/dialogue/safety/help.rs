//! Help by people: the card, its records, and the one plain question.
//!
//! Numbers are data (`assets/safety/helplines.toml`), dated, and never made up by a program: a record that nobody has
//! verified says so on the card.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::Category;

/// What the card is about.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// Thoughts of dying or of self-injury, and SOS.
    #[default]
    Crisis,
    /// Violence or abuse.
    Danger,
    /// An illness that needs other help than this.
    Health,
}

impl CardKind {
    /// The card for a category.
    #[must_use]
    pub fn of(category: Category) -> Self {
        match category {
            Category::Danger => Self::Danger,
            Category::Health => Self::Health,
            _ => Self::Crisis,
        }
    }
}

/// How far a record can be relied on, on the day of the evening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// A person has verified it, at most 90 days ago.
    Verified,
    /// Verified 91 to 180 days ago.
    Ageing,
    /// Verified more than 180 days ago.
    Expired,
    /// Nobody has verified it for this program.
    #[default]
    Unverified,
}

/// Whom one can reach, as it stands on the card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HelpLine {
    /// The service's own name.
    pub name: String,
    /// Number to ring; empty if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// How to write: a text number, or a chat's address; empty if the service says it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub write: String,
    /// When it answers, in plain words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hours: String,
    /// How far the record can be relied on.
    pub freshness: Freshness,
}

/// Who can help where the room stands. The host puts it together; it has no country where the person named none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// A person on duty, where there is one.
    pub staff: Option<String>,
    /// For a crisis; none where no country was named or none is known for it.
    pub crisis: Option<HelpLine>,
    /// For violence and abuse.
    pub danger: Option<HelpLine>,
    /// The emergency number of the country; empty where none was named.
    pub emergency: String,
    /// Where lines of every country are listed, for the case that none is known here.
    pub directory: String,
}

/// One thing that a person can do now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "choice", rename_all = "snake_case")]
pub enum Choice {
    /// Talk to a person who is here; somebody on duty, where the place has named them.
    Person {
        /// Who; empty where nobody was named.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        who: String,
    },
    /// Reach a line by voice or in writing.
    Line {
        /// Which.
        line: HelpLine,
        /// The emergency number, for immediate danger; empty where no country was named.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        emergency: String,
    },
    /// Nothing is known for the country: the local emergency number, and where lines are listed.
    Directory {
        /// The emergency number; empty where no country was named.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        emergency: String,
        /// An address.
        directory: String,
    },
    /// A breath, with both feet on the floor.
    Breath,
}

/// The help card: at most three choices, no countdown, no label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Card {
    /// What it is about.
    pub about: CardKind,
    /// What a person can do now.
    pub choices: Vec<Choice>,
}

impl Card {
    /// The card, from what is known of help here.
    #[must_use]
    pub fn new(about: CardKind, help: &Help) -> Self {
        let emergency = help.emergency.clone();
        let line = match about {
            CardKind::Danger => help.danger.clone().or_else(|| help.crisis.clone()),
            CardKind::Crisis | CardKind::Health => help.crisis.clone(),
        };
        let reach = match line {
            Some(line) => Choice::Line { line, emergency },
            None => Choice::Directory { emergency, directory: help.directory.clone() },
        };
        let who = help.staff.clone().unwrap_or_default();
        Self { about, choices: vec![Choice::Person { who }, reach, Choice::Breath] }
    }
}

/// The four answers to the plain question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckIn {
    /// Yes.
    Yes,
    /// Not sure.
    NotSure,
    /// No.
    No,
    /// Rather not say.
    RatherNot,
}

impl CheckIn {
    /// The answers in the order in which they stand.
    pub const ALL: [Self; 4] = [Self::Yes, Self::NotSure, Self::No, Self::RatherNot];

    /// Reads an answer in words; none when it is no answer.
    #[must_use]
    pub fn read(words: &str) -> Option<Self> {
        let letters = |c: char| if c.is_alphanumeric() || c == '\'' || c == '’' { c } else { ' ' };
        let text: String = words.to_lowercase().chars().map(letters).collect();
        let words: Vec<String> = text.split_whitespace().map(|word| word.replace(['\'', '’'], "")).collect();
        let text = format!(" {} ", words.join(" "));
        let has = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(&format!(" {phrase} ")));
        let begins = |phrases: &[&str]| phrases.iter().any(|phrase| text.starts_with(&format!(" {phrase} ")));
        let han = |beginnings: &[&str]| beginnings.iter().any(|begin| text.trim_start().starts_with(begin));
        if has(&RATHER_NOT) {
            Some(Self::RatherNot)
        } else if has(&NOT_SURE) || han(&["不知道", "不确定", "不清楚", "不太好"]) {
            Some(Self::NotSure)
        } else if begins(&["i am not", "i do not", "i have not"]) {
            Some(Self::No)
        } else if begins(&YES) || has(&["i am thinking", "yes i"]) || han(&["是", "有", "嗯"]) {
            Some(Self::Yes)
        } else if begins(&NO) || has(&["im fine", "im ok", "im okay", "im safe"]) || han(&["不", "没"]) {
            Some(Self::No)
        } else {
            None
        }
    }
}

const RATHER_NOT: [&str; 9] =
    ["rather not", "not say", "prefer not", "none of your", "never mind", "no comment", "4", "skip", "pass"];
/// Also a no that is none: "no, but", "I'm not okay".
const NOT_SURE: [&str; 23] = [
    "but",
    "not ok",
    "not okay",
    "not alright",
    "not well",
    "not good",
    "not fine",
    "not safe",
    "not sure",
    "dont know",
    "do not know",
    "maybe",
    "perhaps",
    "unsure",
    "a bit",
    "a little",
    "sometimes",
    "kind of",
    "sort of",
    "kinda",
    "i guess",
    "no idea",
    "2",
];
const YES: [&str; 12] =
    ["yes", "yeah", "yep", "yea", "ya", "y", "i am", "i do", "true", "1", "of course", "i have"];
const NO: [&str; 12] = [
    "no",
    "nope",
    "nah",
    "n",
    "not at all",
    "i am not",
    "im not",
    "not really",
    "never",
    "3",
    "none",
    "i would never",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_answers_are_read_as_people_give_them() {
        let cases = [
            ("yes", Some(CheckIn::Yes)),
            ("Yeah, I think so", Some(CheckIn::Yes)),
            ("no.", Some(CheckIn::No)),
            ("No, I'm just tired", Some(CheckIn::No)),
            ("nope", Some(CheckIn::No)),
            ("not sure", Some(CheckIn::NotSure)),
            ("no idea, honestly", Some(CheckIn::NotSure)),
            ("I don't know", Some(CheckIn::NotSure)),
            ("I'd rather not say", Some(CheckIn::RatherNot)),
            ("3", Some(CheckIn::No)),
            ("不是", Some(CheckIn::No)),
            ("不知道", Some(CheckIn::NotSure)),
            ("I am not", Some(CheckIn::No)),
            ("I'm not okay", Some(CheckIn::NotSure)),
            ("no, but some days I wonder", Some(CheckIn::NotSure)),
            ("never mind", Some(CheckIn::RatherNot)),
            ("The meeting was on Thursday", None),
            ("", None),
        ];
        for (words, expected) in cases {
            assert_eq!(CheckIn::read(words), expected, "{words}");
        }
    }

    #[test]
    fn a_card_has_at_most_three_choices_and_something_without_a_country() {
        for about in [CardKind::Crisis, CardKind::Danger, CardKind::Health] {
            let card = Card::new(about, &Help::default());
            assert!(card.choices.len() <= 3);
            assert!(card.choices.iter().any(|choice| matches!(choice, Choice::Directory { .. })));
        }
    }
}
