//! Measures in the terminal: asked for with `!measures`, chosen by number, answered by number, left at any line.

use std::collections::{BTreeMap, VecDeque};

use crate::dialogue::measures::{Asked, Asking, Instrument, Measure, Taken, When, Wording, offered};
use crate::dialogue::safety::Watch;
use crate::words::Words;
use crate::words::measures::name as named;

/// What is typed to answer measures.
pub(super) const MEASURES: &str = "!measures";

/// What can be asked in this evening, and what is being asked.
pub(super) struct Questions {
    /// None where nothing may be asked: in an exhibition.
    own: Option<BTreeMap<Instrument, Wording>>,
    /// Whether the evening is kept.
    keeps: bool,
    standing: Standing,
    /// What was answered and is still to be handed in.
    answered: VecDeque<Taken>,
    /// Whether they are offered after the evening: to those who answered before it, and to those who want that.
    again: bool,
}

/// What is being asked.
enum Standing {
    Nothing,
    /// Which measures they want.
    Which(When, Vec<Measure>),
    /// The questions themselves.
    These(Box<Asking>),
}

/// What became of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It was for these questions; what there is to read.
    Taken(Vec<String>),
    /// It was none of theirs.
    NotTheirs,
}

impl Questions {
    /// `again`: whether they are offered after the evening in any case.
    pub(super) fn new(own: Option<BTreeMap<Instrument, Wording>>, keeps: bool, again: bool) -> Self {
        Self { own, keeps, standing: Standing::Nothing, answered: VecDeque::new(), again }
    }

    /// The one line that offers them before an evening, for somebody who is there.
    pub(super) fn offer(&self, words: &Words) -> Option<String> {
        self.own.as_ref().map(|_| words.get("measures-offer"))
    }

    /// The same after it.
    pub(super) fn offer_again(&self, words: &Words) -> Option<String> {
        self.own.as_ref().filter(|_| self.again).map(|_| words.get("measures-offer-again"))
    }

    /// Whether anything of the person's may be written down here: not in an exhibition.
    pub(super) fn may_ask(&self) -> bool {
        self.own.is_some()
    }

    /// Whether something is being asked.
    pub(super) fn stand(&self) -> bool {
        !matches!(self.standing, Standing::Nothing)
    }

    /// What was answered, one measure at a time.
    pub(super) fn next_answered(&mut self) -> Option<Taken> {
        self.answered.pop_front()
    }

    /// A line that somebody typed. `when`: which side of the evening it is; none in the middle of it.
    pub(super) fn take(&mut self, words: &Words, line: &str, when: Option<When>) -> Line {
        let line = line.trim();
        if line.eq_ignore_ascii_case(MEASURES) {
            return Line::Taken(self.open(words, when));
        }
        if !self.stand() {
            return Line::NotTheirs;
        }
        // Whoever asks for help, or says that they may need it, is not asked for numbers.
        if Watch::default().read_draft(line).is_some() || line.eq_ignore_ascii_case("!sos") {
            self.standing = Standing::Nothing;
            return Line::NotTheirs;
        }
        let standing = std::mem::replace(&mut self.standing, Standing::Nothing);
        Line::Taken(match standing {
            Standing::Nothing => Vec::new(),
            Standing::Which(when, measures) => self.choose(words, line, when, measures),
            Standing::These(asking) => self.answer(words, line, asking),
        })
    }

    fn open(&mut self, words: &Words, when: Option<When>) -> Vec<String> {
        let Some(own) = &self.own else { return vec![words.get("measures-not-here")] };
        let Some(when) = when else {
            // Whoever asks for them in the middle is offered them when there is time.
            self.again = true;
            return vec![words.get("measures-later")];
        };
        let measures = offered(own, when);
        let mut lines = vec![words.get("measures-which")];
        for (at, measure) in measures.iter().enumerate() {
            let count = measure.items().len().to_string();
            let name = named(words, measure.instrument);
            let about = [("number", &*(at + 1).to_string()), ("name", &name), ("count", &count)];
            lines.push(words.with("measures-choice", &about));
        }
        lines.push(words.get(if self.keeps { "measures-kept" } else { "measures-not-kept" }));
        lines.push(words.get("measures-how"));
        self.standing = Standing::Which(when, measures);
        lines
    }

    fn choose(&mut self, words: &Words, line: &str, when: When, measures: Vec<Measure>) -> Vec<String> {
        if line.is_empty() || is_done(line) {
            return vec![words.get("measures-left")];
        }
        let numbers: Option<Vec<usize>> = line
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、'))
            .filter(|word| !word.is_empty())
            .map(|word| word.parse().ok().filter(|number| (1..=measures.len()).contains(number)))
            .collect();
        let Some(numbers) = numbers else {
            self.standing = Standing::Which(when, measures);
            return vec![words.get("measures-which-again")];
        };
        let chosen = measures.into_iter().zip(1..).filter(|(_, number)| numbers.contains(number));
        self.go_on(words, Box::new(Asking::new(when, chosen.map(|(measure, _)| measure))))
    }

    fn answer(&mut self, words: &Words, line: &str, mut asking: Box<Asking>) -> Vec<String> {
        let lowered = line.to_lowercase();
        match (lowered.as_str(), line.parse::<u8>()) {
            // An answer that was given before goes, too.
            ("", _) if asking.answer(None).is_ok() => {}
            ("!back", _) => asking.go_back(),
            _ if is_done(line) => asking.leave(),
            (_, Ok(value)) if asking.answer(Some(value)).is_ok() => {}
            _ => {
                let range = asking.current().map(|asked| asked.measure.range());
                let (lowest, highest) = range.map_or((0, 0), |range| range.into_inner());
                let about = [("lowest", &*lowest.to_string()), ("highest", &highest.to_string())];
                let again = words.with("measures-number", &about);
                self.standing = Standing::These(asking);
                return vec![again];
            }
        }
        self.go_on(words, asking)
    }

    /// The next question, or the end of them.
    fn go_on(&mut self, words: &Words, asking: Box<Asking>) -> Vec<String> {
        if let Some(asked) = asking.current() {
            let lines = question(words, &asked);
            self.standing = Standing::These(asking);
            return lines;
        }
        let taken = asking.taken();
        self.again |= taken.iter().any(|taken| taken.when == When::Before);
        let name = match (taken.is_empty(), self.keeps) {
            (true, _) => "measures-left",
            (false, true) => "measures-done",
            (false, false) => "measures-done-not-kept",
        };
        self.answered.extend(taken);
        vec![words.get(name)]
    }
}

fn is_done(line: &str) -> bool {
    ["!done", "!skip", "!stop"].iter().any(|done| line.eq_ignore_ascii_case(done))
}

/// A question in two or three lines: the first of its instrument with what stands above them all.
fn question(words: &Words, asked: &Asked<'_>) -> Vec<String> {
    let Some(wording) = asked.wording(words.lang()) else { return Vec::new() };
    let mut lines = Vec::new();
    if asked.measure.items().first().is_some_and(|first| first == asked.item) {
        lines.push(String::new());
        lines.push(wording.instruction.clone());
    }
    let named: Vec<String> = asked
        .measure
        .range()
        .filter_map(|value| {
            let label = wording.label(asked.measure, value)?;
            Some(words.with("measures-label", &[("value", &value.to_string()), ("label", label)]))
        })
        .collect();
    let (number, of) = asked.number;
    let about = [
        ("number", &*number.to_string()),
        ("of", &of.to_string()),
        ("question", asked.question(words.lang())),
        ("answers", &named.join(&words.get("measures-between"))),
    ];
    lines.push(words.with("measures-question", &about));
    if let Some(answer) = asked.answer {
        lines.push(words.with("measures-so-far", &[("value", &answer.to_string())]));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words::load("en").expect("the words are there")
    }

    fn questions() -> Questions {
        Questions::new(Some(BTreeMap::new()), true, false)
    }

    fn take(questions: &mut Questions, line: &str) -> String {
        match questions.take(&words(), line, Some(When::Before)) {
            Line::Taken(lines) => lines.join("\n"),
            Line::NotTheirs => "not theirs".to_owned(),
        }
    }

    #[test]
    fn what_is_asked_is_chosen_answered_changed_left_out_and_left() {
        let mut questions = questions();
        let which = take(&mut questions, " !Measures");
        assert!(which.contains("1. ") && which.contains("3. ") && !which.contains("4. "), "{which}");
        assert!(take(&mut questions, "7").contains("number"));
        assert!(take(&mut questions, "1, 3").contains("1 of 9"));
        for no_answer in ["11", "-1", "rather a lot", "!go"] {
            let again = take(&mut questions, no_answer);
            assert!(again.contains("0 to 10"), "{no_answer}: {again}");
        }
        assert!(take(&mut questions, "8").contains("2 of 9"));
        assert!(take(&mut questions, "5").contains("3 of 9"));
        assert!(take(&mut questions, "!back").contains("5"), "what was answered is said");
        assert!(take(&mut questions, "4").contains("3 of 9"));
        assert!(take(&mut questions, "").contains("4 of 9"), "left out");
        let done = take(&mut questions, "!done");
        assert!(!questions.stand() && done.contains("with the evening"), "{done}");
        let taken: Vec<Taken> = std::iter::from_fn(|| questions.next_answered()).collect();
        let answers = |at: usize| taken[at].answers.iter().collect::<Vec<_>>();
        assert_eq!((taken.len(), answers(0), answers(1)), (2, vec![("belief", 8)], vec![("confident", 4)]));
        assert!(questions.offer_again(&words()).is_some());
        assert_eq!(take(&mut questions, "5"), "not theirs");
    }

    #[test]
    fn an_answer_that_is_left_out_after_all_is_none() {
        let mut questions = questions();
        for line in [MEASURES, "1, 3", "8", "5", "!back"] {
            take(&mut questions, line);
        }
        let next = take(&mut questions, "");
        assert!(next.contains("3 of 9"), "{next}");
        take(&mut questions, "!done");
        let taken: Vec<Taken> = std::iter::from_fn(|| questions.next_answered()).collect();
        let answers: Vec<_> = taken.iter().flat_map(|taken| taken.answers.iter()).collect();
        assert_eq!(answers, [("belief", 8)]);
    }

    #[test]
    fn nobody_who_may_need_help_is_asked_for_numbers() {
        for line in ["I want to kill myself", "!sos"] {
            let mut questions = questions();
            take(&mut questions, MEASURES);
            take(&mut questions, "1");
            assert_eq!(take(&mut questions, line), "not theirs");
            assert!(!questions.stand());
        }
    }

    #[test]
    fn nothing_is_asked_in_the_middle_of_an_evening_or_in_an_exhibition() {
        let mut own = questions();
        let Line::Taken(lines) = own.take(&words(), MEASURES, None) else { panic!("it is theirs") };
        assert!(!own.stand() && lines.len() == 1);
        let mut nowhere = Questions::new(None, false, true);
        take(&mut nowhere, MEASURES);
        assert!(!nowhere.stand() && nowhere.offer(&words()).is_none());
        assert!(own.offer(&words()).is_some());
        assert!(own.offer_again(&words()).is_some(), "they are offered them after it");
        assert!(nowhere.offer_again(&words()).is_none() && questions().offer_again(&words()).is_none());
        take(&mut own, MEASURES);
        assert!(take(&mut own, "").contains("Nothing"));
        assert!(own.next_answered().is_none());
    }

    #[test]
    fn it_is_said_before_they_answer_that_nothing_is_kept() {
        let mut not_kept = Questions::new(Some(BTreeMap::new()), false, false);
        let said = take(&mut not_kept, MEASURES);
        assert!(said.contains(&words().get("measures-not-kept")), "{said}");
    }
}
