//! Words with their part of speech.

use harper_brill::{Chunker as _, Tagger as _, UPOS, brill_chunker, brill_tagger};

/// A token with its part of speech.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) tag: Option<UPOS>,
    pub(super) in_phrase: bool,
}

/// Whether a token is a mark and no word.
pub(super) fn is_mark(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric)
}

pub(super) fn join(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Sentences as rows of tokens; marks are tokens of their own.
pub(super) fn sentences(text: &str) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    for raw in text.replace(['’', '‘'], "'").split_whitespace() {
        let lead: String = raw.chars().take_while(|c| !c.is_alphanumeric()).collect();
        let body = raw.trim_matches(|c: char| !c.is_alphanumeric());
        let tail = &raw[(lead.len() + body.len()).min(raw.len())..];
        let Some(row) = all.last_mut() else { break };
        if !body.is_empty() {
            if !lead.is_empty() {
                row.push(lead);
            }
            row.push(body.to_owned());
        }
        if !tail.is_empty() {
            row.push(tail.to_owned());
        }
        if tail.contains(['.', '!', '?', '…']) {
            all.push(Vec::new());
        }
    }
    all.retain(|row| !row.is_empty());
    all
}

pub(super) fn tag(words: &[String]) -> Vec<Token> {
    let tags = brill_tagger().tag_sentence(words);
    let phrases = brill_chunker().chunk_sentence(words, &tags);
    words
        .iter()
        .zip(tags)
        .zip(phrases)
        .map(|((text, tag), in_phrase)| Token { text: text.clone(), tag, in_phrase })
        .collect()
}

/// Gives back the apostrophes and capitals that people leave out when they type. Their words stay theirs: to quote a
/// slip would be to point at it.
pub(crate) fn spelled(text: &str) -> String {
    const SPELLED: [(&str, &str); 39] = [
        ("i", "I"),
        ("im", "I'm"),
        ("i'm", "I'm"),
        ("ive", "I've"),
        ("i've", "I've"),
        ("i'll", "I'll"),
        ("i'd", "I'd"),
        ("id", "I'd"),
        ("dont", "don't"),
        ("doesnt", "doesn't"),
        ("didnt", "didn't"),
        ("cant", "can't"),
        ("couldnt", "couldn't"),
        ("wont", "won't"),
        ("wouldnt", "wouldn't"),
        ("shouldnt", "shouldn't"),
        ("isnt", "isn't"),
        ("arent", "aren't"),
        ("wasnt", "wasn't"),
        ("werent", "weren't"),
        ("havent", "haven't"),
        ("hasnt", "hasn't"),
        ("hadnt", "hadn't"),
        ("youre", "you're"),
        ("youve", "you've"),
        ("youll", "you'll"),
        ("theyre", "they're"),
        ("thats", "that's"),
        ("whats", "what's"),
        ("theres", "there's"),
        ("lets", "let's"),
        ("hes", "he's"),
        ("shes", "she's"),
        ("u", "you"),
        ("ur", "your"),
        ("r", "are"),
        ("alot", "a lot"),
        ("gonna", "going to"),
        ("wanna", "want to"),
    ];
    text.split_whitespace()
        .map(|word| {
            let lower = word.to_lowercase();
            SPELLED.iter().find(|(typed, _)| *typed == lower).map_or(word, |(_, right)| right)
        })
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" should of ", " should have ")
        .replace(" could of ", " could have ")
}
