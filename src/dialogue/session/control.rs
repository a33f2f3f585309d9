//! Wishes about the evening itself: hold, go on, skip, stop.

use super::Session;
use super::asks::Purpose;
use crate::dialogue::agent::{Agent, Intensity};
use crate::dialogue::effect::{Effect, Hush};
use crate::dialogue::event::{EndReason, HintReason, Kind, Phase};
use crate::dialogue::face::Level;
use crate::dialogue::input::{Attention, Control, Sense};
use crate::dialogue::timing;

impl Session {
    pub(super) fn control(&mut self, control: Control) {
        // Before the beginning and after the end there is nothing to steer, but help can always be reached.
        if control == Control::Sos {
            self.sos();
            return;
        }
        if matches!(self.phase, Phase::Waiting | Phase::Ended) {
            return;
        }
        match control {
            Control::Pause => self.pause(),
            Control::Hold => self.hold(),
            Control::Resume => self.resume(),
            Control::Skip => self.skip(),
            Control::Hint => self.hint_asked(),
            Control::CheckIn(answer) => self.check_in(answer),
            Control::Choose(choice) => self.choose(choice),
            Control::Stop if self.is_sheltered() => self.leave_shelter(),
            Control::Stop if self.phase == Phase::Change => {
                self.release_hold();
                self.stop_in_change();
            }
            Control::Stop => {
                self.release_hold();
                self.close(EndReason::Stopped);
            }
            Control::Sos => {}
            Control::Devil(intensity) => self.set_intensity(intensity),
        }
    }

    /// Whoever goes away is waited for; whoever held the evening themself lets it go on themself.
    pub(super) fn attention(&mut self, attention: Attention) {
        match attention {
            Attention::Away => {
                self.away |= !self.clock.is_held();
                self.pause();
            }
            Attention::Present if self.away => self.resume(),
            Attention::Present => {}
        }
    }

    fn pause(&mut self) {
        if self.clock.is_held() || matches!(self.phase, Phase::Waiting | Phase::Safe | Phase::Ended) {
            return;
        }
        self.speech.goes_on = false;
        self.hush(Hush::Now);
        self.record(Kind::Paused { paused: true });
        self.clock.hold(self.setup.visit.map(|_| timing::PAUSED));
        self.attend_again();
    }

    /// Whoever looks after the room holds it, also where it was paused already: then nobody's coming back lets it go on.
    fn hold(&mut self) {
        self.pause();
        if self.clock.is_held() {
            self.clock.hold(self.setup.visit.map(|_| timing::HELD));
            (self.held, self.away) = (true, false);
        }
    }

    /// A visit that was held for as long as it may be closes: whoever was in it has gone, and somebody else waits.
    pub(super) fn close_what_is_held(&mut self) -> bool {
        let over = self.clock.is_held_too_long();
        if over {
            self.control(Control::Stop);
            // Whatever that did, it is not held any more.
            self.release_hold();
        }
        over
    }

    fn resume(&mut self) {
        if self.release_hold() {
            self.continue_cut_line();
        }
    }

    /// Session time passes again. Whether it was held.
    pub(super) fn release_hold(&mut self) -> bool {
        let held = self.clock.is_held();
        (self.away, self.held) = (false, false);
        if held {
            self.clock.release();
            self.record(Kind::Paused { paused: false });
            self.attend_again();
        }
        held
    }

    /// Microphone and camera are open while the person wants that and the evening goes on: what is said while it is held is
    /// said to somebody else, and among strangers it is somebody else who is seen.
    fn attend_again(&mut self) {
        let on = !self.clock.is_held();
        for sense in [Sense::Microphone, Sense::Face] {
            if self.rests_held(sense) && self.level_of(sense) != Level::Off {
                self.out.push(Effect::Device { sense, on });
            }
        }
    }

    /// Whether a sense is closed while the evening is held.
    fn rests_held(&self, sense: Sense) -> bool {
        match sense {
            Sense::Microphone => true,
            Sense::Face => self.setup.visit.is_some(),
            Sense::Recording => false,
        }
    }

    /// Past what is going on: a question, a line, a turn, a quiet.
    fn skip(&mut self) {
        match self.phase {
            Phase::Intake => self.skip_question(),
            Phase::Open => {
                // Passing is no silence: three of them do not mean that nobody is there.
                self.silent_turn();
                self.tally.silences_running = 0;
            }
            Phase::Quiet => self.end_quiet(),
            Phase::Change => self.skip_in_change(),
            _ => {
                self.hush(Hush::Now);
                self.forget_cut_line();
            }
        }
    }

    fn hint_asked(&mut self) {
        match self.phase {
            Phase::Open | Phase::Need | Phase::Thought => self.want_hint(HintReason::Asked),
            Phase::Scene | Phase::Breath | Phase::Answer | Phase::Echo | Phase::Quiet => {
                self.hint.wanted = Some(HintReason::Asked);
            }
            _ => {}
        }
    }

    pub(super) fn set_intensity(&mut self, intensity: Intensity) {
        if self.setup.intensity == intensity || self.has_child() {
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
        self.prepare_again();
    }

    /// What was prepared on another understanding is prepared anew.
    fn prepare_again(&mut self) {
        if self.upcoming.round > self.round {
            self.drop_prepared();
            self.prepare_round(self.round + 1);
        } else {
            self.prepare_anew();
        }
    }

    /// The person allows a sense, or takes that back; no more than the place allows.
    pub(super) fn consent(&mut self, sense: Sense, level: Level) {
        // What is on can always be switched off. A stopped evening reads no face and keeps no voice, and at the card nobody
        // listens.
        let barred = self.has_card() || (self.is_safe() && sense != Sense::Microphone);
        if self.phase == Phase::Ended || (barred && level != Level::Off) {
            return;
        }
        let level = match sense {
            Sense::Microphone => level,
            Sense::Face => level.min(self.setup.venue.highest_level()),
            // Where nobody is asked to hear themselves, nothing is kept for it; nor once they stopped, or would not.
            Sense::Recording if !self.change_may_come() => Level::Off,
            Sense::Recording => level.min(self.level_of(Sense::Microphone)),
        };
        if sense == Sense::Microphone && level == Level::Off {
            // Whoever is not heard is not recorded either.
            self.stop_recording();
        }
        if sense == Sense::Recording && level == Level::Off {
            self.stop_recording();
            return;
        }
        self.senses.insert(sense, level);
        if sense == Sense::Face {
            let seen = self.face.cue.is_some();
            self.face = super::face::FaceState { used: self.face.used, ..Default::default() };
            if seen {
                // What a face asked for is not said once it may not be seen.
                self.new_basis();
                self.prepare_again();
            }
        }
        self.record(Kind::Sense { sense, level });
        let held = self.rests_held(sense) && self.clock.is_held();
        self.out.push(Effect::Device { sense, on: level != Level::Off && !held });
    }

    /// The person's voice is kept no longer, and what was kept of it is wiped. What they hear of it breaks off.
    pub(super) fn stop_recording(&mut self) {
        if self.senses.remove(&Sense::Recording).is_none_or(|level| level == Level::Off) {
            return;
        }
        if self.speech.own_words().is_some() {
            self.hush(Hush::Now);
            self.forget_cut_line();
        }
        self.speech.forget_own_words();
        self.out.push(Effect::Device { sense: Sense::Recording, on: false });
        self.record(Kind::Sense { sense: Sense::Recording, level: Level::Off });
    }
}
