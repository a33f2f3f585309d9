//! What is kept of the person's voice, so that they can hear it again: in memory only, until the evening ends, and no longer
//! than they want it. It is the sound as the microphone gave it, at the microphone's own rate, before anything is taken out of
//! it or made louder in it. What is dropped here is overwritten.

mod loud;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zeroize::{Zeroize as _, Zeroizing};

use self::loud::Loudness;
use crate::dialogue::ids::UtteranceId;
use crate::sound::RATE;
use crate::voice::OwnVoice;
use crate::voice::cut;

/// So much is kept in all, in seconds: the oldest goes first.
const MOST: usize = 600;
/// So much is heard at most before it is kept: the longest utterance, and what comes before it, in seconds.
const LONGEST: usize = 64;
/// Of both, no more samples than these seconds have at so many a second, whatever the microphone's rate.
const MOST_RATE: usize = 48_000;
/// So much of its beginning an utterance may lack to be kept, in milliseconds: nothing is said yet in so much of it.
const MAY_LACK: u64 = 400;
/// So long after one utterance the next may begin to be of the same turn, in samples at [`RATE`].
const ONE_TURN: u64 = 5 * RATE as u64;
/// So much of what comes before an utterance is held while nobody speaks, in seconds.
const BEFORE: usize = 2;
/// So much after the last voice in an utterance belongs to it, in sixteenths of a millisecond: a word dies away.
const AFTER: u64 = 200 * (RATE as u64 / 1_000);

/// What is kept of the person's voice. Clones of it are the same.
#[derive(Clone, Default)]
pub struct Keepsake(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    on: bool,
    rate: u32,
    /// What was heard last.
    latest: Zeroizing<Vec<f32>>,
    /// The number of its first sample since hearing began, and how often it began.
    first: u64,
    hearing: u64,
    said: VecDeque<Said>,
    /// What was settled when they first heard themselves.
    gain: Option<f32>,
}

/// An utterance.
struct Said {
    utterance: UtteranceId,
    sound: Zeroizing<Vec<f32>>,
    rate: u32,
    /// From when to when, in samples at [`RATE`] since hearing began; and which time that was.
    span: (u64, u64),
    hearing: u64,
    /// None while it is not written down.
    words: Option<Zeroizing<String>>,
    loudness: Loudness,
}

impl Keepsake {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The person agrees to it. What they say from now on is kept.
    pub fn begin(&self) {
        self.kept().on = true;
    }

    /// Nothing is kept any more, and what was is overwritten. How many bytes of sound that were.
    pub fn wipe(&self) -> u64 {
        let mut kept = self.kept();
        kept.on = false;
        let samples = kept.latest.len() + kept.said.iter().map(|said| said.sound.len()).sum::<usize>();
        // Samples are counted on.
        kept.first += kept.latest.len() as u64;
        kept.latest = Zeroizing::default();
        kept.said = VecDeque::new();
        kept.gain = None;
        (samples * size_of::<f32>()) as u64
    }

    /// How many utterances are kept.
    #[must_use]
    pub fn utterances(&self) -> usize {
        self.kept().said.len()
    }

    /// Hearing begins anew: samples are counted from here.
    pub(super) fn restart(&self) {
        let mut kept = self.kept();
        kept.latest.zeroize();
        kept.first = 0;
        kept.hearing += 1;
    }

    /// This was heard, at so many samples a second, and whether the person is speaking.
    pub(super) fn hear(&self, sound: &[f32], rate: u32, speaks: bool) {
        let mut kept = self.kept();
        if !kept.on || rate == 0 {
            kept.first += sound.len() as u64;
            return;
        }
        let most = LONGEST * (rate as usize).min(MOST_RATE);
        if kept.latest.capacity() < most || kept.rate != rate {
            // It never grows, so that it leaves no copy of itself.
            kept.first += kept.latest.len() as u64;
            kept.latest = Zeroizing::new(Vec::with_capacity(most));
            kept.rate = rate;
        }
        let here = &sound[sound.len().saturating_sub(most)..];
        kept.first += (sound.len() - here.len()) as u64;
        let (waits, before) = (kept.latest.len(), BEFORE * rate as usize);
        let stays = if speaks { most - here.len() } else { before };
        if waits + here.len() > most || (!speaks && waits > 2 * before) {
            kept.forget_first(waits.saturating_sub(stays));
        }
        kept.latest.extend_from_slice(here);
    }

    /// What was heard between these is an utterance, in samples at [`RATE`] since hearing began. Where its beginning was not
    /// heard, or is gone, it is not kept: nobody would know which of its words are in it.
    pub(super) fn keep(&self, utterance: UtteranceId, (from, to): (u64, u64)) {
        let mut kept = self.kept();
        let own = |sample: u64, rate: u32| sample * u64::from(rate) / u64::from(RATE);
        let may_lack = u64::from(kept.rate) * MAY_LACK / 1_000;
        if !kept.on || own(from, kept.rate) + may_lack < kept.first {
            return;
        }
        let span = (from, to);
        let at =
            |sample: u64| (own(sample, kept.rate).saturating_sub(kept.first) as usize).min(kept.latest.len());
        let (from, to) = (at(from), at(to + AFTER));
        let sound = Zeroizing::new(kept.latest.get(from..to).unwrap_or_default().to_vec());
        if !sound.is_empty() {
            let (rate, hearing) = (kept.rate, kept.hearing);
            kept.take(Said { span, hearing, ..Said::new(utterance, sound, rate) });
        }
    }

    /// This is what was said in an utterance.
    pub(super) fn is_written(&self, utterance: UtteranceId, words: &str) {
        if let Some(said) = self.kept().said.iter_mut().find(|said| said.utterance == utterance) {
            said.words = Some(Zeroizing::new(words.to_owned()));
        }
    }

    /// Nobody knows what was said in it, so it can never be heard again.
    pub(super) fn forget(&self, utterance: UtteranceId) {
        self.kept().said.retain(|said| said.utterance != utterance);
    }

    /// The utterance in which these words are, this one or else one before it in the same turn; none where it was not kept, was
    /// typed, or became other words.
    #[must_use]
    pub fn with(&self, utterance: UtteranceId, words: &str) -> Option<OwnVoice> {
        let mut kept = self.kept();
        let mut gain = kept.gain;
        let gain = *gain.get_or_insert_with(|| loud::gain(kept.said.iter().map(|said| &said.loudness)));
        let has = |said: &&Said| said.words.as_ref().is_some_and(|all| cut::has(all, words));
        let found = kept.turn(utterance).find(has)?;
        let own = OwnVoice {
            utterance: found.utterance,
            sound: found.sound.clone(),
            rate: found.rate,
            said: found.words.clone()?,
            gain,
        };
        kept.gain = Some(gain);
        Some(own)
    }
}

impl Kept {
    /// Forgets so many of the first samples.
    fn forget_first(&mut self, samples: usize) {
        let stays = self.latest.len() - samples;
        self.latest.copy_within(samples.., 0);
        self.latest[stays..].zeroize();
        self.latest.truncate(stays);
        self.first += samples as u64;
    }

    fn take(&mut self, said: Said) {
        self.said.push_back(said);
        while self.has_too_much() && self.said.len() > 1 {
            self.said.pop_front();
        }
    }

    fn has_too_much(&self) -> bool {
        let lasts = |said: &Said| said.sound.len() as f64 / f64::from(said.rate.max(1));
        self.said.iter().map(lasts).sum::<f64>() > MOST as f64
            || self.said.iter().map(|said| said.sound.len()).sum::<usize>() > MOST * MOST_RATE
    }

    /// An utterance, if it is kept, and those before it that were said in one go with it, the last first.
    fn turn(&self, utterance: UtteranceId) -> impl Iterator<Item = &Said> {
        let mut next: Option<&Said> = None;
        self.said.iter().rev().skip_while(move |said| said.utterance != utterance).take_while(move |said| {
            let goes_on = |next: &Said| {
                said.hearing == next.hearing && next.span.0.saturating_sub(said.span.1) <= ONE_TURN
            };
            next.replace(*said).is_none_or(goes_on)
        })
    }
}

impl Said {
    fn new(utterance: UtteranceId, sound: Zeroizing<Vec<f32>>, rate: u32) -> Self {
        let loudness = Loudness::of(&sound, rate);
        Self { utterance, rate, words: None, loudness, span: (0, 0), hearing: 0, sound }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: u32 = 48_000;

    /// So many seconds in which the number of each sample can be read from it.
    fn seconds(of: u32, from: usize) -> Vec<f32> {
        (from..from + (of * OWN) as usize).map(|at| (at % 30_000) as f32 / 32_768.0).collect()
    }

    fn hearing() -> Keepsake {
        let keepsake = Keepsake::default();
        keepsake.begin();
        keepsake
    }

    /// Says something for so many seconds, of which these are the words.
    fn say(keepsake: &Keepsake, number: u64, lasts: u32, words: &str) {
        keepsake.restart();
        say_from(keepsake, number, (0, lasts), words);
    }

    /// The same, so many seconds after hearing began.
    fn say_from(keepsake: &Keepsake, number: u64, (from, lasts): (u32, u32), words: &str) {
        for second in from..from + lasts {
            keepsake.hear(&seconds(1, (second * OWN) as usize), OWN, true);
        }
        let samples = |seconds: u32| u64::from(seconds * RATE);
        keepsake.keep(UtteranceId(number), (samples(from), samples(from + lasts)));
        keepsake.is_written(UtteranceId(number), words);
    }

    #[test]
    fn what_was_said_is_kept_sample_by_sample_as_it_came() {
        let keepsake = hearing();
        let all = seconds(5, 0);
        for (at, piece) in all.chunks(480).enumerate() {
            // A silence is waited for before it is known that it was the end.
            keepsake.hear(piece, OWN, at >= 200);
        }
        // From the second second to the fourth, with a fifth of a second in which it dies away.
        keepsake.keep(UtteranceId(7), (2 * u64::from(RATE), 4 * u64::from(RATE)));
        keepsake.is_written(UtteranceId(7), "I'm here");
        let own = keepsake.with(UtteranceId(7), "I'm here").expect("it is kept");
        assert_eq!(own.sound[..], all[96_000..201_600]);
        assert_eq!((own.rate, own.said.as_str()), (OWN, "I'm here"));
    }

    #[test]
    fn nothing_is_kept_without_a_yes_and_nothing_after_it_was_taken_back() {
        let keepsake = Keepsake::default();
        say(&keepsake, 1, 2, "I'm here");
        assert_eq!((keepsake.utterances(), keepsake.wipe()), (0, 0));
        keepsake.begin();
        say(&keepsake, 2, 2, "I'm here");
        assert!(keepsake.with(UtteranceId(2), "I'm here").is_some());
        // Two seconds that were said, and the same two as they were heard last.
        assert_eq!(keepsake.wipe(), 2 * 2 * u64::from(OWN) * 4);
        assert!(keepsake.with(UtteranceId(2), "I'm here").is_none());
        say(&keepsake, 3, 2, "I'm here");
        assert_eq!((keepsake.utterances(), keepsake.wipe()), (0, 0));
    }

    #[test]
    fn samples_are_counted_on_while_nothing_is_kept() {
        let keepsake = Keepsake::default();
        keepsake.hear(&seconds(3, 0), OWN, false);
        keepsake.begin();
        keepsake.hear(&seconds(1, (3 * OWN) as usize), OWN, true);
        keepsake.keep(UtteranceId(1), (3 * u64::from(RATE), 4 * u64::from(RATE)));
        keepsake.is_written(UtteranceId(1), "yes");
        let own = keepsake.with(UtteranceId(1), "yes").expect("it is kept");
        assert_eq!(own.sound[..], seconds(1, (3 * OWN) as usize)[..]);
    }

    #[test]
    fn whoever_takes_it_back_and_agrees_again_is_kept_from_then_on() {
        let keepsake = hearing();
        say_from(&keepsake, 1, (0, 3), "I'm here");
        keepsake.wipe();
        keepsake.begin();
        say_from(&keepsake, 2, (3, 2), "Stay a while");
        let own = keepsake.with(UtteranceId(2), "Stay a while").expect("it is kept");
        assert_eq!(own.sound[..], seconds(2, (3 * OWN) as usize)[..]);
    }

    #[test]
    fn what_had_begun_before_they_agreed_is_not_kept() {
        let keepsake = Keepsake::default();
        keepsake.hear(&seconds(1, 0), OWN, true);
        keepsake.begin();
        keepsake.hear(&seconds(1, OWN as usize), OWN, true);
        keepsake.keep(UtteranceId(1), (0, 2 * u64::from(RATE)));
        assert_eq!(keepsake.utterances(), 0);
    }

    #[test]
    fn no_more_is_kept_of_a_microphone_with_more_samples() {
        const MANY: u32 = 192_000;
        let keepsake = hearing();
        for number in 0..16_u32 {
            keepsake.hear(&vec![0.1; 12 * MANY as usize], MANY, true);
            let samples = |seconds: u32| u64::from(seconds * RATE);
            keepsake.keep(UtteranceId(number.into()), (samples(12 * number), samples(12 * number + 12)));
        }
        assert!(keepsake.utterances() <= 14, "{}", keepsake.utterances());
        let most = ((MOST + LONGEST) * MOST_RATE * 4) as u64;
        let bytes = keepsake.wipe();
        assert!(bytes <= most && bytes > most / 2, "{bytes}");
    }

    #[test]
    fn ten_minutes_are_kept_and_the_oldest_goes_first() {
        let keepsake = hearing();
        for number in 0..12 {
            say(&keepsake, number, 60, "I stayed with you");
        }
        assert_eq!(keepsake.utterances(), 10);
        assert!(keepsake.with(UtteranceId(1), "I stayed with you").is_none(), "its words are shown");
        assert!(keepsake.with(UtteranceId(2), "I stayed with you").is_some());
    }

    #[test]
    fn while_nobody_speaks_no_more_than_a_few_seconds_are_held() {
        let keepsake = hearing();
        for second in 0..20 {
            keepsake.hear(&seconds(1, second * OWN as usize), OWN, false);
        }
        let bytes = keepsake.wipe();
        assert!(bytes <= 5 * u64::from(OWN) * 4, "{bytes}");
    }

    #[test]
    fn words_that_are_in_no_recording_have_none() {
        let keepsake = hearing();
        say(&keepsake, 1, 2, "No wander you froze, you had slept three hours.");
        say_from(&keepsake, 2, (2, 2), "And I am here");
        let with = |words| keepsake.with(UtteranceId(2), words).map(|own| own.utterance.0);
        assert_eq!(
            with("No wonder you froze"),
            Some(1),
            "it was said in two breaths, the first of which has it"
        );
        assert_eq!(with("Everybody forgets a thing."), None, "it was typed in its place");
        for second in 4..14 {
            keepsake.hear(&seconds(1, (second * OWN) as usize), OWN, false);
        }
        say_from(&keepsake, 3, (14, 2), "I thank you");
        let later = keepsake.with(UtteranceId(3), "No wonder you froze");
        assert!(later.is_none(), "another turn is not looked into");
        keepsake.forget(UtteranceId(1));
        assert_eq!(with("No wonder you froze"), None);
    }
}
