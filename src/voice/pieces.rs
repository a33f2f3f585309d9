//! What of a line is spoken at once.

use std::ops::Range;

use crate::dialogue::text::sentence_end;

/// A sentence shorter than this, in characters, is spoken with the next one: alone it would be barked.
const SHORT: usize = 14;

/// The sentences of a text from a character on, in characters.
#[must_use]
pub(super) fn of(text: &str, from: usize) -> Vec<Range<usize>> {
    let Some((begin, _)) = text.char_indices().nth(from) else { return Vec::new() };
    let (mut rest, mut at, mut since) = (&text[begin..], from, from);
    let mut pieces = Vec::new();
    while let Some(end) = sentence_end(rest) {
        let (sentence, after) = rest.split_at(end);
        (rest, at) = (after, at + sentence.chars().count());
        if at - since >= SHORT && !rest.trim().is_empty() {
            pieces.push(since..at);
            since = at;
        }
    }
    let end = at + rest.chars().count();
    if !text.chars().skip(since).all(char::is_whitespace) {
        pieces.push(since..end);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_spoken_sentence_by_sentence_from_where_it_goes_on() {
        let text = "I kept the lamp on. You came back. No. Not that, please.";
        let words = |from| -> Vec<String> {
            of(text, from)
                .into_iter()
                .map(|piece| text.chars().skip(piece.start).take(piece.len()).collect())
                .collect()
        };
        assert_eq!(words(0), ["I kept the lamp on.", " You came back.", " No. Not that, please."]);
        assert_eq!(
            words(7),
            ["the lamp on. You came back.", " No. Not that, please."].map(str::to_owned)[..].to_vec()
        );
        assert_eq!(words(0).concat(), text);
        assert!(of(text, 400).is_empty() && of("   ", 0).is_empty());
    }
}
