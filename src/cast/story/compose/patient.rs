//! The Patient: what it needs, what it answers, how it goes on, what it says last.

use rand::RngExt as _;

use super::Scribe;
use super::concern::capital;
use super::pool::{Pool, core_of, lower_words};
use super::slots::{Filling, Source};
use crate::cast::story::material::{EndingLines, Lines, MoveFile};
use crate::cast::story::reading::Nature;
use crate::cast::story::reading::spans::Spans;
use crate::dialogue::agent::Agent;
use crate::dialogue::face::FaceCue;
use crate::dialogue::moves::{Move, MoveClass};
use crate::dialogue::request::{AgentAnswer, Farewell, PatientBeat};
use crate::dialogue::resistance::RollingMove;

/// The most words of an answer.
const MOST_WORDS: usize = 28;
/// The most words of one concrete thing.
const NEED_WORDS: usize = 12;

impl Scribe<'_> {
    pub(crate) fn patient(&self, beat: PatientBeat) -> Option<AgentAnswer> {
        let text = match beat {
            PatientBeat::Need => self.need(),
            PatientBeat::Answer { short, face } => self.answer(short, face),
            PatientBeat::GoOn => self.go_on(),
            PatientBeat::Closing(farewell) => self.farewell_of_patient(farewell),
        }?;
        Some(AgentAnswer::spoken(text))
    }

    fn need(&self) -> Option<String> {
        let file = self.theme_file();
        let concern = self.concern_words();
        let mut pool = Pool::new(self, Agent::Patient, NEED_WORDS);
        if self.context.round <= 1 {
            if let Some((opening, about)) = self.opening_shown() {
                pool.add(std::slice::from_ref(&opening.patient), if about { 1.8 } else { 1.0 }, &concern);
            }
            pool.add(&file.concern.patient, 0.6, &concern);
        } else {
            // A word that they were given comes back, every other round.
            if self.context.round.is_multiple_of(2)
                && self.reading.lead().is_some_and(|kind| kind.class() != MoveClass::Anti)
            {
                let kept = self.keepsake(self.context.last_said());
                let filling = Filling { spans: &kept, ..self.comfort_words() };
                pool.add(&self.material.echoes.need, 0.9, &filling);
            }
            pool.add(&file.concern.patient, 0.0, &concern);
        }
        pool.add(file.needs.at(self.context.stage), 0.4, &concern);
        pool.choose("need")
    }

    fn go_on(&self) -> Option<String> {
        let mut pool = Pool::new(self, Agent::Patient, NEED_WORDS);
        pool.add(&self.theme_file().silence.goes_on, 1.0, &self.concern_words());
        pool.choose("go on")
    }

    fn answer(&self, short: bool, face: Option<FaceCue>) -> Option<String> {
        let comfort = self.comfort_words();
        let mut pool = Pool::new(self, Agent::Patient, MOST_WORDS);
        if let Some(cue @ (FaceCue::Distress | FaceCue::TurnedAway)) = face
            && let Some(lines) = self.material.guide.face.get(&cue)
        {
            pool.add(&lines.patient, 6.0, &comfort);
        }
        if let Some(table) = self.nature_table() {
            if let Some(lines) = self.material.turns.get(table) {
                pool.add(&lines.patient, 4.0, &comfort);
            }
        } else {
            self.add_answers(&mut pool, short, &comfort);
        }
        let text = pool.choose("answer")?;
        Some(self.with_topic(text, short))
    }

    fn nature_table(&self) -> Option<&'static str> {
        if self.reading.nature == Nature::Silence
            && self.context.said.iter().rev().nth(1).is_some_and(|said| said.text.is_empty())
        {
            return Some("silence_again");
        }
        self.reading.nature.table()
    }

    fn add_answers(&self, pool: &mut Pool<'_>, short: bool, comfort: &Filling<'_>) {
        let lead = self.reading.lead();
        let class = lead.map_or(MoveClass::Warm, Move::class);
        for (at, found) in self.reading.moves.iter().enumerate() {
            if let Some(file) = self.material.moves.get(&found.kind) {
                self.add_move(pool, file, at as f32 * 1.1, short && at == 0, comfort);
            }
        }
        if lead == Some(Move::OpenQuestion)
            && let Some(lines) = self.asked_lines()
        {
            pool.add(lines, 2.6, comfort);
        }
        let answers = &self.theme_file().answers;
        let by_class = match class {
            MoveClass::Warm => &answers.warm,
            MoveClass::Thinking => &answers.thinking,
            MoveClass::ToDevil => &answers.critic,
            MoveClass::Anti => &answers.miss,
        };
        // Lines of a theme say what fits most things: they stand back where the move itself has a line.
        if lead != Some(Move::OpenQuestion) {
            pool.add(by_class, if lead.is_some() { 0.2 } else { 1.4 }, comfort);
        }
        if class != MoveClass::Anti && class != MoveClass::ToDevil {
            self.add_cues(pool, class, comfort);
        }
        if let Some(lines) = self.resisting_lines(lead) {
            pool.add(lines, 1.2, comfort);
        }
    }

    fn add_move(
        &self,
        pool: &mut Pool<'_>,
        file: &MoveFile,
        behind: f32,
        short: bool,
        comfort: &Filling<'_>,
    ) {
        if short {
            pool.add(&file.patient.short, 4.0 - behind, comfort);
        }
        pool.add(file.patient.at(self.context.stage), 1.9 - behind, comfort);
        pool.add(&file.patient.any, 1.5 - behind, comfort);
    }

    fn asked_lines(&self) -> Option<&Lines> {
        self.material.moves.get(&Move::OpenQuestion)?.patient.ask.get(self.reading.asks?)
    }

    fn resisting_lines(&self, lead: Option<Move>) -> Option<&Lines> {
        let resistance = self.reading.resistance?;
        if lead.is_some_and(|kind| kind.class() == MoveClass::Anti) {
            return None;
        }
        let before = self
            .context
            .said
            .iter()
            .filter(|said| said.moves.iter().any(|m| m.kind.class() == MoveClass::Anti));
        let rolling = RollingMove::answering(resistance, u32::try_from(before.count()).unwrap_or(0));
        self.material.guide.resistance.get(&rolling).map(|lines| &lines.patient)
    }

    /// What they mentioned has an answer of its own, if the last answer was not of that sort.
    fn add_cues(&self, pool: &mut Pool<'_>, class: MoveClass, comfort: &Filling<'_>) {
        let last = self.context.lines_of(Agent::Patient).next_back();
        for cue in &self.material.cues {
            if !cue.words.iter().any(|word| self.mentions(word)) {
                continue;
            }
            let lines = if class == MoveClass::Thinking { &cue.thinking } else { &cue.warm };
            let just_used =
                last.is_some_and(|line| cue.warm.contains(&line.text) || cue.thinking.contains(&line.text));
            // A line that names the thing is heard as an answer; one that only goes round it is not.
            let (naming, round): (Vec<String>, Vec<String>) =
                lines.iter().cloned().partition(|line| names(line, &cue.words));
            pool.add(&naming, if just_used { 0.5 } else { 2.2 }, comfort);
            pool.add(&round, 0.1, comfort);
        }
    }

    fn mentions(&self, word: &str) -> bool {
        if word.contains(' ') {
            let said = format!(" {} ", lower_words(self.context.last_said()).join(" "));
            return said.contains(&format!(" {word} "));
        }
        self.reading.content.contains(word)
    }

    /// Now and then what they named stands in front, by itself: "Thursday."
    fn with_topic(&self, text: String, short: bool) -> String {
        let has_slot =
            self.reading.spans.spans.iter().any(|span| text.to_lowercase().contains(&core_of(&span.text)));
        let quotes = text.contains('\'') && text.starts_with('\'');
        let reached = self.reading.lead().is_some_and(|kind| kind.class() != MoveClass::Anti);
        let words = lower_words(&text).len();
        if short || has_slot || quotes || !reached || words > 16 || self.rng("topic").random_range(0..5) >= 3
        {
            return text;
        }
        let topic = ["{Time}.", "{Place}.", "{Thing}.", "{Role}."]
            .iter()
            .find_map(|template| self.fill(template, Agent::Patient, &self.comfort_words()))
            .map(|filled| filled.text);
        let fresh = |topic: &String| {
            let begin = lower_words(topic);
            !self.context.lines_of(Agent::Patient).any(|line| lower_words(&line.text).starts_with(&begin))
        };
        match topic.filter(fresh) {
            Some(topic) => capital(&format!("{topic} {text}")),
            None => text,
        }
    }

    pub(crate) fn ending_lines(&self, farewell: Farewell) -> &EndingLines {
        if farewell.stopped {
            &self.material.endings.stopped
        } else {
            self.material.endings.of(farewell.ending)
        }
    }

    /// The last word is the Patient's, and carries something that it was given.
    fn farewell_of_patient(&self, farewell: Farewell) -> Option<String> {
        let lines = self.ending_lines(farewell);
        let mut pool = Pool::new(self, Agent::Patient, MOST_WORDS);
        for (behind, spans) in self.given().iter().enumerate() {
            let filling = Filling { spans, source: Source::Comfort, verdict: None, turn: 0 };
            pool.add(&lines.patient, 1.0 - behind as f32 * 0.4, &filling);
        }
        pool.add(
            &lines.patient,
            0.4,
            &Filling { spans: &Spans::default(), source: Source::Comfort, verdict: None, turn: 0 },
        );
        pool.choose("farewell")
    }

    /// What of a comfort can be kept: said to the Patient or of the two of them, and nothing that hurts.
    fn keepsake(&self, text: &str) -> Spans {
        let mut spans = Spans::read(text, self.lexicon);
        spans.quotes.retain(|quote| {
            let words = lower_words(quote);
            let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
            says(&["you", "your", "you're", "you've", "you'd", "we", "let's", "it's", "that's"])
                && !says(&["i", "i'm", "my", "me", "i've", "i'd", "i'll", "don't", "not", "isn't", "but"])
                && !words.iter().any(|word| self.lexicon.is_dark(word))
        });
        spans
    }

    /// What they were given this evening: the words that weighed most first, the last turn after the others.
    pub(crate) fn given(&self) -> Vec<Spans> {
        let worth = |said: &crate::dialogue::request::SaidTurn| -> f32 {
            said.moves.iter().map(|m| m.kind.weight() * m.anchor.factor(m.kind.class())).sum()
        };
        let reached = |said: &&crate::dialogue::request::SaidTurn| {
            !said.text.is_empty()
                && said.moves.iter().any(|m| m.kind.class() != MoveClass::Anti)
                && !said
                    .moves
                    .iter()
                    .any(|m| matches!(m.kind, Move::SelfAttack | Move::Agreeing | Move::Dismissal))
        };
        let mut said: Vec<_> = self.context.said.iter().filter(reached).collect();
        said.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
        said.iter().take(3).map(|said| self.keepsake(&said.text)).collect()
    }
}

/// Whether a line names one of the words, in whatever form.
fn names(line: &str, words: &[String]) -> bool {
    let line = lower_words(line).join(" ");
    words.iter().any(|word| {
        let stem = word.get(..word.len().min(5)).unwrap_or(word);
        line.split(' ').any(|other| other.starts_with(stem)) || line.contains(word.as_str())
    })
}
