//! Lines: one at a time, in order, as far as they were heard.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::Session;
use crate::dialogue::agent::{Agent, Manner};
use crate::dialogue::distortion::Distortion;
use crate::dialogue::effect::{Effect, Hush, Line};
use crate::dialogue::event::Kind;
use crate::dialogue::ids::{LineId, Millis, UtteranceId};
use crate::dialogue::request::SpokenLine;
use crate::dialogue::safety::{Blocked, Gate, Gated};
use crate::dialogue::{text, timing};

/// What is being spoken, and what comes after it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Speech {
    next: LineId,
    queue: VecDeque<Queued>,
    current: Option<Current>,
    /// A line that an onset cut: it goes on if the onset was false.
    cut: Option<Current>,
    /// The line that is being cut goes on as soon as its end is told.
    pub(super) goes_on: bool,
    /// Since when the person speaks: nobody begins to speak into it.
    pub(super) held: Option<Millis>,
    /// When the last line ended.
    pub(super) quiet_since: Millis,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Queued {
    spoken: Spoken,
    not_before: Millis,
}

impl Speech {
    /// Since when the line that is being spoken is heard.
    pub(super) fn speaks_since(&self) -> Option<Millis> {
        self.current.as_ref().map(|line| line.since)
    }

    /// The words of the line that is being spoken, or was until an onset cut it.
    pub(super) fn text(&self) -> Option<&str> {
        self.current.as_ref().or(self.cut.as_ref()).map(|line| line.text.as_str())
    }

    /// The person's own words, while they are heard.
    pub(super) fn own_words(&self) -> Option<&str> {
        self.current.as_ref().filter(|line| line.own.is_some()).map(|line| line.text.as_str())
    }

    /// The person's own words, cut while the evening is held, do not go on with it.
    pub(super) fn forget_own_words(&mut self) {
        if self.cut.as_ref().is_some_and(|line| line.own.is_some()) {
            self.cut = None;
        }
    }

    /// The lines that wait to be spoken.
    pub(super) fn waiting(&self) -> impl Iterator<Item = (Agent, &str)> {
        self.queue.iter().map(|queued| (queued.spoken.agent, queued.spoken.text.as_str()))
    }
}

/// A line that is to be spoken, before it has passed the gate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Spoken {
    pub(super) agent: Agent,
    pub(super) text: String,
    pub(super) manner: Manner,
    pub(super) callback: bool,
    pub(super) distortion: Option<Distortion>,
    /// Whether it is one of the Guide's fixed lines for a person's safety.
    pub(super) fixed: bool,
    /// Where no figure speaks and the person hears their own words: its number, and what they are a part of.
    #[serde(default)]
    pub(super) own: Option<(LineId, UtteranceId)>,
    /// What else is written down when it begins.
    pub(super) note: Note,
}

impl Spoken {
    pub(super) fn plain(agent: Agent, text: impl Into<String>) -> Self {
        Self {
            agent,
            text: text.into(),
            manner: Manner::Plain,
            callback: false,
            distortion: None,
            fixed: false,
            own: None,
            note: Note::None,
        }
    }

    pub(super) fn noted(agent: Agent, text: impl Into<String>, note: Note) -> Self {
        Self { note, ..Self::plain(agent, text) }
    }
}

/// An event that refers to a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Note {
    None,
    Scene(crate::dialogue::theme::Window),
    Hint(crate::dialogue::technique::Aim, crate::dialogue::event::HintReason),
    Feedback(crate::dialogue::skills::SkillRatings),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Current {
    id: LineId,
    agent: Agent,
    text: String,
    manner: Manner,
    fixed: bool,
    #[serde(default)]
    own: Option<UtteranceId>,
    /// Where it stands in the lines of the evening; the person's own words stand nowhere in them.
    index: usize,
    gives_up: Millis,
    /// How it was hushed, if it was.
    hushed: Option<Hush>,
    /// Since when it is heard, and from which character on.
    since: Millis,
    from: usize,
    /// How many characters of it were heard when it was cut.
    heard: usize,
    /// What is cut of it is not wanted any more.
    dropped: bool,
}

impl Current {
    /// How many characters of it were heard by then, at the pace at which it is read.
    fn heard_so_far(&self, now: Millis) -> usize {
        let rest: String = self.text.chars().skip(self.from).collect();
        self.from + timing::heard_after(&rest, now.since(self.since))
    }
}

/// The person's own words have numbers from here on, when they are heard: no figure's line gets so far.
pub(super) const OWN_WORDS: u64 = 1 << 40;

/// The Guide's fixed lines speak of danger by name; everything else has to pass whole.
fn through_gate(agent: Agent, text: &str, fixed: bool) -> Result<Gated, Blocked> {
    if fixed { Gate.fixed(text) } else { Gate.pass(agent, text) }
}

impl Session {
    /// Lets a line be heard after the others, not before `after` has passed since now.
    pub(super) fn say(&mut self, spoken: Spoken, after: Millis) {
        if spoken.agent == Agent::Devil && self.devil_is_barred() {
            return;
        }
        let not_before = self.clock.now() + after;
        self.speech.queue.push_back(Queued { spoken, not_before });
        self.moved = true;
    }

    /// Whether nobody speaks and nobody is about to, the person included.
    pub(super) fn is_quiet(&self) -> bool {
        self.speech.current.is_none() && self.speech.queue.is_empty() && self.speech.held.is_none()
    }

    /// Whether a line of `agent` is being heard.
    pub(super) fn speaks(&self, agent: Agent) -> bool {
        self.speech.current.as_ref().is_some_and(|line| line.agent == agent)
    }

    /// The line that is being spoken.
    pub(super) fn speaking(&self) -> Option<LineId> {
        self.speech.current.as_ref().map(|line| line.id)
    }

    /// Starts the next line when its time has come, and gives up one whose end was never told.
    pub(super) fn pump_speech(&mut self) {
        if let Some(line) = &self.speech.current {
            let gives_up = line.gives_up;
            if !self.clock.due(gives_up) {
                return;
            }
            // A hushed line ended about when it was hushed; any other is taken as heard.
            let whole = line.text.chars().count();
            let heard = if line.hushed.is_some() { line.heard_so_far(gives_up) } else { whole };
            let id = line.id;
            self.out.push(Effect::Hush(Hush::Now));
            self.record(Kind::Fault {
                part: "voice".to_owned(),
                what: "a line's end was never told".to_owned(),
            });
            self.line_ended(id, heard);
        }
        if let Some(since) = self.speech.held {
            if !self.clock.due(since + timing::COMPOSING) {
                return;
            }
            self.speech.held = None;
        }
        while self.speech.current.is_none() {
            let Some(front) = self.speech.queue.front() else {
                return;
            };
            let not_before = front.not_before;
            if !self.clock.due(not_before) {
                return;
            }
            if let Some(queued) = self.speech.queue.pop_front() {
                self.start_line(queued.spoken);
            }
        }
    }

    fn start_line(&mut self, spoken: Spoken) {
        if spoken.agent == Agent::Devil && self.devil_is_barred() {
            return;
        }
        let gated = match through_gate(spoken.agent, &spoken.text, spoken.fixed) {
            Ok(gated) => gated,
            Err(blocked) => {
                self.moved = true;
                self.record(Kind::Fault { part: "gate".to_owned(), what: blocked.to_string() });
                return;
            }
        };
        self.speech.cut = None;
        let text = gated.as_str().to_owned();
        let (id, index) = match spoken.own {
            Some((line, utterance)) => {
                self.record(Kind::Replay { line, utterance, text: text.clone() });
                (line, usize::MAX)
            }
            None => self.write_line(&spoken, &text),
        };
        let current = Current {
            id,
            agent: spoken.agent,
            manner: spoken.manner,
            fixed: spoken.fixed,
            own: spoken.own.map(|(_, utterance)| utterance),
            index,
            gives_up: self.give_up_time(&text, spoken.own.is_some()),
            text,
            hushed: None,
            since: self.clock.now(),
            from: 0,
            heard: 0,
            dropped: false,
        };
        self.speak(&current, gated, 0);
        self.speech.current = Some(current);
    }

    /// A figure's line is written down: its number, and where it stands in the lines of the evening.
    fn write_line(&mut self, spoken: &Spoken, text: &str) -> (LineId, usize) {
        let id = self.speech.next.take_next();
        self.record(Kind::Line {
            agent: spoken.agent,
            line: id,
            text: text.to_owned(),
            manner: spoken.manner,
            callback: spoken.callback,
            distortion: spoken.distortion,
        });
        self.record_note(id, &spoken.note);
        self.lines.push(SpokenLine {
            agent: spoken.agent,
            text: text.to_owned(),
            round: self.round,
            callback: spoken.callback,
        });
        (id, self.lines.len() - 1)
    }

    fn record_note(&mut self, line: LineId, note: &Note) {
        match *note {
            Note::None => {}
            Note::Scene(window) => self.record(Kind::Scene { line, window }),
            Note::Hint(aim, because) => self.record(Kind::Hint { line, aim, because }),
            Note::Feedback(skills) => self.record(Kind::Feedback { line: Some(line), skills }),
        }
    }

    fn speak(&mut self, current: &Current, text: Gated, from: usize) {
        self.out.push(Effect::Speak(Line {
            id: current.id,
            agent: current.agent,
            text,
            manner: current.manner,
            own: current.own,
            from,
        }));
    }

    /// Of the person's own words more may be heard than stands in them: the sentence, where they are not apart from it.
    fn give_up_time(&self, text: &str, own: bool) -> Millis {
        let reading = timing::reading_time(text);
        let more = if own { timing::LONGEST_SAID } else { Millis(0) };
        self.clock.now() + Millis(reading.0 * 3 + 5_000) + more
    }

    /// A line is over: only what was heard of it is remembered.
    pub(super) fn line_ended(&mut self, id: LineId, heard: usize) {
        let Some(mut current) = self.speech.current.take_if(|line| line.id == id) else {
            return;
        };
        let whole = current.text.chars().count();
        let heard = heard.min(whole);
        current.heard = heard;
        let goes_on = std::mem::take(&mut self.speech.goes_on);
        self.record(Kind::Heard { line: id, chars: heard });
        self.speech.quiet_since = self.clock.now();
        if heard < whole {
            if let Some(line) = self.lines.get_mut(current.index) {
                line.text = text::first_chars(&current.text, heard).trim_end().to_owned();
            }
            self.speech.cut = (!current.dropped).then_some(current);
            if goes_on && !self.clock.is_held() {
                self.continue_cut_line();
            }
        }
    }

    /// Stops the line that is being heard. A line that stops after its word can still be stopped at once.
    pub(super) fn hush(&mut self, how: Hush) {
        let gives_up = self.clock.now() + timing::HUSHED;
        let Some(line) = &mut self.speech.current else { return };
        if line.hushed == Some(how) || line.hushed == Some(Hush::Now) {
            return;
        }
        line.hushed = Some(how);
        line.gives_up = line.gives_up.min(gives_up);
        self.out.push(Effect::Hush(how));
    }

    /// Stops the line that is being heard, and waits for no word of its end.
    pub(super) fn silence(&mut self) {
        self.speech.held = None;
        self.hush(Hush::Now);
        if let Some(line) = self.speech.current.take() {
            let chars = line.heard_so_far(self.clock.now());
            self.record(Kind::Heard { line: line.id, chars });
        }
    }

    /// What was heard of the line that is being cut, where its end was not told yet: its place among the lines, and
    /// its beginning.
    pub(super) fn cut_short(&self) -> Option<(usize, &str)> {
        let line = self.speech.current.as_ref().filter(|line| line.hushed.is_some())?;
        let heard = line.heard_so_far(self.clock.now());
        Some((line.index, text::first_chars(&line.text, heard).trim_end()))
    }

    /// Forgets the lines that wait to be spoken.
    pub(super) fn clear_queue(&mut self) {
        self.speech.queue.clear();
        self.forget_cut_line();
    }

    /// A line that is being cut, or was, does not go on later.
    pub(super) fn forget_cut_line(&mut self) {
        self.speech.cut = None;
        self.speech.goes_on = false;
        if let Some(line) = &mut self.speech.current {
            line.dropped = true;
        }
    }

    /// Lets a line that was cut go on from where it was heard.
    pub(super) fn continue_cut_line(&mut self) {
        if self.speech.current.is_some() {
            // Its end has not been told yet.
            self.speech.goes_on = self.speech.current.as_ref().is_some_and(|line| line.hushed.is_some());
            return;
        }
        let Some(mut line) = self.speech.cut.take() else {
            return;
        };
        if line.agent == Agent::Devil && self.devil_is_barred() {
            return;
        }
        let heard = line.heard;
        let passed = through_gate(line.agent, &line.text, line.fixed);
        if let Ok(gated) = passed {
            if let Some(spoken) = self.lines.get_mut(line.index) {
                spoken.text.clone_from(&line.text);
            }
            line.hushed = None;
            line.since = self.clock.now();
            line.from = heard;
            line.gives_up = self.give_up_time(&line.text, line.own.is_some());
            self.speak(&line, gated, heard);
            self.speech.current = Some(line);
        }
    }
}
