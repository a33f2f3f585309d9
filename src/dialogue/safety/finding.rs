//! What the check finds in a text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How urgent a stop for a person's safety is. Ordered: a session's tier only rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Something that has to be asked about: one plain question.
    Amber,
    /// A person may be in danger now: the help card, at once.
    Red,
    /// The person asked for everything to stop.
    Sos,
}

/// What kind of sign it was. Only this is ever written down, never the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Active thoughts of suicide, with or without a way in mind.
    Suicidal,
    /// Intent, a plan, a time, preparation, or something that has just happened.
    Plan,
    /// Self-injury, recent or urged.
    SelfInjury,
    /// A voice that commands it; the Devil's part taken against oneself to the point of death.
    Command,
    /// A passive wish not to be there, plain or veiled.
    WishToBeGone,
    /// Others would be better off; nobody would miss them.
    Burden,
    /// No way out of a life that cannot be borne.
    Hopeless,
    /// A farewell, or things given away.
    Farewell,
    /// Said of somebody else, of a story, or taken back after it was said.
    Displaced,
    /// A past attempt, and pain now.
    PastAttempt,
    /// Violence or abuse, suffered or feared, from or to others.
    Danger,
    /// Signs of an illness that a room like this can make worse.
    Health,
    /// Several lines, each too weak alone.
    SlowBuild,
    /// A sign that the classifier knows and no rule names.
    Other,
    /// The plain question was answered with yes, with not sure, or not at all.
    CheckIn,
    /// An evening before this one was stopped, and cut off.
    Earlier,
    /// The person asked for everything to stop.
    Sos,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// How urgent.
    pub tier: Tier,
    /// What kind of sign.
    pub category: Category,
}

impl Finding {
    /// A finding.
    #[must_use]
    pub const fn new(tier: Tier, category: Category) -> Self {
        Self { tier, category }
    }
}
