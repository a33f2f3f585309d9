//! Which theme a concern is near, by the words that the lines of a theme are made of.

use std::collections::{BTreeMap, BTreeSet};

use crate::dialogue::theme::Theme;

/// How much one word counts at most, beside the words that a theme lists.
const WORD: f32 = 0.6;
/// A word that more themes than this use tells nothing.
const COMMON: usize = 3;

/// The words of each theme's lines.
#[derive(Debug, Default)]
pub(in crate::cast::story) struct ThemeWords {
    themes: BTreeMap<String, BTreeSet<Theme>>,
}

impl ThemeWords {
    /// Takes in every word of a theme's file.
    pub(super) fn learn(&mut self, theme: Theme, text: &str) {
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'') {
            let word = word.trim_matches('\'').to_lowercase().replace('\'', "");
            if word.len() > 3 {
                self.themes.entry(word).or_default().insert(theme);
            }
        }
    }

    /// How near a concern is to a theme: its words that few themes share.
    pub(in crate::cast::story) fn nearness(&self, theme: Theme, joined: &str) -> f32 {
        joined
            .split_whitespace()
            .filter_map(|word| self.themes.get(word))
            .filter(|themes| themes.len() <= COMMON && themes.contains(&theme))
            .map(|themes| WORD / themes.len() as f32)
            .sum()
    }
}
