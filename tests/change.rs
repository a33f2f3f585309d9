//! The change of places: the person hears what they said, at the pace of the script, and can leave it at every second.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use inner_room::dialogue::agent::{Agent, Intensity};
use inner_room::dialogue::change::ChangeStep;
use inner_room::dialogue::effect::Effect;
use inner_room::dialogue::event::{EndReason, SaidPart};
use inner_room::dialogue::ids::{Millis, UtteranceId};
use inner_room::dialogue::input::{Control, Via};
use inner_room::dialogue::view::Shelter;
use inner_room::dialogue::{Input, Kind, Phase, Session, Setup, timing};
use inner_room::host::script::Deed;
use support::{Evening, Visitor, setup};

const CONCERN: &str = "I froze in the meeting on Thursday and my boss wrote it down";
const KIND: [&str; 3] = [
    "No wonder you froze, you had slept three hours.",
    "I do it too, in the car, every week. You are not alone with it.",
    "You finished the report on Tuesday, and she thanked you for it.",
];

fn with_change(rounds: u32) -> Setup {
    Setup { change: true, rounds, ..setup(3) }
}

fn yes_and_the_second(step: ChangeStep) -> Option<Deed> {
    let answer = if step == ChangeStep::Asked { "Yes" } else { "the second" };
    Some(Deed::Say(answer.to_owned()))
}

fn evening(turns: &[&str], rounds: u32, change: fn(ChangeStep) -> Option<Deed>) -> Evening {
    let mut visitor = Visitor::new(CONCERN, 7, turns);
    visitor.change = change;
    visitor.evening_with(with_change(rounds), &[])
}

fn steps(evening: &Evening) -> Vec<(ChangeStep, u64)> {
    evening
        .find(|event| if let Kind::Change { step } = event.kind { Some((step, event.at_ms)) } else { None })
}

/// The person's words as they are heard again, from when to when.
fn replayed(evening: &Evening) -> Vec<(String, u64, u64)> {
    let mut heard: Vec<(String, u64, u64)> = Vec::new();
    let mut of = None;
    for event in &evening.events {
        match &event.kind {
            Kind::Replay { line, text, .. } => {
                of = Some(*line);
                heard.push((text.clone(), event.at_ms, 0));
            }
            Kind::Heard { line, .. } if of == Some(*line) => {
                heard.last_mut().expect("it began").2 = event.at_ms;
            }
            _ => {}
        }
    }
    heard
}

#[test]
fn they_hear_what_moved_the_most_word_for_word_and_at_the_pace_of_the_script() {
    let evening = evening(&KIND, 3, yes_and_the_second);
    let steps = steps(&evening);
    let order: Vec<ChangeStep> = steps.iter().map(|(step, _)| *step).collect();
    use ChangeStep as S;
    assert_eq!(order, [S::Asked, S::Settling, S::Critic, S::Words, S::Still, S::Keep, S::Back]);
    let at = |wanted: S| steps.iter().find(|(step, _)| *step == wanted).expect("it came").1;
    let is = |took: u64, wanted: u64| took.abs_diff(wanted) <= 300;
    assert!(is(at(S::Critic) - at(S::Settling), 8_000), "{steps:?}");
    assert!(is(at(S::Keep) - at(S::Still), 8_000), "{steps:?}");
    let heard = replayed(&evening);
    let said = evening.find(|event| match &event.kind {
        Kind::Said { text, part: SaidPart::Comfort, .. } => Some(text.clone()),
        _ => None,
    });
    assert!(!heard.is_empty() && heard.len() <= 3, "{heard:?}");
    for (words, from, to) in &heard {
        assert!(said.iter().any(|said| said.contains(words)), "{words:?} was not said");
        assert!(is(to - from, timing::reading_time(words).0), "{words:?} took {} ms", to - from);
    }
    for pair in heard.windows(2) {
        assert!(is(pair[1].1 - pair[0].2, 1_500), "between two clauses: {heard:?}");
    }
    let kept =
        evening.find(|event| if let Kind::Kept { text } = &event.kind { Some(text.clone()) } else { None });
    assert_eq!(kept, [heard[1].0.clone()]);
}

#[test]
fn the_patient_has_the_last_word_there_and_the_last_word_of_all() {
    let evening = evening(&KIND, 3, yes_and_the_second);
    let lines = evening.lines(Agent::Patient);
    assert!(lines[lines.len() - 2].ends_with("I've got it now."), "{lines:?}");
    let last =
        evening.find(|event| if let Kind::Line { agent, .. } = event.kind { Some(agent) } else { None });
    assert_eq!(last.last(), Some(&Agent::Patient));
    assert_eq!(evening.began(Phase::Closing).len(), 2, "the evening closes on after it");
}

#[test]
fn whoever_stays_where_they_are_or_says_nothing_hears_the_last_lines_at_once() {
    let no = evening(&KIND, 3, |_| Some(Deed::Say("I'd rather stay here".to_owned())));
    let silent = evening(&KIND, 3, |_| Some(Deed::StaySilent));
    for evening in [no, silent] {
        assert_eq!(steps(&evening).len(), 1, "they were asked, and nothing else");
        assert!(replayed(&evening).is_empty());
        assert_eq!(evening.began(Phase::Ended).len(), 1);
    }
}

#[test]
fn whoever_said_nothing_kind_is_told_that_they_stayed() {
    let evening = evening(&["", "", ""], 3, yes_and_the_second);
    assert!(replayed(&evening).is_empty());
    let lines = evening.lines(Agent::Guide);
    assert!(lines.iter().any(|line| line == "You stayed. I can give you that back."), "{lines:?}");
    assert!(!steps(&evening).iter().any(|(step, _)| *step == ChangeStep::Keep), "there is nothing to keep");
}

#[test]
fn nothing_that_attacks_is_heard_again() {
    let turns = ["You're pathetic and weak, stop whining.", KIND[0], "I hate you for this.", KIND[1]];
    let evening = evening(&turns, 4, yes_and_the_second);
    for (words, ..) in replayed(&evening) {
        assert!(KIND.iter().any(|kind| kind.contains(&words)), "{words:?}");
    }
}

#[test]
fn no_question_comes_back_and_nothing_that_makes_small() {
    let asks = "How did it feel, when they all went quiet around you?";
    // After a miss it is their turn again; the same words are heard once.
    let turns = [asks, KIND[0], "At least you have a chair to sit on.", KIND[0]];
    let heard = replayed(&evening(&turns, 3, yes_and_the_second));
    let words: Vec<&str> = heard.iter().map(|(words, ..)| words.as_str()).collect();
    assert_eq!(words, [KIND[0]]);
}

#[test]
fn a_devil_that_was_silenced_says_nothing_there_nor_after_raw_words() {
    let raw = "I can't stop crying about this, it hurts so much";
    for turns in [["!devil off", KIND[0], KIND[1], KIND[2]], [KIND[0], KIND[1], raw, raw]] {
        let mut visitor = Visitor::new(CONCERN, 7, &turns);
        visitor.change = yes_and_the_second;
        let evening = visitor.evening_with(with_change(3), &[]);
        let steps: Vec<ChangeStep> = steps(&evening).into_iter().map(|(step, _)| step).collect();
        assert!(steps.contains(&ChangeStep::Words), "{turns:?}: {steps:?}");
        assert!(!steps.contains(&ChangeStep::Critic), "{turns:?}: {steps:?}");
    }
}

#[test]
fn nobody_is_asked_who_broke_off() {
    let mut visitor = Visitor::new(CONCERN, 7, &KIND[..1]);
    visitor.change = yes_and_the_second;
    // They go after their first words.
    let evening = visitor.evening_with(with_change(3), &[]);
    assert!(steps(&evening).is_empty());
}

/// A session in the change of places, taken so far by hand; time goes on until `until` holds.
struct There {
    session: Session,
    now: Millis,
    kinds: Vec<Kind>,
    own: usize,
}

impl There {
    fn at(step: ChangeStep, intensity: Intensity) -> Self {
        let mut there = Self { session: Session::default(), now: Millis(0), kinds: Vec::new(), own: 0 };
        let evening = support::to_change(Setup { intensity, ..with_change(1) }, CONCERN, KIND[0]);
        (there.session, there.now) = evening;
        if step != ChangeStep::Asked {
            there.say("yes");
        }
        there.until(|there| there.step() == Some(step));
        there
    }

    fn step(&self) -> Option<ChangeStep> {
        self.session.view().change.map(|change| change.step)
    }

    fn feed(&mut self, input: Input) {
        let mut inputs = std::collections::VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for effect in self.session.handle(input, self.now) {
                match effect {
                    Effect::Record(event) => self.kinds.push(event.kind),
                    Effect::Speak(line) => {
                        self.own += usize::from(line.own.is_some());
                        let heard = line.text.as_str().chars().count();
                        inputs.push_back(Input::LineEnded { line: line.id, heard });
                    }
                    _ => {}
                }
            }
        }
    }

    fn say(&mut self, text: &str) {
        let utterance = UtteranceId(77);
        self.feed(Input::Said { utterance, text: text.to_owned(), via: Via::Keys, face: None });
    }

    fn until(&mut self, done: impl Fn(&Self) -> bool) {
        for _ in 0..200 {
            if done(self) {
                return;
            }
            self.now = self.session.next_deadline().unwrap_or(self.now + Millis(1_000)).max(self.now);
            self.feed(Input::Tick);
        }
        unreachable!("it does not come: {:?}", self.kinds);
    }

    fn ended(&self) -> bool {
        self.session.phase() == Phase::Ended
    }
}

const ALL: [ChangeStep; 6] = [
    ChangeStep::Asked,
    ChangeStep::Settling,
    ChangeStep::Critic,
    ChangeStep::Words,
    ChangeStep::Still,
    ChangeStep::Keep,
];

#[test]
fn it_can_be_gone_past_and_broken_off_and_stopped_for_help_at_every_step() {
    for step in ALL {
        let mut there = There::at(step, Intensity::Full);
        there.feed(Input::Control(Control::Skip));
        let after = there.step();
        assert!(after.is_none_or(|step| step == ChangeStep::Back), "{step:?}: {after:?}");
        there.until(There::ended);

        let mut there = There::at(step, Intensity::Full);
        there.feed(Input::Control(Control::Stop));
        assert!(there.ended(), "{step:?}");
        let stopped = |kind: &Kind| matches!(kind, Kind::End { because: EndReason::Stopped, .. });
        assert!(there.kinds.iter().any(stopped), "{step:?}");

        let mut there = There::at(step, Intensity::Full);
        there.feed(Input::Control(Control::Sos));
        assert!(matches!(there.session.view().shelter, Shelter::Card { .. }), "{step:?}");
        assert_eq!(there.step(), None, "{step:?}");
    }
}

#[test]
fn words_that_mean_danger_stop_it_like_anything_else() {
    for step in ALL {
        let mut there = There::at(step, Intensity::Full);
        there.say("I want to kill myself tonight");
        assert_eq!(there.step(), None, "{step:?}");
        assert!(there.session.is_latched(), "{step:?}");
    }
}

#[test]
fn a_session_that_was_cut_off_in_it_goes_on_in_it() {
    for step in ALL {
        let there = There::at(step, Intensity::Full);
        let text = serde_json::to_string(&there.session).expect("it can be kept");
        let session: Session = serde_json::from_str(&text).expect("and read");
        let mut again = There { session, ..there };
        let setup = Input::Resume(Box::new(with_change(1)));
        again.feed(setup);
        again.until(There::ended);
    }
}

#[test]
fn the_devil_says_half_of_its_first_line_and_nothing_where_it_was_switched_off() {
    let says = |there: &There| {
        there.kinds.iter().rev().find_map(|kind| match kind {
            Kind::Line { agent: Agent::Devil, text, .. } => Some(text.clone()),
            _ => None,
        })
    };
    let mut full = There::at(ChangeStep::Critic, Intensity::Full);
    full.until(|there| there.step() == Some(ChangeStep::Words));
    assert!(says(&full).is_some_and(|text| text.ends_with('\u{2026}')), "{:?}", says(&full));
    let off = There::at(ChangeStep::Words, Intensity::Off);
    assert_eq!(says(&off), None);
}

#[test]
fn their_own_words_are_nobodys_line_and_no_voice_is_lent_to_them() {
    let mut there = There::at(ChangeStep::Words, Intensity::Full);
    there.until(|there| there.step() == Some(ChangeStep::Still));
    assert_eq!(there.own, 1, "they are marked as the person's own, so that no synthesiser speaks them");
    let as_line = |kind: &Kind| matches!(kind, Kind::Line { text, .. } if KIND[0].contains(text.as_str()));
    assert!(!there.kinds.iter().any(as_line), "{:?}", there.kinds);
}

#[test]
fn what_is_kept_can_be_taken_away_but_no_line_of_the_devils_and_nothing_where_it_was_stopped_for_help() {
    let kept = |words: &str| {
        let mut there = There::at(ChangeStep::Keep, Intensity::Full);
        there.say(words);
        there
    };
    let own = kept("That nobody minded the silence");
    assert_eq!(own.session.view().kept.as_deref(), Some("That nobody minded the silence"));
    let captions = own.session.view().captions;
    let devil = captions.iter().find(|caption| caption.agent == Agent::Devil).expect("it has spoken");
    let its = devil.text.trim_end_matches('\u{2026}').to_lowercase();
    assert!(its.split_whitespace().count() > 2, "{its}");
    for words in [its.clone(), format!("I want to keep that {its}, really")] {
        let critics = kept(&words);
        assert!(critics.kinds.iter().any(|kind| matches!(kind, Kind::Kept { .. })));
        assert_eq!(critics.session.view().kept, None, "{words}");
    }
    let mut ended = kept("the first");
    assert!(ended.session.view().kept.is_some_and(|kept| KIND[0].contains(&kept)));
    ended.feed(Input::Control(Control::Sos));
    assert_eq!(ended.session.view().kept, None);
    assert_eq!(kept("nothing").session.view().kept, None);
}
