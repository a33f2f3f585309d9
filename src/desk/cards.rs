//! What the Guide says by the way, as quiet cards beside its lantern: the hint, which stays while the person looks for words
//! of their own, and the remark after it. They cover neither a face nor the caption.

use std::collections::VecDeque;

use bevy::prelude::*;
use bevy_egui::egui;

use super::theme;
use crate::app::Happened;
use crate::dialogue::agent::Agent;
use crate::dialogue::event::{Kind, Phase};
use crate::dialogue::ids::LineId;
use crate::dialogue::timing::reading_time;
use crate::words::Words;

/// How long a remark stays beyond the time that it takes to read, and how long a card takes to come and to go, in seconds.
const STAYS: f32 = 6.0;
const FADES: f32 = 0.6;
/// In a window that is narrower than this, in logical pixels, there is no room beside the figures: the Guide's lines stand
/// among the captions there.
const NARROWEST: f32 = 1_060.0;
/// How wide a card is, and where it stands below the upper right corner.
const WIDTH: f32 = 290.0;
const CORNER: egui::Vec2 = egui::vec2(-18.0, 78.0);
/// So many of the Guide's lines are remembered until it is told what they were.
const LINES: usize = 8;

/// What a card is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CardOf {
    /// Something to try.
    Hint,
    /// What reached them.
    Feedback,
}

/// A card that stands.
#[derive(Clone, Debug, PartialEq)]
struct Card {
    of: CardOf,
    line: LineId,
    text: String,
    /// Since when, and from when on it goes, in seconds.
    since: Option<f32>,
    goes: Option<f32>,
}

/// The card that stands, if any.
#[derive(Resource, Debug, Default)]
pub(super) struct Cards {
    lines: VecDeque<(LineId, String)>,
    card: Option<Card>,
}

/// Takes up what the Guide says.
pub(super) fn listen(mut happened: MessageReader<Happened>, time: Res<Time>, mut cards: ResMut<Cards>) {
    for Happened(event) in happened.read() {
        cards.take(&event.kind, time.elapsed_secs());
    }
}

impl Cards {
    fn take(&mut self, kind: &Kind, now: f32) {
        match kind {
            Kind::Line { agent: Agent::Guide, line, text, .. } => {
                self.lines.push_back((*line, text.clone()));
                if self.lines.len() > LINES {
                    self.lines.pop_front();
                }
            }
            Kind::Hint { line, .. } => self.put(CardOf::Hint, *line),
            Kind::Feedback { line: Some(line), .. } => self.put(CardOf::Feedback, *line),
            // They have found their words, or the evening has gone on without.
            Kind::Said { .. } | Kind::Silence => self.go(CardOf::Hint, now),
            Kind::Phase { phase: Phase::Closing | Phase::Change | Phase::Safe | Phase::Ended, .. } => {
                self.go(CardOf::Hint, now);
                self.go(CardOf::Feedback, now);
            }
            _ => {}
        }
    }

    fn put(&mut self, of: CardOf, line: LineId) {
        if let Some((_, text)) = self.lines.iter().find(|(said, _)| *said == line) {
            self.card = Some(Card { of, line, text: text.clone(), since: None, goes: None });
        }
    }

    fn go(&mut self, of: CardOf, now: f32) {
        if let Some(card) = self.card.as_mut().filter(|card| card.of == of) {
            // Sooner than by itself.
            card.goes = Some(card.goes.map_or(now, |goes| goes.min(now)));
        }
    }

    /// Whether a line stands on a card, and not among the captions.
    pub(super) fn hold(&self, ctx: &egui::Context, line: LineId) -> bool {
        fits(ctx) && self.card.as_ref().is_some_and(|card| card.line == line)
    }

    /// Whether a line stands on a card that has a panel of its own.
    pub(super) fn hold_apart(&self, line: LineId) -> bool {
        self.card.as_ref().is_some_and(|card| card.line == line)
    }

    /// The card, while it stands.
    pub(super) fn draw(&mut self, ctx: &egui::Context, words: &Words, now: f32) {
        if let Some((of, text, there)) = self.stands(now)
            && fits(ctx)
        {
            show(ctx, words, (of, text), there);
        }
    }

    /// What stands on the card, and how far it is there.
    pub(super) fn stands(&mut self, now: f32) -> Option<(CardOf, &str, f32)> {
        let card = self.card.as_mut()?;
        let since = *card.since.get_or_insert(now);
        if card.of == CardOf::Feedback {
            let read = reading_time(&card.text).0 as f32 / 1_000.0 + STAYS;
            card.goes.get_or_insert(since + read);
        }
        let left = card.goes.map_or(1.0, |goes| 1.0 - (now - goes) / FADES);
        if left <= 0.0 {
            self.card = None;
            return None;
        }
        let there = ((now - since) / FADES).min(left).clamp(0.0, 1.0);
        self.card.as_ref().map(|card| (card.of, card.text.as_str(), there))
    }
}

fn fits(ctx: &egui::Context) -> bool {
    ctx.content_rect().width() >= NARROWEST
}

/// A card, so far there.
pub(super) fn show(ctx: &egui::Context, words: &Words, card: (CardOf, &str), there: f32) {
    egui::Area::new("guide".into()).anchor(egui::Align2::RIGHT_TOP, CORNER).interactable(false).show(
        ctx,
        |ui| {
            ui.set_opacity(there);
            sheet(ui, words, card);
        },
    );
}

/// What stands on it.
pub(super) fn sheet(ui: &mut egui::Ui, words: &Words, (of, text): (CardOf, &str)) {
    let name = words.get(match of {
        CardOf::Hint => "card-hint",
        CardOf::Feedback => "card-feedback",
    });
    theme::caption(ui.style()).show(ui, |ui| {
        ui.set_width(WIDTH);
        let font = egui::FontId::new(theme::SMALL, theme::bold());
        ui.label(egui::RichText::new(name).font(font).color(theme::of(Agent::Guide)));
        ui.label(text);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::agent::Manner;
    use crate::dialogue::event::HintReason;

    fn says(cards: &mut Cards, line: u64, text: &str) {
        let (agent, text, manner) = (Agent::Guide, text.to_owned(), Manner::default());
        let line = LineId(line);
        cards.take(&Kind::Line { agent, line, text, manner, callback: false, distortion: None }, 0.0);
    }

    fn desk() -> egui::Context {
        let ctx = egui::Context::default();
        theme::dress(&ctx, false);
        ctx.begin_pass(egui::RawInput::default());
        ctx.end_pass().textures_delta.clear();
        ctx
    }

    fn hint(line: u64) -> Kind {
        Kind::Hint {
            line: LineId(line),
            aim: crate::dialogue::technique::Aim::Presence,
            because: HintReason::Asked,
        }
    }

    #[test]
    fn a_hint_stays_until_the_person_has_found_their_words() {
        let (mut cards, ctx) = (Cards::default(), desk());
        says(&mut cards, 4, "You could say what you see.");
        cards.take(&hint(4), 0.0);
        let words = Words::load("en").expect("the words are there");
        let at = |cards: &mut Cards, now| {
            ctx.begin_pass(egui::RawInput::default());
            cards.draw(&ctx, &words, now);
            ctx.end_pass().textures_delta.clear();
            cards.card.is_some()
        };
        assert!(at(&mut cards, 1.0) && at(&mut cards, 300.0));
        cards.take(&Kind::Silence, 301.0);
        assert!(at(&mut cards, 301.1));
        assert!(!at(&mut cards, 303.0));
    }

    #[test]
    fn a_remark_goes_by_itself_once_it_can_have_been_read() {
        let (mut cards, ctx) = (Cards::default(), desk());
        says(&mut cards, 9, "You named what they felt.");
        let skills = crate::dialogue::skills::SkillRatings::default();
        cards.take(&Kind::Feedback { line: Some(LineId(9)), skills }, 0.0);
        let words = Words::load("en").expect("the words are there");
        for now in [0.0, 30.0, 31.0] {
            ctx.begin_pass(egui::RawInput::default());
            cards.draw(&ctx, &words, now);
            ctx.end_pass().textures_delta.clear();
        }
        assert!(cards.card.is_none());
    }

    #[test]
    fn what_the_guide_says_besides_is_no_card() {
        let mut cards = Cards::default();
        says(&mut cards, 2, "Take your time.");
        assert!(cards.card.is_none());
        cards.take(&hint(77), 0.0);
        assert!(cards.card.is_none(), "nobody said that line");
    }
}
