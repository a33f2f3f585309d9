//! Cuts a clause out of the sound in which it was said.
//!
//! Where it begins and ends is first taken from its share of the letters, over the time in which a voice is heard; it is cut in
//! the pause that is nearest to that, and only there. Where no pause is at a comma, the sentence is taken; where none is at the
//! sentence's ends, nothing: what stands beside a clause may be what its words were chosen from, and is not heard with it.

use std::ops::Range;

/// Milliseconds of a step in which loudness is taken.
const STEP_MS: u32 = 10;
/// What is quieter than this share of the way from the quiet steps to the loud ones, in decibels, is no voice; the quiet ones
/// count as no more than so many decibels below the loud ones, and at least so much is between them and a voice.
const VOICED: f32 = 0.35;
const FLOOR: f32 = 50.0;
const ABOVE_FLOOR: f32 = 6.0;
/// So many steps of what is still louder than the quiet ones by as much belong to a word, at either end.
const FADES: usize = 20;
/// A silence of so many steps is a pause: a sound that closes the mouth is shorter.
const PAUSE: usize = 14;
/// How far a pause may be from where the letters put it, in steps of voice: this share of all of them, within these bounds.
const SLACK: f32 = 0.16;
const LEAST_SLACK: f32 = 30.0;
const MOST_SLACK: f32 = 120.0;
/// A pause of so many steps is as long as a pause gets, and is worth so much of that distance.
const LONG: f32 = 60.0;
const LONG_IS_WORTH: f32 = 0.6;
/// Two pauses that are so nearly as good as each other leave it in doubt which is meant.
const DOUBT: f32 = 0.15;
/// So much of a pause goes with what is cut in it, before and after, in steps.
const BEFORE: usize = 4;
const AFTER: usize = 8;
/// So much of the words has to be the same for them to be the ones that were said.
const ALIKE: f32 = 0.6;
/// Words that turn a sentence round, without their apostrophes.
const NEGATIONS: [&str; 44] = [
    "no", "not", "never", "none", "nobody", "nothing", "nowhere", "neither", "nor", "without", "hardly",
    "cannot", "cant", "dont", "doesnt", "didnt", "wont", "wouldnt", "shouldnt", "couldnt", "mustnt",
    "neednt", "isnt", "arent", "wasnt", "werent", "havent", "hasnt", "hadnt", "aint", "mightnt", "shant",
    "不", "没", "沒", "别", "別", "未", "无", "無", "非", "莫", "勿", "否",
];

/// Whether words are among those that were said, but for a few that were heard wrongly or put right. A correction that takes
/// a "not" out of them, or puts one in, makes them other words.
#[must_use]
pub fn has(said: &str, words: &str) -> bool {
    meant(&Word::all(said), &Word::all(words)).is_some()
}

/// Where in a sound of `rate` samples a second, in which `said` was said, a clause of it is, or the sentence in which the clause
/// is; none where it was not said in it, and where no pause tells it from what was said beside it.
#[must_use]
pub fn clause(sound: &[f32], rate: u32, said: &str, clause: &str) -> Option<Range<usize>> {
    let step = (rate * STEP_MS / 1_000).max(1) as usize;
    let all = Word::all(said);
    let words = meant(&all, &Word::all(clause))?;
    let steps = Voice::of(sound, step).around(&all, words)?;
    Some((steps.start * step).min(sound.len())..(steps.end * step).min(sound.len()))
}

/// What follows a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stop {
    None,
    /// A comma, or the like.
    Clause,
    /// A full stop, or the like.
    Sentence,
}

/// A word: its letters, how many come before it, and what follows it.
#[derive(Debug)]
struct Word {
    text: String,
    before: usize,
    stop: Stop,
}

impl Word {
    /// Signs of which each is a word are taken as such.
    fn all(text: &str) -> Vec<Self> {
        let mut words: Vec<Self> = Vec::new();
        let (mut before, mut open) = (0, false);
        for c in text.chars().filter(|c| !matches!(c, '\'' | '\u{2019}')) {
            let whole = ('\u{3400}'..='\u{9fff}').contains(&c);
            if c.is_alphanumeric() {
                match words.last_mut().filter(|_| open && !whole) {
                    Some(word) => word.text.extend(c.to_lowercase()),
                    None => words.push(Self { text: c.to_lowercase().collect(), before, stop: Stop::None }),
                }
                before += 1;
                open = !whole;
                continue;
            }
            open = false;
            if let Some(word) = words.last_mut() {
                word.stop = word.stop.max(match c {
                    '.' | '!' | '?' | '…' | '。' | '！' | '？' => Stop::Sentence,
                    ',' | ';' | ':' | '—' | '–' | '，' | '；' | '：' | '、' => Stop::Clause,
                    _ => Stop::None,
                });
            }
        }
        words
    }

    fn ends(&self) -> usize {
        self.before + self.text.chars().count()
    }

    fn negates(&self) -> bool {
        NEGATIONS.contains(&self.text.as_str())
    }
}

/// Where among the words those of a clause are; none where of those that were said, and the one at either end, more or fewer
/// negate than of the clause.
fn meant(said: &[Word], clause: &[Word]) -> Option<Range<usize>> {
    let words = place(said, clause)?;
    let goes_on = |end: usize| end > 0 && end < said.len() && said[end - 1].stop == Stop::None;
    let from = words.start - usize::from(goes_on(words.start));
    let to = words.end + usize::from(goes_on(words.end));
    let negations = |words: &[Word]| words.iter().filter(|word| word.negates()).count();
    (negations(&said[from..to]) == negations(clause)).then_some(words)
}

/// Where among the words those of a clause are: by the best local alignment of the two (Smith and Waterman 1981).
fn place(said: &[Word], clause: &[Word]) -> Option<Range<usize>> {
    let (rows, columns) = (clause.len(), said.len());
    // How good it is to have come so far, with how many alike, and where in both it began.
    type Cell = (f32, usize, usize, usize);
    let mut above: Vec<Cell> = (0..=columns).map(|column| (0.0, 0, 0, column)).collect();
    let mut best: (Cell, usize, usize) = ((0.0, 0, 0, 0), 0, 0);
    for row in 1..=rows {
        let mut here: Vec<Cell> = vec![(0.0, 0, row, 0)];
        for column in 1..=columns {
            let alike = clause[row - 1].text == said[column - 1].text;
            let (good, same, from_row, from_column) = above[column - 1];
            let both =
                (good + if alike { 1.0 } else { -0.6 }, same + usize::from(alike), from_row, from_column);
            let less = |(good, same, from_row, from_column): Cell| (good - 0.6, same, from_row, from_column);
            let cells = [both, less(above[column]), less(here[column - 1])];
            let cell = cells
                .into_iter()
                .fold((0.0, 0, row, column), |most, it| if it.0 > most.0 { it } else { most });
            if cell.0 > best.0.0 {
                best = (cell, row, column);
            }
            here.push(cell);
        }
        above = here;
    }
    let ((_, same, from_row, from_column), to_row, to_column) = best;
    // Words at its ends that are other ones lie beside those that are the same.
    let from = from_column.saturating_sub(from_row);
    let to = (to_column + rows - to_row).min(columns);
    (same as f32 >= ALIKE * rows as f32 && same > 0).then_some(from..to)
}

/// A pause: its steps, and how many steps of voice come before it.
#[derive(Debug)]
struct Pause {
    steps: Range<usize>,
    before: f32,
}

/// Where in a sound a voice is.
struct Voice {
    steps: usize,
    /// From the first step of it to the last.
    heard: Range<usize>,
    pauses: Vec<Pause>,
    /// How many steps of it there are without the pauses.
    lasts: f32,
}

impl Voice {
    fn of(sound: &[f32], step: usize) -> Self {
        let loud = loudness(sound, step);
        let (floor, limit) = limits(&loud);
        let fades = |at: &usize| loud[*at] > floor + ABOVE_FLOOR;
        // A word begins softly, and dies away.
        let on = |from: usize, to: usize| (from..to.min(from + FADES)).take_while(fades).count();
        let back =
            |from: usize, to: usize| (from.max(to.saturating_sub(FADES))..to).rev().take_while(fades).count();
        let is_voice = |at: &usize| loud[*at] > limit;
        let first = (0..loud.len()).find(is_voice).unwrap_or(0);
        let last = (0..loud.len()).rfind(is_voice).map_or(loud.len(), |last| last + 1);
        let (mut pauses, mut silent, mut lasts) = (Vec::new(), 0, 0.0);
        for at in first..last {
            if !is_voice(&at) {
                silent += 1;
                continue;
            }
            if silent >= PAUSE {
                let (from, to) = (at - silent, at);
                let from = from + on(from, to);
                pauses.push(Pause { steps: from..to - back(from, to), before: lasts });
            } else {
                lasts += silent as f32;
            }
            (silent, lasts) = (0, lasts + 1.0);
        }
        let heard = first - back(0, first)..last + on(last, loud.len());
        Self { steps: loud.len(), heard, pauses, lasts }
    }

    fn whole(&self) -> Range<usize> {
        self.heard.start.saturating_sub(BEFORE)..(self.heard.end + AFTER).min(self.steps)
    }

    /// The words of a range, or their sentences; none where they are not apart from the others.
    fn around(&self, all: &[Word], words: Range<usize>) -> Option<Range<usize>> {
        let (begins, ends) = (self.begins(all, words.start)?, self.ends(all, words.end)?);
        (begins < ends).then_some(begins..ends)
    }

    /// How many steps of voice come before this word.
    fn at(&self, all: &[Word], word: usize) -> f32 {
        let letters = all.last().map_or(1, Word::ends).max(1) as f32;
        all.get(word).map_or(self.lasts, |word| word.before as f32 / letters * self.lasts)
    }

    /// The step in which a word begins, or the sentence in which it is.
    fn begins(&self, all: &[Word], word: usize) -> Option<usize> {
        let sentence =
            (0..word).rfind(|before| all[*before].stop == Stop::Sentence).map_or(0, |last| last + 1);
        [word, sentence].into_iter().find_map(|word| {
            if word == 0 {
                return Some(self.whole().start);
            }
            let pause = self.pause(self.at(all, word), all[word - 1].stop)?;
            Some(pause.steps.end - BEFORE.min(pause.steps.len() / 2))
        })
    }

    /// The step in which what comes before a word ends, or its sentence does.
    fn ends(&self, all: &[Word], word: usize) -> Option<usize> {
        let sentence =
            (word.max(1)..=all.len()).find(|end| all[end - 1].stop == Stop::Sentence).unwrap_or(all.len());
        [word, sentence].into_iter().find_map(|word| {
            if word == all.len() {
                return Some(self.whole().end);
            }
            let pause = self.pause(self.at(all, word), all[word.checked_sub(1)?].stop)?;
            Some(pause.steps.start + AFTER.min(pause.steps.len() / 2))
        })
    }

    /// The pause that is meant by a stop behind so many steps of voice; none where there is none, or two might be.
    fn pause(&self, at: f32, stop: Stop) -> Option<&Pause> {
        if stop == Stop::None {
            return None;
        }
        let slack = (SLACK * self.lasts).clamp(LEAST_SLACK, MOST_SLACK);
        let mut near: Vec<(f32, &Pause)> = self
            .pauses
            .iter()
            .filter(|pause| (pause.before - at).abs() <= slack)
            .map(|pause| {
                let long = (pause.steps.len() as f32 / LONG).min(1.0);
                ((pause.before - at).abs() / slack - LONG_IS_WORTH * long, pause)
            })
            .collect();
        near.sort_by(|one, other| one.0.total_cmp(&other.0));
        match near[..] {
            [(_, pause)] => Some(pause),
            [(best, pause), (next, _), ..] => (next - best > DOUBT).then_some(pause),
            [] => None,
        }
    }
}

/// Of each step and half of its neighbours, in decibels.
fn loudness(sound: &[f32], step: usize) -> Vec<f32> {
    (0..sound.len() / step)
        .map(|at| {
            let around =
                &sound[(at * step).saturating_sub(step / 2)..(at * step + step * 3 / 2).min(sound.len())];
            let power = around.iter().map(|it| it * it).sum::<f32>() / around.len().max(1) as f32;
            10.0 * power.max(1e-12).log10()
        })
        .collect()
}

/// How loud the quiet steps are, and from which loudness on a step is one of a voice.
fn limits(loud: &[f32]) -> (f32, f32) {
    let mut sorted = loud.to_vec();
    sorted.sort_by(f32::total_cmp);
    let share = |of: usize| sorted.get(sorted.len() * of / 100).copied().unwrap_or_default();
    let (top, quiet) = (share(95), share(8));
    let floor = quiet.max(top - FLOOR);
    (floor, floor + (VOICED * (top - floor)).max(ABOVE_FLOOR))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 16_000;

    /// So many milliseconds of a voice and of silence, in turn.
    fn sound(parts: &[usize]) -> Vec<f32> {
        let mut made = Vec::new();
        for (number, ms) in parts.iter().enumerate() {
            let loud = if number % 2 == 0 { 0.001 } else { 0.3 };
            made.extend((0..ms * 16).map(|at| loud * (at as f32 * 0.4).sin()));
        }
        made
    }

    fn cut_ms(parts: &[usize], said: &str, words: &str) -> (usize, usize) {
        let cut = clause(&sound(parts), RATE, said, words).expect("it is apart from the rest");
        (cut.start / 16, cut.end / 16)
    }

    const SAID: &str = "I'm here. You were tired, and nobody minded. Stay a while.";

    #[test]
    fn a_sentence_between_two_pauses_is_cut_in_them() {
        let parts = [500, 500, 400, 2_300, 500, 700, 500];
        let (from, to) = cut_ms(&parts, SAID, "You were tired, and nobody minded.");
        assert!((1_250..=1_400).contains(&from) && (3_700..=3_950).contains(&to), "{from} to {to}");
        let (from, to) = cut_ms(&parts, SAID, "Stay a while.");
        assert!((4_050..=4_200).contains(&from) && (4_900..=5_150).contains(&to), "{from} to {to}");
        let (from, to) = cut_ms(&parts, SAID, "I'm here.");
        assert!((300..=500).contains(&from) && (1_000..=1_250).contains(&to), "{from} to {to}");
    }

    #[test]
    fn where_no_pause_is_the_whole_sentence_is_taken_and_never_a_part_of_a_word() {
        let parts = [500, 500, 400, 2_300, 500, 700, 500];
        // There is a comma, and no pause at it.
        let (from, to) = cut_ms(&parts, SAID, "and nobody minded.");
        assert!((1_250..=1_400).contains(&from) && (3_700..=3_950).contains(&to), "{from} to {to}");
    }

    #[test]
    fn of_what_was_said_in_one_breath_no_sentence_is_taken_but_all_of_it_is() {
        let breath = sound(&[600, 3_500, 700]);
        assert_eq!(clause(&breath, RATE, SAID, "You were tired, and nobody minded."), None);
        let said = "I was such an idiot. You were tired, nobody minded.";
        assert_eq!(clause(&breath, RATE, said, "You were tired, nobody minded."), None);
        let (from, to) = cut_ms(&[600, 3_500, 700], SAID, SAID);
        assert!((400..=600).contains(&from) && (4_100..=4_400).contains(&to), "{from} to {to}");
    }

    #[test]
    fn of_something_long_in_one_breath_nothing_is_taken_that_lies_between_far_pauses() {
        // Twelve sentences, with a pause behind the third and the ninth only.
        let said = "We walk on slowly here. ".repeat(4)
            + "You were so very tired. "
            + &"We go home again now. ".repeat(7);
        let parts = [500, 4_200, 600, 8_000, 600, 5_000, 500];
        assert_eq!(clause(&sound(&parts), RATE, &said, "You were so very tired."), None);
    }

    #[test]
    fn words_that_were_put_right_by_hand_are_found_and_other_words_are_not() {
        assert!(has("no wander you froze you had slept three hours", "No wonder you froze."));
        assert!(has("我在这里，你很累了。没有人介意。", "没有人介意"));
        assert!(!has("no wander you froze", "Everybody forgets a thing."));
        assert!(!has("", "I'm here") && !has("I'm here", ""));
    }

    #[test]
    fn no_correction_is_contradicted_aloud() {
        for (said, words) in [
            ("You did not fail them on Tuesday.", "You did fail them on Tuesday."),
            ("You failed, they said so.", "You never failed, they said so."),
            ("You can do it again.", "You can't do it again."),
            ("No you did fail them.", "You did fail them."),
            ("你没做错什么。", "你做错什么。"),
        ] {
            assert!(!has(said, words) && !has(words, said), "{said:?} as {words:?}");
        }
        assert!(has("You didn't fail them on Tuesday morning.", "You did not fail them on Tuesday morning."));
        assert!(has("I don't know. You did well.", "You did well."), "another sentence may say no");
    }

    #[test]
    fn silence_and_nothing_are_cut_without_harm() {
        for sound in [vec![], vec![0.0; 10], vec![0.0; 16_000], vec![f32::NAN; 16_000]] {
            assert_eq!(clause(&sound, RATE, SAID, "Stay a while."), None);
        }
    }
}
