//! An instrument: what is asked, what can be answered, what makes a scale, and whose it is.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use serde::Deserialize;

use super::answers::{AnswerError, Answers, Score};
use super::words::Wording;
use super::{Instrument, When};

/// The instruments of the program. A test reads every file; one that could not be read would not be offered.
static BUILT_IN: LazyLock<Vec<Measure>> = LazyLock::new(|| {
    Instrument::ALL.into_iter().filter_map(|instrument| Measure::from_toml(instrument.file()).ok()).collect()
});

/// Why the file of an instrument, or of its words, cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// It is no TOML, or a key is missing, unknown or of the wrong type.
    #[error("{0}")]
    Toml(String),
    /// The lowest answer is not below the highest, or an item is there twice, or there is none.
    #[error("its items or its answers do not hold together: {0}")]
    Items(String),
    /// A scale names an item that there is not, or reverses one that it does not count.
    #[error("the scale {scale} names the item {item}, which it does not have")]
    Scale {
        /// Which scale.
        scale: String,
        /// Which item.
        item: String,
    },
    /// There are more or fewer words than there is place for.
    #[error("there are {found} {what}; there must be {wanted}, in the published order, none of them empty")]
    Words {
        /// `labels` or `items`.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there must be.
        wanted: usize,
    },
}

/// An instrument.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Which it is.
    pub instrument: Instrument,
    /// What it is called.
    pub name: String,
    /// What it asks, in half a sentence.
    pub about: String,
    when: BTreeSet<When>,
    lowest: u8,
    highest: u8,
    /// Where it was published.
    pub source: String,
    /// Whose it is.
    pub licence: String,
    /// On what grounds its words are part of the program, or why they are not.
    pub permission: String,
    items: Vec<String>,
    #[serde(rename = "scale")]
    scales: Vec<Scale>,
    #[serde(default)]
    words: BTreeMap<String, Wording>,
    /// Words that somebody brought along.
    #[serde(skip)]
    own: Option<Wording>,
}

/// Items that are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Its name in files.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its items.
    pub items: Vec<String>,
    /// Those of them whose answers count the other way round: the lowest as the highest.
    #[serde(default)]
    pub reversed: Vec<String>,
}

impl Measure {
    /// The instrument of the program; none when its file is not in its form.
    #[must_use]
    pub fn of(instrument: Instrument) -> Option<&'static Self> {
        BUILT_IN.iter().find(|measure| measure.instrument == instrument)
    }

    /// Every instrument of the program, in the order in which they are offered.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &BUILT_IN
    }

    /// Reads an instrument.
    ///
    /// # Errors
    /// [`FormError`].
    pub fn from_toml(text: &str) -> Result<Self, FormError> {
        let measure: Self = toml::from_str(text).map_err(|error| FormError::Toml(plainly(&error)))?;
        measure.check_items()?;
        measure.scales.iter().try_for_each(|scale| scale.check(&measure.items))?;
        measure.words.values().try_for_each(|words| words.check(&measure))?;
        Ok(measure)
    }

    /// The same with the words of `text`, in the place of those of the program: `instruction`, `labels` (one for each
    /// answer from the lowest, the inner ones may be empty) and `items` (in the published order). What is counted how
    /// stays as it is.
    ///
    /// # Errors
    /// [`FormError`].
    pub fn with_words(&self, text: &str) -> Result<Self, FormError> {
        self.worded(toml::from_str(text).map_err(|error| FormError::Toml(plainly(&error)))?)
    }

    /// The same with words that were read already.
    ///
    /// # Errors
    /// [`FormError::Words`].
    pub fn worded(&self, words: Wording) -> Result<Self, FormError> {
        words.check(self)?;
        Ok(Self { own: Some(words), ..self.clone() })
    }

    /// The words that were brought along, if there are some.
    #[must_use]
    pub fn own_words(&self) -> Option<&Wording> {
        self.own.as_ref()
    }

    /// Whether it is asked in that language. Of words that were brought along nobody knows: they count as anybody's.
    #[must_use]
    pub fn speaks(&self, lang: &str) -> bool {
        let main = lang.split(['-', '_']).next().unwrap_or_default();
        self.own.is_some() || self.words.contains_key(main)
    }

    fn check_items(&self) -> Result<(), FormError> {
        let once: BTreeSet<&str> = self.items.iter().map(String::as_str).collect();
        let wrong = |why: &str| Err(FormError::Items(why.to_owned()));
        if self.items.is_empty() || once.len() != self.items.len() || once.contains("") {
            return wrong("every item must be there once, by a name");
        }
        if self.lowest >= self.highest {
            return wrong("lowest must be below highest");
        }
        if self.when.is_empty() {
            return wrong("when must hold before, after, or both");
        }
        Ok(())
    }

    /// What it is asked in: words brought along, else those of the language, else the English ones; none where the
    /// program may not have them.
    #[must_use]
    pub fn wording(&self, lang: &str) -> Option<&Wording> {
        let main = lang.split(['-', '_']).next().unwrap_or_default();
        self.own.as_ref().or_else(|| self.words.get(main)).or_else(|| self.words.get("en"))
    }

    /// Whether it is meant for that side of an evening.
    #[must_use]
    pub fn is_for(&self, when: When) -> bool {
        self.when.contains(&when)
    }

    /// Whether it can be offered: it is meant for then, and there are words to ask it in.
    #[must_use]
    pub fn is_offered(&self, when: When) -> bool {
        self.is_for(when) && self.wording("en").is_some()
    }

    /// What can be answered.
    #[must_use]
    pub fn range(&self) -> RangeInclusive<u8> {
        self.lowest..=self.highest
    }

    /// Its items by their names in files, in the published order.
    #[must_use]
    pub fn items(&self) -> &[String] {
        &self.items
    }

    /// What is counted, in the order in which it is shown.
    #[must_use]
    pub fn scales(&self) -> &[Scale] {
        &self.scales
    }

    /// Whether this can be an answer to that item.
    ///
    /// # Errors
    /// [`AnswerError::NoItem`], [`AnswerError::OutOfRange`].
    pub fn takes(&self, item: &str, value: u8) -> Result<(), AnswerError> {
        if !self.items.iter().any(|own| own == item) {
            return Err(AnswerError::NoItem { instrument: self.instrument, item: item.to_owned() });
        }
        if !self.range().contains(&value) {
            let (lowest, highest) = (self.lowest, self.highest);
            return Err(AnswerError::OutOfRange { item: item.to_owned(), value, lowest, highest });
        }
        Ok(())
    }

    /// What the answers come to, scale by scale.
    ///
    /// # Errors
    /// [`AnswerError`], when one of them is none of this instrument's.
    pub fn scores(&self, answers: &Answers) -> Result<Vec<Score>, AnswerError> {
        answers.iter().try_for_each(|(item, value)| self.takes(item, value))?;
        Ok(self.scales.iter().map(|scale| self.score(scale, answers)).collect())
    }

    /// Sum and item mean of a whole scale. With an answer missing there is neither: Watson et al. (1988), Thompson
    /// (2007), Raes et al. (2011) and Neff's sheet give no rule for that, IMBUE's and MIND's items stand by themselves.
    fn score(&self, scale: &Scale, answers: &Answers) -> Score {
        let counted = scale.items.iter().filter_map(|item| {
            let value = answers.get(item)?;
            let reversed = scale.reversed.contains(item);
            Some(u32::from(if reversed { self.lowest + self.highest - value } else { value }))
        });
        let (answered, sum) = counted.fold((0, 0), |(count, sum), value| (count + 1, sum + value));
        let items = scale.items.len();
        let sum = (answered == items).then_some(sum);
        Score {
            scale: scale.id.clone(),
            name: scale.name.clone(),
            sum,
            mean: sum.map(|sum| f64::from(sum) / items as f64),
            answered,
            items,
        }
    }
}

impl Scale {
    fn check(&self, all: &[String]) -> Result<(), FormError> {
        let strange = self.items.iter().find(|item| !all.contains(*item));
        let strange = strange.or_else(|| self.reversed.iter().find(|item| !self.items.contains(*item)));
        let twice = || {
            let mut seen = BTreeSet::new();
            self.items.iter().find(|item| !seen.insert(item.as_str()))
        };
        if let Some(item) = strange {
            return Err(FormError::Scale { scale: self.id.clone(), item: item.clone() });
        }
        match twice() {
            Some(item) => Err(FormError::Items(format!("the scale {} counts {item} twice", self.id))),
            None if self.items.is_empty() => Err(FormError::Items(format!("the scale {} is empty", self.id))),
            None => Ok(()),
        }
    }
}

fn plainly(error: &toml::de::Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
