//! What a monitor reads: Prometheus' text exposition format, version 0.0.4. Numbers only, and names of parts.

use std::fmt::Write as _;

use super::board::{Board, Count, Part, State};

/// The content type of the format.
pub(super) const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Names and meanings of what is counted.
fn family(what: Count) -> (&'static str, &'static str) {
    match what {
        Count::Begun => ("inner_room_visits_begun_total", "Visits that began."),
        Count::Finished => ("inner_room_visits_finished_total", "Visits that came to their own end."),
        Count::LeftEarly => {
            ("inner_room_visits_left_early_total", "Visits whose visitor left before the end.")
        }
        Count::Wiped => ("inner_room_visits_wiped_total", "Visits of which nothing is left."),
        Count::StagesFell => ("inner_room_stages_fell_total", "Stages that fell and were started again."),
        Count::HostsFell => ("inner_room_hosts_fell_total", "Hosts that fell and were started again."),
        Count::Calls => ("inner_room_staff_calls_total", "Calls for a person."),
        Count::CallsFailed => {
            ("inner_room_staff_calls_failed_total", "Calls for a person that did not work.")
        }
        Count::Sos => ("inner_room_sos_total", "Visits in which the help card came up."),
        Count::Refused => ("inner_room_tokens_refused_total", "Wrong tokens at the page for the staff."),
    }
}

/// The board in that format.
pub(super) fn text(board: &Board, station: &str) -> String {
    let mut page = Page { text: String::with_capacity(4096), station: escaped(station) };
    for what in Count::ALL {
        let (name, help) = family(what);
        page.head(name, "counter", help);
        page.sample(name, None, board.counted(what));
    }
    page.head("inner_room_faults_total", "counter", "Faults, by part.");
    for part in Part::ALL {
        page.sample("inner_room_faults_total", Some(("part", part.name())), board.faults(part));
    }
    page.head("inner_room_part_well", "gauge", "Whether a part is well.");
    for part in Part::ALL {
        page.sample("inner_room_part_well", Some(("part", part.name())), u64::from(board.is_well(part)));
    }
    page.head("inner_room_state", "gauge", "What the exhibition does: 1 for the one state that holds.");
    let held = board.state();
    for state in State::ALL {
        page.sample("inner_room_state", Some(("state", state.name())), u64::from(state == held));
    }
    page.head("inner_room_beat_age_seconds", "gauge", "Seconds since the last sign of life.");
    page.sample("inner_room_beat_age_seconds", None, format_args!("{:.3}", board.beat_age().as_secs_f64()));
    page.head("process_start_time_seconds", "gauge", "When it was started, in seconds since 1970.");
    page.sample("process_start_time_seconds", None, board.started_s());
    page.text
}

struct Page {
    text: String,
    station: String,
}

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    fn sample(&mut self, name: &str, label: Option<(&str, &str)>, value: impl std::fmt::Display) {
        let station = std::mem::take(&mut self.station);
        match label {
            None => self.line(format_args!("{name}{{station=\"{station}\"}} {value}\n")),
            Some((label, its)) => {
                self.line(format_args!("{name}{{station=\"{station}\",{label}=\"{its}\"}} {value}\n"));
            }
        }
        self.station = station;
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // A text takes whatever is written to it.
        if self.text.write_fmt(line).is_err() {}
    }
}

/// A label's value: backslash, quotation mark and line feed are escaped, as the format asks for.
fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_states_and_parts_are_told_apart_by_name_and_label() {
        let board = Board::new();
        board.count(Count::Begun);
        board.count(Count::Begun);
        board.fault(Part::Stage);
        board.set_state(State::Visit);
        let text = text(&board, "hall 2");
        for line in [
            "inner_room_visits_begun_total{station=\"hall 2\"} 2",
            "inner_room_faults_total{station=\"hall 2\",part=\"stage\"} 1",
            "inner_room_faults_total{station=\"hall 2\",part=\"host\"} 0",
            "inner_room_part_well{station=\"hall 2\",part=\"stage\"} 0",
            "inner_room_state{station=\"hall 2\",state=\"visit\"} 1",
            "inner_room_state{station=\"hall 2\",state=\"closed\"} 0",
        ] {
            assert!(text.lines().any(|it| it == line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn a_label_cannot_end_its_own_line() {
        let text = text(&Board::new(), "a\"b\\c\nd");
        assert!(text.contains("station=\"a\\\"b\\\\c\\nd\""), "{text}");
    }
}
