//! What a person answered, and what it comes to.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::instrument::Measure;
use super::{Instrument, When};

/// Why something is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The instrument has no such item.
    #[error("{} has no item {item}", instrument.name())]
    NoItem {
        /// Which instrument.
        instrument: Instrument,
        /// Which item.
        item: String,
    },
    /// The value is below the lowest or above the highest.
    #[error("{value} is no answer to {item}; it is {lowest} to {highest}")]
    OutOfRange {
        /// To which item.
        item: String,
        /// The value.
        value: u8,
        /// The lowest answer.
        lowest: u8,
        /// The highest answer.
        highest: u8,
    },
    /// Nothing was answered at all.
    #[error("nothing of {} was answered", .0.name())]
    Nothing(Instrument),
    /// The instrument is not meant for that side of an evening.
    #[error("{} is not asked {} an evening", instrument.name(), when.name())]
    NotThen {
        /// Which instrument.
        instrument: Instrument,
        /// When.
        when: When,
    },
    /// The file of the instrument is not in its form.
    #[error("{} cannot be read", .0.name())]
    Unreadable(Instrument),
}

/// Answers by item. What is not in it was not answered, which is always allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, u8>);

impl Answers {
    /// Answers an item, in the place of an answer before; none takes it back.
    ///
    /// # Errors
    /// [`AnswerError`], when the instrument takes no such answer; the answers are then as they were.
    pub fn set(&mut self, measure: &Measure, item: &str, value: Option<u8>) -> Result<(), AnswerError> {
        let Some(value) = value else {
            // Whatever the answer was, an item that there is not is a mistake.
            measure.takes(item, *measure.range().start())?;
            self.0.remove(item);
            return Ok(());
        };
        measure.takes(item, value)?;
        self.0.insert(item.to_owned(), value);
        Ok(())
    }

    /// What was answered.
    #[must_use]
    pub fn get(&self, item: &str) -> Option<u8> {
        self.0.get(item).copied()
    }

    /// Every answer.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u8)> {
        self.0.iter().map(|(item, &value)| (item.as_str(), value))
    }

    /// Whether nothing was answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An instrument as somebody answered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Taken {
    /// Which.
    pub measure: Instrument,
    /// On which side of the evening.
    pub when: When,
    /// The answers, by item. No score is kept: it is computed from these.
    pub answers: Answers,
}

impl Taken {
    /// Whether somebody can have answered this.
    ///
    /// # Errors
    /// [`AnswerError`].
    pub fn check(&self) -> Result<(), AnswerError> {
        let measure = Measure::of(self.measure).ok_or(AnswerError::Unreadable(self.measure))?;
        if !measure.is_for(self.when) {
            return Err(AnswerError::NotThen { instrument: self.measure, when: self.when });
        }
        if self.answers.is_empty() {
            return Err(AnswerError::Nothing(self.measure));
        }
        self.answers.iter().try_for_each(|(item, value)| measure.takes(item, value))
    }

    /// What it comes to, scale by scale.
    ///
    /// # Errors
    /// [`AnswerError`].
    pub fn scores(&self) -> Result<Vec<Score>, AnswerError> {
        Measure::of(self.measure).ok_or(AnswerError::Unreadable(self.measure))?.scores(&self.answers)
    }
}

/// What the answers to a scale come to. No number of it says that an evening was a good one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The scale's name in files.
    pub scale: String,
    /// What it is called.
    pub name: String,
    /// The sum of its answers, the reversed ones reversed; none unless all of them are there.
    pub sum: Option<u32>,
    /// The sum divided by the number of items; none likewise.
    pub mean: Option<f64>,
    /// How many of its items were answered.
    pub answered: usize,
    /// How many it has.
    pub items: usize,
}
