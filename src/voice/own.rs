//! The person's own voice, on its way from where it was kept to where it is heard.

use zeroize::Zeroizing;

use crate::dialogue::ids::UtteranceId;

/// What somebody said, as their microphone gave it: overwritten when it is dropped.
#[derive(Clone, PartialEq)]
pub struct OwnVoice {
    /// Of which utterance.
    pub utterance: UtteranceId,
    /// The whole of it, one channel.
    pub sound: Zeroizing<Vec<f32>>,
    /// Samples a second.
    pub rate: u32,
    /// What was said in it, as it was written down.
    pub said: Zeroizing<String>,
    /// By how much all that they hear of themselves is made louder or quieter, where no peak is too high for it.
    pub gain: f32,
}

/// Of what somebody said nothing is shown to whoever looks for a fault.
impl std::fmt::Debug for OwnVoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (utterance, samples, rate) = (self.utterance, self.sound.len(), self.rate);
        write!(f, "OwnVoice {{ {utterance:?}, {samples} samples at {rate} }}")
    }
}
