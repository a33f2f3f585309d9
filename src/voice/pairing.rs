//! Which sounds belong to which written words: "of the" is spoken as one word, and "1984" as five.
//!
//! What is spoken is laid beside what the letters let one expect, so that as little as possible differs (Needleman and Wunsch
//! 1970); a written word ends where its last sound was found.

use super::ipa::{Class, Phone};

/// What it costs where something is spoken that is not written, or the other way round.
const MISSING: f32 = 1.0;
/// What it costs that a vowel stands for a consonant.
const OTHER_KIND: f32 = 2.2;

/// For every written word how many of the spoken sounds are over when it is. `written` are the sounds that its letters let one
/// expect, and `ends` says behind which of the spoken sounds a spoken word ends: where that is nearly so, a written one does.
pub(super) fn ends(written: &[Vec<Phone>], spoken: &[Phone], ends: &[usize], nearly: usize) -> Vec<usize> {
    let expected: Vec<Phone> = written.iter().flatten().copied().collect();
    let over = side_by_side(&expected, spoken);
    let mut found: Vec<usize> = Vec::with_capacity(written.len());
    let mut sounds = 0;
    for word in written {
        sounds += word.len();
        let before = found.last().copied().unwrap_or(0);
        let here = over.get(sounds).copied().unwrap_or(spoken.len()).max(before);
        let near = ends.iter().copied().filter(|&end| end.abs_diff(here) <= nearly && end > before);
        found.push(near.min_by_key(|end| end.abs_diff(here)).unwrap_or(here));
    }
    if let Some(last) = found.last_mut() {
        *last = spoken.len();
    }
    found
}

/// How many of the spoken sounds are over after so many of the expected ones.
fn side_by_side(expected: &[Phone], spoken: &[Phone]) -> Vec<usize> {
    let columns = spoken.len() + 1;
    let mut cost: Vec<f32> = (0..columns).map(|at| at as f32 * MISSING).collect();
    // Whether the cheapest way here came from a sound of each, from an expected one alone, or from a spoken one alone.
    let mut came = vec![Came::Spoken; columns];
    for one in expected {
        let above = cost.clone();
        cost[0] = above[0] + MISSING;
        came.push(Came::Expected);
        for (column, other) in spoken.iter().enumerate() {
            let ways = [
                (above[column] + difference(one.class, other.class), Came::Both),
                (above[column + 1] + MISSING, Came::Expected),
                (cost[column] + MISSING, Came::Spoken),
            ];
            let mut best = ways[0];
            for way in ways {
                if way.0 < best.0 {
                    best = way;
                }
            }
            cost[column + 1] = best.0;
            came.push(best.1);
        }
    }
    let mut over = vec![0; expected.len() + 1];
    let (mut row, mut column) = (expected.len(), spoken.len());
    over[row] = column;
    while row > 0 {
        match came[row * columns + column] {
            Came::Both => (row, column) = (row - 1, column.saturating_sub(1)),
            Came::Expected => row -= 1,
            Came::Spoken => {
                column = column.saturating_sub(1);
                continue;
            }
        }
        over[row] = column;
    }
    over
}

#[derive(Clone, Copy)]
enum Came {
    Both,
    Expected,
    Spoken,
}

/// What it costs that one sound stands for another.
fn difference(one: Class, other: Class) -> f32 {
    let voiceless = |class| match class {
        Class::VoicedStop => Class::Stop,
        Class::VoicedHiss => Class::Hiss,
        Class::VoicedBreath => Class::Breath,
        class => class,
    };
    if one == other {
        0.0
    } else if (one == Class::Vowel) != (other == Class::Vowel) {
        OTHER_KIND
    } else if voiceless(one) == voiceless(other) {
        0.4
    } else {
        1.1
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ipa, letters, text::Text};
    use super::*;

    /// The spoken sounds of each written word, as far as they can be told by how many there are.
    fn paired(written: &str, ipa: &str) -> Vec<usize> {
        let words: Vec<_> = letters::guess(&Text::of(written)).into_iter().flatten().collect();
        let spoken: Vec<_> = ipa::read(ipa).into_iter().flatten().collect();
        let mut at = 0;
        let boundaries: Vec<usize> = spoken
            .iter()
            .map(|word| {
                at += word.len();
                at
            })
            .collect();
        let found = ends(&words, &spoken.concat(), &boundaries, Text::of(written).nearly());
        let before = std::iter::once(0).chain(found.iter().copied());
        before.zip(&found).map(|(from, to)| to - from).collect()
    }

    #[test]
    fn words_that_are_spoken_as_one_are_found_among_others() {
        let found = paired("The ribbon was the expensive part.", "ðə ɹˈɪbən wʌzðɪ ɛkspˈɛnsɪv pˈɑːt");
        assert_eq!(found, [2, 5, 3, 2, 9, 3]);
        let found = paired("They've had one voice all day.", "ðeɪvhˌad wˈɒn vˈɔɪs ˈɔːl dˈeɪ");
        assert_eq!(found, [3, 3, 3, 3, 2, 2]);
        let found = paired("I was going to be a person", "aɪ wɒz ɡˌəʊɪŋ təbi ɐ pˈɜːsən");
        assert_eq!(found, [1, 3, 3, 2, 2, 1, 5]);
    }

    #[test]
    fn a_number_is_spoken_as_several_words() {
        let found = paired("It was 1984 then.", "ɪt wɒz nˈaɪntiːn hˈʌndɹɪd ən ˈeɪti fˈɔː ðˈɛn");
        assert_eq!(found[..2], [2, 3]);
        assert_eq!(found[3], 3);
    }

    #[test]
    fn every_character_of_chinese_is_a_word() {
        assert_eq!(paired("我很抱歉", "wˈoɜ χˈə2n pˈɑu5 tɕhˈiɛ5n"), [2, 3, 2, 5]);
    }

    #[test]
    fn whatever_is_spoken_the_words_end_in_order_and_with_it() {
        for (written, ipa) in
            [("one two three four", "ə"), ("a", "nˈaɪntiːn hˈʌndɹɪd"), ("one two", "ə ə ə ə ə")]
        {
            let spoken = ipa::read(ipa).concat().concat().len();
            assert_eq!(paired(written, ipa).iter().sum::<usize>(), spoken, "{written}");
        }
    }
}
