//! A round up to the person's turn: scene, thought, need; and what is prepared for the next one meanwhile.

use serde::{Deserialize, Serialize};

use super::Session;
use super::asks::Purpose;
use super::speech::{Note, Spoken};
use crate::dialogue::agent::{Agent, Manner};
use crate::dialogue::distortion::Distortion;
use crate::dialogue::event::{HintReason, Kind, Phase};
use crate::dialogue::face::FaceCue;
use crate::dialogue::ids::Millis;
use crate::dialogue::request::{Context, DevilBeat, PatientBeat, Plan, Task};
use crate::dialogue::technique::{Aim, CbtTechnique};
use crate::dialogue::theme::{Theme, Window};
use crate::dialogue::timing;

/// One thing that is prepared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) enum Slot<T> {
    #[default]
    Empty,
    Asked,
    Ready(T),
    /// It could not be had; the round goes without.
    Missing,
}

impl<T> Slot<T> {
    pub(super) fn is_settled(&self) -> bool {
        matches!(self, Self::Ready(_) | Self::Missing)
    }

    pub(super) fn ready(&self) -> Option<&T> {
        if let Self::Ready(value) = self { Some(value) } else { None }
    }

    /// Fills it if it was asked for.
    pub(super) fn fill(&mut self, value: Option<T>) {
        *self = value.map_or(Self::Missing, Self::Ready);
    }
}

/// A thought of the Devil's, before it is spoken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Thought {
    pub(super) text: String,
    pub(super) callback: bool,
    pub(super) distortion: Option<Distortion>,
}

/// The round that comes, as far as it is prepared.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Upcoming {
    pub(super) round: u32,
    pub(super) scene: Slot<(String, Window, Theme)>,
    pub(super) thought: Slot<Thought>,
    pub(super) need: Slot<String>,
    shown: Option<Millis>,
    /// When the scene was asked for.
    #[serde(default)]
    asked: Option<Millis>,
    /// Whether its hint was asked for ahead; it is in the session's hint then.
    #[serde(default)]
    hinted: bool,
}

impl Upcoming {
    pub(super) fn scene_text(&self) -> Option<&str> {
        self.scene.ready().map(|(text, _, _)| text.as_str())
    }

    pub(super) fn thought_text(&self) -> Option<&str> {
        self.thought.ready().map(|thought| thought.text.as_str())
    }

    pub(super) fn distortion(&self) -> Option<Distortion> {
        self.thought.ready().and_then(|thought| thought.distortion)
    }
}

/// The hint that the Guide keeps ready.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct HintSlot {
    pub(super) slot: Slot<String>,
    pub(super) aim: Option<Aim>,
    /// Somebody waits for it.
    pub(super) wanted: Option<HintReason>,
}

impl HintSlot {
    pub(super) fn is_ready(&self) -> bool {
        self.slot.ready().is_some()
    }
}

impl Session {
    /// From now on round `round` is prepared.
    pub(super) fn prepare_round(&mut self, round: u32) {
        if self.upcoming.round == round {
            return;
        }
        self.cancel(&[Purpose::Scene, Purpose::Thought, Purpose::Need]);
        self.upcoming = Upcoming { round, ..Upcoming::default() };
    }

    /// Nothing of what was prepared can be used.
    pub(super) fn drop_prepared(&mut self) {
        self.cancel(&[Purpose::Scene, Purpose::Thought, Purpose::Need]);
        self.upcoming = Upcoming::default();
    }

    /// Thought and need of a round that has not reached them are prepared anew.
    pub(super) fn prepare_anew(&mut self) {
        if matches!(self.phase, Phase::Intake | Phase::Scene) {
            self.upcoming.thought = Slot::Empty;
            self.upcoming.need = Slot::Empty;
            self.upcoming.hinted = false;
        }
    }

    /// Asks for the next thing of the upcoming round: scene, then thought, then need, then hint.
    pub(super) fn prepare(&mut self) {
        if self.upcoming.round == 0 || matches!(self.phase, Phase::Closing | Phase::Safe) {
            return;
        }
        if self.upcoming.scene == Slot::Empty {
            self.upcoming.scene = Slot::Asked;
            self.upcoming.asked = Some(self.clock.now());
            let context = self.context_ahead();
            self.ask(Purpose::Scene, Task::Trigger { closing: None }, context);
        } else if self.upcoming.thought == Slot::Empty
            && (self.upcoming.scene.is_settled() || self.scene_takes_long())
        {
            if self.devil_is_barred() || self.cue() == Some(FaceCue::BrightWordsHeavy) {
                self.upcoming.thought = Slot::Missing;
                return;
            }
            self.upcoming.thought = Slot::Asked;
            let beat = DevilBeat::Thought { face: self.cue() };
            let context = self.context_ahead();
            self.ask(Purpose::Thought, Task::Devil(beat), context);
        } else if self.upcoming.thought.is_settled() && self.upcoming.need == Slot::Empty {
            self.upcoming.need = Slot::Asked;
            let context = self.context_ahead();
            self.ask(Purpose::Need, Task::Patient(PatientBeat::Need), context);
        } else if self.upcoming.thought.is_settled() && self.may_hint_ahead() {
            self.upcoming.hinted = true;
            let aim = self.aim_of(self.upcoming.round);
            let context = Context { aim, ..self.context_ahead() };
            self.ask_hint_for(aim, false, context);
        }
    }

    /// Whether the thought is not to wait for the scene: whoever writes them takes time, and the theme stands already.
    fn scene_takes_long(&mut self) -> bool {
        let asked = self.upcoming.asked.filter(|_| self.upcoming.round > 1);
        asked.is_some_and(|asked| self.clock.due(asked + timing::SCENE_ALONE))
    }

    /// Whether the hint of the round that comes can be made ready: the one of this round is over, and nobody waits for it.
    fn may_hint_ahead(&self) -> bool {
        let over = matches!(self.phase, Phase::Answer | Phase::Echo | Phase::Quiet | Phase::Scene);
        !self.upcoming.hinted && self.upcoming.round > 1 && over && self.hint.wanted.is_none()
    }

    /// The round that was prepared begins.
    pub(super) fn enter_round(&mut self) {
        self.begin_round();
        self.round = self.upcoming.round;
        self.cancel(&[Purpose::GoOn]);
        if !self.upcoming.hinted {
            self.cancel(&[Purpose::Hint]);
            self.hint = HintSlot { wanted: self.hint.wanted, ..HintSlot::default() };
        }
        self.open = super::turn::OpenTurn::default();
        self.echo = super::weigh::Echo { verdict: self.echo.verdict.take(), ..Default::default() };
        self.enter(Phase::Scene);
    }

    pub(super) fn step_scene(&mut self) {
        let Some(shown) = self.upcoming.shown else {
            if self.upcoming.scene.is_settled() && self.is_quiet() {
                self.show_scene();
                self.moved = true;
            }
            return;
        };
        if !self.is_quiet() || !self.upcoming.thought.is_settled() {
            return;
        }
        let spoken = self.speech.quiet_since + timing::AFTER_SCENE;
        if self.clock.due(spoken.max(shown + timing::SCENE)) {
            self.enter(Phase::Thought);
            self.speak_thought();
            if self.upcoming.hinted && !matches!(self.hint.slot, Slot::Empty | Slot::Missing) {
                self.give_wanted_hint();
            } else {
                self.ask_hint(false);
            }
        }
    }

    fn show_scene(&mut self) {
        self.upcoming.shown = Some(self.clock.now());
        if let Slot::Ready((text, window, theme)) = self.upcoming.scene.clone() {
            if self.theme.is_none() {
                self.theme = Some(theme);
                self.record(Kind::Theme { theme });
            }
            self.open_window(text, window);
        }
        let (aim, revision) = (self.aim(), self.tally.revision);
        if self.distortion.is_some() || self.round == 1 {
            let text = self.plan.text.clone();
            self.record(Kind::Plan { aim, revision, text });
        }
    }

    /// The window shows another scene, and the Trigger's words for it are shown with it.
    pub(super) fn open_window(&mut self, text: String, window: Window) {
        self.scene.clone_from(&text);
        self.window = window;
        let shown =
            Spoken { manner: Manner::Shown, ..Spoken::noted(Agent::Trigger, text, Note::Scene(window)) };
        self.say(shown, Millis(0));
    }

    fn speak_thought(&mut self) {
        let Some(thought) = self.upcoming.thought.ready().cloned() else {
            return;
        };
        if self.distortion.is_none() {
            self.distortion = thought.distortion;
        }
        let manner = if thought.text.ends_with('—') { Manner::BrokenOff } else { Manner::Plain };
        self.say(
            Spoken {
                manner,
                callback: thought.callback,
                distortion: self.distortion,
                ..Spoken::plain(Agent::Devil, thought.text)
            },
            Millis(0),
        );
    }

    pub(super) fn step_thought(&mut self) {
        if !self.is_quiet() || !self.upcoming.need.is_settled() {
            return;
        }
        let wait = if self.upcoming.thought.ready().is_some() { timing::AFTER_THOUGHT } else { Millis(0) };
        if self.clock.due(self.speech.quiet_since + wait) {
            self.enter(Phase::Need);
            if let Some(need) = self.upcoming.need.ready().cloned() {
                self.say(Spoken::plain(Agent::Patient, need), Millis(0));
            }
        }
    }

    pub(super) fn step_need(&mut self) {
        if self.is_quiet() && self.clock.due(self.speech.quiet_since + timing::LOOK) {
            self.open_turn();
        }
    }

    pub(super) fn aim(&self) -> Aim {
        self.aim_of(self.round)
    }

    /// What a round is for.
    fn aim_of(&self, round: u32) -> Aim {
        let distortion = self.distortion.unwrap_or(Distortion::Overgeneralization);
        match Aim::of_round(round, distortion, self.tally.revision) {
            // There is nobody to speak to.
            Aim::ToDevil if self.is_safe() => Aim::Presence,
            aim => aim,
        }
    }

    /// Has a hint made ready for this round.
    pub(super) fn ask_hint(&mut self, after_miss: bool) {
        let context = self.context();
        self.ask_hint_for(self.aim(), after_miss, context);
    }

    fn ask_hint_for(&mut self, aim: Aim, after_miss: bool, context: Context) {
        self.cancel(&[Purpose::Hint]);
        self.hint = HintSlot { slot: Slot::Asked, aim: Some(aim), wanted: self.hint.wanted };
        let face = self.cue();
        self.ask(Purpose::Hint, Task::Hint { aim, after_miss, face }, context);
    }

    /// Keeps the plan that came with a hint. A technique is taken where the round has one, and among those that fit.
    pub(super) fn keep_plan(&mut self, plan: Plan) {
        let fitted = self.distortion.map(CbtTechnique::fitted_to);
        let technique = plan.technique.filter(|it| fitted.is_some_and(|fitted| fitted.contains(it)));
        if let (Some(Aim::Cbt(_)), Some(technique)) = (self.hint.aim, technique) {
            self.hint.aim = Some(Aim::Cbt(technique));
        }
        let technique = technique.or(self.plan.technique);
        let text = if plan.text.is_empty() { self.plan.text.clone() } else { plan.text };
        let plan = Plan { technique, text };
        if plan == self.plan {
            return;
        }
        self.plan = plan;
        let (aim, revision) = (self.hint.aim.unwrap_or(Aim::Presence), self.tally.revision);
        let text = self.plan.text.clone();
        self.record(Kind::Plan { aim, revision, text });
    }

    /// Gives the hint as soon as it is there.
    pub(super) fn want_hint(&mut self, because: HintReason) {
        self.hint.wanted = Some(because);
        if matches!(self.hint.slot, Slot::Empty | Slot::Missing) {
            self.ask_hint(because == HintReason::Miss);
        }
        self.give_wanted_hint();
    }

    pub(super) fn give_wanted_hint(&mut self) {
        // What was made ready ahead waits for its round.
        let is_time = matches!(self.phase, Phase::Thought | Phase::Need | Phase::Open);
        let Some(because) = self.hint.wanted.filter(|_| is_time) else {
            return;
        };
        match std::mem::take(&mut self.hint.slot) {
            Slot::Ready(text) => {
                let aim = self.hint.aim.unwrap_or(Aim::Presence);
                self.hint.wanted = None;
                self.say(Spoken::noted(Agent::Guide, text, Note::Hint(aim, because)), Millis(0));
            }
            Slot::Missing => self.hint.wanted = None,
            Slot::Asked => self.hint.slot = Slot::Asked,
            // It was cancelled, or never asked for.
            Slot::Empty if self.phase == Phase::Open => self.ask_hint(because == HintReason::Miss),
            Slot::Empty => {}
        }
    }
}
