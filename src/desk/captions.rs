//! Captions: who speaks and what, on a backing that anything can be read on, below every face.

use bevy::prelude::*;
use bevy_egui::egui;

use super::{Panel, change, theme};
use crate::app::Happened;
use crate::app::Speaks;
use crate::dialogue::View;
use crate::dialogue::agent::Agent;
use crate::dialogue::event::Kind;
use crate::dialogue::ids::LineId;
use crate::dialogue::timing::reading_time;
use crate::dialogue::view::Caption;
use crate::words::Words;

/// How long a line stays to be read after it was spoken, in seconds, and how long it takes to go.
const STAYS: f32 = 5.0;
const GOES: f32 = 0.8;

/// Which line stands, and until when.
#[derive(Resource, Debug, Default)]
pub(super) struct Reading {
    line: Option<LineId>,
    spoken_until: f32,
    /// What the person said last, and until when it stands where they are not at the desk themselves.
    said: Option<(String, f32)>,
}

/// The longest that the person's own words stand, in seconds: the answer to them is not to be missed.
const OWN_WORDS: f32 = 3.5;

/// Takes up what the person says: whoever only looks on has not typed it.
pub(super) fn listen(mut happened: MessageReader<Happened>, time: Res<Time>, mut reading: ResMut<Reading>) {
    for Happened(event) in happened.read() {
        if let Kind::Said { text, .. } = &event.kind {
            let read = (reading_time(text).0 as f32 / 1_000.0).min(OWN_WORDS);
            reading.said = Some((text.clone(), time.elapsed_secs() + read));
        }
    }
}

impl Reading {
    /// The person's own words, for those who look on. True while they stand.
    pub(super) fn show_said(&mut self, ctx: &egui::Context, panel: &Panel<'_>, now: f32) -> bool {
        let Some((text, until)) = &self.said else { return false };
        let left = (until - now) / GOES;
        if left <= 0.0 {
            self.said = None;
            return false;
        }
        let name = (panel.word("speaker-you"), theme::LAMP);
        write(ctx, name, egui::RichText::new(text).size(theme::CAPTION), (left.min(1.0), Some(0.0)));
        true
    }

    /// `above`: how far up from the foot of the window something else reaches; none where nothing stands there.
    /// `elsewhere`: whether a line is shown in another place.
    pub(super) fn show(
        &mut self,
        ctx: &egui::Context,
        panel: &Panel<'_>,
        view: &View,
        (now, above): (f32, Option<f32>),
        elsewhere: impl Fn(LineId) -> bool,
    ) {
        // Where there is little room the field asks by itself, and the face across the rug is seen.
        let says = view.change.as_ref().is_some_and(|change| change.words.is_some());
        if !says && change::keeps(view) && theme::is_small(ctx) {
            return;
        }
        let speakers =
            Speakers { words: panel.words, devil: panel.devil, captions: panel.wanted.look.captions };
        if let Some(line) = self.line(&speakers, view, now, elsewhere) {
            write(ctx, line.name, line.text, (line.there, above));
        }
    }

    /// What is to be read now.
    pub(super) fn line(
        &mut self,
        speakers: &Speakers<'_>,
        view: &View,
        now: f32,
        elsewhere: impl Fn(LineId) -> bool,
    ) -> Option<Line> {
        // What is asked is always shown.
        if let Some(words) = view.change.as_ref().and_then(|change| change.words.as_ref()) {
            // What somebody else said before them does not come back after them.
            self.spoken_until = f32::MIN;
            let text = egui::RichText::new(words).size(theme::CAPTION * OWN);
            let name = (speakers.words.get("speaker-own"), theme::LAMP);
            return Some(Line { name, text, there: 1.0, speaks: Speaks::Person });
        }
        let over_there = view.change.as_ref().is_some_and(|change| change.step.is_over_there());
        let wanted = speakers.captions || view.question.is_some() || over_there;
        let mut captions = view.captions.iter().filter(|it| wanted && !elsewhere(it.line));
        let speaking = captions.clone().find(|caption| caption.speaking);
        let last = |captions: &mut dyn Iterator<Item = _>| captions.max_by_key(|it: &&Caption| it.line);
        let caption = speaking.or_else(|| last(&mut captions))?;
        if caption.speaking || self.line != Some(caption.line) {
            self.line = Some(caption.line);
            self.spoken_until = now;
        }
        // What somebody is to answer stays until they have.
        let asked = view.change.as_ref().is_some_and(|change| change.step.asks());
        let awaited = asked || view.question.is_some() || view.phase == crate::dialogue::Phase::Open;
        let since = now - self.spoken_until - STAYS;
        let there = if awaited { 1.0 } else { (1.0 - since / GOES).clamp(0.0, 1.0) };
        (there > 0.0).then(|| speakers.line(caption, there))
    }
}

/// What the speakers are called, and whether what they say is to be read.
pub(super) struct Speakers<'a> {
    pub(super) words: &'a Words,
    /// What the Devil is called.
    pub(super) devil: &'a str,
    /// Whether the person wants to read it.
    pub(super) captions: bool,
}

/// A line that stands: who says it and in which colour, what, and how far it is there.
pub(super) struct Line {
    pub(super) name: (String, egui::Color32),
    pub(super) text: egui::RichText,
    pub(super) there: f32,
    pub(super) speaks: Speaks,
}

impl Speakers<'_> {
    fn line(&self, caption: &Caption, there: f32) -> Line {
        let name = match caption.agent {
            Agent::Devil => self.devil.to_owned(),
            Agent::Patient => self.words.get("speaker-patient"),
            Agent::Guide => self.words.get("speaker-guide"),
            Agent::Trigger => self.words.get("speaker-window"),
        };
        let text = egui::RichText::new(&caption.text).size(theme::CAPTION);
        let text = if caption.agent == Agent::Trigger { text.italics() } else { text };
        Line { name: (name, theme::of(caption.agent)), text, there, speaks: Speaks::Agent(caption.agent) }
    }
}

/// How far it is above the foot of the window, with the line there and without, and above what stands there, in logical
/// pixels.
const LOW: f32 = 96.0;
const GAP: f32 = 8.0;

/// How much larger the person's own words are, that come back to them.
const OWN: f32 = 1.25;

fn write(
    ctx: &egui::Context,
    (name, colour): (String, egui::Color32),
    text: egui::RichText,
    (there, above): (f32, Option<f32>),
) {
    let width = theme::width(ctx, theme::LINE, 48.0);
    let small = theme::is_small(ctx);
    let low = if small { 0.0 } else { LOW };
    let up = above.map_or(theme::foot(ctx), |above| low.max(above + GAP));
    let foot = egui::Area::new("caption".into()).anchor(egui::Align2::CENTER_BOTTOM, egui::vec2(0.0, -up));
    foot.interactable(false).show(ctx, |ui| {
        ui.set_opacity(there);
        ui.set_max_width(width);
        sheet(ui, (name, colour), text, small);
    });
}

/// Who says it, and what, on something dark.
pub(super) fn sheet(
    ui: &mut egui::Ui,
    (name, colour): (String, egui::Color32),
    text: egui::RichText,
    small: bool,
) {
    theme::caption(ui.style()).show(ui, |ui| {
        ui.vertical_centered(|ui| {
            let font = egui::FontId::new(theme::SMALL, theme::bold());
            let name = egui::RichText::new(name).font(font).color(colour);
            if small {
                ui.label(in_a_row(ui.style(), [name, egui::RichText::new("  "), text]));
            } else {
                ui.label(name);
                ui.label(text);
            }
        });
    });
}

/// Name and words one after the other: where there is little room, a row less covers the room behind.
fn in_a_row(style: &egui::Style, parts: [egui::RichText; 3]) -> egui::text::LayoutJob {
    let mut row = egui::text::LayoutJob::default();
    for part in parts {
        part.append_to(&mut row, style, egui::FontSelection::Default, egui::Align::Center);
    }
    row
}
