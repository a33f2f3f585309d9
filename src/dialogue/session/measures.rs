//! What a person answers to a measure. It changes nothing in the evening.

use super::Session;
use crate::dialogue::event::{Kind, Phase};
use crate::dialogue::measures::{Taken, When};

impl Session {
    /// Writes down what was answered: before the person's first comfort, or from when the evening closes until they leave.
    /// At another time it would not say what it claims to; in an evening that was stopped for the person's sake nobody is
    /// measured.
    pub(super) fn take_measure(&mut self, taken: Taken) {
        let open = self.phase != Phase::Waiting && !self.is_safe();
        let in_time = match taken.when {
            When::Before => self.turn == 0 && self.ended.is_none(),
            When::After => self.ended.is_some(),
        };
        if open && in_time && taken.check().is_ok() {
            self.measured |= taken.when == When::Before;
            self.record(Kind::Measured(taken));
        }
    }
}
