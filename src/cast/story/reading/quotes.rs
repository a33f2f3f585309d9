//! Short exact quotations of the person's words, that stand by themselves.

use harper_brill::UPOS;

use super::Lexicon;
use super::spans::is_name;
use super::tokens::{Token, is_mark, join, spelled};

/// The fewest words of a quotation; fewer are no sentence of anybody's, unless they are all that was said.
const SHORTEST_QUOTE: usize = 3;
/// The most words of a quotation.
const LONGEST_QUOTE: usize = 8;

/// Quotations of a sentence: whole clauses of at most eight words, else a beginning that stands by itself.
pub(super) fn quotes(tokens: &[Token], lexicon: &Lexicon) -> Vec<String> {
    let mut found = Vec::new();
    for clause in clauses(tokens) {
        let lengths = (SHORTEST_QUOTE..=clause.len().min(LONGEST_QUOTE)).rev();
        if let Some(length) = lengths.into_iter().find(|length| stands_alone(clause, *length, lexicon)) {
            found.push(spelled(&join(&clause[..length])));
        }
    }
    found
}

/// Clauses between marks. One that runs into somebody else's words is left out.
fn clauses(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let mut at = 0;
    tokens.split(|token| is_mark(&token.text)).filter(move |clause| {
        let end = at + clause.len();
        at = end + 1;
        !tokens.get(end).is_some_and(|mark| mark.text.contains(['"', '“', '”']))
    })
}

/// Whether the first `length` tokens of a clause can be quoted: what follows begins a new thought, nothing hangs in
/// the air, no name is in it, and nothing that is withheld.
fn stands_alone(clause: &[Token], length: usize, lexicon: &Lexicon) -> bool {
    let Some(last) = clause.get(length - 1) else {
        return false;
    };
    let quoted = &clause[..length];
    if lexicon.hangs(&last.text) || quoted.iter().enumerate().any(|(at, token)| is_name(token, at)) {
        return false;
    }
    if lexicon.withholds(&join(quoted)) || quoted.iter().any(|token| is_filler(&token.text)) {
        return false;
    }
    let Some(next) = clause.get(length) else {
        return true;
    };
    matches!(next.tag, Some(UPOS::CCONJ | UPOS::SCONJ)) && length >= 4
}

/// A sound, or a word that only clears the throat: nobody wants to hear it again.
fn is_filler(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "um" | "uh" | "er" | "erm" | "hm" | "also" | "lol" | "haha" | "idk" | "anyway"
    )
}

/// How well a quotation stands for what was said.
pub(super) fn quote_worth(quote: &str, lexicon: &Lexicon) -> i32 {
    let words: Vec<String> = quote.split_whitespace().map(str::to_lowercase).collect();
    let content = words.iter().filter(|word| !lexicon.hangs(word)).count();
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let begins = words.first().map_or("", String::as_str);
    let mut worth = 2 * i32::try_from(content).unwrap_or(0);
    worth += i32::from(says(&["you", "your", "you're", "you've", "we", "i", "i'm", "it's", "that's"]));
    // What is said of the Patient is worth more than what is said of the world, and a wound is no gift.
    worth += 3 * i32::from(says(&["you", "you're", "you've", "your"]));
    let dark = |word: &String| {
        lexicon.is_dark(word)
            || word.ends_with("n't")
            || matches!(word.as_str(), "never" | "not" | "nobody" | "no")
    };
    worth -= 3 * i32::from(words.iter().any(dark));
    // A piece that begins in the middle of a sentence is worth little, and three words less than five.
    if matches!(
        begins,
        "to" | "of" | "with" | "in" | "on" | "at" | "for" | "by" | "and" | "or" | "than" | "as"
    ) {
        worth -= 5;
    }
    if words.len() < 4 {
        worth -= 2;
    }
    worth
}
