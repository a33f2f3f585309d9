//! Cognitive distortions: the kinds of thought that the Devil thinks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The type of a distorted thought. It is settled with the first thought and stays for the session, as in MIND.
///
/// The first six and [`Distortion::Personalization`] are those of C2D2 (EMNLP Findings 2023), the others the usual
/// ones beyond it, which `M2CoSC` (NAACL 2025) lists too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Distortion {
    /// Complex matters squeezed into two boxes.
    BlackAndWhite,
    /// A feeling taken as proof.
    EmotionalReasoning,
    /// A bad outcome foretold without ground.
    FortuneTelling,
    /// A tag put on oneself or on others.
    Labeling,
    /// Sure of what others think, without asking.
    MindReading,
    /// A sweeping conclusion from few cases.
    Overgeneralization,
    /// Others' behaviour blamed on oneself, without a link.
    Personalization,
    /// The worst case taken as likely and unbearable.
    Catastrophising,
    /// The bad enlarged, one's own good shrunk.
    Magnification,
    /// One bad thing fills the view.
    MentalFilter,
    /// Good things do not count.
    DisqualifyingPositive,
    /// Rigid rules.
    ShouldStatements,
    /// All of it put on others.
    Blaming,
    /// Measuring oneself against chosen others.
    Comparing,
}

impl Distortion {
    /// All fourteen.
    pub const ALL: [Self; 14] = [
        Self::BlackAndWhite,
        Self::EmotionalReasoning,
        Self::FortuneTelling,
        Self::Labeling,
        Self::MindReading,
        Self::Overgeneralization,
        Self::Personalization,
        Self::Catastrophising,
        Self::Magnification,
        Self::MentalFilter,
        Self::DisqualifyingPositive,
        Self::ShouldStatements,
        Self::Blaming,
        Self::Comparing,
    ];
}
