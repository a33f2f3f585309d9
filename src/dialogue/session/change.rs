//! The change of places, step by step (`voice.md` 7 of the design's reference). It can be left at every second.

use serde::{Deserialize, Serialize};

use super::Session;
use super::speech::{OWN_WORDS, Spoken};
use crate::dialogue::agent::{Agent, Manner};
use crate::dialogue::change::{self, ChangeStep, Moved};
use crate::dialogue::effect::Hush;
use crate::dialogue::event::{EndReason, Kind, Phase, SaidPart};
use crate::dialogue::ids::{LineId, Millis, UtteranceId};
use crate::dialogue::input::Via;
use crate::dialogue::view::ChangeView;
use crate::dialogue::{text, timing};

/// What is heard, and how far it has come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Change {
    step: ChangeStep,
    since: Millis,
    /// Whether what belongs to the step was said.
    said: bool,
    asked_again: bool,
    clauses: Vec<Moved>,
    /// The clause that is heard next.
    next: usize,
    kept: Option<String>,
    /// Whether it is over, or was declined.
    over: bool,
}

impl Session {
    /// Whether they are asked to change places, once the last lines were said: not when they broke off, nor when nobody may
    /// be there.
    pub(super) fn offers_change(&self) -> bool {
        let asked = self.closing.reason.is_some() && self.change_may_come();
        asked && !self.is_safe() && self.round > 0 && self.change_fits()
    }

    /// Whether they may still be asked, or are over there: not once it is over, or the evening ends otherwise.
    pub(super) fn change_may_come(&self) -> bool {
        let asks = |reason: EndReason| {
            matches!(reason, EndReason::GivenWay | EndReason::Rounds | EndReason::Silence)
        };
        self.setup.change && !self.change.over && self.closing.reason.is_none_or(asks)
    }

    pub(super) fn offer_change(&mut self) {
        self.change.clauses = change::to_be_heard(&self.moved_by);
        self.enter(Phase::Change);
        let lines = &self.fixed().change;
        let offer = if self.change.clauses.is_empty() { &lines.offer_silence } else { &lines.offer };
        self.guide_says(offer.clone(), Millis(0));
        self.go_to(ChangeStep::Asked);
    }

    fn guide_says(&mut self, text: String, after: Millis) {
        if !text.is_empty() {
            self.say(Spoken::plain(Agent::Guide, text), after);
        }
    }

    fn go_to(&mut self, step: ChangeStep) {
        (self.change.step, self.change.since, self.change.said) = (step, self.clock.now(), false);
        self.record(Kind::Change { step });
    }

    pub(super) fn change_step(&self) -> Option<ChangeStep> {
        (self.phase == Phase::Change).then_some(self.change.step)
    }

    /// Whether they sit over there, and nothing is asked of them.
    pub(super) fn is_listening_to_themselves(&self) -> bool {
        self.phase == Phase::Change && !self.change.step.asks()
    }

    pub(super) fn step_change(&mut self) {
        let since = self.change.since;
        match self.change.step {
            ChangeStep::Asked | ChangeStep::Keep => self.wait_for_answer(),
            ChangeStep::Settling => {
                if self.clock.due(since + timing::SETTLES) {
                    let spared = self.is_spared_the_critic();
                    self.go_to(if spared { ChangeStep::Words } else { ChangeStep::Critic });
                }
            }
            ChangeStep::Critic => self.step_critic(),
            ChangeStep::Words => self.step_words(),
            ChangeStep::Still => {
                if self.clock.due(since + timing::STAYS_STILL) {
                    self.ask_what_is_kept();
                }
            }
            ChangeStep::Back => self.step_back(),
        }
    }

    /// A question in it is waited for, and nobody is urged.
    fn wait_for_answer(&mut self) {
        if !self.is_quiet() {
            return;
        }
        let last = self.open.composing.unwrap_or_default();
        let since = self.speech.quiet_since.max(self.change.since).max(last);
        if self.clock.due(since + timing::ANSWERS) {
            self.come_back();
        }
    }

    /// Whether nothing of the Devil is heard there: they silenced it, or were in distress.
    fn is_spared_the_critic(&self) -> bool {
        let raw = self.echo.verdict.as_ref().is_some_and(|verdict| verdict.raw);
        self.devil_is_barred() || raw
    }

    /// The Devil, small, says half of its first line, and stops itself.
    fn step_critic(&mut self) {
        if !self.change.said {
            self.change.said = true;
            if let Some(half) = self.half_of_its_first_line() {
                let spoken = Spoken { manner: Manner::Soft, ..Spoken::plain(Agent::Devil, half) };
                self.say(spoken, Millis(0));
            }
        } else if self.is_quiet() && self.clock.due(self.speech.quiet_since + timing::AFTER_THOUGHT) {
            self.go_to(ChangeStep::Words);
        }
    }

    fn half_of_its_first_line(&self) -> Option<String> {
        let first = self.lines.iter().find(|line| line.agent == Agent::Devil)?;
        let words: Vec<&str> = first.text.split_whitespace().collect();
        let half = words[..words.len().div_ceil(2)].join(" ");
        Some(format!("{}\u{2026}", half.trim_end_matches(|c: char| !c.is_alphanumeric())))
    }

    /// What they said, clause by clause; where nothing kind was said, that they stayed.
    fn step_words(&mut self) {
        let next = self.change.next;
        let pause = if next == 0 { Millis(0) } else { timing::BETWEEN_CLAUSES };
        if !self.is_quiet() || !self.clock.due(self.speech.quiet_since + pause) {
            return;
        }
        self.change.next += 1;
        self.moved = true;
        if let Some(moved) = self.change.clauses.get(next).cloned() {
            let own = Some((LineId(OWN_WORDS + next as u64), moved.utterance));
            self.say(Spoken { own, ..Spoken::plain(Agent::Patient, moved.clause) }, Millis(0));
        } else if next == 0 {
            self.guide_says(self.fixed().change.stayed.clone(), Millis(0));
        } else {
            self.go_to(ChangeStep::Still);
        }
    }

    fn ask_what_is_kept(&mut self) {
        if self.change.clauses.is_empty() {
            self.come_back();
            return;
        }
        let lines = &self.fixed().change;
        let keep = if self.change.clauses.len() == 1 { &lines.keep_one } else { &lines.keep };
        self.guide_says(keep.clone(), Millis(0));
        self.go_to(ChangeStep::Keep);
    }

    /// To their own side: the Patient has the last word.
    pub(super) fn come_back(&mut self) {
        let was_there = self.change.step.is_over_there();
        if !was_there {
            self.leave_change();
            return;
        }
        self.go_to(ChangeStep::Back);
        let last = match self.kept_in_one_line() {
            Some(words) => self.fixed().change.kept.replace("{words}", &words),
            None => self.fixed().change.kept_nothing.clone(),
        };
        if !last.is_empty() {
            self.say(Spoken::plain(Agent::Patient, last), timing::AFTER_SCENE);
        }
    }

    /// Of what is kept, or else of what was heard first, what the Patient can say in one breath.
    fn kept_in_one_line(&self) -> Option<String> {
        let first = self.change.clauses.first().map(|moved| &moved.clause);
        let words = self.change.kept.as_ref().or(first)?;
        let mut sentences = text::Sentences::default();
        // The last sentence is whole, too.
        let sentence =
            sentences.push(&format!("{words} ")).into_iter().next().unwrap_or_else(|| words.clone());
        let plain = sentence.trim_end_matches(['.', ',', ';', ' ', '!']);
        (plain.split_whitespace().count() <= LONGEST_KEPT).then(|| plain.to_owned())
    }

    fn step_back(&mut self) {
        if self.is_quiet() && self.clock.due(self.speech.quiet_since.max(self.change.since) + timing::QUIET) {
            self.leave_change();
        }
    }

    /// The last words of the evening follow.
    fn leave_change(&mut self) {
        self.change.over = true;
        self.stop_recording();
        self.enter(Phase::Closing);
    }

    /// The evening is broken off in it.
    pub(super) fn stop_in_change(&mut self) {
        self.hush(Hush::Now);
        self.clear_queue();
        self.closing.reason = Some(EndReason::Stopped);
        self.end();
    }

    /// Past it, at any second.
    pub(super) fn skip_in_change(&mut self) {
        self.hush(Hush::Now);
        self.clear_queue();
        match self.change.step {
            ChangeStep::Back => {}
            _ => self.come_back(),
        }
    }

    /// What is said in it answers the question that stands. Whatever else is said is theirs alone.
    pub(super) fn said_in_change(&mut self, answer: &str, utterance: Option<UtteranceId>, via: Via) {
        let (words, _cut) = text::clean_utterance(answer);
        let step = self.change.step;
        if words.is_empty() || !step.asks() {
            return;
        }
        let next = self.utterance.map_or(UtteranceId(0), |last| UtteranceId(last.0 + 1));
        let utterance = utterance.unwrap_or(next);
        self.utterance = Some(utterance);
        let part = SaidPart::Change;
        self.record(Kind::Said { utterance, text: words.clone(), via, part });
        self.moved = true;
        match (step, change::will(&words)) {
            (ChangeStep::Keep, _) => self.keep_words(&words),
            (_, Some(true)) => self.sit_over_there(),
            (_, None) if !self.change.asked_again => self.ask_again_whether(),
            _ => self.skip_in_change(),
        }
    }

    fn ask_again_whether(&mut self) {
        self.change.asked_again = true;
        let plainly = self.fixed().change.plainly.clone();
        self.guide_says(plainly, Millis(0));
    }

    fn sit_over_there(&mut self) {
        self.hush(Hush::AfterWord);
        self.clear_queue();
        self.go_to(ChangeStep::Settling);
        if !self.change.clauses.is_empty() {
            let aloud = self.fixed().change.aloud.clone();
            self.guide_says(aloud, timing::AFTER_SCENE);
        }
    }

    fn keep_words(&mut self, words: &str) {
        let clauses: Vec<String> = self.change.clauses.iter().map(|moved| moved.clause.clone()).collect();
        self.change.kept = change::kept(words, &clauses);
        if let Some(text) = self.change.kept.clone() {
            self.record(Kind::Kept { text });
        }
        self.skip_in_change();
    }

    /// The words that they keep, for a card that they can take away: nothing of the Devil's is ever on it.
    pub(super) fn to_take_away(&self) -> Option<String> {
        let kept = self.change.kept.as_ref().filter(|_| !self.is_safe())?;
        let own = self.change.clauses.iter().any(|moved| moved.clause == *kept);
        let mut critic = self.lines.iter().filter(|line| line.agent == Agent::Devil);
        let is_its = !own && critic.any(|line| change::repeats(kept, &line.text));
        (!is_its).then(|| kept.clone())
    }

    /// What a stage shows of it.
    pub(super) fn shown_change(&self) -> Option<ChangeView> {
        let own = self.speech.own_words().map(str::to_owned);
        (self.phase == Phase::Change).then(|| ChangeView {
            step: self.change.step,
            words: own,
            clauses: self.change.clauses.iter().map(|moved| moved.clause.clone()).collect(),
        })
    }
}

/// So many words the Patient can say of what is kept.
const LONGEST_KEPT: usize = 16;
