//! A quiet line above on the left: what became of the language model, the log or the journal. It asks for nothing, and
//! goes by itself.

use std::collections::VecDeque;

use bevy::prelude::*;
use bevy_egui::{EguiContexts, egui};

use super::{DeskWords, theme};
use crate::app::{Happened, OfHeadset, Refused};
use crate::dialogue::agent::Agent;
use crate::dialogue::timing::reading_time;
use crate::words::notice::Notices;

/// How long a line stays beyond the time that it takes to read, and how long it takes to come and to go, in seconds.
const STAYS: f32 = 5.0;
const FADES: f32 = 0.6;
/// So many lines wait at most; the oldest is left out.
const MOST: usize = 4;
/// The widest a line is set, in logical pixels.
const WIDTH: f32 = 460.0;

/// The lines that are still to be read.
#[derive(Resource, Debug, Default)]
pub(super) struct Standing {
    /// What was told, from the first event on.
    notices: Option<Notices>,
    lines: VecDeque<String>,
    /// Since when the first of them stands, in seconds.
    since: Option<f32>,
}

/// Takes up what there is to tell.
pub(super) fn listen(
    mut happened: MessageReader<Happened>,
    (mut refused, mut headset): (MessageReader<Refused>, MessageReader<OfHeadset>),
    words: Res<DeskWords>,
    mut standing: ResMut<Standing>,
) {
    for Happened(event) in happened.read() {
        let notices = standing.notices.get_or_insert_with(|| match event.seq {
            0 => Notices::default(),
            _ => Notices::in_mid_evening(),
        });
        if let Some(line) = notices.of(&words.0, &event.kind) {
            standing.put(line);
        }
    }
    for Refused { whose, file, why } in refused.read() {
        let name = if *whose == Agent::Devil { "figure-refused-devil" } else { "figure-refused-patient" };
        standing.put(words.0.with(name, &[("file", file), ("why", why)]));
    }
    for OfHeadset(news) in headset.read() {
        standing.put(news.in_words(|name| words.0.get(name)));
    }
}

impl Standing {
    fn put(&mut self, line: String) {
        self.lines.push_back(line);
        if self.lines.len() > MOST {
            self.lines.pop_front();
            self.since = None;
        }
    }
}

/// Shows the first of them for as long as it takes to read.
pub(super) fn draw(mut contexts: EguiContexts, mut standing: ResMut<Standing>, time: Res<Time>) -> Result {
    let now = time.elapsed_secs();
    let Some(line) = standing.lines.front().cloned() else { return Ok(()) };
    let since = now - *standing.since.get_or_insert(now);
    let stays = reading_time(&line).0 as f32 / 1_000.0 + STAYS;
    if since > stays + FADES {
        standing.lines.pop_front();
        standing.since = None;
        return Ok(());
    }
    let there = (since / FADES).min((stays + FADES - since) / FADES).clamp(0.0, 1.0);
    let ctx = contexts.ctx_mut()?;
    let width = theme::width(ctx, WIDTH, ctx.content_rect().width() * 0.6);
    egui::Area::new("notice".into())
        .anchor(egui::Align2::LEFT_TOP, egui::vec2(18.0, 16.0))
        .interactable(false)
        .show(ctx, |ui| {
            ui.set_opacity(there);
            theme::caption(ui.style()).show(ui, |ui| {
                ui.set_max_width(width);
                theme::faint(ui, line);
            });
        });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::event::{Event, Kind, VERSION};
    use crate::dialogue::input::Health;
    use crate::words::Words;

    fn desk() -> App {
        let mut app = App::new();
        app.add_plugins(MinimalPlugins)
            .add_message::<Happened>()
            .add_message::<Refused>()
            .add_message::<OfHeadset>()
            .insert_resource(DeskWords(Words::load("en").expect("the words are there")))
            .init_resource::<Standing>()
            .add_systems(Update, listen);
        app
    }

    fn happens(app: &mut App, seq: u64, state: Health) {
        let kind = Kind::Health { part: "cast".to_owned(), state };
        app.world_mut().write_message(Happened(Event { v: VERSION, seq, at_ms: 0, turn: 0, kind }));
        app.update();
    }

    #[test]
    fn a_model_that_drops_out_stands_on_the_desk() {
        let mut app = desk();
        happens(&mut app, 0, Health::Gone("no answer within 4 seconds".to_owned()));
        let lines = &app.world().resource::<Standing>().lines;
        assert!(lines.len() == 1 && lines.iter().all(|line| line.contains("no answer within 4 seconds")));
    }

    #[test]
    fn a_stage_that_came_later_tells_that_the_model_is_back() {
        let mut app = desk();
        happens(&mut app, 40, Health::Well);
        assert_eq!(app.world().resource::<Standing>().lines.len(), 1);
    }

    #[test]
    fn a_model_that_comes_and_goes_fills_no_screen() {
        let mut app = desk();
        for seq in 0..40 {
            let state = if seq % 2 == 0 { Health::Gone("it is gone".to_owned()) } else { Health::Well };
            happens(&mut app, seq, state);
        }
        assert_eq!(app.world().resource::<Standing>().lines.len(), MOST);
    }
}
