//! Which clause of an utterance did the most: what a person will hear of it, when they hear what they said.

use super::pattern::Words;
use super::{Lexicon, Reading};
use crate::dialogue::moves::{Addressee, Move, MoveClass};
use crate::dialogue::request::Context;

/// Shorter than this is no clause, in words, and longer than this is no one breath.
const SHORTEST: usize = 3;
const LONGEST: usize = 26;
/// A sentence with more words than this is taken apart.
const LONG: usize = 20;

/// A piece of an utterance, and what it does to whoever hears it said to them.
#[derive(Clone, Copy, Debug)]
struct Weighed<'a> {
    text: &'a str,
    words: usize,
    /// In units of strength.
    weight: f32,
    /// Whether it can stand beside one that weighs: it hurts nobody, and is said to the Patient.
    goes_along: bool,
}

impl Lexicon {
    /// The clause, word for word: the piece that does the most, with what stands around it as far as that is one breath. None
    /// where nothing in the utterance reaches anybody.
    pub(crate) fn clause(&self, text: &str, context: &Context) -> Option<String> {
        let pieces: Vec<Weighed<'_>> = pieces(text).into_iter().map(|it| self.weighed(it, context)).collect();
        // Of two that weigh the same, the later one: people come to the point.
        let best = pieces.iter().enumerate().max_by(|(_, a), (_, b)| a.weight.total_cmp(&b.weight));
        let (at, _) = best.filter(|(_, piece)| piece.weight >= LEAST)?;
        let (from, to) = with_neighbours(&pieces, at);
        // Pieces stand in the text one after another, with nothing but space between them.
        let mut places = Vec::with_capacity(pieces.len());
        for piece in &pieces {
            let after = places.last().map_or(0, |(_, end)| *end);
            let start = after + text[after..].find(piece.text)?;
            places.push((start, start + piece.text.len()));
        }
        let (start, end) = (places[from].0, places[to].1);
        Some(text[start..end].trim_end_matches([',', ';', ':']).to_owned())
    }

    fn weighed<'a>(&self, text: &'a str, context: &Context) -> Weighed<'a> {
        let words = Words::read(text);
        let found = self.found_moves(&words, text, &Reading::default(), context);
        let says = |list: &[&str]| words.words.iter().any(|word| list.contains(&word.as_str()));
        let hurts = found.moves.iter().any(|kind| kind.class() == MoveClass::Anti);
        // Whoever asks why asks for a defence.
        let reproach = text.contains('?') && says(&["why"]);
        // "At least" makes small what somebody tells.
        let shrinks = text.to_lowercase().contains("at least");
        let bad = hurts || reproach || shrinks || says(&JOKING) || self.shows_contempt(&words);
        let goes_along = !bad && found.addressee == Addressee::Patient;
        let said_to = match found.addressee {
            Addressee::Patient if says(&YOU) => 1.3,
            Addressee::Patient => 1.0,
            // Somebody stands up for one: that is good to hear, and a quarrel is not.
            Addressee::Devil if found.moves.contains(&Move::Boundary) && !text.contains('?') => 0.6,
            _ => 0.0,
        };
        let concrete = if self.content_words(text).len() >= CONCRETE { 1.2 } else { 1.0 };
        // A question was answered long ago, and nobody is given one back.
        let asks = |kind: &Move| matches!(kind, Move::OpenQuestion | Move::QuestionToCritic);
        let bad = bad || found.moves.iter().any(asks);
        let weights = found.moves.iter().map(|kind| heard_weight(*kind, says(&YOU)));
        let is_clause = words.len() <= LONGEST && (words.len() >= SHORTEST || says(&HERE));
        let weight = if bad || !is_clause { 0.0 } else { weights.fold(0.0, f32::max) * said_to * concrete };
        Weighed { text, words: words.len(), weight, goes_along }
    }
}

/// The first and the last of the pieces around the one at `at` that are one breath with it: what follows it first.
fn with_neighbours(pieces: &[Weighed<'_>], at: usize) -> (usize, usize) {
    let (mut from, mut to, mut words) = (at, at, pieces[at].words);
    let fits = |piece: Option<&Weighed<'_>>, words| {
        piece.is_some_and(|it| it.goes_along && words + it.words <= LONGEST)
    };
    loop {
        if fits(pieces.get(to + 1), words) {
            to += 1;
            words += pieces[to].words;
        } else if from > 0 && fits(pieces.get(from - 1), words) {
            from -= 1;
            words += pieces[from].words;
        } else {
            return (from, to);
        }
    }
}

const YOU: [&str; 13] =
    ["you", "your", "youre", "youve", "yours", "yourself", "youll", "youd", "u", "ur", "we", "us", "our"];
/// Short as it is, "I'm here" is whole.
const HERE: [&str; 2] = ["here", "sorry"];
const JOKING: [&str; 9] = ["lol", "haha", "hah", "mate", "kidding", "joke", "joking", "knock", "literally"];
/// So many words that carry something make a clause concrete.
const CONCRETE: usize = 2;
/// What weighs less than this is not worth hearing again.
const LEAST: f32 = 0.06;

/// What a move weighs when one hears it oneself, and whether it names the one who hears it.
fn heard_weight(kind: Move, names_them: bool) -> f32 {
    let share = match (kind, names_them) {
        // What one says of oneself comforts only as company.
        (Move::Presence | Move::CommonHumanity | Move::Boundary, _) | (_, true) => 1.0,
        (Move::Repair | Move::SmallAct, false) => 0.3,
        (_, false) => 0.7,
    };
    kind.weight() * share
}

/// Sentences, and the parts of long ones.
fn pieces(text: &str) -> Vec<&str> {
    let sentences = text.split_inclusive(['.', '!', '?', '\u{2026}', '\n', ';']);
    let mut pieces: Vec<&str> = Vec::new();
    for sentence in sentences.map(str::trim).filter(|sentence| sentence.chars().any(char::is_alphanumeric)) {
        if sentence.split_whitespace().count() <= LONG {
            pieces.push(sentence);
        } else {
            pieces.extend(parts(sentence));
        }
    }
    pieces
}

/// Words before which a long sentence is taken apart.
const JOINTS: [&str; 8] =
    [" but ", " because ", " and ", " so ", " though ", " \u{2013} ", " \u{2014} ", ", "];

/// A long sentence at its joints, as long as both sides are clauses.
fn parts(sentence: &str) -> Vec<&str> {
    let words = |text: &str| text.split_whitespace().count();
    let middle = |at: &usize| at.abs_diff(sentence.len() / 2);
    let joints = JOINTS.iter().flat_map(|joint| {
        let after = if joint.trim() == "," { joint.len() } else { 1 };
        sentence.match_indices(joint).map(move |(at, _)| at + after)
    });
    let fits = |at: &usize| words(&sentence[..*at]) >= 4 && words(&sentence[*at..]) >= 4;
    match joints.filter(fits).min_by_key(middle) {
        Some(at) if words(sentence) > LONG => {
            let (before, after) = sentence.split_at(at);
            [parts(before.trim()), parts(after.trim())].concat()
        }
        _ => vec![sentence],
    }
}

#[cfg(test)]
mod tests {
    use super::{Weighed, pieces, with_neighbours};

    #[test]
    fn around_the_piece_that_weighs_stands_what_is_one_breath_with_it_and_hurts_nobody() {
        let piece = |text, words, weight, goes_along| Weighed { text, words, weight, goes_along };
        let pieces = [
            piece("Ha.", 1, 0.0, false),
            piece("I've done it.", 3, 0.1, true),
            piece("Twice.", 1, 0.0, true),
            piece("Scrubbed the oven.", 3, 0.1, true),
        ];
        assert_eq!(with_neighbours(&pieces, 1), (1, 3));
        let long = [piece("", 20, 0.1, true), piece("", 10, 0.0, true)];
        assert_eq!(with_neighbours(&long, 0), (0, 0), "that would be two breaths");
    }

    #[test]
    fn a_long_sentence_is_taken_apart_at_its_joints_and_a_short_one_is_whole() {
        assert_eq!(pieces("No wonder. You were so tired!"), ["No wonder.", "You were so tired!"]);
        let long = "I know it feels like the end of everything right now but you have got through worse nights than \
                    this and I was there for all of them";
        let taken: Vec<&str> = pieces(long);
        assert!(taken.len() > 1 && taken.iter().all(|piece| piece.split(' ').count() <= 20), "{taken:?}");
        assert_eq!(taken.join(" "), long, "not a word is lost");
    }
}
