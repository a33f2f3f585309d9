//! Classes of words: what patterns name, and what words are about.

use std::collections::HashMap;
use std::sync::LazyLock;

static CLASS_FILE: &str = include_str!("../../../assets/safety/classes.tsv");
static TOPIC_FILE: &str = include_str!("../../../assets/safety/topics.tsv");

/// Classes of words, in the order of the file.
pub(super) struct Classes {
    names: Vec<&'static str>,
    of: HashMap<&'static str, Vec<u8>>,
}

/// The classes that patterns name.
pub(super) static CLASSES: LazyLock<Classes> = LazyLock::new(|| Classes::read(CLASS_FILE));
/// What words are about, for the classifier alone.
pub(super) static TOPICS: LazyLock<Classes> = LazyLock::new(|| Classes::read(TOPIC_FILE));

impl Classes {
    fn read(file: &'static str) -> Self {
        let mut classes = Self { names: Vec::new(), of: HashMap::new() };
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, words)) = line.split_once('\t') else { continue };
            let Ok(index) = u8::try_from(classes.names.len()) else { break };
            classes.names.push(name);
            for word in words.split_whitespace() {
                classes.of.entry(word).or_default().push(index);
            }
        }
        classes
    }

    /// The classes of a word, by number, in the order of the file.
    pub(super) fn of(&self, word: &str) -> &[u8] {
        self.of.get(word).map_or(&[], Vec::as_slice)
    }

    /// The name of a class.
    pub(super) fn name(&self, class: u8) -> &'static str {
        self.names.get(usize::from(class)).copied().unwrap_or_default()
    }

    /// The number of a class.
    pub(super) fn number(&self, name: &str) -> Option<u8> {
        self.names.iter().position(|of| *of == name).and_then(|at| u8::try_from(at).ok())
    }

    /// The words of a class.
    pub(super) fn words_of(&self, class: u8) -> impl Iterator<Item = &'static str> {
        self.of.iter().filter(move |(_, classes)| classes.contains(&class)).map(|(word, _)| *word)
    }
}
