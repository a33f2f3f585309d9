//! The end of an evening: three endings of equal kindness, and the Patient speaks last.

use serde::{Deserialize, Serialize};

use super::Session;
use super::asks::Purpose;
use super::deliver::Waiting;
use super::round::{Slot, Thought};
use super::speech::Spoken;
use crate::dialogue::agent::{Agent, Manner};
use crate::dialogue::effect::Hush;
use crate::dialogue::event::{EndReason, Kind, Phase};
use crate::dialogue::face::Level;
use crate::dialogue::request::{DevilBeat, Farewell, PatientBeat, Task};
use crate::dialogue::strength::{Ending, TIRED};
use crate::dialogue::theme::{Theme, Window};
use crate::dialogue::{effect::Effect, timing};

/// The last lines, as far as they are there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Closing {
    pub(super) reason: Option<EndReason>,
    pub(super) scene: Slot<(String, Window, Theme)>,
    pub(super) devil: Slot<Thought>,
    pub(super) guide: Slot<String>,
    pub(super) patient: Slot<String>,
    /// Whether the window has opened and the Devil has said its last.
    #[serde(default)]
    opened: bool,
    spoken: bool,
    pub(super) waiting: Waiting,
}

impl Session {
    /// Closes the evening. When the person stopped it, the Devil has no last word at all.
    pub(super) fn close(&mut self, reason: EndReason) {
        if matches!(self.phase, Phase::Waiting | Phase::Closing | Phase::Change | Phase::Safe | Phase::Ended)
        {
            return;
        }
        self.cancel_all();
        self.forget_answer();
        self.hush(Hush::AfterWord);
        self.clear_queue();
        let ending = Ending::of(self.strength);
        if ending == Ending::Tires {
            self.strength = self.strength.at_most(TIRED);
        }
        let stopped = matches!(reason, EndReason::Stopped | EndReason::Declined);
        if stopped {
            // They will not be asked whether they want to hear themselves.
            self.stop_recording();
        }
        self.closing.reason = Some(reason);
        self.ended = Some((ending, reason));
        self.enter(Phase::Closing);
        if self.shown != (self.strength, self.stage) && self.round > 0 {
            self.shown = (self.strength, self.stage);
            self.record(Kind::Strength { value: self.strength });
        }
        if self.round == 0 {
            self.end();
            return;
        }
        // Of a Devil that was silenced nobody speaks again, either.
        let farewell = Farewell { ending, stopped: stopped || self.is_safe() };
        self.closing.scene = Slot::Asked;
        self.closing.guide = Slot::Asked;
        self.closing.patient = Slot::Asked;
        let context = self.context();
        self.ask(Purpose::ClosingScene, Task::Trigger { closing: Some(farewell) }, context.clone());
        if stopped || self.devil_is_barred() {
            self.closing.devil = Slot::Missing;
        } else {
            self.closing.devil = Slot::Asked;
            let beat = DevilBeat::Closing(farewell);
            self.ask(Purpose::ClosingDevil, Task::Devil(beat), context.clone());
        }
        self.ask(Purpose::ClosingGuide, Task::Farewell(farewell), context.clone());
        self.ask(Purpose::ClosingPatient, Task::Patient(PatientBeat::Closing(farewell)), context);
    }

    pub(super) fn step_closing(&mut self) {
        if !self.closing.opened {
            if self.closing_is_settled() && self.is_quiet() {
                self.closing.opened = true;
                self.moved = true;
                self.open_last_scene();
            }
        } else if !self.closing.spoken {
            if self.is_quiet() && self.offers_change() {
                self.offer_change();
            } else if self.is_quiet() {
                self.closing.spoken = true;
                self.say_last_lines();
            }
        } else if self.is_quiet() && self.clock.due(self.speech.quiet_since + timing::QUIET) {
            self.end();
        }
    }

    fn open_last_scene(&mut self) {
        if let Slot::Ready((text, window, _)) = std::mem::take(&mut self.closing.scene) {
            self.open_window(text, window);
        }
        if let Slot::Ready(thought) = std::mem::take(&mut self.closing.devil) {
            let callback = thought.callback;
            let spoken =
                Spoken { callback, manner: Manner::Soft, ..Spoken::plain(Agent::Devil, thought.text) };
            self.say(spoken, timing::AFTER_SCENE);
        }
    }

    /// The Guide's, and then the Patient's.
    fn say_last_lines(&mut self) {
        let after = self.speech.quiet_since + timing::AFTER_SCENE;
        let after = after.since(self.clock.now());
        if let Slot::Ready(text) = std::mem::take(&mut self.closing.guide) {
            self.say(Spoken::plain(Agent::Guide, text), after);
        }
        let last = match std::mem::take(&mut self.closing.patient) {
            Slot::Ready(text) => text,
            _ => self.fixed().patient_farewell.clone(),
        };
        if !last.is_empty() {
            self.say(Spoken::plain(Agent::Patient, last), after);
        }
    }

    pub(super) fn end(&mut self) {
        let reason = self.closing.reason.unwrap_or(EndReason::Stopped);
        let ending = self.ended.map_or_else(|| Ending::of(self.strength), |(ending, _)| ending);
        self.ended = Some((ending, reason));
        self.close_senses();
        let rounds = self.tally.rounds_done;
        self.record(Kind::End { ending, because: reason, rounds });
        self.enter(Phase::Ended);
    }

    pub(super) fn close_senses(&mut self) {
        for (sense, level) in std::mem::take(&mut self.senses) {
            if level != Level::Off {
                self.out.push(Effect::Device { sense, on: false });
            }
        }
    }
}
