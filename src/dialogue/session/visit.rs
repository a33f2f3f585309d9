//! The time plan of a visit: what there is still time for, and when it goes to its close.
//!
//! Nobody is cut short by it: neither a person in their words nor a figure in its line. What stands for a person's safety knows
//! nothing of it, and takes no time from the visit.

use serde::{Deserialize, Serialize};

use super::Session;
use super::weigh::After;
use crate::dialogue::change::ChangeStep;
use crate::dialogue::event::{EndReason, Phase, Question};
use crate::dialogue::ids::Millis;
use crate::dialogue::timing;
use crate::dialogue::visit::Visit;

/// What of a visit's time has gone.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Pace {
    /// When it began, in the host's time: somebody else waits while it is held, too.
    begun: Millis,
    /// How long the plain question and the card stood: nobody is hurried by that.
    sheltered: Millis,
    /// When the round began, in session time without what was sheltered.
    round_since: Millis,
    /// The longest round so far.
    longest: Millis,
}

impl Session {
    pub(super) fn begin_visit(&mut self) {
        if let Some(visit) = &mut self.setup.visit {
            visit.whole = visit.whole.max(Visit::SHORTEST);
        }
        self.pace.begun = self.clock.host_time();
    }

    /// A phase is left: what was sheltered until now does not count.
    pub(super) fn count_shelter(&mut self) {
        self.pace.sheltered = self.sheltered();
    }

    fn sheltered(&self) -> Millis {
        let now =
            if self.phase == Phase::Safe { self.clock.now().since(self.phase_since) } else { Millis(0) };
        self.pace.sheltered + now
    }

    /// How long the visit has lasted, without what was sheltered.
    fn visited(&self) -> Millis {
        self.clock.host_time().since(self.pace.begun).since(self.sheltered())
    }

    /// Whether the visit has lasted so long; else the session is woken then.
    fn has_visited(&mut self, span: Millis) -> bool {
        let left = span.since(self.visited());
        self.clock.due(self.clock.now() + left)
    }

    /// How much of the visit is left, in whole minutes that have begun.
    pub(super) fn minutes_left(&self) -> Option<u64> {
        let visited = if self.phase == Phase::Waiting { Millis(0) } else { self.visited() };
        self.setup.visit.map(|visit| visit.whole.since(visited).0.div_ceil(60_000))
    }

    /// A round begins.
    pub(super) fn begin_round(&mut self) {
        self.pace.longest = self.longest_round();
        self.pace.round_since = self.in_room();
    }

    /// Session time without what was sheltered: how long a round takes has nothing to do with how long it was held.
    fn in_room(&self) -> Millis {
        self.clock.now().since(self.sheltered())
    }

    fn longest_round(&self) -> Millis {
        let this = if self.round == 0 { Millis(0) } else { self.in_room().since(self.pace.round_since) };
        self.pace.longest.max(this)
    }

    /// When the change of places begins at the latest, so that it and the close are in time.
    fn latest_change(&self, visit: Visit) -> Millis {
        let change = if self.change_may_come() { visit.change() } else { Millis(0) };
        visit.whole.since(change + visit.close())
    }

    /// Whether there is still time for this, and for quiet, the change of places and the close after it.
    fn fits(&self, span: Millis) -> bool {
        self.setup
            .visit
            .is_none_or(|visit| self.visited() + span + visit.quiet() <= self.latest_change(visit))
    }

    /// Whether another round can be finished in time: it is taken to be as long as the longest so far.
    pub(super) fn round_fits(&self) -> bool {
        self.fits(self.longest_round().max(Visit::ROUND))
    }

    /// Whether there is time for another try in this round: it is about half of one.
    pub(super) fn try_fits(&self) -> bool {
        self.fits(Millis(Visit::ROUND.0 / 2))
    }

    /// Whether there is time for the change of places, with the last lines after it. By then half of the close has been.
    pub(super) fn change_fits(&self) -> bool {
        self.setup
            .visit
            .is_none_or(|visit| self.visited() + visit.change() + Millis(visit.close().0 / 2) <= visit.whole)
    }

    /// Whether "When does it find you?" leaves enough of the intake for the question after it.
    pub(super) fn when_fits(&self) -> bool {
        self.setup.visit.is_none_or(|visit| self.visited().0 <= visit.intake().0 / 4 * 3)
    }

    /// Where the story goes when there is time only for so much.
    pub(super) fn in_time(&self, after: After) -> After {
        match after {
            After::Again if !self.try_fits() => After::Close(EndReason::Rounds),
            After::NextRound if !self.round_fits() => After::Close(EndReason::Rounds),
            after => after,
        }
    }

    /// The rounds are over. In a visit nobody says anything for a while before the close, where there is time for that.
    pub(super) fn end_rounds(&mut self, reason: EndReason) {
        self.tally.rounds_done = self.round;
        let held = matches!(reason, EndReason::GivenWay | EndReason::Rounds);
        let latest = self.setup.visit.filter(|_| held).map(|visit| self.latest_change(visit));
        if latest.is_some_and(|latest| self.visited() + timing::QUIET < latest) {
            self.drop_prepared();
            self.echo.after = Some(After::Close(reason));
            self.enter(Phase::Quiet);
        } else {
            self.close(reason);
        }
    }

    /// Why the evening closes after this quiet, if it does.
    pub(super) fn closes_after_quiet(&self) -> Option<EndReason> {
        match self.echo.after {
            Some(After::Close(reason)) => Some(reason),
            _ => None,
        }
    }

    /// Whether it has been quiet for long enough.
    pub(super) fn was_quiet(&mut self) -> bool {
        let planned = self.setup.visit.filter(|_| self.closes_after_quiet().is_some());
        let Some(visit) = planned else {
            return self.is_quiet() && self.clock.due(self.phase_since + timing::QUIET);
        };
        let over =
            self.has_visited(self.latest_change(visit)) || self.clock.due(self.phase_since + visit.quiet());
        over && self.is_at_boundary()
    }

    /// Keeps the plan: goes on where nobody answers the questions, and to the close where the time is over. Whether it did.
    pub(super) fn keep_time(&mut self) -> bool {
        let Some(visit) = self.setup.visit else {
            return false;
        };
        if self.phase == Phase::Intake {
            return self.move_intake_on(visit);
        }
        self.has_visited(visit.closes_at()) && self.is_at_boundary() && self.go_to_close()
    }

    /// Whether nobody is in the middle of anything: no line, no words, and none that are still read for danger.
    fn is_at_boundary(&mut self) -> bool {
        let read = self.standing.is_none() && self.shelter.suspect.is_none();
        self.is_quiet() && read && self.is_silent_for(Millis(0))
    }

    /// Whether the person has been silent for so long, since it was their turn. Whoever types is not silent.
    fn is_silent_for(&mut self, span: Millis) -> bool {
        let last = self.open.composing;
        if last.is_some_and(|last| !self.clock.due(last + timing::COMPOSING)) {
            return false;
        }
        let since = self.speech.quiet_since.max(self.phase_since).max(last.unwrap_or_default());
        self.clock.due(since + span)
    }

    /// Past a question that nobody answers. For the concern, which the evening is about, one round can be left out.
    fn move_intake_on(&mut self, visit: Visit) -> bool {
        let stands = match self.question() {
            Some(Question::Concern) => visit.intake() + Visit::ROUND,
            Some(Question::When | Question::Belief) => visit.intake(),
            None => return false,
        };
        let silent = self.is_at_boundary() && self.is_silent_for(timing::ANSWERS);
        if !silent || !self.has_visited(stands) {
            return false;
        }
        self.settle_intake(HALF);
        true
    }

    /// The time is over, and nobody is in the middle of anything.
    fn go_to_close(&mut self) -> bool {
        // One round is always held.
        let held = self.round > 1 || self.tally.answers > 0;
        match self.phase {
            Phase::Scene | Phase::Thought | Phase::Need if held => self.close(EndReason::Rounds),
            Phase::Quiet => self.close(self.closes_after_quiet().unwrap_or(EndReason::Rounds)),
            Phase::Open => return self.end_turn(held),
            Phase::Echo if self.echo.step > 0 => {
                self.keep_ratings();
                self.go_on_from_echo();
            }
            Phase::Change => return self.turn_back(),
            _ => return false,
        }
        true
    }

    /// The person's turn ends with their silence: with the Patient's answer to it where it is the only one, else with the close.
    fn end_turn(&mut self, held: bool) -> bool {
        if !self.is_silent_for(timing::LAST_MOMENT) {
            return false;
        }
        if held {
            self.tally.rounds_done += u32::from(self.open.again > 0);
            self.close(EndReason::Rounds);
        } else {
            self.silent_turn();
        }
        true
    }

    /// Back from the Patient's place, or past the question whether they will.
    fn turn_back(&mut self) -> bool {
        let Some(step) = self.change_step().filter(|step| *step != ChangeStep::Back) else {
            return false;
        };
        if step.asks() && !self.is_silent_for(timing::LAST_MOMENT) {
            return false;
        }
        self.come_back();
        true
    }
}

/// How much of them believes it, of whom nobody knows.
const HALF: u8 = 5;
