//! What the session shows becomes what the room is to become: whose mouth moves, what a face says, how much of the Devil
//! there is.

use bevy::prelude::*;

use super::face::Expression;
use super::mood::{Mood, Scene, Speaker};
use super::outlook::Outlook;
use super::regard::Person;
use super::seats::Seat;
use crate::app::{Flow, Mouth, Moves, PersonsHead, SeatEyes, Shown, Wanted};
use crate::dialogue::agent::Agent;
use crate::dialogue::face::Level;
use crate::dialogue::strength::{Ending, Stage};
use crate::dialogue::{Phase, View};

/// How long the first surprise at a kind word stands, in seconds.
const SURPRISE: f32 = 1.3;

/// Takes up the view that was told last.
pub(super) fn take_up(
    (shown, flow, wanted): (Res<Shown>, Res<State<Flow>>, Res<Wanted>),
    (mouth, moves): (Res<Mouth>, Res<Moves>),
    (mood, head, seat): (Res<Mood>, Res<PersonsHead>, Res<SeatEyes>),
    mut scene: ResMut<Scene>,
) {
    let seat = seat.0.translation;
    scene.person = Person { seat, moved: head.0.map_or(Vec3::ZERO, |head| head.translation - seat) };
    scene.still = wanted.0.look.reduced_motion;
    scene.mouth = mouth.now();
    scene.mien = moves.0.unwrap_or_default();
    if let Some(view) = shown.view() {
        scene.take_up(view, mood.seconds);
    } else if *flow.get() == Flow::Door {
        // From the door one sees somebody sit there, and not yet what hurts them.
        (scene.inside, scene.devil) = (false, 0.0);
    }
}

impl Scene {
    /// The scene that a view asks for, `now` in the room's seconds.
    pub fn take_up(&mut self, view: &View, now: f32) {
        self.strength = strength_shown(view);
        self.held = posture_shown(view, self.strength);
        self.inside = !matches!(view.phase, Phase::Waiting | Phase::Intake);
        self.devil = if view.safe || !self.inside { 0.0 } else { 1.0 };
        let over_there = view.change.as_ref().is_some_and(|change| change.step.is_over_there());
        self.seat = if over_there { Seat::Patients } else { Seat::Own };
        if over_there {
            // The Devil has nothing to stand up for here.
            (self.strength, self.held) = (0.0, 0.0);
        }
        self.back = if matches!(view.ended, Some((Ending::StepsBack, _))) { 1.0 } else { 0.0 };
        self.seen = view.face != Level::Off;
        self.person_speaks = view.composing && view.phase != Phase::Ended;
        if self.phase != view.phase {
            self.phase = view.phase;
            self.phase_since = now;
        }
        if let (Some(theme), false) = (view.theme, view.scene.is_empty()) {
            self.outlook = Outlook { theme, window: view.window };
        }
        self.expression = expression(view, now - self.phase_since);
        self.listen(view, now);
    }

    /// Who speaks, and since when.
    fn listen(&mut self, view: &View, now: f32) {
        // What comes back to somebody comes from the figure that is theirs.
        if let Some(words) = view.change.as_ref().and_then(|change| change.words.as_ref()) {
            return self.speaks(Speaker::Patient, words, now);
        }
        let speaking = view.captions.iter().find(|caption| caption.speaking);
        let Some(caption) = speaking.filter(|caption| caption.agent != Agent::Trigger) else {
            self.speaking = None;
            return;
        };
        let who = match caption.agent {
            Agent::Patient => Speaker::Patient,
            Agent::Devil => Speaker::Devil,
            Agent::Guide | Agent::Trigger => Speaker::Guide,
        };
        self.speaks(who, &caption.text, now);
    }

    fn speaks(&mut self, who: Speaker, words: &str, now: f32) {
        let goes_on = self.speaking.as_ref().is_some_and(|(_, before, _)| *before == words);
        if !goes_on {
            self.speaking = Some((who, words.to_owned(), now));
        }
    }
}

/// The strength that the figures and the light show. At the end that sits the room is all at peace.
fn strength_shown(view: &View) -> f32 {
    match view.ended {
        Some((Ending::Sits, _)) if !view.safe => 0.0,
        _ if view.safe => view.strength.value().min(0.4),
        _ => view.strength.value(),
    }
}

/// How the Patient holds itself, as a strength: what presses on it, and how far it has come up by itself.
fn posture_shown(view: &View, strength: f32) -> f32 {
    let own = match view.stage {
        Stage::Shut => 1.0,
        Stage::Heard => 0.78,
        Stage::LookingUp => 0.56,
        Stage::Thinking => 0.42,
        Stage::Resting => 0.28,
    };
    // Hand on heart and an arm round the Devil: only where it sits.
    let least: f32 = if strength <= 0.0 { 0.0 } else { 0.3 };
    strength.min(0.5 * strength + 0.5 * own).max(least.min(strength))
}

fn expression(view: &View, since: f32) -> Expression {
    let up = view.stage >= Stage::LookingUp;
    match view.phase {
        Phase::Breath if since < SURPRISE => Expression::Surprise,
        // Nobody smiles at what hurt them.
        Phase::Breath | Phase::Answer | Phase::Echo if view.reached == Some(false) => Expression::Hurt,
        Phase::Breath | Phase::Answer | Phase::Echo => {
            if up || view.strength.value() < 0.6 {
                Expression::Comfort
            } else {
                Expression::Doubt
            }
        }
        Phase::Closing | Phase::Ended => match view.ended {
            Some((Ending::Sits, _)) if since > 6.0 => Expression::Calm,
            _ => Expression::Comfort,
        },
        // It is the person's own figure that is seen then; and what they hear back from it is kind.
        Phase::Change => Expression::Comfort,
        Phase::Thought | Phase::Need if !up => Expression::Hurt,
        Phase::Thought | Phase::Need => Expression::Doubt,
        _ => match view.stage {
            Stage::Shut => Expression::Hurt,
            Stage::Heard | Stage::LookingUp => Expression::Doubt,
            Stage::Thinking | Stage::Resting => Expression::Calm,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::Session;
    use crate::dialogue::agent::Agent;
    use crate::dialogue::change::ChangeStep;
    use crate::dialogue::event::EndReason;
    use crate::dialogue::ids::LineId;
    use crate::dialogue::strength::Strength;
    use crate::dialogue::theme::{Hour, Theme, Weather, Window};
    use crate::dialogue::view::{Caption, ChangeView};

    fn view(phase: Phase) -> View {
        View { phase, ..Session::default().view() }
    }

    fn scene(view: &View) -> Scene {
        let mut scene = Scene::default();
        scene.take_up(view, 10.0);
        scene
    }

    #[test]
    fn the_devil_comes_with_the_first_scene_and_is_gone_once_the_evening_was_stopped() {
        assert_eq!(scene(&view(Phase::Intake)).devil, 0.0);
        assert_eq!(scene(&view(Phase::Scene)).devil, 1.0);
        assert_eq!(scene(&View { safe: true, ..view(Phase::Open) }).devil, 0.0);
    }

    #[test]
    fn a_mouth_moves_from_when_its_line_began() {
        let caption = Caption {
            agent: Agent::Devil,
            line: LineId(3),
            text: "Nobody asked.".to_owned(),
            speaking: true,
        };
        let mut seen = view(Phase::Thought);
        seen.captions = vec![caption];
        let mut scene = Scene::default();
        scene.take_up(&seen, 10.0);
        scene.take_up(&seen, 12.0);
        assert_eq!(scene.speaking, Some((Speaker::Devil, "Nobody asked.".to_owned(), 10.0)));
        seen.captions[0].speaking = false;
        scene.take_up(&seen, 13.0);
        assert_eq!(scene.speaking, None);
    }

    #[test]
    fn what_comes_back_to_somebody_is_said_by_the_figure_on_their_seat() {
        let change = ChangeView {
            step: ChangeStep::Words,
            words: Some("No wonder you froze.".to_owned()),
            clauses: Vec::new(),
        };
        let mut seen = View { change: Some(change), ..view(Phase::Change) };
        let there = scene(&seen);
        assert_eq!((there.seat, there.strength), (Seat::Patients, 0.0));
        assert_eq!(there.speaking, Some((Speaker::Patient, "No wonder you froze.".to_owned(), 10.0)));
        if let Some(change) = &mut seen.change {
            (change.step, change.words) = (ChangeStep::Back, None);
        }
        assert_eq!((scene(&seen).seat, scene(&seen).speaking), (Seat::Own, None));
    }

    #[test]
    fn the_window_turns_to_the_world_that_the_trigger_speaks_of() {
        let window = Window { hour: Hour::Noon, weather: Weather::Wind, peopled: false };
        let settled = View { theme: Some(Theme::Money), window, ..view(Phase::Intake) };
        assert_eq!(scene(&settled).outlook, Outlook::default(), "nothing was said of it yet");
        let told = View { scene: "A street of stalls.".to_owned(), ..settled };
        assert_eq!(scene(&told).outlook, Outlook { theme: Theme::Money, window });
    }

    #[test]
    fn the_scene_in_the_window_moves_nobodys_mouth() {
        let caption =
            Caption { agent: Agent::Trigger, line: LineId(1), text: "A street.".to_owned(), speaking: true };
        assert_eq!(scene(&View { captions: vec![caption], ..view(Phase::Scene) }).speaking, None);
    }

    #[test]
    fn a_patient_who_has_come_up_sits_straighter_than_the_devil_would_have_it() {
        let held = |stage| scene(&View { stage, ..view(Phase::Open) }).held;
        let stages = [Stage::Shut, Stage::Heard, Stage::LookingUp, Stage::Thinking, Stage::Resting];
        let all: Vec<f32> = stages.into_iter().map(held).collect();
        assert!(all.windows(2).all(|pair| pair[1] <= pair[0]), "{all:?}");
        assert!(all[4] < all[0], "{all:?}");
    }

    #[test]
    fn words_that_hurt_are_met_with_no_smile() {
        let strength = Strength::from_belief(0);
        let answers = |reached| scene(&View { reached, strength, ..view(Phase::Answer) }).expression;
        assert_eq!(answers(Some(true)), Expression::Comfort);
        assert_eq!(answers(Some(false)), Expression::Hurt);
    }

    #[test]
    fn only_the_ending_in_which_the_devil_sits_shows_the_room_at_peace() {
        let ended = |ending| View { ended: Some((ending, EndReason::Rounds)), ..view(Phase::Closing) };
        assert_eq!(scene(&ended(Ending::Sits)).strength, 0.0);
        assert!(scene(&ended(Ending::Tires)).strength > 0.0);
        assert_eq!(scene(&ended(Ending::StepsBack)).back, 1.0);
    }
}
