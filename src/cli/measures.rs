//! `inner-room measures`: what was answered, over all kept evenings, as numbers and nothing more.

use std::io::Write as _;

use serde_json::{Value, json};

use super::args::MeasuresArgs;
use super::sessions::{not_in_an_exhibition, print_json};
use super::{CliError, data_folder, load_settings};
use crate::config::{Settings, measures};
use crate::dialogue::measures::{Measure, Row, When, rows};
use crate::dialogue::text::clean;
use crate::journal::{Journal, export};
use crate::words::{self, Words};

/// The columns of a table for programs.
const COLUMNS: [&str; 10] =
    ["session", "begun", "measure", "when", "scale", "name", "sum", "mean", "answered", "items"];

/// Prints them, or under which terms the measures stand.
pub(super) fn run(args: &MeasuresArgs) -> Result<(), CliError> {
    let settings = load_settings(args.config.as_deref())?;
    let words = Words::load(settings.lang.as_deref().filter(|lang| words::is_there(lang)).unwrap_or("en"))?;
    if args.licences {
        return print_licences(&settings, &words);
    }
    not_in_an_exhibition(&settings)?;
    let rows = kept(&settings)?;
    if args.json {
        print_json(&rows.iter().map(as_json).collect())
    } else if args.csv {
        print_csv(&rows)
    } else {
        print_table(&rows, &words)
    }
}

/// What was answered, scale by scale, the first evening first.
pub(super) fn kept(settings: &Settings) -> Result<Vec<Row>, CliError> {
    let journal = Journal::open_existing(&data_folder(settings)?)?;
    let sessions = journal.as_ref().map(Journal::sessions).transpose()?.unwrap_or_default();
    Ok(sessions.iter().flat_map(|it| rows(it.number, it.begun_ms, &it.events)).collect())
}

fn as_json(row: &Row) -> Value {
    json!({
        "session": row.session,
        "begun": export::timestamp(row.begun_ms),
        "measure": row.measure,
        "when": row.when,
        "scale": row.score.scale,
        "name": row.score.name,
        "sum": row.score.sum,
        "mean": row.score.mean,
        "answered": row.score.answered,
        "items": row.score.items,
    })
}

fn print_csv(rows: &[Row]) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", COLUMNS.join(","))?;
    for row in rows.iter().map(as_json) {
        let cells = COLUMNS.map(|column| cell(&row[column]));
        writeln!(out, "{}", cells.join(","))?;
    }
    Ok(())
}

/// A value as it stands in a comma-separated line (RFC 4180); empty where there is none.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.contains([',', '"', '\n', '\r']) => {
            format!("\"{}\"", text.replace('"', "\"\""))
        }
        Value::String(text) => text.clone(),
        number => number.to_string(),
    }
}

fn print_table(rows: &[Row], words: &Words) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    if rows.is_empty() {
        writeln!(out, "{}", words.get("measures-none"))?;
        return Ok(());
    }
    let head = [
        "measures-evening",
        "measures-measure",
        "measures-when",
        "measures-scale",
        "measures-sum",
        "measures-mean",
        "measures-answered",
    ];
    let mut lines = vec![head.map(|name| words.get(name))];
    lines.extend(rows.iter().map(|row| shown(row, words)));
    let widths: [usize; 7] = std::array::from_fn(|column| {
        lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default()
    });
    for line in &lines {
        let padded = line.iter().zip(widths).map(|(text, width)| format!("{text:width$}"));
        writeln!(out, "{}", padded.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// A row as a person reads it; a dash where an answer is missing.
fn shown(row: &Row, words: &Words) -> [String; 7] {
    let score = &row.score;
    let dash = || "-".to_owned();
    let when = match row.when {
        When::Before => "measures-before",
        When::After => "measures-after",
    };
    let measure = Measure::of(row.measure).map_or(row.measure.name(), |measure| measure.name.as_str());
    [
        format!("{}: {}", row.session, export::moment(row.begun_ms)),
        measure.to_owned(),
        words.get(when),
        score.name.clone(),
        score.sum.map_or_else(dash, |sum| sum.to_string()),
        score.mean.map_or_else(dash, |mean| format!("{mean:.2}")),
        format!("{}/{}", score.answered, score.items),
    ]
}

fn print_licences(settings: &Settings, words: &Words) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    let named = settings.measures.as_ref();
    for (at, measure) in measures::load(settings)?.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{} ({}): {}.", measure.name, measure.instrument.name(), measure.about)?;
        let terms = [
            ("measures-source", &measure.source),
            ("measures-licence", &measure.licence),
            ("measures-permission", &measure.permission),
        ];
        for (name, text) in terms {
            writeln!(out, "{}", clean(&words.with(name, &[("text", text)])))?;
        }
        if named.is_some_and(|named| named.contains_key(&measure.instrument)) {
            writeln!(out, "{}", words.get("measures-brought"))?;
        }
    }
    Ok(())
}
