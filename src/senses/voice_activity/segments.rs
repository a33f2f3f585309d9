//! From how likely speech is, frame by frame, to stretches of speech, as Silero's own `get_speech_timestamps` finds them.

use crate::sound::{RATE, samples};

/// When speech begins and ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// From this likelihood on somebody speaks.
    pub on: f32,
    /// Below this one they may have stopped.
    pub off: f32,
    /// Anything shorter was no speech, in milliseconds.
    pub speech_ms: u32,
    /// A shorter silence is part of the speech, in milliseconds.
    pub silence_ms: u32,
    /// How much before and after belongs to it, in milliseconds.
    pub around_ms: u32,
}

impl Default for Limits {
    /// As Silero ships them.
    fn default() -> Self {
        Self { on: 0.5, off: 0.35, speech_ms: 250, silence_ms: 100, around_ms: 30 }
    }
}

/// A stretch of speech, in samples from the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its first sample.
    pub from: u64,
    /// The first sample after it.
    pub to: u64,
}

impl Segment {
    /// From when to when, in seconds.
    #[must_use]
    pub fn seconds(self) -> (f64, f64) {
        (self.from as f64 / f64::from(RATE), self.to as f64 / f64::from(RATE))
    }
}

/// Finds stretches of speech.
#[derive(Clone, Debug)]
pub struct Segmenter {
    limits: Limits,
    frame: u64,
    at: u64,
    from: Option<u64>,
    quiet_since: Option<u64>,
}

impl Segmenter {
    /// For frames of so many samples.
    #[must_use]
    pub fn new(limits: Limits, frame: usize) -> Self {
        Self { limits, frame: frame as u64, at: 0, from: None, quiet_since: None }
    }

    /// Takes the likelihood of the next frame; gives out the stretch that ended with it.
    pub fn push(&mut self, speech: f32) -> Option<Segment> {
        let here = self.at;
        self.at += self.frame;
        if speech >= self.limits.on {
            self.quiet_since = None;
            self.from.get_or_insert(here);
            return None;
        }
        let from = self.from?;
        if speech >= self.limits.off && self.quiet_since.is_none() {
            return None;
        }
        let quiet = *self.quiet_since.get_or_insert(here);
        if here - quiet < samples(self.limits.silence_ms) {
            return None;
        }
        (self.from, self.quiet_since) = (None, None);
        self.long_enough(from, quiet)
    }

    /// Where the stretch begins that has not ended yet, with what belongs to it before; none while nobody speaks.
    #[must_use]
    pub fn begun(&self) -> Option<u64> {
        self.from.map(|from| from.saturating_sub(samples(self.limits.around_ms)))
    }

    /// The sound has ended, so many samples after the last frame.
    pub fn finish(&mut self, rest: usize) -> Option<Segment> {
        let end = self.at + rest as u64;
        let from = self.from.take()?;
        let to = self.quiet_since.take().unwrap_or(end);
        let segment = self.long_enough(from, to)?;
        Some(Segment { to: segment.to.min(end), ..segment })
    }

    fn long_enough(&self, from: u64, to: u64) -> Option<Segment> {
        let around = samples(self.limits.around_ms);
        let speech = to - from > samples(self.limits.speech_ms);
        speech.then(|| Segment { from: from.saturating_sub(around), to: to + around })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of 32 ms, so many of each likelihood.
    fn found(frames: &[(usize, f32)], rest: usize) -> Vec<(u64, u64)> {
        let mut segmenter = Segmenter::new(Limits::default(), 512);
        let likely = frames.iter().flat_map(|&(count, speech)| std::iter::repeat_n(speech, count));
        let mut found: Vec<Segment> = likely.filter_map(|speech| segmenter.push(speech)).collect();
        found.extend(segmenter.finish(rest));
        found.into_iter().map(|it| (it.from, it.to)).collect()
    }

    #[test]
    fn speech_between_silences_is_one_stretch_with_a_little_around_it() {
        assert_eq!(found(&[(10, 0.1), (20, 0.9), (10, 0.1)], 0), [(5_120 - 480, 15_360 + 480)]);
    }

    #[test]
    fn a_breath_between_two_words_does_not_part_them_and_a_pause_does() {
        let words = |gap| found(&[(20, 0.9), (gap, 0.1), (20, 0.9), (10, 0.1)], 0).len();
        assert_eq!([words(1), words(4), words(5), words(20)], [1, 1, 2, 2]);
    }

    #[test]
    fn a_click_is_no_speech() {
        assert_eq!(found(&[(10, 0.0), (7, 1.0), (10, 0.0)], 0), []);
        assert_eq!(found(&[(10, 0.0), (8, 1.0), (10, 0.0)], 0).len(), 1);
    }

    #[test]
    fn what_is_doubtful_begins_nothing_and_ends_nothing() {
        assert_eq!(found(&[(40, 0.45)], 0), []);
        assert_eq!(found(&[(10, 0.9), (30, 0.45), (10, 0.0)], 0), [(0, 40 * 512 + 480)]);
    }

    #[test]
    fn a_stretch_that_goes_on_says_where_it_began() {
        let mut segmenter = Segmenter::new(Limits::default(), 512);
        let mut begun = |speech| {
            let ended = segmenter.push(speech);
            (segmenter.begun(), ended.is_some())
        };
        assert_eq!([begun(0.1), begun(0.1), begun(0.9)], [(None, false), (None, false), (Some(544), false)]);
        for _ in 0..10 {
            assert_eq!(begun(0.9), (Some(544), false));
        }
        let after: Vec<(Option<u64>, bool)> = (0..5).map(|_| begun(0.1)).collect();
        assert_eq!((after[3], after[4]), ((Some(544), false), (None, true)));
    }

    #[test]
    fn a_sound_that_ends_in_speech_is_cut_where_it_ends() {
        assert_eq!(found(&[(20, 0.9)], 100), [(0, 20 * 512 + 100)]);
    }
}
