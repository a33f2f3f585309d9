//! Measures at the desk: offered at the door and, to those who answered there, at the goodbye. One question at a time, each
//! to be left out, all of them to be left at any.

use bevy::prelude::*;
use bevy_egui::egui;

use super::{settings, theme};
use crate::dialogue::measures::{Asked, Asking, Measure, Taken, When, offered};
use crate::host::Welcome;
use crate::words::{Words, measures};

/// What is being asked at the desk, and what was answered there.
#[derive(Resource, Debug, Default)]
pub(super) struct Questions {
    standing: Standing,
    /// What was answered at the door; the session takes it once the evening has begun.
    before: Vec<Taken>,
    /// Whether something was answered at the door, and after the evening.
    answered: (bool, bool),
    /// Whether another page has come, so that the keyboard begins above.
    fresh: bool,
}

/// What stands.
#[derive(Debug, Default)]
enum Standing {
    #[default]
    Nothing,
    /// Which measures they want.
    Which(When, Vec<(Measure, bool)>),
    /// A question.
    These(When, Box<Asking>),
}

/// What was done on a page.
enum Deed {
    Begin,
    Answer(u8),
    LeaveOut,
    Back,
    Leave,
}

impl Questions {
    /// Whether a page of theirs stands.
    pub(super) fn stand(&self) -> bool {
        !matches!(self.standing, Standing::Nothing)
    }

    /// Whether something was answered before the evening, and after it.
    pub(super) fn answered(&self) -> (bool, bool) {
        self.answered
    }

    /// What was answered at the door, to be handed in.
    pub(super) fn take_before(&mut self) -> Vec<Taken> {
        std::mem::take(&mut self.before)
    }

    /// Asks which of them they want.
    pub(super) fn open(&mut self, door: &Welcome, when: When) {
        // Somebody who answers once more has most likely the same in mind.
        let was = |measure: &Measure| self.before.iter().any(|taken| taken.measure == measure.instrument);
        let measures = offered(&door.wordings, when);
        let chosen = measures.into_iter().map(|measure| (was(&measure), measure)).map(|(was, it)| (it, was));
        self.standing = Standing::Which(when, chosen.collect());
        self.fresh = true;
    }

    /// Those of all measures, at one of their questions, from 0.
    #[cfg(test)]
    pub(super) fn at(door: &Welcome, when: When, question: usize) -> Self {
        let mut asking = Asking::new(when, offered(&door.wordings, when));
        (0..question).for_each(|_| asking.go_on());
        Self { standing: Standing::These(when, Box::new(asking)), fresh: true, ..Self::default() }
    }

    /// The page that stands. What was answered on it, once it is over. `keeps`: whether it is kept; none where that is not
    /// decided yet.
    pub(super) fn draw(
        &mut self,
        ctx: &egui::Context,
        words: &Words,
        keeps: Option<bool>,
    ) -> Option<(When, Vec<Taken>)> {
        let fresh = std::mem::take(&mut self.fresh);
        let area = egui::Area::new("questions".into()).anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO);
        let mut deed = None;
        area.show(ctx, |ui| match &mut self.standing {
            Standing::Nothing => {}
            // Each page is scrolled by itself.
            Standing::Which(_, measures) => {
                ui.push_id("which", |ui| which(ui, words, measures, (keeps, fresh), &mut deed));
            }
            Standing::These(_, asking) => {
                if let Some(asked) = asking.current() {
                    ui.push_id(asked.number, |ui| question(ui, words, &asked, fresh, &mut deed));
                }
            }
        });
        if ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape)) {
            deed = Some(Deed::Leave);
        }
        self.fresh = deed.is_some();
        self.take(deed?)
    }

    fn take(&mut self, deed: Deed) -> Option<(When, Vec<Taken>)> {
        let when = match &mut self.standing {
            Standing::Nothing => return None,
            Standing::Which(when, measures) => {
                let when = *when;
                let chosen = std::mem::take(measures).into_iter().filter(|(_, chosen)| *chosen);
                let asking = Box::new(Asking::new(when, chosen.map(|(measure, _)| measure)));
                let begins = matches!(deed, Deed::Begin);
                self.standing = if begins { Standing::These(when, asking) } else { Standing::Nothing };
                when
            }
            Standing::These(when, asking) => {
                match deed {
                    // A button stands only for what is an answer.
                    Deed::Answer(value) => asking.answer(Some(value)).unwrap_or_default(),
                    Deed::LeaveOut => asking.answer(None).unwrap_or_default(),
                    Deed::Back => asking.go_back(),
                    Deed::Leave | Deed::Begin => asking.leave(),
                }
                *when
            }
        };
        let Standing::These(_, asking) = &self.standing else { return None };
        if asking.current().is_some() {
            return None;
        }
        let taken = asking.taken();
        self.standing = Standing::Nothing;
        self.note(when, &taken);
        Some((when, taken))
    }

    /// What is answered again takes the place of what was.
    fn note(&mut self, when: When, taken: &[Taken]) {
        match when {
            When::Before => {
                self.before.retain(|old| taken.iter().all(|new| new.measure != old.measure));
                self.before.extend(taken.iter().cloned());
                self.answered.0 |= !taken.is_empty();
            }
            When::After => self.answered.1 |= !taken.is_empty(),
        }
    }
}

/// The page on which one chooses.
fn which(
    ui: &mut egui::Ui,
    words: &Words,
    measures: &mut [(Measure, bool)],
    (keeps, fresh): (Option<bool>, bool),
    deed: &mut Option<Deed>,
) {
    theme::page(ui, theme::COLUMN, |ui, part| match part {
        theme::Part::Head => {
            ui.label(egui::RichText::new(words.get("questions-title")).heading().size(theme::CAPTION));
        }
        theme::Part::Body => {
            ui.label(words.get("questions-about"));
            theme::faint(
                ui,
                words.get(match keeps {
                    Some(true) => "measures-kept",
                    Some(false) => "questions-not-kept",
                    None => "questions-kept-if",
                }),
            );
            ui.add_space(theme::NEAR);
            let mut first = fresh;
            for (measure, chosen) in measures.iter_mut() {
                let name = measures::name(words, measure.instrument);
                let count = measure.items().len().to_string();
                let text = words.with("questions-choice", &[("name", &name), ("count", &count)]);
                let choice = ui.checkbox(chosen, text);
                if std::mem::take(&mut first) {
                    choice.request_focus();
                }
                if !measure.speaks(words.lang()) {
                    theme::faint(ui, words.get("questions-english"));
                }
            }
        }
        theme::Part::Foot => {
            ui.horizontal_wrapped(|ui| {
                let any = measures.iter().any(|(_, chosen)| *chosen);
                let begin = ui.add_enabled_ui(any, |ui| theme::lamp_button(ui, words.get("questions-begin")));
                if begin.inner.clicked() {
                    *deed = Some(Deed::Begin);
                }
                if ui.add(theme::quiet_button(words.get("questions-not-now"))).clicked() {
                    *deed = Some(Deed::Leave);
                }
            });
        }
    });
}

/// A question, and what can be answered.
fn question(ui: &mut egui::Ui, words: &Words, asked: &Asked<'_>, fresh: bool, deed: &mut Option<Deed>) {
    let Some(wording) = asked.wording(words.lang()) else { return };
    theme::page(ui, theme::COLUMN, |ui, part| match part {
        theme::Part::Head => {
            let (number, of) = asked.number;
            let about = [("number", &*number.to_string()), ("of", &of.to_string())];
            theme::faint(ui, words.with("questions-number", &about));
        }
        theme::Part::Body => {
            theme::faint(ui, wording.instruction.clone());
            ui.label(egui::RichText::new(asked.question(words.lang())).size(theme::CAPTION));
            ui.add_space(theme::NEAR);
            answers(ui, words, asked, fresh, deed);
            ui.add_space(theme::NEAR);
            theme::faint(ui, words.with("measures-source", &[("text", &asked.measure.source)]));
            theme::faint(ui, words.with("measures-licence", &[("text", &asked.measure.licence)]));
        }
        theme::Part::Foot => {
            ui.horizontal_wrapped(|ui| {
                let back =
                    ui.add_enabled(asked.number.0 > 1, theme::quiet_button(words.get("questions-back")));
                let out = ui.add(theme::quiet_button(words.get("questions-leave-out")));
                let leave = ui.add(theme::quiet_button(words.get("questions-leave")));
                for (button, what) in [(back, Deed::Back), (out, Deed::LeaveOut), (leave, Deed::Leave)] {
                    if button.clicked() {
                        *deed = Some(what);
                    }
                }
            });
        }
    });
}

/// The answers from the lowest to the highest, with what they are called below. A figure on the keyboard answers, too, where
/// none has two: a 1 would else be told before its 0 is typed, and there a figure only goes to its answer.
fn answers(ui: &mut egui::Ui, words: &Words, asked: &Asked<'_>, fresh: bool, deed: &mut Option<Deed>) {
    let Some(wording) = asked.wording(words.lang()) else { return };
    let range = asked.measure.range();
    let named = |value: u8| {
        let label = wording.label(asked.measure, value)?;
        Some(words.with("measures-label", &[("value", &value.to_string()), ("label", label)]))
    };
    let typed = figure_typed(ui).filter(|value| range.contains(value));
    let is_whole = *range.end() < 10;
    ui.horizontal_wrapped(|ui| {
        for value in range.clone() {
            let button = egui::Button::new(value.to_string())
                .selected(asked.answer == Some(value))
                .corner_radius(9)
                .min_size(egui::vec2(theme::ROW, theme::ROW));
            let button = ui.add(button);
            let goes_there = !is_whole && typed == Some(value);
            if goes_there || (fresh && value == asked.answer.unwrap_or(*range.start())) {
                button.request_focus();
            }
            if button.clicked() {
                *deed = Some(Deed::Answer(value));
            }
            if let Some(name) = named(value) {
                settings::name_it(ui.ctx(), &button, name);
            }
        }
    });
    let named: Vec<String> = range.clone().filter_map(named).collect();
    theme::faint(ui, named.join(&words.get("measures-between")));
    if let Some(value) = typed.filter(|_| is_whole) {
        *deed = Some(Deed::Answer(value));
    }
}

/// A figure that was typed. One key that is held is one figure.
fn figure_typed(ui: &egui::Ui) -> Option<u8> {
    ui.input(|input| {
        let is_held = |event: &egui::Event| matches!(event, egui::Event::Key { repeat: true, .. });
        if input.events.iter().any(is_held) {
            return None;
        }
        input.events.iter().find_map(|event| match event {
            egui::Event::Text(text) => text.parse::<u8>().ok(),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(questions: &mut Questions, deed: Deed) -> Option<(When, Vec<Taken>)> {
        questions.take(deed)
    }

    fn open(when: When) -> Questions {
        let mut questions = Questions::default();
        questions.open(&Welcome::default(), when);
        if let Standing::Which(_, measures) = &mut questions.standing {
            measures[0].1 = true;
        }
        questions
    }

    #[test]
    fn what_is_answered_at_the_door_waits_for_the_evening_and_another_answer_takes_its_place() {
        let mut questions = open(When::Before);
        assert!(at(&mut questions, Deed::Begin).is_none() && questions.stand());
        let (when, taken) = at(&mut questions, Deed::Answer(8)).expect("that was all");
        assert_eq!((when, taken.len(), questions.stand()), (When::Before, 1, false));
        questions.open(&Welcome::default(), When::Before);
        assert!(
            matches!(&questions.standing, Standing::Which(_, measures) if measures[0].1 && !measures[1].1)
        );
        at(&mut questions, Deed::Begin);
        at(&mut questions, Deed::Answer(3));
        let before = questions.take_before();
        assert_eq!(before.len(), 1);
        assert_eq!(before[0].answers.iter().collect::<Vec<_>>(), [("belief", 3)]);
        assert_eq!(questions.answered(), (true, false));
    }

    #[test]
    fn they_can_be_left_at_the_choice_and_at_every_question() {
        let mut questions = open(When::After);
        assert!(at(&mut questions, Deed::Leave).is_none() && !questions.stand());
        let mut questions = open(When::After);
        if let Standing::Which(_, measures) = &mut questions.standing {
            measures.iter_mut().for_each(|(_, chosen)| *chosen = true);
        }
        at(&mut questions, Deed::Begin);
        at(&mut questions, Deed::Answer(4));
        at(&mut questions, Deed::LeaveOut);
        at(&mut questions, Deed::Answer(2));
        at(&mut questions, Deed::Back);
        at(&mut questions, Deed::LeaveOut);
        let (_, taken) = at(&mut questions, Deed::Leave).expect("they left");
        assert_eq!((taken.len(), questions.answered()), (1, (false, true)), "the second was taken back");
        let mut nothing = open(When::Before);
        at(&mut nothing, Deed::Begin);
        assert_eq!(at(&mut nothing, Deed::Leave).expect("they left").1, []);
        assert_eq!(nothing.answered(), (false, false));
    }
}
