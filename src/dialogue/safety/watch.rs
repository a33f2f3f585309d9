//! The check over an evening: each line by itself, and what gathers over several.

use serde::{Deserialize, Serialize};

use super::check;
use super::finding::{Category, Finding, Tier};

/// Reads a person's lines in order and remembers how heavy they have been, never what they were.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    weight: f32,
}

/// What one line's weight is worth after each further line.
const FADES: f32 = 0.7;
/// From here on what has gathered is a sign of its own.
const GATHERED: f32 = 0.6;
/// Any line may be this heavy.
const ORDINARY: f32 = 0.1;
/// What a line without a likely sign counts for.
const WITHOUT_SIGN: f32 = 0.7;
/// A line lighter than this cannot complete a gathering.
const LIGHTEST: f32 = 0.02;

/// What is left of it once a line was a sign by itself: that one is asked about, and not with every line after it again.
const ASKED_ABOUT: f32 = 0.3;

/// From here on a question for heights, doses or ways up is a sign.
const DISTRESS: f32 = 0.15;

impl Watch {
    /// Reads what was said.
    pub fn read(&mut self, text: &str) -> Option<Finding> {
        if is_stop_word(text) {
            return Some(Finding::new(Tier::Sos, Category::Sos));
        }
        let reading = check::read(text);
        let before = self.weight * FADES;
        let share = if reading.has_sign { 1.0 } else { WITHOUT_SIGN };
        let adds = (reading.weight - ORDINARY).max(0.0) * share;
        self.weight = before + adds;
        if reading.finding.is_some() {
            self.weight = self.weight.min(ASKED_ABOUT);
            return reading.finding;
        }
        if before >= DISTRESS && check::asks_for_means(text) {
            return Some(Finding::new(Tier::Red, Category::Plan));
        }
        let gathered = adds >= LIGHTEST && before > 0.0 && self.weight >= GATHERED;
        gathered.then_some(Finding::new(Tier::Amber, Category::SlowBuild))
    }

    /// Reads what has not been said yet: it leaves no trace.
    #[must_use]
    pub fn read_draft(&self, draft: &str) -> Option<Finding> {
        if is_stop_word(draft) {
            return Some(Finding::new(Tier::Sos, Category::Sos));
        }
        check::read(draft).finding
    }
}

/// The words that stop everything, as the whole of what is said; in every language that has a list.
const STOP_WORDS: [&str; 6] =
    ["stop everything", "please stop everything", "emergency stop", "sos", "全 部 停 下", "紧 急 停 止"];

fn is_stop_word(text: &str) -> bool {
    // Longer texts need not be looked at.
    text.len() <= 64 && STOP_WORDS.contains(&super::words(text).join(" ").as_str())
}
