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

    /// Reads an answer in words; none when it is no answer. Only a clear and plain no is a no: whatever hedges it, adds a
    /// yes to it or says something else is not.
    #[must_use]
    pub fn read(words: &str) -> Option<Self> {
        let letters = |c: char| if c.is_alphanumeric() || c == '\'' || c == '’' { c } else { ' ' };
        let text: String = words.to_lowercase().chars().map(letters).collect();
        let words: Vec<String> = text.split_whitespace().map(|word| word.replace(['\'', '’'], "")).collect();
        let padded = format!(" {} ", words.join(" ")).replace(" i am ", " im ").replace(" do not ", " dont ");
        let text = padded.trim();
        let has = |phrases: &[&str]| phrases.iter().any(|phrase| padded.contains(&format!(" {phrase} ")));
        let begins =
            |phrases: &[&str]| phrases.iter().any(|phrase| padded.starts_with(&format!(" {phrase} ")));
        let han = |beginnings: &[&str]| beginnings.iter().any(|begin| text.starts_with(begin));
        if has(&RATHER_NOT) {
            Some(Self::RatherNot)
        } else if is_clear_no(text) {
            Some(Self::No)
        } else if has(&NOT_SURE) || begins(&NO) || han(&["不", "没"]) {
            Some(Self::NotSure)
        } else if begins(&YES) || has(&["im thinking", "yes i"]) || han(&["是", "有", "嗯", "想"]) {
            Some(Self::Yes)
        } else {
            None
        }
    }
}

/// "No", "no, I'm just tired", "I'm fine": a no, and at most why one is here instead.
fn is_clear_no(text: &str) -> bool {
    let said_no = NO.iter().find_map(|no| text.strip_prefix(no)?.strip_prefix(' '));
    let rest = said_no.unwrap_or(text);
    let allowed = |starts: &[&str]| {
        starts
            .iter()
            .any(|start| rest.strip_prefix(start).is_some_and(|end| end.is_empty() || end.starts_with(' ')))
    };
    let short = rest.split(' ').count() <= 6 && !rest.split(' ').any(|word| HEDGES.contains(&word));
    CLEAR_NO.contains(&text)
        || (said_no.is_some() && (CLEAR_NO.contains(&rest) || (short && allowed(&REASONS))))
        || (short && allowed(&WELL))
}

const RATHER_NOT: [&str; 13] = [
    "rather not",
    "not say",
    "prefer not",
    "none of your",
    "never mind",
    "no comment",
    "not going to answer",
    "dont want to talk",
    "dont want to answer",
    "dont want to say",
    "4",
    "skip",
    "pass",
];
const NOT_SURE: [&str; 16] = [
    "not sure",
    "dont know",
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
    "not",
    "but",
    "2",
];
const YES: [&str; 11] = ["yes", "yeah", "yep", "yea", "ya", "y", "im", "i do", "true", "1", "i have"];
/// What a no begins with.
const NO: [&str; 6] = ["no", "nope", "nah", "n", "never", "none"];
/// All that a no may say.
const CLEAR_NO: [&str; 33] = [
    "no",
    "nope",
    "nah",
    "n",
    "3",
    "never",
    "none",
    "not at all",
    "no no",
    "thanks",
    "thank you",
    "of course not",
    "definitely not",
    "absolutely not",
    "certainly not",
    "no way",
    "god no",
    "oh no",
    "im not",
    "i dont",
    "i would never",
    "i never would",
    "im not thinking of that",
    "im not thinking about that",
    "im not thinking of it",
    "im not suicidal",
    "不",
    "没",
    "没有",
    "不是",
    "不会",
    "不想",
    "没有的",
];
/// What may stand after a no.
const REASONS: [&str; 4] = ["im just", "im only", "just", "only"];
/// What may stand for one.
const WELL: [&str; 5] = ["im fine", "im ok", "im okay", "im safe", "im alright"];
/// What takes such a rest back.
const HEDGES: [&str; 18] = [
    "but",
    "not",
    "yet",
    "now",
    "done",
    "dead",
    "gone",
    "waiting",
    "yes",
    "jk",
    "kidding",
    "tonight",
    "until",
    "if",
    "when",
    "sometimes",
    "always",
    "thinking",
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
            ("No thank you", Some(CheckIn::No)),
            ("I'm fine, really", Some(CheckIn::No)),
            ("没有", Some(CheckIn::No)),
            ("I am", Some(CheckIn::Yes)),
            ("No doubt about it", Some(CheckIn::NotSure)),
            ("I have not decided yet", Some(CheckIn::NotSure)),
            ("Not really sure", Some(CheckIn::NotSure)),
            ("Never been more sure", Some(CheckIn::NotSure)),
            ("I'm not thinking about anything else", Some(CheckIn::NotSure)),
            ("Not at all safe", Some(CheckIn::NotSure)),
            ("no... yes", Some(CheckIn::NotSure)),
            ("nah jk yes", Some(CheckIn::NotSure)),
            ("no, I'm just waiting until tonight", Some(CheckIn::NotSure)),
            ("only when I am alone", None),
            ("no, only sometimes", Some(CheckIn::NotSure)),
            ("不太确定", Some(CheckIn::NotSure)),
            ("不好说", Some(CheckIn::NotSure)),
            ("I am not going to answer that", Some(CheckIn::RatherNot)),
            ("I do not want to talk about it", Some(CheckIn::RatherNot)),
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
