//! The memory: the old memory and this round, in plain sentences.

use super::Scribe;
use crate::dialogue::agent::Agent;
use crate::dialogue::moves::MoveClass;

impl Scribe<'_> {
    /// M(i) = summary of M(i-1), scene, thought and comfort, as in MIND; here the old memory is really passed on.
    pub(crate) fn memory(&self) -> String {
        let templates = &self.material.memory;
        let mut sentences: Vec<String> = self.context.memory.lines().map(str::to_owned).collect();
        if sentences.is_empty() {
            sentences.push(templates.start.replace("{concern}", &self.context.concern));
        }
        let said = self.context.last_said();
        let round = if said.is_empty() { &templates.silent } else { &templates.round };
        let thought = self.context.lines_of(Agent::Devil).next_back().map_or("", |line| line.text.as_str());
        sentences.push(
            round
                .replace("{round}", &self.context.round.to_string())
                .replace("{scene}", &self.context.scene)
                .replace("{thought}", thought.trim_end_matches('.'))
                .replace("{said}", crate::dialogue::text::first_chars(said, 160)),
        );
        let (reached, missed): (Vec<_>, Vec<_>) =
            self.reading.moves.iter().partition(|found| found.kind.class() != MoveClass::Anti);
        for (template, found) in [(&templates.reached, reached), (&templates.missed, missed)] {
            if !found.is_empty() {
                let names: Vec<String> = found
                    .iter()
                    .map(|m: &&crate::dialogue::moves::MoveReading| m.kind.name().replace('_', " "))
                    .collect();
                sentences.push(template.replace("{moves}", &names.join(", ")));
            }
        }
        condense(&mut sentences, templates.most_sentences, &templates.round);
        sentences.join("\n")
    }
}

/// The oldest tellings go first; the concern and what reached the Patient stay.
fn condense(sentences: &mut Vec<String>, most: usize, round: &str) {
    let telling = round.split('{').next().unwrap_or_default();
    while sentences.len() > most + 1 {
        let at = sentences
            .iter()
            .skip(1)
            .position(|sentence| sentence.starts_with(telling))
            .map_or(1, |at| at + 1);
        sentences.remove(at);
    }
}
