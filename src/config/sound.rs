//! Sound, as it can be set.

use serde::{Deserialize, Serialize};

/// What speaks, or writes down what is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Engine {
    /// What is on this machine, if anything is.
    #[default]
    Auto,
    /// Nothing.
    None,
    /// A server at this address.
    Server(String),
}

impl std::str::FromStr for Engine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "auto" => Ok(Self::Auto),
            "none" => Ok(Self::None),
            address if address.starts_with("http://") || address.starts_with("https://") => {
                Ok(Self::Server(address.to_owned()))
            }
            _ => {
                Err("there are auto, none, and the address of a server (http://127.0.0.1:8880/v1)".to_owned())
            }
        }
    }
}

impl TryFrom<String> for Engine {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl std::fmt::Display for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::None => "none",
            Self::Server(address) => address,
        })
    }
}

/// When the person is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hear {
    /// Never: they type.
    #[default]
    Off,
    /// While they hold the key to talk.
    Key,
    /// Whenever they speak.
    Open,
}

impl Hear {
    /// As it is written in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Key => "key",
            Self::Open => "open",
        }
    }
}

/// How the figures' voices come back to the microphone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Echo {
    /// By the air: they are taken out of what it hears.
    #[default]
    Loudspeaker,
    /// Not at all.
    Headphones,
    /// Nobody is heard while a figure speaks: for a loudspeaker that is too near, or too loud.
    HalfDuplex,
}

impl Echo {
    /// As it is written in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Loudspeaker => "loudspeaker",
            Self::Headphones => "headphones",
            Self::HalfDuplex => "half_duplex",
        }
    }
}
