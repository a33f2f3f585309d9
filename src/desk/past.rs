//! A person's own answers over time: what they answered before and after each evening, as marks and as a table. No word and
//! no colour says what is good.

use bevy::prelude::*;
use bevy_egui::egui;
use egui_plot::{GridMark, MarkerShape, Plot, PlotPoints, Points};

use super::theme;
use crate::dialogue::measures::{Instrument, Measure, Row, When};
use crate::host::Past;
use crate::words::{Words, measures};

/// The page, and what was told for it.
#[derive(Resource, Debug, Default)]
pub(super) struct OverTime {
    pub(super) stands: bool,
    /// Which scale of an instrument is drawn, where there are several.
    scales: Vec<(Instrument, String)>,
}

/// How high a drawing is, in logical pixels, where there is room for it.
const HIGH: f32 = 220.0;
/// How large a mark is, and how far before and after stand from the middle of their evening.
const MARK: f32 = 6.0;
const BESIDE: f64 = 0.12;
/// So many dates at most stand below a drawing.
const MOST_DATES: usize = 6;

impl OverTime {
    /// The page. It goes with Escape, too.
    pub(super) fn draw(&mut self, ctx: &egui::Context, words: &Words, past: Option<&Past>) {
        let middle = egui::Area::new("past".into()).order(egui::Order::Foreground);
        let mut leaves = ctx.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape));
        middle.anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO).show(ctx, |ui| {
            theme::page(ui, theme::COLUMN, |ui, part| match part {
                theme::Part::Head => {
                    let size = theme::CAPTION;
                    ui.label(egui::RichText::new(words.get("past-title")).heading().size(size));
                }
                theme::Part::Body => self.body(ui, words, past),
                theme::Part::Foot => {
                    let done = ui.horizontal(|ui| theme::lamp_button(ui, words.get("settings-close"))).inner;
                    if ui.memory(|memory| memory.focused().is_none()) {
                        done.request_focus();
                    }
                    leaves |= done.clicked();
                }
            });
        });
        self.stands = !leaves;
    }

    fn body(&mut self, ui: &mut egui::Ui, words: &Words, past: Option<&Past>) {
        match past {
            None => theme::faint(ui, words.get("past-wait")),
            Some(Past::Unreadable(why)) => theme::faint(ui, words.with("past-not", &[("why", why)])),
            Some(Past::Rows(rows)) if rows.is_empty() => theme::faint(ui, words.get("measures-none")),
            Some(Past::Rows(_)) => theme::faint(ui, words.get("past-about")),
        };
        let Some(Past::Rows(rows)) = past else { return };
        for measure in Measure::all() {
            let rows: Vec<&Row> = rows.iter().filter(|row| row.measure == measure.instrument).collect();
            if !rows.is_empty() {
                theme::section(ui, measures::name(words, measure.instrument));
                let scale = self.scale(ui, words, measure, &rows);
                let rows: Vec<&Row> = rows.into_iter().filter(|row| row.score.scale == scale).collect();
                marks(ui, words, measure, &rows);
                table(ui, words, measure, &rows);
            }
        }
    }

    /// Which scale is drawn; to be chosen, where there are several.
    fn scale(&mut self, ui: &mut egui::Ui, words: &Words, measure: &Measure, rows: &[&Row]) -> String {
        let instrument = measure.instrument;
        let chosen = self.scales.iter().position(|(of, _)| *of == instrument).unwrap_or_else(|| {
            self.scales.push((instrument, rows[0].score.scale.clone()));
            self.scales.len() - 1
        });
        let chosen = &mut self.scales[chosen].1;
        if measure.scales().len() > 1 {
            ui.horizontal_wrapped(|ui| {
                for scale in measure.scales() {
                    let named = rows.iter().find(|row| row.score.scale == scale.id);
                    let name =
                        named.map_or_else(|| scale.name.clone(), |row| measures::scale(words, &row.score));
                    theme::choice(ui, chosen, scale.id.clone(), name);
                }
            });
        }
        chosen.clone()
    }
}

/// The evenings that these are of, in order, by number and when they began.
fn evenings(rows: &[&Row]) -> Vec<(i64, i64)> {
    let mut all: Vec<(i64, i64)> = rows.iter().map(|row| (row.begun_ms, row.session)).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|(begun, session)| (session, begun)).collect()
}

/// A day, as short as it can be told.
fn day(ms: i64, words: &Words) -> String {
    let zone = jiff::tz::TimeZone::system();
    let form = if words.lang() == "zh" { "%Y年%-m月%-d日" } else { "%-d %b %Y" };
    jiff::Timestamp::from_millisecond(ms).map_or_else(
        |_out_of_range| ms.to_string(),
        |at| at.to_zoned_datetime(zone).strftime(form).to_string(),
    )
}

/// The marks of one scale: where before and after stand, in evenings from 0 and in answers.
fn places(rows: &[&Row], when: When) -> Vec<[f64; 2]> {
    let evenings = evenings(rows);
    let beside = if when == When::Before { -BESIDE } else { BESIDE };
    let at = |row: &&&Row| {
        let evening = evenings.iter().position(|(session, _)| *session == row.session)?;
        Some([evening as f64 + beside, row.score.mean?])
    };
    rows.iter().filter(|row| row.when == when).filter_map(|row| at(&row)).collect()
}

fn marks(ui: &mut egui::Ui, words: &Words, measure: &Measure, rows: &[&Row]) {
    let evenings = evenings(rows);
    let (lowest, highest) = measure.range().into_inner();
    let (low, high) = (f64::from(lowest), f64::from(highest));
    theme::faint(
        ui,
        words.with("past-legend", &[("lowest", &lowest.to_string()), ("highest", &highest.to_string())]),
    );
    let every = evenings.len().div_ceil(MOST_DATES).max(1);
    let count = evenings.len();
    let (strong, lamp) = (ui.visuals().text_color(), theme::LAMP);
    let days: Vec<String> = evenings.iter().map(|(_, begun)| day(*begun, words)).collect();
    let plot = Plot::new(("past", measure.instrument.name()))
        .height(HIGH.min(theme::height(ui.ctx(), 260.0).max(120.0)))
        .show_x(false)
        .show_y(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .sense(egui::Sense::hover())
        .label_formatter(|_| None)
        .x_grid_spacer(move |_| mark_each((0..count).step_by(every).map(|at| at as f64), every as f64))
        .y_grid_spacer(move |_| mark_each([low, (low + high) / 2.0, high].into_iter(), (high - low) / 2.0))
        .x_axis_formatter(move |mark, _| days.get(mark.value as usize).cloned().unwrap_or_default())
        .y_axis_formatter(|mark, _| format!("{:.0}", mark.value))
        .grid_color(strong.gamma_multiply(0.35))
        .show_background(false);
    let points = |when: When, name: &str, shape, colour| {
        Points::new(words.get(name), PlotPoints::from(places(rows, when)))
            .shape(shape)
            .color(colour)
            .radius(MARK)
    };
    let before = points(When::Before, "measures-before", MarkerShape::Circle, strong);
    let after =
        points(When::After, "measures-after", MarkerShape::Diamond, lamp).filled(false).radius(MARK + 2.0);
    plot.show(ui, move |plot| {
        plot.set_plot_bounds_x(-0.6..=(count as f64 - 0.4).max(0.6));
        plot.set_plot_bounds_y(low - 0.4..=high + 0.4);
        plot.points(before);
        plot.points(after);
    });
}

fn mark_each(values: impl Iterator<Item = f64>, step_size: f64) -> Vec<GridMark> {
    values.map(|value| GridMark { value, step_size }).collect()
}

/// The same numbers, to be read; a dash where an answer is missing.
fn table(ui: &mut egui::Ui, words: &Words, measure: &Measure, rows: &[&Row]) {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| (row.begun_ms, row.session, row.when));
    egui::Grid::new(("table", measure.instrument.name())).num_columns(5).spacing([18.0, 4.0]).show(
        ui,
        |ui| {
            for head in
                ["measures-evening", "measures-when", "measures-sum", "measures-mean", "measures-answered"]
            {
                theme::faint(ui, words.get(head));
            }
            ui.end_row();
            for row in rows {
                let dash = || "-".to_owned();
                let score = &row.score;
                ui.label(day(row.begun_ms, words));
                ui.label(words.get(match row.when {
                    When::Before => "measures-before",
                    When::After => "measures-after",
                }));
                ui.label(score.sum.map_or_else(dash, |sum| sum.to_string()));
                ui.label(score.mean.map_or_else(dash, |mean| format!("{mean:.2}")));
                ui.label(format!("{}/{}", score.answered, score.items));
                ui.end_row();
            }
        },
    );
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::dialogue::measures::Answers;

    /// Answers of so many evenings, a week apart; of each third one is missing.
    pub(in crate::desk) fn answers_of(evenings: i64) -> Vec<Row> {
        let mut rows = Vec::new();
        for session in 0..evenings {
            for (instrument, when) in [
                (Instrument::Belief, When::Before),
                (Instrument::Belief, When::After),
                (Instrument::ScsSf, When::Before),
                (Instrument::Mind, When::After),
            ] {
                let measure = Measure::of(instrument).expect("its file is in its form");
                let mut answers = Answers::default();
                let (low, high) = measure.range().into_inner();
                for (item, at) in measure.items().iter().zip(0_i64..) {
                    let missing = session % 3 == 2 && at == 0 && when == When::After;
                    let span = i64::from(high - low) + 1;
                    let value = low + u8::try_from((at * 3 + session * 2) % span).unwrap_or_default();
                    answers.set(measure, item, (!missing).then_some(value)).expect("an answer");
                }
                let begun_ms = 1_790_000_000_000 + session * 604_800_000;
                let scores = measure.scores(&answers).expect("they are its answers");
                rows.extend(scores.into_iter().map(|score| Row {
                    session,
                    begun_ms,
                    measure: instrument,
                    when,
                    score,
                }));
            }
        }
        rows
    }

    #[test]
    fn before_and_after_stand_beside_each_other_and_what_is_missing_has_no_mark() {
        let all = answers_of(3);
        let belief: Vec<&Row> = all.iter().filter(|row| row.measure == Instrument::Belief).collect();
        assert_eq!(evenings(&belief).len(), 3);
        let (before, after) = (places(&belief, When::Before), places(&belief, When::After));
        assert_eq!((before.len(), after.len()), (3, 2));
        assert_eq!(before[1], [1.0 - BESIDE, 2.0]);
        assert_eq!(after[1], [1.0 + BESIDE, 2.0]);
    }
}
