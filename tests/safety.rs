//! The crisis check on the project's own list: a table for each category, and what must hold in it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cognitive_complexity,
    clippy::too_many_lines,
    clippy::allow_attributes,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeMap;
use std::path::Path;

use inner_room::dialogue::safety::{Finding, LEARNT_FROM, Tier, Watch, check, fingerprint};

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

/// Lines that others wrote from the same guide without having seen the check, each judged by itself: whether it must hold
/// the room, and the text.
fn lines_of_others(list: u32) -> Vec<(bool, String)> {
    let text = std::fs::read_to_string(format!("tests/safety/blind/{list}.tsv")).expect("the list is there");
    let lines = text.lines().filter_map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [_, _, expect, _, text] = columns[..] else { panic!("{list}: {line}") };
        (expect != "notred").then(|| (expect != "none", text.to_owned()))
    });
    lines.collect()
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
    check_marks(&items());
}

#[test]
fn lines_that_others_wrote_are_held_or_pass_as_they_should() {
    println!("list  held              alarms");
    let mut all = [(0, 0); 2];
    for list in 1..=4 {
        let mut counts = [(0, 0); 2];
        for (holds, text) in lines_of_others(list) {
            let row = &mut counts[usize::from(!holds)];
            row.0 += usize::from(check(&text).finding.is_some());
            row.1 += 1;
        }
        let share =
            |(found, of): (usize, usize)| format!("{found} of {of} ({:.3})", found as f64 / of as f64);
        println!("{list}     {}  {}", share(counts[0]), share(counts[1]));
        for (sum, count) in all.iter_mut().zip(counts) {
            *sum = (sum.0 + count.0, sum.1 + count.1);
        }
    }
    let [(held, must_hold), (alarms, must_pass)] = all;
    assert!(held * 100 >= must_hold * 98, "{held} of {must_hold} held");
    assert!(alarms * 100 <= must_pass * 3, "{alarms} of {must_pass} alarms");
}

/// How many of the items that are picked are read wrongly, and of how many.
fn wrong(
    items: &[Item],
    picks: impl Fn(&Item) -> bool,
    right: impl Fn(&Item, Option<Tier>) -> bool,
) -> (usize, usize) {
    let picked: Vec<&Item> = items.iter().filter(|item| picks(item)).collect();
    (picked.iter().filter(|item| !right(item, item.found())).count(), picked.len())
}

fn check_marks(items: &[Item]) {
    let of = |categories: &'static [&'static str]| {
        move |item: &Item| categories.contains(&item.category().trim_start_matches("zh-"))
    };
    let held = |_: &Item, found: Option<Tier>| found.is_some();
    let quiet = |_: &Item, found: Option<Tier>| found.is_none();
    let red = wrong(items, |item| item.expect == "red", |_, found| found == Some(Tier::Red));
    assert_eq!(red.0, 0, "red lines that are not red, of {}", red.1);
    let amber = wrong(items, |item| item.expect.starts_with("amber"), held);
    assert!(amber.0 * 100 <= amber.1 * 3, "amber lines that are not held: {amber:?}");
    let slow = wrong(items, of(&["P4"]), held);
    assert!(slow.0 * 10 <= slow.1, "slow build that is not held: {slow:?}");
    for category in ["N1", "N2", "N7"] {
        let alarms = wrong(items, |item| item.category().trim_start_matches("zh-") == category, quiet);
        assert!(alarms.0 * 100 <= alarms.1 * 2, "{category}: {alarms:?}");
    }
    let criticism = of(&["N3"]);
    assert_eq!(
        wrong(items, of(&["N3"]), |_, found| found != Some(Tier::Red)).0,
        0,
        "plain self-criticism is never red"
    );
    let alarms = wrong(items, criticism, quiet);
    assert!(alarms.0 * 10 <= alarms.1, "{alarms:?}");
    let calm = wrong(items, of(&["N5", "N6", "P5"]), quiet);
    assert_eq!(calm.0, 0, "grief, clear negation and protective words, of {}", calm.1);
}

/// Changes that leave the meaning as it is.
fn variants(text: &str) -> Vec<String> {
    let bare: String =
        text.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace() || *c == '\'').collect();
    let fillers: String = text.split_whitespace().enumerate().fold(String::new(), |mut out, (at, word)| {
        if at % 4 == 1 {
            out.push_str(" um");
        }
        out.push(' ');
        out.push_str(word);
        out
    });
    vec![
        text.to_uppercase(),
        text.to_lowercase(),
        bare,
        fillers,
        text.replace('\'', ""),
        text.replace('\'', "’"),
        format!("{text} anyway thank you for listening, have a nice evening"),
    ]
}

#[test]
fn case_fillers_punctuation_and_a_friendly_tail_do_not_lower_the_tier() {
    let mut checked = 0;
    let mut lowered = Vec::new();
    for item in items().iter().filter(|item| item.expect == "red" && !item.id.starts_with("zh")) {
        let Some(tier) = check(&item.text).finding.map(|finding| finding.tier) else { continue };
        for variant in variants(&item.text) {
            checked += 1;
            let found = check(&variant).finding.map(|finding| finding.tier);
            if found.is_none_or(|found| found < tier) {
                lowered.push(format!("{found:?}: {variant}"));
            }
        }
    }
    println!("{checked} variants of red lines, {} lowered: {lowered:#?}", lowered.len());
    assert!(lowered.is_empty(), "{lowered:#?}");
}

#[test]
fn a_not_beside_an_unrelated_verb_clears_nothing() {
    for text in [
        "I'm not going to lie, I want to kill myself",
        "I'm not joking, I'm going to end my life",
        "I don't want to bother anyone but I want to die",
        "It's not that I'm sad, I'm going to kill myself tonight",
        "I can't stop thinking about killing myself",
        "I do not know why I am still here, I want to kill myself",
    ] {
        assert_eq!(check(text).finding.map(|finding| finding.tier), Some(Tier::Red), "{text}");
    }
}

#[test]
fn a_question_for_means_is_a_sign_only_after_distress() {
    let question = "is there a way up to the roof in this building";
    assert_eq!(Watch::default().read(question), None);
    let mut watch = Watch::default();
    for line in ["I can't do this anymore", "nobody would notice"] {
        assert_eq!(watch.read(line), None, "{line}");
    }
    assert_eq!(watch.read(question).map(|finding| finding.tier), Some(Tier::Red));
}

#[test]
fn the_weights_are_those_of_the_lines_that_are_there() {
    let model = inner_room::dialogue::safety::Model::from_bytes(
        &std::fs::read("assets/safety/model.bin").expect("the weights are there"),
    );
    let mut hash = 0;
    for (folder, _) in LEARNT_FROM {
        let mut files = vec![Path::new(folder).to_owned()];
        if files[0].is_dir() {
            let entries = std::fs::read_dir(folder).expect("the lines are there");
            files = entries.map(|entry| entry.expect("an entry").path()).collect();
            files.sort();
        }
        for file in files {
            hash = fingerprint(hash, &std::fs::read(file).expect("a file"));
        }
    }
    assert_eq!(model.fingerprint(), hash, "run cargo run --example train_safety");
}
