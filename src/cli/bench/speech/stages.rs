//! What was measured of an utterance, and what it comes to.

use std::time::{Duration, Instant};

use super::known::{Decided, Noted};
use super::twins::{Twins, WINDOW};
use crate::dialogue::timing;
use crate::senses::patience::Patience;

/// A line that answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    pub(super) decided: Decided,
    /// Which of all pieces its first one was.
    pub(super) made: usize,
}

/// When an utterance came past, stage by stage.
pub(super) struct Stages {
    pub(super) by_key: bool,
    pub(super) end: Instant,
    pub(super) over: Instant,
    pub(super) recogniser: (Instant, Instant),
    pub(super) shown: Instant,
    pub(super) counted: Instant,
    /// How long a breath and what comes before a line are meant to be from there.
    pub(super) breath: Duration,
    pub(super) decided: Instant,
    pub(super) synthesiser: (Instant, Instant),
    /// When the first sample left the mixer, and when it is heard.
    pub(super) out: Instant,
    pub(super) heard: Instant,
}

impl Stages {
    /// How long a silence is waited for on purpose, in milliseconds.
    pub(super) fn silence(&self) -> f64 {
        if self.by_key { 0.0 } else { f64::from(Patience::UNKNOWN.0) }
    }

    /// All that is deliberate, in milliseconds.
    fn deliberate(&self) -> f64 {
        self.silence() + timing::HEARD_STANDS.0 as f64 + self.breath.as_secs_f64() * 1e3
    }

    fn theirs(&self) -> f64 {
        between(self.recogniser.0, self.recogniser.1) + between(self.synthesiser.0, self.synthesiser.1)
    }

    /// From the end of what was said to the first sample, in milliseconds.
    fn all(&self) -> f64 {
        between(self.end, self.out)
    }

    /// What of that is neither deliberate nor the recogniser's or the synthesiser's.
    pub(super) fn own(&self) -> f64 {
        self.all() - self.deliberate() - self.theirs()
    }
}

/// From one moment to another, in milliseconds; less than none where the other came first.
pub(super) fn between(from: Instant, to: Instant) -> f64 {
    (to.saturating_duration_since(from).as_secs_f64() - from.saturating_duration_since(to).as_secs_f64())
        * 1e3
}

/// A figure that was spoken into.
pub(super) struct Interrupted {
    /// From the first sound of the person's voice to where the figure is half as loud, in milliseconds: as it leaves the
    /// mixer, and as it is heard.
    pub(super) ducked: (f64, f64),
    /// From there to silence.
    pub(super) silent: f64,
    /// From where it was taken for meant to silence.
    pub(super) after: f64,
    /// Whether it ended with the word that was heard then, or with the next one.
    pub(super) within_a_word: bool,
}

/// A figure is ducked once it is so loud, and silent once it is so loud for so many windows, as a share of what it was.
const HALF: f32 = 0.5;
const SILENT: f32 = 0.02;
const SILENCE: usize = 20;
/// Over so many windows it is taken how loud it was.
const BEFORE: usize = 60;
/// How much later than the end of a word the silence may be found, in milliseconds: the voice fades, and the room sounds on.
const FADES: std::ops::RangeInclusive<f64> = -20.0..=200.0;
/// Between two pieces of a line, in milliseconds.
const PAUSE: u32 = 140;

/// What became of an answer into which somebody spoke from `onset` on; nothing where it had ended by itself.
pub(super) fn interrupted(
    twins: &Twins,
    notes: &Noted,
    (answer, begun): (&Answer, usize),
    onset: Instant,
) -> Option<Interrupted> {
    let hushed = *notes.hushed.iter().find(|at| **at >= onset)?;
    let tape = twins.tape();
    let from = twins.window_at(onset);
    let mut before: Vec<f32> = (from.saturating_sub(BEFORE)..from).map(|window| tape.loud(window)).collect();
    before.sort_unstable_by(f32::total_cmp);
    let loud = before.get(before.len() / 2).copied().filter(|loud| *loud > 0.0)?;
    // What was as loud as it is before they spoke is not quieter for it.
    let falls = |window: usize| {
        tape.loud(window) < HALF * loud && tape.written(window).is_some_and(|written| written >= onset)
    };
    let ducked = (from..tape.len()).find(|&window| falls(window))?;
    let is_silent = |window: usize| (window..window + SILENCE).all(|it| tape.loud(it) < SILENT * loud);
    let silent = (from..tape.len()).find(|&window| is_silent(window))?;
    let ms = |window: usize| (window as f64 - begun as f64) * WINDOW.as_secs_f64() * 1e3;
    let meant = ms(twins.window_at(hushed));
    if ms(silent) < meant {
        return None;
    }
    let ends = word_ends(notes, answer);
    let heard = ends.iter().filter(|end| **end <= meant).count();
    let ended = ends.iter().position(|end| FADES.contains(&(ms(silent) - end)));
    Some(Interrupted {
        ducked: (between(onset, tape.written(ducked)?), between(onset, twins.heard_at(ducked))),
        silent: between(onset, twins.heard_at(silent)),
        after: between(hushed, twins.heard_at(silent)),
        within_a_word: ended.is_some_and(|ended| ended <= heard + 1),
    })
}

/// Where the words of a line end, in milliseconds from its first sound.
fn word_ends(notes: &Noted, answer: &Answer) -> Vec<f64> {
    let next = notes.lines.iter().map(|line| line.at).find(|at| *at > answer.decided.at);
    let pieces = notes.made.iter().skip(answer.made);
    let mut begins = 0;
    let mut ends = Vec::new();
    for piece in pieces.take_while(|piece| next.is_none_or(|next| piece.entered < next)) {
        ends.extend(piece.words.iter().map(|end| f64::from(begins + end)));
        begins += piece.lasts_ms + PAUSE;
    }
    ends
}

/// Times of one kind, in milliseconds.
#[derive(Default)]
pub(super) struct Spans(Vec<f64>);

impl Spans {
    pub(super) fn of<T>(all: &[T], take: impl Fn(&T) -> f64) -> Self {
        let mut spans: Vec<f64> = all.iter().map(take).collect();
        spans.sort_unstable_by(f64::total_cmp);
        Self(spans)
    }

    /// The smallest that so great a share of all is no larger than.
    pub(super) fn at_most(&self, share: f64) -> Option<f64> {
        let rank = (share * self.0.len() as f64).ceil().max(1.0) as usize;
        self.0.get(rank - 1).copied()
    }

    /// Median, 95th of a hundred, least, most, and how many, as a line of a table.
    pub(super) fn row(&self, what: &str) -> String {
        let ms = |time: Option<f64>| time.map_or_else(|| "none".to_owned(), |time| format!("{time:.1}"));
        let [median, p95] = [0.5, 0.95].map(|share| ms(self.at_most(share)));
        let (least, most) = (ms(self.0.first().copied()), ms(self.0.last().copied()));
        format!("{what:<66} {median:>8} {p95:>8} {least:>8} {most:>8}   {}", self.0.len())
    }
}

/// The lines of the way from the end of what is said to the first sample of the answer.
pub(super) fn rows(all: &[Stages]) -> Vec<String> {
    let row = |what: &str, take: &dyn Fn(&Stages) -> f64| Spans::of(all, take).row(what);
    let stands = timing::HEARD_STANDS.0 as f64;
    vec![
        row("end of speech to its end known, the deliberate wait included", &|it| between(it.end, it.over)),
        row("  beyond the wait: its frame, the detector, how often it is heard", &|it| {
            between(it.end, it.over) - it.silence()
        }),
        row("to the recogniser", &|it| between(it.over, it.recogniser.0)),
        row("  (the recogniser)", &|it| between(it.recogniser.0, it.recogniser.1)),
        row("to the words shown", &|it| between(it.recogniser.1, it.shown)),
        row("to where they count, beyond the 900 ms for which they stand", &|it| {
            between(it.shown, it.counted) - stands
        }),
        row("  (the rest of the breath)", &|it| it.breath.as_secs_f64() * 1e3),
        row("to the line decided, beyond that breath", &|it| {
            between(it.counted, it.decided) - it.breath.as_secs_f64() * 1e3
        }),
        row("to the synthesiser", &|it| between(it.decided, it.synthesiser.0)),
        row("  (the synthesiser, for its first sentence)", &|it| between(it.synthesiser.0, it.synthesiser.1)),
        row("to the first sample out of the mixer", &|it| between(it.synthesiser.1, it.out)),
        row("all of it, from the end of speech to the first sample", &Stages::all),
        row("our own share: without what is deliberate, and theirs", &Stages::own),
        row("  (and from there until it is heard: what lies ready)", &|it| between(it.out, it.heard)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_thirty_the_95th_of_a_hundred_is_the_second_longest() {
        let spans = Spans::of(&(1..=30).collect::<Vec<i32>>(), |it| f64::from(*it));
        assert_eq!([spans.at_most(0.5), spans.at_most(0.95)], [Some(15.0), Some(29.0)]);
        assert_eq!(Spans::of(&[7.0], |it| *it).at_most(0.95), Some(7.0));
        assert_eq!(Spans::default().at_most(0.5), None);
    }

    #[test]
    fn what_came_first_took_less_than_no_time() {
        let (now, later) = (Instant::now(), Instant::now() + Duration::from_millis(20));
        assert!((between(now, later) - 20.0).abs() < 0.1, "{}", between(now, later));
        assert!(between(later, now) < 0.0);
    }
}
