//! DEAR MAN: the five skills of dialectical behaviour therapy for asking and refusing, and the two states of mind.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far a skill shows in an utterance (IMBUE, Lin et al., ACL 2024, after Linehan 2014).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// Not there.
    #[default]
    Absent,
    /// There, but implicit, mixed with judgement, or soft.
    Weak,
    /// Said outright.
    Strong,
}

/// One of the five skills that a person chooses to use. Mindful and Confident are states, rated beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Skill {
    /// The situation in bare facts.
    Describe,
    /// One's own feelings and opinions, outright.
    Express,
    /// Asking clearly, or saying no clearly.
    Assert,
    /// What good follows for the other.
    Reinforce,
    /// Give to get; another way.
    Negotiate,
}

impl Skill {
    /// All five, in the order of the acronym.
    pub const ALL: [Self; 5] =
        [Self::Describe, Self::Express, Self::Assert, Self::Reinforce, Self::Negotiate];
}

/// The ratings of one utterance. They stay in the log; nobody who came to comfort is graded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SkillRatings {
    /// Facts, no judgement.
    pub describe: Rating,
    /// A feeling named outright.
    pub express: Rating,
    /// A want or a no.
    pub assert: Rating,
    /// A good for the other.
    pub reinforce: Rating,
    /// An offer or another way.
    pub negotiate: Rating,
    /// Stays on the goal, answers no attack.
    pub mindful: bool,
    /// No wavering.
    pub confident: bool,
}

impl SkillRatings {
    /// The rating of one skill.
    #[must_use]
    pub fn of(&self, skill: Skill) -> Rating {
        match skill {
            Skill::Describe => self.describe,
            Skill::Express => self.express,
            Skill::Assert => self.assert,
            Skill::Reinforce => self.reinforce,
            Skill::Negotiate => self.negotiate,
        }
    }
}
