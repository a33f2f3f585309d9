//! The written form of phrase patterns, which the crisis check and the story cast share.
//!
//! A word stands for itself, `afraid~` for every word with that beginning, `<DIE>` for every word of a class, `_` for one
//! word, `*` for a few, `(a b|c|)` for alternatives, `^` for a start and `$` for an end. How long a gap is, what starts
//! and ends, and what classes there are is for whoever matches to say.

/// A piece of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// This word.
    Word(String),
    /// A word of this class.
    Class(String),
    /// A word that begins so.
    Beginning(String),
    /// Any one word.
    One,
    /// A few words, or none.
    Gap,
    /// One of these.
    Choice(Vec<Vec<Self>>),
    /// A start.
    Start,
    /// An end.
    End,
}

/// Reads a phrase; none when brackets do not close or it is empty.
///
/// ```
/// use inner_room::dialogue::phrase::{Element, read};
///
/// assert_eq!(read("no~ *"), Some(vec![Element::Beginning("no".to_owned()), Element::Gap]));
/// assert_eq!(read("(a|b"), None);
/// ```
#[must_use]
pub fn read(text: &str) -> Option<Vec<Element>> {
    let tokens = tokens(text);
    let mut at = 0;
    let elements = sequence(&tokens, &mut at)?;
    (at == tokens.len() && !elements.is_empty()).then_some(elements)
}

/// Words and marks, in order.
fn tokens(text: &str) -> Vec<&str> {
    let is_mark = |c: char| matches!(c, '(' | ')' | '|' | '^' | '$');
    let mut tokens = Vec::new();
    for mut chunk in text.split_whitespace() {
        while let Some(at) = chunk.find(is_mark) {
            tokens.extend((at > 0).then(|| &chunk[..at]));
            tokens.push(&chunk[at..=at]);
            chunk = &chunk[at + 1..];
        }
        tokens.extend((!chunk.is_empty()).then_some(chunk));
    }
    tokens
}

fn sequence(tokens: &[&str], at: &mut usize) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    while let Some(&token) = tokens.get(*at) {
        if matches!(token, ")" | "|") {
            break;
        }
        *at += 1;
        elements.push(if token == "(" { choice(tokens, at)? } else { single(token) });
    }
    Some(elements)
}

fn single(token: &str) -> Element {
    match token {
        "*" => Element::Gap,
        "_" => Element::One,
        "^" => Element::Start,
        "$" => Element::End,
        word => {
            if let Some(class) = word.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
                Element::Class(class.to_owned())
            } else if let Some(beginning) = word.strip_suffix('~') {
                Element::Beginning(beginning.to_owned())
            } else {
                Element::Word(word.to_owned())
            }
        }
    }
}

fn choice(tokens: &[&str], at: &mut usize) -> Option<Element> {
    let mut branches = vec![sequence(tokens, at)?];
    loop {
        let token = *tokens.get(*at)?;
        *at += 1;
        match token {
            "|" => branches.push(sequence(tokens, at)?),
            _ => return Some(Element::Choice(branches)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_phrase_is_refused() {
        for text in ["(a|b", "a)", "", "  "] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
