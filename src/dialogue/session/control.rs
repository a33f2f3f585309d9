//! Wishes about the evening itself: hold, go on, skip, stop.

use super::Session;
use super::asks::Purpose;
use crate::dialogue::agent::{Agent, Intensity};
use crate::dialogue::effect::{Effect, Hush};
use crate::dialogue::event::{EndReason, HintReason, Kind, Phase};
use crate::dialogue::face::Level;
use crate::dialogue::input::{Attention, Control, Sense};

impl Session {
    pub(super) fn control(&mut self, control: Control) {
        if matches!(self.phase, Phase::Waiting | Phase::Ended) {
            return;
        }
        match control {
            Control::Pause => self.pause(),
            Control::Resume => self.resume(),
            Control::Skip => self.skip(),
            Control::Hint => self.hint_asked(),
            Control::Stop => {
                self.clock.release();
                self.close(EndReason::Stopped);
            }
            Control::Sos => self.sos(),
            Control::Devil(intensity) => self.set_intensity(intensity),
        }
    }

    pub(super) fn attention(&mut self, attention: Attention) {
        match attention {
            Attention::Away => self.pause(),
            Attention::Present => self.resume(),
        }
    }

    fn pause(&mut self) {
        if self.clock.is_held() || matches!(self.phase, Phase::Waiting | Phase::Safe | Phase::Ended) {
            return;
        }
        self.hush(Hush::Now);
        self.record(Kind::Paused { paused: true });
        self.clock.hold();
    }

    fn resume(&mut self) {
        if self.clock.is_held() {
            self.clock.release();
            self.record(Kind::Paused { paused: false });
            self.continue_cut_line();
        }
    }

    /// Past what is going on: a question, a line, a turn, a quiet.
    fn skip(&mut self) {
        match self.phase {
            Phase::Intake => self.skip_question(),
            Phase::Open => self.silent_turn(),
            _ => {
                self.hush(Hush::Now);
                self.forget_cut_line();
            }
        }
    }

    fn hint_asked(&mut self) {
        match self.phase {
            Phase::Open | Phase::Need | Phase::Thought => self.want_hint(HintReason::Asked),
            Phase::Scene => self.hint.wanted = Some(HintReason::Asked),
            _ => {}
        }
    }

    fn set_intensity(&mut self, intensity: Intensity) {
        if self.setup.intensity == intensity {
            return;
        }
        self.setup.intensity = intensity;
        self.new_basis();
        if intensity == Intensity::Off {
            self.cancel(&[Purpose::Reply]);
            self.echo.reply = super::round::Slot::Missing;
            if self.speaks(Agent::Devil) {
                self.hush(Hush::AfterWord);
                self.forget_cut_line();
            }
        }
        // What was prepared for another Devil is prepared anew.
        if self.upcoming.round > self.round {
            self.drop_prepared();
            self.prepare_round(self.round + 1);
        } else {
            self.prepare_anew();
        }
    }

    /// The person allows a sense, or takes that back; no more than the place allows.
    pub(super) fn consent(&mut self, sense: Sense, level: Level) {
        if self.phase == Phase::Ended || self.safe {
            return;
        }
        let level = if sense == Sense::Face { level.min(self.setup.venue.highest_level()) } else { level };
        if sense == Sense::Face {
            self.face_level = level;
            self.face = super::face::FaceState { used: self.face.used, ..Default::default() };
        }
        self.record(Kind::Sense { sense, level });
        self.out.push(Effect::Device { sense, on: level != Level::Off });
    }
}
