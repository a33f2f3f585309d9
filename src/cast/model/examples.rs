//! Examples from our own written sets, the nearest to what was said (IMBUE 4.1).

use std::collections::HashSet;

use minijinja::context;
use minijinja::value::Value;

use super::nearest::Nearest;
use super::prompts::{FOLDER, name};
use crate::cast::story::material::texts;
use crate::dialogue::moves::Move;
use crate::dialogue::request::Task;

/// The sets.
#[derive(Debug)]
pub(super) struct Examples {
    moves: Nearest,
    skills: Nearest,
}

impl Examples {
    /// Reads what is built in.
    pub(super) fn read() -> Self {
        Self { moves: move_examples(), skills: skill_examples() }
    }

    /// The nearest examples from our own written sets: of moves for the Strategist, and of each skill at each level for
    /// the rater (IMBUE 4.1).
    pub(super) fn demos(&self, task: &Task, said: &str) -> Vec<Value> {
        match task {
            Task::Verdict => self
                .moves
                .one_of_each(said, |row| row[0].clone(), 5)
                .into_iter()
                .map(|row| context! { kind => &row[0], text => &row[1] })
                .collect(),
            Task::Feedback { .. } => self
                .skills
                .one_of_each(said, |row| format!("{} {}", row[0], row[1]), 19)
                .into_iter()
                .map(|row| {
                    let rating = match row[1].as_str() {
                        "yes" => "true",
                        "no" => "false",
                        rating => rating,
                    };
                    context! { skill => &row[0], rating => rating, text => &row[3], reasoning => &row[4] }
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Contrasting pairs: the nearest examples that lack a skill, each of another one, and the same with it (IMBUE 4.1).
    pub(super) fn pairs(&self, task: &Task, said: &str) -> Vec<Value> {
        if !matches!(task, Task::Feedback { .. }) {
            return Vec::new();
        }
        let mut seen = HashSet::new();
        let lacking = self.skills.nearest(said).into_iter().filter(|row| {
            !row[5].is_empty() && ["weak", "absent"].contains(&row[1].as_str()) && seen.insert(row[0].clone())
        });
        lacking
            .take(2)
            .map(|row| context! { skill => &row[0], level => &row[1], weak => &row[3], strong => &row[5] })
            .collect()
    }
}

/// Examples of moves. What is none (a remark about something else) is told as that.
fn move_examples() -> Nearest {
    let names: HashSet<String> = Move::ALL.into_iter().map(|kind| name(&kind)).collect();
    let files = texts("reading/examples");
    let rows = files.into_iter().flat_map(str::lines).map(|line| match line.split_once('\t') {
        Some((kind, text)) if !kind.starts_with('#') && !names.contains(kind) => format!("no move\t{text}"),
        _ => line.to_owned(),
    });
    Nearest::new(rows, 2, 1)
}

fn skill_examples() -> Nearest {
    let file = FOLDER.get_file("skills.tsv").and_then(|file| file.contents_utf8()).unwrap_or_default();
    Nearest::new(file.lines().map(str::to_owned), 6, 3)
}
