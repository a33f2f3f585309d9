//! A text as the crisis check reads it: plain lower-case words, however they were spelt, spaced, hidden or misheard.
//!
//! Punctuation carries nothing here, since recognisers leave it out; a Chinese character is a word of its own.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use crate::dialogue::text;

/// `from<TAB>to`, both lower-case words; longer ones win. What recognisers mishear, people abbreviate and hide.
static SPELLINGS: &str = include_str!("../../../assets/safety/spellings.tsv");

/// Sounds that carry nothing.
const FILLERS: [&str; 18] = [
    "um", "umm", "uh", "uhh", "uhm", "er", "erm", "err", "hm", "hmm", "mm", "mmm", "ah", "eh", "lol", "lmao",
    "嗯", "呃",
];
/// Words that are hidden behind signs or spelled out, and taken for what they are.
const HIDDEN: [&str; 30] = [
    "suicide", "suicidal", "kill", "killing", "killed", "die", "dead", "death", "dying", "cut", "cutting",
    "kms", "kys", "unalive", "hang", "hanging", "overdose", "selfharm", "hurt", "myself", "end", "life",
    "rope", "bleed", "burn", "jump", "drown", "shoot", "gun", "pills",
];

/// Letters of the longest of them.
const LONGEST_HIDDEN: usize = 8;

/// Words, and what they are written out as.
type Spelling = (Vec<String>, Vec<String>);

/// Spellings by their first word, the longest first.
static TABLE: LazyLock<HashMap<String, Vec<Spelling>>> = LazyLock::new(|| {
    let mut table: HashMap<String, Vec<Spelling>> = HashMap::new();
    for line in SPELLINGS.lines().filter(|line| !line.starts_with('#')) {
        let Some((from, to)) = line.split_once('\t') else { continue };
        let split = |side: &str| {
            let mut pieces = Vec::new();
            side.split_whitespace().for_each(|chunk| split_chunk(chunk, &mut pieces));
            pieces
        };
        let (from, to) = (split(from), split(to));
        if let Some(first) = from.first() {
            let row = table.entry(first.clone()).or_default();
            let at = row.partition_point(|(other, _): &Spelling| other.len() >= from.len());
            row.insert(at, (from, to));
        }
    }
    table
});

/// The words of a text.
///
/// ```
/// use inner_room::dialogue::safety::words;
///
/// assert_eq!(words("Um, I'm… NOT s.u.i.c.i.d.a.l"), ["i", "am", "not", "suicidal"]);
/// ```
#[must_use]
pub fn words(raw: &str) -> Vec<String> {
    let clean: String = text::clean(raw).nfkc().flat_map(char::to_lowercase).map(straight).collect();
    let mut pieces = Vec::new();
    for chunk in clean.split_whitespace() {
        split_chunk(chunk, &mut pieces);
    }
    pieces.retain(|piece| !FILLERS.contains(&piece.as_str()));
    let joined = join_spelled(pieces);
    let whole: Vec<String> = joined.into_iter().map(|piece| unhide(&piece)).collect();
    let spelt = respell(&whole);
    without_stutter(spelt.into_iter().filter(|word| !FILLERS.contains(&word.as_str())).collect())
}

/// Quotation marks and letters of other alphabets that look like Latin ones.
fn straight(c: char) -> char {
    match c {
        '’' | '‘' | '`' | '´' => '\'',
        'а' => 'a',
        'е' | 'ё' => 'e',
        'і' | 'ı' => 'i',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'х' => 'x',
        'у' => 'y',
        'ѕ' => 's',
        _ => c,
    }
}

pub(super) fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF)
}

/// Signs that stand for a letter inside a word.
fn is_mask(c: char) -> bool {
    matches!(c, '*' | '@' | '$' | '#' | '!' | '%')
}

/// Cuts what stands between two spaces into words; signs that hide a letter stay inside.
fn split_chunk(chunk: &str, pieces: &mut Vec<String>) {
    let chars: Vec<char> = chunk.chars().collect();
    let mut word = String::new();
    for (at, &c) in chars.iter().enumerate() {
        let letter_follows = chars.get(at + 1).is_some_and(|next| next.is_alphanumeric() || is_mask(*next));
        if is_han(c) {
            take(&mut word, pieces);
            pieces.push(c.to_string());
        } else if c.is_alphanumeric()
            || (is_mask(c) && c != '!' && (letter_follows || !word.is_empty()))
            || (c == '!' && !word.is_empty() && letter_follows)
            || (c == '\'' && !word.is_empty() && letter_follows)
        {
            word.push(c);
        } else {
            take(&mut word, pieces);
        }
    }
    take(&mut word, pieces);
}

fn take(word: &mut String, pieces: &mut Vec<String>) {
    let done = std::mem::take(word);
    let bare = done.trim_end_matches(|c: char| is_mask(c) || c == '\'');
    if !bare.is_empty() {
        pieces.push(bare.to_owned());
    }
}

/// "s u i c i d e", "k-m-s", "d.i.e": single letters in a row that make a word that people hide.
fn join_spelled(pieces: Vec<String>) -> Vec<String> {
    let single = |piece: &String| piece.len() == 1 && piece.bytes().all(|byte| byte.is_ascii_alphabetic());
    let mut out: Vec<String> = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while at < pieces.len() {
        let run = pieces[at..].iter().take(LONGEST_HIDDEN).take_while(|piece| single(piece)).count();
        let mut words = (3..=run).rev().map(|length| pieces[at..at + length].concat());
        match words.find(|word| HIDDEN.contains(&word.as_str())) {
            Some(word) => {
                at += word.len();
                out.push(word);
            }
            None => {
                out.push(pieces[at].clone());
                at += 1;
            }
        }
    }
    out
}

/// Letters behind digits and signs, letters drawn out, and a few words that are misspelt in a hundred ways.
fn unhide(piece: &str) -> String {
    let letters = piece.chars().any(char::is_alphabetic);
    let signs = piece.chars().any(|c| is_mask(c) || c.is_ascii_digit());
    if letters && signs {
        if let Some(word) = HIDDEN.iter().find(|word| matches_hidden(piece, word)) {
            return (*word).to_owned();
        }
        return piece.chars().filter(|c| !is_mask(*c)).collect();
    }
    let short = text::undrawn(piece);
    if short.starts_with("su")
        && short.is_ascii()
        && (5..=10).contains(&short.len())
        && !KNOWN_SU.contains(&short.as_str())
    {
        let near = ["suicide", "suicidal"].map(|word| (distance(&short, word), word));
        if let Some((_, word)) = near.into_iter().min().filter(|(distance, _)| *distance <= 2) {
            return word.to_owned();
        }
    }
    short
}

/// Words near "suicide" that are words of their own.
const KNOWN_SU: [&str; 8] =
    ["subside", "subsided", "suite", "suited", "suitable", "sundial", "surface", "suffice"];

fn matches_hidden(piece: &str, word: &str) -> bool {
    piece.chars().count() == word.chars().count()
        && piece.chars().zip(word.chars()).all(|(hidden, letter)| {
            hidden == letter
                || match hidden {
                    '0' => letter == 'o',
                    '1' | '!' => letter == 'i' || letter == 'l',
                    '3' => letter == 'e',
                    '4' | '@' => letter == 'a',
                    '5' | '$' => letter == 's',
                    '7' => letter == 't',
                    '*' | '#' | '%' => true,
                    _ => false,
                }
        })
        && piece.chars().filter(|c| matches!(c, '*' | '#' | '%')).count() * 2 <= word.len()
        && piece.chars().next() == word.chars().next()
}

/// Edit distance with swaps (Damerau–Levenshtein, restricted), for short words.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

/// Abbreviations, contractions and mishearings written out.
fn respell(pieces: &[String]) -> Vec<String> {
    let mut out = Vec::with_capacity(pieces.len() + 8);
    let mut at = 0;
    while at < pieces.len() {
        // "10 kms" is a distance.
        if pieces[at] == "kms" && at > 0 && pieces[at - 1].bytes().all(|byte| byte.is_ascii_digit()) {
            out.push("kilometres".to_owned());
            at += 1;
            continue;
        }
        let rows = TABLE.get(&pieces[at]).map(Vec::as_slice).unwrap_or_default();
        let found = rows.iter().find(|(from, _)| pieces[at..].starts_with(from));
        if let Some((from, to)) = found {
            out.extend(to.iter().cloned());
            at += from.len();
            continue;
        }
        out.extend(contraction(&pieces[at]));
        at += 1;
    }
    out
}

/// "don't" as "do not", "they'd" as "they would", "mum's" as "mum".
fn contraction(piece: &str) -> Vec<String> {
    let two = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
    if let Some(stem) = piece.strip_suffix("n't") {
        return two(stem, "not");
    }
    for (end, whole) in [("'m", "am"), ("'re", "are"), ("'ve", "have"), ("'ll", "will"), ("'d", "would")] {
        if let Some(stem) = piece.strip_suffix(end) {
            return two(stem, whole);
        }
    }
    if let Some(stem) = piece.strip_suffix("'s") {
        const IS: [&str; 12] = [
            "it",
            "that",
            "there",
            "what",
            "he",
            "she",
            "who",
            "here",
            "where",
            "how",
            "everything",
            "nothing",
        ];
        return if IS.contains(&stem) { two(stem, "is") } else { vec![stem.to_owned()] };
    }
    vec![piece.replace('\'', "")]
}

/// "i i want want to" as "i want to".
fn without_stutter(words: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let han = word.chars().next().is_some_and(is_han);
        if !han && out.last() == Some(&word) && word != "not" {
            continue;
        }
        // "i want i want to"
        let n = out.len();
        if !han
            && n >= 3
            && out[n - 2] == word
            && out[n - 1] == out[n - 3]
            && n >= 4
            && out[n - 4] == out[n - 2]
        {
            continue;
        }
        out.push(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_hidden_word_is_longer_than_is_looked_for() {
        assert!(HIDDEN.iter().all(|word| word.len() <= LONGEST_HIDDEN));
    }

    #[test]
    fn spelling_spacing_hiding_and_mishearing_come_to_the_same_words() {
        let cases = [
            ("I'm suicidal", "i am suicidal"),
            ("im SUICIDAL", "i am suicidal"),
            ("i’m s u i c i d a l", "i am suicidal"),
            ("I am su1c1dal", "i am suicidal"),
            ("i'm sucidal", "i am suicidal"),
            ("I am s*icidal.", "i am suicidal"),
            ("sewer slide", "suicide"),
            ("i wanna kms", "i want to kill myself"),
            ("12 kms today", "12 kilometres today"),
            ("su icidal", "suicidal"),
            ("k.m.s", "kill myself"),
            ("kill my self", "kill myself"),
            ("I, um, I… want to, uh, die", "i want to die"),
            ("diiiie", "die"),
            ("don't", "do not"),
            ("dont", "do not"),
            ("I can't", "i can not"),
            ("subsided", "subsided"),
            ("我想死", "我 想 死"),
            ("自鲨", "自 杀"),
            ("\u{200b}d\u{200b}ie", "die"),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reading_what_was_read_changes_nothing(text in "[a-zA-Z' .,!?*0-9]{0,60}|\\PC{0,30}") {
            let once = words(&text).join(" ");
            let twice = words(&once).join(" ");
            prop_assert_eq!(words(&twice).join(" "), twice);
        }
    }
}
