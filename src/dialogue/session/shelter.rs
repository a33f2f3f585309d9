//! What happens when a person may be in danger: the room falls silent, the Devil never comes back, and help by people
//! stands in the foreground (`safety.md` C-2 to C-6 of the design's reference).
//!
//! Every word of the person is read before anything else is done with it. Words that stop the room are not written
//! down, not shown to a cast, and not remembered: the log has the tier and the category, and nothing more.

use serde::{Deserialize, Serialize};

use super::Session;
use super::speech::Spoken;
use super::suspect::Suspect;
use crate::dialogue::agent::Agent;
use crate::dialogue::effect::Effect;
use crate::dialogue::event::{EndReason, Kind, Phase};
use crate::dialogue::face::{Level, Venue};
use crate::dialogue::ids::{Millis, UtteranceId};
use crate::dialogue::input::{Sense, Setup};
use crate::dialogue::safety::{
    self, Card, CardKind, Category, CheckIn, Choice, Finding, Tier, VERSION, Watch,
};
use crate::dialogue::strength::Ending;
use crate::dialogue::view::Shelter as Shown;
use crate::dialogue::{text, timing};

/// How far the room has stopped. The tier only rises, and outlives a crash with the session.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Shelter {
    latch: Option<Tier>,
    pub(super) place: Place,
    about: CardKind,
    pub(super) watch: Watch,
    pub(super) suspect: Option<Suspect>,
    /// Whether the person has said that they are a child.
    #[serde(default)]
    pub(super) child: bool,
    /// Whether that is still to be answered.
    #[serde(default)]
    pub(super) child_waits: bool,
    /// Utterances that are spoken: their drafts are transcripts.
    pub(super) spoken: Option<UtteranceId>,
    /// When the person last did anything in here.
    pub(super) touched: Millis,
    breaths: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Place {
    /// The room, with the Devil or, once latched, without.
    #[default]
    Room,
    /// The plain question stands.
    Asked,
    /// The card stands.
    Card,
}

impl Session {
    /// Whether the evening was stopped for the person's sake. It never goes back.
    pub(super) fn is_safe(&self) -> bool {
        self.shelter.latch.is_some()
    }

    /// What a stage shows of it.
    pub(super) fn shown_shelter(&self) -> Shown {
        match (self.shelter.place, self.shelter.latch) {
            (Place::Asked, _) => Shown::Asked { about: self.shelter.about },
            (Place::Card, _) => Shown::Card { card: self.card() },
            (Place::Room, Some(_)) => Shown::WithoutDevil,
            (Place::Room, None) => Shown::Open,
        }
    }

    fn card(&self) -> Card {
        Card::new(self.shelter.about, &self.setup.help)
    }

    /// Reads what the person said, before anything else does. True when the room stops, or has stopped, on it: the
    /// words are then used for nothing.
    ///
    /// The whole text counts, also what is too long to be kept.
    pub(super) fn stops_for(&mut self, raw: &str, utterance: Option<UtteranceId>) -> bool {
        let words = &text::clean(raw);
        self.settle_suspect(utterance);
        self.shelter.touched = self.clock.now();
        let finding = self.shelter.watch.read(words).or_else(|| self.found_across(words, utterance));
        match (self.shelter.place, finding) {
            (Place::Room, None) => {
                self.mind_age(words);
                false
            }
            (Place::Room, Some(finding)) => {
                // Whoever was asked once is not asked again: the help stands there.
                let asked = self.is_safe();
                let tier = if asked { finding.tier.max(Tier::Red) } else { finding.tier };
                self.alarm(Finding::new(tier, finding.category));
                true
            }
            (Place::Asked, Some(finding)) if finding.tier >= Tier::Red => {
                self.alarm(finding);
                true
            }
            (Place::Asked, Some(_)) => {
                self.check_in(CheckIn::NotSure);
                true
            }
            (Place::Asked, None) => {
                let answer = CheckIn::read(words);
                // Words that were on their way before the question was put are no answer to it.
                if self.question_is_put() || answer == Some(CheckIn::Yes) {
                    self.check_in(answer.unwrap_or(CheckIn::NotSure));
                }
                true
            }
            (Place::Card, _) => true,
        }
    }

    /// What stands across the seam to what was said before. The pieces of a breath are one text; elsewhere only a plain
    /// sign counts.
    fn found_across(&self, words: &str, utterance: Option<UtteranceId>) -> Option<Finding> {
        if let (Phase::Breath, Some(utterance)) = (self.phase, utterance) {
            let mut whole = self.open.clone();
            whole.take_part(utterance, words);
            return safety::check(&whole.whole()).finding;
        }
        let told = [&self.intake.when, &self.intake.concern].into_iter().find(|text| !text.is_empty());
        let before = self.said.last().map(|turn| &turn.text).filter(|text| !text.is_empty()).or(told)?;
        safety::check_across(before, words)
    }

    /// Whether the plain question has been there for long enough to be an answer's question.
    fn question_is_put(&self) -> bool {
        let heard =
            self.speech.speaks_since().is_none_or(|since| self.clock.now() >= since + timing::TAKEN_IN);
        heard && self.speech.waiting().next().is_none()
    }

    /// Everything stops, at once, from any state.
    pub(super) fn alarm(&mut self, finding: Finding) {
        if self.shelter.place == Place::Card && Some(finding.tier) <= self.shelter.latch {
            return;
        }
        let ended = self.phase == Phase::Ended;
        self.release_hold();
        self.shelter.latch = self.shelter.latch.max(Some(finding.tier));
        self.shelter.about = CardKind::of(finding.category);
        self.shelter.suspect = None;
        self.shelter.touched = self.clock.now();
        self.drop_everything();
        self.open.composing = None;
        self.record_stop(finding);
        if finding.tier == Tier::Amber && !ended {
            self.ask_plainly();
        } else {
            self.show_card(finding.tier, ended);
        }
    }

    /// Nothing that was being said, asked or prepared goes on.
    fn drop_everything(&mut self) {
        self.cancel_all();
        self.clear_queue();
        self.silence();
        self.forget_answer();
        self.drop_prepared();
        self.new_basis();
    }

    /// Tier, category and version of the check: nothing else of a stop is ever written.
    fn record_stop(&mut self, finding: Finding) {
        let Finding { tier, category } = finding;
        self.record(Kind::Safety { tier, category, detector: VERSION });
    }

    /// One plain question; the microphone stays open for its answer, a face is no longer read, and what was said is not kept.
    fn ask_plainly(&mut self) {
        self.close_face();
        self.stop_recording();
        self.shelter.place = Place::Asked;
        self.enter(Phase::Safe);
        let lines = self.fixed().safety.asking(self.shelter.about).clone();
        self.record(Kind::CheckIn { about: self.shelter.about });
        self.say_fixed(lines);
    }

    fn show_card(&mut self, tier: Tier, ended: bool) {
        self.close_senses();
        self.shelter.place = Place::Card;
        self.closing.reason = Some(if tier == Tier::Sos { EndReason::Sos } else { EndReason::Safety });
        let card = self.card();
        if ended {
            // Nothing is said any more after the end; the card stands all the same.
            self.record(Kind::Card { card });
            return;
        }
        self.ended = Some((Ending::of(self.strength), self.closing.reason.unwrap_or(EndReason::Safety)));
        self.enter(Phase::Safe);
        self.record(Kind::Card { card });
        let line = self.fixed().safety.stopping(tier, self.shelter.about).to_owned();
        self.say_fixed(vec![line]);
    }

    pub(super) fn say_fixed(&mut self, lines: Vec<String>) {
        for line in lines.into_iter().filter(|line| !line.is_empty()) {
            self.say(Spoken { fixed: true, ..Spoken::plain(Agent::Guide, line) }, Millis(0));
        }
    }

    /// Takes an answer to the plain question. Only a clear no leads back, and not to the Devil.
    pub(super) fn check_in(&mut self, answer: CheckIn) {
        if self.shelter.place != Place::Asked {
            return;
        }
        self.shelter.touched = self.clock.now();
        if answer != CheckIn::No {
            self.alarm(Finding::new(Tier::Red, self.category_of_check_in()));
            return;
        }
        self.clear_queue();
        self.silence();
        self.shelter.place = Place::Room;
        self.say_fixed(vec![self.fixed().safety.after_no.clone()]);
        self.go_on_from_turn();
    }

    /// A card about violence stays one about violence.
    fn category_of_check_in(&self) -> Category {
        match self.shelter.about {
            CardKind::Danger => Category::Danger,
            CardKind::Health => Category::Health,
            CardKind::Crisis => Category::CheckIn,
        }
    }

    fn go_on_from_turn(&mut self) {
        match (self.question_waiting(), self.round) {
            (Some(question), 0) => {
                self.enter(Phase::Intake);
                self.put_question(question);
            }
            _ if self.ended.is_some() => self.end(),
            _ => {
                self.open.again = 0;
                self.open_turn();
            }
        }
    }

    /// One of the card's choices.
    pub(super) fn choose(&mut self, choice: usize) {
        if self.shelter.place != Place::Card || self.phase == Phase::Ended {
            return;
        }
        self.shelter.touched = self.clock.now();
        if let Some(Choice::Breath) = self.card().choices.get(choice) {
            let breaths = self.fixed().safety.breath.clone();
            if let Some(breath) = breaths.get(self.shelter.breaths % breaths.len().max(1)) {
                self.shelter.breaths += 1;
                self.say_fixed(vec![breath.clone()]);
            }
        }
    }

    /// SOS: the card, whatever the session is at.
    pub(super) fn sos(&mut self) {
        self.alarm(Finding::new(Tier::Sos, Category::Sos));
    }

    /// Whether the card stands.
    pub(super) fn has_card(&self) -> bool {
        self.shelter.place == Place::Card
    }

    /// Whether the card or the question stands.
    pub(super) fn is_sheltered(&self) -> bool {
        self.shelter.place != Place::Room
    }

    pub(super) fn step_safe(&mut self) {
        let since = self.shelter.touched.max(self.speech.quiet_since);
        match self.shelter.place {
            Place::Asked if self.is_quiet() => {
                if self.clock.due(since + timing::CHECK_IN) {
                    self.alarm(Finding::new(Tier::Red, self.category_of_check_in()));
                }
            }
            Place::Card if self.is_quiet() => {
                // No countdown: the card stays up after the end, too.
                if self.clock.due(since + timing::CARD) {
                    self.end();
                }
            }
            Place::Room => self.end(),
            Place::Asked | Place::Card => {}
        }
    }

    /// The person leaves the card.
    pub(super) fn leave_shelter(&mut self) {
        match self.shelter.place {
            // Whoever leaves the question gets the card to take along.
            Place::Asked => self.alarm(Finding::new(Tier::Red, self.category_of_check_in())),
            Place::Card | Place::Room => {
                self.clear_queue();
                self.silence();
                self.end();
            }
        }
    }

    fn close_face(&mut self) {
        if self.senses.remove(&Sense::Face).is_some_and(|level| level != Level::Off) {
            self.out.push(Effect::Device { sense: Sense::Face, on: false });
        }
        self.face = super::face::FaceState::default();
    }

    /// An evening before this one was stopped and then cut off: this one begins latched, with the card. In an
    /// exhibition it is somebody else who comes now, and nothing is told of who was there before.
    pub(super) fn take_over_latch(&mut self) {
        self.shelter.latch = Some(Tier::Red);
        self.record_stop(Finding::new(Tier::Red, Category::Earlier));
        if self.setup.venue == Venue::Exhibition {
            self.say_fixed(vec![self.fixed().welcome.clone()]);
            return;
        }
        let card = self.card();
        self.record(Kind::Card { card });
        self.say_fixed(vec![self.fixed().safety.after_stop.clone()]);
    }

    /// Goes on after the program was cut off: from the person's turn, or with what stood for their safety. What was
    /// being said or asked is gone with the old process; consent for a sense has to be given again.
    /// Of the new setup it takes what may have changed: whom one can reach, a Devil that is wanted less, and that the
    /// evening was stopped in a moment that was not written down any more.
    pub(super) fn take_up_again(&mut self, setup: Setup) {
        if matches!(self.phase, Phase::Waiting | Phase::Ended) {
            return;
        }
        self.setup.help = setup.help;
        self.setup.intensity = self.setup.intensity.min(setup.intensity);
        if setup.after_stop && !self.is_safe() {
            self.shelter.latch = Some(Tier::Red);
            self.shelter.place = Place::Card;
        }
        self.release_hold();
        self.drop_everything();
        self.close_senses();
        self.shelter.suspect = None;
        self.open.composing = None;
        self.shelter.touched = self.clock.now();
        if let Some(tier) = self.shelter.latch {
            self.record_stop(Finding::new(tier, Category::Earlier));
        }
        match self.shelter.place {
            Place::Card => self.show_card(self.shelter.latch.unwrap_or(Tier::Red), false),
            Place::Asked => self.ask_plainly(),
            Place::Room if self.phase == Phase::Closing => self.end(),
            Place::Room => {
                self.say_fixed(vec![self.fixed().safety.resumed.clone()]);
                self.go_on_from_turn();
            }
        }
    }
}
