//! What the names of the dialogue mean, as phrases that stand in a prompt.

use crate::dialogue::face::FaceCue;
use crate::dialogue::resistance::RollingMove;
use crate::dialogue::technique::Aim;

pub(super) fn language(lang: &str) -> &'static str {
    match lang.split('-').next().unwrap_or_default() {
        "de" => "German",
        "es" => "Spanish",
        "fr" => "French",
        "zh" => "Simplified Chinese",
        _ => "English",
    }
}

pub(super) fn aim_phrase(aim: Aim) -> String {
    match aim {
        Aim::Presence => "being there is enough; nothing has to be solved".to_owned(),
        Aim::ToDevil => {
            "to speak to the Devil itself: what it does, what that does to them, what they want".to_owned()
        }
        Aim::SmallAct => "one small thing that could be done, together or alone".to_owned(),
        Aim::Stay => "a round with nothing to do but stay".to_owned(),
        Aim::Cbt(technique) => technique_phrase(technique).to_owned(),
    }
}

pub(super) fn technique_phrase(technique: crate::dialogue::technique::CbtTechnique) -> &'static str {
    use crate::dialogue::technique::CbtTechnique as T;
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

/// What the timing asks for. Never a word about faces: the summary itself goes into no prompt.
pub(super) fn face_phrase(cue: FaceCue) -> &'static str {
    use FaceCue as F;
    match cue {
        F::Distress => "slowly, and with less than planned",
        F::Softening => "quietly, leaving room",
        F::TurnedAway => "without hurry, as if to the window",
        _ => "leaving room for a half of it",
    }
}
