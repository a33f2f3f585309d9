//! What there is to decide before an evening begins, and what was decided.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::exhibition::Exhibition;
use crate::config::{Echo, Hear, Tier};
use crate::dialogue::agent::Intensity;
use crate::dialogue::face::Level;
use crate::dialogue::measures::{Instrument, Row, Wording};
use crate::voice::{Outlet, Volume};

/// How the room is shown to this person, so that they can read it and bear it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Language of what the program says, one of [`crate::words::LANGUAGES`].
    pub lang: String,
    /// How large words are, in percent: 100 to [`Look::LARGEST`].
    pub text_size: u16,
    /// Whether the figures' lines stand below.
    pub captions: bool,
    /// Whether what is to be read stands on solid ground, in the strongest contrast.
    pub contrast: bool,
    /// Whether only breath and blinks move, and what figures do on purpose.
    pub reduced_motion: bool,
    /// How much of the room is drawn; none where the machine decides.
    pub tier: Option<Tier>,
}

impl Look {
    /// The largest that words can be, in percent.
    pub const LARGEST: u16 = 200;
}

impl Default for Look {
    fn default() -> Self {
        let lang = "en".to_owned();
        Self { lang, text_size: 100, captions: true, contrast: false, reduced_motion: false, tier: None }
    }
}

/// Who plays the figures, as it can be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Play {
    /// `story`, `auto` or the address of a server, as in [`crate::config::CastChoice`].
    pub cast: String,
    /// The model that a server is asked for; empty for its first.
    pub model: String,
}

impl Default for Play {
    fn default() -> Self {
        Self { cast: "auto".to_owned(), model: String::new() }
    }
}

/// How the person is heard, and what they hear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sound {
    /// What the figures speak with: `auto`, `none` or the address of a speech server.
    pub voices: String,
    /// When the person is heard.
    pub hear: Hear,
    /// Whether what they say is kept until the evening ends, so that they can hear it again.
    pub recording: bool,
    /// How the figures' voices come back to the microphone.
    pub echo: Echo,
    /// The microphone by its id; empty for the system's own.
    pub microphone: String,
    /// The loudspeaker by its id; empty for the system's own.
    pub loudspeaker: String,
    /// How loud the figures are, in percent: 0 to [`Sound::LOUDEST`].
    pub voices_volume: u16,
    /// How loud the scene around them is, in percent.
    pub scene_volume: u16,
}

impl Sound {
    /// The loudest that anything can be made, in percent.
    pub const LOUDEST: u16 = 100;

    /// How loud everything is.
    #[must_use]
    pub fn volume(&self) -> Volume {
        let share = |percent: u16| f32::from(percent.min(Self::LOUDEST)) / f32::from(Self::LOUDEST);
        Volume { voices: share(self.voices_volume), ambience: share(self.scene_volume) }
    }

    /// Where the figures are heard.
    #[must_use]
    pub fn outlet(&self) -> Outlet {
        if self.voices == "none" { Outlet::Off } else { Outlet::named(Some(&self.loudspeaker)) }
    }
}

impl Default for Sound {
    fn default() -> Self {
        Self {
            voices: "auto".to_owned(),
            hear: Hear::Off,
            recording: false,
            echo: Echo::Loudspeaker,
            microphone: String::new(),
            loudspeaker: String::new(),
            voices_volume: Self::LOUDEST,
            scene_volume: Self::LOUDEST,
        }
    }
}

/// How the person is seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Seeing {
    /// What they allow of their face.
    pub level: Level,
    /// The camera by its id; empty for the first there is.
    pub camera: String,
    /// Whether one small picture of their face goes to their own server for each thing they say. It holds only where the
    /// level is aware.
    pub portrait: bool,
}

/// A server of the person's own whose model can see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisionServer {
    /// The model, as it may be shown.
    pub model: String,
    /// Its address.
    pub address: String,
}

/// How a person can be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CanSee {
    /// Not at all: nothing is here that looks at faces.
    #[default]
    No,
    /// There is no camera, and one may be plugged in.
    NoCamera,
    /// Up to this level.
    UpTo(Level),
}

/// A microphone, a loudspeaker or a camera that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The name under which it is found again.
    pub id: String,
    /// What a person calls it.
    pub title: String,
}

/// The devices that this machine has now, the system's own choice first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    /// To speak into.
    pub microphones: Vec<Device>,
    /// To be heard from.
    pub loudspeakers: Vec<Device>,
    /// To be seen by.
    #[serde(default)]
    pub cameras: Vec<Device>,
}

/// Files with figures of one's own, VRM or GLB; empty where the built-in one is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// In the Patient's place.
    pub patient: String,
    /// In the Devil's.
    pub devil: String,
}

/// How a trial of a language model went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trial {
    /// It answered.
    Answered {
        /// Which model.
        model: String,
        /// How many of its answers could be used.
        usable: u32,
        /// How many it was asked for.
        asked: u32,
        /// How long its first word took.
        first_word_ms: u64,
    },
    /// It did not: why.
    Failed(String),
}

impl Trial {
    /// Whether it answered, with at least one answer that could be used.
    #[must_use]
    pub fn answered(&self) -> bool {
        matches!(self, Self::Answered { usable, .. } if *usable > 0)
    }
}

/// What the person wants, and what is remembered of it from one evening to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// How the room is shown.
    pub look: Look,
    /// What the Devil is called; empty for its own name.
    pub devil: String,
    /// Whether evenings are kept; none while nobody has said so.
    pub keep: Option<bool>,
    /// Who plays the figures.
    pub play: Play,
    /// Figures of one's own.
    #[serde(default)]
    pub figures: Figures,
    /// How the person is heard, and what they hear.
    #[serde(default)]
    pub sound: Sound,
    /// How they are seen.
    #[serde(default)]
    pub sight: Seeing,
    /// Whether measures are offered after an evening, too, where none was answered before it.
    #[serde(default)]
    pub questions: bool,
}

/// What a stage shows to somebody who has just come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// What they wanted the last time.
    pub preferences: Preferences,
    /// The model that plays the figures, as it may be shown; none where written material does.
    pub played_by: Option<String>,
    /// How much of the Devil there is, if nothing else is chosen.
    pub intensity: Intensity,
    /// Whether evenings can be kept at all: they cannot in an exhibition, or where there is no folder for them.
    pub can_keep: bool,
    /// A server on this machine that could play, if nobody has decided about one.
    pub server: Option<FoundServer>,
    /// When the evening that was cut off had begun, if there is one to go on with.
    pub cut_off: Option<String>,
    /// How the person can be heard here.
    #[serde(default)]
    pub hearing: CanHear,
    /// How they can be seen here.
    #[serde(default)]
    pub seeing: CanSee,
    /// The server that may see a picture of them, if they allow that, too; none where none is set, or the place bars it.
    #[serde(default)]
    pub vision: Option<VisionServer>,
    /// Whether something of the evening can be taken away, and measures be answered: not in an exhibition.
    #[serde(default)]
    pub is_own: bool,
    /// Words that were brought along to ask measures in.
    #[serde(default)]
    pub wordings: BTreeMap<Instrument, Wording>,
    /// Whether there are answers to measures of evenings before.
    #[serde(default)]
    pub measured: bool,
    /// Where this stage is shown.
    #[serde(default)]
    pub shown: Shown,
    /// Whether the room could be shown in a headset, as far as this build goes.
    #[serde(default)]
    pub can_wear: bool,
    /// How an exhibition is held; none where this is none.
    #[serde(default)]
    pub exhibition: Option<Exhibition>,
    /// What the person should know before they begin, a sentence each.
    pub notes: Vec<String>,
}

/// What was answered to measures, over all kept evenings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Past {
    /// Scale by scale, the first evening first.
    Rows(Vec<Row>),
    /// They cannot be read: why.
    Unreadable(String),
}

/// How a person can be heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CanHear {
    /// Not at all: no microphone answers, or nobody could write down what is said into it.
    #[default]
    No,
    /// While they hold the key to talk: what hears would take music for them.
    ByKey,
    /// Whenever they speak, too.
    Openly,
}

/// A chat server that was found on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundServer {
    /// The program, "Ollama".
    pub name: String,
    /// The model it would play with.
    pub model: String,
    /// Its address.
    pub address: String,
}

/// Where a stage is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// On a screen.
    #[default]
    Screen,
    /// In a headset.
    Headset,
}

/// What a stage says of the headset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Headset {
    /// The person wants to put it on.
    Enter,
    /// They want to see the room on the screen.
    Leave,
    /// A runtime answers, and a headset is there: this stage can be shown in it.
    Ready,
    /// This stage cannot be shown in one.
    Cannot(NoHeadset),
    /// They have left by the runtime's own menu, or it fell asleep.
    Left,
    /// It was lost, with its runtime or without.
    Lost,
}

/// Why the room cannot be shown in a headset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoHeadset {
    /// The loader of OpenXR is not installed.
    Loader,
    /// No runtime is set as the one to use.
    Runtime,
    /// The runtime does not answer, or its headset is off.
    Silent,
    /// This build has no part for headsets.
    Unbuilt,
}

/// What is to be known on the screen of the headset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadsetNews {
    /// There is none, and the room is entered as soon as there is.
    Waiting(NoHeadset),
    /// The person left it; they can put it on again.
    Left,
    /// It was lost, and is entered again once it is back.
    Lost,
    /// It was lost so often that nobody waits for it any more.
    GivenUp,
}

impl HeadsetNews {
    /// The words for it on the screen, as they are looked up by name.
    #[must_use]
    pub fn in_words(self, words: impl Fn(&str) -> String) -> String {
        let reason = words(self.name());
        match self {
            Self::Waiting(NoHeadset::Unbuilt) | Self::Left | Self::Lost | Self::GivenUp => reason,
            Self::Waiting(_) => format!("{reason} {}", words("headset-meanwhile")),
        }
    }

    /// The name under which the words for it are found.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting(NoHeadset::Loader) => "headset-no-loader",
            Self::Waiting(NoHeadset::Runtime) => "headset-no-runtime",
            Self::Waiting(NoHeadset::Silent) => "headset-silent",
            Self::Waiting(NoHeadset::Unbuilt) => "headset-unbuilt",
            Self::Left => "headset-left",
            Self::Lost => "headset-lost",
            Self::GivenUp => "headset-given-up",
        }
    }
}

/// What the person decided. None: they did not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// Whether evenings are kept.
    pub keep: Option<bool>,
    /// Whether the server that was found may play.
    pub server: Option<bool>,
    /// How much of the Devil there is.
    pub intensity: Option<Intensity>,
    /// Whether the evening that was cut off goes on.
    pub go_on: bool,
}
