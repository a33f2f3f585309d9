//! The Strategist: how far the comfort reached, and where the next thought should go.

use super::Scribe;
use crate::cast::story::reading::Nature;
use crate::dialogue::moves::MoveClass;
use crate::dialogue::request::{Direction, Verdict};
use crate::dialogue::strength::Band;

impl Scribe<'_> {
    pub(crate) fn verdict(&self) -> Verdict {
        let reading = &self.reading;
        let reached = reading.moves.iter().any(|found| found.kind.class() != MoveClass::Anti);
        let direction = match (self.context.band, reached) {
            (_, false) => Direction::Keep,
            (Band::High, true) => Direction::Reflect,
            (Band::Middle, true) => Direction::Doubt,
            (Band::Low, true) => Direction::Agree,
        };
        Verdict {
            addressee: reading.addressee,
            moves: reading.moves.clone(),
            silence: reading.nature == Nature::Silence,
            raw: reading.raw,
            resistance: reading.resistance,
            direction,
            end: self.context.band == Band::Low && reached,
            clause: self.lexicon.clause(self.context.last_said(), self.context),
            reason: self.reason(),
        }
    }

    fn reason(&self) -> String {
        if self.reading.moves.is_empty() {
            return self
                .reading
                .nature
                .table()
                .unwrap_or("kind, and nothing that a rule knows")
                .replace('_', " ");
        }
        let names: Vec<String> =
            self.reading.moves.iter().map(|found| found.kind.name().replace('_', " ")).collect();
        names.join(", ")
    }
}
