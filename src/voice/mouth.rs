//! Mouths and words of a speech: which shape is taken when, how far it is opened, and when each word is over.

use super::align::{self, Sought, near_top};
use super::ipa::{Class, Clause, Phone};
use super::letters;
use super::pairing;
use super::speech::{RATE, Speech, WordEnd};
use super::text::Text;
use crate::dialogue::mouth::{MouthAt, Viseme};

/// How often a mouth moves at most, in milliseconds.
pub(super) const STEP_MS: u32 = 20;
const STEP: usize = (RATE * STEP_MS / 1_000) as usize;
/// A mouth takes a shape a little before it is heard.
const LEAD_MS: u32 = 30;
/// What is quieter than this share of the loud parts leaves the mouth shut.
const SHUT: f32 = 0.02;
/// By how much an opening differs before it is told.
const TELLING: f32 = 0.04;
/// How long a pause is usually, in milliseconds: before the first word, between clauses, after the last one.
const PAUSES_MS: [f32; 3] = [20.0, 180.0, 40.0];

/// A shape of the mouth, and since when it is taken, in milliseconds.
type Shape = (u32, Viseme);

/// A speech of which the sounds are known, as `ipa::read` gives them.
pub(super) fn speech(samples: Vec<f32>, text: &Text, clauses: &[Clause]) -> Speech {
    let spoken: Vec<Phone> = clauses.iter().flatten().flatten().copied().collect();
    if spoken.is_empty() {
        return estimate(samples, text);
    }
    let mut over = 0;
    let boundaries: Vec<usize> = clauses
        .iter()
        .flatten()
        .map(|word| {
            over += word.len();
            over
        })
        .collect();
    let written: Vec<_> = letters::guess(text).into_iter().flatten().collect();
    let ends = pairing::ends(&written, &spoken, &boundaries, text.nearly());
    Timed::new(&samples, clauses).speech(samples, text, &ends)
}

/// A speech of which only the text and the sound are known: the sounds are guessed from how the words are written, and looked
/// for in what is heard.
pub(super) fn estimate(samples: Vec<f32>, text: &Text) -> Speech {
    let clauses = letters::guess(text);
    let mut over = 0;
    let ends: Vec<usize> = clauses
        .iter()
        .flatten()
        .map(|word| {
            over += word.len();
            over
        })
        .collect();
    Timed::new(&samples, &clauses).speech(samples, text, &ends)
}

/// Opens the mouth anew by what is heard, after the sound has been worked on.
pub(super) fn follow(speech: &mut Speech) {
    let shapes: Vec<Shape> = speech.mouth.iter().map(|mouth| (mouth.at_ms, mouth.viseme)).collect();
    speech.mouth = track(&speech.samples, &shapes);
}

/// The sounds of a speech in time.
struct Timed {
    /// Since when which shape is taken.
    shapes: Vec<Shape>,
    /// When each sound ends.
    ends: Vec<u32>,
}

impl Timed {
    fn new(samples: &[f32], clauses: &[Clause]) -> Self {
        let sought = sought(clauses);
        let lasts = (samples.len() * 1_000 / RATE as usize) as u32;
        let found = align::find(&align::steps(samples), &sought);
        let ends: Vec<u32> = found.unwrap_or_else(|| evenly(&sought, lasts));
        let ends = ends.into_iter().map(|end| end.min(lasts));
        let mut timed = Self { shapes: vec![(0, Viseme::Closed)], ends: Vec::new() };
        let mut phones = clauses.iter().flatten().flatten();
        let mut begins = 0;
        for (end, sought) in ends.zip(&sought) {
            if sought.class != Class::Pause
                && let Some(phone) = phones.next()
            {
                timed.shape(phone, begins, end);
                timed.ends.push(end);
            }
            begins = end;
        }
        timed
    }

    fn shape(&mut self, phone: &Phone, begins: u32, ends: u32) {
        let middle = u32::midpoint(begins, ends);
        for (at, viseme) in [begins, middle].into_iter().zip(phone.visemes) {
            if self.shapes.last().is_none_or(|&(_, last)| last != viseme) {
                self.shapes.push((at.saturating_sub(LEAD_MS), viseme));
            }
        }
    }

    /// The speech, with words that end behind so many of the sounds.
    fn speech(self, samples: Vec<f32>, text: &Text, ends: &[usize]) -> Speech {
        let at = |sounds: &usize| sounds.checked_sub(1).and_then(|last| self.ends.get(last));
        let words: Vec<WordEnd> = text.word_ends(ends.iter().map(|end| at(end).copied().unwrap_or(0)));
        Speech { mouth: track(&samples, &self.shapes), words, samples: samples.into() }
    }
}

/// What is looked for in a sound: every phone, and the pauses around clauses.
fn sought(clauses: &[Clause]) -> Vec<Sought> {
    let pause = |ms| Sought { class: Class::Pause, ms };
    let [before, between, after] = PAUSES_MS;
    let mut sought = vec![pause(before)];
    for (at, clause) in clauses.iter().enumerate() {
        if at > 0 {
            sought.push(pause(between));
        }
        sought.extend(clause.iter().flatten().map(|phone| Sought { class: phone.class, ms: phone.ms }));
    }
    sought.push(pause(after));
    sought
}

/// The ends of what cannot be found, by length alone.
fn evenly(sought: &[Sought], lasts: u32) -> Vec<u32> {
    let all: f32 = sought.iter().map(|it| it.ms).sum();
    let mut so_far = 0.0;
    sought
        .iter()
        .map(|it| {
            so_far += it.ms;
            (so_far / all * lasts as f32) as u32
        })
        .collect()
}

/// How the mouth moves: the shapes, opened as far as the sound is loud.
fn track(samples: &[f32], shapes: &[Shape]) -> Vec<MouthAt> {
    let mut track: Vec<MouthAt> = Vec::new();
    let mut shapes = shapes.iter().peekable();
    let mut shape = Viseme::Closed;
    for (opening, at_ms) in openings(samples).into_iter().zip((0..).step_by(STEP_MS as usize)) {
        while let Some((_, next)) = shapes.next_if(|(since, _)| *since < at_ms + STEP_MS) {
            shape = *next;
        }
        let viseme = if opening > 0.0 { shape } else { Viseme::Closed };
        let told = track.last().is_some_and(|last| {
            let same = (last.opening - opening).abs() < TELLING && (opening > 0.0 || last.opening <= 0.0);
            last.viseme == viseme && same
        });
        if !told {
            track.push(MouthAt { at_ms, viseme, opening });
        }
    }
    let lasts = (samples.len() * 1_000 / RATE as usize) as u32;
    let shut = MouthAt { at_ms: lasts, viseme: Viseme::Closed, opening: 0.0 };
    if track.last().is_some_and(|last| last.at_ms >= lasts) {
        track.pop();
    }
    track.push(shut);
    track
}

/// How far a mouth is open in each step, 0 to 1: the loudness, smoothed, beside that of the loud parts.
fn openings(samples: &[f32]) -> Vec<f32> {
    let loud: Vec<f32> = samples
        .chunks(STEP)
        .map(|step| (step.iter().map(|it| it * it).sum::<f32>() / step.len() as f32).sqrt())
        .collect();
    let top = near_top(&loud);
    if top <= f32::MIN_POSITIVE {
        return vec![0.0; loud.len()];
    }
    let at = |at: Option<usize>| at.and_then(|at| loud.get(at)).copied().unwrap_or_default();
    (0..loud.len())
        .map(|step| {
            let smooth = 0.5 * at(Some(step)) + 0.25 * (at(step.checked_sub(1)) + at(Some(step + 1)));
            let share = smooth / top;
            // A mouth is seen to move at half of the loudness already.
            if share < SHUT || at(Some(step)) < SHUT * top { 0.0 } else { share.min(1.0).powf(0.8) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::ipa;
    use super::*;

    /// A vowel, a pause, a vowel: 0.4 s each, after 0.1 s of nothing.
    fn two_words() -> Vec<f32> {
        let at_ms = |at: usize| at as u32 * 1_000 / RATE;
        (0..RATE as usize * 14 / 10)
            .map(|at| match at_ms(at) {
                100..500 | 900..1_300 => 0.4 * (at as f32 * 0.05).sin(),
                _ => 0.0,
            })
            .collect()
    }

    #[test]
    fn a_mouth_opens_with_the_sound_and_is_shut_without() {
        let speech = speech(two_words(), &Text::of("Oh, ah."), &ipa::read("ˈəʊ\nˈɑː"));
        let open = |ms: u32| {
            let found = speech.mouth.iter().take_while(|mouth| mouth.at_ms <= ms).last();
            found.map(|mouth| (mouth.viseme, mouth.opening > 0.5)).expect("a mouth")
        };
        assert_eq!(open(50), (Viseme::Closed, false));
        assert_eq!(open(200), (Viseme::Oh, true));
        assert_eq!(open(450), (Viseme::Ou, true));
        assert_eq!(open(700), (Viseme::Closed, false));
        assert_eq!(open(1_100), (Viseme::Aa, true));
        assert_eq!(speech.mouth.last().map(|last| (last.at_ms, last.opening)), Some((1_400, 0.0)));
        assert!(speech.mouth.is_sorted_by(|one, other| one.at_ms + STEP_MS <= other.at_ms));
    }

    #[test]
    fn words_end_where_they_are_heard_to_end() {
        for speech in [
            speech(two_words(), &Text::of("Oh, ah."), &ipa::read("ˈəʊ\nˈɑː")),
            estimate(two_words(), &Text::of("Oh, ah.")),
        ] {
            assert!(speech.words[0].at_ms.abs_diff(500) <= 30, "{:?}", speech.words);
            assert!(speech.words[1].at_ms.abs_diff(1_300) <= 30, "{:?}", speech.words);
            assert_eq!(speech.words[1].chars, 7);
            assert_eq!(speech.heard_by(800), 3);
        }
    }

    #[test]
    fn words_end_in_order_however_little_is_heard() {
        for samples in [vec![], vec![0.0; 48_000], vec![0.3; 480], two_words()] {
            let lasts = samples.len() as u32 / 48;
            let speech =
                estimate(samples, &Text::of("Five words are said here. And then some more of them."));
            assert!(speech.words.is_sorted_by_key(|word| (word.at_ms, word.chars)));
            assert!(speech.words.iter().all(|word| word.at_ms <= lasts), "{:?}", speech.words);
            assert!(speech.mouth.iter().all(|mouth| (0.0..=1.0).contains(&mouth.opening)));
            assert!(speech.mouth.last().is_some_and(|last| last.viseme == Viseme::Closed));
        }
    }

    #[test]
    fn a_sound_that_was_worked_on_opens_the_mouth_as_it_is_now() {
        let mut speech = speech(two_words(), &Text::of("Oh, ah."), &ipa::read("ˈəʊ\nˈɑː"));
        speech.samples[RATE as usize / 10..RATE as usize / 2].fill(0.0);
        follow(&mut speech);
        assert!(speech.mouth.iter().all(|mouth| mouth.at_ms > 800 || mouth.opening <= 0.0));
        assert!(speech.mouth.iter().any(|mouth| mouth.viseme == Viseme::Aa));
    }
}
