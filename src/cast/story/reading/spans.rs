//! The person's own words, ready to be given back: noun phrases by kind, feelings, and short exact quotations.
//!
//! Words come back grammatically or not at all. Only whole noun phrases change sides (*your* report becomes *my*
//! report); nothing is conjugated; what is unsure is left out; names, and words of the withheld list, never come back.

use harper_brill::UPOS;

use super::Lexicon;
use super::quotes::{quote_worth, quotes};
use super::tokens::{Token, is_mark, join, sentences, tag};

/// Which slot a phrase fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SpanKind {
    Thing,
    Role,
    Time,
    Place,
    Feeling,
}

/// A phrase of the person's. `text` is theirs, in lower case but for what is always capital.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) kind: SpanKind,
    pub(crate) text: String,
}

/// Everything in a text that can be given back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spans {
    pub(crate) spans: Vec<Span>,
    /// Exact quotations of three to eight words, the best first.
    pub(crate) quotes: Vec<String>,
    /// Whether it tells of something that happened: "you finished".
    pub(crate) tells_past: bool,
}

/// The most words of a noun phrase, its determiner included.
const LONGEST_PHRASE: usize = 4;

impl Spans {
    pub(crate) fn read(text: &str, lexicon: &Lexicon) -> Self {
        let mut spans = Self::default();
        for sentence in sentences(text) {
            let tokens = tag(&sentence);
            spans.tells_past |= tells_past(&tokens);
            spans.take_phrases(&tokens, lexicon);
            spans.take_feelings(&tokens, lexicon);
            spans.quotes.extend(quotes(&tokens, lexicon));
        }
        spans.take_times(text, lexicon);
        spans.spans.sort_by_key(|span| std::cmp::Reverse(salience(&span.text)));
        spans.quotes.sort_by_key(|quote| std::cmp::Reverse(quote_worth(quote, lexicon)));
        spans
    }

    pub(crate) fn of_kind(&self, kind: SpanKind) -> impl Iterator<Item = &str> {
        self.spans.iter().filter(move |span| span.kind == kind).map(|span| span.text.as_str())
    }

    fn push(&mut self, kind: SpanKind, text: String) {
        if !self.spans.iter().any(|span| span.text == text) {
            self.spans.push(Span { kind, text });
        }
    }

    fn take_times(&mut self, text: &str, lexicon: &Lexicon) {
        let lower = format!(" {} ", super::pattern::Words::read(text).words.join(" "));
        if let Some(phrase) =
            lexicon.time_phrases.iter().find(|phrase| lower.contains(&format!(" {phrase} ")))
        {
            self.spans.retain(|span| span.kind != SpanKind::Time);
            self.push(SpanKind::Time, with_capital_days(phrase));
        }
    }

    fn take_phrases(&mut self, tokens: &[Token], lexicon: &Lexicon) {
        let mut at = 0;
        while at < tokens.len() {
            let length = phrase_length(&tokens[at..]);
            if length == 0 {
                at += 1;
                continue;
            }
            let phrase = &tokens[at..at + length];
            let before = at.checked_sub(1).map(|i| tokens[i].text.to_lowercase());
            if let Some(span) = span_of(phrase, before.as_deref(), lexicon)
                && !is_negated(&tokens[..at])
            {
                self.push(span.kind, span.text);
            }
            at += length;
        }
    }

    fn take_feelings(&mut self, tokens: &[Token], lexicon: &Lexicon) {
        for (at, token) in tokens.iter().enumerate() {
            let word = token.text.to_lowercase();
            let negated = tokens[at.saturating_sub(3)..at].iter().any(|t| {
                matches!(t.text.to_lowercase().as_str(), "not" | "no" | "never" | "don't" | "dont" | "less")
            });
            if lexicon.feelings.contains(&word) && !negated && token.tag != Some(UPOS::NOUN) {
                self.push(SpanKind::Feeling, word);
            }
        }
    }
}

/// How much a phrase is *the* thing that was spoken of: what is somebody's before what is any.
fn salience(phrase: &str) -> u32 {
    let first = phrase.split(' ').next().unwrap_or_default();
    let words = u32::try_from(phrase.split(' ').count().min(3)).unwrap_or(1);
    match first {
        "my" | "your" | "our" => 6 + words,
        "the" | "that" | "this" | "those" | "these" => 3 + words,
        "a" | "an" => 1,
        _ => 0,
    }
}

/// Whether what comes next is said not to be so: "not a talker", "isn't a verdict".
fn is_negated(before: &[Token]) -> bool {
    before.iter().rev().take(2).any(|token| {
        let word = token.text.to_lowercase();
        word.ends_with("n't")
            || matches!(word.as_str(), "not" | "no" | "never" | "isnt" | "arent" | "wasnt" | "without")
    })
}

/// A proper noun that is no day or month, inside of a sentence.
pub(super) fn is_name(token: &Token, at: usize) -> bool {
    let capital = token.text.chars().next().is_some_and(char::is_uppercase);
    let lower = token.text.to_lowercase();
    capital
        && at > 0
        && !matches!(lower.as_str(), "i" | "i'm" | "i've" | "i'd" | "i'll" | "god")
        && !is_day(&lower)
}

fn is_day(word: &str) -> bool {
    const DAYS: [&str; 19] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    DAYS.iter().any(|day| word == *day || word.strip_suffix('s') == Some(*day))
}

fn with_capital_days(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| {
            let lower = word.to_lowercase();
            let mut chars = lower.chars();
            match chars.next() {
                Some(first) if is_day(&lower) && lower != "march" && lower != "may" => {
                    first.to_uppercase().chain(chars).collect()
                }
                _ => lower,
            }
        })
        .collect();
    words.join(" ")
}

fn span_of(phrase: &[Token], before: Option<&str>, lexicon: &Lexicon) -> Option<Span> {
    let head = phrase.last()?.text.to_lowercase();
    let first = phrase.first()?.text.to_lowercase();
    let own = matches!(
        first.as_str(),
        "my" | "your"
            | "the"
            | "a"
            | "an"
            | "that"
            | "this"
            | "those"
            | "these"
            | "our"
            | "his"
            | "her"
            | "their"
    );
    let text = with_capital_days(&join(phrase)).replace(" own ", " ");
    let is = |list: &std::collections::BTreeSet<String>| list.contains(&head);
    if lexicon.empty.contains(&head)
        || lexicon.withholds(&text)
        || matches!(
            first.as_str(),
            "his"
                | "her"
                | "their"
                | "its"
                | "no"
                | "any"
                | "some"
                | "every"
                | "each"
                | "what"
                | "which"
                | "another"
        )
        || phrase.iter().enumerate().any(|(at, token)| is_name(token, at + 1))
    {
        return None;
    }
    let kind = if is(&lexicon.roles) {
        SpanKind::Role
    } else if is(&lexicon.times) {
        SpanKind::Time
    } else if is(&lexicon.places)
        && matches!(before, Some("in" | "at" | "on" | "to" | "into" | "from" | "near" | "by"))
    {
        SpanKind::Place
    } else {
        SpanKind::Thing
    };
    match kind {
        SpanKind::Time => Some(Span { kind, text: without_article(&text) }),
        SpanKind::Role if !own && phrase.len() == 1 => None,
        // A noun without its determiner is any of its kind, and sounds like a keyword when it comes back.
        SpanKind::Thing if !own => None,
        _ => Some(Span { kind, text }),
    }
}

/// "the Thursday" is "Thursday" when it stands alone.
fn without_article(text: &str) -> String {
    match text.strip_prefix("the ") {
        Some(rest) if is_day(&rest.to_lowercase()) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

/// How many tokens from here on are a noun phrase: a determiner, adjectives, nouns.
fn phrase_length(tokens: &[Token]) -> usize {
    let mut length = 0;
    let mut last_noun = 0;
    for token in tokens.iter().take(LONGEST_PHRASE) {
        let lower = token.text.to_lowercase();
        let determiner = length == 0
            && (token.tag == Some(UPOS::DET)
                || matches!(
                    lower.as_str(),
                    "my" | "your" | "our" | "his" | "her" | "their" | "that" | "this"
                ));
        let adjective = token.tag == Some(UPOS::ADJ) && token.in_phrase;
        let noun =
            matches!(token.tag, Some(UPOS::NOUN | UPOS::PROPN)) || (token.tag.is_none() && token.in_phrase);
        if is_mark(&token.text) || !(determiner || adjective || noun) {
            break;
        }
        if token.text.contains('\'') {
            break;
        }
        length += 1;
        if noun {
            last_noun = length;
        }
    }
    // A noun that goes on is no whole phrase: "the meeting we", "my sister stopped" are; "your boss 's" is not.
    if last_noun > 0
        && tokens.get(last_noun).is_some_and(|next| matches!(next.text.as_str(), "'s" | "'" | "’s"))
    {
        return 0;
    }
    if last_noun == LONGEST_PHRASE && tokens.get(LONGEST_PHRASE).is_some_and(|t| t.tag == Some(UPOS::NOUN)) {
        return 0;
    }
    last_noun
}

fn tells_past(tokens: &[Token]) -> bool {
    tokens.windows(2).any(|pair| {
        let subject = pair[0].text.to_lowercase();
        let verb = pair[1].text.to_lowercase();
        matches!(subject.as_str(), "you" | "we" | "i" | "she" | "he" | "they")
            && (matches!(
                verb.as_str(),
                "did"
                    | "went"
                    | "got"
                    | "made"
                    | "came"
                    | "kept"
                    | "told"
                    | "said"
                    | "wrote"
                    | "rang"
                    | "took"
                    | "gave"
                    | "held"
                    | "stood"
                    | "sat"
                    | "found"
                    | "brought"
                    | "taught"
                    | "sent"
                    | "paid"
                    | "built"
                    | "drove"
                    | "cooked"
            ) || (pair[1].tag == Some(UPOS::VERB) && verb.ends_with("ed") && verb != "need"))
    })
}
