//! Sounds guessed from how words are written, where nobody says how they are spoken: good enough to find words in what is
//! heard, and for a mouth.

use super::ipa::{self, Clause, Word};
use super::text::{Text, is_ideograph};

/// Two letters that are one sound, as in English; what matters is only what they are loud and bright like.
const PAIRS: [(&str, &str); 18] = [
    ("th", "ð"),
    ("sh", "ʃ"),
    ("ch", "tʃ"),
    ("ph", "f"),
    ("gh", ""),
    ("ck", "k"),
    ("ng", "ŋ"),
    ("wh", "w"),
    ("qu", "kw"),
    ("kn", "n"),
    ("wr", "ɹ"),
    ("oo", "uː"),
    ("ee", "iː"),
    ("ea", "iː"),
    ("ou", "aʊ"),
    ("ow", "əʊ"),
    ("ai", "eɪ"),
    ("ay", "eɪ"),
];

/// Guesses the sounds of a sentence, clause by clause; every word of it is one word there.
pub(super) fn guess(text: &Text) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    let mut clause = Clause::new();
    for (at, word) in text.words.iter().enumerate() {
        clause.push(sounds(&word.text));
        if word.pause || at + 1 == text.words.len() {
            let mut over = std::mem::take(&mut clause);
            ipa::lengthen_end(&mut over);
            clauses.push(over);
        }
    }
    clauses
}

/// The sounds of one word; at least one.
fn sounds(word: &str) -> Word {
    let letters: Vec<char> = word.to_lowercase().chars().collect();
    let mut symbols = String::new();
    let (mut at, mut vowel_before) = (0, false);
    while let Some(&letter) = letters.get(at) {
        let pair = letters.get(at + 1).and_then(|&next| {
            PAIRS.iter().find(|(pair, _)| pair.chars().eq([letter, next])).map(|(_, sounds)| *sounds)
        });
        let double = at > 0 && letters[at - 1] == letter;
        // There is a syllable already.
        let silent = letter == 'e' && at + 1 == letters.len() && vowel_before;
        match pair {
            Some(sounds) => {
                symbols.push_str(sounds);
                at += 1;
            }
            None if double || silent => {}
            None => symbols.push_str(&sound(letter)),
        }
        vowel_before |= "aeiouy".contains(letter);
        at += 1;
    }
    let found = ipa::read(&symbols).into_iter().flatten().next();
    // Whatever it is, it is a syllable.
    found.unwrap_or_else(|| ipa::read("nə").into_iter().flatten().next().unwrap_or_default())
}

fn sound(letter: char) -> String {
    if is_ideograph(letter) {
        // A syllable: a consonant, and a vowel that is at least not always the same.
        let vowels = ['a', 'i', 'u', 'ɤ', 'o'];
        return format!("l{}ː", vowels[letter as usize % vowels.len()]);
    }
    let sounds = match letter {
        'a' | 'à' | 'á' | 'â' | 'ä' => "a",
        'c' => "k",
        'e' | 'è' | 'é' | 'ê' | 'ë' => "ɛ",
        'i' | 'í' | 'î' | 'ï' => "ɪ",
        'o' | 'ò' | 'ó' | 'ô' | 'ö' => "ɒ",
        'r' => "ɹ",
        'u' | 'ù' | 'ú' | 'û' | 'ü' => "ʌ",
        'x' => "ks",
        'y' => "i",
        'ß' => "s",
        '0'..='9' => "sɛvən",
        '\'' => "",
        'a'..='z' => return letter.to_string(),
        _ => "nə",
    };
    sounds.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_sounds_and_clauses_end_where_pauses_are() {
        for (sentence, clauses) in [
            ("I'm here, take your time.", vec![2, 3]),
            ("The phone's in the drawer", vec![5]),
            ("我累了。我在这里。", vec![3, 4]),
            ("Ёлка 7 ghgh", vec![3]),
        ] {
            let guessed = guess(&Text::of(sentence));
            assert_eq!(guessed.iter().map(Vec::len).collect::<Vec<_>>(), clauses, "{sentence}");
            assert!(guessed.iter().flatten().all(|word| !word.is_empty()), "{sentence}");
        }
        assert!(guess(&Text::of("…")).is_empty());
    }

    #[test]
    fn longer_words_take_longer() {
        let long = |sentence: &str| {
            guess(&Text::of(sentence)).iter().flatten().flatten().map(|phone| phone.ms).sum::<f32>()
        };
        assert!(long("conversation") > 1.8 * long("talk"));
        assert!(long("1984") > long("home"));
    }
}
