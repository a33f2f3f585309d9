//! What goes between a stage in an exhibition and whoever looks after it: the staff's panel, and the call for a person. No word
//! of a visitor has a place in it.

use serde::{Deserialize, Serialize};

/// Digits that were entered at the panel. No debug output shows them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digits(pub String);

impl std::fmt::Debug for Digits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Digits(…)")
    }
}

/// What is wished for at the panel, or by a visitor who wants a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffWish {
    /// This was entered as the PIN.
    Enter(Digits),
    /// The panel is left.
    Leave,
    /// Somebody reads in it.
    Stay,
    /// Everything is held.
    Pause,
    /// It goes on.
    Resume,
    /// The visit is closed kindly.
    Skip,
    /// How loud the figures are, in percent.
    Volume(u8),
    /// The language of the first screen.
    Lang(String),
    /// The staff call is tried.
    TestCall,
    /// Another member of the staff is called.
    CallColleague,
    /// Somebody has come whom a visitor called, or whom the help card calls for.
    Seen,
    /// Everything begins anew.
    Restart,
    /// It closes for today.
    Close,
    /// It opens, whatever the hours say.
    Open,
    /// A visitor wants a person. The only one that needs no PIN.
    VisitorCalls,
}

/// What a stage needs to know of the exhibition besides the visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Care {
    /// Whether the staff holds everything.
    pub paused: bool,
    /// What became of a visitor's call.
    pub call: Call,
    /// The staff's panel.
    pub panel: Panel,
}

/// What became of a visitor's call for a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// There is none.
    #[default]
    None,
    /// Nobody can be called from here.
    Nobody,
    /// The operator's command runs.
    Runs,
    /// Somebody was told.
    Told,
    /// It did not get through.
    Failed,
}

/// How far somebody has come who wants to open the panel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Panel {
    /// A PIN may be entered.
    #[default]
    Shut,
    /// No PIN is set: nobody can open it.
    NoPin,
    /// What was entered was not it.
    Wrong,
    /// Too often: nothing is looked at for so many seconds.
    Waits(u64),
    /// It is open.
    Open(Box<Duty>),
}

/// What stands on the panel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// The station's label.
    pub station: String,
    /// What it does, by the name of its state in the metrics.
    pub state: String,
    /// How many visits began since the exhibition was started.
    pub visits: u64,
    /// The parts that are not well, by their names in the metrics.
    pub unwell: Vec<String>,
    /// How loud the figures are, in percent.
    pub volume: u8,
    /// The language of the first screen, and those that are offered.
    pub lang: String,
    /// See `lang`.
    pub languages: Vec<String>,
    /// What the last trial of the staff call said.
    pub trial: CallTrial,
    /// When a visitor called last, as it stands on a clock, until somebody says that they are there.
    pub called: Option<String>,
    /// Whether the help card came up, until somebody says that they are there.
    pub sos: bool,
    /// In how many days the helplines have to be verified anew, where that is soon.
    pub helplines: Option<u16>,
}

/// What is known of the operator's command that calls a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallTrial {
    /// There is none.
    NoCommand,
    /// It was not tried.
    #[default]
    Untried,
    /// It runs.
    Runs,
    /// It ran without a fault, at this time by the clock.
    Worked(String),
    /// It did not: why.
    Failed(String),
}
