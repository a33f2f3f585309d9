//! Questions that somebody goes through, one after another: each can be left out, and at each all the rest can be left.

use super::answers::{AnswerError, Answers, Taken};
use super::instrument::Measure;
use super::{When, Wording};

/// The questions of some instruments, and how far somebody has come with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    when: When,
    measures: Vec<(Measure, Answers)>,
    /// Which question stands, counted over all of them; after the last when it is over.
    at: usize,
}

/// The question that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// Of which instrument.
    pub measure: &'a Measure,
    /// The item's name in files.
    pub item: &'a str,
    /// Which of all questions it is, from 1, and how many there are.
    pub number: (usize, usize),
    /// What was answered to it so far.
    pub answer: Option<u8>,
    /// Where it stands in its instrument, from 0.
    place: usize,
}

impl Asked<'_> {
    /// What the instrument is asked in, in this language or the next best.
    #[must_use]
    pub fn wording(&self, lang: &str) -> Option<&Wording> {
        self.measure.wording(lang)
    }

    /// The question itself; empty where the program may not have its words.
    #[must_use]
    pub fn question(&self, lang: &str) -> &str {
        let words = self.wording(lang).and_then(|words| words.items.get(self.place));
        words.map_or("", String::as_str)
    }
}

impl Asking {
    /// At the first question of these. Instruments that are not meant for then, or have no words, are left aside.
    #[must_use]
    pub fn new(when: When, measures: impl IntoIterator<Item = Measure>) -> Self {
        let offered = measures.into_iter().filter(|measure| measure.is_offered(when));
        Self { when, measures: offered.map(|measure| (measure, Answers::default())).collect(), at: 0 }
    }

    fn all(&self) -> usize {
        self.measures.iter().map(|(measure, _)| measure.items().len()).sum()
    }

    /// The instrument and the item that stand.
    fn place(&self) -> Option<(usize, usize)> {
        let mut left = self.at;
        for (which, (measure, _)) in self.measures.iter().enumerate() {
            if left < measure.items().len() {
                return Some((which, left));
            }
            left -= measure.items().len();
        }
        None
    }

    /// The question that stands; none when it is over.
    #[must_use]
    pub fn current(&self) -> Option<Asked<'_>> {
        let (which, place) = self.place()?;
        let (measure, answers) = &self.measures[which];
        let item = &measure.items()[place];
        Some(Asked { measure, item, number: (self.at + 1, self.all()), answer: answers.get(item), place })
    }

    /// Takes an answer to the question that stands, in the place of an earlier one, and goes on. None leaves it out.
    ///
    /// # Errors
    /// [`AnswerError`], when it is no answer; the question then stands as it did.
    pub fn answer(&mut self, value: Option<u8>) -> Result<(), AnswerError> {
        let Some((which, place)) = self.place() else { return Ok(()) };
        let (measure, answers) = &mut self.measures[which];
        let item = measure.items()[place].clone();
        answers.set(measure, &item, value)?;
        self.at += 1;
        Ok(())
    }

    /// Past the question that stands; what was answered to it stays.
    pub fn go_on(&mut self) {
        self.at = (self.at + 1).min(self.all());
    }

    /// Back to the question before.
    pub fn go_back(&mut self) {
        self.at = self.at.saturating_sub(1);
    }

    /// Leaves all that are still to come; what was answered stays.
    pub fn leave(&mut self) {
        self.at = self.all();
    }

    /// What was answered, instrument by instrument; nothing of those to which nothing was.
    #[must_use]
    pub fn taken(&self) -> Vec<Taken> {
        let answered = self.measures.iter().filter(|(_, answers)| !answers.is_empty());
        let taken = answered.map(|(measure, answers)| Taken {
            measure: measure.instrument,
            when: self.when,
            answers: answers.clone(),
        });
        taken.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Instrument;
    use super::*;

    fn asking() -> Asking {
        let of = |instrument| Measure::of(instrument).expect("its file is in its form").clone();
        Asking::new(
            When::Before,
            [Instrument::Belief, Instrument::Panas, Instrument::Mind, Instrument::Imbue].map(of),
        )
    }

    #[test]
    fn questions_are_gone_through_and_each_can_be_left_out_or_changed() {
        let mut asking = asking();
        let belief = asking.current().expect("the first");
        assert_eq!(
            (belief.item, belief.number, belief.answer),
            ("belief", (1, 9), None),
            "no words, or not then"
        );
        assert!(belief.question("zh").contains("相信") && belief.question("en").contains("believes"));
        assert!(asking.answer(Some(11)).is_err());
        assert_eq!(asking.current().expect("it stands").item, "belief");
        asking.answer(Some(8)).expect("an answer");
        asking.answer(None).expect("left out");
        asking.answer(Some(5)).expect("an answer");
        asking.go_back();
        assert_eq!(asking.current().map(|asked| (asked.item, asked.answer)), Some(("worried", Some(5))));
        asking.answer(Some(3)).expect("another answer");
        asking.go_back();
        asking.go_on();
        asking.leave();
        assert_eq!(asking.current(), None);
        asking.answer(Some(1)).expect("nothing is asked");
        let taken = asking.taken();
        assert_eq!(
            taken.iter().map(|taken| taken.measure).collect::<Vec<_>>(),
            [Instrument::Belief, Instrument::Imbue]
        );
        assert_eq!(taken[1].answers.iter().collect::<Vec<_>>(), [("worried", 3)]);
        assert!(taken.iter().all(|taken| taken.check().is_ok()));
    }

    #[test]
    fn whoever_answers_nothing_has_taken_nothing() {
        let mut asking = asking();
        asking.go_back();
        while asking.current().is_some() {
            asking.answer(None).expect("left out");
        }
        assert_eq!(asking.taken(), []);
        asking.go_back();
        assert_eq!(asking.current().map(|asked| asked.item), Some("disgust"));
    }
}
