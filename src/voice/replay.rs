//! The person hears themselves: their own voice, as it was kept, made ready to be placed in the room. Nothing is done to it but
//! that all of the evening is louder or quieter by the same amount, and a clause with a higher peak than may be as a whole by
//! less: no colour, no levelling within it, nothing taken out.

use zeroize::Zeroizing;

use super::OwnVoice;
use super::cut;
use super::mouth;
use super::speech::{RATE, Speech, VoiceError};
use super::text::Text;
use crate::sound::Resampler;

/// Where it is cut it comes and goes over so long, in milliseconds: no click.
const EDGE_MS: u32 = 5;
/// No peak of a clause is higher, in decibels below the loudest there is.
const PEAK: f32 = -3.0;

/// The person's own voice in these words, with a mouth that moves as it sounds.
///
/// # Errors
/// [`VoiceError::Form`], where its rate is none of sound, and where the words are not apart in it from what else was said: then
/// they are to be read.
pub fn speech(own: &OwnVoice, words: &str) -> Result<Speech, VoiceError> {
    let form = |why: String| VoiceError::Form { from: "the microphone".to_owned(), why };
    let place = cut::clause(&own.sound, own.rate, &own.said, words)
        .ok_or_else(|| form("these words are not apart from the others".to_owned()))?;
    let cut = &own.sound[place];
    let mut resampler = Resampler::between(own.rate, RATE).map_err(|error| form(error.to_string()))?;
    // It is made long enough at once, so that it leaves no copy of itself.
    let long = cut.len() as u64 * u64::from(RATE) / u64::from(own.rate.max(1)) + u64::from(RATE);
    let mut sound = Zeroizing::new(Vec::with_capacity(long as usize));
    resampler.push(cut, &mut sound);
    resampler.finish(&mut sound);
    let peak = sound.iter().fold(0.0_f32, |most, it| most.max(it.abs()));
    let gain = own.gain.min(10_f32.powf(PEAK / 20.0) / peak);
    let (edge, length) = ((RATE * EDGE_MS / 1_000) as usize, sound.len());
    for (at, sample) in sound.iter_mut().enumerate() {
        let in_from_edge = (at + 1).min(length - at) as f32 / edge as f32;
        *sample *= gain * in_from_edge.min(1.0);
    }
    Ok(mouth::estimate(std::mem::take(&mut *sound), &Text::of(words)))
}
