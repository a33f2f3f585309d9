//! Events as plain lines.

use super::card;
use crate::dialogue::View;
use crate::dialogue::agent::Agent;
use crate::dialogue::change::ChangeStep;
use crate::dialogue::event::{EndReason, Event, Kind, Phase, Question, SaidPart};
use crate::dialogue::ids::LineId;
use crate::dialogue::safety::Category;
use crate::dialogue::strength::{Band, Ending, Stage, Strength};
use crate::dialogue::view::Shelter;
use crate::words::Words;
use crate::words::notice::Notices;

/// That there is no such command.
pub(super) fn unknown_command(words: &Words, line: &str) -> String {
    let command = line.split_whitespace().next().unwrap_or("!");
    words.with("unknown-command", &[("command", command)])
}

/// Turns events into what a person reads.
pub(in crate::cli) struct Show {
    words: Words,
    devil: String,
    strength: Option<Strength>,
    /// How often each kind of change was told, so that none is told in the same words twice.
    told: (u32, u32),
    last_line: Option<(LineId, usize)>,
    question: Option<Question>,
    /// Whether the room was stopped for the person's safety: nothing tells of the Devil any more.
    safe: bool,
    /// Whether the plain question stands.
    asked: bool,
    /// Whether a line that breaks off was cut by the person in the room.
    in_room: bool,
    closing: bool,
    /// The language model that plays, if one does.
    model: Option<String>,
    notices: Notices,
}

impl Show {
    pub(in crate::cli) fn new(words: Words, devil: Option<String>, model: Option<String>) -> Self {
        let devil =
            devil.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| words.get("speaker-devil"));
        Self {
            words,
            devil,
            strength: None,
            told: (0, 0),
            last_line: None,
            question: None,
            safe: false,
            asked: false,
            in_room: false,
            closing: false,
            model,
            notices: Notices::default(),
        }
    }

    /// The lines before the first question.
    pub(super) fn opening(&self) -> Vec<String> {
        let cast = match &self.model {
            Some(model) => self.words.with("talk-cast-model", &[("model", model)]),
            None => self.words.get("talk-cast-story"),
        };
        let [title, note, commands] =
            ["talk-title", "talk-note", "talk-commands"].map(|name| self.words.get(name));
        vec![title, cast, note, commands]
    }

    /// The words that it speaks with.
    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    pub(super) fn word(&self, name: &str) -> String {
        self.words.get(name)
    }

    pub(super) fn word_with(&self, name: &str, words: &[(&str, &str)]) -> String {
        self.words.with(name, words)
    }

    /// That there is no such command.
    pub(super) fn unknown_command(&self, line: &str) -> String {
        unknown_command(&self.words, line)
    }

    /// What became of a part of the program; in brackets, as everything that no figure says.
    fn notice(&mut self, kind: &Kind) -> Vec<String> {
        self.notices.of(&self.words, kind).map(|line| format!("({line})")).into_iter().collect()
    }

    fn spoken(&self, speaker: &str, text: &str) -> String {
        self.words.with("line", &[("speaker", speaker), ("text", text)])
    }

    /// The last line of each figure, where events had to be left out; and the help card, if it stands.
    pub(super) fn view(&mut self, view: &View) -> Vec<String> {
        self.safe = view.safe;
        self.asked = matches!(view.shelter, Shelter::Asked { .. });
        self.question = view.question;
        let mut lines: Vec<String> =
            view.captions.iter().flat_map(|caption| self.line(caption.agent, &caption.text)).collect();
        if let Shelter::Card { card } = &view.shelter {
            lines.extend(card::lines(&self.words, card));
        }
        lines
    }

    /// What the person sees of an event. `echo` also shows their own words.
    pub(in crate::cli) fn event(&mut self, event: &Event, echo: bool) -> Vec<String> {
        match &event.kind {
            Kind::Line { agent, text, line, .. } => {
                self.last_line = Some((*line, text.chars().count()));
                self.line(*agent, text)
            }
            Kind::Heard { line, chars } => self.heard(*line, *chars),
            Kind::Said { text, part, .. } if echo && *part != SaidPart::Afterwards => {
                vec![self.spoken(&self.words.get("speaker-you"), text)]
            }
            Kind::Question { question } => {
                self.question = Some(*question);
                Vec::new()
            }
            Kind::Safety { category: Category::Earlier, .. } => {
                self.safe = true;
                Vec::new()
            }
            Kind::Safety { .. } => {
                self.safe = true;
                self.question = None;
                vec![String::new(), self.word("direction-safe")]
            }
            Kind::CheckIn { .. } => {
                self.asked = true;
                Vec::new()
            }
            Kind::Card { card } => card::lines(&self.words, card),
            Kind::Silence => vec![self.word("direction-silence")],
            Kind::Phase { phase, .. } => self.phase(*phase),
            Kind::Strength { .. } if self.safe => Vec::new(),
            Kind::Strength { value } => self.strength(*value),
            Kind::Stage { stage } => self.stage(*stage),
            Kind::Change { step } => self.change(*step),
            Kind::Replay { text, .. } => vec![self.spoken(&self.words.get("speaker-own"), text)],
            Kind::Paused { paused } => {
                vec![self.word(if *paused { "direction-paused" } else { "direction-resumed" })]
            }
            Kind::Fault { .. } | Kind::Health { .. } => self.notice(&event.kind),
            Kind::End { ending, because, .. } => self.end(*ending, *because),
            _ => Vec::new(),
        }
    }

    fn line(&self, agent: Agent, text: &str) -> Vec<String> {
        let speaker = match agent {
            Agent::Trigger => self.words.get("speaker-window"),
            Agent::Devil => self.devil.clone(),
            Agent::Patient => self.words.get("speaker-patient"),
            Agent::Guide => self.words.get("speaker-guide"),
        };
        let mut lines = vec![self.spoken(&speaker, text)];
        if agent == Agent::Trigger {
            lines.insert(0, String::new());
        }
        if agent == Agent::Guide && self.asked && text.ends_with('?') {
            lines.push(self.word("talk-check-in"));
        }
        let note = match self.question.filter(|_| agent == Agent::Guide && text.ends_with('?')) {
            Some(Question::When) => Some("talk-skip-question"),
            Some(Question::Belief) => Some("talk-belief-words"),
            Some(Question::Concern) | None => None,
        };
        lines.extend(note.map(|name| self.word(name)));
        lines
    }

    fn heard(&self, line: LineId, chars: usize) -> Vec<String> {
        match self.last_line {
            Some((last, whole)) if last == line && chars < whole && self.in_room => {
                vec![self.word("direction-cut")]
            }
            _ => Vec::new(),
        }
    }

    fn phase(&mut self, phase: Phase) -> Vec<String> {
        self.asked &= phase == Phase::Safe;
        self.in_room = !matches!(phase, Phase::Intake | Phase::Scene | Phase::Closing | Phase::Change);
        let closes = self.closing;
        self.closing |= phase == Phase::Closing;
        let name = match phase {
            Phase::Open => "direction-turn",
            Phase::Breath => "direction-breath",
            Phase::Quiet => "direction-quiet",
            // After the change of places it closes on.
            Phase::Closing if closes => return Vec::new(),
            Phase::Closing => "direction-closing",
            Phase::Scene => {
                self.question = None;
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        vec![self.word(name)]
    }

    /// How the room answers. The first value is only where it begins.
    fn strength(&mut self, value: Strength) -> Vec<String> {
        let Some(before) = self.strength.replace(value) else {
            return Vec::new();
        };
        // What the Devil does at the end is told with the ending.
        if self.closing {
            return Vec::new();
        }
        let band = (before.band(), value.band());
        let name = match band {
            (Band::High, Band::Middle) => "strength-to-middle".to_owned(),
            (Band::High | Band::Middle, Band::Low) => "strength-to-low".to_owned(),
            _ if before.value() - value.value() < 0.08 => {
                self.told.0 += 1;
                format!("strength-little-{}", (self.told.0 - 1) % 6 + 1)
            }
            _ => {
                self.told.1 += 1;
                format!("strength-clear-{}", (self.told.1 - 1) % 6 + 1)
            }
        };
        vec![self.word(&name)]
    }

    /// Where the person sits in the change of places.
    fn change(&self, step: ChangeStep) -> Vec<String> {
        let name = match step {
            ChangeStep::Settling => "change-over-there",
            ChangeStep::Still => "change-still",
            ChangeStep::Back => "change-back",
            ChangeStep::Asked | ChangeStep::Critic | ChangeStep::Words | ChangeStep::Keep => {
                return Vec::new();
            }
        };
        vec![self.word(name)]
    }

    fn stage(&self, stage: Stage) -> Vec<String> {
        let name = match stage {
            Stage::Shut => return Vec::new(),
            Stage::Heard => "stage-heard",
            Stage::LookingUp => "stage-looking-up",
            Stage::Thinking => "stage-thinking",
            Stage::Resting => "stage-resting",
        };
        vec![self.word(name)]
    }

    fn end(&self, ending: Ending, because: EndReason) -> Vec<String> {
        let name = match (because, ending) {
            (EndReason::Sos | EndReason::Safety, _) => return vec![String::new(), self.word("end-sos")],
            _ if self.safe => "ending-early",
            (EndReason::Stopped | EndReason::Declined, _) => "ending-early",
            (_, Ending::Sits) => "ending-sits",
            (_, Ending::StepsBack) => "ending-steps-back",
            (_, Ending::Tires) => "ending-tires",
        };
        vec![self.word(name), String::new(), self.word("end-thanks")]
    }
}
