//! The person's turn: drafts, words, silence, barge-in, and the Patient's answer.

use serde::{Deserialize, Serialize};

use super::Session;
use super::asks::Purpose;
use super::round::Slot;
use super::speech::Spoken;
use crate::dialogue::agent::Agent;
use crate::dialogue::effect::Hush;
use crate::dialogue::event::{HintReason, Kind, Phase, SaidPart};
use crate::dialogue::face::{FaceCue, FaceSummary};
use crate::dialogue::ids::{Millis, UtteranceId};
use crate::dialogue::input::Via;
use crate::dialogue::request::{PatientBeat, SaidTurn, Task, Verdict};
use crate::dialogue::technique::Aim;
use crate::dialogue::{text, timing};

/// The open turn, and how long it has been quiet in it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct OpenTurn {
    quiet_since: Millis,
    /// The last key or sound of an utterance that is not finished.
    pub(super) composing: Option<Millis>,
    /// How many times the turn was opened again after a miss.
    pub(super) again: u32,
    missed: bool,
    hinted: bool,
    told_to_stay: bool,
    went_on: bool,
    /// Whether the Patient's answer is complete.
    pub(super) answered: bool,
    /// Whether a first sentence of it is there.
    pub(super) begun: bool,
    /// What the person has said in this turn, piece by piece.
    parts: Vec<(UtteranceId, String)>,
    stirred: Option<UtteranceId>,
    /// Whether the words stood for a moment before they counted.
    #[serde(default)]
    pub(super) listened: bool,
}

impl OpenTurn {
    /// What was said in this turn with one more piece, or with one that was corrected.
    pub(super) fn take_part(&mut self, utterance: UtteranceId, words: &str) {
        match self.parts.iter_mut().find(|(of, _)| *of == utterance) {
            Some((_, part)) => words.clone_into(part),
            None => self.parts.push((utterance, words.to_owned())),
        }
    }

    /// All that was said in this turn.
    pub(super) fn whole(&self) -> String {
        let parts: Vec<&str> = self.parts.iter().map(|(_, part)| part.as_str()).collect();
        parts.join(" ")
    }
}

impl Session {
    /// It is the person's turn.
    pub(super) fn open_turn(&mut self) {
        self.open.quiet_since = self.clock.now();
        self.open.hinted = false;
        self.open.parts.clear();
        self.enter(Phase::Open);
    }

    /// It is their turn again: their words went past the Patient, and one can say it another way.
    /// A hint follows soon, where the Guide has said nothing yet.
    pub(super) fn open_again(&mut self, with_hint: bool) {
        self.open.again += 1;
        self.open.missed = with_hint;
        self.open_turn();
    }

    pub(super) fn step_open(&mut self) {
        self.give_wanted_hint();
        if !self.is_quiet() {
            return;
        }
        let mut since = self.open.quiet_since;
        if let Some(last) = self.open.composing {
            if !self.clock.due(last + timing::COMPOSING) {
                return;
            }
            since = since.max(last);
        }
        if !self.open.hinted && self.clock.due(since + self.hint_delay()) {
            self.open.hinted = true;
            self.moved = true;
            let because = if self.open.missed { HintReason::Miss } else { HintReason::Silence };
            self.want_hint(because);
        } else if !self.open.told_to_stay && self.clock.due(since + timing::STAY) {
            self.open.told_to_stay = true;
            self.moved = true;
            let aim = if self.aim() == Aim::Stay { Aim::Stay } else { Aim::Presence };
            let note = super::speech::Note::Hint(aim, HintReason::Stay);
            let stay = self.fixed().stay.get(self.tally.stays).cloned();
            if let Some(stay) = stay {
                self.tally.stays += 1;
                self.say(Spoken::noted(Agent::Guide, stay, note), Millis(0));
            }
        } else if !self.open.went_on && self.clock.due(since + timing::GO_ON) {
            self.open.went_on = true;
            let context = self.context();
            self.ask(Purpose::GoOn, Task::Patient(PatientBeat::GoOn), context);
        } else if self.clock.due(since + timing::SILENT_TURN) {
            self.silent_turn();
        }
    }

    fn hint_delay(&self) -> Millis {
        if self.open.missed {
            return timing::HINT_AFTER_MISS;
        }
        let delay = if self.via == Via::Voice { timing::HINT_SPEAKING } else { timing::HINT_TYPING };
        let away = self.cue() == Some(FaceCue::TurnedAway);
        if away { delay + timing::HINT_TURNED_AWAY } else { delay }
    }

    /// What the person has typed or said so far. The Patient stirs at the first word.
    pub(super) fn draft(&mut self, utterance: UtteranceId, draft: &str) {
        let empty = !draft.chars().any(char::is_alphanumeric);
        self.open.composing = (!empty).then(|| self.clock.now());
        if self.speech.held.is_some() && !empty {
            self.speech.held = self.open.composing;
        }
        if empty {
            self.open.quiet_since = self.open.quiet_since.max(self.clock.now());
        } else if self.open.stirred != Some(utterance) && self.phase == Phase::Open {
            self.open.stirred = Some(utterance);
            self.record(Kind::Stir);
        }
    }

    /// The person begins to speak: whoever speaks stops after the word.
    pub(super) fn onset(&mut self, utterance: UtteranceId) {
        // Whoever reads their own words aloud interrupts nobody.
        if self.is_listening_to_themselves()
            || matches!(self.phase, Phase::Closing | Phase::Safe | Phase::Ended)
        {
            return;
        }
        self.via = Via::Voice;
        self.speech.goes_on = false;
        self.open.composing = Some(self.clock.now());
        self.speech.held = Some(self.clock.now());
        self.hush(Hush::AfterWord);
        if self.open.stirred != Some(utterance) && self.phase == Phase::Open {
            self.open.stirred = Some(utterance);
            self.record(Kind::Stir);
        }
    }

    /// It was no speech: what was interrupted goes on.
    pub(super) fn false_onset(&mut self, utterance: UtteranceId) {
        if self.open.stirred == Some(utterance) {
            self.open.stirred = None;
        }
        self.open.composing = None;
        self.speech.held = None;
        self.continue_cut_line();
    }

    /// Takes what the person said, whatever the session is at.
    pub(super) fn take_said(
        &mut self,
        utterance: UtteranceId,
        raw: &str,
        via: Via,
        face: Option<FaceSummary>,
    ) {
        self.open.composing = None;
        self.speech.held = None;
        self.via = via;
        let (words, cut) = text::clean_utterance(raw);
        if self.phase == Phase::Intake {
            self.take_intake(raw, Some(utterance), via);
            return;
        }
        if cut {
            self.record_cut();
        }
        match self.phase {
            Phase::Waiting | Phase::Intake => {}
            Phase::Change => self.said_in_change(raw, Some(utterance), via),
            Phase::Closing | Phase::Safe | Phase::Ended => self.said_afterwards(utterance, words, via),
            _ if words.is_empty() => {
                if self.phase == Phase::Open {
                    self.silent_turn();
                }
            }
            _ => self.comfort(utterance, words, via, face),
        }
    }

    /// More was said at once than is kept.
    pub(super) fn record_cut(&mut self) {
        let what = format!("more than {} characters at once; the rest is left out", text::LONGEST_UTTERANCE);
        self.record(Kind::Fault { part: "text".to_owned(), what });
    }

    fn said_afterwards(&mut self, utterance: UtteranceId, text: String, via: Via) {
        if self.phase != Phase::Ended && !text.is_empty() {
            self.record(Kind::Said { utterance, text, via, part: SaidPart::Afterwards });
        }
    }

    /// A comfort: the Patient takes a breath and answers; the Strategist weighs it beside.
    fn comfort(&mut self, utterance: UtteranceId, words: String, via: Via, face: Option<FaceSummary>) {
        self.hush(Hush::AfterWord);
        self.clear_queue();
        self.keep_ratings();
        self.cancel_turn();
        self.new_basis();
        if self.upcoming.round != self.round {
            self.drop_prepared();
        }
        if self.phase == Phase::Breath && !self.open.parts.is_empty() {
            self.unweigh();
        } else {
            self.turn += 1;
            self.open.parts.clear();
            self.begin_said();
        }
        self.utterance = Some(utterance);
        self.open.take_part(utterance, &words);
        let whole = self.open.whole();
        if let Some(last) = self.said.last_mut() {
            last.text.clone_from(&whole);
        }
        self.record(Kind::Said { utterance, text: words.clone(), via, part: SaidPart::Comfort });
        self.tally.silences_running = 0;
        self.read_face(face.as_ref(), &whole);
        self.await_answer();
        let context = self.context();
        self.ask(Purpose::Verdict, Task::Verdict, context);
    }

    /// A turn of the person's begins, after what was heard so far.
    fn begin_said(&mut self) {
        let after = self.lines.len();
        self.said.push(SaidTurn { round: self.round, text: String::new(), moves: Vec::new(), after });
    }

    /// The ratings of an utterance stay in the log, also where the Guide never came to its remark.
    pub(super) fn keep_ratings(&mut self) {
        if let Slot::Ready((_, skills)) = std::mem::take(&mut self.echo.remark) {
            self.record(Kind::Feedback { line: None, skills });
        }
    }

    /// The person stayed silent for a whole turn. That is something too.
    pub(super) fn silent_turn(&mut self) {
        self.cancel_turn();
        self.cancel(&[Purpose::Hint, Purpose::GoOn]);
        self.clear_queue();
        self.turn += 1;
        self.open.parts.clear();
        self.begin_said();
        self.record(Kind::Silence);
        self.tally.silences_running += 1;
        self.await_answer();
        self.weigh(Verdict {
            silence: true,
            reason: "stayed, without words".to_owned(),
            ..Verdict::default()
        });
    }

    fn await_answer(&mut self) {
        self.echo = super::weigh::Echo::default();
        self.hint.wanted = None;
        self.open.missed = false;
        self.open.answered = false;
        self.open.begun = false;
        self.open.listened = false;
        self.tally.answers += 1;
        self.enter(Phase::Breath);
        let short = self.tally.answers.is_multiple_of(4);
        let face = self.cue();
        let context = self.context();
        self.ask(Purpose::Answer, Task::Patient(PatientBeat::Answer { short, face }), context);
    }

    /// The breath: never none, longer after raw words.
    pub(super) fn step_breath(&mut self) {
        let raw = self.echo.verdict.as_ref().is_some_and(|verdict| verdict.raw);
        let breath = if raw { timing::BREATH_RAW } else { timing::breath(self.setup.seed, self.turn) };
        // They have listened to it since it was whole.
        let listened = if self.open.listened { timing::HEARD_STANDS } else { Millis(0) };
        let breath = breath.since(listened);
        if self.clock.due(self.phase_since + breath) && self.speaking().is_none() && self.open.begun {
            self.enter(Phase::Answer);
        }
    }

    pub(super) fn step_answer(&mut self) {
        self.say_answer();
        if self.is_quiet() && self.open.answered {
            self.enter(Phase::Echo);
        }
    }
}
