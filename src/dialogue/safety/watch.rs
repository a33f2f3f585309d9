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
const FADES: f32 = 0.8;
/// From here on what has gathered is a sign of its own.
const GATHERED: f32 = 1.0;
/// A line lighter than this adds nothing to a gathering, and cannot complete it.
const LIGHTEST: f32 = 0.12;

/// From here on a question for heights, doses or ways up is a sign.
const DISTRESS: f32 = 0.15;

impl Watch {
    /// Reads what was said.
    pub fn read(&mut self, text: &str) -> Option<Finding> {
        let reading = check::read(text);
        let before = self.weight * FADES;
        self.weight = before + reading.weight;
        if reading.finding.is_some() {
            return reading.finding;
        }
        if before >= DISTRESS && check::asks_for_means(text) {
            return Some(Finding::new(Tier::Red, Category::Plan));
        }
        let gathered = reading.weight >= LIGHTEST && before > 0.0 && self.weight >= GATHERED;
        gathered.then_some(Finding::new(Tier::Amber, Category::SlowBuild))
    }

    /// Reads what has not been said yet: it leaves no trace.
    #[must_use]
    pub fn glance(&self, draft: &str) -> Option<Finding> {
        check::read(draft).finding
    }
}
