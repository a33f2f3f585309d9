//! Which moves an utterance holds, and whether it is a comfort at all.

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
        let mut reading = Reading {
            spans,
            content,
            ..Reading::default()
        };
        if words.len() == 0 {
            reading.nature = if text.trim().is_empty() || text.is_ascii() {
                Nature::Silence
            } else {
                Nature::OtherLanguage
            };
            return reading;
        }
        if is_other_language(text, &words) {
            reading.nature = Nature::OtherLanguage;
            return reading;
        }
        reading.addressee = self.addressee(&words, context);
        let found = self.found_moves(&words, text, &reading, context);
        reading.raw = self
            .raw
            .iter()
            .any(|pattern| pattern.find(&words).is_some());
        reading.asks = asks(&words, text);
        reading.moves = found
            .into_iter()
            .map(|kind| MoveReading {
                kind,
                anchor: self.anchor(&reading, kind, context),
            })
            .collect();
        let sign = self.nature_by_signs(&words);
        let lead = reading.lead();
        let no_comfort = match sign {
            // Asked what it is, the Patient answers that; it was no comfort.
            Some(Nature::Machine) => matches!(lead, None | Some(Move::OpenQuestion)),
            // One word is no comfort and no scorn.
            Some(Nature::Unclear | Nature::Thanks | Nature::Greeting | Nature::Laughter) => {
                words.len() <= 2
            }
            _ => false,
        };
        if no_comfort {
            reading.moves.clear();
        }
        if reading.moves.is_empty() {
            reading.nature = self.nature(&words, text, &reading, context);
        } else if lead == Some(Move::OpenQuestion) && sign == Some(Nature::AsksPatientBack) {
            reading.nature = Nature::AsksPatientBack;
        }
        reading.resistance = self.resistance(&words, &reading);
        reading
    }

    fn addressee(&self, words: &Words, context: &Context) -> Addressee {
        if self
            .to_machine
            .iter()
            .any(|pattern| pattern.find(words).is_some())
        {
            return Addressee::Machine;
        }
        let to_devil = self
            .to_devil
            .iter()
            .filter(|pattern| pattern.find(words).is_some())
            .count();
        // In the round that is for speaking to the Devil, a no and a request are meant for it.
        let its_round = context.aim == Aim::ToDevil
            && self
                .moves
                .get(&Move::Boundary)
                .is_some_and(|signs| signs.strength(words) >= 2);
        if to_devil > 0 || its_round {
            return Addressee::Devil;
        }
        let speaks_of_you = words
            .words
            .iter()
            .any(|word| word.starts_with("you") || word == "u" || word == "ur");
        if !speaks_of_you
            && self
                .self_talk
                .iter()
                .any(|pattern| pattern.find(words).is_some())
        {
            return Addressee::Oneself;
        }
        Addressee::Patient
    }

    /// The moves, the weightiest first; at most three.
    fn found_moves(
        &self,
        words: &Words,
        text: &str,
        reading: &Reading,
        context: &Context,
    ) -> Vec<Move> {
        let mut scored: Vec<(Move, u32)> = self
            .moves
            .iter()
            .map(|(&kind, signs)| (kind, signs.strength(words)))
            .filter(|&(_, strength)| strength > 0)
            .collect();
        if scored.iter().any(|&(_, strength)| strength >= 2) {
            scored.retain(|&(_, strength)| strength >= 2);
        }
        let to_devil = reading.addressee == Addressee::Devil;
        retain_for(&mut scored, to_devil, text);
        self.settle_conflicts(&mut scored, words, context, to_devil);
        if scored.is_empty() {
            scored.extend(
                self.fallback_move(words, text, reading)
                    .map(|kind| (kind, 1)),
            );
        }
        scored.sort_by(|a, b| rank(*b).total_cmp(&rank(*a)));
        scored.into_iter().map(|(kind, _)| kind).take(3).collect()
    }

    fn settle_conflicts(
        &self,
        scored: &mut Vec<(Move, u32)>,
        words: &Words,
        context: &Context,
        to_devil: bool,
    ) {
        let has =
            |scored: &[(Move, u32)], kind: Move| scored.iter().any(|&(found, _)| found == kind);
        // Advice comes into its own once the Patient has been heard.
        if has(scored, Move::AdviceEarly) && context.stage >= Stage::LookingUp {
            drop_move(scored, Move::AdviceEarly);
            if !has(scored, Move::SmallAct) {
                scored.push((Move::SmallAct, 2));
            }
        }
        if has(scored, Move::SmallAct) && has(scored, Move::AdviceEarly) {
            let gentle = ["lets", "maybe", "together", "could", "shall", "we"];
            let is_gentle = words
                .words
                .iter()
                .any(|word| gentle.contains(&word.as_str()));
            drop_move(
                scored,
                if is_gentle {
                    Move::AdviceEarly
                } else {
                    Move::SmallAct
                },
            );
        }
        let reaches = scored
            .iter()
            .any(|&(kind, _)| kind.class() != MoveClass::Anti);
        // A bare no is bare: with a reason beside it, it is the reason that counts.
        if has(scored, Move::BareDenial) && (reaches || words.len() > 12) && scored.len() > 1 {
            drop_move(scored, Move::BareDenial);
        }
        if has(scored, Move::SelfAttack) && has(scored, Move::Agreeing) {
            drop_move(scored, Move::Agreeing);
        }
        if has(scored, Move::Repair) {
            for anti in [Move::SelfAttack, Move::Agreeing, Move::AdviceEarly] {
                drop_move(scored, anti);
            }
        }
        if to_devil && has(scored, Move::Arguing) && has(scored, Move::Boundary) {
            let calm = self
                .moves
                .get(&Move::Arguing)
                .is_some_and(|signs| signs.strength(words) < 4);
            drop_move(scored, if calm { Move::Arguing } else { Move::Boundary });
        }
        for specific in [
            Move::Perspective,
            Move::Decatastrophising,
            Move::QuestionToCritic,
            Move::SmallAct,
        ] {
            if has(scored, specific) {
                drop_move(scored, Move::OpenQuestion);
            }
        }
    }

    /// What an utterance does when no pattern knows it.
    fn fallback_move(&self, words: &Words, text: &str, reading: &Reading) -> Option<Move> {
        let says = |list: &[&str]| words.words.iter().any(|word| list.contains(&word.as_str()));
        if self.nature_by_signs(words).is_some() {
            return None;
        }
        if reading.addressee == Addressee::Devil {
            return Some(if text.contains('?') {
                Move::QuestionToCritic
            } else {
                Move::Boundary
            });
        }
        if text.contains('?') && words.len() > 2 {
            return Some(Move::OpenQuestion);
        }
        if reading.spans.tells_past && says(&["you", "we", "u"]) {
            return Some(Move::Evidence);
        }
        let bright = words
            .words
            .iter()
            .filter(|word| self.positive.contains(*word))
            .count();
        let dark = words
            .words
            .iter()
            .filter(|word| self.negative.contains(*word))
            .count();
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
        let earlier: std::collections::BTreeSet<String> = context
            .said
            .iter()
            .rev()
            .skip(1)
            .flat_map(|said| self.content_words(&said.text))
            .collect();
        let is_new = |kind: SpanKind| {
            reading.spans.of_kind(kind).any(|span| {
                let words = self.content_words(span);
                words
                    .iter()
                    .any(|word| !earlier.contains(word) && !heard.contains(word))
            })
        };
        let has_number = reading
            .content
            .iter()
            .any(|word| word.chars().all(|c| c.is_ascii_digit()));
        let new_fact =
            kind == Move::Evidence && reading.spans.tells_past && is_new(SpanKind::Thing);
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
            Some(Move::Agreeing | Move::Arguing) => {
                return resistance(K::Cognitive, S::DirectDisagreement);
            }
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
    /// 2 for the first strong pattern and 1 for each further, at most 5; 1 for a weak one; 0 when vetoed.
    pub(super) fn strength(&self, words: &Words) -> u32 {
        let found = |patterns: &[super::Pattern]| {
            patterns
                .iter()
                .filter(|pattern| pattern.find(words).is_some())
                .count()
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

/// What is said to the Devil is no comfort of the Patient, and the other way round.
fn retain_for(scored: &mut Vec<(Move, u32)>, to_devil: bool, text: &str) {
    if to_devil {
        scored.retain(|(kind, _)| {
            matches!(
                kind,
                Move::Boundary
                    | Move::QuestionToCritic
                    | Move::Arguing
                    | Move::Agreeing
                    | Move::Dismissal
                    | Move::Evidence
                    | Move::Validation
                    | Move::Repair
            )
        });
        if text.contains('?')
            && !scored
                .iter()
                .any(|(kind, _)| matches!(kind, Move::QuestionToCritic | Move::Arguing))
        {
            scored.push((Move::QuestionToCritic, 2));
        }
    } else {
        scored.retain(|(kind, _)| !matches!(kind, Move::Boundary | Move::QuestionToCritic));
    }
}

fn drop_move(scored: &mut Vec<(Move, u32)>, kind: Move) {
    scored.retain(|&(found, _)| found != kind);
}

/// The more patterns know a move, and the more it weighs, the more it leads. Cruelty and scorn are not talked over.
fn rank((kind, strength): (Move, u32)) -> f32 {
    let weight = match kind {
        Move::SelfAttack | Move::Dismissal => 0.12,
        Move::Agreeing | Move::Arguing => 0.10,
        Move::AdviceEarly | Move::CheerUp => 0.07,
        Move::BareDenial => 0.05,
        _ => kind.weight(),
    };
    strength as f32 * 0.05 + weight
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
            "do" | "did" | "does" | "is" | "are" | "was" | "were" | "can" | "could" | "would"
            | "will" | "have" | "has"
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
