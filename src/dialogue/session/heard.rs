//! Words that were heard: they stand for a moment before they count, and can be corrected in it.

use serde::{Deserialize, Serialize};

use super::Session;
use crate::dialogue::event::Phase;
use crate::dialogue::ids::{Millis, UtteranceId};
use crate::dialogue::input::Via;
use crate::dialogue::view::HeardWords;
use crate::dialogue::{text, timing};

/// What was heard and does not count yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Standing {
    utterance: UtteranceId,
    text: String,
    /// Since when it is whole.
    whole_since: Option<Millis>,
}

impl Session {
    /// A recogniser has made out words: so far, or all of them.
    pub(super) fn take_transcript(&mut self, utterance: UtteranceId, words: &str, whole: bool) {
        if self.clock.is_held() {
            // What is said while the evening is held is said to somebody else.
            return;
        }
        let words = text::clean(words);
        if self.is_own_voice(&words) {
            self.standing = None;
            self.forget_suspect(utterance);
            self.false_onset(utterance);
            return;
        }
        self.hears_voice(utterance);
        self.draft(utterance, &words);
        self.watch_draft(utterance, &words);
        let whole_since = whole.then(|| self.clock.now());
        self.standing = (!words.is_empty()).then_some(Standing { utterance, text: words, whole_since });
        self.moved = true;
    }

    /// The person types: what was heard is theirs to correct, and counts no more by itself.
    pub(super) fn takes_over(&mut self, typed: &str) {
        if !typed.is_empty() {
            self.standing = None;
        }
    }

    /// What was heard of this utterance is settled, or was nothing.
    pub(super) fn forget_heard(&mut self, utterance: UtteranceId) {
        self.standing = self.standing.take().filter(|standing| standing.utterance != utterance);
    }

    /// Lets what was heard count once it has stood for its moment. Whether it did.
    pub(super) fn count_heard(&mut self) -> bool {
        let Some(since) = self.standing.as_ref().and_then(|standing| standing.whole_since) else {
            return false;
        };
        if !self.clock.due(since + timing::HEARD_STANDS) {
            return false;
        }
        let Some(Standing { utterance, text, .. }) = self.standing.take() else { return false };
        if !self.stops_for(&text, Some(utterance)) {
            self.take_said(utterance, &text, Via::Voice, None);
            self.open.listened = self.phase == Phase::Breath;
        }
        true
    }

    /// What a stage shows of it.
    pub(super) fn shown_heard(&self) -> Option<HeardWords> {
        self.standing.as_ref().map(|standing| HeardWords {
            utterance: standing.utterance,
            text: standing.text.clone(),
            whole: standing.whole_since.is_some(),
        })
    }

    /// Whether these are words that the room itself is speaking, or has just spoken: the microphone hears the loudspeaker.
    fn is_own_voice(&self, words: &str) -> bool {
        let heard = plain(words);
        if heard.split(' ').count() < FEWEST_WORDS {
            return false;
        }
        let quiet = self.clock.now().since(self.speech.quiet_since);
        if self.speaking().is_none() && quiet > timing::ECHOES {
            return false;
        }
        let before = self.lines.iter().rev().take(2).map(|line| line.text.as_str());
        before.chain(self.speech.text()).any(|line| plain(line).contains(&heard))
    }
}

/// Fewer words than this can be said by two people by chance.
const FEWEST_WORDS: usize = 3;

/// Words alone, as they sound.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
