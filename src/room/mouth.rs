//! Mouths from words alone, until there is a voice: five shapes, named as in VRM, at the pace at which a line is read.

use super::morph::Morph;
use crate::dialogue::mouth::Viseme;

/// Its shape by the name of VRM; none for a mouth that is shut.
#[must_use]
pub fn morph(viseme: Viseme) -> Option<Morph> {
    match viseme {
        Viseme::Closed => None,
        Viseme::Aa => Some(Morph::Aa),
        Viseme::Ih => Some(Morph::Ih),
        Viseme::Ou => Some(Morph::Ou),
        Viseme::Ee => Some(Morph::Ee),
        Viseme::Oh => Some(Morph::Oh),
    }
}

/// Half width and half height of the opening, in half widths of the head.
#[must_use]
pub fn opening(viseme: Viseme) -> (f32, f32) {
    match viseme {
        Viseme::Closed => (0.10, 0.0),
        Viseme::Aa => (0.16, 0.20),
        Viseme::Ih => (0.18, 0.07),
        Viseme::Ou => (0.08, 0.10),
        Viseme::Ee => (0.22, 0.05),
        Viseme::Oh => (0.12, 0.15),
    }
}

/// How long a letter is held, in milliseconds, and how long a line takes to begin: as in the host without sound.
const LETTER: u64 = 60;
const BEGINS: u64 = 600;

/// The shape of the mouth so many milliseconds into a line.
#[must_use]
pub fn viseme(line: &str, at_ms: u64) -> Viseme {
    let Some(letter) = at_ms.checked_sub(BEGINS).map(|ms| (ms / LETTER) as usize) else {
        return Viseme::Closed;
    };
    let mut letters = line.chars().skip(letter);
    let Some(this) = letters.next() else { return Viseme::Closed };
    let next = letters.next().unwrap_or(' ');
    match (this.to_ascii_lowercase(), next.to_ascii_lowercase()) {
        ('o', 'o' | 'u') | ('u' | 'w', _) => Viseme::Ou,
        ('e', 'e' | 'a') | ('s' | 'z' | 't', _) => Viseme::Ee,
        ('a', _) => Viseme::Aa,
        ('o' | 'r', _) => Viseme::Oh,
        ('m' | 'b' | 'p', _) => Viseme::Closed,
        (c, _) if c.is_alphabetic() => Viseme::Ih,
        _ => Viseme::Closed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mouth_moves_with_its_line_and_is_shut_before_and_after() {
        let line = "You came.";
        assert_eq!(viseme(line, 0), Viseme::Closed);
        assert_eq!(viseme(line, 600 + 60 * 6), Viseme::Closed, "m");
        assert_eq!(viseme(line, 600 + 60 * 5), Viseme::Aa);
        assert_eq!(viseme(line, 600 + 60 * 40), Viseme::Closed);
    }
}
