//! The nearest of our own written examples: cosine over words, weighed by how rare they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::stray::plain_words;

/// A row of a file, column by column.
pub(super) type Row = Vec<String>;

/// Examples, and how they are found.
#[derive(Debug, Default)]
pub(super) struct Nearest {
    rows: Vec<(Row, HashMap<String, f32>)>,
    rarity: HashMap<String, f32>,
}

impl Nearest {
    /// Reads rows of so many columns, of which one is the text.
    pub(super) fn new(lines: impl Iterator<Item = String>, columns: usize, text: usize) -> Self {
        let rows: Vec<Row> = lines
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split('\t').map(str::to_owned).collect::<Row>())
            .filter(|row| row.len() == columns)
            .collect();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for row in &rows {
            for word in words(&row[text]) {
                *counts.entry(word).or_default() += 1;
            }
        }
        let all = rows.len() as f32;
        let rarity: HashMap<String, f32> =
            counts.into_iter().map(|(word, count)| (word, (all / count as f32).ln() + 1.0)).collect();
        let rows =
            rows.into_iter().map(|row| (vector(&row[text], &rarity), row)).map(|(v, row)| (row, v)).collect();
        Self { rows, rarity }
    }

    /// All rows, the nearest first.
    pub(super) fn nearest(&self, text: &str) -> Vec<&Row> {
        let wanted = vector(text, &self.rarity);
        let mut found: Vec<(f32, usize)> =
            self.rows.iter().enumerate().map(|(at, (_, vector))| (cosine(&wanted, vector), at)).collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, at)| &self.rows[at].0).collect()
    }

    /// The nearest row of each kind, at most so many.
    pub(super) fn one_of_each(&self, text: &str, kind: impl Fn(&Row) -> String, most: usize) -> Vec<&Row> {
        let mut seen = BTreeSet::new();
        let each = self.nearest(text).into_iter().filter(|row| seen.insert(kind(row)));
        each.take(most).collect()
    }
}

fn words(text: &str) -> BTreeSet<String> {
    plain_words(text).into_iter().collect()
}

/// Words with their weights, of length one.
fn vector(text: &str, rarity: &HashMap<String, f32>) -> HashMap<String, f32> {
    let weights: Vec<(String, f32)> = words(text)
        .into_iter()
        .filter_map(|word| rarity.get(&word).map(|weight| (word.clone(), *weight)))
        .collect();
    let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(1e-6);
    weights.into_iter().map(|(word, weight)| (word, weight / length)).collect()
}

fn cosine(one: &HashMap<String, f32>, other: &HashMap<String, f32>) -> f32 {
    let (few, many) = if one.len() < other.len() { (one, other) } else { (other, one) };
    // The sum does not depend on the order in more than its last digits, and ties fall back on the row's number.
    let mut products: Vec<f32> =
        few.iter().filter_map(|(word, weight)| Some(weight * many.get(word)?)).collect();
    products.sort_by(f32::total_cmp);
    products.into_iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_with_the_rarer_words_in_common_is_nearer() {
        let rows =
            ["a\tyou did it on Tuesday", "b\tI am here with you", "a\tthe report was finished on Tuesday"];
        let nearest = Nearest::new(rows.into_iter().map(str::to_owned), 2, 1);
        assert_eq!(nearest.nearest("but the report is finished")[0][1], rows[2][2..]);
        let kinds: Vec<_> = nearest
            .one_of_each("on Tuesday", |row| row[0].clone(), 5)
            .into_iter()
            .map(|row| row[0].clone())
            .collect();
        assert_eq!(kinds, ["a", "b"]);
    }
}
