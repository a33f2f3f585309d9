//! How long somebody is waited for who has stopped speaking: longer where a thought is still open than where a sentence is
//! finished, and longer again where it hurts.

/// How long a silence has to be before an utterance is over, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Patience(pub u32);

impl Patience {
    /// Where nothing is known of the words yet: long enough for a breath in mid-sentence.
    pub const UNKNOWN: Self = Self(1_200);
    const FINISHED: Self = Self(600);
    const OPEN: Self = Self(1_600);
    /// Whoever looks for words about something raw gets more of it.
    const RAW_MS: u32 = 700;

    /// By the words so far. `raw`: they are about something that hurts.
    #[must_use]
    pub fn after(words: &str, raw: bool) -> Self {
        let words = words.trim_end();
        let by_words = match words.chars().next_back() {
            Some('.' | '!' | '?' | '\u{3002}' | '\u{ff01}' | '\u{ff1f}') if !words.ends_with("...") => {
                Self::FINISHED
            }
            Some(',' | '\u{2026}' | '.' | '-' | '\u{2013}' | ':') => Self::OPEN,
            Some(_) if ends_open(words) => Self::OPEN,
            Some(_) | None => Self::UNKNOWN,
        };
        Self(by_words.0 + if raw { Self::RAW_MS } else { 0 })
    }
}

/// Words after which more is to come.
const OPEN_ENDS: [&str; 34] = [
    "a", "about", "and", "as", "at", "because", "but", "cause", "for", "from", "i", "if", "in", "is", "it's",
    "like", "maybe", "my", "of", "or", "so", "than", "that", "the", "then", "to", "uh", "um", "was", "when",
    "which", "who", "with", "you",
];

fn ends_open(words: &str) -> bool {
    let last = words.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    OPEN_ENDS.binary_search(&last.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_is_short_after_a_sentence_long_in_mid_thought_and_longer_where_it_hurts() {
        let of = |words, raw| Patience::after(words, raw).0;
        assert!(of("That was it.", false) < of("That was it", false));
        for open in ["I went in and", "it was like", "well,", "I thought...", "um", "because I\u{2026}"] {
            assert!(of(open, false) > of("I went there", false), "{open}");
        }
        assert!(of("That was it.", true) > of("That was it.", false));
        assert!(OPEN_ENDS.is_sorted());
    }
}
