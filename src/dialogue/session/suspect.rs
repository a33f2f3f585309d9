//! Words that are not final yet: a draft that would stop the room can only hush, until it has stood for a while.

use serde::{Deserialize, Serialize};

use super::Session;
use super::shelter::Place;
use crate::dialogue::effect::Hush;
use crate::dialogue::ids::{Millis, UtteranceId};
use crate::dialogue::safety::Finding;
use crate::dialogue::timing;

/// A draft that would stop the room if it were final.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Suspect {
    pub(super) utterance: UtteranceId,
    pub(super) finding: Finding,
    pub(super) since: Millis,
}

impl Session {
    /// A draft of these words has become them. What a recogniser still holds of others stands.
    pub(super) fn settle_suspect(&mut self, utterance: Option<UtteranceId>) {
        let spoken = self.shelter.spoken;
        self.shelter.suspect = self.shelter.suspect.filter(|suspect| match utterance {
            Some(said) => suspect.utterance != said,
            None => spoken == Some(suspect.utterance),
        });
    }

    /// A draft can only hush. What stands unsaid for a while is taken as said.
    pub(super) fn watch_draft(&mut self, utterance: UtteranceId, draft: &str) {
        self.shelter.touched = self.clock.now();
        if self.shelter.place != Place::Room {
            return;
        }
        let now = self.clock.now();
        let spoken = self.shelter.spoken == Some(utterance);
        let before = self.shelter.suspect.filter(|suspect| suspect.utterance == utterance);
        match self.shelter.watch.read_draft(draft) {
            Some(finding) => {
                // A transcript grows while somebody speaks: it counts from its first sign. Keys that move are
                // somebody who has not decided what to say.
                let since = before.filter(|_| spoken).map_or(now, |suspect| suspect.since);
                self.shelter.suspect = Some(Suspect { utterance, finding, since });
                self.hush(Hush::Now);
                self.speech.held = Some(now);
                self.open.composing = Some(now);
            }
            // Whoever still speaks is not spoken into.
            None if spoken => self.shelter.suspect = self.shelter.suspect.filter(|_| before.is_none()),
            None if before.is_some() => {
                self.shelter.suspect = None;
                self.speech.held = None;
                self.continue_cut_line();
            }
            None => {}
        }
    }

    /// The drafts of this utterance are a recogniser's.
    pub(super) fn hears_voice(&mut self, utterance: UtteranceId) {
        self.shelter.spoken = Some(utterance);
        self.shelter.touched = self.clock.now();
    }

    /// It was no speech: what was heard of it does not count.
    pub(super) fn forget_suspect(&mut self, utterance: UtteranceId) {
        self.shelter.suspect = self.shelter.suspect.filter(|suspect| suspect.utterance != utterance);
    }

    /// Latches on a draft that has stood for too long. Returns whether it did.
    pub(super) fn latch_suspect(&mut self) -> bool {
        let Some(suspect) = self.shelter.suspect else {
            return false;
        };
        let spoken = self.shelter.spoken == Some(suspect.utterance);
        let wait = if spoken { timing::SUSPECT_SPOKEN } else { timing::SUSPECT_TYPED };
        if !self.clock.due(suspect.since + wait) {
            // Nobody begins to speak into it meanwhile.
            self.speech.held = self.speech.held.map(|since| since.max(suspect.since));
            return false;
        }
        self.shelter.suspect = None;
        self.alarm(suspect.finding);
        true
    }
}
