//! Mouths from words alone, until there is a voice: five shapes, named as in VRM, at the pace at which a line is read.

use super::morph::Morph;

/// The shapes a mouth takes; `Closed` is m, b, p and rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Viseme {
    /// m, b, p, and silence.
    #[default]
    Closed,
    /// a as in father.
    Aa,
    /// i as in sit, and most consonants.
    Ih,
    /// ou as in you; w.
    Ou,
    /// ee as in see; s, z, t.
    Ee,
    /// oh as in go; r.
    Oh,
}

impl Viseme {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Closed, Self::Aa, Self::Ih, Self::Ou, Self::Ee, Self::Oh];

    /// Its shape by the name of VRM; none for a mouth that is shut.
    #[must_use]
    pub fn morph(self) -> Option<Morph> {
        match self {
            Self::Closed => None,
            Self::Aa => Some(Morph::Aa),
            Self::Ih => Some(Morph::Ih),
            Self::Ou => Some(Morph::Ou),
            Self::Ee => Some(Morph::Ee),
            Self::Oh => Some(Morph::Oh),
        }
    }

    /// Half width and half height of the opening, in half widths of the head.
    #[must_use]
    pub fn opening(self) -> (f32, f32) {
        match self {
            Self::Closed => (0.10, 0.0),
            Self::Aa => (0.16, 0.20),
            Self::Ih => (0.18, 0.07),
            Self::Ou => (0.08, 0.10),
            Self::Ee => (0.22, 0.05),
            Self::Oh => (0.12, 0.15),
        }
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
