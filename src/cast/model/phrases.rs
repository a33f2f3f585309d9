//! What the names of the dialogue mean, as phrases that stand in a prompt.

use crate::dialogue::agent::Agent;
use crate::dialogue::face::FaceCue;
use crate::dialogue::moves::Move;
use crate::dialogue::resistance::{Resistance, ResistanceKind, ResistanceSignal, RollingMove};
use crate::dialogue::technique::{Aim, CbtTechnique};

pub(super) fn aim_phrase(aim: Aim) -> &'static str {
    match aim {
        Aim::Presence => "being there is enough; nothing has to be solved",
        Aim::ToDevil => {
            "to speak to the Devil itself: what it does, what that does to the speaker, what the speaker asks of it"
        }
        Aim::SmallAct => "one small thing that could be done, together or alone",
        Aim::Stay => "nothing to do; the hint only says that staying is allowed",
        Aim::Cbt(technique) => technique_phrase(technique),
    }
}

pub(super) fn technique_phrase(technique: CbtTechnique) -> &'static str {
    use CbtTechnique as T;
    match technique {
        T::EfficiencyEvaluation => "to wonder whether holding this thought helps",
        T::PieChart => "to divide the cause among all that had a part in it",
        T::AlternativePerspective => "how else it could be seen, or by whom",
        T::Decatastrophizing => "what would come after, and what would still be there",
        T::ProsAndCons => "what speaks for it, and what against",
        T::EvidenceBasedQuestioning => "what happened, in facts",
        T::RealityTesting => "how one could find out",
        T::Continuum => "the steps between nought and all",
        T::RulesToWishes => "a wish in the place of a must",
        T::BehaviorExperiment => "one small thing to try and see",
        T::ProblemSolving => "what the first step would be",
        T::SystematicExposure => "a little of it, and then a little more",
    }
}

pub(super) fn rolling_phrase(rolling: RollingMove) -> &'static str {
    use RollingMove as R;
    match rolling {
        R::SimpleReflection => "say it back, neutrally",
        R::AmplifiedReflection => "say it back a little stronger, never mocking",
        R::DoubleSidedReflection => "both sides, joined with and",
        R::ShiftingFocus => "step off the stuck point",
        R::Reframing => "the same facts in another light",
        R::AgreeingWithATwist => "say it back, and then put another light on it",
        R::EmphasisingAutonomy => "the choice is theirs",
        R::ComingAlongside => "side with not wanting to, for a moment",
    }
}

/// What holding back looks like, to stand after "The person".
pub(super) fn resistance_phrase(resistance: Resistance) -> String {
    let kind = match resistance.kind {
        ResistanceKind::Emotional => "keeps the feeling out of it",
        ResistanceKind::Cognitive => "holds on to the thought",
        ResistanceKind::Behavioral => "doubts that this is of any use",
    };
    let signal = match resistance.signal {
        ResistanceSignal::DirectDisagreement => "and says so",
        ResistanceSignal::PartialAgreement => "and says \"fine\", meaning less",
        ResistanceSignal::Distress => "and it is too much at once",
        ResistanceSignal::Avoidance => "and turns to something else",
        ResistanceSignal::Withdrawal => "and answers in a word",
        ResistanceSignal::SubtleDisengagement => "and is flatter than before",
    };
    format!("{kind} {signal}")
}

/// What a move does, to stand after "the words did this".
pub(super) fn move_phrase(kind: Move) -> String {
    super::prompts::name(&kind).replace('_', " ")
}

/// What stands between words and face, for one figure: how its line should come, and never a word about faces. Numbers
/// go into no prompt; what is reasoned about is the mismatch (`papers.md` 2.6 of the design's reference).
pub(super) fn face_phrase(agent: Agent, cue: FaceCue) -> &'static str {
    use FaceCue as F;
    match (agent, cue) {
        (Agent::Guide, F::BrightWordsHeavy) => {
            "the words are lighter than what lies under them; let half sure be enough, without saying why"
        }
        (Agent::Guide, F::DoubtfulFine) => "there may be a \"but\" in the \"fine\"; leave a door open for it",
        (Agent::Guide, F::Scorn) => "this may feel corny to them; you say so first",
        (Agent::Guide, F::Distress) => "less than planned, and nothing to do",
        (Agent::Guide, F::TurnedAway) => "no hurry; something in the window will do",
        (Agent::Devil, F::Softening) => "break off before the last words, and end with —",
        (Agent::Devil, F::Scorn) => "without any smoke: plain, and shorter",
        (Agent::Devil, F::Distress) => "three words, and a step back",
        (Agent::Patient, F::Distress) => "you can wait, and say so",
        (Agent::Patient, F::TurnedAway) => "without hurry, as if to the window",
        _ => "quietly, leaving room",
    }
}
