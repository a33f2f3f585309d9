//! What reaches a session.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::agent::Intensity;
use super::face::{FaceSummary, Level, Venue};
use super::ids::{AskId, LineId, UtteranceId};
use super::measures::Taken;
use super::request::{AgentAnswer, AskError};
use super::safety::{CardKind, CheckIn, Help, Tier};
use super::theme::Theme;
use super::visit::Visit;

/// Everything that a session can be told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// The evening begins.
    Begin(Box<Setup>),
    /// The person allows a sense, or takes that back.
    Consent(Sense, Level),
    /// An answer to the question that stands.
    Intake(String),
    /// What the person has typed or been heard to say so far. It does not count yet; empty when they took it back.
    Draft {
        /// The utterance it will become.
        utterance: UtteranceId,
        /// The words so far.
        text: String,
    },
    /// What a recogniser has made out of what the person says. It counts a moment after it is whole, unless they correct it.
    Transcript {
        /// The utterance.
        utterance: UtteranceId,
        /// The words.
        text: String,
        /// Whether these are all of them.
        whole: bool,
    },
    /// What the person said. The same utterance again is a correction, as long as the Patient has not answered.
    Said {
        /// Its number.
        utterance: UtteranceId,
        /// The words.
        text: String,
        /// By voice or by keys.
        via: Via,
        /// What their face did meanwhile, if they allow it.
        face: Option<FaceSummary>,
    },
    /// The person begins to speak.
    Onset {
        /// The utterance that begins.
        utterance: UtteranceId,
    },
    /// It was no speech after all: what was interrupted goes on.
    FalseOnset {
        /// The utterance that was none.
        utterance: UtteranceId,
    },
    /// What the face does outside of an utterance.
    Face(FaceSummary),
    /// Part of a cast's answer.
    Answer {
        /// To which request.
        ask: AskId,
        /// What came.
        part: Part,
    },
    /// A line begins to be heard.
    LineStarted(LineId),
    /// A line is over.
    LineEnded {
        /// Which.
        line: LineId,
        /// How many characters of it were heard, counted from its beginning.
        heard: usize,
    },
    /// A wish about the evening itself.
    Control(Control),
    /// Whether the person is there.
    Attention(Attention),
    /// The person answered a measure. It is taken where the evening is kept, and nowhere else.
    Measured(Taken),
    /// The session was read back after the program had been cut off, and goes on, in the place as it now is.
    Resume(Box<Setup>),
    /// What was kept of the person's voice is gone.
    Wiped {
        /// So many bytes were overwritten.
        bytes: u64,
    },
    /// A part of the program changed its state.
    Health {
        /// Which part: "cast", "voice", "microphone".
        part: String,
        /// How it is now, in plain words.
        state: Health,
    },
    /// Time has passed.
    Tick,
}

/// Part of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// More text of a spoken answer.
    Delta(String),
    /// The whole answer.
    Whole(Box<AgentAnswer>),
    /// The deltas are over.
    End,
    /// No answer.
    Failed(AskError),
}

/// How an utterance came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// Spoken.
    Voice,
    /// Typed.
    #[default]
    Keys,
}

/// A sense that the room may have, each with its own consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sense {
    /// Hears the person.
    Microphone,
    /// Reads their face.
    Face,
    /// Keeps the sound of their voice, in memory, so that they can hear it again. Nobody is recorded who is not heard.
    Recording,
}

/// Wishes about the evening itself. They work at any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// Hold everything.
    Pause,
    /// The same, by whoever looks after the room: nobody in it is taken to have gone meanwhile.
    Hold,
    /// Go on.
    Resume,
    /// Past the line that is being spoken, or the round, or the question.
    Skip,
    /// The Guide's hint, now.
    Hint,
    /// Close the evening, kindly.
    Stop,
    /// Everything stops; the help card.
    Sos,
    /// The answer to the plain question.
    CheckIn(CheckIn),
    /// A choice of the help card, from 0.
    Choose(usize),
    /// How much of the Devil there is.
    Devil(Intensity),
}

/// Whether the person is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// At the desk, under the headset.
    Present,
    /// Gone; the room waits.
    Away,
}

/// How a part of the program is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", content = "why", rename_all = "snake_case")]
pub enum Health {
    /// It works.
    Well,
    /// It is on its way: a language model is being loaded.
    Waking,
    /// It works less well than it could.
    Degraded(String),
    /// It does not work.
    Gone(String),
}

/// How the evening is set up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    /// Seed of everything that is chosen by chance.
    pub seed: u64,
    /// BCP 47 language of the evening.
    pub lang: String,
    /// The theme, if the person chose one; else the concern decides.
    pub theme: Option<Theme>,
    /// How much of the Devil there is.
    pub intensity: Intensity,
    /// After how many rounds the evening closes, 1 to 12.
    pub rounds: u32,
    /// Where the room stands.
    pub venue: Venue,
    /// Whether "When does it find you?" is asked.
    pub ask_when: bool,
    /// Whether the person is asked to change places with the Patient, at the end, and to hear what they said.
    #[serde(default)]
    pub change: bool,
    /// The time plan, where somebody else waits for the room; none: the evening takes as long as it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<Visit>,
    /// Who plays the agents, in plain words for the log.
    pub cast: String,
    /// Whether an evening before this one was stopped for somebody's safety and then cut off: this one is held without
    /// the Devil, and begins with the help card.
    pub after_stop: bool,
    /// Whom one can reach where the room stands.
    pub help: Help,
    /// The Guide's fixed lines.
    pub fixed: FixedLines,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            seed: 1,
            lang: "en".to_owned(),
            theme: None,
            intensity: Intensity::Full,
            rounds: 6,
            venue: Venue::Home,
            ask_when: true,
            change: false,
            visit: None,
            cast: "story".to_owned(),
            after_stop: false,
            help: Help::default(),
            fixed: FixedLines::default(),
        }
    }
}

/// Lines that no cast makes up: they must be there when nothing else is. The host reads them from `prompts/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedLines {
    /// What this is.
    pub welcome: String,
    /// "What has it been saying?"
    pub concern: String,
    /// "When does it find you?"
    pub when: String,
    /// "How much of you believes it?"
    pub belief: String,
    /// Before the room appears.
    pub ready: String,
    /// After 25 seconds of silence; each time another, until they have all been said.
    pub stay: Vec<String>,
    /// The Patient, when no cast answers.
    pub patient_spare: Vec<String>,
    /// The Patient's last words, when no cast answers.
    pub patient_farewell: String,
    /// Around the change of places.
    #[serde(default)]
    pub change: ChangeLines,
    /// What the Guide says when the room stops for somebody's safety.
    pub safety: SafetyLines,
}

/// Fixed lines around the change of places.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeLines {
    /// Whether they will sit over there and hear what they said.
    pub offer: String,
    /// The same where nothing kind was said.
    pub offer_silence: String,
    /// The same after an answer that was neither yes nor no.
    pub plainly: String,
    /// That they can read their words aloud.
    pub aloud: String,
    /// Where nothing kind was said: that they stayed.
    pub stayed: String,
    /// Which of the words they would keep.
    pub keep: String,
    /// Whether they would keep the words.
    pub keep_one: String,
    /// The Patient's last word; `{words}` are those that are kept.
    pub kept: String,
    /// The same where none are.
    pub kept_nothing: String,
}

/// Fixed lines of the Guide's for a person's safety. No cast makes them up, and no label is said aloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SafetyLines {
    /// After an SOS.
    pub sos: String,
    /// When the card comes.
    pub stop: ByCard<String>,
    /// Before the plain question, and the question.
    pub ask: ByCard<Vec<String>>,
    /// After a clear no.
    pub after_no: String,
    /// A breath, with both feet on the floor; each time another.
    pub breath: Vec<String>,
    /// To somebody who says that they are a child: the Devil goes.
    #[serde(default)]
    pub child: String,
    /// After an evening that was cut off, where it goes on.
    pub resumed: String,
    /// At the beginning of an evening that follows one that was stopped and then cut off.
    pub after_stop: String,
}

/// One for each kind of card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByCard<T> {
    /// Thoughts of dying or of self-injury.
    pub crisis: T,
    /// Violence or abuse.
    pub danger: T,
    /// An illness that needs other help.
    pub health: T,
}

impl<T> ByCard<T> {
    fn of(&self, card: CardKind) -> &T {
        match card {
            CardKind::Crisis => &self.crisis,
            CardKind::Danger => &self.danger,
            CardKind::Health => &self.health,
        }
    }
}

impl SafetyLines {
    /// What is said when the card comes.
    #[must_use]
    pub fn stopping(&self, tier: Tier, about: CardKind) -> &str {
        if tier == Tier::Sos { &self.sos } else { self.stop.of(about) }
    }

    /// The plain question, with what comes before it.
    #[must_use]
    pub fn asking(&self, about: CardKind) -> &Vec<String> {
        self.ask.of(about)
    }
}
