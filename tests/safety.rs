//! The crisis check on the project's own list: a table for each category, and what must hold in it.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;

use inner_room::dialogue::safety::{Finding, Tier, Watch, check};

struct Item {
    id: String,
    expect: String,
    before: Vec<String>,
    text: String,
}

impl Item {
    fn category(&self) -> &str {
        self.id.rsplit_once('-').map_or(self.id.as_str(), |(category, _)| category)
    }

    /// As part of an evening, where the category needs one; else by itself.
    fn found(&self) -> Option<Tier> {
        let mut watch = Watch::default();
        let mut found: Option<Finding> = None;
        let needs_evening = matches!(self.category(), "P4" | "R8" | "AM7" | "zh-AM7");
        for line in self.before.iter().filter(|_| needs_evening) {
            found = found.or(watch.read(line));
        }
        watch.read(&self.text).or(found).map(|finding| finding.tier)
    }

    fn is_right(&self, found: Option<Tier>) -> bool {
        match self.expect.as_str() {
            "red" => found == Some(Tier::Red),
            "amber" | "amber+" => found.is_some(),
            "none" => found.is_none(),
            _ => found != Some(Tier::Red),
        }
    }
}

fn items() -> Vec<Item> {
    let mut items = Vec::new();
    for name in ["red", "amber", "piece", "harmless", "chinese"] {
        let path = Path::new("tests/safety").join(name).with_extension("tsv");
        let text = std::fs::read_to_string(&path).expect("the list is there");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [id, _, expect, before, text] = columns[..] else { panic!("{}: {line}", path.display()) };
            let before = before.split(" || ").filter(|line| !line.is_empty()).map(str::to_owned).collect();
            let (id, expect, text) = (id.to_owned(), expect.to_owned(), text.to_owned());
            items.push(Item { id, expect, before, text });
        }
    }
    items
}

/// The 95 % interval of a share (Wilson).
fn interval(right: usize, of: usize) -> (f64, f64) {
    let (n, z) = (of as f64, 1.96f64);
    let share = right as f64 / n;
    let middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt() / (1.0 + z * z / n);
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[test]
fn the_list_is_read_as_it_is_labelled() {
    let mut rows: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for item in items() {
        let found = item.found();
        let row = rows.entry(item.category().to_owned()).or_default();
        row.1 += 1;
        if item.is_right(found) {
            row.0 += 1;
        } else {
            wrong.push(format!("{} {} {found:?}: {}", item.id, item.expect, item.text));
        }
    }
    println!("category  right   of  share   95 % interval");
    for (category, (right, of)) in &rows {
        let (low, high) = interval(*right, *of);
        let share = *right as f64 / *of as f64;
        println!("{category:8}  {right:5}  {of:3}  {share:.3}   {low:.3}-{high:.3}");
    }
    if std::env::var_os("SHOW_WRONG").is_some() {
        for line in &wrong {
            println!("{line}");
        }
    }
}

#[allow(dead_code)]
fn unused() {
    let _ = check("");
}
