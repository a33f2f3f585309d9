//! Which moves an utterance holds, and whether it is a comfort at all.

use super::classifier::Label;
use super::nature::is_other_language;
use super::pattern::Words;
use super::spans::{SpanKind, Spans};
use super::{Lexicon, Nature, Reading, Signs};
use crate::dialogue::agent::Agent;
use crate::dialogue::moves::{Addressee, Anchor, Move, MoveClass, MoveReading};
use crate::dialogue::request::Context;
use crate::dialogue::resistance::{Resistance, ResistanceKind, ResistanceSignal};
use crate::dialogue::strength::Stage;
use crate::dialogue::technique::Aim;

impl Lexicon {
    /// Reads the last thing the person said.
    pub(crate) fn read(&self, text: &str, context: &Context) -> Reading {
        let words = Words::read(text);
        let spans = Spans::read(text, self);
        let content = self.content_words(text);
        let mut reading = Reading { spans, content, ..Reading::default() };
        if words.len() == 0 {
            // Three dots, or a face made of marks: that is staying, without words.
            reading.nature = Nature::Silence;
            return reading;
        }
        if is_other_language(text, &words) {
            reading.nature = Nature::OtherLanguage;
            return reading;
        }
        let Found { moves: found, addressee, best } = self.found_moves(&words, text, &reading, context);
        reading.addressee = addressee;
        reading.raw = self.raw.iter().any(|pattern| pattern.find(&words).is_some());
        reading.asks = asks(&words, text);
        reading.moves = found
            .into_iter()
            .map(|kind| MoveReading { kind, anchor: self.anchor(&reading, kind, context) })
            .collect();
        let sign = self.nature_by_signs(&words);
        let lead = reading.lead();
        let no_comfort = match sign {
            // Asked what it is, the Patient answers that; it was no comfort.
            Some(Nature::Machine) => matches!(lead, None | Some(Move::OpenQuestion)),
            // One word is no comfort and no scorn.
            Some(Nature::Unclear | Nature::Thanks | Nature::Greeting | Nature::Laughter) => words.len() <= 2,
            _ => false,
        };
        if no_comfort {
            reading.moves.clear();
        }
        if reading.moves.is_empty() {
            reading.nature = self.nature(&words, text, best, &reading, context);
        } else if lead == Some(Move::OpenQuestion) && sign == Some(Nature::AsksPatientBack) {
            reading.nature = Nature::AsksPatientBack;
        }
        reading.resistance = self.resistance(&words, &reading);
        reading
    }

    /// The moves, the likeliest first, at most three; and to whom they are said.
    pub(super) fn found_moves(
        &self,
        words: &Words,
        text: &str,
        reading: &Reading,
        context: &Context,
    ) -> Found {
        let whole = self.beliefs(words, text, context);
        let mut found = likely(&whole, LIKELY);
        // Said in several sentences, several things can be done.
        for sentence in sentences(text) {
            let words = Words::read(sentence);
            if words.len() >= 3 {
                for (kind, belief) in likely(&self.beliefs(&words, sentence, context), SURE) {
                    if !found.iter().any(|(before, _)| *before == kind) {
                        found.push((kind, belief / 2.0));
                    }
                }
            }
        }
        let addressee = self.addressee(words, found.first().map(|(kind, _)| *kind));
        if addressee == Addressee::Devil {
            found.retain(|(kind, _)| !only_to_patient(*kind));
            if found.is_empty() {
                let kind = if text.contains('?') { Move::QuestionToCritic } else { Move::Boundary };
                found.push((kind, 1.0));
            }
        } else {
            found.retain(|(kind, _)| kind.class() != MoveClass::ToDevil);
        }
        if addressee != Addressee::Devil && self.shows_contempt(words) {
            found = vec![(Move::SelfAttack, 1.0)];
        }
        settle_conflicts(&mut found, words, context);
        let in_doubt = whole.iter().all(|(_, belief)| *belief < DOUBT);
        let nothing =
            !whole.iter().any(|(label, belief)| *belief >= LIKELY && !matches!(label, Label::Move(_)));
        if found.is_empty() && (in_doubt || nothing) {
            found.extend(self.fallback_move(words, text, reading).map(|kind| (kind, 1.0)));
        }
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        Found {
            moves: found.into_iter().map(|(kind, _)| kind).take(3).collect(),
            addressee,
            best: whole.first().filter(|(_, belief)| *belief >= LIKELY).map(|(label, _)| *label),
        }
    }

    /// Whether it is said with contempt. A no in front of it makes it kind: "you're not pathetic".
    pub(crate) fn shows_contempt(&self, words: &Words) -> bool {
        const NO: [&str; 8] = ["not", "isnt", "arent", "never", "dont", "no", "wasnt", "without"];
        self.contempt.iter().filter_map(|pattern| pattern.find(words)).any(|(from, to)| {
            let before = from.saturating_sub(2);
            !words.words[before..to].iter().any(|word| NO.contains(&word.as_str()))
                || words.words[from..to].iter().any(|word| word == "no")
        })
    }

    /// How likely each label is: what the examples teach, moved by the phrases that are known.
    fn beliefs(&self, words: &Words, text: &str, context: &Context) -> Vec<(Label, f32)> {
        let to_devil = self.to_devil.iter().any(|pattern| pattern.find(words).is_some());
        let its_round = context.aim == Aim::ToDevil;
        let mut scores = self.classifier.score(words, text.contains('?'));
        for (label, score) in &mut scores {
            let Label::Move(kind) = *label else { continue };
            *score += self.moves.get(&kind).map_or(0.0, |signs| signs.evidence(words));
            *score += match (kind.class(), to_devil) {
                (MoveClass::ToDevil, true) => 2.0,
                (MoveClass::ToDevil, false) if its_round => 0.2,
                (MoveClass::ToDevil, false) => -0.6,
                _ if kind == Move::Arguing && to_devil => 1.5,
                _ => 0.0,
            };
        }
        let sum: f32 = scores.iter().map(|(_, score)| score.exp()).sum();
        for (_, score) in &mut scores {
            *score = score.exp() / sum;
        }
        scores.sort_by(|a, b| b.1.total_cmp(&a.1));
        scores
    }

    fn addressee(&self, words: &Words, lead: Option<Move>) -> Addressee {
        let says = |patterns: &[super::Pattern]| patterns.iter().any(|pattern| pattern.find(words).is_some());
        if says(&self.to_machine) {
            return Addressee::Machine;
        }
        let for_devil = lead.is_some_and(|kind| kind.class() == MoveClass::ToDevil || kind == Move::Arguing);
        if for_devil || (says(&self.to_devil) && lead.is_none_or(|kind| !only_to_patient(kind))) {
            return Addressee::Devil;
        }
        let speaks_of_you =
            words.words.iter().any(|word| word.starts_with("you") || word == "u" || word == "ur");
        if !speaks_of_you && says(&self.self_talk) {
            return Addressee::Oneself;
        }
        Addressee::Patient
    }

    /// What an utterance does when no pattern knows it.
    fn fallback_move(&self, words: &Words, text: &str, reading: &Reading) -> Option<Move> {
        let says = |list: &[&str]| words.words.iter().any(|word| list.contains(&word.as_str()));
        if self.nature_by_signs(words).is_some() {
            return None;
        }
        if text.contains('?') && words.len() > 2 {
            return Some(Move::OpenQuestion);
        }
        if reading.spans.tells_past && says(&["you", "we", "u"]) {
            return Some(Move::Evidence);
        }
        let bright = words.words.iter().filter(|word| self.positive.contains(*word)).count();
        let dark = words.words.iter().filter(|word| self.negative.contains(*word)).count();
        if says(&["you", "your", "youre", "u"]) && dark > bright {
            return Some(Move::Validation);
        }
        if says(&["you", "your", "youre", "youve", "u"]) && bright > 0 {
            return Some(Move::SelfKindness);
        }
        None
    }

    /// What a move stands on: something new, a word that had fallen already, or nothing.
    fn anchor(&self, reading: &Reading, kind: Move, context: &Context) -> Anchor {
        if kind.class() == MoveClass::Anti {
            return Anchor::None;
        }
        let heard: std::collections::BTreeSet<String> = context
            .lines_of(Agent::Patient)
            .rev()
            .take(3)
            .map(|line| line.text.as_str())
            .chain([context.concern.as_str(), context.when.as_str()])
            .flat_map(|text| self.content_words(text))
            .collect();
        let earlier: std::collections::BTreeSet<String> =
            context.said.iter().rev().skip(1).flat_map(|said| self.content_words(&said.text)).collect();
        let is_new = |kind: SpanKind| {
            reading.spans.of_kind(kind).any(|span| {
                let words = self.content_words(span);
                words.iter().any(|word| !earlier.contains(word) && !heard.contains(word))
            })
        };
        let has_number = reading.content.iter().any(|word| word.chars().all(|c| c.is_ascii_digit()));
        let new_fact = kind == Move::Evidence && reading.spans.tells_past && is_new(SpanKind::Thing);
        if is_new(SpanKind::Time) || is_new(SpanKind::Place) || has_number || new_fact {
            Anchor::NewFact
        } else if reading.content.intersection(&heard).next().is_some() {
            Anchor::TheirWord
        } else {
            Anchor::None
        }
    }

    fn resistance(&self, words: &Words, reading: &Reading) -> Option<Resistance> {
        use ResistanceKind as K;
        use ResistanceSignal as S;
        let resistance = |kind, signal| Some(Resistance { kind, signal });
        match reading.lead() {
            Some(Move::Dismissal) => return resistance(K::Behavioral, S::DirectDisagreement),
            // A quarrel with the Devil goes round the Patient.
            Some(Move::Arguing) => return resistance(K::Cognitive, S::Avoidance),
            Some(Move::Agreeing) => return resistance(K::Cognitive, S::DirectDisagreement),
            Some(Move::SelfAttack) => return resistance(K::Cognitive, S::Distress),
            _ => {}
        }
        let kinds = [K::Cognitive, K::Emotional, K::Behavioral];
        for (patterns, kind) in self.resist.iter().zip(kinds) {
            if patterns.iter().any(|pattern| pattern.find(words).is_some()) {
                let signal = match kind {
                    K::Cognitive => S::DirectDisagreement,
                    K::Emotional if words.len() <= 3 => S::Withdrawal,
                    K::Emotional => S::PartialAgreement,
                    K::Behavioral => S::Avoidance,
                };
                return resistance(kind, signal);
            }
        }
        None
    }
}

impl Signs {
    /// How far the known phrases speak for this, as a shift of its log odds.
    pub(super) fn evidence(&self, words: &Words) -> f32 {
        if self.not.iter().any(|pattern| pattern.find(words).is_some()) {
            return -0.8;
        }
        match self.strength(words) {
            0 => 0.0,
            1 => 0.5,
            strong => 0.6 + 0.6 * strong as f32,
        }
    }

    /// 2 for the first strong pattern and 1 for each further, at most 5; 1 for a weak one; 0 when vetoed.
    pub(super) fn strength(&self, words: &Words) -> u32 {
        let found = |patterns: &[super::Pattern]| {
            patterns.iter().filter(|pattern| pattern.find(words).is_some()).count()
        };
        if self.not.iter().any(|pattern| pattern.find(words).is_some()) {
            return 0;
        }
        match found(&self.strong) {
            0 => u32::from(found(&self.weak) > 0),
            strong => 1 + u32::try_from(strong.min(4)).unwrap_or(4),
        }
    }
}

/// What was found in an utterance.
pub(super) struct Found {
    pub(super) moves: Vec<Move>,
    pub(super) addressee: Addressee,
    /// The likeliest label, if it is likely.
    best: Option<Label>,
}

/// A label that is likely enough to count.
const LIKELY: f32 = 0.24;
/// One that a single sentence must be sure of.
const SURE: f32 = 0.55;
/// Below this nothing is known.
const DOUBT: f32 = 0.3;

fn likely(beliefs: &[(Label, f32)], least: f32) -> Vec<(Move, f32)> {
    beliefs
        .iter()
        .filter(|(_, belief)| *belief >= least)
        .filter_map(|(label, belief)| match label {
            Label::Move(kind) => Some((*kind, *belief)),
            Label::OffTopic | Label::SharesOwn => None,
        })
        .collect()
}

/// Sentences of a text that has more than one.
fn sentences(text: &str) -> Vec<&str> {
    let found: Vec<&str> = text
        .split_inclusive(['.', '!', '?', '…', '\n', ';'])
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
        .collect();
    if found.len() > 1 { found } else { Vec::new() }
}

/// What can only be meant for the Patient.
fn only_to_patient(kind: Move) -> bool {
    matches!(
        kind,
        Move::Presence
            | Move::SelfKindness
            | Move::OpenQuestion
            | Move::SmallAct
            | Move::CheerUp
            | Move::AdviceEarly
            | Move::CommonHumanity
            | Move::Repair
            | Move::SelfAttack
    )
}

fn settle_conflicts(found: &mut Vec<(Move, f32)>, words: &Words, context: &Context) {
    let has = |found: &[(Move, f32)], kind: Move| found.iter().any(|(other, _)| *other == kind);
    // Advice comes into its own once the Patient has been heard.
    if has(found, Move::AdviceEarly) && context.stage >= Stage::LookingUp {
        for (kind, _) in found.iter_mut() {
            if *kind == Move::AdviceEarly {
                *kind = Move::SmallAct;
            }
        }
        let mut seen = false;
        found.retain(|(kind, _)| *kind != Move::SmallAct || !std::mem::replace(&mut seen, true));
    }
    let reaches = found.iter().any(|(kind, _)| kind.class() != MoveClass::Anti);
    // A bare no is bare: with a reason beside it, it is the reason that counts.
    if reaches || (words.len() > 12 && found.len() > 1) {
        found.retain(|(kind, _)| *kind != Move::BareDenial);
    }
    if has(found, Move::Repair) {
        found.retain(|(kind, _)| !matches!(kind, Move::SelfAttack | Move::Agreeing | Move::AdviceEarly));
    }
}

fn asks(words: &Words, text: &str) -> Option<&'static str> {
    let asked = text.contains('?');
    let starts = words.starts.iter().enumerate().filter(|(_, start)| **start);
    for (at, _) in starts {
        let Some(word) = words.words.get(at) else {
            continue;
        };
        let found = match word.as_str() {
            "what" | "whats" | "which" => "what",
            "who" | "whos" | "whose" => "who",
            "when" if asked => "when",
            "why" => "why",
            "how" | "hows" => "how",
            "where" | "wheres" => "where",
            "do" | "did" | "does" | "is" | "are" | "was" | "were" | "can" | "could" | "would" | "will"
            | "have" | "has"
                if asked =>
            {
                "yes_no"
            }
            _ => continue,
        };
        return Some(found);
    }
    asked.then_some("yes_no")
}
