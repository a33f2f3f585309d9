//! What the words did: the Strategist's verdict, strength and stage, the Guide's remark, and where the story goes.

use serde::{Deserialize, Serialize};

use super::asks::Purpose;
use super::round::Slot;
use super::speech::{Note, Spoken};
use super::{Session, Tally};
use crate::dialogue::agent::Agent;
use crate::dialogue::change::Moved;
use crate::dialogue::event::{EndReason, Kind, Phase};
use crate::dialogue::face::FaceCue;
use crate::dialogue::ids::Millis;
use crate::dialogue::moves::{Addressee, Move, MoveClass};
use crate::dialogue::request::{DevilBeat, Task, Verdict};
use crate::dialogue::resistance::RollingMove;
use crate::dialogue::safety::Gate;
use crate::dialogue::skills::SkillRatings;
use crate::dialogue::strength::{self, GIVEN_WAY, MoveCounts, Stage, Strength};
use crate::dialogue::timing;

/// What is known of the last utterance, and how far the room has shown it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Echo {
    pub(super) verdict: Option<Verdict>,
    pub(super) after: Option<After>,
    pub(super) reply: Slot<String>,
    pub(super) remark: Slot<(Option<String>, SkillRatings)>,
    pub(super) step: u32,
    /// Whether the Guide has said something about it.
    pub(super) remarked: bool,
    /// How things stood before it was weighed: words that are corrected have not counted.
    pub(super) before: Option<Before>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Before {
    strength: Strength,
    stage: Stage,
    counts: MoveCounts,
    tally: Tally,
}

/// Where the story goes after a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum After {
    Again,
    NextRound,
    Close(EndReason),
}

impl Session {
    /// Takes a verdict: code turns it into a drop of strength, within bounds.
    pub(super) fn weigh(&mut self, mut verdict: Verdict) {
        self.echo.before = Some(Before {
            strength: self.strength,
            stage: self.stage,
            counts: self.counts.clone(),
            tally: self.tally.clone(),
        });
        let distortion =
            self.distortion.unwrap_or(crate::dialogue::distortion::Distortion::Overgeneralization);
        let drop = if verdict.silence {
            self.tally.silences += 1;
            strength::drop_of_silence(self.tally.silences - 1)
        } else {
            strength::drop_of(&verdict.moves, &self.counts, self.stage, distortion)
        };
        // A silence, and words in which nothing was found, take nothing back of what was earned.
        verdict.direction = if verdict.moves.is_empty() {
            self.tally.direction
        } else {
            verdict.direction.in_one_step_from(self.tally.direction)
        };
        self.tally.direction = verdict.direction;
        let before = self.strength;
        self.strength = self.strength.lowered_by(drop);
        self.counts.add(&verdict.moves);
        if let Some(said) = self.said.last_mut() {
            said.moves.clone_from(&verdict.moves);
        }
        self.note_what_moved(&verdict, before.value() - self.strength.value());
        if verdict.moves.iter().any(|reading| reading.kind.class() == MoveClass::Warm) {
            self.stage = self.stage.raised();
        }
        self.record(Kind::Verdict {
            addressee: verdict.addressee,
            moves: verdict.moves.clone(),
            drop: before.value() - self.strength.value(),
            direction: verdict.direction,
            miss: verdict.is_miss(),
            raw: verdict.raw,
            reason: verdict.reason.clone(),
        });
        let rolling = self.roll_with(&verdict);
        self.new_basis();
        self.echo.verdict = Some(verdict.clone());
        self.ask_after(&verdict, rolling);
        self.decide(&verdict);
        if self.echo.after == Some(After::NextRound) {
            self.prepare_round(self.round + 1);
        }
    }

    /// What of their words did the most is kept for when they hear it themselves.
    fn note_what_moved(&mut self, verdict: &Verdict, drop: f32) {
        let said = self.said.last().map(|said| said.text.as_str()).unwrap_or_default();
        let clause = verdict.clause.as_deref().filter(|clause| said.contains(clause) && !verdict.is_miss());
        if let (Some(clause), Some(utterance)) = (clause, self.utterance)
            && Gate.pass(Agent::Patient, clause).is_ok()
        {
            self.moved_by.push(Moved { turn: self.turn, utterance, clause: clause.to_owned(), drop });
        }
    }

    /// Takes back what the last words did, because they were not the last: they go on, or are corrected.
    pub(super) fn unweigh(&mut self) {
        if let Some(before) = self.echo.before.take() {
            self.strength = before.strength;
            self.stage = before.stage;
            self.counts = before.counts;
            self.tally = before.tally;
        }
        self.moved_by.retain(|moved| moved.turn != self.turn);
        self.tally.answers = self.tally.answers.saturating_sub(1);
    }

    /// How resistance is met; the third "this is silly" ends the evening kindly, the second offers the choice.
    fn roll_with(&mut self, verdict: &Verdict) -> Option<RollingMove> {
        if verdict.moves.iter().any(|reading| reading.kind == Move::Dismissal) {
            self.tally.dismissals += 1;
        }
        // Words may say "fine" where the face does not.
        let resistance = verdict.resistance.or_else(|| self.cue()?.resistance())?;
        let technique = if self.tally.dismissals == 2 {
            RollingMove::EmphasisingAutonomy
        } else {
            RollingMove::answering(resistance, self.tally.resistances)
        };
        self.tally.resistances += 1;
        self.record(Kind::Move { technique, resistance });
        Some(technique)
    }

    fn ask_after(&mut self, verdict: &Verdict, rolling: Option<RollingMove>) {
        let spoken_to = verdict.addressee == Addressee::Devil
            && verdict.moves.iter().any(|reading| reading.kind.class() == MoveClass::ToDevil);
        if spoken_to && !self.devil_is_barred() {
            let context = self.context();
            self.echo.reply = Slot::Asked;
            self.ask(Purpose::Reply, Task::Devil(DevilBeat::Reply), context);
        }
        let face = self.cue();
        let aloud = self.guide_remarks(verdict, rolling, face);
        self.echo.remark = Slot::Asked;
        let context = self.context();
        self.ask(
            Purpose::Feedback,
            Task::Feedback { verdict: verdict.clone(), rolling, face, aloud },
            context.clone(),
        );
        self.ask(Purpose::Memory, Task::Memory, context);
    }

    /// The Guide is silent one round in three, after raw words, after a face that softens, and after a silence.
    fn guide_remarks(
        &mut self,
        verdict: &Verdict,
        rolling: Option<RollingMove>,
        face: Option<FaceCue>,
    ) -> bool {
        let has_reason = rolling.is_some()
            || matches!(face, Some(FaceCue::BrightWordsHeavy | FaceCue::DoubtfulFine | FaceCue::Scorn));
        if verdict.raw || face == Some(FaceCue::Softening) || (verdict.silence && rolling.is_none()) {
            return false;
        }
        // Words that went past the Patient get a hint for another try: two of the Guide's lines would be one too many.
        if verdict.is_miss() && self.open.again == 0 && !has_reason {
            return false;
        }
        self.tally.remarks += 1;
        has_reason || !self.tally.remarks.is_multiple_of(3)
    }

    fn decide(&mut self, verdict: &Verdict) {
        let given_way = self.strength.value() <= GIVEN_WAY;
        let after = if self.tally.dismissals >= 3 {
            After::Close(EndReason::Declined)
        } else if self.tally.silences_running >= 3 {
            After::Close(EndReason::Silence)
        } else if given_way && (self.round >= 3 || (verdict.end && self.round >= 2)) {
            After::Close(EndReason::GivenWay)
        } else if verdict.is_miss() && self.open.again == 0 && self.try_fits() {
            self.tally.revision += 1;
            After::Again
        } else if self.round >= self.setup.rounds || !self.round_fits() {
            After::Close(EndReason::Rounds)
        } else {
            After::NextRound
        };
        self.echo.after = Some(after);
    }

    /// After the answer: the room changes, the Devil may reply, the Guide remarks.
    pub(super) fn step_echo(&mut self) {
        let step = self.echo.step;
        match step {
            0 if self.may_change() => {
                self.show_change();
                self.echo.step = 1;
                self.moved = true;
            }
            1 if self.echo.reply != Slot::Asked => {
                if let Slot::Ready(reply) = std::mem::take(&mut self.echo.reply) {
                    self.say(Spoken::plain(Agent::Devil, reply), Millis(0));
                }
                self.echo.step = 2;
                self.moved = true;
            }
            2 if self.echo.remark != Slot::Asked && self.is_quiet() => self.remark(),
            3 if self.is_quiet() => self.go_on_from_echo(),
            _ => {}
        }
    }

    /// Whether the words were weighed, or never will be, and the answer has had its moment.
    fn may_change(&mut self) -> bool {
        let weighed = self.echo.verdict.is_some() || !self.asks.awaits(Purpose::Verdict);
        weighed && self.clock.due(self.phase_since + timing::BEFORE_CHANGE)
    }

    fn show_change(&mut self) {
        let (strength, stage) = self.shown;
        self.shown = (self.strength, self.stage);
        if strength != self.strength {
            self.record(Kind::Strength { value: self.strength });
        }
        if stage != self.stage {
            self.record(Kind::Stage { stage: self.stage });
        }
    }

    fn remark(&mut self) {
        if let Slot::Ready((text, skills)) = std::mem::take(&mut self.echo.remark) {
            match text {
                Some(text) => {
                    self.echo.remarked = true;
                    let note = Note::Feedback(skills);
                    self.say(Spoken::noted(Agent::Guide, text, note), timing::BEFORE_FEEDBACK);
                }
                None => self.record(Kind::Feedback { line: None, skills }),
            }
        }
        self.echo.step = 3;
        self.moved = true;
    }

    pub(super) fn go_on_from_echo(&mut self) {
        match self.in_time(self.echo.after.unwrap_or(After::NextRound)) {
            After::Again => {
                self.ask_hint(true);
                self.open_again(!self.echo.remarked);
            }
            After::NextRound => {
                self.prepare_round(self.round + 1);
                self.tally.rounds_done = self.round;
                self.enter(Phase::Quiet);
            }
            After::Close(reason) => self.end_rounds(reason),
        }
    }

    pub(super) fn step_quiet(&mut self) {
        if self.was_quiet() {
            self.end_quiet();
        }
    }

    /// The next round begins, with whatever of it is prepared; after the last one the close.
    pub(super) fn end_quiet(&mut self) {
        if let Some(reason) = self.closes_after_quiet() {
            self.close(reason);
            return;
        }
        if self.upcoming.round <= self.round {
            self.prepare_round(self.round + 1);
        }
        self.enter_round();
    }
}
