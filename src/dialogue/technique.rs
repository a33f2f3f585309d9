//! What the Guide can offer before the person speaks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::distortion::Distortion;

/// The twelve techniques of cognitive behavioural therapy that CACTUS and MIRROR plan with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CbtTechnique {
    /// Does holding this thought help?
    EfficiencyEvaluation,
    /// Divide the cause among all that had a part in it.
    PieChart,
    /// How else could it be seen?
    AlternativePerspective,
    /// And then? What would still be there?
    Decatastrophizing,
    /// What speaks for it, what against?
    ProsAndCons,
    /// What happened, in facts?
    EvidenceBasedQuestioning,
    /// How could one find out?
    RealityTesting,
    /// Between nought and all there are steps.
    Continuum,
    /// "I would like" for "I must".
    RulesToWishes,
    /// Try one small thing and see.
    BehaviorExperiment,
    /// What is the first step?
    ProblemSolving,
    /// A little of it, and then a little more.
    SystematicExposure,
}

impl CbtTechnique {
    /// All twelve.
    pub const ALL: [Self; 12] = [
        Self::EfficiencyEvaluation,
        Self::PieChart,
        Self::AlternativePerspective,
        Self::Decatastrophizing,
        Self::ProsAndCons,
        Self::EvidenceBasedQuestioning,
        Self::RealityTesting,
        Self::Continuum,
        Self::RulesToWishes,
        Self::BehaviorExperiment,
        Self::ProblemSolving,
        Self::SystematicExposure,
    ];

    /// Techniques that fit a distortion, the most fitting first. Always four, so that a plan can be revised.
    #[must_use]
    pub fn fitted_to(distortion: Distortion) -> [Self; 4] {
        FITTED.iter().find(|(of, _)| *of == distortion).map_or(FITTED[0].1, |(_, fitted)| *fitted)
    }
}

/// What fits what, the most fitting first.
const FITTED: [(Distortion, [CbtTechnique; 4]); 14] = {
    use CbtTechnique::*;
    use Distortion as D;
    [
        (D::BlackAndWhite, [Continuum, EvidenceBasedQuestioning, AlternativePerspective, RulesToWishes]),
        (
            D::EmotionalReasoning,
            [EvidenceBasedQuestioning, RealityTesting, AlternativePerspective, ProsAndCons],
        ),
        (
            D::FortuneTelling,
            [RealityTesting, Decatastrophizing, BehaviorExperiment, EvidenceBasedQuestioning],
        ),
        (D::Labeling, [EvidenceBasedQuestioning, Continuum, AlternativePerspective, EfficiencyEvaluation]),
        (
            D::MindReading,
            [AlternativePerspective, RealityTesting, EvidenceBasedQuestioning, BehaviorExperiment],
        ),
        (D::Overgeneralization, [EvidenceBasedQuestioning, Continuum, RealityTesting, BehaviorExperiment]),
        (D::Personalization, [PieChart, AlternativePerspective, EvidenceBasedQuestioning, RealityTesting]),
        (D::Catastrophising, [Decatastrophizing, RealityTesting, SystematicExposure, ProblemSolving]),
        (D::Magnification, [Continuum, Decatastrophizing, AlternativePerspective, EvidenceBasedQuestioning]),
        (D::MentalFilter, [EvidenceBasedQuestioning, ProsAndCons, AlternativePerspective, Continuum]),
        (
            D::DisqualifyingPositive,
            [EvidenceBasedQuestioning, ProsAndCons, RealityTesting, EfficiencyEvaluation],
        ),
        (D::ShouldStatements, [RulesToWishes, EfficiencyEvaluation, ProsAndCons, ProblemSolving]),
        (D::Blaming, [PieChart, AlternativePerspective, ProblemSolving, EfficiencyEvaluation]),
        (D::Comparing, [AlternativePerspective, EfficiencyEvaluation, EvidenceBasedQuestioning, Continuum]),
    ]
};

/// What a round is for, and so what the Guide keeps ready. Round one has no technique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "aim", content = "technique", rename_all = "snake_case")]
pub enum Aim {
    /// Being there is enough.
    Presence,
    /// One technique of cognitive behavioural therapy.
    Cbt(CbtTechnique),
    /// Speak to the Devil: the natural place of DEAR MAN.
    ToDevil,
    /// One small thing that could be done.
    SmallAct,
    /// A round with nothing to do.
    Stay,
}

impl Aim {
    /// What round `round` (from 1) is for. `revision` counts how often the plan had to be changed because the
    /// person's words went past the Patient; it moves on to the next fitting technique.
    #[must_use]
    pub fn of_round(round: u32, distortion: Distortion, revision: usize) -> Self {
        let fitted = CbtTechnique::fitted_to(distortion);
        match round {
            0 | 1 => Self::Presence,
            2 => Self::Cbt(fitted[revision % fitted.len()]),
            3 => Self::ToDevil,
            4 => Self::SmallAct,
            5 => Self::Stay,
            later => Self::Cbt(fitted[(later as usize - 5 + revision) % fitted.len()]),
        }
    }
}
