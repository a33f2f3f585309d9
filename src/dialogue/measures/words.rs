//! What an instrument is asked in.

use serde::{Deserialize, Serialize};

use super::instrument::{FormError, Measure};

/// The words of an instrument in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// What stands above the items.
    pub instruction: String,
    /// What the answers are called, from the lowest; empty where one has no name. The first and the last have one.
    pub labels: Vec<String>,
    /// The items, in the published order.
    pub items: Vec<String>,
}

impl Wording {
    pub(super) fn check(&self, measure: &Measure) -> Result<(), FormError> {
        let count = |what, texts: &[String], wanted: usize, named: bool| {
            let found = texts.len();
            if found == wanted && named { Ok(()) } else { Err(FormError::Words { what, found, wanted }) }
        };
        let named = |text: &String| !text.trim().is_empty();
        let ends = [self.labels.first(), self.labels.last()];
        let ends_named = ends.into_iter().all(|label| label.is_some_and(named));
        count("labels", &self.labels, measure.range().count(), ends_named)?;
        count("items", &self.items, measure.items().len(), self.items.iter().all(named))
    }

    /// What an answer is called, if it has a name.
    #[must_use]
    pub fn label(&self, measure: &Measure, value: u8) -> Option<&str> {
        let at = value.checked_sub(*measure.range().start())?;
        self.labels.get(usize::from(at)).map(String::as_str).filter(|label| !label.is_empty())
    }
}
