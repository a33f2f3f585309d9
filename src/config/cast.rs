//! Who plays the figures, as it can be set.

use serde::Deserialize;

/// Who plays the agents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum CastChoice {
    /// Written material, without a language model.
    Story,
    /// A server on this machine, if the person has said yes to one; else written material.
    #[default]
    Auto,
    /// A language model behind this address.
    Server(String),
}

impl std::str::FromStr for CastChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "story" => Ok(Self::Story),
            "auto" => Ok(Self::Auto),
            address if is_address(address) => Ok(Self::Server(address.to_owned())),
            _ => {
                Err("there are story, auto, and the address of a server (http://127.0.0.1:11434/v1)"
                    .to_owned())
            }
        }
    }
}

impl std::fmt::Display for CastChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Story => "story",
            Self::Auto => "auto",
            Self::Server(address) => address,
        })
    }
}

impl TryFrom<String> for CastChoice {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// What the person said when they were asked about a server on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum LocalServer {
    /// None may be asked.
    No,
    /// The one at this address may.
    At(String),
}

impl TryFrom<String> for LocalServer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.trim() {
            "no" => Ok(Self::No),
            address if is_address(address) => Ok(Self::At(address.to_owned())),
            _ => Err("there are no, and the address of a server on this machine (http://127.0.0.1:11434/v1)"
                .to_owned()),
        }
    }
}

/// One that is glued to another is none.
fn is_address(text: &str) -> bool {
    let after = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    after.is_some_and(|after| !after.contains("://"))
}

/// A part that can have a model of its own: one figure, or one of those who are never seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the agent of the same name")]
pub enum CastPart {
    Trigger,
    Devil,
    Patient,
    Guide,
    Strategist,
    Memory,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_glued_to_another_is_none() {
        assert!("http://127.0.0.1:11434/v1".parse::<CastChoice>().is_ok());
        assert!("http://127.0.0.1:11434/v1http://10.0.0.2".parse::<CastChoice>().is_err());
    }
}
