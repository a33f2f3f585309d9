//! The Trigger: what the window shows.

use super::Scribe;
use super::pool::{Pool, lower_words};
use crate::cast::story::material::{Opening, ThemeFile};
use crate::dialogue::agent::Agent;
use crate::dialogue::request::{AgentAnswer, Farewell};
use crate::dialogue::strength::Stage;
use crate::dialogue::theme::{Hour, Weather, Window};
use rand::RngExt as _;

/// The most words of a scene.
const MOST_WORDS: usize = 12;

impl<'a> Scribe<'a> {
    pub(crate) fn theme_file(&self) -> &'a ThemeFile {
        let theme = self.concern.theme;
        // Every theme has its file: the material does not load otherwise.
        &self.material.themes[&theme]
    }

    pub(crate) fn scene(&self, closing: Option<Farewell>) -> Option<AgentAnswer> {
        let theme = self.concern.theme;
        if let Some(farewell) = closing {
            let lines = self.ending_lines(farewell);
            let mut pool = Pool::new(self, Agent::Trigger, MOST_WORDS);
            pool.add(&lines.trigger, 1.0, &self.concern_words());
            let window = Window { hour: Hour::Dawn, weather: Weather::Clear, peopled: false };
            return pool.choose("closing").map(|text| AgentAnswer::Scene { text, window, theme });
        }
        if self.context.round <= 1
            && let Some(opening) = self.choose_opening()
        {
            let (text, window) = (opening.scene.clone(), opening.window());
            return Some(AgentAnswer::Scene { text, window, theme });
        }
        let file = self.theme_file();
        let mut pool = Pool::new(self, Agent::Trigger, MOST_WORDS);
        if self.context.round <= 1 {
            pool.add(&file.concern.scene, 1.0, &self.concern_words());
        } else {
            let open = self.context.stage >= Stage::LookingUp;
            pool.add(if open { &file.scenes.open } else { &file.scenes.heavy }, 1.0, &self.concern_words());
            pool.add(&file.scenes.slots, 0.3, &self.concern_words());
        }
        let text = pool.choose("scene")?;
        Some(AgentAnswer::Scene { text, window: self.window(), theme })
    }

    /// The opening that the concern asks for; none when its own words make a better one.
    fn choose_opening(&self) -> Option<&'a Opening> {
        let file = self.theme_file();
        let mut rng = self.rng("opening");
        let scored: Vec<(f32, usize, &Opening)> = file
            .opening
            .iter()
            .map(|opening| {
                let about = self.concern.matches(&opening.about);
                let same = self.concern.distortion == Some(opening.distortion);
                let fit = about as f32 * 3.0 + f32::from(u8::from(same)) * 1.5 + rng.random_range(0.0..1.0);
                (fit, about, opening)
            })
            .collect();
        let has_words = self.concern.spans.spans.iter().any(|span| {
            use crate::cast::story::reading::spans::SpanKind;
            span.kind != SpanKind::Feeling
        });
        let best =
            scored.iter().filter(|(_, about, _)| *about > 0 || !has_words).max_by(|a, b| a.0.total_cmp(&b.0));
        best.map(|&(_, _, opening)| opening)
    }

    /// The opening whose scene is in the window, and whether the concern is about it.
    pub(crate) fn opening_shown(&self) -> Option<(&'a Opening, bool)> {
        let scene = lower_words(&self.context.scene);
        let opening =
            self.theme_file().opening.iter().find(|opening| lower_words(&opening.scene) == scene)?;
        Some((opening, self.concern.matches(&opening.about) > 0))
    }

    /// A window for a later scene: from dusk on through the night towards morning, the weather clearing.
    fn window(&self) -> Window {
        let mut rng = self.rng("window");
        let hour = match self.context.round {
            0..=2 => Hour::Evening,
            3..=4 => Hour::Night,
            _ => Hour::Dawn,
        };
        let heavy = [Weather::Rain, Weather::Fog, Weather::Wind, Weather::Cloud];
        let light = [Weather::Cloud, Weather::Clear, Weather::Clear, Weather::Snow];
        let weathers = if self.context.stage >= Stage::LookingUp { light } else { heavy };
        Window {
            hour,
            weather: weathers[rng.random_range(0..weathers.len())],
            peopled: rng.random_range(0..4) == 0,
        }
    }
}
