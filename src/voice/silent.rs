//! The voice of a host without sound: a line lasts as long as it takes to read it in peace.

use super::Voice;
use crate::dialogue::effect::{Hush, Line};
use crate::dialogue::ids::{LineId, Millis};
use crate::dialogue::{Input, timing};

/// Keeps the time of the line that is being read.
#[derive(Debug, Default)]
pub struct SilentVoice {
    current: Option<Reading>,
}

#[derive(Debug)]
struct Reading {
    line: LineId,
    text: String,
    from: usize,
    since: Millis,
    ends: Millis,
}

impl Voice for SilentVoice {
    fn speak(&mut self, line: &Line, now: Millis, inputs: &mut Vec<Input>) {
        self.hush(Hush::Now, now, inputs);
        let text = line.text.as_str().to_owned();
        let rest: String = text.chars().skip(line.from).collect();
        inputs.push(Input::LineStarted(line.id));
        self.current = Some(Reading {
            line: line.id,
            from: line.from,
            since: now,
            ends: now + timing::reading_time(&rest),
            text: rest,
        });
    }

    fn hush(&mut self, _how: Hush, now: Millis, inputs: &mut Vec<Input>) {
        if let Some(reading) = self.current.take() {
            let heard = reading.from + timing::heard_after(&reading.text, now.since(reading.since));
            inputs.push(Input::LineEnded { line: reading.line, heard });
        }
    }

    fn poll(&mut self, now: Millis, inputs: &mut Vec<Input>) {
        if let Some(reading) = self.current.take_if(|reading| reading.ends <= now) {
            let heard = reading.from + reading.text.chars().count();
            inputs.push(Input::LineEnded { line: reading.line, heard });
        }
    }

    fn next_deadline(&self) -> Option<Millis> {
        self.current.as_ref().map(|reading| reading.ends)
    }

    fn is_quiet(&self) -> bool {
        self.current.is_none()
    }
}
