//! Sounds of speech: what each looks like, how loud and bright it is, and about how long it lasts.
//!
//! The lengths are those that `espeak-ng` 1.51 itself gives its English sounds at 175 words a minute, measured over 500
//! sentences; they are only ever compared with each other.

use crate::dialogue::mouth::Viseme;

/// What a sound does to loudness and brightness: as much as is needed to find it in what is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Class {
    /// Nothing is heard.
    Pause,
    Vowel,
    /// w, j, r, l.
    Glide,
    /// m, n, ng.
    Nasal,
    /// p, t, k.
    Stop,
    /// b, d, g.
    VoicedStop,
    /// s, sh.
    Hiss,
    /// z, zh.
    VoicedHiss,
    /// f, th, h.
    Breath,
    /// v, th as in this.
    VoicedBreath,
}

/// One sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Phone {
    pub(super) class: Class,
    /// How long it lasts, compared with others.
    pub(super) ms: f32,
    /// What the mouth does in its first half, and in its second.
    pub(super) visemes: [Viseme; 2],
}

/// The sounds of a word.
pub(super) type Word = Vec<Phone>;
/// The words between two pauses.
pub(super) type Clause = Vec<Word>;

/// Reads what `espeak-ng --ipa` prints: a line for every clause, with spaces between words.
pub(super) fn read(ipa: &str) -> Vec<Clause> {
    let clause = |line: &str| {
        let mut clause: Clause =
            line.split_whitespace().map(read_word).filter(|word: &Word| !word.is_empty()).collect();
        lengthen_end(&mut clause);
        clause
    };
    ipa.lines().map(clause).filter(|clause| !clause.is_empty()).collect()
}

/// The last syllable before a pause takes longer.
pub(super) fn lengthen_end(clause: &mut Clause) {
    for phone in clause.iter_mut().rev().flat_map(|word| word.iter_mut().rev()) {
        if phone.class == Class::Vowel {
            phone.ms *= 1.5;
            return;
        }
        phone.ms *= 1.2;
    }
}

fn read_word(word: &str) -> Word {
    let mut phones: Word = Vec::new();
    let mut stress = 1.0;
    // Whether the next vowel may be the second half of the one before.
    let mut open = false;
    // Another language is announced in brackets.
    let mut aside = false;
    for c in word.chars() {
        match c {
            '(' | ')' => aside = c == '(',
            _ if aside => {}
            'ˈ' | 'ˌ' => {
                stress = if c == 'ˈ' { 1.3 } else { 1.15 };
                open = false;
            }
            'ː' => {
                if let Some(long) = phones.last_mut() {
                    long.ms *= 1.4;
                }
                open = false;
            }
            _ => {
                let Some(phone) = phone(c) else { continue };
                match phones.last_mut() {
                    Some(first) if phone.class == Class::Vowel && open => first.glide_to(c, phone.visemes[1]),
                    Some(stop) if stop.begins_affricate(phone.class) => {
                        stop.ms = 30.0;
                        phones.push(Phone { ms: 45.0, ..phone });
                    }
                    _ if phone.class == Class::Vowel => {
                        phones.push(Phone { ms: phone.ms * stress, ..phone });
                        (open, stress) = (true, 1.0);
                        continue;
                    }
                    _ => phones.push(phone),
                }
                open &= phone.class == Class::Vowel;
            }
        }
    }
    phones
}

impl Phone {
    /// Two vowels that are one sound.
    fn glide_to(&mut self, second: char, end: Viseme) {
        self.ms *= 1.4;
        // As in "go": the first half is already round.
        if matches!(second, 'ʊ') && self.visemes[0] == Viseme::Ih {
            self.visemes[0] = Viseme::Oh;
        }
        self.visemes[1] = end;
    }

    fn begins_affricate(&self, next: Class) -> bool {
        let both = (self.class, next);
        matches!(both, (Class::Stop, Class::Hiss) | (Class::VoicedStop, Class::VoicedHiss))
            && self.visemes[0] == Viseme::Ee
    }
}

/// The sound of a symbol; none for marks of tone, stress and the like.
fn phone(symbol: char) -> Option<Phone> {
    let (class, ms) = match symbol {
        'p' | 't' | 'k' | 'q' | 'c' | 'ʈ' | 'ʔ' => (Class::Stop, 50.0),
        'b' | 'd' | 'ɡ' | 'g' | 'ɟ' | 'ɖ' | 'ɾ' => (Class::VoicedStop, 52.0),
        's' | 'ʃ' | 'ɕ' | 'ʂ' => (Class::Hiss, 80.0),
        'z' | 'ʒ' | 'ʑ' | 'ʐ' => (Class::VoicedHiss, 82.0),
        'f' | 'θ' | 'x' | 'χ' | 'ç' | 'ɸ' => (Class::Breath, 80.0),
        'h' | 'ħ' | 'ʍ' => (Class::Breath, 58.0),
        'v' | 'ð' | 'β' | 'ɣ' | 'ɦ' => (Class::VoicedBreath, 60.0),
        'm' | 'n' | 'ɲ' | 'ɱ' | 'ɳ' => (Class::Nasal, 86.0),
        'ŋ' => (Class::Nasal, 100.0),
        'w' => (Class::Glide, 90.0),
        'j' | 'ɥ' => (Class::Glide, 75.0),
        'ɹ' | 'l' | 'r' | 'ɻ' | 'ɫ' | 'ʎ' | 'ʁ' | 'ʀ' | 'ʋ' => (Class::Glide, 54.0),
        _ if vowel(symbol).is_some() => (Class::Vowel, 70.0),
        _ => return None,
    };
    let viseme = vowel(symbol).unwrap_or(consonant(symbol));
    Some(Phone { class, ms, visemes: [viseme; 2] })
}

fn vowel(symbol: char) -> Option<Viseme> {
    Some(match symbol {
        'a' | 'ɑ' | 'æ' | 'ɐ' | 'ʌ' | 'ɶ' => Viseme::Aa,
        'ɪ' | 'ɨ' | 'ə' | 'ɜ' | 'ɛ' | 'ɘ' | 'ɝ' | 'ᵻ' => Viseme::Ih,
        'i' | 'e' => Viseme::Ee,
        'u' | 'ʊ' | 'y' | 'ʉ' | 'ɯ' | 'ʏ' => Viseme::Ou,
        'o' | 'ɔ' | 'ɒ' | 'ɤ' | 'ø' | 'œ' | 'ɵ' | 'ɚ' => Viseme::Oh,
        _ => return None,
    })
}

fn consonant(symbol: char) -> Viseme {
    match symbol {
        'm' | 'b' | 'p' | 'ɱ' | 'β' | 'ɸ' => Viseme::Closed,
        'w' | 'ʍ' | 'ɥ' | 'ʃ' | 'ʒ' | 'ʂ' | 'ʐ' => Viseme::Ou,
        's' | 'z' | 't' | 'd' | 'j' | 'ɕ' | 'ʑ' => Viseme::Ee,
        'ɹ' | 'r' | 'ɻ' | 'ʁ' | 'ʀ' => Viseme::Oh,
        _ => Viseme::Ih,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visemes(ipa: &str) -> Vec<Viseme> {
        let mut all: Vec<Viseme> =
            read(ipa).into_iter().flatten().flatten().flat_map(|phone| phone.visemes).collect();
        all.dedup();
        all
    }

    #[test]
    fn mouths_take_the_shapes_of_what_is_said() {
        use Viseme::{Aa, Closed, Ee, Ih, Oh, Ou};
        assert_eq!(visemes("mˈɑːmɐ"), [Closed, Aa, Closed, Aa]);
        assert_eq!(visemes("ɡˈəʊ"), [Ih, Oh, Ou]);
        assert_eq!(visemes("sˈiː juː"), [Ee, Ou]);
        assert_eq!(visemes("wˈaɪt"), [Ou, Aa, Ih, Ee]);
    }

    #[test]
    fn lines_are_clauses_and_spaces_part_words() {
        let clauses = read("aɪ sˈɛd ˈʌm\n\nand ðˈɛn\n");
        assert_eq!(clauses.iter().map(Vec::len).collect::<Vec<_>>(), [3, 2]);
        assert_eq!(clauses[0][0].len(), 1, "a diphthong is one sound");
    }

    #[test]
    fn what_is_stressed_or_long_or_last_takes_longer() {
        let ms = |ipa: &str| read(ipa)[0][0][1].ms;
        assert!(ms("tˈɪk tə") > ms("tɪk tə"));
        assert!(ms("tɑːk tə") > ms("tɑk tə"));
        assert!(ms("tɪk") > ms("tɪk tə"));
    }

    #[test]
    fn tones_and_announced_languages_are_no_sounds() {
        assert_eq!(read("(en)hˈaɪ(cmn)")[0][0].len(), 2);
        assert_eq!(read("pˈɑu5 tɕhˈiɛ5n")[0].iter().map(Vec::len).collect::<Vec<_>>(), [2, 5]);
        assert!(read("ˈ 5 _\n").is_empty());
    }

    #[test]
    fn every_symbol_that_espeak_uses_for_english_is_known() {
        for symbol in "aɪəʊɐʌɛɒɔɑɜiueobpdtkɡmnŋfvθðszʃʒhlɹjwæɾʔ".chars() {
            assert!(phone(symbol).is_some(), "{symbol}");
        }
    }
}
