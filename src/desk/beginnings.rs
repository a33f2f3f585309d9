//! Beginnings of sentences, where the hall of an exhibition is too loud to be heard in: three of them stand above the line. One
//! that is chosen stands in the line, and is finished there in the visitor's own words.
//!
//! The figures read English. Whoever reads another language sees each beginning in both, and the English one is put into the
//! line.

use bevy::prelude::*;
use bevy_egui::egui;

use super::{Draft, Panel, theme};
use crate::app::Loud;
use crate::dialogue::agent::{Agent, Intensity};
use crate::dialogue::strength::Band;
use crate::dialogue::view::Shelter;
use crate::dialogue::{Phase, View};
use crate::words::Words;

/// So many stand there at once.
const OFFERED: usize = 3;
/// How many there are of each kind.
const EACH: u8 = 3;
/// The language that the figures read.
const READ: &str = "en";
/// In the last so many minutes of a visit it is time for what is to stay.
const LAST_MINUTES: u64 = 3;
/// In a window that is lower than this, in logical pixels, only what is needed is said beside them: the face stays free.
const HIGH: f32 = 700.0;

/// What a beginning is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Near,
    Warm,
    Fact,
    View,
    Ask,
    Step,
    Devil,
    DevilLow,
    Last,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Near => "near",
            Self::Warm => "warm",
            Self::Fact => "fact",
            Self::View => "view",
            Self::Ask => "ask",
            Self::Step => "step",
            Self::Devil => "devil",
            Self::DevilLow => "devil-low",
            Self::Last => "last",
        }
    }
}

/// One of them: its kind, and its number from 1.
type Beginning = (Kind, u8);

fn name(&(kind, number): &Beginning) -> String {
    format!("exhibit-beginning-{}-{number}", kind.name())
}

/// What is offered to a visitor.
#[derive(Default)]
pub(super) struct Beginnings {
    loud: bool,
    /// Those that they have sent with their own words.
    used: Vec<Beginning>,
    /// The one that was put into the line last, and what was put there.
    chosen: Option<(Beginning, String)>,
    /// In which turn they wanted others, and how often.
    others: (u32, usize),
    english: Option<Words>,
}

impl std::fmt::Debug for Beginnings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Beginnings").field("loud", &self.loud).finish_non_exhaustive()
    }
}

/// The host says how loud it is.
pub(super) fn listen(loud: Res<Loud>, mut draft: ResMut<Draft>) {
    if loud.is_changed() {
        draft.beginnings.loud = loud.0;
    }
}

impl Beginnings {
    /// Where it is loud.
    #[cfg(test)]
    pub(super) fn in_a_loud_hall() -> Self {
        Self { loud: true, ..Self::default() }
    }

    /// What is offered above the line, while nothing else stands in it. True when what stands in it has changed.
    pub(super) fn show(
        &mut self,
        ui: &mut egui::Ui,
        panel: &Panel<'_>,
        view: &View,
        text: &mut String,
    ) -> bool {
        if !self.is_wanted(panel, view) {
            return false;
        }
        if self.is_bare(text) {
            return self.go_on(ui, panel, view, text);
        }
        if !text.trim().is_empty() {
            return false;
        }
        let offered = self.offered(view);
        if offered.is_empty() {
            return false;
        }
        let small = theme::is_small(ui.ctx());
        if !small {
            ui.label(panel.word("exhibit-beginnings-title"));
            if ui.ctx().content_rect().height() >= HIGH {
                let about = ["exhibit-beginnings-loud", "exhibit-beginnings-about"].map(|it| panel.word(it));
                theme::faint(ui, about.join(" "));
            }
        }
        let chosen = if small { self.row(ui, panel, &offered) } else { self.rows(ui, panel, &offered) };
        match chosen {
            None => false,
            Some(Choice::Others) => {
                self.turn_over(view);
                false
            }
            Some(Choice::This(beginning)) => {
                *text = self.english(panel.words, &name(&beginning)).replace('…', "").trim().to_owned() + " ";
                self.chosen = Some((beginning, text.clone()));
                true
            }
        }
    }

    /// Whether the line holds a beginning and nothing of theirs yet.
    pub(super) fn is_bare(&self, text: &str) -> bool {
        self.chosen.as_ref().is_some_and(|(_, chosen)| chosen.trim() == text.trim())
    }

    /// What stood in the line is said.
    pub(super) fn said(&mut self, text: &str) {
        if let Some((beginning, chosen)) = self.chosen.take()
            && text.starts_with(chosen.trim())
        {
            self.used.push(beginning);
        }
    }

    /// Whether they are of use now: in an exhibition, in the visitor's turn, and where it is too loud or was at opening.
    fn is_wanted(&self, panel: &Panel<'_>, view: &View) -> bool {
        let Some(exhibition) = &panel.door.exhibition else { return false };
        let turn = view.phase == Phase::Open && view.question.is_none() && view.heard.is_none();
        (self.loud || exhibition.loud)
            && turn
            && matches!(view.shelter, Shelter::Open | Shelter::WithoutDevil)
    }

    /// A beginning stands in the line: they are asked to go on, and can take another one.
    fn go_on(&mut self, ui: &mut egui::Ui, panel: &Panel<'_>, view: &View, text: &mut String) -> bool {
        let other = ui.horizontal(|ui| {
            ui.label(panel.word("exhibit-beginnings-finish"));
            ui.add(theme::quiet_button(panel.word("exhibit-beginnings-other"))).clicked()
        });
        if other.inner {
            self.turn_over(view);
            (self.chosen, *text) = (None, String::new());
        }
        other.inner
    }

    fn turn_over(&mut self, view: &View) {
        let (turn, times) = self.others;
        self.others = (view.turn, if turn == view.turn { times + 1 } else { 1 });
    }

    /// Those that stand there now.
    fn offered(&self, view: &View) -> Vec<Beginning> {
        let mut all = in_order(view);
        all.retain(|beginning| !self.used.contains(beginning));
        let (turn, times) = self.others;
        let from = if turn == view.turn { times * OFFERED } else { 0 };
        let count = all.len();
        all.into_iter().cycle().skip(from % count.max(1)).take(OFFERED.min(count)).collect()
    }

    fn rows(&mut self, ui: &mut egui::Ui, panel: &Panel<'_>, offered: &[Beginning]) -> Option<Choice> {
        let mut chosen = None;
        ui.horizontal_wrapped(|ui| {
            for beginning in offered {
                let button = theme::quiet_button(self.shown(panel.words, beginning));
                if ui.add(button).clicked() {
                    chosen = Some(Choice::This(*beginning));
                }
            }
            if others(ui, panel, theme::BODY) {
                chosen = Some(Choice::Others);
            }
        });
        chosen
    }

    /// Where there is little room: as many as stand beside each other.
    fn row(&mut self, ui: &mut egui::Ui, panel: &Panel<'_>, offered: &[Beginning]) -> Option<Choice> {
        let mut chosen = None;
        let from_right = egui::Layout::right_to_left(egui::Align::Center);
        let size = egui::vec2(ui.available_width(), theme::ROW - theme::NEAR);
        ui.allocate_ui_with_layout(size, from_right, |ui| {
            if others(ui, panel, theme::SMALL) {
                chosen = Some(Choice::Others);
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                for (number, beginning) in offered.iter().enumerate() {
                    let text = egui::RichText::new(self.shown(panel.words, beginning)).size(theme::SMALL);
                    let font = egui::FontId::proportional(theme::SMALL);
                    let galley = ui.painter().layout_no_wrap(text.text().to_owned(), font, theme::TEXT);
                    let wide = galley.size().x + 2.0 * ui.spacing().button_padding.x;
                    if number > 0 && wide > ui.available_width() {
                        break;
                    }
                    if ui.add(egui::Button::new(text).corner_radius(9).truncate()).clicked() {
                        chosen = Some(Choice::This(*beginning));
                    }
                }
            });
        });
        chosen
    }

    /// As the visitor reads it: in their own language, and as it is put into the line.
    fn shown(&mut self, words: &Words, beginning: &Beginning) -> String {
        let (own, read) = (words.get(&name(beginning)), self.english(words, &name(beginning)));
        if words.lang() == READ { read } else { format!("{own}  {read}") }
    }

    fn english(&mut self, words: &Words, name: &str) -> String {
        if words.lang() == READ {
            return words.get(name);
        }
        if self.english.is_none() {
            self.english = Words::load(READ).ok();
        }
        self.english.as_ref().map_or_else(String::new, |english| english.get(name))
    }
}

/// What was pressed.
enum Choice {
    This(Beginning),
    Others,
}

fn others(ui: &mut egui::Ui, panel: &Panel<'_>, size: f32) -> bool {
    let text = egui::RichText::new(panel.word("exhibit-beginnings-other")).size(size);
    ui.add(egui::Button::new(text).corner_radius(9)).clicked()
}

/// All of them, those first that fit best: by whom they speak to, and by how far the visit is.
fn in_order(view: &View) -> Vec<Beginning> {
    use Kind::{Ask, Fact, Last, Near, Step, View, Warm};
    let last = view.minutes_left.is_some_and(|minutes| minutes <= LAST_MINUTES);
    let mut kinds: Vec<Kind> = match view.round {
        _ if last => vec![Last, Step, Warm, Fact, View, Near, Ask],
        0 | 1 => vec![Near, Warm, Ask, Fact, View],
        2 => vec![Warm, Fact, View, Ask, Near, Step],
        // The third round has the technique for speaking to the Devil, and is the last one of a visit.
        _ => vec![Step, View, Last, Fact, Warm, Ask, Near],
    };
    let devil = devil(view);
    if let Some(devil) = devil.filter(|_| view.round > 2 && !last) {
        kinds.insert(OFFERED - 1, devil);
    }
    let each = |kinds: &[Kind]| -> Vec<Beginning> {
        (1..=EACH).flat_map(|number| kinds.iter().map(move |&kind| (kind, number))).collect()
    };
    match devil {
        Some(devil) if devil_spoke_last(view) => {
            kinds.retain(|kind| *kind != devil);
            [each(&[devil]), each(&kinds)].concat()
        }
        // Whoever wants to speak to it finds that behind the others.
        Some(devil) if !kinds.contains(&devil) => [each(&kinds), each(&[devil])].concat(),
        _ => each(&kinds),
    }
}

/// What there is to say to the Devil, where there is one.
fn devil(view: &View) -> Option<Kind> {
    let there = view.intensity != Intensity::Off && !view.safe && view.shelter == Shelter::Open;
    there.then(|| if view.strength.band() == Band::Low { Kind::DevilLow } else { Kind::Devil })
}

/// Whether it is the Devil that waits for an answer.
fn devil_spoke_last(view: &View) -> bool {
    let spoke = view.captions.iter().filter(|it| matches!(it.agent, Agent::Devil | Agent::Patient));
    spoke.max_by_key(|it| it.line).is_some_and(|it| it.agent == Agent::Devil)
}
