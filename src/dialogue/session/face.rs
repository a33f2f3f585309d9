//! A face, if the person allows it: one spoken consequence an evening, late by a second, and always in their favour.

use serde::{Deserialize, Serialize};

use super::Session;
use crate::dialogue::agent::Agent;
use crate::dialogue::effect::Hush;
use crate::dialogue::event::Kind;
use crate::dialogue::face::{FaceCue, FaceSummary, LEAST_CONFIDENCE, Level, SHORTEST_MS};
use crate::dialogue::ids::Millis;
use crate::dialogue::input::Sense;
use crate::dialogue::{text, timing};

/// So many captions of utterances before are told.
const MOST_BEFORE: usize = 4;
/// The most of a caption, in characters.
const LONGEST_CAPTION: usize = 120;

/// What a face asks for now.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct FaceState {
    /// The cue that holds for this turn.
    pub(super) cue: Option<FaceCue>,
    /// What was seen, in the careful words of the summary; empty without a cue.
    #[serde(default)]
    pub(super) caption: String,
    /// The captions of the last utterances, the oldest first.
    #[serde(default)]
    pub(super) before: Vec<String>,
    /// Whether the one spoken consequence of the evening was used.
    pub(super) used: bool,
    /// When distress makes the Devil stop.
    pub(super) hush_at: Option<Millis>,
}

impl Session {
    /// Reads the summary that came with an utterance. A new utterance ends what the last face asked for.
    pub(super) fn read_face(&mut self, summary: Option<&FaceSummary>, words: &str) {
        self.face.cue = None;
        self.face.caption.clear();
        if let Some(summary) = summary {
            self.take_cue(summary, words);
            self.remember_face(summary);
        }
    }

    /// What a face did over the last utterances is told beside the next one, so that a change is seen and not one moment.
    fn remember_face(&mut self, summary: &FaceSummary) {
        let caption = caption_of(summary);
        let sure = summary.confidence >= LEAST_CONFIDENCE && summary.observed_ms >= SHORTEST_MS;
        if self.level_of(Sense::Face) != Level::Aware || self.is_safe() || caption.is_empty() || !sure {
            return;
        }
        let before = &mut self.face.before;
        before.push(caption);
        let most = before.len().saturating_sub(MOST_BEFORE);
        before.drain(..most);
    }

    /// A face outside of an utterance: distress stops the Devil, turning away gives time.
    pub(super) fn take_face(&mut self, summary: &FaceSummary) {
        if matches!(FaceCue::read(summary, ""), Some(FaceCue::Distress | FaceCue::TurnedAway)) {
            self.take_cue(summary, "");
        }
    }

    fn take_cue(&mut self, summary: &FaceSummary, words: &str) {
        if self.level_of(Sense::Face) != Level::Aware || self.is_safe() {
            return;
        }
        let Some(cue) = FaceCue::read(summary, words) else {
            return;
        };
        if cue != FaceCue::TurnedAway {
            if self.face.used {
                return;
            }
            self.face.used = true;
        }
        if self.face.cue == Some(cue) {
            return;
        }
        self.face.cue = Some(cue);
        self.face.caption = caption_of(summary);
        self.record(Kind::Face { cue });
        if cue == FaceCue::Distress {
            self.face.hush_at = Some(self.clock.now() + timing::FACE_DELAY);
        }
    }

    /// What a face asks for happens a second late, so that nobody feels watched.
    pub(super) fn act_on_face(&mut self) {
        let Some(at) = self.face.hush_at else { return };
        if self.clock.due(at) {
            self.face.hush_at = None;
            if self.speaks(Agent::Devil) {
                self.hush(Hush::Now);
                self.forget_cut_line();
            }
        }
    }
}

/// The caption as the figures are told it: in words alone, since a number in a prompt does harm (`papers.md` 2.6).
fn caption_of(summary: &FaceSummary) -> String {
    let caption = text::clean(&summary.caption);
    if caption.chars().any(char::is_numeric) {
        return String::new();
    }
    text::first_chars(&caption, LONGEST_CAPTION).to_owned()
}
