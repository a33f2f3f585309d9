//! The Devil: its thought, its answer when it is spoken to, its last words.

use rand::RngExt as _;

use super::Scribe;
use super::pool::Pool;
use crate::dialogue::agent::Agent;
use crate::dialogue::distortion::Distortion;
use crate::dialogue::face::FaceCue;
use crate::dialogue::request::{AgentAnswer, DevilBeat, Farewell};
use crate::dialogue::strength::Band;

/// The most words of a thought.
const MOST_WORDS: usize = 14;

impl Scribe<'_> {
    pub(crate) fn devil(&self, beat: DevilBeat) -> Option<AgentAnswer> {
        match beat {
            DevilBeat::Thought { face } => self.thought(face),
            DevilBeat::Reply => self.reply(),
            DevilBeat::Closing(farewell) => self.last_words(farewell),
        }
    }

    fn thought(&self, face: Option<FaceCue>) -> Option<AgentAnswer> {
        let distortion = self.distortion();
        let mut pool = Pool::new(self, Agent::Devil, MOST_WORDS);
        let concern = self.concern_words();
        let file = self.theme_file();
        let band = self.context.band;
        if face == Some(FaceCue::Scorn)
            && let Some(lines) = self.material.guide.face.get(&FaceCue::Scorn)
        {
            pool.add(&lines.devil, 8.0, &concern);
        }
        let by_distortion = self.material.distortions.get(&distortion);
        if self.context.round <= 1 {
            if band == Band::High {
                if let Some((opening, about)) = self.opening_shown() {
                    pool.add(std::slice::from_ref(&opening.devil), if about { 1.6 } else { 0.9 }, &concern);
                }
                pool.add(&file.concern.devil, 1.0, &concern);
                pool.add(&verdict_lines(&file.concern.devil), 1.5, &concern);
            }
            if let Some(lines) = by_distortion {
                pool.add(lines.at(band), 0.4, &concern);
            }
            pool.add(file.devil.at(band), 0.0, &concern);
        } else {
            self.add_reactions(&mut pool);
            pool.add(file.devil.at(band), 0.5, &concern);
            if let Some(lines) = by_distortion {
                pool.add(lines.at(band), 0.5, &concern);
            }
        }
        let mut text = pool.choose("thought")?;
        if face == Some(FaceCue::Softening) {
            text = broken_off(&text);
        }
        Some(AgentAnswer::Spoken { text, callback: false, distortion: Some(distortion) })
    }

    /// Its reaction to what was last said *is* its next thought.
    fn add_reactions(&self, pool: &mut Pool<'_>) {
        let band = self.context.band;
        let comfort = self.comfort_words();
        let replied = self.replied_this_turn();
        if let Some(lines) = self.reading.nature.table().and_then(|table| self.material.turns.get(table)) {
            pool.add(lines.devil(band), 1.6, &comfort);
        }
        for (at, found) in self.reading.moves.iter().take(2).enumerate() {
            if let Some(file) = self.material.moves.get(&found.kind) {
                let fit = if replied { 0.6 } else { 1.8 - at as f32 * 0.9 };
                pool.add(file.devil.at(band), fit, &comfort);
            }
        }
    }

    /// Whether it has already answered the last words at once.
    fn replied_this_turn(&self) -> bool {
        let last = self.context.lines.iter().rev().find(|line| line.agent == Agent::Devil);
        let thoughts =
            self.context.lines_of(Agent::Devil).filter(|line| line.round + 1 == self.context.round).count();
        thoughts > 1 && last.is_some_and(|line| line.round + 1 == self.context.round)
    }

    fn reply(&self) -> Option<AgentAnswer> {
        let comfort = self.comfort_words();
        let mut pool = Pool::new(self, Agent::Devil, MOST_WORDS);
        for (at, found) in self.reading.moves.iter().enumerate() {
            if let Some(file) = self.material.moves.get(&found.kind) {
                pool.add(&file.devil.reply, 2.0 - at as f32, &comfort);
                let band = self.context.band.min(Band::Middle);
                pool.add(file.devil.at(band), 0.8 - at as f32, &comfort);
            }
        }
        pool.choose("reply").map(AgentAnswer::spoken)
    }

    fn last_words(&self, farewell: Farewell) -> Option<AgentAnswer> {
        let lines = self.ending_lines(farewell);
        let verdict = self.concern.verdict.as_deref().filter(|verdict| self.first_thought_was(verdict));
        let mut callbacks = Pool::new(self, Agent::Devil, 40);
        if verdict.is_some() {
            let mut filling = self.concern_words();
            filling.verdict = verdict;
            callbacks.add(&self.material.endings.callback.devil, 1.0, &filling);
        }
        let even = self.rng("callback").random_range(0..2) == 0;
        if even && let Some(text) = callbacks.choose_marked("callback") {
            return Some(AgentAnswer::Spoken { text, callback: true, distortion: None });
        }
        let mut pool = Pool::new(self, Agent::Devil, MOST_WORDS);
        pool.add(&lines.devil, 1.0, &self.concern_words());
        pool.choose("last words").map(AgentAnswer::spoken)
    }

    fn first_thought_was(&self, verdict: &str) -> bool {
        let verdict = verdict.to_lowercase();
        self.context
            .lines_of(Agent::Devil)
            .next()
            .is_some_and(|line| line.text.to_lowercase().contains(&verdict))
    }

    /// The distortion of the evening: settled once, by what the concern shows or the opening that the window shows.
    pub(crate) fn distortion(&self) -> Distortion {
        self.context
            .distortion
            .or(self.concern.distortion)
            .or_else(|| self.opening_shown().map(|(opening, _)| opening.distortion))
            .unwrap_or(Distortion::Overgeneralization)
    }
}

fn verdict_lines(lines: &[String]) -> Vec<String> {
    lines.iter().filter(|line| line.contains("{Verdict}") || line.contains("{verdict}")).cloned().collect()
}

/// A line that stops itself: its first sentence, and a word or two of the second.
fn broken_off(text: &str) -> String {
    match text.split_once(". ") {
        Some((first, second)) => {
            let word = second.split_whitespace().next().unwrap_or_default().trim_end_matches(['.', ',', '?']);
            format!("{first}. {word}—")
        }
        None => {
            let words: Vec<&str> = text.split_whitespace().collect();
            let kept = words.len().div_ceil(2).max(1);
            format!("{}—", words[..kept].join(" ").trim_end_matches(['.', ',', '?', '…']))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thought_that_softens_breaks_off() {
        assert_eq!(broken_off("That was once. I remember the other times better."), "That was once. I—");
        assert_eq!(broken_off("Others manage it somehow"), "Others manage—");
    }
}
