//! Plain text: cleaning, sentences, and how long a line takes to be read.

use unicode_normalization::UnicodeNormalization as _;

/// The most characters of one utterance that are kept.
pub const LONGEST_UTTERANCE: usize = 2_000;

/// Plain text: canonical composition, no control, direction or invisible characters, single spaces.
#[must_use]
pub fn clean(text: &str) -> String {
    let visible: String = text
        .nfc()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| !c.is_control() && !is_invisible(c))
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Plain text of at most [`LONGEST_UTTERANCE`] characters, cut at a word; and whether it was cut.
#[must_use]
pub fn clean_utterance(text: &str) -> (String, bool) {
    let mut clean = clean(text);
    let Some((cut, _)) = clean.char_indices().nth(LONGEST_UTTERANCE) else {
        return (clean, false);
    };
    let end = clean[..cut].rfind(' ').unwrap_or(cut);
    clean.truncate(end);
    (clean, true)
}

/// Zero-width, direction, tag and variation characters, which carry no sound.
fn is_invisible(c: char) -> bool {
    matches!(
        u32::from(c),
        0x00AD | 0x034F | 0x061C | 0x180E | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF
            | 0xFE00..=0xFE0F | 0xFFF9..=0xFFFB | 0xE0000..=0xE01EF
    )
}

/// The first `chars` characters of a text.
#[must_use]
pub fn first_chars(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(end, _)| &text[..end])
}

/// Cuts a stream of text into sentences as it comes.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sentences {
    rest: String,
}

impl Sentences {
    /// The most text that is held back while no sentence ends, in bytes.
    pub const LONGEST: usize = 4_096;

    /// Adds text and takes every sentence that is now whole.
    pub fn push(&mut self, text: &str) -> Vec<String> {
        self.rest.push_str(text);
        let mut whole = Vec::new();
        while let Some(end) = sentence_end(&self.rest) {
            let tail = self.rest.split_off(end);
            let sentence = std::mem::replace(&mut self.rest, tail);
            let sentence = sentence.trim();
            if !sentence.is_empty() {
                whole.push(sentence.to_owned());
            }
        }
        if self.rest.len() > Self::LONGEST {
            self.rest.clear();
        }
        whole
    }

    /// What is left when the stream is over.
    pub fn finish(&mut self) -> Option<String> {
        let rest = std::mem::take(&mut self.rest);
        let rest = rest.trim();
        (!rest.is_empty()).then(|| rest.to_owned())
    }
}

/// Where the first sentence of `text` ends for certain: after its mark, what closes it, and a space.
pub(crate) fn sentence_end(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    while let Some((_, c)) = chars.next() {
        if !matches!(c, '.' | '?' | '!' | '…' | '。' | '？' | '！' | '\n') {
            continue;
        }
        while chars
            .next_if(|&(_, c)| matches!(c, '.' | '?' | '!' | '…' | '\'' | '"' | '’' | '”' | ')'))
            .is_some()
        {}
        let &(at, next) = chars.peek()?;
        if matches!(c, '。' | '？' | '！' | '\n') {
            return Some(at);
        }
        if next.is_whitespace() {
            if c != '…' {
                return Some(at);
            }
            // "I… filled that bit in" is one sentence: the next letter decides.
            let following = text[at..].chars().find(|c| !c.is_whitespace())?;
            if !following.is_lowercase() {
                return Some(at);
            }
        }
    }
    None
}

/// "sooo" as "so", "diiie" as "die": three or more equal letters are one.
#[must_use]
pub fn undrawn(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let chars: Vec<char> = word.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let run = chars[at..].iter().take_while(|&&c| c == chars[at]).count();
        let keep = if run >= 3 && chars[at].is_alphabetic() { 1 } else { run };
        out.extend(std::iter::repeat_n(chars[at], keep));
        at += run;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sentences_come_out_as_soon_as_they_have_ended() {
        let mut sentences = Sentences::default();
        assert_eq!(sentences.push("No. "), ["No."]);
        assert_eq!(sentences.push("I… "), Vec::<String>::new(), "it may go on");
        assert_eq!(sentences.push("kept it. "), ["I… kept it."]);
        assert_eq!(sentences.push("Yes. That pa"), ["Yes."]);
        assert_eq!(sentences.push("rt.'"), Vec::<String>::new());
        assert_eq!(sentences.push(" I thought"), ["That part.'"]);
        assert_eq!(sentences.finish().as_deref(), Some("I thought"));
    }

    #[test]
    fn an_utterance_is_cut_at_a_word() {
        let (text, cut) = clean_utterance(&"word ".repeat(10_000));
        assert!(cut && text.ends_with("word") && text.chars().count() <= LONGEST_UTTERANCE);
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in "\\PC{0,80}|[\\x00-\\x20a-z\u{200b}\u{202e}é]{0,40}") {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn chunking_does_not_change_the_sentences(words in "[a-z .?…']{0,60}", cut in 0usize..60) {
            let mut whole = Sentences::default();
            let mut expected = whole.push(&words);
            expected.extend(whole.finish());
            let at = words.char_indices().map(|(i, _)| i).take(cut + 1).last().unwrap_or(0);
            let mut parts = Sentences::default();
            let mut found = parts.push(&words[..at]);
            found.extend(parts.push(&words[at..]));
            found.extend(parts.finish());
            prop_assert_eq!(found, expected);
        }
    }
}
