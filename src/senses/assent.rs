//! Hums of assent: what one says to show that one listens. They interrupt nobody.

/// Whether words are nothing but assent.
#[must_use]
pub fn is_assent(words: &str) -> bool {
    let lower = words.to_lowercase();
    let mut said =
        lower.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).peekable();
    if said.peek().is_none() {
        return false;
    }
    // More than this and something is said with it.
    said.clone().count() <= MOST && said.all(|word| ASSENTS.binary_search(&word).is_ok())
}

const MOST: usize = 3;
/// In order.
const ASSENTS: [&str; 24] = [
    "ah", "aha", "ahh", "ehm", "er", "hm", "hmm", "hmmm", "huh", "mhm", "mhmm", "mm", "mmhm", "mmhmm", "mmm",
    "oh", "ok", "okay", "right", "sure", "uh", "uhhuh", "um", "yeah",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hum_is_assent_and_words_are_not() {
        for hum in ["Mm-hm.", "mhm", "Yeah.", "Okay, okay.", "Uh-huh", "Oh. Right."] {
            assert!(is_assent(hum), "{hum}");
        }
        for words in ["", "...", "No.", "Yes, you are.", "Okay, I am here.", "Stop.", "Right behind you."] {
            assert!(!is_assent(words), "{words}");
        }
    }
}
